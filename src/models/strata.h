/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_STRATA_H
#define MTP_MODELS_STRATA_H

#include "metapool/pool.h"

#include "core/dd.h"
#include "models/estimate.h"

/**
 * Two groups in each of k strata, the studies, with what is added to cells in them:
 *
 *     counts   x events, m others: n = x + m     N = n1 + n2 patients
 *     rates    x events, m person-time           N = m1 + m2 person-time
 *
 * All sums of Mantel and Haenszel, Peto and their tests are made of these shares, in
 * double-double. Every share is a part of N, so that nothing overflows.
 */
typedef struct mtp_stratum {
    double x1, m1, x2, m2;
    mtp_dd n1, n2; /* patients, or person-time */
    mtp_dd p1, p2; /* n1 / N, n2 / N */
    mtp_dd N;
} mtp_stratum;

/** Stratum i of a set. */
mtp_stratum mtp_stratum_of(const mtp_study_set *set, size_t i);

/** Whether the strata are two rates, not counts. */
bool mtp_strata_are_rates(const mtp_study_set *set);

/**
 * O - E of the events of group 1 when the groups do not differ, and its variance:
 *   counts  O - E = (x1 m2 - m1 x2) / N,  V = n1 n2 X M / (N^2 (N - 1)),
 *           X = x1 + x2, M = m1 + m2;  binomial instead: V (N - 1) / N
 *   rates   O - E = (x1 m2 - x2 m1) / N,  V = X m1 m2 / N^2
 */
typedef struct mtp_score {
    mtp_dd difference;
    mtp_dd v;        /* counts: hypergeometric; 0 where a margin is empty */
    mtp_dd binomial; /* counts: V (N - 1) / N; rates: V */
} mtp_score;

mtp_score mtp_score_of(const mtp_study_set *set, size_t i);

/** The two sums whose ratio is the estimate of Mantel and Haenszel, for OR: R = sum of
 *  x1 m2 / N, S = sum of m1 x2 / N. */
void mtp_odds_ratio_sums(const mtp_study_set *set, mtp_dd *R, mtp_dd *S);

#endif
