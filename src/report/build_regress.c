/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A regression as it would stand in a paper. */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

static bool has_moderators(const mtp_regress_result *fit)
{
    return fit->p > (fit->intercept ? 1 : 0);
}

/* Whether the degrees of freedom differ from one coefficient to the next. */
static bool df_differ(size_t n, const mtp_coefficient c[])
{
    for (size_t i = 1; i < n; i++) {
        if (c[i].df != c[0].df && !(isnan(c[i].df) && isnan(c[0].df))) {
            return true;
        }
    }
    return false;
}

/* Estimates with their tests, one a line. */
static void add_coefficients(mtp_document *doc, const mtp_bundle *bundle,
                             const char *what, size_t n, const mtp_coefficient c[])
{
    bool df = df_differ(n, c);
    mtp_doc_column column[7] = {{"term", what, true, MTP_DOC_WRAP},
                                {"estimate", "Estimate", false, false},
                                {"se", "SE", false, false}};
    size_t columns = 3;

    column[columns++] = (mtp_doc_column){
        "statistic", n > 0 && !df && isnan(c[0].df) ? "z" : "t", false, false};
    if (df) {
        column[columns++] = (mtp_doc_column){"df", "df", false, false};
    }
    column[columns++] = (mtp_doc_column){"p", "p", false, false};
    column[columns++] =
        (mtp_doc_column){"ci", mtp_build_level(doc, bundle, "interval"), false, false};
    mtp_doc_table(doc, columns, column);
    for (size_t i = 0; i < n; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(c[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, c[i].estimate);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, c[i].se);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, c[i].statistic);
        if (df) {
            *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, c[i].df);
        }
        *cell++ = mtp_doc_cell_pair(MTP_DOC_P, c[i].p, c[i].log_p);
        *cell = mtp_doc_cell_pair(MTP_DOC_INTERVAL, c[i].ci_lower, c[i].ci_upper);
    }
}

/* "odds ratios" of a logit, else "ratios of hazard ratios". */
static const char *ratio_name(mtp_document *doc, const mtp_measure_info *measure)
{
    const char *text = "odds ratios";

    if (strcmp(measure->inverse, "inverse logit") != 0) {
        text = mtp_arena_printf(doc->arena, "ratios of %s",
                                mtp_build_plural(doc, measure->natural));
        doc->failed = doc->failed || !text;
    }
    return text ? text : "";
}

static void begin_ratios(mtp_document *doc, const mtp_bundle *bundle, const char *what)
{
    mtp_doc_column column[] = {
        {"term", what, true, MTP_DOC_WRAP},
        {"ratio", "Ratio", false, false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false}};

    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "As %s, exp of the estimate:", ratio_name(doc, bundle->measure));
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
}

static void add_ratio(mtp_document *doc, const mtp_coefficient *c)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    *cell++ = mtp_doc_cell_text(c->name);
    *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, exp(c->estimate));
    *cell = mtp_doc_cell_pair(MTP_DOC_INTERVAL, exp(c->ci_lower), exp(c->ci_upper));
}

/* The coefficients that compare as ratios, where the scale is a logarithm. */
static void add_ratios(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;
    bool begun = false;

    for (size_t j = 0; j < fit->p; j++) {
        if (!mtp_view_is_ratio(bundle, j)) {
            continue;
        }
        if (!begun) {
            begin_ratios(doc, bundle, "Term");
            begun = true;
        }
        add_ratio(doc, &fit->coefficient[j]);
    }
}

static void add_estimates(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;

    mtp_doc_heading(doc, "Coefficients (%s)", mtp_build_scale(doc, bundle->measure));
    add_coefficients(doc, bundle, "Term", fit->p, fit->coefficient);
    if (!isnan(fit->omnibus.statistic)) {
        mtp_doc_entries(doc);
    }
    mtp_build_test(doc,
                   !fit->intercept       ? "Test of all coefficients"
                   : has_moderators(fit) ? "Test of all moderators"
                                         : "Test of the intercept",
                   "chi-square", &fit->omnibus);
    add_ratios(doc, bundle);
}

static void add_tests(mtp_document *doc, const char *label, const char *heading,
                      size_t n, const mtp_named_test tests[])
{
    bool f = n > 0 && tests[0].test.is_f;
    mtp_doc_column column[5] = {{"name", label, true, MTP_DOC_WRAP},
                                {"statistic", f ? "F" : "chi-square", false, false},
                                {"df1", "df", false, false}};
    size_t columns = 3;

    if (f) {
        column[columns++] = (mtp_doc_column){"df2", "df 2", false, false};
    }
    column[columns++] = (mtp_doc_column){"p", "p", false, false};
    if (n == 0) {
        return;
    }
    mtp_doc_heading(doc, "%s", heading);
    mtp_doc_table(doc, columns, column);
    for (size_t i = 0; i < n; i++) {
        const mtp_test *test = &tests[i].test;
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(tests[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, test->statistic);
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, test->df);
        if (f) {
            *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, test->df2);
        }
        *cell = mtp_doc_cell_pair(MTP_DOC_P, test->p, test->log_p);
    }
}

static void add_explained(mtp_document *doc, const mtp_regress_result *fit)
{
    if (isnan(fit->R2)) {
        return;
    }
    mtp_doc_entry(doc, "R^2");
    mtp_doc_number(doc, MTP_DOC_PERCENT, fit->R2);
    if (isnan(fit->null_tau2)) {
        mtp_doc_text(doc, "%% of Q / df without moderators");
        return;
    }
    mtp_doc_text(doc, "%% of tau^2, which is ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, fit->null_tau2);
    mtp_doc_text(doc, " without moderators");
}

/* tau2 of the studies, where it has moderators of its own. */
static void add_range(mtp_document *doc, const mtp_regress_result *fit)
{
    double low = fit->tau2[0], high = fit->tau2[0];

    for (size_t i = 1; i < fit->k; i++) {
        low = fmin(low, fit->tau2[i]);
        high = fmax(high, fit->tau2[i]);
    }
    mtp_doc_entry(doc, "tau^2");
    mtp_doc_text(doc, "of each study, by the scale model below: from ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, low);
    mtp_doc_text(doc, " to ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, high);
}

static void add_heterogeneity(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;
    const mtp_heterogeneity *h = &fit->heterogeneity;
    const mtp_test q = {h->Q, false, h->df, MTP_NONE, h->p, h->log_p};

    mtp_doc_heading(doc, "Residual heterogeneity");
    mtp_doc_entries(doc);
    if (fit->tau2) {
        add_range(doc, fit);
    } else {
        mtp_build_variance(doc, bundle, fit->k, h);
    }
    mtp_build_relative(doc, bundle, h);
    add_explained(doc, fit);
    mtp_build_test(doc, "Q, residual", "chi-square", &q);
    mtp_build_fit(doc, &fit->fit);
    mtp_build_definitions(doc, h, fit->fit.method == MTP_METHOD_GLMM);
}

static void add_scale(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;

    if (fit->n_scale == 0) {
        return;
    }
    mtp_doc_heading(doc, "Scale: coefficients of log tau^2");
    add_coefficients(doc, bundle, "Term", fit->n_scale, fit->scale);
    if (!isnan(fit->scale_omnibus.statistic)) {
        mtp_doc_entries(doc);
    }
    mtp_build_test(doc, "Test of all of them", "chi-square", &fit->scale_omnibus);
}

static void add_vif(mtp_document *doc, const mtp_regress_result *fit)
{
    const mtp_doc_column column[] = {{"name", "Column or term", true, MTP_DOC_WRAP},
                                     {"columns", "Columns", false, false},
                                     {"vif", "VIF", false, false},
                                     {"sif", "VIF^(1/(2 columns))", false, false}};

    if (fit->n_vif < 2) {
        return;
    }
    mtp_doc_heading(doc, "Variance inflation");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < fit->n_vif; i++) {
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(fit->vif[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)fit->vif[i].columns);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, fit->vif[i].vif);
        *cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, fit->vif[i].sif);
    }
}

static void add_permutation(mtp_document *doc, const mtp_regress_result *fit)
{
    const mtp_permutation *test = fit->permutation;
    const mtp_doc_column column[] = {{"term", "Test", true, MTP_DOC_WRAP},
                                     {"p", "p by permutation", false, false},
                                     {"model", "p of the model", false, false}};
    mtp_doc_cell *cell;

    if (!test) {
        return;
    }
    mtp_doc_heading(doc, "Permutation tests");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, test->exact ? "All " : "");
    mtp_doc_number(doc, MTP_DOC_COUNT, (double)test->n);
    mtp_doc_text(doc, test->exact ? " permutations."
                                  : " random permutations, the observed order among "
                                    "them; seed ");
    if (!test->exact) {
        mtp_doc_number(doc, MTP_DOC_COUNT, (double)test->seed);
        mtp_doc_text(doc, ".");
    }
    mtp_doc_table(doc, 3, column);
    cell = mtp_doc_row_new(doc);
    cell[0] = mtp_doc_cell_text(!fit->intercept       ? "all coefficients"
                                : has_moderators(fit) ? "all moderators"
                                                      : "the model");
    cell[1] = mtp_doc_cell_pair(MTP_DOC_P, test->omnibus_p, MTP_NONE);
    cell[2] = mtp_doc_cell_pair(MTP_DOC_P, fit->omnibus.p, fit->omnibus.log_p);
    for (size_t i = 0; i < fit->p; i++) {
        cell = mtp_doc_row_new(doc);
        cell[0] = mtp_doc_cell_text(fit->coefficient[i].name);
        cell[1] = mtp_doc_cell_pair(MTP_DOC_P, test->p[i], MTP_NONE);
        cell[2] = mtp_doc_cell_pair(MTP_DOC_P, fit->coefficient[i].p,
                                    fit->coefficient[i].log_p);
    }
}

static void add_correlation(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_correlation *c = bundle->regression->correlation;

    if (!c) {
        return;
    }
    mtp_doc_heading(doc, "Correlation, every study alike");
    mtp_doc_entries(doc);
    mtp_doc_entry(doc, "Pearson's r");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, c->estimate);
    mtp_doc_text(doc, ", %s ", mtp_build_level(doc, bundle, "interval"));
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_INTERVAL, c->ci_lower, c->ci_upper));
    mtp_build_test(doc, "Test", "t",
                   &(mtp_test){c->statistic, false, c->df, MTP_NONE, c->p, c->log_p});
}

static void add_contrasts(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regress_result *fit = bundle->regression->fit;

    if (fit->n_contrasts == 0) {
        return;
    }
    mtp_doc_heading(doc, "Contrasts (%s)", mtp_build_scale(doc, bundle->measure));
    add_coefficients(doc, bundle, "Contrast", fit->n_contrasts, fit->contrasts);
    if (!mtp_view_has_ratio(bundle->measure)) {
        return;
    }
    begin_ratios(doc, bundle, "Contrast");
    for (size_t i = 0; i < fit->n_contrasts; i++) {
        add_ratio(doc, &fit->contrasts[i]);
    }
}

void mtp_build_regress(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regression *r = bundle->regression;
    const mtp_measure_info *measure = bundle->measure;

    mtp_doc_title(doc, "Meta-regression of %zu %s: %s (%s)", r->fit->k,
                  r->fit->n_levels > 0 ? "effects in groups" : "studies", measure->name,
                  measure->code);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_measure(doc, bundle);
    mtp_build_regress_model(doc, r);
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    mtp_build_regress_moderators(doc, "Moderators", r->design);
    if (r->scale_design) {
        mtp_build_regress_moderators(doc, "Moderators of tau^2", r->scale_design);
    }
    if (r->fit->exists) {
        add_estimates(doc, bundle);
        add_heterogeneity(doc, bundle);
        mtp_build_levels(doc, bundle, r->fit->n_levels, r->fit->levels);
        add_scale(doc, bundle);
        if (r->fit->n_terms > 1 && !isnan(r->fit->terms[0].test.statistic)) {
            add_tests(doc, "Term", "Tests of terms", r->fit->n_terms, r->fit->terms);
        }
        add_tests(doc, "Terms", "Tests asked for", r->fit->n_tests, r->fit->tests);
        add_contrasts(doc, bundle);
        mtp_build_regress_means(doc, bundle);
        add_vif(doc, r->fit);
        add_permutation(doc, r->fit);
        add_correlation(doc, bundle);
        mtp_build_regress_studies(doc, bundle);
        mtp_build_rounding(doc, bundle);
    } else {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "There is no finite estimate; the notes say why.");
    }
    mtp_build_notes(doc, bundle);
}
