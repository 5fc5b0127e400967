/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/view.h"

enum { COLUMNS = 7 };

static void add_table(mtp_document *doc, const mtp_bundle *bundle)
{
    bool counts = mtp_view_has_counts(bundle->measure);
    bool rates = bundle->measure->input == MTP_INPUT_EVENTS_TIME;
    mtp_doc_column column[COLUMNS] = {{"row", "Row", false, false},
                                      {"study", "Study", true, true},
                                      {"events", "Events", false, false},
                                      {"n", "n", false, false}};
    size_t n = counts ? 4 : 2;

    if (rates) {
        column[3] = (mtp_doc_column){"time", "Person-time", false, false};
    }
    column[n++] = (mtp_doc_column){"yi", "yi", false, false};
    column[n++] = (mtp_doc_column){"vi", "vi", false, false};
    column[n++] = (mtp_doc_column){"sei", "SE", false, false};
    mtp_doc_table(doc, n, column);
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)study->row);
        *cell++ = mtp_doc_cell_text(study->name);
        if (counts) {
            *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, study->events);
            *cell++ =
                mtp_doc_cell_number(MTP_DOC_COUNT, rates ? study->time : study->n);
        }
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, study->yi);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, study->vi);
        *cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, study->sei);
    }
}

void mtp_build_effects(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;

    mtp_doc_title(doc, "Effects of %zu stud%s: %s (%s)", bundle->n_studies,
                  bundle->n_studies == 1 ? "y" : "ies", measure->name, measure->code);
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_build_measure(doc, bundle);
    mtp_doc_entry(doc, "Effect yi");
    mtp_doc_text(doc, "%s", measure->yi);
    mtp_doc_entry(doc, "Sampling variance vi");
    mtp_doc_text(doc, "%s", measure->vi);
    if (bundle->vtype != MTP_VTYPE_LS) {
        mtp_doc_text(doc, "; here %s", mtp_vtype_label(bundle->vtype));
    }
    mtp_doc_entry(doc, "Source");
    mtp_doc_text(doc, "%s", measure->source);
    mtp_build_excluded(doc, bundle);
    mtp_build_origins(doc, bundle);
    mtp_doc_heading(doc, "Studies");
    add_table(doc, bundle);
    mtp_build_notes(doc, bundle);
}
