/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_SIDES_H
#define MTP_NUM_SIDES_H

#include "core/dd.h"
#include "num/dist.h"

#include <stdbool.h>

/**
 * What the distributions share. Each is a law on the positive half line (|Z|, |T|,
 * chi-square, F), computed as both sides of one point: the smaller side from a series
 * or a continued fraction, the other as its complement.
 */
typedef struct mtp_sides {
    mtp_tail lower, upper;
    double log_slope; /* log of d lower / d log x */
    double bend;      /* d log_slope / d log x */
} mtp_sides;

/** The probability exp(log_scale) factor, factor > 0. */
mtp_tail mtp_tail_product(mtp_dd log_scale, double factor);
/** 1 - tail. */
mtp_tail mtp_tail_complement(mtp_tail tail);

extern const mtp_tail mtp_tail_none, mtp_tail_all, mtp_tail_undefined; /* 0, 1, NaN */

/**
 * A continued fraction b0 + a1 / (b1 + a2 / (b2 + ...)); term gives a_n and b_n for
 * n >= 0 (a_0 is not used). Evaluated from the back, which damps rounding errors.
 */
typedef struct mtp_fraction mtp_fraction;
struct mtp_fraction {
    void (*term)(const mtp_fraction *fraction, double n, double *a, double *b);
    double shape_a, shape_b, x, y, lead; /* for the use of term */
};
double mtp_fraction_value(const mtp_fraction *fraction);

/** (1 - Phi(z)) / phi(z), z >= 0. */
double mtp_mills_ratio(double z);
/**
 * The smaller side of a gamma or beta law with large shapes near its mean, where a
 * fraction would need some sqrt(shape) terms: two terms of Temme's uniform expansion,
 *   Q(z) + phi(z) (w / lead - 1 / z),  z^2 / 2 = the deviance,
 * with w and lead the standard deviation and the distance from the mean in common units
 * and limit the bracket at z = 0. Relative error about 0.002 z / shape^1.5.
 */
mtp_tail mtp_uniform_tail(mtp_dd deviance, mtp_dd w, mtp_dd lead, double limit);
#define MTP_UNIFORM_FROM 1e10
/** |Z| below and above z, z >= 0. */
mtp_sides mtp_normal_sides(double z);
/** The gamma law with shape a at x >= 0. */
mtp_sides mtp_gamma_sides(double a, mtp_dd x);

/** Odds m 2^e, m > 0: they may lie outside the range of a double. */
typedef struct mtp_odds {
    mtp_dd m;
    int e;
} mtp_odds;
/** u v / w, each positive and finite. */
mtp_odds mtp_odds_of(double u, double v, double w);
/**
 * The law of (chi2 with 2b) / (chi2 with 2a) at rho: lower = I_y(b, a), upper =
 * I_x(a, b), x = 1 / (1 + rho), y = rho / (1 + rho); a, b > 0.
 */
mtp_sides mtp_beta_sides(double a, double b, mtp_odds rho);

/** Degrees of freedom above this count as infinite. */
#define MTP_DF_MAX 1e290
/** df / 2 as a shape, which must not vanish. */
double mtp_shape_of(double df);

/** A law with its parameter. */
typedef struct mtp_law {
    mtp_sides (*sides)(double x, double df);
    double df;
} mtp_law;
/**
 * The point whose upper (or lower) side is p, 0 < p < 1; infinite or 0 where it is out
 * of a double's range.
 */
double mtp_law_solve(const mtp_law *law, bool upper, double p, double start);

#endif
