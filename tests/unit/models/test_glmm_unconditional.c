/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_pairs.h"
#include "models/glmm_unconditional.h"
#include "support/test.h"
#include "unit/models/glmm_two_group_reference.h"

/* Unconditional mixed models of two groups against 30-digit arithmetic, and their
 * edges. */

enum { REFERENCES = sizeof references / sizeof references[0], STUDIES_MAX = 16 };

static mtp_two_group_fit fit(mtp_glmm_kind kind, const mtp_two_groups *groups,
                             bool random, int nodes)
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_two_group_fit f;
    mtp_error err = {0};

    assert_non_null(scratch);
    assert_int_equal(
        mtp_glmm_fit_unconditional(kind, groups, random, nodes, scratch, &f, &err),
        MTP_OK);
    mtp_arena_free(scratch);
    return f;
}

static mtp_two_groups groups_of(const reference *r)
{
    return (mtp_two_groups){r->k, r->x1, r->x2, r->m1, r->m2};
}

static double digits(double got, double want)
{
    double off = fabs(got - want) / fabs(want);

    return off > 1e-16 ? -log10(off) : 16.0;
}

static void compare(const reference *r, const reference_fit *want,
                    const mtp_two_group_fit *f, const char *model)
{
    print_message("%-11s %s, digits: theta %4.1f se %4.1f tau2 %4.1f se %4.1f\n",
                  r->name, model, digits(f->theta, want->theta),
                  digits(f->se, want->se), digits(f->tau2, want->tau2),
                  digits(f->se_tau2, want->se_tau2));
    assert_true(f->exists && f->common_exists && f->converged);
    assert_close(f->common, want->common, 1e-13, 1e-14);
    assert_close(f->common_se, want->common_se, 1e-13, 0.0);
    assert_close(f->common_loglik, want->common_loglik, 1e-14, 0.0);
    assert_close(f->theta, want->theta, 1e-12, 1e-14);
    assert_close(f->se, want->se, 1e-11, 0.0);
    assert_close(f->tau2, want->tau2, 1e-11, 0.0);
    assert_close(f->se_tau2, want->se_tau2, 1e-11, 0.0);
    assert_close(f->loglik, want->loglik, 1e-13, 0.0);
    assert_close(f->tau * f->tau, f->tau2, TOL0, 0.0);
}

static void fits_agree_with_30_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < REFERENCES; i++) {
        const reference *r = &references[i];
        mtp_two_groups groups = groups_of(r);
        mtp_two_group_fit fixed = fit(r->kind, &groups, false, 0);
        mtp_two_group_fit random = fit(r->kind, &groups, true, 0);

        compare(r, &r->fixed, &fixed, "UM.FS");
        assert_true(isnan(fixed.sigma2) && isnan(fixed.alpha));
        assert_close(fixed.parameters, (double)r->k + 2.0, 0.0, 0.0);
        compare(r, &r->random, &random, "UM.RS");
        assert_close(random.sigma2, r->sigma2, 1e-11, 0.0);
        assert_close(random.alpha, r->alpha, i == 3 ? 1e-8 : 1e-11, 0.0);
        assert_close(random.saturated_loglik, r->saturated, 1e-13, 0.0);
        assert_close(random.Q_wald, r->Q_wald, 1e-10, 0.0);
        assert_close(random.LRT, 2.0 * (r->saturated - r->random.common_loglik), 1e-12,
                     0.0);
        assert_close(random.observations, 2.0 * (double)r->k, 0.0, 0.0);
        assert_close(random.df, (double)r->k - 1.0, 0.0, 0.0);
    }
}

/* Many nodes come to the integral, a product of rules too. */
static void nodes_converge_to_the_integral(void **state)
{
    const reference *r = &references[1];
    mtp_two_groups groups = groups_of(r);
    mtp_two_group_fit fixed = fit(r->kind, &groups, false, 60);
    mtp_two_group_fit random = fit(r->kind, &groups, true, 40);

    (void)state;
    assert_close(fixed.theta, r->fixed.theta, 1e-12, 0.0);
    assert_close(fixed.tau2, r->fixed.tau2, 1e-12, 0.0);
    assert_close(fixed.se, r->fixed.se, 1e-12, 0.0);
    assert_close(fixed.loglik, r->fixed.loglik, 1e-14, 0.0);
    assert_close(random.theta, r->random.theta, 1e-11, 0.0);
    assert_close(random.tau2, r->random.tau2, 1e-11, 0.0);
    assert_close(random.sigma2, r->sigma2, 1e-11, 0.0);
    assert_close(random.se_tau2, r->random.se_tau2, 1e-11, 0.0);
    assert_close(random.loglik, r->random.loglik, 1e-13, 0.0);
}

typedef void (*pair_rule)(mtp_glmm_kind, mtp_pair *, const double[2],
                          const mtp_glmm_rule *, const double[MTP_PAIR_PARTS],
                          mtp_pair_value *);

/* Analytic derivatives against central differences of the log-likelihood and of the
 * gradient. */
static void check_derivatives(pair_rule evaluate, int nodes, const double at[],
                              mtp_pair *pair, mtp_glmm_kind kind)
{
    static const double c[2] = {0.5, -0.5};
    const double step = 1e-5;
    mtp_glmm_rule rule;
    mtp_pair_value here;

    mtp_glmm_rule_init(&rule, nodes);
    rule.step = 0.5;
    evaluate(kind, pair, c, &rule, at, &here);
    for (int i = 0; i < MTP_PAIR_PARTS; i++) {
        double moved[MTP_PAIR_PARTS];
        mtp_pair_value up, down;

        if (at[i] == 0.0 && i >= MTP_PAIR_SIGMA) {
            continue;
        }
        memcpy(moved, at, sizeof moved);
        moved[i] = at[i] + step;
        evaluate(kind, pair, c, &rule, moved, &up);
        moved[i] = at[i] - step;
        evaluate(kind, pair, c, &rule, moved, &down);
        assert_close(here.gradient[i], (up.loglik - down.loglik) / (2.0 * step), 1e-6,
                     1e-7);
        for (int j = 0; j < MTP_PAIR_PARTS; j++) {
            assert_close(here.hessian[i][j],
                         (up.gradient[j] - down.gradient[j]) / (2.0 * step), 1e-6,
                         1e-6);
        }
    }
}

static void derivatives_agree_with_differences(void **state)
{
    /* a, theta, sigma, tau: small and large variances in turn, and none */
    static const double at[][MTP_PAIR_PARTS] = {
        {-1.0, 0.4, 0.05, 0.03}, {-1.0, 0.4, 1.5, 0.03}, {-1.0, 0.4, 0.05, 2.0},
        {-2.0, -0.7, 1.2, 0.8},  {-0.5, 0.1, 0.0, 0.7},  {-0.5, 0.1, 0.9, 0.0}};
    static const double counts[][4] = {{7, 40, 12, 35}, {0, 25, 3, 30}, {25, 25, 3, 9}};

    (void)state;
    for (size_t s = 0; s < sizeof counts / sizeof *counts; s++) {
        for (int kind = 0; kind < 2; kind++) {
            mtp_glmm_kind k = kind ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL;
            mtp_pair pair = {.times = 1.0};

            pair.arm[0] = mtp_glmm_study_of(k, counts[s][0], counts[s][1]);
            pair.arm[1] = mtp_glmm_study_of(k, counts[s][2], counts[s][3]);
            for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
                check_derivatives(mtp_pair_integral, 0, at[i], &pair, k);
                check_derivatives(mtp_pair_hermite, 1, at[i], &pair, k);
                check_derivatives(mtp_pair_hermite, 4, at[i], &pair, k);
            }
        }
    }
}

/* Half the second derivative along theta is the slope along tau2 where that is 0. */
static void slopes_at_zero_are_those_of_small_variances(void **state)
{
    static const double c[2] = {0.5, -0.5};
    mtp_pair pair = {.times = 1.0};
    mtp_glmm_rule rule;
    mtp_pair_value zero, small;
    double at[MTP_PAIR_PARTS] = {-1.0, 0.3, 0.0, 0.0};
    const double v = 1e-6;

    (void)state;
    mtp_glmm_rule_init(&rule, 0);
    pair.arm[0] = mtp_glmm_study_of(MTP_GLMM_BINOMIAL, 9.0, 31.0);
    pair.arm[1] = mtp_glmm_study_of(MTP_GLMM_BINOMIAL, 4.0, 28.0);
    mtp_pair_integral(MTP_GLMM_BINOMIAL, &pair, c, &rule, at, &zero);
    at[MTP_PAIR_TAU] = sqrt(v);
    mtp_pair_integral(MTP_GLMM_BINOMIAL, &pair, c, &rule, at, &small);
    assert_close((small.loglik - zero.loglik) / v, zero.slope_tau2, 1e-4, 0.0);
    at[MTP_PAIR_TAU] = 0.0;
    at[MTP_PAIR_SIGMA] = sqrt(v);
    mtp_pair_integral(MTP_GLMM_BINOMIAL, &pair, c, &rule, at, &small);
    assert_close((small.loglik - zero.loglik) / v, zero.slope_sigma2, 1e-4, 0.0);
}

static void order_changes_no_bit(void **state)
{
    const reference *r = &references[2];
    double x1[STUDIES_MAX], x2[STUDIES_MAX], m1[STUDIES_MAX], m2[STUDIES_MAX];
    mtp_two_groups groups = groups_of(r), turned = {r->k, x1, x2, m1, m2};

    (void)state;
    for (size_t i = 0; i < r->k; i++) {
        size_t from = (5 * i + 3) % r->k; /* 8 studies */

        x1[i] = r->x1[from];
        x2[i] = r->x2[from];
        m1[i] = r->m1[from];
        m2[i] = r->m2[from];
    }
    for (int random = 0; random < 2; random++) {
        mtp_two_group_fit a = fit(r->kind, &groups, random, 0);
        mtp_two_group_fit b = fit(r->kind, &turned, random, 0);

        assert_memory_equal(&a.theta, &b.theta, sizeof a.theta);
        assert_memory_equal(&a.tau2, &b.tau2, sizeof a.tau2);
        assert_memory_equal(&a.loglik, &b.loglik, sizeof a.loglik);
        assert_memory_equal(&a.Q_wald, &b.Q_wald, sizeof a.Q_wald);
    }
}

/* The groups' names exchanged: theta changes its sign alone. */
static void groups_are_treated_alike(void **state)
{
    const reference *r = &references[0];
    mtp_two_groups groups = groups_of(r), turned = {r->k, r->x2, r->x1, r->m2, r->m1};

    (void)state;
    for (int random = 0; random < 2; random++) {
        mtp_two_group_fit a = fit(r->kind, &groups, random, 0);
        mtp_two_group_fit b = fit(r->kind, &turned, random, 0);

        assert_close(a.theta, -b.theta, 1e-13, 0.0);
        assert_close(a.tau2, b.tau2, 1e-13, 0.0);
        assert_close(a.loglik, b.loglik, 1e-14, 0.0);
    }
}

static const double empty[] = {0.0, 2.0, 5.0, 1.0}, full[] = {0.0, 4.0, 3.0, 6.0};
static const double size[] = {20.0, 25.0, 30.0, 40.0};

static void studies_without_events_carry_nothing(void **state)
{
    mtp_two_groups all = {4, empty, full, size, size};
    mtp_two_groups rest = {3, empty + 1, full + 1, size + 1, size + 1};
    mtp_two_group_fit a = fit(MTP_GLMM_BINOMIAL, &all, false, 0);
    mtp_two_group_fit b = fit(MTP_GLMM_BINOMIAL, &rest, false, 0);

    (void)state;
    assert_int_equal(a.uninformative, 1);
    assert_int_equal(b.uninformative, 0);
    assert_memory_equal(&a.theta, &b.theta, sizeof a.theta);
    assert_close(a.df, 2.0, 0.0, 0.0);
    assert_close(a.parameters, 5.0, 0.0, 0.0);
    assert_close(a.observations, 6.0, 0.0, 0.0);
}

/* Equal odds ratios: tau2 is 0 to the bit, and the estimates are the common ones. */
static void tau2_is_zero_at_the_boundary(void **state)
{
    static const double x1[] = {10, 20, 30}, x2[] = {20, 36, 48}, n[] = {50, 90, 120};
    mtp_two_groups groups = {3, x1, x2, n, n};

    (void)state;
    for (int random = 0; random < 2; random++) {
        mtp_two_group_fit f = fit(MTP_GLMM_BINOMIAL, &groups, random, 0);

        assert_true(f.exists && f.converged);
        assert_true(f.tau2 == 0.0 && f.theta == f.common && f.se == f.common_se);
        assert_true(isnan(f.se_tau2));
        assert_true(!random || f.sigma2 == 0.0);
    }
}

/* Levels alike and effects not: sigma2 is 0 to the bit where tau2 is not. Two equal
 * groups whose events sum to the same in each study. */
static void sigma2_is_zero_at_its_boundary(void **state)
{
    static const double x1[] = {10, 30, 14, 26, 35, 5}, x2[] = {30, 10, 26, 14, 5, 35};
    static const double n[] = {60, 60, 60, 60, 60, 60};
    mtp_two_groups groups = {6, x1, x2, n, n};
    mtp_two_group_fit f = fit(MTP_GLMM_BINOMIAL, &groups, true, 0);

    (void)state;
    assert_true(f.exists && f.converged);
    assert_true(f.sigma2 == 0.0 && f.tau2 > 0.5);
    assert_close(f.theta, 0.0, 0.0, 1e-12); /* the groups mirror each other */
}

static void no_estimate_where_all_point_one_way(void **state)
{
    static const double none[] = {0, 0, 0}, some[] = {3, 2, 1};
    mtp_two_groups groups = {3, none, some, size, size};

    (void)state;
    for (int random = 0; random < 2; random++) {
        mtp_two_group_fit f = fit(MTP_GLMM_POISSON, &groups, random, 0);

        assert_false(f.exists || f.common_exists);
        assert_true(isnan(f.theta) && isnan(f.common) && isnan(f.loglik));
    }
}

/* Each group at an end of its range: the common effect exists, tau has no maximum. */
static void no_tau_where_every_group_is_at_an_end(void **state)
{
    static const double x1[] = {0, 8, 9}, x2[] = {7, 0, 0}, n[] = {10, 8, 9};
    static const double n2[] = {7, 11, 12};
    mtp_two_groups groups = {3, x1, x2, n, n2};
    mtp_two_group_fit f = fit(MTP_GLMM_BINOMIAL, &groups, false, 0);

    (void)state;
    assert_true(f.common_exists && !f.exists);
    assert_true(isfinite(f.common) && isnan(f.theta) && isfinite(f.LRT));
}

static void one_study_says_nothing_about_tau(void **state)
{
    const double x1 = 4, x2 = 9, n1 = 40, n2 = 44;
    mtp_two_groups groups = {1, &x1, &x2, &n1, &n2};
    mtp_two_group_fit f = fit(MTP_GLMM_BINOMIAL, &groups, false, 0);

    (void)state;
    assert_true(f.exists && f.tau2 == 0.0);
    assert_close(f.theta, log(4.0 * 35.0 / (36.0 * 9.0)), 1e-14, 0.0);
    assert_close(f.se, sqrt(1.0 / 4 + 1.0 / 36 + 1.0 / 9 + 1.0 / 35), 1e-13, 0.0);
    assert_close(f.df, 0.0, 0.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_agree_with_30_digits),
        cmocka_unit_test(nodes_converge_to_the_integral),
        cmocka_unit_test(derivatives_agree_with_differences),
        cmocka_unit_test(slopes_at_zero_are_those_of_small_variances),
        cmocka_unit_test(order_changes_no_bit),
        cmocka_unit_test(groups_are_treated_alike),
        cmocka_unit_test(studies_without_events_carry_nothing),
        cmocka_unit_test(tau2_is_zero_at_the_boundary),
        cmocka_unit_test(sigma2_is_zero_at_its_boundary),
        cmocka_unit_test(no_estimate_where_all_point_one_way),
        cmocka_unit_test(no_tau_where_every_group_is_at_an_end),
        cmocka_unit_test(one_study_says_nothing_about_tau)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
