/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_HEDGES_H
#define MTP_EFFECTS_HEDGES_H

/**
 * The correction of a standardized mean for small samples,
 *   J(m) = Gamma(m / 2) / (sqrt(m / 2) Gamma((m - 1) / 2)),
 * to the last bits for any degrees of freedom m > 1, whole or not.
 * Source: Hedges (1981), J Educ Stat 6:107-128, doi:10.3102/10769986006002107.
 */
double mtp_hedges_j(double m);

/**
 * 1 - (m - 2) / (m J(m)^2), the part of g^2 in its unbiased variance, m > 1; near
 * 1 / (2 m), without cancellation.
 * Source: Hedges (1983), Psychol Bull 93:388-395, doi:10.1037/0033-2909.93.2.388.
 */
double mtp_hedges_excess(double m);

#endif
