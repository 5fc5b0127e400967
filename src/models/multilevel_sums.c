/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/multilevel_sums.h"

#include "num/logdd.h"

#include <float.h>
#include <math.h>

/* A product of many factors >= 1. */
static void multiply(mtp_product *product, double factor)
{
    product->value = mtp_dd_mul_d(product->value, factor);
    if (product->value.hi > 0x1p+200) {
        int e = ilogb(product->value.hi);

        product->value = mtp_dd_ldexp(product->value, -e);
        product->exponent += e;
    }
}

/* Weights and means from the inside out; the product of all 1 + s a. */
static mtp_product gather_groups(mtp_nested *d, const double sigma2[])
{
    mtp_product product = {{1.0, 0.0}, 0};

    for (size_t l = d->n_levels; l-- > 0;) {
        mtp_nested_level *level = &d->level[l];

        for (size_t g = 0; g < level->n; g++) {
            double grown;

            if (l + 1 < d->n_levels) {
                const mtp_nested_level *below = &d->level[l + 1];
                size_t from = level->begin[g], to = level->begin[g + 1];
                mtp_siblings children = {to - from, d->q, below->w + from,
                                         below->mean + from * d->q};

                level->a[g] = mtp_nested_gather(&children, level->mean + g * d->q,
                                                d->delta, d->gram);
            }
            grown = 1.0 + sigma2[l] * level->a[g];
            level->w[g] = level->a[g] / grown;
            multiply(&product, grown);
        }
    }
    return product;
}

double mtp_nested_gather_root(const mtp_nested *d, size_t q, const double means[],
                              double root_mean[], mtp_dd gram[])
{
    const mtp_nested_level *top = &d->level[0];
    mtp_siblings groups = {top->n, q, top->w, means};
    mtp_dd sum = {0.0, 0.0};

    if (d->basis->intercept) {
        return mtp_nested_gather(&groups, root_mean, d->delta, gram);
    }
    for (size_t j = 0; j < q; j++) {
        root_mean[j] = 0.0;
    }
    for (size_t g = 0; g < top->n; g++) {
        const double *m = means + g * q;

        mtp_gather(&sum, top->w[g]);
        for (size_t j = 0; j < q; j++) {
            for (size_t i = 0; i <= j; i++) {
                mtp_gather(&gram[mtp_pair(i, j)], top->w[g] * m[i] * m[j]);
            }
        }
    }
    return mtp_dd_to(sum);
}

/* Factor and coefficients from the Gram matrix; *log_det of Z'P1 Z. */
static bool solve(mtp_nested *d, double *Q, double *log_det)
{
    size_t n = d->basis->n;

    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j <= i; j++) {
            d->factor[i * n + j] = mtp_dd_to(d->gram[mtp_pair(j, i)]);
        }
        d->gamma[i] = mtp_dd_to(d->gram[mtp_pair(i, n)]);
    }
    *Q = mtp_dd_to(d->gram[mtp_pair(n, n)]);
    *log_det = 0.0;
    if (!mtp_cholesky(n, d->factor)) {
        return false;
    }
    mtp_cholesky_lower(n, d->factor, d->gamma);
    for (size_t i = 0; i < n; i++) {
        double root = d->factor[i * n + i], whole = mtp_dd_to(d->gram[mtp_pair(i, i)]);

        if (!(root * root > 4.0 * DBL_EPSILON * (double)n * whole)) {
            return false;
        }
        *Q -= d->gamma[i] * d->gamma[i];
        *log_det += 2.0 * log(root);
    }
    *Q = fmax(*Q, 0.0);
    mtp_cholesky_upper(n, d->factor, d->gamma);
    return true;
}

bool mtp_nested_value(mtp_nested *d, mtp_nested_at *at)
{
    const mtp_nested_basis *basis = d->basis;
    double k = (double)d->k, n = (double)basis->n,
           p = n + (basis->intercept ? 1.0 : 0.0);
    double log_V, log_det, log_2pi = 2.0 * mtp_dd_to(mtp_dd_half_log_2pi());
    mtp_product grown;

    d->evaluations++;
    for (size_t i = 0; i < d->q * (d->q + 1) / 2; i++) {
        d->gram[i] = d->within[i];
    }
    grown = gather_groups(d, at->sigma2);
    d->root_a =
        mtp_nested_gather_root(d, d->q, d->level[0].mean, d->root_mean, d->gram);
    if (!solve(d, &at->Q, &log_det)) {
        at->ml = at->reml = -(double)INFINITY;
        return false;
    }
    log_V = d->log_v + mtp_dd_to(mtp_product_log(grown));
    at->ml = -0.5 * (k * log_2pi + log_V + at->Q);
    /* log|X'V^-1X| - log|X'X|: the basis has Z'Z = k I, and its T is in both. */
    log_det -= n * log(k);
    if (basis->intercept) {
        log_det += log(d->root_a / k);
    }
    at->reml = -0.5 * ((k - p) * log_2pi + log_V + at->Q + log_det);
    return true;
}

/*
 * 1'P1 1 of a child over its weight, from that of its parent: with x = w_child /
 * a_parent 1 - x + x share_parent / (1 + s a_parent), a sum of positive terms. 1 - x of
 * the one child with more than half the weight is the sum of the others.
 */
static double others_of(const mtp_nested_level *level, size_t from, size_t to, size_t c,
                        double a)
{
    mtp_dd sum = {0.0, 0.0};

    if (level->w[c] <= 0.5 * a) {
        return 1.0 - level->w[c] / a;
    }
    for (size_t i = from; i < to; i++) {
        mtp_gather(&sum, i != c ? level->w[i] : 0.0);
    }
    return mtp_dd_to(sum) / a;
}

/* Residual and Z parts of the sums over one group into the parts of the gradient. */
static void add_group(mtp_nested *d, size_t l, const double sum[], mtp_dd *squares)
{
    size_t n = d->basis->n;
    double *cross = d->cross + l * n * n, rest = sum[n];

    for (size_t i = 0; i < n; i++) {
        rest -= sum[i] * d->gamma[i];
        for (size_t j = 0; j <= i; j++) {
            cross[i * n + j] += sum[i] * sum[j];
        }
    }
    mtp_gather(squares, rest * rest);
}

typedef struct parent {
    const double *offset;
    double share; /* over 1 + s a; 0 below an intercept */
    double a;     /* 0: no mean to take shares of */
    size_t from, to;
} parent;

static void go_down(mtp_nested *d, size_t l, double sigma2, const parent *up,
                    mtp_dd *squares, mtp_dd *trace)
{
    mtp_nested_level *level = &d->level[l];

    for (size_t c = up->from; c < up->to; c++) {
        double *sum = level->sum + c * d->q, *offset = level->offset + c * d->q;

        for (size_t j = 0; j < d->q; j++) {
            sum[j] = level->w[c] * (level->mean[c * d->q + j] - up->offset[j]);
            offset[j] = up->offset[j] + sigma2 * sum[j];
        }
        level->share[c] = 1.0;
        if (up->a > 0.0) {
            level->share[c] = others_of(level, up->from, up->to, c, up->a) +
                              level->w[c] / up->a * up->share;
        }
        mtp_gather(trace, level->w[c] * level->share[c]);
        add_group(d, l, sum, squares);
    }
}

/* tr(C B), C = (Z'P1 Z)^-1, B = the sums of level l: the squares of L^-1 B L^-T's
 * diagonal. */
static double trace_of_columns(mtp_nested *d, size_t l)
{
    size_t n = d->basis->n;
    double *cross = d->cross + l * n * n, trace = 0.0;

    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            cross[j * n + i] = cross[i * n + j];
        }
    }
    for (size_t j = 0; j < n; j++) {
        double *b = d->solved;

        for (size_t i = 0; i < n; i++) {
            b[i] = cross[j * n + i];
        }
        mtp_cholesky_solve(n, d->factor, b);
        trace += b[j];
    }
    return trace;
}

void mtp_nested_gradient(mtp_nested *d, bool restricted, mtp_nested_at *at)
{
    size_t n = d->basis->n;

    for (size_t i = 0; i < d->n_levels * n * n; i++) {
        d->cross[i] = 0.0;
    }
    for (size_t l = 0; l < d->n_levels; l++) {
        mtp_dd squares = {0.0, 0.0}, trace = {0.0, 0.0};
        parent root = {d->root_mean, 0.0,
                       restricted && d->basis->intercept ? d->root_a : 0.0, 0,
                       d->level[0].n};

        if (l == 0) {
            go_down(d, 0, at->sigma2[0], &root, &squares, &trace);
        }
        for (size_t g = 0; l > 0 && g < d->level[l - 1].n; g++) {
            const mtp_nested_level *above = &d->level[l - 1];
            parent up = {above->offset + g * d->q,
                         above->share[g] / (1.0 + at->sigma2[l - 1] * above->a[g]),
                         above->a[g], above->begin[g], above->begin[g + 1]};

            go_down(d, l, at->sigma2[l], &up, &squares, &trace);
        }
        at->squares[l] = mtp_dd_to(squares);
        at->trace[l] = mtp_dd_to(trace);
        if (restricted && n > 0) {
            at->trace[l] -= trace_of_columns(d, l);
        }
    }
}
