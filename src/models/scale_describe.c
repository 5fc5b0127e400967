/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the optimum in orthonormal columns to the caller's columns and units. */
#include "core/arena.h"
#include "core/error.h"
#include "models/between.h"
#include "models/heterogeneity.h"
#include "models/scale_fit.h"
#include "num/cholesky.h"

#include <math.h>

static const double LOG_2 = 0.693147180559945309417232121458;

/* beta = R^-1 (Q'y + b) and R^-1 (Q'WQ)^-1 R^-T, in the caller's units. */
static mtp_status describe_location(mtp_scale_fit *f)
{
    mtp_arena *arena = f->arena;
    const mtp_scale_point *at = &f->optimum.point;
    size_t p = f->p;
    double *beta = MTP_ARENA_ARRAY(arena, p, double);
    double *vcov = mtp_arena_alloc(arena, p, p * sizeof *vcov);
    double *inverse = mtp_arena_alloc(arena, p, p * sizeof *inverse);
    double *residual = MTP_ARENA_ARRAY(arena, f->k, double);
    double *tau2 = MTP_ARENA_ARRAY(arena, f->k, double);

    if (!beta || !vcov || !inverse || !residual || !tau2) {
        return mtp_fail_nomem(f->err);
    }
    mtp_cholesky_inverse(p, at->L, inverse);
    for (size_t a = 0; a < p; a++) {
        mtp_dd sum = {0.0, 0.0};

        for (size_t c = a; c < p; c++) {
            mtp_dd part = mtp_dd_two_sum(f->start[c], at->b[c]);

            sum = mtp_dd_add(sum, mtp_dd_mul(f->x_inv[a * p + c], part));
        }
        beta[a] = mtp_dd_to(mtp_dd_ldexp(sum, f->unit));
        for (size_t b = 0; b < p; b++) {
            sum = mtp_dd_from(0.0);
            for (size_t c = a; c < p; c++) {
                for (size_t d = b; d < p; d++) {
                    mtp_dd pair = mtp_dd_mul(f->x_inv[a * p + c], f->x_inv[b * p + d]);

                    sum = mtp_dd_add(sum, mtp_dd_mul_d(pair, inverse[c * p + d]));
                }
            }
            vcov[a * p + b] = mtp_dd_to(mtp_dd_ldexp(sum, 2 * f->unit));
        }
    }
    for (size_t i = 0; i < f->k; i++) {
        residual[i] = ldexp(at->r[i], f->unit);
        tau2[i] = ldexp(at->tau2[i], 2 * f->unit);
    }
    f->result->beta = beta;
    f->result->vcov_beta = vcov;
    f->result->residual = residual;
    f->result->tau2 = tau2;
    return MTP_OK;
}

/* Row a of sqrt(k) R^-1: alpha_a = row . gamma. */
static void alpha_row(const mtp_scale_fit *f, size_t a, double row[])
{
    for (size_t c = 0; c < f->q; c++) {
        row[c] = sqrt((double)f->k) * mtp_dd_to(f->z_inv[a * f->q + c]);
    }
}

static double dot(size_t n, const double a[], const double b[])
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* alpha_a where it is held; else the infinity that it runs to, or NaN. */
static double alpha_of(const mtp_scale_fit *f, const double row[])
{
    const mtp_scale_optimum *o = &f->optimum;
    double length = sqrt(dot(f->q, row, row)), away;

    for (size_t v = 0; v < f->q - o->n_free; v++) {
        if (fabs(dot(f->q, row, &o->vanished[v * f->q])) > 1e-9 * length) {
            away = dot(f->q, row, o->direction);
            return o->directed && fabs(away) > 1e-9 * length
                       ? copysign((double)INFINITY, away)
                       : (double)NAN;
        }
    }
    return dot(f->q, row, o->gamma);
}

static mtp_status describe_scale(mtp_scale_fit *f)
{
    mtp_arena *arena = f->arena;
    const mtp_scale_optimum *o = &f->optimum;
    size_t q = f->q;
    double *alpha = MTP_ARENA_ARRAY(arena, q, double);
    double *vcov = mtp_arena_alloc(arena, q, q * sizeof *vcov);
    double *row = mtp_arena_alloc(arena, q, q * sizeof *row);

    if (!alpha || !vcov || !row) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t a = 0; a < q; a++) {
        alpha_row(f, a, &row[a * q]);
        alpha[a] = alpha_of(f, &row[a * q]);
    }
    for (size_t ab = 0; ab < q * q; ab++) {
        const double *s = &row[ab / q * q], *t = &row[ab % q * q];
        double sum = 0.0;

        for (size_t cd = 0; cd < q * q; cd++) {
            sum += s[cd / q] * o->covariance[cd] * t[cd % q];
        }
        vcov[ab] = o->informative && isfinite(alpha[ab / q]) && isfinite(alpha[ab % q])
                       ? sum
                       : (double)NAN;
    }
    f->result->alpha = alpha;
    f->result->vcov_alpha = vcov;
    return MTP_OK;
}

static bool is_constant(const mtp_scale_fit *f)
{
    for (size_t i = 1; f->z && i < f->k; i++) {
        if (f->z[i * f->q] < f->z[0] || f->z[i * f->q] > f->z[0]) {
            return false;
        }
    }
    return true;
}

/* Wald test of alpha from the first column that can be 0 on. */
static mtp_status test_scale(mtp_scale_fit *f)
{
    mtp_location_scale_result *result = f->result;
    size_t q = f->q, first = is_constant(f) ? 1 : 0, n = q - first;
    double *L = mtp_arena_alloc(f->arena, n + 1, (n + 1) * sizeof *L);
    double *b = mtp_arena_alloc(f->arena, n + 1, sizeof *b);
    double statistic;

    result->scale = mtp_test_missing();
    if (!L || !b) {
        return mtp_fail_nomem(f->err);
    }
    for (size_t s = 0; s < n; s++) {
        b[s] = result->alpha[first + s];
        for (size_t t = 0; t < n; t++) {
            L[s * n + t] = result->vcov_alpha[(first + s) * q + first + t];
        }
    }
    if (n > 0 && mtp_cholesky(n, L)) { /* false for NaN */
        mtp_cholesky_solve(n, L, b);
        statistic = dot(n, b, result->alpha + first);
        result->scale = mtp_test_chisq(statistic, (double)n);
    }
    return MTP_OK;
}

static void describe_fit(mtp_scale_fit *f)
{
    mtp_location_scale_result *result = f->result;
    bool restricted = f->problem.restricted;
    double n = (double)(restricted ? f->k - f->p : f->k);
    mtp_fit fit = {.loglik = f->optimum.loglik - n * LOG_2 * (double)f->unit};

    mtp_information_criteria(&fit, n, (double)(f->p + f->q));
    result->loglik = fit.loglik;
    result->AIC = fit.AIC;
    result->AICc = fit.AICc;
    result->BIC = fit.BIC;
    result->k = f->k;
    result->p = f->p;
    result->q = f->q;
    result->n_vanished = f->optimum.n_gone;
    result->informative = f->optimum.informative;
    result->iterations = f->optimum.iterations;
    result->n_modes = f->optimum.n_modes;
}

mtp_status mtp_scale_describe(mtp_scale_fit *f)
{
    mtp_status status;

    describe_fit(f);
    status = describe_location(f);
    if (status == MTP_OK) {
        status = describe_scale(f);
    }
    return status == MTP_OK ? test_scale(f) : status;
}
