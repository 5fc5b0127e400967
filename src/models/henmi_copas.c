/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Notation: W_r = sum w^r, w = 1 / v, t tau2, A = diag(w) - w w' / W1, so that Q =
 * y'Ay, S = diag(v + t), R = m - mu with variance VR = (W1 + t W2) / W1^2. Given R = r
 * the effects have mean mu + r b / VR, b = S w / W1, and variance S - b b' / VR, so
 * that E(Q | r)   = tr(AS) + b'Ab (r^2 / VR - 1) / VR var(Q | r) = 2 (tr(ASAS) - 2
 * b'ASAb / VR + (b'Ab / VR)^2)
 *                + 4 (r / VR)^2 (b'ASAb - (b'Ab)^2 / VR)
 * and, as A 1 = 0 and A b = t A w / W1, with c = W2 / W1 and d = W1 - c = tr A,
 *   tr(AS) = k - 1 + t d,        tr(ASAS) = k - 1 + 2 t d + t^2 tr(AA)
 *   b'Ab   = t^2 sum w (w - c)^2 / W1^2
 *   b'ASAb = t^2 sum w (w - c)^2 (1 + t w) / W1^2.
 * |R| / se > u means Q < f(r) = k - 1 + (d / c) (W1 r^2 / u^2 - 1), and r > u /
 * sqrt(W1): P(|R| / se > u) = 2 integral from there of P(Q < f(r) | r) dP(r).
 */
#include "models/henmi_copas.h"

#include "num/dist.h"
#include "num/root.h"
#include "tau2/estimate.h"

#include <math.h>

typedef struct moments {
    double df;                  /* k - 1 */
    double W1, c, d, VR;        /* see above */
    double trace, trace_square; /* tr(AS), tr(ASAS) */
    double bAb, bASAb;
} moments;

static moments moments_at(const mtp_studies *studies, const mtp_sums *at_zero, double t)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};
    double AA = mtp_dd_to(mtp_trace_of_square(studies, &by, NULL));
    moments m = {.df = mtp_studies_df(studies),
                 .W1 = mtp_dd_to(at_zero->w),
                 .c = mtp_dd_to(mtp_dd_div(at_zero->w2, at_zero->w)),
                 .d = mtp_dd_to(at_zero->trP)};
    double size = (t / m.W1) * (t / m.W1);
    mtp_dd bAb = {0.0, 0.0}, bASAb = bAb; /* the order of studies changes no digit */

    m.VR = (1.0 + t * m.c) / m.W1;
    m.trace = m.df + t * m.d;
    m.trace_square = m.df + 2.0 * t * m.d + t * t * AA;
    for (size_t i = 0; i < studies->k; i++) {
        double w = 1.0 / studies->point[i].v, part = w * (w - m.c) * (w - m.c);

        bAb = mtp_dd_add(bAb, mtp_dd_from(part));
        bASAb = mtp_dd_add(bASAb, mtp_dd_from(part * (1.0 + t * w)));
    }
    m.bAb = size * mtp_dd_to(bAb);
    m.bASAb = size * mtp_dd_to(bASAb);
    return m;
}

/* P(Q < f(r) | r), r^2 = x^2 VR. */
static double small_q(const moments *m, double x, double u)
{
    double b = m->bAb / m->VR, bSb = m->bASAb / m->VR;
    double mean = m->trace + b * (x * x - 1.0);
    double variance =
        2.0 * (m->trace_square - 2.0 * bSb + b * b) + 4.0 * x * x * (bSb - b * b);
    double r_over_u = x / u;
    double f = m->df + m->d / m->c * (m->W1 * m->VR * r_over_u * r_over_u - 1.0);
    double scale = variance / mean;

    return mtp_chisq_lower(2.0 * f / scale, 2.0 * mean / scale).p;
}

/* What is integrated below, at s. */
static double integrand(const moments *m, double x0, double u, double s)
{
    double fall = exp(-s), z = exp(s - fall) / (1.0 + x0);
    double density = exp(-z * (x0 + 0.5 * z));

    return density > 0.0 ? z * (1.0 + fall) * density * small_q(m, x0 + z, u) : 0.0;
}

/*
 * The integral of exp(-z (x0 + z / 2)) P(Q < f) over z > 0, x = x0 + z, by the
 * trapezoidal rule in s, z = exp(s - exp(-s)) / (1 + x0). The step is halved until the
 * sum changes by less than 1e-10: a halving squares the error, so that what is left is
 * rounding. Source: Takahasi & Mori (1974), Publ RIMS 9:721-741.
 */
static double integral(const moments *m, double x0, double u)
{
    enum { FROM = -4, TO = 5, FIRST = 32, MAX_STEPS = 1024 };
    double last = 0.0, sum = 0.0;

    for (int steps = FIRST; steps <= MAX_STEPS; steps *= 2) {
        int each = steps == FIRST ? 1 : 2; /* the others were summed before */
        double h = (double)(TO - FROM) / steps;

        for (int i = each - 1; i <= steps; i += each) {
            sum += integrand(m, x0, u, FROM + i * h);
        }
        if (fabs(sum * h - last) <= 1e-10 * sum * h) {
            return sum * h;
        }
        last = sum * h;
    }
    return last;
}

/* log P(|R| / se > u), u > 0. */
static double log_tail(const moments *m, double u)
{
    static const double log_sqrt_half_pi = 0.22579135264472743236;
    double x0 = u / sqrt(m->W1 * m->VR);

    return log(integral(m, x0, u)) - 0.5 * x0 * x0 - log_sqrt_half_pi;
}

typedef struct equation {
    const moments *m;
    double log_wanted;
} equation;

static double excess(const void *context, double u)
{
    const equation *of = (const equation *)context;

    return log_tail(of->m, u) - of->log_wanted;
}

/* The u that is exceeded with probability 1 - level. */
static double quantile(const moments *m, double level)
{
    equation of = {m, log(2.0 * mtp_tail_of_level(level))};
    double low = 1.0, high = 4.0, at_low = excess(&of, low), at_high;

    while (at_low < 0.0) {
        low *= 0.5;
        at_low = excess(&of, low);
    }
    at_high = excess(&of, high);
    while (at_high > 0.0) {
        high *= 2.0;
        at_high = excess(&of, high);
    }
    return mtp_root(excess, &of, low, at_low, high, at_high);
}

void mtp_henmi_copas(const mtp_studies *studies, double level, double null,
                     mtp_interval *interval)
{
    mtp_dd zero = {0.0, 0.0}, centre = mtp_dd_from(studies->block[0].centre);
    mtp_dd estimate, half;
    double se;
    mtp_tau2_fit fit;
    mtp_sums at_zero;
    moments m;

    mtp_tau2_fit_studies(MTP_TAU2_DL, studies, &fit);
    mtp_sums_at(studies, zero, &at_zero);
    m = moments_at(studies, &at_zero, mtp_dd_to(fit.tau2));
    estimate = mtp_dd_add(centre, mtp_to_unit_of_y(studies, at_zero.mean, 1));
    se = ldexp(sqrt(m.VR), studies->unit);
    half = mtp_dd_two_prod(quantile(&m, level), se);
    *interval = (mtp_interval){.method = MTP_CI_HC,
                               .se = se,
                               .df = (double)NAN,
                               .statistic = (double)NAN,
                               .p = (double)NAN,
                               .log_p = (double)NAN,
                               .lower = mtp_dd_to(mtp_dd_sub(estimate, half)),
                               .upper = mtp_dd_to(mtp_dd_add(estimate, half)),
                               .estimate = mtp_dd_to(estimate)};
    if (!isnan(null)) {
        double u = mtp_dd_to(mtp_dd_sub(estimate, mtp_dd_from(null))) / se;

        interval->statistic = u;
        interval->log_p = u == 0.0 ? 0.0 : fmin(log_tail(&m, fabs(u)), 0.0);
        interval->p = exp(interval->log_p);
    }
}
