/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms become columns: coding of factors, order, names. */
#include "core/error.h"
#include "design/build.h"

/* How a term's leaves are spread over its columns. */
typedef struct spread {
    size_t n; /* columns */
    bool full[MTP_FORMULA_LEAVES];
    size_t parts[MTP_FORMULA_LEAVES];
} spread;

const mtp_factor *mtp_design_factor_of(const mtp_owned_design *owned, size_t leaf)
{
    return owned->basis[leaf].n_columns == 0
               ? &owned->factor[owned->formula.leaf[leaf].variable]
               : NULL;
}

static mtp_leaf_set set_of(const mtp_formula_term *term)
{
    mtp_leaf_set set = 0;

    for (size_t j = 0; j < term->n_leaves; j++) {
        set |= (mtp_leaf_set)1 << term->leaf[j];
    }
    return set;
}

/* Is a leaf of term t coded by every level: does what is left of the term without it
 * stand in no earlier term? */
static bool is_full(const mtp_formula *f, size_t t, size_t leaf)
{
    mtp_leaf_set rest = set_of(&f->term[t]) & ~((mtp_leaf_set)1 << leaf);

    for (size_t s = 0; rest && s < t; s++) {
        if ((rest & ~set_of(&f->term[s])) == 0) {
            return false;
        }
    }
    return rest != 0;
}

/* The term and the place in it of the first factor, which stands for a missing
 * intercept. */
static bool first_factor(const mtp_owned_design *owned, size_t *term, size_t *place)
{
    const mtp_formula *f = &owned->formula;

    for (*term = 0; *term < f->n_terms; (*term)++) {
        for (*place = 0; *place < f->term[*term].n_leaves; (*place)++) {
            if (mtp_design_factor_of(owned, f->term[*term].leaf[*place])) {
                return true;
            }
        }
    }
    return false;
}

static spread spread_of(const mtp_owned_design *owned, size_t t)
{
    const mtp_formula_term *term = &owned->formula.term[t];
    size_t first = 0, place = 0;
    bool stands_in =
        !owned->design.intercept && first_factor(owned, &first, &place) && first == t;
    spread s = {.n = 1};

    for (size_t j = 0; j < term->n_leaves; j++) {
        const mtp_factor *factor = mtp_design_factor_of(owned, term->leaf[j]);

        if (factor) {
            s.full[j] =
                (stands_in && j == place) || is_full(&owned->formula, t, term->leaf[j]);
            s.parts[j] = factor->n_levels - !s.full[j];
        } else {
            s.parts[j] = owned->basis[term->leaf[j]].n_columns;
        }
        s.n = s.n > MTP_DESIGN_COLUMNS ? s.n : s.n * s.parts[j];
    }
    return s;
}

/* The name of one part of a leaf. */
static const char *part_name(const mtp_owned_design *owned, size_t leaf, size_t part,
                             bool joined)
{
    const mtp_leaf *l = &owned->formula.leaf[leaf];
    const mtp_factor *factor = mtp_design_factor_of(owned, leaf);
    const char *name = joined ? mtp_leaf_joined_name(owned->arena, l) : l->name;

    if (!name) {
        return NULL;
    }
    if (factor) {
        return mtp_arena_printf(owned->arena, "%s: %s", name, factor->level[part]);
    }
    if (l->kind == MTP_LEAF_POLY || l->kind == MTP_LEAF_RCS) {
        return mtp_arena_printf(owned->arena, "%s: %zu", name, part + 1);
    }
    return name;
}

static const char *column_name(const mtp_owned_design *owned,
                               const mtp_formula_term *term, const size_t part[])
{
    bool joined = term->n_leaves > 1;
    const char *name = part_name(owned, term->leaf[0], part[0], joined);

    for (size_t j = 1; name && j < term->n_leaves; j++) {
        const char *next = part_name(owned, term->leaf[j], part[j], joined);

        name = next ? mtp_arena_printf(owned->arena, "%s:%s", name, next) : NULL;
    }
    return name;
}

/* Levels with the reference first. */
static size_t level_in_order(const mtp_factor *factor, size_t index)
{
    if (index == 0) {
        return factor->reference;
    }
    return index <= factor->reference ? index - 1 : index;
}

/* The index-th column of a term; the first leaf varies fastest. */
static mtp_status make_column(const mtp_owned_design *owned, size_t t, const spread *s,
                              size_t index, mtp_design_column *column)
{
    const mtp_formula_term *term = &owned->formula.term[t];
    size_t *part = MTP_ARENA_ARRAY(owned->arena, term->n_leaves, size_t);

    if (!part) {
        return MTP_E_NOMEM;
    }
    for (size_t j = 0; j < term->n_leaves; j++) {
        const mtp_factor *factor = mtp_design_factor_of(owned, term->leaf[j]);

        part[j] = index % s->parts[j];
        index /= s->parts[j];
        if (factor) {
            part[j] = level_in_order(factor, part[j] + !s->full[j]);
        }
    }
    *column = (mtp_design_column){t, part, column_name(owned, term, part)};
    return column->name ? MTP_OK : MTP_E_NOMEM;
}

static mtp_status count_columns(const mtp_owned_design *owned, size_t *n,
                                mtp_error *err)
{
    *n = owned->design.intercept;
    for (size_t t = 0; t < owned->formula.n_terms; t++) {
        spread s = spread_of(owned, t);

        *n += s.n;
        if (*n > MTP_DESIGN_COLUMNS) {
            return mtp_fail(err, MTP_E_UNSUPPORTED,
                            "with '%s' the formula makes more than %d columns",
                            owned->formula.term[t].name, MTP_DESIGN_COLUMNS);
        }
    }
    return MTP_OK;
}

mtp_status mtp_design_columns(mtp_owned_design *owned, mtp_error *err)
{
    size_t n = 0, at = 0;
    mtp_design_column *column;
    mtp_status status = count_columns(owned, &n, err);

    if (status != MTP_OK) {
        return status;
    }
    column = MTP_ARENA_ARRAY(owned->arena, n, mtp_design_column);
    if (!column) {
        return mtp_fail_nomem(err);
    }
    if (owned->design.intercept) {
        column[at++] = (mtp_design_column){owned->formula.n_terms, NULL, "intercept"};
    }
    for (size_t t = 0; t < owned->formula.n_terms; t++) {
        spread s = spread_of(owned, t);

        for (size_t i = 0; i < s.n; i++) {
            if (make_column(owned, t, &s, i, &column[at++]) != MTP_OK) {
                return mtp_fail_nomem(err);
            }
        }
    }
    owned->n_columns = n;
    owned->column = column;
    return MTP_OK;
}
