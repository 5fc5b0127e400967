/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/heterogeneity.h"
#include "models/normal.h"
#include "models/regress_job.h"

#include <math.h>

mtp_pool_options mtp_regress_as_pool(const mtp_regress_options *options)
{
    mtp_pool_options made;

    mtp_pool_options_init(&made, sizeof made);
    made.method = options->method;
    made.tau2 = options->tau2;
    made.tau2_value = options->tau2_value;
    made.tau2_ci = options->tau2_ci;
    made.level = options->level;
    made.ci = options->ci;
    made.predict = options->predict;
    return made;
}

mtp_status mtp_regress_prepare(mtp_regress_job *job, mtp_error *err)
{
    const mtp_moderators *mods = job->mods;
    const double *yi = job->effects->yi;
    size_t deficient;
    mtp_status status;

    job->point = MTP_ARENA_ARRAY(job->scratch, mods->k, mtp_study_point);
    if (!job->point) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(mods->k, yi, job->effects->vi, 1, NULL, job->point,
                                 &job->block, &job->studies, err);
    if (status != MTP_OK) {
        return status;
    }
    job->studies.no_errors = job->options.tau2_alone;
    status = mtp_columns_attach(&job->studies, job->point, mods->p, yi, mods->x,
                                job->scratch, &deficient, err);
    if (status == MTP_OK) {
        status = mtp_studies_set_weights(&job->studies, job->options.weights, err);
    }
    if (status == MTP_E_DATA && mods->p <= mods->k && deficient < mods->p) {
        return mtp_fail(err, MTP_E_DATA,
                        "moderator '%s' is a combination of those before it",
                        job->name[deficient]);
    }
    return status;
}

/* Wald statistics have no degrees of freedom; the others need at least one. */
static double degrees_of_freedom(const mtp_regress_job *job)
{
    return job->options.ci == MTP_CI_WALD ? (double)NAN : mtp_studies_df(&job->studies);
}

/* Whether the interval scales the covariance, and there is something to scale by. */
static bool has_factor(const mtp_regress_job *job)
{
    return (job->options.ci == MTP_CI_HKSJ || job->options.ci == MTP_CI_HKSJ_ADHOC) &&
           mtp_studies_df(&job->studies) > 0.0;
}

/* sum w r^2 / (k - p), at least 1 with hksj-adhoc; 1 for other intervals. */
static mtp_dd knapp_hartung(const mtp_regress_job *job, mtp_dd Q)
{
    double df = mtp_studies_df(&job->studies);
    mtp_dd one = {1.0, 0.0}, factor = one;

    if (has_factor(job)) {
        factor = mtp_dd_div(Q, mtp_dd_from(df));
        if (job->options.ci == MTP_CI_HKSJ_ADHOC && mtp_dd_less(factor, one)) {
            factor = one;
        }
    }
    return factor;
}

void mtp_regress_solve_into(mtp_regress_job *job, mtp_dd beta[], mtp_dd cov[],
                            mtp_dd model_cov[])
{
    size_t p = job->mods->p;
    mtp_sums sums;

    mtp_columns_sums(&job->studies, job->tau2.tau2, &sums);
    if (job->options.weights) {
        mtp_columns_solution_given(&job->studies, job->tau2.tau2, beta, cov);
    } else {
        mtp_columns_solution(&job->studies, beta, cov);
    }
    job->factor = knapp_hartung(job, sums.Q);
    for (size_t i = 0; i < p * p; i++) {
        if (model_cov) {
            model_cov[i] = cov[i];
        }
        cov[i] = mtp_dd_mul(cov[i], job->factor);
    }
    job->linear = (mtp_linear){.p = p,
                               .beta = beta,
                               .cov = cov,
                               .df = degrees_of_freedom(job),
                               .tail = mtp_tail_of_level(job->options.level),
                               .scratch = job->scratch};
}

/* The coefficients at tau2, and both likelihoods there. */
static mtp_status solve(mtp_regress_job *job, mtp_error *err)
{
    size_t p = job->mods->p;
    mtp_dd *beta = MTP_ARENA_ARRAY(job->scratch, p, mtp_dd), t = job->tau2.tau2;
    mtp_dd *cov = MTP_ARENA_ARRAY(job->scratch, p * p, mtp_dd);
    mtp_sums sums;

    job->model_cov = MTP_ARENA_ARRAY(job->scratch, p * p, mtp_dd);
    if (!beta || !cov || !job->model_cov) {
        return mtp_fail_nomem(err);
    }
    mtp_regress_solve_into(job, beta, cov, job->model_cov);
    job->result->factor = has_factor(job) ? mtp_dd_to(job->factor) : (double)NAN;
    if (mtp_studies_df(&job->studies) > 0.0) {
        mtp_columns_sums(&job->studies, t, &sums);
        job->result->loglik_ml =
            mtp_dd_to(mtp_log_likelihood(&job->studies, false, t, &sums));
        job->result->loglik_reml =
            mtp_dd_to(mtp_log_likelihood(&job->studies, true, t, &sums));
    }
    return MTP_OK;
}

static void describe_heterogeneity(mtp_regress_job *job, const mtp_sums *at_zero,
                                   const mtp_pool_options *options)
{
    mtp_heterogeneity *h = &job->result->heterogeneity;
    double df = mtp_studies_df(&job->studies);
    mtp_dd vt = mtp_dd_from((double)NAN);
    mtp_tau2_set set[MTP_TAU2_CI_COUNT];
    size_t n;

    mtp_heterogeneity_clear(h);
    mtp_heterogeneity_set_q(h, "common", at_zero->Q, df);
    if (df > 0.0) {
        vt = mtp_dd_div(mtp_dd_from(df), at_zero->trP);
        vt = mtp_to_unit_of_y(&job->studies, vt, 2);
    }
    if (df > 0.0 || options->tau2 == MTP_TAU2_GIVEN) {
        job->spread = mtp_to_unit_of_y(&job->studies, job->tau2.tau2, 2);
        mtp_heterogeneity_set_tau2(h, job->spread, job->tau2.result.se, vt);
    }
    h->n_intervals = 0;
    n = mtp_tau2_sets(&job->studies, options, &job->tau2, set);
    for (size_t i = 0; i < n; i++) {
        mtp_heterogeneity_add_interval(h, &set[i], set[i].method == options->tau2_ci,
                                       vt);
    }
}

/*
 * R2 = max(0, (tau2_0 - tau2) / tau2_0) in percent, tau2_0 by the same estimator around
 * one mean of the same studies: Raudenbush (2009). Without tau2 (equal effects) the
 * adjusted share of the weighted sum of squares, 1 - (Q / (k - p)) / (Q_0 / (k - 1)).
 */
static mtp_status explained(mtp_regress_job *job, const mtp_sums *at_zero,
                            const mtp_pool_options *options, mtp_error *err)
{
    const mtp_effects *e = job->effects;
    size_t k = job->mods->k;
    double df = mtp_studies_df(&job->studies);
    mtp_regress_result *r = job->result;
    mtp_one_block one;
    mtp_tau2_fit null;
    mtp_status status;

    r->R2 = r->null_tau2 = (double)NAN;
    if (!job->mods->intercept || job->mods->p == 1 || !(df > 0.0) ||
        options->tau2 == MTP_TAU2_GIVEN) {
        return MTP_OK;
    }
    status = mtp_one_block_new(k, e->yi, e->vi, job->options.weights, &one, err);
    if (status != MTP_OK) {
        return status;
    }
    mtp_fit_tau2(&one.studies, NULL, options, &null);
    if (options->tau2 == MTP_TAU2_EE) {
        mtp_dd zero = {0.0, 0.0}, left;
        mtp_sums sums;

        mtp_sums_at(&one.studies, zero, &sums);
        left = mtp_dd_mul_d(mtp_dd_div(at_zero->Q, sums.Q), (double)(k - 1) / df);
        r->R2 = fmax(0.0, 100.0 * mtp_dd_to(mtp_dd_sub(mtp_dd_from(1.0), left)));
    } else {
        mtp_dd now = mtp_to_unit_of_y(&job->studies, job->tau2.tau2, 2);
        mtp_dd before = mtp_to_unit_of_y(&one.studies, null.tau2, 2);

        r->null_tau2 = mtp_dd_to(before);
        if (before.hi > 0.0) {
            now = mtp_dd_div(mtp_dd_sub(before, now), before);
            r->R2 = fmax(0.0, mtp_dd_to(mtp_dd_mul_d(now, 100.0)));
        }
    }
    mtp_arena_free(one.arena);
    return MTP_OK;
}

mtp_status mtp_regress_fit_normal(mtp_regress_job *job, mtp_error *err)
{
    mtp_pool_options options = mtp_regress_as_pool(&job->options);
    mtp_dd zero = {0.0, 0.0};
    mtp_sums at_zero;
    mtp_status status = mtp_regress_prepare(job, err);

    if (status != MTP_OK) {
        return status;
    }
    mtp_sums_at(&job->studies, zero, &at_zero);
    job->studies.at_zero = &at_zero;
    mtp_fit_tau2(&job->studies, NULL, &options, &job->tau2);
    describe_heterogeneity(job, &at_zero, &options);
    mtp_describe_fit(&job->tau2.result, &options, job->studies.k, job->studies.means,
                     &job->result->fit);
    job->result->exists = true;
    status = explained(job, &at_zero, &options, err);
    job->studies.at_zero = NULL;
    return status == MTP_OK ? solve(job, err) : status;
}
