/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/multilevel.h"

#include "report/builders.h"
#include "report/view.h"

#include <math.h>

static void add_level(mtp_document *doc, const mtp_variance_component *level)
{
    bool ok = level->ci_status == MTP_SET_OK;
    mtp_doc_cell *cell = mtp_doc_row_new(doc);

    *cell++ = mtp_doc_cell_text(level->name);
    *cell++ = mtp_doc_cell_number(MTP_DOC_COUNT, (double)level->effects.n_groups);
    *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, level->sigma2);
    *cell++ = mtp_doc_cell_pair(MTP_DOC_INTERVAL, ok ? level->ci[0] : MTP_NONE,
                                ok ? level->ci[1] : MTP_NONE);
    *cell = mtp_doc_cell_number(MTP_DOC_PERCENT, level->I2);
}

void mtp_build_levels(mtp_document *doc, const mtp_bundle *bundle, size_t n,
                      const mtp_variance_component *levels)
{
    const mtp_doc_column column[] = {
        {"name", "Level", true, MTP_DOC_WRAP},
        {"groups", "Groups", false, false},
        {"sigma2", "sigma^2", false, false},
        {"ci", mtp_build_level(doc, bundle, "interval"), false, false},
        {"I2", "I^2, %", false, false}};

    if (n == 0) {
        return;
    }
    mtp_doc_heading(doc, "Variance by level");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t l = 0; l < n; l++) {
        add_level(doc, &levels[l]);
    }
    mtp_doc_entries(doc);
    mtp_doc_entry(doc, "Intervals");
    mtp_doc_text(doc, "profile likelihood of each sigma^2; tau^2 and I^2 above are the "
                      "sums over the levels");
    for (size_t l = 0; l + 1 < n && !isnan(levels[l].correlation); l++) {
        mtp_doc_entry(doc, "Correlation");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, levels[l].correlation);
        mtp_doc_text(doc, ", of two true effects of one %s", levels[l].name);
        if (l + 2 < n) {
            mtp_doc_text(doc, " and different %s", levels[l + 1].name);
        }
    }
}
