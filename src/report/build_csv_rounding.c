/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rounding can do as one table: a row a figure. */
#include "report/builders.h"
#include "report/rounding_view.h"

static const char *const id[] = {"part",           "name",          "figure",
                                 "value",          "lower",         "median",
                                 "upper",          "natural_value", "natural_lower",
                                 "natural_median", "natural_upper"};

enum { COLUMNS = sizeof id / sizeof *id };

static void add_range(mtp_doc_cell cell[4], const mtp_rounding_range *range)
{
    cell[0] = mtp_doc_cell_number(MTP_DOC_NUMBER, range->value);
    cell[1] = mtp_doc_cell_number(MTP_DOC_NUMBER, range->lower);
    cell[2] = mtp_doc_cell_number(MTP_DOC_NUMBER, range->median);
    cell[3] = mtp_doc_cell_number(MTP_DOC_NUMBER, range->upper);
}

static void add_row(void *context, const mtp_rounded_row *row)
{
    mtp_doc_cell *cell = mtp_doc_row_new((mtp_document *)context);

    cell[0] = mtp_doc_cell_text(mtp_rounded_part_id(row->part));
    cell[1] = mtp_doc_cell_text(row->name);
    cell[2] = mtp_doc_cell_text(row->figure);
    add_range(cell + 3, &row->range);
    add_range(cell + 7, &row->back);
}

void mtp_build_csv_rounding(mtp_document *doc, const mtp_bundle *bundle)
{
    mtp_doc_column column[COLUMNS];

    for (size_t i = 0; i < COLUMNS; i++) {
        column[i] = (mtp_doc_column){id[i], id[i], false, false};
    }
    mtp_doc_table(doc, COLUMNS, column);
    mtp_view_rounded(bundle->rounding->result, add_row, doc);
}
