/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_DIST_H
#define MTP_NUM_DIST_H

/**
 * Distributions: both tails, logarithms that do not underflow, quantiles to the last
 * bits. A tail probability is returned with its natural logarithm; the probability is 0
 * only where it is below the smallest double. Degrees of freedom need not be whole;
 * above 1e290 they count as infinite. NaN outside the stated domains.
 */
typedef struct mtp_tail {
    double p, log_p;
} mtp_tail;

/**
 * What a two-sided interval of this confidence level, 0 < level < 1, leaves out on each
 * side: (1 - level) / 2 > 0. Levels are written in decimals, and 1 - 0.95 is
 * 0.050000000000000044 in doubles: 1 - level is taken to the nearest 1e-15, or as it
 * is where that would be 0.
 */
double mtp_tail_of_level(double level);

/** P(|Z| >= |z|), Z standard normal. */
mtp_tail mtp_normal_two_sided(double z);
/** P(Z >= z). */
mtp_tail mtp_normal_upper(double z);
/** z with P(Z >= z) = p, 0 < p < 1. */
double mtp_normal_upper_quantile(double p);

/** P(|T| >= |t|), df > 0; df infinite is the normal. The single z/t switch: df NaN too.
 */
mtp_tail mtp_t_two_sided(double t, double df);
/** t with P(T >= t) = p, 0 < p < 1; df infinite or NaN is the normal. */
double mtp_t_upper_quantile(double p, double df);

/** P(X >= x), X chi-square with df > 0; x <= 0 gives 1. */
mtp_tail mtp_chisq_upper(double x, double df);
/** P(X <= x). */
mtp_tail mtp_chisq_lower(double x, double df);
/** x with P(X >= x) = p, 0 < p < 1. */
double mtp_chisq_upper_quantile(double p, double df);
/** x with P(X <= x) = p, 0 < p < 1. */
double mtp_chisq_lower_quantile(double p, double df);

/** P(F >= f), df1, df2 > 0; df2 infinite is chi-square / df1. */
mtp_tail mtp_f_upper(double f, double df1, double df2);

/** lgamma(n + 1) - ((n + 1/2) log n - n + log(2 pi) / 2), Loader's stirlerr; n >= 0. */
double mtp_stirling_error(double n);
/** Deviance part x log(x / m) + m - x without cancellation (Loader's bd0), x, m > 0. */
double mtp_deviance_part(double x, double m);
/**
 * log of the binomial probability of x in n at probability p (1 - p given as q; the
 * smaller of the two is taken as exact). Counts need not be whole.
 */
double mtp_log_binomial(double x, double n, double p, double q);
/** log of the Poisson probability of x at mean m > 0. */
double mtp_log_poisson(double x, double m);
/** log C(n, x), accurate for large n. */
double mtp_log_choose(double n, double x);

#endif
