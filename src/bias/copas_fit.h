/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_COPAS_FIT_H
#define MTP_BIAS_COPAS_FIT_H

#include "metapool/copas.h"

#include "bias/copas_likelihood.h"
#include "core/notes.h"

/* An analysis on its way. The problem has the studies in an order and a unit of their
 * own, effects from a centre. */
typedef struct mtp_copas_job {
    size_t k;
    const double *yi, *vi;
    double se_min, se_max; /* of the studies as they came */
    const size_t *index;   /* [k] where a study of the problem came from */
    int unit;              /* (yi - centre) / 2^unit */
    double centre;
    double x_scale;    /* x = (s - their mean) / x_scale */
    double mean, tau2; /* of maximum likelihood without selection */
    double sign;       /* of rho: 1 where small effects are missing, else -1 */
    mtp_copas_problem problem;
    mtp_climb level, slope; /* the searches without a slope and with one */
    double lower[2][MTP_COPAS_N], upper[2][MTP_COPAS_N]; /* their bounds */
    mtp_copas_result *result;
    mtp_arena *arena; /* the result's */
    mtp_note_list notes;
    mtp_error *err;
} mtp_copas_job;

/** Room for the searches. */
mtp_status mtp_copas_make_searches(mtp_copas_job *job);

/** The model at a selection, given by u of the study with the largest standard error,
 * so that nothing cancels where all are much alike; infinite: without selection. */
mtp_status mtp_copas_fit_at(mtp_copas_job *job, double u_least, double gamma1,
                            mtp_copas_fit *fit);

/** All fits, the adjusted one, and the notes. */
mtp_status mtp_copas_follow(mtp_copas_job *job);

#endif
