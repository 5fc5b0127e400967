/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_TWO_COUNTS_H
#define MTP_EFFECTS_TWO_COUNTS_H

#include "metapool/effects.h"

/**
 * Formulas of a 2 x 2 table, with corrections already in its cells:
 *
 *               event   none
 *     group 1     a       b     a + b = n1
 *     group 2     c       d     c + d = n2
 *
 * Every one is a sum or product of positive terms and of the determinant a d - b c,
 * which is taken without cancellation; none subtracts two rounded figures.
 */
typedef struct mtp_cells {
    double a, b, c, d;
} mtp_cells;

/** The table of study i, from events and patients of two groups. */
mtp_cells mtp_cells_of_events(const mtp_raw *raw, size_t i);

bool mtp_has_empty_cell(const mtp_cells *t);

/** a d - b c to two units in the last place. */
double mtp_determinant(const mtp_cells *t);

/** Log odds ratio, and 1/a + 1/b + 1/c + 1/d. */
void mtp_log_odds_ratio(const mtp_cells *t, double *yi, double *vi);

/** Yule's Q, or with `roots` Y, and its variance. */
void mtp_yule(const mtp_cells *t, bool roots, double *yi, double *vi);

/** Phi and its variance: the rows as drawn by design (stratified), or the whole table
 *  as one sample. `complement`: 1 - phi^2. */
void mtp_phi(const mtp_cells *t, bool stratified, double *yi, double *vi,
             double *complement);

/** atanh(r), where 1 - r^2 is known to more digits than r tells. */
double mtp_atanh_by(double r, double complement);

/**
 * Tetrachoric correlation by maximum likelihood and its variance, or with `fisher`
 * both of its z = atanh(r). NaN where a cell is empty: the maximum then lies at -1 or
 * 1, without a variance.
 */
void mtp_tetrachoric(const mtp_cells *t, bool fisher, double *yi, double *vi);

/** P(X < h, Y < k) of standard normal variables with the correlation r, -1 < r < 1. */
double mtp_bivariate_normal(double h, double k, double r);

#endif
