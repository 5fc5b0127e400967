/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/tau2.h"

#include "core/arena.h"
#include "support/test.h"
#include "unit/tau2/vectors.h"

/* The order of vector.tau2. */
static const mtp_tau2_method order[] = {MTP_TAU2_DL, MTP_TAU2_HE, MTP_TAU2_HS,
                                        MTP_TAU2_SJ, MTP_TAU2_ML, MTP_TAU2_REML,
                                        MTP_TAU2_PM};
enum { N_METHODS = sizeof order / sizeof *order, AT_ML = 4, AT_REML = 5, AT_PM = 6 };

static mtp_tau2_result estimate(mtp_tau2_method method, const vector *x)
{
    mtp_tau2_result r;
    mtp_error err;

    assert_int_equal(mtp_tau2_estimate(method, x->k, x->yi, x->vi, &r, &err), MTP_OK);
    return r;
}

static void every_estimator_on_every_vector(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        for (int m = 0; m < N_METHODS; m++) {
            mtp_tau2_result r = estimate(order[m], &vectors[i]);

            print_message("%s by %s\n", vectors[i].name, mtp_tau2_id(order[m]));
            assert_close(r.tau2, vectors[i].tau2[m], TOL1, 0.0);
            assert_true(r.truncated == (r.raw < 0.0));
            assert_true(r.tau2 == (r.raw > 0.0 ? r.raw : 0.0));
        }
    }
}

static void likelihoods_and_standard_errors(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        mtp_tau2_result ml = estimate(MTP_TAU2_ML, &vectors[i]);
        mtp_tau2_result reml = estimate(MTP_TAU2_REML, &vectors[i]);

        print_message("%s\n", vectors[i].name);
        assert_close(ml.loglik, vectors[i].loglik[0], TOL1, 0.0);
        assert_close(reml.loglik, vectors[i].loglik[1], TOL1, 0.0);
        assert_close(ml.se, vectors[i].se_tau2[0], TOL1, 0.0);
        assert_close(reml.se, vectors[i].se_tau2[1], TOL1, 0.0);
    }
}

/* metafor 5.1-12, escalc(measure="RR") of dat.bcg, rma(yi, vi, method=), se.tau2. */
static void standard_errors_of_moment_estimators(void **state)
{
    const vector *bcg = &vectors[0];

    (void)state;
    assert_close(estimate(MTP_TAU2_DL, bcg).se, 0.2298699925110258, 1e-13, 0.0);
    assert_close(estimate(MTP_TAU2_HE, bcg).se, 0.20708717829893372, 1e-13, 0.0);
    assert_close(estimate(MTP_TAU2_HS, bcg).se, 0.1279045566132795, 1e-13, 0.0);
    assert_close(estimate(MTP_TAU2_SJ, bcg).se, 0.14968051134734317, 1e-13, 0.0);
    assert_close(estimate(MTP_TAU2_PM, bcg).se, 0.1736630274627565, 1e-13, 0.0);
    assert_close(estimate(MTP_TAU2_EB, bcg).se, 0.1736630274627565, 1e-13, 0.0);
}

static void empirical_bayes_is_paule_mandel(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        assert_true(estimate(MTP_TAU2_EB, &vectors[i]).tau2 ==
                    estimate(MTP_TAU2_PM, &vectors[i]).tau2);
    }
}

/* With two studies DL, HE, REML and PM are ((y1 - y2)^2 - v1 - v2) / 2, or 0. */
static void two_studies_in_closed_form(void **state)
{
    static const mtp_tau2_method same[] = {MTP_TAU2_DL, MTP_TAU2_HE, MTP_TAU2_REML,
                                           MTP_TAU2_PM};
    static const double gaps[] = {0.25, 0.5, 1.0, 3.0, 1e6};

    (void)state;
    for (size_t i = 0; i < 5; i++) {
        double yi[2] = {-1.0, -1.0 + gaps[i]}, vi[2] = {0.0625, 0.25};
        double want = 0.5 * (gaps[i] * gaps[i] - 0.3125);

        for (size_t m = 0; m < 4; m++) {
            mtp_tau2_result r;

            assert_int_equal(mtp_tau2_estimate(same[m], 2, yi, vi, &r, NULL), MTP_OK);
            assert_close(r.tau2, want > 0.0 ? want : 0.0, TOL0, 0.0);
        }
    }
}

/* With equal variances every estimator but SJ, HS and ML is s^2 - v. */
static void equal_variances_in_closed_form(void **state)
{
    static const double yi[6] = {1.0, 2.0, 4.0, 7.0, 11.0, 17.0}; /* s^2 = 37.2 */
    static const double vi[6] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    mtp_tau2_result r;

    (void)state;
    for (int m = 0; m < N_METHODS; m++) {
        assert_int_equal(mtp_tau2_estimate(order[m], 6, yi, vi, &r, NULL), MTP_OK);
        if (order[m] == MTP_TAU2_ML) {
            assert_close(r.tau2, 186.0 / 6.0 - 0.5, TOL0, 0.0);
        } else if (order[m] == MTP_TAU2_HS) { /* (Q - k) v / k */
            assert_close(r.tau2, (372.0 - 6.0) / 12.0, TOL0, 0.0);
        } else if (order[m] == MTP_TAU2_SJ) { /* t0 Q / 5, t0 = 188/6 */
            assert_close(r.tau2, 186.0 / 6.0 * 186.0 / (186.0 / 6.0 + 0.5) / 5.0, TOL0,
                         0.0);
        } else {
            assert_close(r.tau2, 36.7, TOL0, 0.0);
        }
    }
}

static void equal_effects_give_zero(void **state)
{
    static const double yi[4] = {0.1, 0.1, 0.1, 0.1}, vi[4] = {0.01, 0.3, 0.02, 7.0};

    (void)state;
    for (int m = 0; m < N_METHODS; m++) {
        mtp_tau2_result r;

        assert_int_equal(mtp_tau2_estimate(order[m], 4, yi, vi, &r, NULL), MTP_OK);
        assert_true(r.tau2 == 0.0);
    }
}

static void one_study_has_none(void **state)
{
    static const double yi[1] = {0.25}, vi[1] = {0.0123};

    (void)state;
    for (int m = 0; m < N_METHODS; m++) {
        mtp_tau2_result r;

        assert_int_equal(mtp_tau2_estimate(order[m], 1, yi, vi, &r, NULL), MTP_OK);
        assert_true(r.tau2 == 0.0 && r.n_modes == 0 && !r.truncated);
        assert_true(isnan(r.se) && isnan(r.loglik));
    }
}

/* A unit of 2^e changes no bit but the exponent, from subnormal variances to 1e300. */
static void unit_changes_no_digit(void **state)
{
    static const int exponents[] = {-530, -270, 1, 270, 495};
    const vector *bcg = &vectors[0];

    (void)state;
    for (size_t e = 0; e < 5; e++) {
        double yi[16], vi[16];

        for (size_t i = 0; i < bcg->k; i++) {
            yi[i] = ldexp(bcg->yi[i], exponents[e]);
            vi[i] = ldexp(bcg->vi[i], 2 * exponents[e]);
        }
        for (int m = 0; m < N_METHODS && exponents[e] != -530; m++) {
            mtp_tau2_result base = estimate(order[m], bcg), r;

            assert_int_equal(mtp_tau2_estimate(order[m], bcg->k, yi, vi, &r, NULL),
                             MTP_OK);
            assert_true(r.tau2 == ldexp(base.tau2, 2 * exponents[e]));
            assert_true(r.se == ldexp(base.se, 2 * exponents[e]));
        }
        if (exponents[e] == -530) { /* subnormal: vi lost digits, but it works */
            mtp_tau2_result r;

            assert_int_equal(mtp_tau2_estimate(MTP_TAU2_REML, bcg->k, yi, vi, &r, NULL),
                             MTP_OK);
            assert_close(r.tau2, ldexp(bcg->tau2[AT_REML], -1060), 1e-2, 0.0);
        }
    }
}

static void order_changes_no_bit(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        const vector *x = &vectors[i];
        double yi[16], vi[16];

        for (size_t j = 0; j < x->k; j++) {
            yi[x->k - 1 - j] = x->yi[j];
            vi[x->k - 1 - j] = x->vi[j];
        }
        for (int m = 0; m < N_METHODS; m++) {
            mtp_tau2_result base = estimate(order[m], x), r;

            assert_int_equal(mtp_tau2_estimate(order[m], x->k, yi, vi, &r, NULL),
                             MTP_OK);
            assert_close(r.tau2, base.tau2, 0.0, 0.0);
            assert_close(r.se, base.se, 0.0, 0.0);
            assert_close(r.loglik, base.loglik, 0.0, 0.0);
        }
    }
}

static void refuses_what_is_no_study(void **state)
{
    static const double yi[3] = {0.1, 0.2, 0.4}, zero[3] = {0.1, 0.0, 0.1};
    static const double apart[3] = {1.0, 1e-200, 1.0}, good[3] = {0.1, 0.1, 0.1};
    const double bad[3] = {0.1, 0.2, (double)INFINITY};
    mtp_tau2_result r = {.tau2 = 7.0};
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_DL, 3, yi, zero, &r, &err), MTP_E_DATA);
    assert_int_equal(err.line, 2);
    assert_string_equal(err.column, "vi");
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_DL, 3, bad, good, &r, &err),
                     MTP_E_DATA);
    assert_int_equal(err.line, 3);
    assert_string_equal(err.column, "yi");
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_DL, 3, yi, apart, &r, &err),
                     MTP_E_DATA);
    assert_int_equal(err.line, 2);
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_GIVEN, 3, yi, good, &r, &err),
                     MTP_E_ARG);
    assert_int_equal(mtp_tau2_estimate((mtp_tau2_method)-1, 3, yi, good, &r, &err),
                     MTP_E_ARG);
    assert_int_equal(mtp_tau2_estimate(MTP_TAU2_DL, 0, yi, good, &r, &err), MTP_E_DATA);
    assert_string_equal(err.message, "there are no studies");
    assert_true(r.tau2 == 7.0);
}

static void survives_lack_of_memory(void **state)
{
    const vector *bcg = &vectors[0];
    mtp_status status = MTP_E_NOMEM;
    size_t n;

    (void)state;
    for (n = 1; status == MTP_E_NOMEM; n++) {
        mtp_tau2_result r = {.tau2 = 7.0};

        mtp_arena_fail_after(n);
        status = mtp_tau2_estimate(MTP_TAU2_DL, bcg->k, bcg->yi, bcg->vi, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || r.tau2 == 7.0);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_estimator_on_every_vector),
        cmocka_unit_test(likelihoods_and_standard_errors),
        cmocka_unit_test(standard_errors_of_moment_estimators),
        cmocka_unit_test(empirical_bayes_is_paule_mandel),
        cmocka_unit_test(two_studies_in_closed_form),
        cmocka_unit_test(equal_variances_in_closed_form),
        cmocka_unit_test(equal_effects_give_zero),
        cmocka_unit_test(one_study_has_none),
        cmocka_unit_test(unit_changes_no_digit),
        cmocka_unit_test(order_changes_no_bit),
        cmocka_unit_test(refuses_what_is_no_study),
        cmocka_unit_test(survives_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
