/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/pool_check.h"

#include "core/error.h"
#include "core/owned.h"
#include "models/stratified.h"
#include "num/quadrature.h"

#include <math.h>

static mtp_status check_values(const mtp_effects *effects, const mtp_pool_options *o,
                               mtp_error *err)
{
    if (!(o->level > 0.0 && o->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the confidence level is not between 0 and 1 (95%% is 0.95)");
    }
    if (o->tau2 == MTP_TAU2_GIVEN &&
        !(o->tau2_value >= 0.0 && isfinite(o->tau2_value))) {
        return mtp_fail(err, MTP_E_ARG, "tau2 must be a finite number from 0");
    }
    if (!(o->mh_add >= 0.0 && isfinite(o->mh_add))) {
        return mtp_fail(err, MTP_E_ARG,
                        "what is added to the cells of Mantel-Haenszel and Peto sums "
                        "must be a finite number from 0");
    }
    if (o->draws < 1) {
        return mtp_fail(err, MTP_E_ARG, "a bootstrap needs draws");
    }
    if (o->nodes < 0 || o->nodes > MTP_HERMITE_MAX) {
        return mtp_fail(err, MTP_E_ARG,
                        "there can be 1 to %d quadrature nodes, or 0 for the exact "
                        "integral",
                        (int)MTP_HERMITE_MAX);
    }
    /* No measure's range depends on the n of the Freeman-Tukey transform. */
    if (!isnan(o->null_value) && !isfinite(mtp_forward_transform(
                                     effects->measure->measure, o->null_value, 1.0))) {
        return mtp_fail(err, MTP_E_ARG,
                        "the null value has no place on the %s scale of %s",
                        effects->measure->scale, effects->measure->code);
    }
    return MTP_OK;
}

static mtp_status check_enums(const mtp_pool_options *o, mtp_error *err)
{
    if ((unsigned)o->method >= MTP_METHOD_COUNT ||
        (unsigned)o->model >= MTP_MODEL_COUNT || (unsigned)o->tau2 >= MTP_TAU2_COUNT ||
        (unsigned)o->tau2_ci >= MTP_TAU2_CI_COUNT || (unsigned)o->ci >= MTP_CI_COUNT ||
        (unsigned)o->predict >= MTP_PI_COUNT ||
        (unsigned)o->tau2_scope > MTP_TAU2_COMMON ||
        (unsigned)o->ft_n > MTP_FT_INVERSE_VARIANCE ||
        (unsigned)o->mh_to > MTP_ADD_NONE || (unsigned)o->robust >= MTP_ROBUST_COUNT ||
        o->robust == MTP_ROBUST_NONE) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    return MTP_OK;
}

/* Which measures the methods exist for, and what a measure without them can take. */
static mtp_status check_method(const mtp_effects *effects, const mtp_pool_options *o,
                               mtp_error *err)
{
    const char *code = effects->measure->code;

    if (mtp_method_pools(o->method, effects->measure)) {
        return MTP_OK;
    }
    switch (o->method) {
    case MTP_METHOD_MH:
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "measure %s is not pooled by Mantel-Haenszel; OR, RR, RD, IRR "
                        "and IRD are, or use method %s",
                        code,
                        effects->measure->measure == MTP_PETO ? "peto" : "inverse");
    case MTP_METHOD_PETO:
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "measure %s is not pooled by Peto's method; measure PETO, the "
                        "odds ratio, is, or use method inverse",
                        code);
    case MTP_METHOD_BETABINOMIAL:
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "measure %s has no beta-binomial model; PLO has, or use method "
                        "inverse",
                        code);
    default:
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "measure %s has no generalized linear mixed model; of one group PLO "
            "and IRLN have, of two OR and IRR; or use method inverse",
            code);
    }
}

static mtp_status check_glmm(const mtp_effects *effects, const mtp_grouping *grouping,
                             const mtp_pool_options *o, mtp_error *err)
{
    if (effects->measure->measure == MTP_IRR && o->model == MTP_MODEL_CM_AL) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the approximate conditional model (cm.al) is of odds ratios; "
                        "of rate ratios it would be exact: use cm.el");
    }
    if (grouping && effects->measure->groups == 2 && o->tau2_scope == MTP_TAU2_COMMON) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a mixed model of two groups with a common tau2 of the "
                        "subgroups is not supported; use tau2-scope separate, or "
                        "method inverse");
    }
    if (o->tau2 != MTP_TAU2_ML) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "a generalized linear mixed model estimates tau2 by ML, not %s; "
            "use tau2 ML, or method inverse",
            mtp_tau2_id(o->tau2));
    }
    if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a generalized linear mixed model has no %s interval; use wald "
                        "or t, or method inverse",
                        mtp_ci_id(o->ci));
    }
    if (o->tau2_ci != MTP_TAU2_CI_QP) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a generalized linear mixed model has no %s interval of tau2; "
                        "leave it out, or use method inverse",
                        mtp_tau2_ci_label(o->tau2_ci));
    }
    if (o->weights) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a generalized linear mixed model has no study weights; leave "
                        "them out, or use method inverse");
    }
    if (o->predict != MTP_PI_AUTO && o->predict != MTP_PI_NONE &&
        o->predict > MTP_PI_HTS) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a generalized linear mixed model has no %s prediction; use "
                        "wald, v or hts, or method inverse",
                        mtp_pi_id(o->predict));
    }
    return MTP_OK;
}

/* There is no tau2 to be estimated or shared, and nothing is predicted. */
static mtp_status check_beta_binomial(const mtp_grouping *grouping, mtp_pool_options *o,
                                      mtp_error *err)
{
    const char *what = NULL;

    if (o->tau2 != MTP_TAU2_ML || o->tau2_ci != MTP_TAU2_CI_QP ||
        (grouping && o->tau2_scope == MTP_TAU2_COMMON)) {
        what = "tau2; leave its options out (tau2 stays ML)";
    } else if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T) {
        what = "such interval; use wald or t";
    } else if (o->weights) {
        what = "study weights; leave them out";
    } else if (o->predict != MTP_PI_AUTO && o->predict != MTP_PI_NONE) {
        what = "prediction interval; use none";
    }
    o->predict = MTP_PI_NONE;
    return what ? mtp_fail(err, MTP_E_UNSUPPORTED,
                           "a beta-binomial model has no %s, or use method inverse",
                           what)
                : MTP_OK;
}

/* Which estimators of tau2 and which scope the intervals go with. */
static mtp_status check_intervals(const mtp_grouping *grouping,
                                  const mtp_pool_options *o, mtp_error *err)
{
    bool ci_kr = o->ci == MTP_CI_KR, ci_pl = o->ci == MTP_CI_PL;
    bool pi_kr = o->predict == MTP_PI_KR || o->predict == MTP_PI_KR_PR;
    bool shared = grouping && o->tau2_scope == MTP_TAU2_COMMON;

    if ((ci_kr || pi_kr) && o->tau2 != MTP_TAU2_REML) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the %s interval of Kenward and Roger goes with tau2 by REML, "
                        "not %s; use tau2 REML, or another %s interval",
                        ci_kr ? "confidence" : "prediction", mtp_tau2_id(o->tau2),
                        ci_kr ? "confidence" : "prediction");
    }
    if (ci_pl && (o->tau2 == MTP_TAU2_GIVEN || o->tau2 == MTP_TAU2_EE)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the profile likelihood interval is over every tau2, and tau2 "
                        "is %s; use an estimator of tau2, or the wald interval",
                        o->tau2 == MTP_TAU2_EE ? "set to 0 (EE)" : "given");
    }
    if (shared && (o->ci == MTP_CI_HC || o->predict == MTP_PI_NNF)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "%s for a tau2 that subgroups share; use tau2-scope separate, "
                        "or another interval",
                        o->ci == MTP_CI_HC ? "there is no Henmi-Copas interval"
                                           : "there is no nnf prediction");
    }
    return MTP_OK;
}

/* Intervals that rest on inverse-variance weights. */
static mtp_status check_weighted(const mtp_pool_options *o, mtp_error *err)
{
    bool ci = o->ci >= MTP_CI_KR && o->ci < MTP_CI_ROBUST;
    bool pi = o->predict >= MTP_PI_KR && o->predict < MTP_PI_ROBUST;

    if (o->method != MTP_METHOD_INVERSE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "method %s has weights of its own; leave yours out, or use "
                        "method inverse",
                        mtp_method_id(o->method));
    }
    if (ci || pi) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "the %s %s rests on inverse-variance weights; leave the weights "
            "out, or use %s",
            ci ? mtp_ci_id(o->ci) : mtp_pi_id(o->predict),
            ci ? "interval" : "prediction",
            ci ? "wald, t or a hksj interval" : "prediction wald, v, hts, hk or hk-pr");
    }
    return MTP_OK;
}

static mtp_status check_weights(const mtp_effects *effects, const mtp_pool_options *o,
                                mtp_error *err)
{
    bool positive = o->tau2 == MTP_TAU2_GENQ || o->tau2 == MTP_TAU2_GENQM;

    for (size_t i = 0; i < effects->k; i++) {
        double weight = o->weights[i];

        if (!(weight >= 0.0 && isfinite(weight)) || (positive && weight == 0.0)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "weights",
                               positive ? "the weight is not positive and finite, as "
                                          "the generalized Q needs it"
                                        : "the weight is negative or not finite");
        }
    }
    return MTP_OK;
}

/* Clusters, the interval that takes them and what it goes with. */
static mtp_status check_robust(const mtp_effects *effects, const mtp_pool_options *o,
                               mtp_error *err)
{
    if ((o->ci == MTP_CI_ROBUST || o->predict == MTP_PI_ROBUST) && !o->cluster) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a robust interval needs the clusters of the studies");
    }
    if (!o->cluster) {
        return MTP_OK;
    }
    if (o->ci != MTP_CI_ROBUST) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the %s interval knows no clusters; use the robust one, or "
                        "leave the clusters out",
                        mtp_ci_id(o->ci));
    }
    if (o->method != MTP_METHOD_INVERSE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "method %s has no robust variance; use method inverse, or "
                        "leave the clusters out",
                        mtp_method_id(o->method));
    }
    for (size_t i = 0; i < effects->k; i++) {
        if (o->cluster[i] >= o->n_clusters) {
            return mtp_fail(err, MTP_E_ARG, "study %zu has no cluster", i + 1);
        }
    }
    return MTP_OK;
}

static mtp_status check_grouping(const mtp_effects *effects, const mtp_grouping *by,
                                 mtp_error *err)
{
    for (size_t i = 0; i < effects->k; i++) {
        if (by->level[i] >= by->n_levels) {
            return mtp_fail(err, MTP_E_ARG, "study %zu has no subgroup", i + 1);
        }
    }
    return MTP_OK;
}

mtp_status mtp_pool_check(const mtp_effects *effects, const mtp_grouping *grouping,
                          const mtp_pool_options *options, mtp_pool_options *used,
                          mtp_error *err)
{
    mtp_status status;

    mtp_pool_options_init(used, sizeof *used);
    status = mtp_options_complete(used, sizeof *used, options,
                                  offsetof(mtp_pool_options, method),
                                  "mtp_pool_options_init", err);
    if (status != MTP_OK) {
        return status;
    }
    if (effects->k == 0) {
        return mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    status = check_enums(used, err);
    if (status == MTP_OK) {
        status = check_values(effects, used, err);
    }
    if (status == MTP_OK) {
        status = check_method(effects, used, err);
    }
    if (status == MTP_OK && used->method == MTP_METHOD_GLMM) {
        status = check_glmm(effects, grouping, used, err);
    }
    if (status == MTP_OK && used->method == MTP_METHOD_BETABINOMIAL) {
        status = check_beta_binomial(grouping, used, err);
    }
    if (status == MTP_OK) {
        status = check_intervals(grouping, used, err);
    }
    if (status == MTP_OK && used->weights) {
        status = check_weighted(used, err);
    }
    if (status == MTP_OK) {
        status = check_robust(effects, used, err);
    }
    if (status == MTP_OK && grouping) {
        status = check_grouping(effects, grouping, err);
    }
    if (status == MTP_OK && used->weights) {
        status = check_weights(effects, used, err);
    }
    return status;
}
