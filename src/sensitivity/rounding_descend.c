/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The minimum of a statistic that is smallest within the box of the inputs, by spectral
 * projected gradients. Source: Birgin, Martinez & Raydan (2000), SIAM J Optim
 * 10:1196-1211, doi:10.1137/S1052623497330963.
 */
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

enum { ITERATIONS = 100, HISTORY = 5, HALVINGS = 12 };

#define DELTA  1e-3  /* of differences; a figure is nearly a parabola within the box */
#define ENOUGH 1e-10 /* of the statistic, that a step must promise */

typedef struct descent {
    mtp_round_room *room;
    size_t figure, part, n;
    size_t *input; /* [n] that have a part in it */
    double *x, *g, *next,
        *old; /* [n] point and gradient, the next, the last gradient */
    double value, recent[HISTORY];
} descent;

static bool start(descent *d, mtp_arena *arena)
{
    const mtp_round_job *job = d->room->job;
    double *room = MTP_ARENA_ARRAY(arena, 4 * job->n_inputs, double);

    d->input = MTP_ARENA_ARRAY(arena, job->n_inputs, size_t);
    if (!room || !d->input) {
        return false;
    }
    for (size_t v = 0; v < job->n_inputs; v++) {
        if (mtp_round_matters(job, d->part, v)) {
            d->input[d->n++] = v;
        }
    }
    d->x = room;
    d->g = room + job->n_inputs;
    d->next = room + 2 * job->n_inputs;
    d->old = room + 3 * job->n_inputs;
    return true;
}

/* The statistic where room->x is; infinite where there is none. */
static mtp_status value_here(const descent *d, double *value)
{
    mtp_status status = mtp_round_fit(d->room, d->part, NULL);

    *value = d->room->figure[d->figure];
    *value = isnan(*value) ? (double)INFINITY : *value;
    return status;
}

static mtp_status value_at(const descent *d, const double x[], double *value)
{
    for (size_t i = 0; i < d->n; i++) {
        d->room->x[d->input[i]] = x[i];
    }
    return value_here(d, value);
}

/* Differences of both sides, as far as the box goes. room->x is at d->x. */
static mtp_status gradient(const descent *d)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; i < d->n && status == MTP_OK; i++) {
        double *x = &d->room->x[d->input[i]], at = *x, below, above;
        double low = fmax(at - DELTA, -1.0), high = fmin(at + DELTA, 1.0);

        *x = low;
        status = value_here(d, &below);
        *x = high;
        status = status == MTP_OK ? value_here(d, &above) : status;
        *x = at;
        d->g[i] = status == MTP_OK ? (above - below) / (high - low) : 0.0;
        d->g[i] = isfinite(d->g[i]) ? d->g[i] : 0.0;
    }
    return status;
}

/* What the statistic would fall by along the step, were it straight. */
static double direction(const descent *d, double length, double step[])
{
    double slope = 0.0;

    for (size_t i = 0; i < d->n; i++) {
        double to = fmax(-1.0, fmin(1.0, d->x[i] - length * d->g[i]));

        step[i] = to - d->x[i];
        slope += d->g[i] * step[i];
    }
    return slope;
}

/* Go along the step in `next`, less far until the statistic is below the highest of the
 * recent ones. *moved: whether it came to be. */
static mtp_status walk(descent *d, double slope, bool *moved)
{
    double highest = d->recent[0], part = 1.0, value, *step = d->next;
    mtp_status status = MTP_OK;

    for (int i = 1; i < HISTORY; i++) {
        highest = fmax(highest, d->recent[i]);
    }
    *moved = false;
    for (int i = 0; i < HALVINGS && status == MTP_OK && !*moved; i++, part *= 0.5) {
        for (size_t j = 0; j < d->n; j++) {
            d->room->x[d->input[j]] = d->x[j] + part * step[j];
        }
        status = value_here(d, &value);
        *moved = status == MTP_OK && value <= highest + 1e-4 * part * slope;
    }
    for (size_t j = 0; *moved && j < d->n; j++) {
        step[j] = d->room->x[d->input[j]] - d->x[j];
        d->x[j] = d->room->x[d->input[j]];
    }
    d->value = *moved ? value : d->value;
    return status;
}

/* The length of the next step from the last one and the change of the gradient. */
static double spectral(const descent *d, const double step[])
{
    double ss = 0.0, sy = 0.0;

    for (size_t i = 0; i < d->n; i++) {
        ss += step[i] * step[i];
        sy += step[i] * (d->g[i] - d->old[i]);
    }
    return sy > 1e-10 * ss ? ss / sy : 1e10;
}

static double first_length(const descent *d)
{
    double largest = 0.0;

    for (size_t i = 0; i < d->n; i++) {
        largest = fmax(largest, fabs(d->g[i]));
    }
    return largest > 0.0 ? 1.0 / largest : 1.0;
}

static mtp_status descend(descent *d)
{
    double length, slope;
    bool moved = true;
    mtp_status status = value_at(d, d->x, &d->value);

    status = status == MTP_OK ? gradient(d) : status;
    length = first_length(d);
    for (int i = 0; i < HISTORY; i++) {
        d->recent[i] = d->value;
    }
    for (int i = 0; i < ITERATIONS && status == MTP_OK && moved; i++) {
        slope = direction(d, length, d->next);
        if (!(slope < -ENOUGH * d->value)) {
            break;
        }
        status = walk(d, slope, &moved);
        d->recent[i % HISTORY] = d->value;
        memcpy(d->old, d->g, d->n * sizeof *d->old);
        if (status == MTP_OK && moved) {
            status = gradient(d);
            length = spectral(d, d->next);
        }
    }
    return status;
}

mtp_status mtp_round_descend(mtp_round_room *room, size_t figure)
{
    descent d = {
        .room = room, .figure = figure, .part = room->job->figure[figure].part};
    mtp_arena *arena = mtp_arena_new();
    mtp_status status = MTP_E_NOMEM;

    if (arena && start(&d, arena)) {
        for (size_t i = 0; i < d.n; i++) {
            d.x[i] = room->x[d.input[i]];
        }
        status = descend(&d);
    }
    mtp_arena_free(arena);
    return status;
}
