/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

enum { MORE_MAX = 6 };

/* What the studies of the table are, and which intervals they have. */
static void describe_studies(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;
    const char *observed = mtp_view_observed(bundle);
    bool rates = measure->input == MTP_INPUT_EVENTS_TIME;

    mtp_doc_paragraph(doc);
    if (observed) {
        mtp_doc_text(doc, "Observed %ss (%s) with %s.", measure->natural,
                     rates ? "events per unit of person-time" : "events / n",
                     mtp_build_level(doc, bundle,
                                     strcmp(observed, "wilson") == 0
                                         ? "Wilson score intervals"
                                     : strcmp(observed, "poisson-exact") == 0
                                         ? "exact Poisson intervals"
                                         : observed));
    } else {
        mtp_doc_text(doc, "Study %ss with %s.", measure->natural,
                     mtp_build_level(doc, bundle, "Wald intervals"));
    }
    if (bundle->pool->weight_random) {
        mtp_doc_text(doc, " Weights in percent.");
    } else {
        mtp_doc_text(doc, " A mixed model has no study weights.");
    }
}

/* Which columns the study table has. */
typedef struct study_table {
    bool counts, rates, weights, observed;
} study_table;

static void add_study(mtp_document *doc, const study_table *table, const mtp_study *s)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    *cell++ = mtp_doc_cell_text(s->name);
    if (table->counts) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, s->events);
        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, table->rates ? s->time : s->n);
    }
    if (table->observed) {
        *cell++ = mtp_build_natural(doc, s->observed.estimate);
        *cell++ =
            mtp_build_natural_interval(doc, s->observed.ci_lower, s->observed.ci_upper);
    } else {
        *cell++ = mtp_build_natural(doc, s->back.estimate);
        *cell++ = mtp_build_natural_interval(doc, s->back.ci_lower, s->back.ci_upper);
    }
    if (table->weights) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_PERCENT, s->weight_common);
        *cell = mtp_doc_cell_number(MTP_DOC_PERCENT, s->weight_random);
    }
}

static void begin_study_table(mtp_document *doc, const mtp_bundle *bundle,
                              const study_table *table)
{
    mtp_doc_column column[] = {
        {"study", "Study", true, true},
        {"events", "Events", false, false},
        {"n", table->rates ? "Person-time" : "n", false, false},
        {"estimate", "Estimate", false, false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false},
        {"weight_common", "Weight common", false, false},
        {"weight_random", "Weight random", false, false}};
    size_t n = table->weights ? 7 : 5;

    if (!table->counts) {
        memmove(&column[1], &column[3], 4 * sizeof *column);
        n -= 2;
    }
    mtp_doc_table(doc, n, column);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* All studies; those of a subgroup together, in the order of the table. */
static void add_studies(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    study_table table = {.counts = mtp_view_has_counts(bundle->measure),
                         .rates = bundle->measure->input == MTP_INPUT_EVENTS_TIME,
                         .weights = pool->weight_random != NULL,
                         .observed = mtp_view_observed(bundle) != NULL};

    mtp_doc_heading(doc, "Studies");
    describe_studies(doc, bundle);
    begin_study_table(doc, bundle, &table);
    for (size_t i = 0; i < bundle->n_studies && pool->n_groups == 0; i++) {
        add_study(doc, &table, &bundle->studies[i]);
    }
    for (size_t g = 0; g < pool->n_groups; g++) {
        size_t k = pool->groups[g].k;

        mtp_doc_section(doc, "%s, %zu stud%s", pool->group_name[g], k,
                        k == 1 ? "y" : "ies");
        for (size_t i = 0; i < bundle->n_studies; i++) {
            if (same_text(bundle->studies[i].group, pool->group_name[g])) {
                add_study(doc, &table, &bundle->studies[i]);
            }
        }
    }
}

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
    mtp_doc_text(doc, ": %s ", isnan(e->ci.df) ? "z" : "t");
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
        mtp_build_test(doc,
                       counts ? "Cochran-Mantel-Haenszel test" : "Mantel-Haenszel test",
                       "chi-square", &tests->cmh_uncorrected);
        mtp_build_test(doc, "Continuity-corrected", "chi-square", &tests->cmh);
    }
}

static void add_overall(mtp_document *doc, const mtp_bundle *bundle,
                        const mtp_pooled *overall)
{
    const mtp_doc_column column[] = {
        {"model", "Model", true, false},
        {"scale", "Scale", true, true},
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

static void add_estimates(mtp_document *doc, const mtp_bundle *bundle,
                          const mtp_pooled *overall)
{
    mtp_doc_heading(doc, "Pooled estimates");
    if (isnan(overall->common.estimate) && !overall->exists) {
        add_absence(doc, bundle, "overall estimate");
        return;
    }
    add_overall(doc, bundle, overall);
    if (!overall->exists) {
        add_absence(doc, bundle, "estimate of random effects");
    } else if (isnan(overall->common.estimate)) {
        add_absence(doc, bundle, "estimate of the common effect");
    }
    mtp_build_heterogeneity(doc, bundle);
}

/* Three significant digits of the estimate at the usual four decimals: a rate of 0.0006
 * needs two decimals more. A scale without a zero at its end has no small numbers. */
static int more_decimals(const mtp_measure_info *measure, const mtp_pooled *overall)
{
    const mtp_estimate *shown = overall->exists ? &overall->random : &overall->common;
    double size = shown->back.estimate;
    double more = measure->lower < 0.0 || !(size > 0.0) ? 0.0 : -2.0 - log10(size);

    return more <= 0.0 ? 0 : more >= MORE_MAX ? MORE_MAX : (int)ceil(more);
}

static void add_totals(mtp_document *doc, const mtp_pooled *overall)
{
    bool rates = !isnan(overall->time);

    if (isnan(overall->events)) {
        return;
    }
    mtp_doc_entry(doc, "Events");
    mtp_doc_number(doc, MTP_DOC_COUNT, overall->events);
    mtp_doc_text(doc, " in ");
    mtp_doc_number(doc, MTP_DOC_COUNT, rates ? overall->time : overall->n);
    mtp_doc_text(doc, rates ? " units of person-time" : " patients");
}

void mtp_build_pool(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_pooled overall = mtp_view_pooled(&bundle->pool->overall);
    const mtp_measure_info *measure = bundle->measure;

    doc->more = more_decimals(measure, &overall);
    mtp_doc_title(doc, "Meta-analysis of %zu stud%s: %s (%s)", overall.k,
                  overall.k == 1 ? "y" : "ies", measure->name, measure->code);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    add_totals(doc, &overall);
    mtp_build_measure(doc, bundle);
    mtp_build_model(doc, bundle);
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    add_studies(doc, bundle);
    add_estimates(doc, bundle, &overall);
    mtp_build_groups(doc, bundle);
    mtp_build_notes(doc, bundle);
}
