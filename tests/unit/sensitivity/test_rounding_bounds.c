/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether bounds bound: against closed forms, all corners, a grid and random inputs. */
#include "metapool/rounding.h"

#include "core/arena.h"
#include "num/random.h"
#include "studies.h"

#include <math.h>
#include <string.h>

typedef const double *halves[MTP_ROLE_COUNT];

enum { FIGURES = MTP_ROUNDED_COUNT };

/* What is printed, each figure with its half unit. */
typedef struct printed {
    mtp_raw raw;
    halves half;
    mtp_effects_options how;
    mtp_grouping grouping;
    mtp_pool_options pool;
} printed;

static void begin(printed *p, size_t k)
{
    *p = (printed){.raw = {.size = sizeof p->raw, .k = k}};
    mtp_effects_options_init(&p->how, sizeof p->how);
    mtp_pool_options_init(&p->pool, sizeof p->pool);
    p->pool.null_value = 0.0;
}

static void add(printed *p, mtp_role role, const double x[], const double half[])
{
    p->raw.column[role] = x;
    p->half[role] = half;
}

static mtp_rounding_result *bounds_of(const printed *p)
{
    mtp_rounding_result *r = NULL;

    assert_int_equal(
        mtp_rounding(&p->raw, p->half, &p->how, &p->grouping, &p->pool, NULL, &r, NULL),
        MTP_OK);
    return r;
}

static mtp_pool_result *pool_of(const printed *p, const mtp_raw *raw)
{
    mtp_effects *effects = NULL;
    mtp_pool_result *pool = NULL;

    assert_int_equal(mtp_effects_compute(&p->how, raw, &effects, NULL), MTP_OK);
    assert_int_equal(mtp_pool(effects, &p->grouping, &p->pool, &pool, NULL), MTP_OK);
    mtp_effects_free(effects);
    return pool;
}

static void figures_of(const mtp_pooled *p, double figure[FIGURES])
{
    const double all[FIGURES] = {
        [MTP_ROUNDED_COMMON] = p->common.estimate,
        [MTP_ROUNDED_COMMON_LOWER] = p->common.ci.lower,
        [MTP_ROUNDED_COMMON_UPPER] = p->common.ci.upper,
        [MTP_ROUNDED_COMMON_P] = p->common.ci.p,
        [MTP_ROUNDED_RANDOM] = p->random.estimate,
        [MTP_ROUNDED_RANDOM_LOWER] = p->random.ci.lower,
        [MTP_ROUNDED_RANDOM_UPPER] = p->random.ci.upper,
        [MTP_ROUNDED_RANDOM_P] = p->random.ci.p,
        [MTP_ROUNDED_PI_LOWER] = p->random.pi.lower,
        [MTP_ROUNDED_PI_UPPER] = p->random.pi.upper,
        [MTP_ROUNDED_TAU2] = p->heterogeneity.tau2,
        [MTP_ROUNDED_I2] = p->heterogeneity.I2,
        [MTP_ROUNDED_Q] = p->heterogeneity.Q,
        [MTP_ROUNDED_Q_P] = p->heterogeneity.p,
    };

    memcpy(figure, all, sizeof all);
}

/* Within the bounds, to the rounding of the last digits. */
static void assert_within(double x, const mtp_rounding_range *range)
{
    double slack = 1e-9 * (range->upper - range->lower) + 1e-12 * fabs(range->value);

    if (isnan(range->value)) {
        assert_true(isnan(x) && isnan(range->lower) && isnan(range->upper));
        return;
    }
    assert_true(x >= range->lower - slack && x <= range->upper + slack);
}

static void assert_test_within(const mtp_test *test, const mtp_rounding_test *range)
{
    assert_within(test->statistic, &range->statistic);
    assert_within(test->p, &range->p);
}

/* Every figure of a pooling of moved inputs. */
static void assert_all_within(const mtp_pool_result *pool, const mtp_rounding_result *r)
{
    for (size_t s = 0; s < r->n_sets; s++) {
        double figure[FIGURES];

        figures_of(s == 0 ? &pool->overall : &pool->groups[s - 1], figure);
        for (size_t f = 0; f < FIGURES; f++) {
            assert_within(figure[f], &r->set[s].figure[f]);
        }
    }
    assert_test_within(&pool->between.common, &r->between.common);
    assert_test_within(&pool->between.random, &r->between.random);
    assert_test_within(&pool->between.within, &r->between.within);
}

/* As printed, figures are those of mtp_pool to the last bit. */
static void assert_values(const printed *p, const mtp_rounding_result *r)
{
    mtp_pool_result *pool = pool_of(p, &p->raw);

    for (size_t s = 0; s < r->n_sets; s++) {
        double figure[FIGURES];

        figures_of(s == 0 ? &pool->overall : &pool->groups[s - 1], figure);
        for (size_t f = 0; f < FIGURES; f++) {
            assert_close(r->set[s].figure[f].value, figure[f], 0.0, 0.0);
        }
    }
    assert_close(r->between.random.statistic.value, pool->between.random.statistic, 0.0,
                 0.0);
    assert_close(r->between.common.p.value, pool->between.common.p, 0.0, 0.0);
    assert_close(r->between.within.statistic.value, pool->between.within.statistic, 0.0,
                 0.0);
    mtp_pool_result_free(pool);
}

enum { K_MAX = 50, COLUMNS_MAX = 3 };

/* Random inputs, a third of them at an end. */
static void move(const printed *p, mtp_random *random, double moved[][K_MAX],
                 mtp_raw *raw)
{
    size_t n = 0;

    *raw = p->raw;
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        if (!p->half[r]) {
            continue;
        }
        assert_true(n < COLUMNS_MAX);
        for (size_t i = 0; i < p->raw.k; i++) {
            double u = 3.0 * mtp_random_uniform(random) - 1.5;

            u = u < -1.0 ? -1.0 : u > 1.0 ? 1.0 : u;
            moved[n][i] = p->raw.column[r][i] + u * p->half[r][i];
        }
        raw->column[r] = moved[n++];
    }
}

static void assert_draws_within(const printed *p, size_t draws)
{
    mtp_rounding_result *r = bounds_of(p);
    double moved[COLUMNS_MAX][K_MAX];

    assert_values(p, r);
    for (size_t d = 0; d < draws; d++) {
        mtp_random random = mtp_random_start(4711, d);
        mtp_pool_result *pool;
        mtp_raw raw;

        move(p, &random, moved, &raw);
        pool = pool_of(p, &raw);
        assert_all_within(pool, r);
        mtp_pool_result_free(pool);
    }
    mtp_rounding_free(r);
}

/* Effects and standard errors of k studies, with two decimals. */
typedef struct drawn {
    double yi[K_MAX], sei[K_MAX], half[K_MAX], half2[K_MAX];
    size_t level[K_MAX];
} drawn;

static const char *const level_name[] = {"a", "b", "c", "d", "e"};

static void draw_studies(drawn *d, printed *p, size_t k, size_t groups, uint64_t seed)
{
    mtp_random random = mtp_random_start(seed, 0);

    for (size_t i = 0; i < k; i++) {
        d->yi[i] = round(100.0 * (2.0 * mtp_random_uniform(&random) - 0.7)) / 100.0;
        d->sei[i] = round(100.0 * (0.06 + 0.5 * mtp_random_uniform(&random))) / 100.0;
        d->half[i] = d->half2[i] = 0.005;
        d->level[i] = groups > 0 ? i % groups : 0;
    }
    begin(p, k);
    add(p, MTP_ROLE_YI, d->yi, d->half);
    add(p, MTP_ROLE_SEI, d->sei, d->half2);
    p->grouping = (mtp_grouping){groups, d->level, level_name};
}

/* Fifty studies in five subgroups. */
static void test_fifty(void **state)
{
    static drawn d;
    printed p;

    (void)state;
    draw_studies(&d, &p, 50, 5, 11);
    assert_draws_within(&p, 60);
}

/* Estimators and intervals of few studies, whose figures bend the most: half units of a
 * tenth of the standard errors. */
static void test_few(void **state)
{
    static const mtp_tau2_method tau2[] = {MTP_TAU2_REML, MTP_TAU2_DL, MTP_TAU2_PM,
                                           MTP_TAU2_SJ, MTP_TAU2_EE};
    static const mtp_ci_method ci[] = {MTP_CI_WALD, MTP_CI_HKSJ, MTP_CI_HKSJ_ADHOC,
                                       MTP_CI_KR};
    static drawn d;
    printed p;

    (void)state;
    for (size_t c = 0; c < sizeof ci / sizeof *ci; c++) {
        for (size_t t = 0; t < (ci[c] == MTP_CI_KR ? 1 : 5); t++) {
            draw_studies(&d, &p, 4, c % 2 ? 0 : 2, 100 + c);
            for (size_t i = 0; i < 4; i++) {
                d.half[i] = 0.05;
            }
            p.pool.tau2 = tau2[t];
            p.pool.ci = ci[c];
            assert_draws_within(&p, 300);
        }
    }
}

/* Every point of a grid of the inputs of three studies. */
static void test_grid(void **state)
{
    enum { LEVELS = 4, POINTS = 4096 };
    static drawn d;
    double yi[3], sei[3];
    printed p;
    mtp_raw raw;
    mtp_rounding_result *r;

    (void)state;
    draw_studies(&d, &p, 3, 0, 5);
    r = bounds_of(&p);
    raw = p.raw;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_SEI] = sei;
    for (size_t point = 0; point < POINTS; point++) {
        size_t digits = point;
        mtp_pool_result *pool;

        for (size_t i = 0; i < 3; i++, digits /= LEVELS) {
            yi[i] = d.yi[i] + d.half[i] * (2.0 * (double)(digits % LEVELS) / 3.0 - 1.0);
        }
        for (size_t i = 0; i < 3; i++, digits /= LEVELS) {
            sei[i] =
                d.sei[i] + d.half2[i] * (2.0 * (double)(digits % LEVELS) / 3.0 - 1.0);
        }
        pool = pool_of(&p, &raw);
        assert_all_within(pool, r);
        mtp_pool_result_free(pool);
    }
    mtp_rounding_free(r);
}

/* Effects 0.30 and 0.34, each give or take 0.05, may have been equal: Q is 0 then,
 * which no corner shows. Q is largest at 0.25 and 0.39: 0.14^2 / (0.04 + 0.09), by
 * hand. */
static void test_between_corners(void **state)
{
    const double yi[] = {0.30, 0.34}, vi[] = {0.04, 0.09}, h[] = {0.05, 0.05};
    mtp_rounding_result *r;
    const mtp_rounding_range *Q;
    printed p;

    (void)state;
    begin(&p, 2);
    add(&p, MTP_ROLE_YI, yi, h);
    add(&p, MTP_ROLE_VI, vi, NULL);
    p.pool.tau2 = MTP_TAU2_DL;
    r = bounds_of(&p);
    Q = &r->set[0].figure[MTP_ROUNDED_Q];
    assert_close(Q->lower, 0.0, 0.0, 1e-12);
    assert_close(Q->upper, 0.14 * 0.14 / 0.13, 1e-12, 0.0);
    mtp_rounding_free(r);
}

static void assert_range(const mtp_rounding_range *range, double lower, double upper,
                         double rtol)
{
    assert_close(range->lower, lower, rtol, 0.0);
    assert_close(range->upper, upper, rtol, 0.0);
}

/* Two subgroups of three studies. All 4096 corners by metafor 3.8-1: rma of each
 * subgroup by REML and FE, Wald's test of two means, the sum of both Q. */
static void test_subgroups(void **state)
{
    const double yi[] = {0.12, 0.35, 0.64, 0.71, 0.40, 1.05};
    const double sei[] = {0.11, 0.19, 0.15, 0.21, 0.13, 0.30};
    const double h[] = {0.005, 0.005, 0.005, 0.005, 0.005, 0.005};
    const double h2[] = {0.005, 0.005, 0.005, 0.005, 0.005, 0.005};
    const size_t level[] = {0, 0, 0, 1, 1, 1};
    mtp_rounding_result *r;
    printed p;

    (void)state;
    begin(&p, 6);
    add(&p, MTP_ROLE_YI, yi, h);
    add(&p, MTP_ROLE_SEI, sei, h2);
    p.grouping = (mtp_grouping){2, level, level_name};
    r = bounds_of(&p);
    assert_range(&r->between.random.statistic, 1.2424886262168937, 1.6198812644684963,
                 1e-7);
    assert_range(&r->between.random.p, 0.20310834434574687, 0.26499197337039249, 1e-7);
    assert_range(&r->between.common.statistic, 2.4902508996976813, 4.5095388422718763,
                 1e-10);
    assert_range(&r->between.within.statistic, 11.316542274734271, 13.960231896897668,
                 1e-10);
    mtp_rounding_free(r);
}

/* Equal subgroups: statistic 0 lies within rounding, and p = 1. */
static void test_equal_subgroups(void **state)
{
    const double yi[] = {0.30, 0.34}, vi[] = {0.04, 0.09}, h[] = {0.05, 0.05};
    const size_t level[] = {0, 1};
    mtp_rounding_result *r;
    printed p;

    (void)state;
    begin(&p, 2);
    add(&p, MTP_ROLE_YI, yi, h);
    add(&p, MTP_ROLE_VI, vi, NULL);
    p.grouping = (mtp_grouping){2, level, level_name};
    r = bounds_of(&p);
    assert_close(r->between.common.statistic.lower, 0.0, 0.0, 1e-12);
    assert_close(r->between.common.p.upper, 1.0, 1e-6, 0.0);
    assert_close(r->between.common.statistic.upper, 0.14 * 0.14 / 0.13, 1e-12, 0.0);
    assert_true(isnan(r->between.within.statistic.value)); /* no study beside another */
    mtp_rounding_free(r);
}

/* A standard deviation of 1 printed without decimals may have been 0.5, one of 0.5 with
 * half a unit of 0.5 was 0 at its end: note, and finite bounds. */
static void test_standard_deviations(void **state)
{
    const double m1[] = {4.1, 5.2, 3.9}, sd1[] = {1.0, 0.5, 2.0}, n1[] = {20, 30, 25};
    const double m2[] = {3.5, 5.0, 3.1}, sd2[] = {1.0, 0.5, 2.0}, n2[] = {20, 30, 25};
    const double h[] = {0.5, 0.5, 0.5}, h2[] = {0.5, 0.5, 0.5};
    mtp_rounding_result *r;
    printed p;

    (void)state;
    begin(&p, 3);
    p.how.measure = MTP_MD;
    add(&p, MTP_ROLE_MEAN1, m1, NULL);
    add(&p, MTP_ROLE_MEAN2, m2, NULL);
    add(&p, MTP_ROLE_SD1, sd1, h);
    add(&p, MTP_ROLE_SD2, sd2, h2);
    add(&p, MTP_ROLE_N1, n1, NULL);
    add(&p, MTP_ROLE_N2, n2, NULL);
    r = bounds_of(&p);
    assert_int_equal(r->n_inputs, 6);
    assert_int_equal(r->clipped[1], 1);
    assert_int_equal(r->n_clipped, 1);
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_ROUNDING_CLIPPED);
    for (size_t f = 0; f < FIGURES; f++) {
        assert_true(isfinite(r->set[0].figure[f].lower));
        assert_true(isfinite(r->set[0].figure[f].upper));
    }
    mtp_rounding_free(r);
}

/* Rates with no events: the counts stay, person-time moves. By hand, one arm's time of
 * 100 give or take 50: log((0.5 / t) / (4.5 / 200)) at t = 150 and 50. */
static void test_no_events(void **state)
{
    const double e1[] = {0}, t1[] = {100.0}, e2[] = {4}, t2[] = {200.0}, h[] = {50.0};
    mtp_rounding_result *r;
    printed p;

    (void)state;
    begin(&p, 1);
    p.how.measure = MTP_IRR;
    p.pool.null_value = 1.0;
    add(&p, MTP_ROLE_EVENTS1, e1, h);
    add(&p, MTP_ROLE_TIME1, t1, h);
    add(&p, MTP_ROLE_EVENTS2, e2, NULL);
    add(&p, MTP_ROLE_TIME2, t2, NULL);
    r = bounds_of(&p);
    assert_int_equal(r->n_inputs, 1);
    assert_range(&r->set[0].figure[MTP_ROUNDED_COMMON],
                 log(0.5 / 150.0 / (4.5 / 200.0)), log(0.5 / 50.0 / (4.5 / 200.0)),
                 1e-13);
    mtp_rounding_free(r);
}

/* A figure that there is none of as printed has no bounds: tau2 of one study. */
static void test_absent(void **state)
{
    const double yi[] = {0.30}, sei[] = {0.2}, h[] = {0.05};
    mtp_rounding_result *r;
    printed p;

    (void)state;
    begin(&p, 1);
    add(&p, MTP_ROLE_YI, yi, h);
    add(&p, MTP_ROLE_SEI, sei, NULL);
    r = bounds_of(&p);
    assert_true(isnan(r->set[0].figure[MTP_ROUNDED_TAU2].value));
    assert_true(isnan(r->set[0].figure[MTP_ROUNDED_TAU2].upper));
    assert_true(isnan(r->between.random.p.lower));
    assert_null(r->regression);
    mtp_rounding_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fifty),
        cmocka_unit_test(test_few),
        cmocka_unit_test(test_grid),
        cmocka_unit_test(test_between_corners),
        cmocka_unit_test(test_subgroups),
        cmocka_unit_test(test_equal_subgroups),
        cmocka_unit_test(test_standard_deviations),
        cmocka_unit_test(test_no_events),
        cmocka_unit_test(test_absent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
