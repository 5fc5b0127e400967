/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The zero-cell rules, variance types, ready-made effects, notes and memory. */
#include "metapool/effects.h"

#include "core/arena.h"
#include "support/test.h"

enum { K = 5 };

static const double events[K] = {0, 3, 12, 7, 1};
static const double patients[K] = {10, 20, 12, 50, 3};

static mtp_raw counts(void)
{
    mtp_raw raw = {.size = sizeof raw, .k = K};

    raw.column[MTP_ROLE_EVENTS] = events;
    raw.column[MTP_ROLE_N] = patients;
    return raw;
}

static mtp_effects_options options_of(mtp_measure measure)
{
    mtp_effects_options options;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    return options;
}

static mtp_effects *computed(const mtp_effects_options *options, const mtp_raw *raw)
{
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    if (mtp_effects_compute(options, raw, &effects, &err)) {
        print_error("%s\n", err.message);
        fail();
    }
    return effects;
}

static void check(const double got[], const double want[], size_t k, double rtol)
{
    for (size_t i = 0; i < k; i++) {
        assert_close(got[i], want[i], rtol, 0.0);
    }
}

static void test_registry(void **state)
{
    (void)state;
    for (mtp_measure m = 0; m < MTP_MEASURE_COUNT; m++) {
        const mtp_measure_info *info = mtp_measure_get(m);

        assert_int_equal(info->measure, m);
        assert_ptr_equal(mtp_measure_from_code(info->code), info);
        assert_non_null(info->name);
        assert_non_null(info->scale);
        assert_non_null(info->natural);
        assert_non_null(info->inverse);
        assert_non_null(info->yi);
        assert_non_null(info->vi);
        assert_non_null(strstr(info->source, "doi:10."));
        assert_true(info->lower < info->upper);
        assert_int_equal(info->groups == 0, info->input == MTP_INPUT_GENERIC);
        assert_in_range(info->groups, 0, 2);
    }
    assert_int_equal(mtp_measure_from_code("plo")->measure, MTP_PLO);
    assert_int_equal(mtp_measure_from_code("IrFt")->measure, MTP_IRFT);
    assert_null(mtp_measure_from_code("PL"));
    assert_null(mtp_measure_from_code("PLOX"));
    assert_null(mtp_measure_from_code(""));
    assert_null(mtp_measure_from_code(NULL));
}

/* Logits by hand: log((x + add) / (n - x + add)) for the rows that a rule touches. */
static void test_zero_cell_rules(void **state)
{
    static const struct {
        mtp_add_to to;
        double add;
        unsigned char corrected[K];
    } rule[] = {
        {MTP_ADD_ONLY0, 0.5, {1, 0, 1, 0, 0}},
        {MTP_ADD_ONLY0, 0.25, {1, 0, 1, 0, 0}},
        {MTP_ADD_ALL, 0.5, {1, 1, 1, 1, 1}},
        {MTP_ADD_IF0ALL, 1.0, {1, 1, 1, 1, 1}},
    };
    mtp_raw raw = counts();

    (void)state;
    for (size_t r = 0; r < sizeof rule / sizeof rule[0]; r++) {
        mtp_effects_options options = options_of(MTP_PLO);
        mtp_effects *effects;

        options.to = rule[r].to;
        options.add = rule[r].add;
        effects = computed(&options, &raw);
        for (size_t i = 0; i < K; i++) {
            double add = rule[r].corrected[i] ? rule[r].add : 0.0;
            double x = events[i] + add, m = patients[i] - events[i] + add;

            assert_int_equal(effects->corrected[i], rule[r].corrected[i]);
            assert_close(effects->yi[i], log(x) - log(m), TOL1, 0.0);
            assert_close(effects->vi[i], 1.0 / x + 1.0 / m, TOL1, 0.0);
            /* the raw data stay as given */
            assert_true(effects->raw->column[MTP_ROLE_EVENTS][i] == events[i]);
        }
        assert_int_equal(effects->notes.count, 1);
        assert_int_equal(effects->notes.item[0].code, MTP_NOTE_ZERO_CELLS_CORRECTED);
        mtp_effects_free(effects);
    }
}

static void test_if0all_without_empty_cells(void **state)
{
    mtp_raw raw = counts();
    mtp_effects_options options = options_of(MTP_PLO);
    static const double some[K] = {1, 3, 11, 7, 1};
    mtp_effects *effects;

    (void)state;
    raw.column[MTP_ROLE_EVENTS] = some;
    options.to = MTP_ADD_IF0ALL;
    effects = computed(&options, &raw);
    assert_int_equal(effects->notes.count, 0);
    assert_close(effects->yi[1], log(3.0 / 17.0), TOL0, 0.0);
    mtp_effects_free(effects);
}

static void test_note_counts_studies(void **state)
{
    mtp_raw raw = counts();
    mtp_effects_options options = options_of(MTP_PR);
    mtp_effects *effects = computed(&options, &raw);

    (void)state;
    assert_string_equal(effects->notes.item[0].text,
                        "0.5 was added to the events and non-events of studies with no "
                        "events or nothing but events: 2 of 5");
    mtp_effects_free(effects);
    options.to = MTP_ADD_ALL;
    effects = computed(&options, &raw);
    assert_string_equal(
        effects->notes.item[0].text,
        "0.5 was added to the events and non-events of all 5 studies (2 "
        "with no events or nothing but events)");
    mtp_effects_free(effects);
}

/* Arcsines exist for empty cells: nothing is added unless it is asked for. */
static void test_default_correction_follows_the_measure(void **state)
{
    mtp_raw raw = counts();
    mtp_effects_options options = options_of(MTP_PAS);
    mtp_effects *effects = computed(&options, &raw);

    (void)state;
    assert_int_equal(effects->notes.count, 0);
    assert_true(effects->yi[0] == 0.0);
    assert_true(effects->vi[0] == 1.0 / 40.0);
    mtp_effects_free(effects);
    options.add = 0.5;
    effects = computed(&options, &raw);
    assert_int_equal(effects->corrected[0], 1);
    /* asin(sqrt(1 / 22)), mpmath */
    assert_close(effects->yi[0], 0.21484983307571225871, TOL0, 0.0);
    assert_close(effects->vi[0], 1.0 / 44.0, TOL0, 0.0);
    mtp_effects_free(effects);
}

/*
 * mpmath, 50 digits, at p = sum x / sum n after the correction; R 4.2.2, metafor 3.8-1,
 * escalc(measure, xi = events, ni = patients, vtype = "AV") gives the same 15 digits.
 */
static void test_average_variance(void **state)
{
    static const struct {
        mtp_measure measure;
        double vi[K];
    } expected[] = {
        {MTP_PR,
         {0.016927699784538981053, 0.0093102348814964395791, 0.01432343827922529166,
          0.0037240939525985758317, 0.062068232543309597194}},
        {MTP_PLN,
         {0.27651515151515151515, 0.15208333333333333333, 0.23397435897435897436,
          0.060833333333333333333, 1.0138888888888888889}},
        {MTP_PLO,
         {0.48822125363221253632, 0.26852168949771689498, 0.4131102915349490692,
          0.10740867579908675799, 1.7901445966514459665}},
    };
    mtp_raw raw = counts();

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        mtp_effects_options options = options_of(expected[i].measure);
        mtp_effects *effects;

        options.vtype = MTP_VTYPE_AV;
        effects = computed(&options, &raw);
        check(effects->vi, expected[i].vi, K, TOL0);
        mtp_effects_free(effects);
    }
}

static void test_average_variance_of_probits_is_noted(void **state)
{
    mtp_raw raw = counts();
    mtp_effects_options options = options_of(MTP_PRZ);
    mtp_effects *large_sample = computed(&options, &raw), *effects;

    (void)state;
    options.vtype = MTP_VTYPE_AV;
    effects = computed(&options, &raw);
    check(effects->vi, large_sample->vi, K, 0.0);
    assert_int_equal(effects->notes.count, 2);
    assert_int_equal(effects->notes.item[1].code, MTP_NOTE_NOT_DEFINED);
    mtp_effects_free(effects);
    mtp_effects_free(large_sample);
}

static void test_unbiased_variance(void **state)
{
    mtp_raw raw = counts();
    mtp_effects_options options = options_of(MTP_PR);
    mtp_effects *effects;

    (void)state;
    options.vtype = MTP_VTYPE_UB;
    effects = computed(&options, &raw);
    /* p (1 - p) / (n - 1) for 3 of 20 and 7 of 50, mpmath */
    assert_close(effects->vi[1], 0.0067105263157894736842, TOL0, 0.0);
    assert_close(effects->vi[3], 0.0024571428571428571429, TOL0, 0.0);
    mtp_effects_free(effects);
}

static void test_generic_from_vi_sei_and_limits(void **state)
{
    static const double yi[2] = {0.25, -1.5}, vi[2] = {0.01, 4.0}, sei[2] = {0.1, 2.0};
    static const double lower[2] = {0.05, -5.0}, upper[2] = {0.45, 2.0};
    mtp_effects_options options = options_of(MTP_GEN);
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects *effects;

    (void)state;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    effects = computed(&options, &raw);
    check(effects->yi, yi, 2, 0.0);
    check(effects->vi, vi, 2, 0.0);
    assert_int_equal(effects->notes.count, 0);
    mtp_effects_free(effects);

    raw.column[MTP_ROLE_VI] = NULL;
    raw.column[MTP_ROLE_SEI] = sei;
    effects = computed(&options, &raw);
    check(effects->vi, vi, 2, TOL0);
    mtp_effects_free(effects);

    raw.column[MTP_ROLE_SEI] = NULL;
    raw.column[MTP_ROLE_CI_LOWER] = lower;
    raw.column[MTP_ROLE_CI_UPPER] = upper;
    effects = computed(NULL, &raw);
    /* (0.4 / (2 z))^2 and (7 / (2 z))^2 with z = 1.9599639845400542355, mpmath */
    assert_close(effects->vi[0], 0.010412710865080230796, TOL2, 0.0);
    assert_close(effects->vi[1], 3.1888927024308206813, TOL2, 0.0);
    assert_int_equal(effects->notes.count, 1);
    assert_int_equal(effects->notes.item[0].code, MTP_NOTE_SE_FROM_LIMITS);
    mtp_effects_free(effects);
}

static void test_asymmetric_limits_are_noted(void **state)
{
    /* a ratio's limits, forgotten to be logged: off by 0.35 of a half-width 1.15 */
    static const double yi[2] = {1.0, 2.0}, lower[2] = {0.8, 1.2},
                        upper[2] = {1.2, 3.5};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects *effects;

    (void)state;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_CI_LOWER] = lower;
    raw.column[MTP_ROLE_CI_UPPER] = upper;
    effects = computed(NULL, &raw);
    assert_int_equal(effects->notes.count, 2);
    assert_int_equal(effects->notes.item[1].code, MTP_NOTE_ASYMMETRIC_LIMITS);
    assert_int_equal(effects->notes.item[1].row, 2);
    assert_non_null(strstr(effects->notes.item[1].text, "30%"));
    mtp_effects_free(effects);
}

static void test_fractional_counts_on_request(void **state)
{
    static const double x[2] = {0.5, 1.5}, n[2] = {3.0, 4.2};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects_options options = options_of(MTP_PR);
    mtp_effects *effects;

    (void)state;
    raw.column[MTP_ROLE_EVENTS] = x;
    raw.column[MTP_ROLE_N] = n;
    options.allow_fractional = true;
    effects = computed(&options, &raw);
    assert_close(effects->yi[1], 1.5 / 4.2, TOL0, 0.0);
    mtp_effects_free(effects);
}

/* An older, smaller options struct: what it does not know keeps its default. */
static void test_options_of_an_older_caller(void **state)
{
    mtp_effects_options options, sentinel;
    mtp_raw raw = counts();
    mtp_effects *effects;
    size_t old = offsetof(mtp_effects_options, to);

    (void)state;
    memset(&sentinel, 0x5a, sizeof sentinel);
    options = sentinel;
    mtp_effects_options_init(&options, old);
    assert_memory_equal((const char *)&options + old, (const char *)&sentinel + old,
                        sizeof options - old);
    options.measure = MTP_PLO;
    effects = computed(&options, &raw);
    assert_int_equal(effects->corrected[1], 0);
    mtp_effects_free(effects);
}

static void test_every_allocation_can_fail(void **state)
{
    mtp_raw raw = counts();
    mtp_effects_options options = options_of(MTP_PLO);
    mtp_effects *effects = NULL;
    size_t n = 1;

    (void)state;
    for (;; n++) {
        mtp_error err = {0};
        mtp_status status;

        mtp_arena_fail_after(n);
        status = mtp_effects_compute(&options, &raw, &effects, &err);
        mtp_arena_fail_after(0);
        if (!status) {
            break;
        }
        assert_int_equal(status, MTP_E_NOMEM);
        assert_null(effects);
    }
    assert_true(n > 4);
    mtp_effects_free(effects);
    mtp_effects_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry),
        cmocka_unit_test(test_zero_cell_rules),
        cmocka_unit_test(test_if0all_without_empty_cells),
        cmocka_unit_test(test_note_counts_studies),
        cmocka_unit_test(test_default_correction_follows_the_measure),
        cmocka_unit_test(test_average_variance),
        cmocka_unit_test(test_average_variance_of_probits_is_noted),
        cmocka_unit_test(test_unbiased_variance),
        cmocka_unit_test(test_generic_from_vi_sei_and_limits),
        cmocka_unit_test(test_asymmetric_limits_are_noted),
        cmocka_unit_test(test_fractional_counts_on_request),
        cmocka_unit_test(test_options_of_an_older_caller),
        cmocka_unit_test(test_every_allocation_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
