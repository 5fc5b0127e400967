/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a formula word by word, and where it is wrong. */
#include "core/error.h"
#include "core/utf8.h"
#include "design/formula.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN = 24 }; /* characters of the formula in a message */

static size_t characters(const char *from, const char *to)
{
    size_t n = 0;
    uint32_t code;

    for (; from < to; n++) {
        from += mtp_utf8_next(from, &code);
    }
    return n;
}

/* The bytes of the first SHOWN characters. */
static int shown_bytes(const char *at)
{
    const char *end = at;
    uint32_t code;

    for (int i = 0; i < SHOWN && *end; i++) {
        end += mtp_utf8_next(end, &code);
    }
    return (int)(end - at);
}

mtp_status mtp_reader_fail(const mtp_formula_reader *r, const char *at,
                           const char *format, ...)
{
    char message[MTP_ERROR_MESSAGE];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args); /* NOLINT: args is started */
    va_end(args);
    if (*at == '\0') {
        return mtp_fail(r->err, MTP_E_SYNTAX, "at the end of the formula '%.*s%s': %s",
                        shown_bytes(r->text), r->text,
                        r->text[shown_bytes(r->text)] ? "..." : "", message);
    }
    return mtp_fail(r->err, MTP_E_SYNTAX, "character %zu of the formula, '%.*s%s': %s",
                    characters(r->text, at) + 1, shown_bytes(at), at,
                    at[shown_bytes(at)] ? "..." : "", message);
}

mtp_status mtp_reader_start(mtp_formula_reader *reader, mtp_arena *arena,
                            const char *text, mtp_error *err)
{
    if (strlen(text) > MTP_FORMULA_BYTES) {
        return mtp_fail(err, MTP_E_SYNTAX, "a formula has at most %d characters",
                        MTP_FORMULA_BYTES);
    }
    reader->arena = arena;
    reader->err = err;
    reader->text = text;
    reader->word = mtp_word_at(text);
    reader->n_variables = reader->n_leaves = 0;
    return MTP_OK;
}

void mtp_reader_next(mtp_formula_reader *reader)
{
    reader->word = mtp_word_at(reader->word.at + reader->word.length);
}

bool mtp_reader_at(const mtp_formula_reader *reader, char mark)
{
    return reader->word.type == MTP_WORD_MARK && reader->word.mark == mark;
}
