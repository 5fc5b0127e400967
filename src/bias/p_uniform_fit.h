/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_P_UNIFORM_FIT_H
#define MTP_BIAS_P_UNIFORM_FIT_H

#include "metapool/pool.h"

#include "bias/p_uniform_likelihood.h"

/** The maximum and the sets of a p-uniform* model, in the unit and with the signs of
 *  its studies. */
typedef struct mtp_p_uniform_fit {
    mtp_p_uniform_studies *studies;
    bool common;     /* tau2 = 0 */
    double v_min;    /* of the studies */
    double mean;     /* of y */
    double reach;    /* largest |y| */
    double spread;   /* largest |y - c|, with the largest standard error */
    double one_side; /* 1: all studies are above their c, -1: below, 0: neither */
    double limit;    /* of l far away, -infinity unless they are on one side */
    double level;
    mtp_arena *arena;
    mtp_climb *along, *joint; /* at a given tau2, and in both parameters */
    double *bounds;           /* [4] mu and tau2 of along: lower, upper */
    /* The maximum: */
    bool finite;
    double mu, tau2, highest; /* highest: the limit where nothing is higher */
    size_t n_modes;
    double null, zero; /* highest log-likelihood at mu = 0, at tau2 = 0 */
    /* The sets: */
    double cut, sign; /* log-likelihood at their ends; the end that is sought */
    double ends[2];   /* of mu */
    size_t n_segments;
    double segments[MTP_MODES_MAX][2]; /* of tau2 */
} mtp_p_uniform_fit;

/** @return MTP_OK; MTP_E_NOCONV; MTP_E_NOMEM */
mtp_status mtp_p_uniform_maximize(mtp_p_uniform_fit *fit, mtp_error *err);

#endif
