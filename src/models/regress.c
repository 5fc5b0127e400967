/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/regress_job.h"

#include <math.h>

/* The result is the owner's first member. */
typedef struct regress_owner {
    mtp_regress_result result;
    mtp_arena *arena;
    mtp_multilevel_result *nested; /* the result shows its levels */
} regress_owner;

static mtp_status name_columns(mtp_regress_job *job, mtp_error *err)
{
    const mtp_moderators *m = job->mods;

    job->name = MTP_ARENA_ARRAY(job->arena, m->p, const char *);
    for (size_t j = 0; j < m->p && job->name; j++) {
        job->name[j] = m->name ? mtp_arena_strdup(job->arena, m->name[j])
                               : mtp_arena_printf(job->arena, "x%zu", j + 1);
        if (!job->name[j]) {
            return mtp_fail_nomem(err);
        }
    }
    return job->name ? MTP_OK : mtp_fail_nomem(err);
}

/* What the caller lent is not kept. */
static mtp_regress_options without_loans(mtp_regress_options options)
{
    options.tests = NULL;
    options.contrasts = options.margins = options.predictions = NULL;
    options.weights = NULL;
    options.cluster = NULL;
    options.level_id = NULL;
    options.level_name = NULL;
    options.scale = NULL;
    return options;
}

static void start(mtp_regress_job *job)
{
    mtp_regress_result *r = job->result;

    r->k = job->mods->k;
    r->p = job->mods->p;
    r->intercept = job->mods->intercept;
    r->options = without_loans(job->options);
    r->robust = job->options.robust;
    r->R2 = r->null_tau2 = r->factor = (double)NAN;
    r->loglik_ml = r->loglik_reml = (double)NAN;
    job->spread = mtp_dd_from((double)NAN);
}

static mtp_status fit(mtp_regress_job *job, mtp_error *err)
{
    if (job->options.n_levels > 0) {
        return mtp_regress_fit_levels(job, err);
    }
    if (job->options.method == MTP_METHOD_GLMM) {
        return mtp_regress_fit_glmm(job, err);
    }
    return job->options.scale ? mtp_regress_fit_scale(job, err)
                              : mtp_regress_fit_normal(job, err);
}

/* Studies have no residuals of a known variance in a mixed model of counts. */
static mtp_status diagnose(mtp_regress_job *job, mtp_error *err)
{
    if (job->options.n_levels > 0) {
        return mtp_regress_diagnose_levels(job, err);
    }
    if (job->options.method == MTP_METHOD_GLMM) {
        return MTP_OK;
    }
    return job->options.scale ? mtp_regress_diagnose_scale(job, err)
                              : mtp_regress_diagnose(job, err);
}

static mtp_status run(mtp_regress_job *job, mtp_error *err)
{
    mtp_status status = name_columns(job, err);

    if (status == MTP_OK) {
        status = fit(job, err);
    }
    if (status == MTP_OK && job->options.robust != MTP_ROBUST_NONE) {
        status = mtp_regress_make_robust(job, err);
    }
    if (status == MTP_OK) {
        status = mtp_regress_infer(job, err);
    }
    if (status == MTP_OK && job->options.diagnostics && !job->options.weights) {
        status = diagnose(job, err);
    }
    if (status == MTP_OK &&
        (job->options.permutations > 0 || job->options.permute_exact)) {
        status = mtp_regress_permute(job, err);
    }
    if (status == MTP_OK) {
        mtp_regress_note(job);
        job->result->notes = mtp_note_list_done(&job->notes);
        status =
            job->notes.failed || *job->out_of_memory ? mtp_fail_nomem(err) : MTP_OK;
    }
    return status;
}

mtp_status mtp_regress(const mtp_effects *effects, const mtp_moderators *moderators,
                       const mtp_regress_options *options, mtp_regress_result **result,
                       mtp_error *err)
{
    mtp_regress_job job = {.effects = effects, .mods = moderators};
    bool out_of_memory = false;
    regress_owner *owner;
    mtp_status status =
        mtp_regress_check(effects, moderators, options, &job.options, err);

    if (status != MTP_OK) {
        return status;
    }
    job.arena = mtp_arena_new();
    job.scratch = job.arena ? mtp_arena_new() : NULL;
    owner = job.scratch ? MTP_ARENA_NEW(job.arena, regress_owner) : NULL;
    if (!owner) {
        status = mtp_fail_nomem(err);
    } else {
        owner->arena = job.arena;
        job.result = &owner->result;
        job.out_of_memory = &out_of_memory;
        mtp_note_list_init(&job.notes, job.arena);
        start(&job);
        status = run(&job, err);
    }
    mtp_robust_free(job.robust);
    mtp_arena_free(job.scratch);
    if (status != MTP_OK) {
        mtp_multilevel_free(job.nested);
        mtp_arena_free(job.arena);
        return status;
    }
    owner->nested = job.nested;
    *result = &owner->result;
    return MTP_OK;
}

void mtp_regress_result_free(mtp_regress_result *result)
{
    regress_owner *owner = (regress_owner *)result;

    if (owner) {
        mtp_multilevel_free(owner->nested);
        mtp_arena_free(owner->arena);
    }
}
