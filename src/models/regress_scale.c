/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Meta-regression with moderators of tau2: location_scale.h fits, the rest is that of
 * any regression. */
#include "metapool/location_scale.h"

#include "core/error.h"
#include "models/heterogeneity.h"
#include "models/regress_job.h"
#include "tau2/sums.h"

#include <math.h>
#include <string.h>

/* Q with tau2 = 0 and the typical variance; one tau2 there is not. */
static mtp_status describe_heterogeneity(mtp_regress_job *job, mtp_error *err)
{
    mtp_heterogeneity *h = &job->result->heterogeneity;
    mtp_dd zero = {0.0, 0.0}, vt;
    mtp_sums sums;
    mtp_status status = mtp_regress_prepare(job, err);

    if (status != MTP_OK) {
        return status;
    }
    mtp_columns_sums(&job->studies, zero, &sums);
    mtp_heterogeneity_clear(h);
    mtp_heterogeneity_set_q(h, "common", sums.Q, mtp_studies_df(&job->studies));
    vt = mtp_dd_div(mtp_dd_from(mtp_studies_df(&job->studies)), sums.trP);
    h->vt = mtp_dd_to(mtp_to_unit_of_y(&job->studies, vt, 2));
    return MTP_OK;
}

static void describe_fit(mtp_regress_job *job, const mtp_location_scale_result *made)
{
    bool restricted = job->options.tau2 == MTP_TAU2_REML;
    mtp_regress_result *r = job->result;

    r->exists = true;
    r->fit = (mtp_fit){.method = MTP_METHOD_INVERSE,
                       .tau2_method = job->options.tau2,
                       .model = "normal-normal",
                       .nodes = -1,
                       .converged = true,
                       .iterations = made->iterations,
                       .boundary = made->n_vanished > 0,
                       .loglik = made->loglik,
                       .loglik_kind = restricted ? "REML" : "ML",
                       .AIC = made->AIC,
                       .AICc = made->AICc,
                       .BIC = made->BIC,
                       .alpha = (double)NAN,
                       .sigma2 = (double)NAN,
                       MTP_FIT_NO_RHO};
    *(restricted ? &r->loglik_reml : &r->loglik_ml) = made->loglik;
}

/* Estimates and covariance as the inference wants them; NULL without memory. */
static mtp_dd *widen(mtp_arena *arena, size_t n, const double from[])
{
    mtp_dd *to = MTP_ARENA_ARRAY(arena, n, mtp_dd);

    for (size_t i = 0; i < n && to; i++) {
        to[i] = mtp_dd_from(from[i]);
    }
    return to;
}

static mtp_linear inference(const mtp_regress_job *job, size_t p, const double beta[],
                            const double cov[])
{
    bool normal = job->options.ci == MTP_CI_WALD;

    return (mtp_linear){.p = p,
                        .beta = widen(job->scratch, p, beta),
                        .cov = widen(job->scratch, p * p, cov),
                        .df = normal ? (double)NAN : (double)job->mods->k - (double)p,
                        .tail = mtp_tail_of_level(job->options.level),
                        .scratch = job->scratch};
}

/* The coefficients of log tau2, with the test of all but the intercept. */
static mtp_status list_scale(mtp_regress_job *job, const mtp_moderators *scale,
                             const mtp_linear *alpha, mtp_error *err)
{
    size_t q = scale->p, first = scale->intercept && q > 1 ? 1 : 0;
    mtp_coefficient *made = MTP_ARENA_ARRAY(job->arena, q, mtp_coefficient);
    double *rows = mtp_arena_zalloc(job->scratch, q * q, sizeof *rows);

    if (!made || !rows) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < q; j++) {
        const char *name = scale->name ? mtp_arena_strdup(job->arena, scale->name[j])
                                       : mtp_arena_printf(job->arena, "z%zu", j + 1);

        if (!name) {
            return mtp_fail_nomem(err);
        }
        rows[j * q + j] = 1.0;
        made[j] = mtp_linear_combination(alpha, name, rows + j * q);
    }
    job->result->n_scale = q;
    job->result->scale = made;
    return mtp_linear_test(alpha, q - first, rows + first * q,
                           &job->result->scale_omnibus, err);
}

static mtp_status take(mtp_regress_job *job, const mtp_location_scale_result *made,
                       mtp_error *err)
{
    mtp_linear alpha = inference(job, made->q, made->alpha, made->vcov_alpha);
    double *tau2 = MTP_ARENA_ARRAY(job->arena, made->k, double);

    job->linear = inference(job, made->p, made->beta, made->vcov_beta);
    job->model_cov = widen(job->scratch, made->p * made->p, made->vcov_beta);
    if (!tau2 || !alpha.beta || !alpha.cov || !job->linear.beta || !job->linear.cov ||
        !job->model_cov) {
        return mtp_fail_nomem(err);
    }
    memcpy(tau2, made->tau2, made->k * sizeof *tau2);
    job->result->tau2 = tau2;
    describe_fit(job, made);
    mtp_note_add_all(&job->notes, &made->notes);
    return list_scale(job, job->options.scale, &alpha, err);
}

mtp_status mtp_regress_fit_scale(mtp_regress_job *job, mtp_error *err)
{
    const mtp_moderators *m = job->mods, *scale = job->options.scale;
    mtp_location_scale_options options;
    mtp_location_scale_result *made = NULL;
    mtp_status status = describe_heterogeneity(job, err);

    if (status == MTP_OK) {
        mtp_location_scale_options_init(&options, sizeof options);
        options.method = job->options.tau2;
        status = mtp_location_scale(m->k, job->effects->yi, job->effects->vi, m->p,
                                    m->x, scale->p, scale->x, &options, &made, err);
    }
    if (status == MTP_OK) {
        status = take(job, made, err);
        mtp_location_scale_free(made);
    }
    return status;
}

mtp_status mtp_regress_diagnose_scale(mtp_regress_job *job, mtp_error *err)
{
    const mtp_moderators *m = job->mods;
    mtp_regress_study *study = MTP_ARENA_ARRAY(job->arena, m->k, mtp_regress_study);
    double wide = mtp_critical(job->linear.tail, job->linear.df);
    double sum_w = 0.0;

    for (size_t i = 0; i < m->k && study; i++) {
        const double *x = m->x + i * m->p;
        double v = job->effects->vi[i], y = job->effects->yi[i];
        double w = 1.0 / (v + job->result->tau2[i]);
        mtp_dd variance = mtp_linear_variance(m->p, job->model_cov, x);
        mtp_dd fitted = mtp_linear_value(&job->linear, x);
        mtp_regress_study s = {.rstudent = (double)NAN,
                               .rstudent_residual = (double)NAN,
                               .rstudent_se = (double)NAN};

        s.fitted = mtp_dd_to(fitted);
        s.fitted_se = sqrt(mtp_dd_to(variance));
        s.residual = mtp_dd_to(mtp_dd_sub(mtp_dd_from(y), fitted));
        s.hat = w * mtp_dd_to(variance);
        s.residual_se = sqrt((1.0 - s.hat) / w);
        s.rstandard = s.hat < 1.0 ? s.residual / s.residual_se : (double)NAN;
        s.weight = 100.0 * w;
        sum_w += w;
        mtp_regress_shrink(job, i, mtp_dd_from(job->result->tau2[i]), wide, &s);
        study[i] = s;
    }
    for (size_t i = 0; i < m->k && study; i++) {
        study[i].weight /= sum_w;
    }
    job->result->study = study;
    return study ? MTP_OK : mtp_fail_nomem(err);
}
