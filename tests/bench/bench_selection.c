/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/selection.h"

#include "core/parallel.h"
#include "num/dist.h"
#include "num/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * Step selection models of many seeded sets of studies whose truth is known: how often
 * the intervals hold it, and the time that takes.
 *   metapool_bench_selection SETS THREADS
 * Prints one line a number of studies, figures between tabs: studies a set, sets
 * without a fit, without an interval of log delta, with tau2 = 0, with more than one
 * maximum; shares of the others that hold mu and log delta; the largest gradient norm;
 * elapsed seconds, CPU seconds.
 *   metapool_bench_selection types
 * Prints CPU seconds and the gradient norm of each type and side for the first set.
 */

/* True effects N(MU, TAU2); sampling variances from LEAST to MOST, uniform in their
 * logarithm. A study with a one-sided p-value above STEP is published with probability
 * DELTA, all others are; studies are drawn until enough are published. */
static const double MU = 0.2, TAU2 = 0.04, LEAST = 0.005, MOST = 0.2, STEP = 0.025,
                    DELTA = 0.3;

enum { SEED = 1, STUDIES_MAX = 400 };

typedef struct outcome {
    bool fitted, has_delta, holds_mu, holds_delta, tau2_zero, several;
    double gradient;
} outcome;

typedef struct job {
    size_t k;
    outcome *of; /* by set */
} job;

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double draw_normal(mtp_random *draw)
{
    static const double two_pi = 6.283185307179586476925287;
    double radius = sqrt(-2.0 * log(mtp_random_uniform(draw)));

    return radius * cos(two_pi * mtp_random_uniform(draw));
}

static void draw_set(size_t k, size_t set, double yi[], double vi[])
{
    mtp_random draw = mtp_random_start(SEED, (uint64_t)STUDIES_MAX * set + k);
    size_t n = 0;

    while (n < k) {
        double v = LEAST * exp(log(MOST / LEAST) * mtp_random_uniform(&draw));
        double y = MU + sqrt(TAU2 + v) * draw_normal(&draw);

        if (mtp_normal_upper(y / sqrt(v)).p <= STEP ||
            mtp_random_uniform(&draw) < DELTA) {
            yi[n] = y;
            vi[n++] = v;
        }
    }
}

static mtp_status fit_set(void *context, size_t set)
{
    static const double z = 1.959963984540054235524594;
    const job *j = context;
    outcome *out = &j->of[set];
    double yi[STUDIES_MAX], vi[STUDIES_MAX];
    mtp_selection_result *r = NULL;

    draw_set(j->k, set, yi, vi);
    if (mtp_selection(j->k, yi, vi, 1, NULL, NULL, &r, NULL) != MTP_OK) {
        return MTP_OK; /* counted as no fit */
    }
    out->fitted = true;
    out->has_delta = r->delta_se[1] > 0.0;
    out->holds_mu = r->beta[0].ci_lower <= MU && MU <= r->beta[0].ci_upper;
    out->holds_delta = out->has_delta && fabs(log(r->delta[1] / DELTA)) <=
                                             z * r->delta_se[1] / r->delta[1];
    out->tau2_zero = !(r->tau2 > 0.0);
    out->several = r->n_modes > 1;
    out->gradient = r->gradient_norm;
    mtp_selection_free(r);
    return MTP_OK;
}

static void print(const job *j, size_t sets, double wall, double cpu)
{
    size_t fitted = 0, deltas = 0, mus = 0, held = 0, zero = 0, several = 0;
    double gradient = 0.0;

    for (size_t i = 0; i < sets; i++) {
        fitted += j->of[i].fitted;
        deltas += j->of[i].has_delta;
        mus += j->of[i].holds_mu;
        held += j->of[i].holds_delta;
        zero += j->of[i].tau2_zero;
        several += j->of[i].several;
        gradient = fmax(gradient, j->of[i].gradient);
    }
    printf("%zu\t%zu\t%zu\t%zu\t%zu\t%.4f\t%.4f\t%.1e\t%.2f\t%.2f\n", j->k,
           sets - fitted, fitted - deltas, zero, several, (double)mus / (double)fitted,
           (double)held / (double)deltas, gradient, wall, cpu);
}

static int time_types(void)
{
    double yi[STUDIES_MAX], vi[STUDIES_MAX];

    draw_set(STUDIES_MAX, 0, yi, vi);
    for (int i = 0; i < 2 * MTP_SELECTION_COUNT; i++) {
        mtp_selection_options o;
        mtp_selection_result *r = NULL;
        double cpu;

        mtp_selection_options_init(&o, sizeof o);
        o.type = (mtp_selection_type)(i / 2);
        o.side = i % 2 ? MTP_SELECTION_TWO_SIDED : MTP_SELECTION_GREATER;
        cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
        if (mtp_selection(STUDIES_MAX, yi, vi, 1, NULL, &o, &r, NULL) != MTP_OK) {
            fputs("metapool_bench_selection: a fit failed\n", stderr);
            return EXIT_FAILURE;
        }
        cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        printf("%s, %s\t%.4f\t%.1e\n", mtp_selection_id(o.type),
               mtp_selection_side_id(o.side), cpu, r->gradient_norm);
        mtp_selection_free(r);
    }
    return 0;
}

int main(int argc, char **argv)
{
    static const size_t studies[] = {STUDIES_MAX, 40};
    long sets = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    long threads = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

    if (argc == 2 && strcmp(argv[1], "types") == 0) {
        return time_types();
    }
    if (sets < 1 || threads < 1) {
        fputs("usage: metapool_bench_selection SETS THREADS | types\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof studies / sizeof studies[0]; i++) {
        job j = {studies[i], calloc((size_t)sets, sizeof(outcome))};
        double wall = seconds_of(CLOCK_MONOTONIC);
        double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

        if (!j.of || mtp_parallel_for((size_t)sets, (unsigned)threads, fit_set, &j)) {
            fputs("metapool_bench_selection: no memory\n", stderr);
            return EXIT_FAILURE;
        }
        wall = seconds_of(CLOCK_MONOTONIC) - wall;
        cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        print(&j, (size_t)sets, wall, cpu);
        free(j.of);
    }
    return 0;
}
