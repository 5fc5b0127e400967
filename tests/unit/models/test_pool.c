/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unit/models/pooling.h"

/* BCG vaccine, log risk ratio; see vectors.h. */
static mtp_pool_result *pool_bcg(const mtp_pool_options *options)
{
    return pool_generic(vectors[0].k, vectors[0].yi, vectors[0].vi, options);
}

static void estimates_on_every_vector(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        const vector *x = &vectors[i];
        mtp_pool_result *r = pool_generic(x->k, x->yi, x->vi, NULL);
        const mtp_pooled *p = &r->overall;

        print_message("%s\n", x->name);
        assert_true(p->exists && p->k == x->k);
        assert_close(p->common.estimate, x->mu, TOL0, 0.0);
        assert_close(p->common.ci.se, x->se, TOL0, 0.0);
        assert_close(p->heterogeneity.Q, x->Q, TOL0, 0.0);
        assert_close(p->heterogeneity.vt, x->vt, TOL0, 0.0);
        assert_close(p->heterogeneity.tau2, x->tau2[5], TOL0, 0.0);
        assert_close(p->random.estimate, x->reml.mu, TOL0, 0.0);
        assert_close(interval_of(&p->random, MTP_CI_WALD)->se, x->reml.se, TOL0, 0.0);
        assert_close(p->random.ci.se, x->reml.hksj, TOL0, 0.0);
        assert_close(p->random.ci.lower, x->reml.lower, TOL2, 0.0);
        assert_close(p->random.ci.upper, x->reml.upper, TOL2, 0.0);
        assert_close(p->random.pi.lower, x->reml.hk[0], TOL2, 0.0);
        assert_close(p->random.pi.upper, x->reml.hk[1], TOL2, 0.0);
        mtp_pool_result_free(r);
    }
}

/* mpmath at 50 digits for these doubles. */
static void common_effect_of_bcg(void **state)
{
    mtp_pool_options options = defaults();
    mtp_pool_result *r;
    const mtp_estimate *e;

    (void)state;
    options.null_value = 0.0;
    r = pool_bcg(&options);
    e = &r->overall.common;
    assert_close(e->ci.statistic, -10.6246525010465069072668538403, TOL0, 0.0);
    assert_close(e->ci.p, 2.28862930697337096281165090862e-26, 1e-13, 0.0);
    assert_close(e->ci.log_p, -59.0392593353919646898948751579, TOL1, 0.0);
    assert_close(e->ci.lower, -0.509661258426213700645522551980, TOL1, 0.0);
    assert_close(e->ci.upper, -0.350909068881967742134122655794, TOL1, 0.0);
    assert_int_equal(e->ci.method, MTP_CI_WALD);
    assert_true(isnan(e->ci.df));
    assert_int_equal(e->n_intervals, 1);
    assert_int_equal(e->pi.method, MTP_PI_NONE);
    assert_true(isnan(e->pi.lower) && isnan(e->back.pi_upper));
    assert_true(e->back.estimate == e->estimate);
    mtp_pool_result_free(r);
}

/* mpmath at 50 digits; the AICs are metafor 5.1-12's, fit.stats of rma(yi, vi). */
static void heterogeneity_and_fit_of_bcg(void **state)
{
    mtp_pool_result *r = pool_bcg(NULL);
    const mtp_heterogeneity *h = &r->overall.heterogeneity;
    const mtp_fit *f = &r->overall.fit;
    mtp_pool_options options = defaults();

    (void)state;
    assert_true(h->df == 12.0);
    assert_string_equal(h->Q_center, "common");
    assert_close(h->p, 1.99676459084585744739678156771e-26, 1e-13, 0.0);
    assert_close(h->log_p, -59.1756842517592378630662461053, TOL1, 0.0);
    assert_close(h->I2, 92.2213845212689539578757812364, TOL0, 0.0);
    assert_close(h->H2, 12.8557582353091665220337817519, TOL0, 0.0);
    assert_close(h->I2_Q, 92.1173468545620608298706947316, TOL0, 0.0);
    assert_close(h->tau, sqrt(vectors[0].tau2[5]), TOL0, 0.0);
    assert_int_equal(h->ci.status, MTP_SET_OK);
    assert_string_equal(h->ci.method, "qp");
    assert_close(h->ci.tau2[0], vectors[0].qp[0], TOL1, 0.0);
    assert_close(h->ci.tau2[1], vectors[0].qp[1], TOL1, 0.0);
    /* metafor 5.1-12: confint(), tol 1e-14 */
    assert_close(h->ci.tau[0], 0.3460034120370213, 1e-13, 0.0);
    assert_close(h->ci.I2[0], 81.92057455859654, 1e-13, 0.0);
    assert_close(h->ci.I2[1], 97.67807495788742, 1e-13, 0.0);
    assert_close(h->ci.H2[1], 43.06771243098171, 1e-13, 0.0);
    assert_true(isnan(h->LRT) && isnan(h->tau2_statistic));
    assert_string_equal(f->loglik_kind, "REML");
    assert_close(f->AIC, 28.40474283098714, 1e-13, 0.0);
    assert_close(f->BIC, 29.37455613056314, 1e-13, 0.0);
    assert_close(f->AICc, 29.73807616432047, 1e-13, 0.0);
    assert_int_equal(f->n_modes, 1);
    assert_true(f->converged && !f->boundary && f->nodes == -1);
    mtp_pool_result_free(r);

    options.tau2 = MTP_TAU2_ML;
    r = pool_bcg(&options);
    assert_string_equal(r->overall.fit.loglik_kind, "ML");
    assert_close(r->overall.fit.AIC, 29.33015269655362, 1e-13, 0.0);
    assert_close(r->overall.fit.BIC, 30.46005141147669, 1e-13, 0.0);
    assert_close(r->overall.fit.AICc, 30.53015269655362, 1e-13, 0.0);
    mtp_pool_result_free(r);

    options.tau2 = MTP_TAU2_DL;
    r = pool_bcg(&options);
    /* fitstats(rma(yi, vi, method="DL")): ML at that tau2 */
    assert_string_equal(r->overall.fit.loglik_kind, "ML");
    assert_close(r->overall.fit.loglik, -12.682335781427907, 1e-13, 0.0);
    assert_close(r->overall.fit.AIC, 29.364671562855815, 1e-13, 0.0);
    assert_int_equal(r->overall.fit.n_modes, 0);
    mtp_pool_result_free(r);
}

/* metafor 5.1-12: rma(yi, vi, test = "z", "t", "knha", "adhoc"), predict(pi.type =). */
static void intervals_side_by_side(void **state)
{
    static const struct {
        mtp_ci_method method;
        double se, statistic, p, lower, upper, df;
    } want[] = {
        {MTP_CI_WALD, 0.17978151610520574, -3.9744483061317863, 7.054258101641643e-05,
         -1.0668976388103504, -0.36216704550592854, 0.0},
        {MTP_CI_T, 0.17978151610520574, -3.9744483061317863, 0.0018446472101382872,
         -1.1062426159851872, -0.3228220683310916, 12.0},
        {MTP_CI_HKSJ, 0.18079174409284787, -3.952239886524809, 0.0019200150960572916,
         -1.108443713685551, -0.32062097063072803, 12.0},
        {MTP_CI_HKSJ_ADHOC, 0.18079174409284787, -3.952239886524809,
         0.0019200150960572916, -1.108443713685551, -0.32062097063072803, 12.0},
    };
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.null_value = 0.0;
    r = pool_bcg(&options);
    assert_int_equal(r->overall.random.n_intervals, 6); /* and hksj-wide and kr */
    for (int m = 0; m < 4; m++) {
        const mtp_interval *i = interval_of(&r->overall.random, want[m].method);

        assert_close(i->se, want[m].se, 1e-13, 0.0);
        assert_close(i->statistic, want[m].statistic, 1e-13, 0.0);
        assert_close(i->p, want[m].p, 1e-12, 0.0);
        assert_close(i->log_p, log(want[m].p), 1e-12, 0.0);
        assert_close(i->lower, want[m].lower, 1e-13, 0.0);
        assert_close(i->upper, want[m].upper, 1e-13, 0.0);
        assert_close(i->df, want[m].df > 0.0 ? want[m].df : (double)NAN, 0.0, 0.0);
    }
    assert_int_equal(r->overall.random.ci.method, MTP_CI_HKSJ);
    mtp_pool_result_free(r);
}

static void predictions_side_by_side(void **state)
{
    static const struct {
        mtp_pi_method method;
        double se, lower, upper, df;
    } want[] = {
        {MTP_PI_WALD, 0.5878474731336073, -1.8666922179028864, 0.43762753358660766,
         0.0},
        {MTP_PI_V, 0.5878474731336073, -1.9953419585091048, 0.5662772741928258, 12.0},
        {MTP_PI_HTS, 0.5878474731336073, -2.008375906922578, 0.5793112226062992, 11.0},
        {MTP_PI_HK, 0.5881572178156234, -1.9960168341962023, 0.5669521498799236, 12.0},
        {MTP_PI_HK_PR, 0.5881572178156234, -2.0090576503711124, 0.5799929660548336,
         11.0},
    };
    mtp_pool_options options = defaults();
    mtp_pool_result *r = pool_bcg(NULL);

    (void)state;
    assert_int_equal(r->overall.random.n_predictions, 7); /* and kr and kr-pr */
    for (int m = 0; m < 5; m++) {
        const mtp_prediction *p = prediction_of(&r->overall.random, want[m].method);

        assert_close(p->se, want[m].se, 1e-13, 0.0);
        assert_close(p->lower, want[m].lower, 1e-13, 0.0);
        assert_close(p->upper, want[m].upper, 1e-13, 0.0);
        assert_close(p->df, want[m].df > 0.0 ? want[m].df : (double)NAN, 0.0, 0.0);
    }
    mtp_pool_result_free(r);

    for (int m = 0; m < 5; m++) {
        options.predict = want[m].method;
        r = pool_bcg(&options);
        assert_int_equal(r->overall.random.pi.method, want[m].method);
        assert_close(r->overall.random.pi.lower, want[m].lower, 1e-13, 0.0);
        mtp_pool_result_free(r);
    }
    options.predict = MTP_PI_NONE;
    r = pool_bcg(&options);
    assert_int_equal(r->overall.random.pi.method, MTP_PI_NONE);
    assert_int_equal(r->overall.random.n_predictions, 0);
    assert_true(isnan(r->overall.random.pi.lower));
    mtp_pool_result_free(r);
}

/* `auto` follows the interval; the floored factor is the prediction's too. */
static void auto_prediction_follows_the_interval(void **state)
{
    static const struct {
        mtp_ci_method ci;
        mtp_pi_method pi;
    } want[] = {{MTP_CI_WALD, MTP_PI_V},      {MTP_CI_T, MTP_PI_V},
                {MTP_CI_HKSJ, MTP_PI_HK},     {MTP_CI_HKSJ_ADHOC, MTP_PI_HK},
                {MTP_CI_HKSJ_WIDE, MTP_PI_V}, {MTP_CI_KR, MTP_PI_KR},
                {MTP_CI_PL, MTP_PI_V},        {MTP_CI_HC, MTP_PI_V}};
    static const double yi[3] = {0.10, 0.11, 0.12}, vi[3] = {0.01, 0.01, 0.01};
    mtp_pool_options options = defaults();

    (void)state;
    for (int m = 0; m < 8; m++) {
        mtp_pool_result *r;

        options.ci = want[m].ci;
        r = pool_generic(3, yi, vi, &options);
        assert_int_equal(r->overall.random.ci.method, want[m].ci);
        assert_int_equal(r->overall.random.pi.method, want[m].pi);
        /* tau2 = 0: sqrt(0 + se^2), 0.1 / sqrt(3) times the factor's root */
        assert_close(r->overall.random.pi.se,
                     (want[m].ci == MTP_CI_HKSJ ? 0.1 : 1.0) * 0.1 / sqrt(3.0), 1e-13,
                     0.0);
        mtp_pool_result_free(r);
    }
}

/* metafor 5.1-12: weights(rma(yi, vi)) and method = "EE". */
static void weights_are_percentages_in_the_order_of_the_studies(void **state)
{
    static const double random[3] = {5.059482734366632, 6.36467937256301,
                                     4.43602740260137};
    static const double common[3] = {0.503754802568308, 0.8429126517274972,
                                     0.39486648631779353};
    mtp_pool_result *r = pool_bcg(NULL);
    double sum_common = 0.0, sum_random = 0.0;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_close(r->weight_random[i], random[i], 1e-13, 0.0);
        assert_close(r->weight_common[i], common[i], 1e-13, 0.0);
    }
    for (size_t i = 0; i < r->k; i++) {
        sum_common += r->weight_common[i];
        sum_random += r->weight_random[i];
    }
    assert_close(sum_common, 100.0, TOL1, 0.0);
    assert_close(sum_random, 100.0, TOL1, 0.0);
    mtp_pool_result_free(r);
}

/* metafor 5.1-12: rma(method = "DL", level = 90); rma(tau2 = 0.1). */
static void level_and_given_tau2(void **state)
{
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.tau2 = MTP_TAU2_DL;
    options.ci = MTP_CI_WALD;
    options.level = 0.9;
    r = pool_bcg(&options);
    assert_close(r->overall.random.ci.lower, -1.0081217963344196, 1e-13, 0.0);
    assert_close(r->overall.random.ci.upper, -0.4201126478120343, 1e-13, 0.0);
    mtp_pool_result_free(r);

    options.level = 0.95;
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = 0.1;
    r = pool_bcg(&options);
    assert_close(r->overall.random.estimate, -0.6714120827811092, 1e-13, 0.0);
    assert_close(r->overall.random.ci.se, 0.116895171707345, 1e-13, 0.0);
    assert_close(r->overall.heterogeneity.I2, 79.1006625170527, 1e-13, 0.0);
    assert_true(r->overall.heterogeneity.tau2 == 0.1);
    assert_true(isnan(r->overall.heterogeneity.tau2_se));
    assert_int_equal(r->overall.fit.n_modes, 0);
    assert_int_equal(r->overall.fit.tau2_method, MTP_TAU2_GIVEN);
    mtp_pool_result_free(r);
}

/* metafor 3.8-1: rma of escalc(measure = "PFT"), predict(transf = transf.ipft.hm);
 * transf.ipft at the other sample sizes. The mean of 1/n is 1/34.75. */
static void freeman_tukey_states_its_n(void **state)
{
    static const double x[4] = {1, 2, 3, 5}, n[4] = {10000, 20, 25, 40};
    static const struct {
        mtp_ft_n kind;
        double n, estimate;
    } want[] = {{MTP_FT_HARMONIC, 34.752389226759334, 0.05855197886893837},
                {MTP_FT_GEOMETRIC, 118.920711500272105354, 0.066699453877835047},
                {MTP_FT_ARITHMETIC, 2521.25, 0.070085169901729083},
                {MTP_FT_INVERSE_VARIANCE, 15.165454534579229318, 0.045285336482998151}};
    mtp_effects *effects = effects_of(MTP_PFT, 4, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = defaults();

    (void)state;
    options.tau2 = MTP_TAU2_DL;
    options.ci = MTP_CI_WALD;
    for (int i = 0; i < 4; i++) {
        mtp_pool_result *r;

        options.ft_n = want[i].kind;
        r = pool(effects, NULL, &options);
        assert_close(r->overall.heterogeneity.tau2, 0.059219789560027380, 1e-12, 0.0);
        assert_close(r->overall.random.estimate, 0.268263576775869927, 1e-12, 0.0);
        assert_close(r->overall.random.back.ft_n, want[i].n, 1e-12, 0.0);
        assert_close(r->overall.random.back.estimate, want[i].estimate, 1e-12, 0.0);
        if (want[i].kind == MTP_FT_HARMONIC) {
            assert_close(r->overall.random.back.ci_lower, 0.0, 0.0, 0.0);
            assert_close(r->overall.random.back.ci_upper, 0.23966364443808724, 1e-12,
                         0.0);
            assert_non_null(note_text(r, MTP_NOTE_BACK_CLIPPED));
        }
        assert_non_null(note_text(r, MTP_NOTE_FREEMAN_TUKEY));
        assert_true(r->overall.events == 11.0 && r->overall.n == 10085.0);
        assert_true(isnan(r->overall.time));
        mtp_pool_result_free(r);
    }
    mtp_effects_free(effects);
}

/* The null hypothesis is stated on the natural scale: logit(1/4) = -log 3. */
static void null_value_is_natural(void **state)
{
    static const double x[3] = {5, 9, 11}, n[3] = {20, 30, 50};
    mtp_effects *effects = effects_of(MTP_PLO, 3, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_options options = defaults();
    mtp_pool_result *r;
    mtp_error err;
    const mtp_interval *wald;

    (void)state;
    options.null_value = 0.25;
    r = pool(effects, NULL, &options);
    wald = interval_of(&r->overall.random, MTP_CI_WALD);
    assert_close(r->overall.random.null_value, -log(3.0), TOL0, 0.0);
    assert_close(wald->statistic, (r->overall.random.estimate + log(3.0)) / wald->se,
                 1e-13, 0.0);
    mtp_pool_result_free(r);

    options.null_value = 0.0; /* has no logit */
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);
    options.null_value = 1.5;
    assert_int_equal(mtp_pool(effects, NULL, &options, &r, &err), MTP_E_ARG);

    options.null_value = (double)NAN;
    r = pool(effects, NULL, &options);
    assert_true(isnan(r->overall.random.ci.statistic));
    assert_true(isnan(r->overall.random.ci.p) && isnan(r->overall.random.ci.log_p));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(estimates_on_every_vector),
        cmocka_unit_test(common_effect_of_bcg),
        cmocka_unit_test(heterogeneity_and_fit_of_bcg),
        cmocka_unit_test(intervals_side_by_side),
        cmocka_unit_test(predictions_side_by_side),
        cmocka_unit_test(auto_prediction_follows_the_interval),
        cmocka_unit_test(weights_are_percentages_in_the_order_of_the_studies),
        cmocka_unit_test(level_and_given_tau2),
        cmocka_unit_test(freeman_tukey_states_its_n),
        cmocka_unit_test(null_value_is_natural),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
