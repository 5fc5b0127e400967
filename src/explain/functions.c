/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The functions of formulas. */
#include "effects/correlation.h"
#include "effects/hedges.h"
#include "effects/two_counts.h"
#include "explain/expr.h"
#include "models/beta_binomial_internal.h"
#include "num/dist.h"

#include <math.h>

/* ln Gamma(c + m) - ln Gamma(c) */
static double sum_ln(double c, double m)
{
    if (!(c > 0.0 && c + m > 0.0)) {
        return (double)NAN;
    }
    return m < 0.0 ? -mtp_rising_log(c + m, -m) : mtp_rising_log(c, m);
}

/* By Stirling's formula with its error term. */
static double log_factorial(double n)
{
    static const double LOG_2_PI = 1.8378770664093454836;

    if (n == 0.0 || n == 1.0) {
        return 0.0;
    }
    return (n + 0.5) * log(n) - n + 0.5 * LOG_2_PI + mtp_stirling_error(n);
}

double mtp_expr_call(mtp_expr_function function, const double x[])
{
    switch (function) {
    case MTP_EXPR_SQRT:
        return sqrt(x[0]);
    case MTP_EXPR_LN:
        return log(x[0]);
    case MTP_EXPR_EXP:
        return exp(x[0]);
    case MTP_EXPR_ABS:
        return fabs(x[0]);
    case MTP_EXPR_SIN:
        return sin(x[0]);
    case MTP_EXPR_COS:
        return cos(x[0]);
    case MTP_EXPR_ASIN:
        return asin(x[0]);
    case MTP_EXPR_ATAN:
        return atan(x[0]);
    case MTP_EXPR_ATANH:
        return atanh(x[0]);
    case MTP_EXPR_TANH:
        return tanh(x[0]);
    case MTP_EXPR_LNFACT:
        return log_factorial(x[0]);
    case MTP_EXPR_SUM_LN:
        return sum_ln(x[0], rint(x[1]));
    case MTP_EXPR_SUM_INVERSE:
        return x[0] > 0.0 ? mtp_rising_inverse(x[0], rint(x[1])) : (double)NAN;
    case MTP_EXPR_SUM_SQUARE:
        return x[0] > 0.0 ? mtp_rising_square(x[0], rint(x[1])) : (double)NAN;
    case MTP_EXPR_MIN:
        return fmin(x[0], x[1]);
    case MTP_EXPR_MAX:
        return fmax(x[0], x[1]);
    case MTP_EXPR_DENSITY:
        return exp(-0.5 * x[0] * x[0]) / sqrt(2.0 * 3.14159265358979323846);
    case MTP_EXPR_PHI:
        return mtp_normal_upper(-x[0]).p;
    case MTP_EXPR_HEDGES:
        return mtp_hedges_j(x[0]);
    case MTP_EXPR_PHI2:
        return mtp_bivariate_normal(x[0], x[1], x[2]);
    case MTP_EXPR_HYP:
        return mtp_hypergeometric(x[0], x[1], x[2], x[3]);
    case MTP_EXPR_Z:
        return mtp_normal_upper_quantile(1.0 - x[0]);
    case MTP_EXPR_T:
        return mtp_t_upper_quantile(1.0 - x[0], x[1]);
    case MTP_EXPR_CHI2:
        return mtp_chisq_lower_quantile(x[0], x[1]);
    case MTP_EXPR_UPPER_Z:
        return mtp_normal_upper(x[0]).p;
    case MTP_EXPR_UPPER_T:
        return 0.5 * mtp_t_two_sided(x[0], x[1]).p;
    case MTP_EXPR_UPPER_CHI2:
        return mtp_chisq_upper(x[0], x[1]).p;
    case MTP_EXPR_UPPER_F:
        return mtp_f_upper(x[0], x[1], x[2]).p;
    case MTP_EXPR_FUNCTION_COUNT:
        break;
    }
    return (double)NAN;
}
