/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_CSV_BEGIN_H
#define MTP_TABLE_CSV_BEGIN_H

#include "table/csv_rows.h"

/**
 * The first bytes tell what a file is: what is no CSV is a problem, and a byte order
 * mark goes.
 * @param packed  they were unpacked
 */
void mtp_csv_check_begin(mtp_segment *segment, bool packed, mtp_collector *collector);

/**
 * Find the delimiter where none is given, in the first segment that holds more than
 * blank lines, for there the header is. One that is the decimal mark is a problem.
 */
void mtp_csv_find_delimiter(mtp_csv_file *file, const mtp_segment *segment,
                            mtp_collector *collector);

#endif
