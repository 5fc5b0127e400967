/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/correlation.h"

#include "core/dd.h"
#include "core/error.h"
#include "num/dist.h"

#include <math.h>
#include <stdbool.h>

static mtp_status check(size_t n, const double x[], const double y[], double level,
                        mtp_error *err)
{
    if (!(level > 0.0 && level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "the level must lie between 0 and 1");
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i])) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, isfinite(x[i]) ? "y" : "x",
                               "pair %zu has a value that is not finite", i + 1);
        }
    }
    if (n < 3) {
        return mtp_fail(err, MTP_E_DATA,
                        "%zu %s too few for a correlation: it takes three", n,
                        n == 1 ? "study is" : "studies are");
    }
    return MTP_OK;
}

static bool constant(size_t n, const double v[])
{
    for (size_t i = 1; i < n; i++) {
        if (v[i] != v[0]) {
            return false;
        }
    }
    return true;
}

/* The power of two that brings the largest |v| to about 1, so that no square overflows.
 */
static int exponent_of(size_t n, const double v[])
{
    double largest = 0.0;
    int exponent;

    for (size_t i = 0; i < n; i++) {
        largest = fmax(largest, fabs(v[i]));
    }
    (void)frexp(largest, &exponent);
    return exponent;
}

static mtp_dd mean(size_t n, const double v[], int exponent)
{
    mtp_dd sum = mtp_dd_from(0.0);

    for (size_t i = 0; i < n; i++) {
        sum = mtp_dd_add(sum, mtp_dd_from(ldexp(v[i], -exponent)));
    }
    return mtp_dd_div(sum, mtp_dd_from((double)n));
}

/* Sums of squares and products about the means. */
typedef struct products {
    mtp_dd xx, xy, yy;
} products;

static products about_means(size_t n, const double x[], const double y[])
{
    const mtp_dd zero = mtp_dd_from(0.0);
    int ex = exponent_of(n, x), ey = exponent_of(n, y);
    mtp_dd mx = mean(n, x, ex), my = mean(n, y, ey);
    products s = {zero, zero, zero};

    for (size_t i = 0; i < n; i++) {
        mtp_dd a = mtp_dd_sub(mtp_dd_from(ldexp(x[i], -ex)), mx);
        mtp_dd b = mtp_dd_sub(mtp_dd_from(ldexp(y[i], -ey)), my);

        s.xx = mtp_dd_add(s.xx, mtp_dd_sqr(a));
        s.xy = mtp_dd_add(s.xy, mtp_dd_mul(a, b));
        s.yy = mtp_dd_add(s.yy, mtp_dd_sqr(b));
    }
    return s;
}

mtp_status mtp_correlate(size_t n, const double x[], const double y[], double level,
                         mtp_correlation *result, mtp_error *err)
{
    mtp_status status = check(n, x, y, level, err);
    mtp_correlation c = {.n = n};
    double residual, z, margin;
    mtp_tail tail;
    products s;
    mtp_dd r;

    if (status != MTP_OK) {
        return status;
    }
    s = about_means(n, x, y);
    if (constant(n, x) || constant(n, y) || !(s.xx.hi > 0.0 && s.yy.hi > 0.0)) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "there is no correlation with values that are all the same");
    }
    r = mtp_dd_div(s.xy, mtp_dd_sqrt(mtp_dd_mul(s.xx, s.yy)));
    c.estimate = fmax(-1.0, fmin(1.0, mtp_dd_to(r)));
    residual = fmax(0.0, mtp_dd_to(mtp_dd_sub(mtp_dd_from(1.0), mtp_dd_sqr(r))));
    c.df = (double)n - 2.0;
    c.statistic = c.estimate * sqrt(c.df / residual);
    tail = mtp_t_two_sided(c.statistic, c.df);
    c.p = tail.p;
    c.log_p = tail.log_p;
    z = atanh(c.estimate);
    margin =
        mtp_normal_upper_quantile(mtp_tail_of_level(level)) / sqrt((double)n - 3.0);
    c.ci_lower = isinf(z) ? c.estimate : tanh(z - margin);
    c.ci_upper = isinf(z) ? c.estimate : tanh(z + margin);
    *result = c;
    return MTP_OK;
}
