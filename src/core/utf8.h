/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_UTF8_H
#define MTP_CORE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* The code point U+FFFD, which stands for bytes that are not UTF-8. */
enum { MTP_REPLACEMENT = 0xFFFD };
#define MTP_REPLACEMENT_UTF8 "\xEF\xBF\xBD"

/**
 * The code point at `text`, which must not be at its end; malformed bytes give U+FFFD
 * one at a time.
 * @return the bytes it takes, at least 1
 */
size_t mtp_utf8_next(const char *text, uint32_t *code);

#endif
