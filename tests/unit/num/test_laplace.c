/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/dist.h"
#include "num/laplace.h"
#include "num/root.h"
#include "support/test.h"

/* Sums of chi-squares: both tails by mpmath at 30 digits, from the inversion integral
 * over a parabola; 6, 3, 1 are the coefficients of Imhof (1961), Biometrika 48:419-426,
 * doi:10.1093/biomet/48.3-4.419, table 1, Q1, times ten. */
typedef struct weighted_sum {
    size_t n;
    double lambda[10];
    double x, upper, lower;
} weighted_sum;

static const weighted_sum sums[] = {
    {3, {6, 3, 1}, 1, 0.94578615393295354009, 0.054213846067046459914},
    {3, {6, 3, 1}, 7, 0.50643823346981321231, 0.49356176653018678769},
    {3, {6, 3, 1}, 20, 0.12395907416232630236, 0.87604092583767369764},
    {3, {6, 3, 1}, 200, 1.2247827606700465556e-8, 0.9999999877521723933},
    {4, {1, 1e-3, 1e-6, 1e-9}, 3, 0.083316013043826904116, 0.91668398695617309588},
    {4, {1, 1e-3, 1e-6, 1e-9}, 1e-2, 0.92475681882457639073, 0.075243181175423609271},
    {10,
     {7, 7, 3, 3, 2, 2, 1, 1, 0.5, 0.25},
     40,
     0.16865998033421388962,
     0.83134001966578611038},
    {1, {0.3}, 2, 0.0098232745075192479902, 0.99017672549248075201},
};

static void sums_of_chi_squares(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        const weighted_sum *s = &sums[i];
        mtp_tail upper = mtp_chisq_sum_upper(s->x, s->n, s->lambda);
        mtp_tail lower = mtp_chisq_sum_lower(s->x, s->n, s->lambda);

        assert_close(upper.p, s->upper, 1e-13, 0.0);
        assert_close(lower.p, s->lower, 1e-13, 0.0);
        assert_close(upper.log_p, log(s->upper), 1e-12, 1e-13);
    }
}

/* Equal coefficients are one chi-square, near and far into both tails. */
static void equal_coefficients(void **state)
{
    static double lambda[2000];
    static const size_t sizes[] = {1, 2, 3, 20, 2000};

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        lambda[i] = 0.5;
    }
    for (size_t i = 0; i < 5; i++) {
        double df = (double)sizes[i];

        for (double ratio = 0x1p-10; ratio < 1000.0; ratio *= 2.0) {
            double x = df * ratio;
            mtp_tail upper = mtp_chisq_sum_upper(0.5 * x, sizes[i], lambda);
            mtp_tail lower = mtp_chisq_sum_lower(0.5 * x, sizes[i], lambda);

            assert_close(upper.log_p, mtp_chisq_upper(x, df).log_p, 1e-12, 1e-12);
            assert_close(lower.log_p, mtp_chisq_lower(x, df).log_p, 1e-12, 1e-12);
        }
    }
}

static double cosine_less_x(const void *of, double x)
{
    (void)of;
    return cos(x) - x;
}

static double cube(const void *of, double x)
{
    return x * x * x - *(const double *)of;
}

/* The fixed point of the cosine (mpmath), and cube roots over many decades. */
static void roots(void **state)
{
    (void)state;
    assert_close(mtp_root(cosine_less_x, NULL, 0.0, 1.0, 2.0, cos(2.0) - 2.0),
                 0.73908513321516064166, TOL0, 0.0);
    assert_true(mtp_root(cosine_less_x, NULL, 0.0, 0.0, 2.0, -1.0) == 0.0);
    for (int e = -60; e <= 60; e++) {
        double a = pow(10.0, e);

        assert_close(mtp_root(cube, &a, 0.0, -a, 1e30, 1e90 - a), cbrt(a), TOL1, 0.0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_of_chi_squares),
        cmocka_unit_test(equal_coefficients),
        cmocka_unit_test(roots),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
