/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rounding of the inputs can do. */
#include "metapool/rounding.h"

#include "report/builders.h"
#include "report/view.h"

#include <math.h>

/* "yi 2, sei 3 (stated)", of the columns that are exact or not. */
static void add_columns(mtp_document *doc, const mtp_rounding_analysis *rounding,
                        bool exact, const char *label)
{
    bool any = false;

    for (size_t c = 0; c < rounding->n_columns; c++) {
        const mtp_rounding_column *column = &rounding->column[c];

        if (column->exact != exact) {
            continue;
        }
        if (!any) {
            mtp_doc_entry(doc, label);
        }
        mtp_doc_text(doc, "%s%s", any ? ", " : "", column->expression);
        if (!exact) {
            mtp_doc_text(doc, " %d%s", column->decimals,
                         column->stated ? " (stated)" : "");
        }
        any = true;
    }
}

static void add_inputs(mtp_document *doc, const mtp_rounding_analysis *rounding)
{
    const mtp_rounding_result *r = rounding->result;

    mtp_doc_entries(doc);
    add_columns(doc, rounding, false, "Decimals");
    add_columns(doc, rounding, true, "Exact");
    mtp_doc_entry(doc, "Inputs moved");
    mtp_doc_number(doc, MTP_DOC_COUNT, (double)r->n_inputs);
    mtp_doc_text(doc, ", each within half a unit of its last place; ");
    mtp_doc_number(doc, MTP_DOC_COUNT, (double)r->fits);
    mtp_doc_text(doc, " fits");
}

static void add_sentence(mtp_document *doc, const mtp_bundle *bundle,
                         const mtp_rounding_result *r)
{
    const mtp_rounding_range *random = &r->set[0].back[MTP_ROUNDED_RANDOM];
    const mtp_rounding_range *common = &r->set[0].back[MTP_ROUNDED_COMMON];
    bool exists = !isnan(random->value);
    const mtp_rounding_range *mean = exists ? random : common;

    if (isnan(mean->lower)) {
        return;
    }
    mtp_doc_paragraph(doc);
    mtp_doc_text(
        doc, "By the rounding of the inputs alone, the %s (%s) can lie between ",
        exists ? "random-effects mean" : "common effect", bundle->measure->natural);
    mtp_doc_add(doc, mtp_build_natural(doc, mean->lower));
    mtp_doc_text(doc, " and ");
    mtp_doc_add(doc, mtp_build_natural(doc, mean->upper));
    mtp_doc_text(doc, "%s; as printed it is ",
                 r->options.way == MTP_ROUNDING_BOUNDS ? "" : " (95% of the draws)");
    mtp_doc_add(doc, mtp_build_natural(doc, mean->value));
    mtp_doc_text(doc, ".");
}

static mtp_doc_cell figure_cell(const mtp_document *doc, mtp_rounded f, bool back,
                                double value)
{
    if (f == MTP_ROUNDED_COMMON_P || f == MTP_ROUNDED_RANDOM_P ||
        f == MTP_ROUNDED_Q_P) {
        return mtp_doc_cell_pair(MTP_DOC_P, value, log(value));
    }
    return back                  ? mtp_build_natural(doc, value)
           : f == MTP_ROUNDED_I2 ? mtp_doc_cell_number(MTP_DOC_PERCENT, value)
           : f == MTP_ROUNDED_Q  ? mtp_doc_cell_number(MTP_DOC_STATISTIC, value)
                                 : mtp_doc_cell_number(MTP_DOC_ESTIMATE, value);
}

static void add_set(mtp_document *doc, const mtp_rounding_set *set, bool draws)
{
    for (int f = 0; f < MTP_ROUNDED_COUNT; f++) {
        bool back = !isnan(set->back[f].value);
        const mtp_rounding_range *range = back ? &set->back[f] : &set->figure[f];
        mtp_doc_cell *cell;

        if (isnan(range->value) && isnan(range->lower)) {
            continue;
        }
        cell = mtp_doc_row_new(doc);
        *cell++ = mtp_doc_cell_text(mtp_rounded_label((mtp_rounded)f));
        *cell++ = figure_cell(doc, (mtp_rounded)f, back, range->value);
        *cell++ = figure_cell(doc, (mtp_rounded)f, back, range->lower);
        if (draws) {
            *cell++ = figure_cell(doc, (mtp_rounded)f, back, range->median);
        }
        *cell = figure_cell(doc, (mtp_rounded)f, back, range->upper);
    }
}

static void add_figures(mtp_document *doc, const mtp_rounding_result *r)
{
    bool draws = r->options.way == MTP_ROUNDING_DRAWS;
    mtp_doc_column column[5] = {{"figure", "Figure", true, false},
                                {"value", "As printed", false, false}};
    size_t n = 2;

    column[n++] = (mtp_doc_column){"lower", draws ? "2.5%" : "Smallest", false, false};
    if (draws) {
        column[n++] = (mtp_doc_column){"median", "50%", false, false};
    }
    column[n++] = (mtp_doc_column){"upper", draws ? "97.5%" : "Largest", false, false};
    mtp_doc_table(doc, n, column);
    for (size_t s = 0; s < r->n_sets; s++) {
        if (s > 0) {
            mtp_doc_section(doc, "%s", r->set[s].name);
        }
        add_set(doc, &r->set[s], draws);
    }
}

void mtp_build_rounding(mtp_document *doc, const mtp_bundle *bundle)
{
    const mtp_rounding_analysis *rounding = bundle->rounding;

    if (!rounding) {
        return;
    }
    mtp_doc_heading(doc, "Rounding of the inputs (%s)",
                    rounding->result->options.way == MTP_ROUNDING_DRAWS
                        ? "random draws"
                        : "bounds found by search");
    add_inputs(doc, rounding);
    add_sentence(doc, bundle, rounding->result);
    add_figures(doc, rounding->result);
}
