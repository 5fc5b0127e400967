/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/normal.h"

#include "models/heterogeneity.h"
#include "models/weighted_mean.h"

#include <math.h>

static bool has_mean(const mtp_center *center)
{
    return center && !isnan(center->mu.hi);
}

/* Q around the centre of each block, or around its inverse-variance mean where that has
 * none. */
static mtp_dd q_around(const mtp_studies *studies, const mtp_center center[])
{
    mtp_dd Q = {0.0, 0.0}, zero = Q;

    for (size_t b = 0; b < studies->n_blocks; b++) {
        const mtp_study_block *block = &studies->block[b];
        mtp_dd mean = {0.0, 0.0}, sum_w = mean;

        for (size_t i = block->begin; i < block->end; i++) {
            mtp_dd w = mtp_weight(studies->point[i].v, zero);

            sum_w = mtp_dd_add(sum_w, w);
            mean = mtp_dd_add(mean, mtp_dd_mul(w, studies->point[i].d));
        }
        mean = mtp_dd_div(mean, sum_w);
        if (has_mean(&center[b])) {
            mean = mtp_dd_sub(center[b].mu, mtp_dd_from(block->centre));
            mean = mtp_dd_ldexp(mean, -studies->unit);
        }
        for (size_t i = block->begin; i < block->end; i++) {
            mtp_dd r = mtp_dd_sub(studies->point[i].d, mean);
            mtp_dd w = mtp_weight(studies->point[i].v, zero);

            Q = mtp_dd_add(Q, mtp_dd_mul(w, mtp_dd_sqr(r)));
        }
    }
    return Q;
}

void mtp_fit_tau2(const mtp_studies *studies, const mtp_center center[],
                  const mtp_pool_options *options, mtp_tau2_fit *fit)
{
    if (options->tau2 == MTP_TAU2_GIVEN) {
        mtp_tau2_fit_given(options->tau2_value, studies, fit);
    } else if (options->tau2 == MTP_TAU2_DL && center) {
        mtp_tau2_fit_with_q(q_around(studies, center), studies, fit);
    } else {
        mtp_tau2_fit_studies(options->tau2, studies, fit);
    }
}

static mtp_dd knapp_hartung_factor(const mtp_sums *sums, double df)
{
    return df > 0.0 ? mtp_dd_div(sums->Q, mtp_dd_from(df)) : mtp_dd_from((double)NAN);
}

size_t mtp_tau2_sets(const mtp_studies *studies, const mtp_pool_options *options,
                     const mtp_tau2_fit *fit, mtp_tau2_set set[MTP_TAU2_CI_COUNT])
{
    size_t n = 0;

    for (int m = 0; m < MTP_TAU2_CI_COUNT && !studies->no_errors; m++) {
        if (m == (int)MTP_TAU2_CI_QP || m == (int)MTP_TAU2_CI_WALD ||
            m == (int)options->tau2_ci) {
            mtp_tau2_set_by((mtp_tau2_ci_method)m, options->tau2, fit, studies,
                            options->level, &set[n++]);
        }
    }
    return n;
}

void mtp_fit_shared_tau2(const mtp_studies *studies, const mtp_center center[],
                         const mtp_pool_options *options, mtp_shared_tau2 *shared)
{
    mtp_tau2_fit fit;
    mtp_sums sums;

    mtp_fit_tau2(studies, center, options, &fit);
    mtp_sums_at(studies, fit.tau2, &sums);
    shared->tau2 = mtp_to_unit_of_y(studies, fit.tau2, 2);
    shared->result = fit.result;
    shared->k = studies->k;
    shared->means = studies->n_blocks;
    shared->df = mtp_studies_df(studies);
    shared->factor = knapp_hartung_factor(&sums, shared->df);
    shared->tau2_variance = mtp_dd_from((double)NAN);
    if (options->tau2 == MTP_TAU2_REML && shared->df > 0.0) {
        shared->tau2_variance =
            mtp_to_unit_of_y(studies, mtp_expected_variance(studies, fit.tau2), 4);
    }
    shared->n_sets = mtp_tau2_sets(studies, options, &fit, shared->set);
}

/* The pooled mean at the weights of `sums`. */
static mtp_mean mean_of(const mtp_studies *studies, const mtp_sums *sums, double df)
{
    mtp_dd centre = mtp_dd_from(studies->block[0].centre);
    mtp_dd se = mtp_dd_sqrt(mtp_dd_inv(sums->w));

    return (mtp_mean){.mu =
                          mtp_dd_add(centre, mtp_to_unit_of_y(studies, sums->mean, 1)),
                      .se = mtp_to_unit_of_y(studies, se, 1),
                      .tau2 = mtp_dd_from((double)NAN),
                      .factor = knapp_hartung_factor(sums, df),
                      .df = df};
}

/* One tau2 that this set and its relatives share, as if it had been fitted here. */
static void take_shared(const mtp_studies *studies, const mtp_shared_tau2 *shared,
                        mtp_tau2_fit *fit)
{
    fit->tau2 = mtp_from_unit_of_v(studies, shared->tau2);
    fit->result = shared->result;
    for (size_t i = 0; i < fit->result.n_modes; i++) {
        mtp_mode *mode = &fit->result.modes[i];
        mtp_sums sums;

        mtp_sums_at(studies, mtp_from_unit_of_v(studies, mtp_dd_from(mode->tau2)),
                    &sums);
        mode->estimate = mtp_dd_to(mean_of(studies, &sums, 0.0).mu);
    }
}

void mtp_describe_fit(const mtp_tau2_result *result, const mtp_pool_options *options,
                      size_t k, size_t means, mtp_fit *fit)
{
    bool restricted = options->tau2 == MTP_TAU2_REML;
    bool estimated = options->tau2 != MTP_TAU2_GIVEN && options->tau2 != MTP_TAU2_EE;
    const char *kind = restricted ? "REML" : "ML";

    *fit = (mtp_fit){.method = options->method,
                     .tau2_method = options->tau2,
                     .model = "normal-normal",
                     .nodes = -1,
                     .converged = true,
                     .iterations = result->iterations,
                     .n_modes = result->n_modes,
                     .boundary = k > means && result->tau2 <= 0.0,
                     .loglik = result->loglik,
                     .alpha = (double)NAN,
                     .sigma2 = (double)NAN,
                     .loglik_kind = isnan(result->loglik) ? NULL : kind,
                     MTP_FIT_NO_RHO};
    for (size_t i = 0; i < result->n_modes; i++) {
        fit->modes[i] = result->modes[i];
    }
    mtp_information_criteria(fit, (double)(restricted ? k - means : k),
                             (double)means + (estimated ? 1.0 : 0.0));
}

/* Heterogeneity from the sums at tau2 = 0 and the fit. One study has no tau2 of its
 * own, but can be given or share one. */
static void describe_heterogeneity(const mtp_studies *studies, const mtp_sums *at_zero,
                                   const mtp_center *center, const mtp_tau2_fit *fit,
                                   mtp_dd tau2, const mtp_pool_options *options,
                                   const mtp_shared_tau2 *shared, mtp_heterogeneity *h)
{
    double df = mtp_studies_df(studies);
    mtp_dd vt = mtp_dd_from((double)NAN);
    mtp_tau2_set own[MTP_TAU2_CI_COUNT];
    const mtp_tau2_set *set = shared ? shared->set : own;
    size_t n;

    mtp_heterogeneity_clear(h);
    if (has_mean(center)) {
        mtp_heterogeneity_set_q(h, center->id, q_around(studies, center), df);
    } else {
        mtp_heterogeneity_set_q(h, "common", at_zero->Q, df);
    }
    if (df > 0.0) {
        vt = mtp_dd_div(mtp_dd_from(df), at_zero->trP);
        vt = mtp_to_unit_of_y(studies, vt, 2);
    }
    if (df > 0.0 || shared || options->tau2 == MTP_TAU2_GIVEN) {
        mtp_heterogeneity_set_tau2(h, tau2, fit->result.se, vt);
    }
    h->n_intervals = 0;
    n = shared ? shared->n_sets : mtp_tau2_sets(studies, options, fit, own);
    for (size_t i = 0; i < n; i++) {
        mtp_heterogeneity_add_interval(h, &set[i], set[i].method == options->tau2_ci,
                                       vt);
    }
}

/* Kenward-Roger follows REML, and needs a degree of freedom; it is made where it is
 * chosen, or beside the others. */
static mtp_kenward_roger kenward_roger(const mtp_studies *studies, mtp_dd tau2,
                                       const mtp_pool_options *options,
                                       const mtp_shared_tau2 *shared)
{
    mtp_kenward_roger made = {{0.0, 0.0}, 0.0};
    mtp_pi_method pi = mtp_pi_chosen(options);
    mtp_dd variance;

    if (options->tau2 != MTP_TAU2_REML || options->weights ||
        (studies->no_errors && options->ci != MTP_CI_KR && pi != MTP_PI_KR &&
         pi != MTP_PI_KR_PR) ||
        !((shared ? shared->df : mtp_studies_df(studies)) > 0.0)) {
        return made;
    }
    variance = shared ? mtp_dd_ldexp(shared->tau2_variance, -4 * studies->unit)
                      : mtp_expected_variance(studies, tau2);
    made = mtp_kenward_roger_of(studies, tau2, variance);
    made.se = mtp_to_unit_of_y(studies, made.se, 1);
    return made;
}

/* The mean by the user's weights, where there are any, at tau2. */
static void take_weights(const mtp_studies *studies, const mtp_study_set *set,
                         mtp_dd tau2, mtp_mean *mean)
{
    mtp_dd mu, se;

    if (set->weights) {
        mtp_weighted_mean(studies, set->weights, tau2, &mu, &se);
        mean->mu = mtp_dd_add(mtp_dd_from(studies->block[0].centre),
                              mtp_to_unit_of_y(studies, mu, 1));
        mean->se = mtp_to_unit_of_y(studies, se, 1);
    }
}

void mtp_fit_normal(const mtp_studies *given, const mtp_study_set *set,
                    const mtp_center *center, const mtp_pool_options *options,
                    const mtp_shared_tau2 *shared, mtp_pooled *pooled,
                    mtp_normal_detail *detail)
{
    mtp_studies with_sums = *given;
    const mtp_studies *studies = &with_sums;
    mtp_dd zero = {0.0, 0.0};
    double df = mtp_studies_df(given);
    mtp_tau2_fit fit;
    mtp_sums at_zero, at_tau2;
    mtp_mean mean;

    *detail = (mtp_normal_detail){.variance_ratio = given->v_max / given->v_min,
                                  .unit = given->unit};
    mtp_sums_at(given, zero, &at_zero);
    with_sums.at_zero = &at_zero;
    if (shared) {
        take_shared(studies, shared, &fit);
    } else {
        mtp_fit_tau2(studies, center, options, &fit);
    }
    detail->tau2 = mtp_to_unit_of_y(studies, fit.tau2, 2);
    detail->raw = fit.result.raw;
    detail->truncated = fit.result.truncated;
    describe_heterogeneity(studies, &at_zero, center, &fit, detail->tau2, options,
                           shared, &pooled->heterogeneity);
    mtp_describe_fit(&fit.result, options, shared ? shared->k : studies->k,
                     shared ? shared->means : 1, &pooled->fit);

    mean = mean_of(studies, &at_zero, df);
    take_weights(studies, set, zero, &mean);
    detail->no_center = center && !has_mean(center);
    if (has_mean(center)) {
        mean.mu = center->mu;
        mean.se = center->se;
    }
    if (detail->no_center) {
        mtp_estimate_missing(options, false, &pooled->common);
    } else {
        mtp_estimate_common(&mean, set, options, &pooled->common, &detail->clipped);
    }
    mtp_sums_at(studies, fit.tau2, &at_tau2);
    detail->w_common = at_zero.w;
    detail->w_random = at_tau2.w;
    mean = mean_of(studies, &at_tau2, df);
    mean.kenward_roger = kenward_roger(studies, fit.tau2, options, shared);
    mean.chosen_only = studies->no_errors;
    take_weights(studies, set, fit.tau2, &mean);
    if (!isnan(pooled->heterogeneity.tau2)) {
        mean.tau2 = detail->tau2;
    }
    if (shared) {
        mean.factor = shared->factor;
        mean.df = shared->df;
    }
    detail->factor = mtp_dd_to(mean.factor);
    mtp_estimate_random(&mean, set, options, &pooled->random, &detail->clipped);
    pooled->exists = true;
}
