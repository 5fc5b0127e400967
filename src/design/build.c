/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The handle of a design matrix and the stages that fill it. */
#include "design/build.h"

#include "core/error.h"
#include "core/owned.h"

#include <math.h>
#include <string.h>

typedef struct work {
    mtp_owned_design *owned;
    const mtp_design_values *values;
    mtp_design_options options;
    mtp_arena *scratch;
    mtp_factor *factor; /* of owned */
    mtp_basis *basis;
    mtp_error *err;
} work;

void mtp_design_options_init(mtp_design_options *options, size_t size)
{
    const mtp_design_options defaults = {.size = size, .intercept = true};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

static mtp_design_options complete(const mtp_design_options *given)
{
    mtp_design_options options;

    mtp_design_options_init(&options, sizeof options);
    if (given) {
        memcpy(&options, given,
               given->size < sizeof options ? given->size : sizeof options);
        options.size = sizeof options;
    }
    return options;
}

static mtp_status check_finite(const work *w)
{
    const mtp_formula *f = &w->owned->formula;

    for (size_t v = 0; v < f->n_variables; v++) {
        const double *number = w->values[v].number;

        for (size_t i = 0; !w->values[v].text && i < w->owned->design.k; i++) {
            if (!isfinite(number[i])) {
                return mtp_fail(w->err, MTP_E_DATA,
                                "'%s' is not a finite number in row %zu",
                                f->variable[v], i + 1);
            }
        }
    }
    return MTP_OK;
}

/* --- leaves ------------------------------------------------------------------------
 */

/* The variable as a factor, made once. */
static mtp_status need_factor(work *w, size_t variable)
{
    if (w->factor[variable].n_levels > 0) {
        return MTP_OK;
    }
    return mtp_factor_make(w->owned->arena, w->owned->design.k, &w->values[variable],
                           &w->factor[variable], w->err);
}

static mtp_status fit_leaf(work *w, size_t index)
{
    const mtp_leaf *leaf = &w->owned->formula.leaf[index];
    const mtp_design_values *values = &w->values[leaf->variable];

    if (leaf->kind == MTP_LEAF_FACTOR ||
        (leaf->kind == MTP_LEAF_VALUE && values->text)) {
        return need_factor(w, leaf->variable);
    }
    if (values->text) {
        return mtp_fail(w->err, MTP_E_ARG, "%s: '%s' is text, not a number", leaf->name,
                        w->owned->formula.variable[leaf->variable]);
    }
    return mtp_basis_fit(leaf, w->owned->design.k, values->number, w->scratch,
                         &w->basis[index], w->err);
}

static mtp_status fit_leaves(work *w)
{
    const mtp_formula *f = &w->owned->formula;
    mtp_status status = MTP_OK;

    w->factor = mtp_arena_zalloc(w->owned->arena, f->n_variables, sizeof *w->factor);
    w->basis = mtp_arena_zalloc(w->owned->arena, f->n_leaves, sizeof *w->basis);
    if (!w->factor || !w->basis) {
        return mtp_fail_nomem(w->err);
    }
    for (size_t i = 0; status == MTP_OK && i < f->n_leaves; i++) {
        status = fit_leaf(w, i);
    }
    w->owned->factor = w->factor;
    w->owned->basis = w->basis;
    return status;
}

/* --- reference levels --------------------------------------------------------------
 */

static mtp_status no_such_factor(const work *w, const char *typed)
{
    const mtp_formula *f = &w->owned->formula;
    const char *name[MTP_FORMULA_LEAVES];
    size_t n = 0, variable;

    if (mtp_formula_find_variable(f, typed, &variable, NULL) == MTP_OK) {
        return mtp_fail(
            w->err, MTP_E_ARG,
            "a reference level for '%s': it is a number here, not a factor; "
            "factor(%s) makes it one",
            typed, typed);
    }
    for (size_t v = 0; v < f->n_variables; v++) {
        if (w->factor[v].n_levels > 0) {
            name[n++] = f->variable[v];
        }
    }
    return mtp_fail_names(w->err, typed, "factor of the formula", n, name);
}

static mtp_status set_references(work *w)
{
    bool given[MTP_FORMULA_LEAVES] = {false};

    for (size_t i = 0; i < w->options.n_refs; i++) {
        const mtp_design_ref *ref = &w->options.refs[i];
        size_t v = 0, level;
        mtp_status status =
            mtp_formula_find_variable(&w->owned->formula, ref->factor, &v, NULL);

        if (status == MTP_E_NOMEM) {
            return mtp_fail_nomem(w->err);
        }
        if (status != MTP_OK || w->factor[v].n_levels == 0) {
            return no_such_factor(w, ref->factor);
        }
        level = mtp_factor_find(&w->factor[v], ref->level);
        if (level == w->factor[v].n_levels) {
            return mtp_factor_fail(&w->factor[v], ref->factor, ref->level, w->err);
        }
        if (given[v] && w->factor[v].reference != level) {
            return mtp_fail(w->err, MTP_E_ARG,
                            "two reference levels are given for '%s'", ref->factor);
        }
        given[v] = true;
        w->factor[v].reference = level;
    }
    return MTP_OK;
}

/* --- values ------------------------------------------------------------------------
 */

/* All leaves that are no factors at all rows: [k * n_columns] each. */
static mtp_status evaluate(const work *w, const double *value[])
{
    const mtp_formula *f = &w->owned->formula;

    for (size_t l = 0; l < f->n_leaves; l++) {
        const mtp_basis *basis = &w->basis[l];
        double *column =
            MTP_ARENA_ARRAY(w->scratch, w->owned->design.k * basis->n_columns, double);

        if (!column) {
            return mtp_fail_nomem(w->err);
        }
        for (size_t i = 0; basis->n_columns > 0 && i < w->owned->design.k; i++) {
            mtp_basis_at(basis, w->values[f->leaf[l].variable].number[i],
                         column + i * basis->n_columns);
        }
        value[l] = column;
    }
    return MTP_OK;
}

static double product(const work *w, const double *const value[],
                      const mtp_design_column *c, size_t row)
{
    double x = 1.0;

    if (c->term == w->owned->formula.n_terms) {
        return x;
    }
    for (size_t j = 0; j < w->owned->formula.term[c->term].n_leaves; j++) {
        size_t leaf = w->owned->formula.term[c->term].leaf[j];
        const mtp_factor *factor = mtp_design_factor_of(w->owned, leaf);

        if (factor && factor->level_of[row] != c->part[j]) {
            return 0.0;
        }
        if (!factor) {
            x *= value[leaf][row * w->basis[leaf].n_columns + c->part[j]];
        }
    }
    return x;
}

static mtp_status fill(const work *w, double x[])
{
    const double *value[MTP_FORMULA_LEAVES];
    size_t p = w->owned->n_columns;
    mtp_status status = evaluate(w, value);

    for (size_t i = 0; status == MTP_OK && i < w->owned->design.k; i++) {
        for (size_t j = 0; j < p; j++) {
            x[i * p + j] = product(w, value, &w->owned->column[j], i);
            if (!isfinite(x[i * p + j])) {
                return mtp_fail(w->err, MTP_E_DATA,
                                "'%s' is beyond the largest number in row %zu",
                                w->owned->column[j].name, i + 1);
            }
        }
    }
    return status;
}

/* --- the stages --------------------------------------------------------------------
 */

static mtp_status make_columns(work *w)
{
    mtp_owned_design *owned = w->owned;
    double *x;
    mtp_status status = mtp_design_columns(owned, w->err);

    if (status != MTP_OK) {
        return status;
    }
    x = MTP_ARENA_ARRAY(w->scratch, owned->design.k * owned->n_columns, double);
    status = x ? fill(w, x) : mtp_fail_nomem(w->err);
    if (status == MTP_OK) {
        status = mtp_design_reduce(owned, x, w->options.drop, w->scratch, w->err);
    }
    if (status == MTP_OK && owned->design.p == 0) {
        status = mtp_fail(w->err, MTP_E_DEGENERATE,
                          "the model has neither terms nor an intercept");
    }
    return status;
}

static mtp_status build(work *w, const mtp_formula *formula, size_t k)
{
    mtp_owned_design *owned = w->owned;
    mtp_status status = MTP_OK;

    if (k == 0) {
        return mtp_fail(w->err, MTP_E_DATA, "there are no studies");
    }
    status = mtp_formula_read(owned->arena, formula->text, &owned->formula, w->err);
    if (status != MTP_OK) {
        return status;
    }
    owned->design.k = k;
    owned->design.intercept = w->options.intercept && formula->intercept;
    status = check_finite(w);
    status = status == MTP_OK ? fit_leaves(w) : status;
    status = status == MTP_OK ? set_references(w) : status;
    status = status == MTP_OK ? make_columns(w) : status;
    return status == MTP_OK ? mtp_design_show(owned, w->values, w->err) : status;
}

mtp_status mtp_design_build(const mtp_formula *formula, size_t k,
                            const mtp_design_values values[],
                            const mtp_design_options *options, mtp_design **design,
                            mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new(), *scratch = mtp_arena_new();
    mtp_owned_design *owned = arena ? MTP_ARENA_NEW(arena, mtp_owned_design) : NULL;
    mtp_status status;

    if (owned && scratch) {
        work w = {.owned = owned,
                  .values = values,
                  .options = complete(options),
                  .scratch = scratch,
                  .err = err};

        owned->arena = arena;
        status = build(&w, formula, k);
    } else {
        status = mtp_fail_nomem(err);
    }
    mtp_arena_free(scratch);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *design = &owned->design;
    return MTP_OK;
}

void mtp_design_free(mtp_design *design)
{
    if (design) {
        mtp_arena_free(((mtp_owned_design *)design)->arena);
    }
}
