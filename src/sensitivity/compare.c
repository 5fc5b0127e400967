/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/compare.h"

#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "core/parallel.h"
#include "models/pool_check.h"
#include "models/stratified.h"
#include "sensitivity/compare_job.h"

#include <stddef.h>

MTP_NAMES(conclusion, mtp_conclusion, MTP_CONCLUSION_LIST, MTP_CONCLUSION_COUNT)
MTP_NAMES(choice, mtp_choice, MTP_CHOICE_LIST, MTP_CHOICE_COUNT)

/* Whether mtp_pool knows the combination; wrong data are another matter. */
static bool exists(const mtp_compare_job *job, const mtp_pool_options *options)
{
    mtp_pool_options used;

    return mtp_pool_check(job->effects, NULL, options, &used, NULL) !=
           MTP_E_UNSUPPORTED;
}

static unsigned intervals_of(const mtp_compare_job *job, mtp_pool_options options)
{
    unsigned bits = 0;

    for (int c = MTP_CI_WALD; c < MTP_CI_ROBUST; c++) {
        options.ci = (mtp_ci_method)c;
        bits |= exists(job, &options) ? 1u << c : 0;
    }
    return bits;
}

static unsigned predictions_of(const mtp_compare_job *job, mtp_pool_options options)
{
    unsigned bits = 0;

    for (int p = MTP_PI_WALD; p < MTP_PI_ROBUST; p++) {
        options.predict = (mtp_pi_method)p;
        if (p != MTP_PI_NNF || job->options.predict == MTP_PI_NNF) {
            bits |= exists(job, &options) ? 1u << p : 0;
        }
    }
    return bits;
}

static bool add_fit(mtp_compare_job *job, mtp_method method, mtp_tau2_method tau2,
                    mtp_model model)
{
    mtp_compare_fit *fit = &job->fit[job->n_fits];
    bool two_groups = job->effects->measure->groups == 2;

    *fit = (mtp_compare_fit){.options = job->options};
    fit->options.method = method;
    fit->options.tau2 = tau2;
    fit->options.model = model;
    fit->options.ci = MTP_CI_WALD;
    fit->options.predict = MTP_PI_AUTO;
    fit->options.tau2_ci = MTP_TAU2_CI_QP;
    fit->options.threads = 1;
    if (method != MTP_METHOD_INVERSE) {
        fit->options.weights = NULL; /* it has its own, or none */
    }
    if (!exists(job, &fit->options)) {
        return true;
    }
    fit->common = mtp_method_is_stratified(method) && tau2 == MTP_TAU2_EE;
    fit->model = method == MTP_METHOD_GLMM && two_groups ? mtp_model_id(model) : NULL;
    fit->intervals = fit->common ? 1u << MTP_CI_WALD : intervals_of(job, fit->options);
    fit->predictions = fit->common ? 0 : predictions_of(job, fit->options);
    fit->model_name = fit->model ? mtp_arena_printf(job->arena, "%s %s",
                                                    mtp_method_id(method), fit->model)
                                 : mtp_method_id(method);
    job->n_fits++;
    return fit->model_name != NULL;
}

/* Which fits there are, in the order of the lists; false without memory. */
static bool list_fits(mtp_compare_job *job)
{
    bool two_groups = job->effects->measure->groups == 2, ok = true;
    mtp_model model = job->options.model;

    for (int t = 0; t < MTP_TAU2_COUNT; t++) {
        if (t != MTP_TAU2_GIVEN || job->options.tau2 == MTP_TAU2_GIVEN) {
            ok &= add_fit(job, MTP_METHOD_INVERSE, (mtp_tau2_method)t, model);
        }
    }
    for (int m = MTP_METHOD_MH; m <= MTP_METHOD_PETO; m++) {
        ok &= add_fit(job, (mtp_method)m, MTP_TAU2_DL, model);
        ok &= add_fit(job, (mtp_method)m, MTP_TAU2_EE, model);
    }
    for (int m = 0; m < (two_groups ? MTP_MODEL_COUNT : 1); m++) {
        ok &= add_fit(job, MTP_METHOD_GLMM, MTP_TAU2_ML,
                      two_groups ? (mtp_model)m : model);
    }
    ok &= add_fit(job, MTP_METHOD_BETABINOMIAL, MTP_TAU2_ML, model);
    return ok;
}

static mtp_status fit_one(void *context, size_t i)
{
    mtp_compare_job *job = (mtp_compare_job *)context;
    mtp_compare_fit *fit = &job->fit[i];

    fit->status = mtp_pool(job->effects, NULL, &fit->options, &fit->pool, &fit->error);
    return fit->status == MTP_E_NOMEM ? MTP_E_NOMEM : MTP_OK;
}

static mtp_status check(const mtp_effects *effects, const mtp_pool_options *reference,
                        mtp_pool_options *used, mtp_error *err)
{
    mtp_status status = mtp_pool_check(effects, NULL, reference, used, err);

    if (status != MTP_OK) {
        return status;
    }
    if (used->cluster || used->n_levels > 0) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "analyses with %s are not compared; leave them out",
                        used->cluster ? "clusters" : "nested levels");
    }
    return MTP_OK;
}

static mtp_status run(mtp_compare_job *job, const mtp_pool_options *reference,
                      mtp_comparison *result, mtp_error *err)
{
    mtp_status status = mtp_pool(job->effects, NULL, reference, &job->reference, err);

    if (status != MTP_OK) {
        return status;
    }
    status = list_fits(job)
                 ? mtp_parallel_for(job->n_fits, job->options.threads, fit_one, job)
                 : MTP_E_NOMEM;
    result->measure = job->effects->measure;
    result->k = job->effects->k;
    result->level = job->options.level;
    result->null_value = job->options.null_value;
    if (status == MTP_OK) {
        mtp_note_add_all(&job->notes, &job->reference->notes);
        status = mtp_compare_rows(job, result);
    }
    result->notes = mtp_note_list_done(&job->notes);
    return status == MTP_OK && !job->notes.failed ? MTP_OK : mtp_fail_nomem(err);
}

mtp_status mtp_compare(const mtp_effects *effects, const mtp_pool_options *reference,
                       mtp_comparison **result, mtp_error *err)
{
    mtp_compare_job job = {.effects = effects};
    mtp_comparison *r;
    mtp_status status = check(effects, reference, &job.options, err);

    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_comparison);
    job.arena = r ? mtp_owned_arena(r) : NULL;
    job.fit = r ? mtp_arena_zalloc(job.arena, MTP_COMPARE_FITS, sizeof *job.fit) : NULL;
    if (!job.fit) {
        mtp_owned_free(r);
        return mtp_fail_nomem(err);
    }
    mtp_note_list_init(&job.notes, job.arena);
    status = run(&job, reference, r, err);
    for (size_t i = 0; i < job.n_fits; i++) {
        mtp_pool_result_free(job.fit[i].pool);
    }
    mtp_pool_result_free(job.reference);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_comparison_free(mtp_comparison *comparison)
{
    mtp_owned_free(comparison);
}
