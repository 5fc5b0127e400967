/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_REPORT_H
#define METAPOOL_REPORT_H

#include "metapool/analysis.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file report.h
 * A bundle as text, JSON, CSV, Markdown or HTML. All are made from the same const
 * bundle.
 */

typedef enum mtp_format {
    MTP_FORMAT_TEXT,
    MTP_FORMAT_JSON,
    MTP_FORMAT_CSV,
    MTP_FORMAT_MARKDOWN,
    MTP_FORMAT_HTML, /* a page that needs nothing else */
} mtp_format;

typedef struct mtp_report_options {
    size_t size; /* sizeof(mtp_report_options); set by _init */
    int digits;  /* decimals of estimates in text and Markdown; default 4 */
    int width;   /* columns of text; default 80 */
    bool color;  /* ANSI colour in text; default false */
} mtp_report_options;

/** Defaults. @param size  sizeof *options, of which no more is written */
MTP_API void mtp_report_options_init(mtp_report_options *options, size_t size);

/**
 * Write a bundle in one of the formats.
 * @param options  NULL: defaults; digits and width outside what text can hold are taken
 *                 as the nearest that it can
 * @param text     out: NUL-terminated UTF-8, freed with mtp_text_free
 * @param length   out, may be NULL: bytes before the NUL
 * @return MTP_OK; MTP_E_NOMEM, with the outputs untouched
 */
MTP_API mtp_status mtp_report(const mtp_bundle *bundle, mtp_format format,
                              const mtp_report_options *options, char **text,
                              size_t *length, mtp_error *err);

/**
 * A figure of a bundle by its path in the JSON that mtp_report writes of it:
 * "overall.random.back.estimate", "studies[0].yi", "groups[LBCL].k". [n] is the element
 * n of a list, from 0; [text] its only element whose level, term, name, method, study,
 * category, test or the like is that text ("in quotes" where it is digits or has single
 * brackets).
 *
 * @param value  out: NaN where the JSON has null
 * @return MTP_OK; MTP_E_ARG for a path that is none; MTP_E_DATA if it leads nowhere or
 *         to no number, with what there is; MTP_E_NOMEM. Each call makes the JSON anew.
 */
MTP_API mtp_status mtp_report_value(const mtp_bundle *bundle, const char *path,
                                    double *value, mtp_error *err);

/** Free a text that mtp_report or mtp_forest_... returned; NULL is allowed. */
MTP_API void mtp_text_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
