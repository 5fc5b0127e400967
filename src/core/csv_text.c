/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/csv_text.h"

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

void mtp_strbuf_add_csv(mtp_strbuf *buffer, const char *text)
{
    if (!text) {
        return;
    }
    if (!needs_quotes(text)) {
        mtp_strbuf_add(buffer, text);
        return;
    }
    mtp_strbuf_add_char(buffer, '"');
    for (; *text; text++) {
        mtp_strbuf_add(buffer, *text == '"' ? "\"" : "");
        mtp_strbuf_add_char(buffer, *text);
    }
    mtp_strbuf_add_char(buffer, '"');
}
