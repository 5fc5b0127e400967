/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_PAINT_H
#define MTP_PLOT_PAINT_H

#include "metapool/theme.h"

#include "plot/scene.h"

/**
 * The colours of marks in a theme. A scene names what a shape stands for, its mark; the
 * colours come in when it is written, so that a new mark has colours in every theme:
 * those of the default theme, turned by a rule, unless paint.c names others.
 */

enum { MTP_COLOUR_TEXT = 8 }; /* "#rrggbb" */

typedef struct mtp_paint {
    char fill[MTP_COLOUR_TEXT], stroke[MTP_COLOUR_TEXT]; /* "": none */
} mtp_paint;

mtp_paint mtp_paint_of(mtp_theme theme, mtp_mark mark);

/** The colour of the page. */
const char *mtp_paint_page(mtp_theme theme);

/** Red, green and blue of "#rrggbb", 0 to 255. */
void mtp_colour_read(const char *colour, double rgb[3]);

/** Relative luminance of WCAG 2, 0 (black) to 1 (white). */
double mtp_colour_luminance(const char *colour);

#endif
