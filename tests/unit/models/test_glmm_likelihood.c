/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_internal.h"
#include "support/test.h"
#include "unit/models/glmm_reference.h"

/* The marginal likelihood itself: its value, and its derivatives against differences.
 */

enum { REFERENCES = sizeof references / sizeof references[0] };

/* A step at which the trapezoidal rule has converged for all of them. */
static const double fine = 0.3;

typedef struct sample_space {
    mtp_glmm_sample sample;
    mtp_glmm_study study[REFERENCE_STUDIES];
    mtp_dd sum[2];
} sample_space;

/* One mean. */
static mtp_glmm_sample *sample_of(const reference *r, sample_space *space)
{
    static const double one = 1.0;
    mtp_glmm_sample *s = &space->sample;

    *s = (mtp_glmm_sample){.kind = r->kind,
                           .k = r->k,
                           .count = r->k,
                           .p = 1,
                           .study = space->study,
                           .sum = space->sum};
    for (size_t i = 0; i < r->k; i++) {
        s->study[i] = mtp_glmm_study_of(r->kind, r->x[i], r->m[i]);
        s->study[i].row = &one;
        s->events = mtp_dd_add(s->events, mtp_dd_from(r->x[i]));
        s->size = mtp_dd_add(s->size, mtp_dd_from(r->m[i]));
        s->rest = mtp_dd_add(s->rest, mtp_dd_from(r->m[i] - r->x[i]));
    }
    return s;
}

typedef struct point {
    double loglik;
    mtp_jet d;
} point;

static point at(mtp_glmm_sample *s, const mtp_glmm_rule *rule, double mu, double tau)
{
    double gradient[2], hessian[4];
    mtp_glmm_value value = {
        .tau = tau, .beta = &mu, .gradient = gradient, .hessian = hessian};

    mtp_glmm_evaluate(s, rule, &value);
    return (point){value.loglik,
                   {gradient[0], gradient[1], hessian[0], hessian[1], hessian[3]}};
}

/* Richardson's extrapolation of central differences, error of order h^4. */
static double slope(double two_back, double back, double ahead, double two_ahead,
                    double h)
{
    return (8.0 * (ahead - back) - (two_ahead - two_back)) / (12.0 * h);
}

static void check_derivatives(mtp_glmm_sample *s, const mtp_glmm_rule *rule, double mu,
                              double tau)
{
    double h = 1e-3 * tau;
    point here = at(s, rule, mu, tau);
    point m[4], t[4];
    double scale_m = sqrt(fabs(here.d.mm)), scale_t = sqrt(fabs(here.d.tt));

    for (int i = 0; i < 4; i++) {
        double steps[] = {-2.0, -1.0, 1.0, 2.0};

        m[i] = at(s, rule, mu + steps[i] * h, tau);
        t[i] = at(s, rule, mu, tau + steps[i] * h);
    }
#define SLOPE(p, field) slope(p[0].field, p[1].field, p[2].field, p[3].field, h)
    assert_close(here.d.m, SLOPE(m, loglik), 1e-8, 1e-7 * scale_m);
    assert_close(here.d.t, SLOPE(t, loglik), 1e-8, 1e-7 * scale_t);
    assert_close(here.d.mm, SLOPE(m, d.m), 1e-8, 1e-8 * scale_m * scale_m);
    assert_close(here.d.mt, SLOPE(m, d.t), 1e-8, 1e-8 * scale_m * scale_t);
    assert_close(here.d.mt, SLOPE(t, d.m), 1e-8, 1e-8 * scale_m * scale_t);
    assert_close(here.d.tt, SLOPE(t, d.t), 1e-8, 1e-8 * scale_t * scale_t);
#undef SLOPE
}

/* Gradient and Hessian, at and around the maxima, for few nodes, many and the integral.
 */
static void derivatives_are_those_of_the_value(void **state)
{
    static const int rules[] = {0, 1, 2, 3, 7, 20};
    static const double places[][2] = {{0.0, 1.0}, {0.7, 1.3}, {-1.1, 0.6}, {0.2, 3.0}};
    sample_space space;

    (void)state;
    for (size_t i = 0; i < REFERENCES; i++) {
        const reference *r = &references[i];
        mtp_glmm_sample *s = sample_of(r, &space);

        if (!(r->exact.tau > 0.1)) {
            continue; /* differences of the value say nothing at such a tau */
        }
        for (size_t j = 0; j < sizeof rules / sizeof rules[0]; j++) {
            mtp_glmm_rule rule;

            mtp_glmm_rule_init(&rule, rules[j]);
            rule.step = fine;
            for (size_t l = 0; l < sizeof places / sizeof places[0]; l++) {
                check_derivatives(s, &rule, r->exact.mu + places[l][0] * r->exact.tau,
                                  places[l][1] * r->exact.tau);
            }
        }
    }
}

static void values_at_the_maxima(void **state)
{
    sample_space space;
    mtp_glmm_rule exact, seven;

    (void)state;
    mtp_glmm_rule_init(&exact, 0);
    exact.step = fine;
    mtp_glmm_rule_init(&seven, 7);
    for (size_t i = 0; i < REFERENCES; i++) {
        const reference *r = &references[i];
        mtp_glmm_sample *s = sample_of(r, &space);
        int sign;

        assert_close(mtp_glmm_boundary_slope(s, &sign), r->common.boundary_slope, TOL0,
                     0.0);
        if (r->exact.tau > 0.1) {
            assert_close(at(s, &exact, r->exact.mu, r->exact.tau).loglik,
                         r->exact.loglik, TOL1, 0.0);
            assert_close(at(s, &seven, r->seven.mu, r->seven.tau).loglik,
                         r->seven.loglik, TOL1, 0.0);
        }
    }
}

/* For tau -> 0 the likelihood becomes the common one, its slope along tau2 the closed
 * form. */
static void small_tau_meets_the_closed_forms(void **state)
{
    sample_space space;
    mtp_glmm_rule rule;

    (void)state;
    for (int nodes = 0; nodes <= 7; nodes++) {
        mtp_glmm_rule_init(&rule, nodes);
        for (size_t i = 0; i < REFERENCES; i++) {
            const reference *r = &references[i];
            mtp_glmm_sample *s = sample_of(r, &space);
            double tau = 1e-4 * r->common.se;
            point p = at(s, &rule, r->common.mu, tau);

            assert_close(p.loglik, r->common.loglik, 1e-7, 0.0);
            assert_close(p.d.t / (2.0 * tau), r->common.boundary_slope, 1e-5, 0.0);
            assert_close(1.0 / sqrt(-p.d.mm), r->common.se, 1e-5, 0.0);
        }
    }
}

/* The mode solves its equation, from however far the search starts. */
static void modes_are_found_from_anywhere(void **state)
{
    static const double starts[] = {-700.0, -40.0, 0.0, 3.0, 500.0};
    static const double xm[][2] = {{0, 10}, {10, 10}, {3, 10}, {0, 1e12}, {5e11, 1e12}};

    (void)state;
    for (size_t i = 0; i < sizeof xm / sizeof xm[0]; i++) {
        for (int kind = MTP_GLMM_BINOMIAL; kind <= MTP_GLMM_POISSON; kind++) {
            double x = xm[i][0], m = xm[i][1], first = 0.0;
            mtp_glmm_study study = {.x = x, .m = m, .y = m - x, .times = 1.0};
            mtp_glmm_frame f;

            for (size_t j = 0; j < sizeof starts / sizeof starts[0]; j++) {
                study.eta = starts[j];
                mtp_glmm_frame_at((mtp_glmm_kind)kind, &study, -2.0, 3.0, &f);
                first = j == 0 ? study.eta : first;
                assert_close(study.eta, first, TOL0, TOL0);
                assert_close(study.eta, -2.0 + 3.0 * f.z, TOL1, TOL0);
                assert_close(f.z, 3.0 * f.score, TOL1, 0.0);
                assert_close(f.score, x - m * f.rate, TOL1, TOL1 * (x + m * f.rate));
            }
        }
    }
}

/* The rule ends at once where there is nothing to add up; were it to run to its last
 * pair, this would take minutes. */
static void a_nan_ends_the_rule(void **state)
{
    sample_space space;
    mtp_glmm_rule rule;
    mtp_glmm_sample *s = sample_of(&references[0], &space);

    (void)state;
    mtp_glmm_rule_init(&rule, 0);
    for (int i = 0; i < 2000; i++) {
        assert_true(isnan(at(s, &rule, 0.0, (double)NAN).loglik));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivatives_are_those_of_the_value),
        cmocka_unit_test(values_at_the_maxima),
        cmocka_unit_test(small_tau_meets_the_closed_forms),
        cmocka_unit_test(modes_are_found_from_anywhere),
        cmocka_unit_test(a_nan_ends_the_rule),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
