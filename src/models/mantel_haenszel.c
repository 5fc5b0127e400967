/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mantel_haenszel.h"

#include "effects/kernel.h"
#include "tau2/sums.h"

/* What a stratum adds to the sums: to the two sides of a ratio or difference, to the
 * weights, and to the parts of the variance. */
typedef struct term {
    mtp_dd r, s, weight;
    mtp_dd v[3];
} term;

static mtp_dd product(double x, double y, mtp_dd by)
{
    return mtp_dd_mul_d(mtp_dd_div(mtp_dd_from(y), by), x);
}

static term odds_ratio(const mtp_stratum *t)
{
    mtp_dd r = product(t->x1, t->m2, t->N), s = product(t->m1, t->x2, t->N);
    mtp_dd p = mtp_dd_div(mtp_dd_two_sum(t->x1, t->m2), t->N);
    mtp_dd q = mtp_dd_div(mtp_dd_two_sum(t->m1, t->x2), t->N);

    return (term){r,
                  s,
                  s,
                  {mtp_dd_mul(p, r), mtp_dd_add(mtp_dd_mul(p, s), mtp_dd_mul(q, r)),
                   mtp_dd_mul(q, s)}};
}

static term risk_ratio(const mtp_stratum *t)
{
    mtp_dd r = mtp_dd_mul_d(t->p2, t->x1), s = mtp_dd_mul_d(t->p1, t->x2);
    mtp_dd ad = product(t->x1, t->m2, t->N), bc = product(t->m1, t->x2, t->N);

    return (term){r, s, s, {mtp_dd_add(mtp_dd_mul(ad, t->p1), mtp_dd_mul(bc, t->p2))}};
}

static term risk_difference(const mtp_stratum *t)
{
    mtp_dd r = product(t->x1, t->m2, t->N), s = product(t->m1, t->x2, t->N);
    mtp_dd slope = mtp_dd_sub(mtp_dd_mul_d(mtp_dd_sqr(t->p1), t->x2),
                              mtp_dd_mul_d(mtp_dd_sqr(t->p2), t->x1));
    mtp_dd excess = mtp_dd_mul(mtp_dd_mul(t->p1, t->p2), mtp_dd_sub(t->n2, t->n1));

    slope = mtp_dd_add(slope, mtp_dd_mul_d(excess, 0.5));
    return (term){
        r, s, mtp_dd_mul(t->n1, t->p2), {slope, mtp_dd_mul_d(mtp_dd_add(r, s), 0.5)}};
}

static term rate_ratio(const mtp_stratum *t)
{
    mtp_dd r = mtp_dd_mul_d(t->p2, t->x1), s = mtp_dd_mul_d(t->p1, t->x2);
    mtp_dd events = mtp_dd_two_sum(t->x1, t->x2);

    return (term){r, s, s, {mtp_dd_mul(mtp_dd_mul(events, t->p1), t->p2)}};
}

static term rate_difference(const mtp_stratum *t)
{
    mtp_dd r = mtp_dd_mul_d(t->p2, t->x1), s = mtp_dd_mul_d(t->p1, t->x2);

    return (term){r,
                  s,
                  mtp_dd_mul(t->n1, t->p2),
                  {mtp_dd_add(mtp_dd_mul(r, t->p2), mtp_dd_mul(s, t->p1))}};
}

static term term_of(const mtp_study_set *set, size_t i)
{
    mtp_stratum t = mtp_stratum_of(set, i);

    switch (set->measure->measure) {
    case MTP_RR:
        return risk_ratio(&t);
    case MTP_RD:
        return risk_difference(&t);
    case MTP_IRR:
        return rate_ratio(&t);
    case MTP_IRD:
        return rate_difference(&t);
    default: /* OR */
        return odds_ratio(&t);
    }
}

mtp_dd mtp_mantel_haenszel_weight(const mtp_study_set *set, size_t i)
{
    return term_of(set, i).weight;
}

static term sum_of_terms(const mtp_study_set *set)
{
    term sum = {0};

    for (size_t i = 0; i < set->k; i++) {
        term t = term_of(set, i);

        sum.r = mtp_dd_add(sum.r, t.r);
        sum.s = mtp_dd_add(sum.s, t.s);
        sum.weight = mtp_dd_add(sum.weight, t.weight);
        for (int j = 0; j < 3; j++) {
            sum.v[j] = mtp_dd_add(sum.v[j], t.v[j]);
        }
    }
    return sum;
}

/* x / a / b: the product of the divisors could overflow. */
static mtp_dd over(mtp_dd x, mtp_dd a, mtp_dd b)
{
    return mtp_dd_div(mtp_dd_div(x, a), b);
}

static mtp_dd ratio_variance(mtp_measure measure, const term *sum)
{
    mtp_dd v = over(sum->v[0], sum->r, sum->s);

    if (measure == MTP_OR) {
        v = mtp_dd_add(over(sum->v[0], sum->r, sum->r),
                       over(sum->v[1], sum->r, sum->s));
        v = mtp_dd_mul_d(mtp_dd_add(v, over(sum->v[2], sum->s, sum->s)), 0.5);
    }
    return v;
}

static mtp_dd difference_variance(mtp_measure measure, const term *sum, mtp_dd mu)
{
    mtp_dd v = sum->v[0];

    if (measure == MTP_RD) {
        v = mtp_difference(sum->v[1], mtp_dd_neg(mtp_dd_mul(mu, v)));
    }
    return over(v, sum->weight, sum->weight);
}

mtp_center mtp_mantel_haenszel(const mtp_study_set *set)
{
    mtp_measure measure = set->measure->measure;
    term sum = sum_of_terms(set);
    mtp_dd excess = mtp_dd_sub(sum.r, sum.s);
    mtp_center center = {"mh", {(double)NAN, 0.0}, {(double)NAN, 0.0}};

    if (!set->measure->ratio) {
        center.mu = mtp_dd_div(excess, sum.weight);
        center.se = mtp_dd_sqrt(difference_variance(measure, &sum, center.mu));
    } else if (sum.r.hi > 0.0 && sum.s.hi > 0.0) {
        double ratio = mtp_dd_to(mtp_dd_div(sum.r, sum.s));

        center.mu =
            mtp_dd_from(mtp_log_by_excess(ratio, mtp_dd_to(mtp_dd_div(excess, sum.s))));
        center.se = mtp_dd_sqrt(ratio_variance(measure, &sum));
    }
    return center;
}
