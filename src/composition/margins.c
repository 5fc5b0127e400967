/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * O N - R C in place of O - E throughout: whole numbers, exact below 2^53, so that
 * equal shares give a statistic of exactly 0.
 */
#include "composition/margins.h"

#include "core/dd.h"
#include "num/dist.h"

#include <math.h>

/* The indices of the margins above 0 into order[], smallest margin first; how many. */
static size_t sort_used(size_t n, const double margin[], size_t order[])
{
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        size_t at = used;

        if (margin[i] == 0.0) {
            continue;
        }
        for (; at > 0 && margin[order[at - 1]] > margin[i]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = i;
        used++;
    }
    return used;
}

static bool add_margins(mtp_count_table *t, mtp_arena *arena, size_t rows,
                        size_t columns, const double count[], size_t order[],
                        double sum[])
{
    double *kept = MTP_ARENA_ARRAY(arena, rows * columns, double);
    double *R = MTP_ARENA_ARRAY(arena, rows, double);
    double *C = MTP_ARENA_ARRAY(arena, columns, double);

    if (!kept || !R || !C) {
        return false;
    }
    for (size_t i = 0; i < rows * columns; i++) {
        sum[i / columns] += count[i];
        sum[rows + i % columns] += count[i];
        t->N += count[i];
    }
    t->rows = sort_used(rows, sum, order);
    t->columns = sort_used(columns, sum + rows, order + rows);
    for (size_t i = 0; i < t->rows; i++) {
        R[i] = sum[order[i]];
        for (size_t j = 0; j < t->columns; j++) {
            C[j] = sum[rows + order[rows + j]];
            kept[i * t->columns + j] = count[order[i] * columns + order[rows + j]];
        }
    }
    t->count = kept;
    t->R = R;
    t->C = C;
    return true;
}

mtp_count_table *mtp_count_table_new(mtp_arena *arena, size_t rows, size_t columns,
                                     const double count[])
{
    mtp_count_table *t = MTP_ARENA_NEW(arena, mtp_count_table);
    size_t *order = MTP_ARENA_ARRAY(arena, rows + columns, size_t);
    double *sum = mtp_arena_zalloc(arena, rows + columns, sizeof *sum);

    if (!t || !order || !sum ||
        !add_margins(t, arena, rows, columns, count, order, sum)) {
        return NULL;
    }
    return t;
}

double mtp_table_expected_min(const mtp_count_table *table)
{
    return table->R[0] * table->C[0] / table->N;
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
    mtp_dd sum = mtp_dd_from(0.0);

    for (size_t i = 0; i < table->rows; i++) {
        for (size_t j = 0; j < table->columns; j++) {
            double RC = table->R[i] * table->C[j];
            double d = table->count[i * table->columns + j] * table->N - RC;

            sum = mtp_dd_add(sum, mtp_dd_from(d * (d / RC)));
        }
    }
    return chi_square_test(table, mtp_dd_to(sum) / table->N);
}

/*
 * The terms O log(O / E) change sign; O log(O / E) + E - O does not, and has the same
 * sum.
 */
mtp_test mtp_table_g(const mtp_count_table *table)
{
    mtp_dd sum = mtp_dd_from(0.0);

    for (size_t i = 0; i < table->rows; i++) {
        for (size_t j = 0; j < table->columns; j++) {
            double RC = table->R[i] * table->C[j];
            double O = table->count[i * table->columns + j];

            double part = O > 0.0 ? mtp_deviance_part(O * table->N, RC) : RC;

            sum = mtp_dd_add(sum, mtp_dd_from(part));
        }
    }
    return chi_square_test(table, 2.0 * mtp_dd_to(sum) / table->N);
}

double mtp_adjusted_residual(double O, double R, double C, double N)
{
    double spread = sqrt(R / N * (N - R)) * sqrt(C * (N - C));

    return spread > 0.0 ? (O * N - R * C) / spread : (double)NAN;
}
