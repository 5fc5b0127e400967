/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "text/markup.h"

#include "core/utf8.h"

#include <stdbool.h>
#include <stdint.h>

/* Characters that XML 1.0 does not allow even as references (2.2, Char). */
static bool is_xml_char(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' ||
           (code >= 0x20 && code != 0xFFFE && code != 0xFFFF);
}

void mtp_markup_add(mtp_strbuf *out, const char *text)
{
    uint32_t code;

    for (size_t n; *text; text += n) {
        n = mtp_utf8_next(text, &code);
        switch (code) {
        case '&':
            mtp_strbuf_add(out, "&amp;");
            break;
        case '<':
            mtp_strbuf_add(out, "&lt;");
            break;
        case '>':
            mtp_strbuf_add(out, "&gt;");
            break;
        case '"':
            mtp_strbuf_add(out, "&quot;");
            break;
        default:
            if (!is_xml_char(code) || code == MTP_REPLACEMENT) {
                mtp_strbuf_add(out, MTP_REPLACEMENT_UTF8);
            } else {
                mtp_strbuf_add_bytes(out, text, n);
            }
        }
    }
}
