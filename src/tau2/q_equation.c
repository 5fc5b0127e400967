/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Equations in the generalized Q(t) = y'Py at weights 1 / (v + t): Paule-Mandel (Q
 * equal to its degrees of freedom) and the Q-profile interval (Q equal to quantiles).
 *
 * Q falls from Q(0) to 0. 1/Q rises and is concave: its second derivative has the sign
 * of (y'PPy)^2 - y'Py y'PPPy, which is <= 0 by Cauchy-Schwarz. Newton steps on
 * 1/Q - 1/target, t += Q (Q / target - 1) / y'PPy, therefore rise to the root from
 * t = 0 without passing it, in two or three steps when the variances are alike.
 */
#include "num/dist.h"
#include "tau2/columns.h"
#include "tau2/estimate.h"

#include <math.h>

enum { MAX_STEPS = 500, MAX_EXACT_STEPS = 20 };

/* Q and y'PPy in doubles; the same sums as mtp_sums_at. */
static void q_in_doubles(const mtp_studies *studies, double t, double *Q, double *wr2)
{
    *Q = *wr2 = 0.0;
    if (studies->columns) {
        double many[MTP_LANES] = {t, t, t, t}, sums[2][MTP_LANES];

        mtp_columns_q_lanes(studies, many, sums[0], sums[1]);
        *Q = sums[0][0];
        *wr2 = sums[1][0];
        return;
    }
    for (size_t b = 0; b < studies->n_blocks; b++) {
        const mtp_study_block *block = &studies->block[b];
        const mtp_study_point *p = studies->point;
        double w = 1.0 / (p[block->begin].v + t), m;
        double sum_w = w, wd = 0.0, wd2 = 0.0, w2 = w * w, w2d = 0.0, w2d2 = 0.0;

        for (size_t i = block->begin + 1; i < block->end; i++) {
            double u;

            w = 1.0 / (p[i].v + t);
            u = w * p[i].d.hi;
            sum_w += w;
            wd += u;
            wd2 += u * p[i].d.hi;
            w2 += w * w;
            w2d += w * u;
            w2d2 += u * u;
        }
        m = wd / sum_w;
        *Q += wd2 - m * wd;
        *wr2 += w2d2 - m * (2.0 * w2d - m * w2);
    }
}

/* The root to about 1e-7, or what rounding leaves of it. */
static double root_in_doubles(const mtp_studies *studies, double target,
                              size_t *evaluations)
{
    double t = 0.0;

    for (int step = 0; step < MAX_STEPS; step++) {
        double Q, wr2, move;

        q_in_doubles(studies, t, &Q, &wr2);
        (*evaluations)++;
        move = Q * (Q / target - 1.0) / wr2;
        if (!(move > 0.0)) {
            break;
        }
        t += move;
        if (move <= 1e-7 * t) {
            break;
        }
    }
    return t;
}

mtp_dd mtp_q_root(const mtp_studies *studies, double target, size_t *evaluations)
{
    mtp_dd goal = mtp_dd_from(target), zero = {0.0, 0.0};
    mtp_dd t = mtp_dd_from(root_in_doubles(studies, target, evaluations));

    for (int step = 0; step < MAX_EXACT_STEPS; step++) {
        mtp_sums s;
        mtp_dd move;

        mtp_sums_at(studies, t, &s);
        (*evaluations)++;
        /* Q (Q - target) / (target y'PPy) */
        move = mtp_dd_mul(s.Q, mtp_difference(s.Q, goal));
        move = mtp_dd_div(move, mtp_dd_mul(goal, s.wr2));
        t = mtp_dd_add(t, move);
        t = t.hi > 0.0 ? t : zero;
        if (fabs(move.hi) <= 0x1p-40 * t.hi) {
            break; /* the next step would be its square */
        }
    }
    return t;
}

mtp_set_status mtp_q_profile(const mtp_studies *studies, double level, mtp_dd *lower,
                             mtp_dd *upper)
{
    mtp_dd zero = {0.0, 0.0};
    double tail = mtp_tail_of_level(level), df = mtp_studies_df(studies);
    double low, high, at_zero;
    size_t evaluations = 0;
    mtp_sums s;

    *lower = *upper = mtp_dd_from((double)NAN);
    if (!(df > 0.0)) {
        return MTP_SET_UNDEFINED;
    }
    mtp_sums_at(studies, zero, &s);
    at_zero = mtp_dd_to(s.Q);
    low = mtp_chisq_lower_quantile(tail, df);
    high = mtp_chisq_upper_quantile(tail, df);
    if (at_zero < low) {
        return MTP_SET_EMPTY;
    }
    *lower = at_zero > high ? mtp_q_root(studies, high, &evaluations) : zero;
    *upper = at_zero > low ? mtp_q_root(studies, low, &evaluations) : zero;
    return MTP_SET_OK;
}
