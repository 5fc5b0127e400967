/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest and largest figures that moved inputs give. */
#include "num/random.h"
#include "sensitivity/rounding_job.h"

#include <math.h>

enum { SWEEPS = 6 };

/* What another sweep must bring, of the way from the figure as printed. */
#define ENOUGH 1e-6

/* What is searched for; p-values follow from their statistics. */
static const int sought[] = {MTP_ROUNDED_COMMON,
                             MTP_ROUNDED_COMMON_LOWER,
                             MTP_ROUNDED_COMMON_UPPER,
                             MTP_ROUNDED_RANDOM,
                             MTP_ROUNDED_RANDOM_LOWER,
                             MTP_ROUNDED_RANDOM_UPPER,
                             MTP_ROUNDED_PI_LOWER,
                             MTP_ROUNDED_PI_UPPER,
                             MTP_ROUNDED_TAU2,
                             MTP_ROUNDED_I2,
                             MTP_ROUNDED_Q,
                             MTP_ROUND_COMMON_STATISTIC,
                             MTP_ROUND_RANDOM_STATISTIC};

enum { SOUGHT = sizeof sought / sizeof *sought };

typedef struct search {
    const mtp_round_job *job;
    double *down, *up; /* [n_inputs][n_figures] with one input at its end */
    double *start;     /* [starts][n_figures] of random corners */
} search;

/* A figure of a set, to be made large (sign 1) or small (-1). */
typedef struct target {
    size_t first; /* of the set's figures */
    size_t figure;
    double sign;
} target;

static mtp_status step_task(mtp_round_room *room, void *context, size_t task)
{
    const search *s = (const search *)context;
    size_t from, to, n = s->job->n_figures;
    mtp_status status = MTP_OK;

    mtp_round_share(s->job->n_inputs, task, &from, &to);
    for (size_t v = from; v < to && status == MTP_OK; v++) {
        for (int end = -1; end <= 1 && status == MTP_OK; end += 2) {
            double *figure = (end < 0 ? s->down : s->up) + v * n;

            room->x[v] = end;
            status = mtp_round_fit(room, room->x, NULL);
            for (size_t f = 0; f < n; f++) {
                figure[f] = room->figure[f];
            }
        }
        room->x[v] = 0.0;
    }
    return status;
}

static void random_corner(const mtp_round_job *job, size_t i, double x[])
{
    mtp_random random = mtp_random_start(job->options.seed, i);

    for (size_t v = 0; v < job->n_inputs; v++) {
        x[v] = mtp_random_below(&random, 2) ? 1.0 : -1.0;
    }
}

static mtp_status start_task(mtp_round_room *room, void *context, size_t task)
{
    const search *s = (const search *)context;
    size_t from, to, n = s->job->n_figures;
    mtp_status status = MTP_OK;

    mtp_round_share(s->job->options.starts, task, &from, &to);
    for (size_t i = from; i < to && status == MTP_OK; i++) {
        random_corner(s->job, i, room->x);
        status = mtp_round_fit(room, room->x, NULL);
        for (size_t f = 0; f < n; f++) {
            s->start[i * n + f] = room->figure[f];
        }
    }
    return status;
}

/* How a figure changes when an input goes to its ends, in the sense of the target. */
static void changes(const search *s, const target *t, size_t figure, size_t v,
                    double *down, double *up)
{
    size_t n = s->job->n_figures, f = t->first + figure;

    *down = t->sign * (s->down[v * n + f] - s->job->base[f]);
    *up = t->sign * (s->up[v * n + f] - s->job->base[f]);
}

/* Both ends are on one side of the middle. */
static bool is_bent(const search *s, const target *t, size_t v)
{
    double down, up;

    changes(s, t, t->figure, v, &down, &up);
    return down * up > 0.0;
}

/* Whether an input has a part in any figure of the set. */
static bool matters(const search *s, const target *t, size_t v)
{
    size_t n = s->job->n_figures;

    for (size_t f = t->first; f < t->first + MTP_ROUND_FIGURES; f++) {
        double base = s->job->base[f];

        if (!isnan(base) && (s->down[v * n + f] != base || s->up[v * n + f] != base)) {
            return true;
        }
    }
    return false;
}

/* The corner that single steps point to. Where tau2 stays at 0, Q shows the way. */
static void first_corner(const search *s, const target *t, double x[])
{
    bool spread = t->figure == MTP_ROUNDED_TAU2 || t->figure == MTP_ROUNDED_I2;

    for (size_t v = 0; v < s->job->n_inputs; v++) {
        double down, up;

        changes(s, t, t->figure, v, &down, &up);
        if (down == 0.0 && up == 0.0 && spread) {
            changes(s, t, MTP_ROUNDED_Q, v, &down, &up);
        }
        x[v] = down < 0.0 && up < 0.0 ? 0.0 : up > down ? 1.0 : down > up ? -1.0 : 0.0;
    }
}

/* The best of the random corners. */
static void best_start(const search *s, const target *t, double x[])
{
    size_t n = s->job->n_figures, best = 0;
    double most = -(double)INFINITY;

    for (size_t i = 0; i < s->job->options.starts; i++) {
        double value = t->sign * s->start[i * n + t->first + t->figure];

        if (value > most) {
            most = value;
            best = i;
        }
    }
    random_corner(s->job, best, x);
}

/* The value of the target at x; -infinity where there is none. */
static mtp_status value_at(mtp_round_room *room, const target *t, double *value)
{
    mtp_status status = mtp_round_fit(room, room->x, NULL);

    *value = t->sign * room->figure[t->first + t->figure];
    *value = isnan(*value) ? -(double)INFINITY : *value;
    return status;
}

/* Try an input elsewhere; it stays there where that is better, beyond rounding. */
static mtp_status try_at(mtp_round_room *room, const target *t, size_t v, double to,
                         double *best, double *value)
{
    double old = room->x[v];
    mtp_status status = MTP_OK;

    if (to == old) {
        *value = *best;
        return MTP_OK;
    }
    room->x[v] = to;
    status = value_at(room, t, value);
    if (status == MTP_OK && *value > *best + 1e-12 * fabs(*best)) {
        *best = *value;
    } else {
        room->x[v] = old;
    }
    return status;
}

/* Where the parabola through the values at -1, 0 and 1 is highest; 0 where nowhere. */
static double vertex(const double at[3])
{
    double bend = at[0] - 2.0 * at[1] + at[2];
    double where = bend < 0.0 ? (at[0] - at[2]) / (2.0 * bend) : 0.0;

    return fabs(where) < 1.0 ? where : 0.0;
}

static mtp_status try_input(mtp_round_room *room, const target *t, size_t v, bool bent,
                            double *best)
{
    double at[3] = {0};
    mtp_status status = try_at(room, t, v, -1.0, best, &at[0]);

    if (status == MTP_OK) {
        status = try_at(room, t, v, 1.0, best, &at[2]);
    }
    if (status == MTP_OK && bent) {
        status = try_at(room, t, v, 0.0, best, &at[1]);
        if (status == MTP_OK) {
            status = try_at(room, t, v, vertex(at), best, &at[1]);
        }
    }
    return status;
}

/* One input after the other, as long as that helps; whether all stayed but those whose
 * ends point the same way. */
static mtp_status climb(mtp_round_room *room, const search *s, const target *t,
                        bool *straight)
{
    double best, base = t->sign * s->job->base[t->first + t->figure];
    mtp_status status = value_at(room, t, &best);

    *straight = true;
    for (int sweep = 0; sweep < SWEEPS && status == MTP_OK; sweep++) {
        double before = best;

        for (size_t v = 0; v < s->job->n_inputs && status == MTP_OK; v++) {
            bool bent = is_bent(s, t, v);
            double last = best;

            if (matters(s, t, v)) {
                status = try_input(room, t, v, bent, &best);
                *straight = *straight && (bent || !(best > last));
            }
        }
        if (!(best - before > ENOUGH * (best - base))) {
            break;
        }
    }
    return status;
}

static mtp_status climb_task(mtp_round_room *room, void *context, size_t task)
{
    const search *s = (const search *)context;
    size_t of = task / 2 % SOUGHT, set = task / 2 / SOUGHT;
    target t = {set * MTP_ROUND_FIGURES, (size_t)sought[of], task % 2 ? 1.0 : -1.0};
    bool straight;
    mtp_status status;

    if (isnan(s->job->base[t.first + t.figure])) {
        return MTP_OK;
    }
    first_corner(s, &t, room->x);
    status = climb(room, s, &t, &straight);
    if (status == MTP_OK && !straight) {
        best_start(s, &t, room->x);
        status = climb(room, s, &t, &straight);
    }
    return status;
}

/* A statistic of both signs was 0 in between. */
static void close_p(double lower, double upper, double *p)
{
    *p = lower < 0.0 && upper > 0.0 ? 1.0 : *p;
}

mtp_status mtp_round_search(const mtp_round_job *job, mtp_arena *arena,
                            mtp_round_found *found)
{
    size_t n = job->n_figures;
    search s = {job, MTP_ARENA_ARRAY(arena, job->n_inputs * n, double),
                MTP_ARENA_ARRAY(arena, job->n_inputs * n, double),
                MTP_ARENA_ARRAY(arena, job->options.starts * n, double)};
    mtp_status status = MTP_E_NOMEM;

    if (s.down && s.up && s.start) {
        status = mtp_round_stage(job, MTP_ROUND_TASKS, step_task, &s, found);
    }
    if (status == MTP_OK) {
        status = mtp_round_stage(job, MTP_ROUND_TASKS, start_task, &s, found);
    }
    if (status == MTP_OK) {
        status = mtp_round_stage(job, 2 * SOUGHT * job->n_sets, climb_task, &s, found);
    }
    for (size_t set = 0; status == MTP_OK && set < job->n_sets; set++) {
        double *lower = found->lower + set * MTP_ROUND_FIGURES,
               *upper = found->upper + set * MTP_ROUND_FIGURES;

        close_p(lower[MTP_ROUND_COMMON_STATISTIC], upper[MTP_ROUND_COMMON_STATISTIC],
                &upper[MTP_ROUNDED_COMMON_P]);
        close_p(lower[MTP_ROUND_RANDOM_STATISTIC], upper[MTP_ROUND_RANDOM_STATISTIC],
                &upper[MTP_ROUNDED_RANDOM_P]);
    }
    return status;
}
