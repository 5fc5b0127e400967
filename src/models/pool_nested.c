/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/levels.h"
#include "models/pool_job.h"

#include <math.h>

static mtp_status refuse(mtp_error *err, const char *option, const char *id,
                         const char *has)
{
    return mtp_fail(err, MTP_E_UNSUPPORTED, "nested levels have no %s %s: they have %s",
                    option, id, has);
}

mtp_status mtp_pool_check_nested(const mtp_pool_options *o,
                                 const mtp_grouping *grouping, mtp_error *err)
{
    if (o->n_levels == 0) {
        return MTP_OK;
    }
    if (o->method != MTP_METHOD_INVERSE) {
        return refuse(err, "method", mtp_method_id(o->method), "inverse");
    }
    if (o->tau2 != MTP_TAU2_REML && o->tau2 != MTP_TAU2_ML) {
        return refuse(err, "estimator", mtp_tau2_id(o->tau2), "REML and ML");
    }
    if (o->ci != MTP_CI_WALD && o->ci != MTP_CI_T && o->ci != MTP_CI_ROBUST) {
        return refuse(err, "interval", mtp_ci_id(o->ci), "wald, t and robust");
    }
    if (o->predict != MTP_PI_AUTO && o->predict != MTP_PI_WALD &&
        o->predict != MTP_PI_V && o->predict != MTP_PI_ROBUST &&
        o->predict != MTP_PI_NONE) {
        return refuse(err, "prediction interval", mtp_pi_id(o->predict),
                      "wald, v and robust");
    }
    if (o->level_df != MTP_LEVEL_DF_RESIDUAL && o->level_df != MTP_LEVEL_DF_CONTAIN) {
        return mtp_fail(err, MTP_E_ARG,
                        "degrees of freedom in nested levels are residual or contain");
    }
    if (grouping || o->weights) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "nested levels are pooled without subgroups and without "
                        "weights of the caller's");
    }
    return MTP_OK;
}

static mtp_status fit(mtp_pool_job *job, mtp_error *err)
{
    const mtp_pool_options *o = &job->options;
    mtp_multilevel_options options;

    mtp_multilevel_options_init(&options, sizeof options);
    options.method = o->tau2;
    options.level = o->level;
    options.df = o->level_df;
    return mtp_multilevel(job->effects->k, job->effects->yi, job->effects->vi, 1, NULL,
                          o->n_levels, o->levels, &options, &job->nested, err);
}

mtp_status mtp_pool_fit_nested(mtp_pool_job *job, mtp_error *err)
{
    mtp_pooled *pooled = &job->pooled[0];
    mtp_normal_detail *detail = &job->noted[0].normal;
    const mtp_multilevel_result *nested;
    mtp_mean mean;
    mtp_status status = fit(job, err);

    if (status != MTP_OK) {
        return status;
    }
    nested = job->nested;
    mtp_levels_describe(nested, &pooled->heterogeneity, &pooled->fit);
    pooled->n_levels = nested->n_levels;
    pooled->levels = nested->levels;
    mean = (mtp_mean){.mu = mtp_dd_from(nested->beta[0]),
                      .se = mtp_dd_sqrt(mtp_dd_from(nested->vcov[0])),
                      .tau2 = mtp_dd_from(nested->tau2),
                      .factor = mtp_dd_from((double)NAN),
                      .df = nested->df[0]};
    detail->tau2 = mean.tau2;
    detail->raw = nested->tau2;
    detail->truncated = false;
    detail->factor = (double)NAN;
    mtp_estimate_random(&mean, &job->sets.set[0], &job->options, &pooled->random,
                        &detail->clipped);
    return MTP_OK;
}
