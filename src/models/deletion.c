/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/deletion.h"

#include "core/error.h"
#include "models/normal.h"

#include <string.h>

const double *mtp_deletion_row(const mtp_moderators *moderators, size_t i)
{
    static const double one = 1.0;

    return moderators ? moderators->x + i * moderators->p : &one;
}

/* Rows of `width` numbers without one of them. */
static const double *rows_without(size_t k, size_t width, const double x[],
                                  size_t without, mtp_arena *arena)
{
    double *made = mtp_arena_alloc(arena, k, width * sizeof *made);

    if (made && without < k) {
        memcpy(made, x, without * width * sizeof *made);
        memcpy(made + without * width, x + (without + 1) * width,
               (k - without - 1) * width * sizeof *made);
    }
    return without < k ? made : x;
}

/* One mean: as mtp_pool makes it. */
static mtp_status fit_mean(mtp_deletion_fit *fit, mtp_error *err)
{
    mtp_regress_job *job = &fit->job;
    const mtp_effects *e = job->effects;
    mtp_pool_options options = mtp_regress_as_pool(&job->options);
    mtp_dd zero = {0.0, 0.0};
    mtp_sums at_zero;
    mtp_status status;

    job->point = MTP_ARENA_ARRAY(job->scratch, e->k, mtp_study_point);
    if (!job->point) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(e->k, e->yi, e->vi, 1, NULL, job->point, &job->block,
                                 &job->studies, err);
    if (status != MTP_OK) {
        return status;
    }
    mtp_sums_at(&job->studies, zero, &at_zero);
    fit->Q = mtp_dd_to(at_zero.Q);
    job->studies.at_zero = &at_zero;
    job->studies.no_errors = true;
    mtp_fit_tau2(&job->studies, NULL, &options, &job->tau2);
    mtp_sums_at(&job->studies, job->tau2.tau2, &fit->at_tau2);
    job->studies.at_zero = NULL;
    fit->beta[0] = mtp_dd_add(mtp_dd_from(job->block.centre),
                              mtp_to_unit_of_y(&job->studies, fit->at_tau2.mean, 1));
    fit->cov[0] = mtp_to_unit_of_y(&job->studies, mtp_dd_inv(fit->at_tau2.w), 2);
    return MTP_OK;
}

/* Columns: as mtp_regress makes them. */
static mtp_status fit_columns(mtp_deletion_fit *fit, mtp_error *err)
{
    mtp_regress_job *job = &fit->job;
    mtp_pool_options options = mtp_regress_as_pool(&job->options);
    mtp_dd zero = {0.0, 0.0};
    mtp_sums at_zero;
    mtp_status status = mtp_regress_prepare(job, err);

    if (status != MTP_OK) {
        return status;
    }
    mtp_sums_at(&job->studies, zero, &at_zero);
    fit->Q = mtp_dd_to(at_zero.Q);
    job->studies.at_zero = &at_zero;
    job->studies.no_errors = true;
    mtp_fit_tau2(&job->studies, NULL, &options, &job->tau2);
    job->studies.at_zero = NULL;
    mtp_regress_solve_into(job, fit->beta, fit->cov, NULL);
    mtp_columns_sums(&job->studies, job->tau2.tau2, &fit->at_tau2);
    return MTP_OK;
}

mtp_status mtp_deletion_fit_make(const mtp_effects *effects,
                                 const mtp_moderators *moderators,
                                 const mtp_regress_options *options, size_t without,
                                 mtp_arena *arena, mtp_deletion_fit *fit,
                                 mtp_error *err)
{
    size_t k = effects->k, p = moderators ? moderators->p : 1;
    mtp_effects *some = MTP_ARENA_NEW(arena, mtp_effects);
    mtp_moderators *mods = MTP_ARENA_NEW(arena, mtp_moderators);
    mtp_status status;

    *fit = (mtp_deletion_fit){.p = p,
                              .beta = MTP_ARENA_ARRAY(arena, p, mtp_dd),
                              .cov = MTP_ARENA_ARRAY(arena, p * p, mtp_dd)};
    if (!some || !mods || !fit->beta || !fit->cov) {
        return mtp_fail_nomem(err);
    }
    *some = (mtp_effects){.measure = effects->measure,
                          .k = without < k ? k - 1 : k,
                          .yi = rows_without(k, 1, effects->yi, without, arena),
                          .vi = rows_without(k, 1, effects->vi, without, arena)};
    *mods = (mtp_moderators){.k = some->k, .p = p};
    if (moderators) {
        mods->x = rows_without(k, p, moderators->x, without, arena);
        fit->job.name = mtp_arena_alloc(arena, p, sizeof *fit->job.name);
    }
    if (!some->yi || !some->vi || (moderators && (!mods->x || !fit->job.name))) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; moderators && j < p; j++) {
        fit->job.name[j] = moderators->name ? moderators->name[j]
                                            : mtp_arena_printf(arena, "x%zu", j + 1);
        if (!fit->job.name[j]) {
            return mtp_fail_nomem(err);
        }
    }
    fit->job.effects = some;
    fit->job.mods = mods;
    fit->job.options = *options;
    fit->job.arena = fit->job.scratch = arena;
    status = moderators ? fit_columns(fit, err) : fit_mean(fit, err);
    fit->tau2 = mtp_to_unit_of_y(&fit->job.studies, fit->job.tau2.tau2, 2);
    return status;
}
