/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/sums.h"

#include "num/logdd.h"
#include "tau2/columns.h"

#include <math.h>
#include <stdbool.h>

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

void mtp_product_times(mtp_product *product, mtp_dd factor)
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

    if (studies->at_zero && t.hi == 0.0) {
        *sums = *studies->at_zero;
        return;
    }
    if (studies->columns) {
        mtp_columns_sums(studies, t, sums);
        return;
    }
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
        mtp_product_times(&all.block_weights, s.w);
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
        mtp_product_times(&product, mtp_dd_add(t, mtp_dd_from(studies->point[i].v)));
    }
    return mtp_product_log(product);
}

mtp_dd mtp_weight_by(const mtp_studies *studies, const mtp_weighting *by, size_t point)
{
    double v = studies->point[point].v;

    switch (by->kind) {
    case MTP_WEIGHT_ROOT:
        return mtp_dd_inv(mtp_dd_sqrt(mtp_dd_from(v)));
    case MTP_WEIGHT_EQUAL:
        return mtp_dd_from(1.0);
    case MTP_WEIGHT_GIVEN:
        return studies->weight
                   ? mtp_dd_from(ldexp(studies->weight[studies->point[point].index],
                                       -studies->weight_unit))
                   : mtp_weight(v, mtp_dd_from(0.0));
    default:
        return mtp_weight(v, by->t);
    }
}

/* The weights of one block: 1 - x of the heaviest study is `others` / sum, and that of
 * any other study at least 1/2, so that nothing cancels. */
typedef struct block_weights {
    size_t heaviest;
    mtp_dd others, sum;
} block_weights;

static block_weights weigh(const mtp_studies *studies, const mtp_weighting *by,
                           const mtp_study_block *block)
{
    block_weights all = {block->begin, {0.0, 0.0}, {0.0, 0.0}};
    mtp_dd most = mtp_weight_by(studies, by, block->begin);

    for (size_t i = block->begin + 1; i < block->end; i++) {
        mtp_dd w = mtp_weight_by(studies, by, i);
        bool heavier = mtp_dd_less(most, w);

        all.others = mtp_dd_add(all.others, heavier ? most : w);
        most = heavier ? w : most;
        all.heaviest = heavier ? i : all.heaviest;
    }
    all.sum = mtp_dd_add(most, all.others);
    return all;
}

/* w (1 - x) */
static mtp_dd own_weight(const block_weights *all, size_t i, mtp_dd w)
{
    mtp_dd rest = i == all->heaviest ? all->others : mtp_dd_sub(all->sum, w);

    return mtp_dd_div(mtp_dd_mul(rest, w), all->sum);
}

static void add_form(const mtp_studies *studies, const mtp_weighting *by,
                     const mtp_study_block *block, mtp_form *form)
{
    block_weights all = weigh(studies, by, block);
    mtp_dd mean = {0.0, 0.0};

    for (size_t i = block->begin; i < block->end; i++) {
        mtp_dd w = mtp_weight_by(studies, by, i);

        mean = mtp_dd_add(mean, mtp_dd_mul(w, studies->point[i].d));
    }
    mean = mtp_dd_div(mean, all.sum);
    for (size_t i = block->begin; i < block->end; i++) {
        mtp_dd w = mtp_weight_by(studies, by, i);
        mtp_dd r = mtp_dd_sub(studies->point[i].d, mean);
        mtp_dd own = own_weight(&all, i, w);

        form->Q = mtp_dd_add(form->Q, mtp_dd_mul(w, mtp_dd_sqr(r)));
        form->noise = mtp_dd_add(form->noise, mtp_dd_mul_d(own, studies->point[i].v));
        form->trP = mtp_dd_add(form->trP, own);
    }
}

mtp_form mtp_form_at(const mtp_studies *studies, const mtp_weighting *by)
{
    mtp_form form = {{0.0, 0.0}, {0.0, 0.0}, {0.0, 0.0}};

    if (studies->columns) {
        return mtp_columns_form(studies, by);
    }
    for (size_t b = 0; b < studies->n_blocks; b++) {
        add_form(studies, by, &studies->block[b], &form);
    }
    return form;
}

static mtp_dd trace_of_block(const mtp_studies *studies, const mtp_weighting *by,
                             const mtp_study_block *block, const mtp_dd *spread)
{
    block_weights all = weigh(studies, by, block);
    mtp_dd diagonal = {0.0, 0.0}, pairs = diagonal, running = diagonal;

    for (size_t i = block->begin; i < block->end; i++) {
        mtp_dd w = mtp_weight_by(studies, by, i), s = mtp_dd_from(1.0), w2s;

        if (spread) {
            s = mtp_dd_add(*spread, mtp_dd_from(studies->point[i].v));
        }
        w2s = mtp_dd_mul(mtp_dd_sqr(w), s);
        diagonal =
            mtp_dd_add(diagonal, mtp_dd_sqr(mtp_dd_mul(own_weight(&all, i, w), s)));
        pairs = mtp_dd_add(pairs, mtp_dd_mul(w2s, running));
        running = mtp_dd_add(running, w2s);
    }
    pairs = mtp_dd_div(mtp_dd_mul_d(pairs, 2.0), mtp_dd_sqr(all.sum));
    return mtp_dd_add(diagonal, pairs);
}

mtp_dd mtp_trace_of_square(const mtp_studies *studies, const mtp_weighting *by,
                           const mtp_dd *spread)
{
    mtp_dd sum = {0.0, 0.0};

    if (studies->columns) {
        return mtp_columns_trace(studies, by, spread);
    }
    for (size_t b = 0; b < studies->n_blocks; b++) {
        sum = mtp_dd_add(sum, trace_of_block(studies, by, &studies->block[b], spread));
    }
    return sum;
}

mtp_dd mtp_difference(mtp_dd a, mtp_dd b)
{
    mtp_dd d = mtp_dd_sub(a, b);

    return fabs(d.hi) <= 0x1p-90 * fabs(a.hi) ? mtp_dd_from(0.0) : d;
}
