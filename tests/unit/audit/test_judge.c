/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How printed figures are judged. The expected verdicts are the rule of school
 * arithmetic, written out by hand. */
#include "audit/judge.h"
#include "support/test.h"

#include <math.h>

#define NONE ((double)NAN)

static void test_printed_texts_are_read(void **state)
{
    static const struct {
        const char *text;
        double value, unit;
        char bound;
    } good[] = {
        {"574", 574.0, 1.0, 0},
        {"6.80", 6.8, 0.01, 0},
        {"6.8%", 6.8, 0.1, 0},
        {" 50.9 % ", 50.9, 0.1, 0},
        {"-2.74", -2.74, 0.01, 0},
        {"\xe2\x88\x92"
         "2.74",
         -2.74, 0.01, 0},
        {"<.0001", 0.0001, 1e-4, '<'},
        {"< 0.001", 0.001, 1e-3, '<'},
        {">100", 100.0, 1.0, '>'},
        {"1.3e-4", 1.3e-4, 1e-5, 0},
        {"2E3", 2000.0, 1000.0, 0},
        {"+.5", 0.5, 0.1, 0},
        {"7,604", 7604.0, 1.0, 0},
        {"-1,234,567.89", -1234567.89, 0.01, 0},
    };
    static const char *const bad[] = {
        "",      "<",        "%",    "six",     "12,34",   "1 2",
        "0,123", "1234,567", ",123", "1.5,123", "1,234,5", "5.8-8.0",
        "<<1",   "1%%",      "nan",  "0x10",    "1e400"};
    mtp_printed printed;

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(mtp_printed_read(good[i].text, &printed));
        assert_true(printed.value == good[i].value);
        assert_true(printed.unit == good[i].unit);
        assert_int_equal(printed.bound, good[i].bound);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(mtp_printed_read(bad[i], &printed));
    }
}

static void test_verdicts_go_by_the_printed_places(void **state)
{
    static const struct {
        const char *text;
        double computed;
        int digits;
        double tolerance;
        mtp_verdict verdict;
    } row[] = {
        {"6.8", 6.8221, 0, NONE, MTP_VERDICT_PASS},
        {"6.8", 6.8500001, 0, NONE, MTP_VERDICT_ROUNDING},
        {"6.8", 6.75, 0, NONE, MTP_VERDICT_PASS}, /* a half rounds either way */
        {"6.8", 6.85, 0, NONE, MTP_VERDICT_PASS},
        {"0.285", 0.2855, 0, NONE, MTP_VERDICT_PASS}, /* as decimals, not as bits */
        {"6.8", 6.6501, 0, NONE, MTP_VERDICT_ROUNDING},
        {"6.8", 6.6499, 0, NONE, MTP_VERDICT_MISMATCH},
        {"6.80", 6.81, 0, NONE, MTP_VERDICT_ROUNDING},
        {"6.80", 6.82, 0, NONE, MTP_VERDICT_MISMATCH},
        {"-2.74", -2.7449, 0, NONE, MTP_VERDICT_PASS},
        {"-2.74", 2.74, 0, NONE, MTP_VERDICT_MISMATCH},
        {"574", 574.0, 0, NONE, MTP_VERDICT_PASS},
        {"574", 575.0, 0, NONE, MTP_VERDICT_ROUNDING},
        {"574", 576.0, 0, NONE, MTP_VERDICT_MISMATCH},
        {"0", 0.4, 0, NONE, MTP_VERDICT_PASS},
        {"1.3e-4", 1.34e-4, 0, NONE, MTP_VERDICT_PASS},
        {"1.3e-4", 1.36e-4, 0, NONE, MTP_VERDICT_ROUNDING},
        {"<.0001", 0.00009, 0, NONE, MTP_VERDICT_PASS},
        {"<.0001", 0.00011, 0, NONE, MTP_VERDICT_MISMATCH},
        {">100", 101.0, 0, NONE, MTP_VERDICT_PASS},
        {">100", 99.0, 0, NONE, MTP_VERDICT_MISMATCH},
        {"0.06822097631994897", 0.0682214, 5, NONE, MTP_VERDICT_PASS},
        {"0.06822097631994897", 0.0682222, 5, NONE, MTP_VERDICT_ROUNDING},
        {"0.06822097631994897", 0.06824, 5, NONE, MTP_VERDICT_MISMATCH},
        {"0.06822097631994897", 0.0682210, 0, NONE, MTP_VERDICT_MISMATCH},
        {"12.0", 12.3, 0, 0.3, MTP_VERDICT_PASS},
        {"12.0", 12.31, 0, 0.3, MTP_VERDICT_MISMATCH},
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        mtp_printed printed;
        mtp_verdict verdict;

        assert_true(mtp_printed_read(row[i].text, &printed));
        verdict = mtp_judge(&printed, row[i].computed, row[i].digits, row[i].tolerance);
        if (verdict != row[i].verdict) {
            fail_msg("row %zu, printed %s: %s, not %s", i, row[i].text,
                     mtp_verdict_id(verdict), mtp_verdict_id(row[i].verdict));
        }
    }
}

static void test_transforms(void **state)
{
    (void)state;
    assert_true(mtp_transformed(MTP_TRANSFORM_NONE, 0.25) == 0.25);
    assert_true(mtp_transformed(MTP_TRANSFORM_PERCENT, 0.25) == 25.0);
    assert_true(mtp_transformed(MTP_TRANSFORM_NEGATE, 0.25) == -0.25);
    assert_true(mtp_transformed(MTP_TRANSFORM_ONE_MINUS, 0.25) == 0.75);
    assert_true(mtp_transformed(MTP_TRANSFORM_INVERT, 0.25) == 4.0);
    assert_true(mtp_transformed(MTP_TRANSFORM_SQRT, 0.25) == 0.5);
    assert_true(mtp_transformed(MTP_TRANSFORM_SQUARE, 0.25) == 0.0625);
    assert_true(mtp_transformed(MTP_TRANSFORM_EXP, 0.0) == 1.0);
    assert_true(mtp_transformed(MTP_TRANSFORM_SHARE, 25.0) == 0.25);
    assert_true(mtp_transformed(MTP_TRANSFORM_LOG, 1.0) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printed_texts_are_read),
        cmocka_unit_test(test_verdicts_go_by_the_printed_places),
        cmocka_unit_test(test_transforms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
