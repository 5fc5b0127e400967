/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/regress.h"

#include "random_data.h"
#include "support/test.h"

#include <stdlib.h>

/* What must not change a regression does not, and what is a pooling in other words is
 * that pooling: on hundreds of random sets of effects, from small to extreme. */

enum { SETS = 450, POOLED_SETS = 126, COLUMNS_MAX = 4, FIGURES_MAX = 64 };

static const double LOOSE = 1e-9, NOTHING = 1e-25;

/* What a run was asked, told when it fails. */
static char asked[1024];

#define REQUIRE(condition)                                                             \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fail_msg("%s: not so: %s", asked, #condition);                             \
        }                                                                              \
    } while (0)

/* A set with moderators: an intercept and small whole numbers. */
typedef struct random_regression {
    random_set set;
    size_t p;
    double x[ROWS_MAX * COLUMNS_MAX];
} random_regression;

/* The one moderator of two values may have drawn one of them alone. */
static bool is_dependent(const random_regression *r)
{
    for (size_t i = 1; r->p > 1 && i < r->set.k; i++) {
        if (r->x[i * r->p + 1] != r->x[1]) {
            return false;
        }
    }
    return r->p > 1;
}

/* False for sets with too few studies, or moderators that are one. */
static bool random_moderators(size_t number, random_regression *r)
{
    mtp_random draw = mtp_random_start(SEED + 1, number);

    random_effects(number, &r->set);
    r->p = 1 + (size_t)mtp_random_below(&draw, COLUMNS_MAX);
    if (r->set.k <= r->p + 1) {
        return false;
    }
    for (size_t i = 0; i < r->set.k; i++) {
        r->x[i * r->p] = 1.0;
        for (size_t j = 1; j < r->p; j++) {
            r->x[i * r->p + j] = (double)mtp_random_below(&draw, j == 1 ? 2 : 1000);
        }
    }
    return !is_dependent(r);
}

static mtp_effects effects_of(const random_set *set)
{
    return (mtp_effects){
        .measure = mtp_measure_get(MTP_GEN), .k = set->k, .yi = set->yi, .vi = set->vi};
}

static mtp_status regress(const random_regression *r,
                          const mtp_regress_options *options,
                          mtp_regress_result **result)
{
    mtp_effects effects = effects_of(&r->set);
    mtp_moderators moderators = {
        .k = r->set.k, .p = r->p, .x = r->x, .intercept = true};
    mtp_error err = {0};
    mtp_status status = mtp_regress(&effects, &moderators, options, result, &err);

    (void)snprintf(asked, sizeof asked,
                   "seed %llu, data set %zu (%s, k = %zu, p = %zu), %s, %s: %s",
                   (unsigned long long)SEED, r->set.number,
                   random_kind_text(r->set.kind), r->set.k, r->p,
                   mtp_tau2_id(options->tau2), mtp_ci_id(options->ci), err.message);
    return status;
}

static mtp_regress_result *fit(const random_regression *r,
                               const mtp_regress_options *options)
{
    mtp_regress_result *result = NULL;
    mtp_status status = regress(r, options, &result);

    REQUIRE(status == MTP_OK);
    return result;
}

static mtp_regress_options options_for(size_t number)
{
    static const mtp_tau2_method methods[] = {MTP_TAU2_REML, MTP_TAU2_DL, MTP_TAU2_PM,
                                              MTP_TAU2_ML,   MTP_TAU2_HE, MTP_TAU2_SJ,
                                              MTP_TAU2_EE};
    static const mtp_ci_method intervals[] = {MTP_CI_HKSJ, MTP_CI_WALD, MTP_CI_T,
                                              MTP_CI_HKSJ_ADHOC};
    mtp_regress_options o;

    mtp_regress_options_init(&o, sizeof o);
    o.tau2 = methods[number / RANDOM_KIND_COUNT % 7];
    o.ci = intervals[number / 2 % 4];
    return o;
}

/* --- figures ------------------------------------------------------------------ */

typedef enum figure_unit { UNIT_NONE, UNIT_Y, UNIT_V, UNIT_LOG } figure_unit;

typedef struct figures {
    size_t n;
    double value[FIGURES_MAX];
    figure_unit unit[FIGURES_MAX];
    const char *name[FIGURES_MAX];
} figures;

static void add(figures *f, const char *name, figure_unit unit, double value)
{
    assert_true(f->n < FIGURES_MAX);
    f->name[f->n] = name;
    f->unit[f->n] = unit;
    f->value[f->n++] = value;
}

/* Of the coefficients from `first` on. */
static void add_coefficients(figures *f, const mtp_regress_result *r, size_t first)
{
    for (size_t i = first; i < r->p; i++) {
        const mtp_coefficient *c = &r->coefficient[i];

        add(f, "estimate", UNIT_Y, c->estimate);
        add(f, "se", UNIT_Y, c->se);
        add(f, "statistic", UNIT_NONE, c->statistic);
        add(f, "p", UNIT_NONE, c->p);
        add(f, "lower", UNIT_Y, c->ci_lower);
        add(f, "upper", UNIT_Y, c->ci_upper);
    }
}

/* Of the fit as a whole, which no change of moderators that keeps their span, and no
 * shift of y along them, may touch. */
static void add_fit(figures *f, const mtp_regress_result *r)
{
    const mtp_heterogeneity *h = &r->heterogeneity;

    add(f, "tau2", UNIT_V, h->tau2);
    add(f, "se of tau2", UNIT_V, h->tau2_se);
    add(f, "I2", UNIT_NONE, h->I2);
    add(f, "H2", UNIT_NONE, h->H2);
    add(f, "Q", UNIT_NONE, h->Q);
    add(f, "p of Q", UNIT_NONE, h->p);
    add(f, "vt", UNIT_V, h->vt);
    add(f, "limit of tau2", UNIT_V, h->ci.tau2[0]);
    add(f, "limit of tau2", UNIT_V, h->ci.tau2[1]);
    add(f, "factor", UNIT_NONE, r->factor);
}

static figures all_of(const mtp_regress_result *r)
{
    figures f = {0};

    add_coefficients(&f, r, 0);
    add_fit(&f, r);
    add(&f, "QM", UNIT_NONE, r->omnibus.statistic);
    add(&f, "p of QM", UNIT_NONE, r->omnibus.p);
    add(&f, "R2", UNIT_NONE, r->R2);
    add(&f, "log-likelihood", UNIT_LOG, r->fit.loglik);
    return f;
}

static void same_bits(const figures *a, const figures *b)
{
    REQUIRE(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        if (memcmp(&a->value[i], &b->value[i], sizeof(double)) != 0 &&
            !(isnan(a->value[i]) && isnan(b->value[i]))) {
            fail_msg("%s: %s is %.17g and %.17g", asked, a->name[i], a->value[i],
                     b->value[i]);
        }
    }
}

static double largest_effect(const random_set *set)
{
    double largest = 0.0;

    for (size_t i = 0; i < set->k; i++) {
        largest = fmax(largest, fabs(set->yi[i]));
    }
    return largest;
}

/* To LOOSE, or next to nothing beside the effects: slopes of equal ones. */
static void same(const figures *a, const figures *b, const random_set *set)
{
    const double effect = largest_effect(set);

    REQUIRE(a->n == b->n);
    for (size_t i = 0; i < a->n; i++) {
        const double unit = a->unit[i] == UNIT_Y   ? effect
                            : a->unit[i] == UNIT_V ? effect * effect
                                                   : 1.0;

        if (!mtp_test_close(a->value[i], b->value[i], LOOSE, NOTHING * unit)) {
            fail_msg("%s: %s is %.17g and %.17g", asked, a->name[i], a->value[i],
                     b->value[i]);
        }
    }
}

/* --- what must not change a regression ---------------------------------------- */

static void rows_in_another_order_change_nothing(void **state)
{
    (void)state;
    for (size_t number = 0; number < SETS; number++) {
        random_regression r, turned;
        mtp_regress_options o = options_for(number);
        mtp_regress_result *a, *b;
        figures before, after;

        if (!random_moderators(number, &r)) {
            continue;
        }
        turned = r;
        for (size_t i = 0; i < r.set.k; i++) {
            size_t from = (i + 1 + r.set.k / 2) % r.set.k;

            turned.set.yi[i] = r.set.yi[from];
            turned.set.vi[i] = r.set.vi[from];
            memcpy(&turned.x[i * r.p], &r.x[from * r.p], r.p * sizeof(double));
        }
        a = fit(&r, &o);
        b = fit(&turned, &o);
        before = all_of(a);
        after = all_of(b);
        same_bits(&before, &after);
        mtp_regress_result_free(a);
        mtp_regress_result_free(b);
    }
}

/* y times 2^m: estimates are too, variances by 4^m, the rest has no unit. */
static void the_unit_of_y_changes_no_digit(void **state)
{
    (void)state;
    for (size_t number = 0; number < SETS; number++) {
        const int power = number % 2 ? 40 : -7;
        random_regression r, scaled;
        mtp_regress_options o = options_for(number);
        mtp_regress_result *a, *b;
        figures before, after;

        if (!random_moderators(number, &r)) {
            continue;
        }
        scaled = r;
        for (size_t i = 0; i < r.set.k; i++) {
            scaled.set.yi[i] = ldexp(r.set.yi[i], power);
            scaled.set.vi[i] = ldexp(r.set.vi[i], 2 * power);
        }
        a = fit(&r, &o);
        b = fit(&scaled, &o);
        before = all_of(a);
        after = all_of(b);
        for (size_t i = 0; i < before.n; i++) {
            const int by = before.unit[i] == UNIT_Y   ? power
                           : before.unit[i] == UNIT_V ? 2 * power
                                                      : 0;

            before.value[i] = ldexp(before.value[i], by);
            if (before.unit[i] == UNIT_LOG) {
                before.value[i] = after.value[i];
            }
        }
        same_bits(&before, &after);
        mtp_regress_result_free(a);
        mtp_regress_result_free(b);
    }
}

/* The kinds whose effects are multiples of 2^-20 far from the last bit of a double. */
static bool takes_whole_numbers(const random_regression *r)
{
    return r->set.kind != RANDOM_WIDE && r->set.kind != RANDOM_TINY &&
           r->set.kind != RANDOM_LARGE;
}

/* y + X b, b whole: b is added to the coefficients, without error on the way. */
static void effects_shifted_along_the_moderators_shift_the_coefficients(void **state)
{
    static const double b[COLUMNS_MAX] = {5.0, -3.0, 2.0, -1.0};

    (void)state;
    for (size_t number = 0; number < SETS; number++) {
        random_regression r, shifted;
        mtp_regress_options o = options_for(number);
        mtp_regress_result *before, *after;
        figures f = {0}, g = {0};

        /* SJ begins with the distances from one mean. */
        if (!random_moderators(number, &r) || !takes_whole_numbers(&r) ||
            o.tau2 == MTP_TAU2_SJ) {
            continue;
        }
        shifted = r;
        for (size_t i = 0; i < r.set.k; i++) {
            for (size_t j = 0; j < r.p; j++) {
                shifted.set.yi[i] += r.x[i * r.p + j] * b[j];
            }
        }
        before = fit(&r, &o);
        after = fit(&shifted, &o);
        add_fit(&f, before);
        add_fit(&g, after);
        same(&f, &g, &r.set);
        for (size_t j = 0; j < r.p; j++) {
            const mtp_coefficient *c = &before->coefficient[j];
            const mtp_coefficient *d = &after->coefficient[j];

            REQUIRE(mtp_test_close(d->se, c->se, LOOSE, 0.0));
            REQUIRE(mtp_test_close(d->estimate - b[j], c->estimate, TOL1,
                                   TOL1 * (fabs(b[j]) + LOOSE * c->se)));
        }
        mtp_regress_result_free(before);
        mtp_regress_result_free(after);
    }
}

/* A moderator times 2^m and moved by a whole number: beside an intercept its test, the
 * other coefficients and the fit stay what they are. */
static void the_unit_and_origin_of_a_moderator_change_the_intercept_alone(void **state)
{
    (void)state;
    for (size_t number = 0; number < SETS; number++) {
        const int power = number % 2 ? 13 : -20;
        random_regression r, moved;
        mtp_regress_options o = options_for(number);
        mtp_regress_result *before, *after;
        figures f = {0}, g = {0};

        if (!random_moderators(number, &r) || r.p < 2) {
            continue;
        }
        moved = r;
        for (size_t i = 0; i < r.set.k; i++) {
            double *x = &moved.x[i * r.p + r.p - 1];

            *x = ldexp(*x + 1e6, power);
        }
        before = fit(&r, &o);
        after = fit(&moved, &o);
        add_fit(&f, before);
        add_coefficients(&f, before, 1);
        add_fit(&g, after);
        add_coefficients(&g, after, 1);
        for (size_t i = f.n - 6; i < f.n; i++) {
            g.value[i] = ldexp(g.value[i], f.unit[i] == UNIT_Y ? power : 0);
        }
        same(&f, &g, &r.set);
        mtp_regress_result_free(before);
        mtp_regress_result_free(after);
    }
}

/* --- poolings in other words -------------------------------------------------- */

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
        cmocka_unit_test(rows_in_another_order_change_nothing),
        cmocka_unit_test(the_unit_of_y_changes_no_digit),
        cmocka_unit_test(effects_shifted_along_the_moderators_shift_the_coefficients),
        cmocka_unit_test(the_unit_and_origin_of_a_moderator_change_the_intercept_alone),
        cmocka_unit_test(an_intercept_alone_is_pooling),
        cmocka_unit_test(a_factor_is_subgroups_with_a_common_tau2),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
