/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_HTML_PAGE_H
#define MTP_REPORT_HTML_PAGE_H

#include "report/document.h"

/**
 * A page of HTML that needs nothing else: no network, its style and, if it has one, its
 * script within, and a policy that says so to the browser. Light or dark as the reader
 * has it; fit to print.
 */

typedef struct mtp_html_head {
    const char *title;
    const char *style;  /* rules beyond those of every page; "": none */
    const char *script; /* the only one that the policy allows, by its hash; "": none */
} mtp_html_head;

/** From the first byte to the open <main>, and what closes it. */
void mtp_html_begin(mtp_strbuf *out, const mtp_html_head *head);
void mtp_html_end(mtp_strbuf *out, const mtp_html_head *head);

/** A figure. Printed, it is shrunk to a page, or goes over several if that would make
 * its text too small to read. @param height  as drawn, in millimetres */
void mtp_html_figure(mtp_strbuf *out, const char *svg, double height);

/** Whether a figure of that height would go over several pages. */
bool mtp_html_is_long(double height);

/** Words of ours, with symbols as figures have them: tau^2 in text is a Greek letter
 * and a raised digit here. Names from files do not go through it. */
void mtp_html_words(mtp_strbuf *out, const char *text);

typedef struct mtp_html_look {
    int digits;           /* decimals of an estimate */
    int heading;          /* level of a heading of the document: 2 for <h2> */
    const char *table_id; /* id of its last table, which is to be sorted then: heads are
                             buttons, cells hold their number in full; NULL: none */
} mtp_html_look;

/** The blocks of a document. */
void mtp_html_blocks(mtp_strbuf *out, const mtp_document *doc,
                     const mtp_html_look *look);

#endif
