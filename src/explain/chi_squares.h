/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_CHI_SQUARES_H
#define MTP_EXPLAIN_CHI_SQUARES_H

#include "explain/work.h"

/**
 * The distribution of a quadratic form y'Py with weights a, P = A - A X (X'AX)^-1 X'A,
 * of effects with variances s: a sum of chi-squares with 1 degree of freedom, each
 * times an eigenvalue of S^1/2 P S^1/2.
 */
typedef struct mtp_explain_form {
    size_t k, p;
    const double *const *x; /* [p][k] columns; NULL: one mean */
    const double *a, *s;    /* [k] */
    double observed;        /* the value of the form */
} mtp_explain_form;

/** What is worked of it: the probability of a value below the observed one. */
typedef struct mtp_explain_law {
    size_t n;             /* eigenvalues */
    const double *lambda; /* [n] in falling order */
    double observed;
    size_t nodes; /* of the sum that the probability is */
    double below; /* the probability */
} mtp_explain_law;

/** @return false: too many studies to be worked, or no memory */
bool mtp_explain_law_of(mtp_solution *s, const mtp_explain_form *form,
                        mtp_explain_law *law);

/**
 * The eigenvalues, with their sum and that of their squares beside the traces T_1 and
 * T_2, which were worked; then the sum. The scope knows the observed value as Q_a.
 */
void mtp_explain_law_show(mtp_explain_work *work, const mtp_explain_law *law);

/** After it both sides, L being the probability; one that does not depend on the data
 *  is `wanted`. At a tau2 of 0 the left side may be the smaller. */
void mtp_explain_law_sides(mtp_explain_work *work, const mtp_explain_law *law,
                           double tau2, double wanted);

/** What the text says of the form and of its distribution, once. */
void mtp_explain_law_introduce(mtp_solution *s);

#endif
