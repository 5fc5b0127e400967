/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_BIAS_STEPS_H
#define MTP_ANALYSIS_BIAS_STEPS_H

#include "analysis/run.h"

/* The steps of `bias`. Each fills its part of the analysis. */

mtp_status mtp_bias_tests(mtp_run_context *run);

/* What they share. */

/**
 * What becomes of a step: MTP_OK where it succeeded; where it has no answer, MTP_OK
 * with a note that `what` has none and the reason, in *reason too (may be NULL); else
 * the failure, in run->err.
 */
mtp_status mtp_bias_settle(mtp_run_context *run, mtp_status status,
                           const mtp_error *problem, const char *what,
                           const char **reason);

/** The notes of a result, those that were said before left out. */
void mtp_bias_add_notes(mtp_run_context *run, const mtp_notes *notes);

/** An estimate of the analysis scale on the natural one. */
mtp_bias_natural mtp_bias_back(const mtp_run_context *run, const mtp_coefficient *c);

#endif
