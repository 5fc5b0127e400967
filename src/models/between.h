/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_BETWEEN_H
#define MTP_MODELS_BETWEEN_H

#include "metapool/pool.h"

/** A test that is missing: all NaN. */
mtp_test mtp_test_missing(void);

/** A chi-square test. */
mtp_test mtp_test_chisq(double statistic, double df);

/**
 * Are n estimates equal? Wald test on those that are not NaN:
 *   Q = sum w (m - mean)^2, w = 1 / se^2, chi-square with one degree of freedom less
 *   than there are estimates. Missing with fewer than two.
 * Source: Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to
 * Meta-Analysis, ch. 19, doi:10.1002/9780470743386.
 */
mtp_test mtp_test_equal(size_t n, const double estimate[], const double se[]);

/** The same for estimates with covariances, all of them there: vcov [n * n];
 *  missing where the differences have no positive definite one.
 * @param room  [n * n] */
mtp_test mtp_test_equal_joint(size_t n, const double estimate[], const double vcov[],
                              double room[]);

/** The same as an F test with `factor` scaling the variances and df2 degrees of freedom
 *  (Knapp & Hartung (2003), doi:10.1002/sim.1482); missing where factor is 0. */
mtp_test mtp_test_equal_f(size_t n, const double estimate[], const double se[],
                          double factor, double df2);

#endif
