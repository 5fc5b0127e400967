/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/format.h"

#include "core/ascii.h"

#include <stdbool.h>
#include <string.h>

#define SAVE_UTF8 "; save the table as UTF-8"
#define SAVE_CSV  "; save the table as CSV (UTF-8)"
#define UNPACK    "; unpack it first (gzip is read as it is)"

typedef struct format {
    const char *begin;
    size_t length;
    const char *text;
} format;

/* Of two that begin alike, the longer stands first. Letters match in any case. */
#define FORMAT(begin, text)                                                            \
    {                                                                                  \
        begin, sizeof begin - 1, text                                                  \
    }
static const format formats[] = {
    FORMAT("\xFF\xFE\0\0", "UTF-32 (little endian)" SAVE_UTF8),
    FORMAT("\0\0\xFE\xFF", "UTF-32 (big endian)" SAVE_UTF8),
    FORMAT("\xFF\xFE", "UTF-16 (little endian)" SAVE_UTF8),
    FORMAT("\xFE\xFF", "UTF-16 (big endian)" SAVE_UTF8),
    FORMAT("PK\x03\x04", "a workbook or zip archive (.xlsx, .ods, .zip)" SAVE_CSV),
    FORMAT("\xD0\xCF\x11\xE0", "an old Office file (.xls, .doc)" SAVE_CSV),
    FORMAT("%PDF-", "a PDF" SAVE_CSV),
    FORMAT("{\\rtf", "rich text (.rtf)" SAVE_CSV),
    FORMAT("<?xml", "XML" SAVE_CSV),
    FORMAT("<!doctype html", "a web page" SAVE_CSV),
    FORMAT("<html", "a web page" SAVE_CSV),
    FORMAT("<stata_dta>", "a Stata data set" SAVE_CSV),
    FORMAT("$FL2", "an SPSS data set" SAVE_CSV),
    FORMAT("PAR1", "a Parquet file" SAVE_CSV),
    FORMAT("RDX3\n", "an R workspace" SAVE_CSV),
    FORMAT("{\"", "JSON" SAVE_CSV),
    FORMAT("{\n", "JSON" SAVE_CSV),
    FORMAT("[{", "JSON" SAVE_CSV),
    FORMAT("[\n", "JSON" SAVE_CSV),
    FORMAT("\x1F\x8B", "packed by gzip twice; unpack it once first"),
    FORMAT("BZh", "packed by bzip2" UNPACK),
    FORMAT("\xFD"
           "7zXZ",
           "packed by xz" UNPACK),
    FORMAT("\x28\xB5\x2F\xFD", "packed by zstd" UNPACK),
};

static bool begins(const char *bytes, size_t length, const format *f)
{
    for (size_t i = 0; i < f->length; i++) {
        if (i == length || mtp_ascii_lower(bytes[i]) != mtp_ascii_lower(f->begin[i])) {
            return false;
        }
    }
    return true;
}

const char *mtp_foreign_format(const char *bytes, size_t length)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (begins(bytes, length, &formats[i])) {
            return formats[i].text;
        }
    }
    return NULL;
}

size_t mtp_utf8_mark(const char *bytes, size_t length)
{
    return length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}
