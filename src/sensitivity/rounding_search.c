/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest and largest figures that moved inputs give. */
#include "num/random.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

enum { SWEEPS = 20 };

/* What another sweep must bring, of the way from the figure as printed. */
#define ENOUGH 1e-6

/* A figure to be made large (sign 1) or small (-1). */
typedef struct target {
    size_t figure, part;
    double sign;
    bool bent; /* an input moved that the steps had shown to be monotone */
} target;

typedef struct search {
    const mtp_round_job *job;
    size_t n_targets;
    target *target;
    double *start; /* [starts][n_figures] of random corners */
} search;

/* How a figure changes when an input goes to its ends, in the sense of the target. */
static void changes(const mtp_round_job *job, const target *t, size_t figure, size_t v,
                    double *down, double *up)
{
    size_t at = v * job->n_figures + figure;

    *down = t->sign * (job->down[at] - job->base[figure]);
    *up = t->sign * (job->up[at] - job->base[figure]);
}

bool mtp_round_matters(const mtp_round_job *job, size_t part, size_t v)
{
    for (size_t f = 0; f < job->n_figures; f++) {
        double base = job->base[f];
        size_t at = v * job->n_figures + f;

        if (job->figure[f].part == part && !isnan(base) &&
            (job->down[at] != base || job->up[at] != base)) {
            return true;
        }
    }
    return false;
}

/* The corner that single steps point to, or those of its guide. */
static void first_corner(const mtp_round_job *job, const target *t, double x[])
{
    for (size_t v = 0; v < job->n_inputs; v++) {
        double down, up;

        changes(job, t, t->figure, v, &down, &up);
        if (down == 0.0 && up == 0.0) {
            changes(job, t, job->figure[t->figure].guide, v, &down, &up);
        }
        x[v] = down < 0.0 && up < 0.0 ? 0.0 : up > down ? 1.0 : down > up ? -1.0 : 0.0;
    }
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
        status = mtp_round_fit(room, s->job->n_parts, NULL);
        memcpy(s->start + i * n, room->figure, n * sizeof *room->figure);
    }
    return status;
}

/* The best of the random corners. */
static void best_start(const search *s, const target *t, double x[])
{
    size_t n = s->job->n_figures, best = 0;
    double most = -(double)INFINITY;

    for (size_t i = 0; i < s->job->options.starts; i++) {
        double value = t->sign * s->start[i * n + t->figure];

        if (value > most) {
            most = value;
            best = i;
        }
    }
    random_corner(s->job, best, x);
}

/* The value of the target at the point; -infinity where there is none. */
static mtp_status value_at(mtp_round_room *room, const target *t, double *value)
{
    mtp_status status = mtp_round_fit(room, t->part, NULL);

    *value = t->sign * room->figure[t->figure];
    *value = isnan(*value) ? -(double)INFINITY : *value;
    return status;
}

/* Try an input elsewhere; it stays there where that is better, beyond rounding. */
static mtp_status try_at(mtp_round_room *room, const target *t, size_t v, double to,
                         double *best, double *value)
{
    double old = room->x[v];
    mtp_status status = MTP_OK;

    *value = *best;
    if (to != old) {
        room->x[v] = to;
        status = value_at(room, t, value);
        if (status == MTP_OK && *value > *best + 1e-12 * fabs(*best)) {
            *best = *value;
        } else {
            room->x[v] = old;
        }
    }
    return status;
}

/*
 * Both ends, and the vertex of the parabola through them that bends as the steps of
 * this input did, where it lies between them: in yi, Q is such a parabola.
 */
static mtp_status try_input(mtp_round_room *room, const target *t, size_t v,
                            double *best)
{
    double low = 0.0, high = 0.0, down, up, vertex;
    mtp_status status = try_at(room, t, v, -1.0, best, &low);

    if (status == MTP_OK) {
        status = try_at(room, t, v, 1.0, best, &high);
    }
    if (status != MTP_OK) {
        return status;
    }
    changes(room->job, t, t->figure, v, &down, &up);
    vertex = (low - high) / (2.0 * (down + up));
    room->loss[v] = fabs(high - low);
    return down + up < 0.0 && fabs(vertex) < 1.0
               ? try_at(room, t, v, vertex, best, &low)
               : MTP_OK;
}

/*
 * Whether the end of an input is not in doubt: when it was tried, with all others
 * moved, the other end lost within a half of what the steps had shown.
 */
static bool is_decided(const mtp_round_room *room, const target *t, size_t v)
{
    double down, up;

    changes(room->job, t, t->figure, v, &down, &up);
    return fabs(room->x[v]) == 1.0 &&
           fabs(room->loss[v] - fabs(up - down)) < 0.5 * fabs(up - down);
}

/* One input after the other, as long as that helps. */
static mtp_status climb(mtp_round_room *room, target *t)
{
    const mtp_round_job *job = room->job;
    double best, base = t->sign * job->base[t->figure];
    mtp_status status = value_at(room, t, &best);

    for (int sweep = 0; sweep < SWEEPS && status == MTP_OK; sweep++) {
        double before = best;

        for (size_t v = 0; v < job->n_inputs && status == MTP_OK; v++) {
            double down, up, last = best;

            if (mtp_round_matters(job, t->part, v) &&
                !(sweep > 0 && is_decided(room, t, v))) {
                changes(job, t, t->figure, v, &down, &up);
                status = try_input(room, t, v, &best);
                t->bent = t->bent || (best > last && !(down * up > 0.0));
            }
        }
        if (!(best - before > ENOUGH * (best - base))) {
            break;
        }
    }
    return status;
}

/* Whether the target lies between the corners, where a climb ends before it is there.
 */
static bool is_between(const mtp_round_job *job, const target *t)
{
    return t->sign < 0.0 && job->figure[t->figure].between;
}

/* From where room->x is. */
static mtp_status seek(mtp_round_room *room, target *t)
{
    mtp_status status = climb(room, t);

    return status == MTP_OK && is_between(room->job, t)
               ? mtp_round_descend(room, t->figure)
               : status;
}

static mtp_status climb_task(mtp_round_room *room, void *context, size_t task)
{
    target *t = ((const search *)context)->target + task;

    first_corner(room->job, t, room->x);
    return seek(room, t);
}

static bool needs_more(const mtp_round_job *job, const target *t)
{
    return t->bent || is_between(job, t);
}

static mtp_status again_task(mtp_round_room *room, void *context, size_t task)
{
    const search *s = (const search *)context;
    target *t = s->target + task;

    if (!needs_more(s->job, t)) {
        return MTP_OK;
    }
    best_start(s, t, room->x);
    return seek(room, t);
}

static bool list_targets(search *s, mtp_arena *arena)
{
    const mtp_round_job *job = s->job;

    s->target = MTP_ARENA_ARRAY(arena, 2 * job->n_figures, target);
    for (size_t f = 0; s->target && f < job->n_figures; f++) {
        for (double sign = -1.0; sign <= 1.0; sign += 2.0) {
            if (job->figure[f].sought && !isnan(job->base[f])) {
                s->target[s->n_targets++] =
                    (target){f, job->figure[f].part, sign, false};
            }
        }
    }
    return s->target != NULL;
}

static bool any_needs_more(const search *s)
{
    for (size_t t = 0; t < s->n_targets; t++) {
        if (needs_more(s->job, &s->target[t])) {
            return true;
        }
    }
    return false;
}

/* A statistic of both signs was 0 in between. */
static void close_zero(const mtp_round_job *job, mtp_round_found *found)
{
    for (size_t f = 0; f < job->n_figures; f++) {
        size_t from = job->figure[f].statistic;

        if (from != f && found->lower[from] < 0.0 && found->upper[from] > 0.0) {
            found->lower[f] = fmin(found->lower[f], job->figure[f].at_zero);
            found->upper[f] = fmax(found->upper[f], job->figure[f].at_zero);
        }
    }
}

mtp_status mtp_round_search(const mtp_round_job *job, mtp_arena *arena,
                            mtp_round_found *found)
{
    search s = {job, 0, NULL,
                MTP_ARENA_ARRAY(arena, job->options.starts * job->n_figures, double)};
    mtp_status status = s.start && list_targets(&s, arena)
                            ? mtp_round_stage(job, s.n_targets, climb_task, &s, found)
                            : MTP_E_NOMEM;

    if (status == MTP_OK && any_needs_more(&s)) {
        status = mtp_round_stage(job, MTP_ROUND_TASKS, start_task, &s, found);
        if (status == MTP_OK) {
            status = mtp_round_stage(job, s.n_targets, again_task, &s, found);
        }
    }
    if (status == MTP_OK) {
        close_zero(job, found);
    }
    return status;
}
