/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/bootstrap.h"

#include "core/parallel.h"
#include "models/tau2_draws.h"
#include "num/dist.h"
#include "num/random.h"
#include "tau2/sums.h"

#include <math.h>
#include <stdlib.h>

enum { DRAWS_A_TASK = 1024 };

typedef struct bootstrap {
    const mtp_studies *studies;
    mtp_tau2_draws tau2;
    uint64_t seed;
    size_t n;
    double *draw; /* [n] from the centre, in the studies' unit */
} bootstrap;

/* Student's t: Bailey (1994), Math Comp 62:779-781, doi:10.2307/2153537. */
static double draw_t(mtp_random *random, double df)
{
    static const double two_pi = 6.28318530717958647692;
    double size = sqrt(df * expm1(-2.0 / df * log(mtp_random_uniform(random))));

    return size * cos(two_pi * mtp_random_uniform(random));
}

static double draw_effect(const bootstrap *b, size_t i)
{
    mtp_random random = mtp_random_start(b->seed, i);
    double df = mtp_studies_df(b->studies);
    double tau2 = mtp_tau2_draws_at(
        &b->tau2, mtp_normal_upper_quantile(mtp_random_uniform(&random)));
    double z = mtp_normal_upper_quantile(mtp_random_uniform(&random));
    double t = draw_t(&random, df);
    mtp_sums s;

    mtp_sums_at(b->studies, mtp_dd_from(tau2), &s);
    return s.mean.hi + z * sqrt(tau2) - t * sqrt(fmax(s.Q.hi, 0.0) / (df * s.w.hi));
}

static mtp_status draw_some(void *context, size_t task)
{
    bootstrap *b = (bootstrap *)context;
    size_t end = (task + 1) * DRAWS_A_TASK;

    for (size_t i = task * DRAWS_A_TASK; i < end && i < b->n; i++) {
        b->draw[i] = draw_effect(b, i);
    }
    return MTP_OK;
}

static int by_size(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return *a < *b ? -1 : *a > *b;
}

/* Between two draws at rank h, 0 <= h <= n - 1, in proportion. */
static double at_rank(const bootstrap *b, double h)
{
    double rank = fmin(fmax(h, 0.0), (double)(b->n - 1)), whole = floor(rank);
    size_t i = (size_t)whole, next = i + 1 < b->n ? i + 1 : i;

    return b->draw[i] + (rank - whole) * (b->draw[next] - b->draw[i]);
}

/* Half the distance between the draws one standard error of the rank below and above.
 */
static double error_at(const bootstrap *b, double h, double p)
{
    double step = sqrt((double)b->n * p * (1.0 - p));

    return 0.5 * (at_rank(b, h + step) - at_rank(b, h - step));
}

mtp_status mtp_bootstrap_prediction(const mtp_studies *studies,
                                    const mtp_pool_options *options, mtp_arena *scratch,
                                    mtp_prediction *prediction,
                                    mtp_bootstrap_error *error)
{
    bootstrap b = {.studies = studies,
                   .seed = options->seed,
                   .n = options->draws,
                   .draw = MTP_ARENA_ARRAY(scratch, options->draws, double)};
    double tail = mtp_tail_of_level(options->level), centre = studies->block[0].centre;
    double low = tail * (double)(b.n - 1), high = (double)(b.n - 1) - low;
    mtp_status status = b.draw ? MTP_OK : MTP_E_NOMEM;

    if (status == MTP_OK) {
        mtp_tau2_draws_prepare(studies, &b.tau2);
        status = mtp_parallel_for((b.n + DRAWS_A_TASK - 1) / DRAWS_A_TASK,
                                  options->threads, draw_some, &b);
    }
    if (status != MTP_OK) {
        return status;
    }
    qsort(b.draw, b.n, sizeof *b.draw, by_size);
    *prediction =
        (mtp_prediction){.method = MTP_PI_NNF,
                         .se = (double)NAN,
                         .df = mtp_studies_df(studies),
                         .lower = centre + ldexp(at_rank(&b, low), studies->unit),
                         .upper = centre + ldexp(at_rank(&b, high), studies->unit)};
    error->lower = ldexp(error_at(&b, low, tail), studies->unit);
    error->upper = ldexp(error_at(&b, high, tail), studies->unit);
    return MTP_OK;
}
