/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/pool.h"
#include "metapool/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * CPU time of pooling a study table that is already in memory.
 *   metapool_bench STUDIES.csv    columns deaths, patients
 * Prints one line a case: its name, a tab, the median of many calls in seconds.
 */

enum { CALLS = 1001 };

typedef struct bench_case {
    const char *name;
    mtp_method method;
    int nodes;
} bench_case;

static const bench_case cases[] = {
    {"GLMM, 7 nodes", MTP_METHOD_GLMM, 7},
    {"GLMM, exact integral", MTP_METHOD_GLMM, 0},
    {"inverse variance, REML", MTP_METHOD_INVERSE, 0},
};

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* One call; ends the program when it fails, for a time of nothing is no time. */
static void pool_once(const mtp_effects *effects, const mtp_pool_options *options)
{
    mtp_pool_result *result = NULL;
    mtp_error err;

    if (mtp_pool(effects, NULL, options, &result, &err) != MTP_OK ||
        !result->overall.exists) {
        fprintf(stderr, "metapool_bench: %s\n", err.message);
        exit(EXIT_FAILURE);
    }
    mtp_pool_result_free(result);
}

static void time_case(const mtp_effects *effects, const bench_case *c)
{
    static double seconds[CALLS];
    mtp_pool_options options;

    mtp_pool_options_init(&options, sizeof options);
    options.method = c->method;
    options.nodes = c->nodes;
    if (c->method == MTP_METHOD_GLMM) {
        options.tau2 = MTP_TAU2_ML;
        options.ci = MTP_CI_WALD;
    }
    for (size_t i = 0; i < CALLS; i++) {
        double start = cpu_seconds();

        pool_once(effects, &options);
        seconds[i] = cpu_seconds() - start;
    }
    qsort(seconds, CALLS, sizeof seconds[0], by_size);
    printf("%s\t%.9f\n", c->name, seconds[CALLS / 2]);
}

int main(int argc, char **argv)
{
    mtp_table *table = NULL;
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};
    mtp_raw raw = {.size = sizeof raw};

    if (argc != 2) {
        fputs("usage: metapool_bench STUDIES.csv\n", stderr);
        return 2;
    }
    if (mtp_table_read_csv(argv[1], NULL, &table, NULL, &err) != MTP_OK) {
        fprintf(stderr, "metapool_bench: %s\n", err.message);
        return 1;
    }
    raw.k = mtp_table_rows(table);
    raw.column[MTP_ROLE_EVENTS] = mtp_table_find(table, "deaths")->number;
    raw.column[MTP_ROLE_N] = mtp_table_find(table, "patients")->number;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_PLO;
    if (mtp_effects_compute(&options, &raw, &effects, &err) != MTP_OK) {
        fprintf(stderr, "metapool_bench: %s\n", err.message);
        return 1;
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        time_case(effects, &cases[i]);
    }
    mtp_effects_free(effects);
    mtp_table_free(table);
    return 0;
}
