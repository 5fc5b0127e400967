/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_ASYMMETRY_H
#define MTP_BIAS_ASYMMETRY_H

#include "metapool/bias.h"

#include "core/arena.h"
#include "core/notes.h"

/** What the stages of one test share. */
typedef struct mtp_asymmetry_job {
    const mtp_effects *effects;
    mtp_asymmetry_options options;
    mtp_arena *arena; /* of the result */
    mtp_note_list notes;
    mtp_asymmetry_result *result;
} mtp_asymmetry_job;

/** Take the caller's options over the defaults and refuse what does not exist. */
mtp_status mtp_asymmetry_check(const mtp_asymmetry_options *options,
                               mtp_asymmetry_options *used, mtp_error *err);

/** Below ten studies: what the Cochrane Handbook does. */
void mtp_asymmetry_note_few(mtp_note_list *notes, size_t k);

/** The tests that are regressions, and those that are rank correlations. */
mtp_status mtp_asymmetry_slope(mtp_asymmetry_job *job, mtp_error *err);
mtp_status mtp_asymmetry_rank(mtp_asymmetry_job *job, mtp_error *err);

#endif
