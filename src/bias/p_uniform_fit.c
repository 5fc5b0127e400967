/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All effects given their sides, l is concave in mu at any t = tau2 (a truncated normal
 * is an exponential family in mu / s^2), so that the profile over t has one value each,
 * found by a climb from anywhere. A mu belongs to the interval where l(mu, t) >= cut
 * for some t; at each t in the set of tau2 such mu lie between two ends, and the ends
 * of all are the extremes over t.
 */
#include "bias/p_uniform_fit.h"

#include "core/error.h"
#include "num/dist.h"
#include "num/largest.h"

#include <float.h>
#include <math.h>

enum { POINTS_PER_DECADE = 16, END_STEPS = 60 };

/* The profile is scanned up to this many squares of the spread: beyond, it falls, or
 * all that is left of the normal densities is their exponential limit. */
static const double FAR = 1e4;

static const double INF = (double)INFINITY;

/* A place on the profile. */
typedef struct place {
    double t, mu, loglik;
} place;

/* The best mu at t, sought from where the last one was. */
static place profile(const mtp_p_uniform_fit *fit, double t)
{
    mtp_climb *climb = fit->along;
    double start[] = {climb->best[0], t};

    fit->bounds[1] = fit->bounds[3] = t;
    climb->best_loglik = -INF;
    climb->n_found = 0;
    mtp_climb_from(climb, start);
    return (place){t, climb->best[0], climb->best_loglik};
}

static double above_cut(const void *context, double t)
{
    const mtp_p_uniform_fit *fit = context;

    return profile(fit, t).loglik - fit->cut;
}

/* The farthest mu, in the direction of the sign, with l(mu, t) = cut: Newton's method
 * on a concave function, which comes from outside after one step. */
static double end_at(const void *context, double t)
{
    const mtp_p_uniform_fit *fit = context;
    mtp_climb *climb = fit->along;
    place top = profile(fit, t);
    double at[] = {top.mu, t}, left = top.loglik - fit->cut;

    if (!(left > 0.0)) {
        return fit->sign * top.mu;
    }
    mtp_p_uniform_evaluate(fit->studies, at, &climb->at);
    at[0] += fit->sign * sqrt(-2.0 * left / climb->at.hessian[0]);
    for (int i = 0; i < END_STEPS; i++) {
        double step;

        mtp_p_uniform_evaluate(fit->studies, at, &climb->at);
        step = (fit->cut - climb->at.loglik) / climb->at.gradient[0];
        at[0] += step;
        if (fabs(step) <= 4.0 * DBL_EPSILON * (fabs(at[0]) + sqrt(fit->v_min))) {
            break;
        }
    }
    return fit->sign * at[0];
}

static double null_at(const void *context, double t)
{
    const mtp_p_uniform_fit *fit = context;
    double at[] = {0.0, t};

    mtp_p_uniform_evaluate(fit->studies, at, &fit->along->at);
    return fit->along->at.loglik;
}

/* Climb from every maximum of the scan. With a limit, its far end is none: there the
 * profile rises to the limit. */
static void climb_all(mtp_p_uniform_fit *fit, size_t n, const place scan[])
{
    mtp_climb *s = fit->joint;
    size_t last = isfinite(fit->limit) ? n - 1 : n;

    for (size_t i = 0; i < last; i++) {
        if ((i == 0 || scan[i].loglik >= scan[i - 1].loglik) &&
            (i + 1 == n || scan[i].loglik >= scan[i + 1].loglik)) {
            mtp_climb_from(s, (const double[]){scan[i].mu, scan[i].t});
        }
    }
    fit->finite = isfinite(s->best_loglik) && s->best_loglik >= fit->limit &&
                  (last == n || s->best[1] < scan[last].t);
    fit->highest = fit->finite ? s->best_loglik : fit->limit;
    fit->n_modes = s->n_found;
    fit->mu = fit->finite ? s->best[0] : (double)NAN;
    fit->tau2 = fit->finite ? s->best[1] : (double)NAN;
}

/* A walk up the profile: where it is, and whether that is in the set. */
typedef struct walk {
    double t, left;
} walk;

static void enter(mtp_p_uniform_fit *fit, double t)
{
    if (fit->n_segments < MTP_MODES_MAX) {
        fit->segments[fit->n_segments++][0] = t;
    }
}

static void walk_to(mtp_p_uniform_fit *fit, walk *at, double t, double left)
{
    if ((at->left >= 0.0) != (left >= 0.0)) {
        double end = mtp_root(above_cut, fit, at->t, at->left, t, left);

        if (left >= 0.0) {
            enter(fit, end);
        } else {
            fit->segments[fit->n_segments - 1][1] = end;
        }
    }
    *at = (walk){t, left};
}

/* The set of tau2, through the points of the scan and the maximum. */
static void find_set(mtp_p_uniform_fit *fit, size_t n, const place scan[])
{
    walk at = {0.0, scan[0].loglik - fit->cut};

    if (at.left >= 0.0) {
        enter(fit, 0.0);
    }
    if (fit->common) {
        fit->segments[0][1] = 0.0;
        return;
    }
    for (size_t i = 1; i < n; i++) {
        if (fit->tau2 > scan[i - 1].t && fit->tau2 < scan[i].t) {
            walk_to(fit, &at, fit->tau2, fit->highest - fit->cut);
        }
        walk_to(fit, &at, scan[i].t, scan[i].loglik - fit->cut);
    }
    if (fit->limit >= fit->cut) {
        if (at.left < 0.0) {
            enter(fit, at.t);
        }
        fit->segments[fit->n_segments - 1][1] = INF;
        return;
    }
    while (at.left >= 0.0) {
        double t = 2.0 * at.t;

        walk_to(fit, &at, t, above_cut(fit, t));
    }
}

/* Both ends of mu over all segments; beyond the scan, t has left them behind. */
static void find_ends(mtp_p_uniform_fit *fit, double far)
{
    for (int end = 0; end < 2; end++) {
        double best = -INF;

        fit->sign = end == 0 ? -1.0 : 1.0;
        for (size_t i = 0; i < fit->n_segments; i++) {
            double to = fmin(fit->segments[i][1], fmax(far, fit->segments[i][0]));

            best = fmax(best,
                        mtp_largest(end_at, fit, fit->segments[i][0], to, fit->v_min));
        }
        fit->ends[end] = fit->sign * best;
        if (fit->limit >= fit->cut && fit->sign == -fit->one_side) {
            fit->ends[end] = fit->sign * INF;
        }
    }
}

static mtp_status make_climbs(mtp_p_uniform_fit *fit, mtp_error *err)
{
    mtp_climb_function function = {2, 1, fit->studies, mtp_p_uniform_evaluate};
    double *free_bounds = MTP_ARENA_ARRAY(fit->arena, 4, double);

    fit->bounds = MTP_ARENA_ARRAY(fit->arena, 4, double);
    fit->along = MTP_ARENA_ARRAY(fit->arena, 2, mtp_climb);
    if (!free_bounds || !fit->bounds || !fit->along) {
        return mtp_fail_nomem(err);
    }
    fit->joint = fit->along + 1;
    fit->bounds[0] = free_bounds[0] = -INF;
    fit->bounds[2] = free_bounds[2] = INF;
    free_bounds[1] = 0.0;
    free_bounds[3] = fit->common ? 0.0 : INF;
    if (!mtp_climb_make(&function, fit->bounds, fit->bounds + 2, fit->arena,
                        fit->along) ||
        !mtp_climb_make(&function, free_bounds, free_bounds + 2, fit->arena,
                        fit->joint)) {
        return mtp_fail_nomem(err);
    }
    fit->along->best[0] = fit->mean;
    return MTP_OK;
}

mtp_status mtp_p_uniform_maximize(mtp_p_uniform_fit *fit, mtp_error *err)
{
    double far = fit->common ? 0.0 : FAR * fit->spread * fit->spread;
    double decades = log10((far + fit->v_min) / fit->v_min);
    double reach = fit->common ? 0.0 : 1.5 * fit->reach * fit->reach;
    size_t n = 1 + (size_t)ceil(POINTS_PER_DECADE * decades);
    place *scan = MTP_ARENA_ARRAY(fit->arena, n, place);
    mtp_status status = scan ? make_climbs(fit, err) : mtp_fail_nomem(err);

    if (status != MTP_OK) {
        return status;
    }
    for (size_t i = 0; i < n; i++) {
        double part = n > 1 ? (double)i / (double)(n - 1) : 0.0;

        scan[i] = profile(fit, fit->v_min * expm1(part * log1p(far / fit->v_min)));
    }
    climb_all(fit, n, scan);
    if (!isfinite(fit->highest)) {
        return mtp_fail(err, MTP_E_NOCONV,
                        "the likelihood of p-uniform* has no finite maximum that the "
                        "search could find");
    }
    fit->cut = fit->highest -
               0.5 * mtp_chisq_upper_quantile(2.0 * mtp_tail_of_level(fit->level), 1.0);
    fit->zero = scan[0].loglik;
    fit->null = mtp_largest(null_at, fit, 0.0, reach, fit->v_min);
    find_set(fit, n, scan);
    find_ends(fit, far);
    return MTP_OK;
}
