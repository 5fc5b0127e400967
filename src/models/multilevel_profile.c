/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile of the likelihood over one variance, the others at their best. A limit is
 * looked for along the maxima that are known, and holds when a search of all others at
 * that point (but for many effects) finds no higher one; else it goes on from there.
 */
#include "models/multilevel_search.h"
#include "num/dist.h"

#include <math.h>

enum { MAX_STEPS = 100, BRANCHES_MAX = 1 + 2 * MTP_MODES_MAX };

typedef struct profile {
    mtp_nested_problem others; /* that variance is not free */
    size_t level;
    double range, highest, allowed;
    size_t
        n; /* the maximum of the last evaluation; those found, if there are several */
    mtp_nested_at from[BRANCHES_MAX];
} profile;

static double loglik_at(const profile *of)
{
    return mtp_nested_loglik(&of->others, &of->from[0]);
}

/* 2 (max ll - ll) less the quantile of chi-square: <= 0 inside. */
static double outside_by(profile *of, double sigma2)
{
    mtp_nested_at highest = of->from[0];
    double best = -(double)INFINITY;

    for (size_t i = 0; i < of->n; i++) {
        mtp_nested_at at = of->from[i];
        double loglik;

        at.sigma2[of->level] = sigma2;
        loglik = mtp_nested_climb(&of->others, &at);
        if (loglik > best) {
            best = loglik;
            highest = at;
        }
    }
    of->from[0] = highest;
    return 2.0 * (of->highest - best) - of->allowed;
}

/* Whether the others have a higher maximum where the last evaluation was, to climb from
 * from now on. */
static bool find_higher(profile *of)
{
    mtp_nested_at found[MTP_MODES_MAX];
    double loglik = loglik_at(of);

    if (of->others.nested->k > MTP_NESTED_MANY ||
        mtp_nested_maxima(&of->others, of->from[0].sigma2, of->range, found) == 0 ||
        !(mtp_nested_loglik(&of->others, found) >
          loglik + 1e-9 * (1.0 + fabs(loglik)))) {
        return false;
    }
    if (of->n + 2 <= BRANCHES_MAX) {
        of->from[of->n++] = of->from[0];
        of->from[of->n++] = found[0];
    }
    of->from[0] = found[0];
    return true;
}

/* The derivative: the others are at their best, so that only this variance counts. */
static double slope(const profile *of)
{
    const mtp_nested_at *at = &of->from[0];

    return at->trace[of->level] - at->squares[of->level];
}

static double between(double inside, double outside)
{
    return isinf(outside) ? 2.0 * inside : 0.5 * (inside + outside);
}

/* Where the profile leaves the set, between a point inside and one outside, which may
 * be infinite: Newton steps, or half of what is left where they leave it. */
static double limit(profile *of, double inside, double outside, double start)
{
    double t = start, last = (double)INFINITY, far = outside;

    for (int step = 0; step < MAX_STEPS && isfinite(t); step++) {
        double value = outside_by(of, t), next = t - value / slope(of), by;

        *(value <= 0.0 ? &inside : &outside) = t;
        if (!(next > fmin(inside, outside) && next < fmax(inside, outside))) {
            next = between(inside, outside);
        }
        by = fabs(next - t);
        if (by <= 1e-15 * t || (by < 1e-9 * t && by >= 0.5 * last)) {
            if (!find_higher(of)) {
                return t;
            }
            inside = t;
            outside = far;
            next = between(inside, outside);
            by = (double)INFINITY;
        }
        t = next;
        last = by;
    }
    return isinf(outside) ? outside : t;
}

/* Whether 0 is outside. */
static bool leaves_zero(profile *of)
{
    double value = outside_by(of, 0.0);

    return value > 0.0 && !(find_higher(of) && outside_by(of, 0.0) <= 0.0);
}

void mtp_nested_profile(const mtp_nested_problem *problem, size_t level,
                        const mtp_nested_at found[], size_t n_found, double se,
                        double range, double confidence, double limits[2])
{
    profile of = {.others = *problem, .level = level, .range = range, .n = 1};
    double at = found[0].sigma2[level], tail = mtp_tail_of_level(confidence);
    /* Wald limits of the logarithm, to start from. */
    double ratio = exp(fmin(mtp_normal_upper_quantile(tail) * se / at, 3.0));

    for (size_t i = 0; i < n_found && n_found > 1; i++) {
        of.from[of.n++] = found[i];
    }
    of.from[0] = found[0];
    of.highest = mtp_nested_loglik(problem, found);
    of.allowed = mtp_chisq_upper_quantile(2.0 * tail, 1.0);
    of.others.free[level] = false;
    limits[0] = 0.0;
    if (at > 0.0 && leaves_zero(&of)) {
        of.from[0] = found[0];
        limits[0] = limit(&of, at, 0.0, at / ratio);
    }
    of.from[0] = found[0];
    limits[1] = limit(&of, at, (double)INFINITY,
                      (at > 0.0 ? at : problem->nested->v[0]) * ratio);
}
