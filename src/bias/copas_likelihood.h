/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_COPAS_LIKELIHOOD_H
#define MTP_BIAS_COPAS_LIKELIHOOD_H

#include "bias/climb.h"

/** The parameters: mean = MU + SLOPE x. */
enum { MTP_COPAS_MU, MTP_COPAS_SLOPE, MTP_COPAS_TAU2, MTP_COPAS_RHO, MTP_COPAS_N };

/** The likelihood of the Copas model at one selection. */
typedef struct mtp_copas_problem {
    size_t k;
    double *y, *s; /* [k] effects and standard errors */
    double *x;     /* [k] standard errors, centred and scaled */
    bool selects;  /* false: every study is published, and nothing below is read */
    double *u, *c2, *log_p; /* [k] u, lambda (lambda + u), log Phi(u) */
} mtp_copas_problem;

/** log Phi(z) and phi(z) / Phi(z). */
void mtp_copas_normal(double z, double *log_p, double *lambda);

/** The log-likelihood and its derivatives; problem: mtp_copas_problem */
void mtp_copas_evaluate(void *problem, const double at[], mtp_climb_point *point);

#endif
