/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MIXED_H
#define MTP_MODELS_MIXED_H

#include "metapool/pool.h"

#include "core/arena.h"
#include "models/estimate.h"

/** What the notes need beyond the public result. */
typedef struct mtp_mixed_detail {
    size_t uninformative;   /* studies that carry nothing into the model */
    size_t uninformative_Q; /* into the Wald Q */
    bool clipped;
} mtp_mixed_detail;

/**
 * The generalized linear mixed model of one set of studies, in the terms of mtp_pooled:
 * Q is the Wald test of equal study effects, LRT the saturated against the common
 * model, tau2_statistic = 2 (ll - ll at tau2 = 0) with p from the half-and-half mixture
 * of chi2_0 and chi2_1 (Self & Liang (1987), J Am Stat Assoc 82:605-610,
 * doi:10.1080/01621459.1987.10478472). I2 and H2 compare tau2 with the typical variance
 * of the study effects yi, vi.
 */
mtp_status mtp_fit_mixed(const mtp_study_set *set, const mtp_pool_options *options,
                         mtp_arena *scratch, mtp_pooled *pooled,
                         mtp_mixed_detail *detail, mtp_error *err);

#endif
