/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/beta_binomial.h"

#include "core/error.h"
#include "models/beta_binomial_internal.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static mtp_beta_binomial_fit nothing(void)
{
    const double nan = (double)NAN;

    return (mtp_beta_binomial_fit){.common = nan,
                                   .common_se = nan,
                                   .common_loglik = nan,
                                   .logit = nan,
                                   .se = nan,
                                   .loglik = nan,
                                   .rho = nan,
                                   .se_rho = nan,
                                   .Q_wald = nan,
                                   .LRT = nan};
}

static mtp_status fill(size_t k, const double x[], const double n[],
                       mtp_glmm_sample *sample, mtp_error *err)
{
    static const double one = 1.0;

    for (size_t i = 0; i < k; i++) {
        if (x[i] != floor(x[i]) || n[i] != floor(n[i])) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, NULL,
                               "a beta-binomial model needs whole numbers of events "
                               "and patients");
        }
        sample->study[i] = mtp_glmm_study_of(MTP_GLMM_BINOMIAL, x[i], n[i]);
        sample->study[i].row = &one;
    }
    mtp_glmm_sample_arrange(sample);
    return MTP_OK;
}

/*
 * What the search has to know. The slope at phi = 0 is
 *   d loglik / d phi = (sum (x - n p)^2 / (p q) - n) / 2,
 * Tarone's score, which is that of tau2 in the binomial-normal model over p q. Of a
 * study with events and non-events, p^a q^b <= 1 gives P(x) <= n / (x y) / B(a, b) and,
 * for phi >= 1, P(x) <= n / (pi x y phi).
 * Source: Tarone (1979), Biometrika 66:585-590, doi:10.1093/biomet/66.3.585.
 */
static mtp_glmm_problem problem_of(mtp_glmm_sample *sample,
                                   const mtp_beta_binomial_fit *fit)
{
    double p = mtp_dd_to(mtp_dd_div(sample->events, sample->size));
    double q = mtp_dd_to(mtp_dd_div(sample->rest, sample->size));
    mtp_glmm_problem problem = {.p = 1,
                                .evaluate = mtp_beta_binomial_evaluate,
                                .of = sample,
                                .beta = &fit->common,
                                .loglik = fit->common_loglik};

    problem.slope = mtp_glmm_boundary_slope(sample, &problem.sign) / (p * q);
    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        double w = mtp_glmm_wald_weight(MTP_GLMM_BINOMIAL, study);

        problem.information = fmax(problem.information, study->m);
        if (w > 0.0) {
            problem.log_area += study->times * log(2.0 / w);
            problem.informative += 2.0 * study->times;
        }
    }
    /* one study, or one patient a study */
    problem.no_tau = sample->k == 1 || problem.information <= 1.0;
    return problem;
}

static double rho_of(double phi)
{
    return phi / (1.0 + phi);
}

static void take_maximum(const mtp_glmm_maxima *maxima, mtp_beta_binomial_fit *fit)
{
    double tau = maxima->tau, scale = 1.0 + tau * tau;

    fit->logit = maxima->beta[0];
    fit->rho = rho_of(tau * tau);
    fit->loglik = maxima->loglik;
    fit->se = maxima->vcov ? sqrt(maxima->vcov[0]) : fit->common_se;
    /* delta method: d rho = 2 tau d tau / (1 + phi)^2 */
    if (maxima->vcov) {
        fit->se_rho = 2.0 * tau * sqrt(maxima->vcov[3]) / (scale * scale);
    }
    fit->iterations = maxima->iterations;
    fit->converged = maxima->converged;
    fit->n_modes = maxima->n_modes;
    memcpy(fit->modes, maxima->modes, sizeof fit->modes);
    for (size_t i = 0; i < fit->n_modes; i++) {
        fit->modes[i].tau2 = rho_of(maxima->modes[i].tau2);
    }
}

/* Every study is all events or none, and some has several patients: P(0) <= 1 - mu and
 * P(n) <= mu, both with equality at rho = 1, where a study is one draw. */
static void all_or_nothing(const mtp_glmm_sample *sample, mtp_beta_binomial_fit *fit)
{
    double all = 0.0, none = 0.0, k = (double)sample->k;

    for (size_t i = 0; i < sample->count; i++) {
        *(sample->study[i].x > 0.0 ? &all : &none) += sample->study[i].times;
    }
    fit->logit = log(all / none);
    fit->se = sqrt(k / (all * none));
    fit->rho = 1.0;
    fit->loglik = all * log(all / k) + none * log(none / k);
    fit->converged = true;
    fit->n_modes = 1;
    fit->modes[0] = (mtp_mode){1.0, fit->loglik, fit->logit};
}

static mtp_status fit_sample(mtp_glmm_sample *sample, mtp_arena *scratch,
                             mtp_beta_binomial_fit *fit, mtp_error *err)
{
    mtp_glmm_fit closed;
    mtp_glmm_problem problem;
    mtp_glmm_maxima maxima;
    mtp_status status;

    fit->exists = sample->events.hi > 0.0 && sample->rest.hi > 0.0;
    if (!fit->exists) {
        return MTP_OK;
    }
    mtp_glmm_closed_forms(sample, &closed);
    fit->common = closed.common_mu;
    fit->common_se = closed.common_se;
    fit->common_loglik = closed.common_loglik;
    fit->Q_wald = closed.Q_wald;
    fit->LRT = closed.LRT;
    fit->uninformative = closed.uninformative;
    problem = problem_of(sample, fit);
    if (!problem.no_tau && problem.informative == 0.0) {
        all_or_nothing(sample, fit);
        return MTP_OK;
    }
    status = mtp_glmm_search(&problem, 0, scratch, &maxima, err);
    if (status == MTP_OK) {
        take_maximum(&maxima, fit);
    }
    if (problem.no_tau) {
        fit->rho = (double)NAN;
    }
    return status;
}

mtp_status mtp_beta_binomial_fit_one_group(size_t k, const double x[], const double n[],
                                           mtp_arena *scratch,
                                           mtp_beta_binomial_fit *fit, mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_beta_binomial_fit found = nothing();
    mtp_glmm_sample sample;
    mtp_status status;

    assert(k > 0);
    status = mtp_glmm_sample_make(MTP_GLMM_BINOMIAL, k, 1, scratch, &sample, err);
    if (status == MTP_OK) {
        status = fill(k, x, n, &sample, err);
    }
    if (status == MTP_OK) {
        status = fit_sample(&sample, scratch, &found, err);
    }
    if (status == MTP_OK) {
        *fit = found;
    }
    mtp_arena_release(scratch, mark);
    return status;
}
