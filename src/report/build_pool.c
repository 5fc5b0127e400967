/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>

/* A figure on the natural scale and, where that is another, on the scale of analysis.
 */
static void add_estimate(mtp_document *doc, const mtp_bundle *bundle, const char *label,
                         const mtp_estimate *e)
{
    const mtp_measure_info *measure = bundle->measure;
    bool two_scales = mtp_view_has_back(measure);
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    cell[0] = mtp_doc_cell_text(label);
    cell[1] = mtp_doc_cell_text(measure->natural);
    cell[2] = mtp_build_natural(doc, e->back.estimate);
    if (!two_scales) {
        cell[3] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, e->ci.se);
    }
    cell[4] = mtp_build_natural_interval(doc, e->back.ci_lower, e->back.ci_upper);
    if (two_scales) {
        cell = mtp_doc_row_new(doc);
        cell[1] = mtp_doc_cell_text(measure->scale);
        cell[2] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, e->estimate);
        cell[3] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, e->ci.se);
        cell[4] = mtp_doc_cell_pair(MTP_DOC_INTERVAL, e->ci.lower, e->ci.upper);
    }
}

static void add_prediction(mtp_document *doc, const mtp_bundle *bundle,
                           const mtp_estimate *e)
{
    const mtp_measure_info *measure = bundle->measure;
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    cell[0] = mtp_doc_cell_text("Prediction interval");
    cell[1] = mtp_doc_cell_text(measure->natural);
    cell[4] = mtp_build_natural_interval(doc, e->back.pi_lower, e->back.pi_upper);
    if (mtp_view_has_back(measure)) {
        cell = mtp_doc_row_new(doc);
        cell[1] = mtp_doc_cell_text(measure->scale);
        cell[4] = mtp_doc_cell_pair(MTP_DOC_INTERVAL, e->pi.lower, e->pi.upper);
    }
}

static const char *statistic_of(const mtp_interval *ci)
{
    switch (ci->method) {
    case MTP_CI_PL:
        return "root of the likelihood ratio";
    case MTP_CI_HC:
        return "distance in standard errors";
    default:
        return isnan(ci->df) ? "z" : "t";
    }
}

/* Entry on the test of the null hypothesis, where there is one. */
static void add_test(mtp_document *doc, const mtp_bundle *bundle, const char *label,
                     const mtp_estimate *e)
{
    const mtp_measure_info *measure = bundle->measure;

    if (isnan(e->ci.statistic)) {
        return;
    }
    mtp_doc_entry(doc, label);
    mtp_doc_text(doc, "%s = ", measure->natural);
    mtp_doc_number(doc, MTP_DOC_NUMBER, bundle->pool->options.null_value);
    if (mtp_view_has_back(measure)) {
        mtp_doc_text(doc, " (%s ", measure->scale);
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, e->null_value);
        mtp_doc_text(doc, ")");
    }
    mtp_doc_text(doc, ": %s ", statistic_of(&e->ci));
    mtp_doc_number(doc, MTP_DOC_STATISTIC, e->ci.statistic);
    if (!isnan(e->ci.df)) {
        mtp_doc_text(doc, ", df ");
        mtp_doc_number(doc, MTP_DOC_COUNT, e->ci.df);
    }
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, e->ci.p, e->ci.log_p));
}

/* The test of association over all tables, with and without its correction. */
static void add_association(mtp_document *doc, const mtp_bundle *bundle,
                            const mtp_stratified *tests)
{
    bool counts = bundle->measure->input == MTP_INPUT_TWO_EVENTS_N;

    if (tests) {
        mtp_build_test(doc, "Test of association",
                       counts ? "Cochran-Mantel-Haenszel chi-square"
                              : "Mantel-Haenszel chi-square",
                       &tests->cmh_uncorrected);
        mtp_build_test(doc, "Continuity-corrected", "chi-square", &tests->cmh);
    }
}

static void add_overall(mtp_document *doc, const mtp_bundle *bundle,
                        const mtp_pooled *overall)
{
    const mtp_doc_column column[] = {
        {"model", "Model", true, false},
        {"scale", "Scale", true, false},
        {"estimate", "Estimate", false, false},
        {"se", "SE", false, false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    add_estimate(doc, bundle, "Common effect", &overall->common);
    add_estimate(doc, bundle, "Random effects", &overall->random);
    if (overall->random.pi.method != MTP_PI_NONE) {
        add_prediction(doc, bundle, &overall->random);
    }
    if (!isnan(overall->common.ci.statistic) || !isnan(overall->random.ci.statistic)) {
        mtp_doc_entries(doc);
        add_test(doc, bundle, "Test, common effect", &overall->common);
        add_test(doc, bundle, "Test, random effects", &overall->random);
        add_association(doc, bundle, overall->stratified);
    }
}

/* That `what` does not exist, and where it says why. */
static void add_absence(mtp_document *doc, const mtp_bundle *bundle, const char *what)
{
    const mtp_notes *notes = &bundle->notes;
    size_t i = 0;

    mtp_doc_paragraph(doc);
    while (i < notes->count && notes->item[i].code != MTP_NOTE_NO_FINITE_ESTIMATE) {
        i++;
    }
    if (i < notes->count) {
        mtp_doc_text(doc, "There is no %s; note %zu says why.", what, i + 1);
    } else {
        mtp_doc_text(doc, "There is no %s.", what);
    }
}

void mtp_build_estimates(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);

    mtp_doc_heading(doc, "Pooled estimates");
    if (isnan(overall.common.estimate) && !overall.exists) {
        add_absence(doc, bundle, "overall estimate");
        return;
    }
    add_overall(doc, bundle, &overall);
    if (!overall.exists) {
        add_absence(doc, bundle, "estimate of random effects");
    } else if (isnan(overall.common.estimate)) {
        add_absence(doc, bundle, "estimate of the common effect");
    }
}

void mtp_build_spread(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);

    if (!isnan(overall.common.estimate) || overall.exists) {
        mtp_build_heterogeneity(doc, bundle);
        mtp_build_levels(doc, bundle, overall.n_levels, overall.levels);
    }
}

void mtp_build_pool_title(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);
    const mtp_measure_info *measure = bundle->measure;

    if (overall.n_levels > 0) {
        mtp_doc_title(doc, "Meta-analysis of %zu effects in groups: %s (%s)", overall.k,
                      measure->name, measure->code);
    } else {
        mtp_doc_title(doc, "Meta-analysis of %zu stud%s: %s (%s)", overall.k,
                      overall.k == 1 ? "y" : "ies", measure->name, measure->code);
    }
}

void mtp_build_totals(mtp_document *doc, const mtp_measure_info *measure,
                      const mtp_pooled *overall)
{
    bool rates = !isnan(overall->time),
         pairs = measure->input == MTP_INPUT_PAIRED_CELLS;
    double size = rates ? overall->time : overall->n;

    if (!isnan(overall->events)) {
        mtp_doc_entry(doc, "Events");
        mtp_doc_number(doc, MTP_DOC_COUNT, overall->events);
        mtp_doc_text(doc, " in ");
        mtp_doc_number(doc, MTP_DOC_COUNT, size);
        mtp_doc_text(doc, rates ? " units of person-time" : " patients");
    } else if (!isnan(size)) {
        mtp_doc_entry(doc, pairs ? "Pairs" : "Patients");
        mtp_doc_number(doc, MTP_DOC_COUNT, size);
    }
}

void mtp_build_pool(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);
    const mtp_measure_info *measure = bundle->measure;

    mtp_build_precision(doc, bundle);
    mtp_build_pool_title(doc, bundle);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_totals(doc, measure, &overall);
    mtp_build_measure(doc, bundle);
    mtp_build_model(doc, bundle);
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    mtp_build_studies(doc, bundle);
    mtp_build_estimates(doc, bundle);
    mtp_build_spread(doc, bundle);
    mtp_build_groups(doc, bundle);
    mtp_build_rounding(doc, bundle);
    mtp_build_profile(doc, bundle);
    mtp_build_notes(doc, bundle);
}
