/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/multilevel_search.h"
#include "num/dist.h"

#include <math.h>

enum { MAX_STEPS = 100 };

/* A walk along the profile of one variance, from one fit of the others to the next. */
typedef struct profile {
    mtp_nested_problem others; /* that variance is not free */
    size_t level;
    const mtp_nested_at *found;
    size_t n_found;
    double highest, allowed;
    mtp_nested_at last;
} profile;

/* 2 (max ll - ll) less the quantile of chi-square: <= 0 inside. */
static double outside_by(profile *of, double sigma2)
{
    double best = -(double)INFINITY;
    mtp_nested_at from = of->last;

    for (size_t i = 0; i < of->n_found; i++) {
        mtp_nested_at at = i == 0 ? from : of->found[i];
        double loglik;

        at.sigma2[of->level] = sigma2;
        loglik = mtp_nested_climb(&of->others, &at);
        if (loglik > best) {
            best = loglik;
            of->last = at;
        }
    }
    return 2.0 * (of->highest - best) - of->allowed;
}

/* Its derivative there: the others are at their best, so that only this one counts. */
static double slope(const profile *of)
{
    return of->last.trace[of->level] - of->last.squares[of->level];
}

static double between(double inside, double outside)
{
    return isinf(outside) ? 2.0 * inside : 0.5 * (inside + outside);
}

/* Where the profile leaves the set, between a point inside and one outside, which may
 * be infinite: Newton steps, or half of what is left where they leave it. */
static double limit(profile *of, double inside, double outside, double start)
{
    double t = start, last = (double)INFINITY;

    for (int step = 0; step < MAX_STEPS && isfinite(t); step++) {
        double value = outside_by(of, t), next = t - value / slope(of), by;

        *(value <= 0.0 ? &inside : &outside) = t;
        if (!(next > fmin(inside, outside) && next < fmax(inside, outside))) {
            next = between(inside, outside);
        }
        by = fabs(next - t);
        if (by <= 1e-15 * t || (by < 1e-9 * t && by >= 0.5 * last)) {
            return t;
        }
        t = next;
        last = by;
    }
    return isinf(outside) ? outside : t;
}

void mtp_nested_profile(const mtp_nested_problem *problem, size_t level,
                        const mtp_nested_at found[], size_t n_found, double se,
                        double confidence, double limits[2])
{
    profile of = {.others = *problem,
                  .level = level,
                  .found = found,
                  .n_found = n_found,
                  .last = found[0]};
    double at = found[0].sigma2[level], tail = mtp_tail_of_level(confidence);
    /* Wald limits of the logarithm, to start from. */
    double ratio = exp(fmin(mtp_normal_upper_quantile(tail) * se / at, 3.0));

    of.highest = mtp_nested_loglik(problem, found);
    of.allowed = mtp_chisq_upper_quantile(2.0 * tail, 1.0);
    of.others.free[level] = false;
    limits[0] = 0.0;
    if (at > 0.0 && outside_by(&of, 0.0) > 0.0) {
        of.last = found[0];
        limits[0] = limit(&of, at, 0.0, at / ratio);
    }
    of.last = found[0];
    at = at > 0.0 ? at : problem->nested->v[0];
    limits[1] = limit(&of, found[0].sigma2[level], (double)INFINITY, at * ratio);
}
