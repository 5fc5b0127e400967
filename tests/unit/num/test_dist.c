/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "support/test.h"
#include "unit/num/gsl_handler.h"
#include "unit/num/reference.h"

/* Values of reference.h: mpmath at 50 digits, see reference.py. */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const double smallest = 0x1p-1074; /* one unit of a subnormal number */

static void check(const char *table, size_t row, double got, double want, double rtol)
{
    if (!mtp_test_close(got, want, rtol, smallest)) {
        print_error("%s, row %zu: %.17g, not %.17g (off by %.3g relative)\n", table,
                    row, got, want, fabs(got - want) / fabs(want));
        fail();
    }
}

static void check_tail(const char *table, size_t row, mtp_tail got, double p,
                       double log_p)
{
    check(table, row, got.p, p, TOL1);
    check(table, row, got.log_p, log_p, TOL1);
}

#define CHECK_TAILS(table, call)                                                       \
    for (size_t i = 0; i < COUNT(table); i++) {                                        \
        check_tail(#table, i, call, (table)[i].p, (table)[i].log_p);                   \
    }

#define CHECK_VALUES(table, field, rtol, call)                                         \
    for (size_t i = 0; i < COUNT(table); i++) {                                        \
        check(#table, i, call, (table)[i].field, rtol);                                \
    }

static void normal_tails(void **state)
{
    (void)state;
    CHECK_TAILS(normal_two_sided, mtp_normal_two_sided(normal_two_sided[i].z))
    CHECK_TAILS(normal_upper, mtp_normal_upper(normal_upper[i].z))
}

static void t_tails(void **state)
{
    (void)state;
    CHECK_TAILS(t_two_sided, mtp_t_two_sided(t_two_sided[i].t, t_two_sided[i].df))
}

static void chisq_tails(void **state)
{
    (void)state;
    CHECK_TAILS(chisq_upper, mtp_chisq_upper(chisq_upper[i].x, chisq_upper[i].df))
    CHECK_TAILS(chisq_lower, mtp_chisq_lower(chisq_lower[i].x, chisq_lower[i].df))
}

static void f_tails(void **state)
{
    (void)state;
    CHECK_TAILS(f_upper, mtp_f_upper(f_upper[i].f, f_upper[i].df1, f_upper[i].df2))
}

static void quantiles(void **state)
{
    (void)state;
    CHECK_VALUES(normal_quantile, z, TOL1,
                 mtp_normal_upper_quantile(normal_quantile[i].p))
    CHECK_VALUES(t_quantile, t, TOL1,
                 mtp_t_upper_quantile(t_quantile[i].p, t_quantile[i].df))
    CHECK_VALUES(
        chisq_upper_quantile, x, TOL1,
        mtp_chisq_upper_quantile(chisq_upper_quantile[i].p, chisq_upper_quantile[i].df))
    CHECK_VALUES(
        chisq_lower_quantile, x, TOL1,
        mtp_chisq_lower_quantile(chisq_lower_quantile[i].p, chisq_lower_quantile[i].df))
}

static void loader_functions(void **state)
{
    (void)state;
    CHECK_VALUES(stirling_error, error, TOL0, mtp_stirling_error(stirling_error[i].n))
    CHECK_VALUES(deviance_part, part, TOL0,
                 mtp_deviance_part(deviance_part[i].x, deviance_part[i].m))
    assert_true(mtp_stirling_error(0.0) == (double)INFINITY);
}

static void probabilities_of_counts(void **state)
{
    (void)state;
    CHECK_VALUES(log_binomial, log_p, TOL0,
                 mtp_log_binomial(log_binomial[i].x, log_binomial[i].n,
                                  log_binomial[i].p, 1.0 - log_binomial[i].p))
    CHECK_VALUES(log_poisson, log_p, TOL0,
                 mtp_log_poisson(log_poisson[i].x, log_poisson[i].m))
    CHECK_VALUES(log_choose, log_c, TOL0,
                 mtp_log_choose(log_choose[i].n, log_choose[i].x))
}

/* 1 - 0.95 is 0.050000000000000044 in doubles; the level that was meant is 0.95. */
static void levels_are_decimals(void **state)
{
    (void)state;
    assert_true(mtp_tail_of_level(0.95) == 0.025);
    assert_true(mtp_tail_of_level(0.9) == 0.05);
    assert_true(mtp_tail_of_level(0.99) == 0.005);
    assert_true(mtp_tail_of_level(0.999999) == 5e-7);
}

/* No level below 1 leaves nothing out: 1 - 2^-53 is the largest double below 1. */
static void no_level_leaves_nothing_out(void **state)
{
    (void)state;
    assert_true(mtp_tail_of_level(1.0 - 0x1p-53) == 0x1p-54);
    assert_true(mtp_tail_of_level(1.0 - 0x1p-52) == 0x1p-53);
    assert_true(mtp_tail_of_level(0x1p-1074) == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_tails),
        cmocka_unit_test(t_tails),
        cmocka_unit_test(chisq_tails),
        cmocka_unit_test(f_tails),
        cmocka_unit_test(quantiles),
        cmocka_unit_test(loader_functions),
        cmocka_unit_test(probabilities_of_counts),
        cmocka_unit_test(levels_are_decimals),
        cmocka_unit_test(no_level_leaves_nothing_out),
    };

    return cmocka_run_group_tests(tests, install_gsl_handler, NULL);
}
