/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inputs that move, and what each does by itself. */
#include "core/error.h"
#include "effects/columns.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

bool mtp_role_is_count(mtp_role role)
{
    return mtp_role_is_tally(role) || role == MTP_ROLE_PREDICTORS ||
           role == MTP_ROLE_ITEMS;
}

mtp_status mtp_round_columns(mtp_round_job *job,
                             const double *const half[MTP_ROLE_COUNT], mtp_error *err)
{
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        size_t c = 0;

        job->column_of[r] = -1;
        if (!half[r] || !job->raw->column[r] || mtp_role_is_count((mtp_role)r)) {
            continue;
        }
        for (size_t i = 0; i < job->k; i++) {
            if (half[r][i] < 0.0 || isinf(half[r][i])) {
                return mtp_fail(err, MTP_E_ARG,
                                "rounding: half a unit of %s is negative or infinite",
                                mtp_role_id((mtp_role)r));
            }
        }
        while (c < job->n_columns && job->half[c] != half[r]) {
            c++;
        }
        job->half[c] = half[r];
        job->n_columns += c == job->n_columns;
        job->column_of[r] = (int)c;
        job->role[job->n_roles++] = (mtp_role)r;
    }
    return MTP_OK;
}

/* A figure that is given, and not exact. */
static bool moves(const mtp_round_job *job, size_t c, size_t i)
{
    for (size_t n = 0; n < job->n_roles; n++) {
        mtp_role r = job->role[n];

        if (job->column_of[r] == (int)c && !isnan(job->raw->column[r][i])) {
            return job->half[c][i] > 0.0;
        }
    }
    return false;
}

static void list_inputs(mtp_round_job *job)
{
    for (size_t i = 0; i < job->k; i++) {
        for (size_t c = 0; c < job->n_columns; c++) {
            if (moves(job, c, i)) {
                job->input[job->n_inputs++] = (mtp_round_input){i, c};
            }
        }
    }
}

static mtp_status base_task(mtp_round_room *room, void *context, size_t task)
{
    const mtp_round_job *job = room->job;
    mtp_error *err = (mtp_error *)context;
    mtp_status status = mtp_round_fit(room, job->n_parts, err);

    (void)task;
    if (status == MTP_OK) {
        memcpy(job->base, room->figure, job->n_figures * sizeof *job->base);
    }
    return status;
}

static mtp_status step_task(mtp_round_room *room, void *context, size_t task)
{
    const mtp_round_job *job = room->job;
    size_t from, to, n = job->n_figures;
    mtp_status status = MTP_OK;

    (void)context;
    mtp_round_share(job->n_inputs, task, &from, &to);
    for (size_t v = from; v < to && status == MTP_OK; v++) {
        for (int end = -1; end <= 1 && status == MTP_OK; end += 2) {
            room->x[v] = end;
            status = mtp_round_fit(room, job->n_parts, NULL);
            memcpy((end < 0 ? job->down : job->up) + v * n, room->figure,
                   n * sizeof *room->figure);
        }
        room->x[v] = 0.0;
    }
    return status;
}

static bool is_idle(const mtp_round_job *job, size_t v)
{
    for (size_t f = 0; f < job->n_figures; f++) {
        double base = job->base[f], down = job->down[v * job->n_figures + f],
               up = job->up[v * job->n_figures + f];

        if (isnan(base) ? !isnan(down) || !isnan(up) : down != base || up != base) {
            return false;
        }
    }
    return true;
}

/* Of the inputs, those that no figure hangs on are dropped: a standard error beside a
 * variance. */
static void drop_idle(mtp_round_job *job)
{
    size_t kept = 0, n = job->n_figures;

    for (size_t v = 0; v < job->n_inputs; v++) {
        if (!is_idle(job, v)) {
            job->input[kept] = job->input[v];
            memmove(job->down + kept * n, job->down + v * n, n * sizeof *job->down);
            memmove(job->up + kept * n, job->up + v * n, n * sizeof *job->up);
            kept++;
        }
    }
    job->n_inputs = kept;
}

mtp_status mtp_round_steps(mtp_round_job *job, mtp_arena *arena, mtp_round_found *found,
                           mtp_error *err)
{
    size_t n;
    mtp_status status;

    job->input = MTP_ARENA_ARRAY(arena, job->k * job->n_columns, mtp_round_input);
    if (!job->input) {
        return mtp_fail_nomem(err);
    }
    list_inputs(job);
    n = job->n_inputs * job->n_figures;
    job->base = MTP_ARENA_ARRAY(arena, job->n_figures, double);
    job->down = MTP_ARENA_ARRAY(arena, n, double);
    job->up = MTP_ARENA_ARRAY(arena, n, double);
    if (!job->base || !job->down || !job->up) {
        return mtp_fail_nomem(err);
    }
    for (size_t f = 0; f < job->n_figures; f++) {
        job->base[f] = (double)NAN;
    }
    status = mtp_round_stage(job, 1, base_task, err, found);
    if (status == MTP_OK) {
        status = mtp_round_stage(job, MTP_ROUND_TASKS, step_task, NULL, found);
    }
    if (status == MTP_OK) {
        drop_idle(job);
    }
    return status;
}
