/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/text_layout.h"

#include "core/utf8.h"
#include "plot/arial_widths.h"

#include <string.h>

static bool is_combining(uint32_t code)
{
    return (code >= 0x300 && code <= 0x36F) || code == 0x200B || code == 0x200D ||
           (code >= 0xFE00 && code <= 0xFE0F);
}

/* In units of 1/2048 em. */
static unsigned advance(uint32_t code, bool bold)
{
    unsigned width = 0;

    if (is_combining(code)) {
        return 0;
    }
    for (size_t r = 0; r < sizeof mtp_arial_range / sizeof mtp_arial_range[0]; r++) {
        const struct mtp_arial_range *range = &mtp_arial_range[r];

        if (code >= range->first && code <= range->last) {
            width = mtp_arial_width[bold][range->start + code - range->first];
        }
    }
    if (code == 0x2212) { /* minus sign: as wide as plus, unlike a hyphen */
        width = mtp_arial_width[bold]['+' - ' '];
    } else if (code == 0x2013) { /* en dash */
        width = mtp_arial_width[bold]['0' - ' '];
    }
    return width > 0 ? width : MTP_ARIAL_UNITS;
}

static double span_width(const char *text, size_t length, double size, bool bold)
{
    unsigned long units = 0;
    uint32_t code;

    for (size_t at = 0; at < length;) {
        at += mtp_utf8_next(text + at, &code);
        units += advance(code, bold);
    }
    return (double)units * size / MTP_ARIAL_UNITS;
}

double mtp_text_width(const char *text, double size, bool bold)
{
    return span_width(text, strlen(text), size, bold);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Words separated by single spaces, in place. */
static void squeeze_blanks(char *text)
{
    char *to = text;

    for (const char *from = text; *from; from++) {
        if (!is_blank(*from)) {
            *to++ = *from;
        } else if (to > text && to[-1] != ' ') {
            *to++ = ' ';
        }
    }
    if (to > text && to[-1] == ' ') {
        to--;
    }
    *to = '\0';
}

/* Bytes of the longest start of `text` that fits and ends before a space or at the end;
 * within the first word when even that is too long, after a hyphen if it has one. At
 * least one character. */
static size_t line_length(const char *text, double size, bool bold, double width)
{
    const double limit = width / size * MTP_ARIAL_UNITS + 0.5; /* against rounding */
    double units = 0.0;
    size_t at = 0, fits = 0, last_space = 0, last_hyphen = 0;
    uint32_t code;

    while (text[at]) {
        size_t n = mtp_utf8_next(text + at, &code);

        if (code == ' ') {
            last_space = at;
        }
        units += advance(code, bold);
        if (units > limit && code != ' ' && fits > 0) {
            return last_space > 0 ? last_space : last_hyphen > 0 ? last_hyphen : fits;
        }
        at += n;
        fits = at;
        last_hyphen = code == '-' ? at : last_hyphen;
    }
    return at;
}

/* The length of the first line, and where the next one begins. */
static const char *next_line(const char *text, double size, bool bold, double width,
                             size_t *length)
{
    *length = line_length(text, size, bold, width);
    text += *length;
    return text + (*text == ' ');
}

bool mtp_text_wrap(mtp_arena *arena, const char *text, double size, bool bold,
                   double width, mtp_text_lines *lines)
{
    char *words = mtp_arena_strdup(arena, text);
    const char **line;
    size_t count = 0, length;

    if (!words) {
        return false;
    }
    squeeze_blanks(words);
    for (const char *at = words; *at || count == 0; count++) {
        at = next_line(at, size, bold, width, &length);
    }
    line = MTP_ARENA_ARRAY(arena, count, const char *);
    if (!line) {
        return false;
    }
    *lines = (mtp_text_lines){count, line, 0.0};
    for (size_t i = 0; i < count; i++) {
        const char *next = next_line(words, size, bold, width, &length);
        double line_width = span_width(words, length, size, bold);

        line[i] = mtp_arena_strndup(arena, words, length);
        if (!line[i]) {
            return false;
        }
        lines->width = line_width > lines->width ? line_width : lines->width;
        words += next - words;
    }
    return true;
}
