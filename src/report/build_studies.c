/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The studies of a pooled analysis. */
#include "report/builders.h"
#include "report/raw_columns.h"
#include "report/view.h"

#include <string.h>

/* What the studies of the table are, and which intervals they have. */
static void describe_studies(mtp_document *doc, const mtp_raw_view *view)
{
    const mtp_bundle *bundle = view->bundle;
    const mtp_measure_info *measure = bundle->measure;
    const char *observed = mtp_view_observed(bundle);
    const char *meaning = mtp_raw_meaning(view);
    const char *plural = mtp_build_plural(doc, measure->natural);
    bool rates = measure->input == MTP_INPUT_EVENTS_TIME;

    mtp_doc_paragraph(doc);
    if (observed) {
        mtp_doc_text(doc, "Observed %s (%s) with %s.", plural,
                     rates ? "events per unit of person-time" : "events / n",
                     mtp_build_level(doc, bundle,
                                     strcmp(observed, "wilson") == 0
                                         ? "Wilson score intervals"
                                     : strcmp(observed, "poisson-exact") == 0
                                         ? "exact Poisson intervals"
                                         : observed));
    } else {
        mtp_doc_text(doc, "Study %s with %s.", plural,
                     mtp_build_level(doc, bundle, "Wald intervals"));
    }
    mtp_doc_text(doc, " %s%s", meaning ? meaning : "", meaning ? " " : "");
    mtp_doc_text(doc, bundle->pool->weight_random ? "Weights in percent."
                      : bundle->pool->options.method == MTP_METHOD_GLMM
                          ? "A mixed model has no study weights."
                          : "A beta-binomial model has no study weights.");
}

static void add_study(mtp_document *doc, const mtp_raw_view *view, bool observed,
                      const mtp_study *s)
{
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    *cell++ = mtp_doc_cell_text(s->name);
    cell = mtp_raw_cells(view, s, cell);
    if (observed) {
        *cell++ = mtp_build_natural(doc, s->observed.estimate);
        *cell++ =
            mtp_build_natural_interval(doc, s->observed.ci_lower, s->observed.ci_upper);
    } else {
        *cell++ = mtp_build_natural(doc, s->back.estimate);
        *cell++ = mtp_build_natural_interval(doc, s->back.ci_lower, s->back.ci_upper);
    }
    if (view->bundle->pool->weight_random) {
        *cell++ = mtp_doc_cell_number(MTP_DOC_PERCENT, s->weight_common);
        *cell = mtp_doc_cell_number(MTP_DOC_PERCENT, s->weight_random);
    }
}

static void begin_study_table(mtp_document *doc, const mtp_raw_view *view)
{
    const mtp_bundle *bundle = view->bundle;
    mtp_doc_column column[5 + MTP_RAW_COLUMNS_MAX] = {{"study", "Study", true, true}};
    size_t n = 1 + mtp_raw_columns(view, &column[1]);

    column[n++] = (mtp_doc_column){"estimate", "Estimate", false, false};
    column[n++] =
        (mtp_doc_column){"ci", mtp_build_level(doc, bundle, "interval"), false, false};
    if (bundle->pool->weight_random) {
        column[n++] = (mtp_doc_column){"weight_common", "Weight common", false, false};
        column[n++] = (mtp_doc_column){"weight_random", "Weight random", false, false};
    }
    mtp_doc_table(doc, n, column);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

void mtp_build_studies(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_pool_result *pool = bundle->pool;
    mtp_raw_view view = mtp_raw_view_of(bundle);
    bool observed = mtp_view_observed(bundle) != NULL;

    mtp_raw_table(doc, &view);
    mtp_doc_heading(doc, view.own_table ? "Effects of the studies" : "Studies");
    describe_studies(doc, &view);
    begin_study_table(doc, &view);
    for (size_t i = 0; i < bundle->n_studies && pool->n_groups == 0; i++) {
        add_study(doc, &view, observed, &bundle->studies[i]);
    }
    for (size_t g = 0; g < pool->n_groups; g++) {
        size_t k = pool->groups[g].k;

        mtp_doc_section(doc, "%s, %zu stud%s", pool->group_name[g], k,
                        k == 1 ? "y" : "ies");
        for (size_t i = 0; i < bundle->n_studies; i++) {
            if (same_text(bundle->studies[i].group, pool->group_name[g])) {
                add_study(doc, &view, observed, &bundle->studies[i]);
            }
        }
    }
}
