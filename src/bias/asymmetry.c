/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/asymmetry.h"

#include "core/error.h"
#include "core/owned.h"

#include <math.h>

/* Higgins et al., Cochrane Handbook, version 6.4, section 13.3.5.4. */
enum { HANDBOOK_STUDIES = 10 };

void mtp_asymmetry_note_few(mtp_note_list *notes, size_t k)
{
    if (k < HANDBOOK_STUDIES) {
        mtp_note_add(notes, MTP_NOTE_FEW_FOR_ASYMMETRY, 0,
                     "%zu studies: below ten, tests for asymmetry cannot tell chance "
                     "from real asymmetry and should not be used as a rule (Cochrane "
                     "Handbook, 13.3.5.4)",
                     k);
    }
}

static void start(mtp_asymmetry_job *job)
{
    mtp_asymmetry_result *r = job->result;
    double nan = (double)NAN;

    r->test = job->options.test;
    r->options = job->options;
    r->options.n = NULL; /* what the caller lent is not kept */
    r->se = r->statistic = r->df = r->ci_lower = r->ci_upper = nan;
    r->dispersion = r->tau2 = nan;
    r->limit = (mtp_coefficient){.estimate = nan,
                                 .se = nan,
                                 .statistic = nan,
                                 .df = nan,
                                 .p = nan,
                                 .log_p = nan,
                                 .ci_lower = nan,
                                 .ci_upper = nan};
}

static mtp_status run(mtp_asymmetry_job *job, mtp_error *err)
{
    bool rank = job->options.test == MTP_ASYMMETRY_BEGG ||
                job->options.test == MTP_ASYMMETRY_SCHWARZER;
    mtp_status status =
        rank ? mtp_asymmetry_rank(job, err) : mtp_asymmetry_slope(job, err);

    if (status == MTP_OK) {
        mtp_asymmetry_note_few(&job->notes, job->result->k);
        job->result->notes = mtp_note_list_done(&job->notes);
        status = job->notes.failed ? mtp_fail_nomem(err) : MTP_OK;
    }
    return status;
}

mtp_status mtp_asymmetry(const mtp_effects *effects,
                         const mtp_asymmetry_options *options,
                         mtp_asymmetry_result **result, mtp_error *err)
{
    mtp_asymmetry_job job = {.effects = effects};
    mtp_status status = mtp_asymmetry_check(options, &job.options, err);

    if (status == MTP_OK) {
        status = mtp_asymmetry_applies(job.options.test, effects, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    job.result = MTP_OWNED_NEW(mtp_asymmetry_result);
    if (!job.result) {
        return mtp_fail_nomem(err);
    }
    job.arena = mtp_owned_arena(job.result);
    mtp_note_list_init(&job.notes, job.arena);
    start(&job);
    status = run(&job, err);
    if (status == MTP_OK) {
        *result = job.result;
    } else {
        mtp_owned_free(job.result);
    }
    return status;
}

void mtp_asymmetry_free(mtp_asymmetry_result *result)
{
    mtp_owned_free(result);
}
