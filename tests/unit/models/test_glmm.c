/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm.h"
#include "num/quadrature.h"
#include "support/test.h"
#include "unit/models/glmm_reference.h"

/* One-group mixed models against 50-digit arithmetic and metafor, and their edges. */

enum { REFERENCES = sizeof references / sizeof references[0] };

static mtp_glmm_fit fit(mtp_glmm_kind kind, size_t k, const double x[],
                        const double m[], int nodes)
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_glmm_fit f;
    mtp_error err = {0};

    assert_non_null(scratch);
    assert_int_equal(mtp_glmm_fit_one_group(kind, k, x, m, nodes, scratch, &f, &err),
                     MTP_OK);
    mtp_arena_free(scratch);
    return f;
}

static const reference *named(const char *name)
{
    for (size_t i = 0; i < REFERENCES; i++) {
        if (strcmp(references[i].name, name) == 0) {
            return &references[i];
        }
    }
    fail_msg("no reference %s", name);
    return NULL;
}

/* What no double computation can keep: at tau2 = 1e-3 a study's variance is a hundred
 * times tau2, and of 1e12 patients the rounding of mu alone is 1e-11 of its error. */
static double tolerance(const reference *r, double usual)
{
    if (strcmp(r->name, "large_and_close") == 0) {
        return 2e-11;
    }
    return strcmp(r->name, "near_the_boundary") == 0 ? 1e-12 : usual;
}

static double digits(double got, double want)
{
    double off = fabs(got - want) / (want == 0.0 ? 1.0 : fabs(want));

    return off > 1e-16 ? -log10(off) : 16.0;
}

static void compare(const reference *r, const reference_fit *want, int nodes)
{
    mtp_glmm_fit f = fit(r->kind, r->k, r->x, r->m, nodes);

    print_message("%-24s %d nodes, digits: mu %4.1f tau2 %4.1f loglik %4.1f se %4.1f\n",
                  r->name, nodes, digits(f.mu, want->mu), digits(f.tau2, want->tau2),
                  digits(f.loglik, want->loglik), digits(f.se, want->se));
    assert_true(f.exists && f.converged);
    assert_close(f.mu, want->mu, 1e-13, 1e-14 * want->se);
    assert_close(f.tau, want->tau, tolerance(r, 1e-13), 0.0);
    assert_close(f.tau2, want->tau2, tolerance(r, 1e-13), 0.0);
    assert_close(f.loglik, want->loglik, tolerance(r, 1e-14), 0.0);
    assert_close(f.se, want->se, tolerance(r, 1e-12), 0.0);
    assert_close(f.se_tau, want->se_tau, tolerance(r, 1e-12), 0.0);
    assert_close(f.common_mu, r->common.mu, TOL1, 0.0);
    assert_close(f.common_se, r->common.se, TOL1, 0.0);
    assert_close(f.common_loglik, r->common.loglik, TOL1, 0.0);
    assert_close(f.saturated_loglik, r->common.saturated, TOL1, 0.0);
    assert_close(f.LRT, r->common.LRT, TOL2, 0.0);
    assert_close(f.Q_wald, r->common.Q, TOL2, 0.0);
}

static void fits_agree_with_50_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < REFERENCES; i++) {
        compare(&references[i], &references[i].exact, 0);
        compare(&references[i], &references[i].seven, 7);
    }
}

/* metafor 5.1-12: rma.glmm(measure="PLO", xi, ni) and rma.glmm(measure="IRLN", x1i,
 * t1i) on data of the metadat collection, dat.debruin2009, dat.pritz1997 and
 * dat.nielweise2008, seven nodes; the optimum refined until its gradient was 1e-8. */
static void fits_agree_with_metafor(void **state)
{
    static const struct {
        mtp_glmm_kind kind;
        size_t k;
        double x[14], m[14];
        double mu, se, tau2, loglik, Q, LRT;
    } c[] = {
        {MTP_GLMM_BINOMIAL,
         13,
         {11, 24, 179, 82, 60, 11, 99, 9, 88, 17, 26, 23, 40},
         {29, 33, 326, 240, 110, 29, 244, 17, 215, 26, 138, 55, 54},
         -0.1118126806832837,
         0.18804361786851273,
         0.3786881255093992,
         -50.15515462121493,
         95.95870295599843,
         108.76528897287618},
        {MTP_GLMM_POISSON,
         9,
         {7, 8, 3, 6, 1, 1, 17, 3, 2},
         {1344, 1600, 12012, 1536, 370, 729, 6760, 1107, 320},
         -6.058350897583709,
         0.33026573196128456,
         0.6542978543325566,
         -24.27296809795702,
         25.42701823451633,
         44.487795674113784},
    };

    (void)state;
    for (size_t i = 0; i < sizeof c / sizeof c[0]; i++) {
        mtp_glmm_fit f = fit(c[i].kind, c[i].k, c[i].x, c[i].m, 7);

        assert_close(f.mu, c[i].mu, 1e-8, 0.0);
        assert_close(f.se, c[i].se, 1e-5, 0.0); /* theirs by finite differences */
        assert_close(f.tau2, c[i].tau2, 1e-8, 0.0);
        assert_close(f.loglik, c[i].loglik, 1e-13, 0.0);
        assert_close(f.Q_wald, c[i].Q, 1e-13, 0.0);
        assert_close(f.LRT, c[i].LRT, 1e-13, 0.0);
    }
}

/* More nodes come ever closer to the integral, which was computed without any. */
static void many_nodes_approach_the_integral(void **state)
{
    const reference *r = named("bcg_control_arms");
    double before = (double)INFINITY;

    (void)state;
    for (int nodes = 3; nodes <= 40; nodes *= 2) {
        mtp_glmm_fit f = fit(r->kind, r->k, r->x, r->m, nodes);
        double off = fabs(f.tau2 - r->exact.tau2);

        assert_true(off < 0.2 * before);
        before = off;
    }
    assert_close(fit(r->kind, r->k, r->x, r->m, MTP_HERMITE_MAX).tau2, r->exact.tau2,
                 1e-9, 0.0);
}

/* The figures of a fit, byte for byte (a padding byte may differ). */
static void assert_same_bits(const mtp_glmm_fit *a, const mtp_glmm_fit *b)
{
    const double p[] = {a->common_mu, a->common_se, a->common_loglik,
                        a->mu,        a->se,        a->tau,
                        a->tau2,      a->loglik,    a->se_tau,
                        a->LRT,       a->Q_wald,    a->saturated_loglik};
    const double q[] = {b->common_mu, b->common_se, b->common_loglik,
                        b->mu,        b->se,        b->tau,
                        b->tau2,      b->loglik,    b->se_tau,
                        b->LRT,       b->Q_wald,    b->saturated_loglik};

    assert_memory_equal(p, q, sizeof p);
    assert_int_equal(a->iterations, b->iterations);
    assert_int_equal(a->n_modes, b->n_modes);
    assert_memory_equal(a->modes, b->modes, a->n_modes * sizeof a->modes[0]);
}

static void the_order_of_rows_changes_no_bit(void **state)
{
    const reference *r = named("non_relapse_mortality");
    mtp_glmm_fit straight[2] = {fit(r->kind, r->k, r->x, r->m, 0),
                                fit(r->kind, r->k, r->x, r->m, 7)};

    (void)state;
    for (size_t step = 1; step < r->k; step++) {
        double x[REFERENCE_STUDIES], m[REFERENCE_STUDIES];
        mtp_glmm_fit f;

        for (size_t i = 0; i < r->k; i++) {
            size_t at = (i + 1) * step % (r->k + 1); /* 53 is prime: a permutation */

            x[i] = r->x[at - 1];
            m[i] = r->m[at - 1];
        }
        f = fit(r->kind, r->k, x, m, step % 2 == 0 ? 0 : 7);
        assert_same_bits(&f, &straight[step % 2]);
    }
}

/* Equal studies are computed once; a common factor on person-time moves mu alone. */
static void repeats_and_units(void **state)
{
    const reference *r = named("infections_arm_2");
    double x[27], m[27], scaled[9];
    mtp_glmm_fit once = fit(r->kind, 9, r->x, r->m, 0), thrice, other;

    (void)state;
    for (size_t i = 0; i < 27; i++) {
        x[i] = r->x[i % 9];
        m[i] = r->m[i % 9];
    }
    thrice = fit(r->kind, 27, x, m, 0);
    assert_close(thrice.mu, once.mu, 1e-14, 0.0);
    assert_close(thrice.tau2, once.tau2, 1e-14, 0.0);
    assert_close(thrice.loglik, 3.0 * once.loglik, 1e-14, 0.0);
    assert_close(thrice.se, once.se / sqrt(3.0), 1e-13, 0.0);
    for (size_t i = 0; i < 9; i++) {
        scaled[i] = 0x1p-10 * r->m[i];
    }
    other = fit(r->kind, 9, r->x, scaled, 0);
    assert_close(other.mu, once.mu + 10.0 * log(2.0), 1e-14, 0.0);
    assert_close(other.tau2, once.tau2, 1e-13, 0.0);
    assert_close(other.loglik, once.loglik, 1e-14, 0.0);
}

/* Events and non-events change places: mu changes its sign and nothing else moves. */
static void events_and_the_rest_mirror(void **state)
{
    (void)state;
    for (size_t i = 0; i < REFERENCES; i++) {
        const reference *r = &references[i];
        double y[REFERENCE_STUDIES];
        mtp_glmm_fit a, b;

        if (r->kind == MTP_GLMM_POISSON || strcmp(r->name, "large_and_close") == 0) {
            continue;
        }
        for (size_t j = 0; j < r->k; j++) {
            y[j] = r->m[j] - r->x[j];
        }
        a = fit(r->kind, r->k, r->x, r->m, 0);
        b = fit(r->kind, r->k, y, r->m, 0);
        assert_close(b.mu, -a.mu, 1e-13, 1e-15 * a.se);
        assert_close(b.tau, a.tau, tolerance(r, 1e-13), 0.0);
        assert_close(b.loglik, a.loglik, 1e-14, 0.0);
        assert_close(b.Q_wald, a.Q_wald, 1e-13, 0.0);
    }
}

static void two_maxima_are_both_reported(void **state)
{
    const reference *r = named("two_modes");

    (void)state;
    for (int nodes = 0; nodes <= 9; nodes++) {
        mtp_glmm_fit f = fit(r->kind, r->k, r->x, r->m, nodes);

        assert_true(f.exists && f.converged);
        assert_int_equal(f.n_modes, 2);
        assert_true(f.modes[0].tau2 == 0.0 && f.modes[0].estimate == f.common_mu);
        assert_true(f.modes[0].loglik == f.common_loglik);
        assert_true(f.modes[1].tau2 == f.tau2 && f.modes[1].loglik == f.loglik);
        assert_close(f.tau2, r->exact.tau2, 0.03, 0.0);
    }
}

/* Quadrature and root finding with mpmath at 30 digits; at the maximum, the fit's own
 * references. */
static void profiles_over_the_mean(void **state)
{
    static const double x[] = {3, 8, 0, 12}, m[] = {20, 25, 15, 30};
    static const double tau2[] = {0.5, 0.25};
    static const double mean[] = {-1.3349076840540387, -1.24073066740618231};
    static const double want[] = {-10.5100957564099518, -10.7466073832835584};
    mtp_arena *scratch = mtp_arena_new();
    double loglik[2], estimate[2];

    (void)state;
    assert_non_null(scratch);
    assert_int_equal(mtp_glmm_profile_one_group(MTP_GLMM_BINOMIAL, 4, x, m, 0, 2, tau2,
                                                loglik, estimate, scratch, NULL),
                     MTP_OK);
    for (size_t i = 0; i < 2; i++) {
        assert_close(loglik[i], want[i], 1e-13, 0.0);
        assert_close(estimate[i], mean[i], 1e-10, 0.0);
    }
    for (size_t i = 0; i < REFERENCES; i++) {
        const reference *r = &references[i];
        double at[] = {0.0, r->exact.tau2};

        assert_int_equal(mtp_glmm_profile_one_group(r->kind, r->k, r->x, r->m, 0, 2, at,
                                                    loglik, estimate, scratch, NULL),
                         MTP_OK);
        assert_close(loglik[0], r->common.loglik, TOL1, 0.0);
        assert_close(estimate[0], r->common.mu, TOL1, 0.0);
        assert_close(loglik[1], r->exact.loglik, tolerance(r, 1e-12), 0.0);
        assert_close(estimate[1], r->exact.mu, 1e-9, 1e-9 * r->exact.se);
    }
    mtp_arena_free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_agree_with_50_digits),
        cmocka_unit_test(fits_agree_with_metafor),
        cmocka_unit_test(many_nodes_approach_the_integral),
        cmocka_unit_test(the_order_of_rows_changes_no_bit),
        cmocka_unit_test(repeats_and_units),
        cmocka_unit_test(events_and_the_rest_mirror),
        cmocka_unit_test(two_maxima_are_both_reported),
        cmocka_unit_test(profiles_over_the_mean),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
