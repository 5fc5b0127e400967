/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/fold.h"

#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

/* Greek and Cyrillic letters beside the Latin ones that they look like: part of the
 * confusables of Unicode Technical Standard 39. */
static const struct {
    uint32_t code;
    char latin;
} lookalike[] = {
    {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'},
    {0x0399, 'I'}, {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'},
    {0x03A1, 'P'}, {0x03A4, 'T'}, {0x03A5, 'Y'}, {0x03A7, 'X'}, {0x03BD, 'v'},
    {0x03BF, 'o'}, {0x03C1, 'p'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'},
    {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'},
    {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'},
    {0x0423, 'Y'}, {0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043E, 'o'},
    {0x0440, 'p'}, {0x0441, 'c'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'},
    {0x0456, 'i'}, {0x0458, 'j'}, {0x0501, 'd'}, {0x051B, 'q'}, {0x051D, 'w'},
};

static char latin_of(uint32_t code)
{
    for (size_t i = 0; code >= 0x0391 && i < sizeof lookalike / sizeof *lookalike;
         i++) {
        if (lookalike[i].code == code) {
            return lookalike[i].latin;
        }
    }
    return '\0';
}

static void add_latin(mtp_strbuf *out, const char *text)
{
    while (*text) {
        uint32_t code;
        size_t bytes = mtp_utf8_next(text, &code);
        char latin = latin_of(code);

        if (latin) {
            mtp_strbuf_add_char(out, latin);
        } else {
            mtp_strbuf_add_bytes(out, text, bytes);
        }
        text += bytes;
    }
}

static bool is_blank(uint32_t code)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);

    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || category == UTF8PROC_CATEGORY_CC;
}

/* Blanks and marks as typed on a keyboard. */
static void add_plain(mtp_strbuf *out, const char *text)
{
    size_t start = out->length;
    bool blank = false;

    while (*text) {
        uint32_t code;
        size_t bytes = mtp_utf8_next(text, &code);

        if (is_blank(code)) {
            blank = true;
        } else {
            mtp_strbuf_add(out, blank && out->length > start ? " " : "");
            blank = false;
            if ((code >= 0x2010 && code <= 0x2015) || code == 0x2212) {
                mtp_strbuf_add_char(out, '-');
            } else if (code == 0x2018 || code == 0x2019) {
                mtp_strbuf_add_char(out, '\'');
            } else {
                mtp_strbuf_add_bytes(out, text, bytes);
            }
        }
        text += bytes;
    }
}

void mtp_fold_add(mtp_strbuf *out, const char *text, bool lookalikes)
{
    const utf8proc_option_t how =
        (utf8proc_option_t)(UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                            UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    utf8proc_uint8_t *folded = NULL;
    mtp_strbuf latin;
    utf8proc_ssize_t length;

    mtp_strbuf_init(&latin);
    if (lookalikes) {
        add_latin(&latin, text);
        text = latin.text ? latin.text : "";
    }
    length = utf8proc_map((const utf8proc_uint8_t *)text, 0, &folded, how);
    out->failed = out->failed || latin.failed || length == UTF8PROC_ERROR_NOMEM;
    add_plain(out, length >= 0 ? (const char *)folded : text);
    free(folded);
    mtp_strbuf_free(&latin);
}
