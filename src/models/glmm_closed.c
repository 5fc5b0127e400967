/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_internal.h"
#include "num/dist.h"

#include <math.h>

/*
 * What needs no iteration. With X, N, Y the sums of x, m and y = m - x, the common mu
 * is logit(X / N) = log(X / Y) (Poisson: log(X / N)), its information X Y / N
 * (Poisson: X). Everything that compares a study with the common mean is formed from
 *   cross = x N - m X = x Y - y X,
 * in double-double: for whole numbers it is exact, so equal rates differ by exactly 0.
 */
static mtp_dd cross(const mtp_glmm_sample *s, const mtp_glmm_study *study)
{
    return mtp_dd_sub(mtp_dd_mul_d(s->size, study->x),
                      mtp_dd_mul_d(s->events, study->m));
}

/* log(a / b) */
static double log_ratio(mtp_dd a, mtp_dd b)
{
    double ratio = mtp_dd_to(mtp_dd_div(a, b));

    if (ratio > 0.5 && ratio < 2.0) {
        return log1p(mtp_dd_to(mtp_dd_div(mtp_dd_sub(a, b), b)));
    }
    return log(ratio);
}

/*
 * The boundary. At tau = 0, 2 d loglik / d v = sum S^2 - w: the second derivative of
 * each study's likelihood in eta, divided by it. With S = cross / N,
 *   N^2 (sum S^2 - w) = sum cross^2 - N X Y  (binomial),  ... - N^2 X (Poisson).
 * Source: the score test of a variance component, Lin (1997), Biometrika 84:309-326,
 * doi:10.1093/biomet/84.2.309.
 */
static mtp_dd boundary_score(const mtp_glmm_sample *s)
{
    mtp_dd sum = {0.0, 0.0};
    mtp_dd size = s->size;
    mtp_dd w = mtp_dd_mul(size, s->events);

    w = mtp_dd_mul(w, s->kind == MTP_GLMM_POISSON ? size : s->rest);
    for (size_t i = 0; i < s->count; i++) {
        mtp_dd square = mtp_dd_sqr(cross(s, &s->study[i]));

        sum = mtp_dd_add(sum, mtp_dd_mul_d(square, s->study[i].times));
    }
    sum = mtp_dd_sub(sum, w);
    /* below the rounding of the double-doubles: nought */
    return fabs(sum.hi) <= 1e-29 * w.hi ? mtp_dd_from(0.0) : sum;
}

double mtp_glmm_boundary_slope(const mtp_glmm_sample *sample, int *sign)
{
    mtp_dd score = boundary_score(sample);

    *sign = score.hi > 0.0 ? 1 : score.hi < 0.0 ? -1 : 0;
    return 0.5 * mtp_dd_to(mtp_dd_div(score, mtp_dd_sqr(sample->size)));
}

/*
 * Deviance part x log(x / mean) + mean - x with delta = x - mean, which is known to
 * more digits than x and mean have between them. Source: Loader (2000), Fast and
 * accurate computation of binomial probabilities, bd0: with u = delta / (x + mean),
 *   delta u + 2 x (u^3 / 3 + u^5 / 5 + ...).
 */
static double deviance_part(double x, double mean, double delta)
{
    double u = delta / (x + mean), u2 = u * u;
    double sum = 0.0, power = u;

    if (x == 0.0) {
        return mean;
    }
    if (fabs(u) > 0.2) {
        return x * log(x / mean) - delta;
    }
    for (int j = 3; fabs(power) > 1e-18 * fabs(u); j += 2) {
        power *= u2;
        sum += power / j;
    }
    return delta * u + 2.0 * x * sum;
}

double mtp_glmm_deviance(mtp_glmm_kind kind, const mtp_glmm_study *study, double p,
                         double q, double score)
{
    double part = deviance_part(study->x, study->m * p, score);

    if (kind == MTP_GLMM_BINOMIAL) {
        part += deviance_part(study->y, study->m * q, -score);
    }
    return part;
}

double mtp_glmm_saturated(mtp_glmm_kind kind, const mtp_glmm_study *study)
{
    if (study->x == 0.0 || (kind == MTP_GLMM_BINOMIAL && study->y == 0.0)) {
        return 0.0;
    }
    return kind == MTP_GLMM_POISSON
               ? mtp_log_poisson(study->x, study->x)
               : mtp_log_binomial(study->x, study->m, study->x / study->m,
                                  study->y / study->m);
}

/* Half the deviance of the common from the saturated model: a sum of terms >= 0. */
static double half_deviance(const mtp_glmm_sample *s)
{
    double p = mtp_dd_to(mtp_dd_div(s->events, s->size));
    double q = mtp_dd_to(mtp_dd_div(s->rest, s->size));
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < s->count; i++) {
        const mtp_glmm_study *study = &s->study[i];
        double score = mtp_dd_to(mtp_dd_div(cross(s, study), s->size));
        double part = mtp_glmm_deviance(s->kind, study, p, q, score);

        sum = mtp_dd_add(sum, mtp_dd_two_prod(study->times, part));
    }
    return fmax(0.0, mtp_dd_to(sum));
}

/* Log odds (log rate) of a study less the common one: log1p(cross / (y X)), (m X). */
static double excess(const mtp_glmm_sample *s, const mtp_glmm_study *study)
{
    bool poisson = s->kind == MTP_GLMM_POISSON;
    mtp_dd own = mtp_dd_mul_d(poisson ? s->size : s->rest, study->x);
    mtp_dd base = mtp_dd_mul_d(s->events, poisson ? study->m : study->y);
    double u = mtp_dd_to(mtp_dd_div(cross(s, study), base));

    return u > -0.5 ? log1p(u) : log_ratio(own, base);
}

double mtp_glmm_wald_weight(mtp_glmm_kind kind, const mtp_glmm_study *study)
{
    if (study->x == 0.0) {
        return 0.0; /* also without patients */
    }
    return kind == MTP_GLMM_POISSON ? study->x : study->x * (study->y / study->m);
}

/* The weighted mean of the excesses; counts the studies that have no weight. */
static mtp_dd wald_mean(const mtp_glmm_sample *s, size_t *weightless)
{
    mtp_dd sum_w = {0.0, 0.0}, sum_wl = sum_w;

    *weightless = 0;
    for (size_t i = 0; i < s->count; i++) {
        const mtp_glmm_study *study = &s->study[i];
        mtp_dd w = mtp_dd_two_prod(study->times, mtp_glmm_wald_weight(s->kind, study));

        if (w.hi > 0.0) {
            sum_w = mtp_dd_add(sum_w, w);
            sum_wl = mtp_dd_add(sum_wl, mtp_dd_mul_d(w, excess(s, study)));
        } else {
            *weightless += (size_t)study->times;
        }
    }
    return sum_w.hi > 0.0 ? mtp_dd_div(sum_wl, sum_w) : sum_w;
}

/* Q = sum w (l - lbar)^2, w = x y / m (Poisson: x): Wald's test that all log odds (log
 * rates) l are one. It does not matter that the l are measured from the common mu. */
static double wald_test(const mtp_glmm_sample *s, size_t *weightless)
{
    mtp_dd mean = wald_mean(s, weightless), Q = {0.0, 0.0};

    for (size_t i = 0; i < s->count; i++) {
        const mtp_glmm_study *study = &s->study[i];
        mtp_dd w = mtp_dd_two_prod(study->times, mtp_glmm_wald_weight(s->kind, study));

        if (w.hi > 0.0) {
            mtp_dd r = mtp_dd_sub(mtp_dd_from(excess(s, study)), mean);

            Q = mtp_dd_add(Q, mtp_dd_mul(w, mtp_dd_sqr(r)));
        }
    }
    return mtp_dd_to(Q);
}

void mtp_glmm_closed_forms(const mtp_glmm_sample *s, mtp_glmm_fit *fit)
{
    bool poisson = s->kind == MTP_GLMM_POISSON;
    mtp_dd information = s->events, full = {0.0, 0.0};
    double half = half_deviance(s);

    if (!poisson) {
        information = mtp_dd_div(mtp_dd_mul(s->events, s->rest), s->size);
    }
    for (size_t i = 0; i < s->count; i++) {
        const mtp_glmm_study *study = &s->study[i];

        full = mtp_dd_add(full, mtp_dd_two_prod(study->times, study->saturated));
    }
    fit->common_mu = log_ratio(s->events, poisson ? s->size : s->rest);
    fit->common_se = 1.0 / sqrt(mtp_dd_to(information));
    fit->common_loglik = mtp_dd_to(mtp_dd_sub(full, mtp_dd_from(half)));
    fit->saturated_loglik = mtp_dd_to(full);
    fit->LRT = 2.0 * half;
    fit->Q_wald = wald_test(s, &fit->uninformative);
}
