/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_REGRESS_JOB_H
#define MTP_MODELS_REGRESS_JOB_H

#include "metapool/multilevel.h"
#include "metapool/regress.h"

#include "core/arena.h"
#include "core/notes.h"
#include "models/linear.h"
#include "tau2/columns.h"
#include "tau2/estimate.h"

/** What the stages of one regression share. Names and arrays live in the arena. */
typedef struct mtp_regress_job {
    const mtp_effects *effects;
    const mtp_moderators *mods;
    mtp_regress_options options;
    mtp_arena *arena;   /* of the result */
    mtp_arena *scratch; /* freed when the fit is done */
    mtp_note_list notes;
    mtp_regress_result *result;
    const char **name; /* [p] */
    mtp_linear linear; /* as tested */
    mtp_dd *model_cov; /* [p * p] by the model, before any factor */
    mtp_dd spread;     /* variance of a new study's effect about its mean; NaN: none */
    /* Inverse-variance regressions. */
    mtp_study_point *point;
    mtp_study_block block;
    mtp_studies studies;
    mtp_tau2_fit tau2;
    mtp_dd factor; /* Knapp-Hartung: of cov by model_cov; 1 for other intervals */
    mtp_multilevel_result *nested; /* of nested levels, else NULL; the result's */
    mtp_robust_result *robust;     /* by clusters, else NULL; freed with the job */
    bool *out_of_memory;           /* set where a test could not be made */
} mtp_regress_job;

/** Take the caller's options over the defaults and refuse what cannot be computed. */
mtp_status mtp_regress_check(const mtp_effects *effects, const mtp_moderators *mods,
                             const mtp_regress_options *options,
                             mtp_regress_options *used, mtp_error *err);

/** The options of pooling that the kernels of tau2 and fits understand. */
mtp_pool_options mtp_regress_as_pool(const mtp_regress_options *options);

/** tau2, coefficients, heterogeneity, R2: the normal-normal model. */
mtp_status mtp_regress_fit_normal(mtp_regress_job *job, mtp_error *err);

/** Studies with the moderators as columns, in job->studies. */
mtp_status mtp_regress_prepare(mtp_regress_job *job, mtp_error *err);

/** A mixed model of one-group counts. */
mtp_status mtp_regress_fit_glmm(mtp_regress_job *job, mtp_error *err);

/** Moderators of tau2 too. */
mtp_status mtp_regress_fit_scale(mtp_regress_job *job, mtp_error *err);

/** The same in nested levels, into job->nested. */
mtp_status mtp_regress_fit_levels(mtp_regress_job *job, mtp_error *err);

/** Coefficients and their covariance as tested, at job->tau2, into job->linear; with
 *  model_cov also the covariance before any factor. */
void mtp_regress_solve_into(mtp_regress_job *job, mtp_dd beta[], mtp_dd cov[],
                            mtp_dd model_cov[]);

/** The test of all coefficients but the intercept. */
mtp_status mtp_regress_omnibus(mtp_regress_job *job, mtp_test *test, mtp_error *err);

/** The covariance by clusters in place of the model's, and what to know of it. */
mtp_status mtp_regress_make_robust(mtp_regress_job *job, mtp_error *err);
void mtp_regress_note_robust(mtp_regress_job *job);

/** Coefficients, tests, contrasts, margins, predictions and variance inflation, from
 *  job->linear. */
mtp_status mtp_regress_infer(mtp_regress_job *job, mtp_error *err);

/** Each study against the fit. */
mtp_status mtp_regress_diagnose(mtp_regress_job *job, mtp_error *err);

/** The best linear unbiased prediction of study i, whose effects vary by tau2, with
 * limits `wide` standard errors away. */
void mtp_regress_shrink(const mtp_regress_job *job, size_t i, mtp_dd tau2, double wide,
                        mtp_regress_study *s);

/** The same where tau2 has moderators, and in nested levels. */
mtp_status mtp_regress_diagnose_scale(mtp_regress_job *job, mtp_error *err);
mtp_status mtp_regress_diagnose_levels(mtp_regress_job *job, mtp_error *err);

/** The permutation test. */
mtp_status mtp_regress_permute(mtp_regress_job *job, mtp_error *err);

/** What the reader should know of the fit. */
void mtp_regress_note(mtp_regress_job *job);

#endif
