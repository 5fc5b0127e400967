/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the analysis scale and the natural scale. */
#include "metapool/effects.h"

#include "core/dd.h"
#include "effects/kernel.h"
#include "num/dist.h"

#include <math.h>

static const double HALF_PI = 1.57079632679489661923;

/* y kept within [lower, upper]; `clipped` set when it was not. */
static double clip(double y, double lower, double upper, bool *clipped)
{
    if (y >= lower && y <= upper) {
        return y;
    }
    if (clipped) {
        *clipped = true;
    }
    return y < lower ? lower : upper;
}

static double inverse_logit(double y)
{
    double e = exp(-fabs(y));

    return y < 0.0 ? e / (1.0 + e) : 1.0 / (1.0 + e);
}

static double double_arcsine(double x, double m)
{
    return 0.5 * (atan2(sqrt(x), sqrt(m + 1.0)) + atan2(sqrt(x + 1.0), sqrt(m)));
}

/*
 * Miller (1978), doi:10.1080/00031305.1978.10479283, with t = 2 y:
 *   p = (1 - sgn(cos t) sqrt(1 - s^2)) / 2,   s = sin t + (sin t - 1 / sin t) / n.
 * sqrt(1 - s^2) is formed from 1 - s = cos^2 t (1 / (1 + sin t) + 1 / (n sin t)), which
 * cancels nothing where s is near 1, and 1 - |cos t ...| as s^2 / (1 + ...).
 */
static double inverse_double_arcsine(double y, double n, bool *clipped)
{
    double lowest = double_arcsine(0.0, n), highest = double_arcsine(n, 0.0);
    double t, s, c;

    if (y <= lowest || y >= highest) {
        return clip(y, lowest, highest, clipped) == lowest ? 0.0 : 1.0;
    }
    t = 2.0 * y;
    s = sin(t) - cos(t) * cos(t) / (n * sin(t));
    c = cos(t) * sqrt((1.0 + s) * (1.0 / (1.0 + sin(t)) + 1.0 / (n * sin(t))));
    return c > 0.0 ? 0.5 * s * s / (1.0 + c) : 0.5 * (1.0 - c);
}

/* 2 y = a + sqrt(a^2 + 1 / t) gives a = y - 1 / (4 t y), the rate's square root. */
static double inverse_double_root(double y, double t, bool *clipped)
{
    double lowest = 0.5 / sqrt(t);
    double a;

    if (y <= lowest) {
        (void)clip(y, lowest, (double)INFINITY, clipped);
        return 0.0;
    }
    a = (y - lowest) * (1.0 + lowest / y);
    return a * a;
}

double mtp_back_transform(mtp_measure measure, double y, double ft_n, bool *clipped)
{
    const mtp_measure_info *info = mtp_measure_get(measure);
    double root;

    if (isnan(y)) {
        return y;
    }
    switch (measure) {
    case MTP_PLN:
    case MTP_IRLN:
        return clip(exp(y), info->lower, info->upper, clipped);
    case MTP_PLO:
        return inverse_logit(y);
    case MTP_PRZ:
        return mtp_normal_upper(-y).p;
    case MTP_PAS:
        root = sin(clip(y, 0.0, HALF_PI, clipped));
        return root * root;
    case MTP_PFT:
        return inverse_double_arcsine(y, ft_n, clipped);
    case MTP_IRS:
        root = clip(y, 0.0, (double)INFINITY, clipped);
        return root * root;
    case MTP_IRFT:
        return inverse_double_root(y, ft_n, clipped);
    default: /* GEN, PR, IR */
        return clip(y, info->lower, info->upper, clipped);
    }
}

static double forward_proportion(mtp_measure measure, double p, double n)
{
    switch (measure) {
    case MTP_PLN:
        return log(p);
    case MTP_PLO:
        return p < 1.0 ? mtp_log_ratio(p, 1.0 - p) : (double)INFINITY;
    case MTP_PRZ:
        if (p > 0.0 && p < 1.0) {
            return mtp_probit(p, 1.0 - p);
        }
        return p > 0.0 ? (double)INFINITY : -(double)INFINITY;
    case MTP_PAS:
        return atan2(sqrt(p), sqrt(1.0 - p));
    case MTP_PFT:
        return double_arcsine(p * n, n * (1.0 - p));
    default: /* PR */
        return p;
    }
}

static double forward_rate(mtp_measure measure, double rate, double t)
{
    switch (measure) {
    case MTP_IRLN:
        return log(rate);
    case MTP_IRS:
        return sqrt(rate);
    case MTP_IRFT:
        return 0.5 * (sqrt(rate) + sqrt(rate + 1.0 / t));
    default: /* IR */
        return rate;
    }
}

double mtp_forward_transform(mtp_measure measure, double natural, double ft_n)
{
    const mtp_measure_info *info = mtp_measure_get(measure);

    if (!(natural >= info->lower && natural <= info->upper)) {
        return (double)NAN;
    }
    switch (info->input) {
    case MTP_INPUT_EVENTS_N:
        return forward_proportion(measure, natural, ft_n);
    case MTP_INPUT_EVENTS_TIME:
        return forward_rate(measure, natural, ft_n);
    case MTP_INPUT_GENERIC:
        break;
    }
    return natural;
}

/* Sums in double-double, so that the order of the studies changes no bit. */
double mtp_ft_pooled_n(mtp_ft_n kind, size_t k, const double n[],
                       double pooled_variance)
{
    mtp_dd sum = mtp_dd_from(0.0);

    if (kind == MTP_FT_INVERSE_VARIANCE) {
        return 0.25 / pooled_variance;
    }
    for (size_t i = 0; i < k; i++) {
        mtp_dd term = mtp_dd_from(n[i]);

        if (kind == MTP_FT_HARMONIC) {
            term = mtp_dd_inv(term);
        } else if (kind == MTP_FT_GEOMETRIC) {
            term = mtp_dd_from(log(n[i]));
        }
        sum = mtp_dd_add(sum, term);
    }
    if (kind == MTP_FT_HARMONIC) {
        return mtp_dd_to(mtp_dd_div(mtp_dd_from((double)k), sum));
    }
    sum = mtp_dd_div(sum, mtp_dd_from((double)k));
    return kind == MTP_FT_GEOMETRIC ? exp(mtp_dd_to(sum)) : mtp_dd_to(sum);
}
