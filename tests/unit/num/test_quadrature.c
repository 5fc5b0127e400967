/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/quadrature.h"
#include "support/test.h"
#include "unit/num/gsl_handler.h"
#include "unit/num/reference.h"

static double x[MTP_HERMITE_MAX], weight[MTP_HERMITE_MAX], log_weight[MTP_HERMITE_MAX];

static const double sqrt_pi = 1.7724538509055160273;

/* Values of reference.h: mpmath at 50 digits, see reference.py. */
static void nodes_have_their_last_bits(void **state)
{
    (void)state;
    for (size_t row = 0; row < sizeof hermite_nodes / sizeof hermite_nodes[0]; row++) {
        size_t i = (size_t)hermite_nodes[row].i;

        mtp_gauss_hermite((int)hermite_nodes[row].n, x, weight, log_weight);
        assert_close(x[i], hermite_nodes[row].x, 0.0, 0.0);
        assert_close(weight[i], hermite_nodes[row].weight, TOL0, 0.0);
        assert_close(log_weight[i], hermite_nodes[row].log_weight, DBL_EPSILON, 0.0);
    }
}

static void nodes_increase_and_mirror(void **state)
{
    (void)state;
    for (int n = 1; n <= MTP_HERMITE_MAX; n++) {
        mtp_gauss_hermite(n, x, weight, log_weight);
        for (int i = 0; i < n; i++) {
            assert_true(i == 0 || x[i] > x[i - 1]);
            assert_true(x[i] == -x[n - 1 - i] && weight[i] == weight[n - 1 - i]);
            assert_close(exp(log_weight[i] - x[i] * x[i]), weight[i],
                         TOL0 * (2.0 + x[i] * x[i]), 0.0);
        }
        assert_true(n % 2 == 0 || (x[n / 2] == 0.0 && !signbit(x[n / 2])));
    }
}

/* The rule is exact up to degree 2n - 1: x^(2m) has the integral Gamma(m + 1/2) for
 * m < n, odd powers vanish by symmetry. */
static void polynomials_are_integrated(void **state)
{
    (void)state;
    for (int n = 1; n <= MTP_HERMITE_MAX; n++) {
        double integral = sqrt_pi, term[MTP_HERMITE_MAX];

        mtp_gauss_hermite(n, x, weight, log_weight);
        memcpy(term, weight, sizeof term);
        for (int m = 0; m < n; m++) {
            double sum = 0.0;

            for (int i = 0; i < n; i++) {
                sum += term[i];
                term[i] *= x[i] * x[i];
            }
            assert_close(sum, integral, TOL0 * (2 + m), 0.0);
            integral *= m + 0.5;
        }
    }
}

/* Beyond that degree it is not: x^(2n) is short by n! sqrt(pi) / 2^n. */
static void the_next_degree_has_the_known_error(void **state)
{
    double integral = sqrt_pi, error = sqrt_pi;

    (void)state;
    for (int n = 1; n <= 20; n++) {
        double sum = 0.0;

        integral *= n - 0.5;
        error *= 0.5 * n;
        mtp_gauss_hermite(n, x, weight, log_weight);
        for (int i = 0; i < n; i++) {
            sum += weight[i] * pow(x[i], 2.0 * n);
        }
        assert_close(integral - sum, error, 0.0, TOL1 * (1 + n) * integral);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nodes_have_their_last_bits),
        cmocka_unit_test(nodes_increase_and_mirror),
        cmocka_unit_test(polynomials_are_integrated),
        cmocka_unit_test(the_next_degree_has_the_known_error),
    };

    return cmocka_run_group_tests(tests, install_gsl_handler, NULL);
}
