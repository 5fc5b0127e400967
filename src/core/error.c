/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *mtp_status_name(mtp_status status)
{
    switch (status) {
#define STATUS_NAME(name, value, text)                                                 \
    case name:                                                                         \
        return #name;
        MTP_STATUS_LIST(STATUS_NAME)
#undef STATUS_NAME
    }
    return "MTP_E_UNKNOWN";
}

const char *mtp_status_text(mtp_status status)
{
    switch (status) {
#define STATUS_TEXT(name, value, text)                                                 \
    case name:                                                                         \
        return text;
        MTP_STATUS_LIST(STATUS_TEXT)
#undef STATUS_TEXT
    }
    return "unknown status";
}

/* Length of the longest prefix of at most `limit` bytes that ends at a code point. */
static size_t whole_code_points(const char *text, size_t limit)
{
    size_t length = strlen(text);

    if (length <= limit) {
        return length;
    }
    length = limit;
    while (length > 0 && ((unsigned char)text[length] & 0xC0U) == 0x80U) {
        length--;
    }
    return length;
}

void mtp_copy_text(char *to, size_t size, const char *text)
{
    size_t length = whole_code_points(text, size - 1);

    memcpy(to, text, length);
    to[length] = '\0';
}

static void MTP_PRINTF(6, 0)
    fill(mtp_error *err, mtp_status status, const char *source, size_t line,
         const char *column, const char *format, va_list args)
{
    char whole[4 * MTP_ERROR_MESSAGE];

    err->status = status;
    err->line = line;
    err->row = 0;
    err->position = 0;
    mtp_copy_text(err->source, sizeof err->source, source ? source : "");
    mtp_copy_text(err->column, sizeof err->column, column ? column : "");
    if (vsnprintf(whole, sizeof whole, format, args) < 0) {
        whole[0] = '\0';
    }
    mtp_copy_text(err->message, sizeof err->message, whole);
}

mtp_status mtp_fail(mtp_error *err, mtp_status status, const char *format, ...)
{
    if (err) {
        va_list args;

        va_start(args, format);
        fill(err, status, NULL, 0, NULL, format, args);
        va_end(args);
    }
    return status;
}

mtp_status mtp_fail_at(mtp_error *err, mtp_status status, const char *source,
                       size_t line, const char *column, const char *format, ...)
{
    if (err) {
        va_list args;

        va_start(args, format);
        fill(err, status, source, line, column, format, args);
        va_end(args);
    }
    return status;
}

mtp_status mtp_fail_nomem(mtp_error *err)
{
    return mtp_fail(err, MTP_E_NOMEM, "memory is exhausted");
}

void mtp_problems_add(mtp_problems *problems, const mtp_error *err)
{
    if (!problems) {
        return;
    }
    if (problems->count < MTP_PROBLEMS_KEPT) {
        problems->item[problems->count] = *err;
    }
    problems->count++;
}

size_t mtp_error_format(const mtp_error *err, char *buffer, size_t size)
{
    char place[MTP_ERROR_SOURCE + 64] = "";
    char column[MTP_ERROR_COLUMN + 16] = "";
    int length;

    if (err->source[0] && err->line && err->position) {
        (void)snprintf(place, sizeof place, "%s:%zu:%zu: ", err->source, err->line,
                       err->position);
    } else if (err->source[0] && err->line) {
        (void)snprintf(place, sizeof place, "%s:%zu: ", err->source, err->line);
    } else if (err->source[0] && err->row) {
        (void)snprintf(place, sizeof place, "%s: row %zu: ", err->source, err->row);
    } else if (err->source[0]) {
        (void)snprintf(place, sizeof place, "%s: ", err->source);
    } else if (err->line) {
        (void)snprintf(place, sizeof place, "row %zu: ", err->line);
    }
    if (err->column[0]) {
        (void)snprintf(column, sizeof column, "column '%s': ", err->column);
    }
    length = snprintf(buffer, size, "%s%s%s", place, column, err->message);
    return length < 0 ? 0 : (size_t)length;
}
