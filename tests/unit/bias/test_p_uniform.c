/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/p_uniform.h"

#include "bias/p_uniform_likelihood.h"
#include "core/arena.h"
#include "p_uniform_reference.h"
#include "sets.h"
#include "support/test.h"

static mtp_p_uniform_options defaults(void)
{
    mtp_p_uniform_options o;

    mtp_p_uniform_options_init(&o, sizeof o);
    return o;
}

static mtp_p_uniform_result *run(size_t k, const double yi[], const double vi[],
                                 const mtp_p_uniform_options *o)
{
    mtp_p_uniform_result *r = NULL;
    mtp_error err;

    if (mtp_p_uniform(k, yi, vi, o, &r, &err) != MTP_OK) {
        print_error("%s\n", err.message);
        fail();
    }
    return r;
}

static bool has_note(const mtp_p_uniform_result *r, mtp_note_code code)
{
    for (size_t i = 0; i < r->notes.count; i++) {
        if (r->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

/* mpmath at 40 digits from the likelihood of the paper, p_uniform_reference.py. */
static void check_reference(const p_uniform_reference *want)
{
    mtp_p_uniform_options o = defaults();
    mtp_p_uniform_result *r = run(want->k, want->y, want->v, &o);

    assert_int_equal(r->k_significant, want->k_significant);
    assert_true(r->finite);
    assert_close(r->estimate, want->estimate, 1e-12, 0.0);
    assert_close(r->se, want->se, 1e-11, 0.0);
    assert_close(r->ci_lower, want->ci_lower, 1e-11, 0.0);
    assert_close(r->ci_upper, want->ci_upper, 1e-11, 0.0);
    assert_close(r->tau2, want->tau2, 1e-11, 0.0);
    assert_close(r->tau2_se, want->tau2_se, 1e-11, 0.0);
    assert_close(r->tau2_lower, want->tau2_lower, 1e-11, 0.0);
    assert_close(r->tau2_upper, want->tau2_upper, 1e-11, 0.0);
    assert_close(r->loglik, want->loglik, 1e-13, 0.0);
    assert_close(r->test.statistic, want->LRT_null, 1e-11, 0.0);
    assert_close(r->tau2_test.statistic, want->LRT_tau2, 1e-11, 1e-13);
    assert_true(r->gradient_norm < 1e-8);
    assert_true(has_note(r, MTP_NOTE_TAU2_ZERO) == !(want->tau2 > 0.0));
    mtp_p_uniform_free(r);

    o.tau2 = MTP_TAU2_EE;
    r = run(want->k, want->y, want->v, &o);
    assert_close(r->estimate, want->common, 1e-12, 0.0);
    assert_close(r->tau2, 0.0, 0.0, 0.0);
    assert_close(r->tau2_upper, 0.0, 0.0, 0.0);
    assert_true(isfinite(r->ci_lower) && isfinite(r->ci_upper));
    assert_true(isnan(r->tau2_test.p));
    mtp_p_uniform_free(r);
}

static void test_reference(void **state)
{
    (void)state;
    check_reference(&teachers);
    check_reference(&third_wave);
    check_reference(&bcg);
    check_reference(&equal);
    check_reference(&all_significant);
}

/* The other direction is the same with the signs of all effects changed. */
static void test_less(void **state)
{
    mtp_p_uniform_options o = defaults();
    mtp_p_uniform_result *r;

    (void)state;
    o.side = MTP_SELECTION_LESS;
    r = run(BCG, bcg_yi, bcg_vi, &o);
    assert_int_equal(r->k_significant, bcg.k_significant);
    assert_close(r->estimate, -bcg.estimate, 1e-12, 0.0);
    assert_close(r->ci_lower, -bcg.ci_upper, 1e-11, 0.0);
    assert_close(r->ci_upper, -bcg.ci_lower, 1e-11, 0.0);
    assert_close(r->tau2, bcg.tau2, 1e-11, 0.0);
    mtp_p_uniform_free(r);
}

/* With equal variances the estimates are those of the step model, whose weight then
 * takes what tells the sides apart; metafor 3.8-1, selmodel(type = "stepfun", steps =
 * 0.025): 0.33032810 and 0.03695898, as far as its optimizer goes. */
static void test_beside_the_step_model(void **state)
{
    mtp_p_uniform_result *r = run(equal.k, equal.y, equal.v, NULL);
    mtp_selection_result *step = NULL;

    (void)state;
    assert_int_equal(
        mtp_selection(equal.k, equal.y, equal.v, 1, NULL, NULL, &step, NULL), MTP_OK);
    assert_close(r->estimate, step->beta[0].estimate, 1e-10, 0.0);
    assert_close(r->tau2, step->tau2, 1e-9, 0.0);
    assert_close(r->estimate, 0.33032810, 0.0, 1e-6);
    assert_close(r->tau2, 0.03695898, 0.0, 1e-6);
    mtp_selection_free(step);
    mtp_p_uniform_free(r);
}

/* Units: effects times 1e-100 and 1e100. */
static void test_units(void **state)
{
    static const double scales[] = {1e-100, 1e100};

    (void)state;
    for (size_t s = 0; s < 2; s++) {
        double y[18], v[18], c = scales[s];
        mtp_p_uniform_result *r;

        for (size_t i = 0; i < third_wave.k; i++) {
            y[i] = c * third_wave.y[i];
            v[i] = c * c * third_wave.v[i];
        }
        r = run(third_wave.k, y, v, NULL);
        assert_close(r->estimate / c, third_wave.estimate, 1e-11, 0.0);
        assert_close(r->se / c, third_wave.se, 1e-11, 0.0);
        assert_close(r->ci_upper / c, third_wave.ci_upper, 1e-11, 0.0);
        assert_close(r->tau2 / c / c, third_wave.tau2, 1e-10, 0.0);
        assert_close(r->tau2_upper / c / c, third_wave.tau2_upper, 1e-11, 0.0);
        assert_close(r->loglik + 18.0 * log(c), third_wave.loglik, 1e-11, 0.0);
        mtp_p_uniform_free(r);
    }
}

/* One side only, with distances from the critical value that are more spread than those
 * of an exponential distribution: nothing is higher than -k (log m + 1). */
static void test_no_maximum(void **state)
{
    static const double gap[] = {0.01, 0.02, 0.04, 0.05, 0.1, 3.0};
    double y[6], v[6], mean = 0.0, bound;
    mtp_p_uniform_options o = defaults();
    mtp_p_uniform_result *r;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        v[i] = 0.001 * (double)(i + 1);
        y[i] = 1.9599639845400543 * sqrt(v[i]) + gap[i];
        mean += gap[i] / 6.0;
    }
    bound = -6.0 * (log(mean) + 1.0);
    r = run(6, y, v, NULL);
    assert_int_equal(r->k_significant, 6);
    assert_false(r->finite);
    assert_close(r->loglik, bound, 1e-12, 0.0);
    assert_true(isnan(r->estimate) && isnan(r->tau2) && isnan(r->se));
    assert_true(isinf(r->ci_lower) && r->ci_lower < 0.0 && isinf(r->tau2_upper));
    assert_true(isfinite(r->ci_upper) && r->tau2_lower > 0.0);
    assert_true(r->test.statistic > 0.0 && r->tau2_test.statistic > 0.0);
    assert_true(has_note(r, MTP_NOTE_NO_FINITE_ESTIMATE));
    assert_true(has_note(r, MTP_NOTE_ONE_SIDE));
    mtp_p_uniform_free(r);

    /* Mirrored below: none is significant, and the mean runs the other way. */
    for (size_t i = 0; i < 6; i++) {
        y[i] = 1.9599639845400543 * sqrt(v[i]) - gap[i];
    }
    r = run(6, y, v, NULL);
    assert_int_equal(r->k_significant, 0);
    assert_false(r->finite);
    assert_close(r->loglik, bound, 1e-12, 0.0);
    assert_true(isinf(r->ci_upper) && r->ci_upper > 0.0 && isfinite(r->ci_lower));
    mtp_p_uniform_free(r);

    o.tau2 = MTP_TAU2_EE; /* a common effect always has one */
    r = run(6, y, v, &o);
    assert_true(r->finite && isfinite(r->ci_lower) && isfinite(r->ci_upper));
    mtp_p_uniform_free(r);

    for (size_t i = 0; i < 6; i++) {
        y[i] = 1.9599639845400543 * sqrt(v[i]) + 0.5 + 0.1 * gap[i];
    }
    r = run(6, y, v, NULL); /* far above c: an interval with both ends */
    assert_true(r->finite && isfinite(r->ci_lower) && isfinite(r->tau2_upper));
    assert_false(has_note(r, MTP_NOTE_UNBOUNDED));
    mtp_p_uniform_free(r);
}

/* Derivatives beside differences, near and far from the critical value. */
static void test_derivatives(void **state)
{
    static const double places[][4] = {{0.3, 1.0, 0.2, 0.1},  {2.0, -1.0, 0.7, 1.5},
                                       {0.4, 1.0, -9.0, 0.5}, {0.4, -1.0, 30.0, 2.0},
                                       {0.4, 1.0, 12.0, 0.2}, {1.0, 1.0, -400.0, 40.0}};
    double g[3][2], H[3][4];

    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const double *p = places[i];
        mtp_p_uniform_study study = {0.3, 1.1, p[1], p[0]};
        mtp_p_uniform_studies of = {1, &study};
        mtp_climb_point at[3];

        for (int by = 0; by < 2; by++) {
            double h = 1e-5 * (1.0 + fabs(p[2 + by]));

            for (int j = 0; j < 3; j++) {
                double x[] = {p[2], p[3]};

                x[by] += (j - 1) * h;
                at[j] = (mtp_climb_point){0.0, g[j], H[j]};
                mtp_p_uniform_evaluate(&of, x, &at[j]);
            }
            assert_close((at[2].loglik - at[0].loglik) / (2.0 * h), g[1][by], 1e-5,
                         1e-9);
            for (int a = 0; a < 2; a++) {
                assert_close((g[2][a] - g[0][a]) / (2.0 * h), H[1][2 * a + by], 1e-5,
                             1e-9);
            }
        }
    }
}

static void test_refusals(void **state)
{
    static const double bad[] = {1.0, 0.0};
    mtp_p_uniform_result *r = NULL;
    mtp_p_uniform_options o = defaults();
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_p_uniform(1, bcg_yi, bcg_vi, NULL, &r, &err),
                     MTP_E_DEGENERATE);
    assert_int_equal(mtp_p_uniform(2, bcg_yi, bad, NULL, &r, &err), MTP_E_DATA);
    assert_int_equal(err.line, 2);
    o.side = MTP_SELECTION_TWO_SIDED;
    assert_int_equal(mtp_p_uniform(BCG, bcg_yi, bcg_vi, &o, &r, &err), MTP_E_ARG);
    o = defaults();
    o.tau2 = MTP_TAU2_REML;
    assert_int_equal(mtp_p_uniform(BCG, bcg_yi, bcg_vi, &o, &r, &err), MTP_E_ARG);
    o = defaults();
    o.alpha = 0.0;
    assert_int_equal(mtp_p_uniform(BCG, bcg_yi, bcg_vi, &o, &r, &err), MTP_E_ARG);
    o = defaults();
    o.level = 1.0;
    assert_int_equal(mtp_p_uniform(BCG, bcg_yi, bcg_vi, &o, &r, &err), MTP_E_ARG);
    assert_null(r);
    mtp_p_uniform_free(NULL);
}

static void test_without_memory(void **state)
{
    mtp_p_uniform_result *r = NULL;
    size_t n = 0;

    (void)state;
    while (!r) {
        mtp_status status;

        mtp_arena_fail_after(++n);
        status = mtp_p_uniform(all_significant.k, all_significant.y, all_significant.v,
                               NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_int_equal(status, r ? MTP_OK : MTP_E_NOMEM);
    }
    assert_true(n > 2);
    mtp_p_uniform_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_reference),
                                       cmocka_unit_test(test_less),
                                       cmocka_unit_test(test_derivatives),
                                       cmocka_unit_test(test_no_maximum),
                                       cmocka_unit_test(test_units),
                                       cmocka_unit_test(test_beside_the_step_model),
                                       cmocka_unit_test(test_without_memory),
                                       cmocka_unit_test(test_refusals)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
