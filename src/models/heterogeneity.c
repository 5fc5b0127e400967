/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/heterogeneity.h"

#include "num/dist.h"

#include <math.h>

void mtp_heterogeneity_clear(mtp_heterogeneity *h)
{
    double none = (double)NAN;

    *h = (mtp_heterogeneity){.Q = none,
                             .df = none,
                             .p = none,
                             .log_p = none,
                             .tau2 = none,
                             .tau2_se = none,
                             .tau = none,
                             .I2 = none,
                             .H2 = none,
                             .I2_Q = none,
                             .vt = none,
                             .ci = {.method = "qp",
                                    .status = MTP_SET_UNDEFINED,
                                    .tau2 = {none, none},
                                    .tau = {none, none},
                                    .I2 = {none, none},
                                    .H2 = {none, none}},
                             .LRT = none,
                             .LRT_df = none,
                             .LRT_p = none,
                             .LRT_log_p = none,
                             .tau2_statistic = none,
                             .tau2_p = none};
    h->intervals[h->n_intervals++] = h->ci;
}

double mtp_i2_of_q(mtp_dd Q, double df)
{
    mtp_dd excess = mtp_dd_sub(Q, mtp_dd_from(df));

    return excess.hi > 0.0 ? mtp_dd_to(mtp_dd_mul_d(mtp_dd_div(excess, Q), 100.0))
                           : 0.0;
}

void mtp_heterogeneity_set_q(mtp_heterogeneity *h, const char *center, mtp_dd Q,
                             double df)
{
    h->Q_center = center;
    h->Q = mtp_dd_to(Q);
    h->df = df;
    if (df > 0.0) {
        mtp_tail tail = mtp_chisq_upper(h->Q, df);

        h->p = tail.p;
        h->log_p = tail.log_p;
        h->I2_Q = mtp_i2_of_q(Q, df);
    } else {
        h->p = 1.0;
        h->log_p = 0.0;
    }
}

double mtp_i2_of_tau2(mtp_dd tau2, mtp_dd vt)
{
    return mtp_dd_to(mtp_dd_mul_d(mtp_dd_div(tau2, mtp_dd_add(tau2, vt)), 100.0));
}

double mtp_h2_of_tau2(mtp_dd tau2, mtp_dd vt)
{
    return mtp_dd_to(mtp_dd_add(mtp_dd_div(tau2, vt), mtp_dd_from(1.0)));
}

void mtp_heterogeneity_set_tau2(mtp_heterogeneity *h, mtp_dd tau2, double se, mtp_dd vt)
{
    h->tau2 = mtp_dd_to(tau2);
    h->tau2_se = se;
    h->tau = mtp_dd_to(mtp_dd_sqrt(tau2));
    h->vt = mtp_dd_to(vt);
    h->I2 = mtp_i2_of_tau2(tau2, vt);
    h->H2 = mtp_h2_of_tau2(tau2, vt);
}

void mtp_heterogeneity_add_interval(mtp_heterogeneity *h, const mtp_tau2_set *set,
                                    bool chosen, mtp_dd vt)
{
    mtp_tau2_interval *to = &h->intervals[h->n_intervals++];

    *to = (mtp_tau2_interval){.method = mtp_tau2_ci_id(set->method),
                              .status = set->status,
                              .n_segments = set->n_segments};
    for (int i = 0; i < 2; i++) {
        to->tau2[i] = mtp_dd_to(set->limit[i]);
        to->tau[i] = to->I2[i] = to->H2[i] = (double)NAN;
        if (set->status == MTP_SET_OK) {
            to->tau[i] = mtp_dd_to(mtp_dd_sqrt(set->limit[i]));
            to->I2[i] = mtp_i2_of_tau2(set->limit[i], vt);
            to->H2[i] = mtp_h2_of_tau2(set->limit[i], vt);
        }
        for (size_t s = 0; s < set->n_segments; s++) {
            to->segments[s][i] = mtp_dd_to(set->segment[s][i]);
        }
    }
    if (chosen) {
        h->ci = *to;
    }
}

void mtp_information_criteria(mtp_fit *fit, double n, double parameters)
{
    double deviance = -2.0 * fit->loglik;
    double spare = n - parameters - 1.0;

    fit->AIC = deviance + 2.0 * parameters;
    fit->BIC = deviance + log(n) * parameters;
    fit->AICc = spare > 0.0 ? deviance + 2.0 * parameters * n / spare : (double)NAN;
}

void mtp_heterogeneity_set_count_tests(mtp_heterogeneity *h, double Q_wald, double LRT,
                                       double df)
{
    mtp_tail tail = {1.0, 0.0};

    mtp_heterogeneity_set_q(h, "wald", mtp_dd_from(Q_wald), df);
    h->LRT = LRT;
    h->LRT_df = df;
    if (df > 0.0) {
        tail = mtp_chisq_upper(h->LRT, df);
    }
    h->LRT_p = tail.p;
    h->LRT_log_p = tail.log_p;
}

void mtp_boundary_test(double estimate, double gain, double *statistic, double *p)
{
    *statistic = estimate > 0.0 && gain > 0.0 ? gain : 0.0;
    *p = *statistic > 0.0 ? 0.5 * mtp_chisq_upper(*statistic, 1.0).p : 1.0;
}
