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

void mtp_round_widen(size_t n, const double figure[], mtp_round_found *found)
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
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        if (job->column_of[r] >= 0) {
            room->moved[r] = MTP_ARENA_ARRAY(arena, job->k, double);
            room->raw.column[r] = room->moved[r];
            if (!room->moved[r]) {
                return MTP_E_NOMEM;
            }
        }
    }
    room->x = mtp_arena_zalloc(arena, job->n_inputs, sizeof *room->x);
    room->figure = MTP_ARENA_ARRAY(arena, job->n_figures, double);
    room->step = mtp_arena_zalloc(arena, job->k, 1);
    return room->x && room->figure && room->step &&
                   mtp_round_found_make(job, arena, &room->found)
               ? MTP_OK
               : MTP_E_NOMEM;
}

/* The data at a point, of study `only`, or of all (k). */
static void move(mtp_round_room *room, const double x[], size_t only)
{
    const mtp_round_job *job = room->job;

    for (size_t v = 0; v < job->n_inputs; v++) {
        size_t i = job->input[v].study, c = job->input[v].column;
        double by = x[v] * part[room->step[i]] * job->half[c][i];

        for (unsigned r = 0; (only == job->k || only == i) && r < MTP_ROLE_COUNT; r++) {
            if (job->column_of[r] == (int)c) {
                room->moved[r][i] = job->raw->column[r][i] + by;
            }
        }
    }
}

static void start(mtp_round_room *room, const double x[])
{
    const mtp_round_job *job = room->job;

    memset(room->step, 0, job->k);
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        if (room->moved[r]) {
            memcpy(room->moved[r], job->raw->column[r], job->k * sizeof(double));
        }
    }
    move(room, x, job->k);
}

static void keep_estimate(const mtp_estimate *e, double figure[4], double *statistic,
                          double back[3])
{
    figure[0] = e->estimate;
    figure[1] = e->ci.lower;
    figure[2] = e->ci.upper;
    figure[3] = e->ci.p;
    *statistic = e->ci.statistic;
    back[0] = e->back.estimate;
    back[1] = e->back.ci_lower;
    back[2] = e->back.ci_upper;
}

static void keep(const mtp_pooled *p, double figure[])
{
    double *back = figure + MTP_ROUND_BACK;

    keep_estimate(&p->common, figure + MTP_ROUNDED_COMMON,
                  figure + MTP_ROUND_COMMON_STATISTIC, back);
    if (!p->exists) {
        return;
    }
    keep_estimate(&p->random, figure + MTP_ROUNDED_RANDOM,
                  figure + MTP_ROUND_RANDOM_STATISTIC, back + 3);
    back[6] = p->random.back.pi_lower;
    back[7] = p->random.back.pi_upper;
    figure[MTP_ROUNDED_PI_LOWER] = p->random.pi.lower;
    figure[MTP_ROUNDED_PI_UPPER] = p->random.pi.upper;
    figure[MTP_ROUNDED_TAU2] = p->heterogeneity.tau2;
    figure[MTP_ROUNDED_I2] = p->heterogeneity.I2;
    figure[MTP_ROUNDED_Q] = p->heterogeneity.Q;
    figure[MTP_ROUNDED_Q_P] = p->heterogeneity.p;
}

static void keep_all(mtp_round_room *room, const mtp_pool_result *pool)
{
    keep(&pool->overall, room->figure);
    for (size_t g = 0; g < pool->n_groups; g++) {
        keep(&pool->groups[g], room->figure + (g + 1) * MTP_ROUND_FIGURES);
    }
    room->found.failed += !pool->overall.exists;
}

/* Effects at a point; a study that is impossible goes back step by step. */
static mtp_status make_effects(mtp_round_room *room, const double x[],
                               mtp_effects **effects, mtp_error *err)
{
    for (;;) {
        mtp_status status =
            mtp_effects_compute(room->job->how, &room->raw, effects, err);
        size_t i = err->line - 1;

        if (status != MTP_E_DATA || err->line < 1 || err->line > room->job->k ||
            room->step[i] + 1 >= PARTS) {
            return status;
        }
        room->step[i]++;
        room->found.clipped[i] = 1;
        move(room, x, i);
    }
}

mtp_status mtp_round_fit(mtp_round_room *room, const double x[], mtp_error *err)
{
    const mtp_round_job *job = room->job;
    mtp_effects *effects = NULL;
    mtp_pool_result *pool = NULL;
    mtp_error ignored, *e = err ? err : &ignored;
    mtp_status status;

    for (size_t f = 0; f < job->n_figures; f++) {
        room->figure[f] = (double)NAN;
    }
    room->found.fits++;
    start(room, x);
    status = make_effects(room, x, &effects, e);
    if (status == MTP_OK) {
        status = mtp_pool(effects, job->grouping, &job->pool, &pool, e);
    }
    if (status == MTP_OK) {
        keep_all(room, pool);
    } else {
        room->found.failed++;
    }
    mtp_round_widen(job->n_figures, room->figure, &room->found);
    mtp_pool_result_free(pool);
    mtp_effects_free(effects);
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
    mtp_round_widen(job->n_figures, one->lower, found);
    mtp_round_widen(job->n_figures, one->upper, found);
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
