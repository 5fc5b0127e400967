/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm.h"
#include "num/random.h"
#include "support/test.h"

/* Where maxima lie on the boundary, do not exist, or lie far out. */

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

static void assert_on_the_boundary(const mtp_glmm_fit *f)
{
    assert_true(f->exists && f->converged);
    assert_true(f->tau == 0.0 && f->tau2 == 0.0);
    assert_true(f->mu == f->common_mu && f->se == f->common_se);
    assert_true(f->loglik == f->common_loglik);
    assert_true(isnan(f->se_tau));
    assert_int_equal(f->n_modes, 1);
    assert_true(f->modes[0].tau2 == 0.0);
}

/* Sets of two studies whose score for tau2 at 0 is exactly nought: sum (x - n p)^2 =
 * sum n p q, sum (x - m r)^2 = sum x, found by trying all small ones. One event more or
 * less in a study decides. */
static void the_boundary_is_exact(void **state)
{
    static const struct {
        mtp_glmm_kind kind;
        double x[2], m[2];
    } on[] = {
        {MTP_GLMM_BINOMIAL, {1, 5}, {3, 6}}, {MTP_GLMM_BINOMIAL, {2, 1}, {3, 6}},
        {MTP_GLMM_BINOMIAL, {1, 3}, {4, 4}}, {MTP_GLMM_BINOMIAL, {3, 6}, {9, 9}},
        {MTP_GLMM_POISSON, {2, 6}, {1, 1}},  {MTP_GLMM_POISSON, {4, 4}, {1, 3}},
        {MTP_GLMM_POISSON, {4, 4}, {2, 6}},
    };
    static const double outside[2] = {1, 8}, nine[2] = {9, 9}, inside[2] = {3, 5};
    static const double far[2] = {1, 6}, near[2] = {3, 6}, one[2] = {1, 1};
    mtp_glmm_fit f;

    (void)state;
    for (int nodes = 0; nodes <= 7; nodes += 7) {
        for (size_t i = 0; i < sizeof on / sizeof on[0]; i++) {
            f = fit(on[i].kind, 2, on[i].x, on[i].m, nodes);
            assert_on_the_boundary(&f);
        }
        f = fit(MTP_GLMM_BINOMIAL, 2, inside, nine, nodes);
        assert_on_the_boundary(&f);
        f = fit(MTP_GLMM_BINOMIAL, 2, outside, nine, nodes);
        assert_true(f.tau2 > 0.0 && f.loglik > f.common_loglik && f.n_modes == 1);
        f = fit(MTP_GLMM_POISSON, 2, near, one, nodes);
        assert_on_the_boundary(&f);
        f = fit(MTP_GLMM_POISSON, 2, far, one, nodes);
        assert_true(f.tau2 > 0.0 && f.loglik > f.common_loglik && f.n_modes == 1);
    }
}

/* The score is nought, but the likelihood rises from there: no maximum at 0. Value by
 * glmm_reference.py's method. */
static void a_saddle_is_no_maximum(void **state)
{
    static const double x[] = {3, 5}, t[] = {1, 7};
    mtp_glmm_fit f = fit(MTP_GLMM_POISSON, 2, x, t, 0);

    (void)state;
    assert_int_equal(f.n_modes, 1);
    assert_close(f.tau2, 0.1609806348786601850630257, 1e-13, 0.0);
    assert_close(f.loglik, -4.825439302970925326986298, 1e-14, 0.0);
}

/* Five studies whose score is 7e-6 of what it consists of: tau2 = 9.8677836320895695e-7
 * in 50-digit arithmetic, of which a double computation can keep ten digits. */
static void just_inside(void **state)
{
    static const double x[] = {13, 10, 12, 8, 7}, n[] = {85, 75, 133, 107, 101};

    (void)state;
    for (int nodes = 0; nodes <= 7; nodes += 7) {
        mtp_glmm_fit f = fit(MTP_GLMM_BINOMIAL, 5, x, n, nodes);

        assert_true(f.exists && f.converged);
        assert_close(f.tau2, 9.867783632089569452428544e-7, 1e-9, 0.0);
        assert_close(f.se, 0.1490585220785831464288368, 1e-12, 0.0);
        assert_close(f.loglik, -12.703343231294530928433, 1e-14, 0.0);
    }
}

static void assert_nothing(const mtp_glmm_fit *f)
{
    assert_false(f->exists);
    assert_true(isnan(f->mu) && isnan(f->se) && isnan(f->tau) && isnan(f->tau2));
    assert_true(isnan(f->loglik) && isnan(f->se_tau));
    assert_int_equal(f->n_modes, 0);
}

static void no_finite_maximum(void **state)
{
    static const double none[6] = {0}, n[] = {25, 40, 13, 100, 7, 10};
    static const double some[] = {0, 40, 0, 100, 0, 10}, ones[] = {1, 1, 1, 1, 1, 1};
    static const double zero_or_one[] = {0, 1, 0, 1, 0, 0};
    mtp_glmm_fit f;

    (void)state;
    for (int nodes = 0; nodes <= 7; nodes += 7) {
        for (size_t k = 1; k <= 6; k++) {
            f = fit(MTP_GLMM_BINOMIAL, k, none, n, nodes);
            assert_nothing(&f);
            assert_true(isnan(f.common_mu) && isnan(f.LRT) && isnan(f.Q_wald));
            assert_int_equal(f.uninformative, k);
            f = fit(MTP_GLMM_BINOMIAL, k, n, n, nodes);
            assert_nothing(&f);
            f = fit(MTP_GLMM_POISSON, k, none, n, nodes);
            assert_nothing(&f);
        }
        /* each study has none or all: tau runs off, the common effect stays */
        f = fit(MTP_GLMM_BINOMIAL, 6, some, n, nodes);
        assert_nothing(&f);
        assert_close(f.common_mu, log(150.0 / 45.0), TOL0, 0.0);
        assert_close(f.common_se, sqrt(195.0 / 150.0 / 45.0), TOL0, 0.0);
        assert_true(f.saturated_loglik == 0.0 && f.Q_wald == 0.0);
        assert_close(f.LRT, -2.0 * f.common_loglik, TOL0, 0.0);
        /* but with one patient each tau does not matter */
        f = fit(MTP_GLMM_BINOMIAL, 6, zero_or_one, ones, nodes);
        assert_on_the_boundary(&f);
        assert_int_equal(f.uninformative, 6);
    }
}

static void one_study(void **state)
{
    static const double x = 7, n = 139, t = 25.5;

    (void)state;
    for (int nodes = 0; nodes <= 20; nodes++) {
        mtp_glmm_fit f = fit(MTP_GLMM_BINOMIAL, 1, &x, &n, nodes);

        assert_on_the_boundary(&f);
        assert_close(f.mu, log(7.0 / 132.0), TOL0, 0.0);
        assert_close(f.se, sqrt(139.0 / 7.0 / 132.0), TOL0, 0.0);
        /* log C(139, 7) (7/139)^7 (132/139)^132, mpmath */
        assert_close(f.loglik, -1.87798610498025469155834636938, TOL0, 0.0);
        assert_close(f.LRT, 0.0, 0.0, 1e-15);
        assert_close(f.Q_wald, 0.0, 0.0, 1e-15);
        f = fit(MTP_GLMM_POISSON, 1, &x, &t, nodes);
        assert_on_the_boundary(&f);
        assert_close(f.mu, log(7.0 / 25.5), TOL0, 0.0);
        assert_close(f.se, 1.0 / sqrt(7.0), TOL0, 0.0);
    }
}

/* Equal rates: every statistic of heterogeneity is exactly 0. */
static void equal_rates(void **state)
{
    static const double x[] = {5, 10, 15, 100}, n[] = {35, 70, 105, 700};

    (void)state;
    for (int kind = MTP_GLMM_BINOMIAL; kind <= MTP_GLMM_POISSON; kind++) {
        mtp_glmm_fit f = fit((mtp_glmm_kind)kind, 4, x, n, 0);

        assert_on_the_boundary(&f);
        assert_true(f.Q_wald == 0.0 && f.LRT >= 0.0 && f.LRT < 1e-30);
        assert_int_equal(f.uninformative, 0);
    }
}

static void check_sanity(const mtp_glmm_fit *f, size_t k)
{
    assert_true(f->LRT >= 0.0 && f->Q_wald >= 0.0);
    assert_true(f->common_loglik <= f->saturated_loglik * (1.0 - 1e-14));
    if (!f->exists) {
        return;
    }
    assert_true(isfinite(f->mu) && f->se > 0.0 && isfinite(f->se));
    assert_true(f->tau >= 0.0 && isfinite(f->tau));
    assert_true(f->loglik <= 0.0);
    assert_true(f->n_modes >= 1 && f->n_modes <= MTP_MODES_MAX);
    assert_true(f->uninformative <= k);
    for (size_t i = 1; i < f->n_modes; i++) {
        assert_true(f->modes[i - 1].tau2 < f->modes[i].tau2);
    }
}

/* Random tables, sparse ones among them: the converged integral always settles, at a
 * likelihood no lower than that of the common effect and above the saturated one
 * nowhere; any number of nodes gives an answer. */
static void any_table_has_an_answer(void **state)
{
    enum { TABLES = 300, STUDIES = 8 };
    mtp_random random = mtp_random_start(20241, 0);

    (void)state;
    for (int table = 0; table < TABLES; table++) {
        size_t k = 1 + mtp_random_below(&random, STUDIES);
        double x[STUDIES], m[STUDIES];
        double scale = pow(10.0, 0.5 + 3.0 * mtp_random_uniform(&random));
        mtp_glmm_kind kind = table % 3 == 0 ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL;

        for (size_t i = 0; i < k; i++) {
            double rate = pow(mtp_random_uniform(&random), 3.0);

            m[i] = ceil(scale * mtp_random_uniform(&random));
            x[i] = mtp_random_below(&random, 2) == 0 ? 0.0 : floor(rate * m[i]);
            x[i] = mtp_random_below(&random, 9) == 0 ? m[i] : x[i];
        }
        for (int nodes = 0; nodes <= 12; nodes += 3) {
            mtp_glmm_fit f = fit(kind, k, x, m, nodes);

            if (isnan(f.common_mu)) {
                assert_nothing(&f);
                continue;
            }
            check_sanity(&f, k);
            if (nodes == 0 && f.exists) {
                assert_true(f.converged);
                assert_true(f.loglik >= f.common_loglik);
                assert_true(f.loglik <= f.saturated_loglik * (1.0 - 1e-14));
            }
        }
    }
}

/* A thousand studies, of sizes up to 1e12, with rates spread over the whole range. */
static void large_tables(void **state)
{
    enum { STUDIES = 1000 };
    static double x[STUDIES], m[STUDIES];
    mtp_random random = mtp_random_start(7, 0);

    (void)state;
    for (int power = 3; power <= 12; power += 9) {
        mtp_glmm_fit f;

        for (size_t i = 0; i < STUDIES; i++) {
            double u = mtp_random_uniform(&random);
            /* log odds 2 logit(u): logistic, of scale 2 */
            double odds = u * u / ((1.0 - u) * (1.0 - u));

            m[i] = ceil(pow(10.0, power * mtp_random_uniform(&random)));
            x[i] = floor(m[i] * odds / (1.0 + odds) + 0.5);
        }
        f = fit(MTP_GLMM_BINOMIAL, STUDIES, x, m, 0);
        assert_true(f.exists && f.converged);
        check_sanity(&f, STUDIES);
        /* sd of the logistic law of scale 2: 2 pi / sqrt 3 = 3.63 */
        assert_true(f.tau > 3.0 && f.tau < 4.5 && fabs(f.mu) < 0.5);
    }
}

static void memory_that_runs_out(void **state)
{
    static const double x[] = {1, 9}, n[] = {20, 20};
    mtp_arena *scratch = mtp_arena_new();
    mtp_glmm_fit f = {.mu = 42.0};
    mtp_error err = {0};

    (void)state;
    mtp_arena_fail_after(1);
    assert_int_equal(
        mtp_glmm_fit_one_group(MTP_GLMM_BINOMIAL, 2, x, n, 0, scratch, &f, &err),
        MTP_E_NOMEM);
    mtp_arena_fail_after(0);
    assert_true(f.mu == 42.0);
    assert_int_equal(err.status, MTP_E_NOMEM);
    mtp_arena_free(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_boundary_is_exact),
        cmocka_unit_test(a_saddle_is_no_maximum),
        cmocka_unit_test(just_inside),
        cmocka_unit_test(no_finite_maximum),
        cmocka_unit_test(one_study),
        cmocka_unit_test(equal_rates),
        cmocka_unit_test(any_table_has_an_answer),
        cmocka_unit_test(large_tables),
        cmocka_unit_test(memory_that_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
