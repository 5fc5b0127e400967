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

/* The same vectors, mpmath at 40 digits; GENQ with weights 1 / sqrt(v). */
typedef struct further {
    const char *name;
    double tau2[5]; /* HSk DL2 CA2 GENQ PMM */
    double dl2_se;
} further;

/* clang-format off */
static const further more[N_VECTORS] = {
    {"bcg_RR", {0.24916993028096567657, 0.3179555661213231931, 0.31819118820394290443, 0.3154955141215749907, 0.343387906895806998}, 0.174473397125422425},
    {"t_tinylarge_het", {0.0010407197747491252883, 0.52367936004035146147, 0.047300713762347747014, 0.056280438806907639007, 0.33368720959596369594}, 0.33057930595366551392},
    {"t_dominant", {1.132694805193725131e-12, 1.0953637372829083248, 1.2085066194834143476, 0.67358883648033670502, 1.5480500584772864374}, 1.0805760676315280294},
    {"t_k2_het", {0.55810650887573969818, 0.65500000000000004788, 0.65500000000000004788, 0.65500000000000004788, 1.5176387235887674346}, 1.0182337649086285011},
    {"t_boundary_exact", {0.0, 0.0, 0.0, 0.0, 0.19164869475539522021}, 0.7071067811865475244},
    {"t_huge_het", {306514459480.98516676, 434798577238.84763717, 434798577238.84772419, 381921155120.02878968, 462507034158.65516931}, 185398736275.44607191},
    {"t_scale_large", {2491699302.8096570085, 3179555661.2132323888, 3181911882.0394295034, 3154955141.2157503301, 3433879068.958070467}, 1744733971.2542244398},
    {"t_cancel_1e8", {0.049039136372928425058, 0.053202177080165046344, 0.053196102845914393288, 0.052812599122617310553, 0.060906805858369247632}, 0.04052700551812845631},
    {"t_bimodal", {0.015667978019646243672, 0.11204924011734419991, 0.4902095868980375626, 0.13167923227058152605, 0.57514578403581896841}, 0.089920929718235852839},
    {"t_tiny_p", {0.0, 0.0, 0.0, 0.0, 0.0}, 0.044999999999999998335},
};
/* clang-format on */

static void further_estimators(void **state)
{
    static const mtp_tau2_method methods[] = {MTP_TAU2_HSK, MTP_TAU2_DL2, MTP_TAU2_CA2,
                                              MTP_TAU2_GENQ, MTP_TAU2_PMM};

    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        const vector *x = &vectors[i];
        double root[16], scaled[16];
        mtp_tau2_result r, again;

        assert_string_equal(x->name, more[i].name);
        for (size_t j = 0; j < x->k; j++) {
            root[j] = 1.0 / sqrt(x->vi[j]);
            scaled[j] = ldexp(root[j], 300);
        }
        for (int m = 0; m < 5; m++) {
            const double *weights = methods[m] == MTP_TAU2_GENQ ? root : NULL;

            print_message("%s by %s\n", x->name, mtp_tau2_id(methods[m]));
            assert_int_equal(mtp_tau2_estimate_weighted(methods[m], x->k, x->yi, x->vi,
                                                        weights, &r, NULL),
                             MTP_OK);
            /* Weights rounded to doubles and the quantile of PMM move a last bit. */
            assert_close(r.tau2, more[i].tau2[m], TOL2, 0.0);
        }
        assert_close(estimate(MTP_TAU2_DL2, x).se, more[i].dl2_se, TOL1, 0.0);
        assert_int_equal(mtp_tau2_estimate_weighted(MTP_TAU2_GENQ, x->k, x->yi, x->vi,
                                                    root, &r, NULL),
                         MTP_OK);
        assert_int_equal(mtp_tau2_estimate_weighted(MTP_TAU2_GENQ, x->k, x->yi, x->vi,
                                                    scaled, &again, NULL),
                         MTP_OK);
        assert_true(r.tau2 == again.tau2 && r.se == again.se);
    }
}

/* By another name the same equation. */
static void equal_by_definition(void **state)
{
    static const mtp_tau2_method pairs[][2] = {{MTP_TAU2_SJIT, MTP_TAU2_PM},
                                               {MTP_TAU2_DLIT, MTP_TAU2_PM},
                                               {MTP_TAU2_EB, MTP_TAU2_PM},
                                               {MTP_TAU2_GENQ, MTP_TAU2_DL}};

    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        for (int p = 0; p < 4; p++) {
            mtp_tau2_result a = estimate(pairs[p][0], &vectors[i]);
            mtp_tau2_result b = estimate(pairs[p][1], &vectors[i]);

            assert_close(a.tau2, b.tau2, TOL0, 0.0);
            assert_close(a.se, b.se, TOL0, 0.0);
        }
        assert_true(estimate(MTP_TAU2_EE, &vectors[i]).tau2 == 0.0);
        assert_true(isnan(estimate(MTP_TAU2_EE, &vectors[i]).se));
    }
}

/* metafor 5.1-12, rma(yi, vi, method=, weights=1/sqrt(vi)) of dat.bcg; the tail that
 * GENQM rests on comes there from a series that stops at 1e-10, here from mpmath's
 * figure. */
static void weighted_by_precision(void **state)
{
    const vector *bcg = &vectors[0];
    double weights[16];
    mtp_tau2_result r;

    (void)state;
    for (size_t j = 0; j < bcg->k; j++) {
        weights[j] = 1.0 / sqrt(bcg->vi[j]);
    }
    assert_int_equal(mtp_tau2_estimate_weighted(MTP_TAU2_GENQ, bcg->k, bcg->yi, bcg->vi,
                                                weights, &r, NULL),
                     MTP_OK);
    assert_close(r.se, 0.17837335284658404, 1e-13, 0.0);
    assert_int_equal(mtp_tau2_estimate_weighted(MTP_TAU2_GENQM, bcg->k, bcg->yi,
                                                bcg->vi, weights, &r, NULL),
                     MTP_OK);
    assert_close(r.tau2, 0.35004281089420861236, 1e-13, 0.0);
    assert_close(r.tau2, 0.3500428108922732, 1e-10, 0.0);
    assert_close(r.se, 0.19593584706748365, 1e-10, 0.0);
}

static void refuses_bad_weights(void **state)
{
    static const double yi[3] = {0.1, 0.2, 0.4}, vi[3] = {0.1, 0.1, 0.1};
    const double bad[][3] = {
        {1.0, 0.0, 1.0}, {1.0, -1.0, 1.0}, {1.0, (double)NAN, 1.0}, {1.0, 1e-200, 1.0}};
    mtp_tau2_result r = {.tau2 = 7.0};
    mtp_error err;

    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            mtp_tau2_estimate_weighted(MTP_TAU2_GENQ, 3, yi, vi, bad[i], &r, &err),
            MTP_E_DATA);
        assert_int_equal(err.line, 2);
        assert_string_equal(err.column, "weights");
    }
    assert_int_equal(mtp_tau2_estimate_weighted(MTP_TAU2_DL, 3, yi, vi, vi, &r, &err),
                     MTP_E_ARG);
    assert_string_equal(err.message,
                        "only GENQ and GENQM take weights, not DL; leave them out");
    assert_true(r.tau2 == 7.0);
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
        cmocka_unit_test(further_estimators),
        cmocka_unit_test(equal_by_definition),
        cmocka_unit_test(weighted_by_precision),
        cmocka_unit_test(refuses_bad_weights),
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
