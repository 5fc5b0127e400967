/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prediction interval of Nagashima, Noma and Furukawa. */
#include "core/arena.h"
#include "models/tau2_draws.h"
#include "num/dist.h"
#include "num/random.h"
#include "tau2/estimate.h"
#include "unit/models/pooling.h"

static mtp_prediction predict_by(const mtp_pool_options *options, size_t k,
                                 const double yi[], const double vi[])
{
    mtp_pool_result *r = pool_generic(k, yi, vi, options);
    mtp_prediction p = r->overall.random.pi;

    assert_int_equal(p.method, MTP_PI_NNF);
    mtp_pool_result_free(r);
    return p;
}

static mtp_pool_options bootstrap(size_t draws, uint64_t seed)
{
    mtp_pool_options options = defaults();

    options.predict = MTP_PI_NNF;
    options.draws = draws;
    options.seed = seed;
    return options;
}

/* The 13 trials of cisapride of Hartung & Knapp (2001), doi:10.1002/sim.1009, log odds
 * ratios with 1/2 added to every cell. */
static void cisapride(double yi[13], double vi[13])
{
    static const int x1[] = {15, 12, 29, 42, 14, 44, 14, 29, 10, 17, 38, 19, 21};
    static const int n1[] = {16, 16, 34, 56, 22, 54, 17, 58, 14, 26, 44, 29, 38};
    static const int x2[] = {9, 1, 18, 31, 6, 17, 7, 23, 3, 6, 12, 22, 19};
    static const int n2[] = {16, 16, 34, 56, 22, 55, 15, 58, 15, 27, 45, 30, 38};

    for (int i = 0; i < 13; i++) {
        double a = x1[i] + 0.5, b = n1[i] - x1[i] + 0.5;
        double c = x2[i] + 0.5, d = n2[i] - x2[i] + 0.5;

        yi[i] = log(a * d / (b * c));
        vi[i] = 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d;
    }
}

/*
 * The limits to which the quantiles converge, and the density of the distribution at
 * them: R 4.2.2, eigenvalues of the quadratic form, Imhof's integral for the
 * distribution of tau2, and quadrature over tau2, z and t. Every run of N draws must be
 * within 4 sqrt(p (1 - p) / N) / density of them.
 */
static void quantiles_converge(void **state)
{
    static const double want[2][2] = {{-2.221067959743, 0.763370634933},
                                      {-0.621147933386, 3.527472851151}};
    static const double density[2][2] = {{0.0558057694905, 0.0569978573785},
                                         {0.0445091261859, 0.0425257124201}};
    static const size_t draws[] = {500, 5000, 50000};
    double yi[2][16], vi[2][16];

    (void)state;
    memcpy(yi[0], vectors[0].yi, sizeof yi[0]);
    memcpy(vi[0], vectors[0].vi, sizeof vi[0]);
    cisapride(yi[1], vi[1]);
    for (int data = 0; data < 2; data++) {
        for (int n = 0; n < 3; n++) {
            mtp_pool_options options = bootstrap(draws[n], 1);
            mtp_prediction p = predict_by(&options, 13, yi[data], vi[data]);
            double rank = sqrt(0.025 * 0.975 / (double)draws[n]);

            assert_close(p.lower, want[data][0], 0.0, 4.0 * rank / density[data][0]);
            assert_close(p.upper, want[data][1], 0.0, 4.0 * rank / density[data][1]);
            assert_true(isnan(p.se) && p.df == 12.0);
        }
    }
}

/* pimeta 1.1.4, its vignette: pima(y, se) of the same data, 25,000 draws, prints 4.141
 * [0.533, 33.692] for exp. Both are random: four standard errors of the difference. */
static void the_published_example(void **state)
{
    double yi[13], vi[13], rank = sqrt(0.025 * 0.975 * (1.0 / 25000.0 + 1.0 / 50000.0));
    mtp_pool_options options = bootstrap(50000, 2);
    mtp_prediction p;

    (void)state;
    cisapride(yi, vi);
    p = predict_by(&options, 13, yi, vi);
    assert_close(p.lower, log(0.533), 0.0, 4.0 * rank / 0.0445);
    assert_close(p.upper, log(33.692), 0.0, 4.0 * rank / 0.0425);
}

/* The interpolant of tau2 between its nodes, against the equation itself. */
static void draws_of_tau2(void **state)
{
    (void)state;
    for (int i = 0; i < N_VECTORS; i++) {
        const vector *x = &vectors[i];
        static const mtp_weighting cochran = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};
        mtp_study_point point[16];
        mtp_study_block block;
        mtp_tau2_draws draws;
        mtp_studies s;

        assert_int_equal(
            mtp_studies_prepare(x->k, x->yi, x->vi, 1, NULL, point, &block, &s, NULL),
            MTP_OK);
        mtp_tau2_draws_prepare(&s, &draws);
        for (double z = -4.0; z < 4.1; z += 0.37) {
            double t = mtp_generalized_root(&s, &cochran, z);

            assert_close(mtp_tau2_draws_at(&draws, z), t, 1e-7, 1e-7 * draws.shift);
            if (t > 0.0) { /* H(t) = P(Z <= z) */
                assert_close(mtp_generalized_tail(&s, &cochran, t, true).p,
                             mtp_normal_upper(-z).p, 1e-10, 0.0);
            }
        }
    }
}

/* Any number of threads, and a subgroup as by itself: the same bits. */
static void the_seed_alone_decides(void **state)
{
    static const size_t level[13] = {0, 0, 0, 0, 1, 1, 0, 0, 0, 2, 2, 2, 2};
    static const char *const name[3] = {"a", "b", "c"};
    static const mtp_grouping by = {3, level, name};
    const vector *x = &vectors[0];
    mtp_pool_options options = bootstrap(3000, 7);
    mtp_prediction one = predict_by(&options, 13, x->yi, x->vi), last, other;
    mtp_effects *effects = generic(13, x->yi, x->vi);
    mtp_pool_result *r;

    (void)state;
    last = predict_by(&options, 4, x->yi + 9, x->vi + 9);
    r = pool(effects, &by, &options);
    assert_same(r->overall.random.pi.lower, one.lower);
    assert_same(r->groups[2].random.pi.upper, last.upper);
    assert_non_null(note_text(r, MTP_NOTE_BOOTSTRAP));
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
    for (unsigned threads = 2; threads <= 5; threads += 3) {
        options.threads = threads;
        other = predict_by(&options, 13, x->yi, x->vi);
        assert_same(other.lower, one.lower);
        assert_same(other.upper, one.upper);
    }
    options.seed = 8;
    other = predict_by(&options, 13, x->yi, x->vi);
    assert_true(other.lower != one.lower);
}

/* Effects times 2^e: limits times 2^e exactly. No effect differs: no width. */
static void units_and_equal_effects(void **state)
{
    static const double same[4] = {0.3, 0.3, 0.3, 0.3}, vi[4] = {0.1, 0.2, 0.4, 0.3};
    const vector *x = &vectors[0];
    mtp_pool_options options = bootstrap(500, 3);
    mtp_prediction a = predict_by(&options, 13, x->yi, x->vi), b;
    double scaled[13], variance[13];

    (void)state;
    for (int i = 0; i < 13; i++) {
        scaled[i] = ldexp(x->yi[i], -9);
        variance[i] = ldexp(x->vi[i], -18);
    }
    b = predict_by(&options, 13, scaled, variance);
    assert_same(ldexp(a.lower, -9), b.lower);
    assert_same(ldexp(a.upper, -9), b.upper);
    b = predict_by(&options, 4, same, vi);
    assert_true(b.lower == 0.3 && b.upper == 0.3);
}

/* Each allocation fails once, and all after it; also those of a profile over tau2 that
 * subgroups share. */
static void memory_that_runs_out(void **state)
{
    static const double yi[4] = {0.1, 0.4, 0.3, 0.9}, vi[4] = {0.1, 0.2, 0.4, 0.3};
    static const double weights[4] = {3.0, 1.0, 2.0, 2.0};
    static const size_t level[4] = {0, 1, 0, 1};
    static const char *const name[2] = {"a", "b"};
    static const mtp_grouping by = {2, level, name};
    mtp_effects *effects = generic(4, yi, vi);

    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        mtp_pool_options options = bootstrap(100, 1);
        mtp_status status = MTP_E_NOMEM;
        size_t n = 0;

        if (kind > 0) {
            options.predict = MTP_PI_AUTO;
            options.tau2_scope = MTP_TAU2_COMMON;
            options.ci = kind == 1 ? MTP_CI_PL : MTP_CI_HKSJ;
            options.weights = kind == 2 ? weights : NULL;
        }
        while (status == MTP_E_NOMEM && n < 200) {
            mtp_pool_result *r = NULL;
            mtp_error err = {0};

            mtp_arena_fail_after(++n);
            status = mtp_pool(effects, kind ? &by : NULL, &options, &r, &err);
            mtp_arena_fail_after(0);
            assert_true(status == MTP_OK ? r != NULL : r == NULL);
            assert_int_equal(err.status, status);
            mtp_pool_result_free(r);
        }
        assert_int_equal(status, MTP_OK);
        assert_true(n > 5);
    }
    mtp_effects_free(effects);
}

static double normal_draw(mtp_random *random)
{
    return mtp_normal_upper_quantile(mtp_random_uniform(random));
}

/* Seven studies of a normal distribution of effects, 100 times: 95 % of the intervals
 * hold the effect of an eighth, within 4 standard errors of that share. */
static void coverage(void **state)
{
    enum { META_ANALYSES = 100, K = 7 };
    int held = 0;

    (void)state;
    for (uint64_t m = 0; m < META_ANALYSES; m++) {
        mtp_random random = mtp_random_start(20190612, m);
        mtp_pool_options options = bootstrap(500, m);
        double yi[K], vi[K], tau = 0.4, next = tau * normal_draw(&random);
        mtp_prediction p;

        for (int i = 0; i < K; i++) {
            vi[i] = 0.02 + 0.2 * mtp_random_uniform(&random);
            yi[i] = tau * normal_draw(&random) + sqrt(vi[i]) * normal_draw(&random);
        }
        p = predict_by(&options, K, yi, vi);
        held += p.lower <= next && next <= p.upper;
    }
    print_message("%d of %d intervals hold the next effect\n", held, META_ANALYSES);
    assert_in_range(held, 86, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_converge),
        cmocka_unit_test(the_published_example),
        cmocka_unit_test(draws_of_tau2),
        cmocka_unit_test(the_seed_alone_decides),
        cmocka_unit_test(units_and_equal_effects),
        cmocka_unit_test(memory_that_runs_out),
        cmocka_unit_test(coverage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
