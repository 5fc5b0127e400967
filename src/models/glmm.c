/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm.h"

#include "core/error.h"
#include "models/glmm_internal.h"

#include <assert.h>
#include <math.h>

/* Without events, or with nothing else, mu runs off to infinity. */
static bool common_exists(const mtp_glmm_sample *s)
{
    return s->events.hi > 0.0 && (s->kind == MTP_GLMM_POISSON || s->rest.hi > 0.0);
}

/*
 * So does tau where every study has no events or nothing else, and some has more than
 * one patient: with a = E(q), P(x_i = 0) <= a and P(x_i = n_i) <= 1 - a, the product
 * a^k0 (1 - a)^k1 is highest at a = k0 / k, and only tau -> infinity comes near that.
 * (With one patient each, every tau gives the same likelihood.)
 */
static bool maximum_exists(const mtp_glmm_sample *s)
{
    bool single = true;

    for (size_t i = 0; i < s->count; i++) {
        if (mtp_glmm_wald_weight(s->kind, &s->study[i]) > 0.0) {
            return true;
        }
        single = single && s->study[i].m <= 1.0;
    }
    return single;
}

static mtp_glmm_fit nothing(size_t k)
{
    const double nan = (double)NAN;

    return (mtp_glmm_fit){.common_mu = nan,
                          .common_se = nan,
                          .common_loglik = nan,
                          .mu = nan,
                          .se = nan,
                          .tau = nan,
                          .tau2 = nan,
                          .loglik = nan,
                          .se_tau = nan,
                          .saturated_loglik = nan,
                          .Q_wald = nan,
                          .LRT = nan,
                          .uninformative = k};
}

/* One mean: the common effect in closed form. */
static mtp_glmm_problem problem_of(mtp_glmm_sample *sample, const mtp_glmm_fit *fit)
{
    double rate = mtp_dd_to(mtp_dd_div(sample->events, sample->size));
    double rest = mtp_dd_to(mtp_dd_div(sample->rest, sample->size));
    mtp_glmm_problem problem = {.p = 1,
                                .evaluate = mtp_glmm_evaluate,
                                .of = sample,
                                .beta = &fit->common_mu,
                                .loglik = fit->common_loglik};

    problem.slope = mtp_glmm_boundary_slope(sample, &problem.sign);
    for (size_t i = 0; i < sample->count; i++) {
        double own = sample->study[i].m * rate;

        own = sample->kind == MTP_GLMM_POISSON ? own : own * rest;
        problem.information = fmax(problem.information, own);
        sample->study[i].eta = fit->common_mu;
    }
    mtp_glmm_bound(sample, &problem);
    /* one study, or one patient a study */
    problem.no_tau = sample->k == 1 || fit->uninformative == sample->k;
    return problem;
}

static void take_maximum(const mtp_glmm_maxima *maxima, mtp_glmm_fit *fit)
{
    fit->mu = maxima->beta[0];
    fit->tau = maxima->tau;
    fit->tau2 = maxima->tau * maxima->tau;
    fit->loglik = maxima->loglik;
    fit->se = maxima->vcov ? sqrt(maxima->vcov[0]) : fit->common_se;
    fit->se_tau = maxima->vcov ? sqrt(maxima->vcov[3]) : (double)NAN;
    fit->iterations = maxima->iterations;
    fit->converged = maxima->converged;
    fit->n_modes = maxima->n_modes;
    for (size_t i = 0; i < maxima->n_modes; i++) {
        fit->modes[i] = maxima->modes[i];
    }
}

mtp_status mtp_glmm_sample_read(mtp_glmm_kind kind, size_t k, const double x[],
                                const double m[], mtp_arena *arena,
                                mtp_glmm_sample *sample, mtp_error *err)
{
    static const double one = 1.0;
    mtp_status status = mtp_glmm_sample_make(kind, k, 1, arena, sample, err);

    if (status == MTP_OK) {
        for (size_t i = 0; i < k; i++) {
            sample->study[i] = mtp_glmm_study_of(kind, x[i], m[i]);
            sample->study[i].row = &one;
        }
        mtp_glmm_sample_arrange(sample);
    }
    return status;
}

static mtp_status find_maximum(mtp_glmm_sample *sample, int nodes, mtp_arena *scratch,
                               mtp_glmm_fit *fit, mtp_error *err)
{
    mtp_glmm_problem problem = problem_of(sample, fit);
    mtp_glmm_maxima maxima;
    mtp_status status = mtp_glmm_search(&problem, nodes, scratch, &maxima, err);

    if (status == MTP_OK) {
        take_maximum(&maxima, fit);
    }
    return status;
}

mtp_status mtp_glmm_common_effect(mtp_glmm_kind kind, size_t k, const double x[],
                                  const double m[], mtp_arena *scratch,
                                  mtp_glmm_fit *fit, mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_glmm_sample sample;
    mtp_status status = mtp_glmm_sample_read(kind, k, x, m, scratch, &sample, err);

    if (status == MTP_OK) {
        *fit = nothing(k);
        if (common_exists(&sample)) {
            mtp_glmm_closed_forms(&sample, fit);
        }
    }
    mtp_arena_release(scratch, mark);
    return status;
}

mtp_status mtp_glmm_fit_one_group(mtp_glmm_kind kind, size_t k, const double x[],
                                  const double m[], int nodes, mtp_arena *scratch,
                                  mtp_glmm_fit *fit, mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_glmm_sample sample;
    mtp_glmm_fit found = nothing(k);
    mtp_status status;

    assert(k > 0 && nodes >= 0 && nodes <= MTP_HERMITE_MAX);
    status = mtp_glmm_sample_read(kind, k, x, m, scratch, &sample, err);
    if (status == MTP_OK && common_exists(&sample)) {
        mtp_glmm_closed_forms(&sample, &found);
        found.exists = maximum_exists(&sample);
        if (found.exists) {
            status = find_maximum(&sample, nodes, scratch, &found, err);
        }
    }
    if (status == MTP_OK) {
        *fit = found;
    }
    mtp_arena_release(scratch, mark);
    return status;
}
