/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/pool.h"

#include "num/random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/*
 * CPU time of pooling k simulated studies by one method.
 *   metapool_bench_scale K estimator TAU2 | interval TAU2_CI | ci CI | methods
 * Prints seconds a call (the best of several) and the peak memory of the process in
 * bytes; `methods` prints what may be asked for instead.
 */

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Effects with mean 0.3 and tau2 0.1; variances from 0.01 to 0.4. */
static void simulate(size_t k, double yi[], double vi[])
{
    static const double two_pi = 6.283185307179586476925287;
    mtp_random draw = mtp_random_start(1, k);

    for (size_t i = 0; i < k; i++) {
        double radius = sqrt(-2.0 * log(mtp_random_uniform(&draw)));
        double z = radius * cos(two_pi * mtp_random_uniform(&draw));

        vi[i] = 0.01 * exp(3.7 * mtp_random_uniform(&draw));
        yi[i] = 0.3 + z * sqrt(vi[i] + 0.1);
    }
}

static void print_methods(void)
{
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        printf("estimator\t%s\n", mtp_tau2_id((mtp_tau2_method)m));
    }
    for (int c = 0; c < MTP_TAU2_CI_COUNT; c++) {
        printf("interval\t%s\n", mtp_tau2_ci_id((mtp_tau2_ci_method)c));
    }
    for (int c = 0; c < MTP_CI_COUNT; c++) {
        printf("ci\t%s\n", mtp_ci_id((mtp_ci_method)c));
    }
}

static int set_method(const char *what, const char *name, mtp_pool_options *o)
{
    int id = -1;

    if (strcmp(what, "estimator") == 0) {
        id = mtp_tau2_from_id(name);
        o->tau2 = (mtp_tau2_method)id;
    } else if (strcmp(what, "interval") == 0) {
        id = mtp_tau2_ci_from_id(name);
        o->tau2_ci = (mtp_tau2_ci_method)id;
    } else if (strcmp(what, "ci") == 0) {
        id = mtp_ci_from_id(name);
        o->ci = (mtp_ci_method)id;
    }
    return id;
}

static double seconds_a_call(const mtp_effects *effects, const mtp_pool_options *o)
{
    double best = (double)INFINITY, begin = cpu_seconds();

    for (int call = 0; call < 1000 && (call < 3 || cpu_seconds() - begin < 0.2);
         call++) {
        mtp_pool_result *result = NULL;
        mtp_error err;
        double start = cpu_seconds();

        if (mtp_pool(effects, NULL, o, &result, &err) != MTP_OK) {
            fprintf(stderr, "metapool_bench_scale: %s\n", err.message);
            exit(EXIT_FAILURE);
        }
        best = fmin(best, cpu_seconds() - start);
        mtp_pool_result_free(result);
    }
    return best;
}

int main(int argc, char **argv)
{
    size_t k = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
    mtp_effects effects = {.measure = mtp_measure_get(MTP_GEN), .k = k};
    double *yi, *vi;
    mtp_pool_options options;
    struct rusage usage;

    mtp_pool_options_init(&options, sizeof options);
    if (argc == 2 && strcmp(argv[1], "methods") == 0) {
        print_methods();
        return 0;
    }
    if (k == 0 || set_method(argv[2], argv[3], &options) < 0) {
        fputs("usage: metapool_bench_scale methods | K estimator|interval|ci NAME\n",
              stderr);
        return 2;
    }
    yi = calloc(k, sizeof *yi);
    vi = calloc(k, sizeof *vi);
    if (!yi || !vi) {
        fputs("metapool_bench_scale: memory is exhausted\n", stderr);
        return 1;
    }
    simulate(k, yi, vi);
    effects.yi = yi;
    effects.vi = vi;
    printf("%.9f", seconds_a_call(&effects, &options));
    (void)getrusage(RUSAGE_SELF, &usage);
    printf("\t%.0f\n", 1024.0 * (double)usage.ru_maxrss);
    free(yi);
    free(vi);
    return 0;
}
