/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/tau2.h"

#include "core/arena.h"
#include "support/test.h"
#include "unit/tau2/vectors.h"

static mtp_tau2_bounds bounds_of(mtp_tau2_ci_method ci, mtp_tau2_method method,
                                 size_t k, const double yi[], const double vi[],
                                 double level)
{
    mtp_tau2_bounds bounds;
    mtp_error err = {0};

    if (mtp_tau2_confidence(ci, method, k, yi, vi, level, &bounds, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    return bounds;
}

/* BCG vaccine, log risk ratios. j and bj: the equations solved by mpmath with the
 * eigenvalues of the form; pl and wald: metafor 5.1-12, confint(rma(yi, vi, method=),
 * type=). */
static void intervals_of_the_vaccine_trials(void **state)
{
    static const struct {
        mtp_tau2_ci_method ci;
        mtp_tau2_method method;
        double lower, upper, tolerance;
    } want[] = {
        {MTP_TAU2_CI_J, MTP_TAU2_REML, 0.12204553835188443011, 1.1399580216804213421,
         1e-13},
        {MTP_TAU2_CI_BJ, MTP_TAU2_REML, 0.10105006945203711913, 1.6360882010747693196,
         1e-13},
        {MTP_TAU2_CI_PL, MTP_TAU2_REML, 0.11526610574805432, 0.9646953265142152, 1e-11},
        {MTP_TAU2_CI_PL, MTP_TAU2_ML, 0.10507738080893336, 0.8339124768241032, 1e-11},
        {MTP_TAU2_CI_WALD, MTP_TAU2_REML, 0.0, 0.6394317397969085, 1e-13},
    };
    const vector *bcg = &vectors[0];

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        mtp_tau2_bounds b =
            bounds_of(want[i].ci, want[i].method, bcg->k, bcg->yi, bcg->vi, 0.95);

        assert_int_equal(b.status, MTP_SET_OK);
        assert_close(b.lower, want[i].lower, want[i].tolerance, 0.0);
        assert_close(b.upper, want[i].upper, want[i].tolerance, 0.0);
        assert_int_equal(b.n_segments, want[i].ci == MTP_TAU2_CI_PL ? 1 : 0);
    }
}

/* j and bj where algorithms break: variances over 18 decades, a study with all the
 * weight, huge tau2, effects near 1e8. mpmath at 50 digits, from the eigenvalues. */
static void generalized_q_on_hard_data(void **state)
{
    static const struct {
        int at;
        const char *name;
        double j[2], bj[2];
    } want[] = {{1,
                 "t_tinylarge_het",
                 {0.011428053370336817, 2.8783923988929031},
                 {0.009472425748067641, 10.032627895658842}},
                {2,
                 "t_dominant",
                 {0.048800630696534049, 10.253761280868486},
                 {0.042572036694234289, 9.7321884511488651}},
                {3,
                 "t_k2_het",
                 {0.078315348547897276, 733.08095419816249},
                 {0.078315348547897276, 733.08095419816249}},
                {5,
                 "t_huge_het",
                 {187225487675.68417, 1126103372153.9987},
                 {144534105492.87296, 1004015264253.4482}},
                {7,
                 "t_cancel_1e8",
                 {0.010836218887154147, 0.29235221265190405},
                 {0.011164737157564982, 0.2965188747526071}}};

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const vector *x = &vectors[want[i].at];
        mtp_tau2_bounds j =
            bounds_of(MTP_TAU2_CI_J, MTP_TAU2_DL, x->k, x->yi, x->vi, 0.95);
        mtp_tau2_bounds bj =
            bounds_of(MTP_TAU2_CI_BJ, MTP_TAU2_DL, x->k, x->yi, x->vi, 0.95);

        assert_string_equal(x->name, want[i].name);
        assert_close(j.lower, want[i].j[0], 1e-13, 0.0);
        assert_close(j.upper, want[i].j[1], 1e-13, 0.0);
        assert_close(bj.lower, want[i].bj[0], 1e-13, 0.0);
        assert_close(bj.upper, want[i].bj[1], 1e-13, 0.0);
    }
}

/* With equal variances all weights agree, Q_a is (v + t) times a chi-square, and the
 * generalized Q gives the Q-profile interval. */
static void equal_variances_give_the_q_profile(void **state)
{
    static const double yi[6] = {1.0, 2.0, 4.0, 7.0, 11.0, 17.0};
    static const double vi[6] = {0.5, 0.5, 0.5, 0.5, 0.5, 0.5};
    mtp_tau2_bounds qp = bounds_of(MTP_TAU2_CI_QP, MTP_TAU2_PM, 6, yi, vi, 0.9);

    (void)state;
    for (int ci = MTP_TAU2_CI_J; ci <= (int)MTP_TAU2_CI_BJ; ci++) {
        mtp_tau2_bounds b =
            bounds_of((mtp_tau2_ci_method)ci, MTP_TAU2_PM, 6, yi, vi, 0.9);

        assert_close(b.lower, qp.lower, 1e-13, 0.0);
        assert_close(b.upper, qp.upper, 1e-13, 0.0);
    }
}

/* ML profiles with two modes. Ends by mpmath at 40 digits. */
static void a_profile_with_two_modes_gives_two_segments(void **state)
{
    static const double yi[6] = {0.03, -1.51, 0.38, 0.34, 0.1, -1.61};
    static const double vi[6] = {0.0016, 0.421, 0.9147, 3.6534, 0.0236, 0.3829};
    const vector *x = &vectors[8];
    mtp_tau2_bounds b = bounds_of(MTP_TAU2_CI_PL, MTP_TAU2_ML, 6, yi, vi, 0.87);

    (void)state;
    assert_int_equal(b.n_segments, 2);
    assert_true(b.segments[0][0] == 0.0 && b.lower == 0.0);
    assert_close(b.segments[0][1], 0.02098076394996774907346, 1e-12, 0.0);
    assert_close(b.segments[1][0], 0.1606363863006073589834, 1e-12, 0.0);
    assert_close(b.segments[1][1], 0.4059191548038475812716, 1e-12, 0.0);
    assert_true(b.upper == b.segments[1][1]);

    assert_string_equal(x->name, "t_bimodal");
    b = bounds_of(MTP_TAU2_CI_PL, MTP_TAU2_ML, x->k, x->yi, x->vi, 0.7);
    assert_int_equal(b.n_segments, 2);
    assert_close(b.segments[0][0], 0.001398855170104143339488, 1e-12, 0.0);
    assert_close(b.segments[0][1], 0.02340023961640617711786, 1e-12, 0.0);
    assert_close(b.segments[1][0], 0.1483722968675274560748, 1e-12, 0.0);
    assert_close(b.segments[1][1], 0.4945795763619090226419, 1e-12, 0.0);

    b = bounds_of(MTP_TAU2_CI_PL, MTP_TAU2_ML, x->k, x->yi, x->vi, 0.95);
    assert_int_equal(b.n_segments, 1);
}

static void sets_that_are_empty_or_undefined(void **state)
{
    static const double yi[4] = {0.1, 0.1, 0.1, 0.1}, vi[4] = {0.01, 0.3, 0.02, 7.0};

    (void)state;
    for (int ci = 0; ci < MTP_TAU2_CI_COUNT; ci++) {
        mtp_tau2_ci_method method = (mtp_tau2_ci_method)ci;
        bool by_q = ci <= (int)MTP_TAU2_CI_BJ;
        mtp_tau2_bounds one = bounds_of(method, MTP_TAU2_REML, 1, yi, vi, 0.95);
        mtp_tau2_bounds equal = bounds_of(method, MTP_TAU2_REML, 4, yi, vi, 0.95);

        assert_int_equal(one.status, MTP_SET_UNDEFINED);
        assert_true(isnan(one.lower) && isnan(one.upper) && one.n_segments == 0);
        assert_int_equal(equal.status, by_q ? MTP_SET_EMPTY : MTP_SET_OK);
        assert_true(by_q ? isnan(equal.upper) : equal.lower == 0.0);
    }
    assert_int_equal(bounds_of(MTP_TAU2_CI_WALD, MTP_TAU2_EE, 4, yi, vi, 0.95).status,
                     MTP_SET_UNDEFINED);
}

static void given_weights_in_any_unit(void **state)
{
    const vector *bcg = &vectors[0];
    double weights[16];
    mtp_tau2_bounds by_weights, j;

    (void)state;
    j = bounds_of(MTP_TAU2_CI_J, MTP_TAU2_REML, bcg->k, bcg->yi, bcg->vi, 0.95);
    for (size_t i = 0; i < bcg->k; i++) {
        weights[i] = 1e100 / sqrt(bcg->vi[i]);
    }
    assert_int_equal(mtp_tau2_generalized_ci(bcg->k, bcg->yi, bcg->vi, weights, 0.95,
                                             &by_weights, NULL),
                     MTP_OK);
    assert_close(by_weights.lower, j.lower, 1e-13, 0.0);
    assert_close(by_weights.upper, j.upper, 1e-13, 0.0);
    assert_int_equal(mtp_tau2_generalized_ci(bcg->k, bcg->yi, bcg->vi, NULL, 0.95,
                                             &by_weights, NULL),
                     MTP_OK);
    j = bounds_of(MTP_TAU2_CI_BJ, MTP_TAU2_REML, bcg->k, bcg->yi, bcg->vi, 0.95);
    assert_close(by_weights.upper, j.upper, 1e-13, 0.0);
}

static void refuses(void **state)
{
    const vector *bcg = &vectors[0];
    const double tau2[2] = {0.0, -1.0};
    mtp_tau2_bounds b = {.lower = 7.0};
    double ll[2] = {7.0, 7.0};
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_tau2_confidence(MTP_TAU2_CI_J, MTP_TAU2_DL, bcg->k, bcg->yi,
                                         bcg->vi, 1.0, &b, &err),
                     MTP_E_ARG);
    assert_int_equal(mtp_tau2_confidence((mtp_tau2_ci_method)-1, MTP_TAU2_DL, bcg->k,
                                         bcg->yi, bcg->vi, 0.95, &b, &err),
                     MTP_E_ARG);
    assert_int_equal(mtp_tau2_confidence(MTP_TAU2_CI_J, MTP_TAU2_GIVEN, bcg->k, bcg->yi,
                                         bcg->vi, 0.95, &b, &err),
                     MTP_E_ARG);
    assert_int_equal(mtp_tau2_confidence(MTP_TAU2_CI_J, MTP_TAU2_DL, 0, bcg->yi,
                                         bcg->vi, 0.95, &b, &err),
                     MTP_E_DATA);
    assert_true(b.lower == 7.0);
    assert_int_equal(mtp_tau2_profile(MTP_TAU2_DL, bcg->k, bcg->yi, bcg->vi, 1, tau2,
                                      ll, NULL, &err),
                     MTP_E_ARG);
    assert_int_equal(mtp_tau2_profile(MTP_TAU2_ML, bcg->k, bcg->yi, bcg->vi, 2, tau2,
                                      ll, NULL, &err),
                     MTP_E_ARG);
    assert_true(ll[0] == 7.0);
}

static void survives_lack_of_memory(void **state)
{
    const vector *bcg = &vectors[0];
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_tau2_bounds b = {.lower = 7.0};

        mtp_arena_fail_after(n);
        status = mtp_tau2_confidence(MTP_TAU2_CI_PL, MTP_TAU2_ML, bcg->k, bcg->yi,
                                     bcg->vi, 0.95, &b, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || b.lower == 7.0);
    }
    assert_int_equal(status, MTP_OK);
}

/* The profile at the maxima is what the fit says. */
static void profile_at_the_maximum(void **state)
{
    static const mtp_tau2_method methods[] = {MTP_TAU2_ML, MTP_TAU2_REML};

    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        const vector *x = &vectors[i];

        for (int m = 0; m < 2; m++) {
            double ll, mean;
            mtp_tau2_result r;

            assert_int_equal(
                mtp_tau2_estimate(methods[m], x->k, x->yi, x->vi, &r, NULL), MTP_OK);
            assert_int_equal(mtp_tau2_profile(methods[m], x->k, x->yi, x->vi, 1,
                                              &r.tau2, &ll, &mean, NULL),
                             MTP_OK);
            assert_close(ll, x->loglik[m], TOL1, 0.0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(intervals_of_the_vaccine_trials),
        cmocka_unit_test(generalized_q_on_hard_data),
        cmocka_unit_test(equal_variances_give_the_q_profile),
        cmocka_unit_test(a_profile_with_two_modes_gives_two_segments),
        cmocka_unit_test(sets_that_are_empty_or_undefined),
        cmocka_unit_test(given_weights_in_any_unit),
        cmocka_unit_test(refuses),
        cmocka_unit_test(survives_lack_of_memory),
        cmocka_unit_test(profile_at_the_maximum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
