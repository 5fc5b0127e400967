/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/scale_likelihood.h"

#include "core/dd.h"
#include "num/cholesky.h"

#include <math.h>
#include <string.h>

static const double LOG_2_PI = 1.83787706640934548356065947281;

size_t mtp_scale_scratch(size_t k, size_t p, size_t q)
{
    return k * p + q * p * p + q * p;
}

static double linear(size_t n, const double a[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* tau2 and weights; the sum of log s. */
static double take_scale(const mtp_scale_problem *of, const double gamma[],
                         mtp_scale_point *at)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < of->k; i++) {
        double eta = linear(of->q, &of->Z[i * of->q], gamma) + of->offset, s;

        at->tau2[i] = of->vanished[i] ? 0.0 : exp(eta);
        s = of->v[i] + at->tau2[i];
        at->w[i] = 1.0 / s;
        sum = mtp_dd_add(sum, mtp_dd_from(log(s)));
    }
    return mtp_dd_to(sum);
}

/* b, r and y'Py = sum w r^2; false where Q'WQ is not positive definite. */
static bool take_location(const mtp_scale_problem *of, mtp_scale_point *at,
                          double *form)
{
    size_t p = of->p;
    mtp_dd sum = {0.0, 0.0};

    memset(at->L, 0, p * p * sizeof *at->L);
    memset(at->b, 0, p * sizeof *at->b);
    for (size_t i = 0; i < of->k; i++) {
        const double *row = &of->Q[i * p];

        for (size_t a = 0; a < p; a++) {
            at->b[a] += at->w[i] * row[a] * of->y[i];
            for (size_t b = 0; b <= a; b++) {
                at->L[a * p + b] += at->w[i] * row[a] * row[b];
            }
        }
    }
    if (!mtp_cholesky(p, at->L)) {
        return false;
    }
    mtp_cholesky_solve(p, at->L, at->b);
    for (size_t i = 0; i < of->k; i++) {
        double r = of->y[i] - linear(p, &of->Q[i * p], at->b);

        at->r[i] = r;
        sum = mtp_dd_add(sum, mtp_dd_mul_d(mtp_dd_two_prod(r, r), at->w[i]));
    }
    *form = mtp_dd_to(sum);
    return true;
}

bool mtp_scale_loglik(const mtp_scale_problem *of, const double gamma[],
                      mtp_scale_point *at)
{
    double n = (double)(of->restricted ? of->k - of->p : of->k), form;
    double sum = take_scale(of, gamma, at);

    if (!isfinite(sum) || !take_location(of, at, &form)) {
        return false;
    }
    for (size_t a = 0; a < of->p && of->restricted; a++) {
        sum += 2.0 * log(at->L[a * of->p + a]);
    }
    at->loglik = -0.5 * (n * LOG_2_PI + sum + form);
    return isfinite(at->loglik);
}

/* Rows x of Q L'^-1, with which P_ij = w_i [i = j] - w_i w_j x_i'x_j. */
static void whiten(const mtp_scale_problem *of, const mtp_scale_point *at, double x[])
{
    size_t p = of->p;

    for (size_t i = 0; i < of->k; i++) {
        for (size_t a = 0; a < p; a++) {
            double sum = of->Q[i * p + a];

            for (size_t b = 0; b < a; b++) {
                sum -= at->L[a * p + b] * x[i * p + b];
            }
            x[i * p + a] = sum / at->L[a * p + a];
        }
    }
}

/* What study i adds to the gradient and to the parts of the Hessian that are sums over
 * studies; A_a and F_a gather those over pairs:
 *   F_a = sum_i t_i z_ia w_i u_i x_i,   A_a = sum_i t_i z_ia w_i^2 x_i x_i'. */
static void add_study(const mtp_scale_problem *of, size_t i, const double x[],
                      mtp_scale_point *at, double A[], double F[])
{
    size_t p = of->p, q = of->q;
    const double *z = &of->Z[i * q];
    double t = at->tau2[i], w = at->w[i], u = w * at->r[i], h = linear(p, x, x);
    double d = of->restricted ? w * (1.0 - w * h) : w;
    double slope = 0.5 * (u * u - d) * t;
    double e = of->restricted ? w * w - 2.0 * w * w * w * h : w * w;
    double curve = slope + t * t * (0.5 * e - u * u * w);

    for (size_t a = 0; a < q; a++) {
        double tz = t * z[a];

        at->gradient[a] += slope * z[a];
        for (size_t b = 0; b < q; b++) {
            at->hessian[a * q + b] += curve * z[a] * z[b];
        }
        for (size_t c = 0; c < p; c++) {
            F[a * p + c] += tz * w * u * x[c];
            for (size_t b = 0; b < p && of->restricted; b++) {
                A[(a * p + c) * p + b] += tz * w * w * x[c] * x[b];
            }
        }
    }
}

void mtp_scale_derivatives(const mtp_scale_problem *of, mtp_scale_point *at)
{
    size_t k = of->k, p = of->p, q = of->q;
    double *x = at->scratch, *A = x + k * p, *F = A + q * p * p;

    whiten(of, at, x);
    memset(A, 0, (q * p * p + q * p) * sizeof *A);
    memset(at->gradient, 0, q * sizeof *at->gradient);
    memset(at->hessian, 0, q * q * sizeof *at->hessian);
    for (size_t i = 0; i < k; i++) {
        add_study(of, i, &x[i * p], at, A, F);
    }
    for (size_t a = 0; a < q; a++) {
        for (size_t b = 0; b < q; b++) {
            double pairs = linear(p * p, &A[a * p * p], &A[b * p * p]);

            at->hessian[a * q + b] += linear(p, &F[a * p], &F[b * p]) + 0.5 * pairs;
        }
    }
}
