/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_BETA_BINOMIAL_INTERNAL_H
#define MTP_MODELS_BETA_BINOMIAL_INTERNAL_H

#include "models/beta_binomial.h"
#include "models/glmm_internal.h"

/**
 * The log-likelihood of the beta-binomial model, its gradient and Hessian, in
 * (logit mu, tau) with tau2 = phi = rho / (1 - rho): near rho = 0 it is smooth in tau2,
 * so that mtp_glmm_search does what it does for a variance.
 * `of` is a mtp_glmm_sample of binomial studies; the rule does not matter.
 */
void mtp_beta_binomial_evaluate(void *of, const mtp_glmm_rule *rule,
                                mtp_glmm_value *value);

/** Sums of m terms at c > 0, m whole: ln c + ln(c + 1) + ...; 1 / c + 1 / (c + 1) +
 * ...; and the same of squares. What a study's log-likelihood and its derivatives in a
 * and b are made of; the cost does not depend on m. */
double mtp_rising_log(double c, double m);
double mtp_rising_inverse(double c, double m);
double mtp_rising_square(double c, double m);

#endif
