/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moment estimators. Each equates a quadratic form y'Ay, A X = 0, to its expectation
 * tr(A V) + c tau2, so that tau2 = (y'Ay - tr(A V)) / c and, for normal effects,
 *   var(tau2) = 2 tr((A (V + tau2 I))^2) / c^2.
 *
 *   DL  A = P at w = 1/v, c = tr P: DerSimonian & Laird (1986), Control Clin Trials
 *       7:177-188, doi:10.1016/0197-2456(86)90046-2
 *   HE  A = I - H, c = k - p: Hedges & Olkin (1985), Statistical methods for
 *       meta-analysis, ch. 9; Cochran (1954), doi:10.2307/3001666
 *   HS  A = P at w = 1/v, (y'Py - k) / sum w, not unbiased: Hunter & Schmidt (2004),
 *       Methods of meta-analysis, 2nd ed.; as in Viechtbauer (2005),
 *       doi:10.3102/10769986030003261
 *   SJ  A = (t0 / (k - p)) P at w = 1/(v + t0), t0 = sum (y - mean)^2 / k over all
 *       studies; always positive: Sidik & Jonkman (2005), Appl Stat 54:367-384,
 *       doi:10.1111/j.1467-9876.2005.00489.x
 */
#include "tau2/estimate.h"

#include <math.h>

/* Unweighted sums about the means of the blocks, and about the mean of all studies. */
typedef struct plain_sums {
    mtp_dd within; /* sum of squares about the block means: y'(I - H)y */
    mtp_dd total;  /* about the common mean */
    mtp_dd noise;  /* tr((I - H) V) = sum (1 - 1/n) v */
} plain_sums;

static mtp_dd mean_square_rest(mtp_dd sum2, mtp_dd sum, double n)
{
    return mtp_dd_sub(sum2, mtp_dd_div(mtp_dd_sqr(sum), mtp_dd_from(n)));
}

static plain_sums sum_plain(const mtp_studies *s)
{
    mtp_dd zero = {0.0, 0.0}, sum_of_means = zero, sum2_of_means = zero;
    plain_sums all = {zero, zero, zero};

    for (size_t b = 0; b < s->n_blocks; b++) {
        const mtp_study_block *block = &s->block[b];
        double n = (double)(block->end - block->begin);
        mtp_dd d = zero, d2 = zero, v = zero, mean, shift;

        for (size_t i = block->begin; i < block->end; i++) {
            d = mtp_dd_add(d, s->point[i].d);
            d2 = mtp_dd_add(d2, mtp_dd_sqr(s->point[i].d));
            v = mtp_dd_add(v, mtp_dd_from(s->point[i].v));
        }
        all.within = mtp_dd_add(all.within, mean_square_rest(d2, d, n));
        v = mtp_dd_div(mtp_dd_mul_d(v, n - 1.0), mtp_dd_from(n));
        all.noise = mtp_dd_add(all.noise, v);
        shift = mtp_dd_two_sum(block->centre, -s->block[0].centre);
        mean = mtp_dd_add(mtp_dd_div(d, mtp_dd_from(n)), mtp_dd_ldexp(shift, -s->unit));
        sum_of_means = mtp_dd_add(sum_of_means, mtp_dd_mul_d(mean, n));
        sum2_of_means = mtp_dd_add(sum2_of_means, mtp_dd_mul_d(mtp_dd_sqr(mean), n));
    }
    all.total = mtp_dd_add(all.within,
                           mean_square_rest(sum2_of_means, sum_of_means, (double)s->k));
    return all;
}

/* Enter raw = numerator / c, and var(tau2) by the general formula, with A at the
 * weights 1 / (v + *weights_at), or unweighted. */
static void set_estimate(const mtp_studies *s, mtp_tau2_fit *fit, mtp_dd numerator,
                         mtp_dd c, const mtp_dd *weights_at)
{
    mtp_dd raw = mtp_dd_div(numerator, c), se;

    fit->result.raw = mtp_dd_to(mtp_to_unit_of_y(s, raw, 2));
    fit->result.truncated = raw.hi < 0.0;
    fit->tau2 = raw.hi > 0.0 ? raw : mtp_dd_from(0.0);
    se = mtp_trace_of_square(s, weights_at, &fit->tau2);
    se = mtp_dd_div(mtp_dd_sqrt(mtp_dd_mul_d(se, 2.0)), c);
    fit->result.se = mtp_dd_to(mtp_to_unit_of_y(s, se, 2));
}

/* t0 Q(t0) / (k - p) = numerator / c with c = (k - p) / t0. Equal effects: t0 = 0. */
static void sidik_jonkman(const mtp_studies *s, mtp_tau2_fit *fit)
{
    mtp_dd t0 = mtp_dd_div(sum_plain(s).total, mtp_dd_from((double)s->k));
    mtp_sums at;

    if (t0.hi > 0.0) {
        mtp_sums_at(s, t0, &at);
        set_estimate(s, fit, at.Q, mtp_dd_div(mtp_dd_from(mtp_studies_df(s)), t0), &t0);
    } else {
        fit->result.raw = fit->result.se = 0.0;
    }
}

void mtp_tau2_moment(mtp_tau2_method method, const mtp_studies *studies,
                     mtp_tau2_fit *fit)
{
    mtp_dd zero = {0.0, 0.0}, df = mtp_dd_from(mtp_studies_df(studies));
    mtp_dd k = mtp_dd_from((double)studies->k);
    plain_sums plain;
    mtp_sums at;

    fit->result.iterations = 1;
    switch (method) {
    case MTP_TAU2_HE:
        plain = sum_plain(studies);
        set_estimate(studies, fit, mtp_difference(plain.within, plain.noise), df, NULL);
        break;
    case MTP_TAU2_HS:
        mtp_sums_at(studies, zero, &at);
        set_estimate(studies, fit, mtp_difference(at.Q, k), at.w, &zero);
        break;
    case MTP_TAU2_SJ:
        sidik_jonkman(studies, fit);
        break;
    default: /* DL */
        mtp_sums_at(studies, zero, &at);
        set_estimate(studies, fit, mtp_difference(at.Q, df), at.trP, &zero);
        break;
    }
}
