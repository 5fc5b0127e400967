/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/random.h"
#include "support/test.h"

/* Known answers for philox4x32-10: tests/kat_vectors of Random123 1.14.0. */
static void philox_known_answers(void **state)
{
    static const struct {
        uint32_t counter[4], key[2], out[4];
    } cases[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
        {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
         {0xffffffff, 0xffffffff},
         {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
        {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
         {0xa4093822, 0x299f31d0},
         {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t out[4];

        mtp_philox4x32(cases[i].counter, cases[i].key, out);
        assert_memory_equal(out, cases[i].out, sizeof out);
    }
}

/* A draw is a function of seed, task and its number: the words of the answers above. */
static void draws_are_addressed(void **state)
{
    mtp_random zero = mtp_random_start(0, 0), later = {0, 0, 1};
    mtp_random ones = {UINT64_MAX, UINT64_MAX, UINT64_MAX};
    mtp_random a = mtp_random_start(1, 2), b = mtp_random_start(1, 3);
    mtp_random c = mtp_random_start(2, 2);
    uint64_t first = mtp_random_bits(&a);

    (void)state;
    assert_int_equal(mtp_random_bits(&zero), UINT64_C(0xe169c58d6627e8d5));
    assert_int_equal(mtp_random_bits(&zero), UINT64_C(0x9b00dbd8bc57ac4c));
    assert_int_equal(mtp_random_bits(&later), UINT64_C(0x9b00dbd8bc57ac4c));
    assert_int_equal(zero.draw, 2);
    (void)mtp_random_bits(&ones);
    assert_int_equal(ones.draw, 0);
    assert_true(first != mtp_random_bits(&b));
    assert_true(first != mtp_random_bits(&c));
}

static void uniforms_are_inside(void **state)
{
    mtp_random numbers = mtp_random_start(20240618, 0), bits = numbers;
    double sum = 0.0, squares = 0.0;
    const double n = 100000.0;

    (void)state;
    for (double i = 0.0; i < n; i++) {
        double u = mtp_random_uniform(&numbers);
        uint64_t odd = 2 * (mtp_random_bits(&bits) >> 12) + 1;

        assert_true(u > 0.0 && u < 1.0);
        assert_true(u == ldexp((double)odd, -53));
        sum += u - 0.5;
        squares += (u - 0.5) * (u - 0.5);
    }
    /* six standard errors */
    assert_close(sum / n, 0.0, 0.0, 6.0 * sqrt(1.0 / 12.0 / n));
    assert_close(squares / n, 1.0 / 12.0, 0.0, 6.0 * sqrt(1.0 / 180.0 / n));
}

static void below_is_even(void **state)
{
    mtp_random numbers = mtp_random_start(7, 7);
    size_t count[6] = {0};
    double chisq = 0.0;

    (void)state;
    for (size_t i = 0; i < 60000; i++) {
        uint64_t value = mtp_random_below(&numbers, 6);

        assert_true(value < 6);
        count[value]++;
    }
    for (size_t i = 0; i < 6; i++) {
        double off = (double)count[i] - 10000.0;

        chisq += off * off / 10000.0;
    }
    assert_true(mtp_chisq_upper(chisq, 5.0).p > 1e-6);
}

/* With n = 3 * 2^62 a plain remainder would fall below 2^62 half of the time. */
static void below_has_no_bias(void **state)
{
    mtp_random numbers = mtp_random_start(1, 1);
    const uint64_t quarter = UINT64_C(1) << 62;
    double low = 0.0;
    const double n = 20000.0;

    (void)state;
    for (double i = 0.0; i < n; i++) {
        uint64_t value = mtp_random_below(&numbers, 3 * quarter);

        assert_true(value < 3 * quarter);
        low += value < quarter;
    }
    assert_close(low / n, 1.0 / 3.0, 0.0, 6.0 * sqrt(2.0 / 9.0 / n));
    assert_int_equal(mtp_random_below(&numbers, 1), 0);
    assert_int_equal(mtp_random_below(&numbers, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(philox_known_answers), cmocka_unit_test(draws_are_addressed),
        cmocka_unit_test(uniforms_are_inside),  cmocka_unit_test(below_is_even),
        cmocka_unit_test(below_has_no_bias),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
