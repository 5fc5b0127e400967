/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the estimates were made, and the heterogeneity that was found. */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

static void add_quadrature(mtp_document *doc, int nodes, bool two_effects)
{
    if (nodes == 0) {
        mtp_doc_text(doc, ", exact integral over the random effect%s",
                     two_effects ? "s" : "");
    } else if (nodes == 1) {
        mtp_doc_text(doc, ", Laplace approximation");
    } else {
        mtp_doc_text(doc, ", %d-point adaptive Gauss-Hermite quadrature%s", nodes,
                     two_effects ? " over each random effect" : "");
    }
}

/* The mixed model of two groups in words. */
static const char *two_group_model(const mtp_bundle *bundle)
{
    bool odds = bundle->measure->measure == MTP_OR;

    switch (bundle->pool->options.model) {
    case MTP_MODEL_UM_FS:
        return odds ? "logistic regression of both groups, fixed study effects"
                    : "Poisson regression of both groups, fixed study effects";
    case MTP_MODEL_UM_RS:
        return odds ? "logistic regression of both groups, random study effects"
                    : "Poisson regression of both groups, random study effects";
    case MTP_MODEL_CM_EL:
        return odds ? "non-central hypergeometric, given the events of each study"
                    : "binomial, given the events of each study";
    default:
        return "binomial, given the events of each study; an approximation";
    }
}

static void add_mixed_model(mtp_document *doc, const mtp_bundle *bundle,
                            const mtp_fit *fit)
{
    bool two = bundle->measure->groups == 2;

    if (two) {
        mtp_doc_text(doc, "generalized linear mixed model %s (%s)", fit->model,
                     two_group_model(bundle));
    } else {
        mtp_doc_text(doc, "%s generalized linear mixed model",
                     bundle->measure->input == MTP_INPUT_EVENTS_TIME
                         ? "Poisson-normal"
                         : "binomial-normal");
    }
    mtp_doc_text(doc, ", maximum likelihood");
    add_quadrature(doc, fit->nodes,
                   two && bundle->pool->options.model == MTP_MODEL_UM_RS);
}

/* "Mantel-Haenszel" or "Peto" where Q is taken around that mean; else NULL. */
static const char *center_of(const mtp_heterogeneity *h)
{
    int method = h->Q_center ? mtp_method_from_id(h->Q_center) : -1;

    return method < 0 ? NULL : mtp_method_label((mtp_method)method);
}

static const char *weighting(const mtp_pool_options *options)
{
    return options->weights ? "the given weights (--weights)" : "inverse variance";
}

static void add_between_variance(mtp_document *doc, const mtp_pool_result *pool)
{
    const mtp_fit *fit = &pool->overall.fit;
    const char *center = center_of(&pool->overall.heterogeneity);

    if (fit->tau2_method == MTP_TAU2_GIVEN) {
        mtp_doc_text(doc, "%s, tau^2 given as ", weighting(&pool->options));
        mtp_doc_number(doc, MTP_DOC_NUMBER, pool->options.tau2_value);
    } else if (pool->overall.n_levels > 0) {
        mtp_doc_text(doc, "nested in levels, variances by %s (%s)",
                     mtp_tau2_label(fit->tau2_method), mtp_tau2_id(fit->tau2_method));
    } else {
        mtp_doc_text(doc, "%s, tau^2 by %s (%s)", weighting(&pool->options),
                     mtp_tau2_label(fit->tau2_method), mtp_tau2_id(fit->tau2_method));
    }
    if (fit->tau2_method == MTP_TAU2_DL && center) {
        mtp_doc_text(doc, ", Q taken around the %s mean", center);
    }
}

void mtp_build_mean(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_doc_entry(doc, "Mean");
    add_between_variance(doc, bundle->pool);
    mtp_doc_text(doc, "; interval: %s", mtp_ci_label(bundle->pool->options.ci));
}

/* What the common effect is made of. */
static void add_common_method(mtp_document *doc, const mtp_pool_options *options)
{
    if (options->method == MTP_METHOD_GLMM) {
        mtp_doc_text(doc, "the same model with tau^2 = 0");
    } else if (options->method == MTP_METHOD_BETABINOMIAL) {
        mtp_doc_text(doc, "binomial model, the same with rho = 0");
    } else if (options->method == MTP_METHOD_INVERSE) {
        mtp_doc_text(doc, "%s", weighting(options));
    } else {
        static const char *const where[] = {
            [MTP_ADD_ONLY0] = "studies with an empty one",
            [MTP_ADD_ALL] = "all studies",
            [MTP_ADD_IF0ALL] = "all studies if one of them has an empty one",
            [MTP_ADD_NONE] = "no study"};

        mtp_doc_text(doc, "%s, from the counts", mtp_method_label(options->method));
        if (options->mh_add > 0.0) {
            mtp_doc_text(doc, ", with ");
            mtp_doc_number(doc, MTP_DOC_NUMBER, options->mh_add);
            mtp_doc_text(doc, " added to the cells of %s (--mh-add)",
                         where[options->mh_to]);
        } else {
            mtp_doc_text(doc, " as they are");
        }
    }
}

static void add_intervals(mtp_document *doc, const mtp_estimate *e, bool nested)
{
    mtp_doc_text(doc, "; interval: %s", mtp_ci_label(e->ci.method));
    if (!isnan(e->ci.df)) {
        mtp_doc_text(doc, ", df ");
        mtp_doc_number(doc, MTP_DOC_COUNT, e->ci.df);
    }
    if (e->pi.method != MTP_PI_NONE && !isnan(e->pi.lower)) {
        mtp_doc_text(doc, "; prediction interval: %s",
                     nested && e->ci.method == MTP_CI_T && e->pi.method == MTP_PI_V
                         ? "t with as many degrees of freedom"
                         : mtp_pi_label(e->pi.method));
    }
}

/* "CR2", as papers write it. */
static const char *robust_name(mtp_robust_type type)
{
    static const char *const name[] = {[MTP_ROBUST_NONE] = "none",
                                       [MTP_ROBUST_CR0] = "CR0",
                                       [MTP_ROBUST_CR1] = "CR1",
                                       [MTP_ROBUST_CR2] = "CR2"};

    return name[type];
}

void mtp_build_model(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    mtp_pooled overall = mtp_view_pooled(&pool->overall);
    bool glmm = overall.fit.method == MTP_METHOD_GLMM;

    mtp_doc_entry(doc, "Random effects");
    if (glmm) {
        add_mixed_model(doc, bundle, &overall.fit);
    } else if (overall.fit.method == MTP_METHOD_BETABINOMIAL) {
        mtp_doc_text(doc, "beta-binomial model, maximum likelihood; the estimate is "
                          "the mean of the studies' proportions");
    } else {
        add_between_variance(doc, pool);
    }
    if (overall.exists) {
        add_intervals(doc, &overall.random, overall.n_levels > 0);
    }
    mtp_doc_entry(doc, "Common effect");
    add_common_method(doc, &pool->options);
    if (!isnan(overall.common.estimate)) {
        add_intervals(doc, &overall.common, false);
    }
    if (overall.robust.type != MTP_ROBUST_NONE) {
        mtp_doc_entry(doc, "Robust variance");
        mtp_doc_text(doc, "%s (%s), %zu cluster%s", robust_name(overall.robust.type),
                     mtp_robust_label(overall.robust.type), overall.robust.clusters,
                     overall.robust.clusters == 1 ? "" : "s");
    }
    if (pool->n_groups > 0) {
        mtp_doc_entry(doc, "Subgroups");
        mtp_doc_text(
            doc, "by %s, %s", bundle->by ? bundle->by : "group",
            overall.fit.method == MTP_METHOD_BETABINOMIAL ? "each with its own rho"
            : pool->options.tau2_scope == MTP_TAU2_COMMON ? "one tau^2 for all of them"
                                                          : "each with its own tau^2");
    }
}

static const char *set_name(const mtp_tau2_interval *ci)
{
    int method = ci->method ? mtp_tau2_ci_from_id(ci->method) : -1;

    return method < 0 ? "" : mtp_tau2_ci_label((mtp_tau2_ci_method)method);
}

/* "; 95% interval [a, b]" where there is one. */
static void add_limits(mtp_document *doc, const mtp_bundle *bundle,
                       const mtp_tau2_interval *ci, const double pair[2],
                       mtp_doc_kind kind)
{
    if (ci->status == MTP_SET_OK && !isnan(pair[0])) {
        mtp_doc_text(doc, "; %s ", mtp_build_level(doc, bundle, "interval"));
        mtp_doc_add(doc, mtp_doc_cell_pair(kind, pair[0], pair[1]));
    }
}

/* What takes the place of tau^2 in a beta-binomial model. */
static void add_correlation(mtp_document *doc, const mtp_fit *fit)
{
    mtp_doc_entry(doc, "rho");
    if (isnan(fit->rho)) {
        mtp_doc_text(doc, "not estimated");
        return;
    }
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, fit->rho);
    if (!isnan(fit->rho_se)) {
        mtp_doc_text(doc, ", SE ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, fit->rho_se);
    }
    mtp_doc_text(doc, "; correlation of two patients of one study: the studies' "
                      "proportions have variance rho m (1 - m) around their mean m");
    mtp_doc_entry(doc, "Test of rho = 0");
    mtp_doc_text(doc, "likelihood ratio ");
    mtp_doc_number(doc, MTP_DOC_STATISTIC, fit->rho_statistic);
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, fit->rho_p, MTP_NONE));
    mtp_doc_text(doc, " (half-and-half mixture of chi-square with 0 and 1 df)");
}

void mtp_build_variance(mtp_document *doc, const mtp_bundle *bundle, size_t k,
                        const mtp_heterogeneity *h)
{
    mtp_doc_entry(doc, "tau^2");
    if (isnan(h->tau2)) {
        mtp_doc_text(doc,
                     k == 1 ? "one study tells nothing about it" : "not estimated");
        return;
    }
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->tau2);
    if (!isnan(h->tau2_se)) {
        mtp_doc_text(doc, ", SE ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->tau2_se);
    }
    add_limits(doc, bundle, &h->ci, h->ci.tau2, MTP_DOC_INTERVAL);
    if (h->ci.status == MTP_SET_OK) {
        mtp_doc_text(doc, " (%s", set_name(&h->ci));
        for (size_t i = 0; i < h->ci.n_segments && h->ci.n_segments > 1; i++) {
            mtp_doc_text(doc, i == 0 ? ": " : " and ");
            mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_INTERVAL, h->ci.segments[i][0],
                                               h->ci.segments[i][1]));
        }
        mtp_doc_text(doc, ")");
    } else if (h->ci.status == MTP_SET_EMPTY) {
        mtp_doc_text(doc, "; %s (%s): empty, no tau^2 agrees with the data",
                     mtp_build_level(doc, bundle, "interval"), set_name(&h->ci));
    }
    mtp_doc_entry(doc, "tau");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->tau);
    add_limits(doc, bundle, &h->ci, h->ci.tau, MTP_DOC_INTERVAL);
    mtp_doc_text(doc, " (%s)", mtp_build_scale(doc, bundle->measure));
}

void mtp_build_relative(mtp_document *doc, const mtp_bundle *bundle,
                        const mtp_heterogeneity *h)
{
    if (!isnan(h->I2)) {
        mtp_doc_entry(doc, "I^2");
        mtp_doc_number(doc, MTP_DOC_PERCENT, h->I2);
        mtp_doc_text(doc, "%%");
        add_limits(doc, bundle, &h->ci, h->ci.I2, MTP_DOC_INTERVAL_PERCENT);
        mtp_doc_entry(doc, "H^2");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->H2);
        add_limits(doc, bundle, &h->ci, h->ci.H2, MTP_DOC_INTERVAL);
    }
    if (!isnan(h->I2_Q)) {
        mtp_doc_entry(doc, "I^2 from Q");
        mtp_doc_number(doc, MTP_DOC_PERCENT, h->I2_Q);
        mtp_doc_text(doc, "%%");
    }
}

void mtp_build_definitions(mtp_document *doc, const mtp_heterogeneity *h, bool glmm)
{
    if (isnan(h->I2)) {
        return;
    }
    mtp_doc_entry(doc, "Definitions");
    mtp_doc_text(doc, "I^2 = tau^2 / (tau^2 + v) and H^2 = 1 + tau^2 / v with the "
                      "typical sampling variance v = ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, h->vt);
    mtp_doc_text(doc, "%s; I^2 from Q = (Q - df) / Q",
                 glmm ? " of the study effects" : "");
}

/* Are the odds ratios of the tables equal? */
static void add_equality_tests(mtp_document *doc, const mtp_stratified *tests)
{
    if (tests) {
        mtp_build_test(doc, "Breslow-Day test", "chi-square", &tests->breslow_day);
        mtp_build_test(doc, "Tarone's test", "chi-square", &tests->tarone);
    }
}

/* Q, and for mixed models the likelihood-ratio tests. */
static void add_tests(mtp_document *doc, const mtp_heterogeneity *h)
{
    const char *center = center_of(h);
    const char *name =
        center ? mtp_arena_printf(doc->arena, "Q, %s", center) : "Q, Cochran's test";
    bool wald = h->Q_center && strcmp(h->Q_center, "wald") == 0;
    mtp_test q = {h->Q, false, h->df, MTP_NONE, h->p, h->log_p};
    mtp_test lrt = {h->LRT, false, h->LRT_df, MTP_NONE, h->LRT_p, h->LRT_log_p};

    doc->failed = doc->failed || !name;
    mtp_build_test(doc, wald ? "Q, Wald test" : name, "chi-square", &q);
    mtp_build_test(doc, "Likelihood-ratio test", "chi-square", &lrt);
    if (!isnan(h->tau2_statistic)) {
        mtp_doc_entry(doc, "Test of tau^2 = 0");
        mtp_doc_text(doc, "likelihood ratio ");
        mtp_doc_number(doc, MTP_DOC_STATISTIC, h->tau2_statistic);
        mtp_doc_text(doc, ", ");
        mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, h->tau2_p, MTP_NONE));
        mtp_doc_text(doc, " (half-and-half mixture of chi-square with 0 and 1 df)");
    }
}

void mtp_build_fit(mtp_document *doc, const mtp_fit *fit)
{
    const double value[] = {fit->AIC, fit->AICc, fit->BIC};
    static const char *const name[] = {"AIC", "AICc", "BIC"};

    if (!isnan(fit->loglik)) {
        mtp_doc_entry(doc, "Log-likelihood");
        mtp_doc_number(doc, MTP_DOC_STATISTIC, fit->loglik);
        if (fit->loglik_kind) {
            mtp_doc_text(doc, " (%s)", fit->loglik_kind);
        }
        for (size_t i = 0; i < 3; i++) {
            if (!isnan(value[i])) {
                mtp_doc_text(doc, "; %s ", name[i]);
                mtp_doc_number(doc, MTP_DOC_STATISTIC, value[i]);
            }
        }
    }
    for (size_t i = 0; i < fit->n_modes && fit->n_modes > 1; i++) {
        mtp_doc_entry(doc, "Local maximum");
        mtp_doc_text(doc, fit->method == MTP_METHOD_BETABINOMIAL ? "rho " : "tau^2 ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, fit->modes[i].tau2);
        mtp_doc_text(doc, ", estimate ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, fit->modes[i].estimate);
        mtp_doc_text(doc, ", log-likelihood ");
        mtp_doc_number(doc, MTP_DOC_STATISTIC, fit->modes[i].loglik);
    }
}

void mtp_build_heterogeneity(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);

    mtp_doc_heading(doc, "Heterogeneity");
    mtp_doc_entries(doc);
    if (overall.fit.method == MTP_METHOD_BETABINOMIAL) {
        add_correlation(doc, &overall.fit);
    } else {
        mtp_build_variance(doc, bundle, overall.k, &overall.heterogeneity);
    }
    if (!isnan(overall.fit.sigma2)) {
        mtp_doc_entry(doc, "sigma^2");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, overall.fit.sigma2);
        mtp_doc_text(doc, " (of the studies' levels, both groups together)");
    }
    mtp_build_relative(doc, bundle, &overall.heterogeneity);
    add_tests(doc, &overall.heterogeneity);
    add_equality_tests(doc, overall.stratified);
    mtp_build_fit(doc, &overall.fit);
    mtp_build_definitions(doc, &overall.heterogeneity,
                          overall.fit.method == MTP_METHOD_GLMM);
}
