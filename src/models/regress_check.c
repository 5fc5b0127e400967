/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/owned.h"
#include "models/regress_job.h"
#include "num/quadrature.h"

#include <math.h>
#include <stddef.h>

void mtp_regress_options_init(mtp_regress_options *options, size_t size)
{
    mtp_regress_options all = {.size = size,
                               .method = MTP_METHOD_INVERSE,
                               .tau2 = MTP_TAU2_REML,
                               .ci = MTP_CI_HKSJ,
                               .predict = MTP_PI_AUTO,
                               .tau2_ci = MTP_TAU2_CI_QP,
                               .level = 0.95,
                               .level_df = MTP_LEVEL_DF_RESIDUAL,
                               .threads = 1,
                               .diagnostics = true,
                               .seed = 20240618,
                               .robust = MTP_ROBUST_NONE};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status check_values(const mtp_regress_options *o, mtp_error *err)
{
    if ((unsigned)o->method >= MTP_METHOD_COUNT ||
        (unsigned)o->tau2 >= MTP_TAU2_COUNT || (unsigned)o->ci >= MTP_CI_COUNT ||
        (unsigned)o->tau2_ci >= MTP_TAU2_CI_COUNT ||
        (unsigned)o->predict >= MTP_PI_COUNT ||
        (unsigned)o->robust >= MTP_ROBUST_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    if (!(o->level > 0.0 && o->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the confidence level is not between 0 and 1 (95%% is 0.95)");
    }
    if (o->tau2 == MTP_TAU2_GIVEN &&
        !(o->tau2_value >= 0.0 && isfinite(o->tau2_value))) {
        return mtp_fail(err, MTP_E_ARG, "tau2 must be a finite number from 0");
    }
    if (o->nodes < 0 || o->nodes > MTP_HERMITE_MAX) {
        return mtp_fail(err, MTP_E_ARG,
                        "there can be 1 to %d quadrature nodes, or 0 for the exact "
                        "integral",
                        (int)MTP_HERMITE_MAX);
    }
    return MTP_OK;
}

static mtp_status check_methods(const mtp_regress_options *o, mtp_error *err)
{
    if (o->method != MTP_METHOD_INVERSE && o->method != MTP_METHOD_GLMM) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "there is no meta-regression by method %s; use inverse or glmm",
                        mtp_method_id(o->method));
    }
    if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T && o->ci != MTP_CI_HKSJ &&
        o->ci != MTP_CI_HKSJ_ADHOC) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a meta-regression has the intervals wald, t, hksj and "
                        "hksj-adhoc, not %s",
                        mtp_ci_id(o->ci));
    }
    if (o->weights && (o->permutations > 0 || o->permute_exact)) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "there is no permutation test with weights");
    }
    if (o->predict == MTP_PI_KR || o->predict == MTP_PI_KR_PR ||
        o->predict == MTP_PI_NNF) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a meta-regression has the prediction intervals wald, v, hts, "
                        "hk and hk-pr, not %s",
                        mtp_pi_id(o->predict));
    }
    return MTP_OK;
}

/* What a mixed model of counts does not have. */
static mtp_status check_glmm(const mtp_effects *effects, const mtp_regress_options *o,
                             mtp_error *err)
{
    mtp_input_kind input = effects->measure->input;

    if (!effects->measure->glmm || !effects->events ||
        (input != MTP_INPUT_EVENTS_N && input != MTP_INPUT_EVENTS_TIME)) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "a mixed model with moderators takes the counts of PLO or IRLN, "
            "not measure %s; use method inverse",
            effects->measure->code);
    }
    if (o->tau2 != MTP_TAU2_ML && o->tau2 != MTP_TAU2_REML) {
        return mtp_fail(err, MTP_E_UNSUPPORTED, "a mixed model is fitted by ML, not %s",
                        mtp_tau2_id(o->tau2));
    }
    if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a mixed model has the intervals wald and t, not %s",
                        mtp_ci_id(o->ci));
    }
    if (o->predict == MTP_PI_HK || o->predict == MTP_PI_HK_PR) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "a mixed model has the prediction intervals wald, v and hts, "
                        "not %s",
                        mtp_pi_id(o->predict));
    }
    if (o->weights || o->permutations > 0 || o->permute_exact || o->scale ||
        o->estimate_without || o->robust != MTP_ROBUST_NONE || o->n_levels > 0) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "with a mixed model there are no weights, permutation tests, "
            "clusters, nested levels, scale models or fits without a study");
    }
    return MTP_OK;
}

/* Clusters, and what does not go with them. */
static mtp_status check_clusters(const mtp_effects *effects,
                                 const mtp_regress_options *o, mtp_error *err)
{
    if (!o->cluster || o->n_clusters == 0) {
        return mtp_fail(err, MTP_E_ARG, "a robust variance needs clusters");
    }
    for (size_t i = 0; i < effects->k; i++) {
        if (o->cluster[i] >= o->n_clusters) {
            return mtp_fail(err, MTP_E_ARG, "study %zu has no cluster", i + 1);
        }
    }
    if (o->permutations > 0 || o->permute_exact) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "there is no permutation test with clusters");
    }
    return MTP_OK;
}

/* What a model of tau2 itself does not have. */
static mtp_status check_scale(const mtp_effects *effects, const mtp_regress_options *o,
                              mtp_error *err)
{
    if (o->scale->k != effects->k || o->scale->p == 0) {
        return mtp_fail(err, MTP_E_ARG,
                        "%zu rows and %zu columns of moderators of "
                        "tau2 for %zu studies",
                        o->scale->k, o->scale->p, effects->k);
    }
    if (o->tau2 != MTP_TAU2_REML && o->tau2 != MTP_TAU2_ML) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "moderators of tau2 are fitted by REML or ML, not %s",
                        mtp_tau2_id(o->tau2));
    }
    if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "with moderators of tau2 there are the intervals wald and t, "
                        "not %s",
                        mtp_ci_id(o->ci));
    }
    if (o->weights || o->permutations > 0 || o->permute_exact || o->estimate_without ||
        o->robust != MTP_ROBUST_NONE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "with moderators of tau2 there are no weights, permutation "
                        "tests, clusters or fits without a study");
    }
    return MTP_OK;
}

/* What nested levels do not have. */
static mtp_status check_levels(const mtp_regress_options *o, mtp_error *err)
{
    if (o->tau2 != MTP_TAU2_REML && o->tau2 != MTP_TAU2_ML) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the variances of nested levels are estimated by REML or ML, "
                        "not %s",
                        mtp_tau2_id(o->tau2));
    }
    if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "nested levels have the intervals wald and t, not %s",
                        mtp_ci_id(o->ci));
    }
    if (o->predict != MTP_PI_AUTO && o->predict != MTP_PI_WALD &&
        o->predict != MTP_PI_V && o->predict != MTP_PI_NONE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "nested levels have the prediction intervals wald and v, not "
                        "%s",
                        mtp_pi_id(o->predict));
    }
    if (o->level_df != MTP_LEVEL_DF_RESIDUAL && o->level_df != MTP_LEVEL_DF_CONTAIN) {
        return mtp_fail(err, MTP_E_ARG,
                        "degrees of freedom in nested levels are residual or contain");
    }
    if (o->weights || o->permutations > 0 || o->permute_exact || o->scale ||
        o->estimate_without) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "with nested levels there are no weights, permutation tests, "
                        "scale models or fits without a study");
    }
    return MTP_OK;
}

static mtp_status check_moderators(const mtp_effects *effects,
                                   const mtp_moderators *mods, mtp_error *err)
{
    if (effects->k == 0) {
        return mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    if (mods->p == 0) {
        return mtp_fail(err, MTP_E_ARG, "there are no columns of moderators");
    }
    if (mods->k != effects->k) {
        return mtp_fail(err, MTP_E_ARG, "%zu rows of moderators for %zu studies",
                        mods->k, effects->k);
    }
    for (size_t i = 0; i < mods->k && mods->intercept; i++) {
        if (mods->x[i * mods->p] != 1.0) {
            return mtp_fail(err, MTP_E_ARG,
                            "the first column is not the intercept: row %zu is not 1",
                            i + 1);
        }
    }
    return MTP_OK;
}

mtp_status mtp_regress_check(const mtp_effects *effects, const mtp_moderators *mods,
                             const mtp_regress_options *options,
                             mtp_regress_options *used, mtp_error *err)
{
    mtp_status status;

    mtp_regress_options_init(used, sizeof *used);
    status = mtp_options_complete(used, sizeof *used, options,
                                  offsetof(mtp_regress_options, method),
                                  "mtp_regress_options_init", err);
    if (status != MTP_OK) {
        return status;
    }
    status = check_values(used, err);
    if (used->robust != MTP_ROBUST_NONE) { /* as t, with other errors and df */
        used->ci = MTP_CI_T;
    }
    if (status == MTP_OK) {
        status = check_methods(used, err);
    }
    if (status == MTP_OK && used->method == MTP_METHOD_GLMM) {
        status = check_glmm(effects, used, err);
    }
    if (status == MTP_OK && used->robust != MTP_ROBUST_NONE) {
        status = check_clusters(effects, used, err);
    }
    if (status == MTP_OK && used->scale) {
        status = check_scale(effects, used, err);
    }
    if (status == MTP_OK && used->n_levels > 0) {
        status = check_levels(used, err);
    }
    if (used->robust != MTP_ROBUST_NONE) {
        used->ci = MTP_CI_ROBUST;
    }
    return status == MTP_OK ? check_moderators(effects, mods, err) : status;
}
