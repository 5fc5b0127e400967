/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is derived from what papers print. Expected values, unless they say otherwise:
 * mpmath 1.2.1 at 40 digits from the equations of the papers named in rules_*.c, for
 * exactly the doubles here, printed to 20 digits.
 */
#include "metapool/effects.h"

#include "core/arena.h"
#include "support/test.h"

enum { VALUES = 7 };

/* One study: up to VALUES columns, each a role and a value; the rest is 0, 0. */
typedef struct given {
    mtp_role role;
    double value;
} given;

static mtp_status compute(mtp_measure measure, double level, const given study[VALUES],
                          mtp_effects **effects, mtp_error *err)
{
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options options;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    options.input_level = level;
    for (size_t v = 0; v < VALUES && (v == 0 || study[v].role != 0); v++) {
        raw.column[study[v].role] = &study[v].value;
    }
    return mtp_effects_compute(&options, &raw, effects, err);
}

static mtp_effects *computed(mtp_measure measure, double level,
                             const given study[VALUES])
{
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    if (compute(measure, level, study, &effects, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    return effects;
}

static bool has_note(const mtp_effects *effects, mtp_note_code code)
{
    for (size_t i = 0; i < effects->notes.count; i++) {
        if (effects->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

/* clang-format off */
#define R(name) MTP_ROLE_##name
static const struct {
    given study[VALUES];
    double mean, sd;
    const char *origin;
} quantiles[] = {
    {{{R(MIN), 2}, {R(MEDIAN), 6}, {R(MAX), 14}, {R(N), 20}},
     6.5944677601167283826, 3.2115759673697015438,
     "mean from min, median, max, n; sd from min, max, n"},
    {{{R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 10}, {R(N), 20}},
     6.7195, 4.7870760433704667343,
     "mean from q1, median, q3, n; sd from q1, q3, n"},
    {{{R(MIN), 2}, {R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 10}, {R(MAX), 14}, {R(N), 20}},
     6.9388412499397665739, 3.6794350446432100015,
     "mean from min, q1, median, q3, max, n; sd from min, q1, q3, max, n"},
    {{{R(MIN), 2}, {R(MEDIAN), 6}, {R(MAX), 14}, {R(N), 5}},
     7.0893688929069629594, 5.0857753408126711915, NULL},
    {{{R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 10}, {R(N), 5}},
     6.778, 6.0337822941105060492, NULL},
    {{{R(MIN), 2}, {R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 10}, {R(MAX), 14}, {R(N), 5}},
     7.1965960263824256244, 5.2330039937811485436, NULL},
    {{{R(MIN), 2}, {R(MEDIAN), 6}, {R(MAX), 14}, {R(N), 500}},
     6.0729014898286818172, 1.9844598971471077958, NULL},
    {{{R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 10}, {R(N), 500}},
     6.70078, 4.460799100207671616, NULL},
    {{{R(MIN), 2}, {R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 10}, {R(MAX), 14}, {R(N), 500}},
     6.7171651792352897101, 3.8281012073116299196, NULL},
    /* what is there is not estimated; 0.31 sqrt(37) */
    {{{R(MEAN), 5}, {R(Q1), 4}, {R(Q3), 10}, {R(N), 20}},
     5.0, 4.7870760433704667343, "sd from q1, q3, n"},
    {{{R(MEAN), 5}, {R(SE), 0.31}, {R(N), 37}}, 5.0, 1.8856563843924480901,
     "sd from se, n"},
    {{{R(MEAN), 5}, {R(SD), 2}, {R(SE), 0.31}, {R(N), 37}}, 5.0, 2.0, NULL},
};

static const struct {
    mtp_measure measure;
    double level;
    given study[VALUES];
    double yi, vi;
    const char *origin;
} effects_of[] = {
    {MTP_HR, 0.95, {{R(ESTIMATE), 0.63}, {R(CI_LOWER), 0.49}, {R(CI_UPPER), 0.81}},
     -0.46203545959655867309, 0.016441395003876758094,
     "yi from estimate; sei from estimate, ci-lower, ci-upper; vi from sei"},
    /* limits so close that their logarithms agree in the first digits */
    {MTP_OR, 0.95, {{R(ESTIMATE), 1.1}, {R(CI_LOWER), 1.0999}, {R(CI_UPPER), 1.1001}},
     0.095310179804324940787, 2.1513865542248429025e-9, NULL},
    {MTP_IRR, 0.90, {{R(ESTIMATE), 0.8}, {R(CI_LOWER), 0.62}, {R(CI_UPPER), 1.03}},
     -0.22314355131420970026, 0.0238078121414076251, NULL},
    {MTP_RR, 0.95, {{R(ESTIMATE), 0.8}, {R(SEI), 0.5}}, -0.22314355131420970026, 0.25,
     "yi from estimate; vi from sei"},
    {MTP_RR, 0.95, {{R(YI), -0.25}, {R(VI), 0.5}}, -0.25, 0.5, "yi and vi as given"},
    {MTP_GEN, 0.95, {{R(YI), -0.3}, {R(P), 0.03}}, -0.3, 0.019111152012179603031,
     "sei from yi, p; vi from sei"},
    {MTP_GEN, 0.95, {{R(YI), 0.5}, {R(P), 0.0001}}, 0.5, 0.016516143788034145461, NULL},
    {MTP_GEN, 0.95, {{R(YI), 1.2}, {R(P), 0.999}}, 1.2, 916731.99220924003947, NULL},
    {MTP_GEN, 0.95, {{R(YI), 0.5}, {R(P), 1e-12}}, 0.5, 0.0049169886527228695586, NULL},
    {MTP_GEN, 0.95, {{R(YI), -0.3}, {R(STAT), -2.5}}, -0.3, 0.0144,
     "sei from yi, stat; vi from sei"},
    {MTP_COR, 0.95, {{R(STAT), 2.5}, {R(N), 30}}, 0.42717882885838047843, (double)NAN,
     "r from stat, n"},
    {MTP_COR, 0.95, {{R(STAT), 1e-8}, {R(N), 30}}, 1.8898223650461361722e-9,
     (double)NAN, NULL},
    {MTP_PCOR, 0.95, {{R(STAT), -1.3}, {R(N), 25}, {R(PREDICTORS), 4}},
     -0.27913453810702671484, (double)NAN, "r from stat, n, predictors"},
    {MTP_SPCOR, 0.95, {{R(STAT), 0.77}, {R(N), 50}, {R(PREDICTORS), 5}, {R(R2), 0.3}},
     0.097121058478581258638, (double)NAN, "r from stat, n, predictors, r2"},
    /* J(43) t sqrt(1 / 20 + 1 / 25); metafor 3.8-1 has the same to 14 digits */
    {MTP_SMD, 0.95, {{R(STAT), 2.4}, {R(N1), 20}, {R(N2), 25}},
     0.70735604890111186991, 0.095559473110188801856, "yi from stat, n1, n2"},
};
/* clang-format on */

static void check_origin(const mtp_effects *effects, const char *origin)
{
    if (origin) {
        assert_non_null(effects->origin[0]);
        assert_string_equal(effects->origin[0], origin);
    }
}

static void test_quantiles(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++) {
        mtp_effects *effects = computed(MTP_MN, 0.95, quantiles[i].study);
        double n = effects->raw->column[MTP_ROLE_N][0], sd = quantiles[i].sd;

        assert_close(effects->yi[0], quantiles[i].mean, TOL1, 0.0);
        assert_close(effects->vi[0], sd * sd / n, TOL1, 0.0);
        check_origin(effects, quantiles[i].origin);
        mtp_effects_free(effects);
    }
}

/* Both groups have rules of their own. */
static void test_two_groups(void **state)
{
    static const double q1[] = {4, 4}, m[] = {6, 6}, q3[] = {10, 10}, n[] = {20, 20};
    static const double mean2[] = {5, (double)NAN}, sd2[] = {2, (double)NAN};
    static const double lo[] = {2, 2}, hi[] = {14, 14};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    (void)state;
    raw.column[MTP_ROLE_Q1_1] = q1;
    raw.column[MTP_ROLE_MEDIAN1] = raw.column[MTP_ROLE_MEDIAN2] = m;
    raw.column[MTP_ROLE_Q3_1] = q3;
    raw.column[MTP_ROLE_MIN2] = lo;
    raw.column[MTP_ROLE_MAX2] = hi;
    raw.column[MTP_ROLE_N1] = raw.column[MTP_ROLE_N2] = n;
    raw.column[MTP_ROLE_MEAN2] = mean2;
    raw.column[MTP_ROLE_SD2] = sd2;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_MD;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    assert_close(effects->yi[0], 6.7195 - 5.0, TOL1, 0.0);
    assert_close(effects->yi[1], 6.7195 - 6.5944677601167283826, TOL2, 0.0);
    assert_string_equal(effects->origin[0],
                        "mean1 from q1-1, median1, q3-1, n1; sd1 from q1-1, q3-1, n1");
    assert_non_null(strstr(effects->origin[1], "sd2 from min2, max2, n2"));
    assert_int_equal(effects->notes.item[0].code, MTP_NOTE_MEAN_ESTIMATED);
    assert_non_null(strstr(effects->notes.item[0].text, "Luo et al. (2018)"));
    assert_null(strstr(effects->notes.item[0].text, "studies"));
    assert_non_null(strstr(effects->notes.item[2].text, "in 1 of 2 studies"));
    mtp_effects_free(effects);
}

static void test_effects(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof effects_of / sizeof effects_of[0]; i++) {
        mtp_effects *effects =
            computed(effects_of[i].measure, effects_of[i].level, effects_of[i].study);

        assert_close(effects->yi[0], effects_of[i].yi, TOL1, 0.0);
        if (!isnan(effects_of[i].vi)) {
            assert_close(effects->vi[0], effects_of[i].vi, TOL2, 0.0);
        }
        check_origin(effects, effects_of[i].origin);
        mtp_effects_free(effects);
    }
}

/* What stands in for means and standard deviations is none of the study's data. */
static void test_stand_ins_are_not_shown(void **state)
{
    static const given study[VALUES] = {{R(STAT), 2.4}, {R(N1), 20}, {R(N2), 25}};
    static const mtp_role unknown[] = {R(MEAN1), R(SD1), R(MEAN2), R(SD2)};
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    (void)state;
    assert_int_equal(compute(MTP_SMD, 0.95, study, &effects, &err), MTP_OK);
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        assert_true(isnan(effects->raw->column[unknown[i]][0]));
    }
    assert_true(effects->raw->column[R(N1)][0] == 20.0);
    mtp_effects_free(effects);
}

/* t stands for the standardized difference alone, never for one value among others. */
static void test_t_beside_means_is_not_used(void **state)
{
    static const given study[VALUES] = {
        {R(STAT), 2.4}, {R(N1), 20}, {R(N2), 25}, {R(MEAN1), 10}};
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    (void)state;
    assert_int_equal(compute(MTP_SMD, 0.95, study, &effects, &err), MTP_E_DATA);
    assert_non_null(strstr(err.message, "is missing"));
}

/* Printed limits: 0.63 (0.49 to 0.81) can be symmetric, 0.63 (0.49 to 0.86) cannot. */
static void test_printed_ratios(void **state)
{
    static const struct {
        double estimate, lower, upper;
        bool doubtful;
    } printed[] = {
        {0.63, 0.49, 0.81, false},
        {0.63, 0.49, 0.86, true},
        /* 0.63 (0.49 to 0.82): sqrt(0.485 * 0.815) = 0.629 rounds to 0.63 */
        {0.63, 0.49, 0.82, false},
        /* one decimal: 0.9 (0.7 to 1.1), sqrt(0.77) = 0.88 */
        {0.9, 0.7, 1.1, false},
        {12.0, 3.0, 30.0, true},
        /* nobody rounds to 8 decimals: a tenth of the half-width is let pass */
        {0.63000001, 0.49, 0.85, false},
        {0.63000001, 0.49, 0.87, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        given study[VALUES] = {{R(ESTIMATE), printed[i].estimate},
                               {R(CI_LOWER), printed[i].lower},
                               {R(CI_UPPER), printed[i].upper}};
        mtp_effects *effects = computed(MTP_HR, 0.95, study);

        assert_true(has_note(effects, MTP_NOTE_SE_FROM_LIMITS));
        assert_int_equal(has_note(effects, MTP_NOTE_ASYMMETRIC_LIMITS),
                         printed[i].doubtful);
        mtp_effects_free(effects);
    }
}

/*
 * Shi et al. (2023), n = 20: critical values 1.01 / ln 29 + 2.43 / 21 = 0.4157,
 * 2.66 / sqrt 20 - 5.92 / 400 = 0.5800, 2.97 / sqrt 20 - 39.1 / 8000 = 0.6592. The
 * third row is an example of metafor's conv.fivenum, which calls it skewed.
 */
static void test_skewness(void **state)
{
    static const struct {
        given study[VALUES];
        bool skewed;
    } sample[] = {
        {{{R(MIN), 2}, {R(MEDIAN), 6}, {R(MAX), 14}, {R(N), 20}}, false}, /* 1/3 */
        {{{R(MIN), 2}, {R(MEDIAN), 6}, {R(MAX), 16}, {R(N), 20}}, true},  /* 0.429 */
        {{{R(MIN), 2},
          {R(Q1), 4},
          {R(MEDIAN), 6},
          {R(Q3), 14},
          {R(MAX), 20},
          {R(N), 20}},
         true},
        {{{R(MIN), 2},
          {R(Q1), 4},
          {R(MEDIAN), 6},
          {R(Q3), 10},
          {R(MAX), 14},
          {R(N), 20}},
         false},
        {{{R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 11}, {R(N), 20}}, false},  /* 0.43 */
        {{{R(Q1), 4}, {R(MEDIAN), 6}, {R(Q3), 13.6}, {R(N), 20}}, true}, /* 0.583 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof sample / sizeof sample[0]; i++) {
        mtp_effects *effects = computed(MTP_MN, 0.95, sample[i].study);

        assert_int_equal(has_note(effects, MTP_NOTE_SKEWED), sample[i].skewed);
        mtp_effects_free(effects);
    }
}

static void test_impossible(void **state)
{
    static const struct {
        mtp_measure measure;
        given study[VALUES];
        const char *column, *message;
    } bad[] = {
        {MTP_HR,
         {{R(ESTIMATE), -0.2}, {R(CI_LOWER), -0.5}, {R(CI_UPPER), 0.1}},
         "estimate",
         "-0.2 is not above 0; a ratio is"},
        {MTP_HR,
         {{R(ESTIMATE), 0.5}, {R(CI_LOWER), -0.5}, {R(CI_UPPER), 1.1}},
         "ci-lower",
         "limits of a ratio"},
        {MTP_HR,
         {{R(ESTIMATE), 0.5}, {R(CI_LOWER), 0.6}, {R(CI_UPPER), 0.9}},
         "estimate",
         "0.5 lies outside its own limits, 0.6 and 0.9"},
        {MTP_HR,
         {{R(ESTIMATE), 0.5}, {R(CI_LOWER), 0.9}, {R(CI_UPPER), 0.3}},
         "ci-lower",
         "0.9 is not below the upper limit"},
        {MTP_GEN, {{R(YI), 0.5}, {R(P), 0.0}}, "p", "where a paper prints 0.000"},
        {MTP_GEN,
         {{R(YI), 0.5}, {R(P), 1.0}},
         "p",
         "leaves the standard error unknown"},
        {MTP_GEN, {{R(YI), 0.5}, {R(P), 1.3}}, "p", "1.3 is not a p-value"},
        {MTP_GEN, {{R(YI), 0.0}, {R(P), 0.3}}, "yi", "0 as an effect leaves"},
        {MTP_HR,
         {{R(ESTIMATE), 1.0}, {R(P), 0.3}},
         "estimate",
         "1 as an effect leaves"},
        {MTP_GEN, {{R(YI), 0.5}, {R(STAT), -2.0}}, "stat", "the sign of the effect"},
        {MTP_GEN, {{R(YI), 0.5}, {R(STAT), 0.0}}, "stat", "the sign of the effect"},
        {MTP_MN, {{R(MEAN), 3}, {R(SE), 0.0}, {R(N), 9}}, "se", "0 is not above 0"},
        {MTP_MN,
         {{R(Q1), 4}, {R(MEDIAN), 3}, {R(Q3), 9}, {R(N), 20}},
         "median",
         "3 is below what it cannot be below"},
        {MTP_MN,
         {{R(Q1), 4}, {R(MEDIAN), 4}, {R(Q3), 4}, {R(N), 20}},
         "q3",
         "4 is both ends"},
        {MTP_MN,
         {{R(Q1), 4}, {R(MEDIAN), 5}, {R(Q3), 9}, {R(N), 4}},
         "n",
         "4 is too small a sample"},
        {MTP_COR, {{R(STAT), 4}, {R(N), 2}}, "n", "no degrees of freedom"},
        {MTP_SMD, {{R(STAT), 4}, {R(N1), 20}, {R(N2), 0}}, "n2", "0 is not above 0"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mtp_effects *effects = NULL;
        mtp_error err = {0};

        assert_int_equal(compute(bad[i].measure, 0.95, bad[i].study, &effects, &err),
                         MTP_E_DATA);
        assert_null(effects);
        assert_string_equal(err.column, bad[i].column);
        if (!strstr(err.message, bad[i].message)) {
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[i].message);
        }
    }
}

static void test_limits_have_one_scale(void **state)
{
    static const given study[VALUES] = {
        {R(ESTIMATE), 0.5}, {R(YI), -0.7}, {R(CI_LOWER), 0.3}, {R(CI_UPPER), 0.9}};
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    (void)state;
    assert_int_equal(compute(MTP_HR, 0.95, study, &effects, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "beside both 'estimate' and 'yi'"));
}

/* Each study by the first complete set of its columns: raw data before ready-made
 * effects, of these vi before sei before limits before z before p. */
static void test_first_complete_set(void **state)
{
    static const double nan = (double)NAN;
    static const double e1[] = {10, 10, nan, nan}, n1[] = {100, 100, nan, 80};
    static const double e2[] = {20, 20, nan, 9}, n2[] = {100, nan, nan, 80};
    static const double yi[] = {-0.5, -0.5, -0.5, -0.5}, vi[] = {1, nan, nan, nan};
    static const double sei[] = {2, 2, nan, nan}, p[] = {0.01, 0.01, 0.01, 0.01};
    static const double z[] = {-1, -1, -1, nan};
    static const char *const origin[] = {NULL, "vi from sei",
                                         "sei from yi, stat; vi from sei",
                                         "sei from yi, p; vi from sei"};
    mtp_raw raw = {.size = sizeof raw, .k = 4};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    (void)state;
    raw.column[MTP_ROLE_EVENTS1] = e1;
    raw.column[MTP_ROLE_N1] = n1;
    raw.column[MTP_ROLE_EVENTS2] = e2;
    raw.column[MTP_ROLE_N2] = n2;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    raw.column[MTP_ROLE_SEI] = sei;
    raw.column[MTP_ROLE_STAT] = z;
    raw.column[MTP_ROLE_P] = p;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_RR;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    for (size_t i = 0; i < 4; i++) {
        if (origin[i]) {
            assert_string_equal(effects->origin[i], origin[i]);
        } else {
            assert_null(effects->origin[i]);
        }
    }
    assert_close(effects->yi[0], -log(2.0), TOL0, 0.0);
    assert_close(effects->vi[1], 4.0, TOL0, 0.0);
    assert_close(effects->vi[2], 0.25, TOL0, 0.0);
    mtp_effects_free(effects);
}

static void test_every_allocation_can_fail(void **state)
{
    static const given study[VALUES] = {
        {R(ESTIMATE), 0.63}, {R(CI_LOWER), 0.49}, {R(CI_UPPER), 0.86}};
    mtp_effects *effects = NULL;
    size_t n = 1;

    (void)state;
    for (;; n++) {
        mtp_error err = {0};
        mtp_status status;

        mtp_arena_fail_after(n);
        status = compute(MTP_HR, 0.95, study, &effects, &err);
        mtp_arena_fail_after(0);
        if (status == MTP_OK) {
            break;
        }
        assert_int_equal(status, MTP_E_NOMEM);
        assert_null(effects);
    }
    assert_true(n > 3);
    assert_true(has_note(effects, MTP_NOTE_ASYMMETRIC_LIMITS));
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_two_groups),
        cmocka_unit_test(test_effects),
        cmocka_unit_test(test_stand_ins_are_not_shown),
        cmocka_unit_test(test_t_beside_means_is_not_used),
        cmocka_unit_test(test_printed_ratios),
        cmocka_unit_test(test_skewness),
        cmocka_unit_test(test_impossible),
        cmocka_unit_test(test_limits_have_one_scale),
        cmocka_unit_test(test_first_complete_set),
        cmocka_unit_test(test_every_allocation_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
