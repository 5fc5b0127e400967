/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/cholesky.h"
#include "support/test.h"

/* A = L L' with whole numbers in L, so that every figure is exact. */
static const double A[9] = {4, 2, -6, 2, 10, 3, -6, 3, 26};
static const double L[6] = {2, 1, 3, -3, 2, 3.6055512754639892931 /* sqrt 13 */};

static void the_factor(void **state)
{
    double a[9];
    size_t at = 0;

    (void)state;
    memcpy(a, A, sizeof a);
    assert_true(mtp_cholesky(3, a));
    for (size_t i = 0; i < 3; i++) {
        for (size_t j = 0; j <= i; j++) {
            assert_close(a[i * 3 + j], L[at++], TOL0, 0.0);
        }
    }
}

/* A (1, 2, 3)' = (-10, 31, 78)'. */
static void a_system(void **state)
{
    double a[9], x[3] = {-10, 31, 78};

    (void)state;
    memcpy(a, A, sizeof a);
    assert_true(mtp_cholesky(3, a));
    mtp_cholesky_solve(3, a, x);
    for (size_t i = 0; i < 3; i++) {
        assert_close(x[i], (double)i + 1.0, TOL1, 0.0);
    }
}

/* det A = (2 * 3)^2 * 13; cofactors by hand. */
static void the_inverse(void **state)
{
    static const double cofactor[9] = {251, -70, 66, -70, 68, -24, 66, -24, 36};
    double a[9], inverse[9];

    (void)state;
    memcpy(a, A, sizeof a);
    assert_true(mtp_cholesky(3, a));
    mtp_cholesky_inverse(3, a, inverse);
    for (size_t i = 0; i < 9; i++) {
        assert_close(inverse[i], cofactor[i] / 468.0, TOL1, 0.0);
        assert_true(inverse[i] == inverse[i % 3 * 3 + i / 3]);
    }
}

static void not_positive_definite(void **state)
{
    double singular[4] = {1, 2, 2, 4}, saddle[4] = {1, 2, 2, 1}, none[1] = {0};
    double missing[1] = {(double)NAN}, infinite[1] = {(double)INFINITY};

    (void)state;
    assert_false(mtp_cholesky(2, singular));
    assert_false(mtp_cholesky(2, saddle));
    assert_false(mtp_cholesky(1, none));
    assert_false(mtp_cholesky(1, missing));
    assert_false(mtp_cholesky(1, infinite));
    assert_true(mtp_cholesky(0, none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_factor),
        cmocka_unit_test(a_system),
        cmocka_unit_test(the_inverse),
        cmocka_unit_test(not_positive_definite),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
