/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data and columns of a selection model, and the same model without selection. */
#include "bias/selection_fit.h"
#include "core/error.h"
#include "models/orthonormal.h"
#include "tau2/columns.h"
#include "tau2/estimate.h"

#include <math.h>
#include <stdlib.h>

/* Orthonormal columns times sqrt(k), and R^-1. */
static mtp_status make_columns(mtp_selection_fit *f)
{
    mtp_arena *arena = f->arena;
    size_t k = f->k, p = f->p, rank;
    mtp_dd *a = mtp_arena_alloc(arena, k, p * sizeof *a);
    mtp_dd *r = mtp_arena_zalloc(arena, p, p * sizeof *r);
    double *before = MTP_ARENA_ARRAY(arena, p, double);
    double *Z = mtp_arena_alloc(arena, k, p * sizeof *Z);

    f->x_inv = mtp_arena_zalloc(arena, p, p * sizeof *f->x_inv);
    if (!a || !r || !before || !Z || !f->x_inv) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t i = 0; i < k * p; i++) {
        a[i] = mtp_dd_from(f->x[i]);
    }
    rank = mtp_orthonormalize(k, p, a, before, r);
    if (rank < p) {
        return mtp_fail(f->err, MTP_E_DATA,
                        "column %zu of the moderators is a combination of those before "
                        "it",
                        rank + 1);
    }
    mtp_invert_upper(p, r, f->x_inv);
    for (size_t i = 0; i < k * p; i++) {
        Z[i] = sqrt((double)k) * mtp_dd_to(a[i]);
    }
    f->problem.Z = Z;
    return MTP_OK;
}

/* Maximum likelihood without selection, which is where the search begins. */
static mtp_status fit_without(mtp_selection_fit *f, const mtp_studies *studies)
{
    mtp_selection_result *result = f->result;
    mtp_dd *solution = MTP_ARENA_ARRAY(f->arena, f->p + f->p * f->p, mtp_dd);
    mtp_weighting by = {.kind = MTP_WEIGHT_INVERSE};
    mtp_tau2_fit fit;

    f->gamma = MTP_ARENA_ARRAY(f->arena, f->p, double);
    if (!solution || !f->gamma) {
        return mtp_fail_nomem(f->err);
    }
    if (result->options.tau2 == MTP_TAU2_EE) {
        mtp_tau2_fit_given(0.0, studies, &fit);
    } else {
        mtp_tau2_fit_studies(MTP_TAU2_ML, studies, &fit);
    }
    by.t = fit.tau2;
    mtp_columns_factor(studies, &by);
    mtp_columns_solution(studies, solution, solution + f->p);
    for (size_t j = 0; j < f->p; j++) {
        f->gamma[j] = f->sign * ldexp(mtp_dd_to(solution[j]), -f->unit);
    }
    f->tau2 = mtp_dd_to(fit.tau2);
    result->loglik_null = fit.result.loglik;
    return MTP_OK;
}

/* The studies in their unit and the p-values of the observed weights. */
static mtp_status make_data(mtp_selection_fit *f)
{
    mtp_arena *arena = f->arena;
    mtp_selection_problem *problem = &f->problem;
    double *y = MTP_ARENA_ARRAY(arena, f->k, double);
    double *v = MTP_ARENA_ARRAY(arena, f->k, double);
    double *root_v = MTP_ARENA_ARRAY(arena, f->k, double);

    if (!y || !v || !root_v ||
        !mtp_selection_weights_make(f->k, problem->rule.q, arena, &problem->observed)) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t i = 0; i < f->k; i++) {
        y[i] = f->sign * ldexp(f->yi[i], -f->unit);
        v[i] = ldexp(f->vi[i], -2 * f->unit);
        root_v[i] = sqrt(v[i]);
        mtp_selection_weights_enter(
            &problem->rule, i, mtp_selection_p_of(&problem->rule, y[i] / root_v[i]),
            &problem->observed);
    }
    problem->y = y;
    problem->v = v;
    problem->root_v = root_v;
    return MTP_OK;
}

/* A study with its moderators. */
typedef struct row {
    double yi, vi;
    const double *x; /* [p] */
    size_t p;
} row;

static int by_figures(const void *left, const void *right)
{
    const row *a = left, *b = right;

    if (a->vi != b->vi || a->yi != b->yi) {
        return a->vi < b->vi || (a->vi == b->vi && a->yi < b->yi) ? -1 : 1;
    }
    for (size_t j = 0; a->x && j < a->p; j++) {
        if (a->x[j] != b->x[j]) {
            return a->x[j] < b->x[j] ? -1 : 1;
        }
    }
    return 0;
}

/* Sums run in an order of their own, whatever that of the studies. */
static mtp_status sort_studies(mtp_selection_fit *f)
{
    mtp_arena *arena = f->arena;
    row *rows = MTP_ARENA_ARRAY(arena, f->k, row);
    double *yi = MTP_ARENA_ARRAY(arena, f->k, double);
    double *vi = MTP_ARENA_ARRAY(arena, f->k, double);
    double *x = mtp_arena_alloc(arena, f->k, f->p * sizeof *x);

    if (!rows || !yi || !vi || !x) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t i = 0; i < f->k; i++) {
        rows[i] = (row){f->yi[i], f->vi[i], f->x ? f->x + i * f->p : NULL, f->p};
    }
    qsort(rows, f->k, sizeof *rows, by_figures);
    for (size_t i = 0; i < f->k; i++) {
        yi[i] = rows[i].yi;
        vi[i] = rows[i].vi;
        for (size_t j = 0; j < f->p; j++) {
            x[i * f->p + j] = rows[i].x ? rows[i].x[j] : 1.0;
        }
    }
    f->yi = yi;
    f->vi = vi;
    f->x = x;
    return MTP_OK;
}

mtp_status mtp_selection_prepare_data(mtp_selection_fit *f)
{
    mtp_study_point *point = MTP_ARENA_ARRAY(f->arena, f->k, mtp_study_point);
    mtp_study_block block;
    mtp_studies studies;
    size_t deficient;
    mtp_status status = point ? sort_studies(f) : mtp_fail_nomem(f->err);

    if (status == MTP_OK) {
        status = make_columns(f);
    }
    if (status == MTP_OK) {
        status = mtp_studies_prepare(f->k, f->yi, f->vi, 1, NULL, point, &block,
                                     &studies, f->err);
    }
    if (status == MTP_OK) {
        status = mtp_columns_attach(&studies, point, f->p, f->yi, f->problem.Z,
                                    f->arena, &deficient, f->err);
    }
    if (status != MTP_OK) {
        return status;
    }
    f->unit = studies.unit;
    f->problem.k = f->k;
    f->problem.p = f->p;
    f->problem.n = f->p + 1 + f->problem.rule.q;
    status = fit_without(f, &studies);
    return status == MTP_OK ? make_data(f) : status;
}
