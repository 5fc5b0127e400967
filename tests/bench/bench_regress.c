/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/design.h"
#include "metapool/regress.h"
#include "metapool/table.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/*
 * CPU time of meta-regressions of a study table that is already in memory.
 *   metapool_bench_regress STUDIES.csv    datasets/nrm2024/studies.csv
 * Prints one line a case: its name, a tab, the median of many calls in seconds.
 */

enum { CALLS = 201, ROWS_MAX = 64, VARIABLES_MAX = 8 };

typedef struct bench_case {
    const char *name, *where, *formula;
    mtp_tau2_method tau2;
    size_t permutations, calls;
} bench_case;

#define MM       "entity = 'MM' AND product NOT LIKE '%+%'"
#define ALL_FIVE "product + (followup_months > 13.3) + setting + enrolment_ended + line"

static const bench_case cases[] = {
    {"regression, 52 cohorts on setting + line, REML", "1", "setting + line",
     MTP_TAU2_REML, 0, CALLS},
    {"regression, MM on all five, ML", MM, ALL_FIVE, MTP_TAU2_ML, 0, CALLS},
    {"1,000 permutations (495 exist), MM on product, ML", MM, "product", MTP_TAU2_ML,
     1000, 21},
    {"1,000 permutations, MM on all five, ML", MM, ALL_FIVE, MTP_TAU2_ML, 1000, 21},
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

/* A time of nothing is no time. */
static void must(mtp_status status, const mtp_error *err)
{
    if (status != MTP_OK) {
        fprintf(stderr, "metapool_bench_regress: %s\n", err->message);
        exit(EXIT_FAILURE);
    }
}

/* What a regression is made of. */
typedef struct inputs {
    mtp_formula *formula;
    mtp_design *design;
    mtp_effects *effects;
    mtp_moderators moderators;
} inputs;

static size_t choose_rows(const mtp_table *table, const char *where, size_t n,
                          mtp_values *const values[], size_t row[])
{
    mtp_values *kept = NULL;
    size_t k = 0;
    mtp_error err;

    must(mtp_table_evaluate(table, where, &kept, &err), &err);
    for (size_t i = 0; i < mtp_table_rows(table); i++) {
        bool used = mtp_values_column(kept)->number[i] != 0.0;

        for (size_t j = 0; j < n; j++) {
            used = used && !mtp_values_column(values[j])->missing[i];
        }
        if (used && k < ROWS_MAX) {
            row[k++] = i;
        }
    }
    mtp_values_free(kept);
    return k;
}

static void build_design(inputs *in, size_t k, const size_t row[],
                         mtp_values *const values[])
{
    static double number[VARIABLES_MAX][ROWS_MAX];
    static const char *text[VARIABLES_MAX][ROWS_MAX];
    mtp_design_values given[VARIABLES_MAX];
    mtp_error err;

    for (size_t j = 0; j < in->formula->n_variables; j++) {
        const mtp_column *column = mtp_values_column(values[j]);

        given[j] = column->number ? (mtp_design_values){.number = number[j]}
                                  : (mtp_design_values){.text = text[j]};
        for (size_t i = 0; i < k; i++) {
            number[j][i] = column->number ? column->number[row[i]] : 0.0;
            text[j][i] = column->text[row[i]];
        }
    }
    must(mtp_design_build(in->formula, k, given, NULL, &in->design, &err), &err);
}

static void compute_effects(inputs *in, const mtp_table *table, size_t k,
                            const size_t row[])
{
    double events[ROWS_MAX], n[ROWS_MAX];
    mtp_effects_options options;
    mtp_raw raw = {.size = sizeof raw, .k = k};
    mtp_error err;

    for (size_t i = 0; i < k; i++) {
        events[i] = mtp_table_find(table, "deaths")->number[row[i]];
        n[i] = mtp_table_find(table, "patients")->number[row[i]];
    }
    raw.column[MTP_ROLE_EVENTS] = events;
    raw.column[MTP_ROLE_N] = n;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_PLO;
    must(mtp_effects_compute(&options, &raw, &in->effects, &err), &err);
}

static void prepare(const mtp_table *table, const bench_case *c, inputs *in)
{
    mtp_values *values[VARIABLES_MAX] = {NULL};
    size_t row[ROWS_MAX], k;
    mtp_error err;

    must(mtp_formula_parse(c->formula, &in->formula, &err), &err);
    for (size_t j = 0; j < in->formula->n_variables; j++) {
        must(mtp_table_evaluate(table, in->formula->variable[j], &values[j], &err),
             &err);
    }
    k = choose_rows(table, c->where, in->formula->n_variables, values, row);
    build_design(in, k, row, values);
    compute_effects(in, table, k, row);
    for (size_t j = 0; j < in->formula->n_variables; j++) {
        mtp_values_free(values[j]);
    }
    in->moderators = (mtp_moderators){.k = k,
                                      .p = in->design->p,
                                      .x = in->design->x,
                                      .name = in->design->column_name,
                                      .intercept = true,
                                      .n_terms = in->design->n_terms,
                                      .term = in->design->term_name,
                                      .column_term = in->design->column_term};
}

static void time_case(const mtp_table *table, const bench_case *c)
{
    static double seconds[CALLS];
    mtp_regress_options options;
    inputs in;

    prepare(table, c, &in);
    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = c->tau2;
    options.permutations = c->permutations;
    for (size_t i = 0; i < c->calls; i++) {
        double start = cpu_seconds();
        mtp_regress_result *result = NULL;
        mtp_error err;

        must(mtp_regress(in.effects, &in.moderators, &options, &result, &err), &err);
        mtp_regress_result_free(result);
        seconds[i] = cpu_seconds() - start;
    }
    qsort(seconds, c->calls, sizeof seconds[0], by_size);
    printf("%s\t%.9f\n", c->name, seconds[c->calls / 2]);
    mtp_effects_free(in.effects);
    mtp_design_free(in.design);
    mtp_formula_free(in.formula);
}

int main(int argc, char **argv)
{
    mtp_table *table = NULL;
    mtp_error err = {0};

    if (argc != 2) {
        fputs("usage: metapool_bench_regress STUDIES.csv\n", stderr);
        return 2;
    }
    must(mtp_table_read_csv(argv[1], NULL, &table, NULL, &err), &err);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        time_case(table, &cases[i]);
    }
    mtp_table_free(table);
    return 0;
}
