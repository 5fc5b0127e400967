/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/collector.h"

#include "core/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void mtp_collect_error(mtp_collector *collector, const mtp_error *problem)
{
    mtp_problems_add(collector->problems, problem);
    if (collector->status == MTP_OK && problem->status != MTP_OK) {
        collector->status = problem->status;
        if (collector->err) {
            *collector->err = *problem;
        }
    }
}

void mtp_collect_nomem(mtp_collector *collector)
{
    mtp_error problem;

    (void)mtp_fail_nomem(&problem);
    mtp_collect_error(collector, &problem);
}

void mtp_collect(mtp_collector *collector, mtp_status status, size_t line,
                 const char *column, const char *format, ...)
{
    char message[4 * MTP_ERROR_MESSAGE];
    mtp_error problem;
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    (void)mtp_fail_at(&problem, status, collector->source, collector->by_row ? 0 : line,
                      column, "%s", message);
    problem.row = collector->by_row ? line : 0;
    mtp_collect_error(collector, &problem);
}

void mtp_collect_all(mtp_collector *collector, const mtp_problems *problems)
{
    size_t kept =
        problems->count < MTP_PROBLEMS_KEPT ? problems->count : MTP_PROBLEMS_KEPT;

    for (size_t i = 0; i < kept; i++) {
        mtp_collect_error(collector, &problems->item[i]);
    }
    if (collector->problems) {
        collector->problems->count += problems->count - kept;
    }
}

const char *mtp_excerpt(const char *text, size_t length, char excerpt[MTP_EXCERPT])
{
    size_t room = MTP_EXCERPT - sizeof "...", n = length;

    if (n > room) {
        n = room;
        while (n > 0 && ((unsigned char)text[n] & 0xC0U) == 0x80U) {
            n--;
        }
    }
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];

        excerpt[i] = c < 0x20 || c == 0x7F ? '?' : text[i];
    }
    (void)snprintf(excerpt + n, MTP_EXCERPT - n, "%s", n < length ? "..." : "");
    return excerpt;
}
