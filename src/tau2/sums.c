/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/sums.h"

#include "num/logdd.h"

#include <math.h>

/* Sums of one block about its centre; the first point has d = 0. */
typedef struct block_sums {
    mtp_dd w, pairs; /* sum w, sum over pairs of w_i w_j */
    mtp_dd wd, wd2;
    mtp_dd w2, w2d, w2d2;
} block_sums;

static block_sums sum_block(const mtp_study_point p[], size_t n, mtp_dd t)
{
    mtp_dd zero = {0.0, 0.0}, first = mtp_weight(p[0].v, t);
    block_sums s = {first, zero, zero, zero, mtp_dd_sqr(first), zero, zero};

    for (size_t i = 1; i < n; i++) {
        mtp_dd w = mtp_weight(p[i].v, t), wd = mtp_dd_mul(w, p[i].d);

        s.pairs = mtp_dd_add(s.pairs, mtp_dd_mul(w, s.w));
        s.w = mtp_dd_add(s.w, w);
        s.wd = mtp_dd_add(s.wd, wd);
        s.wd2 = mtp_dd_add(s.wd2, mtp_dd_mul(wd, p[i].d));
        s.w2 = mtp_dd_add(s.w2, mtp_dd_sqr(w));
        s.w2d = mtp_dd_add(s.w2d, mtp_dd_mul(w, wd));
        s.w2d2 = mtp_dd_add(s.w2d2, mtp_dd_sqr(wd));
    }
    return s;
}

static void multiply(mtp_product *product, mtp_dd factor)
{
    mtp_dd value = mtp_dd_mul(product->value, factor);

    if (value.hi > 0x1p+200 || value.hi < 0x1p-200) {
        int e = ilogb(value.hi);

        value = mtp_dd_ldexp(value, -e);
        product->exponent += e;
    }
    product->value = value;
}

void mtp_sums_at(const mtp_studies *studies, mtp_dd t, mtp_sums *sums)
{
    mtp_sums all = {.block_weights = {{1.0, 0.0}, 0}};

    for (size_t b = 0; b < studies->n_blocks; b++) {
        const mtp_study_block *block = &studies->block[b];
        block_sums s =
            sum_block(&studies->point[block->begin], block->end - block->begin, t);
        mtp_dd m = mtp_dd_div(s.wd, s.w);
        /* sum (w (d - m))^2 = sum w^2 d^2 - m (2 sum w^2 d - m sum w^2) */
        mtp_dd cross = mtp_dd_sub(mtp_dd_mul_d(s.w2d, 2.0), mtp_dd_mul(m, s.w2));

        all.w = mtp_dd_add(all.w, s.w);
        all.w2 = mtp_dd_add(all.w2, s.w2);
        all.Q = mtp_dd_add(all.Q, mtp_dd_sub(s.wd2, mtp_dd_mul(m, s.wd)));
        all.wr2 = mtp_dd_add(all.wr2, mtp_dd_sub(s.w2d2, mtp_dd_mul(m, cross)));
        all.trP = mtp_dd_add(all.trP, mtp_dd_mul_d(mtp_dd_div(s.pairs, s.w), 2.0));
        all.mean = m;
        multiply(&all.block_weights, s.w);
    }
    *sums = all;
}

mtp_dd mtp_product_log(mtp_product product)
{
    double hi = product.value.hi;
    mtp_dd sum = mtp_dd_mul_d(mtp_dd_log_2(), (double)product.exponent);

    return mtp_dd_add(sum, mtp_dd_two_sum(log(hi), product.value.lo / hi));
}

mtp_dd mtp_log_variances(const mtp_studies *studies, mtp_dd t)
{
    mtp_product product = {{1.0, 0.0}, 0};

    for (size_t i = 0; i < studies->k; i++) {
        multiply(&product, mtp_dd_add(t, mtp_dd_from(studies->point[i].v)));
    }
    return mtp_product_log(product);
}

/* The weight and the variance that mtp_trace_of_square takes for a study. */
typedef struct weighting {
    const mtp_dd *t, *spread;
} weighting;

static mtp_dd weight_of(const weighting *by, double v)
{
    return by->t ? mtp_weight(v, *by->t) : mtp_dd_from(1.0);
}

static mtp_dd variance_of(const weighting *by, double v)
{
    return by->spread ? mtp_dd_add(*by->spread, mtp_dd_from(v)) : mtp_dd_from(1.0);
}

/* 1 - x of the first study is `others` / sum; of any other it is at least 1/2, because
 * the first is the heaviest (equal weights with one study: others = 0). */
static mtp_dd trace_of_block(const mtp_study_point p[], size_t n, const weighting *by)
{
    mtp_dd first = weight_of(by, p[0].v), others = {0.0, 0.0};
    mtp_dd sum, inverse, diagonal = others, pairs = others, running = others;

    for (size_t i = 1; i < n; i++) {
        others = mtp_dd_add(others, weight_of(by, p[i].v));
    }
    sum = mtp_dd_add(first, others);
    inverse = mtp_dd_inv(sum);
    for (size_t i = 0; i < n; i++) {
        mtp_dd w = weight_of(by, p[i].v), s = variance_of(by, p[i].v);
        mtp_dd rest = i == 0 ? others : mtp_dd_sub(sum, w);
        mtp_dd own = mtp_dd_mul(mtp_dd_mul(mtp_dd_mul(rest, inverse), w), s);
        mtp_dd w2s = mtp_dd_mul(mtp_dd_sqr(w), s);

        diagonal = mtp_dd_add(diagonal, mtp_dd_sqr(own));
        pairs = mtp_dd_add(pairs, mtp_dd_mul(w2s, running));
        running = mtp_dd_add(running, w2s);
    }
    pairs = mtp_dd_mul(mtp_dd_mul_d(pairs, 2.0), mtp_dd_sqr(inverse));
    return mtp_dd_add(diagonal, pairs);
}

mtp_dd mtp_trace_of_square(const mtp_studies *studies, const mtp_dd *t,
                           const mtp_dd *spread)
{
    weighting by = {t, spread};
    mtp_dd sum = {0.0, 0.0};

    for (size_t b = 0; b < studies->n_blocks; b++) {
        const mtp_study_block *block = &studies->block[b];

        sum = mtp_dd_add(sum, trace_of_block(&studies->point[block->begin],
                                             block->end - block->begin, &by));
    }
    return sum;
}

mtp_dd mtp_difference(mtp_dd a, mtp_dd b)
{
    mtp_dd d = mtp_dd_sub(a, b);

    return fabs(d.hi) <= 0x1p-90 * fabs(a.hi) ? mtp_dd_from(0.0) : d;
}
