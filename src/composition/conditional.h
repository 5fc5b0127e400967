/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_COMPOSITION_CONDITIONAL_H
#define MTP_COMPOSITION_CONDITIONAL_H

#include "composition/margins.h"

#include <stdint.h>

/**
 * The conditional test: given its margins, a table of independent rows and columns has
 * probability
 *   P = prod R! prod C! / (N! prod O!),
 * and the p-value is the probability of all tables that are no more probable than the
 * one observed. Tables within a factor of 1 + 1e-7 count as equally probable, since
 * rounding must not tear ties apart.
 *
 * Source: Freeman & Halton (1951), Biometrika 38:141-149,
 * doi:10.1093/biomet/38.1-2.141.
 */

/**
 * log P of tables with given margins, cell by cell. With E = R C / N,
 *   P = prod pois(O; E) pois(N; N) / (prod pois(R; R) prod pois(C; C)),
 * pois the Poisson probability: unlike sums of log factorials, the terms are small, and
 * a sum of them is right to some 15 digits however large the counts are.
 */
typedef struct mtp_table_law {
    const mtp_count_table *table;
    double constant;      /* what does not depend on the cells */
    const double *term;   /* log pois(x; E), x = 0 .. min(R, C), of all cells in turn */
    const size_t *offset; /* [cells] of a cell's first term; NULL: too many to keep */
    double bound; /* log P of a table that is no more probable is at most this */
} mtp_table_law;

/** MTP_OK; MTP_E_NOMEM. */
mtp_status mtp_table_law_init(mtp_table_law *law, const mtp_count_table *table,
                              mtp_arena *arena);

/** The part of log P of count x in cell i * columns + j. */
double mtp_law_cell(const mtp_table_law *law, size_t cell, double x);

/**
 * The p-value from all tables, visited one by one.
 * @param limit  most tables to visit
 * @param p      out: untouched when there are more
 * @return MTP_OK; MTP_E_UNSUPPORTED when there are more tables; MTP_E_NOMEM
 */
mtp_status mtp_conditional_exact(const mtp_table_law *law, size_t limit,
                                 mtp_arena *scratch, double *p);

/**
 * How many of `draws` random tables there is time for: the cost of a draw grows with
 * the square root of the counts. All of them where they take 1e8 steps or fewer, else
 * as many as do; 0 where those are fewer than 1000.
 */
size_t mtp_conditional_draws(const mtp_count_table *table, size_t draws);

/**
 * The p-value from `draws` random tables, p = (1 + hits) / (draws + 1): the observed
 * table counts as a draw, so that p is never 0 and the test keeps its level.
 * Table d is a function of the margins, the seed and d alone, whatever the number of
 * threads.
 * Source: Davison & Hinkley (1997), section 4.2, doi:10.1017/CBO9780511802843.
 */
mtp_status mtp_conditional_random(const mtp_table_law *law, uint64_t seed, size_t draws,
                                  unsigned threads, mtp_arena *scratch, double *p);

#endif
