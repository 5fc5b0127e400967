/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_PLAN_H
#define MTP_ANALYSIS_PLAN_H

#include "metapool/bubble.h"

#include "analysis/options.h"
#include "core/arena.h"
#include "core/notes.h"

/**
 * What is asked of a regression beside its coefficients: --test, --contrast, --margins
 * and --at as rows of numbers over the columns of its design. Lists are the values of
 * repeatable options (options.h); NULL: not given.
 */
typedef struct mtp_plan {
    const mtp_design *design;
    mtp_arena *arena; /* of what is made, and of scratch */
    mtp_note_list *notes;
    mtp_error *err;
} mtp_plan;

/** Means to be predicted. */
typedef struct mtp_planned_means {
    size_t n;
    mtp_regression_mean *mean; /* [n] what each is the mean of; its value is to come */
    size_t n_rows;
    mtp_combination *row; /* [n_rows] of those that are estimable, in their order */
} mtp_planned_means;

/**
 * --test TERM{, TERM}: a term of the formula, which stands for its columns, or a
 * column. Each value of the option is one hypothesis.
 * @return MTP_OK; MTP_E_ARG for a name that is not there, or whose columns were left
 *         out, as do all; MTP_E_NOMEM
 */
mtp_status mtp_plan_tests(const mtp_plan *plan, const char *list, size_t *n,
                          const mtp_hypothesis **tests);

/**
 * --contrast, in one of two forms:
 *   [+|-] [NUMBER [/ NUMBER] *] NAME {+|- [NUMBER [/ NUMBER] *] NAME}
 *   FACTOR: [+|-] [NUMBER [/ NUMBER] *] LEVEL {+|- ... LEVEL}
 * NAME is a coefficient, or FACTOR: LEVEL of a reference level, which is 0; of names
 * that begin alike the longest is meant, and double quotes may stand around one. LEVEL
 * stands for the marginal mean of a level, the other moderators being averaged as in
 * mtp_plan_margins. The first form is tried first.
 */
mtp_status mtp_plan_contrasts(const mtp_plan *plan, const char *list, size_t *n,
                              const mtp_combination **contrasts);

/**
 * --margins: the mean at each level of a factor, the levels of the other factors having
 * equal weights and numbers being at their means. Searle, Speed & Milliken (1980), Am
 * Stat 34:216-221, doi:10.1080/00031305.1980.10483031.
 * @param list  NULL: every factor; "none"
 */
mtp_status mtp_plan_margins(const mtp_plan *plan, const char *list,
                            mtp_planned_means *means);

/**
 * --at: VARIABLE=VALUES{, VARIABLE=VALUES}; VALUES are VALUE{|VALUE}, FROM:TO:STEP of a
 * number, or * for every level of a factor. All combinations are predicted; variables
 * that are not named stand as in mtp_plan_margins.
 */
mtp_status mtp_plan_predictions(const mtp_plan *plan, const char *list,
                                mtp_planned_means *means);

/**
 * The places at which the line of a bubble plot is predicted: even steps over the range
 * of the moderator that --across names, or every level of a factor, the others standing
 * as --at says and else as in mtp_plan_margins. Fills in all of *bubble that the design
 * tells.
 */
mtp_status mtp_plan_line(const mtp_plan *plan, const mtp_request *request,
                         mtp_planned_means *means, mtp_bubble *bubble);

/* Parts of these. */

/**
 * --at with one value a variable: those that it names are put into at, and *said is how
 * it names them, "year = 1970, product = Axi-cel"; "" for none.
 * @param list  NULL: none
 */
mtp_status mtp_plan_hold(const mtp_plan *plan, const char *list, mtp_design_at at[],
                         const char **said);

/** The leaf of a factor that is made of the variable; false: there is none. */
bool mtp_plan_factor(const mtp_design *design, size_t variable, size_t *leaf);

/** A note on the means that the rows of the table do not tell. */
mtp_status mtp_plan_note_means(const mtp_plan *plan, const mtp_planned_means *means);

/** Add a mean, and its row where the rows of the table tell it. The arrays have room.
 */
mtp_status mtp_plan_add_mean(const mtp_plan *plan, const mtp_design_at at[],
                             mtp_regression_mean mean, mtp_planned_means *means);

#endif
