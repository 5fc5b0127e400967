/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LFK index, and what is made of p-values alone. */
#include "bias_analysis/steps.h"
#include "core/error.h"

#include <math.h>

mtp_status mtp_bias_lfk_index(mtp_bias_run *run)
{
    const mtp_effects *effects = run->effects;
    mtp_bias_owned *owned = run->owned;
    mtp_error problem;
    mtp_status status;

    if (!run->asked->lfk) {
        return MTP_OK;
    }
    status = mtp_lfk(effects->k, effects->yi, effects->vi, &owned->lfk, &problem);
    owned->analysis.lfk = owned->lfk;
    return mtp_bias_settle(run, status, &problem, "the LFK index", NULL);
}

static mtp_status p_curve(mtp_bias_run *run)
{
    const mtp_effects *effects = run->effects;
    mtp_bias_owned *owned = run->owned;
    mtp_p_curve_options options;
    mtp_error problem;
    mtp_status status;

    mtp_p_curve_options_init(&options, sizeof options);
    options.null_value = owned->analysis.null_value;
    status = mtp_p_curve(effects->k, effects->yi, effects->vi, &options,
                         &owned->p_curve, &problem);
    if (status == MTP_OK) {
        owned->analysis.p_curve = owned->p_curve;
        mtp_bias_add_notes(run, NULL, &owned->p_curve->notes);
    }
    return mtp_bias_settle(run, status, &problem, "the p-curve", NULL);
}

/* The root of a likelihood ratio, with the sign of the estimate. */
static double root_of(double ratio, double estimate)
{
    return isnan(estimate) ? (double)NAN : copysign(sqrt(ratio), estimate);
}

static mtp_bias_p_uniform *describe(const mtp_bias_run *run,
                                    const mtp_p_uniform_result *r)
{
    mtp_bias_p_uniform *made = MTP_ARENA_NEW(run->arena, mtp_bias_p_uniform);
    mtp_coefficient mean = {NULL,          r->estimate, r->se,
                            (double)NAN,   (double)NAN, r->test.p,
                            r->test.log_p, r->ci_lower, r->ci_upper};

    if (made) {
        mean.statistic = root_of(r->test.statistic, r->estimate);
        mtp_bias_unshift(run, &mean);
        made->result = r;
        made->mean = mean;
        made->back = mtp_bias_back(run, &mean);
    }
    return made;
}

static mtp_status p_uniform(mtp_bias_run *run)
{
    const mtp_effects *effects = run->effects;
    const mtp_bias_settings *b = run->asked;
    mtp_bias_owned *owned = run->owned;
    mtp_p_uniform_options options;
    mtp_error problem;
    mtp_status status;

    mtp_p_uniform_options_init(&options, sizeof options);
    options.side = b->side;
    options.alpha = 0.5 * b->alpha;
    options.tau2 = b->select.tau2;
    options.level = run->pooling->level;
    status = mtp_p_uniform(effects->k, owned->shifted, effects->vi, &options,
                           &owned->p_uniform, &problem);
    if (status == MTP_OK) {
        owned->analysis.p_uniform = describe(run, owned->p_uniform);
        if (!owned->analysis.p_uniform) {
            return mtp_fail_nomem(run->err);
        }
        mtp_bias_add_notes(run, NULL, &owned->p_uniform->notes);
    }
    return mtp_bias_settle(run, status, &problem, "p-uniform*", NULL);
}

mtp_status mtp_bias_p_values(mtp_bias_run *run)
{
    const mtp_bias_settings *b = run->asked;
    mtp_status status = MTP_OK;

    if (!b->hypothesis) {
        return MTP_OK;
    }
    if (b->p_curve) {
        status = p_curve(run);
    }
    return status == MTP_OK && b->p_uniform ? p_uniform(run) : status;
}
