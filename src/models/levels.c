/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/levels.h"

#include "models/heterogeneity.h"
#include "models/normal.h"

#include <math.h>

static void describe_fit(const mtp_multilevel_result *nested, mtp_fit *fit)
{
    bool restricted = nested->options.method == MTP_TAU2_REML;
    const mtp_information *own = restricted ? &nested->reml : &nested->ml;
    mtp_tau2_result as_one = {.tau2 = nested->tau2,
                              .loglik = own->loglik,
                              .iterations = nested->iterations,
                              .n_modes = nested->n_modes};
    mtp_pool_options options;

    for (size_t m = 0; m < nested->n_modes; m++) {
        as_one.modes[m] =
            (mtp_mode){.loglik = nested->modes[m].loglik, .estimate = (double)NAN};
        for (size_t l = 0; l < nested->n_levels; l++) {
            as_one.modes[m].tau2 += nested->modes[m].sigma2[l];
        }
    }
    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = nested->options.method;
    mtp_describe_fit(&as_one, &options, nested->k, nested->p, fit);
    fit->AIC = own->AIC;
    fit->AICc = own->AICc;
    fit->BIC = own->BIC;
}

void mtp_levels_describe(const mtp_multilevel_result *nested, mtp_heterogeneity *h,
                         mtp_fit *fit)
{
    mtp_heterogeneity_clear(h);
    h->n_intervals = 0;
    mtp_heterogeneity_set_q(h, "common", mtp_dd_from(nested->Q), nested->Q_df);
    mtp_heterogeneity_set_tau2(h, mtp_dd_from(nested->tau2), (double)NAN,
                               mtp_dd_from(nested->vt));
    describe_fit(nested, fit);
}
