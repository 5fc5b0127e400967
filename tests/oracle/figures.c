/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"

#include <string.h>

const mtp_interval *figure_interval(const mtp_estimate *e, mtp_ci_method method)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == method) {
            return &e->intervals[i];
        }
    }
    return NULL;
}

const mtp_prediction *figure_prediction(const mtp_estimate *e, mtp_pi_method method)
{
    for (size_t i = 0; i < e->n_predictions; i++) {
        if (e->predictions[i].method == method) {
            return &e->predictions[i];
        }
    }
    return NULL;
}

/* A name and where its value lies. */
typedef struct figure {
    const char *name;
    double value;
} figure;

static bool pick(size_t n, const figure figures[], const char *name, double *value)
{
    for (size_t i = 0; i < n; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return false;
}

#define PICK(figures, name, value)                                                     \
    pick(sizeof(figures) / sizeof(figures)[0], figures, name, value)

bool figure_of_interval(const mtp_interval *i, const char *name, double *value)
{
    const figure figures[] = {{"se", i->se},          {"df", i->df},
                              {"stat", i->statistic}, {"p", i->p},
                              {"pval", i->p},         {"ln_p", i->log_p},
                              {"ci_lb", i->lower},    {"ci_ub", i->upper}};

    return PICK(figures, name, value);
}

bool figure_of_heterogeneity(const mtp_heterogeneity *h, const char *name,
                             double *value)
{
    const figure figures[] = {{"Q", h->Q},
                              {"QE", h->Q},
                              {"QE_Wld", h->Q},
                              {"df", h->df},
                              {"QE_df", h->df},
                              {"p", h->p},
                              {"QEp", h->p},
                              {"QEp_Wld", h->p},
                              {"ln_p", h->log_p},
                              {"tau2", h->tau2},
                              {"se_tau2", h->tau2_se},
                              {"I2", h->I2},
                              {"H2", h->H2},
                              {"I2_Q", h->I2_Q},
                              {"typical_v", h->vt},
                              {"vt", h->vt},
                              {"QE_LRT", h->LRT},
                              {"QEp_LRT", h->LRT_p},
                              {"QE_LRT_p", h->LRT_p}};

    return PICK(figures, name, value);
}

bool figure_of_fit(const mtp_fit *fit, const char *name, double *value)
{
    const figure figures[] = {{"ll", fit->loglik},     {"loglik", fit->loglik},
                              {"logLik", fit->loglik}, {"AIC", fit->AIC},
                              {"AICc", fit->AICc},     {"BIC", fit->BIC}};

    return PICK(figures, name, value);
}
