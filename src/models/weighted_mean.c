/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/weighted_mean.h"

#include <math.h>

/* The exponent of the largest weight: divided by 2^e, no square overflows. */
static int exponent_of_largest(size_t k, const double weights[])
{
    double largest = 0.0;
    int e;

    for (size_t i = 0; i < k; i++) {
        largest = fmax(largest, weights[i]);
    }
    (void)frexp(largest, &e);
    return e;
}

void mtp_weighted_mean(const mtp_studies *studies, const double weights[], mtp_dd tau2,
                       mtp_dd *mean, mtp_dd *se)
{
    mtp_dd sum = {0.0, 0.0}, weighted = sum, variance = sum;
    const mtp_study_block *block = studies->block;
    int e = exponent_of_largest(studies->k, weights);

    for (size_t i = block->begin; i < block->end; i++) {
        const mtp_study_point *p = &studies->point[i];
        double a = ldexp(weights[p->index], -e);
        mtp_dd v = mtp_dd_add(tau2, mtp_dd_from(p->v));

        sum = mtp_dd_add(sum, mtp_dd_from(a));
        weighted = mtp_dd_add(weighted, mtp_dd_mul_d(p->d, a));
        variance = mtp_dd_add(variance, mtp_dd_mul(mtp_dd_two_prod(a, a), v));
    }
    *mean = mtp_dd_div(weighted, sum);
    *se = mtp_dd_div(mtp_dd_sqrt(variance), sum);
}

void mtp_weights_in_percent(size_t k, const double weights[], double percent[])
{
    mtp_dd sum = {0.0, 0.0};
    int e = exponent_of_largest(k, weights);

    for (size_t i = 0; i < k; i++) {
        sum = mtp_dd_add(sum, mtp_dd_from(ldexp(weights[i], -e)));
    }
    for (size_t i = 0; i < k; i++) {
        mtp_dd share = mtp_dd_div(mtp_dd_from(ldexp(weights[i], -e)), sum);

        percent[i] = mtp_dd_to(mtp_dd_mul_d(share, 100.0));
    }
}
