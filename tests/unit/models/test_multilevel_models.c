/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regression and pooling in nested levels: what they take from the engine. */
#include "multilevel_data.h"

/* Regression in levels: the engine's figures with tests of their own. */
static mtp_regress_result *regress(mtp_ci_method ci, mtp_level_df df)
{
    static const size_t effect[K] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    const size_t *const ids[] = {COUNTRY, effect};
    const char *const names[] = {"country", "effect"};
    const mtp_effects effects = {.measure = mtp_measure_get(MTP_GEN),
                                 .k = K,
                                 .yi = (double *)(uintptr_t)YI,
                                 .vi = (double *)(uintptr_t)VI};
    const mtp_moderators moderators = {.k = K, .p = P, .x = matrix, .intercept = true};
    mtp_regress_options options;
    mtp_regress_result *r = NULL;
    mtp_error err = {0};

    mtp_regress_options_init(&options, sizeof options);
    options.ci = ci;
    options.level_df = df;
    options.n_levels = 2;
    options.level_id = ids;
    options.level_name = names;
    if (mtp_regress(&effects, &moderators, &options, &r, &err) != MTP_OK) {
        assert_null(r);
        assert_true(ci == MTP_CI_HKSJ);
    }
    return r;
}

static void regression_takes_levels(void **state)
{
    mtp_regress_result *z = regress(MTP_CI_WALD, MTP_LEVEL_DF_RESIDUAL);
    mtp_regress_result *t = regress(MTP_CI_T, MTP_LEVEL_DF_RESIDUAL);
    mtp_regress_result *contain = regress(MTP_CI_T, MTP_LEVEL_DF_CONTAIN);

    (void)state;
    assert_null(regress(MTP_CI_HKSJ, MTP_LEVEL_DF_RESIDUAL));
    assert_true(isnan(z->coefficient[1].df) && !z->omnibus.is_f);
    assert_close(t->coefficient[1].df, K - P, 0.0, 0.0);
    assert_close(t->omnibus.df2, K - P, 0.0, 0.0);
    assert_close(t->omnibus.statistic, z->omnibus.statistic / 2.0, 1e-14, 0.0);
    /* The intercept is constant in the 3 countries, the moderators are not. */
    assert_close(contain->coefficient[0].df, 3 - P, 0.0, 0.0);
    assert_close(contain->coefficient[2].df, K - P, 0.0, 0.0);
    assert_true(isnan(contain->coefficient[0].statistic));
    assert_int_equal(t->n_levels, 2);
    assert_string_equal(t->levels[1].name, "effect");
    assert_close(t->heterogeneity.tau2, t->levels[0].sigma2 + t->levels[1].sigma2,
                 1e-15, 0.0);
    assert_close(t->study[4].fitted + t->study[4].residual, YI[4], 1e-15, 0.0);
    assert_true(t->null_tau2 > 0.0 && t->R2 >= 0.0);
    mtp_regress_result_free(z);
    mtp_regress_result_free(t);
    mtp_regress_result_free(contain);
}

static mtp_status pool(const mtp_pool_options *options, mtp_pool_result **r,
                       mtp_error *err)
{
    const mtp_effects effects = {.measure = mtp_measure_get(MTP_GEN),
                                 .k = K,
                                 .yi = (double *)(uintptr_t)YI,
                                 .vi = (double *)(uintptr_t)VI};

    return mtp_pool(&effects, NULL, options, r, err);
}

static void pooling_takes_levels(void **state)
{
    mtp_multilevel_result *levels = fit(1, NULL, 3, NULL);
    mtp_pool_options options;
    mtp_pool_result *r = NULL, *plain = NULL;
    const mtp_interval *ci;

    (void)state;
    mtp_pool_options_init(&options, sizeof options);
    assert_int_equal(pool(&options, &plain, NULL), MTP_OK);
    options.n_levels = 3;
    options.levels = LEVELS;
    options.ci = MTP_CI_T;
    options.level_df = MTP_LEVEL_DF_CONTAIN;
    assert_int_equal(pool(&options, &r, NULL), MTP_OK);
    ci = &r->overall.random.ci;
    assert_close(r->overall.random.estimate, levels->beta[0], 0.0, 0.0);
    assert_close(ci->se, sqrt(levels->vcov[0]), TOL0, 0.0);
    assert_close(ci->df, 2.0, 0.0, 0.0); /* three countries, one mean */
    assert_close(r->overall.heterogeneity.tau2, levels->tau2, 0.0, 0.0);
    assert_close(r->overall.heterogeneity.I2, levels->I2, TOL1, 0.0);
    assert_close(r->overall.heterogeneity.Q, plain->overall.heterogeneity.Q, TOL1, 0.0);
    assert_close(r->overall.heterogeneity.vt, plain->overall.heterogeneity.vt, TOL1,
                 0.0);
    assert_close(r->overall.common.estimate, plain->overall.common.estimate, 0.0, 0.0);
    assert_close(r->overall.fit.AIC, levels->reml.AIC, 0.0, 0.0);
    assert_int_equal(r->overall.n_levels, 3);
    assert_close(r->overall.levels[2].sigma2, levels->levels[2].sigma2, 0.0, 0.0);
    assert_close(r->weight_random[5], levels->weight[5], 0.0, 0.0);
    mtp_pool_result_free(r);
    mtp_pool_result_free(plain);
    mtp_multilevel_free(levels);
}

/* Robust by country, against the same variance from blocks by hand. */
static void pooling_takes_robust_variance_over_levels(void **state)
{
    mtp_multilevel_result *levels = fit(1, NULL, 3, NULL);
    size_t cluster[K];
    mtp_robust_model model;
    mtp_robust_result *robust = NULL;
    mtp_pool_options options;
    mtp_pool_result *r = NULL;

    (void)state;
    memcpy(cluster, levels->levels[0].effects.group, sizeof cluster);
    mtp_robust_model_init(&model, sizeof model);
    model.k = K;
    model.p = 1;
    model.residual = levels->residual;
    model.clusters = model.n_blocks = 3;
    model.cluster = cluster;
    model.block = mtp_multilevel_block;
    model.context = levels;
    assert_int_equal(mtp_robust(&model, MTP_ROBUST_CR2, &robust, NULL), MTP_OK);
    mtp_pool_options_init(&options, sizeof options);
    options.n_levels = 3;
    options.levels = LEVELS;
    options.ci = MTP_CI_ROBUST;
    options.cluster = cluster;
    options.n_clusters = 3;
    assert_int_equal(pool(&options, &r, NULL), MTP_OK);
    assert_close(r->overall.random.ci.se, sqrt(robust->vcov[0]), TOL1, 0.0);
    assert_close(r->overall.random.ci.df, robust->df[0], TOL1, 0.0);
    mtp_pool_result_free(r);
    mtp_robust_free(robust);
    mtp_multilevel_free(levels);
}

static void pooling_refuses_what_levels_do_not_have(void **state)
{
    mtp_pool_options options;
    mtp_pool_result *r = NULL;
    mtp_error err = {0};

    (void)state;
    mtp_pool_options_init(&options, sizeof options);
    options.n_levels = 3;
    options.levels = LEVELS;
    assert_int_equal(pool(&options, &r, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "no interval hksj"));
    options.ci = MTP_CI_T;
    options.tau2 = MTP_TAU2_DL;
    assert_int_equal(pool(&options, &r, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "REML and ML"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(regression_takes_levels),
        cmocka_unit_test(pooling_takes_levels),
        cmocka_unit_test(pooling_takes_robust_variance_over_levels),
        cmocka_unit_test(pooling_refuses_what_levels_do_not_have),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
