/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/tau2.h"

#include "support/test.h"

/* Seeded random studies: what must hold for every estimator and interval. */

enum { MAX_K = 16, SETS = 70 };

typedef struct studies {
    size_t k;
    double yi[MAX_K], vi[MAX_K];
} studies;

static double uniform(unsigned long *seed)
{
    *seed = (*seed * 1103515245UL + 12345UL) & 0x7fffffffUL;
    return (double)*seed / 2147483648.0;
}

/* Effects are whole multiples of 2^-20, so that a shift by 4096 is exact; variances
 * spread over up to six decades. Every fifth set has equal effects, every seventh no
 * more spread than its variances. */
static studies draw(unsigned long *seed, int n)
{
    studies x = {.k = n < 30 ? 1 + (size_t)n / 10 : 2 + (size_t)(14.0 * uniform(seed))};
    double decades = 6.0 * uniform(seed), spread = n % 7 == 0 ? 0.0 : uniform(seed);

    for (size_t i = 0; i < x.k; i++) {
        double y = 0.0;

        x.vi[i] = pow(10.0, decades * (uniform(seed) - 1.0));
        for (int j = 0; j < 12; j++) {
            y += uniform(seed) - 0.5;
        }
        y *= sqrt(x.vi[i] + spread);
        x.yi[i] = n % 5 == 0 ? 0.75 : ldexp(round(ldexp(y, 20)), -20);
    }
    return x;
}

typedef struct figures {
    mtp_tau2_result fit[MTP_TAU2_GIVEN];
    mtp_tau2_bounds ci[MTP_TAU2_CI_COUNT];
} figures;

static figures compute(const studies *x)
{
    figures f;
    mtp_error err;

    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        assert_int_equal(
            mtp_tau2_estimate((mtp_tau2_method)m, x->k, x->yi, x->vi, &f.fit[m], &err),
            MTP_OK);
    }
    for (int c = 0; c < MTP_TAU2_CI_COUNT; c++) {
        assert_int_equal(mtp_tau2_confidence((mtp_tau2_ci_method)c, MTP_TAU2_REML, x->k,
                                             x->yi, x->vi, 0.95, &f.ci[c], &err),
                         MTP_OK);
    }
    return f;
}

/* tau2 and its limits are those of `base` times `factor`. */
static void assert_scaled(const figures *got, const figures *base, double factor,
                          double tolerance)
{
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        assert_close(got->fit[m].tau2, factor * base->fit[m].tau2, tolerance,
                     1e-13 * factor);
        assert_close(got->fit[m].se, factor * base->fit[m].se, tolerance,
                     1e-13 * factor);
    }
    for (int c = 0; c < MTP_TAU2_CI_COUNT; c++) {
        assert_int_equal(got->ci[c].status, base->ci[c].status);
        assert_close(got->ci[c].lower, factor * base->ci[c].lower, tolerance,
                     1e-13 * factor);
        assert_close(got->ci[c].upper, factor * base->ci[c].upper, tolerance,
                     1e-13 * factor);
    }
}

static void assert_same_bits(const figures *got, const figures *base, int exponent)
{
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        assert_close(got->fit[m].tau2, ldexp(base->fit[m].tau2, exponent), 0.0, 0.0);
        assert_close(got->fit[m].se, ldexp(base->fit[m].se, exponent), 0.0, 0.0);
    }
    for (int c = 0; c < MTP_TAU2_CI_COUNT; c++) {
        assert_close(got->ci[c].lower, ldexp(base->ci[c].lower, exponent), 0.0, 0.0);
        assert_close(got->ci[c].upper, ldexp(base->ci[c].upper, exponent), 0.0, 0.0);
    }
}

static studies transformed(const studies *x, double scale, double shift, bool reverse)
{
    studies to = {.k = x->k};

    for (size_t i = 0; i < x->k; i++) {
        size_t from = reverse ? x->k - 1 - i : i;

        to.yi[i] = x->yi[from] * scale + shift;
        to.vi[i] = x->vi[from] * scale * scale;
    }
    return to;
}

static void scale_shift_sign_and_order(void **state)
{
    unsigned long seed = 20260815UL;

    (void)state;
    for (int n = 0; n < SETS; n++) {
        studies x = draw(&seed, n), other;
        figures base = compute(&x), f;

        other = transformed(&x, 0x1p+70, 0.0, false);
        f = compute(&other);
        assert_same_bits(&f, &base, 140);
        other = transformed(&x, 1.0, 4096.0, false);
        f = compute(&other);
        assert_same_bits(&f, &base, 0);
        other = transformed(&x, 3.0, 0.0, false);
        f = compute(&other);
        assert_scaled(&f, &base, 9.0, 1e-10);
        other = transformed(&x, -1.0, 0.0, true);
        f = compute(&other);
        assert_scaled(&f, &base, 1.0, 1e-11);
    }
}

/* Every figure is there or has its reason; limits are in order; equal effects have no
 * variance between them. */
static void every_figure_or_a_reason(void **state)
{
    unsigned long seed = 20260815UL;

    (void)state;
    for (int n = 0; n < SETS; n++) {
        studies x = draw(&seed, n);
        figures f = compute(&x);

        for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
            const mtp_tau2_result *r = &f.fit[m];

            assert_true(r->tau2 >= 0.0 && isfinite(r->tau2));
            assert_true(isfinite(r->loglik) == (x.k > 1));
            assert_true(isfinite(r->se) == (x.k > 1 && m != (int)MTP_TAU2_EE));
            assert_true(r->truncated == (r->raw < 0.0));
            assert_true(n % 5 != 0 || r->tau2 == 0.0);
        }
        for (int c = 0; c < MTP_TAU2_CI_COUNT; c++) {
            const mtp_tau2_bounds *b = &f.ci[c];

            assert_true((b->status == MTP_SET_UNDEFINED) == (x.k == 1));
            assert_true((b->status == MTP_SET_OK) == isfinite(b->upper));
            assert_true(b->status != MTP_SET_OK ||
                        (b->lower >= 0.0 && b->lower <= b->upper));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scale_shift_sign_and_order),
        cmocka_unit_test(every_figure_or_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
