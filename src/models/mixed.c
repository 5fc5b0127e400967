/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mixed.h"

#include "core/error.h"
#include "models/glmm.h"
#include "models/heterogeneity.h"
#include "models/mixed_two_groups.h"
#include "tau2/sums.h"

#include <math.h>
#include <string.h>

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

static void describe_tau2(const mtp_two_group_fit *glmm, mtp_dd vt,
                          mtp_heterogeneity *h)
{
    double gain = 2.0 * (glmm->loglik - glmm->common_loglik);
    mtp_dd tau2 =
        glmm->tau2 > 0.0 ? mtp_dd_two_prod(glmm->tau, glmm->tau) : mtp_dd_from(0.0);

    mtp_heterogeneity_set_tau2(h, tau2, glmm->se_tau2, vt);
    h->tau2 = glmm->tau2;
    h->tau = glmm->tau;
    mtp_boundary_test(glmm->tau2, gain, &h->tau2_statistic, &h->tau2_p);
}

/* A set's mean and tau2, and the fit that they come from. */
typedef struct model {
    mtp_two_group_fit glmm;
    double df;     /* of the mean's intervals: studies less means of the fit */
    bool has_tau2; /* more studies than means */
} model;

/* One group in the terms of two. */
static void take_one_group(const mtp_glmm_fit *one, size_t k, size_t means,
                           mtp_two_group_fit *fit)
{
    fit->exists = one->exists;
    fit->common_exists = isfinite(one->common_mu);
    fit->common = one->common_mu;
    fit->common_se = one->common_se;
    fit->common_loglik = one->common_loglik;
    fit->theta = one->mu;
    fit->se = one->se;
    fit->tau = one->tau;
    fit->tau2 = one->tau2;
    fit->loglik = one->loglik;
    fit->se_tau2 = 2.0 * one->tau * one->se_tau; /* d tau2 = 2 tau d tau */
    fit->saturated_loglik = one->saturated_loglik;
    fit->Q_wald = one->Q_wald;
    fit->LRT = one->LRT;
    fit->parameters = (double)means + 1.0;
    fit->observations = (double)k;
    fit->uninformative_Q = one->uninformative;
    fit->iterations = one->iterations;
    fit->converged = one->converged;
    fit->n_modes = one->n_modes;
    memcpy(fit->modes, one->modes, sizeof one->modes);
}

static mtp_status fit_one_group(const mtp_study_set *set,
                                const mtp_pool_options *options,
                                const mtp_shared_mixed *shared, size_t group,
                                mtp_arena *scratch, model *made, mtp_error *err)
{
    bool rates = set->measure->input == MTP_INPUT_EVENTS_TIME;
    mtp_glmm_kind kind = rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL;
    const double *size = rates ? set->time : set->n;
    size_t k = set->k, means = 1;
    mtp_glmm_fit one;
    mtp_status status;

    if (shared) {
        status =
            mtp_glmm_common_effect(kind, set->k, set->events, size, scratch, &one, err);
        if (status == MTP_OK && shared->column[group] < shared->n_columns) {
            k = shared->design.k;
            means = shared->design.p;
            mtp_shared_mixed_take(shared, group, &one);
        }
    } else {
        status = mtp_glmm_fit_one_group(kind, set->k, set->events, size, options->nodes,
                                        scratch, &one, err);
    }
    if (status == MTP_OK) {
        *made =
            (model){mtp_two_group_fit_start(set->k), (double)(k - means), k > means};
        take_one_group(&one, k, means, &made->glmm);
    }
    return status;
}

static mtp_status fit_model(const mtp_study_set *set, const mtp_pool_options *options,
                            const mtp_shared_mixed *shared, size_t group,
                            mtp_arena *scratch, model *made, mtp_error *err)
{
    mtp_status status;

    if (set->measure->groups != 2) {
        return fit_one_group(set, options, shared, group, scratch, made, err);
    }
    status = mtp_fit_two_groups(set, options, scratch, &made->glmm, err);
    if (status == MTP_OK) {
        made->df = made->glmm.df;
        made->has_tau2 = made->df > 0.0;
    }
    return status;
}

static const char *model_name(const mtp_study_set *set, const mtp_pool_options *options)
{
    if (set->measure->groups == 2) {
        return mtp_model_id(options->model);
    }
    return set->measure->input == MTP_INPUT_EVENTS_TIME ? "poisson-normal"
                                                        : "binomial-normal";
}

static void describe_fit(const model *of, const mtp_study_set *set,
                         const mtp_pool_options *options, mtp_fit *fit)
{
    const mtp_two_group_fit *glmm = &of->glmm;

    *fit = (mtp_fit){.method = MTP_METHOD_GLMM,
                     .tau2_method = MTP_TAU2_ML,
                     .model = model_name(set, options),
                     .nodes = options->nodes,
                     .converged = glmm->exists && glmm->converged,
                     .iterations = glmm->iterations,
                     .boundary = glmm->exists && of->has_tau2 && glmm->tau2 <= 0.0,
                     .alpha = glmm->alpha,
                     .sigma2 = glmm->sigma2,
                     .loglik = glmm->exists ? glmm->loglik : (double)NAN,
                     .loglik_kind = "marginal",
                     MTP_FIT_NO_RHO};
    if (glmm->exists && of->has_tau2) {
        fit->n_modes = glmm->n_modes;
        for (size_t i = 0; i < glmm->n_modes; i++) {
            fit->modes[i] = glmm->modes[i];
        }
    }
    mtp_information_criteria(fit, glmm->observations, glmm->parameters);
}

/* The common effect and the tests, where they exist. */
static void describe_common(const mtp_two_group_fit *glmm, const mtp_study_set *set,
                            const mtp_pool_options *options, mtp_pooled *pooled,
                            mtp_mixed_detail *detail)
{
    mtp_dd none = mtp_dd_from((double)NAN);
    mtp_mean common = {.mu = mtp_dd_from(glmm->common),
                       .se = mtp_dd_from(glmm->common_se),
                       .tau2 = none,
                       .factor = none,
                       .df = glmm->df};

    mtp_heterogeneity_set_count_tests(&pooled->heterogeneity, glmm->Q_wald, glmm->LRT,
                                      fmax(glmm->df, 0.0));
    detail->uninformative = glmm->uninformative;
    detail->uninformative_Q = glmm->uninformative_Q;
    mtp_estimate_common(&common, set, options, &pooled->common, &detail->clipped);
}

/* The maximum over the mean and tau; of one study that shares no tau2, the common
 * effect. */
static void describe_random(const model *of, const mtp_study_set *set,
                            const mtp_pool_options *options, mtp_dd vt,
                            mtp_pooled *pooled, mtp_mixed_detail *detail)
{
    const mtp_two_group_fit *glmm = &of->glmm;
    bool common = !of->has_tau2;
    mtp_dd none = mtp_dd_from((double)NAN);
    mtp_mean random = {.mu = mtp_dd_from(common ? glmm->common : glmm->theta),
                       .se = mtp_dd_from(common ? glmm->common_se : glmm->se),
                       .tau2 = common ? none : mtp_dd_from(glmm->tau2),
                       .factor = none,
                       .df = of->df};

    if (of->has_tau2) {
        describe_tau2(glmm, vt, &pooled->heterogeneity);
    }
    mtp_estimate_random(&random, set, options, &pooled->random, &detail->clipped);
}

mtp_status mtp_fit_mixed(const mtp_study_set *set, const mtp_pool_options *options,
                         const mtp_shared_mixed *shared, size_t group,
                         mtp_arena *scratch, mtp_pooled *pooled,
                         mtp_mixed_detail *detail, mtp_error *err)
{
    mtp_dd vt = mtp_dd_from((double)NAN);
    model made;
    mtp_status status = fit_model(set, options, shared, group, scratch, &made, err);

    if (status == MTP_OK && set->k > 1) {
        status = typical_variance(set, scratch, &vt, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    *detail = (mtp_mixed_detail){0};
    mtp_heterogeneity_clear(&pooled->heterogeneity);
    pooled->heterogeneity.Q_center = "wald";
    describe_fit(&made, set, options, &pooled->fit);
    pooled->exists = made.glmm.exists;
    mtp_estimate_missing(options, false, &pooled->common);
    mtp_estimate_missing(options, true, &pooled->random);
    if (made.glmm.common_exists) {
        describe_common(&made.glmm, set, options, pooled, detail);
    }
    if (made.glmm.exists) {
        describe_random(&made, set, options, vt, pooled, detail);
    }
    return MTP_OK;
}
