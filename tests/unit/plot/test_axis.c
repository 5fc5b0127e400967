/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/axis.h"
#include "support/test.h"

#include <math.h>

static const double endless = (double)INFINITY;
static const double none = (double)NAN;

static mtp_axis choose(size_t n, const double lower[], const double estimate[],
                       const double upper[], double least, double most)
{
    mtp_axis_data data = {n, lower, estimate, upper, least, most};
    mtp_arena *arena = mtp_arena_new();
    mtp_axis axis;

    assert_true(mtp_axis_choose(&data, arena, &axis));
    mtp_arena_free(arena);
    axis.left = 100.0;
    axis.right = 300.0;
    return axis;
}

static void a_proportion_starts_at_zero_and_ends_rounded(void **state)
{
    const double lower[] = {0.02, 0.05, 0.08}, estimate[] = {0.07, 0.08, 0.12},
                 upper[] = {0.13, 0.11, 0.23};
    mtp_axis axis = choose(3, lower, estimate, upper, 0.0, 1.0);

    (void)state;
    assert_close(axis.low, 0.0, 0.0, 0.0);
    assert_close(axis.high, 0.25, TOL0, 0.0);
    assert_close(axis.step, 0.05, TOL0, 0.0);
    assert_int_equal(axis.n_ticks, 6);
    assert_close(mtp_axis_tick(&axis, 3), 0.15, TOL0, 0.0);
    assert_close(mtp_axis_place(&axis, 0.0), 100.0, TOL0, 0.0);
    assert_close(mtp_axis_place(&axis, 0.1), 180.0, TOL0, 0.0);
    assert_close(mtp_axis_place(&axis, 9.0), 300.0, TOL0, 0.0);
    assert_close(mtp_axis_place(&axis, -endless), 100.0, TOL0, 0.0);
}

static mtp_axis choose_ratio(size_t n, const double lower[], const double estimate[],
                             const double upper[])
{
    mtp_axis_data data = {n, lower, estimate, upper, 0.0, endless};
    mtp_arena *arena = mtp_arena_new();
    mtp_axis axis;

    assert_true(mtp_axis_choose_ratio(&data, arena, &axis));
    mtp_arena_free(arena);
    axis.left = 100.0;
    axis.right = 300.0;
    return axis;
}

static void ratios_are_as_far_below_1_as_above(void **state)
{
    const double lower[] = {0.5, 0.6}, estimate[] = {1.0, 0.9}, upper[] = {2.0, 1.5};
    mtp_axis axis = choose_ratio(2, lower, estimate, upper);

    (void)state;
    assert_int_equal(axis.n_ticks, 3); /* 0.5, 1, 2 */
    assert_close(mtp_axis_tick(&axis, 0), 0.5, TOL0, 0.0);
    assert_close(mtp_axis_tick(&axis, 1), 1.0, TOL0, 0.0);
    assert_close(mtp_axis_tick(&axis, 2), 2.0, TOL0, 0.0);
    assert_close(mtp_axis_place(&axis, 1.0), 200.0, TOL1, 0.0);
    assert_close(mtp_axis_place(&axis, 0.0), 100.0, TOL0, 0.0);
    assert_close(mtp_axis_place(&axis, endless), 300.0, TOL0, 0.0);
}

static void many_ratios_of_ten_have_ticks_at_powers(void **state)
{
    const double lower[] = {1e-4}, estimate[] = {1.0}, upper[] = {1e4};
    mtp_axis axis = choose_ratio(1, lower, estimate, upper);

    (void)state;
    assert_int_equal(axis.n_ticks, 9);
    for (size_t i = 0; i < 9; i++) {
        assert_close(mtp_axis_tick(&axis, i), pow(10.0, (double)i - 4.0), TOL1, 0.0);
    }
}

static void a_ratio_axis_has_width_whatever_the_data(void **state)
{
    const double value[] = {0.0, none, endless, 5.0};

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        mtp_axis axis = choose_ratio(1, &value[i], &value[i], &value[i]);

        assert_true(axis.low > 0.0 && axis.high > axis.low && axis.n_ticks >= 2);
        assert_true(isfinite(axis.high));
    }
}

/* Ratios that two doubles just hold: powers of ten of both are on no common axis. */
static void an_axis_of_extreme_ratios_has_ticks(void **state)
{
    const double extreme[][2] = {{1e-305, 1e305}, {1e-300, 1.0}, {1e301, 1e304}};

    (void)state;
    for (size_t i = 0; i < sizeof extreme / sizeof *extreme; i++) {
        mtp_axis axis = choose_ratio(2, extreme[i], extreme[i], extreme[i]);

        assert_true(axis.low > 0.0 && isfinite(axis.high) && axis.n_ticks >= 2);
        for (size_t t = 1; t < axis.n_ticks; t++) {
            assert_true(mtp_axis_place(&axis, mtp_axis_tick(&axis, t)) >
                        mtp_axis_place(&axis, mtp_axis_tick(&axis, t - 1)) + 1.0);
        }
    }
}

static void the_scale_is_not_overstepped(void **state)
{
    const double lower[] = {0.80, 0.93}, estimate[] = {0.9, 0.97},
                 upper[] = {0.96, 1.0};
    mtp_axis axis = choose(2, lower, estimate, upper, 0.0, 1.0);

    (void)state;
    assert_close(axis.low, 0.0, 0.0, 0.0);
    assert_close(axis.high, 1.0, TOL0, 0.0);
}

/* Nine intervals reach 0.1 beyond the middle and one 0.88: the axis takes four times
 * the first, and the last becomes an arrow. */
static void one_wide_interval_does_not_squeeze_the_rest(void **state)
{
    double lower[10], estimate[10], upper[10];
    mtp_axis axis;

    (void)state;
    for (size_t i = 0; i < 10; i++) {
        lower[i] = 0.05;
        estimate[i] = 0.10;
        upper[i] = 0.20;
    }
    upper[4] = 0.98;
    axis = choose(10, lower, estimate, upper, 0.0, 1.0);
    assert_close(axis.high, 0.5, TOL0, 0.0);
    estimate[4] = 0.6; /* but an estimate is always held */
    axis = choose(10, lower, estimate, upper, 0.0, 1.0);
    assert_true(axis.high >= 0.6);
}

static void an_axis_may_cross_zero(void **state)
{
    const double lower[] = {-0.7, -1.4}, estimate[] = {-0.3, -0.6},
                 upper[] = {0.1, 0.2};
    mtp_axis axis = choose(2, lower, estimate, upper, -endless, endless);

    (void)state;
    assert_close(axis.low, -1.5, TOL0, 0.0);
    assert_close(axis.high, 0.5, TOL0, 0.0);
    assert_close(axis.step, 0.5, TOL0, 0.0);
    assert_close(mtp_axis_tick(&axis, 3), 0.0, 0.0, 0.0);
}

static void missing_and_endless_values_are_passed_over(void **state)
{
    const double lower[] = {none, -endless, 1.0}, estimate[] = {none, 2.0, 3.0},
                 upper[] = {none, endless, 1e308};
    mtp_axis axis = choose(3, lower, estimate, upper, -endless, endless);

    (void)state;
    assert_true(axis.low <= 1.0 && axis.high >= 3.0 && axis.high < 10.0);
}

static void an_axis_has_width_whatever_the_data(void **state)
{
    static const double same[] = {0.0, 5.0, -5.0, 1e-300, 1e15, 1e250};
    const double bound[] = {-endless, 0.0};

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        for (size_t b = 0; b < 2; b++) {
            double least = same[i] < 0.0 ? -endless : bound[b];
            mtp_axis axis = choose(1, &same[i], &same[i], &same[i], least, endless);
            double x = mtp_axis_place(&axis, same[i]);

            assert_true(axis.low < axis.high && axis.n_ticks >= 2 && axis.n_ticks < 20);
            assert_true(axis.low <= same[i] && same[i] <= axis.high);
            assert_true(x >= 100.0 && x <= 300.0);
        }
    }
    {
        mtp_axis axis = choose(1, &none, &none, &none, 0.0, 1.0);

        assert_true(axis.low < axis.high);
    }
}

static void values_that_differ_by_rounding_are_the_same(void **state)
{
    const double value[] = {0.233333333333, 0.233333333334};
    mtp_axis axis = choose(2, value, value, value, -endless, endless);

    (void)state;
    assert_true(axis.step > 0.01);
}

/* The step is 1, 2 or 5 times a power of ten, and a tick lies at each multiple. */
static void ticks_are_round_numbers(void **state)
{
    double high = 1e-9;

    (void)state;
    for (int i = 0; i < 400; i++, high *= 1.13) {
        const double lower = 0.0, estimate = 0.5 * high;
        mtp_axis axis = choose(1, &lower, &estimate, &high, 0.0, endless);
        double digit = axis.step / pow(10.0, floor(log10(axis.step) + 1e-9));

        assert_true(fabs(digit - 1.0) < 1e-9 || fabs(digit - 2.0) < 1e-9 ||
                    fabs(digit - 5.0) < 1e-9);
        assert_true(axis.high >= high * (1.0 - 1e-9) && axis.high < 1.5 * high);
        assert_true(axis.n_ticks >= 3 && axis.n_ticks <= 8);
        assert_close(mtp_axis_tick(&axis, axis.n_ticks - 1), axis.high, TOL0, 0.0);
    }
}

static void a_given_axis_ends_where_it_is_said(void **state)
{
    static const struct {
        double low, high;
        bool ratio;
        size_t n;
        double first, last;
    } want[] = {
        {-0.33, 0.71, false, 5, -0.2, 0.6},
        {0.1, 3.0, true, 5, 0.1, 2.0},
        {0.7, 1.4, true, 4, 0.8, 1.4}, /* 1, 2, 5 alone would leave one tick */
        {0.001, 1000.0, true, 7, 0.001, 1000.0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        mtp_axis axis;

        mtp_axis_between(want[i].low, want[i].high, want[i].ratio, &axis);
        axis.left = 100.0;
        axis.right = 300.0;
        assert_close(axis.low, want[i].low, 0.0, 0.0);
        assert_close(axis.high, want[i].high, 0.0, 0.0);
        assert_int_equal(axis.n_ticks, want[i].n);
        assert_close(mtp_axis_tick(&axis, 0), want[i].first, TOL2, 0.0);
        assert_close(mtp_axis_tick(&axis, axis.n_ticks - 1), want[i].last, TOL2, 0.0);
        assert_close(mtp_axis_place(&axis, want[i].low), 100.0, TOL2, 0.0);
        assert_close(mtp_axis_place(&axis, want[i].high), 300.0, TOL2, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_proportion_starts_at_zero_and_ends_rounded),
        cmocka_unit_test(ratios_are_as_far_below_1_as_above),
        cmocka_unit_test(many_ratios_of_ten_have_ticks_at_powers),
        cmocka_unit_test(a_ratio_axis_has_width_whatever_the_data),
        cmocka_unit_test(an_axis_of_extreme_ratios_has_ticks),
        cmocka_unit_test(the_scale_is_not_overstepped),
        cmocka_unit_test(one_wide_interval_does_not_squeeze_the_rest),
        cmocka_unit_test(an_axis_may_cross_zero),
        cmocka_unit_test(missing_and_endless_values_are_passed_over),
        cmocka_unit_test(an_axis_has_width_whatever_the_data),
        cmocka_unit_test(values_that_differ_by_rounding_are_the_same),
        cmocka_unit_test(ticks_are_round_numbers),
        cmocka_unit_test(a_given_axis_ends_where_it_is_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
