/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/beta_binomial.h"
#include "support/test.h"

/* The beta-binomial model against 45-digit arithmetic (mpmath: log-gamma, digamma and
 * trigamma functions, Newton's method; its gradient checked by differences). */

enum { STUDIES_MAX = 13 };

typedef struct reference {
    const char *name;
    size_t k;
    double x[STUDIES_MAX], n[STUDIES_MAX];
    double common, common_se, common_loglik;
    double logit, se, rho, se_rho, loglik;
} reference;

static const reference references[] = {
    /* seeds of Orobanche aegyptiaca 75 on bean: Crowder (1978), Appl Stat 27:34-37 */
    {"seeds",
     5,
     {10, 23, 23, 26, 17},
     {39, 62, 81, 51, 39},
     -0.55817174436318902008,
     0.12602125583336864036,
     -15.639398941944833211,
     -0.53791558762050291381,
     0.17667497860668222806,
     0.017323749996527312267,
     0.022451516985191752724,
     -14.943521162819819116},
    /* unvaccinated: Colditz et al (1994), JAMA 271:698-702 */
    {"bcg",
     13,
     {11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29},
     {139, 303, 220, 12867, 5808, 1451, 629, 88391, 7277, 1665, 27338, 2341, 17854},
     -4.6924591182746703335,
     0.025851897630565009922,
     -1335.0572801237877097,
     -3.0487060717872208789,
     0.36862192147461091887,
     0.074689255064464862721,
     0.032893417129549764573,
     -74.749459298842634349},
    {"sparse",
     8,
     {0, 0, 1, 0, 2, 0, 0, 5},
     {10, 12, 9, 30, 25, 8, 14, 20},
     -2.708050201102210066,
     0.3651483716701107423,
     -12.375471928303822591,
     -2.7900830277235032972,
     0.62010746431683674332,
     0.10935479804388305917,
     0.11114953859517553594,
     -10.088629323773159417},
    {"wide",
     5,
     {0, 1, 30, 29, 2},
     {30, 30, 30, 30, 30},
     -0.35020242943311491697,
     0.16580913310701820253,
     -88.829581773147521663,
     -0.13078990798793694017,
     0.69849956979763455647,
     0.7195443487903695566,
     0.12826664718340450427,
     -12.242124665114079786},
    {"huge",
     4,
     {500000, 510000, 492000, 505000},
     {1000000, 1000000, 1000000, 1000000},
     0.0070000285835434226716,
     0.001000006125056274012,
     -382.05339017322641672,
     0.0069995852094121504425,
     0.013294064370932304682,
     0.00017573016214945891096,
     0.00012493407433431659024,
     -40.883406729905606825},
    {"near the boundary",
     6,
     {5, 9, 16, 8, 12, 24},
     {50, 100, 120, 90, 100, 140},
     -1.9612361195335401067,
     0.12415576586660870782,
     -15.001846639537050422,
     -1.9638330297923274297,
     0.13019605725630461639,
     0.00046271455589140944783,
     0.0052161775749428462998,
     -14.997618612449974159},
};

static mtp_beta_binomial_fit fit(size_t k, const double x[], const double n[])
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_beta_binomial_fit f;

    assert_non_null(scratch);
    assert_int_equal(mtp_beta_binomial_fit_one_group(k, x, n, scratch, &f, NULL),
                     MTP_OK);
    mtp_arena_free(scratch);
    return f;
}

static void fits_agree_with_45_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof references / sizeof references[0]; i++) {
        const reference *r = &references[i];
        mtp_beta_binomial_fit f = fit(r->k, r->x, r->n);

        print_message("%s\n", r->name);
        assert_true(f.exists && f.converged);
        assert_close(f.common, r->common, 1e-14, 0.0);
        assert_close(f.common_se, r->common_se, 1e-14, 0.0);
        assert_close(f.common_loglik, r->common_loglik, 1e-14, 0.0);
        assert_close(f.logit, r->logit, 1e-13, 1e-14 * r->se);
        assert_close(f.se, r->se, 1e-13, 0.0);
        assert_close(f.rho, r->rho, 1e-13, 0.0);
        assert_close(f.se_rho, r->se_rho, 1e-13, 0.0);
        assert_close(f.loglik, r->loglik, 1e-14, 0.0);
    }
}

/* With two patients a study the model is a free trinomial, whose maximum is known:
 * where f0, f1, f2 of k studies have 0, 1, 2 events, mu = (f1 + 2 f2) / 2k and 1 - rho
 * = (f1 / k) / (2 mu (1 - mu)). */
static void pairs_have_a_closed_form(void **state)
{
    static const double x[] = {0, 0, 0, 0, 0, 1, 1, 1, 2, 2};
    static const double n[] = {2, 2, 2, 2, 2, 2, 2, 2, 2, 2};
    mtp_beta_binomial_fit f = fit(10, x, n);
    double mu = 7.0 / 20.0;

    (void)state;
    assert_close(f.logit, log(mu / (1.0 - mu)), 1e-13, 0.0);
    assert_close(f.rho, 1.0 - 0.3 / (2.0 * mu * (1.0 - mu)), 1e-13, 0.0);
    assert_close(f.loglik, 5.0 * log(0.5) + 3.0 * log(0.3) + 2.0 * log(0.2), 1e-14,
                 0.0);
}

static void no_more_than_binomial_is_rho_0(void **state)
{
    static const double x[] = {5, 10, 8}, n[] = {50, 100, 80};
    static const double x1[] = {0, 1, 1}, n1[] = {1, 1, 1};
    mtp_beta_binomial_fit f = fit(3, x, n);

    (void)state;
    assert_true(f.exists && f.converged && f.rho == 0.0 && isnan(f.se_rho));
    assert_close(f.logit, log(1.0 / 9.0), 1e-14, 0.0);
    assert_close(f.se, 1.0 / sqrt(230.0 * 0.09), 1e-14, 0.0);
    assert_true(f.loglik == f.common_loglik);
    f = fit(3, x1, n1); /* one patient a study says nothing of rho */
    assert_true(f.exists && isnan(f.rho) && isnan(f.se_rho));
    f = fit(1, x, n);
    assert_true(f.exists && isnan(f.rho));
}

static void all_or_nothing_is_rho_1(void **state)
{
    static const double x[] = {0, 3, 0, 5, 4}, n[] = {4, 3, 2, 5, 4};
    mtp_beta_binomial_fit f = fit(5, x, n);

    (void)state;
    assert_true(f.exists && f.rho == 1.0 && isnan(f.se_rho));
    assert_close(f.logit, log(1.5), 1e-14, 0.0);
    assert_close(f.se, sqrt(5.0 / 6.0), 1e-14, 0.0);
    assert_close(f.loglik, 3.0 * log(0.6) + 2.0 * log(0.4), 1e-14, 0.0);
}

static void no_events_have_no_estimate(void **state)
{
    static const double none[] = {0, 0}, n[] = {4, 3};
    mtp_beta_binomial_fit f = fit(2, none, n);

    (void)state;
    assert_true(!f.exists && isnan(f.logit) && isnan(f.rho) && isnan(f.common));
    f = fit(2, n, n);
    assert_true(!f.exists && isnan(f.logit));
}

static void exchange_and_order_change_nothing(void **state)
{
    const reference *r = &references[2];
    double x[STUDIES_MAX], n[STUDIES_MAX], y[STUDIES_MAX];
    mtp_beta_binomial_fit f = fit(r->k, r->x, r->n), g;

    (void)state;
    for (size_t i = 0; i < r->k; i++) {
        size_t from = (3 * i + 2) % r->k;

        x[i] = r->x[from];
        n[i] = r->n[from];
        y[i] = n[i] - x[i];
    }
    g = fit(r->k, x, n);
    assert_memory_equal(&f.logit, &g.logit, sizeof f.logit);
    assert_memory_equal(&f.rho, &g.rho, sizeof f.rho);
    g = fit(r->k, y, n);
    assert_close(g.logit, -f.logit, 1e-14, 0.0);
    assert_close(g.rho, f.rho, 1e-14, 0.0);
}

static void parts_of_a_patient_are_refused(void **state)
{
    static const double x[] = {1, 2.5}, n[] = {4, 3};
    mtp_arena *scratch = mtp_arena_new();
    mtp_beta_binomial_fit f;
    mtp_error err;

    (void)state;
    assert_non_null(scratch);
    assert_int_equal(mtp_beta_binomial_fit_one_group(2, x, n, scratch, &f, &err),
                     MTP_E_DATA);
    assert_int_equal(err.line, 2);
    mtp_arena_free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_agree_with_45_digits),
        cmocka_unit_test(pairs_have_a_closed_form),
        cmocka_unit_test(no_more_than_binomial_is_rho_0),
        cmocka_unit_test(all_or_nothing_is_rho_1),
        cmocka_unit_test(no_events_have_no_estimate),
        cmocka_unit_test(exchange_and_order_change_nothing),
        cmocka_unit_test(parts_of_a_patient_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
