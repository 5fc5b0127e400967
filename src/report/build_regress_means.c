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

static bool any_estimable(size_t n, const mtp_regression_mean means[])
{
    for (size_t i = 0; i < n; i++) {
        if (means[i].estimable) {
            return true;
        }
    }
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void add_mean(mtp_document *doc, const mtp_regression_mean *mean,
                     bool predictions)
{
    const mtp_regress_prediction *v = &mean->value;
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    *cell++ = mtp_doc_cell_text(mean->factor ? mean->level : v->name);
    if (mean->factor) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)mean->count);
    }
    *cell++ = mtp_build_natural(doc, v->back.estimate);
    *cell++ = mtp_build_natural_interval(doc, v->back.ci_lower, v->back.ci_upper);
    if (predictions) {
        *cell = mtp_build_natural_interval(doc, v->back.pi_lower, v->back.pi_upper);
    }
}

/* A table of means on the natural scale; those of a factor under its name. */
static void add_table(mtp_document *doc, const mtp_bundle *bundle, size_t n,
                      const mtp_regression_mean means[])
{
    bool margins = means[0].factor != NULL, predictions = has_predictions(n, means);
    mtp_doc_column column[5] = {{"at", margins ? "Level" : "At", true, MTP_DOC_WRAP}};
    size_t columns = 1;

    if (margins) {
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
        if (margins && (i == 0 || !same_text(means[i].factor, means[i - 1].factor))) {
            mtp_doc_section(doc, "%s", means[i].factor);
        }
        add_mean(doc, &means[i], predictions);
    }
}

/* The numbers at whose means the levels of factors are compared. */
static void add_centre(mtp_document *doc, const mtp_design *d)
{
    size_t said = 0;

    for (size_t v = 0; v < d->formula->n_variables; v++) {
        bool factor = false;

        for (size_t i = 0; i < d->formula->n_leaves; i++) {
            factor = factor || (d->leaf[i].is_factor && d->leaf[i].leaf->variable == v);
        }
        if (!factor) {
            mtp_doc_text(doc, "%s%s ", said++ > 0 ? ", " : ", numbers at their means: ",
                         d->variable[v].name);
            mtp_doc_number(doc, MTP_DOC_ESTIMATE, d->variable[v].mean);
        }
    }
    mtp_doc_text(doc, ".");
}

static void add_margins(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regression *r = bundle->regression;

    if (!any_estimable(r->n_margins, r->margins)) {
        return;
    }
    mtp_doc_heading(doc, "Marginal means (%s)",
                    mtp_build_plural(doc, bundle->measure->natural));
    if (r->design->formula->n_variables > 1) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "Averaged over the levels of the other factors, with equal "
                          "weights");
        add_centre(doc, r->design);
    }
    add_table(doc, bundle, r->n_margins, r->margins);
}

/* Predictions that differ in what is averaged stand in tables of their own. */
static void add_predictions(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_regression *r = bundle->regression;

    for (size_t i = 0, n; i < r->n_predictions; i += n) {
        const mtp_regression_mean *first = &r->predictions[i];

        for (n = 1; i + n < r->n_predictions; n++) {
            if (!same_text(first[n].averaged, first->averaged)) {
                break;
            }
        }
        mtp_doc_heading(doc, "Predictions (%s)",
                        mtp_build_plural(doc, bundle->measure->natural));
        if (first->averaged) {
            mtp_doc_paragraph(doc);
            mtp_doc_text(doc, "The others: %s.", first->averaged);
        }
        add_table(doc, bundle, n, first);
    }
}

void mtp_build_regress_means(mtp_document *doc, const mtp_bundle *bundle)
{
    add_margins(doc, bundle);
    add_predictions(doc, bundle);
}

void mtp_build_regress_studies(mtp_document *doc, const mtp_bundle *bundle)
{
    static const mtp_doc_column column[] = {
        {"study", "Study", true, MTP_DOC_CUT}, {"yi", "yi", false, false},
        {"fitted", "Fitted", false, false},    {"rstandard", "Standard", false, false},
        {"rstudent", "Deleted", false, false}, {"hat", "Hat", false, false},
        {"weight", "Weight, %", false, false}, {"blup", "BLUP", false, false}};
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
