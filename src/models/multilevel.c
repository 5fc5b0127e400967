/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/multilevel.h"

#include "core/error.h"
#include "core/owned.h"
#include "models/multilevel_job.h"

#include <math.h>
#include <string.h>

void mtp_multilevel_options_init(mtp_multilevel_options *options, size_t size)
{
    mtp_multilevel_options defaults = {.size = size,
                                       .method = MTP_TAU2_REML,
                                       .level = 0.95,
                                       .intervals = true,
                                       .df = MTP_LEVEL_DF_RESIDUAL};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

static mtp_status check_sigma2(const mtp_nested_job *job, const double sigma2[],
                               mtp_error *err)
{
    for (size_t l = 0; sigma2 && l < job->n_levels; l++) {
        if (!isnan(sigma2[l]) && !(sigma2[l] >= 0.0 && isfinite(sigma2[l]))) {
            return mtp_fail(err, MTP_E_ARG,
                            "the given variance of level %zu is not a finite number "
                            "from 0",
                            l + 1);
        }
    }
    return MTP_OK;
}

static mtp_status check(const mtp_nested_job *job, const mtp_multilevel_options *o,
                        mtp_error *err)
{
    if (o->size == 0) {
        return mtp_fail(err, MTP_E_ARG,
                        "the options have no size: mtp_multilevel_options_init sets "
                        "it");
    }
    if (o->method != MTP_TAU2_REML && o->method != MTP_TAU2_ML) {
        return mtp_fail(err, MTP_E_ARG,
                        "variances of nested levels are estimated by REML or ML");
    }
    if (!(o->level > 0.0 && o->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "the confidence level is not between 0 and 1");
    }
    if ((unsigned)o->df >= MTP_LEVEL_DF_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "there are no such degrees of freedom");
    }
    if (job->n_levels < 1 || job->n_levels > MTP_LEVELS_MAX) {
        return mtp_fail(err, MTP_E_ARG, "there can be 1 to %d nested levels, not %zu",
                        (int)MTP_LEVELS_MAX, job->n_levels);
    }
    if (job->p < 1 || (!job->x && job->p > 1)) {
        return mtp_fail(err, MTP_E_ARG, "there is no column to fit");
    }
    if (job->k <= job->p) {
        return mtp_fail(err, MTP_E_DATA,
                        "nested levels need more effects than coefficients, and there "
                        "are %zu for %zu",
                        job->k, job->p);
    }
    return check_sigma2(job, o->sigma2, err);
}

static mtp_status copy_names(mtp_nested_job *job, mtp_error *err)
{
    for (size_t l = 0; l < job->n_levels; l++) {
        const char *name = job->levels[l].name;
        mtp_arena *arena = job->made->arena;

        job->made->level[l].name = name ? mtp_arena_strdup(arena, name)
                                        : mtp_arena_printf(arena, "level %zu", l + 1);
        if (!job->made->level[l].name) {
            return mtp_fail_nomem(err);
        }
    }
    return MTP_OK;
}

static mtp_status copy_options(mtp_nested_job *job,
                               const mtp_multilevel_options *options, mtp_error *err)
{
    mtp_multilevel_options *used = &job->made->result.options;
    double *sigma2;

    *used = *options;
    if (options->sigma2) {
        sigma2 = MTP_ARENA_ARRAY(job->made->arena, job->n_levels, double);
        if (!sigma2) {
            return mtp_fail_nomem(err);
        }
        memcpy(sigma2, options->sigma2, job->n_levels * sizeof *sigma2);
        used->sigma2 = sigma2;
    }
    return MTP_OK;
}

static mtp_status run(mtp_nested_job *job, const mtp_multilevel_options *options,
                      mtp_error *err)
{
    mtp_status status = copy_options(job, options, err);

    if (status == MTP_OK) {
        status = copy_names(job, err);
    }
    if (status == MTP_OK) {
        status = mtp_nested_job_fit(job, err);
    }
    return status == MTP_OK ? mtp_nested_job_finish(job, err) : status;
}

mtp_status mtp_multilevel(size_t k, const double yi[], const double vi[], size_t p,
                          const double x[], size_t n_levels, const mtp_level levels[],
                          const mtp_multilevel_options *options,
                          mtp_multilevel_result **result, mtp_error *err)
{
    mtp_nested_job job = {
        .k = k, .p = p, .n_levels = n_levels, .yi = yi, .vi = vi, .x = x};
    mtp_multilevel_options used;
    mtp_arena *arena;
    mtp_status status;

    job.levels = levels;
    mtp_multilevel_options_init(&used, sizeof used);
    if (options) {
        mtp_options_take(&used, sizeof used, options);
        used.size = options->size == 0 ? 0 : sizeof used;
    }
    status = check(&job, &used, err);
    if (status != MTP_OK) {
        return status;
    }
    arena = mtp_arena_new();
    job.made = arena ? MTP_ARENA_NEW(arena, mtp_nested_owner) : NULL;
    if (!job.made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    job.made->arena = arena;
    mtp_note_list_init(&job.notes, arena);
    status = run(&job, &used, err);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *result = &job.made->result;
    return MTP_OK;
}

void mtp_multilevel_free(mtp_multilevel_result *result)
{
    mtp_nested_owner *made = (mtp_nested_owner *)result;

    if (made) {
        mtp_arena_free(made->arena);
    }
}

size_t mtp_multilevel_block(const void *of, size_t group, size_t row[], double v[])
{
    const mtp_multilevel_result *result = (const mtp_multilevel_result *)of;
    const mtp_nested_owner *made = (const mtp_nested_owner *)of;
    const mtp_nested *d = &made->nested;
    size_t from = group, to = group + 1, n;

    for (size_t l = 0; l < d->n_levels; l++) {
        from = d->level[l].begin[from];
        to = d->level[l].begin[to];
    }
    n = to - from;
    for (size_t i = 0; i < n && row; i++) {
        row[i] = d->order[from + i];
    }
    for (size_t cell = 0; cell < n * n && v; cell++) {
        size_t i = d->order[from + cell / n], j = d->order[from + cell % n];

        v[cell] = i == j ? ldexp(d->point[i].v, 2 * made->unit) : 0.0;
        for (size_t l = 0; l < result->n_levels; l++) {
            const mtp_variance_component *level = &result->levels[l];

            v[cell] += level->effects.group[i] == level->effects.group[j]
                           ? level->sigma2
                           : 0.0;
        }
    }
    return n;
}
