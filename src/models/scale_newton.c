/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/scale_newton.h"

#include "num/cholesky.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { STEPS_MAX = 400, DAMPING_MAX = 60 };

/* The largest change of a log tau2 in one step. */
static const double REACH = 3.0;
/* What the change of one counts that is nothing and falls: along a ridge, slopes grow
 * large before they part two studies with nearly the same moderators. */
static const double FREE = 1e-3;
/* A gain of the log-likelihood that rounding hides. */
static const double HIDDEN = 1e-9;
/* A tau2 that is nothing beside the sampling variance. */
static const double NOTHING = 1e-12;

static bool make_point(size_t k, size_t p, size_t q, mtp_arena *arena,
                       mtp_scale_point *at)
{
    size_t n = 3 * k + p + p * p + q + q * q + mtp_scale_scratch(k, p, q);
    double *room = mtp_arena_zalloc(arena, n, sizeof *room);

    if (room) {
        *at = (mtp_scale_point){.tau2 = room, .w = room + k, .r = room + 2 * k};
        at->b = room + 3 * k;
        at->L = at->b + p;
        at->gradient = at->L + p * p;
        at->hessian = at->gradient + q;
        at->scratch = at->hessian + q * q;
    }
    return room != NULL;
}

bool mtp_scale_room_make(size_t k, size_t p, size_t q, mtp_arena *arena,
                         mtp_scale_room *room)
{
    *room = (mtp_scale_room){.step = MTP_ARENA_ARRAY(arena, q, double),
                             .trial = MTP_ARENA_ARRAY(arena, q, double),
                             .factor = mtp_arena_alloc(arena, q, q * sizeof(double)),
                             .change = mtp_arena_zalloc(arena, k, sizeof(double))};
    return room->change && room->step && room->trial && room->factor &&
           make_point(k, p, q, arena, &room->at) &&
           make_point(k, p, q, arena, &room->next);
}

/* The step (-H + damping I)^-1 gradient; false where that is not positive definite.
 * `gain` is what the quadratic expects. */
static bool find_step(size_t q, double damping, mtp_scale_room *room, double *gain)
{
    for (size_t a = 0; a < q; a++) {
        for (size_t b = 0; b < q; b++) {
            room->factor[a * q + b] =
                -room->at.hessian[a * q + b] + (a == b ? damping : 0.0);
        }
    }
    if (!mtp_cholesky(q, room->factor)) {
        return false;
    }
    memcpy(room->step, room->at.gradient, q * sizeof *room->step);
    mtp_cholesky_solve(q, room->factor, room->step);
    *gain = 0.0;
    for (size_t a = 0; a < q; a++) {
        *gain += 0.5 * room->step[a] * room->at.gradient[a];
    }
    return true;
}

static bool is_nothing(const mtp_scale_problem *of, const mtp_scale_room *room,
                       size_t i)
{
    return room->at.tau2[i] <= NOTHING * of->v[i];
}

/* The largest change of a log tau2 that the step makes, cut to REACH. */
static double cut_step(const mtp_scale_problem *of, mtp_scale_room *room)
{
    double largest = 0.0, share;

    for (size_t i = 0; i < of->k; i++) {
        bool free;

        room->change[i] = 0.0;
        for (size_t a = 0; a < of->q && !of->vanished[i]; a++) {
            room->change[i] += of->Z[i * of->q + a] * room->step[a];
        }
        free = room->change[i] < 0.0 && is_nothing(of, room, i);
        largest = fmax(largest, fabs(room->change[i]) * (free ? FREE : 1.0));
    }
    share = largest > REACH ? REACH / largest : 1.0;
    for (size_t a = 0; a < of->q; a++) {
        room->step[a] *= share;
    }
    for (size_t i = 0; i < of->k; i++) {
        room->change[i] *= share;
    }
    return largest * share;
}

bool mtp_scale_falls(const mtp_scale_problem *of, const mtp_scale_room *room, size_t i)
{
    double largest = 0.0;

    for (size_t j = 0; j < of->k; j++) {
        largest = fmax(largest, fabs(room->change[j]));
    }
    return !of->vanished[i] && room->change[i] < -1e-5 * largest;
}

static double length(size_t q, const double a[])
{
    double sum = 0.0;

    for (size_t i = 0; i < q; i++) {
        sum += a[i] * a[i];
    }
    return sqrt(sum);
}

/* Every log tau2 that falls is so far down that its study counts as if it were 0. */
static bool is_out_of_sight(const mtp_scale_problem *of, const mtp_scale_room *room)
{
    bool any = false;

    for (size_t i = 0; i < of->k; i++) {
        if (mtp_scale_falls(of, room, i)) {
            any = true;
            if (!is_nothing(of, room, i)) {
                return false;
            }
        }
    }
    return any;
}

typedef enum outcome { CLIMBED, STUCK, DONE } outcome;

/* One accepted step. Close to the maximum, where rounding hides the gain, a step counts
 * by its gradient. */
static outcome take_step(const mtp_scale_problem *of, double gamma[], double *damping,
                         mtp_scale_room *room)
{
    size_t q = of->q;

    for (int tries = 0; tries < DAMPING_MAX; tries++) {
        double gain, largest;
        bool better;

        if (find_step(q, *damping, room, &gain)) {
            largest = cut_step(of, room);
            if (largest < 4.0 * DBL_EPSILON) {
                return DONE;
            }
            for (size_t a = 0; a < q; a++) {
                room->trial[a] = gamma[a] + room->step[a];
            }
            room->evaluations++;
            better = mtp_scale_loglik(of, room->trial, &room->next);
            if (better && gain < HIDDEN) {
                mtp_scale_derivatives(of, &room->next);
                better = length(q, room->next.gradient) < length(q, room->at.gradient);
                if (!better && *damping == 0.0) {
                    return DONE;
                }
            } else if (better) {
                better = room->next.loglik > room->at.loglik;
            }
            if (better) {
                *damping = *damping > 1e-6 ? *damping / 8.0 : 0.0;
                return CLIMBED;
            }
        }
        *damping = fmax(1e-3, 4.0 * *damping);
    }
    return STUCK;
}

bool mtp_scale_climb(const mtp_scale_problem *of, double gamma[], mtp_scale_room *room,
                     bool *endless)
{
    double damping = 0.0;

    *endless = false;
    room->evaluations++;
    if (!mtp_scale_loglik(of, gamma, &room->at)) {
        return false;
    }
    mtp_scale_derivatives(of, &room->at);
    for (int steps = 0; steps < STEPS_MAX && !*endless; steps++) {
        mtp_scale_point swap = room->at;

        if (take_step(of, gamma, &damping, room) != CLIMBED) {
            break;
        }
        room->at = room->next;
        room->next = swap;
        memcpy(gamma, room->trial, of->q * sizeof *gamma);
        mtp_scale_derivatives(of, &room->at);
        *endless = is_out_of_sight(of, room);
    }
    return true;
}
