/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_STRBUF_H
#define MTP_CORE_STRBUF_H

#include "metapool/export.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/**
 * A growing text on the heap. Running out of memory sets `failed`, after which every
 * call does nothing; check once at the end. The text is NUL-terminated after any call.
 */
typedef struct mtp_strbuf {
    char *text;
    size_t length, capacity;
    bool failed;
} mtp_strbuf;

void mtp_strbuf_init(mtp_strbuf *buffer);
void mtp_strbuf_free(mtp_strbuf *buffer);
void mtp_strbuf_add(mtp_strbuf *buffer, const char *text);
void mtp_strbuf_add_bytes(mtp_strbuf *buffer, const char *bytes, size_t length);
void mtp_strbuf_add_char(mtp_strbuf *buffer, char c);
void mtp_strbuf_add_repeated(mtp_strbuf *buffer, char c, size_t count);
void mtp_strbuf_printf(mtp_strbuf *buffer, const char *format, ...) MTP_PRINTF(2, 3);
/** A double as the shortest text that reads back to it; see number.h. */
void mtp_strbuf_add_number(mtp_strbuf *buffer, double value);

/** Give up ownership of the text (malloc'd); NULL if anything failed. */
char *mtp_strbuf_take(mtp_strbuf *buffer, size_t *length);

#endif
