/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/between.h"
#include "unit/models/glmm_design_reference.h"
#include "unit/models/pooling.h"

/* One tau2 of all subgroups in a mixed model: the regression on the factor. */

static const char *const names[4] = {"IL", "LBCL", "MCL", "MM"};

static mtp_pool_options shared_options(int nodes)
{
    mtp_pool_options options = defaults();

    options.method = MTP_METHOD_GLMM;
    options.tau2 = MTP_TAU2_ML;
    options.tau2_scope = MTP_TAU2_COMMON;
    options.ci = MTP_CI_WALD;
    options.nodes = nodes;
    return options;
}

static mtp_pool_result *pool_counts(size_t k, const double x[], const double n[],
                                    size_t groups, const size_t level[], int nodes)
{
    const mtp_grouping grouping = {groups, level, names};
    mtp_pool_options options = shared_options(nodes);
    mtp_effects *effects = effects_of(MTP_PLO, k, MTP_ROLE_EVENTS, x, MTP_ROLE_N, n);
    mtp_pool_result *r = pool(effects, &grouping, &options);

    mtp_effects_free(effects);
    return r;
}

/* What the regression in glmm_design_reference.h comes to, in 40-digit arithmetic. */
typedef struct expected {
    double mean[4], se[4], Q;
} expected;

static void check_groups(const mtp_pool_result *r, const expected *want,
                         const design_reference *of, const design_reference_fit *fit)
{
    static const expected common = {{-2.8134107167600363672, -2.5513035620941302282,
                                     -2.1335087629501116961, -2.3592039869935536136},
                                    {0.26583202716502514507, 0.050661809322618476332,
                                     0.17625904646850982013, 0.10308331124259746227},
                                    8.603684927948647161};

    for (size_t g = 0; g < 4; g++) {
        const mtp_pooled *p = &r->groups[g];

        assert_true(p->exists && p->fit.converged && !p->fit.boundary);
        assert_close(p->random.estimate, want->mean[g], 1e-12, 0.0);
        assert_close(p->random.ci.se, want->se[g], 1e-12, 0.0);
        assert_close(p->common.estimate, common.mean[g], 1e-13, 0.0);
        assert_close(p->common.ci.se, common.se[g], 1e-13, 0.0);
        assert_close(p->heterogeneity.tau2, fit->tau * fit->tau, 1e-12, 0.0);
        assert_close(p->heterogeneity.tau2_se, 2.0 * fit->tau * fit->se_tau, 1e-12,
                     0.0);
        assert_close(p->heterogeneity.tau2_statistic,
                     2.0 * (fit->loglik - of->common.loglik), 1e-12, 0.0);
        assert_close(p->fit.loglik, fit->loglik, 1e-14, 0.0);
        assert_close(p->fit.AIC, 10.0 - 2.0 * fit->loglik, 1e-14, 0.0);
        assert_int_equal(p->fit.n_modes, 1);
        assert_true(p->fit.modes[0].estimate == p->random.estimate);
        assert_true(interval_of(&p->random, MTP_CI_T)->df == 48.0);
    }
    assert_close(r->between.random.statistic, want->Q, 1e-11, 0.0);
    assert_close(r->between.common.statistic, common.Q, 1e-12, 0.0);
    assert_true(r->between.random.df == 3.0 && r->between.common.df == 3.0);
    /* within: each subgroup's own mean, as the regression's residual test */
    assert_close(r->between.within.statistic, of->common.Q, 1e-13, 0.0);
    assert_true(r->between.within.df == 48.0);
}

static void agrees_with_50_digits(void **state)
{
    static const expected exact = {{-2.874187016706052889, -2.7180423674898005096,
                                    -2.1137083496100898763, -2.4442438223026754157},
                                   {0.3959115956123771763, 0.11039180548988531092,
                                    0.28486910165691395765, 0.17648196623340075191},
                                   5.3427692905960825741};
    static const expected seven = {{-2.8741872692486372502, -2.7180427483594483535,
                                    -2.1137083279614643796, -2.4442441794906427847},
                                   {0.39591217588448685521, 0.11039203761675494626,
                                    0.28486952803303713407, 0.17648228629436270417},
                                   5.3427567223523411917};
    const design_reference *of = &design_references[0];
    size_t level[DESIGN_STUDIES];

    (void)state;
    assert_string_equal(of->name, "mortality_by_entity");
    for (size_t i = 0; i < of->k; i++) {
        const double *row = of->matrix + i * of->p;

        level[i] = (size_t)(row[1] + 2.0 * row[2] + 3.0 * row[3]);
    }
    for (int nodes = 0; nodes <= 7; nodes += 7) {
        mtp_pool_result *r = pool_counts(of->k, of->x, of->m, 4, level, nodes);

        check_groups(r, nodes ? &seven : &exact, of, nodes ? &of->seven : &of->exact);
        mtp_pool_result_free(r);
    }
}

/* A subgroup without events has no mean; the others share tau2 as if it were not there.
 */
static void a_subgroup_without_events(void **state)
{
    static const double x[] = {1, 9, 4, 2, 12, 7, 0, 0, 3},
                        n[] = {30, 40, 25, 60, 50, 30, 20, 30, 10};
    static const size_t level[] = {0, 0, 0, 1, 1, 1, 2, 2, 3};
    static const double others_x[] = {1, 9, 4, 2, 12, 7, 3},
                        others_n[] = {30, 40, 25, 60, 50, 30, 10};
    static const size_t others[] = {0, 0, 0, 1, 1, 1, 2};
    mtp_pool_result *all = pool_counts(9, x, n, 4, level, 0);
    mtp_pool_result *some = pool_counts(7, others_x, others_n, 3, others, 0);

    (void)state;
    assert_false(all->groups[2].exists);
    assert_true(isnan(all->groups[2].random.estimate));
    assert_true(isnan(all->groups[2].heterogeneity.tau2));
    for (size_t g = 0; g < 3; g++) {
        const mtp_pooled *a = &all->groups[g + (g == 2)], *b = &some->groups[g];

        assert_true(a->exists && b->exists);
        assert_true(a->random.estimate == b->random.estimate);
        assert_true(a->random.ci.se == b->random.ci.se);
        assert_true(a->heterogeneity.tau2 == b->heterogeneity.tau2);
    }
    /* one study alone takes the tau2 of the others */
    assert_true(all->groups[3].heterogeneity.tau2 > 0.0);
    assert_true(isnan(all->groups[3].heterogeneity.I2));
    assert_true(all->between.random.statistic == some->between.random.statistic);
    assert_true(all->between.random.df == 2.0);
    mtp_pool_result_free(some);
    mtp_pool_result_free(all);
}

/* Where no study differs from the mean of its subgroup, tau2 is 0 and both models are
 * one, and so are their tests. */
static void at_the_boundary(void **state)
{
    static const double x[] = {2, 4, 6, 8}, n[] = {10, 20, 20, 26};
    static const size_t level[] = {0, 0, 1, 1};
    mtp_pool_result *r = pool_counts(4, x, n, 2, level, 0);

    (void)state;
    for (size_t g = 0; g < 2; g++) {
        const mtp_pooled *p = &r->groups[g];

        assert_true(p->heterogeneity.tau2 == 0.0 && p->fit.boundary);
        assert_close(p->random.estimate, p->common.estimate, 1e-14, 0.0);
        assert_close(p->random.ci.se, p->common.ci.se, 1e-14, 0.0);
    }
    assert_close(r->between.random.statistic, r->between.common.statistic, 1e-12, 0.0);
    mtp_pool_result_free(r);
}

/* As many studies as subgroups: no tau2, and each mean is the study's own. */
static void a_study_each(void **state)
{
    static const double x[] = {2, 6, 5}, n[] = {10, 20, 30};
    static const size_t level[] = {0, 1, 2};
    mtp_pool_result *r = pool_counts(3, x, n, 3, level, 0);

    (void)state;
    for (size_t g = 0; g < 3; g++) {
        assert_true(r->groups[g].exists && isnan(r->groups[g].heterogeneity.tau2));
        assert_close(r->groups[g].random.estimate, log(x[g] / (n[g] - x[g])), 1e-14,
                     0.0);
    }
    assert_close(r->between.random.statistic, r->between.common.statistic, 1e-12, 0.0);
    mtp_pool_result_free(r);
}

/* Models of two groups have no common tau2, and that is said. */
static void not_of_two_groups(void **state)
{
    static const double x1[] = {2, 4, 6}, x2[] = {3, 3, 9}, n[] = {20, 30, 40};
    static const size_t level[] = {0, 1, 1};
    const mtp_grouping by = {2, level, names};
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    mtp_pool_options options = shared_options(0);
    mtp_effects_options measure;
    mtp_effects *effects = NULL;
    mtp_pool_result *r = NULL;
    mtp_error err;

    (void)state;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[MTP_ROLE_N1] = raw.column[MTP_ROLE_N2] = n;
    mtp_effects_options_init(&measure, sizeof measure);
    measure.measure = MTP_OR;
    assert_int_equal(mtp_effects_compute(&measure, &raw, &effects, NULL), MTP_OK);
    assert_int_equal(mtp_pool(effects, &by, &options, &r, &err), MTP_E_UNSUPPORTED);
    assert_non_null(strstr(err.message, "tau2-scope separate"));
    assert_null(r);
    mtp_effects_free(effects);
}

/* A Wald test by hand: variances 2 and 3, covariance 1, so the difference has 3. */
static void equal_means_with_covariances(void **state)
{
    static const double estimate[] = {4.0, 1.0}, vcov[] = {2.0, 1.0, 1.0, 3.0};
    static const double degenerate[] = {1.0, 1.0, 1.0, 1.0};
    double room[4];
    mtp_test test = mtp_test_equal_joint(2, estimate, vcov, room);

    (void)state;
    assert_close(test.statistic, 3.0, TOL0, 0.0);
    assert_true(test.df == 1.0 && !test.is_f);
    assert_true(isnan(mtp_test_equal_joint(1, estimate, vcov, room).statistic));
    assert_true(isnan(mtp_test_equal_joint(2, estimate, degenerate, room).statistic));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_50_digits),
        cmocka_unit_test(a_subgroup_without_events),
        cmocka_unit_test(at_the_boundary),
        cmocka_unit_test(a_study_each),
        cmocka_unit_test(not_of_two_groups),
        cmocka_unit_test(equal_means_with_covariances),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
