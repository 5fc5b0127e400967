/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/rounding.h"

#include "core/arena.h"
#include "studies.h"

#include <math.h>
#include <string.h>

typedef const double *halves[MTP_ROLE_COUNT];

static mtp_rounding_result *bounds_of(const mtp_raw *raw, const halves half,
                                      const mtp_pool_options *pool)
{
    mtp_rounding_result *r = NULL;

    assert_int_equal(mtp_rounding(raw, half, NULL, NULL, pool, NULL, &r, NULL), MTP_OK);
    return r;
}

static mtp_pool_options pooled_by(mtp_tau2_method tau2)
{
    mtp_pool_options pool;

    mtp_pool_options_init(&pool, sizeof pool);
    pool.tau2 = tau2;
    pool.null_value = 0.0;
    return pool;
}

/* Weights 25, 100/9 and 100: the mean is 2390/4900 and moves by sum w h / sum w =
 * 1847/4900, by hand. */
static void test_by_hand(void **state)
{
    const double yi[] = {0.3, 0.8, 0.5}, vi[] = {0.04, 0.09, 0.01};
    const double h[] = {0.05, 0.005, 0.5};
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    halves half = {[MTP_ROLE_YI] = h};
    mtp_pool_options pool = pooled_by(MTP_TAU2_EE);
    mtp_rounding_result *r;
    const mtp_rounding_range *mean;

    (void)state;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    r = bounds_of(&raw, half, &pool);
    mean = &r->set[0].figure[MTP_ROUNDED_COMMON];
    assert_close(mean->value, 2390.0 / 4900.0, 1e-14, 0.0);
    assert_close(mean->lower, 543.0 / 4900.0, 1e-13, 0.0);
    assert_close(mean->upper, 4237.0 / 4900.0, 1e-13, 0.0);
    assert_true(isnan(mean->median));
    assert_int_equal(r->n_inputs, 3);
    assert_int_equal(r->n_clipped, 0);
    mtp_rounding_free(r);
}

static const double four_yi[] = {0.30, 0.82, 0.55, -0.10};
static const double four_sei[] = {0.20, 0.31, 0.12, 0.25};
static const double four_h[] = {0.005, 0.005, 0.005, 0.005};
static const double four_h2[] = {0.005, 0.005, 0.005, 0.005};

static mtp_raw four(void)
{
    mtp_raw raw = {.size = sizeof raw, .k = 4};

    raw.column[MTP_ROLE_YI] = four_yi;
    raw.column[MTP_ROLE_SEI] = four_sei;
    return raw;
}

static void assert_range(const mtp_rounding_range *range, double lower, double upper)
{
    assert_close(range->lower, lower, 1e-12, 0.0);
    assert_close(range->upper, upper, 1e-12, 0.0);
}

/* All 256 corners in mpmath, 40 digits; 20,000 random points within them go beyond
 * none. */
static void test_corners(void **state)
{
    mtp_raw raw = four();
    halves half = {[MTP_ROLE_YI] = four_h, [MTP_ROLE_SEI] = four_h2};
    mtp_pool_options pool = pooled_by(MTP_TAU2_DL);
    mtp_rounding_result *r;
    const mtp_rounding_range *figure;

    (void)state;
    r = bounds_of(&raw, half, &pool);
    figure = r->set[0].figure;
    assert_range(&figure[MTP_ROUNDED_COMMON], 0.41954872926940636, 0.45110694541734123);
    assert_range(&figure[MTP_ROUNDED_RANDOM], 0.3799197636410497, 0.39998121758810219);
    assert_range(&figure[MTP_ROUNDED_TAU2], 0.05553932483748283, 0.068409365976659772);
    assert_range(&figure[MTP_ROUNDED_Q], 6.9504590472419493, 8.0946429641927541);
    assert_int_equal(r->n_inputs, 8);
    mtp_rounding_free(r);
}

/* A column that two roles read moves as one: the difference of equal means stays. */
static void test_one_column(void **state)
{
    const double mean[] = {4.1, 5.2}, sd[] = {1.0, 1.5}, n[] = {20, 30};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    const double h[] = {0.05, 0.05}, other[] = {0.05, 0.05};
    halves half = {[MTP_ROLE_MEAN1] = h, [MTP_ROLE_MEAN2] = h};
    mtp_effects_options how;
    mtp_rounding_result *r = NULL;

    (void)state;
    mtp_effects_options_init(&how, sizeof how);
    how.measure = MTP_MD;
    raw.column[MTP_ROLE_MEAN1] = raw.column[MTP_ROLE_MEAN2] = mean;
    raw.column[MTP_ROLE_SD1] = raw.column[MTP_ROLE_SD2] = sd;
    raw.column[MTP_ROLE_N1] = raw.column[MTP_ROLE_N2] = n;
    assert_int_equal(mtp_rounding(&raw, half, &how, NULL, NULL, NULL, &r, NULL),
                     MTP_OK);
    assert_close(r->set[0].figure[MTP_ROUNDED_COMMON].lower, 0.0, 0.0, 1e-15);
    assert_close(r->set[0].figure[MTP_ROUNDED_COMMON].upper, 0.0, 0.0, 1e-15);
    mtp_rounding_free(r);
    half[MTP_ROLE_MEAN2] = other; /* two columns: each study by up to 0.1 */
    half[MTP_ROLE_N1] = h;        /* counts stay */
    assert_int_equal(mtp_rounding(&raw, half, &how, NULL, NULL, NULL, &r, NULL),
                     MTP_OK);
    assert_close(r->set[0].figure[MTP_ROUNDED_COMMON].lower, -0.1, 1e-12, 0.0);
    assert_close(r->set[0].figure[MTP_ROUNDED_COMMON].upper, 0.1, 1e-12, 0.0);
    assert_int_equal(r->n_inputs, 4);
    mtp_rounding_free(r);
}

/* One study: its own figure and limits; no heterogeneity. p reaches 1 where 0 lies
 * within the rounding. */
static void test_one_study(void **state)
{
    const double yi = 0.02, sei = 0.2, h = 0.05;
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    halves half = {[MTP_ROLE_YI] = &h};
    mtp_pool_options pool = pooled_by(MTP_TAU2_REML);
    mtp_rounding_result *r;
    const mtp_rounding_range *figure;

    (void)state;
    raw.column[MTP_ROLE_YI] = &yi;
    raw.column[MTP_ROLE_SEI] = &sei;
    r = bounds_of(&raw, half, &pool);
    figure = r->set[0].figure;
    assert_close(figure[MTP_ROUNDED_RANDOM].lower, -0.03, 1e-12, 0.0);
    assert_close(figure[MTP_ROUNDED_RANDOM].upper, 0.07, 1e-12, 0.0);
    /* 2 (1 - Phi(0.35)), mpmath */
    assert_close(figure[MTP_ROUNDED_RANDOM_P].lower, 0.72633869764876186, 1e-12, 0.0);
    assert_close(figure[MTP_ROUNDED_RANDOM_P].upper, 1.0, 0.0, 0.0);
    assert_true(isnan(figure[MTP_ROUNDED_TAU2].value));
    assert_true(isnan(figure[MTP_ROUNDED_PI_LOWER].lower));
    mtp_rounding_free(r);
}

/* Limits 1.00 and 1.01 may have been one: a standard error of 0. */
static void test_clipped(void **state)
{
    const double yi[] = {1.0, 1.2}, lower[] = {1.00, 0.9}, upper[] = {1.01, 1.5};
    const double h[] = {0.005, 0.005}, h2[] = {0.005, 0.005};
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    halves half = {[MTP_ROLE_CI_LOWER] = h, [MTP_ROLE_CI_UPPER] = h2};
    mtp_rounding_result *r;

    (void)state;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_CI_LOWER] = lower;
    raw.column[MTP_ROLE_CI_UPPER] = upper;
    r = bounds_of(&raw, half, NULL);
    assert_int_equal(r->n_clipped, 1);
    assert_int_equal(r->clipped[0], 1);
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_ROUNDING_CLIPPED);
    assert_int_equal(r->notes.item[0].row, 1);
    assert_true(isfinite(r->set[0].figure[MTP_ROUNDED_COMMON].lower));
    mtp_rounding_free(r);
}

/* A standard error beside a variance has no part in the effect. */
static void test_idle(void **state)
{
    mtp_raw raw = four();
    const double vi[] = {0.04, 0.09, 0.02, 0.06};
    halves half = {[MTP_ROLE_YI] = four_h, [MTP_ROLE_SEI] = four_h2};
    mtp_rounding_result *r;

    (void)state;
    raw.column[MTP_ROLE_VI] = vi;
    r = bounds_of(&raw, half, NULL);
    assert_int_equal(r->n_inputs, 4);
    mtp_rounding_free(r);
}

enum { MANY = 14, GROUPS = 2 };

typedef struct many {
    double yi[MANY], sei[MANY], h[MANY], h2[MANY];
    size_t level[MANY];
} many;

static mtp_raw make_many(many *m)
{
    mtp_raw raw = {.size = sizeof raw, .k = MANY};

    for (size_t i = 0; i < MANY; i++) {
        m->yi[i] = (double)((7 * i + 3) % 31) / 20.0 - 0.5;
        m->sei[i] = 0.1 + (double)((11 * i) % 37) / 100.0;
        m->h[i] = 0.025;
        m->h2[i] = 0.005;
        m->level[i] = i % GROUPS;
    }
    raw.column[MTP_ROLE_YI] = m->yi;
    raw.column[MTP_ROLE_SEI] = m->sei;
    return raw;
}

static mtp_rounding_result *run_many(many *m, mtp_rounding_way way, unsigned threads)
{
    static const char *const name[GROUPS] = {"a", "b"};
    mtp_raw raw = make_many(m);
    halves half = {[MTP_ROLE_YI] = m->h, [MTP_ROLE_SEI] = m->h2};
    mtp_grouping grouping = {GROUPS, m->level, name};
    mtp_pool_options pool = pooled_by(MTP_TAU2_DL);
    mtp_rounding_options options;
    mtp_rounding_result *r = NULL;

    mtp_rounding_options_init(&options, sizeof options);
    options.way = way;
    options.draws = 200;
    options.threads = threads;
    assert_int_equal(
        mtp_rounding(&raw, half, NULL, &grouping, &pool, &options, &r, NULL), MTP_OK);
    assert_int_equal(r->n_sets, 1 + GROUPS);
    assert_string_equal(r->set[2].name, "b");
    return r;
}

static void assert_alike(const mtp_rounding_result *a, const mtp_rounding_result *b)
{
    assert_int_equal(a->fits, b->fits);
    for (size_t s = 0; s < a->n_sets; s++) {
        assert_memory_equal(a->set[s].figure, b->set[s].figure,
                            sizeof a->set[s].figure);
        assert_memory_equal(a->set[s].back, b->set[s].back, sizeof a->set[s].back);
    }
}

static bool within(double lower, double x, double upper)
{
    return lower <= x && x <= upper;
}

/* Threads change no bit; bounds hold what was printed and the percentiles of draws. */
static void test_many(void **state)
{
    many m;
    mtp_rounding_result *bounds = run_many(&m, MTP_ROUNDING_BOUNDS, 1),
                        *again = run_many(&m, MTP_ROUNDING_BOUNDS, 4),
                        *draws = run_many(&m, MTP_ROUNDING_DRAWS, 1),
                        *drawn = run_many(&m, MTP_ROUNDING_DRAWS, 4);

    (void)state;
    assert_alike(bounds, again);
    assert_alike(draws, drawn);
    for (size_t s = 0; s < bounds->n_sets; s++) {
        for (size_t f = 0; f < MTP_ROUNDED_COUNT; f++) {
            const mtp_rounding_range *b = &bounds->set[s].figure[f],
                                     *d = &draws->set[s].figure[f];

            assert_true(within(b->lower, b->value, b->upper));
            assert_true(within(d->lower, d->median, d->upper));
            assert_true(within(b->lower, d->lower, b->upper));
            assert_true(within(b->lower, d->upper, b->upper));
        }
        assert_true(bounds->set[s].figure[MTP_ROUNDED_RANDOM].lower <
                    draws->set[s].figure[MTP_ROUNDED_RANDOM].lower);
    }
    mtp_rounding_free(bounds);
    mtp_rounding_free(again);
    mtp_rounding_free(draws);
    mtp_rounding_free(drawn);
}

static void test_refusals(void **state)
{
    mtp_raw raw = four();
    const double negative[] = {0.005, -1.0, 0.005, 0.005};
    halves half = {[MTP_ROLE_YI] = negative};
    mtp_rounding_result *r = NULL;
    mtp_rounding_options options = {0};
    mtp_pool_options pool = pooled_by(MTP_TAU2_REML);

    (void)state;
    assert_int_equal(mtp_rounding(&raw, half, NULL, NULL, NULL, NULL, &r, NULL),
                     MTP_E_ARG);
    half[MTP_ROLE_YI] = four_h;
    assert_int_equal(mtp_rounding(&raw, half, NULL, NULL, NULL, &options, &r, NULL),
                     MTP_E_ARG);
    mtp_rounding_options_init(&options, sizeof options);
    options.draws = 0;
    assert_int_equal(mtp_rounding(&raw, half, NULL, NULL, NULL, &options, &r, NULL),
                     MTP_E_ARG);
    pool.predict = MTP_PI_NNF;
    assert_int_equal(mtp_rounding(&raw, half, NULL, NULL, &pool, NULL, &r, NULL),
                     MTP_E_UNSUPPORTED);
    raw.column[MTP_ROLE_YI] = NULL;
    assert_int_equal(mtp_rounding(&raw, half, NULL, NULL, NULL, NULL, &r, NULL),
                     MTP_E_ARG);
    assert_null(r);
}

static void test_no_memory(void **state)
{
    mtp_raw raw = four();
    halves half = {[MTP_ROLE_YI] = four_h};
    mtp_status status = MTP_E_NOMEM;
    mtp_rounding_options options;
    size_t n = 1;

    (void)state;
    mtp_rounding_options_init(&options, sizeof options);
    options.starts = 1;
    for (; status == MTP_E_NOMEM && n < 1000000; n += 1 + n / 8) {
        mtp_rounding_result *r = NULL;

        mtp_arena_fail_after(n);
        status = mtp_rounding(&raw, half, NULL, NULL, NULL, &options, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || !r);
        mtp_rounding_free(r);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),    cmocka_unit_test(test_corners),
        cmocka_unit_test(test_one_column), cmocka_unit_test(test_one_study),
        cmocka_unit_test(test_clipped),    cmocka_unit_test(test_idle),
        cmocka_unit_test(test_many),       cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
