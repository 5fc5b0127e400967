/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_SELECTION_FIT_H
#define MTP_BIAS_SELECTION_FIT_H

#include "metapool/selection.h"

#include "bias/selection_likelihood.h"
#include "core/dd.h"
#include "core/notes.h"

/* A fit on its way: the caller's arrays, and the same in orthogonal columns, in a unit
 * in which sampling variances are near 1, and with the sign that makes the side greater
 * or two.sided. */
typedef struct mtp_selection_fit {
    size_t k, p, n_delta;
    const double *yi, *vi, *x;
    int unit;                   /* y / 2^unit, v / 4^unit */
    double sign;                /* of y */
    mtp_dd *x_inv;              /* R^-1 of X = Q R; the columns are sqrt(k) Q */
    double *gamma;              /* [p] of maximum likelihood without selection */
    double tau2;                /* the same */
    double *lower, *upper;      /* [n] bounds of the search */
    mtp_selection_limit *limit; /* [n_delta] */
    const double *theta;        /* [n] the optimum */
    mtp_climb_point *at;        /* there */
    double loglik_common;       /* maximum with tau2 = 0; NaN: none */
    mtp_selection_problem problem;
    mtp_selection_result *result;
    mtp_arena *arena; /* the result's */
    mtp_note_list notes;
    mtp_error *err;
} mtp_selection_fit;

/** The intervals or parameters of the weight, and bounds: problem.rule, limit. */
mtp_status mtp_selection_prepare_rule(mtp_selection_fit *f);
/** Columns, data, and the fit without selection. */
mtp_status mtp_selection_prepare_data(mtp_selection_fit *f);
/** The optimum. */
mtp_status mtp_selection_maximize(mtp_selection_fit *f);
/** The result and its notes. */
mtp_status mtp_selection_describe(mtp_selection_fit *f);

#endif
