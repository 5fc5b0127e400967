/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_CSV_ROWS_H
#define MTP_TABLE_CSV_ROWS_H

#include "table/builder.h"
#include "table/chunk.h"
#include "table/segments.h"

#include <csv.h>

/** What all segments of a file share. Only what reads the header changes it. */
typedef struct mtp_csv_file {
    const char *source;
    char delimiter;
    mtp_cell_rules rules;
    bool has_header;
    bool only_libcsv; /* for tests: nothing is split by our own means */
    bool forgiving;   /* rows of another length are left out */
    mtp_builder builder;
} mtp_csv_file;

/**
 * Reads segments, one after the other: rows go into a chunk, problems into a list. Many
 * of these read different segments of a file at the same time once it has its header.
 */
typedef struct mtp_csv_rows {
    mtp_csv_file *file;
    mtp_chunk chunk;
    mtp_problems problems;
    mtp_error failure;       /* the first problem that is an obstacle */
    mtp_collector collector; /* puts them there */
    bool stop;               /* a problem after which reading on makes no sense */

    /* The segment. */
    struct csv_parser parser;
    mtp_scanner scanner; /* has the line */
    char *at, *end;
    size_t room; /* rows it may have, when there is but one column */

    /* The record in the making. */
    bool row_open;     /* it has begun and not ended */
    bool row_ended;    /* by the piece just fed */
    bool first_blank;  /* the first field holds blanks and nothing else */
    size_t row_line;   /* where it began */
    size_t field_line; /* where the field began */
    size_t row_bytes;
    size_t fields;
    char *write; /* where libcsv's next field goes: within what it has read */
} mtp_csv_rows;

/** @return false without memory; mtp_csv_rows_free is due in any case */
bool mtp_csv_rows_init(mtp_csv_rows *rows, mtp_csv_file *file);
void mtp_csv_rows_free(mtp_csv_rows *rows);

/** Read a segment; its bytes become the cells' texts. */
void mtp_csv_rows_read(mtp_csv_rows *rows, const mtp_segment *segment);

/** The first half of that: cells as texts, without their meaning. */
void mtp_csv_rows_split(mtp_csv_rows *rows, const mtp_segment *segment);

#endif
