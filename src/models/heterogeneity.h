/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_HETEROGENEITY_H
#define MTP_MODELS_HETEROGENEITY_H

#include "metapool/pool.h"

#include "tau2/estimate.h"

/** All NaN; one interval, the Q-profile, undefined. */
void mtp_heterogeneity_clear(mtp_heterogeneity *h);

/** Q with its chi-square test and I2_Q; df = 0 gives p = 1 and no I2_Q. */
void mtp_heterogeneity_set_q(mtp_heterogeneity *h, const char *center, mtp_dd Q,
                             double df);

/** The tests of equal study effects that models of counts have: Wald's Q, and LRT of
 * the saturated against the common model, each with df degrees of freedom. */
void mtp_heterogeneity_set_count_tests(mtp_heterogeneity *h, double Q_wald, double LRT,
                                       double df);

/**
 * The test that a variance (or correlation) is 0, its boundary: gain = 2 (ll - ll at
 * 0), 0 where the estimate is at the boundary, with p from the half-and-half mixture of
 * chi2_0 and chi2_1. Source: Self & Liang (1987), J Am Stat Assoc 82:605-610,
 * doi:10.1080/01621459.1987.10478472.
 */
void mtp_boundary_test(double estimate, double gain, double *statistic, double *p);

/** 100 max(0, (Q - df) / Q), df > 0. */
double mtp_i2_of_q(mtp_dd Q, double df);

/** I2 (percent) and H2 from tau2 and vt, in one unit: mtp_heterogeneity_set_tau2. */
double mtp_i2_of_tau2(mtp_dd tau2, mtp_dd vt);
double mtp_h2_of_tau2(mtp_dd tau2, mtp_dd vt);

/**
 * tau2 with what follows from it and the typical sampling variance vt:
 *   I2 = 100 tau2 / (tau2 + vt),  H2 = 1 + tau2 / vt.
 * Source: Higgins & Thompson (2002), Stat Med 21:1539-1558, doi:10.1002/sim.1186.
 */
void mtp_heterogeneity_set_tau2(mtp_heterogeneity *h, mtp_dd tau2, double se,
                                mtp_dd vt);

/** Enter an interval of tau2, with tau, I2 and H2 by the same transforms; the chosen
 * one also as `ci`. */
void mtp_heterogeneity_add_interval(mtp_heterogeneity *h, const mtp_tau2_set *set,
                                    bool chosen, mtp_dd vt);

/** What a fit lacks that is not beta-binomial, for its initializer. */
#define MTP_FIT_NO_RHO                                                                 \
    .rho = (double)NAN, .rho_se = (double)NAN, .rho_statistic = (double)NAN,           \
    .rho_p = (double)NAN

/**
 * AIC, AICc and BIC from fit->loglik, for n observations and that many parameters. NaN
 * where the log-likelihood is missing, AICc also where n - parameters - 1 is not > 0.
 *   AIC = -2 ll + 2 p,  AICc = -2 ll + 2 p n / (n - p - 1),  BIC = -2 ll + p log n
 * Sources: Akaike (1974), IEEE Trans Autom Control 19:716-723,
 * doi:10.1109/TAC.1974.1100705; Hurvich & Tsai (1989), Biometrika 76:297-307,
 * doi:10.1093/biomet/76.2.297; Schwarz (1978), Ann Stat 6:461-464,
 * doi:10.1214/aos/1176344136.
 */
void mtp_information_criteria(mtp_fit *fit, double n, double parameters);

#endif
