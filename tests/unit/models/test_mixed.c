/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/models/pooling.h"

/* The mixed models in the terms of the pool result; the fits have tests of their own.
 */

static mtp_pool_options mixed(void)
{
    mtp_pool_options options = defaults();

    options.method = MTP_METHOD_GLMM;
    options.tau2 = MTP_TAU2_ML;
    options.ci = MTP_CI_WALD;
    return options;
}

/* Tuberculosis in the 13 control arms of the BCG vaccine trials: mpmath at 50 digits
 * for the likelihood (exact integral), its p-values from the chi-square statistic. */
static void control_arms_of_bcg(void **state)
{
    static const double x[13] = {11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29};
    static const double n[13] = {139,   303,  220,  12867, 5808, 1451, 629,
                                 88391, 7277, 1665, 27338, 2341, 17854};
    mtp_effects *effects = effects_of(MTP_PLO, 13, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r = pool(effects, NULL, &options);
    const mtp_pooled *p = &r->overall;
    const mtp_heterogeneity *h = &p->heterogeneity;
    double ll = -73.3558459161862081635188336469;
    double ll0 = -1335.05728012378770969176404306;

    (void)state;
    assert_close(p->common.estimate, -4.69245911827467033350137758434, 1e-13, 0.0);
    assert_close(p->common.ci.se, 0.0258518976305650099223028631887, 1e-12, 0.0);
    assert_close(p->common.back.estimate, 0.00908090424156408051334171262246, 1e-12,
                 0.0);
    assert_close(p->random.estimate, -4.11577995219295024141904222615, 1e-12, 0.0);
    assert_close(p->random.ci.se, 0.443670386182269373708619739064, 1e-11, 0.0);
    assert_close(p->random.back.ci_lower, 0.00679089868562462466279587638243, 1e-11,
                 0.0);
    assert_close(p->random.back.ci_upper, 0.0374636041271558320884703033624, 1e-11,
                 0.0);
    assert_int_equal(p->random.n_intervals, 2);
    assert_int_equal(p->random.n_predictions, 3);
    assert_int_equal(p->random.pi.method, MTP_PI_V);
    assert_close(h->tau2, 2.50303010960920717983377958504, 1e-12, 0.0);
    assert_close(h->tau, 1.58209674470596366872220643527, 1e-12, 0.0);
    /* delta method: 2 tau se(tau) */
    assert_close(h->tau2_se,
                 2.0 * 1.58209674470596366872220643527 *
                     0.319725465434228551820324694541,
                 1e-11, 0.0);
    assert_close(h->LRT, 2597.37312591943034303250348619, 1e-12, 0.0);
    assert_true(h->LRT_df == 12.0 && h->df == 12.0);
    /* ln 3.00335354045643215828490914035e-551 */
    assert_true(h->LRT_p == 0.0);
    assert_close(h->LRT_log_p, -1267.6246567285577830783778686, 1e-12, 0.0);
    assert_close(h->tau2_statistic, 2.0 * (ll - ll0), 1e-12, 0.0);
    assert_true(h->tau2_p >= 0.0 && h->tau2_p < 1e-300);
    assert_string_equal(h->Q_center, "wald");
    assert_int_equal(h->ci.status, MTP_SET_UNDEFINED);
    assert_close(p->fit.loglik, ll, 1e-12, 0.0);
    assert_string_equal(p->fit.loglik_kind, "marginal");
    assert_close(p->fit.AIC, 4.0 - 2.0 * ll, 1e-12, 0.0);
    assert_close(p->fit.BIC, 2.0 * log(13.0) - 2.0 * ll, 1e-12, 0.0);
    assert_close(p->fit.AICc, 52.0 / 10.0 - 2.0 * ll, 1e-12, 0.0);
    assert_string_equal(p->fit.model, "binomial-normal");
    assert_true(p->fit.converged && !p->fit.boundary && p->fit.nodes == 0);
    assert_null(r->weight_common);
    assert_null(r->weight_random);
    assert_int_equal(r->notes.count, 1); /* no weights, no Q-profile interval */
    assert_int_equal(r->notes.item[0].code, MTP_NOTE_NOT_DEFINED);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Nonrelapse mortality in mantle cell lymphoma, 5 cohorts: tau2 = 0. mpmath at 50
 * digits; the Wald test is QE.Wld of metafor 5.1-12's rma.glmm(measure = "PLO"). */
static void boundary(void **state)
{
    static const double x[5] = {4, 5, 4, 5, 18}, n[5] = {17, 33, 54, 68, 168};
    mtp_effects *effects = effects_of(MTP_PLO, 5, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r;
    const mtp_heterogeneity *h;

    (void)state;
    options.ci = MTP_CI_T;
    r = pool(effects, NULL, &options);
    h = &r->overall.heterogeneity;
    assert_close(r->overall.random.estimate, -2.13350876295011169605300120096, 1e-13,
                 0.0);
    assert_close(r->overall.random.ci.se, 0.176259046468509820125957676826, 1e-12, 0.0);
    assert_int_equal(r->overall.random.ci.method, MTP_CI_T);
    assert_true(r->overall.random.ci.df == 4.0);
    assert_true(h->tau2 == 0.0 && h->tau == 0.0 && h->I2 == 0.0 && h->H2 == 1.0);
    assert_true(isnan(h->tau2_se));
    assert_true(h->tau2_statistic == 0.0 && h->tau2_p == 1.0);
    assert_close(h->Q, 4.741360244859928, 1e-9, 0.0);
    assert_close(h->p, 0.3148793965126199, 1e-9, 0.0);
    assert_close(h->LRT, 4.44569065572992304228290909722, 1e-12, 0.0);
    assert_close(h->LRT_p, 0.349035823367078407791477502489, 1e-12, 0.0);
    assert_true(r->overall.fit.boundary);
    assert_non_null(note_text(r, MTP_NOTE_TAU2_ZERO));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* A group without any event has no estimate; the others, and the overall, have. */
static void group_without_events(void **state)
{
    static const double x[7] = {0, 4, 5, 0, 4, 5, 18};
    static const double n[7] = {10, 17, 33, 25, 54, 68, 168};
    static const size_t level[7] = {1, 0, 0, 1, 0, 0, 0};
    static const char *const name[2] = {"some", "none"};
    const mtp_grouping by = {2, level, name};
    mtp_effects *effects = effects_of(MTP_PLO, 7, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r = pool(effects, &by, &options);
    const char *text = note_text(r, MTP_NOTE_NO_FINITE_ESTIMATE);

    (void)state;
    assert_true(r->overall.exists && r->groups[0].exists && !r->groups[1].exists);
    assert_close(r->groups[0].random.estimate, -2.13350876295011169605300120096, 1e-13,
                 0.0);
    assert_true(isnan(r->groups[1].random.estimate));
    assert_true(isnan(r->groups[1].random.ci.se));
    assert_true(isnan(r->groups[1].common.back.estimate));
    assert_true(isnan(r->groups[1].heterogeneity.Q));
    assert_true(isnan(r->groups[1].fit.loglik) && !r->groups[1].fit.converged);
    assert_true(r->groups[1].events == 0.0 && r->groups[1].n == 35.0);
    assert_non_null(text);
    assert_non_null(strstr(text, "subgroup 'none'"));
    /* One estimate is left: nothing to test between, and Q within it. */
    assert_true(isnan(r->between.random.statistic));
    assert_true(r->between.within.df == 4.0);
    assert_close(r->between.within.statistic, 4.741360244859928, 1e-9, 0.0);
    text = note_text(r, MTP_NOTE_NO_INFORMATION_IN_Q);
    assert_non_null(text);
    assert_non_null(strstr(text, "2 of 7"));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

static void nothing_at_all_is_no_error(void **state)
{
    static const double x[3] = {0, 0, 0}, n[3] = {10, 25, 40};
    mtp_effects *effects = effects_of(MTP_PLO, 3, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r = pool(effects, NULL, &options);

    (void)state;
    assert_false(r->overall.exists);
    assert_true(isnan(r->overall.random.estimate));
    assert_int_equal(r->overall.random.n_intervals, 0);
    assert_non_null(note_text(r, MTP_NOTE_NO_FINITE_ESTIMATE));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Each study has no events or nothing else: no tau is the most likely, but the common
 * effect and the tests are there. 14 of 26: logit 14/26, se sqrt(1/14 + 1/12), LRT
 * -2 (14 log(14/26) + 12 log(12/26)); mpmath, 40 digits. The other subgroup has an
 * estimate, so that the common effects can be compared and the random ones cannot. */
static void all_or_nothing_keeps_the_common_effect(void **state)
{
    static const double x[9] = {0, 6, 0, 8, 4, 5, 4, 5, 18};
    static const double n[9] = {5, 6, 7, 8, 17, 33, 54, 68, 168};
    static const size_t level[9] = {0, 0, 0, 0, 1, 1, 1, 1, 1};
    static const char *const name[2] = {"edge", "some"};
    const mtp_grouping by = {2, level, name};
    mtp_effects *effects = effects_of(MTP_PLO, 9, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r = pool(effects, &by, &options);
    const mtp_pooled *p = &r->groups[0];
    const mtp_heterogeneity *h = &p->heterogeneity;
    const char *text = note_text(r, MTP_NOTE_NO_FINITE_ESTIMATE);

    (void)state;
    assert_true(r->overall.exists && r->groups[1].exists && !p->exists);
    assert_close(p->common.estimate, log(14.0 / 12.0), TOL2, 0.0);
    assert_close(p->common.ci.se, sqrt(1.0 / 14.0 + 1.0 / 12.0), TOL1, 0.0);
    assert_close(p->common.back.estimate, 14.0 / 26.0, TOL1, 0.0);
    assert_close(p->common.back.ci_upper, 0.7160997213776423316641, TOL1, 0.0);
    assert_true(h->Q == 0.0 && h->df == 3.0 && h->p == 1.0 && h->LRT_df == 3.0);
    assert_close(h->LRT, 35.88965515297781771233, TOL1, 0.0);
    assert_close(h->LRT_p, 7.901626284923799201032e-8, TOL2, 0.0);
    assert_true(isnan(h->tau2) && isnan(h->tau2_p) && isnan(h->I2) && isnan(h->vt));
    assert_true(isnan(p->random.estimate) && isnan(p->random.ci.se));
    assert_true(isnan(p->fit.loglik) && !p->fit.converged && p->fit.n_modes == 0);
    assert_non_null(text);
    assert_non_null(strstr(text, "subgroup 'edge'"));
    assert_non_null(strstr(text, "likelihood rises with tau"));
    assert_true(r->between.common.df == 1.0 && isnan(r->between.random.statistic));
    assert_true(r->between.within.df == 7.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* logit(4/17) with se sqrt(1/4 + 1/13). */
static void one_study(void **state)
{
    static const double x[1] = {4}, n[1] = {17};
    mtp_effects *effects = effects_of(MTP_PLO, 1, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r;

    (void)state;
    options.ci = MTP_CI_T;
    r = pool(effects, NULL, &options);
    assert_close(r->overall.random.estimate, log(4.0 / 13.0), TOL1, 0.0);
    assert_close(r->overall.random.ci.se, sqrt(0.25 + 1.0 / 13.0), TOL1, 0.0);
    assert_int_equal(r->overall.random.ci.method, MTP_CI_WALD);
    assert_true(isnan(r->overall.heterogeneity.tau2));
    assert_true(isnan(r->overall.random.pi.upper));
    assert_non_null(note_text(r, MTP_NOTE_SINGLE_STUDY));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Rates: log of (sum of events / sum of time), se 1 / sqrt(sum of events), where the
 * rates are alike. */
static void rates(void **state)
{
    static const double x[3] = {5, 9, 11}, t[3] = {100, 190, 230};
    mtp_effects *effects =
        effects_of(MTP_IRLN, 3, MTP_ROLE_EVENTS, x, MTP_ROLE_TIME, t);
    mtp_pool_options options = mixed();
    mtp_pool_result *r = pool(effects, NULL, &options);

    (void)state;
    assert_string_equal(r->overall.fit.model, "poisson-normal");
    assert_close(r->overall.common.estimate, log(25.0 / 520.0), 1e-13, 0.0);
    assert_close(r->overall.random.ci.se, 0.2, 1e-12, 0.0);
    assert_true(r->overall.heterogeneity.tau2 == 0.0);
    assert_close(r->overall.random.back.estimate, 25.0 / 520.0, 1e-13, 0.0);
    assert_true(r->overall.time == 520.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

static void what_it_cannot_do_it_says(void **state)
{
    static const double x[3] = {1, 2, 3}, n[3] = {10, 25, 40};
    mtp_effects *effects = effects_of(MTP_PLO, 3, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = mixed();
    mtp_pool_result *r = NULL;
    mtp_error err;

    (void)state;
    options.tau2 = MTP_TAU2_DL;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "ML"));
    options = mixed();
    options.ci = MTP_CI_HKSJ;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "wald or t"));
    options = mixed();
    options.predict = MTP_PI_HK;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_UNSUPPORTED);
    options = mixed();
    options.nodes = 101;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    assert_null(r);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_arms_of_bcg),
        cmocka_unit_test(boundary),
        cmocka_unit_test(group_without_events),
        cmocka_unit_test(nothing_at_all_is_no_error),
        cmocka_unit_test(all_or_nothing_keeps_the_common_effect),
        cmocka_unit_test(one_study),
        cmocka_unit_test(rates),
        cmocka_unit_test(what_it_cannot_do_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
