/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_ASCII_H
#define MTP_CORE_ASCII_H

#include <stdbool.h>
#include <stddef.h>

/* Letters without case, ASCII alone: the C library's own functions follow the locale.
 */

static inline char mtp_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/** Is `text` the `length` bytes at `word`, but for case? */
static inline bool mtp_ascii_same_part(const char *text, const char *word,
                                       size_t length)
{
    size_t same = 0;

    while (same < length && text[same] &&
           mtp_ascii_lower(text[same]) == mtp_ascii_lower(word[same])) {
        same++;
    }
    return same == length && text[same] == '\0';
}

/** Are the texts equal but for case? */
static inline bool mtp_ascii_same(const char *a, const char *b)
{
    while (*a && mtp_ascii_lower(*a) == mtp_ascii_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

#endif
