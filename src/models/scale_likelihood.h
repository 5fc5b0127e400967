/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_SCALE_LIKELIHOOD_H
#define MTP_MODELS_SCALE_LIKELIHOOD_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The likelihood of a location-scale model, beta profiled out, with its derivatives by
 * gamma, the coefficients of log tau2. With t_i = exp(z_i'gamma + offset), s_i = v_i +
 * t_i, W = diag(1 / s), P = W - W Q (Q'WQ)^-1 Q'W and u = P y = W r:
 *   ML    -2 ll = k log(2 pi) + sum log s + y'Py
 *   REML  -2 ll = (k - p) log(2 pi) + sum log s + log|Q'WQ| + y'Py
 *   d ll / d t_i       = (u_i^2 - D_i) / 2,  D_i = w_i (ML), P_ii (REML)
 *   d2 ll / d t_i d t_j = E_ij / 2 - u_i P_ij u_j,  E = W^2 (ML), P_ij^2 (REML)
 * and t_i has the derivatives t_i z_ia by gamma_a, t_i z_ia z_ib. Sums over pairs of
 * studies are products of p by p matrices: O(k (p + q)^2 + k p^2 q).
 * Q is orthonormal: log|X'WX| - log|X'X| = log|Q'WQ|.
 */
typedef struct mtp_scale_problem {
    size_t k, p, q;
    const double *y, *v; /* [k] */
    const double *Q;     /* [k * p] orthonormal columns of X */
    const double *Z;     /* [k * q] columns of log tau2 */
    double offset;
    const unsigned char *vanished; /* [k] 1: tau2 is 0, whatever gamma is */
    bool restricted;
} mtp_scale_problem;

/** Where the likelihood was evaluated, and what it is there. The caller's room. */
typedef struct mtp_scale_point {
    double loglik;
    double *tau2, *w, *r; /* [k] */
    double *b;            /* [p] coefficients of Q */
    double *L;            /* [p * p] Cholesky factor of Q'WQ */
    double *gradient;     /* [q] */
    double *hessian;      /* [q * q] */
    double *scratch;      /* [mtp_scale_scratch] */
} mtp_scale_point;

size_t mtp_scale_scratch(size_t k, size_t p, size_t q);

/** The likelihood at gamma, with tau2, w, r, b and L. @return false: not finite */
bool mtp_scale_loglik(const mtp_scale_problem *problem, const double gamma[],
                      mtp_scale_point *at);

/** Gradient and Hessian of the point that mtp_scale_loglik made. */
void mtp_scale_derivatives(const mtp_scale_problem *problem, mtp_scale_point *at);

#endif
