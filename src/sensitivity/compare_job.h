/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_COMPARE_JOB_H
#define MTP_SENSITIVITY_COMPARE_JOB_H

#include "metapool/compare.h"

#include "core/arena.h"
#include "core/notes.h"

/** One model with one estimator of tau2, and the intervals that exist for it. */
typedef struct mtp_compare_fit {
    mtp_pool_options options; /* Wald's interval, no costly ones */
    bool common;              /* the common-effect estimate of the fit is meant */
    const char *model;        /* as in mtp_specification */
    const char *model_name;
    unsigned intervals, predictions; /* bit 1 << method */
    mtp_status status;
    mtp_error error;
    mtp_pool_result *pool; /* NULL where status is not MTP_OK */
} mtp_compare_fit;

enum { MTP_COMPARE_FITS = MTP_TAU2_COUNT + 4 + MTP_MODEL_COUNT + 1 };

/** What the stages of one comparison share. */
typedef struct mtp_compare_job {
    const mtp_effects *effects;
    mtp_pool_options options;   /* of the reference, as used */
    mtp_pool_result *reference; /* the chosen analysis itself */
    size_t n_fits;
    mtp_compare_fit *fit; /* [MTP_COMPARE_FITS] */
    mtp_arena *arena;     /* of the result */
    mtp_note_list notes;
} mtp_compare_job;

/** The rows of all fits, judged against the reference. */
mtp_status mtp_compare_rows(mtp_compare_job *job, mtp_comparison *result);

/** Ranks, extremes and counts of the rows. */
mtp_status mtp_compare_summarize(mtp_compare_job *job, mtp_specification row[],
                                 mtp_comparison *result);

/** result->sentence, in the arena; NULL without memory. */
const char *mtp_compare_sentence(const mtp_comparison *result, mtp_arena *arena);

#endif
