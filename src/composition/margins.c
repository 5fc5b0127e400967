/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * O N - R C in place of O - E throughout: whole numbers, exact below 2^53, so that
 * equal shares give a statistic of exactly 0.
 */
#include "composition/margins.h"

#include "num/dist.h"

#include <math.h>

/* Copy the rows and columns that are not all zero; R and C are already known. */
static void keep_used(mtp_count_table *t, double *kept, size_t rows, size_t columns,
                      const double count[], double R[], double C[])
{
    size_t n = 0;

    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            if (R[i] > 0.0 && C[j] > 0.0) {
                kept[n++] = count[i * columns + j];
            }
        }
    }
    for (size_t i = 0; i < rows; i++) {
        if (R[i] > 0.0) {
            R[t->rows++] = R[i];
        }
    }
    for (size_t j = 0; j < columns; j++) {
        if (C[j] > 0.0) {
            C[t->columns++] = C[j];
        }
    }
}

mtp_count_table *mtp_count_table_new(mtp_arena *arena, size_t rows, size_t columns,
                                     const double count[])
{
    mtp_count_table *t = MTP_ARENA_NEW(arena, mtp_count_table);
    double *R = mtp_arena_zalloc(arena, rows, sizeof *R);
    double *C = mtp_arena_zalloc(arena, columns, sizeof *C);
    double *kept = MTP_ARENA_ARRAY(arena, rows * columns, double);

    if (!t || !R || !C || !kept) {
        return NULL;
    }
    for (size_t i = 0; i < rows; i++) {
        for (size_t j = 0; j < columns; j++) {
            R[i] += count[i * columns + j];
            C[j] += count[i * columns + j];
        }
        t->N += R[i];
    }
    keep_used(t, kept, rows, columns, count, R, C);
    t->count = kept;
    t->R = R;
    t->C = C;
    return t;
}

double mtp_table_expected_min(const mtp_count_table *table)
{
    double r = table->R[0], c = table->C[0];

    for (size_t i = 1; i < table->rows; i++) {
        r = fmin(r, table->R[i]);
    }
    for (size_t j = 1; j < table->columns; j++) {
        c = fmin(c, table->C[j]);
    }
    return r * c / table->N;
}

static mtp_test chi_square_test(const mtp_count_table *table, double statistic)
{
    double df = (double)(table->rows - 1) * (double)(table->columns - 1);
    mtp_tail tail = mtp_chisq_upper(statistic, df);

    return (mtp_test){.statistic = statistic,
                      .df = df,
                      .df2 = (double)NAN,
                      .p = tail.p,
                      .log_p = tail.log_p};
}

mtp_test mtp_table_chi_square(const mtp_count_table *table)
{
    double sum = 0.0;

    for (size_t i = 0; i < table->rows; i++) {
        for (size_t j = 0; j < table->columns; j++) {
            double RC = table->R[i] * table->C[j];
            double d = table->count[i * table->columns + j] * table->N - RC;

            sum += d * (d / RC);
        }
    }
    return chi_square_test(table, sum / table->N);
}

/*
 * The terms O log(O / E) change sign; O log(O / E) + E - O does not, and has the same
 * sum.
 */
mtp_test mtp_table_g(const mtp_count_table *table)
{
    double sum = 0.0;

    for (size_t i = 0; i < table->rows; i++) {
        for (size_t j = 0; j < table->columns; j++) {
            double RC = table->R[i] * table->C[j];
            double O = table->count[i * table->columns + j];

            sum += O > 0.0 ? mtp_deviance_part(O * table->N, RC) : RC;
        }
    }
    return chi_square_test(table, 2.0 * sum / table->N);
}

double mtp_adjusted_residual(double O, double R, double C, double N)
{
    double spread = sqrt(R / N * (N - R)) * sqrt(C * (N - C));

    return spread > 0.0 ? (O * N - R * C) / spread : (double)NAN;
}
