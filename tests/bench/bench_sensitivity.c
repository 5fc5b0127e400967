/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/sensitivity.h"

#include "num/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/*
 * Elapsed and CPU time of sensitivity analyses of simulated studies.
 *   metapool_bench_sensitivity THREADS
 * Prints one line a case: its name, elapsed seconds, CPU seconds, between tabs.
 */

enum { FEW = 20, MANY = 1000 };

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Effects with mean 0.3 and tau2 0.1; variances from 0.01 to 0.4. */
static mtp_effects *simulate(size_t k)
{
    static const double two_pi = 6.283185307179586476925287;
    static double yi[MANY], vi[MANY];
    mtp_random draw = mtp_random_start(1, k);
    mtp_raw raw = {.size = sizeof raw, .k = k};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    for (size_t i = 0; i < k; i++) {
        double radius = sqrt(-2.0 * log(mtp_random_uniform(&draw)));
        double z = radius * cos(two_pi * mtp_random_uniform(&draw));

        vi[i] = 0.01 * exp(3.7 * mtp_random_uniform(&draw));
        yi[i] = 0.3 + z * sqrt(vi[i] + 0.1);
    }
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_GEN;
    if (mtp_effects_compute(&options, &raw, &effects, NULL) != MTP_OK) {
        exit(EXIT_FAILURE);
    }
    return effects;
}

static void must(mtp_status status)
{
    if (status != MTP_OK) {
        fputs("metapool_bench_sensitivity: an analysis failed\n", stderr);
        exit(EXIT_FAILURE);
    }
}

static void gosh(const mtp_effects *effects, mtp_tau2_method tau2, unsigned threads)
{
    mtp_gosh_options options;
    mtp_gosh_result *result = NULL;

    mtp_gosh_options_init(&options, sizeof options);
    options.tau2 = tau2;
    options.threads = threads;
    must(mtp_gosh(effects, &options, &result, NULL));
    mtp_gosh_free(result);
}

static void gosh_dl(const mtp_effects *effects, unsigned threads)
{
    gosh(effects, MTP_TAU2_DL, threads);
}

static void gosh_reml(const mtp_effects *effects, unsigned threads)
{
    gosh(effects, MTP_TAU2_REML, threads);
}

static void leave_one_out(const mtp_effects *effects, unsigned threads)
{
    mtp_pool_options options;
    mtp_subset_fits *fits = NULL;

    mtp_pool_options_init(&options, sizeof options);
    options.threads = threads;
    must(mtp_leave_out(effects, &options, 0, NULL, &fits, NULL));
    mtp_subset_fits_free(fits);
}

static void influence(const mtp_effects *effects, unsigned threads)
{
    mtp_influence_options options;
    mtp_influence_result *result = NULL;

    mtp_influence_options_init(&options, sizeof options);
    options.threads = threads;
    must(mtp_influence(effects, NULL, &options, &result, NULL));
    mtp_influence_free(result);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        size_t k;
        void (*run)(const mtp_effects *effects, unsigned threads);
    } cases[] = {
        {"GOSH, all subsets of 20 studies, DL", FEW, gosh_dl},
        {"GOSH, all subsets of 20 studies, REML", FEW, gosh_reml},
        {"leave-one-out, 1,000 studies, REML", MANY, leave_one_out},
        {"influence, 1,000 studies, REML", MANY, influence},
    };
    long threads = argc == 2 ? strtol(argv[1], NULL, 10) : 0;

    if (threads < 1) {
        fputs("usage: metapool_bench_sensitivity THREADS\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_effects *effects = simulate(cases[i].k);
        double wall = seconds_of(CLOCK_MONOTONIC);
        double cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID);

        cases[i].run(effects, (unsigned)threads);
        wall = seconds_of(CLOCK_MONOTONIC) - wall;
        cpu = seconds_of(CLOCK_PROCESS_CPUTIME_ID) - cpu;
        printf("%s\t%.4f\t%.4f\n", cases[i].name, wall, cpu);
        mtp_effects_free(effects);
    }
    return 0;
}
