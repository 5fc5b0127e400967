/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "studies.h"

/* Figures themselves are tested against metafor (tests/oracle/test_sensitivity.c). */

static mtp_moderators latitude(size_t k, const bool keep[], double x[])
{
    size_t n = 0;

    for (size_t i = 0; i < k; i++) {
        if (keep[i]) {
            x[2 * n] = 1.0;
            x[2 * n++ + 1] = bcg_latitude[i];
        }
    }
    return (mtp_moderators){.k = n, .p = 2, .x = x, .intercept = true};
}

static void pooling_without_a_study(void **state)
{
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_influence_options options;
    mtp_pool_options pool;
    double yi[BCG], vi[BCG];
    bool keep[BCG];

    (void)state;
    mtp_influence_options_init(&options, sizeof options);
    mtp_pool_options_init(&pool, sizeof pool);
    pool.ci = MTP_CI_WALD;
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        mtp_influence_result *r = NULL;

        options.tau2 = pool.tau2 = (mtp_tau2_method)m;
        assert_int_equal(mtp_influence(all, NULL, &options, &r, NULL), MTP_OK);
        for (size_t i = 0; i <= BCG; i++) {
            const mtp_study_influence *s = i < BCG ? &r->study[i] : NULL;
            mtp_pool_result *want = NULL;
            mtp_effects *rest;
            size_t k;

            keep_all_but(BCG, i, keep);
            k = keep_some(BCG, bcg_yi, keep, yi);
            (void)keep_some(BCG, bcg_vi, keep, vi);
            rest = effects_of(k, yi, vi);
            assert_int_equal(mtp_pool(rest, NULL, &pool, &want, NULL), MTP_OK);
            assert_same(s ? s->tau2_del : r->tau2, want->overall.heterogeneity.tau2);
            assert_same(s ? s->Q_del : r->Q, want->overall.heterogeneity.Q);
            assert_same((s ? s->estimate_del : r->estimate)[0],
                        want->overall.random.estimate);
            assert_same((s ? s->se_del : r->se)[0], want->overall.random.ci.se);
            mtp_pool_result_free(want);
            mtp_effects_free(rest);
        }
        mtp_influence_free(r);
    }
    mtp_effects_free(all);
}

static void regression_without_a_study(void **state)
{
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    double x[2 * BCG], reduced[2 * BCG], yi[BCG], vi[BCG];
    mtp_influence_options options;
    mtp_regress_options regress;
    bool keep[BCG];
    mtp_moderators mods;

    (void)state;
    keep_all_but(BCG, BCG, keep);
    mods = latitude(BCG, keep, x);
    mtp_influence_options_init(&options, sizeof options);
    mtp_regress_options_init(&regress, sizeof regress);
    regress.ci = MTP_CI_WALD;
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        mtp_influence_result *r = NULL;

        options.tau2 = regress.tau2 = (mtp_tau2_method)m;
        assert_int_equal(mtp_influence(all, &mods, &options, &r, NULL), MTP_OK);
        for (size_t i = 0; i <= BCG; i++) {
            const mtp_study_influence *s = i < BCG ? &r->study[i] : NULL;
            mtp_regress_result *want = NULL;
            mtp_moderators fewer;
            mtp_effects *rest;
            size_t k;

            keep_all_but(BCG, i, keep);
            k = keep_some(BCG, bcg_yi, keep, yi);
            (void)keep_some(BCG, bcg_vi, keep, vi);
            fewer = latitude(BCG, keep, reduced);
            rest = effects_of(k, yi, vi);
            assert_int_equal(mtp_regress(rest, &fewer, &regress, &want, NULL), MTP_OK);
            assert_same(s ? s->tau2_del : r->tau2, want->heterogeneity.tau2);
            assert_same(s ? s->Q_del : r->Q, want->heterogeneity.Q);
            for (size_t j = 0; j < 2; j++) {
                assert_same((s ? s->estimate_del : r->estimate)[j],
                            want->coefficient[j].estimate);
                assert_same((s ? s->se_del : r->se)[j], want->coefficient[j].se);
            }
            mtp_regress_result_free(want);
            mtp_effects_free(rest);
        }
        mtp_influence_free(r);
    }
    mtp_effects_free(all);
}

/* The rules from the figures; 0.4549364 is the median of chi-square with 1 df
 * (R: qchisq(0.5, 1)). The last of these studies is meant to meet all of them. */
static void rules_flag_by_name(void **state)
{
    static const double yi[] = {0.1, 0.2, 0.15, 0.12, 0.3, 0.22, 0.18, 2.0};
    static const double vi[] = {0.09, 0.1, 0.08, 0.11, 0.1, 0.09, 0.12, 0.01};
    enum { K = sizeof yi / sizeof yi[0], ALL = (1 << MTP_INFLUENCE_RULE_COUNT) - 1 };
    mtp_effects *effects = effects_of(K, yi, vi);
    mtp_influence_options options;
    mtp_influence_result *r = NULL;

    (void)state;
    mtp_influence_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_EE;
    assert_int_equal(mtp_influence(effects, NULL, &options, &r, NULL), MTP_OK);
    for (size_t i = 0; i < K; i++) {
        const mtp_study_influence *s = &r->study[i];

        assert_int_equal(s->flags >> MTP_INFLUENCE_DFFITS & 1u,
                         fabs(s->dffits) > 3.0 * sqrt(1.0 / (K - 1)));
        assert_int_equal(s->flags >> MTP_INFLUENCE_COOKS_D & 1u,
                         s->cooks_d > 0.454936423119572);
        assert_int_equal(s->flags >> MTP_INFLUENCE_HAT & 1u, s->hat > 3.0 / K);
        assert_int_equal(s->flags >> MTP_INFLUENCE_DFBETAS & 1u,
                         fabs(s->dfbetas[0]) > 1.0);
        assert_int_equal(s->influential, s->flags != 0);
    }
    assert_int_equal(r->study[K - 1].flags, ALL);
    mtp_influence_free(r);
    mtp_effects_free(effects);
    assert_close(mtp_influence_cutoff(MTP_INFLUENCE_DFFITS, 13, 1), 0.86602540378443865,
                 TOL1, 0.0); /* 3 / sqrt(12) */
    assert_close(mtp_influence_cutoff(MTP_INFLUENCE_COOKS_D, 13, 1), 0.4549364231195728,
                 1e-14, 0.0); /* qchisq(0.5, 1) */
    assert_close(mtp_influence_cutoff(MTP_INFLUENCE_COOKS_D, 13, 2), 1.3862943611198906,
                 1e-14, 0.0); /* 2 ln 2 */
    assert_close(mtp_influence_cutoff(MTP_INFLUENCE_HAT, 12, 2), 0.5, TOL1, 0.0);
    assert_true(mtp_influence_cutoff(MTP_INFLUENCE_DFBETAS, 5, 1) == 1.0);
    assert_true(isnan(mtp_influence_cutoff(MTP_INFLUENCE_DFFITS, 2, 2)));
    assert_string_equal(mtp_influence_rule_id(MTP_INFLUENCE_COOKS_D), "cooks_d");
    assert_string_equal(mtp_influence_rule_label(MTP_INFLUENCE_HAT), "hat > 3 p / k");
    assert_string_equal(mtp_influence_rule_id(MTP_INFLUENCE_RULE_COUNT), "");
    assert_string_equal(mtp_influence_rule_label(MTP_INFLUENCE_RULE_COUNT), "");
}

/* Equal variances have closed forms: b_(i) is the mean of the others, hat = 1 / k, and
 * with tau2 = 0 Cook's distance is k (b - b_(i))^2 / v. */
static void equal_variances_in_closed_form(void **state)
{
    static const double yi[] = {1.0, 2.0, 3.0, 6.0}, vi[] = {0.5, 0.5, 0.5, 0.5};
    mtp_effects *effects = effects_of(4, yi, vi);
    mtp_influence_options options;
    mtp_influence_result *r = NULL;
    const mtp_study_influence *s;

    (void)state;
    mtp_influence_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_EE;
    assert_int_equal(mtp_influence(effects, NULL, &options, &r, NULL), MTP_OK);
    s = &r->study[3]; /* b = 3, b_(i) = 2, Q_(i) = 2 / 0.5 */
    assert_close(s->cooks_d, 8.0, TOL1, 0.0);
    assert_close(s->hat, 0.25, TOL1, 0.0);
    assert_close(s->weight, 25.0, TOL1, 0.0);
    assert_close(s->Q_del, 4.0, TOL1, 0.0);
    assert_close(s->cov_r, 4.0 / 3.0, TOL1, 0.0);
    assert_close(s->dffits, 1.0 / sqrt(0.125), TOL1, 0.0);
    assert_close(s->dfbetas[0], 1.0 / sqrt(0.125), TOL1, 0.0);
    assert_close(s->rstudent, 4.0 / sqrt(0.5 + 0.5 / 3.0), TOL1, 0.0);
    assert_close(s->baujat_x, 18.0, TOL1, 0.0);
    assert_close(s->baujat_y, 6.0, TOL1, 0.0);
    assert_close(s->radial_x, sqrt(2.0), TOL1, 0.0);
    assert_close(s->radial_z, 6.0 * sqrt(2.0), TOL1, 0.0);
    mtp_influence_free(r);
    mtp_effects_free(effects);
}

/* A study that alone has a moderator takes its coefficient along. */
static void a_column_can_go_with_its_study(void **state)
{
    double x[2 * BCG];
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_moderators mods = {.k = BCG, .p = 2, .x = x, .intercept = true};
    mtp_influence_result *r = NULL;

    (void)state;
    for (size_t i = 0; i < BCG; i++) {
        x[2 * i] = 1.0;
        x[2 * i + 1] = i == 7;
    }
    assert_int_equal(mtp_influence(effects, &mods, NULL, &r, NULL), MTP_OK);
    assert_true(isnan(r->study[7].rstudent) && isnan(r->study[7].cooks_d) &&
                isnan(r->study[7].tau2_del) && isnan(r->study[7].dfbetas[1]));
    assert_close(r->study[7].hat, 1.0, TOL1, 0.0);
    assert_true(r->study[7].influential); /* by its leverage */
    assert_true(isfinite(r->study[0].rstudent) && isfinite(r->study[0].cov_r));
    mtp_influence_free(r);
    mtp_effects_free(effects);
}

static void two_studies_have_no_fit_without_one(void **state)
{
    mtp_effects *effects = effects_of(2, bcg_yi, bcg_vi);
    mtp_influence_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_influence(effects, NULL, NULL, &r, NULL), MTP_OK);
    assert_true(isnan(r->study[0].rstudent) && isnan(r->study[1].dfbetas[0]));
    assert_true(isfinite(r->study[0].hat) && isfinite(r->study[1].radial_z));
    assert_int_equal(r->study[0].flags, 0);
    mtp_influence_free(r);
    mtp_effects_free(effects);
}

static void threads_change_no_bit(void **state)
{
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    double x[2 * BCG];
    bool keep[BCG];
    mtp_moderators mods;
    mtp_influence_options options;
    mtp_influence_result *one = NULL, *more = NULL;

    (void)state;
    keep_all_but(BCG, BCG, keep);
    mods = latitude(BCG, keep, x);
    mtp_influence_options_init(&options, sizeof options);
    assert_int_equal(mtp_influence(effects, &mods, &options, &one, NULL), MTP_OK);
    for (options.threads = 2; options.threads <= 4; options.threads += 2) {
        assert_int_equal(mtp_influence(effects, &mods, &options, &more, NULL), MTP_OK);
        for (size_t i = 0; i < BCG; i++) {
            assert_same(one->study[i].cooks_d, more->study[i].cooks_d);
            assert_same(one->study[i].cov_r, more->study[i].cov_r);
            assert_same(one->study[i].dfbetas[1], more->study[i].dfbetas[1]);
            assert_same(one->study[i].rstudent, more->study[i].rstudent);
            assert_same(one->study[i].baujat_y, more->study[i].baujat_y);
        }
        mtp_influence_free(more);
    }
    mtp_influence_free(one);
    mtp_effects_free(effects);
}

static void what_cannot_be_is_refused(void **state)
{
    static const double x[2 * BCG] = {0.0};
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_moderators mods = {.k = BCG, .p = 2, .x = x};
    mtp_influence_options options = {.tau2 = MTP_TAU2_DL};
    mtp_influence_result *r = NULL;
    mtp_error err = {0};

    (void)state;
    assert_int_equal(mtp_influence(effects, NULL, &options, &r, &err), MTP_E_ARG);
    mtp_influence_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = -1.0;
    assert_int_equal(mtp_influence(effects, NULL, &options, &r, &err), MTP_E_ARG);
    assert_int_equal(mtp_influence(effects, &mods, &options, &r, &err), MTP_E_ARG);
    assert_int_equal(mtp_influence(effects, &mods, NULL, &r, &err), MTP_E_DATA);
    assert_non_null(strstr(err.message, "moderator 'x1' is a combination"));
    assert_null(r);
    mtp_effects_free(effects);
}

static void memory_runs_out(void **state)
{
    mtp_effects *effects = effects_of(5, bcg_yi, bcg_vi);
    double x[2 * BCG];
    bool keep[BCG];
    mtp_moderators mods;

    (void)state;
    keep_all_but(5, 5, keep);
    mods = latitude(5, keep, x);
    for (int kind = 0; kind < 2; kind++) {
        mtp_status status = MTP_E_NOMEM;
        size_t n = 1;

        for (; status != MTP_OK; n++) {
            mtp_influence_result *r = NULL;

            mtp_arena_fail_after(n);
            status = mtp_influence(effects, kind ? &mods : NULL, NULL, &r, NULL);
            mtp_arena_fail_after(0);
            assert_true(status == MTP_OK || status == MTP_E_NOMEM);
            assert_int_equal(r != NULL, status == MTP_OK);
            mtp_influence_free(r);
        }
        assert_true(n > 5);
    }
    mtp_effects_free(effects);
}

/* Without the fits of all but one study their figures are missing, and no other one. */
static void the_whole_fit_alone(void **state)
{
    mtp_effects *effects = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_influence_result *full = NULL, *whole = NULL;
    mtp_influence_options options;

    (void)state;
    mtp_influence_options_init(&options, sizeof options);
    assert_false(options.whole);
    assert_int_equal(mtp_influence(effects, NULL, &options, &full, NULL), MTP_OK);
    options.whole = true;
    assert_int_equal(mtp_influence(effects, NULL, &options, &whole, NULL), MTP_OK);
    assert_true(whole->estimate[0] == full->estimate[0] && whole->tau2 == full->tau2);
    for (size_t i = 0; i < BCG; i++) {
        const mtp_study_influence *a = &full->study[i], *b = &whole->study[i];

        assert_true(a->radial_x == b->radial_x && a->radial_z == b->radial_z &&
                    a->hat == b->hat && a->baujat_x == b->baujat_x);
        assert_true(isnan(b->rstudent) && isnan(b->cooks_d) && isnan(b->baujat_y) &&
                    isnan(b->dfbetas[0]) && isnan(b->estimate_del[0]));
        assert_true(b->flags == 0 && !b->influential);
    }
    mtp_influence_free(full);
    mtp_influence_free(whole);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pooling_without_a_study),
        cmocka_unit_test(regression_without_a_study),
        cmocka_unit_test(rules_flag_by_name),
        cmocka_unit_test(equal_variances_in_closed_form),
        cmocka_unit_test(a_column_can_go_with_its_study),
        cmocka_unit_test(two_studies_have_no_fit_without_one),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(the_whole_fit_alone),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
