/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Percentiles of the figures of random inputs. */
#include "num/random.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <stdlib.h>

typedef struct drawing {
    const mtp_round_job *job;
    double *figure; /* [n_figures][draws] */
} drawing;

static mtp_status draw_task(mtp_round_room *room, void *context, size_t task)
{
    const drawing *d = (const drawing *)context;
    const mtp_round_job *job = d->job;
    size_t from, to, draws = job->options.draws;

    mtp_round_share(draws, task, &from, &to);
    for (size_t i = from; i < to; i++) {
        mtp_random random = mtp_random_start(job->options.seed, i);
        mtp_status status;

        for (size_t v = 0; v < job->n_inputs; v++) {
            room->x[v] = 2.0 * mtp_random_uniform(&random) - 1.0;
        }
        status = mtp_round_fit(room, job->n_parts, NULL);
        if (status != MTP_OK) {
            return status;
        }
        for (size_t f = 0; f < job->n_figures; f++) {
            d->figure[f * draws + i] = room->figure[f];
        }
    }
    return MTP_OK;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Between the order statistics around it; x sorted. */
static double percentile(const double x[], size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t below = (size_t)at;
    double beyond = at - (double)below;

    return beyond == 0.0 ? x[below] : x[below] + beyond * (x[below + 1] - x[below]);
}

mtp_status mtp_round_draw(const mtp_round_job *job, mtp_arena *arena,
                          mtp_round_found *found)
{
    size_t draws = job->options.draws;
    drawing d = {job, MTP_ARENA_ARRAY(arena, job->n_figures * draws, double)};
    mtp_status status =
        d.figure ? mtp_round_stage(job, MTP_ROUND_TASKS, draw_task, &d, found)
                 : MTP_E_NOMEM;

    for (size_t f = 0; status == MTP_OK && f < job->n_figures; f++) {
        double *x = d.figure + f * draws;
        size_t n = 0;

        for (size_t i = 0; i < draws; i++) {
            if (!isnan(x[i])) {
                x[n++] = x[i];
            }
        }
        qsort(x, n, sizeof *x, compare);
        found->lower[f] = n > 0 ? percentile(x, n, 0.025) : (double)NAN;
        found->median[f] = n > 0 ? percentile(x, n, 0.5) : (double)NAN;
        found->upper[f] = n > 0 ? percentile(x, n, 0.975) : (double)NAN;
    }
    return status;
}
