/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_DD_H
#define MTP_CORE_DD_H

#include <math.h>

/**
 * Double-double arithmetic: an unevaluated sum hi + lo with |lo| <= ulp(hi) / 2, about
 * 106 bits. Needs round-to-nearest and -ffp-contract=off.
 *
 * Sources: Dekker (1971), Numer Math 18:224-242, doi:10.1007/BF01397083 (error-free
 * transforms); Joldes, Muller & Popescu (2017), ACM TOMS 44:15, doi:10.1145/3121432
 * (the sloppy-free add, mul and div used here, relative error below 16 u^2).
 */
typedef struct mtp_dd {
    double hi, lo;
} mtp_dd;

static inline mtp_dd mtp_dd_from(double x)
{
    return (mtp_dd){x, 0.0};
}

static inline double mtp_dd_to(mtp_dd a)
{
    return a.hi + a.lo;
}

/* hi + lo == a + b exactly. */
static inline mtp_dd mtp_dd_two_sum(double a, double b)
{
    double s = a + b;
    double t = s - a;

    return (mtp_dd){s, (a - (s - t)) + (b - t)};
}

/* The same for |a| >= |b|. */
static inline mtp_dd mtp_dd_fast_two_sum(double a, double b)
{
    double s = a + b;

    return (mtp_dd){s, b - (s - a)};
}

/* hi + lo == a * b exactly, barring underflow. */
static inline mtp_dd mtp_dd_two_prod(double a, double b)
{
    double p = a * b;

    return (mtp_dd){p, fma(a, b, -p)};
}

static inline mtp_dd mtp_dd_add(mtp_dd a, mtp_dd b)
{
    mtp_dd s = mtp_dd_two_sum(a.hi, b.hi);
    mtp_dd t = mtp_dd_two_sum(a.lo, b.lo);

    s = mtp_dd_fast_two_sum(s.hi, s.lo + t.hi);
    return mtp_dd_fast_two_sum(s.hi, s.lo + t.lo);
}

static inline mtp_dd mtp_dd_neg(mtp_dd a)
{
    return (mtp_dd){-a.hi, -a.lo};
}

static inline mtp_dd mtp_dd_sub(mtp_dd a, mtp_dd b)
{
    return mtp_dd_add(a, mtp_dd_neg(b));
}

static inline mtp_dd mtp_dd_mul(mtp_dd a, mtp_dd b)
{
    mtp_dd p = mtp_dd_two_prod(a.hi, b.hi);

    return mtp_dd_fast_two_sum(p.hi, p.lo + (a.hi * b.lo + a.lo * b.hi));
}

static inline mtp_dd mtp_dd_mul_d(mtp_dd a, double b)
{
    mtp_dd p = mtp_dd_two_prod(a.hi, b);

    return mtp_dd_fast_two_sum(p.hi, fma(a.lo, b, p.lo));
}

static inline mtp_dd mtp_dd_sqr(mtp_dd a)
{
    return mtp_dd_mul(a, a);
}

static inline mtp_dd mtp_dd_div(mtp_dd a, mtp_dd b)
{
    double q = a.hi / b.hi;
    mtp_dd r = mtp_dd_sub(a, mtp_dd_mul_d(b, q));
    double q2 = r.hi / b.hi;

    r = mtp_dd_sub(r, mtp_dd_mul_d(b, q2));
    return mtp_dd_add(mtp_dd_fast_two_sum(q, q2), mtp_dd_from(r.hi / b.hi));
}

static inline mtp_dd mtp_dd_inv(mtp_dd a)
{
    return mtp_dd_div(mtp_dd_from(1.0), a);
}

/* a >= 0: one Newton step from the double root. */
static inline mtp_dd mtp_dd_sqrt(mtp_dd a)
{
    double s;
    mtp_dd r;

    if (a.hi <= 0.0) {
        return mtp_dd_from(0.0);
    }
    s = sqrt(a.hi);
    r = mtp_dd_sub(a, mtp_dd_two_prod(s, s));
    return mtp_dd_fast_two_sum(s, r.hi / (2.0 * s));
}

/* Exact scaling by a power of two. */
static inline mtp_dd mtp_dd_ldexp(mtp_dd a, int e)
{
    return (mtp_dd){ldexp(a.hi, e), ldexp(a.lo, e)};
}

static inline int mtp_dd_less(mtp_dd a, mtp_dd b)
{
    return a.hi < b.hi || (a.hi == b.hi && a.lo < b.lo);
}

#endif
