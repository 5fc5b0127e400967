/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_CSV_SPLIT_H
#define MTP_TABLE_CSV_SPLIT_H

#include "table/chunk.h"

#include <stdbool.h>
#include <stddef.h>

/** A record that was split where it stands. */
typedef struct mtp_split {
    size_t fields; /* 1 for an empty line */
    char *end;     /* where its line end was, now NUL */
    char *next;    /* behind the line end */
} mtp_split;

/**
 * Split a record without quotes: delimiters and line end become NUL, and the fields are
 * the cells of the chunk's row in the making, as far as it has columns. Behind the
 * record there is a line end, and eight bytes that may be read.
 *
 * @return false for a record with a quote, or one longer than MTP_FIELD_LIMIT:
 *         it is as it was, and is left to libcsv
 */
bool mtp_split_record(char *record, char delimiter, mtp_chunk *chunk, mtp_split *split);

#endif
