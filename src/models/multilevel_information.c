/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second derivatives of the likelihood of nested effects. With M_l = Z_l Z_l' (1 for
 * effects that share a group of level l), C = (Z'P1 Z)^-1 and B_l = Z'P1 M_l P1 Z:
 *
 *   d2 ll / d sigma2_l d sigma2_m = -r'M_l P M_m r - 1/2 d trace_l / d sigma2_m,
 *   trace_l = T_l - tr(C B_l) (REML; T_l alone for ML),
 *   d trace_l / d sigma2_m = T_l,m + 2 tr(C Z'P1 M_l P1 M_m P1 Z) - tr(C B_m C B_l).
 *
 * M_m r and M_m P1 Z are constant in the groups of level m, so that their products
 * with P1 between them come from one more pass over the groups, as those of effects
 * do. T_l,m is the derivative of the recursion that made T_l.
 */
#include "models/multilevel_sums.h"

/* The columns of the further pass: Z, then for each level m M_m r and M_m P1 Z. */
static size_t column_of(const mtp_nested *d, size_t m)
{
    return d->basis->n + m * (d->basis->n + 1);
}

/* Fill the groups of level l with what they share with the levels around them. */
static void fill_level(mtp_nested *d, size_t l, size_t g, const double *above)
{
    mtp_nested_level *level = &d->level[l];
    double *own = level->more + g * d->q_more;
    const double *sum = level->sum + g * d->q;
    size_t n = d->basis->n, at = column_of(d, l);

    for (size_t j = 0; j < n; j++) {
        own[j] = level->mean[g * d->q + j];
    }
    for (size_t j = n; j < at; j++) {
        own[j] = above[j];
    }
    own[at] = sum[n];
    for (size_t j = 0; j < n; j++) {
        own[at] -= sum[j] * d->gamma[j];
        own[at + 1 + j] = sum[j];
    }
}

static void fill_columns(mtp_nested *d)
{
    for (size_t g = 0; g < d->level[0].n; g++) {
        fill_level(d, 0, g, NULL);
    }
    for (size_t l = 1; l < d->n_levels; l++) {
        const mtp_nested_level *above = &d->level[l - 1];

        for (size_t up = 0; up < above->n; up++) {
            for (size_t g = above->begin[up]; g < above->begin[up + 1]; g++) {
                fill_level(d, l, g, above->more + up * d->q_more);
            }
        }
    }
}

/* Their products with P1 between them, into gram_more. */
static void gather_columns(mtp_nested *d)
{
    size_t q = d->q_more;

    for (size_t i = 0; i < q * (q + 1) / 2; i++) {
        d->gram_more[i] = mtp_dd_from(0.0);
    }
    for (size_t l = d->n_levels - 1; l-- > 0;) {
        mtp_nested_level *level = &d->level[l];
        const mtp_nested_level *below = &d->level[l + 1];

        for (size_t g = 0; g < level->n; g++) {
            size_t from = level->begin[g], to = level->begin[g + 1];
            mtp_siblings children = {to - from, q, below->w + from,
                                     below->more + from * q};

            mtp_nested_gather(&children, level->more + g * q, d->delta, d->gram_more);
        }
    }
    mtp_nested_gather_root(d, q, d->level[0].more, d->delta + q, d->gram_more);
}

static double product(const mtp_nested *d, size_t i, size_t j)
{
    return mtp_dd_to(d->gram_more[i <= j ? mtp_pair(i, j) : mtp_pair(j, i)]);
}

/* r'M_l P M_m r = products with P1 less those through the columns. */
static double residual_product(mtp_nested *d, size_t l, size_t m)
{
    size_t n = d->basis->n, at = column_of(d, l), to = column_of(d, m);
    double *left = d->solved, *right = d->solved + n, sum = product(d, at, to);

    for (size_t j = 0; j < n; j++) {
        left[j] = product(d, j, at);
        right[j] = product(d, j, to);
    }
    mtp_cholesky_lower(n, d->factor, left);
    mtp_cholesky_lower(n, d->factor, right);
    for (size_t j = 0; j < n; j++) {
        sum -= left[j] * right[j];
    }
    return sum;
}

/* Column j of C B_l. */
static void solve_column(const mtp_nested *d, size_t l, size_t j, double out[])
{
    size_t n = d->basis->n;

    for (size_t i = 0; i < n; i++) {
        out[i] = d->cross[(l * n + i) * n + j];
    }
    mtp_cholesky_solve(n, d->factor, out);
}

/* 2 tr(C Z'P1 M_l P1 M_m P1 Z) - tr(C B_m C B_l). */
static double column_part(mtp_nested *d, size_t l, size_t m)
{
    size_t n = d->basis->n, at = column_of(d, l) + 1, to = column_of(d, m) + 1;
    double *b = d->solved, *c = d->solved + n, sum = 0.0;

    for (size_t j = 0; j < n; j++) {
        for (size_t i = 0; i < n; i++) {
            b[i] = product(d, at + i, to + j);
        }
        mtp_cholesky_solve(n, d->factor, b);
        sum += 2.0 * b[j];
        /* tr(C B_m C B_l): B_l times column j of C B_m, then row j of C. */
        solve_column(d, m, j, c);
        for (size_t i = 0; i < n; i++) {
            b[i] = 0.0;
            for (size_t s = 0; s < n; s++) {
                b[i] += d->cross[(l * n + i) * n + s] * c[s];
            }
        }
        mtp_cholesky_solve(n, d->factor, b);
        sum -= b[j];
    }
    return sum;
}

/* Derivatives of weights by sigma2_m, from the inside out. */
static double differentiate_weights(mtp_nested *d, const double sigma2[], size_t m)
{
    mtp_dd root = {0.0, 0.0};

    for (size_t l = d->n_levels; l-- > 0;) {
        mtp_nested_level *level = &d->level[l];

        for (size_t g = 0; g < level->n; g++) {
            double grown = 1.0 + sigma2[l] * level->a[g];
            mtp_dd sum = {0.0, 0.0};

            for (size_t c = level->begin[g];
                 l + 1 < d->n_levels && c < level->begin[g + 1]; c++) {
                mtp_gather(&sum, d->level[l + 1].dw[c]);
            }
            level->da[g] = mtp_dd_to(sum);
            level->dw[g] = level->da[g] / (grown * grown) -
                           (l == m ? level->w[g] * level->w[g] : 0.0);
            mtp_gather(&root, l == 0 ? level->dw[g] : 0.0);
        }
    }
    return mtp_dd_to(root);
}

/* share = 1 - x + x * above, x = w / a: derivatives, and those of w share. */
typedef struct change {
    double a, da;         /* of the parent; a 0: share is 1 */
    double above, dabove; /* share of the parent / (1 + s a) */
    size_t from, to;
} change;

static double differentiate_children(mtp_nested_level *level, const change *by)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t c = by->from; c < by->to; c++) {
        level->dshare[c] = 0.0;
        if (by->a > 0.0) {
            double x = level->w[c] / by->a, dx = (level->dw[c] - x * by->da) / by->a;

            level->dshare[c] = x * by->dabove - dx * (1.0 - by->above);
        }
        mtp_gather(&sum,
                   level->dw[c] * level->share[c] + level->w[c] * level->dshare[c]);
    }
    return mtp_dd_to(sum);
}

/* T_l,m of all levels l. */
static void differentiate_traces(mtp_nested *d, bool restricted, const double sigma2[],
                                 size_t m, double out[])
{
    double da = differentiate_weights(d, sigma2, m);
    change root = {restricted && d->basis->intercept ? d->root_a : 0.0,
                   da,
                   0.0,
                   0.0,
                   0,
                   d->level[0].n};

    out[0] = differentiate_children(&d->level[0], &root);
    for (size_t l = 1; l < d->n_levels; l++) {
        const mtp_nested_level *up = &d->level[l - 1];
        double s = sigma2[l - 1];
        mtp_dd sum = {0.0, 0.0};

        for (size_t g = 0; g < up->n; g++) {
            double grown = 1.0 + s * up->a[g], above = up->share[g] / grown;
            double dgrown = s * up->da[g] + (m == l - 1 ? up->a[g] : 0.0);
            change by = {up->a[g],     up->da[g],
                         above,        (up->dshare[g] - above * dgrown) / grown,
                         up->begin[g], up->begin[g + 1]};

            mtp_gather(&sum, differentiate_children(&d->level[l], &by));
        }
        out[l] = mtp_dd_to(sum);
    }
}

void mtp_nested_information(mtp_nested *d, bool restricted, const mtp_nested_at *at,
                            double observed[], double average[])
{
    size_t L = d->n_levels;
    double traces[MTP_LEVELS_MAX];

    fill_columns(d);
    gather_columns(d);
    for (size_t m = 0; m < L; m++) {
        differentiate_traces(d, restricted, at->sigma2, m, traces);
        for (size_t l = 0; l < L; l++) {
            double product_lm = residual_product(d, l, m), trace = traces[l];

            if (restricted) {
                trace += column_part(d, l, m);
            }
            average[l * L + m] = 0.5 * product_lm;
            observed[l * L + m] = product_lm + 0.5 * trace;
        }
    }
}
