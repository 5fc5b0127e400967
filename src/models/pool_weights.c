/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/pool_job.h"
#include "models/weighted_mean.h"

#include <string.h>

static const double *stratified_weights(const mtp_pool_job *job)
{
    double *percent = MTP_ARENA_ARRAY(job->arena, job->effects->k, double);

    if (percent) {
        mtp_stratified_weights(&job->sets.set[0], &job->options, percent);
    }
    return percent;
}

/* Percent of the total weight at tau2, in the order of the effects; NULL without
 * memory. */
static const double *weights(const mtp_pool_job *job, const mtp_studies *studies,
                             mtp_dd tau2)
{
    double *percent = MTP_ARENA_ARRAY(job->arena, studies->k, double);
    mtp_sums sums;

    if (percent) {
        tau2 = mtp_from_unit_of_v(studies, tau2);
        mtp_sums_at(studies, tau2, &sums);
    }
    for (size_t i = 0; i < studies->k && percent; i++) {
        mtp_dd v = mtp_from_unit_of_v(studies, mtp_dd_from(job->effects->vi[i]));
        mtp_dd share = mtp_dd_div(mtp_weight(v.hi, tau2), sums.w);

        percent[i] = mtp_dd_to(mtp_dd_mul_d(share, 100.0));
    }
    return percent;
}

static const double *given_weights(const mtp_pool_job *job)
{
    double *percent = MTP_ARENA_ARRAY(job->arena, job->effects->k, double);

    if (percent) {
        mtp_weights_in_percent(job->effects->k, job->options.weights, percent);
    }
    return percent;
}

mtp_status mtp_pool_add_weights(const mtp_pool_job *job, mtp_pool_result *result,
                                mtp_error *err)
{
    const mtp_study_set *all = &job->sets.set[0];
    mtp_study_block block;
    mtp_studies studies;
    mtp_status status = mtp_studies_prepare(all->k, all->yi, all->vi, 1, NULL,
                                            job->point, &block, &studies, err);

    if (status == MTP_OK) {
        bool given = job->options.weights != NULL;

        result->weight_common = job->center ? stratified_weights(job)
                                : given     ? given_weights(job)
                                            : weights(job, &studies, mtp_dd_from(0.0));
        result->weight_random = given
                                    ? result->weight_common
                                    : weights(job, &studies, job->noted[0].normal.tau2);
        if (!result->weight_common || !result->weight_random) {
            status = mtp_fail_nomem(err);
        }
    }
    return status;
}

/* The options of the result hold a copy. */
mtp_status mtp_pool_keep_weights(mtp_pool_job *job, mtp_error *err)
{
    size_t k = job->effects->k;
    double *copy;

    if (!job->options.weights) {
        return MTP_OK;
    }
    copy = MTP_ARENA_ARRAY(job->arena, k, double);
    if (!copy) {
        return mtp_fail_nomem(err);
    }
    memcpy(copy, job->options.weights, k * sizeof *copy);
    job->options.weights = copy;
    return MTP_OK;
}
