/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_NESTED_H
#define MTP_EXPLAIN_NESTED_H

#include "metapool/multilevel.h"

#include "explain/work.h"

/**
 * Models of nested levels by hand. Every group is worked twice, from the inside out:
 * first what it is to the level around it (a weight, a weighted effect), and, once the
 * mean is known, its share of the equations that the variances solve. Level 0 is what
 * holds the outermost groups; a level whose groups are single effects has its variance
 * in their weights and no groups here.
 *
 * Names. In a group of level l: a sum of weights before its variance is there, b = 1 +
 * sigma2_l a, w = a / b; a_y, w_y the same of weighted effects, a_j, w_j of column j.
 * e_l sum of V^-1 (y - Xb), u_l sum of the predicted effects of this group and those
 * around it, T_l its variance where b is known, c_l the part of a weight that is left.
 */

enum {
    MTP_NESTED_P = 5,         /* columns at most */
    MTP_NESTED_CARRIED = 128, /* quantities of a group */
    MTP_NESTED_COLUMNS = 80,  /* of a table, which has no more */
};

/** What a group hands on: its name, and how children that are effects make it. */
typedef struct mtp_nested_quantity {
    const char *name; /* "w_y" */
    const char *sum;  /* of what the children have: "sum(w_y_i)" */
    const char *leaf; /* a child that is an effect: "w_i * y_i" */
    const char *raw;  /* "a_y": divided by b; NULL: a product of two, or a logarithm */
    const char *first, *second; /* "a_2", "a_y": raws of a product's factors, or NULL */
} mtp_nested_quantity;

/** Values of a quantity in all groups of a level. */
typedef struct mtp_nested_values {
    double *value, *error; /* [groups] */
} mtp_nested_values;

typedef struct mtp_nested_model {
    mtp_explain_work *work;
    mtp_solution *s;
    const mtp_explain_set *set;
    const mtp_variance_component *levels;
    size_t n_levels, depth; /* of `depth` levels there are groups */
    bool restricted;        /* REML */
    size_t p;               /* columns; 1 without moderators */
    bool constant;          /* the first is one of ones */
    const double *const *x; /* [p][k], or NULL: a mean */
    const char *weight;     /* of an effect: "1 / (v_i + sigma2_2)" */
    const char *spread;     /* "v_i + sigma2_2" */
    const char *b;          /* what the mean, or a coefficient, is called: "mu", "b" */
    const char *residual;   /* "y_i - mu", "y_i - b_1 - b_2 * x_2_i" */
    const double *beta, *vcov; /* [p], [p * p] of the analysis */
    bool limit;  /* at a limit of a variance, which is `given` in its level */
    double tau2; /* of all levels together; not at a limit */
    const mtp_fit *fit;
    size_t n[MTP_LEVELS_MAX + 1];      /* groups of levels 0 .. depth */
    size_t *begin[MTP_LEVELS_MAX + 1]; /* [n + 1] first child of each group */
    size_t *order; /* [k] effects as the innermost groups hold them */
    size_t n_carried;
    mtp_nested_quantity carried[MTP_NESTED_CARRIED];
    mtp_nested_values sums[MTP_LEVELS_MAX + 1][MTP_NESTED_CARRIED];
    size_t n_shares;
    const char *share[MTP_NESTED_CARRIED]; /* "S", "E_2", "H_2", "F_2", ... */
    mtp_nested_values shares[MTP_LEVELS_MAX + 1][MTP_NESTED_CARRIED];
} mtp_nested_model;

/** The tree of groups, from levels, set and s; false without memory. */
bool mtp_nested_grow(mtp_nested_model *n);
/** Room for `count` quantities of all groups; false without memory. */
bool mtp_nested_make_room(mtp_nested_model *n, size_t count,
                          mtp_nested_values of[][MTP_NESTED_CARRIED]);

/** Whether a group is worked in sight. */
bool mtp_nested_is_worked(const mtp_nested_model *n, size_t level, size_t group);
/** "district 11". */
const char *mtp_nested_label(const mtp_nested_model *n, size_t level, size_t group);

/** What stands around the work on one group. */
typedef struct mtp_nested_frame {
    bool muted;
    size_t scope, capacity, k;
    const char *const *label;
    const char *row_name;
    mtp_arena_mark mark;
} mtp_nested_frame;

/** Begin with the children of a group as the rows of tables; a heading if in sight. */
mtp_nested_frame mtp_nested_enter(mtp_nested_model *n, size_t level, size_t group,
                                  bool shown);
void mtp_nested_rows(mtp_nested_model *n, size_t level, size_t group);
void mtp_nested_leave(mtp_nested_model *n, const mtp_nested_frame *frame);

/** y_i, v_i and the moderators of the effects of an innermost group. */
size_t mtp_nested_effects(mtp_nested_model *n, size_t group,
                          mtp_solution_column column[]);
/** Values of effects in the order of the rows. */
const double *mtp_nested_gathered(const mtp_nested_model *n, size_t group,
                                  const double of_effect[]);
/** Names of the columns but a constant one: "w" for a constant, else "w_2". */
const char *mtp_nested_name(const mtp_nested_model *n, const char *base, size_t j);
/** printf into the solution's arena; "0" without memory. */
const char *mtp_nested_text(const mtp_nested_model *n, const char *format, ...)
    MTP_PRINTF(2, 3);

/** nested_sums.c: weights and weighted effects of all groups; those of level 0 are in
 *  the last table. */
void mtp_nested_sums(mtp_nested_model *n);
/** nested_equations.c: residuals, predicted effects, and the equation of each level. */
void mtp_nested_equations(mtp_nested_model *n);

/** nested_regress.c: y_i less what the coefficients make of the moderators. */
const char *mtp_nested_residual(const mtp_nested_model *n);

/** All but what follows from the coefficients and the likelihood: `solve` makes the
 *  coefficients from the sums of the last table. D_V and S are known then. */
void mtp_nested_work(mtp_nested_model *n, void (*solve)(mtp_nested_model *, void *),
                     void *with);
/** `determinants` of REML, a sum that begins with its sign. */
void mtp_nested_likelihood(const mtp_nested_model *n, const char *determinants);
/** Its second part, once the variances are known. */
void mtp_nested_fit(mtp_nested_model *n, void (*solve)(mtp_nested_model *, void *),
                    void *with);
/** Shares of the heterogeneity, correlations, limits of the variances. */
void mtp_nested_levels(const mtp_nested_model *n);
/** nested_limits.c: both sides of the equation that each limit solves, by the same work
 *  at its variances; last, since names have other values then. */
void mtp_nested_limits(const mtp_nested_model *n,
                       void (*solve)(mtp_nested_model *, void *), void *with);

#endif
