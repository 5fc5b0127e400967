/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_WRITERS_H
#define MTP_REPORT_WRITERS_H

#include "metapool/report.h"

#include "report/document.h"

/* From a document to bytes. A writer chooses digits and layout, never content. */

/**
 * A finished document in any format but JSON; of one that failed the output fails.
 * @param options  of the caller, or NULL
 */
void mtp_write_document(const mtp_document *doc, mtp_format format,
                        const mtp_report_options *options, mtp_strbuf *out);

void mtp_write_text(const mtp_document *doc, const mtp_report_options *options,
                    mtp_strbuf *out);
void mtp_write_markdown(const mtp_document *doc, const mtp_report_options *options,
                        mtp_strbuf *out);
/** A whole page, with the document's title for its own. */
void mtp_write_html(const mtp_document *doc, const mtp_report_options *options,
                    mtp_strbuf *out);

/** The document's table: RFC 4180 quoting, numbers as the shortest text that reads back
 * to the same double, empty where there is no finite number. */
void mtp_write_csv(const mtp_document *doc, mtp_strbuf *out);

/** A table of a text report: columns aligned by what the eye sees. */
void mtp_write_text_table(const mtp_block *table, const mtp_report_options *options,
                          mtp_strbuf *out);

#endif
