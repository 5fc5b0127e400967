/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mixed.h"

#include "core/error.h"
#include "models/glmm.h"
#include "models/heterogeneity.h"
#include "num/dist.h"
#include "tau2/sums.h"

#include <math.h>

/* (k - 1) / tr P of the study effects at tau2 = 0. */
static mtp_status typical_variance(const mtp_study_set *set, mtp_arena *scratch,
                                   mtp_dd *vt, mtp_error *err)
{
    mtp_study_point *point = MTP_ARENA_ARRAY(scratch, set->k, mtp_study_point);
    mtp_study_block block;
    mtp_studies studies;
    mtp_sums sums;
    mtp_status status;

    if (!point) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(set->k, set->yi, set->vi, 1, NULL, point, &block,
                                 &studies, err);
    if (status == MTP_OK) {
        mtp_sums_at(&studies, mtp_dd_from(0.0), &sums);
        *vt = mtp_dd_div(mtp_dd_from(mtp_studies_df(&studies)), sums.trP);
        *vt = mtp_to_unit_of_y(&studies, *vt, 2);
    }
    return status;
}

static void describe_tests(const mtp_glmm_fit *glmm, double df, mtp_heterogeneity *h)
{
    mtp_tail tail = {1.0, 0.0};

    mtp_heterogeneity_set_q(h, "wald", mtp_dd_from(glmm->Q_wald), df);
    h->LRT = glmm->LRT;
    h->LRT_df = df;
    if (df > 0.0) {
        tail = mtp_chisq_upper(h->LRT, df);
    }
    h->LRT_p = tail.p;
    h->LRT_log_p = tail.log_p;
}

static void describe_tau2(const mtp_glmm_fit *glmm, mtp_dd vt, mtp_heterogeneity *h)
{
    double gain = 2.0 * (glmm->loglik - glmm->common_loglik);
    mtp_dd tau2 =
        glmm->tau2 > 0.0 ? mtp_dd_two_prod(glmm->tau, glmm->tau) : mtp_dd_from(0.0);

    /* delta method: d tau2 = 2 tau d tau */
    mtp_heterogeneity_set_tau2(h, tau2, 2.0 * glmm->tau * glmm->se_tau, vt);
    h->tau2 = glmm->tau2;
    h->tau = glmm->tau;
    h->tau2_statistic = glmm->tau2 > 0.0 && gain > 0.0 ? gain : 0.0;
    h->tau2_p =
        h->tau2_statistic > 0.0 ? 0.5 * mtp_chisq_upper(h->tau2_statistic, 1.0).p : 1.0;
}

static void describe_fit(const mtp_glmm_fit *glmm, const mtp_study_set *set,
                         const mtp_pool_options *options, mtp_fit *fit)
{
    *fit = (mtp_fit){.method = MTP_METHOD_GLMM,
                     .tau2_method = MTP_TAU2_ML,
                     .model = set->measure->input == MTP_INPUT_EVENTS_TIME
                                  ? "poisson-normal"
                                  : "binomial-normal",
                     .nodes = options->nodes,
                     .converged = glmm->exists && glmm->converged,
                     .iterations = glmm->iterations,
                     .boundary = glmm->exists && set->k > 1 && glmm->tau2 <= 0.0,
                     .loglik = glmm->exists ? glmm->loglik : (double)NAN,
                     .loglik_kind = "marginal"};
    if (glmm->exists && set->k > 1) {
        fit->n_modes = glmm->n_modes;
        for (size_t i = 0; i < glmm->n_modes; i++) {
            fit->modes[i] = glmm->modes[i];
        }
    }
    mtp_information_criteria(fit, (double)set->k, 2.0);
}

/* The common effect and the tests, wherever there are events and non-events. */
static void describe_common(const mtp_glmm_fit *glmm, const mtp_study_set *set,
                            const mtp_pool_options *options, mtp_pooled *pooled,
                            mtp_mixed_detail *detail)
{
    double df = (double)set->k - 1.0;
    mtp_dd none = mtp_dd_from((double)NAN);
    mtp_mean common = {.mu = mtp_dd_from(glmm->common_mu),
                       .se = mtp_dd_from(glmm->common_se),
                       .tau2 = none,
                       .factor = none,
                       .df = df};

    describe_tests(glmm, df, &pooled->heterogeneity);
    detail->uninformative = glmm->uninformative;
    mtp_estimate_common(&common, set, options, &pooled->common, &detail->clipped);
}

/* The maximum over (mu, tau); of one study, the common effect. */
static void describe_random(const mtp_glmm_fit *glmm, const mtp_study_set *set,
                            const mtp_pool_options *options, mtp_dd vt,
                            mtp_pooled *pooled, mtp_mixed_detail *detail)
{
    bool alone = set->k == 1;
    mtp_dd none = mtp_dd_from((double)NAN);
    mtp_mean random = {.mu = mtp_dd_from(alone ? glmm->common_mu : glmm->mu),
                       .se = mtp_dd_from(alone ? glmm->common_se : glmm->se),
                       .tau2 = alone ? none : mtp_dd_from(glmm->tau2),
                       .factor = none,
                       .df = (double)set->k - 1.0};

    if (!alone) {
        describe_tau2(glmm, vt, &pooled->heterogeneity);
    }
    mtp_estimate_random(&random, set, options, &pooled->random, &detail->clipped);
}

mtp_status mtp_fit_mixed(const mtp_study_set *set, const mtp_pool_options *options,
                         mtp_arena *scratch, mtp_pooled *pooled,
                         mtp_mixed_detail *detail, mtp_error *err)
{
    bool rates = set->measure->input == MTP_INPUT_EVENTS_TIME;
    mtp_dd vt = mtp_dd_from((double)NAN);
    mtp_glmm_fit glmm;
    mtp_status status = mtp_glmm_fit_one_group(
        rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL, set->k, set->events,
        rates ? set->time : set->n, options->nodes, scratch, &glmm, err);

    if (status == MTP_OK && set->k > 1) {
        status = typical_variance(set, scratch, &vt, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    *detail = (mtp_mixed_detail){0};
    mtp_heterogeneity_clear(&pooled->heterogeneity);
    pooled->heterogeneity.Q_center = "wald";
    describe_fit(&glmm, set, options, &pooled->fit);
    pooled->exists = glmm.exists;
    mtp_estimate_missing(options, false, &pooled->common);
    mtp_estimate_missing(options, true, &pooled->random);
    if (isfinite(glmm.common_mu)) {
        describe_common(&glmm, set, options, pooled, detail);
    }
    if (glmm.exists) {
        describe_random(&glmm, set, options, vt, pooled, detail);
    }
    return MTP_OK;
}
