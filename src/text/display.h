/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEXT_DISPLAY_H
#define MTP_TEXT_DISPLAY_H

#include "core/strbuf.h"

/**
 * Text as it stands on a screen. Names come from files: a control character or line
 * break in one must not break a table, and columns count, not bytes.
 */

/** Add text with control characters and line breaks as blanks, bad bytes as U+FFFD. */
void mtp_display_add(mtp_strbuf *out, const char *text);

/** Columns that text takes (combining marks none, wide characters two). */
size_t mtp_display_width(const char *text);

/** Add clean text, cut to `width` columns with an ellipsis if it is wider. */
void mtp_display_cut(mtp_strbuf *out, const char *text, size_t width);

/** Stands for a blank at which mtp_display_wrap must not break a line. */
#define MTP_GLUE '\x1f'

/**
 * Add text broken at blanks into lines of at most `width` columns, each ended. The
 * first line goes on after `column` columns; the others begin with `indent` blanks. A
 * word longer than a line is broken.
 */
void mtp_display_wrap(mtp_strbuf *out, const char *text, size_t column, size_t indent,
                      size_t width);

#endif
