/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symbols as figures have them: Greek letters and raised digits in HTML, where text has
 * ASCII. */
#include "report/html_page.h"
#include "text/markup.h"

#include <stdbool.h>
#include <string.h>

#define TAU     "\xCF\x84"
#define SQUARED "\xC2\xB2"

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           c == '_';
}

/* What stands before a symbol of ours, not the middle of a name: "--tau2", "fit.tau2".
 */
static bool is_before(char c)
{
    return !is_word(c) && c != '-' && c != '.' && c != '/' && c != '"' && c != '\'';
}

/* And after it: "tau2." ends a sentence, "tau2.csv" does not. */
static bool is_after(const char *text)
{
    bool joins = *text == '-' || *text == '.' || *text == '/';

    return !is_word(*text) && *text != '=' && !(joins && is_word(text[1]));
}

/* The bytes of a symbol at the beginning of the text, and how it is written; 0: none.
 */
static size_t symbol(const char *text, char before, const char **written)
{
    static const struct {
        const char *ascii, *written;
    } greek[] = {{"tau^2", TAU SQUARED}, {"tau2", TAU SQUARED}, {"tau", TAU}};

    for (size_t i = 0; is_before(before) && i < sizeof greek / sizeof *greek; i++) {
        size_t length = strlen(greek[i].ascii);

        if (strncmp(text, greek[i].ascii, length) == 0 && is_after(text + length)) {
            *written = greek[i].written;
            return length;
        }
    }
    if ((is_word(before) || before == ')') && strncmp(text, "^2", 2) == 0 &&
        !is_word(text[2])) {
        *written = SQUARED;
        return 2;
    }
    return 0;
}

void mtp_html_words(mtp_strbuf *out, const char *text)
{
    mtp_strbuf words;
    char before = ' ';

    mtp_strbuf_init(&words);
    mtp_strbuf_add(&words, "");
    while (*text) {
        const char *written = NULL;
        size_t length = symbol(text, before, &written);

        if (length > 0) {
            mtp_strbuf_add(&words, written);
        } else {
            length = 1;
            mtp_strbuf_add_char(&words, *text);
        }
        before = text[length - 1];
        text += length;
    }
    out->failed = out->failed || words.failed;
    if (!out->failed) {
        mtp_markup_add(out, words.text);
    }
    mtp_strbuf_free(&words);
}
