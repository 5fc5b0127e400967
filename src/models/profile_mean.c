/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For a fixed t = tau2 the likelihood is quadratic in the mean, with S = sum w and m
 * the weighted mean of the block at t:
 *   ll(mu, t) = ll(t) - S (mu - m)^2 / 2,    ll(t) the profile of tau2.
 * A mu belongs to the interval where ll(mu, t) >= cut = max ll - quantile / 2 for some
 * t, that is
 *   |mu - m(t)| <= h(t) = sqrt(2 (ll(t) - cut) / S(t)),    ll(t) >= cut.
 * The t with ll(t) >= cut are the profile interval of tau2, a union of segments; over
 * one of them the intervals m -+ h move without a jump, so that their union is one
 * segment too, from the least m - h to the largest m + h. Each is the extreme of a
 * function of one variable.
 */
#include "models/profile_mean.h"

#include "num/dist.h"
#include "num/largest.h"
#include "tau2/estimate.h"

#include <math.h>
#include <stdlib.h>

typedef struct profile {
    const mtp_studies *all;
    mtp_studies one; /* the block alone */
    mtp_dd highest;  /* max ll */
    mtp_dd cut;
    mtp_dd null; /* from the block's centre, in the studies' unit */
    double sign; /* of the end of the interval: 1 upper, -1 lower */
} profile;

static mtp_dd likelihood_at(const profile *of, mtp_dd t, mtp_sums *block)
{
    mtp_sums s;

    mtp_sums_at(&of->one, t, block);
    mtp_sums_at(of->all, t, &s);
    return mtp_log_likelihood(of->all, false, t, &s);
}

/* sign m(t) + h(t) */
static double end_at(const void *context, double t)
{
    const profile *of = context;
    mtp_sums block;
    mtp_dd above = mtp_dd_sub(likelihood_at(of, mtp_dd_from(t), &block), of->cut);
    mtp_dd h = mtp_dd_sqrt(mtp_dd_div(mtp_dd_mul_d(above, 2.0), block.w));

    return mtp_dd_to(mtp_dd_add(mtp_dd_mul_d(block.mean, of->sign), h));
}

/* ll(null, t) - max ll */
static double null_at(const void *context, double t)
{
    const profile *of = context;
    mtp_sums block;
    mtp_dd ll = likelihood_at(of, mtp_dd_from(t), &block);
    mtp_dd away = mtp_dd_sqr(mtp_dd_sub(of->null, block.mean));

    ll = mtp_dd_sub(ll, mtp_dd_mul_d(mtp_dd_mul(block.w, away), 0.5));
    return mtp_dd_to(mtp_dd_sub(ll, of->highest));
}

static int by_lower_end(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return a[0] < b[0] ? -1 : a[0] > b[0];
}

/* Sort segments and join those that overlap; returns how many are left. */
static size_t join(size_t n, double segment[][2])
{
    size_t last = 0;

    qsort(segment, n, sizeof *segment, by_lower_end);
    for (size_t i = 1; i < n; i++) {
        if (segment[i][0] <= segment[last][1]) {
            segment[last][1] = fmax(segment[last][1], segment[i][1]);
        } else {
            last++;
            segment[last][0] = segment[i][0];
            segment[last][1] = segment[i][1];
        }
    }
    return last + 1;
}

/* From the block's centre and the studies' unit. */
static double in_unit_of_y(const profile *of, double x)
{
    return mtp_dd_to(mtp_dd_add(mtp_dd_from(of->one.block->centre),
                                mtp_to_unit_of_y(of->all, mtp_dd_from(x), 1)));
}

static void find_segments(profile *of, double level, mtp_interval *interval)
{
    mtp_tau2_set set = {.status = MTP_SET_UNDEFINED};

    mtp_likelihood_set(of->all, false, level, &set);
    for (size_t i = 0; i < set.n_segments; i++) {
        double from = mtp_dd_to(set.segment[i][0]), to = mtp_dd_to(set.segment[i][1]);

        for (int end = 0; end < 2; end++) {
            of->sign = end == 0 ? -1.0 : 1.0;
            interval->segments[i][end] = in_unit_of_y(
                of, of->sign * mtp_largest(end_at, of, from, to, of->all->v_min));
        }
    }
    interval->n_segments = join(set.n_segments, interval->segments);
    interval->lower = interval->segments[0][0];
    interval->upper = interval->segments[interval->n_segments - 1][1];
}

/* Beyond the square of the largest distance from the null no t raises ll(null, t). */
static void test(const profile *of, mtp_interval *interval)
{
    double reach = of->all->range + fabs(of->null.hi);
    double lower = mtp_largest(null_at, of, 0.0, reach * reach, of->all->v_min);
    double root = sqrt(fmax(0.0, -2.0 * lower));
    mtp_tail tail = mtp_normal_two_sided(root);
    double side = interval->estimate - in_unit_of_y(of, mtp_dd_to(of->null));

    interval->statistic = copysign(root, side);
    interval->p = tail.p;
    interval->log_p = tail.log_p;
}

/* The highest of the maxima of ll, and the block's mean there. */
static void find_maximum(profile *of, mtp_interval *interval)
{
    mtp_extremum found[MTP_EXTREMA_MAX];
    size_t evaluations = 0, best = 0;
    size_t n = mtp_likelihood_extrema(of->all, false, false, found, &evaluations);
    mtp_sums block;

    for (size_t i = 1; i < n; i++) {
        best = mtp_dd_less(found[best].loglik, found[i].loglik) ? i : best;
    }
    of->highest = found[best].loglik;
    mtp_sums_at(&of->one, found[best].t, &block);
    interval->estimate = mtp_dd_to(mtp_dd_add(
        mtp_dd_from(of->one.block->centre), mtp_to_unit_of_y(of->all, block.mean, 1)));
}

void mtp_profile_mean(const mtp_studies *all, size_t block, double level, double null,
                      mtp_interval *interval)
{
    profile of = {.all = all, .one = *all};
    double allowed = mtp_chisq_upper_quantile(2.0 * mtp_tail_of_level(level), 1.0);

    of.one.n_blocks = 1;
    of.one.block = &all->block[block];
    of.one.k = of.one.block->end - of.one.block->begin;
    *interval = (mtp_interval){.method = MTP_CI_PL,
                               .se = (double)NAN,
                               .df = (double)NAN,
                               .statistic = (double)NAN,
                               .p = (double)NAN,
                               .log_p = (double)NAN};
    find_maximum(&of, interval);
    of.cut = mtp_dd_sub(of.highest, mtp_dd_from(0.5 * allowed));
    find_segments(&of, level, interval);
    if (!isnan(null)) {
        of.null = mtp_dd_two_sum(null, -of.one.block->centre);
        of.null = mtp_dd_ldexp(of.null, -all->unit);
        test(&of, interval);
    }
}
