/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "counts.h"

static void assert_same_estimate(const mtp_subset_estimate *a, const mtp_estimate *b)
{
    assert_same(a->estimate, b->estimate);
    assert_same(a->se, b->ci.se);
    assert_same(a->df, b->ci.df);
    assert_same(a->statistic, b->ci.statistic);
    assert_same(a->p, b->ci.p);
    assert_same(a->log_p, b->ci.log_p);
    assert_same(a->ci_lower, b->ci.lower);
    assert_same(a->ci_upper, b->ci.upper);
    assert_same(a->pi_lower, b->pi.lower);
    assert_same(a->pi_upper, b->pi.upper);
    assert_same(a->back.estimate, b->back.estimate);
    assert_same(a->back.ci_lower, b->back.ci_lower);
    assert_same(a->back.pi_upper, b->back.pi_upper);
}

/* A fit against mtp_pool of the same studies. */
static void assert_is_pool(const mtp_subset_fit *fit, const mtp_effects *effects,
                           const mtp_pool_options *options)
{
    mtp_pool_result *r = NULL;
    const mtp_heterogeneity *h;

    assert_int_equal(mtp_pool(effects, NULL, options, &r, NULL), MTP_OK);
    h = &r->overall.heterogeneity;
    assert_int_equal(fit->status, MTP_OK);
    assert_int_equal(fit->k, effects->k);
    assert_int_equal(fit->exists, r->overall.exists);
    assert_same_estimate(&fit->common, &r->overall.common);
    assert_same_estimate(&fit->random, &r->overall.random);
    assert_same(fit->Q, h->Q);
    assert_same(fit->df, h->df);
    assert_same(fit->Q_p, h->p);
    assert_same(fit->Q_log_p, h->log_p);
    assert_same(fit->tau2, h->tau2);
    assert_same(fit->I2, h->I2);
    assert_same(fit->H2, h->H2);
    assert_same(fit->I2_Q, h->I2_Q);
    mtp_pool_result_free(r);
}

/* Leave-one-out of the BCG trials against mtp_pool of the twelve others. */
static void check_options(mtp_pool_options options)
{
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    const double *weights = options.weights;
    mtp_subset_fits *fits = NULL;
    double yi[BCG], vi[BCG], some[BCG];
    bool keep[BCG];

    assert_int_equal(mtp_leave_out(all, &options, 0, NULL, &fits, NULL), MTP_OK);
    assert_int_equal(fits->n, BCG);
    assert_is_pool(&fits->all, all, &options);
    for (size_t i = 0; i < BCG; i++) {
        mtp_effects *rest;

        keep_all_but(BCG, i, keep);
        (void)keep_some(BCG, bcg_yi, keep, yi);
        (void)keep_some(BCG, bcg_vi, keep, vi);
        if (weights) {
            (void)keep_some(BCG, weights, keep, some);
            options.weights = some;
        }
        rest = effects_of(BCG - 1, yi, vi);
        assert_is_pool(&fits->fit[i], rest, &options);
        mtp_effects_free(rest);
    }
    mtp_subset_fits_free(fits);
    mtp_effects_free(all);
}

static void fits_are_those_of_pool(void **state)
{
    static const mtp_ci_method cis[] = {MTP_CI_WALD, MTP_CI_HKSJ_ADHOC, MTP_CI_KR,
                                        MTP_CI_PL, MTP_CI_HC};
    mtp_pool_options options;

    (void)state;
    mtp_pool_options_init(&options, sizeof options);
    options.null_value = 0.0;
    for (int m = 0; m < MTP_TAU2_GIVEN; m++) {
        options.tau2 = (mtp_tau2_method)m;
        check_options(options);
    }
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = 0.25;
    check_options(options);
    options.tau2 = MTP_TAU2_REML;
    for (size_t c = 0; c < sizeof cis / sizeof cis[0]; c++) {
        options.ci = cis[c];
        check_options(options);
    }
    options.ci = MTP_CI_HKSJ;
    options.tau2 = MTP_TAU2_GENQ;
    options.weights = bcg_latitude;
    check_options(options);
}

static void counts_keep_their_methods(void **state)
{
    static const struct {
        mtp_measure measure;
        mtp_method method;
        mtp_tau2_method tau2;
    } cases[] = {{MTP_OR, MTP_METHOD_MH, MTP_TAU2_REML},
                 {MTP_RR, MTP_METHOD_MH, MTP_TAU2_DL},
                 {MTP_PETO, MTP_METHOD_PETO, MTP_TAU2_PM}};
    mtp_pool_options options;
    bool keep[BCG];

    (void)state;
    mtp_pool_options_init(&options, sizeof options);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        mtp_subset_fits *fits = NULL;
        mtp_effects *all, *rest;

        keep_all_but(BCG, BCG, keep);
        all = counts_of(cases[c].measure, keep);
        options.method = cases[c].method;
        options.tau2 = cases[c].tau2;
        assert_int_equal(mtp_leave_out(all, &options, 0, NULL, &fits, NULL), MTP_OK);
        for (size_t i = 0; i < BCG; i++) {
            keep_all_but(BCG, i, keep);
            rest = counts_of(cases[c].measure, keep);
            assert_is_pool(&fits->fit[i], rest, &options);
            mtp_effects_free(rest);
        }
        mtp_subset_fits_free(fits);
        mtp_effects_free(all);
    }
}

/* Clusters and nested levels come along with their studies. */
static void clusters_and_levels_come_along(void **state)
{
    static const size_t cluster[BCG] = {0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6};
    static const size_t fewer[BCG - 1] = {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5};
    const mtp_level level = {"trial", cluster}, level_without = {"trial", fewer};
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi), *rest;
    mtp_subset_fits *fits = NULL;
    mtp_pool_options options;
    double yi[BCG], vi[BCG];
    bool keep[BCG];

    (void)state;
    keep_all_but(BCG, 6, keep); /* alone in cluster 3 */
    (void)keep_some(BCG, bcg_yi, keep, yi);
    (void)keep_some(BCG, bcg_vi, keep, vi);
    rest = effects_of(BCG - 1, yi, vi);
    mtp_pool_options_init(&options, sizeof options);
    options.ci = MTP_CI_ROBUST;
    options.cluster = cluster;
    options.n_clusters = 7;
    assert_int_equal(mtp_leave_out(all, &options, 0, NULL, &fits, NULL), MTP_OK);
    options.cluster = fewer;
    options.n_clusters = 6;
    assert_is_pool(&fits->fit[6], rest, &options);
    mtp_subset_fits_free(fits);

    mtp_pool_options_init(&options, sizeof options);
    options.ci = MTP_CI_WALD;
    options.n_levels = 1;
    options.levels = &level;
    assert_int_equal(mtp_leave_out(all, &options, 0, NULL, &fits, NULL), MTP_OK);
    options.levels = &level_without;
    assert_is_pool(&fits->fit[6], rest, &options);
    mtp_subset_fits_free(fits);
    mtp_effects_free(rest);
    mtp_effects_free(all);
}

static void groups_leave_together(void **state)
{
    static const size_t group[BCG] = {0, 1, 1, 0, 2, 2, 0, 0, 1, 2, 2, 1, 0};
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_subset_fits *fits = NULL;
    mtp_error err = {0};
    double yi[BCG], vi[BCG];
    bool keep[BCG];

    (void)state;
    assert_int_equal(mtp_leave_out(all, NULL, 3, group, &fits, NULL), MTP_OK);
    assert_int_equal(fits->n, 3);
    for (size_t g = 0; g < 3; g++) {
        mtp_effects *rest;
        size_t k;

        for (size_t i = 0; i < BCG; i++) {
            keep[i] = group[i] != g;
        }
        k = keep_some(BCG, bcg_yi, keep, yi);
        (void)keep_some(BCG, bcg_vi, keep, vi);
        rest = effects_of(k, yi, vi);
        assert_is_pool(&fits->fit[g], rest, NULL);
        mtp_effects_free(rest);
    }
    mtp_subset_fits_free(fits);
    fits = NULL;
    assert_int_equal(mtp_leave_out(all, NULL, 2, group, &fits, &err), MTP_E_ARG);
    assert_string_equal(err.message, "study 5 has no group");
    assert_null(fits);
    mtp_effects_free(all);
}

static void nothing_is_left(void **state)
{
    static const size_t group[BCG] = {0};
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_subset_fits *fits = NULL;

    (void)state;
    assert_int_equal(mtp_leave_out(all, NULL, 2, group, &fits, NULL), MTP_OK);
    assert_int_equal(fits->fit[0].status, MTP_E_DATA);
    assert_int_equal(fits->fit[0].k, 0);
    assert_false(fits->fit[0].exists);
    assert_true(isnan(fits->fit[0].random.estimate) && isnan(fits->fit[0].tau2) &&
                isnan(fits->fit[0].common.ci_upper) && isnan(fits->fit[0].Q));
    assert_is_pool(&fits->fit[1], all, NULL); /* a group without studies */
    mtp_subset_fits_free(fits);
    mtp_effects_free(all);
}

static void pairs_leave_together(void **state)
{
    mtp_effects *all = effects_of(5, bcg_yi, bcg_vi);
    mtp_subset_fits *fits = NULL;
    size_t at = 0;

    (void)state;
    assert_int_equal(mtp_leave_two_out(all, NULL, &fits, NULL), MTP_OK);
    assert_int_equal(fits->n, 10);
    for (size_t i = 0; i < 5; i++) {
        for (size_t j = i + 1; j < 5; j++, at++) {
            double yi[3], vi[3];
            mtp_effects *rest;
            size_t k = 0;

            assert_int_equal(fits->pair[2 * at], i);
            assert_int_equal(fits->pair[2 * at + 1], j);
            for (size_t s = 0; s < 5; s++) {
                if (s != i && s != j) {
                    yi[k] = bcg_yi[s];
                    vi[k++] = bcg_vi[s];
                }
            }
            rest = effects_of(k, yi, vi);
            assert_is_pool(&fits->fit[at], rest, NULL);
            mtp_effects_free(rest);
        }
    }
    mtp_subset_fits_free(fits);
    mtp_effects_free(all);
}

static void studies_gather_in_order(void **state)
{
    static const double year[5] = {1977, 1948, 1960, 1948, 1973};
    static const size_t step[5] = {3, 0, 1, 0, 2}, size[4] = {2, 3, 4, 5};
    mtp_effects *all = effects_of(5, bcg_yi, bcg_vi);
    mtp_subset_fits *fits = NULL;
    mtp_error err = {0};

    (void)state;
    assert_int_equal(mtp_cumulate(all, NULL, year, &fits, NULL), MTP_OK);
    assert_int_equal(fits->n, 4); /* those of 1948 together */
    assert_memory_equal(fits->step, step, sizeof step);
    for (size_t s = 0; s < 4; s++) {
        double yi[5], vi[5];
        mtp_effects *some;
        size_t k = 0;

        for (size_t i = 0; i < 5; i++) {
            if (step[i] <= s) {
                yi[k] = bcg_yi[i];
                vi[k++] = bcg_vi[i];
            }
        }
        assert_int_equal(k, size[s]);
        some = effects_of(k, yi, vi);
        assert_is_pool(&fits->fit[s], some, NULL);
        mtp_effects_free(some);
    }
    mtp_subset_fits_free(fits);
    fits = NULL;
    assert_int_equal(
        mtp_cumulate(all, NULL, (const double[]){1, 2, (double)NAN, 4, 5}, &fits, &err),
        MTP_E_ARG);
    assert_non_null(strstr(err.message, "study 3 has no place in the order"));
    assert_null(fits);
    mtp_effects_free(all);
}

static void threads_change_no_bit(void **state)
{
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_subset_fits *one = NULL, *more = NULL;
    mtp_pool_options options;

    (void)state;
    mtp_pool_options_init(&options, sizeof options);
    assert_int_equal(mtp_leave_two_out(all, &options, &one, NULL), MTP_OK);
    for (options.threads = 2; options.threads <= 4; options.threads += 2) {
        assert_int_equal(mtp_leave_two_out(all, &options, &more, NULL), MTP_OK);
        assert_int_equal(one->n, more->n);
        for (size_t i = 0; i < one->n; i++) {
            assert_same(one->fit[i].random.estimate, more->fit[i].random.estimate);
            assert_same(one->fit[i].random.ci_lower, more->fit[i].random.ci_lower);
            assert_same(one->fit[i].random.pi_upper, more->fit[i].random.pi_upper);
            assert_same(one->fit[i].tau2, more->fit[i].tau2);
            assert_same(one->fit[i].Q_log_p, more->fit[i].Q_log_p);
        }
        mtp_subset_fits_free(more);
    }
    mtp_subset_fits_free(one);
    mtp_effects_free(all);
}

static void wrong_options_are_refused(void **state)
{
    mtp_effects *all = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_subset_fits *fits = NULL;
    mtp_pool_options options;
    mtp_error err = {0};

    (void)state;
    mtp_pool_options_init(&options, sizeof options);
    options.level = 95.0;
    assert_int_equal(mtp_leave_out(all, &options, 0, NULL, &fits, &err), MTP_E_ARG);
    options.level = 0.95;
    options.method = MTP_METHOD_MH;
    assert_int_equal(mtp_cumulate(all, &options, NULL, &fits, &err), MTP_E_UNSUPPORTED);
    options = (mtp_pool_options){.level = 0.95};
    assert_int_equal(mtp_leave_two_out(all, &options, &fits, &err), MTP_E_ARG);
    assert_null(fits);
    mtp_effects_free(all);
}

static void memory_runs_out(void **state)
{
    static const size_t cluster[5] = {0, 0, 1, 1, 2};
    mtp_effects *all = effects_of(5, bcg_yi, bcg_vi);
    mtp_pool_options plain, robust;
    size_t n = 1;

    (void)state;
    mtp_pool_options_init(&plain, sizeof plain);
    robust = plain;
    robust.ci = MTP_CI_ROBUST;
    robust.cluster = cluster;
    robust.n_clusters = 3;
    for (int kind = 0; kind < 3; kind++) {
        mtp_status status = MTP_E_NOMEM;

        for (n = 1; status != MTP_OK; n++) {
            mtp_subset_fits *fits = NULL;

            mtp_arena_fail_after(n);
            status = kind == 0   ? mtp_leave_out(all, &robust, 0, NULL, &fits, NULL)
                     : kind == 1 ? mtp_leave_two_out(all, &plain, &fits, NULL)
                                 : mtp_cumulate(all, &plain, NULL, &fits, NULL);
            mtp_arena_fail_after(0);
            assert_true(status == MTP_OK || status == MTP_E_NOMEM);
            assert_int_equal(fits != NULL, status == MTP_OK);
            mtp_subset_fits_free(fits);
        }
        assert_true(n > 5);
    }
    mtp_effects_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_are_those_of_pool),
        cmocka_unit_test(counts_keep_their_methods),
        cmocka_unit_test(clusters_and_levels_come_along),
        cmocka_unit_test(groups_leave_together),
        cmocka_unit_test(nothing_is_left),
        cmocka_unit_test(pairs_leave_together),
        cmocka_unit_test(studies_gather_in_order),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
