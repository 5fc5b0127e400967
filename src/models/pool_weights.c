/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/pool_job.h"
#include "models/weighted_mean.h"

#include <math.h>
#include <string.h>

static const double *stratified_weights(const mtp_pool_job *job)
{
    double *percent = MTP_ARENA_ARRAY(job->arena, job->effects->k, double);

    if (percent) {
        mtp_stratified_weights(&job->sets.set[0], &job->options, percent);
    }
    return percent;
}

/* Percent of the total weight `sum` at tau2, in the order of the effects; NULL without
 * memory. */
static const double *weights(const mtp_pool_job *job, mtp_dd tau2, mtp_dd sum)
{
    int unit = job->noted[0].normal.unit;
    double *percent = MTP_ARENA_ARRAY(job->arena, job->effects->k, double);

    tau2 = mtp_dd_ldexp(tau2, -2 * unit);
    for (size_t i = 0; i < job->effects->k && percent; i++) {
        mtp_dd w = mtp_weight(ldexp(job->effects->vi[i], -2 * unit), tau2);

        percent[i] = mtp_dd_to(mtp_dd_mul_d(mtp_dd_div(w, sum), 100.0));
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
    const mtp_normal_detail *fit = &job->noted[0].normal;
    bool given = job->options.weights != NULL;

    result->weight_common = job->center ? stratified_weights(job)
                            : given     ? given_weights(job)
                                        : weights(job, mtp_dd_from(0.0), fit->w_common);
    result->weight_random =
        given ? result->weight_common : weights(job, fit->tau2, fit->w_random);
    return result->weight_common && result->weight_random ? MTP_OK
                                                          : mtp_fail_nomem(err);
}

static mtp_status keep_clusters(mtp_pool_job *job, mtp_error *err)
{
    size_t k = job->effects->k;
    size_t *copy;

    if (!job->options.cluster) {
        return MTP_OK;
    }
    copy = MTP_ARENA_ARRAY(job->arena, k, size_t);
    if (!copy) {
        return mtp_fail_nomem(err);
    }
    memcpy(copy, job->options.cluster, k * sizeof *copy);
    job->options.cluster = copy;
    return MTP_OK;
}

/* The options of the result hold a copy. */
mtp_status mtp_pool_keep_columns(mtp_pool_job *job, mtp_error *err)
{
    size_t k = job->effects->k;
    double *copy;

    if (!job->options.weights) {
        return keep_clusters(job, err);
    }
    copy = MTP_ARENA_ARRAY(job->arena, k, double);
    if (!copy) {
        return mtp_fail_nomem(err);
    }
    memcpy(copy, job->options.weights, k * sizeof *copy);
    job->options.weights = copy;
    return keep_clusters(job, err);
}
