/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_internal.h"
#include "num/cholesky.h"

#include <math.h>
#include <string.h>

/* Values of a log-likelihood of (beta, tau), and what Newton's method makes of them. */

static double dot(size_t n, const double a[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

bool mtp_glmm_value_make(size_t p, mtp_arena *arena, mtp_glmm_value *value)
{
    size_t n = p + 1;

    value->beta = mtp_arena_zalloc(arena, p, sizeof(double));
    value->gradient = mtp_arena_zalloc(arena, n, sizeof(double));
    value->hessian = mtp_arena_zalloc(arena, n, n * sizeof(double));
    value->tau = value->loglik = 0.0;
    return value->beta && value->gradient && value->hessian;
}

void mtp_glmm_value_copy(size_t p, const mtp_glmm_value *from, mtp_glmm_value *to)
{
    size_t n = p + 1;

    to->tau = from->tau;
    to->loglik = from->loglik;
    memcpy(to->beta, from->beta, p * sizeof(double));
    memcpy(to->gradient, from->gradient, n * sizeof(double));
    memcpy(to->hessian, from->hessian, n * n * sizeof(double));
}

bool mtp_glmm_newton_step(size_t p, const mtp_glmm_value *at, mtp_glmm_newton *step)
{
    size_t n = p + 1;
    double tau = at->tau, t = tau * at->gradient[p];
    double *A = step->matrix, *last = A + p * n;

    for (size_t i = 0; i < n * n; i++) {
        A[i] = -at->hessian[i];
    }
    for (size_t j = 0; j < p; j++) {
        last[j] *= tau;
    }
    last[p] = tau * tau * last[p] - t;
    if (!mtp_cholesky(n, A)) {
        return false;
    }
    memcpy(step->by, at->gradient, p * sizeof(double));
    step->by[p] = t;
    mtp_cholesky_solve(n, A, step->by);
    step->size = fmax(fabs(step->by[p]),
                      sqrt(fabs(dot(p, at->gradient, step->by) + t * step->by[p])));
    return isfinite(step->size);
}

double mtp_glmm_station_set(size_t p, mtp_glmm_station *here, double *matrix)
{
    size_t n = p + 1;
    const double *gradient = here->at.gradient, *last = here->at.hessian + p * n;
    double tau = here->at.tau;

    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j < p; j++) {
            matrix[i * p + j] = -here->at.hessian[i * n + j];
        }
    }
    if (!mtp_cholesky(p, matrix)) {
        memset(here->left, 0, p * sizeof(double));
        memset(here->along, 0, p * sizeof(double));
        here->slope = here->bend = (double)NAN;
        return (double)NAN;
    }
    memcpy(here->left, gradient, p * sizeof(double));
    memcpy(here->along, last, p * sizeof(double));
    mtp_cholesky_solve(p, matrix, here->left);
    mtp_cholesky_solve(p, matrix, here->along);
    here->slope = tau * (gradient[p] + dot(p, here->along, gradient));
    here->bend = tau * tau * (last[p] + dot(p, here->along, last)) + here->slope;
    return sqrt(fabs(dot(p, here->left, gradient)));
}

bool mtp_glmm_covariance(size_t p, mtp_glmm_value *at, double *vcov)
{
    size_t n = p + 1;
    double *factor = at->hessian;

    for (size_t i = 0; i < n * n; i++) {
        factor[i] = -factor[i];
    }
    if (!mtp_cholesky(n, factor)) {
        return false;
    }
    mtp_cholesky_inverse(n, factor, vcov);
    return true;
}
