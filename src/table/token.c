/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/token.h"

#include "core/number.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static bool is_name_part(char c)
{
    return is_name_start(c) || is_digit(c) || c == '$';
}

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Behind blanks and comments; NULL for a comment that is not closed. */
static const char *skip_blanks(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n\f");
        if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");

            if (!end) {
                return NULL;
            }
            at = end + 2;
        } else {
            return at;
        }
    }
}

static mtp_token bad(const char *at, const char *problem)
{
    return (mtp_token){MTP_TOKEN_BAD, at, strlen(at), problem};
}

/* Quoted by `close`, which is doubled inside; brackets cannot hold their close. */
static mtp_token scan_quoted(const char *at, char close, mtp_token_type type)
{
    const char *end = at + 1;

    for (;; end++) {
        if (*end == '\0') {
            return bad(at, "a quote or bracket is not closed");
        }
        if (*end == close) {
            if (close == ']' || end[1] != close) {
                break;
            }
            end++;
        }
    }
    return (mtp_token){type, at, (size_t)(end + 1 - at), NULL};
}

static mtp_token scan_number(const char *at)
{
    const char *end = at;
    double value;

    while (is_digit(*end) || *end == '.') {
        end++;
    }
    if ((*end == 'e' || *end == 'E') &&
        (is_digit(end[1]) || ((end[1] == '+' || end[1] == '-') && is_digit(end[2])))) {
        end += 2;
        while (is_digit(*end)) {
            end++;
        }
    }
    if (is_name_part(*end) || *end == '.') {
        return bad(at, "neither a number nor a name");
    }
    switch (mtp_number_parse(at, (size_t)(end - at), &value)) {
    case MTP_NUMBER_OK:
        return (mtp_token){MTP_TOKEN_NUMBER, at, (size_t)(end - at), NULL};
    case MTP_NUMBER_OVERFLOW:
        return bad(at, "beyond the largest number (1.8e308)");
    case MTP_NUMBER_EMPTY:
    case MTP_NUMBER_MALFORMED:
        break;
    }
    return bad(at, "not a number");
}

static mtp_token scan_operator(const char *at)
{
    static const char *const operators[] = {
        "->>", "->", "||", "<<", ">>", "<=", "<>", ">=", "==", "!=", "+", "-", "*",
        "/",   "%",  "(",  ")",  ",",  ".",  "=",  "<",  ">",  "&",  "|", "~"};

    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        size_t length = strlen(operators[i]);

        if (strncmp(at, operators[i], length) == 0) {
            return (mtp_token){MTP_TOKEN_OPERATOR, at, length, NULL};
        }
    }
    if (*at == ';') {
        return bad(at, "a semicolon: there is one expression or query, without it");
    }
    if (strchr("?:@$#", *at)) {
        return bad(at, "parameters are refused");
    }
    return bad(at, "this character means nothing in an expression");
}

static mtp_token scan_name(const char *at)
{
    const char *end = at;

    if ((at[0] == 'x' || at[0] == 'X') && at[1] == '\'') {
        return bad(at, "blobs are refused");
    }
    while (is_name_part(*end)) {
        end++;
    }
    return (mtp_token){MTP_TOKEN_NAME, at, (size_t)(end - at), NULL};
}

static mtp_token scan(const char *at)
{
    switch (*at) {
    case '\0':
        return (mtp_token){MTP_TOKEN_END, at, 0, NULL};
    case '\'':
        return scan_quoted(at, '\'', MTP_TOKEN_TEXT);
    case '"':
    case '`':
        return scan_quoted(at, *at, MTP_TOKEN_QUOTED);
    case '[':
        return scan_quoted(at, ']', MTP_TOKEN_QUOTED);
    default:
        break;
    }
    if (is_digit(*at) || (*at == '.' && is_digit(at[1]))) {
        return scan_number(at);
    }
    return is_name_start(*at) ? scan_name(at) : scan_operator(at);
}

mtp_token mtp_token_next(const char **at)
{
    const char *start = skip_blanks(*at);
    mtp_token token =
        start ? scan(start) : bad(*at, "a comment is opened and never closed");

    *at = token.at + token.length;
    return token;
}

bool mtp_token_is_word(const mtp_token *token, const char *word)
{
    if (token->type != MTP_TOKEN_NAME || strlen(word) != token->length) {
        return false;
    }
    for (size_t i = 0; i < token->length; i++) {
        if (lower(token->at[i]) != lower(word[i])) {
            return false;
        }
    }
    return true;
}

bool mtp_token_is_any(const mtp_token *token, size_t n, const char *const words[])
{
    for (size_t i = 0; i < n; i++) {
        if (mtp_token_is_word(token, words[i])) {
            return true;
        }
    }
    return false;
}

bool mtp_token_is(const mtp_token *token, const char *operator_text)
{
    return token->type == MTP_TOKEN_OPERATOR &&
           strlen(operator_text) == token->length &&
           memcmp(token->at, operator_text, token->length) == 0;
}

void mtp_token_unquote(const mtp_token *token, char *to)
{
    bool quoted = token->type == MTP_TOKEN_QUOTED || token->type == MTP_TOKEN_TEXT;
    size_t end = token->length - quoted, n = 0;

    for (size_t i = quoted; i < end; i++) {
        /* a doubled quote stands for itself; brackets have none inside */
        i += quoted && token->at[0] != '[' && token->at[i] == token->at[0];
        to[n++] = token->at[i];
    }
    to[n] = '\0';
}

bool mtp_same_name(const char *a, const char *b)
{
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return lower(*a) == lower(*b);
}
