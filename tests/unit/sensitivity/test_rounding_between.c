/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tests of three subgroups and of two coefficients, smallest between the corners. */
#include "metapool/rounding.h"

#include "core/arena.h"
#include "studies.h"

#include <math.h>
#include <string.h>

typedef const double *halves[MTP_ROLE_COUNT];

static const char *const level_name[] = {"a", "b", "c"};

static mtp_rounding_result *bounds_of(size_t k, const double yi[], mtp_role role,
                                      const double spread[], const halves half,
                                      const size_t level[], mtp_tau2_scope scope)
{
    const mtp_grouping grouping = {3, level, level_name};
    mtp_raw raw = {.size = sizeof raw, .k = k};
    mtp_rounding_result *r = NULL;
    mtp_pool_options pool;

    raw.column[MTP_ROLE_YI] = yi;
    raw.column[role] = spread;
    mtp_pool_options_init(&pool, sizeof pool);
    pool.null_value = 0.0;
    pool.tau2 = MTP_TAU2_DL;
    pool.tau2_scope = scope;
    assert_int_equal(mtp_rounding(&raw, half, NULL, &grouping, &pool, NULL, &r, NULL),
                     MTP_OK);
    return r;
}

/*
 * One study each. By hand: the effects come as close as 0.2, 0.4 and 0.8, whose mean
 * at weights 25, 4 and 11 is 0.385, so that Q = 25 0.185^2 + 4 0.015^2 + 11 0.415^2,
 * and p = exp(-Q / 2).
 */
static void test_apart(void **state)
{
    const double yi[] = {0.1, 0.5, 0.9}, h[] = {0.1, 0.1, 0.1};
    const double vi[] = {1.0 / 25, 1.0 / 4, 1.0 / 11};
    const halves half = {[MTP_ROLE_YI] = h};
    const size_t level[] = {0, 1, 2};
    mtp_rounding_result *r =
        bounds_of(3, yi, MTP_ROLE_VI, vi, half, level, MTP_TAU2_SEPARATE);

    (void)state;
    assert_close(r->between.common.statistic.lower, 2.751, 1e-9, 0.0);
    assert_close(r->between.common.p.upper, exp(-2.751 / 2.0), 1e-9, 0.0);
    assert_close(r->between.random.statistic.lower, 2.751, 1e-9, 0.0);
    mtp_rounding_free(r);
}

/* Nine studies: the smallest of twelve pattern searches of the 18 inputs from random
 * points, of the formulas anew in Python. */
static void test_nine(void **state)
{
    const double yi[] = {-0.4, -0.3, -0.4, 0.2, 0.0, -0.2, 0.3, 0.4, 0.1};
    const double sei[] = {1.2, 0.3, 0.2, 1.3, 0.9, 0.3, 0.3, 0.5, 0.4};
    const double h[] = {0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05};
    double h2[9];
    const halves half = {[MTP_ROLE_YI] = h, [MTP_ROLE_SEI] = h2};
    const size_t level[] = {0, 0, 0, 1, 1, 1, 2, 2, 2};
    mtp_rounding_result *r;

    (void)state;
    memcpy(h2, h, sizeof h2);
    r = bounds_of(9, yi, MTP_ROLE_SEI, sei, half, level, MTP_TAU2_SEPARATE);
    assert_close(r->between.common.statistic.value, 5.3712002463764, 1e-12, 0.0);
    assert_close(r->between.common.statistic.lower, 2.7427984024227854, 1e-9, 0.0);
    assert_close(r->between.random.statistic.lower, 2.7427984024227854, 1e-9, 0.0);
    mtp_rounding_free(r);
}

/* Effects 0.30, 0.34 and 0.37 give or take 0.05 can all have been one: Q = 0. With a
 * shared tau2 no subgroup stands by itself, and the search comes near it. */
static void test_equal(void **state)
{
    const double yi[] = {0.30, 0.34, 0.37}, vi[] = {0.04, 0.09, 0.02};
    const double h[] = {0.05, 0.05, 0.05};
    const halves half = {[MTP_ROLE_YI] = h};
    const size_t level[] = {0, 1, 2};
    mtp_rounding_result *r =
        bounds_of(3, yi, MTP_ROLE_VI, vi, half, level, MTP_TAU2_SEPARATE);

    (void)state;
    assert_true(r->between.common.statistic.lower == 0.0);
    assert_true(r->between.random.p.upper == 1.0);
    assert_true(isnan(r->between.within.statistic.lower));
    mtp_rounding_free(r);
}

static void test_equal_shared(void **state)
{
    const double yi[] = {0.30, 0.34, 0.37, 0.35, 0.32, 0.36};
    const double vi[] = {0.04, 0.09, 0.02, 0.05, 0.01, 0.03};
    const double h[] = {0.05, 0.05, 0.05, 0.05, 0.05, 0.05};
    const halves half = {[MTP_ROLE_YI] = h};
    const size_t level[] = {0, 1, 2, 0, 1, 2};
    mtp_rounding_result *r =
        bounds_of(6, yi, MTP_ROLE_VI, vi, half, level, MTP_TAU2_COMMON);

    (void)state;
    assert_close(r->between.random.statistic.lower, 0.0, 0.0, 1e-9);
    assert_close(r->between.random.p.upper, 1.0, 1e-9, 0.0);
    mtp_rounding_free(r);
}

/* Equal effects lie on no line of either moderator: QM = 0. */
static void test_two_coefficients(void **state)
{
    static const char *const name[] = {"intercept", "x", "z"}, *const term[] = {"x",
                                                                                "z"};
    const double yi[] = {0.30, 0.34, 0.37, 0.35}, vi[] = {0.04, 0.09, 0.02, 0.05};
    const double h[] = {0.05, 0.05, 0.05, 0.05};
    const double x[] = {1, 1, 3, 1, 2, 0, 1, 4, 4, 1, 7, 1};
    const size_t column_term[] = {2, 0, 1};
    const mtp_moderators m = {4, 3, x, name, true, 2, term, column_term};
    const halves half = {[MTP_ROLE_YI] = h};
    mtp_raw raw = {.size = sizeof raw, .k = 4};
    mtp_rounding_result *r = NULL;
    mtp_regress_options regress;

    (void)state;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    mtp_regress_options_init(&regress, sizeof regress);
    regress.tau2 = MTP_TAU2_EE;
    assert_int_equal(
        mtp_rounding_regress(&raw, half, NULL, &m, &regress, NULL, &r, NULL), MTP_OK);
    assert_true(r->regression->omnibus.statistic.value > 0.01);
    assert_close(r->regression->omnibus.statistic.lower, 0.0, 0.0, 1e-9);
    assert_close(r->regression->omnibus.p.upper, 1.0, 1e-9, 0.0);
    mtp_rounding_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_apart),
        cmocka_unit_test(test_nine),
        cmocka_unit_test(test_equal),
        cmocka_unit_test(test_equal_shared),
        cmocka_unit_test(test_two_coefficients),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
