/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/sensitivity.h"

#include "core/error.h"
#include "core/owned.h"
#include "core/parallel.h"
#include "models/pool_check.h"
#include "num/random.h"
#include "sensitivity/gosh_subset.h"
#include "sensitivity/gosh_summary.h"

#include <math.h>
#include <string.h>

/* Fits a task, and tasks a round: what is in memory at a time. */
enum { TASK = 1024, ROUND = 64 };

typedef struct gosh_job {
    mtp_gosh_options options;
    mtp_gosh_data data;
    uint64_t n;     /* all fits */
    uint64_t first; /* of this round */
    bool sample;
    double centre;           /* the estimate of all studies */
    mtp_gosh_fit *fit;       /* [ROUND * TASK] */
    uint64_t *included;      /* [ROUND * TASK * words] */
    mtp_gosh_sums *sums;     /* [ROUND * (1 + k)] */
    mtp_gosh_totals *totals; /* [1 + k] */
} gosh_job;

/* Each study in or out with probability 1/2; all out is drawn again. */
static void draw(const gosh_job *job, uint64_t index, uint64_t included[])
{
    mtp_random random = mtp_random_start(job->options.seed, index);
    size_t words = job->data.words, left = job->data.k % 64;
    uint64_t any = 0;

    while (!any) {
        for (size_t w = 0; w < words; w++) {
            included[w] = mtp_random_bits(&random);
            if (w + 1 == words && left) {
                included[w] &= (UINT64_C(1) << left) - 1;
            }
            any |= included[w];
        }
    }
}

static size_t fits_in_task(const gosh_job *job, size_t task)
{
    uint64_t begin = job->first + (uint64_t)task * TASK;

    return job->n - begin < TASK ? (size_t)(job->n - begin) : (size_t)TASK;
}

static mtp_status fit_task(void *context, size_t task)
{
    const gosh_job *job = (const gosh_job *)context;
    size_t n = fits_in_task(job, task), words = job->data.words, k = job->data.k;
    mtp_gosh_fit *fit = job->fit + task * TASK;
    uint64_t *included = job->included + task * TASK * words;
    mtp_arena *arena = mtp_arena_new();
    mtp_gosh_room room;
    mtp_status status =
        arena ? mtp_gosh_room_make(&job->data, arena, &room) : MTP_E_NOMEM;

    for (size_t i = 0; i < n && status == MTP_OK; i++) {
        uint64_t index = job->first + (uint64_t)task * TASK + i;

        if (job->sample) {
            draw(job, index, included + i * words);
        } else {
            included[i] = index + 1;
        }
        mtp_gosh_fit_subset(&job->data, included + i * words, &room, &fit[i]);
    }
    if (status == MTP_OK) {
        mtp_gosh_sum(k, job->centre, n, fit, job->sums + task * (k + 1));
    }
    mtp_arena_free(arena);
    return status;
}

static mtp_status run_round(gosh_job *job, mtp_error *err)
{
    uint64_t left = job->n - job->first, most = (uint64_t)ROUND * TASK;
    size_t n = (size_t)(left < most ? left : most), tasks = (n + TASK - 1) / TASK;
    mtp_status status = mtp_parallel_for(tasks, job->options.threads, fit_task, job);

    if (status != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    for (size_t t = 0; t < tasks; t++) {
        mtp_gosh_add(job->data.k, job->sums + t * (job->data.k + 1), job->totals);
    }
    job->first += n;
    status = job->options.sink ? job->options.sink(job->options.context, n, job->fit)
                               : MTP_OK;
    return status == MTP_OK ? MTP_OK
                            : mtp_fail(err, status,
                                       "the fits of subsets were stopped by "
                                       "whoever received them");
}

static mtp_status make_room(gosh_job *job, mtp_arena *scratch, mtp_error *err)
{
    size_t k = job->data.k, fits = (size_t)ROUND * TASK;

    job->fit = MTP_ARENA_ARRAY(scratch, fits, mtp_gosh_fit);
    job->included = mtp_arena_alloc(scratch, fits, job->data.words * sizeof(uint64_t));
    job->sums = mtp_arena_alloc(scratch, ROUND, (k + 1) * sizeof *job->sums);
    job->totals = mtp_arena_zalloc(scratch, k + 1, sizeof *job->totals);
    return job->fit && job->included && job->sums && job->totals ? MTP_OK
                                                                 : mtp_fail_nomem(err);
}

/* The fit of all studies, which the estimates are measured from in the sums. */
static mtp_status find_centre(gosh_job *job, mtp_arena *scratch, mtp_error *err)
{
    mtp_gosh_room room;
    mtp_gosh_fit all;

    if (mtp_gosh_room_make(&job->data, scratch, &room) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    memset(job->included, 0xff, job->data.words * sizeof *job->included);
    mtp_gosh_fit_subset(&job->data, job->included, &room, &all);
    job->centre = isnan(all.estimate) ? 0.0 : all.estimate;
    return MTP_OK;
}

static mtp_status run(gosh_job *job, const mtp_effects *effects, mtp_gosh_result *r,
                      mtp_arena *scratch, mtp_error *err)
{
    size_t k = effects->k;
    mtp_gosh_mean *with = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, mtp_gosh_mean);
    mtp_gosh_mean *without = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, mtp_gosh_mean);
    mtp_status status;

    if (!with || !without ||
        mtp_gosh_data_make(effects, &job->options, scratch, &job->data) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    job->sample = k > MTP_GOSH_ALL;
    job->n = job->sample ? job->options.subsets : (UINT64_C(1) << k) - 1;
    status = make_room(job, scratch, err);
    if (status == MTP_OK) {
        status = find_centre(job, scratch, err);
    }
    while (status == MTP_OK && job->first < job->n) {
        status = run_round(job, err);
    }
    if (status == MTP_OK) {
        r->k = k;
        r->n = job->n;
        r->sample = job->sample;
        mtp_gosh_summarize(k, job->centre, job->totals, r, with, without);
    }
    return status;
}

static mtp_status check(const mtp_effects *effects, const mtp_gosh_options *options,
                        mtp_gosh_options *used, mtp_error *err)
{
    mtp_pool_options pool, checked;
    mtp_pool_result *all = NULL;
    mtp_status status;

    if (options && options->size < offsetof(mtp_gosh_options, tau2)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the options have no size; mtp_gosh_options_init sets it");
    }
    mtp_gosh_options_init(used, sizeof *used);
    if (options) {
        mtp_options_take(used, sizeof *used, options);
        used->size = sizeof *used;
    }
    if (used->subsets == 0) {
        return mtp_fail(err, MTP_E_ARG, "there are no subsets to draw");
    }
    mtp_pool_options_init(&pool, sizeof pool);
    pool.tau2 = used->tau2;
    pool.tau2_value = used->tau2_value;
    status = mtp_pool_check(effects, NULL, &pool, &checked, err);
    if (status == MTP_OK) { /* effects that cannot be pooled are told by study */
        status = mtp_pool(effects, NULL, &checked, &all, err);
        mtp_pool_result_free(all);
    }
    return status;
}

void mtp_gosh_options_init(mtp_gosh_options *options, size_t size)
{
    const mtp_gosh_options defaults = {.size = size,
                                       .tau2 = MTP_TAU2_REML,
                                       .subsets = UINT64_C(1) << MTP_GOSH_ALL,
                                       .seed = 20240618,
                                       .threads = 1};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

mtp_status mtp_gosh(const mtp_effects *effects, const mtp_gosh_options *options,
                    mtp_gosh_result **result, mtp_error *err)
{
    gosh_job job = {.n = 0};
    mtp_status status = check(effects, options, &job.options, err);
    mtp_arena *scratch;
    mtp_gosh_result *r;

    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_gosh_result);
    scratch = r ? mtp_arena_new() : NULL;
    status = scratch ? run(&job, effects, r, scratch, err) : mtp_fail_nomem(err);
    mtp_arena_free(scratch);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_gosh_free(mtp_gosh_result *result)
{
    mtp_owned_free(result);
}
