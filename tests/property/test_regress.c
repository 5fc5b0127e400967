/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not change a regression does not. */
#include "random_regression.h"

static const double LOOSE = 1e-9, NOTHING = 1e-25;

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_another_order_change_nothing),
        cmocka_unit_test(the_unit_of_y_changes_no_digit),
        cmocka_unit_test(effects_shifted_along_the_moderators_shift_the_coefficients),
        cmocka_unit_test(the_unit_and_origin_of_a_moderator_change_the_intercept_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
