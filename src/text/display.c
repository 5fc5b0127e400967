/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/display.h"

#include <stdbool.h>
#include <string.h>

#include <utf8proc.h>

#define ELLIPSIS "\xE2\x80\xA6"

/* The character at text, as it is shown: its bytes, how many, and its columns. */
typedef struct glyph {
    const char *bytes;
    size_t length, columns;
    size_t consumed; /* bytes of the text it stands for; 0 at the end */
} glyph;

static bool is_control(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);

    return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP;
}

static glyph next_glyph(const char *text)
{
    utf8proc_int32_t code;
    utf8proc_ssize_t length;
    size_t left = 0;

    while (left < 4 && text[left]) {
        left++;
    }
    if (left == 0) {
        return (glyph){text, 0, 0, 0};
    }
    if (text[0] == MTP_GLUE) {
        return (glyph){text, 1, 1, 1};
    }
    length =
        utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)left, &code);
    if (length <= 0) {
        return (glyph){"\xEF\xBF\xBD", 3, 1, 1};
    }
    if (is_control(code)) {
        return (glyph){" ", 1, 1, (size_t)length};
    }
    return (glyph){text, (size_t)length, (size_t)utf8proc_charwidth(code),
                   (size_t)length};
}

void mtp_display_add(mtp_strbuf *out, const char *text)
{
    glyph g = next_glyph(text);

    for (; g.consumed; text += g.consumed, g = next_glyph(text)) {
        if (*g.bytes == MTP_GLUE) {
            mtp_strbuf_add_char(out, ' ');
        } else {
            mtp_strbuf_add_bytes(out, g.bytes, g.length);
        }
    }
}

size_t mtp_display_width(const char *text)
{
    size_t columns = 0;
    glyph g = next_glyph(text);

    for (; g.consumed; text += g.consumed, g = next_glyph(text)) {
        columns += g.columns;
    }
    return columns;
}

/* Bytes of the longest start of text that fits in `width` columns. */
static size_t bytes_within(const char *text, size_t width)
{
    size_t bytes = 0, columns = 0;
    glyph g = next_glyph(text);

    while (g.consumed && columns + g.columns <= width) {
        columns += g.columns;
        bytes += g.consumed;
        g = next_glyph(text + bytes);
    }
    return bytes;
}

void mtp_display_cut(mtp_strbuf *out, const char *text, size_t width)
{
    size_t bytes;

    if (mtp_display_width(text) <= width) {
        mtp_strbuf_add(out, text);
        return;
    }
    bytes = bytes_within(text, width - 1);
    while (bytes > 0 && text[bytes - 1] == ' ') {
        bytes--;
    }
    mtp_strbuf_add_bytes(out, text, bytes);
    mtp_strbuf_add(out, ELLIPSIS);
}

/* Add bytes with glue as blanks. */
static void add_word(mtp_strbuf *out, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        mtp_strbuf_add_char(out, word[i] == MTP_GLUE ? ' ' : word[i]);
    }
}

static size_t word_columns(const char *word, size_t length)
{
    size_t columns = 0;

    for (size_t at = 0; at < length;) {
        glyph g = next_glyph(word + at);

        columns += g.columns;
        at += g.consumed;
    }
    return columns;
}

/* Lines being filled. */
typedef struct lines {
    mtp_strbuf *out;
    size_t column, indent, width;
    bool fresh; /* no word in this line yet */
} lines;

static void next_line(lines *to)
{
    mtp_strbuf_add_char(to->out, '\n');
    mtp_strbuf_add_repeated(to->out, ' ', to->indent);
    to->column = to->indent;
    to->fresh = true;
}

static void put_word(lines *to, const char *word, size_t length)
{
    size_t columns = word_columns(word, length);

    if (!to->fresh && to->column + 1 + columns > to->width) {
        next_line(to);
    } else if (!to->fresh) {
        mtp_strbuf_add_char(to->out, ' ');
        to->column++;
    }
    while (to->column + columns > to->width) { /* wider than a line: break it */
        size_t room = to->width > to->column ? to->width - to->column : 0;
        size_t part = bytes_within(word, room);

        part = part ? part : next_glyph(word).consumed;
        if (part >= length) {
            break;
        }
        add_word(to->out, word, part);
        columns -= word_columns(word, part);
        word += part;
        length -= part;
        next_line(to);
    }
    add_word(to->out, word, length);
    to->column += columns;
    to->fresh = false;
}

void mtp_display_wrap(mtp_strbuf *out, const char *text, size_t column, size_t indent,
                      size_t width)
{
    lines to = {out, column, indent, width, true};

    for (text += strspn(text, " "); *text; text += strspn(text, " ")) {
        size_t length = strcspn(text, " ");

        put_word(&to, text, length);
        text += length;
    }
    mtp_strbuf_add_char(out, '\n');
}
