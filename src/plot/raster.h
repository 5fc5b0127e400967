/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_RASTER_H
#define MTP_PLOT_RASTER_H

#include "metapool/status.h"

#include "core/strbuf.h"

#include <stdbool.h>

/**
 * SVG as PDF and PNG, by librsvg and cairo. raster.c is the one file that knows them;
 * a build without them has raster_none.c in its place.
 *
 * The libraries are loaded when the first picture is drawn, not when the program
 * starts: they bring 40 others with them, which takes ten times as long as a program
 * that pools a table of studies.
 */

typedef struct mtp_raster_page {
    const char *svg; /* the whole document */
    size_t length;
    const char *title;    /* of the PDF */
    double width, height; /* as printed, in points */
    double rgb[3];        /* of the page, 0 to 255 */
} mtp_raster_page;

enum { MTP_RASTER_FAMILY = 64 };

/**
 * Append the picture to `out`, whose memory the caller checks.
 * @return MTP_OK; MTP_E_UNSUPPORTED without the libraries; MTP_E_ARG for a picture that
 *         is too large; MTP_E_NOMEM
 */
mtp_status mtp_raster_pdf(size_t n, const mtp_raster_page page[], mtp_strbuf *out,
                          mtp_error *err);
mtp_status mtp_raster_png(const mtp_raster_page *page, double dpi, mtp_strbuf *out,
                          mtp_error *err);

/**
 * Whether the text has the widths for which the figure was laid out: those of Arial.
 * @param family  out: the font that text is set in; "" where there is none
 */
bool mtp_raster_font_fits(char family[MTP_RASTER_FAMILY]);

#endif
