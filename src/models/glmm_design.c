/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_design.h"

#include "core/error.h"
#include "models/glmm_basis.h"
#include "models/glmm_design_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the stages of one fit share; all but the fit's arrays is scratch. */
typedef struct design {
    mtp_glmm_sample sample;
    mtp_glmm_basis basis;
    mtp_glmm_common common;
    double *beta, *vcov, *common_beta, *common_vcov, *direction, *mode_beta;
    mtp_dd *of_z, *of_x; /* [p] */
    mtp_dd *room;        /* [p * p] */
    mtp_arena *scratch;
} design;

/* A study as one row of numbers: how many follow, m, x, offset, columns. */
enum { ROW_M = 1, ROW_X, ROW_OFFSET, ROW_COLUMNS };

static int by_all(const void *a, const void *b)
{
    const double *const *left = a, *const *right = b;
    size_t n = (size_t)(*left)[0];

    for (size_t i = 1; i <= n; i++) {
        if ((*left)[i] != (*right)[i]) {
            return (*left)[i] < (*right)[i] ? -1 : 1;
        }
    }
    return 0;
}

/* Sort the studies and merge equal ones: the order of the rows is gone from here on. */
static void take_studies(mtp_glmm_sample *sample, const double **row)
{
    size_t count = 0;

    qsort(row, sample->k, sizeof *row, by_all);
    for (size_t i = 0; i < sample->k; i++) {
        if (i > 0 && by_all(&row[i - 1], &row[i]) == 0) {
            sample->study[count - 1].times += 1.0;
        } else {
            mtp_glmm_study *study = &sample->study[count++];

            *study = mtp_glmm_study_of(sample->kind, row[i][ROW_X], row[i][ROW_M]);
            study->offset = row[i][ROW_OFFSET];
            study->row = row[i] + ROW_COLUMNS;
        }
    }
    sample->count = count;
}

static mtp_status read_studies(const double x[], const double m[],
                               const double offset[], const double matrix[], design *d,
                               mtp_error *err)
{
    size_t k = d->sample.k, p = d->sample.p, width = ROW_COLUMNS + p;
    double *all = mtp_arena_alloc(d->scratch, k, width * sizeof *all);
    const double **row = MTP_ARENA_ARRAY(d->scratch, k, const double *);

    if (!all || !row) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        double *to = all + i * width;

        row[i] = to;
        to[0] = (double)(width - 1);
        to[ROW_M] = m[i];
        to[ROW_X] = x[i];
        to[ROW_OFFSET] = offset ? offset[i] : 0.0;
        to[ROW_COLUMNS] = 1.0;
        if (matrix) {
            memcpy(to + ROW_COLUMNS, matrix + i * p, p * sizeof *to);
        }
    }
    take_studies(&d->sample, row);
    return MTP_OK;
}

/* Orthogonal columns in the studies' rows; the first that depends on those before it.
 */
static mtp_status make_basis(design *d, size_t *dependent, mtp_error *err)
{
    mtp_glmm_sample *sample = &d->sample;
    size_t n = sample->count, p = sample->p;
    double *z = mtp_arena_alloc(d->scratch, n, p * sizeof *z);
    mtp_status status = mtp_glmm_basis_make(n, p, d->scratch, &d->basis, err);

    if (status != MTP_OK || !z) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        d->basis.weight[i] = sample->study[i].times;
        for (size_t j = 0; j < p; j++) {
            d->basis.z[j * n + i] = mtp_dd_from(sample->study[i].row[j]);
        }
    }
    *dependent = mtp_glmm_basis_orthogonalise(&d->basis);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < p; j++) {
            z[i * p + j] = mtp_dd_to(d->basis.z[j * n + i]);
        }
        sample->study[i].row = z + i * p;
    }
    return MTP_OK;
}

static mtp_status make_room(size_t p, mtp_arena *arena, design *d, mtp_error *err)
{
    d->beta = MTP_ARENA_ARRAY(arena, p, double);
    d->vcov = mtp_arena_alloc(arena, p, p * sizeof(double));
    d->common_beta = MTP_ARENA_ARRAY(arena, p, double);
    d->common_vcov = mtp_arena_alloc(arena, p, p * sizeof(double));
    d->direction = mtp_arena_zalloc(arena, p, sizeof(double));
    d->mode_beta = mtp_arena_alloc(arena, p, MTP_MODES_MAX * sizeof(double));
    d->of_z = MTP_ARENA_ARRAY(arena, p, mtp_dd);
    d->of_x = MTP_ARENA_ARRAY(arena, p, mtp_dd);
    d->room = mtp_arena_alloc(arena, p, p * sizeof(mtp_dd));
    if (!d->beta || !d->vcov || !d->common_beta || !d->common_vcov || !d->direction ||
        !d->mode_beta || !d->of_z || !d->of_x || !d->room) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < p; i++) {
        d->beta[i] = d->common_beta[i] = (double)NAN;
        for (size_t j = 0; j < p; j++) {
            d->vcov[i * p + j] = d->common_vcov[i * p + j] = (double)NAN;
        }
    }
    return MTP_OK;
}

/* Studies that have no log odds (log rate) of their own. */
static size_t uninformative(const mtp_glmm_sample *sample)
{
    size_t n = 0;

    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];

        if (!(mtp_glmm_wald_weight(sample->kind, study) > 0.0)) {
            n += (size_t)study->times;
        }
    }
    return n;
}

static mtp_glmm_design_fit nothing(const design *d)
{
    const double nan = (double)NAN;
    size_t k = d->sample.k, p = d->sample.p;

    return (mtp_glmm_design_fit){.k = k,
                                 .p = p,
                                 .direction = d->direction,
                                 .beta = d->beta,
                                 .vcov = d->vcov,
                                 .tau = nan,
                                 .tau2 = nan,
                                 .se_tau = nan,
                                 .loglik = nan,
                                 .common_beta = d->common_beta,
                                 .common_vcov = d->common_vcov,
                                 .common_loglik = nan,
                                 .saturated_loglik = nan,
                                 .Q_wald = nan,
                                 .LRT = nan,
                                 .df = (double)k - (double)p,
                                 .uninformative = uninformative(&d->sample),
                                 .mode_beta = d->mode_beta};
}

/* Coefficients of the caller's columns from those of the orthogonal ones. */
static void give_back(design *d, const double *of_z, double *of_x)
{
    for (size_t i = 0; i < d->sample.p; i++) {
        d->of_z[i] = mtp_dd_from(of_z[i]);
    }
    mtp_glmm_basis_solve(&d->basis, d->of_z, d->of_x);
    for (size_t i = 0; i < d->sample.p; i++) {
        of_x[i] = mtp_dd_to(d->of_x[i]);
    }
}

/* Which columns beta runs off along, free of rounding; the one with the largest part.
 */
static void name_separation(design *d, const double *matrix, const double *of_z,
                            mtp_glmm_design_fit *fit)
{
    const double rounding = 1e-8;
    size_t p = fit->p;
    double most = 0.0;
    double *part = (double *)d->room; /* [p] */

    give_back(d, of_z, d->direction);
    for (size_t j = 0; j < p; j++) {
        double largest = matrix ? 0.0 : 1.0;

        for (size_t i = 0; matrix && i < fit->k; i++) {
            largest = fmax(largest, fabs(matrix[i * p + j]));
        }
        part[j] = fabs(d->direction[j]) * largest;
        most = fmax(most, part[j]);
    }
    fit->column = p;
    for (size_t j = 0; j < p; j++) {
        if (part[j] < rounding * most) {
            d->direction[j] = 0.0;
        } else if (fit->column == p && part[j] >= (1.0 - rounding) * most) {
            fit->column = j;
        }
    }
    most = fabs(d->direction[fit->column]);
    for (size_t j = 0; j < p; j++) {
        d->direction[j] /= most;
    }
}

static void take_common(design *d, mtp_glmm_design_fit *fit)
{
    mtp_dd full = {0.0, 0.0};

    for (size_t i = 0; i < d->sample.count; i++) {
        const mtp_glmm_study *study = &d->sample.study[i];

        full = mtp_dd_add(full, mtp_dd_two_prod(study->times, study->saturated));
    }
    fit->saturated_loglik = mtp_dd_to(full);
    fit->common_loglik =
        mtp_dd_to(mtp_dd_sub(full, mtp_dd_from(d->common.half_deviance)));
    fit->LRT = 2.0 * d->common.half_deviance;
    give_back(d, d->common.beta, d->common_beta);
    mtp_glmm_basis_covariance(&d->basis, d->common.vcov, d->room, d->common_vcov);
    fit->common_exists = true;
}

/* One patient a study says nothing about tau, nor do as many studies as columns. */
static bool no_tau(const mtp_glmm_sample *sample, const mtp_glmm_problem *problem)
{
    bool single = sample->kind == MTP_GLMM_BINOMIAL && problem->informative == 0.0;

    for (size_t i = 0; i < sample->count; i++) {
        single = single && sample->study[i].m <= 1.0;
    }
    return sample->k <= sample->p || single;
}

static void take_maximum(design *d, const mtp_glmm_maxima *maxima,
                         mtp_glmm_design_fit *fit)
{
    size_t p = fit->p;

    fit->exists = true;
    fit->tau = maxima->tau;
    fit->tau2 = maxima->tau * maxima->tau;
    fit->loglik = maxima->loglik;
    fit->converged = maxima->converged;
    fit->n_modes = maxima->n_modes;
    for (size_t i = 0; i < maxima->n_modes; i++) {
        fit->modes[i] = maxima->modes[i];
        give_back(d, maxima->mode_beta[i], d->mode_beta + i * p);
        fit->modes[i].estimate = d->mode_beta[i * p];
    }
    give_back(d, maxima->beta, d->beta);
    if (maxima->vcov) {
        double *of_z = d->vcov; /* its corner of (beta, tau) */

        for (size_t i = 0; i < p; i++) {
            memcpy(of_z + i * p, maxima->vcov + i * (p + 1), p * sizeof *of_z);
        }
        mtp_glmm_basis_covariance(&d->basis, of_z, d->room, d->vcov);
        fit->se_tau = sqrt(maxima->vcov[(p + 1) * (p + 1) - 1]);
    } else {
        memcpy(d->vcov, d->common_vcov, p * p * sizeof *d->vcov);
    }
}

static mtp_status find_maximum(design *d, int nodes, mtp_glmm_design_fit *fit,
                               mtp_error *err)
{
    mtp_glmm_problem problem = {.p = fit->p,
                                .evaluate = mtp_glmm_evaluate,
                                .of = &d->sample,
                                .beta = d->common.beta,
                                .loglik = fit->common_loglik,
                                .slope = d->common.slope,
                                .sign = d->common.sign,
                                .information = d->common.information};
    mtp_glmm_maxima maxima;
    mtp_status status;

    mtp_glmm_bound(&d->sample, &problem);
    problem.no_tau = no_tau(&d->sample, &problem);
    status = mtp_glmm_search(&problem, nodes, d->scratch, &maxima, err);
    if (status != MTP_OK) {
        return status;
    }
    fit->iterations = maxima.iterations;
    if (maxima.climbs) {
        fit->obstacle = MTP_GLMM_TAU;
    } else {
        take_maximum(d, &maxima, fit);
    }
    return MTP_OK;
}

/* The common model and the tests; then tau, where there is a common model. */
static mtp_status fit_models(design *d, const double *matrix, int nodes,
                             mtp_glmm_design_fit *fit, mtp_error *err)
{
    double *direction = MTP_ARENA_ARRAY(d->scratch, fit->p, double);
    bool separated = false;
    mtp_status status;

    if (!direction) {
        return mtp_fail_nomem(err);
    }
    status = mtp_glmm_separated(&d->sample, d->scratch, direction, &separated, err);
    if (status == MTP_OK && separated) {
        fit->obstacle = MTP_GLMM_SEPARATED;
        name_separation(d, matrix, direction, fit);
        return MTP_OK;
    }
    if (status == MTP_OK) {
        status = mtp_glmm_fit_common(&d->sample, d->scratch, &d->common, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (!d->common.converged) {
        fit->obstacle = MTP_GLMM_EXTREME;
        name_separation(d, matrix, d->common.beta, fit);
        memset(d->direction, 0, fit->p * sizeof *d->direction);
        return MTP_OK;
    }
    take_common(d, fit);
    status = mtp_glmm_wald_test(&d->sample, d->scratch, &fit->Q_wald, err);
    return status == MTP_OK ? find_maximum(d, nodes, fit, err) : status;
}

mtp_status mtp_glmm_fit_design(mtp_glmm_kind kind, size_t k, const double x[],
                               const double m[], const double offset[], size_t p,
                               const double matrix[], int nodes, mtp_arena *arena,
                               mtp_glmm_design_fit *fit, mtp_error *err)
{
    design d = {.scratch = arena};
    mtp_glmm_design_fit found;
    mtp_arena_mark mark;
    size_t dependent = p;
    mtp_status status;

    assert(k > 0 && p > 0 && nodes >= 0 && nodes <= MTP_HERMITE_MAX);
    status = make_room(p, arena, &d, err);
    mark = mtp_arena_save(arena);
    if (status == MTP_OK) {
        status = mtp_glmm_sample_make(kind, k, p, arena, &d.sample, err);
    }
    if (status == MTP_OK) {
        status = read_studies(x, m, offset, matrix, &d, err);
    }
    if (status == MTP_OK) {
        status = make_basis(&d, &dependent, err);
    }
    if (status == MTP_OK) {
        found = nothing(&d);
        if (dependent < p) {
            found.obstacle = MTP_GLMM_DEFICIENT;
            found.column = dependent;
        } else {
            status = fit_models(&d, matrix, nodes, &found, err);
        }
    }
    if (status == MTP_OK) {
        *fit = found;
    }
    mtp_arena_release(arena, mark);
    return status;
}
