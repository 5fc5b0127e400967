/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/number.h"
#include "core/utf8.h"
#include "report/json.h"

#include <stdlib.h>
#include <string.h>

/* Our own reader: where memory for a text runs out, jansson's loses characters of it
 * without a word, or calls that a syntax error. */

enum { DEPTH = 2048 };

typedef struct reader {
    const char *at, *end;
    mtp_strbuf text;   /* the one that was read last */
    size_t depth;      /* of the value that is read */
    const char *wrong; /* what is, at `at`; NULL: nothing */
    bool no_memory;
} reader;

static json_t *read_value(reader *r);

static bool fail(reader *r, const char *what)
{
    r->wrong = r->at == r->end ? "it ends too early" : what;
    return false;
}

static json_t *checked(reader *r, json_t *value)
{
    r->no_memory = r->no_memory || !value;
    return value;
}

static bool sees(const reader *r, char c)
{
    return r->at < r->end && *r->at == c;
}

static void skip_blanks(reader *r)
{
    while (sees(r, ' ') || sees(r, '\n') || sees(r, '\t') || sees(r, '\r')) {
        r->at++;
    }
}

static bool is_at_end(reader *r)
{
    skip_blanks(r);
    return r->at == r->end;
}

/* A mark, after blanks. */
static bool take(reader *r, char mark)
{
    bool seen;

    skip_blanks(r);
    seen = sees(r, mark);
    r->at += seen;
    return seen;
}

static bool sees_digit(const reader *r)
{
    return r->at < r->end && *r->at >= '0' && *r->at <= '9';
}

/* One digit or more. */
static bool take_digits(reader *r)
{
    const char *from = r->at;

    while (sees_digit(r)) {
        r->at++;
    }
    return r->at > from;
}

static bool take_number(reader *r)
{
    r->at += sees(r, '-');
    if (sees(r, '0')) {
        r->at++;
    } else if (!take_digits(r)) {
        return false;
    }
    if (sees(r, '.')) {
        r->at++;
        if (!take_digits(r)) {
            return false;
        }
    }
    if (sees(r, 'e') || sees(r, 'E')) {
        r->at++;
        r->at += sees(r, '+') || sees(r, '-');
        return take_digits(r);
    }
    return true;
}

static json_t *read_number(reader *r)
{
    const char *from = r->at;
    double x = 0.0;

    if (!take_number(r)) {
        (void)fail(r, "a number lacks digits");
        return NULL;
    }
    if (mtp_number_parse(from, (size_t)(r->at - from), &x) != MTP_NUMBER_OK) {
        (void)fail(r, "a number is too large");
        return NULL;
    }
    return checked(r, json_real(x));
}

static void add_code(mtp_strbuf *out, unsigned code)
{
    if (code < 0x80) {
        mtp_strbuf_add_char(out, (char)code);
        return;
    }
    if (code < 0x800) {
        mtp_strbuf_add_char(out, (char)(0xC0 | code >> 6));
    } else {
        if (code < 0x10000) {
            mtp_strbuf_add_char(out, (char)(0xE0 | code >> 12));
        } else {
            mtp_strbuf_add_char(out, (char)(0xF0 | code >> 18));
            mtp_strbuf_add_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        }
        mtp_strbuf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
    }
    mtp_strbuf_add_char(out, (char)(0x80 | (code & 0x3F)));
}

/* The four digits of "\uXXXX". */
static bool take_unit(reader *r, unsigned *unit)
{
    static const char digits[] = "0123456789abcdef";

    *unit = 0;
    for (int i = 0; i < 4; i++, r->at++) {
        char c = r->at < r->end ? *r->at : '\0';
        const char *digit = strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);

        if (c == '\0' || !digit) {
            return fail(r, "\\u wants four hexadecimal digits");
        }
        *unit = *unit << 4 | (unsigned)(digit - digits);
    }
    return true;
}

/* A code point, which beyond U+FFFF takes two units. */
static bool take_code(reader *r)
{
    unsigned code, low;

    if (!take_unit(r, &code)) {
        return false;
    }
    if (code >= 0xD800 && code < 0xDC00 && sees(r, '\\')) {
        r->at++;
        if (!sees(r, 'u')) {
            return fail(r, "half a character");
        }
        r->at++;
        if (!take_unit(r, &low)) {
            return false;
        }
        code = low >= 0xDC00 && low < 0xE000
                   ? 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00))
                   : code;
    }
    if (code == 0 || (code >= 0xD800 && code < 0xE000)) {
        return fail(r, code == 0 ? "a text has U+0000" : "half a character");
    }
    add_code(&r->text, code);
    return true;
}

static bool take_escape(reader *r)
{
    static const char escapes[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *found;

    r->at++;
    if (sees(r, 'u')) {
        r->at++;
        return take_code(r);
    }
    found = r->at < r->end && *r->at ? strchr(escapes, *r->at) : NULL;
    if (!found) {
        return fail(r, "nothing is written with this backslash");
    }
    r->at++;
    mtp_strbuf_add_char(&r->text, meanings[found - escapes]);
    return true;
}

/* Characters up to a quote or backslash, which are UTF-8. */
static bool take_plain(reader *r)
{
    const char *from = r->at, *to = from;

    while (to < r->end && (unsigned char)*to >= 0x20 && *to != '"' && *to != '\\') {
        to++;
    }
    if (to == r->end) {
        return fail(r, "a text does not end");
    }
    while (r->at < to) { /* what stands at `to` ends any character */
        uint32_t code;
        size_t length = mtp_utf8_next(r->at, &code);

        if (code == MTP_REPLACEMENT && length == 1) {
            return fail(r, "a text is not UTF-8");
        }
        r->at += length;
    }
    mtp_strbuf_add_bytes(&r->text, from, (size_t)(to - from));
    return (unsigned char)*to >= 0x20 ||
           fail(r, "a control character is written \\u00XX");
}

/* A text, whose first quote was taken, into r->text. */
static bool take_text(reader *r)
{
    r->text.length = 0;
    mtp_strbuf_add(&r->text, "");
    while (take_plain(r)) {
        if (sees(r, '"')) {
            r->at++;
            r->no_memory = r->no_memory || r->text.failed;
            return !r->text.failed;
        }
        if (!take_escape(r)) {
            return false;
        }
    }
    return false;
}

static json_t *read_text(reader *r)
{
    return take_text(r) ? checked(r, json_stringn_nocheck(r->text.text, r->text.length))
                        : NULL;
}

static json_t *read_list(reader *r)
{
    json_t *list = checked(r, json_array());
    bool good = list != NULL;

    if (good && take(r, ']')) {
        return list;
    }
    while (good) {
        json_t *item = read_value(r);

        good = item && json_array_append_new(list, item) == 0;
        r->no_memory = r->no_memory || (item && !good);
        if (good && take(r, ']')) {
            return list;
        }
        good = good && (take(r, ',') || fail(r, "',' or ']' is wanted"));
    }
    json_decref(list);
    return NULL;
}

static bool read_member(reader *r, json_t *object)
{
    char *key;
    json_t *value;
    bool kept;

    if (!take(r, '"')) {
        return fail(r, "a key in quotes is wanted");
    }
    if (!take_text(r)) {
        return false;
    }
    key = mtp_strbuf_take(&r->text, NULL);
    mtp_strbuf_init(&r->text);
    value = !key           ? checked(r, NULL)
            : take(r, ':') ? read_value(r)
                           : (fail(r, "':' is wanted"), NULL);
    kept = value && json_object_set_new_nocheck(object, key, value) == 0;
    r->no_memory = r->no_memory || (value && !kept);
    free(key);
    return kept;
}

static json_t *read_object(reader *r)
{
    json_t *object = checked(r, json_object());
    bool good = object != NULL;

    if (good && take(r, '}')) {
        return object;
    }
    while (good) {
        good = read_member(r, object);
        if (good && take(r, '}')) {
            return object;
        }
        good = good && (take(r, ',') || fail(r, "',' or '}' is wanted"));
    }
    json_decref(object);
    return NULL;
}

static bool take_word(reader *r, const char *word)
{
    size_t length = strlen(word);
    bool seen = (size_t)(r->end - r->at) >= length && memcmp(r->at, word, length) == 0;

    r->at += seen ? length : 0;
    return seen;
}

static json_t *read_other(reader *r)
{
    if (sees(r, '-') || sees_digit(r)) {
        return read_number(r);
    }
    if (take_word(r, "true")) {
        return json_true();
    }
    if (take_word(r, "false")) {
        return json_false();
    }
    if (take_word(r, "null")) {
        return json_null();
    }
    (void)fail(r, "a value is wanted");
    return NULL;
}

static json_t *read_value(reader *r)
{
    json_t *value;

    if (++r->depth > DEPTH) {
        (void)fail(r, "it is nested too deeply");
        return NULL;
    }
    value = take(r, '{')   ? read_object(r)
            : take(r, '[') ? read_list(r)
            : take(r, '"') ? read_text(r)
                           : read_other(r);
    r->depth--;
    return value;
}

static size_t line_of(const char *text, const char *at)
{
    size_t line = 1;

    for (; text < at; text++) {
        line += *text == '\n';
    }
    return line;
}

json_t *mtp_json_read(const char *text, size_t length, mtp_error *err)
{
    reader r = {.at = text, .end = text + length};
    json_t *root = NULL;

    mtp_strbuf_init(&r.text);
    skip_blanks(&r);
    if (sees(&r, '{') || sees(&r, '[')) {
        root = read_value(&r);
        if (root && !is_at_end(&r)) {
            (void)fail(&r, "something follows its end");
        }
    } else {
        (void)fail(&r, "'{' or '[' is wanted");
    }
    mtp_strbuf_free(&r.text);
    if (root && !r.wrong) {
        return root;
    }
    json_decref(root);
    (void)(r.no_memory ? mtp_fail_nomem(err)
                       : mtp_fail_at(err, MTP_E_SYNTAX, NULL, line_of(text, r.at), NULL,
                                     "this is not JSON: %s", r.wrong));
    return NULL;
}
