/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random effects, heterogeneity, subgroups and refusals of Mantel-Haenszel and Peto. */
#include "unit/models/stratified.h"
#include "unit/models/stratified_reference.h"

static mtp_effects *bcg_effects(mtp_measure measure)
{
    return two_groups(measure, bcg.k, bcg.events1, bcg.size1, bcg.events2, bcg.size2);
}

/* meta 8.4-0, metabin(sm = "RR", method = "MH", method.tau = "DL"): tau2 0.3094969, Q
 * 152.5676, random effects -0.7141861. */
static void dersimonian_laird_takes_q_around_the_mean(void **state)
{
    mtp_effects *effects = bcg_effects(MTP_RR);
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    mtp_pool_result *r;

    (void)state;
    o.tau2 = MTP_TAU2_DL;
    r = pool(effects, NULL, &o);
    assert_string_equal(r->overall.heterogeneity.Q_center, "mh");
    assert_close(r->overall.heterogeneity.Q, 152.5676, 0.0, 5e-5);
    assert_close(r->overall.heterogeneity.tau2, 0.3094969, 0.0, 5e-8);
    assert_close(r->overall.random.estimate, -0.7141861, 0.0, 5e-8);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Every estimator but DL works on the effects alone, and so does what follows. */
static void random_effects_are_by_inverse_variance(void **state)
{
    mtp_effects *effects = bcg_effects(MTP_PETO);
    mtp_pool_result *peto = pool_by(effects, MTP_METHOD_PETO);
    mtp_pool_result *inverse = pool_by(effects, MTP_METHOD_INVERSE);

    (void)state;
    assert_string_equal(peto->overall.heterogeneity.Q_center, "peto");
    assert_same_estimate(&peto->overall.random, &inverse->overall.random);
    assert_same(peto->overall.heterogeneity.tau2, inverse->overall.heterogeneity.tau2);
    assert_same(peto->overall.heterogeneity.ci.tau2[1],
                inverse->overall.heterogeneity.ci.tau2[1]);
    assert_int_equal(peto->overall.fit.method, MTP_METHOD_PETO);
    assert_null(inverse->overall.stratified);
    /* Without an empty cell Peto's weights are the inverse variances of its effects. */
    assert_close(peto->overall.common.estimate, inverse->overall.common.estimate, TOL1,
                 0.0);
    for (size_t i = 0; i < peto->k; i++) {
        assert_close(peto->weight_common[i], inverse->weight_common[i], TOL1, 0.0);
        assert_same(peto->weight_random[i], inverse->weight_random[i]);
    }
    mtp_pool_result_free(peto);
    mtp_pool_result_free(inverse);
    mtp_effects_free(effects);
}

static const size_t level[] = {1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1};
static const char *const level_name[] = {"a", "b"};
static const mtp_grouping two_levels = {2, level, level_name};

/* The studies of a level as a table of their own. */
static mtp_pool_result *pool_level(mtp_measure measure, size_t which,
                                   const mtp_pool_options *options)
{
    double column[4][13];
    mtp_effects *effects;
    mtp_pool_result *r;
    size_t k = 0;

    for (size_t i = 0; i < bcg.k; i++) {
        if (level[i] == which) {
            column[0][k] = bcg.events1[i];
            column[1][k] = bcg.size1[i];
            column[2][k] = bcg.events2[i];
            column[3][k++] = bcg.size2[i];
        }
    }
    effects = two_groups(measure, k, column[0], column[1], column[2], column[3]);
    r = pool(effects, NULL, options);
    mtp_effects_free(effects);
    return r;
}

static void subgroups_are_what_their_studies_give(void **state)
{
    mtp_effects *effects = bcg_effects(MTP_OR);
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    mtp_pool_result *r, *part[2];
    double m[2], w[2], mean;

    (void)state;
    o.tau2 = MTP_TAU2_DL;
    r = pool(effects, &two_levels, &o);
    for (size_t g = 0; g < 2; g++) {
        part[g] = pool_level(MTP_OR, g, &o);
        assert_same_pooled(&r->groups[g], &part[g]->overall);
        assert_same(r->groups[g].stratified->tarone.statistic,
                    part[g]->overall.stratified->tarone.statistic);
        m[g] = part[g]->overall.common.estimate;
        w[g] = pow(part[g]->overall.common.ci.se, -2.0);
    }
    mean = (w[0] * m[0] + w[1] * m[1]) / (w[0] + w[1]);
    assert_close(r->between.common.statistic,
                 w[0] * pow(m[0] - mean, 2.0) + w[1] * pow(m[1] - mean, 2.0), 1e-12,
                 0.0);
    assert_close(r->between.within.statistic,
                 r->groups[0].heterogeneity.Q + r->groups[1].heterogeneity.Q, TOL1,
                 0.0);
    assert_close(r->between.within.df, 11.0, 0.0, 0.0);
    mtp_pool_result_free(part[0]);
    mtp_pool_result_free(part[1]);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* One tau2 by DL: (sum Q_g - (k - 2)) / sum tr P_g, each Q_g around its own mean of
 * Mantel and Haenszel, tr P_g = (k_g - 1) / vt_g. */
static void subgroups_can_share_tau2(void **state)
{
    mtp_effects *effects = bcg_effects(MTP_RR);
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    double Q = 0.0, trace = 0.0;
    mtp_pool_result *r;

    (void)state;
    o.tau2 = MTP_TAU2_DL;
    for (size_t g = 0; g < 2; g++) {
        mtp_pool_result *part = pool_level(MTP_RR, g, &o);
        const mtp_heterogeneity *h = &part->overall.heterogeneity;

        Q += h->Q;
        trace += h->df / h->vt;
        mtp_pool_result_free(part);
    }
    o.tau2_scope = MTP_TAU2_COMMON;
    r = pool(effects, &two_levels, &o);
    assert_close(r->groups[0].heterogeneity.tau2, (Q - 11.0) / trace, TOL2, 0.0);
    assert_same(r->groups[0].heterogeneity.tau2, r->groups[1].heterogeneity.tau2);
    assert_true(r->between.random.is_f);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* No event in group 1 anywhere: log OR is minus infinity; risk differences exist. */
static void a_ratio_may_not_exist(void **state)
{
    static const double none[] = {0, 0}, some[] = {3, 1}, n[] = {20, 30};
    mtp_effects *effects = two_groups(MTP_OR, 2, none, n, some, n);
    mtp_effects *rd = two_groups(MTP_RD, 2, none, n, some, n);
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    mtp_pool_result *r, *inverse = pool_by(effects, MTP_METHOD_INVERSE);

    (void)state;
    r = pool(effects, NULL, &o);
    assert_true(r->overall.exists);
    assert_true(isnan(r->overall.common.estimate) &&
                isnan(r->overall.common.back.estimate));
    assert_same_estimate(&r->overall.random, &inverse->overall.random);
    assert_string_equal(r->overall.heterogeneity.Q_center, "common");
    assert_same(r->overall.heterogeneity.Q, inverse->overall.heterogeneity.Q);
    assert_non_null(note_text(r, MTP_NOTE_NO_FINITE_ESTIMATE));
    assert_true(isnan(r->weight_common[0]) && isnan(r->weight_common[1]));
    assert_true(isnan(r->overall.stratified->breslow_day.statistic));
    assert_true(r->overall.stratified->cmh.p < 1.0);
    mtp_pool_result_free(r);

    o.mh_add = 0.5;
    r = pool(effects, NULL, &o);
    assert_true(isfinite(r->overall.common.estimate));
    mtp_pool_result_free(r);

    o.mh_add = 0.0;
    r = pool(rd, NULL, &o);
    /* -(3 * 20 / 40 + 1 * 30 / 60) / (10 + 15) */
    assert_close(r->overall.common.estimate, -2.0 / 25.0, TOL0, 0.0);
    mtp_pool_result_free(r);
    mtp_pool_result_free(inverse);
    mtp_effects_free(effects);
    mtp_effects_free(rd);
}

/* Nothing but zeros: a risk difference of 0 without a standard error, and a note. */
static void a_difference_may_have_no_error(void **state)
{
    static const double none[] = {0, 0}, n[] = {20, 30};
    mtp_effects *effects = two_groups(MTP_RD, 2, none, n, none, n);
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    mtp_pool_result *r;

    (void)state;
    o.null_value = 0.0;
    r = pool(effects, NULL, &o);
    assert_close(r->overall.common.estimate, 0.0, 0.0, 0.0);
    assert_close(r->overall.common.ci.se, 0.0, 0.0, 0.0);
    assert_true(isnan(r->overall.common.ci.statistic));
    assert_true(isnan(r->overall.stratified->cmh.statistic));
    assert_non_null(note_text(r, MTP_NOTE_NOT_DEFINED));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* The correction of half an event never makes a difference of the other sign: where
 * sum(O - E) = 6 / 41 the statistic is 0 with p = 1, and not metafor's (6 / 41 - 1 /
 * 2)^2 / V = 0.0305, which is more than 0.0052 without a correction. */
static void the_correction_stops_at_zero(void **state)
{
    static const double x1[] = {5, 6}, n1[] = {20, 20}, x2[] = {5, 6}, n2[] = {20, 21};
    mtp_effects *effects = two_groups(MTP_OR, 2, x1, n1, x2, n2);
    mtp_pool_result *r = pool_by(effects, MTP_METHOD_MH);

    (void)state;
    assert_close(r->overall.stratified->cmh.statistic, 0.0, 0.0, 0.0);
    assert_close(r->overall.stratified->cmh.p, 1.0, 0.0, 0.0);
    /* metafor 3.8, correct = FALSE */
    assert_close(r->overall.stratified->cmh_uncorrected.statistic, 0.0052274732774,
                 1e-9, 0.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

static mtp_status refused(const mtp_effects *effects, const mtp_pool_options *o,
                          mtp_error *err)
{
    mtp_pool_result *r = NULL;
    mtp_status status = mtp_pool(effects, NULL, o, &r, err);

    assert_null(r);
    return status;
}

static void other_measures_are_refused(void **state)
{
    static const double yi[] = {0.1, 0.2}, vi[] = {0.1, 0.1};
    mtp_effects *effects = generic(2, yi, vi), *odds = bcg_effects(MTP_OR);
    mtp_pool_options mh = options_of(MTP_METHOD_MH), peto = options_of(MTP_METHOD_PETO);
    mtp_error err = {0};

    (void)state;
    assert_int_equal(refused(effects, &mh, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "OR, RR, RD, IRR and IRD"));
    assert_int_equal(refused(odds, &peto, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "measure PETO"));
    mh.mh_add = -1.0;
    assert_int_equal(refused(odds, &mh, &err), MTP_E_ARG);
    mh.mh_add = (double)INFINITY;
    assert_int_equal(refused(odds, &mh, &err), MTP_E_ARG);
    mh.mh_add = 0.0;
    mh.mh_to = (mtp_add_to)99;
    assert_int_equal(refused(odds, &mh, &err), MTP_E_ARG);
    mtp_effects_free(effects);
    mtp_effects_free(odds);
}

/* A ready-made odds ratio among the counts: the study is named. */
static void studies_without_counts_are_refused(void **state)
{
    static const double none = (double)NAN;
    const double x1[] = {1, none, 3}, n1[] = {9, none, 9}, x2[] = {2, none, 4},
                 n2[] = {9, none, 9}, yi[] = {none, 0.5, none},
                 vi[] = {none, 0.1, none};
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    mtp_error err = {0};

    (void)state;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_OR;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_N1] = n1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[MTP_ROLE_N2] = n2;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    assert_int_equal(refused(effects, &o, &err), MTP_E_DATA);
    assert_int_equal(err.line, 2);
    assert_non_null(strstr(err.message, "method inverse"));
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dersimonian_laird_takes_q_around_the_mean),
        cmocka_unit_test(random_effects_are_by_inverse_variance),
        cmocka_unit_test(subgroups_are_what_their_studies_give),
        cmocka_unit_test(subgroups_can_share_tau2),
        cmocka_unit_test(a_ratio_may_not_exist),
        cmocka_unit_test(a_difference_may_have_no_error),
        cmocka_unit_test(the_correction_stops_at_zero),
        cmocka_unit_test(other_measures_are_refused),
        cmocka_unit_test(studies_without_counts_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
