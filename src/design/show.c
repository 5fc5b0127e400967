/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the caller sees of a design: leaves and variables as the data fixed them. */
#include "core/error.h"
#include "design/build.h"

#include <math.h>

static mtp_status show_poly(const mtp_owned_design *owned, const mtp_basis *b,
                            mtp_design_leaf *out)
{
    double *alpha = MTP_ARENA_ARRAY(owned->arena, b->n_columns, double);
    double *norm2 = MTP_ARENA_ARRAY(owned->arena, b->n_columns + 2, double);

    if (!alpha || !norm2) {
        return MTP_E_NOMEM;
    }
    norm2[0] = 1.0;
    for (size_t j = 0; j <= b->n_columns; j++) {
        norm2[j + 1] = ldexp(mtp_dd_to(b->norm2[j]), 2 * (int)j * b->exponent);
        if (j < b->n_columns) {
            mtp_dd mean = mtp_dd_ldexp(b->alpha[j], b->exponent);

            alpha[j] = mtp_dd_to(mtp_dd_add(mean, mtp_dd_from(b->centre)));
        }
    }
    out->alpha = alpha;
    out->norm2 = norm2;
    return MTP_OK;
}

static mtp_status show_knots(const mtp_owned_design *owned, const mtp_basis *b,
                             mtp_design_leaf *out)
{
    double *knots = MTP_ARENA_ARRAY(owned->arena, b->leaf->n_knots, double);

    for (size_t i = 0; knots && i < b->leaf->n_knots; i++) {
        knots[i] = mtp_dd_to(b->knot[i]);
    }
    out->knots = knots;
    return knots ? MTP_OK : MTP_E_NOMEM;
}

static mtp_status show_leaf(const mtp_owned_design *owned, size_t index,
                            mtp_design_leaf *out)
{
    const mtp_leaf *leaf = &owned->formula.leaf[index];
    const mtp_factor *factor = mtp_design_factor_of(owned, index);

    *out = (mtp_design_leaf){.leaf = leaf, .is_factor = factor != NULL};
    if (factor) {
        out->n_columns = factor->n_levels - 1;
        out->n_levels = factor->n_levels;
        out->level = factor->level;
        out->count = factor->count;
        out->level_of = factor->level_of;
        out->reference = factor->reference;
        return MTP_OK;
    }
    out->n_columns = owned->basis[index].n_columns;
    if (leaf->kind == MTP_LEAF_RCS) {
        return show_knots(owned, &owned->basis[index], out);
    }
    return leaf->kind == MTP_LEAF_POLY && !leaf->raw
               ? show_poly(owned, &owned->basis[index], out)
               : MTP_OK;
}

static mtp_design_variable show_variable(const mtp_owned_design *owned, size_t v,
                                         const mtp_design_values *values)
{
    const double *x = values->number;
    const double none = (double)NAN;
    mtp_design_variable out = {owned->formula.variable[v], values->text != NULL, none,
                               none, none};
    mtp_dd sum = {0.0, 0.0};

    if (out.is_text) {
        return out;
    }
    out.min = out.max = x[0];
    for (size_t i = 0; i < owned->design.k; i++) {
        out.min = fmin(out.min, x[i]);
        out.max = fmax(out.max, x[i]);
        sum = mtp_dd_add(sum, mtp_dd_from(x[i]));
    }
    out.mean = mtp_dd_to(mtp_dd_div(sum, mtp_dd_from((double)owned->design.k)));
    return out;
}

mtp_status mtp_design_show(mtp_owned_design *owned, const mtp_design_values values[],
                           mtp_error *err)
{
    const mtp_formula *f = &owned->formula;
    mtp_design *design = &owned->design;
    mtp_design_leaf *leaf = MTP_ARENA_ARRAY(owned->arena, f->n_leaves, mtp_design_leaf);
    mtp_design_variable *variable =
        MTP_ARENA_ARRAY(owned->arena, f->n_variables, mtp_design_variable);
    const char **name = MTP_ARENA_ARRAY(owned->arena, f->n_terms, const char *);

    if (!leaf || !variable || !name) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < f->n_leaves; i++) {
        if (show_leaf(owned, i, &leaf[i]) != MTP_OK) {
            return mtp_fail_nomem(err);
        }
    }
    for (size_t v = 0; v < f->n_variables; v++) {
        variable[v] = show_variable(owned, v, &values[v]);
    }
    for (size_t t = 0; t < f->n_terms; t++) {
        name[t] = f->term[t].name;
    }
    design->n_terms = f->n_terms;
    design->term_name = name;
    design->formula = f;
    design->leaf = leaf;
    design->variable = variable;
    return MTP_OK;
}
