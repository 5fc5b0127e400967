/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "unit/models/pooling.h"

/* z = 0.25 / sqrt(0.0123), p and ln p: mpmath at 50 digits. */
static void one_study_is_its_own_estimate(void **state)
{
    static const double yi[1] = {0.25}, vi[1] = {0.0123};
    mtp_pool_options options = defaults();
    mtp_pool_result *r;
    const mtp_pooled *p;

    (void)state;
    options.null_value = 0.0;
    r = pool_generic(1, yi, vi, &options);
    p = &r->overall;
    assert_true(p->exists && p->random.estimate == 0.25);
    assert_int_equal(p->random.ci.method, MTP_CI_WALD);
    assert_close(p->random.ci.se, 0.110905365064094172383819972649, TOL0, 0.0);
    assert_close(p->random.ci.statistic, 2.25417408666858070847991929682, TOL0, 0.0);
    assert_close(p->random.ci.p, 0.0241852183227112608401286335092, TOL1, 0.0);
    assert_close(p->random.ci.lower, 0.0326294787821086583981599882067, TOL1, 0.0);
    assert_true(p->random.ci.upper == p->common.ci.upper);
    assert_true(isnan(interval_of(&p->random, MTP_CI_HKSJ)->lower));
    assert_true(isnan(interval_of(&p->random, MTP_CI_T)->statistic));
    assert_true(isnan(p->random.pi.lower) && isnan(p->random.pi.upper));
    assert_true(p->heterogeneity.Q == 0.0 && p->heterogeneity.df == 0.0);
    assert_true(p->heterogeneity.p == 1.0 && p->heterogeneity.log_p == 0.0);
    assert_true(isnan(p->heterogeneity.tau2) && isnan(p->heterogeneity.I2));
    assert_int_equal(p->heterogeneity.ci.status, MTP_SET_UNDEFINED);
    assert_true(!p->fit.boundary && isnan(p->fit.loglik));
    assert_true(r->weight_common[0] == 100.0 && r->weight_random[0] == 100.0);
    assert_non_null(note_text(r, MTP_NOTE_SINGLE_STUDY));
    assert_null(note_text(r, MTP_NOTE_PI_UNDEFINED));
    mtp_pool_result_free(r);
}

/* A given tau2 needs no second study: se = sqrt(v + tau2) = 0.5, se of a prediction
 * sqrt(tau2 + se^2); 1.959963984540054 is the normal quantile (mpmath). */
static void one_study_with_a_given_tau2(void **state)
{
    static const double yi[1] = {0.25}, vi[1] = {0.0625};
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = 0.1875;
    options.predict = MTP_PI_WALD;
    r = pool_generic(1, yi, vi, &options);
    assert_true(r->overall.heterogeneity.tau2 == 0.1875);
    assert_true(r->overall.random.ci.se == 0.5);
    assert_close(r->overall.random.pi.upper,
                 0.25 + 1.959963984540054 * sqrt(0.25 + 0.1875), TOL1, 0.0);
    assert_non_null(note_text(r, MTP_NOTE_PI_UNDEFINED)); /* v, hts, hk, hk-pr */
    mtp_pool_result_free(r);
}

static void two_studies_are_warned_of(void **state)
{
    static const double yi[2] = {0.1, 1.3}, vi[2] = {0.04, 0.09};
    mtp_pool_result *r = pool_generic(2, yi, vi, NULL);
    const char *text = note_text(r, MTP_NOTE_PI_UNDEFINED);

    (void)state;
    assert_non_null(note_text(r, MTP_NOTE_TWO_STUDIES));
    assert_non_null(text);
    assert_non_null(strstr(text, "hts, hk-pr"));
    assert_true(isnan(prediction_of(&r->overall.random, MTP_PI_HTS)->upper));
    assert_true(!isnan(r->overall.random.pi.upper));
    assert_true(isnan(r->overall.fit.AICc));
    assert_non_null(note_text(r, MTP_NOTE_NOT_DEFINED));
    mtp_pool_result_free(r);
}

/* Wishes of users: three nearly equal effects, where Hartung-Knapp is a fifth of Wald.
 * metafor 3.8-1: rma(c(.10, .11, .12), rep(.01, 3), test = "knha"). */
static void narrow_hartung_knapp_is_noted(void **state)
{
    static const double yi[3] = {0.10, 0.11, 0.12}, vi[3] = {0.01, 0.01, 0.01};
    mtp_pool_options options = defaults();
    mtp_pool_result *r = pool_generic(3, yi, vi, NULL);

    (void)state;
    assert_close(r->overall.random.ci.se, 0.0057735026918962536, 1e-13, 0.0);
    assert_close(r->overall.random.ci.lower, 0.0851586228824966623, 1e-13, 0.0);
    assert_close(r->overall.random.ci.upper, 0.1348413771175032416, 1e-13, 0.0);
    assert_non_null(note_text(r, MTP_NOTE_HKSJ_NARROWER));
    assert_non_null(note_text(r, MTP_NOTE_TAU2_ZERO));
    assert_true(r->overall.fit.boundary);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_HKSJ_ADHOC;
    options.tau2 = MTP_TAU2_DL;
    r = pool_generic(3, yi, vi, &options);
    assert_null(note_text(r, MTP_NOTE_HKSJ_NARROWER));
    assert_non_null(note_text(r, MTP_NOTE_TAU2_TRUNCATED));
    assert_close(r->overall.random.ci.se, 0.1 / sqrt(3.0), TOL1, 0.0);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_WALD; /* z interval, prediction with hksj's narrower error */
    options.predict = MTP_PI_HK;
    r = pool_generic(3, yi, vi, &options);
    assert_non_null(note_text(r, MTP_NOTE_PI_INSIDE_CI));
    mtp_pool_result_free(r);
}

static void equal_effects_have_no_hartung_knapp_test(void **state)
{
    static const double yi[3] = {0.1, 0.1, 0.1}, vi[3] = {0.01, 0.3, 0.02};
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.null_value = 0.0;
    r = pool_generic(3, yi, vi, &options);
    assert_true(r->overall.random.estimate == 0.1);
    assert_true(r->overall.heterogeneity.Q == 0.0);
    assert_true(r->overall.heterogeneity.p == 1.0);
    assert_true(r->overall.heterogeneity.I2 == 0.0);
    assert_true(r->overall.heterogeneity.I2_Q == 0.0);
    assert_true(r->overall.heterogeneity.H2 == 1.0);
    assert_true(r->overall.random.ci.se == 0.0);
    assert_true(isnan(r->overall.random.ci.statistic));
    assert_true(r->overall.random.ci.lower == 0.1);
    assert_non_null(note_text(r, MTP_NOTE_HKSJ_ZERO_SE));
    assert_int_equal(r->overall.heterogeneity.ci.status, MTP_SET_EMPTY);
    assert_true(isnan(r->overall.heterogeneity.ci.I2[1]));
    assert_non_null(note_text(r, MTP_NOTE_INTERVAL_EMPTY));
    mtp_pool_result_free(r);
}

static void modes_and_extreme_variances_are_noted(void **state)
{
    static const double yi[6] = {0.03, -1.51, 0.38, 0.34, 0.1, -1.61};
    static const double vi[6] = {0.0016, 0.421, 0.9147, 3.6534, 0.0236, 0.3829};
    mtp_pool_result *r = pool_generic(6, yi, vi, NULL);
    const char *text = note_text(r, MTP_NOTE_MULTIPLE_MODES);

    (void)state;
    assert_int_equal(r->overall.fit.n_modes, 2);
    assert_non_null(text);
    assert_non_null(strstr(text, "0 (log-likelihood -8.051)"));
    assert_non_null(strstr(text, "0.4646 (log-likelihood -6.99)"));
    assert_null(note_text(r, MTP_NOTE_EXTREME_VARIANCES));
    mtp_pool_result_free(r);

    r = pool_generic(vectors[1].k, vectors[1].yi, vectors[1].vi, NULL);
    assert_non_null(note_text(r, MTP_NOTE_EXTREME_VARIANCES));
    mtp_pool_result_free(r);
}

/* exp(1000) is no double. */
static void infinite_back_transform_is_noted(void **state)
{
    static const double x[2] = {1, 900}, t[2] = {1e6, 1.0};
    mtp_effects *effects =
        effects_of(MTP_IRLN, 2, MTP_ROLE_EVENTS, x, MTP_ROLE_TIME, t);
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.level = 0.9999;
    r = pool(effects, NULL, &options);
    assert_true(isinf(r->overall.random.back.ci_upper));
    assert_non_null(note_text(r, MTP_NOTE_UNBOUNDED));
    assert_true(r->overall.time == 1000001.0 && isnan(r->overall.n));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Times 2^-270, weights squared overflow a double: not one digit may change. */
static void unit_changes_no_digit(void **state)
{
    const vector *bcg = &vectors[0];
    mtp_pool_options options = defaults();
    mtp_pool_result *a, *b;
    double yi[16], vi[16];

    (void)state;
    options.null_value = 0.0;
    for (size_t i = 0; i < bcg->k; i++) {
        yi[i] = ldexp(bcg->yi[i], -270);
        vi[i] = ldexp(bcg->vi[i], -540);
    }
    a = pool_generic(bcg->k, bcg->yi, bcg->vi, &options);
    b = pool_generic(bcg->k, yi, vi, &options);
    assert_true(a->overall.heterogeneity.Q == b->overall.heterogeneity.Q);
    assert_true(a->overall.heterogeneity.p == b->overall.heterogeneity.p);
    assert_true(a->overall.heterogeneity.I2 == b->overall.heterogeneity.I2);
    assert_true(a->overall.heterogeneity.H2 == b->overall.heterogeneity.H2);
    assert_true(a->overall.heterogeneity.ci.I2[0] == b->overall.heterogeneity.ci.I2[0]);
    assert_true(ldexp(a->overall.heterogeneity.tau2, -540) ==
                b->overall.heterogeneity.tau2);
    assert_true(a->overall.common.ci.statistic == b->overall.common.ci.statistic);
    assert_true(a->overall.random.ci.statistic == b->overall.random.ci.statistic);
    assert_true(a->overall.random.ci.p == b->overall.random.ci.p);
    assert_true(ldexp(a->overall.random.pi.lower, -270) == b->overall.random.pi.lower);
    assert_true(a->weight_random[4] == b->weight_random[4]);
    mtp_pool_result_free(a);
    mtp_pool_result_free(b);
}

static void options_are_checked(void **state)
{
    static const double yi[2] = {0.0, 1.0}, vi[2] = {1.0, 1.0};
    mtp_effects *effects = generic(2, yi, vi);
    mtp_effects none = *effects;
    mtp_pool_options options = defaults();
    mtp_pool_result *r = NULL;
    mtp_error err;

    (void)state;
    options.level = 1.0;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    options = (mtp_pool_options){.size = 0}; /* no _init */
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "mtp_pool_options_init"));
    none.k = 0;
    assert_int_equal(mtp_pool(&none, NULL, NULL, &r, &err), MTP_E_DATA);
    assert_string_equal(err.message, "there are no studies");
    options = defaults();
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = -1.0;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    options.tau2_value = (double)INFINITY;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    options = defaults();
    options.ci = MTP_CI_COUNT;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    options = defaults();
    options.method = MTP_METHOD_GLMM;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "PLO"));
    assert_null(r);
    mtp_effects_free(effects);
}

static void survives_lack_of_memory(void **state)
{
    static const size_t level[13] = {0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0};
    static const char *const name[3] = {"a", "b", "c"};
    const mtp_grouping by = {3, level, name};
    mtp_effects *effects = generic(vectors[0].k, vectors[0].yi, vectors[0].vi);
    mtp_pool_options options = defaults();
    mtp_pool_result *r = NULL;
    mtp_status status = MTP_E_NOMEM;
    size_t n;

    (void)state;
    options.tau2_scope = MTP_TAU2_COMMON;
    for (n = 1; status == MTP_E_NOMEM; n++) {
        mtp_arena_fail_after(n);
        status = mtp_pool(effects, &by, &options, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || !r);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 10);
    mtp_pool_result_free(r);
    mtp_pool_result_free(NULL);
    mtp_effects_free(effects);
}

/* mpmath: the normal quantiles of 2^-54 and of 5e-10. At the second level 1 - level is
 * off by 8e-8 of itself in doubles; limits that were given and limits that are made
 * take the same quantile, so that the one study comes back. */
static void levels_near_one(void **state)
{
    static const double yi[1] = {0.25}, vi[1] = {1.0};
    static const double lower[1] = {-6.109410204869397}, upper[1] = {6.109410204869397};
    static const double zero[1] = {0.0};
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options given;
    mtp_pool_options options = defaults();
    mtp_effects *effects = NULL;
    mtp_pool_result *r;

    (void)state;
    options.level = 1.0 - 0x1p-53;
    r = pool_generic(1, yi, vi, &options);
    assert_close(r->overall.common.ci.upper, 0.25 + 8.292361075813595538, TOL1, 0.0);
    assert_close(r->overall.random.ci.lower, 0.25 - 8.292361075813595538, TOL1, 0.0);
    mtp_pool_result_free(r);

    mtp_effects_options_init(&given, sizeof given);
    given.input_level = options.level = 0.999999999;
    raw.column[MTP_ROLE_YI] = zero;
    raw.column[MTP_ROLE_CI_LOWER] = lower;
    raw.column[MTP_ROLE_CI_UPPER] = upper;
    assert_int_equal(mtp_effects_compute(&given, &raw, &effects, NULL), MTP_OK);
    assert_close(effects->vi[0], 1.0, TOL1, 0.0);
    r = pool(effects, NULL, &options);
    assert_close(r->overall.common.ci.upper, upper[0], TOL0, 0.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_study_is_its_own_estimate),
        cmocka_unit_test(one_study_with_a_given_tau2),
        cmocka_unit_test(levels_near_one),
        cmocka_unit_test(two_studies_are_warned_of),
        cmocka_unit_test(narrow_hartung_knapp_is_noted),
        cmocka_unit_test(equal_effects_have_no_hartung_knapp_test),
        cmocka_unit_test(modes_and_extreme_variances_are_noted),
        cmocka_unit_test(infinite_back_transform_is_noted),
        cmocka_unit_test(unit_changes_no_digit),
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(survives_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
