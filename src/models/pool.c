/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/pool.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/parallel.h"
#include "models/beta_binomial_pool.h"
#include "models/between.h"
#include "models/chosen.h"
#include "models/mixed.h"
#include "models/pool_check.h"
#include "models/pool_job.h"
#include "models/pool_robust.h"
#include "models/stratified_tests.h"

#include <math.h>

/* The result is the owner's first member. */
typedef struct pool_owner {
    mtp_pool_result result;
    mtp_arena *arena;
    mtp_multilevel_result *nested; /* the result shows parts of it */
} pool_owner;

static double sum_of(const double *column, size_t k)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < k && column; i++) {
        sum = mtp_dd_add(sum, mtp_dd_from(column[i]));
    }
    return column ? mtp_dd_to(sum) : (double)NAN;
}

static mtp_status make_room(mtp_pool_job *job, mtp_error *err)
{
    size_t n = job->sets.n_sets;

    job->noted = mtp_arena_zalloc(job->arena, n, sizeof *job->noted);
    job->pooled = mtp_arena_zalloc(job->arena, n, sizeof *job->pooled);
    job->error = mtp_arena_zalloc(job->arena, n, sizeof *job->error);
    job->point = mtp_arena_alloc(job->arena, job->effects->k, 2 * sizeof *job->point);
    return job->noted && job->pooled && job->error && job->point ? MTP_OK
                                                                 : mtp_fail_nomem(err);
}

/* The means and tests of Mantel-Haenszel and Peto, of every set. */
static mtp_status fit_strata(mtp_pool_job *job, mtp_error *err)
{
    size_t n = job->sets.n_sets;
    mtp_stratified *tests = MTP_ARENA_ARRAY(job->arena, n, mtp_stratified);

    job->center = MTP_ARENA_ARRAY(job->arena, n, mtp_center);
    if (!tests || !job->center) {
        return mtp_fail_nomem(err);
    }
    for (size_t s = 0; s < n; s++) {
        job->center[s] = mtp_stratified_mean(&job->sets.set[s], &job->options);
        mtp_stratified_tests(&job->sets.set[s], &tests[s]);
        job->pooled[s].stratified = &tests[s];
    }
    return MTP_OK;
}

/* The user's weights make a mean where they are not all 0, and tau2 too where the
 * estimator takes weights. */
static mtp_status use_weights(const mtp_pool_job *job, const mtp_study_set *set,
                              mtp_studies *studies, mtp_error *err)
{
    size_t group = (size_t)(set - job->sets.set);
    double largest = 0.0;

    for (size_t i = 0; set->weights && i < set->k; i++) {
        largest = fmax(largest, set->weights[i]);
    }
    if (set->weights && largest == 0.0) {
        return mtp_fail(
            err, MTP_E_DATA, "all weights%s%s%s are 0", group ? " of subgroup '" : "",
            group ? job->grouping->level_name[group - 1] : "", group ? "'" : "");
    }
    if (job->options.tau2 == MTP_TAU2_GENQ || job->options.tau2 == MTP_TAU2_GENQM) {
        return mtp_studies_set_weights(studies, set->weights, err);
    }
    return MTP_OK;
}

static mtp_status fit_shared(mtp_pool_job *job, mtp_error *err)
{
    size_t groups = job->sets.n_sets - 1, k = job->effects->k;
    mtp_study_block *block = MTP_ARENA_ARRAY(job->arena, groups, mtp_study_block);
    mtp_studies studies;
    mtp_status status;

    job->shared = MTP_ARENA_NEW(job->arena, mtp_shared_tau2);
    if (!block || !job->shared) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(k, job->sets.set[1].yi, job->sets.set[1].vi, groups,
                                 job->sets.start, job->point + k, block, &studies, err);
    if (status == MTP_OK) {
        status = use_weights(job, &job->sets.set[1], &studies, err);
    }
    if (status == MTP_OK) {
        mtp_fit_shared_tau2(&studies, job->center ? job->center + 1 : NULL,
                            &job->options, job->shared);
    } else if (err) {
        err->line = 0; /* an index in the sorted order */
    }
    return status;
}

/* One tau2 of all subgroups' mixed models. */
static mtp_status fit_shared_mixed(mtp_pool_job *job, mtp_error *err)
{
    job->shared_mixed = MTP_ARENA_NEW(job->arena, mtp_shared_mixed);
    if (!job->shared_mixed) {
        return mtp_fail_nomem(err);
    }
    return mtp_fit_shared_mixed(job->sets.set + 1, job->sets.n_sets - 1, &job->options,
                                job->arena, job->shared_mixed, err);
}

static mtp_status fit_set_normal(mtp_pool_job *job, size_t s)
{
    const mtp_study_set *set = &job->sets.set[s];
    size_t at = s == 0 ? 0 : job->effects->k + job->sets.start[s - 1];
    mtp_study_block block;
    mtp_studies studies;
    mtp_status status =
        mtp_studies_prepare(set->k, set->yi, set->vi, 1, NULL, job->point + at, &block,
                            &studies, &job->error[s]);

    if (status == MTP_OK) {
        status = use_weights(job, set, &studies, &job->error[s]);
    }
    if (status == MTP_OK) {
        mtp_fit_normal(&studies, set, job->center ? &job->center[s] : NULL,
                       &job->options, s == 0 ? NULL : job->shared, &job->pooled[s],
                       &job->noted[s].normal);
    }
    return status;
}

static mtp_status fit_set_mixed(mtp_pool_job *job, size_t s)
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_status status;

    if (!scratch) {
        return mtp_fail_nomem(&job->error[s]);
    }
    status =
        mtp_fit_mixed(&job->sets.set[s], &job->options,
                      s == 0 ? NULL : job->shared_mixed, s == 0 ? 0 : s - 1, scratch,
                      &job->pooled[s], &job->noted[s].mixed, &job->error[s]);
    mtp_arena_free(scratch);
    return status;
}

static mtp_status fit_set_beta_binomial(mtp_pool_job *job, size_t s)
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_status status;

    if (!scratch) {
        return mtp_fail_nomem(&job->error[s]);
    }
    status =
        mtp_pool_beta_binomial(&job->sets.set[s], &job->options, scratch,
                               &job->pooled[s], &job->noted[s].mixed, &job->error[s]);
    mtp_arena_free(scratch);
    return status;
}

static mtp_status fit_set(void *context, size_t s)
{
    mtp_pool_job *job = (mtp_pool_job *)context;
    const mtp_study_set *set = &job->sets.set[s];
    mtp_pooled *pooled = &job->pooled[s];

    pooled->k = set->k;
    pooled->events = sum_of(set->events, set->k);
    pooled->n = sum_of(set->n, set->k);
    pooled->time = sum_of(set->time, set->k);
    if (job->options.method == MTP_METHOD_BETABINOMIAL) {
        return fit_set_beta_binomial(job, s);
    }
    return job->options.method == MTP_METHOD_GLMM ? fit_set_mixed(job, s)
                                                  : fit_set_normal(job, s);
}

/* All sets, then the first failure by index with its message. */
static mtp_status fit_sets(mtp_pool_job *job, mtp_error *err)
{
    mtp_status status =
        mtp_parallel_for(job->sets.n_sets, job->options.threads, fit_set, job);

    for (size_t s = 0; status != MTP_OK && s < job->sets.n_sets; s++) {
        if (job->error[s].status == status) {
            if (err) {
                *err = job->error[s];
                err->line = s == 0 ? err->line : 0; /* not the caller's index */
            }
            return status;
        }
    }
    return status == MTP_OK ? status : mtp_fail_nomem(err);
}

static mtp_status finish(mtp_pool_job *job, mtp_pool_result *result, mtp_error *err)
{
    result->options = job->options;
    result->measure = job->effects->measure;
    result->k = job->effects->k;
    result->overall = job->pooled[0];
    result->between.common = mtp_test_missing();
    result->between.random = result->between.within = result->between.common;
    if (!mtp_method_is_likelihood(job->options.method)) {
        mtp_status status = mtp_pool_add_weights(job, result, err);

        if (status != MTP_OK) {
            return status;
        }
    }
    if (job->grouping && (mtp_pool_name_groups(job, result) != MTP_OK ||
                          mtp_pool_test_groups(job, result) != MTP_OK)) {
        return mtp_fail_nomem(err);
    }
    for (size_t s = 0; s < job->sets.n_sets; s++) {
        job->noted[s].pooled = &job->pooled[s];
        job->noted[s].measure = result->measure;
        mtp_note_pooled(&job->notes, &job->noted[s], &job->options);
    }
    if (job->nested) {
        result->weight_random = job->nested->weight;
        result->options.levels = NULL; /* the caller's */
        mtp_note_add_all(&job->notes, &job->nested->notes);
    }
    result->notes = mtp_note_list_done(&job->notes);
    return job->notes.failed ? mtp_fail_nomem(err) : MTP_OK;
}

static mtp_status run(mtp_pool_job *job, mtp_pool_result *result, mtp_error *err)
{
    bool share = job->grouping && job->options.tau2_scope == MTP_TAU2_COMMON;
    mtp_status status = mtp_pool_sets_make(job->effects, job->grouping, &job->options,
                                           job->arena, &job->sets, err);

    if (status == MTP_OK) {
        status = make_room(job, err);
    }
    if (status == MTP_OK && mtp_method_is_stratified(job->options.method)) {
        status = fit_strata(job, err);
    }
    if (status == MTP_OK && share) {
        status = job->options.method == MTP_METHOD_GLMM ? fit_shared_mixed(job, err)
                                                        : fit_shared(job, err);
    }
    if (status == MTP_OK) {
        status = fit_sets(job, err);
    }
    if (status == MTP_OK && job->options.n_levels > 0) {
        status = mtp_pool_fit_nested(job, err);
    }
    if (status == MTP_OK) {
        status = mtp_fit_chosen(&job->sets, &job->options, share, job->arena,
                                job->point, job->pooled, job->noted, err);
    }
    if (status == MTP_OK && mtp_pool_is_robust(&job->options)) {
        status = mtp_pool_fit_robust(job, err);
    }
    return status == MTP_OK ? finish(job, result, err) : status;
}

mtp_status mtp_pool(const mtp_effects *effects, const mtp_grouping *grouping,
                    const mtp_pool_options *options, mtp_pool_result **result,
                    mtp_error *err)
{
    mtp_pool_job job = {.effects = effects, .grouping = grouping};
    pool_owner *owner;
    mtp_status status;

    if (grouping && grouping->n_levels == 0) {
        job.grouping = NULL;
    }
    status = mtp_pool_check(effects, job.grouping, options, &job.options, err);
    if (status == MTP_OK) {
        status = mtp_pool_check_nested(&job.options, job.grouping, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    job.arena = mtp_arena_new();
    owner = job.arena ? MTP_ARENA_NEW(job.arena, pool_owner) : NULL;
    if (!owner) {
        mtp_arena_free(job.arena);
        return mtp_fail_nomem(err);
    }
    owner->arena = job.arena;
    mtp_note_list_init(&job.notes, job.arena);
    status = mtp_pool_keep_columns(&job, err);
    if (status == MTP_OK) {
        status = run(&job, &owner->result, err);
    }
    owner->nested = job.nested;
    if (status != MTP_OK) {
        mtp_multilevel_free(job.nested);
        mtp_arena_free(job.arena);
        return status;
    }
    *result = &owner->result;
    return MTP_OK;
}

void mtp_pool_result_free(mtp_pool_result *result)
{
    pool_owner *owner = (pool_owner *)result;

    if (owner) {
        mtp_multilevel_free(owner->nested);
        mtp_arena_free(owner->arena);
    }
}
