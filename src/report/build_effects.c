/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/raw_columns.h"

static void add_table(mtp_document *doc, const mtp_raw_view *view)
{
    const mtp_bundle *bundle = view->bundle;
    mtp_doc_column column[5 + MTP_RAW_COLUMNS_MAX] = {{"row", "Row", false, false},
                                                      {"study", "Study", true, true}};
    const char *meaning = mtp_raw_meaning(view);
    size_t n = 2 + mtp_raw_columns(view, &column[2]);

    if (meaning) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc, "%s", meaning);
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
        cell = mtp_raw_cells(view, study, cell);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, study->yi);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, study->vi);
        *cell = mtp_doc_cell_number(MTP_DOC_ESTIMATE, study->sei);
    }
}

void mtp_build_effects(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_measure_info *measure = bundle->measure;
    mtp_raw_view view = mtp_raw_view_of(bundle);

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
    mtp_raw_table(doc, &view);
    mtp_doc_heading(doc, view.own_table ? "Effects of the studies" : "Studies");
    add_table(doc, &view);
    mtp_build_notes(doc, bundle);
}
