/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/models/pooling.h"

/* BCG trials: numbers of vaccinated people as weights. metafor 3.8-1: rma(yi, vi,
 * weights = tpos + tneg, method = "EE", "DL", "GENQ", test = ...), predict(),
 * weights(); closed forms, and so good to rounding. */
static const double people[13] = {123,   306,  231,  13598, 5069, 1541, 2545,
                                  88391, 7499, 1716, 50634, 2498, 16913};
static const size_t allocation[13] = {0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2};
static const char *const names[3] = {"random", "alternate", "systematic"};
static const mtp_grouping by_allocation = {3, allocation, names};

static mtp_pool_options weighted(mtp_tau2_method tau2, mtp_ci_method ci)
{
    mtp_pool_options options = defaults();

    options.weights = people;
    options.tau2 = tau2;
    options.ci = ci;
    return options;
}

static mtp_pool_result *pool_bcg(const mtp_pool_options *options)
{
    return pool_generic(13, vectors[0].yi, vectors[0].vi, options);
}

static void both_means_take_the_weights(void **state)
{
    mtp_pool_options options = weighted(MTP_TAU2_DL, MTP_CI_HKSJ);
    mtp_pool_result *r;
    const mtp_estimate *e;

    (void)state;
    options.null_value = 0.0;
    r = pool_bcg(&options);
    e = &r->overall.common;
    assert_close(e->estimate, -0.25188636079653076, 1e-13, 0.0);
    assert_close(e->ci.se, 0.05139651675014989, 1e-13, 0.0);
    assert_close(e->ci.p, 9.5425335774996658e-07, 1e-12, 0.0);
    e = &r->overall.random;
    assert_close(e->estimate, -0.25188636079653076, 1e-13, 0.0);
    assert_close(interval_of(e, MTP_CI_WALD)->se, 0.30860605681774306, 1e-13, 0.0);
    assert_close(interval_of(e, MTP_CI_T)->lower, -0.92428119670404318, 1e-13, 0.0);
    assert_close(e->ci.se, 0.31198065377796452, 1e-13, 0.0);
    assert_close(e->ci.statistic, -0.80737814267097907, 1e-13, 0.0);
    assert_close(e->ci.upper, 0.42786109026286817, 1e-13, 0.0);
    assert_close(prediction_of(e, MTP_PI_WALD)->lower, -1.4976558143742413, 1e-13, 0.0);
    assert_close(prediction_of(e, MTP_PI_V)->upper, 1.1329852438210488, 1e-13, 0.0);
    assert_close(prediction_of(e, MTP_PI_HK)->upper, 1.1365700278389674, 1e-13, 0.0);
    assert_null(interval_of(e, MTP_CI_KR));
    /* tau2, Q and I2 are those of inverse variances. */
    assert_close(r->overall.heterogeneity.tau2, 0.30876026286237618, 1e-13, 0.0);
    assert_close(r->overall.heterogeneity.Q, 152.23300808237329, 1e-13, 0.0);
    assert_close(r->weight_common[7], 46.26250889754219031, 1e-13, 0.0);
    assert_same(r->weight_random[7], r->weight_common[7]);
    assert_close(r->weight_random[0], 0.06437633463132772, 1e-13, 0.0);
    mtp_pool_result_free(r);
}

static void generalized_q_takes_them_too(void **state)
{
    mtp_pool_options options = weighted(MTP_TAU2_GENQ, MTP_CI_HKSJ);
    mtp_pool_result *r = pool_bcg(&options);

    (void)state;
    assert_close(r->overall.heterogeneity.tau2, 0.23668074097257003, 1e-13, 0.0);
    assert_close(r->overall.heterogeneity.tau2_se, 0.19810110546571749, 1e-12, 0.0);
    assert_close(r->overall.random.estimate, -0.25188636079653076, 1e-13, 0.0);
    assert_close(r->overall.random.ci.se, 0.30168961459952132, 1e-13, 0.0);
    assert_close(r->overall.random.ci.lower, -0.90921156366332956, 1e-13, 0.0);
    mtp_pool_result_free(r);
}

/* rma(yi, vi, weights, subset = alloc == ...); with a common tau2 mods = ~ alloc - 1,
 * test = "knha", and ~ alloc for the omnibus F. */
static void weights_in_subgroups(void **state)
{
    static const double want[3][3] = {
        {0.76306275437095272, -0.24044973881946763, 0.69815912912124956},
        {0.13257703987809291, -0.35009856188138083, 0.34009384393407355},
        {0.28497068180746316, -0.26079990145636428, 0.41115224311790044}};
    static const double common_se[3] = {0.47712878520862612, 0.49779944554817346,
                                        0.45198555282018649};
    mtp_effects *effects = generic(13, vectors[0].yi, vectors[0].vi);
    mtp_pool_options options = weighted(MTP_TAU2_DL, MTP_CI_WALD);
    mtp_pool_result *r = pool(effects, &by_allocation, &options);

    (void)state;
    for (int g = 0; g < 3; g++) {
        assert_close(r->groups[g].heterogeneity.tau2, want[g][0], 1e-13, 0.0);
        assert_close(r->groups[g].random.estimate, want[g][1], 1e-13, 0.0);
        assert_close(r->groups[g].random.ci.se, want[g][2], 1e-13, 0.0);
    }
    mtp_pool_result_free(r);

    options.ci = MTP_CI_HKSJ;
    options.tau2_scope = MTP_TAU2_COMMON;
    r = pool(effects, &by_allocation, &options);
    assert_close(r->groups[0].heterogeneity.tau2, 0.55956875012770313, 1e-13, 0.0);
    for (int g = 0; g < 3; g++) {
        assert_close(r->groups[g].random.ci.se, common_se[g], 1e-12, 0.0);
    }
    assert_true(r->between.random.is_f);
    assert_close(r->between.random.statistic, 0.014243878621237233, 1e-11, 0.0);
    assert_close(r->between.random.p, 0.98587704963677514, 1e-13, 0.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* A weight of 0 leaves a study out of the mean, not out of tau2 and the factor. */
static void a_weight_of_zero(void **state)
{
    double weights[13];
    mtp_pool_options options = weighted(MTP_TAU2_DL, MTP_CI_HKSJ);
    mtp_pool_result *r;

    (void)state;
    memcpy(weights, people, sizeof weights);
    weights[2] = 0.0;
    options.weights = weights;
    r = pool_bcg(&options);
    assert_close(r->overall.random.estimate, -0.25055944591329132, 1e-13, 0.0);
    assert_close(r->overall.random.ci.se, 0.31235656509879972, 1e-13, 0.0);
    assert_true(r->weight_random[2] == 0.0);
    weights[0] = 1e9; /* the result keeps its own */
    assert_true(r->options.weights[0] == 123.0);
    mtp_pool_result_free(r);
}

/* In any unit, to the edge of doubles, and in proportion to 1 / vi as without them. */
static void the_unit_of_the_weights_does_not_matter(void **state)
{
    double large[13], small[13], inverse[13];
    mtp_pool_options options = weighted(MTP_TAU2_REML, MTP_CI_WALD);
    mtp_pool_result *a = pool_bcg(&options), *b, *c, *d;

    (void)state;
    for (int i = 0; i < 13; i++) {
        large[i] = ldexp(people[i], 1000);
        small[i] = ldexp(people[i], -1050);
        inverse[i] = 1.0 / vectors[0].vi[i];
    }
    options.weights = large;
    b = pool_bcg(&options);
    options.weights = small;
    c = pool_bcg(&options);
    options.weights = inverse;
    d = pool_bcg(&options);
    assert_same(a->overall.random.estimate, b->overall.random.estimate);
    assert_same(a->overall.random.ci.se, b->overall.random.ci.se);
    assert_same(a->weight_random[4], b->weight_random[4]);
    assert_same(a->overall.random.estimate, c->overall.random.estimate);
    assert_close(d->overall.common.estimate, vectors[0].mu, TOL1, 0.0);
    assert_close(d->overall.common.ci.se, vectors[0].se, TOL1, 0.0);
    mtp_pool_result_free(a);
    mtp_pool_result_free(b);
    mtp_pool_result_free(c);
    mtp_pool_result_free(d);
}

static mtp_status refused(const mtp_grouping *by, const mtp_pool_options *options,
                          mtp_error *err)
{
    mtp_effects *effects = generic(13, vectors[0].yi, vectors[0].vi);
    mtp_pool_result *r = NULL;
    mtp_status status = mtp_pool(effects, by, options, &r, err);

    assert_null(r);
    mtp_effects_free(effects);
    return status;
}

static void weights_that_make_no_mean(void **state)
{
    static const double bad[] = {-1.0, (double)NAN, (double)INFINITY};
    double weights[13];
    mtp_pool_options options = weighted(MTP_TAU2_DL, MTP_CI_WALD);
    mtp_error err;

    (void)state;
    options.weights = weights;
    for (int i = 0; i < 3; i++) {
        memcpy(weights, people, sizeof weights);
        weights[4] = bad[i];
        assert_int_equal(refused(NULL, &options, &err), MTP_E_DATA);
        assert_int_equal(err.line, 5);
        assert_string_equal(err.column, "weights");
    }
    memset(weights, 0, sizeof weights);
    assert_int_equal(refused(NULL, &options, &err), MTP_E_DATA);
    assert_string_equal(err.message, "all weights are 0");
    memcpy(weights, people, sizeof weights);
    weights[4] = weights[5] = 0.0;
    assert_int_equal(refused(&by_allocation, &options, &err), MTP_E_DATA);
    assert_string_equal(err.message, "all weights of subgroup 'alternate' are 0");
    options.tau2 = MTP_TAU2_GENQ;
    assert_int_equal(refused(NULL, &options, &err), MTP_E_DATA);
    assert_int_equal(err.line, 5);
}

static void what_weights_do_not_go_with(void **state)
{
    static const mtp_ci_method ci[] = {MTP_CI_KR, MTP_CI_PL, MTP_CI_HC};
    static const mtp_pi_method pi[] = {MTP_PI_KR, MTP_PI_KR_PR, MTP_PI_NNF};
    mtp_error err;

    (void)state;
    for (int i = 0; i < 3; i++) {
        mtp_pool_options options = weighted(MTP_TAU2_REML, ci[i]);

        assert_int_equal(refused(NULL, &options, &err), MTP_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, mtp_ci_id(ci[i])));
        options.ci = MTP_CI_HKSJ;
        options.predict = pi[i];
        assert_int_equal(refused(NULL, &options, &err), MTP_E_UNSUPPORTED);
        assert_non_null(strstr(err.message, mtp_pi_id(pi[i])));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_means_take_the_weights),
        cmocka_unit_test(generalized_q_takes_them_too),
        cmocka_unit_test(weights_in_subgroups),
        cmocka_unit_test(a_weight_of_zero),
        cmocka_unit_test(the_unit_of_the_weights_does_not_matter),
        cmocka_unit_test(weights_that_make_no_mean),
        cmocka_unit_test(what_weights_do_not_go_with),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
