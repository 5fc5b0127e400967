/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_ANALYSIS_STEPS_H
#define MTP_BIAS_ANALYSIS_STEPS_H

#include "bias_analysis/run.h"

/* The steps of `bias`. Each fills its part of the analysis, if it is asked for. */

mtp_status mtp_bias_tests(mtp_bias_run *run);
mtp_status mtp_bias_pet_and_peese(mtp_bias_run *run);
mtp_status mtp_bias_trim_and_fill(mtp_bias_run *run);
mtp_status mtp_bias_failsafes(mtp_bias_run *run);
mtp_status mtp_bias_excess(mtp_bias_run *run);
mtp_status mtp_bias_selections(mtp_bias_run *run);
mtp_status mtp_bias_lfk_index(mtp_bias_run *run);
mtp_status mtp_bias_p_values(mtp_bias_run *run);
mtp_status mtp_bias_copas_path(mtp_bias_run *run);

/** The means side by side, after the other steps. */
mtp_status mtp_bias_list_estimates(mtp_bias_run *run);

/* What they share. */

/**
 * What becomes of a step: MTP_OK where it succeeded, the analysis being answered then;
 * where it has no answer, MTP_OK with a note that `what` has none and the reason, in
 * *reason too (may be NULL); else the failure, in run->err.
 */
mtp_status mtp_bias_settle(mtp_bias_run *run, mtp_status status,
                           const mtp_error *problem, const char *what,
                           const char **reason);

/** The notes of a result, those that were said before left out; `what` goes first
 *  unless it is NULL. */
void mtp_bias_add_notes(mtp_bias_run *run, const char *what, const mtp_notes *notes);

/** The same of a pooling: what concerns the mean, for nothing else of it is shown. */
void mtp_bias_add_pool_notes(mtp_bias_run *run, const char *what,
                             const mtp_notes *notes);

/** An estimate of the analysis scale on the natural one. */
mtp_bias_natural mtp_bias_back(const mtp_bias_run *run, const mtp_coefficient *c);

/** The test of an effect is made that of the hypothesis, which the mean is tested for;
 *  where there is none there is no test. */
void mtp_bias_test_mean(const mtp_bias_run *run, mtp_coefficient *c);

/** An estimate of a difference from the hypothesis as an effect; its test stays. */
void mtp_bias_unshift(const mtp_bias_run *run, mtp_coefficient *c);

#endif
