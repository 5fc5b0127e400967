/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_LAYOUT_H
#define MTP_EXPLAIN_LAYOUT_H

#include "core/strbuf.h"

#include <stddef.h>

/**
 * How much of a formula stands on a line of `width` columns: all of it, or what comes
 * before the blank at which it breaks, before an operator or after a comma. Of the
 * places that fit, the outermost is taken, and of these the last. A part without such
 * a place is not broken.
 */
size_t mtp_layout_first(const char *formula, size_t width);

/** Line number `index` of a formula broken so; NULL after the last. */
const char *mtp_layout_line(const char *formula, size_t width, size_t index,
                            size_t *length);

/** Add a formula, the cursor being at `indent`, where its further lines begin too. */
void mtp_layout_add(mtp_strbuf *out, const char *formula, size_t indent, size_t width);

#endif
