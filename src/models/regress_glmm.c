/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mixed models of counts with moderators: glmm_design.h fits, the rest is that of any
 * regression. */
#include "core/error.h"
#include "models/glmm_design.h"
#include "models/heterogeneity.h"
#include "models/regress_job.h"
#include "num/dist.h"
#include "tau2/sums.h"

#include <math.h>

static bool is_rate(const mtp_regress_job *job)
{
    return job->effects->measure->input == MTP_INPUT_EVENTS_TIME;
}

static mtp_status fit(mtp_regress_job *job, size_t p, const double x[],
                      mtp_glmm_design_fit *made, mtp_error *err)
{
    const mtp_effects *e = job->effects;
    bool rates = is_rate(job);

    return mtp_glmm_fit_design(rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL, e->k,
                               e->events, rates ? e->time : e->n, NULL, p, x,
                               job->options.nodes, job->scratch, made, err);
}

/* (k - p) / tr P of the study effects at tau2 = 0. */
static mtp_status typical_variance(mtp_regress_job *job, mtp_dd *vt, mtp_error *err)
{
    mtp_dd zero = {0.0, 0.0};
    mtp_sums sums;
    mtp_status status = mtp_regress_prepare(job, err);

    if (status == MTP_OK) {
        mtp_columns_sums(&job->studies, zero, &sums);
        *vt = mtp_dd_div(mtp_dd_from(mtp_studies_df(&job->studies)), sums.trP);
        *vt = mtp_to_unit_of_y(&job->studies, *vt, 2);
    }
    return status;
}

static void describe_heterogeneity(mtp_regress_job *job,
                                   const mtp_glmm_design_fit *made, mtp_dd vt)
{
    mtp_heterogeneity *h = &job->result->heterogeneity;
    double gain = 2.0 * (made->loglik - made->common_loglik);

    mtp_heterogeneity_clear(h);
    h->Q_center = "wald";
    if (made->common_exists) {
        mtp_heterogeneity_set_count_tests(h, made->Q_wald, made->LRT, made->df);
    }
    if (made->exists && made->df > 0.0) {
        job->spread = mtp_dd_two_prod(made->tau, made->tau);
        mtp_heterogeneity_set_tau2(h, job->spread, 2.0 * made->tau * made->se_tau, vt);
        mtp_boundary_test(made->tau2, gain, &h->tau2_statistic, &h->tau2_p);
    }
}

static void describe_fit(mtp_regress_job *job, const mtp_glmm_design_fit *made)
{
    mtp_regress_result *r = job->result;
    double k = (double)made->k, p = (double)made->p;

    r->exists = made->exists;
    r->fit = (mtp_fit){.method = MTP_METHOD_GLMM,
                       .tau2_method = MTP_TAU2_ML,
                       .model = is_rate(job) ? "poisson-normal" : "binomial-normal",
                       .nodes = job->options.nodes,
                       .converged = made->exists && made->converged,
                       .iterations = made->iterations,
                       .boundary = made->exists && made->tau2 <= 0.0,
                       .loglik = made->exists ? made->loglik : (double)NAN,
                       .loglik_kind = "marginal",
                       .alpha = (double)NAN,
                       .sigma2 = (double)NAN,
                       MTP_FIT_NO_RHO};
    for (size_t i = 0; i < made->n_modes && made->exists; i++) {
        r->fit.modes[r->fit.n_modes++] = made->modes[i];
    }
    mtp_information_criteria(&r->fit, k, p + 1.0);
    r->loglik_ml = r->fit.loglik;
    if (!made->exists) {
        const char *why = made->obstacle == MTP_GLMM_SEPARATED
                              ? "the moderators tell all events from non-events, and "
                                "the coefficient runs off to infinity: "
                          : made->obstacle == MTP_GLMM_TAU
                              ? "each study has no events or nothing but events, and "
                                "tau runs off to infinity"
                              : "the counts leave a coefficient without an estimate: ";
        const char *which =
            made->obstacle == MTP_GLMM_TAU ? "" : job->name[made->column];

        mtp_note_add(&job->notes, MTP_NOTE_NO_FINITE_ESTIMATE, 0,
                     "there is no finite estimate: %s%s", why, which);
    }
    if (made->uninformative > 0) {
        mtp_note_add(&job->notes, MTP_NOTE_NO_INFORMATION_IN_Q, 0,
                     "%zu %s without events, or with nothing else, carry nothing into "
                     "Q, though they count in its degrees of freedom",
                     made->uninformative,
                     made->uninformative == 1 ? "study" : "studies");
    }
}

static mtp_status take_coefficients(mtp_regress_job *job,
                                    const mtp_glmm_design_fit *made, mtp_error *err)
{
    size_t p = made->p;
    mtp_dd *beta = MTP_ARENA_ARRAY(job->scratch, p, mtp_dd);

    job->model_cov = MTP_ARENA_ARRAY(job->scratch, p * p, mtp_dd);
    if (!beta || !job->model_cov) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < p; j++) {
        beta[j] = mtp_dd_from(made->exists ? made->beta[j] : (double)NAN);
    }
    for (size_t i = 0; i < p * p; i++) {
        job->model_cov[i] = mtp_dd_from(made->exists ? made->vcov[i] : (double)NAN);
    }
    job->linear =
        (mtp_linear){.p = p,
                     .beta = beta,
                     .cov = job->model_cov,
                     .df = job->options.ci == MTP_CI_WALD ? (double)NAN : made->df,
                     .tail = mtp_tail_of_level(job->options.level),
                     .scratch = job->scratch};
    return MTP_OK;
}

/* R2 against the model of one mean. */
static mtp_status explained(mtp_regress_job *job, const mtp_glmm_design_fit *made,
                            mtp_error *err)
{
    mtp_regress_result *r = job->result;
    mtp_glmm_design_fit null;
    mtp_status status;

    if (!job->mods->intercept || job->mods->p == 1 || !made->exists ||
        !(made->df > 0.0)) {
        return MTP_OK;
    }
    status = fit(job, 1, NULL, &null, err);
    if (status == MTP_OK && null.exists) {
        r->null_tau2 = null.tau2;
        if (null.tau2 > 0.0) {
            r->R2 = fmax(0.0, 100.0 * (null.tau2 - made->tau2) / null.tau2);
        }
    }
    return status;
}

mtp_status mtp_regress_fit_glmm(mtp_regress_job *job, mtp_error *err)
{
    mtp_glmm_design_fit made;
    mtp_dd vt;
    mtp_status status = typical_variance(job, &vt, err);

    if (status == MTP_OK) {
        status = fit(job, job->mods->p, job->mods->x, &made, err);
    }
    if (status == MTP_OK) {
        describe_heterogeneity(job, &made, vt);
        describe_fit(job, &made);
        status = take_coefficients(job, &made, err);
    }
    return status == MTP_OK ? explained(job, &made, err) : status;
}
