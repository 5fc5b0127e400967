/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_COLLECTOR_H
#define MTP_TABLE_COLLECTOR_H

#include "metapool/status.h"

#include <stdbool.h>

/**
 * Where a reader puts what it finds wrong: every problem goes into the list, the first
 * one also into err, and its status is what the reader returns in the end.
 */
typedef struct mtp_collector {
    const char *source;
    mtp_problems *problems; /* may be NULL */
    mtp_error *err;         /* may be NULL */
    mtp_status status;      /* of the first problem; MTP_OK: none yet */
    bool by_row;            /* the source has no lines: places are rows */
} mtp_collector;

/** Report a problem of this source; line (or row) 0 and column NULL: none. */
void mtp_collect(mtp_collector *collector, mtp_status status, size_t line,
                 const char *column, const char *format, ...) MTP_PRINTF(5, 6);

/** Report a problem that another function has described. */
void mtp_collect_error(mtp_collector *collector, const mtp_error *problem);

/** Report that memory is exhausted. */
void mtp_collect_nomem(mtp_collector *collector);

/** Report all problems of a list. */
void mtp_collect_all(mtp_collector *collector, const mtp_problems *problems);

/** A short copy of a text for a message: cut at a code point, control bytes as '?'. */
enum { MTP_EXCERPT = 64 };
const char *mtp_excerpt(const char *text, size_t length, char excerpt[MTP_EXCERPT]);

#endif
