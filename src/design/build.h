/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_DESIGN_BUILD_H
#define MTP_DESIGN_BUILD_H

#include "design/basis.h"
#include "design/factor.h"
#include "design/formula.h"
#include "design/rank.h"

/** A column: of each leaf of its term one part, multiplied. The part of a factor is the
 * indicator of a level, else a column of its basis. */
typedef struct mtp_design_column {
    size_t term;        /* formula->n_terms: the intercept */
    const size_t *part; /* [n_leaves of the term] level, or column of the basis */
    const char *name;
} mtp_design_column;

/** The handle: the caller sees its first member. */
typedef struct mtp_owned_design {
    mtp_design design;
    mtp_arena *arena;
    mtp_formula formula;
    const mtp_factor *factor; /* [n_variables] n_levels 0: not used as a factor */
    const mtp_basis *basis;   /* [n_leaves] n_columns 0: a factor */
    size_t n_columns;         /* kept and left out */
    const mtp_design_column *column;
    const size_t *kept;       /* [p] the columns of the design among them */
    const size_t *alias_of;   /* [n_aliases] and of the aliases; n_columns: of a term */
    const double *alias_size; /* [n_aliases] the largest value of the column, or 0 */
} mtp_owned_design;

enum { MTP_DESIGN_COLUMNS = 1000 }; /* more is a slip: a column of names */

/** The columns of the formula's terms, with names. */
mtp_status mtp_design_columns(mtp_owned_design *owned, mtp_error *err);

/**
 * Take out the columns that depend on others.
 * @param x        [k * n_columns] all of them
 * @param scratch  another arena
 */
mtp_status mtp_design_reduce(mtp_owned_design *owned, const double x[], bool drop,
                             mtp_arena *scratch, mtp_error *err);

/** Fill in what the caller sees of terms, leaves and variables. */
mtp_status mtp_design_show(mtp_owned_design *owned, const mtp_design_values values[],
                           mtp_error *err);

/** The leaf as a factor, or NULL. */
const mtp_factor *mtp_design_factor_of(const mtp_owned_design *owned, size_t leaf);

#endif
