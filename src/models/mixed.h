/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MIXED_H
#define MTP_MODELS_MIXED_H

#include "metapool/pool.h"

#include "core/arena.h"
#include "models/estimate.h"
#include "models/glmm_design.h"

/** What the notes need beyond the public result. */
typedef struct mtp_mixed_detail {
    size_t uninformative;   /* studies that carry nothing into the model */
    size_t uninformative_Q; /* into the Wald Q */
    bool clipped;
} mtp_mixed_detail;

/**
 * One tau2 of all subgroups: the regression on the factor, without intercept. A
 * subgroup without events, or with nothing else, has no finite mean; it says nothing
 * about tau2 either, and is left out.
 */
typedef struct mtp_shared_mixed {
    size_t n_columns;           /* subgroups in the regression */
    const size_t *column;       /* [groups] of each; n_columns where it is left out */
    mtp_glmm_design_fit design; /* n_columns > 0: of the others */
} mtp_shared_mixed;

/** @param arena  holds the fit */
mtp_status mtp_fit_shared_mixed(const mtp_study_set set[], size_t groups,
                                const mtp_pool_options *options, mtp_arena *arena,
                                mtp_shared_mixed *shared, mtp_error *err);

/** Of a subgroup in the regression: its mean, tau2, modes and log-likelihoods into a
 * fit that has its own common effect. */
void mtp_shared_mixed_take(const mtp_shared_mixed *shared, size_t group,
                           mtp_glmm_fit *fit);

/** Wald test that the means of the subgroups in the regression are one, from their
 * joint covariance. */
mtp_status mtp_shared_mixed_test(const mtp_shared_mixed *shared, mtp_arena *scratch,
                                 mtp_test *test);

/**
 * The generalized linear mixed model of one set of studies, in the terms of mtp_pooled:
 * Q is the Wald test of equal study effects, LRT the saturated against the common
 * model, tau2_statistic = 2 (ll - ll at tau2 = 0) with p from the half-and-half mixture
 * of chi2_0 and chi2_1 (Self & Liang (1987), J Am Stat Assoc 82:605-610,
 * doi:10.1080/01621459.1987.10478472). I2 and H2 compare tau2 with the typical variance
 * of the study effects yi, vi.
 * @param shared  the subgroups' common tau2, and `group` which of them the set is;
 * NULL: tau2 of this set by itself. Its log-likelihood, tau2_statistic and degrees of
 * freedom are then those of all subgroups together
 */
mtp_status mtp_fit_mixed(const mtp_study_set *set, const mtp_pool_options *options,
                         const mtp_shared_mixed *shared, size_t group,
                         mtp_arena *scratch, mtp_pooled *pooled,
                         mtp_mixed_detail *detail, mtp_error *err);

#endif
