/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the rounding of the inputs can do. */
#include "metapool/rounding.h"

#include "report/builders.h"
#include "report/rounding_view.h"
#include "report/view.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* One that several options read is named once. */
static bool is_named(const mtp_rounding_analysis *rounding, size_t c)
{
    for (size_t i = 0; i < c; i++) {
        if (rounding->column[i].exact == rounding->column[c].exact &&
            strcmp(rounding->column[i].expression, rounding->column[c].expression) ==
                0) {
            return true;
        }
    }
    return false;
}

/* "yi 2, sei 3 (stated)", of the columns that are exact or not. */
static void add_columns(mtp_document *doc, const mtp_rounding_analysis *rounding,
                        bool exact, const char *label)
{
    bool any = false;

    for (size_t c = 0; c < rounding->n_columns; c++) {
        const mtp_rounding_column *column = &rounding->column[c];

        if (column->exact != exact || is_named(rounding, c)) {
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

static const char *of_draws(const mtp_rounding_result *r)
{
    return r->options.way == MTP_ROUNDING_BOUNDS ? "" : " (95% of the draws)";
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
    mtp_doc_text(doc, "%s; as printed it is ", of_draws(r));
    mtp_doc_add(doc, mtp_build_natural(doc, mean->value));
    mtp_doc_text(doc, ".");
}

static mtp_doc_cell p_cell(double p)
{
    return mtp_doc_cell_pair(MTP_DOC_P, p, log(p));
}

static void add_test_sentence(mtp_document *doc, const mtp_rounding_result *r)
{
    const mtp_rounding_range *p = &r->regression->omnibus.p;

    if (isnan(p->lower)) {
        return;
    }
    mtp_doc_paragraph(doc);
    mtp_doc_text(doc, "By the rounding of the inputs alone, p of the test of all "
                      "moderators can lie between ");
    mtp_doc_add(doc, p_cell(p->lower));
    mtp_doc_text(doc, " and ");
    mtp_doc_add(doc, p_cell(p->upper));
    mtp_doc_text(doc, "%s; as printed it is ", of_draws(r));
    mtp_doc_add(doc, p_cell(p->value));
    mtp_doc_text(doc, ".");
}

/* The table being filled. */
typedef struct filling {
    mtp_document *doc;
    bool draws;
    bool one_term;         /* the test of all moderators says it */
    mtp_rounded_part part; /* of the last row, and its name where the heading has it */
    const char *name;
} filling;

static mtp_doc_cell figure_cell(const mtp_document *doc, const mtp_rounded_row *row,
                                double value)
{
    return row->kind == MTP_DOC_P    ? p_cell(value)
           : !isnan(row->back.value) ? mtp_build_natural(doc, value)
                                     : mtp_doc_cell_number(row->kind, value);
}

/* A section for each subgroup and each coefficient, and one for all tests. */
static void begin_section(filling *f, const mtp_rounded_row *row)
{
    const char *label = mtp_rounded_part_label(row->part);
    const char *name = label ? NULL : row->name;

    if (row->part == f->part && name == f->name) {
        return;
    }
    f->part = row->part;
    f->name = name;
    if (row->part == MTP_ROUNDED_CONTRAST) {
        mtp_doc_section(f->doc, "Contrast: %s", name);
    } else if (row->part == MTP_ROUNDED_SCALE) {
        mtp_doc_section(f->doc, "log tau^2: %s", name);
    } else if (row->part == MTP_ROUNDED_MARGIN) {
        mtp_doc_section(f->doc, "Marginal mean: %s", name);
    } else if (row->part == MTP_ROUNDED_PREDICTION) {
        mtp_doc_section(f->doc, "Prediction: %s", name);
    } else if (label || name) {
        mtp_doc_section(f->doc, "%s", label ? label : name);
    }
}

static void add_row(void *context, const mtp_rounded_row *row)
{
    filling *f = (filling *)context;
    const mtp_rounding_range *range = isnan(row->back.value) ? &row->range : &row->back;
    mtp_doc_cell *cell;

    if (isnan(range->value) || (f->one_term && row->part == MTP_ROUNDED_TERM)) {
        return;
    }
    begin_section(f, row);
    cell = mtp_doc_row_new(f->doc);
    *cell++ = mtp_doc_cell_text(row->label);
    *cell++ = figure_cell(f->doc, row, range->value);
    *cell++ = figure_cell(f->doc, row, range->lower);
    if (f->draws) {
        *cell++ = figure_cell(f->doc, row, range->median);
    }
    *cell = figure_cell(f->doc, row, range->upper);
}

static void add_figures(mtp_document *doc, const mtp_rounding_result *r)
{
    bool draws = r->options.way == MTP_ROUNDING_DRAWS;
    bool one_term = r->regression && r->regression->n_terms == 1;
    filling f = {doc, draws, one_term, MTP_ROUNDED_OVERALL, NULL};
    mtp_doc_column column[5] = {{"figure", "Figure", true, false},
                                {"value", "As printed", false, false}};
    size_t n = 2;

    column[n++] = (mtp_doc_column){"lower", draws ? "2.5%" : "Smallest", false, false};
    if (draws) {
        column[n++] = (mtp_doc_column){"median", "50%", false, false};
    }
    column[n++] = (mtp_doc_column){"upper", draws ? "97.5%" : "Largest", false, false};
    mtp_doc_table(doc, n, column);
    if (r->n_sets > 1) {
        mtp_doc_section(doc, "All studies");
    }
    mtp_view_rounded(r, add_row, &f);
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
    if (rounding->result->regression) {
        add_test_sentence(doc, rounding->result);
    } else {
        add_sentence(doc, bundle, rounding->result);
    }
    add_figures(doc, rounding->result);
}
