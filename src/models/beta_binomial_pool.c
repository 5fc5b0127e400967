/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/beta_binomial_pool.h"

#include "models/beta_binomial.h"
#include "models/heterogeneity.h"

#include <math.h>

static void describe_rho(const mtp_beta_binomial_fit *f, mtp_fit *fit)
{
    double gain = 2.0 * (f->loglik - f->common_loglik);

    fit->rho = f->rho;
    fit->rho_se = f->se_rho;
    mtp_boundary_test(f->rho, gain, &fit->rho_statistic, &fit->rho_p);
}

static void describe_fit(const mtp_beta_binomial_fit *f, size_t k, mtp_fit *fit)
{
    bool several = f->exists && k > 1 && !isnan(f->rho);

    *fit = (mtp_fit){.method = MTP_METHOD_BETABINOMIAL,
                     .tau2_method = MTP_TAU2_ML,
                     .model = "beta-binomial",
                     .nodes = -1,
                     .converged = f->exists && f->converged,
                     .iterations = f->iterations,
                     .boundary = several && f->rho <= 0.0,
                     .loglik = f->loglik,
                     .loglik_kind = "marginal",
                     .alpha = (double)NAN,
                     .sigma2 = (double)NAN,
                     MTP_FIT_NO_RHO};
    if (several) {
        describe_rho(f, fit);
        fit->n_modes = f->n_modes;
        for (size_t i = 0; i < f->n_modes; i++) {
            fit->modes[i] = f->modes[i];
        }
    }
    mtp_information_criteria(fit, (double)k, 2.0);
}

static mtp_mean mean_of(double logit, double se, double df)
{
    mtp_dd none = mtp_dd_from((double)NAN);

    return (mtp_mean){.mu = mtp_dd_from(logit),
                      .se = mtp_dd_from(se),
                      .tau2 = none,
                      .factor = none,
                      .df = df};
}

mtp_status mtp_pool_beta_binomial(const mtp_study_set *set,
                                  const mtp_pool_options *options, mtp_arena *scratch,
                                  mtp_pooled *pooled, mtp_mixed_detail *detail,
                                  mtp_error *err)
{
    double df = (double)set->k - 1.0;
    mtp_beta_binomial_fit f;
    mtp_status status =
        mtp_beta_binomial_fit_one_group(set->k, set->events, set->n, scratch, &f, err);

    if (status != MTP_OK) {
        return status;
    }
    *detail = (mtp_mixed_detail){.uninformative_Q = f.uninformative};
    mtp_heterogeneity_clear(&pooled->heterogeneity);
    pooled->heterogeneity.Q_center = "wald";
    pooled->exists = f.exists;
    describe_fit(&f, set->k, &pooled->fit);
    mtp_estimate_missing(options, false, &pooled->common);
    mtp_estimate_missing(options, true, &pooled->random);
    if (f.exists) {
        mtp_mean common = mean_of(f.common, f.common_se, df);
        mtp_mean random = mean_of(f.logit, f.se, df);

        mtp_heterogeneity_set_count_tests(&pooled->heterogeneity, f.Q_wald, f.LRT, df);
        mtp_estimate_common(&common, set, options, &pooled->common, &detail->clipped);
        mtp_estimate_random(&random, set, options, &pooled->random, &detail->clipped);
    }
    return MTP_OK;
}
