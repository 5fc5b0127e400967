/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Means that a regression predicts, and its studies. */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

static bool has_predictions(size_t n, const mtp_regression_mean means[])
{
    for (size_t i = 0; i < n; i++) {
        if (!isnan(means[i].value.pi_lower)) {
            return true;
        }
    }
    return false;
}

static bool has_counts(size_t n, const mtp_regression_mean means[])
{
    return n > 0 && means[0].factor != NULL;
}

/* A table of means on the natural scale. */
static void add_table(mtp_document *doc, const mtp_bundle *bundle, const char *label,
                      size_t n, const mtp_regression_mean means[])
{
    bool counts = has_counts(n, means), predictions = has_predictions(n, means);
    mtp_doc_column column[5] = {{"at", label, true, MTP_DOC_WRAP}};
    size_t columns = 1;

    if (counts) {
        column[columns++] = (mtp_doc_column){"k", "k", false, false};
    }
    column[columns++] = (mtp_doc_column){"estimate", "Estimate", false, false};
    column[columns++] =
        (mtp_doc_column){"ci", mtp_build_level(doc, bundle, "interval"), false, false};
    if (predictions) {
        column[columns++] = (mtp_doc_column){
            "pi", mtp_build_level(doc, bundle, "prediction interval"), false, false};
    }
    mtp_doc_table(doc, columns, column);
    for (size_t i = 0; i < n; i++) {
        const mtp_regress_prediction *v = &means[i].value;
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(counts ? means[i].level : v->name);
        if (counts) {
            *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)means[i].count);
        }
        *cell++ = mtp_build_natural(doc, v->back.estimate);
        *cell++ = mtp_build_natural_interval(doc, v->back.ci_lower, v->back.ci_upper);
        if (predictions) {
            *cell = mtp_build_natural_interval(doc, v->back.pi_lower, v->back.pi_upper);
        }
    }
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* How many means from the first on belong into one table. */
static size_t alike(size_t n, const mtp_regression_mean means[])
{
    size_t same = 1;

    while (same < n && same_text(means[same].factor, means[0].factor) &&
           same_text(means[same].averaged, means[0].averaged)) {
        same++;
    }
    return same;
}

static void add_means(mtp_document *doc, const mtp_bundle *bundle, size_t n,
                      const mtp_regression_mean means[])
{
    const char *natural = mtp_build_plural(doc, bundle->measure->natural);

    for (size_t i = 0, same; i < n; i += same) {
        const mtp_regression_mean *first = &means[i];

        same = alike(n - i, first);
        if (first->factor) {
            mtp_doc_heading(doc, "Marginal means of %s (%s)", first->factor, natural);
        } else {
            mtp_doc_heading(doc, "Predictions (%s)", natural);
        }
        if (first->averaged) {
            mtp_doc_paragraph(doc);
            mtp_doc_text(doc, "The others: %s.", first->averaged);
        }
        add_table(doc, bundle, first->factor ? "Level" : "At", same, first);
    }
}

void mtp_build_regress_means(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regression *r = bundle->regression;

    add_means(doc, bundle, r->n_margins, r->margins);
    add_means(doc, bundle, r->n_predictions, r->predictions);
}

void mtp_build_regress_studies(mtp_document *doc, const mtp_bundle *bundle)
{
    static const mtp_doc_column column[] = {
        {"study", "Study", true, MTP_DOC_WRAP}, {"yi", "yi", false, false},
        {"fitted", "Fitted", false, false},     {"rstandard", "Standard", false, false},
        {"rstudent", "Deleted", false, false},  {"hat", "Hat", false, false},
        {"weight", "Weight, %", false, false},  {"blup", "BLUP", false, false}};
    const mtp_regress_result *fit = bundle->regression->fit;

    if (!fit->study || !fit->options.estimate_without) {
        return;
    }
    mtp_doc_heading(doc, "Studies (%s)", mtp_build_scale(doc, bundle->measure));
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "Residuals by their standard error, of the fit and of the fit "
                      "without the study; leverages; weights; and the true effect as "
                      "the model predicts it (BLUP).");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_regress_study *s = &fit->study[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(bundle->studies[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, bundle->studies[i].yi);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, s->fitted);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->rstandard);
        *cell++ = mtp_doc_cell_number(MTP_DOC_STATISTIC, s->rstudent);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, s->hat);
        *cell++ = mtp_doc_cell_number(MTP_DOC_PERCENT, s->weight);
        *cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, s->blup);
    }
}
