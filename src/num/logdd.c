/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/logdd.h"

mtp_dd mtp_dd_log_2(void)
{
    return (mtp_dd){0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56};
}

mtp_dd mtp_dd_half_log_pi(void)
{
    return (mtp_dd){0x1.250d048e7a1bdp-1, 0x1.7abf2ad8d5088p-58};
}

mtp_dd mtp_dd_half_log_2pi(void)
{
    return (mtp_dd){0x1.d67f1c864beb5p-1, -0x1.65b5a1b7ff5dfp-55};
}

/* 1 / 3, 1 / 5, ..., 1 / 21 to 106 bits. */
static const mtp_dd odd_inverse[] = {
    {0x1.5555555555555p-2, 0x1.5555555555555p-56},
    {0x1.999999999999ap-3, -0x1.999999999999ap-57},
    {0x1.2492492492492p-3, 0x1.2492492492492p-57},
    {0x1.c71c71c71c71cp-4, 0x1.c71c71c71c71cp-58},
    {0x1.745d1745d1746p-4, -0x1.745d1745d1746p-59},
    {0x1.3b13b13b13b14p-4, -0x1.3b13b13b13b14p-58},
    {0x1.1111111111111p-4, 0x1.1111111111111p-60},
    {0x1.e1e1e1e1e1e1ep-5, 0x1.e1e1e1e1e1e1ep-61},
    {0x1.af286bca1af28p-5, 0x1.af286bca1af28p-59},
    {0x1.8618618618618p-5, 0x1.8618618618618p-59},
};

/*
 * log m for sqrt(1/2) <= m <= sqrt(2) as 2 atanh z, z = (m - 1) / (m + 1):
 * z^2 <= 0.0295, so that the terms from z^23 on need a double only.
 */
static mtp_dd log_reduced(mtp_dd m)
{
    mtp_dd one = mtp_dd_from(1.0);
    mtp_dd z = mtp_dd_div(mtp_dd_sub(m, one), mtp_dd_add(m, one));
    mtp_dd z2 = mtp_dd_sqr(z);
    double rest = 0.0;
    mtp_dd sum;

    for (int k = 43; k >= 23; k -= 2) {
        rest = rest * z2.hi + 1.0 / k;
    }
    sum = mtp_dd_from(rest);
    for (int k = 9; k >= 0; k--) {
        sum = mtp_dd_add(mtp_dd_mul(sum, z2), odd_inverse[k]);
    }
    sum = mtp_dd_add(mtp_dd_mul(sum, z2), one);
    return mtp_dd_ldexp(mtp_dd_mul(z, sum), 1);
}

/* a = m 2^e with sqrt(1/2) <= m < sqrt(2). */
static mtp_dd mantissa(mtp_dd a, int *e)
{
    double m = frexp(a.hi, e);

    if (m < 0.70710678118654752) {
        (*e)--;
    }
    return mtp_dd_ldexp(a, -*e);
}

static mtp_dd log_scaled(mtp_dd m, int e)
{
    return mtp_dd_add(mtp_dd_mul_d(mtp_dd_log_2(), e), log_reduced(m));
}

mtp_dd mtp_dd_log(mtp_dd a)
{
    int e;
    mtp_dd m = mantissa(a, &e);

    return log_scaled(m, e);
}

mtp_dd mtp_dd_log_ratio(mtp_dd a, mtp_dd b)
{
    int ea, eb, e;
    mtp_dd ma = mantissa(a, &ea);
    mtp_dd mb = mantissa(b, &eb);
    mtp_dd m = mantissa(mtp_dd_div(ma, mb), &e);

    return log_scaled(m, ea - eb + e);
}
