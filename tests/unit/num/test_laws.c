/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "support/test.h"
#include "unit/num/gsl_handler.h"

/* What must hold between the functions of dist.h, whatever their values. */

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const double probabilities[] = {
    1e-300, 1e-100, 1e-20, 5e-7, 1e-3,  0.005,  0.025,         0.1,          0.24,
    0.26,   0.5,    0.75,  0.95, 0.975, 0.9999, 1.0 - 0x1p-40, 1.0 - 0x1p-53};
static const double degrees[] = {0.3, 1.0, 1.5, 2.0,     3.0, 7.7, 12.0,
                                 58., 1e3, 1e5, 54321.5, 1e9, 1e12};
static const double points[] = {1e-8, 0.001, 0.2,  0.75, 1.0,  1.5,
                                2.0,  4.0,   11.0, 30.0, 700.0};

/* x is right when p lies between the tails some units of the last place around it. */
static void assert_brackets(double p, double above, double below)
{
    if (!(above >= p * (1.0 - TOL0) && below <= p * (1.0 + TOL0))) {
        print_error("%.17g is not between %.17g and %.17g\n", p, below, above);
        fail();
    }
}

static void quantiles_invert_the_tails(void **state)
{
    const double up = 1.0 + TOL0, down = 1.0 - TOL0;

    (void)state;
    for (size_t i = 0; i < COUNT(probabilities); i++) {
        double p = probabilities[i], z = mtp_normal_upper_quantile(p);

        assert_brackets(p, mtp_normal_upper(z - TOL0 * fabs(z)).p,
                        mtp_normal_upper(z + TOL0 * fabs(z)).p);
        for (size_t j = 0; j < COUNT(degrees); j++) {
            double df = degrees[j];
            double x = mtp_chisq_upper_quantile(p, df);
            double y = mtp_chisq_lower_quantile(p, df);
            double t = mtp_t_upper_quantile(p < 0.5 ? p : 1.0 - p, df);

            if (x > 0.0) {
                assert_brackets(p, mtp_chisq_upper(x * down, df).p,
                                mtp_chisq_upper(x * up, df).p);
            }
            if (y > 0.0) {
                assert_brackets(p, mtp_chisq_lower(y * up, df).p,
                                mtp_chisq_lower(y * down, df).p);
            }
            if (isfinite(t)) {
                assert_brackets(fmin(2.0 * p, 2.0 * (1.0 - p)),
                                mtp_t_two_sided(t * down, df).p,
                                mtp_t_two_sided(t * up, df).p);
            }
        }
    }
}

static void quantiles_mirror(void **state)
{
    (void)state;
    assert_true(mtp_normal_upper_quantile(0.5) == 0.0);
    assert_true(mtp_t_upper_quantile(0.5, 3.0) == 0.0);
    for (double p = 0x1p-30; p < 0.5; p *= 1.5) {
        double q = 1.0 - p;

        assert_close(mtp_normal_upper_quantile(1.0 - q), -mtp_normal_upper_quantile(q),
                     0.0, 0.0);
        assert_close(mtp_t_upper_quantile(1.0 - q, 4.5), -mtp_t_upper_quantile(q, 4.5),
                     0.0, 0.0);
        assert_close(mtp_chisq_upper_quantile(1.0 - q, 4.5),
                     mtp_chisq_lower_quantile(q, 4.5), 0.0, 0.0);
    }
    /* out of the range of a double */
    assert_true(mtp_t_upper_quantile(1e-10, 0.01) == (double)INFINITY);
    assert_true(mtp_chisq_lower_quantile(1e-10, 0.01) == 0.0);
}

static void sides_add_up(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(points); i++) {
        double x = points[i];

        assert_close(mtp_normal_upper(x).p + mtp_normal_upper(-x).p, 1.0, TOL0, 0.0);
        assert_close(mtp_normal_two_sided(-x).log_p, mtp_normal_two_sided(x).log_p, 0.0,
                     0.0);
        for (size_t j = 0; j < COUNT(degrees); j++) {
            double df = degrees[j];

            assert_close(mtp_chisq_upper(x, df).p + mtp_chisq_lower(x, df).p, 1.0, TOL0,
                         0.0);
            assert_close(mtp_f_upper(0.5, df, x).p + mtp_f_upper(2.0, x, df).p, 1.0,
                         TOL0, 0.0);
            assert_close(mtp_t_two_sided(-x, df).p, mtp_t_two_sided(x, df).p, 0.0, 0.0);
        }
    }
}

/* log_p is the logarithm of p, and the better one next to p = 1. */
static void assert_consistent(mtp_tail tail)
{
    assert_true(tail.p >= 0.0 && tail.p <= 1.0 && tail.log_p <= 0.0);
    if (tail.p > 1e-300) {
        assert_close(log(tail.p), tail.log_p, TOL1, TOL0);
    } else {
        assert_true(tail.log_p < -690.0);
    }
}

/* Any arguments at all: an answer, at once. */
static void extremes_have_answers(void **state)
{
    static const double wild[] = {5e-324, 1e-310, 1e-300, 1e-100, 1e-20, 1e-5,
                                  0.3,    1.0,    2.5,    1e3,    1e5,   1e10,
                                  1e16,   1e40,   1e100,  1e200,  1e290};

    (void)state;
    for (size_t i = 0; i < COUNT(wild); i++) {
        double x = wild[i], p = fmin(x, 1.0 / x) * 0.75;

        assert_consistent(mtp_normal_upper(x));
        assert_consistent(mtp_normal_upper(-x));
        assert_true(!isnan(mtp_stirling_error(x)));
        for (size_t j = 0; j < COUNT(wild); j++) {
            double df = wild[j];

            assert_consistent(mtp_t_two_sided(x, df));
            assert_consistent(mtp_chisq_upper(x, df));
            assert_consistent(mtp_chisq_lower(x, df));
            assert_true(!isnan(mtp_deviance_part(x, df)));
            assert_true(!isnan(mtp_log_poisson(x, df)));
            assert_true(!isnan(mtp_log_choose(fmax(x, df), fmin(x, df))));
            for (size_t k = 0; k < COUNT(wild); k++) {
                assert_consistent(mtp_f_upper(x, df, wild[k]));
            }
            if (p > 0.0) {
                assert_true(!isnan(mtp_t_upper_quantile(p, df)));
                assert_true(!isnan(mtp_chisq_upper_quantile(p, df)));
                assert_true(!isnan(mtp_chisq_lower_quantile(p, df)));
                assert_true(
                    !isnan(mtp_log_binomial(fmin(x, df), fmax(x, df), p, 1.0 - p)));
            }
        }
    }
}

static void closed_forms(void **state)
{
    const double pi = 3.14159265358979323846;

    (void)state;
    for (size_t i = 0; i < COUNT(points); i++) {
        double x = points[i];

        assert_close(mtp_chisq_upper(x, 2.0).log_p, -0.5 * x, TOL0, 0.0);
        assert_close(mtp_t_two_sided(x, 1.0).p, 2.0 / pi * atan(1.0 / x), TOL1, 0.0);
        assert_close(mtp_t_two_sided(x, 2.0).p,
                     2.0 / (sqrt(2.0 + x * x) * (sqrt(2.0 + x * x) + x)), TOL1, 0.0);
        for (size_t j = 0; j < COUNT(degrees); j++) {
            double df = degrees[j];

            assert_close(mtp_f_upper(x, 2.0, df).log_p, -0.5 * df * log1p(2.0 * x / df),
                         TOL1, 0.0);
            assert_close(mtp_chisq_upper(x * x, 1.0).log_p,
                         mtp_normal_two_sided(x).log_p, TOL1 * (1.0 + x * x), 0.0);
        }
    }
    for (double t = 0.125; t < 100.0; t *= 2.0) { /* t * t is exact */
        assert_close(mtp_f_upper(t * t, 1.0, 6.5).log_p, mtp_t_two_sided(t, 6.5).log_p,
                     0.0, 0.0);
    }
}

static void infinite_degrees_of_freedom(void **state)
{
    const double infinite = (double)INFINITY;

    (void)state;
    for (size_t i = 0; i < COUNT(points); i++) {
        double x = points[i];

        assert_close(mtp_t_two_sided(x, infinite).log_p, mtp_normal_two_sided(x).log_p,
                     0.0, 0.0);
        assert_close(mtp_t_two_sided(x, (double)NAN).p, mtp_normal_two_sided(x).p, 0.0,
                     0.0);
        assert_close(mtp_f_upper(x, 4.0, infinite).p, mtp_chisq_upper(4.0 * x, 4.0).p,
                     0.0, 0.0);
        assert_close(mtp_f_upper(x, infinite, 4.0).p, mtp_chisq_lower(4.0 / x, 4.0).p,
                     TOL1 * (1.0 + 1.0 / x), 0.0);
    }
    assert_close(mtp_t_upper_quantile(0.025, infinite),
                 mtp_normal_upper_quantile(0.025), 0.0, 0.0);
    assert_close(mtp_t_upper_quantile(0.025, (double)NAN),
                 mtp_normal_upper_quantile(0.025), 0.0, 0.0);
    assert_true(mtp_f_upper(1.5, infinite, infinite).p == 0.0);
    assert_true(mtp_f_upper(0.5, infinite, infinite).p == 1.0);
}

/* P(Poisson(m) <= k) = P(chi2 with 2k + 2 >= 2m); and P(Binomial(n, p) <= k) =
 * P(F >= (n - k) p / ((k + 1)(1 - p))) with 2(k + 1) and 2(n - k) degrees of freedom.
 */
static void counts_and_tails(void **state)
{
    const double p = 0.3, n = 40.0;
    double poisson = 0.0, binomial = 0.0;

    (void)state;
    for (double k = 0.0; k < n; k++) {
        double f = (n - k) / (k + 1.0) * (p / (1.0 - p)), df1 = 2.0 * (k + 1.0);

        poisson += exp(mtp_log_poisson(k, 17.0));
        binomial += exp(mtp_log_binomial(k, n, p, 1.0 - p));
        assert_close(mtp_chisq_upper(34.0, 2.0 * k + 2.0).p, poisson, TOL2, 0.0);
        assert_close(mtp_f_upper(f, df1, 2.0 * (n - k)).p, binomial, TOL2, 0.0);
    }
    assert_close(binomial + exp(mtp_log_binomial(n, n, p, 1.0 - p)), 1.0, TOL2, 0.0);
}

static void choose_is_pascals(void **state)
{
    (void)state;
    for (double n = 2.0; n < 60.0; n++) {
        for (double x = 1.0; x < n; x++) {
            double sum =
                exp(mtp_log_choose(n - 1.0, x)) + exp(mtp_log_choose(n - 1.0, x - 1.0));

            assert_close(exp(mtp_log_choose(n, x)), sum, TOL2, 0.0);
            assert_close(mtp_log_choose(n, x), mtp_log_choose(n, n - x), TOL0, 0.0);
        }
    }
}

static void certain_and_impossible_counts(void **state)
{
    const double infinite = (double)INFINITY;

    (void)state;
    assert_true(mtp_log_binomial(0.0, 5.0, 0.0, 1.0) == 0.0);
    assert_true(mtp_log_binomial(5.0, 5.0, 1.0, 0.0) == 0.0);
    assert_true(mtp_log_binomial(0.0, 0.0, 0.3, 0.7) == 0.0);
    assert_true(mtp_log_binomial(1.0, 5.0, 0.0, 1.0) == -infinite);
    assert_true(mtp_log_binomial(5.0, 5.0, 0.0, 1.0) == -infinite);
    assert_true(mtp_log_binomial(4.0, 5.0, 1.0, 0.0) == -infinite);
    /* below the range of a double */
    assert_true(mtp_log_poisson(1e308, 1e-5) == -infinite);
    assert_true(fabs(mtp_log_binomial(1e-240, 1e-230, 1e-300, 1.0)) < 1e-200);
    assert_true(mtp_log_binomial(3.0, 1.7e308, 0.8, 0.2) == -infinite);
}

static void certain_and_impossible_points(void **state)
{
    const double infinite = (double)INFINITY;

    (void)state;
    assert_true(mtp_normal_two_sided(0.0).p == 1.0);
    assert_true(mtp_normal_two_sided(infinite).log_p == -infinite);
    assert_true(mtp_normal_upper(-infinite).p == 1.0);
    assert_true(mtp_t_two_sided(0.0, 3.0).log_p == 0.0);
    assert_true(mtp_t_two_sided(-infinite, 3.0).p == 0.0);
    assert_true(mtp_chisq_upper(-1.0, 3.0).p == 1.0);
    assert_true(mtp_chisq_lower(0.0, 3.0).log_p == -infinite);
    assert_true(mtp_chisq_upper(infinite, 3.0).p == 0.0);
    assert_true(mtp_f_upper(0.0, 3.0, 4.0).p == 1.0);
    assert_true(mtp_f_upper(infinite, 3.0, 4.0).log_p == -infinite);
}

static void outside_is_nan(void **state)
{
    const double none = (double)NAN, infinite = (double)INFINITY;

    (void)state;
    assert_true(isnan(mtp_normal_two_sided(none).p));
    assert_true(isnan(mtp_normal_upper(none).log_p));
    assert_true(isnan(mtp_normal_upper_quantile(0.0)));
    assert_true(isnan(mtp_normal_upper_quantile(1.0)));
    assert_true(isnan(mtp_normal_upper_quantile(none)));
    assert_true(isnan(mtp_t_two_sided(1.0, 0.0).p));
    assert_true(isnan(mtp_t_two_sided(none, 3.0).p));
    assert_true(isnan(mtp_t_upper_quantile(0.1, -1.0)));
    assert_true(isnan(mtp_t_upper_quantile(1.0, 3.0)));
    assert_true(isnan(mtp_t_upper_quantile(0.0, infinite)));
    assert_true(isnan(mtp_chisq_upper(1.0, 0.0).p));
    assert_true(isnan(mtp_chisq_lower(none, 1.0).p));
    assert_true(isnan(mtp_chisq_upper_quantile(0.0, 1.0)));
    assert_true(isnan(mtp_chisq_lower_quantile(0.5, none)));
    assert_true(isnan(mtp_f_upper(1.0, 0.0, 1.0).p));
    assert_true(isnan(mtp_f_upper(1.0, 1.0, none).p));
    assert_true(isnan(mtp_stirling_error(-1.0)));
    assert_true(isnan(mtp_deviance_part(0.0, 1.0)));
    assert_true(isnan(mtp_deviance_part(1.0, infinite)));
    assert_true(isnan(mtp_log_binomial(6.0, 5.0, 0.5, 0.5)));
    assert_true(isnan(mtp_log_binomial(1.0, 5.0, 0.5, 0.6)));
    assert_true(isnan(mtp_log_poisson(1.0, 0.0)));
    assert_true(isnan(mtp_log_poisson(-1.0, 1.0)));
    assert_true(isnan(mtp_log_choose(2.0, 3.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_invert_the_tails),
        cmocka_unit_test(quantiles_mirror),
        cmocka_unit_test(sides_add_up),
        cmocka_unit_test(extremes_have_answers),
        cmocka_unit_test(closed_forms),
        cmocka_unit_test(infinite_degrees_of_freedom),
        cmocka_unit_test(counts_and_tails),
        cmocka_unit_test(choose_is_pascals),
        cmocka_unit_test(certain_and_impossible_counts),
        cmocka_unit_test(certain_and_impossible_points),
        cmocka_unit_test(outside_is_nan),
    };

    return cmocka_run_group_tests(tests, install_gsl_handler, NULL);
}
