/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_JSON_READING_H
#define MTP_TEST_JSON_READING_H

#include "metapool/report.h"
#include "metapool/version.h"

#include "samples.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

#include <jansson.h>

/* Samples as JSON, read back by jansson. */

static inline int set_up(void **state)
{
    *state = mtp_arena_new();
    return *state ? 0 : 1;
}

static inline int tear_down(void **state)
{
    mtp_arena_free(*state);
    return 0;
}

static inline char *write_json(const sample *s)
{
    mtp_error err;
    char *text = NULL;
    size_t length = 0;

    assert_int_equal(
        mtp_report(&s->bundle, MTP_FORMAT_JSON, NULL, &text, &length, &err), MTP_OK);
    assert_int_equal(length, strlen(text));
    assert_int_equal(text[length - 1], '\n');
    return text;
}

static inline json_t *parse(const sample *s)
{
    char *text = write_json(s);
    json_error_t error;
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);

    if (!root) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    mtp_text_free(text);
    return root;
}

/* The value at a path such as "overall.random.back.estimate" or "studies.0.yi"; fails
 * where a key is missing. */
static inline json_t *at(json_t *value, const char *path)
{
    while (*path) {
        char key[64];
        size_t length = strcspn(path, ".");

        assert_true(length < sizeof key);
        memcpy(key, path, length);
        key[length] = '\0';
        value = json_is_array(value)
                    ? json_array_get(value, (size_t)strtoul(key, NULL, 10))
                    : json_object_get(value, key);
        if (!value) {
            fail_msg("there is no '%s'", path);
        }
        path += length + (path[length] == '.');
    }
    return value;
}

static inline void check_text(json_t *root, const char *path, const char *want)
{
    json_t *value = at(root, path);

    if (!want) {
        assert_true(json_is_null(value));
    } else {
        assert_string_equal(json_string_value(value), want);
    }
}

#endif
