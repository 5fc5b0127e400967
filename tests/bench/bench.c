/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/pool.h"
#include "metapool/table.h"

#include "models/glmm_design.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * CPU time of pooling a study table that is already in memory, and of a mixed model on
 * a factor.
 *   metapool_bench STUDIES.csv    columns deaths, patients, entity
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
    printf("mtp_pool, overall, %s\t%.9f\n", c->name, seconds[CALLS / 2]);
}

/* A column of ones, and one for each level of the factor but the first. */
static double *columns_of(const mtp_column *factor, size_t *p)
{
    const char *level[16];
    size_t rows = factor->rows, *which = calloc(rows, sizeof *which);
    double *matrix;

    *p = 0;
    for (size_t i = 0; which && i < rows; i++) {
        while (which[i] < *p && strcmp(level[which[i]], factor->text[i]) != 0) {
            which[i]++;
        }
        if (which[i] == *p && *p < sizeof level / sizeof *level) {
            level[(*p)++] = factor->text[i];
        }
    }
    matrix = calloc(rows * *p, sizeof *matrix);
    for (size_t i = 0; matrix && i < rows; i++) {
        matrix[i * *p] = 1.0;
        matrix[i * *p + which[i]] = 1.0;
    }
    free(which);
    return matrix;
}

static void time_design(const mtp_table *table, const mtp_raw *raw, int nodes)
{
    static double seconds[CALLS];
    size_t p;
    double *matrix = columns_of(mtp_table_find(table, "entity"), &p);

    for (size_t i = 0; matrix && i < CALLS; i++) {
        double start = cpu_seconds();
        mtp_arena *arena = mtp_arena_new();
        mtp_glmm_design_fit fit;

        if (!arena ||
            mtp_glmm_fit_design(MTP_GLMM_BINOMIAL, raw->k, raw->column[MTP_ROLE_EVENTS],
                                raw->column[MTP_ROLE_N], NULL, p, matrix, nodes, arena,
                                &fit, NULL) != MTP_OK ||
            !fit.exists) {
            fprintf(stderr, "metapool_bench: the model on entity failed\n");
            exit(EXIT_FAILURE);
        }
        mtp_arena_free(arena);
        seconds[i] = cpu_seconds() - start;
    }
    qsort(seconds, CALLS, sizeof seconds[0], by_size);
    printf("GLMM on entity, %s\t%.9f\n", nodes ? "7 nodes" : "exact integral",
           seconds[CALLS / 2]);
    free(matrix);
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
    time_design(table, &raw, 7);
    time_design(table, &raw, 0);
    mtp_effects_free(effects);
    mtp_table_free(table);
    return 0;
}
