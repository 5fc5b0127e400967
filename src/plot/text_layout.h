/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_TEXT_LAYOUT_H
#define MTP_PLOT_TEXT_LAYOUT_H

#include "core/arena.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * How much room text needs, without a font at hand: Arial's advance widths.
 */

/* Height above and below the baseline, in em: Arial's, the same for bold. */
#define MTP_TEXT_ASCENT  0.905
#define MTP_TEXT_DESCENT 0.212

/** Width of UTF-8 text in points; characters that the table lacks count a full em. */
double mtp_text_width(const char *text, double size, bool bold);

typedef struct mtp_text_lines {
    size_t count; /* at least 1 */
    const char *const *line;
    double width; /* of the widest */
} mtp_text_lines;

/**
 * Break text at blanks into lines of at most `width` points, a word that is too long
 * anywhere between characters. Runs of blanks become one space.
 * @return false when memory is exhausted
 */
bool mtp_text_wrap(mtp_arena *arena, const char *text, double size, bool bold,
                   double width, mtp_text_lines *lines);

#endif
