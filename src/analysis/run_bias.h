/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_RUN_BIAS_H
#define MTP_ANALYSIS_RUN_BIAS_H

#include "metapool/bias_analysis.h"

/** The analysis of small-study effects, with the handles behind it. */
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

#endif
