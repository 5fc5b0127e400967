/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/between.h"
#include "models/mixed.h"

#include <math.h>

static bool is_rate(const mtp_study_set *set)
{
    return set->measure->input == MTP_INPUT_EVENTS_TIME;
}

/* Are there events, and anything but events? */
static bool has_mean(const mtp_study_set *set)
{
    bool events = false, rest = is_rate(set);

    for (size_t i = 0; i < set->k; i++) {
        events = events || set->events[i] > 0.0;
        rest = rest || set->events[i] < set->n[i];
    }
    return events && rest;
}

/* The studies of the subgroups in the regression, one after the other. */
typedef struct rows {
    size_t k, p;
    double *x, *m;  /* [k] */
    double *matrix; /* [k * p] */
} rows;

static mtp_status make_rows(const mtp_study_set set[], size_t groups,
                            const mtp_shared_mixed *shared, mtp_arena *scratch,
                            rows *to, mtp_error *err)
{
    size_t k = 0;

    to->p = shared->n_columns;
    to->x = MTP_ARENA_ARRAY(scratch, to->k, double);
    to->m = MTP_ARENA_ARRAY(scratch, to->k, double);
    to->matrix = mtp_arena_zalloc(scratch, to->k, to->p * sizeof *to->matrix);
    if (!to->x || !to->m || !to->matrix) {
        return mtp_fail_nomem(err);
    }
    for (size_t g = 0; g < groups; g++) {
        size_t column = shared->column[g];

        for (size_t i = 0; column < to->p && i < set[g].k; i++) {
            to->x[k] = set[g].events[i];
            to->m[k] = is_rate(set) ? set[g].time[i] : set[g].n[i];
            to->matrix[k++ * to->p + column] = 1.0;
        }
    }
    return MTP_OK;
}

mtp_status mtp_fit_shared_mixed(const mtp_study_set set[], size_t groups,
                                const mtp_pool_options *options, mtp_arena *arena,
                                mtp_shared_mixed *shared, mtp_error *err)
{
    size_t *column = MTP_ARENA_ARRAY(arena, groups, size_t);
    rows all = {0};
    mtp_status status;

    if (!column) {
        return mtp_fail_nomem(err);
    }
    *shared = (mtp_shared_mixed){.column = column};
    for (size_t g = 0; g < groups; g++) {
        column[g] = groups; /* more than there are columns */
        if (has_mean(&set[g])) {
            column[g] = shared->n_columns++;
            all.k += set[g].k;
        }
    }
    if (shared->n_columns == 0) {
        return MTP_OK;
    }
    status = make_rows(set, groups, shared, arena, &all, err);
    if (status == MTP_OK) {
        status = mtp_glmm_fit_design(
            is_rate(set) ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL, all.k, all.x, all.m,
            NULL, all.p, all.matrix, options->nodes, arena, &shared->design, err);
    }
    return status;
}

void mtp_shared_mixed_take(const mtp_shared_mixed *shared, size_t group,
                           mtp_glmm_fit *fit)
{
    const mtp_glmm_design_fit *from = &shared->design;
    size_t p = from->p, j = shared->column[group];

    fit->exists = from->exists;
    fit->common_loglik = from->common_loglik;
    fit->mu = from->beta[j];
    fit->se = sqrt(from->vcov[j * p + j]);
    fit->tau = from->tau;
    fit->tau2 = from->tau2;
    fit->se_tau = from->se_tau;
    fit->loglik = from->loglik;
    fit->iterations = from->iterations;
    fit->converged = from->converged;
    fit->n_modes = from->n_modes;
    for (size_t i = 0; i < from->n_modes; i++) {
        fit->modes[i] = from->modes[i];
        fit->modes[i].estimate = from->mode_beta[i * p + j];
    }
}

mtp_status mtp_shared_mixed_test(const mtp_shared_mixed *shared, mtp_arena *scratch,
                                 mtp_test *test)
{
    size_t p = shared->n_columns;
    double *room = mtp_arena_alloc(scratch, p, p * sizeof *room);

    *test = mtp_test_missing();
    if (!room) {
        return MTP_E_NOMEM;
    }
    if (p > 1 && shared->design.exists) {
        *test = mtp_test_equal_joint(p, shared->design.beta, shared->design.vcov, room);
    }
    return MTP_OK;
}
