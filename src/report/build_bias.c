/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects, in sentences that can be quoted. */
#include "report/build_bias.h"

#include "report/view.h"

#include <math.h>

void mtp_build_bias_statistic(mtp_document *doc, double statistic, double df, double p,
                              double log_p)
{
    if (!isnan(statistic)) {
        mtp_doc_text(doc, isnan(df) ? ", z = " : ", t(");
        if (!isnan(df)) {
            mtp_doc_number(doc, MTP_DOC_COUNT, df);
            mtp_doc_text(doc, ") = ");
        }
        mtp_doc_number(doc, MTP_DOC_STATISTIC, statistic);
    }
    if (isnan(p)) {
        mtp_doc_text(doc, ", without a p-value");
        return;
    }
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, p, log_p));
}

/* What the predictor of a regression is called. */
static const char *predictor_name(const mtp_asymmetry_result *r)
{
    int which = mtp_predictor_from_id(r->predictor);

    return which < 0 ? r->predictor : mtp_predictor_label((mtp_predictor)which);
}

void mtp_build_bias_estimate(mtp_document *doc, const mtp_bundle *bundle,
                             const mtp_coefficient *c, const mtp_bias_natural *back)
{
    const mtp_measure_info *measure = bundle->measure;

    mtp_doc_text(doc, "%s ", measure->natural);
    mtp_doc_add(doc, mtp_build_natural(doc, back->estimate));
    mtp_doc_text(doc, " ");
    mtp_doc_add(doc, mtp_build_natural_interval(doc, back->ci_lower, back->ci_upper));
    if (mtp_view_has_back(measure)) {
        mtp_doc_text(doc, " (%s ", measure->scale);
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, c->estimate);
        mtp_doc_text(doc, ", SE ");
    } else {
        mtp_doc_text(doc, " (SE ");
    }
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, c->se);
    mtp_doc_text(doc, ")");
}

static void add_limit(mtp_document *doc, const mtp_bundle *bundle,
                      const mtp_bias_test *test)
{
    if (isnan(test->back.estimate)) {
        return;
    }
    mtp_doc_text(doc, " At a predictor of 0, a study without error: ");
    mtp_build_bias_estimate(doc, bundle, &test->result->limit, &test->back);
    mtp_doc_text(doc, ".");
}

static void add_regression(mtp_document *doc, const mtp_bundle *bundle,
                           const mtp_bias_test *test)
{
    const mtp_asymmetry_result *r = test->result;

    mtp_doc_text(doc, "%s, predictor %s): slope ", mtp_asymmetry_model_label(r->model),
                 predictor_name(r));
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->estimate);
    mtp_doc_text(doc, " (SE ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->se);
    mtp_doc_text(doc, ")");
    mtp_build_bias_statistic(doc, r->statistic, r->df, r->p, r->log_p);
    mtp_doc_text(doc, r->model == MTP_ASYMMETRY_LM ? "; residual variance "
                                                   : "; residual tau^2 ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE,
                   r->model == MTP_ASYMMETRY_LM ? r->dispersion : r->tau2);
    mtp_doc_text(doc, ".");
    add_limit(doc, bundle, test);
}

static void add_rank(mtp_document *doc, const mtp_asymmetry_result *r)
{
    mtp_doc_text(doc, "%s): Kendall's tau ",
                 r->exact ? "exact" : "by the normal approximation");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, r->estimate);
    mtp_build_bias_statistic(doc, r->statistic, r->df, r->p, r->log_p);
    mtp_doc_text(doc, ".");
}

const char *mtp_build_bias_capital(mtp_document *doc, const char *label)
{
    char first =
        label[0] >= 'a' && label[0] <= 'z' ? (char)(label[0] - 'a' + 'A') : label[0];
    const char *text = mtp_arena_printf(doc->arena, "%c%s", first, label + 1);

    doc->failed = doc->failed || !text;
    return text ? text : "";
}

static void add_test(mtp_document *doc, const mtp_bundle *bundle,
                     const mtp_bias_test *test)
{
    const mtp_asymmetry_result *r = test->result;
    const char *name = mtp_build_bias_capital(doc, mtp_asymmetry_label(test->test));

    mtp_doc_paragraph(doc);
    if (!r) {
        mtp_doc_text(doc, "%s: no answer (%s).", name, test->reason);
        return;
    }
    mtp_doc_text(doc, "%s (", name);
    if (r->k != bundle->n_studies) {
        mtp_doc_text(doc, "%zu of the studies, ", r->k);
    }
    if (r->model == MTP_ASYMMETRY_RANK) {
        add_rank(doc, r);
    } else {
        add_regression(doc, bundle, test);
    }
}

static bool was_made(const mtp_bias_analysis *a, mtp_asymmetry_test test)
{
    for (size_t i = 0; i < a->n_tests; i++) {
        if (a->tests[i].test == test) {
            return true;
        }
    }
    return false;
}

/* The tests that apply and were not asked for. */
static void add_others(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;
    size_t n = 0;

    for (size_t i = 0; i < a->n_applicable; i++) {
        if (was_made(a, a->applicable[i])) {
            continue;
        }
        if (n == 0) {
            mtp_doc_paragraph(doc);
            mtp_doc_text(doc, "Further tests that apply to %s (--test): ",
                         bundle->measure->code);
        }
        mtp_doc_text(doc, "%s%s", n++ > 0 ? ", " : "",
                     mtp_asymmetry_id(a->applicable[i]));
    }
    mtp_doc_text(doc, n > 0 ? "." : "");
}

static void add_tests(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;

    if (a->n_tests == 0) {
        return;
    }
    mtp_doc_heading(doc, "Tests for asymmetry of the funnel");
    for (size_t i = 0; i < a->n_tests; i++) {
        add_test(doc, bundle, &a->tests[i]);
    }
    add_others(doc, bundle);
}

static void add_mean(mtp_document *doc, const mtp_bundle *bundle,
                     const mtp_bias_estimate *e)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    *cell++ = mtp_doc_cell_text(e->label);
    *cell++ = mtp_build_natural(doc, e->back.estimate);
    *cell++ = mtp_build_natural_interval(doc, e->back.ci_lower, e->back.ci_upper);
    if (mtp_view_has_back(bundle->measure)) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, e->value.estimate);
    }
    *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, e->value.se);
}

/* The mean as pooled, and as each method adjusts it. */
static void add_means(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_bias_analysis *a = bundle->bias;
    const mtp_measure_info *measure = bundle->measure;
    mtp_doc_column column[5] = {
        {"mean", "Mean", true, MTP_DOC_WRAP},
        {"estimate", mtp_build_bias_capital(doc, measure->natural), false, false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false}};
    size_t columns = 3;

    if (a->n_estimates < 2) {
        return;
    }
    if (mtp_view_has_back(measure)) {
        column[columns++] = (mtp_doc_column){
            "analysis", mtp_build_bias_capital(doc, measure->scale), false, false};
    }
    column[columns++] = (mtp_doc_column){"se", "SE", false, false};
    mtp_doc_heading(doc, "The mean, as pooled and as adjusted");
    mtp_doc_table(doc, columns, column);
    for (size_t i = 0; i < a->n_estimates; i++) {
        add_mean(doc, bundle, &a->estimates[i]);
    }
}

void mtp_build_bias_findings(mtp_document *doc, const mtp_bundle *bundle)
{
    add_tests(doc, bundle);
    add_means(doc, bundle);
    mtp_build_bias_means(doc, bundle);
    mtp_build_bias_models(doc, bundle);
}

void mtp_build_bias(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;

    mtp_build_precision(doc, bundle);
    mtp_doc_title(doc, "Small-study effects in %zu stud%s: %s (%s)", bundle->n_studies,
                  bundle->n_studies == 1 ? "y" : "ies", measure->name, measure->code);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_measure(doc, bundle);
    mtp_build_mean(doc, bundle);
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    mtp_build_bias_findings(doc, bundle);
    mtp_build_notes(doc, bundle);
}
