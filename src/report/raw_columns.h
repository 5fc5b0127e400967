/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_RAW_COLUMNS_H
#define MTP_REPORT_RAW_COLUMNS_H

#include "metapool/analysis.h"

#include "report/document.h"

/**
 * The raw data of studies as columns of a table: those of one group as they are, counts
 * of two groups as "events/n" of each. Where there is no room for them beside the
 * estimates they have a table of their own.
 */

enum { MTP_RAW_COLUMNS_MAX = 3 };

/** A bundle's raw data, and how they are laid out. */
typedef struct mtp_raw_view {
    const mtp_bundle *bundle;
    bool own_table;
    int decimals[MTP_ROLE_COUNT]; /* by column; -1: counts */
} mtp_raw_view;

mtp_raw_view mtp_raw_view_of(const mtp_bundle *bundle);

/** The table of its own, with a heading; nothing where there is room. */
void mtp_raw_table(mtp_document *doc, const mtp_raw_view *view);

/** The columns beside a study's figures; returns how many, at most
 * MTP_RAW_COLUMNS_MAX. */
size_t mtp_raw_columns(const mtp_raw_view *view, mtp_doc_column column[]);

/** The cells of these columns; returns the cell after them. */
mtp_doc_cell *mtp_raw_cells(const mtp_raw_view *view, const mtp_study *study,
                            mtp_doc_cell *cell);

/** What these cells are, "Treated and control: events/n."; NULL where the headers say
 * it. */
const char *mtp_raw_meaning(const mtp_raw_view *view);

#endif
