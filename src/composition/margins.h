/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_COMPOSITION_MARGINS_H
#define MTP_COMPOSITION_MARGINS_H

#include "metapool/composition.h"

#include "core/arena.h"

/**
 * A table of counts O[i][j] (row-major) with its margins, rows and columns of zeros
 * left out, both in order of increasing margins: random tables are then a function of
 * the margins, not of the order in which groups and categories were given.
 *
 * Symbols: R row sums, C column sums, N total, E = R C / N expected counts.
 */
typedef struct mtp_count_table {
    size_t rows, columns;
    const double *count; /* [rows][columns] */
    const double *R, *C; /* [rows], [columns], > 0, increasing */
    double N;
} mtp_count_table;

/** NULL when memory is exhausted. The input is [rows][columns], whole numbers >= 0. */
mtp_count_table *mtp_count_table_new(mtp_arena *arena, size_t rows, size_t columns,
                                     const double count[]);

/** Smallest expected count. */
double mtp_table_expected_min(const mtp_count_table *table);

/**
 * Pearson's chi-square sum (O - E)^2 / E and the likelihood ratio
 * G = 2 sum O log(O / E), both with (rows - 1)(columns - 1) degrees of freedom.
 * Needs at least two rows and columns.
 */
mtp_test mtp_table_chi_square(const mtp_count_table *table);
mtp_test mtp_table_g(const mtp_count_table *table);

/**
 * Adjusted standardized residual (O - E) / sqrt(E (1 - R / N) (1 - C / N)); NaN where a
 * margin is 0 or N. Source: Haberman (1973), Biometrics 29:205-220,
 * doi:10.2307/2529686.
 */
double mtp_adjusted_residual(double O, double R, double C, double N);

#endif
