/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_HTML_PAGE_H
#define MTP_REPORT_HTML_PAGE_H

#include "core/strbuf.h"

/**
 * A page of HTML that needs nothing else: no script, no network, its style within, and
 * a policy that says so to the browser. Light or dark as the reader has it; fit to
 * print.
 */

/** Text as text, wherever it stands: content or attribute. */
void mtp_html_text(mtp_strbuf *out, const char *text);

/** From the first byte to the open <main>, and what closes it. */
void mtp_html_begin(mtp_strbuf *out, const char *title);
void mtp_html_end(mtp_strbuf *out);

#endif
