/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_CSV_H
#define MTP_TABLE_CSV_H

#include "metapool/table.h"

/**
 * How the reading of a file is divided. No table and no message depends on it, but that
 * a file which cannot be read to its end (a damaged gzip file) is refused without a
 * word about the segment in the making.
 */
typedef struct mtp_csv_tuning {
    size_t first_segment; /* bytes; small, as most files are */
    size_t segment;       /* bytes of the others: with what comes of them, they fit in a
                             processor's cache */
    bool only_libcsv;     /* split nothing by our own means */
} mtp_csv_tuning;

#define MTP_CSV_TUNING ((mtp_csv_tuning){16 * 1024, 256 * 1024, false})

/** mtp_table_parse_csv with another division: for tests. */
mtp_status mtp_csv_parse(const char *source, const char *bytes, size_t length,
                         const mtp_table_options *options, mtp_csv_tuning tuning,
                         mtp_table **table, mtp_problems *problems, mtp_error *err);

#endif
