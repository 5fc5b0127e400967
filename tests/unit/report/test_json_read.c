/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON that is read: values, what is refused and where, and memory that runs out. */
#include "report/json.h"
#include "support/test.h"

#include <math.h>
#include <stdlib.h>

static json_t *read_all(const char *text)
{
    mtp_error err = {0};
    json_t *root = mtp_json_read(text, strlen(text), &err);

    if (!root) {
        fail_msg("%s: %s", text, err.message);
    }
    return root;
}

/* The examples of RFC 8259, section 13, and its escapes (section 7). */
static void values_of_each_kind(void **state)
{
    json_t *root = read_all("{\n  \"Image\": {\"Width\": 800, \"Title\": \"View from "
                            "15th Floor\", \"Animated\" : false,\n"
                            "\t\"IDs\": [116, 943, 234, 38793]}, \"Latitude\": 37.7668,"
                            "\"Longitude\":-122.3959e0, \"Zip\": null, \"ok\": true}");
    const json_t *image = json_object_get(root, "Image");

    (void)state;
    assert_close(json_real_value(json_object_get(image, "Width")), 800.0, 0.0, 0.0);
    assert_string_equal(json_string_value(json_object_get(image, "Title")),
                        "View from 15th Floor");
    assert_true(json_is_false(json_object_get(image, "Animated")));
    assert_int_equal(json_array_size(json_object_get(image, "IDs")), 4);
    assert_close(json_real_value(json_object_get(root, "Longitude")), -122.3959, 0.0,
                 0.0);
    assert_true(json_is_null(json_object_get(root, "Zip")));
    assert_true(json_is_true(json_object_get(root, "ok")));
    json_decref(root);
    root =
        read_all("[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\", \"\\u00E9\\u20ac\\uD834\\uDD1E\"]");
    assert_string_equal(json_string_value(json_array_get(root, 0)), "\"\\/\b\f\n\r\t");
    assert_string_equal(json_string_value(json_array_get(root, 1)),
                        "\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E");
    json_decref(root);
}

static void what_is_refused(void **state)
{
    static const struct {
        const char *text, *said;
        size_t line;
    } cases[] = {
        {"", "it ends too early", 1},
        {"1", "'{' or '[' is wanted", 1},
        {"[1,\n 2,\n ]", "a value is wanted", 3},
        {"[1 2]", "',' or ']' is wanted", 1},
        {"[1,", "it ends too early", 1},
        {"{\"a\" 1}", "':' is wanted", 1},
        {"{\"a\": 1 \"b\"}", "',' or '}' is wanted", 1},
        {"{a: 1}", "a key in quotes is wanted", 1},
        {"[01]", "',' or ']' is wanted", 1},
        {"[1.]", "a number lacks digits", 1},
        {"[-]", "a number lacks digits", 1},
        {"[1e999]", "a number is too large", 1},
        {"[\"a", "a text does not end", 1},
        {"[\"a\nb\"]", "a control character is written \\u00XX", 1},
        {"[\"\xC0\x80\"]", "a text is not UTF-8", 1},
        {"[\"\\x\"]", "nothing is written with this backslash", 1},
        {"[\"\\u12g4\"]", "\\u wants four hexadecimal digits", 1},
        {"[\"\\u0000\"]", "a text has U+0000", 1},
        {"[\"\\ud834\"]", "half a character", 1},
        {"[\"\\ud834\\u0041\"]", "half a character", 1},
        {"[\"\\udd1e\"]", "half a character", 1},
        {"[]\n\n[]", "something follows its end", 3},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_error err = {0};

        assert_null(mtp_json_read(cases[i].text, strlen(cases[i].text), &err));
        assert_int_equal(err.status, MTP_E_SYNTAX);
        assert_int_equal(err.line, cases[i].line);
        assert_non_null(strstr(err.message, cases[i].said));
    }
}

static void levels_are_counted(void **state)
{
    enum { MOST = 2048 };
    char text[2 * (MOST + 1) + 1];
    json_t *root;

    (void)state;
    memset(text, '[', MOST);
    memset(text + MOST, ']', MOST);
    root = mtp_json_read(text, 2 * MOST, NULL);
    assert_non_null(root);
    json_decref(root);
    memset(text, '[', MOST + 1);
    memset(text + MOST + 1, ']', MOST + 1);
    assert_null(mtp_json_read(text, 2 * (MOST + 1), NULL));
}

/* The n-th request of jansson fails, and all after it. */
static size_t left;

static void *failing(size_t size)
{
    if (left == 0) {
        return NULL;
    }
    left--;
    return malloc(size);
}

static void memory_runs_out(void **state)
{
    static const char text[] =
        "{\"name\": \"a text of more than sixteen bytes\", \"list\": "
        "[1, [2, \"x\"], {\"y\": {}}], \"name\": null}";
    json_t *whole = read_all(text), *root = NULL;
    size_t n = 0;

    (void)state;
    for (; !root; n++) {
        mtp_error err = {0};

        left = n;
        json_set_alloc_funcs(failing, free);
        root = mtp_json_read(text, sizeof text - 1, &err);
        json_set_alloc_funcs(malloc, free);
        assert_true(root || err.status == MTP_E_NOMEM);
    }
    assert_true(n > 10);
    assert_true(json_equal(root, whole));
    json_decref(root);
    json_decref(whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_of_each_kind),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(levels_are_counted),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
