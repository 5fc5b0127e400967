/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_KENWARD_ROGER_H
#define MTP_MODELS_KENWARD_ROGER_H

#include "tau2/studies.h"

/**
 * Standard error and degrees of freedom of a mean by Kenward and Roger, after REML.
 * With S_r = sum w^r, w = 1 / (v + tau2), and V the variance of tau2 by the expected
 * information:
 *   se^2 = 1 / S1 + 2 V (S3 - S2^2 / S1) / S1^2,   df = 2 / (V (S2 se^2)^2)
 * Sources: Kenward & Roger (1997), Biometrics 53:983-997, doi:10.2307/2533558; Partlett
 * & Riley (2017), Stat Med 36:301-317, doi:10.1002/sim.7140, whose degrees of freedom
 * these are: Kenward and Roger have 1 / S1 in place of se^2 there.
 */
typedef struct mtp_kenward_roger {
    mtp_dd se;
    double df; /* 0: not defined */
} mtp_kenward_roger;

/** 2 / tr(PP), the variance of tau2 from all blocks. */
mtp_dd mtp_expected_variance(const mtp_studies *studies, mtp_dd tau2);

/** The mean of one block; figures in the studies' unit. */
mtp_kenward_roger mtp_kenward_roger_of(const mtp_studies *studies, mtp_dd tau2,
                                       mtp_dd tau2_variance);

#endif
