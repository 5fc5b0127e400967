/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/hedges.h"

#include "core/dd.h"

/*
 * Gamma(z + 1/2) / Gamma(z) = sqrt(w) (1 + 1 / (64 w^2) - 19 / (8192 w^4) + ...) with
 * w = z - 1/4; z = (m - 1) / 2 and w = m / 2 - 3/4 here. Tricomi & Erdelyi (1951), Pac
 * J Math 1:133-142, doi:10.2140/pjm.1951.1.133; DLMF 5.11.14. The denominators are
 * powers of two, so that the coefficients are exact.
 */
static const double coefficient[] = {
    1.0,
    1.0 / 64.0,
    -19.0 / 8192.0,
    631.0 / 524288.0,
    -174317.0 / 134217728.0,
    20491783.0 / 8589934592.0,
    -7334801895.0 / 1099511627776.0,
};

/* From here on the terms left out are below 3e-20. */
static const double LARGE = 40.0;

/* The sum above less its leading 1. */
static mtp_dd series_excess(double m)
{
    mtp_dd w = mtp_dd_two_sum(0.5 * m, -0.75);
    mtp_dd x = mtp_dd_inv(mtp_dd_sqr(w));
    mtp_dd sum = mtp_dd_from(0.0);

    for (int k = (int)(sizeof coefficient / sizeof coefficient[0]) - 1; k > 0; k--) {
        sum = mtp_dd_mul(x, mtp_dd_add(sum, mtp_dd_from(coefficient[k])));
    }
    return sum;
}

/* J^2 = (m - 3/2) / m (1 + excess)^2 for large m; below by
 * J(m)^2 = J(m + 2)^2 ((m - 1) / m)^2 (m + 2) / m. */
static mtp_dd j_squared(double m)
{
    mtp_dd factor = mtp_dd_from(1.0), s;

    for (; m < LARGE; m += 2.0) {
        mtp_dd step = mtp_dd_div(mtp_dd_two_sum(m, -1.0), mtp_dd_from(m));

        step = mtp_dd_mul(mtp_dd_sqr(step),
                          mtp_dd_div(mtp_dd_two_sum(m, 2.0), mtp_dd_from(m)));
        factor = mtp_dd_mul(factor, step);
    }
    s = mtp_dd_add(mtp_dd_from(1.0), series_excess(m));
    s = mtp_dd_mul(mtp_dd_sqr(s), mtp_dd_div(mtp_dd_two_sum(m, -1.5), mtp_dd_from(m)));
    return mtp_dd_mul(factor, s);
}

double mtp_hedges_j(double m)
{
    return mtp_dd_to(mtp_dd_sqrt(j_squared(m)));
}

/*
 * For large m with e = (1 + excess)^2 - 1,
 *   (1/2 + (m - 3/2) e) / ((m - 3/2) (1 + e)),
 * where nothing cancels; below, double-double has the digits to spare.
 */
double mtp_hedges_excess(double m)
{
    mtp_dd excess, e, scale;

    if (m < LARGE) {
        e = mtp_dd_div(mtp_dd_two_sum(m, -2.0), mtp_dd_mul_d(j_squared(m), m));
        return mtp_dd_to(mtp_dd_sub(mtp_dd_from(1.0), e));
    }
    excess = series_excess(m);
    e = mtp_dd_add(mtp_dd_ldexp(excess, 1), mtp_dd_sqr(excess));
    scale = mtp_dd_two_sum(m, -1.5);
    return mtp_dd_to(mtp_dd_div(mtp_dd_add(mtp_dd_from(0.5), mtp_dd_mul(scale, e)),
                                mtp_dd_mul(scale, mtp_dd_add(mtp_dd_from(1.0), e))));
}
