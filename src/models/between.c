/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/between.h"

#include "core/dd.h"
#include "num/cholesky.h"
#include "num/dist.h"

#include <math.h>

mtp_test mtp_test_missing(void)
{
    double none = (double)NAN;

    return (mtp_test){none, false, none, none, none, none};
}

mtp_test mtp_test_chisq(double statistic, double df)
{
    mtp_test test = mtp_test_missing();

    if (df >= 1.0 && !isnan(statistic)) {
        mtp_tail tail = mtp_chisq_upper(statistic, df);

        test = (mtp_test){statistic, false, df, (double)NAN, tail.p, tail.log_p};
    }
    return test;
}

/* The smallest standard error: weights relative to it cannot overflow. */
static double smallest(size_t n, const double estimate[], const double se[])
{
    double least = (double)INFINITY;

    for (size_t g = 0; g < n; g++) {
        least = !isnan(estimate[g]) && se[g] < least ? se[g] : least;
    }
    return least;
}

/* Sum of ((m - mean) / se)^2 and the number of estimates, in two passes. */
static mtp_dd weighted_spread(size_t n, const double estimate[], const double se[],
                              size_t *count)
{
    mtp_dd unit = mtp_dd_from(smallest(n, estimate, se));
    mtp_dd sum_w = {0.0, 0.0}, sum = sum_w, spread = sum_w, mean;

    *count = 0;
    for (size_t g = 0; g < n; g++) {
        if (!isnan(estimate[g])) {
            mtp_dd w = mtp_dd_sqr(mtp_dd_div(unit, mtp_dd_from(se[g])));

            sum_w = mtp_dd_add(sum_w, w);
            sum = mtp_dd_add(sum, mtp_dd_mul_d(w, estimate[g]));
            (*count)++;
        }
    }
    mean = mtp_dd_div(sum, sum_w);
    for (size_t g = 0; g < n; g++) {
        if (!isnan(estimate[g])) {
            mtp_dd z = mtp_dd_sub(mtp_dd_from(estimate[g]), mean);

            z = mtp_dd_div(z, mtp_dd_from(se[g]));
            spread = mtp_dd_add(spread, mtp_dd_sqr(z));
        }
    }
    return spread;
}

mtp_test mtp_test_equal(size_t n, const double estimate[], const double se[])
{
    size_t count;
    mtp_dd spread = weighted_spread(n, estimate, se, &count);

    return count < 2 ? mtp_test_missing()
                     : mtp_test_chisq(mtp_dd_to(spread), (double)(count - 1));
}

mtp_test mtp_test_equal_f(size_t n, const double estimate[], const double se[],
                          double factor, double df2)
{
    size_t count;
    double spread = mtp_dd_to(weighted_spread(n, estimate, se, &count));
    mtp_test test = mtp_test_missing();

    if (count >= 2 && factor > 0.0 && df2 >= 1.0) {
        double df = (double)(count - 1), f = spread / (df * factor);
        mtp_tail tail = mtp_f_upper(f, df, df2);

        test = (mtp_test){f, true, df, df2, tail.p, tail.log_p};
    }
    return test;
}

mtp_test mtp_test_equal_joint(size_t n, const double estimate[], const double vcov[],
                              double room[])
{
    size_t df = n - 1;
    double *difference = room + df * df; /* [df] from the last, then solved */
    double statistic = 0.0;

    if (n < 2) {
        return mtp_test_missing();
    }
    for (size_t i = 0; i < df; i++) {
        difference[i] = estimate[i] - estimate[df];
        for (size_t j = 0; j < df; j++) {
            room[i * df + j] = (vcov[i * n + j] - vcov[df * n + j]) -
                               (vcov[i * n + df] - vcov[df * n + df]);
        }
    }
    if (!mtp_cholesky(df, room)) {
        return mtp_test_missing();
    }
    mtp_cholesky_solve(df, room, difference);
    for (size_t i = 0; i < df; i++) {
        statistic += difference[i] * (estimate[i] - estimate[df]);
    }
    return mtp_test_chisq(statistic, (double)df);
}
