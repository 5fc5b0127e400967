/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/forest_text.h"
#include "support/test.h"

#define MINUS "\xE2\x88\x92"

static void decimals_show_three_digits(void **state)
{
    (void)state;
    assert_int_equal(mtp_figure_decimals(0.25, 0.05), 3);
    assert_int_equal(mtp_figure_decimals(1.0, 0.2), 3); /* a full proportion too */
    assert_int_equal(mtp_figure_decimals(0.04, 0.01), 4);
    assert_int_equal(mtp_figure_decimals(4.0, 1.0), 2);
    assert_int_equal(mtp_figure_decimals(50.0, 10.0), 1);
    assert_int_equal(mtp_figure_decimals(2000.0, 500.0), 0);
    assert_int_equal(mtp_figure_decimals(100.004, 0.001), 4); /* close together */
    assert_int_equal(mtp_figure_decimals(5e-5, 1e-5), MTP_FIGURE_SIGNIFICANT);
}

static void figures_are_printed_as_people_write_them(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {0.0625, 3, "0.062"}, /* exact halves round to even */
        {-1.5, 2, MINUS "1.50"},     {-0.0001, 2, "0.00"},
        {12345678.0, 0, "12345678"}, {3.14159e-7, MTP_FIGURE_SIGNIFICANT, "3.142e-07"},
        {1e300, 2, "1e+300"},
    };
    mtp_scene *scene = mtp_scene_new();
    const double endless = (double)INFINITY;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(mtp_figure_number(scene, cases[i].value, cases[i].decimals),
                            cases[i].text);
    }
    assert_string_equal(mtp_figure_limits(scene, -endless, 0.25, 2),
                        "[" MINUS "\xE2\x88\x9E, 0.25]");
    assert_string_equal(mtp_figure_limits(scene, (double)NAN, endless, 2),
                        "[\xE2\x80\x93, \xE2\x88\x9E]");
    assert_string_equal(mtp_figure_count(scene, 7604.0), "7604");
    assert_string_equal(mtp_figure_count(scene, 12.25), "12.2");
    assert_string_equal(mtp_figure_count(scene, (double)NAN), "");
    assert_string_equal(mtp_figure_variance(scene, 0.0), "0");
    assert_string_equal(mtp_figure_variance(scene, 0.22541), "0.2254");
    assert_string_equal(mtp_figure_variance(scene, 0.00022541), "0.0002254");
    assert_string_equal(mtp_figure_level(scene, 0.95), "95");
    assert_string_equal(mtp_figure_level(scene, 0.999), "99.9");
    mtp_scene_free(scene);
}

/* The ticks of 0 to 0.3 by 0.1 are 0.0, 0.1, 0.2, 0.3, not 0.30000000000000004. */
static void ticks_have_the_decimals_of_their_step(void **state)
{
    static const char *const want[] = {"0.0", "0.1", "0.2", "0.3"};
    const mtp_axis axis = {.low = 0.0, .high = 0.3, .step = 0.1, .n_ticks = 4};
    const mtp_axis tiny = {.low = 0.0, .high = 3e-9, .step = 1e-9, .n_ticks = 4};
    const mtp_axis large = {.low = -4e9, .high = 0.0, .step = 2e9, .n_ticks = 3};
    mtp_scene *scene = mtp_scene_new();

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(mtp_figure_tick(scene, &axis, i), want[i]);
    }
    assert_string_equal(mtp_figure_tick(scene, &tiny, 2), "2e-09");
    assert_string_equal(mtp_figure_tick(scene, &large, 0), MINUS "4000000000");
    mtp_scene_free(scene);
}

static void extreme_estimates_are_short(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {
        {210764517251.22986, 5, "2.10765e+11"},
        {-210764517251.22986, 0, MINUS "2.10765e+11"},
        {9999999.5, 1, "9999999.5"},
        {1.42e-9, 4, "1.42e-09"},
        {0.0003, 3, "0.000"}, /* as journals print it */
        {3e-17, 3, "0.000"},  /* what rounding leaves of 0 */
        {0.0, 3, "0.000"},
    };
    mtp_scene *scene = mtp_scene_new();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(
            mtp_figure_estimate(scene, cases[i].value, cases[i].decimals),
            cases[i].text);
    }
    mtp_scene_free(scene);
}

static void ticks_of_ratios_are_read_at_once(void **state)
{
    static const struct {
        double low, high;
        const char *label[9];
    } cases[] = {
        {0.5, 10.0, {"0.5", "1", "2", "5", "10"}},
        {0.001,
         1e5,
         {"0.001", "0.01", "0.1", "1", "10", "100", "1000", "10,000", "100,000"}},
        {1e5, 1e9, {"100,000", "1,000,000", "10^7", "10^8", "10^9"}},
        {1e-6, 1e-2, {"10^" MINUS "6", "10^" MINUS "5", "0.0001", "0.001", "0.01"}},
    };
    mtp_scene *scene = mtp_scene_new();

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        mtp_axis axis;

        mtp_axis_between(cases[c].low, cases[c].high, true, &axis);
        for (size_t i = 0; i < axis.n_ticks; i++) {
            assert_string_equal(mtp_figure_tick(scene, &axis, i), cases[c].label[i]);
        }
    }
    mtp_scene_free(scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_show_three_digits),
        cmocka_unit_test(figures_are_printed_as_people_write_them),
        cmocka_unit_test(extreme_estimates_are_short),
        cmocka_unit_test(ticks_of_ratios_are_read_at_once),
        cmocka_unit_test(ticks_have_the_decimals_of_their_step),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
