/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Impossible raw data: the status, the study, the column and the words. */
#include "metapool/effects.h"

#include "support/test.h"

#define INF ((double)INFINITY)
#define NaN ((double)NAN)

typedef struct problem {
    mtp_measure measure;
    mtp_role first, second, third; /* columns; third = first: not used */
    double value[3][2];            /* by column, two studies */
    size_t line;
    mtp_role column;
    const char *words;
} problem;

/* clang-format off */
static const problem problems[] = {
    {MTP_PLO, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{1, 7}, {5, 5}}, 2, MTP_ROLE_EVENTS, "7 events are more than the 5 patients"},
    {MTP_PLO, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{0, 0}, {0, 5}}, 1, MTP_ROLE_N, "0 is not above 0; a study has"},
    {MTP_PR, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{1, -2}, {5, 5}}, 2, MTP_ROLE_EVENTS, "-2 is negative"},
    {MTP_PR, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{1.5, 2}, {5, 5}}, 1, MTP_ROLE_EVENTS, "whole number; --allow-frac"},
    {MTP_PR, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{1, 2}, {5, 5.25}}, 2, MTP_ROLE_N, "5.25 is not a whole number"},
    {MTP_PFT, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{1, INF}, {5, 5}}, 2, MTP_ROLE_EVENTS, "inf is not a finite number"},
    {MTP_PFT, MTP_ROLE_EVENTS, MTP_ROLE_N, MTP_ROLE_EVENTS, {{1, 2}, {NaN, 5}}, 1, MTP_ROLE_N, "missing"},
    {MTP_IRLN, MTP_ROLE_EVENTS, MTP_ROLE_TIME, MTP_ROLE_EVENTS, {{1, 2}, {5, 0}}, 2, MTP_ROLE_TIME, "0 is not above 0; without"},
    {MTP_IR, MTP_ROLE_EVENTS, MTP_ROLE_TIME, MTP_ROLE_EVENTS, {{1, 2}, {-5, 1}}, 1, MTP_ROLE_TIME, "-5 is not above 0"},
    {MTP_IRS, MTP_ROLE_EVENTS, MTP_ROLE_TIME, MTP_ROLE_EVENTS, {{1, 2}, {5, INF}}, 2, MTP_ROLE_TIME, "not a finite number"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_VI, MTP_ROLE_YI, {{1, 2}, {1, 0}}, 2, MTP_ROLE_VI, "0; a sampling variance"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_VI, MTP_ROLE_YI, {{INF, 2}, {1, 1}}, 1, MTP_ROLE_YI, "not a finite number"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_SEI, MTP_ROLE_YI, {{1, 2}, {-0.5, 0}}, 1, MTP_ROLE_SEI, "above 0; a standard error"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_SEI, MTP_ROLE_YI, {{1, 2}, {1, 1e-200}}, 2, MTP_ROLE_SEI, "beyond the range"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER, {{1, 2}, {0, 3}, {2, 4}}, 2, MTP_ROLE_YI, "limits, 3 and 4"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER, {{1, 2}, {0, 2}, {2, 2}}, 2, MTP_ROLE_CI_LOWER, "not below the"},
    {MTP_GEN, MTP_ROLE_YI, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER, {{1, 2}, {0, 1}, {INF, 4}}, 1, MTP_ROLE_CI_UPPER, "not a finite"},
};
/* clang-format on */

static void test_problems(void **state)
{
    static const char *const id[MTP_ROLE_COUNT] = {
#define ROLE_ID(name, id, text) [MTP_ROLE_##name] = id,
        MTP_ROLE_LIST(ROLE_ID)
#undef ROLE_ID
    };

    (void)state;
    for (size_t i = 0; i < sizeof problems / sizeof problems[0]; i++) {
        const problem *p = &problems[i];
        mtp_raw raw = {.size = sizeof raw, .k = 2};
        mtp_effects_options options;
        mtp_effects *effects = NULL;
        mtp_error err = {0};

        mtp_effects_options_init(&options, sizeof options);
        options.measure = p->measure;
        raw.column[p->third] = p->value[2];
        raw.column[p->second] = p->value[1];
        raw.column[p->first] = p->value[0];
        assert_int_equal(mtp_effects_compute(&options, &raw, &effects, &err),
                         MTP_E_DATA);
        assert_null(effects);
        assert_int_equal(err.line, p->line);
        assert_string_equal(err.column, id[p->column]);
        if (!strstr(err.message, p->words)) {
            print_error("'%s' does not say '%s'\n", err.message, p->words);
            fail();
        }
    }
}

static mtp_status with(mtp_measure measure, mtp_add_to to, double x, double m,
                       mtp_error *err)
{
    mtp_role second = mtp_measure_get(measure)->input == MTP_INPUT_EVENTS_N
                          ? MTP_ROLE_N
                          : MTP_ROLE_TIME;
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_status status;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    options.to = to;
    raw.column[MTP_ROLE_EVENTS] = &x;
    raw.column[second] = &m;
    status = mtp_effects_compute(&options, &raw, &effects, err);
    mtp_effects_free(effects);
    return status;
}

/* Which measures exist without a correction for x = 0, and for x = n. */
static void test_empty_cells_without_a_correction(void **state)
{
    static const mtp_measure gone[] = {MTP_PR,  MTP_PLN, MTP_PLO,
                                       MTP_PRZ, MTP_IR,  MTP_IRLN};
    static const mtp_measure there[] = {MTP_PAS, MTP_PFT, MTP_IRS, MTP_IRFT};

    (void)state;
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        mtp_error err = {0};

        assert_int_equal(with(gone[i], MTP_ADD_NONE, 0, 8, &err), MTP_E_DATA);
        assert_non_null(strstr(err.message, "unless its empty cell is corrected"));
        assert_int_equal(err.line, 1);
        assert_int_equal(with(gone[i], MTP_ADD_ONLY0, 0, 8, &err), MTP_OK);
    }
    for (size_t i = 0; i < sizeof there / sizeof there[0]; i++) {
        assert_int_equal(with(there[i], MTP_ADD_NONE, 0, 8, NULL), MTP_OK);
        assert_int_equal(with(there[i], MTP_ADD_NONE, 8, 8, NULL), MTP_OK);
    }
    assert_int_equal(with(MTP_PLN, MTP_ADD_NONE, 8, 8, NULL), MTP_E_DATA);
    assert_int_equal(with(MTP_IRLN, MTP_ADD_NONE, 8, 8, NULL), MTP_OK);
}

static void test_options_and_columns(void **state)
{
    static const double x[1] = {1}, n[1] = {4};
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options good, options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    (void)state;
    mtp_effects_options_init(&good, sizeof good);
    good.measure = MTP_PLN;
    assert_int_equal(mtp_effects_compute(&good, &raw, &effects, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "'events'"));
    raw.column[MTP_ROLE_EVENTS] = x;
    assert_int_equal(mtp_effects_compute(&good, &raw, &effects, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "'n'"));
    raw.column[MTP_ROLE_N] = n;

#define REFUSED(field, bad)                                                            \
    do {                                                                               \
        options = good;                                                                \
        options.field = (bad);                                                         \
        assert_int_equal(mtp_effects_compute(&options, &raw, &effects, &err),          \
                         MTP_E_ARG);                                                   \
    } while (0)
    REFUSED(add, -0.5);
    REFUSED(add, INF);
    REFUSED(to, (mtp_add_to)7);
    REFUSED(vtype, MTP_VTYPE_UB);
    REFUSED(vtype, (mtp_vtype)9);
    REFUSED(measure, (mtp_measure)MTP_MEASURE_COUNT);
    REFUSED(measure, MTP_GEN);
    REFUSED(input_level, 1.0);
    REFUSED(input_level, 95.0);
#undef REFUSED
    options = (mtp_effects_options){.size = 0}; /* no _init */
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "mtp_effects_options_init"));
    raw.size = 0;
    assert_int_equal(mtp_effects_compute(&good, &raw, &effects, &err), MTP_E_ARG);
    raw.size = sizeof raw;
    raw.k = 0;
    assert_int_equal(mtp_effects_compute(&good, &raw, &effects, &err), MTP_E_DATA);
    assert_string_equal(err.message, "there are no studies");
    assert_null(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_empty_cells_without_a_correction),
        cmocka_unit_test(test_options_and_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
