/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text as other programs read it: UTF-8, JSON strings, CSV fields, letter case. */
#include "core/ascii.h"
#include "core/csv_text.h"
#include "core/json_text.h"
#include "core/utf8.h"
#include "support/test.h"

typedef struct text_case {
    const char *text, *want;
} text_case;

static void check(void (*add)(mtp_strbuf *, const char *), const text_case cases[],
                  size_t n)
{
    for (size_t i = 0; i < n; i++) {
        mtp_strbuf out;

        mtp_strbuf_init(&out);
        mtp_strbuf_add(&out, "=");
        add(&out, cases[i].text);
        assert_string_equal(out.text + 1, cases[i].want);
        mtp_strbuf_free(&out);
    }
}

static void malformed_bytes_are_replaced_one_by_one(void **state)
{
    static const struct {
        const char *bytes;
        uint32_t code;
        size_t length;
    } cases[] = {
        {"a", 'a', 1},
        {"\xC3\xBC", 0xFC, 2},
        {"\xE2\x88\x92", 0x2212, 3},
        {"\xF0\x9F\x98\x80", 0x1F600, 4},
        {"\xC3", 0xFFFD, 1},             /* cut off */
        {"\xE2\x88", 0xFFFD, 1},         /* cut off */
        {"\xC0\xAF", 0xFFFD, 1},         /* overlong */
        {"\xE0\x80\xAF", 0xFFFD, 1},     /* overlong */
        {"\xED\xA0\x80", 0xFFFD, 1},     /* surrogate */
        {"\xF4\x90\x80\x80", 0xFFFD, 1}, /* beyond U+10FFFF */
        {"\xBC", 0xFFFD, 1},             /* continuation alone */
        {"\xFF", 0xFFFD, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t code = 0;

        assert_int_equal(mtp_utf8_next(cases[i].bytes, &code), cases[i].length);
        assert_int_equal(code, cases[i].code);
    }
}

/* RFC 8259, section 7. */
static void json_strings_are_escaped_and_valid_utf8(void **state)
{
    static const text_case cases[] = {
        {NULL, "null"},
        {"", "\"\""},
        {"a \"b\" \\", "\"a \\\"b\\\" \\\\\""},
        {"1\n2\t3\r\x1F\x7F", "\"1\\n2\\t3\\u000d\\u001f\x7F\""},
        {"M\xC3\xBCller \xF0\x9F\x98\x80", "\"M\xC3\xBCller \xF0\x9F\x98\x80\""},
        {"caf\xE9.csv", "\"caf\xEF\xBF\xBD.csv\""},
        {"\xED\xA0\x80\"",
         "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\\"\""}, /* a surrogate */
        {"\xC3", "\"\xEF\xBF\xBD\""},
        {"\xEF\xBF\xBD", "\"\xEF\xBF\xBD\""},
    };

    (void)state;
    check(mtp_strbuf_add_json, cases, sizeof cases / sizeof *cases);
}

/* RFC 4180, section 2, rules 5 to 7; blanks and tabs as csv_text.h says. */
static void csv_fields_are_quoted_where_they_must(void **state)
{
    static const text_case cases[] = {
        {NULL, ""},
        {"", ""},
        {"plain text", "plain text"},
        {"a,b", "\"a,b\""},
        {"a \"b\"", "\"a \"\"b\"\"\""},
        {"1\n2", "\"1\n2\""},
        {"1\r2", "\"1\r2\""},
        {" a", "\" a\""},
        {"a ", "\"a \""},
        {"\ta", "\"'\ta\""}, /* a tab may hide a formula */
        {"a\t", "\"a\t\""},
        {"a\tb", "a\tb"},
        {" ", "\" \""},
        /* What a spreadsheet would calculate: OWASP, CSV injection; numbers are none.
         */
        {"=1+1", "'=1+1"},
        {"=A1,\"x\"", "\"'=A1,\"\"x\"\"\""},
        {"+cmd", "'+cmd"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"-a", "'-a"},
        {"-5", "-5"},
        {"+5e-1", "+5e-1"},
        {"a=b", "a=b"},
    };

    (void)state;
    check(mtp_strbuf_add_csv, cases, sizeof cases / sizeof *cases);
}

static void only_ascii_letters_have_two_cases(void **state)
{
    char shorter[8] = "hKs"; /* as a literal, gcc 12 warns of a read that is not made */

    (void)state;
    for (int c = 0; c < 256; c++) {
        int want = c >= 'A' && c <= 'Z' ? c + 32 : c;

        assert_int_equal((unsigned char)mtp_ascii_lower((char)c), want);
    }
    assert_true(mtp_ascii_same("reML", "REml"));
    assert_true(mtp_ascii_same("", ""));
    assert_false(mtp_ascii_same("ML", "MLR"));
    assert_false(mtp_ascii_same("MLR", "ML"));
    assert_false(mtp_ascii_same("@", "`")); /* 32 apart, no letters */
    assert_false(mtp_ascii_same("[", "{"));
    assert_false(mtp_ascii_same("\xC4", "\xE4"));
    assert_true(mtp_ascii_same_part("hKsJ", "HKSJ|wald", 4));
    assert_false(mtp_ascii_same_part(shorter, "HKSJ|wald", 4));
    assert_false(mtp_ascii_same_part("hKsJj", "HKSJ|wald", 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(malformed_bytes_are_replaced_one_by_one),
        cmocka_unit_test(json_strings_are_escaped_and_valid_utf8),
        cmocka_unit_test(csv_fields_are_quoted_where_they_must),
        cmocka_unit_test(only_ascii_letters_have_two_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
