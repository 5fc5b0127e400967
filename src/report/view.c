/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/view.h"

#include <math.h>
#include <string.h>

static const mtp_estimate no_estimate = {
    .estimate = MTP_NONE,
    .null_value = MTP_NONE,
    .ci = {.method = MTP_CI_WALD,
           .se = MTP_NONE,
           .df = MTP_NONE,
           .statistic = MTP_NONE,
           .p = MTP_NONE,
           .log_p = MTP_NONE,
           .lower = MTP_NONE,
           .upper = MTP_NONE,
           .estimate = MTP_NONE},
    .pi = {MTP_PI_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE},
    .back = {MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE, MTP_NONE},
};

static const mtp_heterogeneity no_heterogeneity = {
    .Q = MTP_NONE,
    .df = MTP_NONE,
    .p = MTP_NONE,
    .log_p = MTP_NONE,
    .tau2 = MTP_NONE,
    .tau2_se = MTP_NONE,
    .tau = MTP_NONE,
    .I2 = MTP_NONE,
    .H2 = MTP_NONE,
    .I2_Q = MTP_NONE,
    .vt = MTP_NONE,
    .ci = {.status = MTP_SET_UNDEFINED,
           .tau2 = {MTP_NONE, MTP_NONE},
           .tau = {MTP_NONE, MTP_NONE},
           .I2 = {MTP_NONE, MTP_NONE},
           .H2 = {MTP_NONE, MTP_NONE}},
    .LRT = MTP_NONE,
    .LRT_df = MTP_NONE,
    .LRT_p = MTP_NONE,
    .LRT_log_p = MTP_NONE,
    .tau2_statistic = MTP_NONE,
    .tau2_p = MTP_NONE,
};

/* What a common effect has without a tau2. */
static void copy_tests(const mtp_heterogeneity *from, mtp_heterogeneity *to)
{
    to->Q_center = from->Q_center;
    to->Q = from->Q;
    to->df = from->df;
    to->p = from->p;
    to->log_p = from->log_p;
    to->LRT = from->LRT;
    to->LRT_df = from->LRT_df;
    to->LRT_p = from->LRT_p;
    to->LRT_log_p = from->LRT_log_p;
}

mtp_pooled mtp_view_pooled(const mtp_pooled *pooled)
{
    mtp_pooled view = *pooled;

    if (!pooled->exists) {
        view.random = no_estimate;
        view.heterogeneity = no_heterogeneity;
        view.fit.n_modes = 0;
        view.fit.loglik = view.fit.AIC = view.fit.AICc = view.fit.BIC = MTP_NONE;
        view.fit.rho = view.fit.rho_se = MTP_NONE;
        view.fit.rho_statistic = view.fit.rho_p = MTP_NONE;
    }
    if (!pooled->exists && pooled->common.n_intervals == 0) {
        view.common = no_estimate;
    } else if (!pooled->exists) {
        copy_tests(&pooled->heterogeneity, &view.heterogeneity);
    }
    return view;
}

bool mtp_view_has_back(const mtp_measure_info *measure)
{
    return strcmp(measure->inverse, "none") != 0;
}

bool mtp_view_has_ratio(const mtp_measure_info *measure)
{
    return strcmp(measure->inverse, "exponential") == 0 ||
           strcmp(measure->inverse, "inverse logit") == 0;
}

bool mtp_view_is_ratio(const mtp_bundle *bundle, size_t column)
{
    const mtp_design *d = bundle->regression->design;
    size_t t = d->column_term[column], columns = 0;
    const mtp_formula_term *term = t < d->n_terms ? &d->formula->term[t] : NULL;
    const mtp_design_leaf *leaf =
        term && term->n_leaves == 1 ? &d->leaf[term->leaf[0]] : NULL;

    for (size_t j = 0; j < d->p; j++) {
        columns += d->column_term[j] == t;
    }
    return mtp_view_has_ratio(bundle->measure) && term &&
           !(leaf && leaf->is_factor && columns == leaf->n_levels);
}

bool mtp_view_has_counts(const mtp_measure_info *measure)
{
    return measure->input == MTP_INPUT_EVENTS_N ||
           measure->input == MTP_INPUT_EVENTS_TIME;
}

const char *mtp_view_observed(const mtp_bundle *bundle)
{
    for (size_t i = 0; i < bundle->n_studies; i++) {
        if (bundle->studies[i].observed.ci_method) {
            return bundle->studies[i].observed.ci_method;
        }
    }
    return NULL;
}
