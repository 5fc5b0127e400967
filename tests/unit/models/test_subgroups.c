/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/models/pooling.h"

/* BCG trials by allocation: 0 random, 1 alternate, 2 systematic. */
static const size_t allocation[13] = {0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2};
static const char *const names[3] = {"random", "alternate", "systematic"};
static const mtp_grouping by_allocation = {3, allocation, names};

static mtp_pool_result *pool_by_allocation(const mtp_pool_options *options)
{
    mtp_effects *effects = generic(vectors[0].k, vectors[0].yi, vectors[0].vi);
    mtp_pool_result *r = pool(effects, &by_allocation, options);

    mtp_effects_free(effects);
    return r;
}

/* metafor 3.8-1, tolerances 1e-15: rma(yi, vi, subset = alloc == ..., test = "z" and
 * "knha"); rma(estimates, se^2, method = "FE") for the tests between groups. */
static void separate_tau2(void **state)
{
    static const struct {
        size_t k;
        double tau2, mu, se, hksj, lower, upper, I2, H2, Q;
    } want[3] = {
        {7, 0.39252800690084849, -0.97096470426310033, 0.27595610297279033,
         0.25312752606953709, -1.5903454476536578, -0.35158396087254284,
         89.934315701264140, 9.9347443285658166, 110.21326117518791},
        {2, 0.132577039878092773, -0.540792961849345777, 0.281601613103887982,
         0.281601613103888093, -4.118880711984406418, 3.037294788285714642,
         82.022515566664154107, 5.562513507983845251, 5.562513507983849692},
        {4, 0.40034588017508065949, -0.42420739151087666352, 0.35974523243311073983,
         0.36421846209861613586, -1.58331309053273217025, 0.73489830751097895423,
         86.42211959006652932658, 7.36491977988263712973, 16.59186357953582202640}};
    mtp_pool_result *r = pool_by_allocation(NULL);

    (void)state;
    assert_int_equal(r->n_groups, 3);
    for (int g = 0; g < 3; g++) {
        const mtp_pooled *p = &r->groups[g];

        assert_string_equal(r->group_name[g], names[g]);
        assert_int_equal(p->k, want[g].k);
        assert_close(p->heterogeneity.tau2, want[g].tau2, 1e-12, 0.0);
        assert_close(p->heterogeneity.I2, want[g].I2, 1e-12, 0.0);
        assert_close(p->heterogeneity.H2, want[g].H2, 1e-12, 0.0);
        assert_close(p->heterogeneity.Q, want[g].Q, 1e-12, 0.0);
        assert_close(p->random.estimate, want[g].mu, 1e-12, 0.0);
        assert_close(interval_of(&p->random, MTP_CI_WALD)->se, want[g].se, 1e-12, 0.0);
        assert_close(p->random.ci.se, want[g].hksj, 1e-12, 0.0);
        assert_close(p->random.ci.lower, want[g].lower, 1e-12, 0.0);
        assert_close(p->random.ci.upper, want[g].upper, 1e-12, 0.0);
    }
    assert_false(r->between.random.is_f);
    assert_close(r->between.random.statistic, 1.86144494615458145, 1e-11, 0.0);
    assert_true(r->between.random.df == 2.0 && isnan(r->between.random.df2));
    assert_close(r->between.random.p, 0.39426875888559559, 1e-11, 0.0);
    assert_close(r->between.random.log_p, log(0.39426875888559559), 1e-11, 0.0);
    assert_close(r->between.common.statistic, 19.865369819665638, 1e-12, 0.0);
    assert_close(r->between.common.p, 4.8561238362813026e-05, 1e-11, 0.0);
    assert_close(r->between.within.statistic, 132.36763826270757, 1e-13, 0.0);
    assert_true(r->between.within.df == 10.0);
    assert_close(r->between.within.p, 1.5352129564192043e-23, 1e-10, 0.0);
    /* The overall fit does not know of the groups. */
    assert_close(r->overall.heterogeneity.tau2, vectors[0].tau2[5], TOL0, 0.0);
    mtp_pool_result_free(r);
}

/* metafor 3.8-1: rma(yi, vi, mods = ~ factor(alloc) - 1, test = "knha" and "z"), its
 * confint() and predict(); without "- 1" for the omnibus tests. */
static void common_tau2(void **state)
{
    static const double mu[3] = {-0.96577417854584580, -0.51795577715529428,
                                 -0.42891756092357641};
    static const double se[3] = {0.26724409406526362, 0.44119446038685189,
                                 0.34494536762530015};
    static const double hksj[3] = {0.25558539270557029, 0.42194705859414777,
                                   0.32989689652392984};
    static const double lower[3] = {-1.5352539220332964, -1.4581124118902440,
                                    -1.1639736532182401};
    static const double hk[3] = {-2.4214627654401277, -2.1546037483475979,
                                 -1.9569979065177603};
    static const double hk_pr[3] = {-2.4436876221855703, -2.1795914188081276,
                                    -1.9803280109660020};
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.tau2_scope = MTP_TAU2_COMMON;
    r = pool_by_allocation(&options);
    for (int g = 0; g < 3; g++) {
        const mtp_pooled *p = &r->groups[g];

        assert_close(p->heterogeneity.tau2, 0.36150366432402053, 1e-12, 0.0);
        assert_close(p->heterogeneity.ci.tau2[0], 0.12433539263481118, 1e-12, 0.0);
        assert_close(p->heterogeneity.ci.tau2[1], 1.19482621671346001, 1e-12, 0.0);
        assert_close(p->random.estimate, mu[g], 1e-12, 0.0);
        assert_close(p->fit.modes[0].estimate, mu[g], 1e-12, 0.0);
        assert_close(interval_of(&p->random, MTP_CI_WALD)->se, se[g], 1e-12, 0.0);
        assert_close(p->random.ci.se, hksj[g], 1e-12, 0.0);
        assert_close(p->random.ci.lower, lower[g], 1e-12, 0.0);
        assert_true(p->random.ci.df == 10.0);
        assert_close(p->random.pi.lower, hk[g], 1e-12, 0.0);
        assert_close(prediction_of(&p->random, MTP_PI_HK_PR)->lower, hk_pr[g], 1e-12,
                     0.0);
        assert_close(p->fit.loglik, -10.330084036978210, 1e-12, 0.0);
        assert_close(p->fit.AIC, 28.660168073956420, 1e-12, 0.0);
        assert_close(p->fit.BIC, 29.870508445932604, 1e-12, 0.0);
        assert_close(p->fit.AICc, 36.660168073956420, 1e-12, 0.0);
    }
    assert_true(r->between.random.is_f);
    assert_close(r->between.random.statistic, 0.96622084481343196, 1e-11, 0.0);
    assert_true(r->between.random.df == 2.0 && r->between.random.df2 == 10.0);
    assert_close(r->between.random.p, 0.41338374572162057, 1e-11, 0.0);
    assert_close(r->overall.heterogeneity.tau2, vectors[0].tau2[5], TOL0, 0.0);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_WALD;
    r = pool_by_allocation(&options);
    assert_false(r->between.random.is_f);
    assert_close(r->between.random.statistic, 1.76751140193170264, 1e-11, 0.0);
    assert_close(r->between.random.p, 0.41322803275736669, 1e-11, 0.0);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_HKSJ_ADHOC; /* test = "adhoc": the factor 0.91 becomes 1 */
    r = pool_by_allocation(&options);
    assert_close(r->between.random.statistic, 0.88375570096585132, 1e-11, 0.0);
    assert_close(r->between.random.p, 0.44317664060085565, 1e-11, 0.0);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_WALD;
    options.tau2 = MTP_TAU2_DL;
    r = pool_by_allocation(&options);
    assert_close(r->groups[0].heterogeneity.tau2, 0.55956875012770280, 1e-12, 0.0);
    assert_close(r->groups[0].heterogeneity.tau2_se, 0.40451879277910030, 1e-12, 0.0);
    assert_close(r->between.random.statistic, 1.43491245192235395, 1e-11, 0.0);
    mtp_pool_result_free(r);
}

/* A group's result is that of its studies pooled alone. */
static void group_is_its_studies_alone(void **state)
{
    mtp_pool_result *r = pool_by_allocation(NULL), *alone;

    (void)state;
    alone = pool_generic(4, vectors[0].yi + 9, vectors[0].vi + 9, NULL);
    assert_same_pooled(&alone->overall, &r->groups[2]);
    mtp_pool_result_free(alone);
    mtp_pool_result_free(r);
}

/* A group of one study: no tau2, the common estimate; it counts between groups. With a
 * common tau2 it has an estimate like any other, se = sqrt(v + tau2). */
static void group_of_one_study(void **state)
{
    static const size_t level[13] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    static const char *const name[2] = {"most", "last"};
    const mtp_grouping by = {2, level, name};
    mtp_effects *effects = generic(vectors[0].k, vectors[0].yi, vectors[0].vi);
    mtp_pool_options options = defaults();
    mtp_pool_result *r = pool(effects, &by, NULL);
    const char *text = note_text(r, MTP_NOTE_SINGLE_STUDY);
    double v = vectors[0].vi[12];

    (void)state;
    assert_true(isnan(r->groups[1].heterogeneity.tau2));
    assert_true(r->groups[1].random.estimate == vectors[0].yi[12]);
    assert_close(r->groups[1].random.ci.se, sqrt(v), TOL0, 0.0);
    assert_int_equal(r->groups[1].random.ci.method, MTP_CI_WALD);
    assert_true(r->between.random.df == 1.0 && r->between.within.df == 11.0);
    assert_non_null(text);
    assert_non_null(strstr(text, "subgroup 'last'"));
    mtp_pool_result_free(r);

    options.tau2_scope = MTP_TAU2_COMMON;
    r = pool(effects, &by, &options);
    assert_true(r->groups[1].heterogeneity.tau2 == r->groups[0].heterogeneity.tau2);
    assert_close(interval_of(&r->groups[1].random, MTP_CI_WALD)->se,
                 sqrt(v + r->groups[1].heterogeneity.tau2), TOL1, 0.0);
    assert_int_equal(r->groups[1].random.ci.method, MTP_CI_HKSJ);
    assert_true(r->groups[1].random.ci.df == 11.0);
    assert_true(isnan(r->groups[1].heterogeneity.I2));
    assert_non_null(strstr(note_text(r, MTP_NOTE_SINGLE_STUDY), "shared"));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

static void one_group_leaves_nothing_to_test(void **state)
{
    static const size_t level[13] = {0};
    static const char *const name[1] = {"all"};
    const mtp_grouping by = {1, level, name};
    mtp_effects *effects = generic(vectors[0].k, vectors[0].yi, vectors[0].vi);
    mtp_pool_result *r = pool(effects, &by, NULL);

    (void)state;
    assert_true(isnan(r->between.random.statistic) && isnan(r->between.random.p));
    assert_true(isnan(r->between.common.df));
    assert_true(r->between.within.df == 12.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* The same bits on any number of threads and in any order of the studies. */
static void threads_and_order_change_no_bit(void **state)
{
    size_t level[13];
    double yi[13], vi[13];
    const mtp_grouping reversed = {3, level, names};
    mtp_pool_options options = defaults();
    mtp_pool_result *a = pool_by_allocation(NULL), *b, *c;
    mtp_effects *effects;

    (void)state;
    options.threads = 4;
    b = pool_by_allocation(&options);
    for (size_t i = 0; i < 13; i++) {
        yi[12 - i] = vectors[0].yi[i];
        vi[12 - i] = vectors[0].vi[i];
        level[12 - i] = allocation[i];
    }
    effects = generic(13, yi, vi);
    c = pool(effects, &reversed, &options);
    for (int g = 0; g < 3; g++) {
        assert_same_pooled(&a->groups[g], &b->groups[g]);
        assert_same_pooled(&a->groups[g], &c->groups[g]);
    }
    assert_same_pooled(&a->overall, &c->overall);
    assert_same(a->between.random.log_p, c->between.random.log_p);
    assert_same(a->between.common.statistic, c->between.common.statistic);
    assert_same(a->between.within.statistic, c->between.within.statistic);
    assert_int_equal(a->notes.count, c->notes.count);
    mtp_effects_free(effects);
    mtp_pool_result_free(a);
    mtp_pool_result_free(b);
    mtp_pool_result_free(c);
}

static void impossible_groupings_are_refused(void **state)
{
    static const double yi[2] = {0.0, 1.0}, vi[2] = {1.0, 1.0};
    static const size_t outside[2] = {0, 3}, gap[2] = {0, 2};
    const mtp_grouping bad = {3, outside, names}, empty = {3, gap, names};
    mtp_effects *effects = generic(2, yi, vi);
    mtp_pool_result *r = NULL;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_pool(effects, &bad, NULL, &r, &err), MTP_E_ARG);
    assert_int_equal(mtp_pool(effects, &empty, NULL, &r, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "'alternate'"));
    assert_null(r);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separate_tau2),
        cmocka_unit_test(common_tau2),
        cmocka_unit_test(group_is_its_studies_alone),
        cmocka_unit_test(group_of_one_study),
        cmocka_unit_test(one_group_leaves_nothing_to_test),
        cmocka_unit_test(threads_and_order_change_no_bit),
        cmocka_unit_test(impossible_groupings_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
