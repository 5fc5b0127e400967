/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/correlation.h"

#include "support/test.h"

/* Pearson's correlation. Values: the formulas in mpmath, 50 digits; the first set is
 * the example of R's cor.test, which says the same to 15 digits. */

typedef struct want {
    double r, t, p, log_p, lower, upper;
} want;

static void check(size_t n, const double x[], const double y[], double level,
                  const want *w, double tolerance)
{
    mtp_correlation c;

    assert_int_equal(mtp_correlate(n, x, y, level, &c, NULL), MTP_OK);
    assert_int_equal(c.n, n);
    assert_close(c.estimate, w->r, TOL1, 0.0);
    assert_close(c.statistic, w->t, tolerance, 0.0);
    assert_close(c.df, (double)n - 2.0, 0.0, 0.0);
    assert_close(c.p, w->p, tolerance, 0.0);
    assert_close(c.log_p, w->log_p, tolerance, 0.0);
    assert_close(c.ci_lower, w->lower, tolerance, 0.0);
    assert_close(c.ci_upper, w->upper, tolerance, 0.0);
}

static const double hunter[] = {44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1};
static const double panel[] = {2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8};

static void test_values(void **state)
{
    static const want w95 = {0.57118155756382873832,  1.8410826381153381453,
                             0.10817305434949388388,  -2.2240229791711996174,
                             -0.14974263303675730839, 0.89557946183873932942};
    static const want w90 = {0.57118155756382873832, 1.8410826381153381453,
                             0.10817305434949388388, -2.2240229791711996174,
                             -0.022230227504511643,  0.86697863480761439};
    static const double x[] = {1e9 + 1.0, 1e9 + 2.0, 1e9 + 3.0, 1e9 + 5.0};
    static const double y[] = {0.1, 0.4, 0.2, 0.9};
    static const want far = {0.87745359537133083885,  2.587046667054218356,
                             0.12254640462866916115,  -2.099265507433738556,
                             -0.53374894464164872204, 0.99741300166810759476};

    (void)state;
    check(9, hunter, panel, 0.95, &w95, TOL2);
    check(9, hunter, panel, 0.90, &w90, TOL3);
    check(4, x, y, 0.95, &far, TOL2);
}

/* Scale changes nothing, a sign the sign. */
static void test_scale(void **state)
{
    double x[9], y[9];
    mtp_correlation plain, other;

    (void)state;
    for (size_t i = 0; i < 9; i++) {
        x[i] = hunter[i] * 0x1p1000;
        y[i] = -panel[i] * 0x1p-1000;
    }
    assert_int_equal(mtp_correlate(9, hunter, panel, 0.95, &plain, NULL), MTP_OK);
    assert_int_equal(mtp_correlate(9, x, y, 0.95, &other, NULL), MTP_OK);
    assert_close(other.estimate, -plain.estimate, 0.0, 0.0);
    assert_close(other.p, plain.p, 0.0, 0.0);
    assert_close(other.ci_lower, -plain.ci_upper, 0.0, 0.0);
    assert_close(other.ci_upper, -plain.ci_lower, 0.0, 0.0);
}

/* A line, all but a line, and three studies, of which every correlation may be. */
static void test_ends(void **state)
{
    static const double x[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0};
    static const double nearly[] = {1.0, 2.0, 3.0, 4.0, 5.0, 6.0 + 0x1p-30};
    static const double x3[] = {1.0, 2.0, 3.0}, y3[] = {1.0, 3.0, 2.0};
    static const want three = {0.5,
                               0.57735026918962576451,
                               0.66666666666666666667,
                               -0.40546510810816438198,
                               -1.0,
                               1.0};
    mtp_correlation c;

    (void)state;
    check(3, x3, y3, 0.95, &three, TOL2);
    assert_int_equal(mtp_correlate(6, x, x, 0.95, &c, NULL), MTP_OK);
    assert_close(c.estimate, 1.0, 0.0, 0.0);
    assert_true(isinf(c.statistic) && c.statistic > 0.0);
    assert_close(c.p, 0.0, 0.0, 0.0);
    assert_close(c.ci_lower, 1.0, 0.0, 0.0);
    assert_close(c.ci_upper, 1.0, 0.0, 0.0);
    assert_int_equal(mtp_correlate(6, x, nearly, 0.95, &c, NULL), MTP_OK);
    assert_close(c.statistic, 13018427755.389805983, 1e-10, 0.0);
    assert_close(c.log_p, -91.366767372055039061, 1e-10, 0.0);
}

static void test_refusals(void **state)
{
    static const double x[] = {1.0, 2.0, 3.0, (double)NAN}, same[] = {2.0, 2.0, 2.0};
    mtp_correlation c = {.n = 77};
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_correlate(2, x, panel, 0.95, &c, &err), MTP_E_DATA);
    assert_string_equal(err.message,
                        "2 studies are too few for a correlation: it takes three");
    assert_int_equal(mtp_correlate(4, x, panel, 0.95, &c, &err), MTP_E_DATA);
    assert_int_equal(err.line, 4);
    assert_string_equal(err.column, "x");
    assert_int_equal(mtp_correlate(3, panel, same, 0.95, &c, &err), MTP_E_DEGENERATE);
    assert_int_equal(mtp_correlate(3, same, panel, 0.95, &c, &err), MTP_E_DEGENERATE);
    assert_int_equal(mtp_correlate(3, x, panel, 1.0, &c, &err), MTP_E_ARG);
    assert_int_equal(c.n, 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values), cmocka_unit_test(test_scale),
        cmocka_unit_test(test_ends), cmocka_unit_test(test_refusals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
