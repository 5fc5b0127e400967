/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The raw data of measures as columns, and what adds up. Sums by hand. */
#include "metapool/effects.h"

#include "effects/columns.h"
#include "support/test.h"

#include <math.h>
#include <string.h>

static void every_measure_reads_its_columns(void **state)
{
    (void)state;
    for (int m = 0; m < MTP_MEASURE_COUNT; m++) {
        const mtp_measure_info *info = mtp_measure_get((mtp_measure)m);
        size_t n = 99;
        const mtp_role *role = mtp_measure_columns((mtp_measure)m, &n);
        bool ready = info->input == MTP_INPUT_GENERIC || info->input == MTP_INPUT_RATIO;

        assert_int_equal(n == 0, ready);
        for (size_t r = 0; r < n; r++) {
            assert_true(mtp_measure_reads((mtp_measure)m, role[r]));
            assert_true(role[r] != MTP_ROLE_YI && role[r] != MTP_ROLE_VI);
        }
    }
}

static void counts_and_sizes_add_up(void **state)
{
    (void)state;
    assert_true(mtp_role_adds_up(MTP_ROLE_EVENTS2));
    assert_true(mtp_role_adds_up(MTP_ROLE_TIME1));
    assert_true(mtp_role_adds_up(MTP_ROLE_CELL_D));
    assert_true(mtp_role_adds_up(MTP_ROLE_N));
    assert_false(mtp_role_adds_up(MTP_ROLE_MEAN1));
    assert_false(mtp_role_adds_up(MTP_ROLE_R));
    assert_false(mtp_role_adds_up(MTP_ROLE_SD));
}

static void keys_have_no_dash(void **state)
{
    char key[MTP_ROLE_KEY];

    (void)state;
    assert_string_equal(mtp_role_key(MTP_ROLE_CI_LOWER, key), "ci_lower");
    assert_string_equal(mtp_role_key(MTP_ROLE_N, key), "n");
    for (int r = 0; r < MTP_ROLE_COUNT; r++) {
        assert_int_equal(strlen(mtp_role_key((mtp_role)r, key)),
                         strlen(mtp_role_id((mtp_role)r)));
        assert_null(strchr(key, '-'));
    }
}

/* Effects of two studies from four columns. */
static mtp_effects *compute(mtp_measure measure, const mtp_role role[4],
                            const double column[4][2])
{
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err;

    for (size_t r = 0; r < 4; r++) {
        raw.column[role[r]] = column[r];
    }
    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, &err), MTP_OK);
    return effects;
}

static void two_groups_are_added(void **state)
{
    static const mtp_role counts[] = {MTP_ROLE_EVENTS1, MTP_ROLE_N1, MTP_ROLE_EVENTS2,
                                      MTP_ROLE_N2};
    static const mtp_role times[] = {MTP_ROLE_EVENTS1, MTP_ROLE_TIME1, MTP_ROLE_EVENTS2,
                                     MTP_ROLE_TIME2};
    static const double column[4][2] = {{4, 6}, {123, 306}, {11, 29}, {139, 303}};
    mtp_effects *e = compute(MTP_OR, counts, column);

    (void)state;
    assert_close(e->events[0], 15.0, 0.0, 0.0);
    assert_close(e->n[1], 609.0, 0.0, 0.0);
    assert_null(e->time);
    mtp_effects_free(e);
    e = compute(MTP_IRR, times, column);
    assert_close(e->events[1], 35.0, 0.0, 0.0);
    assert_close(e->time[0], 262.0, 0.0, 0.0);
    assert_null(e->n);
    mtp_effects_free(e);
}

static void cells_are_made_into_groups_and_pairs_counted_once(void **state)
{
    static const mtp_role cells[] = {MTP_ROLE_CELL_A, MTP_ROLE_CELL_B, MTP_ROLE_CELL_C,
                                     MTP_ROLE_CELL_D};
    static const double column[4][2] = {{4, 6}, {119, 300}, {11, 29}, {128, 274}};
    mtp_effects *e = compute(MTP_RR, cells, column);

    (void)state;
    assert_close(e->events[1], 35.0, 0.0, 0.0);
    assert_close(e->n[0], 262.0, 0.0, 0.0);
    mtp_effects_free(e);
    e = compute(MTP_MPOR, cells, column);
    assert_null(e->events);
    assert_close(e->n[1], 609.0, 0.0, 0.0);
    mtp_effects_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_measure_reads_its_columns),
        cmocka_unit_test(counts_and_sizes_add_up),
        cmocka_unit_test(keys_have_no_dash),
        cmocka_unit_test(two_groups_are_added),
        cmocka_unit_test(cells_are_made_into_groups_and_pairs_counted_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
