/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "asymmetry_reference.h"
#include "bias/kendall.h"
#include "support/test.h"

enum { N = 6 };

/* R 4.2.2: cor.test(x, y, method = "kendall", exact = FALSE), with ties in both: tau
 * and z; asymmetry_reference.py gives the same. */
static void test_ties(void **state)
{
    const double x[N] = {1.0, 2.0, 2.0, 3.0, 4.0, 4.0};
    const double y[N] = {1.0, 3.0, 2.0, 3.0, 3.0, 5.0};
    mtp_kendall of = mtp_kendall_of(N, x, y);

    (void)state;
    assert_true(of.ties);
    assert_close(of.tau, KENDALL_TIES_TAU, TOL1, 0.0);
    assert_close(of.score / sqrt(of.variance), KENDALL_TIES_Z, TOL1, 0.0);
}

/* Independent variables: the score's variance is n (n - 1) (2 n + 5) / 18. */
static void test_no_ties(void **state)
{
    const double x[4] = {1.0, 2.0, 3.0, 4.0}, y[4] = {1.0, 3.0, 2.0, 4.0};
    mtp_kendall of = mtp_kendall_of(4, x, y);

    (void)state;
    assert_false(of.ties);
    assert_true(of.discordant == 1.0 && of.score == 4.0);
    assert_close(of.tau, 2.0 / 3.0, TOL0, 0.0);
    assert_close(of.variance, 4.0 * 3.0 * 13.0 / 18.0, TOL0, 0.0);
}

static void test_constant(void **state)
{
    const double x[3] = {1.0, 1.0, 1.0}, y[3] = {1.0, 2.0, 3.0};

    (void)state;
    assert_true(isnan(mtp_kendall_of(3, x, y).tau));
}

static void test_exact(void **state)
{
    mtp_arena *arena = mtp_arena_new();

    (void)state;
    assert_non_null(arena);
    for (size_t i = 0; i < sizeof kendall_exact / sizeof kendall_exact[0]; i++) {
        const kendall_case *c = &kendall_exact[i];
        double pairs = (double)c->n * ((double)c->n - 1.0) / 2.0;
        mtp_tail tail;

        assert_int_equal(mtp_kendall_exact(c->n, c->discordant, arena, &tail, NULL), 0);
        assert_close(tail.p, c->p, 1e-13, 0.0);
        assert_close(tail.log_p, c->log_p, 1e-13, 1e-15);
        /* the other tail is the same */
        assert_int_equal(
            mtp_kendall_exact(c->n, pairs - c->discordant, arena, &tail, NULL), 0);
        assert_close(tail.p, c->p, 1e-13, 0.0);
    }
    mtp_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_no_ties),
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_exact),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
