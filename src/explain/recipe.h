/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_RECIPE_H
#define MTP_EXPLAIN_RECIPE_H

#include "metapool/effects.h"

/**
 * The definition of a measure as lines "name = formula; name = formula; ..." from the
 * raw data of a study to y and v: those of docs/methods.md, section 1. What stands in
 * brackets is the correction for small samples, which --correct no leaves out. A
 * formula ? is a number that is found by search: the lines after it are the equation
 * that it solves.
 */
typedef struct mtp_recipe {
    mtp_measure measure;
    mtp_vtype vtype;
    const char *lines;
    /* Of variances that take an average of all studies: what is summed over them
     * ("n; n * y"), and the lines that make the average of the sums. Else NULL. */
    const char *sums, *average;
} mtp_recipe;

/** Cells of two groups, the first lines of their measures. */
#define MTP_RECIPE_CELLS "a = x1; b = n1 - x1; c = x2; d = n2 - x2; "

/** What begins the lines of means of which a t can take the place. */
#define MTP_RECIPE_D "d = (m1 - m2) / s_p; "

/** The recipe of a sampling variance; NULL where it is not one for a hand. */
const mtp_recipe *mtp_recipe_of(mtp_measure measure, mtp_vtype vtype);

/** Recipes of a family; end with lines NULL. */
extern const mtp_recipe mtp_recipes_of_counts[], mtp_recipes_of_means[],
    mtp_recipes_of_changes[], mtp_recipes_of_correlations[];

#endif
