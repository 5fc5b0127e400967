/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "design/scan.h"

#include "core/number.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The bytes of the blank at `at`, or 0. */
static size_t blank(const char *at)
{
    size_t bytes, length = 0;

    if (*at == '\n' || *at == '\r') {
        return 1;
    }
    while (length < 3 && at[length]) {
        length++;
    }
    return mtp_number_blank(at, length, &bytes) ? bytes : 0;
}

static const char *skip_blanks(const char *at)
{
    for (size_t bytes = blank(at); bytes > 0; bytes = blank(at)) {
        at += bytes;
    }
    return at;
}

static bool is_minus_sign(const char *at)
{
    return strncmp(at, "\xE2\x88\x92", 3) == 0;
}

static bool is_name_start(const char *at)
{
    return (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_' ||
           ((unsigned char)*at >= 0x80 && !is_minus_sign(at) && blank(at) == 0);
}

static mtp_word bad(const char *at, const char *problem)
{
    return (mtp_word){.type = MTP_WORD_BAD, .at = at, .problem = problem};
}

static mtp_word word(mtp_word_type type, const char *at, const char *end)
{
    return (mtp_word){.type = type, .at = at, .length = (size_t)(end - at)};
}

/* Behind what `close` ends, which is doubled inside unless it is a bracket; NULL where
 * it never ends. */
static const char *behind_quote(const char *at, char close)
{
    for (at++; *at; at++) {
        if (*at == close) {
            if (close == ']' || at[1] != close) {
                return at + 1;
            }
            at++;
        }
    }
    return NULL;
}

static const char *behind_comment(const char *at)
{
    if (*at == '-') {
        return at + strcspn(at, "\n");
    }
    at = strstr(at + 2, "*/");
    return at ? at + 2 : NULL;
}

/* Behind a string, quoted name, comment or character of SQL; NULL where it never ends.
 */
static const char *behind_sql(const char *at)
{
    switch (*at) {
    case '\'':
    case '"':
    case '`':
        return behind_quote(at, *at);
    case '[':
        return behind_quote(at, ']');
    case '-':
        return at[1] == '-' ? behind_comment(at) : at + 1;
    case '/':
        return at[1] == '*' ? behind_comment(at) : at + 1;
    default:
        return at + 1;
    }
}

static mtp_word scan_sql(const char *start)
{
    const char *at = start;
    size_t depth = 0;

    do {
        depth += *at == '(';
        depth -= *at == ')';
        at = behind_sql(at);
        if (!at) {
            return bad(start, "a quote, bracket or comment in these parentheses is not "
                              "closed");
        }
    } while (depth > 0 && *at);
    return depth > 0 ? bad(start, "this parenthesis is not closed")
                     : word(MTP_WORD_SQL, start, at);
}

static mtp_word scan_number(const char *start)
{
    const char *at = start;

    while (is_digit(*at) || *at == '.') {
        at++;
    }
    if ((*at == 'e' || *at == 'E') &&
        (is_digit(at[1]) || ((at[1] == '+' || at[1] == '-') && is_digit(at[2])))) {
        at += 2;
        while (is_digit(*at)) {
            at++;
        }
    }
    if (is_name_start(at)) {
        return bad(start, "neither a number nor a name; a column whose name starts "
                          "with a digit stands in double quotes");
    }
    return word(MTP_WORD_NUMBER, start, at);
}

static mtp_word scan_name(const char *start)
{
    const char *at = start;

    while (is_name_start(at) || is_digit(*at) || *at == '.' || *at == '$') {
        at++;
    }
    return word(MTP_WORD_NAME, start, at);
}

static mtp_word scan_quoted(const char *start)
{
    const char *end = behind_quote(start, '"');

    if (!end) {
        return bad(start, "this quote is not closed");
    }
    return end == start + 2 ? bad(start, "a name without a character")
                            : word(MTP_WORD_QUOTED, start, end);
}

mtp_word mtp_word_at(const char *at)
{
    mtp_word mark;

    at = skip_blanks(at);
    if (*at == '\0') {
        return word(MTP_WORD_END, at, at);
    }
    if (is_name_start(at)) {
        return scan_name(at);
    }
    if (is_digit(*at) || (*at == '.' && is_digit(at[1]))) {
        return scan_number(at);
    }
    switch (*at) {
    case '"':
        return scan_quoted(at);
    case '(':
        return scan_sql(at);
    case '\'':
    case '`':
    case '[':
        return bad(at, "a name that needs quotes stands in double quotes: \"a name\"");
    default:
        break;
    }
    mark = word(MTP_WORD_MARK, at, at + (is_minus_sign(at) ? 3 : 1));
    mark.mark = *at;
    if (is_minus_sign(at)) {
        mark.mark = '-';
    }
    return mark;
}

bool mtp_word_is_call(const mtp_word *name)
{
    return name->type == MTP_WORD_NAME && *skip_blanks(name->at + name->length) == '(';
}

bool mtp_is_word(const char *text, size_t length, mtp_word_type type)
{
    mtp_word w = mtp_word_at(text);

    return w.type == type && w.at == text && w.length == length;
}
