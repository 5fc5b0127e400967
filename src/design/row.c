/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a design matrix at values that no study has to have. */
#include "core/error.h"
#include "core/number.h"
#include "design/build.h"

#include <math.h>
#include <string.h>

/* A variable where the row is: its number, and its level, or a mean over the levels. */
typedef struct place {
    double number;
    size_t level;
    bool averaged, proportional;
} place;

typedef struct work {
    const mtp_owned_design *owned;
    place at[MTP_FORMULA_LEAVES];
    const double *value[MTP_FORMULA_LEAVES]; /* of leaves that are no factors */
} work;

/* A column that was left out is told by others to within this, relative to their size.
 */
static const double ESTIMABLE = 1e-8;

static mtp_status place_text(const mtp_owned_design *owned, size_t v, const char *text,
                             place *out, mtp_error *err)
{
    const mtp_factor *factor = &owned->factor[v];
    const char *name = owned->formula.variable[v];

    if (!owned->design.variable[v].is_text &&
        mtp_number_parse(text, strlen(text), &out->number) != MTP_NUMBER_OK) {
        return mtp_fail(err, MTP_E_ARG, "'%s' is a number; '%s' is none", name, text);
    }
    if (factor->n_levels > 0) {
        out->level = mtp_factor_find(factor, text);
        if (out->level == factor->n_levels) {
            return mtp_factor_fail(factor, name, text, err);
        }
    }
    return MTP_OK;
}

static mtp_status place_number(const mtp_owned_design *owned, size_t v, double number,
                               place *out, mtp_error *err)
{
    const mtp_factor *factor = &owned->factor[v];
    char text[MTP_NUMBER_TEXT];

    if (!isfinite(number)) {
        return mtp_fail(err, MTP_E_DATA, "the value of '%s' is not a finite number",
                        owned->formula.variable[v]);
    }
    out->number = number;
    if (factor->n_levels > 0) {
        out->level = mtp_factor_find_number(factor, number);
        if (out->level == factor->n_levels) {
            mtp_number_format(number, text);
            return mtp_factor_fail(factor, owned->formula.variable[v], text, err);
        }
    }
    return MTP_OK;
}

static mtp_status place_variable(const mtp_owned_design *owned, size_t v,
                                 const mtp_design_at *at, place *out, mtp_error *err)
{
    switch (at->kind) {
    case MTP_AT_AVERAGE:
    case MTP_AT_PROPORTIONAL:
        *out = (place){.number = owned->design.variable[v].mean,
                       .averaged = true,
                       .proportional = at->kind == MTP_AT_PROPORTIONAL};
        return MTP_OK;
    case MTP_AT_NUMBER:
        return place_number(owned, v, at->number, out, err);
    case MTP_AT_TEXT:
        return place_text(owned, v, at->text, out, err);
    }
    return mtp_fail(err, MTP_E_ARG, "no such way to give '%s' a value",
                    owned->formula.variable[v]);
}

/* The share of a level where the variable stands. */
static double share(const work *w, const place *at, const mtp_factor *factor,
                    size_t level)
{
    if (!at->averaged) {
        return at->level == level ? 1.0 : 0.0;
    }
    return at->proportional ? (double)factor->count[level] / (double)w->owned->design.k
                            : 1.0 / (double)factor->n_levels;
}

/* The indicator of leaf j's level, averaged. Where an earlier leaf of the term is the
 * same variable as a factor, the two are averaged together. */
static double factor_part(const work *w, const mtp_design_column *c, size_t j,
                          const mtp_factor *factor)
{
    const mtp_formula *f = &w->owned->formula;
    const mtp_formula_term *term = &f->term[c->term];
    size_t variable = f->leaf[term->leaf[j]].variable;

    for (size_t i = 0; i < j; i++) {
        if (f->leaf[term->leaf[i]].variable == variable &&
            mtp_design_factor_of(w->owned, term->leaf[i])) {
            return c->part[i] == c->part[j] ? 1.0 : 0.0;
        }
    }
    return share(w, &w->at[variable], factor, c->part[j]);
}

static double column_at(const work *w, const mtp_design_column *c)
{
    const mtp_formula *f = &w->owned->formula;
    double x = 1.0;

    if (c->term == f->n_terms) {
        return x;
    }
    for (size_t j = 0; j < f->term[c->term].n_leaves; j++) {
        size_t leaf = f->term[c->term].leaf[j];
        const mtp_factor *factor = mtp_design_factor_of(w->owned, leaf);

        double value =
            factor ? factor_part(w, c, j, factor) : w->value[leaf][c->part[j]];

        if (factor && value == 0.0) {
            return 0.0;
        }
        x *= value;
    }
    return x;
}

/* Is a column that was left out, here too, the combination of the others that it is in
 * every study? */
static mtp_status check_estimable(const work *w, const double row[], mtp_error *err)
{
    const mtp_owned_design *owned = w->owned;

    for (size_t a = 0; a < owned->design.n_aliases; a++) {
        const mtp_design_alias *alias = &owned->design.alias[a];
        double here, told = 0.0, size = owned->alias_size[a];

        if (owned->alias_of[a] == owned->n_columns) {
            continue;
        }
        here = column_at(w, &owned->column[owned->alias_of[a]]);
        for (size_t i = 0; i < alias->n_parts; i++) {
            told += alias->coefficient[i] * row[alias->column[i]];
            size += fabs(alias->coefficient[i] * row[alias->column[i]]);
        }
        if (!(fabs(here - told) <= ESTIMABLE * (fabs(here) + size))) {
            return mtp_fail(err, MTP_E_DEGENERATE, "no estimate here: %s%s",
                            alias->reason,
                            alias->kind == MTP_ALIAS_EMPTY ? "" : ", but not here");
        }
    }
    return MTP_OK;
}

static mtp_status evaluate(work *w, mtp_arena *scratch, mtp_error *err)
{
    const mtp_formula *f = &w->owned->formula;

    for (size_t l = 0; l < f->n_leaves; l++) {
        const mtp_basis *basis = &w->owned->basis[l];
        double *value = MTP_ARENA_ARRAY(scratch, basis->n_columns, double);

        if (!value) {
            return mtp_fail_nomem(err);
        }
        if (basis->n_columns > 0) {
            mtp_basis_at(basis, w->at[f->leaf[l].variable].number, value);
        }
        w->value[l] = value;
    }
    return MTP_OK;
}

static mtp_status make_row(work *w, double row[], mtp_error *err)
{
    const mtp_owned_design *owned = w->owned;

    for (size_t j = 0; j < owned->design.p; j++) {
        row[j] = column_at(w, &owned->column[owned->kept[j]]);
        if (!isfinite(row[j])) {
            return mtp_fail(err, MTP_E_DATA, "'%s' is beyond the largest number here",
                            owned->design.column_name[j]);
        }
    }
    return check_estimable(w, row, err);
}

mtp_status mtp_design_row(const mtp_design *design, const mtp_design_at at[],
                          double row[], mtp_error *err)
{
    work w = {.owned = (const mtp_owned_design *)design};
    mtp_arena *scratch;
    double *made;
    mtp_status status;

    for (size_t v = 0; v < design->formula->n_variables; v++) {
        status = place_variable(w.owned, v, &at[v], &w.at[v], err);
        if (status != MTP_OK) {
            return status;
        }
    }
    scratch = mtp_arena_new();
    made = scratch ? MTP_ARENA_ARRAY(scratch, design->p, double) : NULL;
    status = made ? evaluate(&w, scratch, err) : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        status = make_row(&w, made, err);
    }
    if (status == MTP_OK) {
        memcpy(row, made, design->p * sizeof *row);
    }
    mtp_arena_free(scratch);
    return status;
}
