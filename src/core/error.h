/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_ERROR_H
#define MTP_CORE_ERROR_H

#include "metapool/status.h"

/** Fill err (if not NULL) with a message and no place; returns status for `return`. */
mtp_status mtp_fail(mtp_error *err, mtp_status status, const char *format, ...)
    MTP_PRINTF(3, 4);

/** The same with a place; source and column may be NULL, line 0. */
mtp_status mtp_fail_at(mtp_error *err, mtp_status status, const char *source,
                       size_t line, const char *column, const char *format, ...)
    MTP_PRINTF(6, 7);

/** MTP_E_NOMEM with its one message. */
mtp_status mtp_fail_nomem(mtp_error *err);

/** Append a problem to the list (may be NULL); all are counted, the first few kept. */
void mtp_problems_add(mtp_problems *problems, const mtp_error *err);

/** Copy at most size - 1 bytes of text, cut at a code point, always NUL-terminated. */
void mtp_copy_text(char *to, size_t size, const char *text);

#endif
