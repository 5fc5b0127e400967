/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/selection.h"

#include "core/arena.h"
#include "selection_reference.h"
#include "sets.h"
#include "support/test.h"

enum { K = 13, T = 19 };

/* Colditz et al. (1994): log risk ratios of BCG vaccination. */
static const double BCG_Y[K] = {
    -0.88931133392020545, -1.5853886572014306,  -1.3480731482996933,
    -1.4415511900213054,  -0.21754732221129558, -0.786115585818864,
    -1.6208982235983918,  0.011952333523840508, -0.4694176487381494,
    -1.3713448034727844,  -0.33935882833839059, 0.44591340057137874,
    -0.017313948216879815};
static const double BCG_V[K] = {
    0.32558476500396133,  0.19458112139814385,   0.41536796536796539,
    0.020010031902247573, 0.051210172169630863,  0.0069056184559087574,
    0.22301724757231517,  0.0039615792978177295, 0.056434210463248966,
    0.07302479361302891,  0.01241221397155972,   0.53250584520015276,
    0.0714046596839863};
static const double LATITUDE[K] = {44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33};
/* Raudenbush (1984): teacher expectations. */
static const double EXPECT_Y[T] = {0.03,  0.12,  -0.14, 1.18, 0.26, -0.06, -0.02,
                                   -0.32, 0.27,  0.8,   0.54, 0.18, -0.02, 0.23,
                                   -0.18, -0.06, 0.3,   0.07, -0.07};
static const double EXPECT_V[T] = {
    0.0156, 0.0216, 0.0279, 0.1391, 0.1362, 0.0106, 0.0106, 0.0484, 0.0269, 0.063,
    0.0912, 0.0497, 0.0835, 0.0841, 0.0253, 0.0279, 0.0193, 0.0088, 0.0303};

static mtp_selection_options options_of(mtp_selection_type type,
                                        mtp_selection_side side)
{
    mtp_selection_options o;

    mtp_selection_options_init(&o, sizeof o);
    o.type = type;
    o.side = side;
    return o;
}

static mtp_selection_result *fit(size_t k, const double yi[], const double vi[],
                                 const mtp_selection_options *o)
{
    mtp_selection_result *r = NULL;
    mtp_error err = {0};

    if (mtp_selection(k, yi, vi, 1, NULL, o, &r, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    return r;
}

static void check_reference(const mtp_selection_result *r, const double at[],
                            const double se[], double loglik, size_t first, double tol)
{
    assert_close(r->loglik, loglik, tol, 0.0);
    assert_close(r->beta[0].estimate, at[0], tol, 0.0);
    assert_close(r->beta[0].se, se[0], tol, 0.0);
    assert_close(r->tau2, at[1], tol, 0.0);
    assert_close(r->tau2_se, se[1], tol, 0.0);
    for (size_t j = first; j < r->n_delta; j++) {
        assert_close(r->delta[j], at[2 + j - first], tol, 0.0);
        assert_close(r->delta_se[j], se[2 + j - first], tol, 0.0);
    }
    assert_true(r->gradient_norm < 1e-8);
}

/* 12 digits of maxima that mpmath found. */
static void test_maxima(void **state)
{
    const double steps[] = {0.025, 0.5};
    mtp_selection_options o = options_of(MTP_SELECTION_STEP, MTP_SELECTION_LESS);
    mtp_selection_result *r;

    (void)state;
    o.steps = steps;
    o.n_steps = 2;
    r = fit(K, BCG_Y, BCG_V, &o);
    check_reference(r, STEP_AT, STEP_SE, STEP_LOGLIK, 1, 1e-12);
    mtp_selection_free(r);
    o = options_of(MTP_SELECTION_BETA, MTP_SELECTION_LESS);
    r = fit(K, BCG_Y, BCG_V, &o);
    check_reference(r, BETA_AT, BETA_SE, BETA_LOGLIK, 0, 1e-12);
    mtp_selection_free(r);
    /* The highest of three maxima, with delta 1 at its limit 0. */
    o.side = MTP_SELECTION_GREATER;
    r = fit(T, EXPECT_Y, EXPECT_V, &o);
    check_reference(r, LIMIT_AT, LIMIT_SE, LIMIT_LOGLIK, 0, 1e-11);
    assert_int_equal(r->limit[0], MTP_SELECTION_AT_LOWER);
    assert_int_equal(r->limit[1], MTP_SELECTION_FREE);
    mtp_selection_free(r);
}

/* metafor 3.8-1, R 4.2.2: selmodel(rma(yi, vi, method = "ML"), type = "stepfun", steps,
 * delta, control = list(reltol = 1e-15)): estimate, se, tau2, log-likelihood. */
static void test_vevea_woods(void **state)
{
    static const double want[MTP_VEVEA_WOODS_COUNT][4] = {
        {0.03226417903980, 0.03906757437789, 0.00299918832126, -2.47765260331304},
        {-0.0257353011292, 0.0585372510638, 0.0075377218017, -2.3083812656977},
        {0.053207644382372, 0.039349661670948, 0.000851160337722, -2.777007378985669},
        {4.18118661454e-02, 3.08563914578e-02, 0.0, -2.64357446857e+00}};

    (void)state;
    for (int i = 0; i < MTP_VEVEA_WOODS_COUNT; i++) {
        mtp_selection_options o = options_of(MTP_SELECTION_BETA, MTP_SELECTION_LESS);
        mtp_selection_result *r;

        mtp_selection_vevea_woods(&o, (mtp_vevea_woods)i, MTP_SELECTION_GREATER);
        r = fit(T, EXPECT_Y, EXPECT_V, &o);
        assert_close(r->beta[0].estimate, want[i][0], 1e-4, 0.0);
        assert_close(r->beta[0].se, want[i][1], 1e-4, 0.0);
        assert_close(r->tau2, want[i][2], 1e-3, 1e-11);
        assert_close(r->loglik, want[i][3], 1e-8, 0.0);
        assert_true(isnan(r->test.statistic));
        assert_int_equal(r->limit[3], MTP_SELECTION_GIVEN);
        assert_int_equal(r->n_delta, 14);
        mtp_selection_free(r);
    }
}

/* The same program, mods = ~ latitude, steps = 0.025, alternative = "less":
 * coefficients, se, tau2, delta, se of delta, log-likelihood. */
static void test_moderators(void **state)
{
    static const double want[] = {0.35873705497371, -0.03045460486443, 0.19257487316199,
                                  0.00519470531196, 0.02699888848479,  0.49436617580543,
                                  0.45443592527297, -7.39012465927858};
    mtp_selection_options o = options_of(MTP_SELECTION_STEP, MTP_SELECTION_LESS);
    mtp_selection_result *r = NULL;
    double x[2 * K];

    (void)state;
    for (size_t i = 0; i < K; i++) {
        x[2 * i] = 1.0;
        x[2 * i + 1] = LATITUDE[i];
    }
    assert_int_equal(mtp_selection(K, BCG_Y, BCG_V, 2, x, &o, &r, NULL), MTP_OK);
    assert_close(r->beta[0].estimate, want[0], 1e-5, 0.0);
    assert_close(r->beta[1].estimate, want[1], 1e-5, 0.0);
    assert_close(r->beta[0].se, want[2], 1e-4, 0.0);
    assert_close(r->beta[1].se, want[3], 1e-4, 0.0);
    assert_close(r->tau2, want[4], 1e-4, 0.0);
    assert_close(r->delta[1], want[5], 1e-4, 0.0);
    assert_close(r->delta_se[1], want[6], 1e-4, 0.0);
    assert_close(r->loglik, want[7], 1e-8, 0.0);
    assert_true(r->gradient_norm < 1e-8);
    mtp_selection_free(r);
}

/* Other signs and units change what they must, for every type and side. */
static void test_equivariance(void **state)
{
    double yi[T], vi[T];

    (void)state;
    for (size_t i = 0; i < T; i++) {
        yi[i] = -1024.0 * EXPECT_Y[i];
        vi[i] = 1048576.0 * EXPECT_V[i];
    }
    for (int type = 0; type < MTP_SELECTION_COUNT; type++) {
        for (int two = 0; two < 2; two++) {
            mtp_selection_options o =
                options_of((mtp_selection_type)type,
                           two ? MTP_SELECTION_TWO_SIDED : MTP_SELECTION_GREATER);
            mtp_selection_result *a = fit(T, EXPECT_Y, EXPECT_V, &o), *b;

            o.side = two ? MTP_SELECTION_TWO_SIDED : MTP_SELECTION_LESS;
            b = fit(T, yi, vi, &o);
            assert_close(b->beta[0].estimate, -1024.0 * a->beta[0].estimate, 1e-8, 0.0);
            assert_close(b->beta[0].se, 1024.0 * a->beta[0].se, 1e-8, 0.0);
            assert_close(b->tau2, 1048576.0 * a->tau2, 1e-7, 0.0);
            assert_close(b->delta[a->n_delta - 1], a->delta[a->n_delta - 1], 1e-7, 0.0);
            assert_close(b->test.statistic, a->test.statistic, 1e-8, 1e-12);
            assert_close(b->tau2_test.statistic, a->tau2_test.statistic, 1e-8, 1e-12);
            assert_true(a->loglik >= a->loglik_null - 1e-12);
            assert_true(a->gradient_norm < 1e-8);
            mtp_selection_free(a);
            mtp_selection_free(b);
        }
    }
}

/* Every type and side ends at a maximum. */
static void test_gradients(void **state)
{
    static const struct {
        size_t k;
        const double *yi, *vi;
    } sets[] = {{BCG, bcg_yi, bcg_vi},
                {TEACHERS, teachers_yi, teachers_vi},
                {SMOKING, smoking_yi, smoking_vi}};
    size_t refused = 0;

    (void)state;
    for (int i = 0; i < 3 * MTP_SELECTION_COUNT * MTP_SELECTION_SIDE_COUNT; i++) {
        size_t set = (size_t)i % 3;
        mtp_selection_options o =
            options_of((mtp_selection_type)(i / 3 % MTP_SELECTION_COUNT),
                       (mtp_selection_side)(i / 3 / MTP_SELECTION_COUNT));
        mtp_selection_result *r = NULL;
        mtp_status status = mtp_selection(sets[set].k, sets[set].yi, sets[set].vi, 1,
                                          NULL, &o, &r, NULL);

        if (status == MTP_OK) {
            assert_true(r->gradient_norm < 1e-8);
        } else { /* no study in the first interval */
            assert_int_equal(status, MTP_E_DEGENERATE);
            assert_int_equal(o.type, MTP_SELECTION_STEP);
            refused++;
        }
        mtp_selection_free(r);
    }
    assert_int_equal(refused, 3);
}

static void check_refused(mtp_status status, const mtp_selection_options *o, size_t k,
                          const double yi[], const double vi[])
{
    mtp_selection_result *r = NULL;
    mtp_error err = {0};

    assert_int_equal(mtp_selection(k, yi, vi, 1, NULL, o, &r, &err), status);
    assert_null(r);
    assert_true(err.message[0] != '\0');
}

static void test_refusals(void **state)
{
    const double falling[] = {0.5, 0.025}, zero[] = {1.0, 0.0};
    const double bad[] = {0.1, (double)NAN, 0.3}, flat[] = {-0.1, -0.2, -0.3};
    const double unit[] = {1.0, 1.0, 1.0}, none[] = {1.0, 0.0, 1.0};
    mtp_selection_options o = options_of(MTP_SELECTION_STEP, MTP_SELECTION_GREATER);

    (void)state;
    check_refused(MTP_E_DEGENERATE, &o, 1, flat, unit);
    check_refused(MTP_E_DEGENERATE, &o, 3, flat, unit); /* none is significant */
    check_refused(MTP_E_DATA, &o, 3, bad, unit);
    check_refused(MTP_E_DATA, &o, 3, flat, none);
    o.steps = falling;
    o.n_steps = 2;
    check_refused(MTP_E_ARG, &o, T, EXPECT_Y, EXPECT_V);
    o.n_steps = 1;
    o.delta = zero;
    o.n_delta = 2;
    check_refused(MTP_E_DEGENERATE, &o, T, EXPECT_Y, EXPECT_V);
    o.n_delta = 1;
    check_refused(MTP_E_ARG, &o, T, EXPECT_Y, EXPECT_V);
    o = options_of(MTP_SELECTION_BETA, MTP_SELECTION_GREATER);
    o.p_censored = 0.0;
    check_refused(MTP_E_ARG, &o, T, EXPECT_Y, EXPECT_V);
    o = options_of(MTP_SELECTION_POWER, MTP_SELECTION_GREATER);
    o.tau2 = MTP_TAU2_REML;
    check_refused(MTP_E_ARG, &o, T, EXPECT_Y, EXPECT_V);
    o.tau2 = MTP_TAU2_ML;
    o.n_steps = 1;
    o.steps = falling;
    check_refused(MTP_E_ARG, &o, T, EXPECT_Y, EXPECT_V);
}

/* Every allocation that fails is reported, and nothing leaks. */
static void test_memory(void **state)
{
    mtp_selection_options o = options_of(MTP_SELECTION_STEP, MTP_SELECTION_LESS);
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_selection_result *r = NULL;

        assert_true(n < 1000);
        mtp_arena_fail_after(n);
        status = mtp_selection(K, BCG_Y, BCG_V, 1, NULL, &o, &r, NULL);
        mtp_arena_fail_after(0);
        mtp_selection_free(r);
    }
    assert_int_equal(status, MTP_OK);
}

static void test_ids(void **state)
{
    (void)state;
    for (int i = 0; i < MTP_SELECTION_COUNT; i++) {
        assert_int_equal(mtp_selection_from_id(mtp_selection_id((mtp_selection_type)i)),
                         i);
        assert_true(mtp_selection_label((mtp_selection_type)i)[0] != '\0');
    }
    assert_int_equal(mtp_selection_side_from_id("two.sided"), MTP_SELECTION_TWO_SIDED);
    assert_string_equal(mtp_selection_side_id(MTP_SELECTION_LESS), "less");
    assert_non_null(mtp_selection_side_label(MTP_SELECTION_GREATER));
    assert_int_equal(mtp_vevea_woods_from_id("severe-two"), MTP_VEVEA_WOODS_SEVERE_TWO);
    assert_string_equal(mtp_vevea_woods_id(MTP_VEVEA_WOODS_MODERATE_ONE),
                        "moderate-one");
    assert_non_null(mtp_vevea_woods_label(MTP_VEVEA_WOODS_SEVERE_ONE));
    assert_int_equal(mtp_selection_from_id("copas"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_maxima),       cmocka_unit_test(test_vevea_woods),
        cmocka_unit_test(test_moderators),   cmocka_unit_test(test_gradients),
        cmocka_unit_test(test_equivariance), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_memory),       cmocka_unit_test(test_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
