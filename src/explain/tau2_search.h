/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_TAU2_SEARCH_H
#define MTP_EXPLAIN_TAU2_SEARCH_H

#include "explain/work.h"

/** An estimator and the value that it has for a set of studies. */
typedef struct mtp_search {
    mtp_explain_work *work;
    const mtp_explain_set *set;
    mtp_tau2_method method;
    double tau2, se; /* se NaN: it is not worked */
    const char *Q;   /* the name of the one that it takes */
    bool null;       /* tau2_0 of a regression: names end in _0 */
} mtp_search;

/** A text with the names that the search has for tau2, Q, df and C. */
const char *mtp_search_named(const mtp_search *of, const char *text);

/* tau2_moments.c */
void mtp_search_by_formula(const mtp_search *of, const char *formula);
void mtp_search_dersimonian_laird(const mtp_search *of);
void mtp_search_hedges(const mtp_search *of, const char *name, double figure);
void mtp_search_generalized(const mtp_search *of, mtp_solution_column weight);
void mtp_search_sidik_jonkman(const mtp_search *of);
void mtp_search_two_steps(const mtp_search *of, bool hedges_first);

/** tau2_shared.c: the one of all subgroups, in the scope of the first of them that has
 *  one. */
void mtp_explain_shared_tau2(mtp_explain_work *work, double tau2);

#endif
