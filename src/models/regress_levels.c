/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meta-regression in nested levels: multilevel.h fits, the rest is that of any
 * regression. */
#include "core/error.h"
#include "models/levels.h"
#include "models/regress_job.h"

#include <math.h>

static mtp_status fit(mtp_regress_job *job, size_t p, const double x[], bool intervals,
                      mtp_multilevel_result **made, mtp_error *err)
{
    const mtp_regress_options *o = &job->options;
    mtp_multilevel_options options;
    mtp_level levels[MTP_LEVELS_MAX];

    mtp_multilevel_options_init(&options, sizeof options);
    options.method = o->tau2;
    options.level = o->level;
    options.intervals = intervals;
    options.df = o->ci == MTP_CI_WALD ? MTP_LEVEL_DF_NORMAL : o->level_df;
    for (size_t l = 0; l < o->n_levels && l < MTP_LEVELS_MAX; l++) {
        levels[l] =
            (mtp_level){o->level_name ? o->level_name[l] : NULL, o->level_id[l]};
    }
    return mtp_multilevel(job->mods->k, job->effects->yi, job->effects->vi, p, x,
                          o->n_levels, levels, &options, made, err);
}

/* Of l'beta the smallest of those of the coefficients in it. */
static double contained_df(const void *of, const double l[])
{
    const mtp_multilevel_result *nested = (const mtp_multilevel_result *)of;
    double df = (double)NAN;

    for (size_t j = 0; j < nested->p; j++) {
        df = l[j] != 0.0 ? fmin(df, nested->df[j]) : df;
    }
    return df;
}

static mtp_status take_coefficients(mtp_regress_job *job, mtp_error *err)
{
    const mtp_multilevel_result *nested = job->nested;
    size_t p = nested->p;
    mtp_dd *beta = MTP_ARENA_ARRAY(job->scratch, p, mtp_dd);

    job->model_cov = MTP_ARENA_ARRAY(job->scratch, p * p, mtp_dd);
    if (!beta || !job->model_cov) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < p; j++) {
        beta[j] = mtp_dd_from(nested->beta[j]);
    }
    for (size_t i = 0; i < p * p; i++) {
        job->model_cov[i] = mtp_dd_from(nested->vcov[i]);
    }
    job->linear =
        (mtp_linear){.p = p,
                     .beta = beta,
                     .cov = job->model_cov,
                     .df = job->options.ci == MTP_CI_WALD ? (double)NAN : nested->Q_df,
                     .tail = mtp_tail_of_level(job->options.level),
                     .scratch = job->scratch};
    if (job->options.ci != MTP_CI_WALD &&
        job->options.level_df == MTP_LEVEL_DF_CONTAIN) {
        job->linear.small_sample =
            (mtp_linear_small_sample){.of = nested, .df = contained_df};
    }
    return MTP_OK;
}

static void describe(mtp_regress_job *job)
{
    const mtp_multilevel_result *nested = job->nested;
    mtp_regress_result *r = job->result;

    mtp_levels_describe(nested, &r->heterogeneity, &r->fit);
    r->n_levels = nested->n_levels;
    r->levels = nested->levels;
    job->spread = mtp_dd_from(nested->tau2);
    r->loglik_ml = nested->ml.loglik;
    r->loglik_reml = nested->reml.loglik;
}

/* The share of all variance between effects, over all levels, that moderators account
 * for. */
static mtp_status explained(mtp_regress_job *job, mtp_error *err)
{
    mtp_regress_result *r = job->result;
    mtp_multilevel_result *null = NULL;
    mtp_status status;

    if (!job->mods->intercept || job->mods->p == 1) {
        return MTP_OK;
    }
    status = fit(job, 1, NULL, false, &null, err);
    if (status == MTP_OK) {
        r->null_tau2 = null->tau2;
        if (null->tau2 > 0.0) {
            r->R2 = fmax(0.0, 100.0 * (null->tau2 - job->nested->tau2) / null->tau2);
        }
    }
    mtp_multilevel_free(null);
    return status;
}

mtp_status mtp_regress_fit_levels(mtp_regress_job *job, mtp_error *err)
{
    mtp_status status = fit(job, job->mods->p, job->mods->x, true, &job->nested, err);

    if (status == MTP_OK) {
        status = take_coefficients(job, err);
    }
    if (status == MTP_OK) {
        job->result->exists = true;
        describe(job);
        status = explained(job, err);
    }
    return status;
}

/* Residuals vary by vi and all sigma2 less what the coefficients take up; there are no
 * fits without a study. */
mtp_status mtp_regress_diagnose_levels(mtp_regress_job *job, mtp_error *err)
{
    const mtp_multilevel_result *nested = job->nested;
    size_t k = job->mods->k, p = job->mods->p;
    mtp_regress_study *study = MTP_ARENA_ARRAY(job->arena, k, mtp_regress_study);
    double wide = mtp_critical(job->linear.tail, job->linear.df);

    for (size_t i = 0; i < k && study; i++) {
        const double *x = job->mods->x + i * p;
        mtp_dd mean = mtp_linear_variance(p, job->linear.cov, x), rest;
        mtp_regress_study *s = &study[i];

        rest = mtp_dd_two_sum(job->effects->vi[i], nested->tau2);
        rest = mtp_dd_sqrt(mtp_dd_sub(rest, mean));
        *s = (mtp_regress_study){.fitted = nested->fitted[i],
                                 .fitted_se = mtp_dd_to(mtp_dd_sqrt(mean)),
                                 .residual = nested->residual[i],
                                 .residual_se = mtp_dd_to(rest),
                                 .rstandard = nested->residual[i] / mtp_dd_to(rest),
                                 .rstudent = (double)NAN,
                                 .rstudent_residual = (double)NAN,
                                 .rstudent_se = (double)NAN,
                                 .hat = nested->hat[i],
                                 .blup = nested->blup[i],
                                 .blup_se = nested->blup_se[i],
                                 .weight = nested->weight[i]};
        s->blup_lower = s->blup - wide * s->blup_se;
        s->blup_upper = s->blup + wide * s->blup_se;
        s->rstandard = rest.hi > 0.0 ? s->rstandard : (double)NAN;
    }
    job->result->study = study;
    return study ? MTP_OK : mtp_fail_nomem(err);
}
