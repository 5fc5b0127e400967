/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fits of moved inputs. */
#include "core/parallel.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

/* How much of its way a study goes whose inputs are impossible, step by step. */
static const double part[] = {1.0,  63.0 / 64.0, 31.0 / 32.0, 15.0 / 16.0, 7.0 / 8.0,
                              0.75, 0.5,         0.25,        0.0};

enum { PARTS = sizeof part / sizeof *part };

bool mtp_round_found_make(const mtp_round_job *job, mtp_arena *arena,
                          mtp_round_found *found)
{
    double *figures = MTP_ARENA_ARRAY(arena, 3 * job->n_figures, double);

    *found = (mtp_round_found){.clipped = mtp_arena_zalloc(arena, job->k, 1)};
    if (!figures || !found->clipped) {
        return false;
    }
    for (size_t f = 0; f < 3 * job->n_figures; f++) {
        figures[f] = (double)NAN;
    }
    found->lower = figures;
    found->upper = figures + job->n_figures;
    found->median = figures + 2 * job->n_figures;
    return true;
}

static void widen(size_t n, const double figure[], mtp_round_found *found)
{
    for (size_t f = 0; f < n; f++) {
        found->lower[f] = fmin(found->lower[f], figure[f]);
        found->upper[f] = fmax(found->upper[f], figure[f]);
    }
}

static mtp_status make_room(const mtp_round_job *job, mtp_round_room *room)
{
    mtp_arena *arena = mtp_arena_new();

    *room = (mtp_round_room){.job = job, .arena = arena};
    if (!arena) {
        return MTP_E_NOMEM;
    }
    room->raw = *job->raw;
    for (size_t n = 0; n < job->n_roles; n++) {
        mtp_role r = job->role[n];

        room->moved[r] = MTP_ARENA_ARRAY(arena, job->k, double);
        if (!room->moved[r]) {
            return MTP_E_NOMEM;
        }
        memcpy(room->moved[r], job->raw->column[r], job->k * sizeof(double));
        room->raw.column[r] = room->moved[r];
    }
    room->x = mtp_arena_zalloc(arena, job->n_inputs, sizeof *room->x);
    room->loss = mtp_arena_zalloc(arena, job->n_inputs, sizeof *room->loss);
    room->key = MTP_ARENA_ARRAY(arena, job->n_roles * job->k, double);
    room->figure = MTP_ARENA_ARRAY(arena, job->n_figures, double);
    room->step = mtp_arena_zalloc(arena, job->k, 1);
    return room->x && room->loss && room->key && room->figure && room->step &&
                   mtp_round_found_make(job, arena, &room->found)
               ? MTP_OK
               : MTP_E_NOMEM;
}

/* The data of an input at the point. */
static void move(mtp_round_room *room, size_t v)
{
    const mtp_round_job *job = room->job;
    size_t i = job->input[v].study, c = job->input[v].column;
    double by = room->x[v] * part[room->step[i]] * job->half[c][i];

    for (size_t n = 0; n < job->n_roles; n++) {
        mtp_role r = job->role[n];

        if (job->column_of[r] == (int)c) {
            room->moved[r][i] = job->raw->column[r][i] + by;
        }
    }
}

static void move_all(mtp_round_room *room)
{
    const mtp_round_job *job = room->job;

    memset(room->step, 0, job->k);
    for (size_t v = 0; v < job->n_inputs; v++) {
        move(room, v);
    }
}

/* Move a study whose inputs are impossible a step back. */
static void step_back(mtp_round_room *room, size_t i)
{
    room->step[i]++;
    room->found.clipped[i] = 1;
    for (size_t v = 0; v < room->job->n_inputs; v++) {
        if (room->job->input[v].study == i) {
            move(room, v);
        }
    }
}

static mtp_status make_effects(mtp_round_room *room, mtp_effects **effects,
                               mtp_error *err)
{
    for (;;) {
        mtp_status status =
            mtp_effects_compute(room->job->how, &room->raw, effects, err);
        size_t i = err->line - 1;

        if (status != MTP_E_DATA || err->line < 1 || err->line > room->job->k ||
            room->step[i] + 1 >= PARTS) {
            return status;
        }
        step_back(room, i);
    }
}

/* Whether the fit of a part, or of all, lacks a figure that there is as printed. */
static bool lacks(const mtp_round_room *room, size_t made)
{
    const mtp_round_job *job = room->job;

    for (size_t f = 0; f < job->n_figures; f++) {
        if ((made == job->n_parts || job->figure[f].part == made) &&
            isnan(room->figure[f]) && !isnan(job->base[f])) {
            return true;
        }
    }
    return false;
}

mtp_status mtp_round_fit(mtp_round_room *room, size_t made, mtp_error *err)
{
    const mtp_round_job *job = room->job;
    mtp_effects *effects = NULL;
    mtp_error ignored, *e = err ? err : &ignored;
    mtp_status status;

    for (size_t f = 0; f < job->n_figures; f++) {
        room->figure[f] = (double)NAN;
    }
    move_all(room);
    status = make_effects(room, &effects, e);
    if (status == MTP_OK) {
        status = job->fit(room, effects, made, room->figure, e);
    }
    mtp_effects_free(effects);
    room->found.fits++;
    room->found.failed += lacks(room, made);
    widen(job->n_figures, room->figure, &room->found);
    return err || status == MTP_E_NOMEM ? status : MTP_OK;
}

typedef struct stage {
    const mtp_round_job *job;
    mtp_round_work work;
    void *context;
    mtp_round_room *room; /* [tasks] */
} stage;

static mtp_status run_task(void *context, size_t task)
{
    const stage *s = (const stage *)context;
    mtp_status status = make_room(s->job, &s->room[task]);

    return status == MTP_OK ? s->work(&s->room[task], s->context, task) : status;
}

static void merge(const mtp_round_job *job, const mtp_round_found *one,
                  mtp_round_found *found)
{
    widen(job->n_figures, one->lower, found);
    widen(job->n_figures, one->upper, found);
    found->fits += one->fits;
    found->failed += one->failed;
    for (size_t i = 0; i < job->k; i++) {
        found->clipped[i] |= one->clipped[i];
    }
}

mtp_status mtp_round_stage(const mtp_round_job *job, size_t tasks, mtp_round_work work,
                           void *context, mtp_round_found *found)
{
    mtp_arena *arena = mtp_arena_new();
    stage s = {job, work, context,
               arena ? mtp_arena_zalloc(arena, tasks, sizeof(mtp_round_room)) : NULL};
    mtp_status status =
        s.room ? mtp_parallel_for(tasks, job->options.threads, run_task, &s)
               : MTP_E_NOMEM;

    for (size_t t = 0; s.room && t < tasks; t++) {
        if (status == MTP_OK) {
            merge(job, &s.room[t].found, found);
        }
        mtp_arena_free(s.room[t].arena);
    }
    mtp_arena_free(arena);
    return status;
}

void mtp_round_share(size_t n, size_t task, size_t *from, size_t *to)
{
    size_t each = n / MTP_ROUND_TASKS, left = n % MTP_ROUND_TASKS;

    *from = task * each + (task < left ? task : left);
    *to = *from + each + (task < left);
}
