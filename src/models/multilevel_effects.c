/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/multilevel_effects.h"

#include "core/dd_vector.h"
#include "core/error.h"

#include <math.h>

/* T' x = b. */
static void solve_transposed(const mtp_nested_basis *basis, mtp_dd b[])
{
    for (size_t i = 0; i < basis->n; i++) {
        for (size_t j = 0; j < i; j++) {
            b[i] = mtp_dd_sub(b[i], mtp_dd_mul(basis->T[j * basis->n + i], b[j]));
        }
        b[i] = mtp_dd_div(b[i], basis->T[i * basis->n + i]);
    }
}

/* y = mean + Z gamma, in the studies' unit from the centre. */
static mtp_dd root_of(const mtp_nested_fit *fit)
{
    const mtp_nested *d = fit->nested;
    size_t n = d->basis->n;
    mtp_dd mean = mtp_dd_add(fit->mean, mtp_dd_from(d->root_mean[n]));

    for (size_t t = 0; t < n; t++) {
        mean = mtp_dd_sub(mean, mtp_dd_two_prod(d->root_mean[t], d->gamma[t]));
    }
    return mean;
}

static void find_beta(const mtp_nested_fit *fit, mtp_dd room[], double beta[])
{
    const mtp_nested_basis *basis = fit->nested->basis;
    mtp_dd mean =
        mtp_dd_add(mtp_dd_ldexp(root_of(fit), fit->unit), mtp_dd_from(fit->centre));

    for (size_t t = 0; t < basis->n; t++) {
        room[t] = mtp_dd_ldexp(
            mtp_dd_add(fit->gamma[t], mtp_dd_from(fit->nested->gamma[t])), fit->unit);
    }
    mtp_dd_solve_upper(basis->n, basis->n, basis->T, 1, room);
    for (size_t t = 0; t < basis->n; t++) {
        beta[basis->column[t]] = mtp_dd_to(room[t]);
        mean = mtp_dd_sub(mean, mtp_dd_mul(basis->xbar[t], room[t]));
    }
    if (basis->intercept) {
        beta[basis->at] = mtp_dd_to(mtp_dd_div(mean, mtp_dd_from(basis->height)));
    }
}

/* T^-1 L^-T, whose square is the covariance of the coefficients of Z. */
static void find_root_of_covariance(const mtp_nested *d, mtp_dd room[], double root[])
{
    size_t n = d->basis->n;
    double *column = d->solved;

    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++) {
            column[i] = i == j ? 1.0 : 0.0;
        }
        mtp_cholesky_upper(n, d->factor, column);
        for (size_t i = 0; i < n; i++) {
            room[i] = mtp_dd_from(column[i]);
        }
        mtp_dd_solve_upper(n, n, d->basis->T, 1, room);
        for (size_t i = 0; i < n; i++) {
            root[i * n + j] = mtp_dd_to(room[i]);
        }
    }
}

/*
 * The intercept is the weighted mean of y less h'gamma, h = mean of Z + T^-T xbar, two
 * independent parts: var = 1 / 1'V^-1 1 + |L^-1 h|^2, covariance -h'C T^-T.
 */
static void add_intercept(const mtp_nested *d, mtp_dd room[], const double root[],
                          double scale, double vcov[])
{
    const mtp_nested_basis *basis = d->basis;
    size_t n = basis->n, p = n + 1, at = basis->at;
    double *h = d->solved, height = basis->height, sum = 1.0 / d->root_a;

    for (size_t t = 0; t < n; t++) {
        room[t] = basis->xbar[t];
    }
    solve_transposed(basis, room);
    for (size_t t = 0; t < n; t++) {
        h[t] = d->root_mean[t] + mtp_dd_to(room[t]);
    }
    mtp_cholesky_lower(n, d->factor, h);
    for (size_t t = 0; t < n; t++) {
        double covariance = 0.0;

        sum += h[t] * h[t];
        for (size_t j = 0; j < n; j++) {
            covariance -= h[j] * root[t * n + j];
        }
        vcov[at * p + basis->column[t]] = scale * covariance / height;
        vcov[basis->column[t] * p + at] = vcov[at * p + basis->column[t]];
    }
    vcov[at * p + at] = scale * sum / (height * height);
}

mtp_status mtp_nested_coefficients(const mtp_nested_fit *fit, double beta[],
                                   double vcov[], mtp_error *err)
{
    mtp_nested *d = fit->nested;
    const mtp_nested_basis *basis = d->basis;
    size_t n = basis->n, p = n + (basis->intercept ? 1 : 0);
    mtp_arena_mark mark = mtp_arena_save(d->arena);
    mtp_dd *room = MTP_ARENA_ARRAY(d->arena, n, mtp_dd);
    double *root = MTP_ARENA_ARRAY(d->arena, n * n, double);
    double scale = ldexp(1.0, 2 * fit->unit);

    if (!room || !root) {
        return mtp_fail_nomem(err);
    }
    find_beta(fit, room, beta);
    find_root_of_covariance(d, room, root);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            double sum = 0.0;

            for (size_t t = 0; t < n; t++) {
                sum += root[i * n + t] * root[j * n + t];
            }
            vcov[basis->column[i] * p + basis->column[j]] = scale * sum;
        }
    }
    if (basis->intercept) {
        add_intercept(d, room, root, scale, vcov);
    }
    mtp_arena_release(d->arena, mark);
    return MTP_OK;
}

/* |L^-1 b|^2 = b'C b. */
static double through_columns(const mtp_nested *d, const double b[])
{
    size_t n = d->basis->n;
    double sum = 0.0;

    for (size_t t = 0; t < n; t++) {
        d->solved[t] = b[t];
    }
    mtp_cholesky_lower(n, d->factor, d->solved);
    for (size_t t = 0; t < n; t++) {
        sum += d->solved[t] * d->solved[t];
    }
    return sum;
}

/*
 * u = s 1'r over the group. Given the effects around, their sum having the variance h,
 * u varies by s / (1 + s a) about s w (mean - that sum): together
 *   se^2 = s / (1 + s a) + (s w)^2 h + s^2 (1'P1 Z) C (Z'P1 1),
 * of positive terms, and the sum with u varies by s / (1 + s a) + h / (1 + s a)^2.
 */
static void predict_group(const mtp_nested_fit *fit, size_t l, size_t g, double h,
                          double out[3])
{
    const mtp_nested *d = fit->nested;
    const mtp_nested_level *level = &d->level[l];
    const double *sum = level->sum + g * d->q;
    double s = fit->at.sigma2[l], grown = 1.0 + s * level->a[g], gain = s * level->w[g];
    double rest = sum[d->basis->n];

    for (size_t t = 0; t < d->basis->n; t++) {
        rest -= sum[t] * d->gamma[t];
    }
    out[0] = s * rest;
    out[1] = sqrt(s / grown + gain * gain * h + s * s * through_columns(d, sum));
    out[2] = s / grown + h / (grown * grown);
}

void mtp_nested_predict(const mtp_nested_fit *fit, size_t l, const double above[],
                        double spread[], double estimate[], double se[])
{
    const mtp_nested *d = fit->nested;
    size_t n_above = l > 0 ? d->level[l - 1].n : 1;

    for (size_t up = 0; up < n_above; up++) {
        size_t from = l > 0 ? d->level[l - 1].begin[up] : 0;
        size_t to = l > 0 ? d->level[l - 1].begin[up + 1] : d->level[0].n;
        double root = d->basis->intercept ? 1.0 / d->root_a : 0.0;

        for (size_t g = from; g < to; g++) {
            double out[3];

            predict_group(fit, l, g, l > 0 ? above[up] : root, out);
            estimate[g] = ldexp(out[0], fit->unit);
            se[g] = ldexp(out[1], fit->unit);
            spread[g] = out[2];
        }
    }
}

/* Products of 1 / (1 + s a) over a group and all around it: what is left of a 1. */
static void find_remainders(const mtp_nested_fit *fit)
{
    mtp_nested *d = fit->nested;

    for (size_t l = 0; l < d->n_levels; l++) {
        mtp_nested_level *level = &d->level[l];

        for (size_t g = 0; g < level->n; g++) {
            level->dshare[g] = 1.0 / (1.0 + fit->at.sigma2[l] * level->a[g]);
        }
        for (size_t up = 0; l > 0 && up < d->level[l - 1].n; up++) {
            const mtp_nested_level *above = &d->level[l - 1];

            for (size_t g = above->begin[up]; g < above->begin[up + 1]; g++) {
                level->dshare[g] *= above->dshare[up];
            }
        }
    }
}

/* Leverage through the columns: (z - mean) C (P1 Z)'. */
static double leverage(const mtp_nested *d, const double z[], const double offset[],
                       double precision)
{
    size_t n = d->basis->n;
    double *left = d->solved, *right = d->solved + n, sum = 0.0;

    for (size_t t = 0; t < n; t++) {
        left[t] = z[t] - d->root_mean[t];
        right[t] = precision * (z[t] - offset[t]);
    }
    mtp_cholesky_lower(n, d->factor, left);
    mtp_cholesky_lower(n, d->factor, right);
    for (size_t t = 0; t < n; t++) {
        sum += left[t] * right[t];
    }
    return sum;
}

/* v - v^2 P_ii = spread + (z - offset) C (z - offset)': the spread of what the effects
 * of the group share, and that of the coefficients. */
static double spread_of(const mtp_nested *d, const double z[], const double offset[],
                        double spread)
{
    double *b = d->solved + d->basis->n;

    for (size_t t = 0; t < d->basis->n; t++) {
        b[t] = z[t] - offset[t];
    }
    return sqrt(spread + through_columns(d, b));
}

static void describe_effect(const mtp_nested_fit *fit, size_t i, size_t g,
                            double spread, const mtp_nested_each *out)
{
    const mtp_nested *d = fit->nested;
    const mtp_nested_level *last = &d->level[d->n_levels - 1];
    const double *z = d->column + i * d->q, *offset = last->offset + g * d->q;
    double share = d->precision[i] * last->dshare[g] / d->root_a;
    size_t n = d->basis->n, to = d->order[i];
    double rest = z[n] - d->root_mean[n], shared = offset[n] - d->root_mean[n];

    for (size_t t = 0; t < n; t++) {
        rest -= (z[t] - d->root_mean[t]) * d->gamma[t];
        shared -= (offset[t] - d->root_mean[t]) * d->gamma[t];
    }
    out->residual[to] = ldexp(rest, fit->unit);
    out->blup[to] = ldexp(shared, fit->unit);
    out->blup_se[to] = ldexp(spread_of(d, z, offset, spread), fit->unit);
    out->weight[to] = 100.0 * share;
    out->hat[to] =
        (d->basis->intercept ? share : 0.0) + leverage(d, z, offset, d->precision[i]);
}

void mtp_nested_describe(const mtp_nested_fit *fit, const double spread[],
                         const mtp_nested_each *out)
{
    const mtp_nested_level *last = &fit->nested->level[fit->nested->n_levels - 1];

    find_remainders(fit);
    for (size_t g = 0; g < last->n; g++) {
        for (size_t i = last->begin[g]; i < last->begin[g + 1]; i++) {
            describe_effect(fit, i, g, spread[g], out);
        }
    }
}
