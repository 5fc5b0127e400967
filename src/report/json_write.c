/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json_text.h"
#include "report/json.h"

/* Our own writer: jansson prints 17 digits of every double. */

enum { INDENT = 2, INLINE_MAX = 4 };

static void write_value(json_t *value, size_t depth, mtp_strbuf *out);

static void new_line(size_t depth, mtp_strbuf *out)
{
    mtp_strbuf_add_char(out, '\n');
    mtp_strbuf_add_repeated(out, ' ', INDENT * depth);
}

static void write_object(json_t *object, size_t depth, mtp_strbuf *out)
{
    const char *separator = "";
    void *at = json_object_iter(object);

    mtp_strbuf_add_char(out, '{');
    for (; at; at = json_object_iter_next(object, at)) {
        mtp_strbuf_add(out, separator);
        separator = ",";
        new_line(depth + 1, out);
        mtp_strbuf_add_json(out, json_object_iter_key(at));
        mtp_strbuf_add(out, ": ");
        write_value(json_object_iter_value(at), depth + 1, out);
    }
    if (*separator) {
        new_line(depth, out);
    }
    mtp_strbuf_add_char(out, '}');
}

/* Intervals and the like stand on one line. */
static bool is_short(const json_t *array)
{
    size_t n = json_array_size(array);

    for (size_t i = 0; i < n; i++) {
        const json_t *item = json_array_get(array, i);

        if (json_is_object(item) || json_is_array(item)) {
            return false;
        }
    }
    return n <= INLINE_MAX;
}

static void write_array(const json_t *array, size_t depth, mtp_strbuf *out)
{
    bool one_line = is_short(array);

    mtp_strbuf_add_char(out, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        mtp_strbuf_add(out, i == 0 ? "" : one_line ? ", " : ",");
        if (!one_line) {
            new_line(depth + 1, out);
        }
        write_value(json_array_get(array, i), depth + 1, out);
    }
    if (!one_line) {
        new_line(depth, out);
    }
    mtp_strbuf_add_char(out, ']');
}

static void write_value(json_t *value, size_t depth, mtp_strbuf *out)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        write_object(value, depth, out);
        break;
    case JSON_ARRAY:
        write_array(value, depth, out);
        break;
    case JSON_STRING:
        mtp_strbuf_add_json(out, json_string_value(value));
        break;
    case JSON_INTEGER:
        mtp_strbuf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        break;
    case JSON_REAL:
        mtp_strbuf_add_number(out, json_real_value(value));
        break;
    case JSON_TRUE:
        mtp_strbuf_add(out, "true");
        break;
    case JSON_FALSE:
        mtp_strbuf_add(out, "false");
        break;
    case JSON_NULL:
        mtp_strbuf_add(out, "null");
        break;
    }
}

void mtp_json_write(json_t *root, mtp_strbuf *out)
{
    write_value(root, 0, out);
    mtp_strbuf_add_char(out, '\n');
}
