/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_ANALYSIS_RUN_H
#define MTP_BIAS_ANALYSIS_RUN_H

#include "bias_analysis/settings.h"
#include "core/arena.h"
#include "core/notes.h"

/** The analysis of small-study effects, with the handles behind it; all 0 at first. */
typedef struct mtp_bias_owned {
    mtp_bias_analysis analysis;
    mtp_asymmetry_result *test[MTP_ASYMMETRY_COUNT];
    mtp_pet_peese_result *pet_peese;
    mtp_trim_fill_result *trim_fill;
    mtp_excess_result *excess;
    mtp_selection_result *selection;
    mtp_selection_result *weighted[MTP_VEVEA_WOODS_COUNT + 1];
    mtp_lfk_result *lfk;
    mtp_p_curve_result *p_curve;
    mtp_p_uniform_result *p_uniform;
    mtp_copas_result *copas;
    const double *shifted; /* [k] effects as differences from the hypothesis */
} mtp_bias_owned;

void mtp_bias_owned_free(mtp_bias_owned *owned);

/** What is analysed and how, and where the answers go. */
typedef struct mtp_bias_run {
    const mtp_effects *effects;
    const mtp_pool_result *pool; /* of the effects, by `pooling` */
    const mtp_pool_options *pooling;
    const mtp_bias_settings *asked;
    const size_t *row; /* [k] 0-based row of each study, which notes name */
    mtp_bias_owned *owned;
    mtp_arena *arena;
    mtp_note_list *notes;
    mtp_error *err;
} mtp_bias_run;

/**
 * Every step that is asked for, into run->owned->analysis.
 * @return MTP_OK, a step without an answer having left a note; MTP_E_ARG,
 * MTP_E_UNSUPPORTED or MTP_E_NOMEM, in run->err
 */
mtp_status mtp_bias_analyse(mtp_bias_run *run);

#endif
