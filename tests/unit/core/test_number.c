/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/number.h"
#include "support/test.h"

static mtp_number_status parse(const char *text, double *value)
{
    return mtp_number_parse(text, strlen(text), value);
}

static void numbers_are_read(void **state)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0.0},
        {"-7", -7.0},
        {"+7", 7.0},
        {"1.", 1.0},
        {".5", 0.5},
        {" 2.5\t", 2.5},
        {"1e3", 1000.0},
        {"1E-3", 0.001},
        {"0.1", 0.1},
        {"000012", 12.0},
        {"123456789012345678", 123456789012345678.0},
        {"0.00000000000000000000000000001", 1e-29},
        {"2.2250738585072011e-308", 2.2250738585072011e-308},
        {"179769313486231570000e288", 1.7976931348623157e308},
        {"5e-324", 5e-324},
        {"1e-400", 0.0},
        {"\xE2\x88\x92"
         "7",
         -7.0},
        {"1e\xE2\x88\x92"
         "3",
         0.001},
        {"\xC2\xA0 12\xE2\x80\xAF", 12.0},
        {"\xE2\x80\x89\xE2\x88\x92"
         "0.5\xE2\x80\x89\t",
         -0.5},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double value = (double)NAN;

        assert_int_equal(parse(cases[i].text, &value), MTP_NUMBER_OK);
        assert_true(value == cases[i].value);
    }
}

static void other_text_is_refused(void **state)
{
    static const char *const bad[] = {
        "x",
        "1x",
        "1e",
        "1e+",
        "-",
        ".",
        "1 2",
        "0x1",
        "inf",
        "nan",
        "1,5",
        "--1",
        "1.2.3",
        "e5",
        "-.e1",
        "12*",
        "1\xE2\x80\x89\x32", /* a thin space between digits */
        "1\xC2\xA0\x32",
        "\xE2\x88\x92", /* a minus sign alone */
        "\xE2\x88\x92-1",
        "\xE2\x80\x88\x31", /* U+2008 */
        "1\xA0"};
    double value = 42.0;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (parse(bad[i], &value) != MTP_NUMBER_MALFORMED) {
            fail_msg("accepted %s", bad[i]);
        }
    }
    assert_int_equal(parse("", &value), MTP_NUMBER_EMPTY);
    assert_int_equal(parse("  ", &value), MTP_NUMBER_EMPTY);
    assert_int_equal(parse("\xE2\x80\x89\xC2\xA0", &value), MTP_NUMBER_EMPTY);
    assert_int_equal(parse("1e400", &value), MTP_NUMBER_OVERFLOW);
}

static void printing_and_reading_agree(void **state)
{
    uint64_t bits = 88172645463325252U;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        char text[MTP_NUMBER_TEXT];
        double value, back;

        bits ^= bits << 13; /* xorshift: Marsaglia (2003), doi:10.18637/jss.v008.i14 */
        bits ^= bits >> 7;
        bits ^= bits << 17;
        memcpy(&value, &bits, sizeof value);
        if (!isfinite(value)) {
            continue;
        }
        mtp_number_format(value, text);
        assert_int_equal(parse(text, &back), MTP_NUMBER_OK);
        assert_memory_equal(&back, &value, sizeof value);
    }
}

static void the_shortest_text_is_chosen(void **state)
{
    char text[MTP_NUMBER_TEXT];

    (void)state;
    mtp_number_format(0.1, text);
    assert_string_equal(text, "0.1");
    mtp_number_format(5e-324, text);
    assert_string_equal(text, "5e-324");
    mtp_number_format(1.0 / 3.0, text);
    assert_string_equal(text, "0.3333333333333333");
    mtp_number_fixed(-0.0004, 2, text, sizeof text);
    assert_string_equal(text, "0.00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(other_text_is_refused),
        cmocka_unit_test(printing_and_reading_agree),
        cmocka_unit_test(the_shortest_text_is_chosen),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
