/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv_text.h"

#include "core/number.h"

#include <math.h>
#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool needs_quotes(const char *text)
{
    size_t length = strlen(text);

    return strpbrk(text, ",\"\r\n") ||
           (length > 0 && (is_blank(text[0]) || is_blank(text[length - 1])));
}

/* What a spreadsheet would calculate. */
static bool is_formula(const char *text)
{
    double number;

    return *text && strchr("=+-@\t\r", *text) &&
           mtp_number_parse(text, strlen(text), &number) != MTP_NUMBER_OK;
}

/* The characters of a field; every quote is doubled. */
static void add_characters(mtp_strbuf *buffer, const char *text)
{
    mtp_strbuf_add(buffer, is_formula(text) ? "'" : "");
    for (; *text; text++) {
        mtp_strbuf_add(buffer, *text == '"' ? "\"" : "");
        mtp_strbuf_add_char(buffer, *text);
    }
}

void mtp_strbuf_add_csv(mtp_strbuf *buffer, const char *text)
{
    if (!text) {
        return;
    }
    if (!needs_quotes(text)) {
        add_characters(buffer, text);
        return;
    }
    mtp_strbuf_add_char(buffer, '"');
    add_characters(buffer, text);
    mtp_strbuf_add_char(buffer, '"');
}

void mtp_strbuf_add_csv_number(mtp_strbuf *buffer, double value)
{
    mtp_strbuf_add_char(buffer, ',');
    if (isfinite(value)) {
        mtp_strbuf_add_number(buffer, value);
    }
}
