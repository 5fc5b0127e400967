/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_FORMAT_H
#define MTP_TABLE_FORMAT_H

#include <stddef.h>

/**
 * What a file is by its first bytes, where that is no table of text in UTF-8: "a
 * workbook or zip archive (.xlsx, .ods); save the table as CSV (UTF-8)", for a message
 * that begins "the file is"; or NULL.
 */
const char *mtp_foreign_format(const char *bytes, size_t length);

/** Length of the byte order mark of UTF-8, which is no part of the text; or 0. */
size_t mtp_utf8_mark(const char *bytes, size_t length);

#endif
