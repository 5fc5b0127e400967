/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MANTEL_HAENSZEL_H
#define MTP_MODELS_MANTEL_HAENSZEL_H

#include "models/normal.h"
#include "models/strata.h"

/**
 * The estimate of Mantel and Haenszel for OR, RR, RD, IRR and IRD. With the cells of
 * strata.h, a = x1, b = m1, c = x2, d = m2, t1 = m1, t2 = m2:
 *
 *   OR   log(R / S), R = sum a d / N, S = sum b c / N
 *        variance with p = (a + d) / N, q = (b + c) / N, r = a d / N, s = b c / N:
 *        (sum p r / R^2 + sum (p s + q r) / (R S) + sum q s / S^2) / 2
 *   RR   log(R / S), R = sum a n2 / N, S = sum c n1 / N
 *        sum (a d n1 + b c n2) / N^2 / (R S)
 *   RD   (sum a d / N - sum b c / N) / W, W = sum n1 n2 / N
 *        (D sum (c n1^2 - a n2^2 + n1 n2 (n2 - n1) / 2) / N^2
 *         + sum (a d + b c) / (2 N)) / W^2, D the estimate
 *   IRR  log(R / S), R = sum a t2 / N, S = sum c t1 / N
 *        sum (a + c) t1 t2 / N^2 / (R S)
 *   IRD  (sum a t2 / N - sum c t1 / N) / W, W = sum t1 t2 / N
 *        sum (a t2^2 + c t1^2) / N^2 / W^2
 *
 * Sources: Mantel & Haenszel (1959), J Natl Cancer Inst 22:719-748; variances Robins,
 * Breslow & Greenland (1986), Biometrics 42:311-323, doi:10.2307/2531052 (OR);
 * Greenland & Robins (1985), Biometrics 41:55-68, doi:10.2307/2530643 (RR, IRR, IRD);
 * Sato (1989), Biometrics 45:1323-1324, doi:10.2307/2531784 (RD).
 *
 * @return mu and se; both NaN where R or S of a ratio is 0
 */
mtp_center mtp_mantel_haenszel(const mtp_study_set *set);

/** The weight of stratum i: b c / N, c n1 / N, n1 n2 / N, c t1 / N, t1 t2 / N. */
mtp_dd mtp_mantel_haenszel_weight(const mtp_study_set *set, size_t i);

#endif
