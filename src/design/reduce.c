/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns that others make: which, why, and the matrix without them. */
#include "core/error.h"
#include "core/number.h"
#include "core/strbuf.h"
#include "design/build.h"

#include <math.h>
#include <string.h>

typedef struct work {
    mtp_owned_design *owned;
    size_t k;
    const double *x; /* all columns */
    size_t n;
    const mtp_dependence *dependence;
    size_t *place; /* [n_columns] in the design; those left out are n_columns */
    mtp_design_alias *alias;
    size_t *alias_of;
    double *alias_size;
    mtp_error *err;
} work;

/* --- reasons -----------------------------------------------------------------------
 */

static bool is_intercept(const work *w, size_t column)
{
    return w->owned->column[column].term == w->owned->formula.n_terms;
}

/* "2.5 'year'", "'year'", "2.5" for the intercept; without sign. */
static void add_part(mtp_strbuf *b, const work *w, double coefficient, size_t column)
{
    double size = fabs(coefficient);
    char number[MTP_NUMBER_TEXT];

    mtp_number_significant(size, 6, number, sizeof number);
    if (is_intercept(w, column)) {
        mtp_strbuf_add(b, number);
    } else if (size == 1.0) {
        mtp_strbuf_printf(b, "'%s'", w->owned->column[column].name);
    } else {
        mtp_strbuf_printf(b, "%s times '%s'", number, w->owned->column[column].name);
    }
}

static bool all_ones(const mtp_dependence *d)
{
    for (size_t i = 0; i < d->n_parts; i++) {
        if (d->coefficient[i] != 1.0) {
            return false;
        }
    }
    return true;
}

/* What the column is: "the sum of 'a', 'b' and 'c'", "1 - 'a' - 'b'". */
static void add_combination(mtp_strbuf *b, const work *w, const mtp_dependence *d)
{
    bool sum = all_ones(d) && !is_intercept(w, d->column[0]);

    if (d->n_parts == 1 && sum) {
        mtp_strbuf_printf(b, "the same as '%s'", w->owned->column[d->column[0]].name);
        return;
    }
    mtp_strbuf_add(b, sum ? "the sum of " : d->coefficient[0] < 0.0 ? "-" : "");
    for (size_t i = 0; i < d->n_parts; i++) {
        if (i > 0 && sum) {
            mtp_strbuf_add(b, i + 1 < d->n_parts ? ", " : " and ");
        } else if (i > 0) {
            mtp_strbuf_add(b, d->coefficient[i] < 0.0 ? " - " : " + ");
        }
        add_part(b, w, d->coefficient[i], d->column[i]);
    }
}

/* "no study has product: Ide-cel together with setting: RW" */
static void add_empty_cell(mtp_strbuf *b, const work *w, const mtp_design_column *c)
{
    const mtp_formula_term *term = &w->owned->formula.term[c->term];
    size_t n = 0;

    mtp_strbuf_add(b, "no study has ");
    for (size_t j = 0; j < term->n_leaves; j++) {
        const mtp_factor *factor = mtp_design_factor_of(w->owned, term->leaf[j]);

        if (factor) {
            mtp_strbuf_printf(b, "%s%s: %s", n++ ? " together with " : "",
                              w->owned->formula.leaf[term->leaf[j]].name,
                              factor->level[c->part[j]]);
        }
    }
}

static const char *take_text(mtp_strbuf *b, mtp_arena *arena)
{
    const char *text = b->failed ? NULL : mtp_arena_strdup(arena, b->text);

    mtp_strbuf_free(b);
    return text;
}

static const char *reason_for(const work *w, mtp_alias_kind kind,
                              const mtp_dependence *d)
{
    const mtp_design_column *c = &w->owned->column[d->dependent];
    mtp_strbuf b;

    mtp_strbuf_init(&b);
    if (kind == MTP_ALIAS_EMPTY) {
        add_empty_cell(&b, w, c);
        return take_text(&b, w->owned->arena);
    }
    mtp_strbuf_printf(&b, "'%s' ", c->name);
    if (kind == MTP_ALIAS_ZERO) {
        mtp_strbuf_add(&b, "is 0 in every study");
    } else if (kind == MTP_ALIAS_CONSTANT) {
        mtp_strbuf_add(&b, "is ");
        mtp_strbuf_add_number(&b, w->x[d->dependent]);
        mtp_strbuf_add(&b, " in every study, as the intercept is 1");
    } else if (kind == MTP_ALIAS_TOO_MANY) {
        mtp_strbuf_printf(&b,
                          "comes after %zu columns, which is all that %zu studies "
                          "can tell apart",
                          w->k, w->k);
    } else {
        mtp_strbuf_add(&b, "is ");
        add_combination(&b, w, d);
        mtp_strbuf_add(&b, " in every study");
    }
    return take_text(&b, w->owned->arena);
}

/* --- kinds -------------------------------------------------------------------------
 */

/* Does no row have the levels of the column together? */
static bool is_empty_cell(const work *w, const mtp_design_column *c)
{
    const mtp_formula_term *term = &w->owned->formula.term[c->term];
    size_t n_factors = 0;

    for (size_t j = 0; j < term->n_leaves; j++) {
        n_factors += mtp_design_factor_of(w->owned, term->leaf[j]) != NULL;
    }
    for (size_t i = 0; i < w->k && n_factors > 1; i++) {
        bool has = true;

        for (size_t j = 0; has && j < term->n_leaves; j++) {
            const mtp_factor *factor = mtp_design_factor_of(w->owned, term->leaf[j]);

            has = !factor || factor->level_of[i] == c->part[j];
        }
        if (has) {
            return false;
        }
    }
    return n_factors > 1;
}

static bool is_constant(const work *w, size_t column)
{
    size_t p = w->owned->n_columns;

    for (size_t i = 1; i < w->k; i++) {
        if (w->x[i * p + column] != w->x[column]) {
            return false;
        }
    }
    return true;
}

static mtp_alias_kind kind_of(const work *w, const mtp_dependence *d, size_t rank)
{
    if (d->n_parts == 0) {
        return is_empty_cell(w, &w->owned->column[d->dependent]) ? MTP_ALIAS_EMPTY
                                                                 : MTP_ALIAS_ZERO;
    }
    if (w->owned->design.intercept && is_constant(w, d->dependent)) {
        return MTP_ALIAS_CONSTANT;
    }
    return rank == w->k ? MTP_ALIAS_TOO_MANY : MTP_ALIAS_DEPENDENT;
}

/* --- aliases -----------------------------------------------------------------------
 */

static mtp_status alias_column(const work *w, const mtp_dependence *d,
                               mtp_design_alias *alias)
{
    const mtp_design_column *c = &w->owned->column[d->dependent];
    mtp_alias_kind kind = kind_of(w, d, d->dependent - (size_t)(d - w->dependence));
    size_t *column = MTP_ARENA_ARRAY(w->owned->arena, d->n_parts, size_t);
    double *coefficient = MTP_ARENA_ARRAY(w->owned->arena, d->n_parts, double);

    if (!column || !coefficient) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < d->n_parts; i++) {
        column[i] = w->place[d->column[i]];
        coefficient[i] = d->coefficient[i];
    }
    *alias = (mtp_design_alias){.kind = kind,
                                .name = c->name,
                                .term = c->term,
                                .reason = reason_for(w, kind, d),
                                .n_parts = d->n_parts,
                                .column = column,
                                .coefficient = coefficient};
    return alias->reason ? MTP_OK : MTP_E_NOMEM;
}

/* A term that has no column, for a factor of it has one level. */
static mtp_status alias_term(const work *w, size_t t, mtp_design_alias *alias)
{
    const mtp_formula_term *term = &w->owned->formula.term[t];
    const char *name = NULL, *level = NULL;

    for (size_t j = 0; j < term->n_leaves && !name; j++) {
        const mtp_factor *factor = mtp_design_factor_of(w->owned, term->leaf[j]);

        if (factor && factor->n_levels == 1) {
            name = w->owned->formula.leaf[term->leaf[j]].name;
            level = factor->level[0];
        }
    }
    *alias = (mtp_design_alias){
        .kind = MTP_ALIAS_ONE_LEVEL,
        .name = term->name,
        .term = t,
        .reason = mtp_arena_printf(w->owned->arena, "'%s' has one level only, '%s'",
                                   name, level)};
    return alias->reason ? MTP_OK : MTP_E_NOMEM;
}

static double largest(const work *w, size_t column)
{
    double size = 0.0;

    for (size_t i = 0; i < w->k; i++) {
        size = fmax(size, fabs(w->x[i * w->owned->n_columns + column]));
    }
    return size;
}

/* Term by term: the aliases of its columns, or of itself. */
static mtp_status list_aliases(work *w, size_t *n)
{
    const mtp_owned_design *owned = w->owned;
    size_t column = owned->design.intercept, next = 0;

    for (size_t t = 0; t < owned->formula.n_terms; t++) {
        size_t first = column;

        while (column < owned->n_columns && owned->column[column].term == t) {
            column++;
        }
        if (column == first) {
            w->alias_of[*n] = owned->n_columns;
            w->alias_size[*n] = 0.0;
            if (alias_term(w, t, &w->alias[(*n)++]) != MTP_OK) {
                return mtp_fail_nomem(w->err);
            }
        }
        for (; next < w->n && w->dependence[next].dependent < column; next++) {
            w->alias_of[*n] = w->dependence[next].dependent;
            w->alias_size[*n] = largest(w, w->dependence[next].dependent);
            if (alias_column(w, &w->dependence[next], &w->alias[(*n)++]) != MTP_OK) {
                return mtp_fail_nomem(w->err);
            }
        }
    }
    return MTP_OK;
}

static mtp_status refuse(const work *w, size_t n)
{
    enum { MOST = 3 };
    mtp_strbuf b;
    mtp_status status;

    mtp_strbuf_init(&b);
    for (size_t i = 0; i < n && i < MOST; i++) {
        mtp_strbuf_printf(&b, "%s%s", i ? "; " : "", w->alias[i].reason);
    }
    if (n > MOST) {
        mtp_strbuf_printf(&b, "; and %zu more", n - MOST);
    }
    status = b.failed ? mtp_fail_nomem(w->err)
                      : mtp_fail(w->err, MTP_E_DEGENERATE, "%s", b.text);
    mtp_strbuf_free(&b);
    return status;
}

/* --- what is left ------------------------------------------------------------------
 */

static mtp_status keep_columns(work *w, size_t p, const size_t kept[])
{
    mtp_owned_design *owned = w->owned;
    mtp_design *design = &owned->design;
    double *x = MTP_ARENA_ARRAY(owned->arena, w->k * p, double);
    const char **name = MTP_ARENA_ARRAY(owned->arena, p, const char *);
    size_t *term = MTP_ARENA_ARRAY(owned->arena, p, size_t);

    if (!x || !name || !term) {
        return mtp_fail_nomem(w->err);
    }
    for (size_t j = 0; j < p; j++) {
        name[j] = owned->column[kept[j]].name;
        term[j] = owned->column[kept[j]].term;
        for (size_t i = 0; i < w->k; i++) {
            x[i * p + j] = w->x[i * owned->n_columns + kept[j]];
        }
    }
    owned->kept = kept;
    design->p = p;
    design->x = x;
    design->column_name = name;
    design->column_term = term;
    return MTP_OK;
}

/* Where each column goes; those that depend on others go nowhere. */
static size_t place_columns(work *w, size_t kept[])
{
    size_t p = 0, next = 0;

    for (size_t j = 0; j < w->owned->n_columns; j++) {
        if (next < w->n && w->dependence[next].dependent == j) {
            w->place[j] = w->owned->n_columns;
            next++;
        } else {
            kept[p] = j;
            w->place[j] = p++;
        }
    }
    return p;
}

mtp_status mtp_design_reduce(mtp_owned_design *owned, const double x[], bool drop,
                             mtp_arena *scratch, mtp_error *err)
{
    size_t n_columns = owned->n_columns, n = 0, p;
    size_t most = n_columns + owned->formula.n_terms;
    size_t *kept = MTP_ARENA_ARRAY(owned->arena, n_columns, size_t);
    work w = {.owned = owned, .k = owned->design.k, .x = x, .err = err};
    mtp_status status =
        mtp_rank_find(scratch, w.k, n_columns, x, &w.n, &w.dependence, err);

    if (status != MTP_OK) {
        return status;
    }
    w.place = MTP_ARENA_ARRAY(scratch, n_columns, size_t);
    w.alias = MTP_ARENA_ARRAY(owned->arena, most, mtp_design_alias);
    w.alias_of = MTP_ARENA_ARRAY(owned->arena, most, size_t);
    w.alias_size = MTP_ARENA_ARRAY(owned->arena, most, double);
    if (!kept || !w.place || !w.alias || !w.alias_of || !w.alias_size) {
        return mtp_fail_nomem(err);
    }
    p = place_columns(&w, kept);
    status = list_aliases(&w, &n);
    if (status == MTP_OK && n > 0 && (!drop || p == 0)) {
        status = refuse(&w, n);
    }
    owned->design.n_aliases = n;
    owned->design.alias = w.alias;
    owned->alias_of = w.alias_of;
    owned->alias_size = w.alias_size;
    return status == MTP_OK ? keep_columns(&w, p, kept) : status;
}
