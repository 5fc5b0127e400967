/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/models/pooling.h"

/* The beta-binomial model in the terms of the pool result; its fit has tests of its
 * own, where the 45-digit figures come from. */

static const double bcg_x[13] = {11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29};
static const double bcg_n[13] = {139,   303,  220,  12867, 5808, 1451, 629,
                                 88391, 7277, 1665, 27338, 2341, 17854};

static mtp_pool_options beta_binomial(void)
{
    mtp_pool_options options = defaults();

    options.method = MTP_METHOD_BETABINOMIAL;
    options.tau2 = MTP_TAU2_ML;
    options.ci = MTP_CI_WALD;
    return options;
}

static void control_arms_of_bcg(void **state)
{
    mtp_effects *effects =
        effects_of(MTP_PLO, 13, MTP_ROLE_EVENTS, bcg_x, MTP_ROLE_N, bcg_n);
    mtp_pool_options options = beta_binomial();
    mtp_pool_result *r = pool(effects, NULL, &options);
    const mtp_pooled *p = &r->overall;
    const mtp_heterogeneity *h = &p->heterogeneity;
    double ll = -74.749459298842634349, ll0 = -1335.0572801237877097;
    double mu = -3.0487060717872208789, se = 0.36862192147461091887;

    (void)state;
    assert_close(p->common.estimate, -4.6924591182746703335, 1e-14, 0.0);
    assert_close(p->random.estimate, mu, 1e-13, 0.0);
    assert_close(p->random.ci.se, se, 1e-13, 0.0);
    assert_close(p->random.ci.upper, mu + 1.9599639845400542355 * se, 1e-13, 0.0);
    assert_close(p->random.back.estimate, 1.0 / (1.0 + exp(-mu)), 1e-13, 0.0);
    assert_int_equal(p->random.n_intervals, 2); /* wald, t */
    assert_int_equal(p->random.n_predictions, 0);
    assert_int_equal(p->random.pi.method, MTP_PI_NONE);
    assert_true(isnan(p->random.pi.lower) && isnan(p->random.back.pi_upper));
    assert_true(isnan(h->tau2) && isnan(h->tau) && isnan(h->I2) && isnan(h->H2));
    assert_true(isnan(h->tau2_statistic) && isnan(h->tau2_p));
    /* the binomial-normal model has the same saturated and common ones */
    assert_close(h->LRT, 2597.37312591943034303250348619, 1e-12, 0.0);
    assert_true(h->LRT_df == 12.0 && h->df == 12.0);
    assert_close(p->fit.rho, 0.074689255064464862721, 1e-13, 0.0);
    assert_close(p->fit.rho_se, 0.032893417129549764573, 1e-13, 0.0);
    assert_close(p->fit.rho_statistic, 2.0 * (ll - ll0), 1e-13, 0.0);
    assert_true(p->fit.rho_p >= 0.0 && p->fit.rho_p < 1e-300);
    assert_close(p->fit.loglik, ll, 1e-14, 0.0);
    assert_close(p->fit.AIC, 4.0 - 2.0 * ll, 1e-14, 0.0);
    assert_close(p->fit.AICc, 52.0 / 10.0 - 2.0 * ll, 1e-14, 0.0);
    assert_close(p->fit.BIC, 2.0 * log(13.0) - 2.0 * ll, 1e-14, 0.0);
    assert_string_equal(p->fit.model, "beta-binomial");
    assert_int_equal(p->fit.n_modes, 1);
    assert_close(p->fit.modes[0].tau2, p->fit.rho, 0.0, 0.0);
    assert_true(p->fit.converged && !p->fit.boundary && p->fit.nodes == -1);
    assert_null(r->weight_common);
    assert_null(r->weight_random);
    assert_int_equal(r->notes.count, 1);
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_NOT_DEFINED);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* A subgroup is pooled as if it were alone; the test between two of them is that of two
 * means with their standard errors. */
static void subgroups_stand_alone(void **state)
{
    static const size_t level[13] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
    static const char *const name[2] = {"even", "odd"};
    const mtp_grouping grouping = {2, level, name};
    mtp_effects *effects =
        effects_of(MTP_PLO, 13, MTP_ROLE_EVENTS, bcg_x, MTP_ROLE_N, bcg_n);
    mtp_pool_options options = beta_binomial();
    mtp_pool_result *r = pool(effects, &grouping, &options), *alone;
    double x[7], n[7], difference, variance;
    mtp_effects *even;

    (void)state;
    for (size_t i = 0; i < 7; i++) {
        x[i] = bcg_x[2 * i];
        n[i] = bcg_n[2 * i];
    }
    even = effects_of(MTP_PLO, 7, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    alone = pool(even, NULL, &options);
    assert_close(r->groups[0].random.estimate, alone->overall.random.estimate, 0.0,
                 0.0);
    assert_close(r->groups[0].fit.rho, alone->overall.fit.rho, 0.0, 0.0);
    difference = r->groups[0].random.estimate - r->groups[1].random.estimate;
    variance = r->groups[0].random.ci.se * r->groups[0].random.ci.se +
               r->groups[1].random.ci.se * r->groups[1].random.ci.se;
    assert_close(r->between.random.statistic, difference * difference / variance, 1e-12,
                 0.0);
    assert_close(r->between.random.df, 1.0, 0.0, 0.0);
    mtp_pool_result_free(alone);
    mtp_effects_free(even);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Where another method has pooled, there is no rho. */
static void others_have_no_rho(void **state)
{
    static const mtp_method method[] = {MTP_METHOD_INVERSE, MTP_METHOD_GLMM};
    mtp_effects *effects =
        effects_of(MTP_PLO, 13, MTP_ROLE_EVENTS, bcg_x, MTP_ROLE_N, bcg_n);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        mtp_pool_options options = beta_binomial();
        mtp_pool_result *r;

        options.method = method[i];
        r = pool(effects, NULL, &options);
        assert_true(isnan(r->overall.fit.rho) && isnan(r->overall.fit.rho_se));
        assert_true(isnan(r->overall.fit.rho_statistic) && isnan(r->overall.fit.rho_p));
        mtp_pool_result_free(r);
    }
    mtp_effects_free(effects);
}

static void refuse(const mtp_effects *effects, const mtp_grouping *grouping,
                   const mtp_pool_options *options, const char *word)
{
    mtp_pool_result *result = NULL;
    mtp_error err;

    assert_int_equal(mtp_pool(effects, grouping, options, &result, &err),
                     MTP_E_UNSUPPORTED);
    assert_null(result);
    if (!strstr(err.message, word)) {
        fail_msg("'%s' does not name %s", err.message, word);
    }
}

static void what_it_does_not_have_is_refused(void **state)
{
    static const size_t level[13] = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0};
    static const char *const name[2] = {"even", "odd"};
    const mtp_grouping grouping = {2, level, name};
    mtp_effects *effects =
        effects_of(MTP_PLO, 13, MTP_ROLE_EVENTS, bcg_x, MTP_ROLE_N, bcg_n);
    mtp_effects *risks =
        effects_of(MTP_PR, 13, MTP_ROLE_EVENTS, bcg_x, MTP_ROLE_N, bcg_n);
    mtp_pool_options options = beta_binomial();

    (void)state;
    refuse(risks, NULL, &options, "PLO has");
    options.tau2 = MTP_TAU2_REML;
    refuse(effects, NULL, &options, "tau2");
    options = beta_binomial();
    options.tau2_scope = MTP_TAU2_COMMON;
    refuse(effects, &grouping, &options, "tau2");
    options = beta_binomial();
    options.ci = MTP_CI_HKSJ;
    refuse(effects, NULL, &options, "wald or t");
    options = beta_binomial();
    options.predict = MTP_PI_HTS;
    refuse(effects, NULL, &options, "prediction");
    options = beta_binomial();
    options.weights = bcg_n;
    refuse(effects, NULL, &options, "weights");
    mtp_effects_free(risks);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_arms_of_bcg),
        cmocka_unit_test(subgroups_stand_alone),
        cmocka_unit_test(others_have_no_rho),
        cmocka_unit_test(what_it_does_not_have_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
