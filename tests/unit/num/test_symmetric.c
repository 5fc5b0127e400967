/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/symmetric.h"
#include "support/test.h"

enum { N_MAX = 40 };

typedef struct problem {
    size_t n;
    double a[N_MAX * N_MAX], value[N_MAX], vector[N_MAX * N_MAX], work[2 * N_MAX];
} problem;

static void solve(problem *of)
{
    double copy[N_MAX * N_MAX];

    memcpy(copy, of->a, sizeof copy);
    assert_true(mtp_symmetric_eigen(of->n, copy, of->value, of->vector, of->work));
}

/* A u = value u, and the vectors are orthonormal, to the rounding of the largest. */
static void check_definition(const problem *of)
{
    size_t n = of->n;
    double largest = 0.0;

    for (size_t v = 0; v < n; v++) {
        largest = fmax(largest, fabs(of->value[v]));
    }
    for (size_t v = 0; v < n; v++) {
        const double *u = &of->vector[v * n];

        for (size_t i = 0; i < n; i++) {
            double sum = 0.0, dot = 0.0;

            for (size_t j = 0; j < n; j++) {
                sum += of->a[i * n + j] * u[j];
                dot += of->vector[i * n + j] * u[j];
            }
            assert_close(sum, of->value[v] * u[i], 0.0, 4e-15 * (double)n * largest);
            assert_close(dot, i == v ? 1.0 : 0.0, 0.0, 2e-15 * (double)n);
        }
    }
}

static double nearest(const problem *of, double want)
{
    double best = of->value[0];

    for (size_t v = 1; v < of->n; v++) {
        best = fabs(of->value[v] - want) < fabs(best - want) ? of->value[v] : best;
    }
    return best;
}

/* Second differences: the eigenvalues are 2 - 2 cos(pi l / (n + 1)). */
static void test_second_differences(void **state)
{
    problem of = {.n = N_MAX};
    double pi = acos(-1.0);

    (void)state;
    for (size_t i = 0; i < of.n; i++) {
        for (size_t j = 0; j < of.n; j++) {
            of.a[i * of.n + j] = i == j ? 2.0 : i + 1 == j || j + 1 == i ? -1.0 : 0.0;
        }
    }
    solve(&of);
    check_definition(&of);
    for (size_t l = 1; l <= of.n; l++) {
        double s = sin(pi * (double)l / (2.0 * (double)(of.n + 1)));

        assert_close(nearest(&of, 4.0 * s * s), 4.0 * s * s, 0.0, 1e-14);
    }
}

/* All ones and a diagonal: n - 1 eigenvalues alike, and one of n + c. */
static void test_equal_eigenvalues(void **state)
{
    problem of = {.n = 9};
    size_t alike = 0;

    (void)state;
    for (size_t i = 0; i < of.n * of.n; i++) {
        of.a[i] = i % (of.n + 1) == 0 ? 1.5 : 1.0;
    }
    solve(&of);
    check_definition(&of);
    for (size_t v = 0; v < of.n; v++) {
        alike += fabs(of.value[v] - 0.5) < 1e-14;
    }
    assert_int_equal(alike, of.n - 1);
    assert_close(nearest(&of, 9.5), 9.5, TOL1, 0.0);
}

static void test_dense(void **state)
{
    problem of = {.n = 17};

    (void)state;
    for (size_t i = 0; i < of.n; i++) {
        for (size_t j = 0; j <= i; j++) {
            double x = (double)((i * 37 + j * 101) % 64) / 8.0 - 4.0;

            of.a[i * of.n + j] = of.a[j * of.n + i] = x;
        }
    }
    solve(&of);
    check_definition(&of);
}

static void test_small(void **state)
{
    problem one = {.n = 1, .a = {-3.0}};
    problem two = {.n = 2, .a = {2.0, 1.0, 1.0, 2.0}};
    problem zero = {.n = 3};

    (void)state;
    solve(&one);
    assert_close(one.value[0], -3.0, 0.0, 0.0);
    assert_close(fabs(one.vector[0]), 1.0, 0.0, 0.0);
    solve(&two);
    check_definition(&two);
    assert_close(nearest(&two, 3.0), 3.0, TOL0, 0.0);
    assert_close(nearest(&two, 1.0), 1.0, TOL0, 0.0);
    solve(&zero);
    check_definition(&zero);
}

static void test_not_finite(void **state)
{
    double a[] = {1.0, 0.0, 0.0, (double)NAN, 1.0, 0.0, 0.0, 0.0, 2.0};
    double value[3], vector[9], work[6];

    (void)state;
    assert_false(mtp_symmetric_eigen(3, a, value, vector, work));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_second_differences),
        cmocka_unit_test(test_equal_eigenvalues),
        cmocka_unit_test(test_dense),
        cmocka_unit_test(test_small),
        cmocka_unit_test(test_not_finite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
