/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_P_UNIFORM_LIKELIHOOD_H
#define MTP_BIAS_P_UNIFORM_LIKELIHOOD_H

#include "bias/climb.h"

#include <stddef.h>

/**
 * Effects on their side of a critical value: significant ones above it, the others
 * below, of which the mirror image counts.
 */
typedef struct mtp_p_uniform_study {
    double v;
    double critical;
    double direction; /* 1 above, -1 below */
    double gap;       /* |y - critical| */
} mtp_p_uniform_study;

typedef struct mtp_p_uniform_studies {
    size_t k;
    const mtp_p_uniform_study *study; /* [k] */
} mtp_p_uniform_studies;

/** The log-likelihood at (mu, tau2), with its derivatives: for mtp_climb. */
void mtp_p_uniform_evaluate(void *studies, const double at[], mtp_climb_point *point);

#endif
