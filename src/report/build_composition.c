/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/builders.h"
#include "report/view.h"

#include <math.h>
#include <string.h>

static void add_total(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_composition *c = bundle->composition;
    const mtp_doc_column column[] = {
        {"category", "Category", true, true},
        {"count", "Count", false, false},
        {"share", "Share", false, false},
        {"wilson", mtp_build_level(doc, bundle, "Wilson interval"), false, false},
        {"goodman", mtp_build_level(doc, bundle, "simultaneous interval"), false,
         false}};

    mtp_doc_heading(doc, "Shares of the total");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "Wilson score intervals hold for one share alone, Goodman's "
                      "simultaneous intervals for all shares together.");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < c->n_categories; i++) {
        const mtp_share *share = &c->total.share[i];
        mtp_doc_cell *cell = mtp_doc_row_new(doc);

        cell[0] = mtp_doc_cell_text(c->category[i]);
        cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, share->count);
        cell[2] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, share->share);
        cell[3] =
            mtp_doc_cell_pair(MTP_DOC_INTERVAL, share->wilson[0], share->wilson[1]);
        cell[4] =
            mtp_doc_cell_pair(MTP_DOC_INTERVAL, share->goodman[0], share->goodman[1]);
    }
}

/* Groups below each other within a category, so that they are compared at a glance and
 * any number of them fits. */
static void add_cross_table(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_composition *c = bundle->composition;
    const mtp_doc_column column[] = {
        {"group", "Group", true, true},
        {"count", "Count", false, false},
        {"total", "of", false, false},
        {"share", "Share", false, false},
        {"wilson", mtp_build_level(doc, bundle, "Wilson interval"), false, false},
        {"residual", "Residual", false, false}};

    mtp_doc_heading(doc, "Shares by %s", bundle->by ? bundle->by : "group");
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "Residuals are adjusted and standardized (Haberman): above 2 or "
                      "below -2, the share stands out.");
    mtp_doc_table(doc, sizeof column / sizeof *column, column);
    for (size_t i = 0; i < c->n_categories; i++) {
        mtp_doc_section(doc, "%s", c->category[i]);
        for (size_t g = 0; g < c->n_groups; g++) {
            const mtp_share *share = &c->group[g].share[i];
            mtp_doc_cell *cell = mtp_doc_row_new(doc);

            cell[0] = mtp_doc_cell_text(c->group[g].level);
            cell[1] = mtp_doc_cell_number(MTP_DOC_COUNT, share->count);
            cell[2] = mtp_doc_cell_number(MTP_DOC_COUNT, c->group[g].total);
            cell[3] = mtp_doc_cell_number(MTP_DOC_ESTIMATE, share->share);
            cell[4] =
                mtp_doc_cell_pair(MTP_DOC_INTERVAL, share->wilson[0], share->wilson[1]);
            cell[5] = mtp_doc_cell_number(MTP_DOC_STATISTIC, share->residual);
        }
    }
}

static void add_exact(mtp_document *doc, const mtp_composition *c)
{
    bool drawn = c->exact.method == MTP_EXACT_MONTE_CARLO;

    if (c->exact.method == MTP_EXACT_NONE) {
        return;
    }
    mtp_doc_entry(doc, drawn ? "Monte Carlo test" : "Exact test");
    mtp_doc_add(doc, mtp_doc_cell_pair(MTP_DOC_P_EQUATION, c->exact.p, MTP_NONE));
    if (drawn) {
        mtp_doc_text(doc, ", SE ");
        mtp_doc_number(doc, MTP_DOC_ESTIMATE, c->exact.p_se);
        mtp_doc_text(doc, " (");
        mtp_doc_number(doc, MTP_DOC_COUNT, (double)c->exact.draws);
        mtp_doc_text(doc, " tables drawn, seed ");
        mtp_doc_number(doc, MTP_DOC_COUNT, (double)c->options.seed);
        mtp_doc_text(doc, ")");
    }
}

static void add_tests(mtp_document *doc, const mtp_composition *c)
{
    mtp_doc_heading(doc, "Do the shares differ between groups?");
    if (isnan(c->chi_square.statistic)) {
        mtp_doc_paragraph(doc);
        mtp_doc_text(doc,
                     "There is no test: it takes two groups and two categories that "
                     "are not empty.");
        return;
    }
    mtp_doc_entries(doc);
    mtp_build_test(doc, "Pearson's test", "chi-square", &c->chi_square);
    mtp_build_test(doc, "Likelihood-ratio test", "G", &c->g);
    add_exact(doc, c);
    mtp_doc_entry(doc, "Least expected count");
    mtp_doc_number(doc, MTP_DOC_STATISTIC, c->expected_min);
    mtp_doc_entry(doc, "Cramer's V");
    mtp_doc_number(doc, MTP_DOC_ESTIMATE, c->cramers_v);
}

/* The value of an option as the report lists it, or NULL. */
static const char *option_value(const mtp_bundle *bundle, const char *name)
{
    for (size_t i = 0; i < bundle->n_options; i++) {
        if (strcmp(bundle->options[i].name, name) == 0) {
            return bundle->options[i].value;
        }
    }
    return NULL;
}

void mtp_build_composition(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_composition *c = bundle->composition;

    const char *category = option_value(bundle, "category");
    bool grouped = c->n_groups > 0 && bundle->by;

    mtp_doc_title(doc, "Composition by %s%s%s", category ? category : "category",
                  grouped ? " and " : "", grouped ? bundle->by : "");
    mtp_doc_entries(doc);
    mtp_build_data(doc, bundle);
    mtp_doc_entry(doc, "Total");
    mtp_doc_number(doc, MTP_DOC_COUNT, c->total.total);
    mtp_build_excluded(doc, bundle);
    add_total(doc, bundle);
    if (c->n_groups > 0) {
        add_cross_table(doc, bundle);
        add_tests(doc, c);
    }
    mtp_build_notes(doc, bundle);
}
