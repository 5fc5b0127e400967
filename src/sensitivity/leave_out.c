/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/sensitivity.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/parallel.h"
#include "sensitivity/subset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The result is the owner's first member. */
typedef struct fits_owner {
    mtp_subset_fits result;
    mtp_arena *arena;
} fits_owner;

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
        size_t known = sizeof job->options;

        memcpy(&job->options, options, options->size < known ? options->size : known);
        job->options.size = known;
    }
    mtp_pool_result_free(result);
    return MTP_OK;
}

/* Fit them all; the arrays of the job lie in the owner's arena. */
static mtp_status run(fits_job *job, const mtp_pool_options *options, fits_owner *owner,
                      mtp_error *err)
{
    mtp_status status = fit_all(job, options, &owner->result.all, err);

    if (status != MTP_OK) {
        return status;
    }
    job->fit = MTP_ARENA_ARRAY(owner->arena, job->n, mtp_subset_fit);
    status = job->fit ? mtp_parallel_for(job->n, job->options.threads, fit_one, job)
                      : MTP_E_NOMEM;
    owner->result.n = job->n;
    owner->result.fit = job->fit;
    owner->result.pair = job->pair;
    owner->result.step = job->step;
    return status == MTP_OK ? MTP_OK : mtp_fail_nomem(err);
}

static fits_owner *new_owner(void)
{
    mtp_arena *arena = mtp_arena_new();
    fits_owner *owner = arena ? MTP_ARENA_NEW(arena, fits_owner) : NULL;

    if (owner) {
        owner->arena = arena;
    } else {
        mtp_arena_free(arena);
    }
    return owner;
}

static mtp_status hand_over(mtp_status status, fits_owner *owner,
                            mtp_subset_fits **result)
{
    if (status == MTP_OK) {
        *result = &owner->result;
    } else {
        mtp_arena_free(owner->arena);
    }
    return status;
}

mtp_status mtp_leave_out(const mtp_effects *effects, const mtp_pool_options *options,
                         size_t n_groups, const size_t group[],
                         mtp_subset_fits **result, mtp_error *err)
{
    fits_job job = {
        .effects = effects, .n = group ? n_groups : effects->k, .group = group};
    fits_owner *owner;

    for (size_t i = 0; group && i < effects->k; i++) {
        if (group[i] >= n_groups) {
            return mtp_fail(err, MTP_E_ARG, "study %zu has no group", i + 1);
        }
    }
    owner = new_owner();
    if (!owner) {
        return mtp_fail_nomem(err);
    }
    return hand_over(run(&job, options, owner, err), owner, result);
}

mtp_status mtp_leave_two_out(const mtp_effects *effects,
                             const mtp_pool_options *options, mtp_subset_fits **result,
                             mtp_error *err)
{
    size_t k = effects->k, at = 0;
    fits_job job = {.effects = effects, .n = k > 1 ? k * (k - 1) / 2 : 0};
    fits_owner *owner = new_owner();
    size_t *pair =
        owner ? mtp_arena_alloc(owner->arena, job.n, 2 * sizeof *pair) : NULL;

    if (!pair) {
        mtp_arena_free(owner ? owner->arena : NULL);
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t j = i + 1; j < k; j++, at++) {
            pair[2 * at] = i;
            pair[2 * at + 1] = j;
        }
    }
    job.pair = pair;
    return hand_over(run(&job, options, owner, err), owner, result);
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
    fits_owner *owner;

    for (size_t i = 0; order && i < effects->k; i++) {
        if (!isfinite(order[i])) {
            return mtp_fail(err, MTP_E_ARG,
                            "study %zu has no place in the order: its value is not "
                            "finite",
                            i + 1);
        }
    }
    owner = new_owner();
    job.step = owner ? steps_of(effects->k, order, owner->arena, &job.n) : NULL;
    if (!job.step) {
        mtp_arena_free(owner ? owner->arena : NULL);
        return mtp_fail_nomem(err);
    }
    return hand_over(run(&job, options, owner, err), owner, result);
}

void mtp_subset_fits_free(mtp_subset_fits *fits)
{
    fits_owner *owner = (fits_owner *)fits;

    if (owner) {
        mtp_arena_free(owner->arena);
    }
}
