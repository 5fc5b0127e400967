/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/estimate.h"

#include "core/error.h"
#include "num/dist.h"

#include <math.h>

/*
 * Paule-Mandel: Q(tau2) = target, or 0 where Q(0) is no larger. The target is k - p, or
 * for the median-unbiased estimate the median of chi-square with k - p degrees of
 * freedom. Empirical Bayes, the iterated DerSimonian-Laird and the limit of iterating
 * Sidik-Jonkman's t -> t Q(t) / (k - p) solve the equation of the first.
 * se = sqrt(2 k^2 / (k - p)) / sum w.
 * Sources: Paule & Mandel (1982), J Res Natl Bur Stand 87:377-385,
 * doi:10.6028/jres.087.022; Morris (1983), J Am Stat Assoc 78:47-55,
 * doi:10.1080/01621459.1983.10477920.
 */
static void paule_mandel(const mtp_studies *studies, double target, mtp_tau2_fit *fit)
{
    mtp_dd df = mtp_dd_from(mtp_studies_df(studies)), se;
    double k = (double)studies->k;
    mtp_sums s;

    mtp_sums_at(studies, fit->tau2, &s);
    fit->result.iterations = 1;
    if (mtp_difference(s.Q, mtp_dd_from(target)).hi > 0.0) {
        fit->tau2 = mtp_q_root(studies, target, &fit->result.iterations);
    }
    if (studies->no_errors) {
        return;
    }
    mtp_sums_at(studies, fit->tau2, &s);
    se = mtp_dd_sqrt(mtp_dd_div(mtp_dd_from(2.0), df));
    se = mtp_dd_div(mtp_dd_mul_d(se, k), s.w);
    fit->result.se = mtp_dd_to(mtp_to_unit_of_y(studies, se, 2));
}

/* The log-likelihood at an estimate that does not maximize it. */
static double ml_at(const mtp_studies *studies, mtp_dd t)
{
    mtp_sums s;

    mtp_sums_at(studies, t, &s);
    return mtp_dd_to(mtp_log_likelihood(studies, false, t, &s));
}

static void estimate(mtp_tau2_method method, const mtp_studies *studies,
                     mtp_tau2_fit *fit)
{
    double df = mtp_studies_df(studies);

    switch (method) {
    case MTP_TAU2_REML:
    case MTP_TAU2_ML:
        mtp_tau2_likelihood(method, studies, fit);
        break;
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
    case MTP_TAU2_SJIT:
    case MTP_TAU2_DLIT:
        paule_mandel(studies, df, fit);
        break;
    case MTP_TAU2_PMM:
        paule_mandel(studies, mtp_chisq_lower_quantile(0.5, df), fit);
        break;
    case MTP_TAU2_GENQM:
        mtp_tau2_generalized_median(studies, fit);
        break;
    case MTP_TAU2_EE:
        break;
    default:
        mtp_tau2_moment(method, studies, fit);
        break;
    }
}

static void start(mtp_tau2_fit *fit)
{
    *fit = (mtp_tau2_fit){.result = {.se = (double)NAN, .loglik = (double)NAN}};
}

/* What every fit has, from its tau2. */
static void finish(const mtp_studies *studies, mtp_tau2_fit *fit)
{
    mtp_tau2_result *r = &fit->result;

    r->tau2 = mtp_dd_to(mtp_to_unit_of_y(studies, fit->tau2, 2));
    if (r->raw == 0.0) { /* only a moment estimator has another */
        r->raw = r->tau2;
    }
    if (isnan(r->loglik)) {
        r->loglik = ml_at(studies, fit->tau2);
    }
}

void mtp_tau2_fit_studies(mtp_tau2_method method, const mtp_studies *studies,
                          mtp_tau2_fit *fit)
{
    start(fit);
    if (studies->k > studies->means) {
        estimate(method, studies, fit);
        finish(studies, fit);
    }
}

mtp_dd mtp_tau2_alone(mtp_tau2_method method, const mtp_studies *studies)
{
    mtp_studies bare = *studies;
    mtp_tau2_fit fit;

    start(&fit);
    bare.no_errors = true;
    if (bare.k > bare.means) {
        estimate(method, &bare, &fit);
    }
    return fit.tau2;
}

void mtp_tau2_fit_with_q(mtp_dd Q, const mtp_studies *studies, mtp_tau2_fit *fit)
{
    start(fit);
    if (studies->k > studies->means) {
        mtp_tau2_dersimonian_laird(studies, &Q, fit);
        fit->result.iterations = 1;
        finish(studies, fit);
    }
}

void mtp_tau2_fit_given(double tau2, const mtp_studies *studies, mtp_tau2_fit *fit)
{
    *fit = (mtp_tau2_fit){
        .tau2 = mtp_from_unit_of_v(studies, mtp_dd_from(tau2)),
        .result = {
            .tau2 = tau2, .raw = tau2, .se = (double)NAN, .loglik = (double)NAN}};
    if (studies->k > studies->means) {
        fit->result.loglik = ml_at(studies, fit->tau2);
    }
}

mtp_status mtp_one_block_new(size_t k, const double yi[], const double vi[],
                             const double weights[], mtp_one_block *made,
                             mtp_error *err)
{
    mtp_study_point *point;
    mtp_status status;

    if (k == 0) {
        return mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    made->arena = mtp_arena_new();
    point = made->arena ? MTP_ARENA_ARRAY(made->arena, k, mtp_study_point) : NULL;
    status = point ? mtp_studies_prepare(k, yi, vi, 1, NULL, point, &made->block,
                                         &made->studies, err)
                   : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        status = mtp_studies_set_weights(&made->studies, weights, err);
    }
    if (status != MTP_OK) {
        mtp_arena_free(made->arena);
    }
    return status;
}

mtp_status mtp_tau2_estimate_weighted(mtp_tau2_method method, size_t k,
                                      const double yi[], const double vi[],
                                      const double weights[], mtp_tau2_result *result,
                                      mtp_error *err)
{
    mtp_one_block one;
    mtp_tau2_fit fit;
    mtp_status status;

    if ((unsigned)method >= MTP_TAU2_GIVEN) {
        return mtp_fail(err, MTP_E_ARG, "there is no such estimator of tau2");
    }
    if (weights && method != MTP_TAU2_GENQ && method != MTP_TAU2_GENQM) {
        return mtp_fail(err, MTP_E_ARG,
                        "only GENQ and GENQM take weights, not %s; leave them out",
                        mtp_tau2_id(method));
    }
    status = mtp_one_block_new(k, yi, vi, weights, &one, err);
    if (status == MTP_OK) {
        mtp_tau2_fit_studies(method, &one.studies, &fit);
        *result = fit.result;
        mtp_arena_free(one.arena);
    }
    return status;
}

mtp_status mtp_tau2_estimate(mtp_tau2_method method, size_t k, const double yi[],
                             const double vi[], mtp_tau2_result *result, mtp_error *err)
{
    return mtp_tau2_estimate_weighted(method, k, yi, vi, NULL, result, err);
}
