/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damped Newton steps between bounds: those parameters move that are inside, or that
 * the gradient leads inside; a step that leaves the bounds ends at them. */
#include "bias/climb.h"

#include "num/cholesky.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { STEPS_MAX = 200, HELD_STEPS = 8, DAMPING_MAX = 60 };

/* A gain of the log-likelihood that rounding hides. */
static const double HIDDEN = 1e-9;
/* The gain that a Newton step still expects at what counts as a maximum. */
static const double ENDED = 1e-14;
/* Log-likelihoods closer than this are of one maximum. */
static const double SAME = 1e-7;
/* The gain below which the log-likelihood of the maximum ahead is known to far less
 * than that. */
static const double NEAR = 1e-6;

static bool make_point(size_t n, mtp_arena *arena, mtp_climb_point *point)
{
    point->loglik = -(double)INFINITY;
    point->gradient = mtp_arena_zalloc(arena, n, sizeof(double));
    point->hessian = mtp_arena_zalloc(arena, n, n * sizeof(double));
    return point->gradient && point->hessian;
}

void mtp_climb_reset(mtp_climb *climb)
{
    climb->best_loglik = climb->endless_loglik = -(double)INFINITY;
    climb->n_found = 0;
    climb->evaluations = 0;
}

bool mtp_climb_make(const mtp_climb_function *function, const double lower[],
                    const double upper[], mtp_arena *arena, mtp_climb *climb)
{
    size_t n = function->n;

    *climb = (mtp_climb){
        .function = *function, .lower = lower, .upper = upper, .arena = arena};
    mtp_climb_reset(climb);
    climb->theta = MTP_ARENA_ARRAY(arena, n, double);
    climb->trial = MTP_ARENA_ARRAY(arena, n, double);
    climb->step = MTP_ARENA_ARRAY(arena, n, double);
    climb->scale = MTP_ARENA_ARRAY(arena, n, double);
    climb->best = MTP_ARENA_ARRAY(arena, n, double);
    climb->factor = mtp_arena_alloc(arena, n, n * sizeof(double));
    climb->moving = MTP_ARENA_ARRAY(arena, n, size_t);
    return climb->theta && climb->trial && climb->step && climb->scale && climb->best &&
           climb->factor && climb->moving && make_point(n, arena, &climb->at) &&
           make_point(n, arena, &climb->next);
}

static void evaluate(mtp_climb *s, const double at[], mtp_climb_point *point)
{
    s->evaluations++;
    s->function.evaluate(s->function.of, at, point);
}

/* Parameters that are fast, or at a bound beyond which the likelihood rises, do not
 * move. */
static bool moves(const mtp_climb *climb, const double theta[], const double gradient[],
                  size_t j)
{
    return !(climb->held && j >= climb->function.n_first) &&
           climb->lower[j] < climb->upper[j] &&
           !(theta[j] <= climb->lower[j] && gradient[j] <= 0.0) &&
           !(theta[j] >= climb->upper[j] && gradient[j] >= 0.0);
}

static size_t find_moving(mtp_climb *s)
{
    size_t count = 0;

    for (size_t j = 0; j < s->function.n; j++) {
        if (moves(s, s->theta, s->at.gradient, j)) {
            s->moving[count++] = j;
        }
    }
    return count;
}

/* The length of the gradient in parameters that move. */
static double length(const mtp_climb *s, const double theta[],
                     const mtp_climb_point *at)
{
    double sum = 0.0;

    for (size_t j = 0; j < s->function.n; j++) {
        if (moves(s, theta, at->gradient, j)) {
            sum += at->gradient[j] * at->gradient[j];
        }
    }
    return sqrt(sum);
}

/* (-H + damping diag |H|)^-1 g of the parameters that move; `gain` is what the
 * quadratic expects. */
static bool find_step(mtp_climb *s, size_t count, double damping, double *gain)
{
    size_t n = s->function.n;

    for (size_t a = 0; a < count; a++) {
        const double *row = s->at.hessian + s->moving[a] * n;

        for (size_t b = 0; b < count; b++) {
            s->factor[a * count + b] = -row[s->moving[b]];
        }
        s->factor[a * count + a] += damping * (fabs(row[s->moving[a]]) + 1e-8);
        s->scale[a] = s->at.gradient[s->moving[a]];
    }
    if (count == 0 || !mtp_cholesky(count, s->factor)) {
        return false;
    }
    mtp_cholesky_solve(count, s->factor, s->scale);
    memset(s->step, 0, n * sizeof *s->step);
    *gain = 0.0;
    for (size_t a = 0; a < count; a++) {
        s->step[s->moving[a]] = s->scale[a];
        *gain += 0.5 * s->scale[a] * s->at.gradient[s->moving[a]];
    }
    return true;
}

static void try_step(mtp_climb *s)
{
    for (size_t j = 0; j < s->function.n; j++) {
        s->trial[j] = fmin(fmax(s->theta[j] + s->step[j], s->lower[j]), s->upper[j]);
    }
    evaluate(s, s->trial, &s->next);
}

/* One accepted step; false where none is to be had. Close to the maximum, where
 * rounding hides the gain, a step counts by its gradient. */
static bool take_step(mtp_climb *s, double *damping)
{
    size_t count = find_moving(s);

    for (int tries = 0; count > 0 && tries < DAMPING_MAX; tries++) {
        double gain;

        if (find_step(s, count, *damping, &gain)) {
            bool better;

            try_step(s);
            better = s->next.loglik > s->at.loglik;
            if (gain < HIDDEN) {
                better = s->next.loglik > s->at.loglik - HIDDEN &&
                         length(s, s->trial, &s->next) < length(s, s->theta, &s->at);
                if (!better && (*damping == 0.0 || gain < ENDED)) {
                    return false;
                }
            }
            if (better) {
                *damping = *damping > 1e-6 ? *damping / 8.0 : 0.0;
                return true;
            }
        }
        *damping = fmax(1e-3, 4.0 * *damping);
    }
    return false;
}

/* Whether the climb stands at a local maximum. */
static bool has_ended(mtp_climb *s)
{
    size_t count = find_moving(s);
    double gain;

    return count == 0 || (find_step(s, count, 0.0, &gain) && gain < ENDED);
}

static bool is_known(const mtp_climb *s, double loglik)
{
    for (size_t i = 0; i < s->n_found; i++) {
        if (fabs(s->found[i] - loglik) < SAME) {
            return true;
        }
    }
    return false;
}

/* Whether the climb is about to end where an earlier one has ended. */
static bool nears_known(mtp_climb *s)
{
    double gain;

    return !s->held && isfinite(s->best_loglik) &&
           find_step(s, find_moving(s), 0.0, &gain) && gain < NEAR &&
           is_known(s, s->at.loglik + gain);
}

static void enter(mtp_climb *s)
{
    double loglik = s->at.loglik;

    if (!is_known(s, loglik) && s->n_found < sizeof s->found / sizeof s->found[0]) {
        s->found[s->n_found++] = loglik;
    }
    if (loglik > s->best_loglik) {
        s->best_loglik = loglik;
        memcpy(s->best, s->theta, s->function.n * sizeof *s->best);
    }
}

static void take_steps(mtp_climb *s, int steps_max)
{
    double damping = 0.0;

    for (int steps = 0; steps < steps_max; steps++) {
        mtp_climb_point swap;

        if (nears_known(s) || !take_step(s, &damping)) {
            return;
        }
        swap = s->at;
        s->at = s->next;
        s->next = swap;
        memcpy(s->theta, s->trial, s->function.n * sizeof *s->theta);
    }
}

void mtp_climb_from(mtp_climb *climb, const double start[])
{
    mtp_climb *s = climb;

    memcpy(s->theta, start, s->function.n * sizeof *s->theta);
    evaluate(s, s->theta, &s->at);
    if (!isfinite(s->at.loglik)) {
        return;
    }
    s->held = true;
    take_steps(s, HELD_STEPS);
    s->held = false;
    take_steps(s, STEPS_MAX);
    if (nears_known(s)) {
        return;
    }
    if (has_ended(s) || (s->bounded && s->at.loglik > s->best_loglik)) {
        enter(s);
    } else {
        s->endless_loglik = fmax(s->endless_loglik, s->at.loglik);
    }
}

void mtp_climb_again(mtp_climb *climb)
{
    for (size_t i = 0; i < climb->n_found; i++) {
        if (fabs(climb->found[i] - climb->best_loglik) < SAME) {
            climb->found[i] = climb->found[--climb->n_found];
            break;
        }
    }
    climb->best_loglik = -(double)INFINITY;
    mtp_climb_from(climb, climb->best);
}
