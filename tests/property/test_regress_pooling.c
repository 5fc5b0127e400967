/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poolings in the words of regression. */
#include "random_regression.h"

static void same_within(const char *what, double got, double want, double rtol)
{
    if (!mtp_test_close(got, want, rtol, 0.0)) {
        fail_msg("%s: %s is %.17g, not %.17g", asked, what, got, want);
    }
}

/* How near two figures must be that are made in two ways: an ulp, a few for limits of
 * tau2, but for roots of integrals and of likelihoods (the limits j, bj, pl and the
 * estimator GENQM), which are searched for differently of a mean and of columns. */
typedef struct nearness {
    double figure, limit_of_tau2;
} nearness;

static nearness nearness_of(const mtp_regress_options *o)
{
    bool direct = o->tau2_ci == MTP_TAU2_CI_QP || o->tau2_ci == MTP_TAU2_CI_WALD;
    double figure = o->tau2 == MTP_TAU2_GENQM ? 1e-12 : DBL_EPSILON;

    return (nearness){figure, direct ? 16.0 * figure : 1e-12};
}

static void same_test(const mtp_coefficient *c, const mtp_interval *i, nearness near)
{
    /* A limit next to 0 is the difference of two numbers that are as near. */
    double wide = near.figure * (fabs(c->estimate) + fabs(i->upper - i->lower));

    same_within("se", c->se, i->se, near.figure);
    same_within("df", c->df, i->df, 0.0);
    same_within("statistic", c->statistic, i->statistic, 2.0 * near.figure);
    REQUIRE(mtp_test_close(c->ci_lower, i->lower, 0.0, wide));
    REQUIRE(mtp_test_close(c->ci_upper, i->upper, 0.0, wide));
    REQUIRE(mtp_test_close(c->log_p, i->log_p,
                           8.0 * near.figure * (1.0 + fabs(i->log_p)), near.figure));
}

static void same_heterogeneity(const mtp_heterogeneity *a, const mtp_heterogeneity *b,
                               nearness near)
{
    same_within("Q", a->Q, b->Q, DBL_EPSILON);
    same_within("df", a->df, b->df, 0.0);
    same_within("p of Q", a->p, b->p, DBL_EPSILON);
    same_within("vt", a->vt, b->vt, DBL_EPSILON);
    same_within("tau2", a->tau2, b->tau2, near.figure);
    same_within("se of tau2", a->tau2_se, b->tau2_se, near.figure);
    same_within("I2", a->I2, b->I2, near.figure);
    same_within("H2", a->H2, b->H2, near.figure);
    REQUIRE(a->ci.status == b->ci.status);
    for (size_t i = 0; i < 2; i++) {
        same_within("limit of tau2", a->ci.tau2[i], b->ci.tau2[i], near.limit_of_tau2);
        same_within("limit of I2", a->ci.I2[i], b->ci.I2[i], near.limit_of_tau2);
    }
}

static mtp_pool_options pooling_as(const mtp_regress_options *o)
{
    mtp_pool_options p;

    mtp_pool_options_init(&p, sizeof p);
    p.tau2 = o->tau2;
    p.tau2_ci = o->tau2_ci;
    p.ci = o->ci;
    p.null_value = 0.0;
    return p;
}

static void compare_with_pooling(const random_regression *r,
                                 const mtp_regress_options *o)
{
    const mtp_effects effects = effects_of(&r->set);
    const mtp_pool_options options = pooling_as(o);
    const nearness near = nearness_of(o);
    mtp_pool_result *pooled = NULL;
    mtp_regress_result *result = NULL;
    mtp_status status = mtp_pool(&effects, NULL, &options, &pooled, NULL);

    REQUIRE(regress(r, o, &result) == status);
    if (status == MTP_OK) {
        const mtp_pooled *p = &pooled->overall;

        same_within("estimate", result->coefficient[0].estimate, p->random.estimate,
                    near.figure);
        same_test(&result->coefficient[0], &p->random.ci, near);
        same_heterogeneity(&result->heterogeneity, &p->heterogeneity, near);
        /* Sums of terms of either sign. */
        REQUIRE(mtp_test_close(result->fit.loglik, p->fit.loglik, 4.0 * near.figure,
                               4.0 * near.figure));
        REQUIRE(mtp_test_close(result->fit.AICc, p->fit.AICc, 4.0 * near.figure,
                               8.0 * near.figure));
        REQUIRE(result->fit.n_modes == p->fit.n_modes);
    }
    mtp_pool_result_free(pooled);
    mtp_regress_result_free(result);
}

static void an_intercept_alone_is_pooling(void **state)
{
    static const mtp_ci_method intervals[] = {MTP_CI_HKSJ, MTP_CI_WALD, MTP_CI_T,
                                              MTP_CI_HKSJ_ADHOC};

    (void)state;
    for (size_t number = 0; number < POOLED_SETS; number++) {
        random_regression r = {.p = 1};
        mtp_regress_options o;

        random_effects(number, &r.set);
        for (size_t i = 0; i < r.set.k; i++) {
            r.x[i] = 1.0;
        }
        mtp_regress_options_init(&o, sizeof o);
        for (int tau2 = 0; tau2 < MTP_TAU2_COUNT && r.set.k > 1; tau2++) {
            o.tau2 = (mtp_tau2_method)tau2;
            o.tau2_value = o.tau2 == MTP_TAU2_GIVEN ? r.set.vi[0] : 0.0;
            o.tau2_ci =
                (mtp_tau2_ci_method)((number + (size_t)tau2) % MTP_TAU2_CI_COUNT);
            o.ci = intervals[(number + (size_t)tau2) % 4];
            if (o.tau2 != MTP_TAU2_GIVEN) {
                compare_with_pooling(&r, &o);
            }
        }
    }
}

enum { LEVELS = 3 };

/* The design of a factor without intercept: a column for each level. */
static bool random_factor(size_t number, random_regression *r, size_t level[ROWS_MAX])
{
    random_effects(number, &r->set);
    r->p = LEVELS;
    memset(r->x, 0, sizeof r->x);
    for (size_t i = 0; i < r->set.k; i++) {
        level[i] = i < LEVELS ? i : (i * i + number) % LEVELS;
        r->x[i * LEVELS + level[i]] = 1.0;
    }
    return r->set.k >= 8;
}

/* Subgroups that share tau2 are the coefficients of that design. */
static void a_factor_is_subgroups_with_a_common_tau2(void **state)
{
    static const char *const names[LEVELS] = {"a", "b", "c"};

    (void)state;
    for (size_t number = 0; number < SETS; number++) {
        random_regression r;
        size_t level[ROWS_MAX];
        mtp_grouping grouping = {LEVELS, level, names};
        mtp_regress_options o = options_for(number);
        mtp_pool_options options = pooling_as(&o);
        mtp_regress_result *result = NULL;
        mtp_pool_result *pooled = NULL;
        mtp_effects effects;
        mtp_moderators moderators;

        if (!random_factor(number, &r, level)) {
            continue;
        }
        effects = effects_of(&r.set);
        moderators = (mtp_moderators){.k = r.set.k, .p = LEVELS, .x = r.x};
        options.tau2_scope = MTP_TAU2_COMMON;
        (void)snprintf(asked, sizeof asked, "data set %zu, %s, %s", number,
                       mtp_tau2_id(o.tau2), mtp_ci_id(o.ci));
        REQUIRE(mtp_pool(&effects, &grouping, &options, &pooled, NULL) == MTP_OK);
        REQUIRE(mtp_regress(&effects, &moderators, &o, &result, NULL) == MTP_OK);
        for (size_t g = 0; g < LEVELS; g++) {
            const mtp_pooled *group = &pooled->groups[g];

            same_within("estimate", result->coefficient[g].estimate,
                        group->random.estimate, DBL_EPSILON);
            same_within("tau2", result->heterogeneity.tau2, group->heterogeneity.tau2,
                        DBL_EPSILON);
            if (o.ci == MTP_CI_WALD) {
                same_test(&result->coefficient[g], &group->random.ci, nearness_of(&o));
            }
        }
        mtp_pool_result_free(pooled);
        mtp_regress_result_free(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_intercept_alone_is_pooling),
        cmocka_unit_test(a_factor_is_subgroups_with_a_common_tau2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
