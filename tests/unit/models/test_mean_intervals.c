/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of the mean: Kenward-Roger, profile likelihood, Henmi-Copas, the wide one.
 */
#include "unit/models/pooling.h"

static mtp_pool_result *pool_bcg(mtp_ci_method ci)
{
    mtp_pool_options options = defaults();

    options.ci = ci;
    options.null_value = 0.0;
    return pool_generic(vectors[0].k, vectors[0].yi, vectors[0].vi, &options);
}

/* mpmath at 40 digits, matrices and all, for these doubles. meta 8.4-0 has se
 * 0.181535651866, df 10.513711086084, [-1.116355990664, -0.312708706066] at metafor's
 * tau2, which is 7e-8 larger: the same formulas give its figures to the last digit. */
static void kenward_roger_of_bcg(void **state)
{
    mtp_pool_result *r = pool_bcg(MTP_CI_KR);
    const mtp_interval *i = &r->overall.random.ci;
    const mtp_prediction *p = &r->overall.random.pi;

    (void)state;
    assert_int_equal(i->method, MTP_CI_KR);
    assert_close(i->se, 0.1815356364132182203342481, TOL0, 0.0);
    assert_close(i->df, 10.51371076290881929570635, TOL0, 0.0);
    assert_close(i->statistic, -3.936044493939988354522407, TOL0, 0.0);
    assert_close(i->p, 0.002536850804736400328884564, 1e-13, 0.0);
    assert_close(i->lower, -1.116355951837240913161731, TOL1, 0.0);
    assert_close(i->upper, -0.3127087324790375522645031, 1e-14, 0.0);
    assert_true(i->estimate == r->overall.random.estimate && i->n_segments == 0);
    assert_int_equal(p->method, MTP_PI_KR);
    assert_close(p->se, 0.5883863062856180221691359, TOL0, 0.0);
    assert_close(p->lower, -2.016907534978547168652692, TOL1, 0.0);
    assert_close(p->upper, 0.5878428506622687032264579, 1e-14, 0.0);
    p = prediction_of(&r->overall.random, MTP_PI_KR_PR);
    assert_close(p->df, 9.51371076290881929570635, TOL0, 0.0);
    assert_close(p->lower, -2.034679070573823505793165, TOL1, 0.0);
    assert_close(p->upper, 0.6056143862575450403669311, 1e-14, 0.0);
    mtp_pool_result_free(r);
}

/* Of two studies with variances 1 and 4 and tau2 = 0: by hand, 2 S1^2 / (V S2^2) with
 * the adjusted variance 2.6 has 2 / (12.5 (1.0625 2.6)^2) degrees of freedom. */
static void kenward_roger_below_one_degree_of_freedom(void **state)
{
    static const double yi[2] = {0.5, 0.5}, vi[2] = {1.0, 4.0};
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.ci = MTP_CI_KR;
    r = pool_generic(2, yi, vi, &options);
    assert_close(r->overall.random.ci.se, sqrt(2.6), TOL0, 0.0);
    assert_close(r->overall.random.ci.df, 2.0 / (12.5 * 2.7625 * 2.7625), TOL1, 0.0);
    assert_true(r->overall.random.ci.upper > 1e10);
    assert_true(isnan(r->overall.random.pi.upper) && r->overall.random.pi.df == 0.0);
    assert_non_null(note_text(r, MTP_NOTE_FEW_DF));
    assert_non_null(strstr(note_text(r, MTP_NOTE_PI_UNDEFINED), "kr"));
    mtp_pool_result_free(r);
}

/* mpmath at 30 digits: for each mu the likelihood maximized over tau2 by its own scan,
 * and the roots of 2 (max ll - profile) less the quantile. */
static void profile_likelihood_of_bcg(void **state)
{
    mtp_pool_result *r = pool_bcg(MTP_CI_PL);
    const mtp_interval *i = &r->overall.random.ci;

    (void)state;
    assert_int_equal(i->method, MTP_CI_PL);
    assert_close(i->estimate, -0.711199135474181089811304, TOL0, 0.0);
    assert_close(i->lower, -1.08878906105276641170866, TOL1, 0.0);
    assert_close(i->upper, -0.354975794509066750072446, TOL1, 0.0);
    assert_close(i->statistic, -3.33215338192839190674980, 1e-14, 0.0);
    assert_close(i->p, 0.000861767461118237593183225, 1e-13, 0.0);
    assert_true(isnan(i->se) && isnan(i->df) && i->n_segments == 1);
    assert_true(i->segments[0][0] == i->lower && i->segments[0][1] == i->upper);
    assert_int_equal(r->overall.random.pi.method, MTP_PI_V);
    assert_non_null(note_text(r, MTP_NOTE_INTERVAL_CENTRE));
    assert_true(r->overall.random.n_intervals == 7);
    mtp_pool_result_free(r);
}

/* Two modes with different means. Ends by mpmath as above. */
static void a_profile_in_two_segments(void **state)
{
    static const double yi[6] = {0.03, -1.51, 0.38, 0.34, 0.1, -1.61};
    static const double vi[6] = {0.0016, 0.421, 0.9147, 3.6534, 0.0236, 0.3829};
    mtp_pool_options options = defaults();
    const mtp_interval *i;
    mtp_pool_result *r;

    (void)state;
    options.ci = MTP_CI_PL;
    options.level = 0.87;
    options.tau2 = MTP_TAU2_ML;
    r = pool_generic(6, yi, vi, &options);
    i = &r->overall.random.ci;
    assert_int_equal(i->n_segments, 2);
    assert_close(i->segments[0][0], -0.45471166973292553387, 1e-13, 0.0);
    assert_close(i->segments[0][1], -0.23138739657091130607, 1e-13, 0.0);
    assert_close(i->segments[1][0], -0.074853382144024980671, 1e-13, 0.0);
    assert_close(i->segments[1][1], 0.084312985425240879454, 1e-13, 0.0);
    assert_true(i->lower == i->segments[0][0] && i->upper == i->segments[1][1]);
    assert_non_null(note_text(r, MTP_NOTE_INTERVAL_UNION));
    assert_null(note_text(r, MTP_NOTE_INTERVAL_CENTRE)); /* ML was chosen */
    mtp_pool_result_free(r);

    options.level = 0.95;
    r = pool_generic(6, yi, vi, &options);
    assert_int_equal(r->overall.random.ci.n_segments, 1);
    assert_close(r->overall.random.ci.lower, -0.86271278804209690775, 1e-13, 0.0);
    assert_close(r->overall.random.ci.upper, 0.11828143266728406389, 1e-13, 0.0);
    mtp_pool_result_free(r);

    options.level = 0.7; /* t_bimodal, more than one mode too */
    r = pool_generic(vectors[8].k, vectors[8].yi, vectors[8].vi, &options);
    i = &r->overall.random.ci;
    assert_int_equal(i->n_segments, 2);
    assert_close(i->lower, -0.034363282322149857032, 1e-13, 0.0);
    assert_close(i->segments[0][1], 0.080582045246664074454, 1e-13, 0.0);
    assert_close(i->segments[1][0], 0.21041001925207224084, 1e-13, 0.0);
    assert_close(i->upper, 0.51931393846408934118, 1e-13, 0.0);
    mtp_pool_result_free(r);
}

/* mpmath at 25 digits by the formulas in henmi_copas.c. metafor 5.1-12's hc() has
 * [-1.15554876193203, 0.29497843462384793]: its quadrature is good to 10 digits. */
static void henmi_copas_of_bcg(void **state)
{
    mtp_pool_result *r = pool_bcg(MTP_CI_HC);
    const mtp_interval *i = &r->overall.random.ci;
    mtp_pool_options options = defaults();

    (void)state;
    assert_int_equal(i->method, MTP_CI_HC);
    assert_true(i->estimate == r->overall.common.estimate);
    assert_close(i->se, 0.28354435135524977677, TOL1, 0.0);
    assert_close(i->lower, -1.1555487619720617872, 1e-14, 0.0);
    assert_close(i->upper, 0.29497843466387981195, 1e-14, 0.0);
    assert_close(i->p, 0.19264211306081826443, 1e-13, 0.0);
    assert_close(i->log_p, log(0.19264211306081826443), 1e-13, 0.0);
    assert_true(isnan(i->df));
    assert_non_null(note_text(r, MTP_NOTE_INTERVAL_CENTRE));
    mtp_pool_result_free(r);

    options.ci = MTP_CI_HC;
    options.level = 0.99;
    r = pool_generic(vectors[0].k, vectors[0].yi, vectors[0].vi, &options);
    assert_close(r->overall.random.ci.lower, -1.6689536810824414375, 1e-14, 0.0);
    assert_close(r->overall.random.ci.upper, 0.80838335377425946221, 1e-14, 0.0);
    assert_true(isnan(r->overall.random.ci.p));
    mtp_pool_result_free(r);
}

/* tau2 = 0; mpmath at 25 digits. */
static void henmi_copas_without_heterogeneity(void **state)
{
    static const double yi[5] = {0.1, 0.3, 0.2, 0.25, -0.1};
    static const double vi[5] = {0.04, 0.02, 0.1, 0.05, 0.5};
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.ci = MTP_CI_HC;
    r = pool_generic(5, yi, vi, &options);
    assert_close(r->overall.random.ci.lower, 0.052285216232605388291, 1e-13, 0.0);
    assert_close(r->overall.random.ci.upper, 0.40192039124403012573, 1e-13, 0.0);
    mtp_pool_result_free(r);
}

static void the_wide_interval_is_the_longer_one(void **state)
{
    static const double alike[3] = {0.10, 0.11, 0.12}, vi[3] = {0.01, 0.01, 0.01};
    mtp_pool_options options = defaults();
    mtp_pool_result *r = pool_bcg(MTP_CI_HKSJ_WIDE);
    const mtp_interval *longer = interval_of(&r->overall.random, MTP_CI_HKSJ);

    (void)state;
    assert_same(r->overall.random.ci.lower, longer->lower);
    assert_same(r->overall.random.ci.p, longer->p);
    assert_same(r->overall.random.ci.df, 12.0);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_HKSJ_WIDE;
    r = pool_generic(3, alike, vi, &options);
    longer = interval_of(&r->overall.random, MTP_CI_WALD);
    assert_same(r->overall.random.ci.upper, longer->upper);
    assert_true(isnan(r->overall.random.ci.df));
    assert_null(note_text(r, MTP_NOTE_HKSJ_NARROWER));
    assert_int_equal(r->overall.random.pi.method, MTP_PI_V);
    mtp_pool_result_free(r);
}

/* BCG trials by allocation with one tau2: mpmath at 40 digits, Kenward-Roger by
 * matrices, the profile by brute force over tau2 for each mean. */
static void subgroups_that_share_tau2(void **state)
{
    static const size_t level[13] = {0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2};
    static const char *const name[3] = {"random", "alternate", "systematic"};
    static const mtp_grouping by = {3, level, name};
    static const double kr[3][4] = {{0.27052090581687475516, 9.2981105124638466083,
                                     -1.5747571661530796321, -0.3567911909386122197},
                                    {0.44161033818112936002, 6.7316494630114528663,
                                     -1.570696533595877822, 0.53478497928528885195},
                                    {0.34845121781743953815, 8.3996955458062089028,
                                     -1.2258404900712736144, 0.36800536822412101918}};
    static const double pl[3][3] = {
        {-0.94171467501121541965, -1.4625823195151047747, -0.46982518001451832569},
        {-0.52381570883166365913, -1.333677633809843634, 0.2997883375892708651},
        {-0.44349272238839058665, -1.0655330029184291676, 0.21037065761712806835}};
    mtp_effects *effects = generic(vectors[0].k, vectors[0].yi, vectors[0].vi);
    mtp_pool_options options = defaults();
    mtp_pool_result *r;

    (void)state;
    options.ci = MTP_CI_KR;
    options.tau2_scope = MTP_TAU2_COMMON;
    r = pool(effects, &by, &options);
    for (int g = 0; g < 3; g++) {
        const mtp_interval *i = &r->groups[g].random.ci;

        assert_close(i->se, kr[g][0], TOL1, 0.0);
        assert_close(i->df, kr[g][1], TOL1, 0.0);
        assert_close(i->lower, kr[g][2], 1e-14, 0.0);
        assert_close(i->upper, kr[g][3], 1e-14, 0.0);
    }
    assert_false(r->between.random.is_f);
    mtp_pool_result_free(r);

    options.ci = MTP_CI_PL;
    r = pool(effects, &by, &options);
    for (int g = 0; g < 3; g++) {
        const mtp_interval *i = &r->groups[g].random.ci;

        assert_close(i->estimate, pl[g][0], TOL1, 0.0);
        assert_close(i->lower, pl[g][1], 1e-14, 0.0);
        assert_close(i->upper, pl[g][2], 1e-14, 0.0);
    }
    mtp_pool_result_free(r);

    options.ci = MTP_CI_HKSJ_WIDE; /* F, as with hksj */
    r = pool(effects, &by, &options);
    assert_true(r->between.random.is_f && r->between.random.df2 == 10.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* A single study keeps its Wald interval and has no prediction. */
static void one_study(void **state)
{
    static const double yi[1] = {0.5}, vi[1] = {0.04};
    static const mtp_ci_method ci[] = {MTP_CI_HKSJ_WIDE, MTP_CI_KR, MTP_CI_PL,
                                       MTP_CI_HC};
    mtp_pool_options options = defaults();

    (void)state;
    options.predict = MTP_PI_NNF;
    for (int m = 0; m < 4; m++) {
        mtp_pool_result *r;

        options.ci = ci[m];
        r = pool_generic(1, yi, vi, &options);
        assert_int_equal(r->overall.random.ci.method, MTP_CI_WALD);
        assert_close(r->overall.random.ci.se, 0.2, TOL0, 0.0);
        assert_true(isnan(r->overall.random.pi.lower));
        assert_int_equal(r->overall.random.pi.method, MTP_PI_NNF);
        mtp_pool_result_free(r);
    }
}

/* All effects equal: every interval is centred on them. */
static void equal_effects(void **state)
{
    static const double yi[4] = {0.3, 0.3, 0.3, 0.3}, vi[4] = {0.01, 0.04, 0.02, 0.9};
    static const mtp_ci_method ci[] = {MTP_CI_HKSJ_WIDE, MTP_CI_KR, MTP_CI_PL,
                                       MTP_CI_HC};
    mtp_pool_options options = defaults();

    (void)state;
    for (int m = 0; m < 4; m++) {
        const mtp_interval *i;
        mtp_pool_result *r;

        options.ci = ci[m];
        r = pool_generic(4, yi, vi, &options);
        i = &r->overall.random.ci;
        assert_int_equal(i->method, ci[m]);
        assert_true(i->lower < 0.3 && i->upper > 0.3);
        assert_close(i->upper - 0.3, 0.3 - i->lower, 1e-14, 0.0);
        mtp_pool_result_free(r);
    }
}

/* Effects times 2^e and variances times 4^e move limits by 2^e exactly; a shift of the
 * effects moves them by as much. */
static void units_and_shifts(void **state)
{
    static const mtp_ci_method ci[] = {MTP_CI_KR, MTP_CI_PL, MTP_CI_HC};
    const vector *x = &vectors[0];
    double scaled[16], variance[16], shifted[16];
    mtp_pool_options options = defaults();

    (void)state;
    for (size_t i = 0; i < x->k; i++) {
        scaled[i] = ldexp(x->yi[i], 20);
        variance[i] = ldexp(x->vi[i], 40);
        shifted[i] = x->yi[i] + 1024.0;
    }
    for (int m = 0; m < 3; m++) {
        mtp_pool_result *a, *b, *c;

        options.ci = ci[m];
        a = pool_generic(x->k, x->yi, x->vi, &options);
        b = pool_generic(x->k, scaled, variance, &options);
        c = pool_generic(x->k, shifted, x->vi, &options);
        assert_same(ldexp(a->overall.random.ci.lower, 20), b->overall.random.ci.lower);
        assert_same(ldexp(a->overall.random.ci.upper, 20), b->overall.random.ci.upper);
        assert_close(a->overall.random.ci.lower + 1024.0, c->overall.random.ci.lower,
                     1e-14, 0.0);
        mtp_pool_result_free(a);
        mtp_pool_result_free(b);
        mtp_pool_result_free(c);
    }
}

static void refuse(mtp_pool_options *options, const mtp_grouping *by, const char *word)
{
    mtp_effects *effects = generic(vectors[0].k, vectors[0].yi, vectors[0].vi);
    mtp_pool_result *r = NULL;
    mtp_error err;

    assert_int_equal(mtp_pool(effects, by, options, &r, &err), MTP_E_UNSUPPORTED);
    assert_null(r);
    assert_non_null(strstr(err.message, word));
    *options = defaults();
    mtp_effects_free(effects);
}

static void combinations_that_do_not_exist(void **state)
{
    static const size_t level[13] = {0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2};
    static const char *const name[3] = {"a", "b", "c"};
    static const mtp_grouping by = {3, level, name};
    mtp_pool_options options = defaults();

    (void)state;
    options.ci = MTP_CI_KR;
    options.tau2 = MTP_TAU2_DL;
    refuse(&options, NULL, "REML");
    options.predict = MTP_PI_KR_PR;
    options.tau2 = MTP_TAU2_ML;
    refuse(&options, NULL, "prediction");
    options.ci = MTP_CI_PL;
    options.tau2 = MTP_TAU2_GIVEN;
    refuse(&options, NULL, "given");
    options.ci = MTP_CI_PL;
    options.tau2 = MTP_TAU2_EE;
    refuse(&options, NULL, "profile");
    options.ci = MTP_CI_HC;
    options.tau2_scope = MTP_TAU2_COMMON;
    refuse(&options, &by, "separate");
    options.predict = MTP_PI_NNF;
    options.tau2_scope = MTP_TAU2_COMMON;
    refuse(&options, &by, "nnf");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kenward_roger_of_bcg),
        cmocka_unit_test(kenward_roger_below_one_degree_of_freedom),
        cmocka_unit_test(profile_likelihood_of_bcg),
        cmocka_unit_test(a_profile_in_two_segments),
        cmocka_unit_test(henmi_copas_of_bcg),
        cmocka_unit_test(henmi_copas_without_heterogeneity),
        cmocka_unit_test(the_wide_interval_is_the_longer_one),
        cmocka_unit_test(subgroups_that_share_tau2),
        cmocka_unit_test(one_study),
        cmocka_unit_test(equal_effects),
        cmocka_unit_test(units_and_shifts),
        cmocka_unit_test(combinations_that_do_not_exist),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
