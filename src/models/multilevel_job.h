/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_MULTILEVEL_JOB_H
#define MTP_MODELS_MULTILEVEL_JOB_H

#include "core/notes.h"
#include "models/multilevel_effects.h"
#include "models/multilevel_search.h"

typedef struct mtp_nested_owner {
    mtp_multilevel_result result; /* first: mtp_multilevel_free casts back */
    mtp_arena *arena;
    mtp_nested nested;
    mtp_nested_basis basis;
    int unit; /* of the effects there */
    mtp_variance_component level[MTP_LEVELS_MAX];
} mtp_nested_owner;

/* What the stages of one fit share. */
typedef struct mtp_nested_job {
    size_t k, p, n_levels;
    const double *yi, *vi, *x;
    const mtp_level *levels;
    mtp_nested_owner *made;
    mtp_study_point *point; /* [k] by index */
    double *y;              /* [k] by index, what is left of the effects */
    double range;
    mtp_dd *gamma;
    mtp_nested_fit fit;
    mtp_note_list notes;
} mtp_nested_job;

/** The basis of the moderators, the effects in a unit of their own, the fit without
 *  random effects, and that with them. */
mtp_status mtp_nested_job_fit(mtp_nested_job *job, mtp_error *err);

/** Coefficients, predictions and notes of the fit. */
mtp_status mtp_nested_job_finish(mtp_nested_job *job, mtp_error *err);

#endif
