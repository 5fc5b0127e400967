/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_TAU2_DRAWS_H
#define MTP_MODELS_TAU2_DRAWS_H

#include "tau2/studies.h"

enum { MTP_TAU2_NODES = 256 };

/**
 * The confidence distribution of tau2 from Cochran's Q: H(t) = P(Q >= its observed
 * value) where tau2 is t, with the rest, H(0), at 0. The t with H(t) = P(Z <= z) is
 * kept as a Chebyshev interpolant of log(t + shift) over |z| <= 6, good to 1e-7 or far
 * better; beyond it, once in 500 million draws, the equation is solved.
 * Source: Nagashima, Noma & Furukawa (2019), doi:10.1177/0962280218773520.
 */
typedef struct mtp_tau2_draws {
    const mtp_studies *studies;
    double zero;     /* the z below which t is 0 */
    double from, to; /* range of z; none where from >= to */
    double shift;
    size_t n; /* n + 1 nodes, from + (to - from) (1 + cos(pi i / n)) / 2 */
    double node[MTP_TAU2_NODES + 1], value[MTP_TAU2_NODES + 1];
} mtp_tau2_draws;

/** From studies of one block with a degree of freedom, kept by reference. */
void mtp_tau2_draws_prepare(const mtp_studies *studies, mtp_tau2_draws *draws);

/** The t >= 0 of z, in the studies' unit. */
double mtp_tau2_draws_at(const mtp_tau2_draws *draws, double z);

#endif
