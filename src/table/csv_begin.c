/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv_begin.h"

#include "core/ascii.h"
#include "table/format.h"
#include "table/sqlite_file.h"

#include <string.h>

/* "sep=;": how a spreadsheet is told the delimiter, on a line before the header. */
static bool is_separator_line(const char *line, size_t length)
{
    return length >= 6 && mtp_ascii_same_part("sep=", line, 4) &&
           (line[5] == '\n' || line[5] == '\r');
}

void mtp_csv_check_begin(mtp_segment *segment, bool packed, mtp_collector *collector)
{
    const char *format = mtp_foreign_format(segment->bytes, segment->length);
    size_t mark = mtp_utf8_mark(segment->bytes, segment->length);

    if (mtp_is_sqlite(segment->bytes, segment->length)) {
        mtp_collect(collector, MTP_E_DATA, 0, NULL,
                    packed
                        ? "the gzip file holds an SQLite database; unpack it first"
                        : "this is an SQLite database, not text; give its file name, "
                          "for it cannot be read from a pipe");
    } else if (format) {
        mtp_collect(collector, MTP_E_SYNTAX, 0, NULL, "the file is %s", format);
    } else if (is_separator_line(segment->bytes + mark, segment->length - mark)) {
        mtp_collect(collector, MTP_E_SYNTAX, 1, NULL,
                    "the line sep= is for spreadsheets, and no header; delete it");
    }
    segment->bytes += mark;
    segment->length -= mark;
}

static bool holds_blank_lines(const mtp_segment *segment)
{
    size_t i = 0;

    while (i < segment->length && memchr("\r\n ", segment->bytes[i], 3)) {
        i++;
    }
    return i == segment->length;
}

void mtp_csv_find_delimiter(mtp_csv_file *file, const mtp_segment *segment,
                            mtp_collector *collector)
{
    char decimal = file->rules.decimal;

    if (file->delimiter || holds_blank_lines(segment)) {
        return;
    }
    file->delimiter = mtp_scan_delimiter(segment->bytes, segment->length, decimal);
    if (file->delimiter == ',' && decimal == ',') {
        mtp_collect(collector, MTP_E_ARG, 0, NULL,
                    "the header is delimited by commas; with a decimal comma the "
                    "delimiter is a semicolon or a tab");
    }
}
