/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/sensitivity.h"

#include "core/error.h"
#include "core/owned.h"
#include "core/parallel.h"
#include "sensitivity/subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Which studies each fit has: those outside a group, those outside a pair, or those
 * that have come so far. */
typedef struct fits_job {
    const mtp_effects *effects;
    mtp_pool_options options;
    size_t n;
    const size_t *group;
    const size_t *pair;
    const size_t *step;
    mtp_subset_fit *fit; /* [n] */
} fits_job;

static bool belongs(const fits_job *job, size_t fit, size_t study)
{
    if (job->pair) {
        return study != job->pair[2 * fit] && study != job->pair[2 * fit + 1];
    }
    if (job->step) {
        return job->step[study] <= fit;
    }
    return (job->group ? job->group[study] : study) != fit;
}

static mtp_status fit_one(void *context, size_t index)
{
    const fits_job *job = (const fits_job *)context;
    mtp_arena *arena = mtp_arena_new();
    size_t *keep = arena ? MTP_ARENA_ARRAY(arena, job->effects->k, size_t) : NULL;
    mtp_status status = MTP_E_NOMEM;
    size_t k = 0;

    for (size_t i = 0; keep && i < job->effects->k; i++) {
        if (belongs(job, index, i)) {
            keep[k++] = i;
        }
    }
    if (keep) {
        status =
            mtp_subset_pool(job->effects, &job->options, k, keep, &job->fit[index]);
    }
    mtp_arena_free(arena);
    return status;
}

/* The fit of all studies, which also tells what is wrong with the options. */
static mtp_status fit_all(fits_job *job, const mtp_pool_options *options,
                          mtp_subset_fit *all, mtp_error *err)
{
    mtp_pool_result *result = NULL;
    mtp_status status = mtp_pool(job->effects, NULL, options, &result, err);

    if (status != MTP_OK) {
        return status;
    }
    *all = mtp_subset_figures(&result->overall);
    mtp_pool_options_init(&job->options, sizeof job->options);
    if (options) {
        mtp_options_take(&job->options, sizeof job->options, options);
        job->options.size = sizeof job->options;
    }
    mtp_pool_result_free(result);
    return MTP_OK;
}

/* Fit them all; the arrays of the job lie in the result's arena. */
static mtp_status run(fits_job *job, const mtp_pool_options *options,
                      mtp_subset_fits *r, mtp_error *err)
{
    mtp_status status = fit_all(job, options, &r->all, err);

    if (status != MTP_OK) {
        return status;
    }
    job->fit = MTP_ARENA_ARRAY(mtp_owned_arena(r), job->n, mtp_subset_fit);
    status = job->fit ? mtp_parallel_for(job->n, job->options.threads, fit_one, job)
                      : MTP_E_NOMEM;
    r->n = job->n;
    r->fit = job->fit;
    r->pair = job->pair;
    r->step = job->step;
    return status == MTP_OK ? MTP_OK : mtp_fail_nomem(err);
}

static mtp_status hand_over(mtp_status status, mtp_subset_fits *r,
                            mtp_subset_fits **result)
{
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

mtp_status mtp_leave_out(const mtp_effects *effects, const mtp_pool_options *options,
                         size_t n_groups, const size_t group[],
                         mtp_subset_fits **result, mtp_error *err)
{
    fits_job job = {
        .effects = effects, .n = group ? n_groups : effects->k, .group = group};
    mtp_subset_fits *r;

    for (size_t i = 0; group && i < effects->k; i++) {
        if (group[i] >= n_groups) {
            return mtp_fail(err, MTP_E_ARG, "study %zu has no group", i + 1);
        }
    }
    r = MTP_OWNED_NEW(mtp_subset_fits);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    return hand_over(run(&job, options, r, err), r, result);
}

mtp_status mtp_leave_two_out(const mtp_effects *effects,
                             const mtp_pool_options *options, mtp_subset_fits **result,
                             mtp_error *err)
{
    size_t k = effects->k, at = 0;
    fits_job job = {.effects = effects, .n = k > 1 ? k * (k - 1) / 2 : 0};
    mtp_subset_fits *r = MTP_OWNED_NEW(mtp_subset_fits);
    size_t *pair =
        r ? mtp_arena_alloc(mtp_owned_arena(r), job.n, 2 * sizeof *pair) : NULL;

    if (!pair) {
        mtp_owned_free(r);
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = i + 1; j < k; j++, at++) {
            pair[2 * at] = i;
            pair[2 * at + 1] = j;
        }
    }
    job.pair = pair;
    return hand_over(run(&job, options, r, err), r, result);
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

/* The step of each study: the place of its value among the different ones. */
static size_t *steps_of(size_t k, const double order[], mtp_arena *arena, size_t *n)
{
    size_t *step = MTP_ARENA_ARRAY(arena, k, size_t);
    double *value = MTP_ARENA_ARRAY(arena, k, double);

    *n = 0;
    if (!step || !value) {
        return NULL;
    }
    for (size_t i = 0; i < k; i++) {
        value[i] = order ? order[i] : (double)i;
    }
    qsort(value, k, sizeof *value, by_size);
    for (size_t i = 0; i < k; i++) {
        if (i == 0 || value[i] > value[*n - 1]) {
            value[(*n)++] = value[i];
        }
    }
    for (size_t i = 0; i < k; i++) {
        double own = order ? order[i] : (double)i;
        const double *found = bsearch(&own, value, *n, sizeof *value, by_size);

        step[i] = (size_t)(found - value);
    }
    return step;
}

mtp_status mtp_cumulate(const mtp_effects *effects, const mtp_pool_options *options,
                        const double order[], mtp_subset_fits **result, mtp_error *err)
{
    fits_job job = {.effects = effects};
    mtp_subset_fits *r;

    for (size_t i = 0; order && i < effects->k; i++) {
        if (!isfinite(order[i])) {
            return mtp_fail(err, MTP_E_ARG,
                            "study %zu has no place in the order: its value is not "
                            "finite",
                            i + 1);
        }
    }
    r = MTP_OWNED_NEW(mtp_subset_fits);
    job.step = r ? steps_of(effects->k, order, mtp_owned_arena(r), &job.n) : NULL;
    if (!job.step) {
        mtp_owned_free(r);
        return mtp_fail_nomem(err);
    }
    return hand_over(run(&job, options, r, err), r, result);
}

void mtp_subset_fits_free(mtp_subset_fits *fits)
{
    mtp_owned_free(fits);
}
