/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_CSV_TEXT_H
#define MTP_CORE_CSV_TEXT_H

#include "core/strbuf.h"

/**
 * Add a CSV field (RFC 4180), quoted where a comma, a quote or a line break is in it.
 * Blanks and tabs at its ends are quoted too, because some readers trim them. NULL is
 * an empty field. Text that a spreadsheet would calculate, which begins with = + - @, a
 * tab or a carriage return and is no number, gets an apostrophe before it (OWASP, CSV
 * injection).
 */
void mtp_strbuf_add_csv(mtp_strbuf *buffer, const char *text);

/** A comma and a number, or nothing behind it where there is none. */
void mtp_strbuf_add_csv_number(mtp_strbuf *buffer, double value);

#endif
