/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_SPLIT_H
#define MTP_ANALYSIS_SPLIT_H

#include "core/arena.h"

#include <stddef.h>

/**
 * Texts split at a mark that stands outside parentheses and quotes ("poly(x, 2), year":
 * two parts), without the blanks around them.
 */

/** The first such mark, or the end of the text. */
const char *mtp_split_find(const char *text, char mark);
/** The last such mark; NULL if there is none. */
const char *mtp_split_find_last(const char *text, char mark);

/**
 * @param part  out: [*n] in the arena
 * @return the parts, at least one; NULL when memory is exhausted
 */
const char *const *mtp_split(mtp_arena *arena, const char *text, char mark, size_t *n);

/** The values of a repeatable option, which stand on a line each. */
const char *const *mtp_split_lines(mtp_arena *arena, const char *list, size_t *n);

/** A text without blanks around it, and without double quotes around all of it, in
 * which a doubled quote stands for one. NULL when memory is exhausted. */
const char *mtp_split_unquote(mtp_arena *arena, const char *text);

/** "a, b, c" of n names, the first of them only where there are many. NULL when memory
 * is exhausted. */
const char *mtp_split_list(mtp_arena *arena, size_t n, const char *const name[]);

#endif
