/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The changes that turn the significance, and the predicted effects of the studies. */
#include "report/builders.h"
#include "report/sensitivity_view.h"
#include "report/view.h"

#include <math.h>

static void add_estimate(mtp_document *doc, const mtp_bundle *bundle,
                         const mtp_subset_estimate *e)
{
    mtp_doc_text(doc, "%s ", bundle->measure->natural);
    mtp_doc_add(doc, mtp_build_natural(doc, e->back.estimate));
    mtp_doc_text(doc, " ");
    mtp_doc_add(doc,
                mtp_build_natural_interval(doc, e->back.ci_lower, e->back.ci_upper));
}

/* How many changes there are, and what they do. */
static void add_index(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_fragility_result *f = bundle->sensitivity->fragility;
    const char *interval = mtp_build_level(doc, bundle, "interval");

    mtp_doc_text(doc, "The %s %s ", interval, f->significant ? "excludes" : "includes");
    mtp_doc_number(doc, MTP_DOC_NUMBER, bundle->pool->options.null_value);
    if (f->end != MTP_FRAGILITY_FOUND) {
        mtp_doc_text(doc,
                     "; the search for changes that turn this ended after %zu: %s.",
                     f->n_changes, mtp_fragility_label(f->end));
        return;
    }
    mtp_doc_text(doc, "; with another outcome of ");
    mtp_doc_number(doc, MTP_DOC_COUNT, f->index);
    mtp_doc_text(doc, " patient%s it would not (fragility index ",
                 f->index > 1.0 ? "s" : "");
    mtp_doc_number(doc, MTP_DOC_COUNT, f->index);
    mtp_doc_text(doc, ", ");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_DECIMALS, 100.0 * f->quotient, 3.0));
    mtp_doc_text(doc, "%% of ");
    mtp_doc_number(doc, MTP_DOC_COUNT, f->n);
    mtp_doc_text(doc, " patients");
    if (f->events > 0.0) {
        mtp_doc_text(doc, ", ");
        mtp_doc_add(
            doc, mtp_doc_cell_pair(MTP_DOC_DECIMALS, 100.0 * f->event_quotient, 2.0));
        mtp_doc_text(doc, "%% of ");
        mtp_doc_number(doc, MTP_DOC_COUNT, f->events);
        mtp_doc_text(doc, " events");
    }
    mtp_doc_text(doc, "): ");
    add_estimate(doc, bundle, &f->before);
    mtp_doc_text(doc, " would become ");
    add_estimate(doc, bundle, &f->after);
    mtp_doc_text(doc, f->index > 1.0
                          ? ". The search is step by step; fewer changes may do."
                          : ".");
}

/* The changes of one group of a study, all together. */
static void add_group(mtp_document *doc, const mtp_bundle *bundle, size_t study,
                      int group)
{
    const mtp_fragility_result *f = bundle->sensitivity->fragility;
    double after = group == 1 ? f->events1[study] : f->events2[study], by = 0.0;
    mtp_doc_cell *cell;

    for (size_t i = 0; i < f->n_changes; i++) {
        if (f->change[i].study == study && f->change[i].group == group) {
            by += f->change[i].by;
        }
    }
    if (by == 0.0) {
        return;
    }
    cell = mtp_doc_row_new(doc);
    cell[0] = mtp_doc_cell_text(bundle->studies[study].name);
    cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, group);
    cell[2] = mtp_doc_cell_number(MTP_DOC_COUNT, after - by);
    cell[3] = mtp_doc_cell_number(MTP_DOC_COUNT, after);
    cell[4] = mtp_doc_cell_number(MTP_DOC_COUNT, fabs(by));
}

static void add_changes(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_fragility_result *f = bundle->sensitivity->fragility;
    const mtp_doc_column column[] = {{"study", "Study", true, MTP_DOC_WRAP},
                                     {"group", "Group", false, false},
                                     {"events", "Events", false, false},
                                     {"after", "Changed to", false, false},
                                     {"by", "Patients", false, false}};

    if (f->n_changes == 0) {
        return;
    }
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < f->k; i++) {
        add_group(doc, bundle, i, 1);
        if (f->events2) {
            add_group(doc, bundle, i, 2);
        }
    }
}

void mtp_build_fragility(mtp_document *doc, const mtp_bundle *bundle)
{
    if (!bundle->sensitivity->fragility) {
        return;
    }
    mtp_doc_heading(doc, "%s", mtp_sensitivity_label(MTP_SENSITIVITY_FRAGILITY));
    mtp_doc_paragraph(doc);
    add_index(doc, bundle);
    add_changes(doc, bundle);
}

void mtp_build_blup(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_blup_result *blup = bundle->sensitivity->blup;
    const mtp_doc_column column[] = {
        {"study", "Study", true, MTP_DOC_WRAP},
        {"observed", "Observed", false, false},
        {"shrinkage", "Shrinkage", false, false},
        {"estimate", "Predicted", false, false},
        {"limits", mtp_build_level(doc, bundle, "interval"), false, false}};

    if (!blup) {
        return;
    }
    mtp_doc_heading(doc, "%s (%s)", mtp_sensitivity_label(MTP_SENSITIVITY_BLUP),
                    mtp_build_plural(doc, bundle->measure->natural));
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "Best linear unbiased predictions of the studies' true effects");
    if (!isnan(blup->tau2)) {
        mtp_doc_text(doc, ", tau^2 ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, blup->tau2);
        mtp_doc_text(doc, " taken as known");
    }
    mtp_doc_text(doc, ". Shrinkage 0 keeps the observed effect, 1 gives %s.",
                 bundle->regression ? "that of the regression" : "the mean");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < blup->k; i++) {
        const mtp_blup *b = &blup->study[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(bundle->studies[i].name);
        cell[1] = mtp_build_natural(doc, bundle->studies[i].back.estimate);
        cell[2] = mtp_doc_cell_number(MTP_DOC_STATISTIC, b->shrinkage);
        cell[3] = mtp_build_natural(doc, b->back.estimate);
        cell[4] = mtp_build_natural_interval(doc, b->back.lower, b->back.upper);
    }
}
