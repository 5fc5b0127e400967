/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moment estimators. Each equates a quadratic form y'Ay, A X = 0, to its expectation
 * tr(A V) + c tau2, so that tau2 = (y'Ay - tr(A V)) / c and, for normal effects,
 *   var(tau2) = 2 tr((A (V + tau2 I))^2) / c^2.
 *
 *   DL  A = P at w = 1/v, c = tr P: DerSimonian & Laird (1986), Control Clin Trials
 *       7:177-188, doi:10.1016/0197-2456(86)90046-2
 *   HE  A = P at equal weights, c = k - p: Hedges & Olkin (1985), Statistical methods
 * for meta-analysis, ch. 9; Cochran (1954), doi:10.2307/3001666 HS  A = P at w = 1/v,
 * (y'Py - k) / sum w, not unbiased: Hunter & Schmidt (2004), Methods of meta-analysis,
 * 2nd ed.; as in Viechtbauer (2005), doi:10.3102/10769986030003261 HSk A = (k / (k -
 * p)) P, else as HS: Brannick, Potter, Benitez & Morris (2019), Organ Res Methods
 * 22:490-514, doi:10.1177/1094428117741966 SJ  A = (t0 / (k - p)) P at w = 1/(v + t0),
 * t0 = sum (y - mean)^2 / k over all studies; always positive: Sidik & Jonkman (2005),
 * Appl Stat 54:367-384, doi:10.1111/j.1467-9876.2005.00489.x GENQ A = P at any weights,
 * c = tr P; DL2 and CA2 at 1/(v + tau2) with tau2 by DL and by HE (Cochran's analysis
 * of variance): DerSimonian & Kacker (2007), Contemp Clin Trials 28:105-114,
 * doi:10.1016/j.cct.2006.04.004
 */
#include "tau2/columns.h"
#include "tau2/estimate.h"

#include <math.h>

/* Enter raw = numerator / c, and var(tau2) by the general formula, with A = factor P at
 * the weights `by`. */
static void set_estimate(const mtp_studies *s, mtp_tau2_fit *fit, mtp_dd numerator,
                         mtp_dd c, const mtp_weighting *by)
{
    mtp_dd raw = mtp_dd_div(numerator, c), se;

    fit->result.raw = mtp_dd_to(mtp_to_unit_of_y(s, raw, 2));
    fit->result.truncated = raw.hi < 0.0;
    fit->tau2 = raw.hi > 0.0 ? raw : mtp_dd_from(0.0);
    if (s->no_errors) {
        return;
    }
    se = mtp_trace_of_square(s, by, &fit->tau2);
    se = mtp_dd_div(mtp_dd_sqrt(mtp_dd_mul_d(se, 2.0)), c);
    fit->result.se = mtp_dd_to(mtp_to_unit_of_y(s, se, 2));
}

/* (y'Py - tr(P V)) / tr P: unbiased before truncation. */
static void unbiased(const mtp_studies *s, mtp_tau2_fit *fit, const mtp_weighting *by)
{
    mtp_form form = mtp_form_at(s, by);

    set_estimate(s, fit, mtp_difference(form.Q, form.noise), form.trP, by);
}

/* The weights of a second step are those of the first estimate. */
static void two_step(const mtp_studies *s, mtp_tau2_fit *fit)
{
    mtp_weighting second = {MTP_WEIGHT_INVERSE, fit->tau2};

    unbiased(s, fit, &second);
}

/* (factor Q - k) / sum w at w = 1/v: factor 1, or k / (k - p). */
static void hunter_schmidt(const mtp_studies *s, mtp_tau2_fit *fit, mtp_dd factor)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};
    mtp_dd k = mtp_dd_from((double)s->k);
    mtp_sums at;

    mtp_sums_at(s, by.t, &at);
    set_estimate(s, fit, mtp_difference(at.Q, mtp_dd_div(k, factor)),
                 mtp_dd_div(at.w, factor), &by);
}

/* sum (y - mean)^2 over all studies, whatever their block: what is within the blocks
 * and what is between their means. */
static mtp_dd total_square(const mtp_studies *s)
{
    mtp_dd zero = {0.0, 0.0}, sum = zero, sum2 = zero, k = mtp_dd_from((double)s->k);

    if (s->columns) {
        return s->columns->total;
    }
    for (size_t b = 0; b < s->n_blocks; b++) {
        const mtp_study_block *block = &s->block[b];
        mtp_dd shift = mtp_dd_two_sum(block->centre, -s->block[0].centre), mean = zero;
        double n = (double)(block->end - block->begin);

        for (size_t i = block->begin; i < block->end; i++) {
            mean = mtp_dd_add(mean, s->point[i].d);
        }
        mean =
            mtp_dd_add(mtp_dd_div(mean, mtp_dd_from(n)), mtp_dd_ldexp(shift, -s->unit));
        sum = mtp_dd_add(sum, mtp_dd_mul_d(mean, n));
        sum2 = mtp_dd_add(sum2, mtp_dd_mul_d(mtp_dd_sqr(mean), n));
    }
    sum2 = mtp_dd_sub(sum2, mtp_dd_div(mtp_dd_sqr(sum), k));
    return mtp_dd_add(mtp_form_at(s, &(mtp_weighting){.kind = MTP_WEIGHT_EQUAL}).Q,
                      sum2);
}

/* t0 Q(t0) / (k - p) = numerator / c with c = (k - p) / t0. Equal effects: t0 = 0. */
static void sidik_jonkman(const mtp_studies *s, mtp_tau2_fit *fit)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE,
                        mtp_dd_div(total_square(s), mtp_dd_from((double)s->k))};
    mtp_sums at;

    if (by.t.hi > 0.0) {
        mtp_sums_at(s, by.t, &at);
        set_estimate(s, fit, at.Q, mtp_dd_div(mtp_dd_from(mtp_studies_df(s)), by.t),
                     &by);
    } else {
        fit->result.raw = fit->result.se = 0.0;
    }
}

/* (Q(0) - (k - p)) / tr P. */
void mtp_tau2_dersimonian_laird(const mtp_studies *s, const mtp_dd *Q,
                                mtp_tau2_fit *fit)
{
    mtp_weighting by = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};
    mtp_dd df = mtp_dd_from(mtp_studies_df(s));
    mtp_sums at;

    mtp_sums_at(s, by.t, &at);
    set_estimate(s, fit, mtp_difference(Q ? *Q : at.Q, df), at.trP, &by);
}

void mtp_tau2_moment(mtp_tau2_method method, const mtp_studies *studies,
                     mtp_tau2_fit *fit)
{
    static const mtp_weighting equal = {MTP_WEIGHT_EQUAL, {0.0, 0.0}};
    static const mtp_weighting given = {MTP_WEIGHT_GIVEN, {0.0, 0.0}};
    mtp_dd one = {1.0, 0.0}, k = mtp_dd_from((double)studies->k);
    mtp_dd small_sample = mtp_dd_div(k, mtp_dd_from(mtp_studies_df(studies)));

    fit->result.iterations = 1;
    switch (method) {
    case MTP_TAU2_HE:
        unbiased(studies, fit, &equal);
        break;
    case MTP_TAU2_HS:
        hunter_schmidt(studies, fit, one);
        break;
    case MTP_TAU2_HSK:
        hunter_schmidt(studies, fit, small_sample);
        break;
    case MTP_TAU2_SJ:
        sidik_jonkman(studies, fit);
        break;
    case MTP_TAU2_GENQ:
        unbiased(studies, fit, &given);
        break;
    case MTP_TAU2_DL2:
        mtp_tau2_dersimonian_laird(studies, NULL, fit);
        two_step(studies, fit);
        break;
    case MTP_TAU2_CA2:
        unbiased(studies, fit, &equal);
        two_step(studies, fit);
        break;
    default:
        mtp_tau2_dersimonian_laird(studies, NULL, fit);
        break;
    }
}
