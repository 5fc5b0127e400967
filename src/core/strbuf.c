/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/strbuf.h"

#include "core/arena.h"
#include "core/number.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mtp_strbuf_init(mtp_strbuf *buffer)
{
    *buffer = (mtp_strbuf){0};
}

void mtp_strbuf_free(mtp_strbuf *buffer)
{
    free(buffer->text);
    mtp_strbuf_init(buffer);
}

static bool reserve(mtp_strbuf *buffer, size_t more)
{
    size_t needed = buffer->length + more + 1;
    size_t capacity = buffer->capacity ? buffer->capacity : 256;
    char *text;

    if (buffer->failed || needed < more) {
        buffer->failed = true;
        return false;
    }
    if (needed <= buffer->capacity) {
        return true;
    }
    while (capacity < needed) {
        capacity = capacity > SIZE_MAX / 2 ? needed : 2 * capacity;
    }
    text = mtp_heap_resize(buffer->text, capacity);
    if (!text) {
        buffer->failed = true;
        return false;
    }
    buffer->text = text;
    buffer->capacity = capacity;
    return true;
}

void mtp_strbuf_add_bytes(mtp_strbuf *buffer, const char *bytes, size_t length)
{
    if (reserve(buffer, length)) {
        memcpy(buffer->text + buffer->length, bytes, length);
        buffer->length += length;
        buffer->text[buffer->length] = '\0';
    }
}

void mtp_strbuf_add(mtp_strbuf *buffer, const char *text)
{
    mtp_strbuf_add_bytes(buffer, text, strlen(text));
}

void mtp_strbuf_add_char(mtp_strbuf *buffer, char c)
{
    mtp_strbuf_add_bytes(buffer, &c, 1);
}

void mtp_strbuf_add_repeated(mtp_strbuf *buffer, char c, size_t count)
{
    if (reserve(buffer, count)) {
        memset(buffer->text + buffer->length, c, count);
        buffer->length += count;
        buffer->text[buffer->length] = '\0';
    }
}

void mtp_strbuf_printf(mtp_strbuf *buffer, const char *format, ...)
{
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !reserve(buffer, (size_t)length)) {
        buffer->failed = true;
        return;
    }
    va_start(args, format);
    (void)vsnprintf(buffer->text + buffer->length, (size_t)length + 1, format, args);
    va_end(args);
    buffer->length += (size_t)length;
}

void mtp_strbuf_add_number(mtp_strbuf *buffer, double value)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_format(value, text);
    mtp_strbuf_add(buffer, text);
}

char *mtp_strbuf_take(mtp_strbuf *buffer, size_t *length)
{
    char *text = NULL;

    if (reserve(buffer, 0)) {
        buffer->text[buffer->length] = '\0';
        text = buffer->text;
        if (length) {
            *length = buffer->length;
        }
        mtp_strbuf_init(buffer);
    } else {
        mtp_strbuf_free(buffer);
    }
    return text;
}
