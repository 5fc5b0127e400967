/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json_text.h"

#include "core/utf8.h"

const mtp_note mtp_json_unbounded_note = {
    MTP_NOTE_UNBOUNDED, MTP_INFO, 0,
    "a limit is infinite; JSON has no infinity, so it stands as null"};

static void add_code_point(mtp_strbuf *buffer, uint32_t code, const char *bytes,
                           size_t length)
{
    switch (code) {
    case '"':
        mtp_strbuf_add(buffer, "\\\"");
        break;
    case '\\':
        mtp_strbuf_add(buffer, "\\\\");
        break;
    case '\n':
        mtp_strbuf_add(buffer, "\\n");
        break;
    case '\t':
        mtp_strbuf_add(buffer, "\\t");
        break;
    case MTP_REPLACEMENT:
        mtp_strbuf_add(buffer, MTP_REPLACEMENT_UTF8);
        break;
    default:
        if (code < 0x20) {
            mtp_strbuf_printf(buffer, "\\u%04x", (unsigned)code);
        } else {
            mtp_strbuf_add_bytes(buffer, bytes, length);
        }
    }
}

void mtp_strbuf_add_json(mtp_strbuf *buffer, const char *text)
{
    uint32_t code;

    if (!text) {
        mtp_strbuf_add(buffer, "null");
        return;
    }
    mtp_strbuf_add_char(buffer, '"');
    for (size_t n; *text; text += n) {
        n = mtp_utf8_next(text, &code);
        add_code_point(buffer, code, text, n);
    }
    mtp_strbuf_add_char(buffer, '"');
}
