/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pooling with cluster-robust variances. Values, to 15 digits: metafor 3.8-1 with
 * threshold 1e-14, robust(adjust = TRUE, FALSE) and robust(clubSandwich = TRUE) with
 * clubSandwich 0.5.8, and vcovCR, coef_test and Wald_test("HTZ") of that. Log risk
 * ratios of the BCG trials (Colditz et al. 1994) with full-precision yi and vi; the
 * oracle tests hold metafor's figures of each trial in a cluster of its own.
 */
#include "unit/models/pooling.h"

enum { K = 13 };

/* Trials by decade, and by nothing but their number. */
static const size_t decade[K] = {0, 0, 2, 3, 3, 1, 3, 4, 2, 2, 3, 2, 3};
static const size_t spanning[K] = {0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0};
/* alternate, random, systematic */
static const size_t allocation[K] = {1, 1, 1, 1, 0, 0, 1, 1, 1, 2, 2, 2, 2};
static const char *const allocation_name[] = {"alternate", "random", "systematic"};

static mtp_pool_options by_clusters(const size_t cluster[], size_t n,
                                    mtp_robust_type type)
{
    mtp_pool_options o = defaults();

    o.ci = MTP_CI_ROBUST;
    o.cluster = cluster;
    o.n_clusters = n;
    o.robust = type;
    return o;
}

static void check(const mtp_estimate *e, double se, double df)
{
    assert_int_equal(e->ci.method, MTP_CI_ROBUST);
    assert_close(e->ci.se, se, 2e-13, 0.0);
    assert_close(e->ci.df, df, 2e-13, 0.0);
}

static void test_types(void **state)
{
    mtp_effects *effects = generic(K, vectors[0].yi, vectors[0].vi);
    mtp_pool_options o = by_clusters(decade, 5, MTP_ROBUST_CR0);
    mtp_pool_result *plain, *r = pool(effects, NULL, &o);

    (void)state;
    check(&r->overall.random, 0.10089140745150010, 4.0);
    check(&r->overall.common, 0.21297785052742005, 4.0);
    assert_close(r->overall.random.ci.lower, -0.9946517965333732114, 1e-12, 0.0);
    mtp_pool_result_free(r);

    o.robust = MTP_ROBUST_CR1;
    r = pool(effects, NULL, &o);
    check(&r->overall.random, 0.11280002270359152, 4.0);
    check(&r->overall.common, 0.23811647574055039, 4.0);
    mtp_pool_result_free(r);

    o.robust = MTP_ROBUST_CR2;
    o.null_value = 0.0;
    r = pool(effects, NULL, &o);
    check(&r->overall.random, 0.10703150294800076, 2.7061625609141075621);
    check(&r->overall.common, 0.26994144254537150, 2.31468393420866114);
    assert_close(r->overall.random.ci.statistic, -6.6759068356283988166, 1e-12, 0.0);
    assert_close(r->overall.random.ci.p, 0.0093943007155323863, 1e-12, 0.0);
    assert_close(r->overall.random.ci.upper, -0.3520004644715359898, 1e-12, 0.0);
    assert_close(r->overall.common.ci.p, 0.23504772560578896, 1e-12, 0.0);
    assert_int_equal(r->overall.random.pi.method, MTP_PI_ROBUST);
    assert_close(r->overall.random.pi.lower, -2.6446111960453678, 1e-12, 0.0);
    assert_close(r->overall.random.pi.upper, 1.2155465117290891, 1e-12, 0.0);
    assert_int_equal(r->overall.robust.type, MTP_ROBUST_CR2);
    assert_int_equal(r->overall.robust.clusters, 5);
    assert_non_null(note_text(r, MTP_NOTE_FEW_CLUSTERS));
    assert_non_null(strstr(note_text(r, MTP_NOTE_FEW_DF),
                           "random-effects mean has degrees of freedom 2.706"));

    /* the estimates are those without clusters */
    o = defaults();
    plain = pool(effects, NULL, &o);
    assert_same(plain->overall.random.estimate, r->overall.random.estimate);
    assert_same(plain->overall.common.estimate, r->overall.common.estimate);
    mtp_pool_result_free(plain);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* vcovCR of rma(weights =, tau2 =) has the same working model. */
static void test_weights(void **state)
{
    mtp_effects *effects = generic(K, vectors[0].yi, vectors[0].vi);
    mtp_pool_options o = by_clusters(decade, 5, MTP_ROBUST_CR2);
    double weights[K];
    mtp_pool_result *r;

    (void)state;
    for (size_t i = 0; i < K; i++) {
        weights[i] = i % 3 == 0 ? 1.0 : i % 3 == 1 ? 2.0 : 5.0;
    }
    o.weights = weights;
    o.predict = MTP_PI_V;
    r = pool(effects, NULL, &o);
    assert_close(r->overall.random.estimate, -0.61786573815487145, 1e-13, 0.0);
    check(&r->overall.random, 0.10697253392612367, 1.41748864382077655);
    assert_int_equal(r->overall.random.pi.method, MTP_PI_V);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* Clusters that span subgroups: each subgroup by its own studies, the test between them
 * by all (Wald_test of rma(yi, vi + tau2 of the subgroup, mods = ~ alloc - 1)). */
static void test_subgroups(void **state)
{
    mtp_effects *effects = generic(K, vectors[0].yi, vectors[0].vi);
    mtp_pool_options o = by_clusters(spanning, 6, MTP_ROBUST_CR2);
    mtp_grouping by = {3, allocation, allocation_name};
    mtp_pool_result *r = pool(effects, &by, &o);

    (void)state;
    check(&r->groups[0].random, 0.28160161310388782, 1.0);
    check(&r->groups[1].random, 0.18781941738937327, 2.86408790943385450);
    check(&r->groups[2].random, 0.35693099523620292, 2.74955512103973243);
    check(&r->groups[0].common, 0.18397883807892065, 1.0);
    check(&r->groups[1].common, 0.46469122659033779, 1.29626541904358250);
    check(&r->groups[2].common, 0.17385816836721657, 1.40257262401687077);
    assert_int_equal(r->groups[0].robust.clusters, 2);
    assert_true(r->between.random.is_f);
    assert_close(r->between.random.statistic, 1.4198743779081822, 1e-11, 0.0);
    assert_close(r->between.random.df, 2.0, 0.0, 0.0);
    assert_close(r->between.random.df2, 2.1414142130559588, 1e-11, 0.0);
    assert_close(r->between.random.p, 0.4049921251309610, 1e-11, 0.0);
    assert_close(r->between.common.statistic, 0.51265251766340214, 1e-11, 0.0);
    assert_close(r->between.common.df2, 1.39083044310159565, 1e-11, 0.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

/* One cluster says nothing; a subgroup of one study has the study's own interval. */
static void test_one_cluster(void **state)
{
    static const size_t one[K] = {0};
    static const size_t level[K] = {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    mtp_effects *effects = generic(K, vectors[0].yi, vectors[0].vi);
    mtp_pool_options o = by_clusters(one, 1, MTP_ROBUST_CR2);
    mtp_grouping by = {2, level, allocation_name};
    mtp_pool_result *r = pool(effects, &by, &o);

    (void)state;
    assert_int_equal(r->overall.random.ci.method, MTP_CI_ROBUST);
    assert_same(r->overall.random.ci.se, (double)NAN);
    assert_same(r->overall.random.ci.lower, (double)NAN);
    assert_close(r->overall.random.estimate, vectors[0].reml.mu, TOL1, 0.0);
    assert_same(r->between.random.statistic, (double)NAN);
    assert_int_equal(r->groups[0].random.ci.method, MTP_CI_WALD);
    assert_close(r->groups[0].random.ci.se, sqrt(vectors[0].vi[0]), TOL0, 0.0);
    assert_non_null(strstr(note_text(r, MTP_NOTE_FEW_CLUSTERS), "one cluster"));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

static void assert_refused(const mtp_pool_options *o, mtp_status want)
{
    mtp_effects *effects = generic(K, vectors[0].yi, vectors[0].vi);
    mtp_pool_result *r = NULL;
    mtp_error err;

    assert_int_equal(mtp_pool(effects, NULL, o, &r, &err), want);
    assert_null(r);
    mtp_effects_free(effects);
}

static void test_refusals(void **state)
{
    static const size_t outside[K] = {7};
    mtp_pool_options o = by_clusters(NULL, 0, MTP_ROBUST_CR2);

    (void)state;
    assert_refused(&o, MTP_E_UNSUPPORTED); /* no clusters */
    o = by_clusters(decade, 5, MTP_ROBUST_CR2);
    o.ci = MTP_CI_HKSJ;
    assert_refused(&o, MTP_E_UNSUPPORTED); /* clusters, and an interval without */
    o = by_clusters(decade, 5, MTP_ROBUST_NONE);
    assert_refused(&o, MTP_E_ARG);
    o = by_clusters(outside, 5, MTP_ROBUST_CR2);
    assert_refused(&o, MTP_E_ARG);
    o = defaults();
    o.predict = MTP_PI_ROBUST;
    assert_refused(&o, MTP_E_UNSUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),     cmocka_unit_test(test_weights),
        cmocka_unit_test(test_subgroups), cmocka_unit_test(test_one_cluster),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
