/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/trim_fill_ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    double x = fabs(*(const double *)a), y = fabs(*(const double *)b);

    return (x > y) - (x < y);
}

/* Sum of the ranks of |d| of what is positive, ties at their average; d sorted by size.
 */
static double sum_of_positive_ranks(size_t k, const double d[])
{
    double sum = 0.0;

    for (size_t i = 0, next; i < k; i = next) {
        size_t positive = 0;

        for (next = i; next < k && fabs(d[next]) == fabs(d[i]); next++) {
            positive += d[next] > 0.0;
        }
        sum += (double)positive * 0.5 * (double)(i + 1 + next);
    }
    return sum;
}

/* How many are farther out than the last that is negative; d sorted by size. */
static size_t rightmost_run(size_t k, const double d[])
{
    double last = 0.0;
    size_t run = 0;

    for (size_t i = 0; i < k; i++) {
        last = d[i] < 0.0 ? -d[i] : last;
    }
    for (size_t i = k; i > 0 && d[i - 1] > last; i--) {
        run++;
    }
    return run;
}

static double variance_of_rank_sum(double k, double k0)
{
    return (k * (k + 1.0) * (2.0 * k + 1.0) + 10.0 * k0 * k0 * k0 + 27.0 * k0 * k0 +
            17.0 * k0 - 18.0 * k * k0 * k0 - 18.0 * k * k0 + 6.0 * k * k * k0) /
           24.0;
}

mtp_missing mtp_missing_studies(mtp_trim_fill_estimator estimator, size_t k,
                                const double d[], double scratch[])
{
    double n = (double)k, k0, T, sd;

    memcpy(scratch, d, k * sizeof *d);
    qsort(scratch, k, sizeof *scratch, by_size);
    if (estimator == MTP_TRIM_FILL_R0) {
        k0 = (double)rightmost_run(k, scratch) - 1.0;
        return (mtp_missing){k0, sqrt(2.0 * fmax(0.0, k0) + 2.0)};
    }
    T = sum_of_positive_ranks(k, scratch);
    if (estimator == MTP_TRIM_FILL_L0) {
        k0 = (4.0 * T - n * (n + 1.0)) / (2.0 * n - 1.0);
        sd = sqrt(variance_of_rank_sum(n, k0));
        return (mtp_missing){k0, 4.0 * sd / (2.0 * n - 1.0)};
    }
    k0 = n - 0.5 - sqrt(2.0 * n * n - 4.0 * T + 0.25);
    sd = sqrt(variance_of_rank_sum(n, k0));
    return (mtp_missing){
        k0, 2.0 * sd / sqrt((n - 0.5) * (n - 0.5) - k0 * (2.0 * n - k0 - 1.0))};
}
