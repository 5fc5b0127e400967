/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fits of all subsets in means: of those with each study and those without it. */
#include "report/builders.h"
#include "report/sensitivity_view.h"

#include <math.h>

static void add_extent(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_gosh_result *gosh = bundle->sensitivity->gosh;

    mtp_doc_text(doc, gosh->sample ? "A random sample of " : gosh->n > 1 ? "All " : "");
    mtp_doc_number(doc, MTP_DOC_COUNT, (double)gosh->n);
    mtp_doc_text(doc, " subset%s of the %zu stud%s, tau^2 by %s%s",
                 gosh->n == 1 ? "" : "s", gosh->k, gosh->k == 1 ? "y" : "ies",
                 mtp_tau2_id(bundle->sensitivity->tau2),
                 gosh->sample ? "; seed " : ".");
    if (gosh->sample) {
        mtp_doc_number(doc, MTP_DOC_COUNT, (double)bundle->sensitivity->seed);
        mtp_doc_text(doc, ".");
    }
}

static void add_mean(mtp_document *doc, double estimate, double sd)
{
    mtp_doc_text(doc, " Over those of two studies or more the mean estimate is ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, estimate);
    if (!isnan(sd)) {
        mtp_doc_text(doc, " (standard deviation ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, sd);
        mtp_doc_text(doc, ")");
    }
}

/* The study that splits the subsets the most. */
static void add_outlier(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_gosh_result *gosh = bundle->sensitivity->gosh;
    size_t i = mtp_view_outlier(bundle);

    if (i == bundle->n_studies) {
        return;
    }
    mtp_doc_text(doc, " %s splits them the most: the mean I^2 of those without it is ",
                 bundle->studies[i].name);
    mtp_doc_number(doc, MTP_DOC_PERCENT, gosh->without[i].I2);
    mtp_doc_text(doc, "%%, of those with it ");
    mtp_doc_number(doc, MTP_DOC_PERCENT, gosh->with[i].I2);
    mtp_doc_text(doc, "%%; the mean estimates are ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, gosh->without[i].estimate);
    mtp_doc_text(doc, " and ");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, gosh->with[i].estimate);
    mtp_doc_text(doc, ".");
}

static void add_table(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_gosh_result *gosh = bundle->sensitivity->gosh;
    const mtp_doc_column column[] = {{"study", "Study", true, MTP_DOC_WRAP},
                                     {"with", "Estimate with", false, false},
                                     {"without", "without", false, false},
                                     {"tau2_with", "tau^2 with", false, false},
                                     {"tau2_without", "without", false, false},
                                     {"I2_with", "I^2 with, %", false, false},
                                     {"I2_without", "without", false, false}};

    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < gosh->k; i++) {
        const mtp_gosh_mean *with = &gosh->with[i], *without = &gosh->without[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        *cell++ = mtp_doc_cell_text(bundle->studies[i].name);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, with->estimate);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, without->estimate);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, with->tau2);
        *cell++ = mtp_doc_cell_number(MTP_DOC_ESTIMATE, without->tau2);
        *cell++ = mtp_doc_cell_number(MTP_DOC_PERCENT, with->I2);
        *cell = mtp_doc_cell_number(MTP_DOC_PERCENT, without->I2);
    }
}

void mtp_build_gosh(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_gosh_result *gosh = bundle->sensitivity->gosh;

    if (!gosh) {
        return;
    }
    mtp_doc_heading(doc, "%s, %s", mtp_sensitivity_label(MTP_SENSITIVITY_GOSH),
                    mtp_build_scale(doc, bundle->measure));
    mtp_doc_paragraph(doc);
    add_extent(doc, bundle);
    if (gosh->all.n == 0) {
        mtp_doc_text(doc, " There are none of two studies or more.");
        return;
    }
    add_mean(doc, gosh->all.estimate, gosh->all.estimate_sd);
    mtp_doc_text(doc, ", the mean I^2 ");
    mtp_doc_number(doc, MTP_DOC_PERCENT, gosh->all.I2);
    mtp_doc_text(doc, "%%.");
    add_outlier(doc, bundle);
    add_table(doc, bundle);
}
