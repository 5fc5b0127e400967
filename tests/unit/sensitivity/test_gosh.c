/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "studies.h"

enum { NINE = 9, SUBSETS = 511, MANY = 70, DRAWS = 5000 };

/* Fits as they come, with the first word of who is in them. */
typedef struct received {
    size_t n, limit;
    mtp_gosh_fit fit[DRAWS];
    uint64_t included[DRAWS][2];
    size_t words;
} received;

static mtp_status receive(void *context, size_t n, const mtp_gosh_fit fit[])
{
    received *r = (received *)context;

    for (size_t i = 0; i < n && r->n < DRAWS; i++, r->n++) {
        r->fit[r->n] = fit[i];
        memcpy(r->included[r->n], fit[i].included, r->words * sizeof(uint64_t));
    }
    return r->limit && r->n >= r->limit ? MTP_E_IO : MTP_OK;
}

static mtp_gosh_result *run(const mtp_effects *effects, mtp_gosh_options *options,
                            received *all)
{
    mtp_gosh_result *r = NULL;

    memset(all, 0, sizeof *all);
    all->words = (effects->k + 63) / 64;
    options->sink = receive;
    options->context = all;
    assert_int_equal(mtp_gosh(effects, options, &r, NULL), MTP_OK);
    return r;
}

static void assert_same_fit(const mtp_gosh_fit *a, const mtp_gosh_fit *b)
{
    assert_int_equal(a->k, b->k);
    assert_same(a->estimate, b->estimate);
    assert_same(a->se, b->se);
    assert_same(a->tau2, b->tau2);
    assert_same(a->Q, b->Q);
    assert_same(a->I2, b->I2);
    assert_same(a->H2, b->H2);
}

/* A subset against mtp_pool of its studies. */
static void assert_is_pool(const mtp_gosh_fit *fit, uint64_t included,
                           const mtp_pool_options *options)
{
    bool keep[NINE], common = options->tau2 == MTP_TAU2_EE;
    double yi[NINE], vi[NINE];
    const mtp_heterogeneity *h;
    mtp_pool_result *r = NULL;
    mtp_effects *some;
    size_t k;

    for (size_t i = 0; i < NINE; i++) {
        keep[i] = included >> i & 1u;
    }
    k = keep_some(NINE, bcg_yi, keep, yi);
    (void)keep_some(NINE, bcg_vi, keep, vi);
    some = effects_of(k, yi, vi);
    assert_int_equal(mtp_pool(some, NULL, options, &r, NULL), MTP_OK);
    h = &r->overall.heterogeneity;
    assert_int_equal(fit->k, k);
    assert_same(fit->estimate, r->overall.random.estimate);
    assert_same(fit->se, r->overall.random.ci.se);
    assert_same(fit->tau2, h->tau2);
    assert_same(fit->Q, h->Q);
    assert_same(fit->I2, common ? h->I2_Q : h->I2);
    assert_same(fit->H2, common && k > 1 ? h->Q / h->df : h->H2);
    mtp_pool_result_free(r);
    mtp_effects_free(some);
}

static void fits_are_those_of_pool(void **state)
{
    static received all;
    mtp_effects *effects = effects_of(NINE, bcg_yi, bcg_vi);
    mtp_gosh_options options;
    mtp_pool_options pool;

    (void)state;
    mtp_gosh_options_init(&options, sizeof options);
    mtp_pool_options_init(&pool, sizeof pool);
    pool.ci = MTP_CI_WALD;
    options.tau2_value = pool.tau2_value = 0.3;
    for (int m = 0; m < MTP_TAU2_COUNT; m++) {
        mtp_gosh_result *r;

        options.tau2 = pool.tau2 = (mtp_tau2_method)m;
        r = run(effects, &options, &all);
        assert_int_equal(r->n, SUBSETS);
        assert_int_equal(all.n, SUBSETS);
        assert_false(r->sample);
        for (uint64_t i = 0; i < SUBSETS; i++) {
            assert_true(all.included[i][0] == i + 1);
            assert_is_pool(&all.fit[i], i + 1, &pool);
        }
        mtp_gosh_free(r);
    }
    mtp_effects_free(effects);
}

/* The summary from the fits themselves. */
static void check_summary(const mtp_gosh_result *r, const received *all)
{
    for (size_t i = 0; i <= r->k; i++) {
        const mtp_gosh_mean *got = i < r->k ? &r->with[i] : &r->all;
        double n = 0.0, estimate = 0.0, tau2 = 0.0, I2 = 0.0, square = 0.0;

        for (size_t f = 0; f < all->n; f++) {
            bool in = i == r->k || (all->included[f][i / 64] >> (i % 64) & 1u);

            if (in && all->fit[f].k > 1) {
                n += 1.0;
                estimate += all->fit[f].estimate;
                square += all->fit[f].estimate * all->fit[f].estimate;
                tau2 += all->fit[f].tau2;
                I2 += all->fit[f].I2;
            }
        }
        assert_close((double)got->n, n, 0.0, 0.0);
        assert_close(got->estimate, estimate / n, 1e-12, 1e-14);
        assert_close(got->tau2, tau2 / n, 1e-12, 0.0);
        assert_close(got->I2, I2 / n, 1e-12, 0.0);
        assert_close(got->estimate_sd,
                     sqrt((square - estimate * estimate / n) / (n - 1.0)), 1e-9, 0.0);
        if (i < r->k) {
            const mtp_gosh_mean *rest = &r->without[i];
            double others = (double)(r->all.n - got->n);

            assert_close((double)rest->n, others, 0.0, 0.0);
            assert_close(rest->I2 * others + got->I2 * n, r->all.I2 * (double)r->all.n,
                         1e-12, 0.0);
        }
    }
}

static void summary_finds_the_outlier(void **state)
{
    static const double yi[] = {0.1, 0.2, 0.15, 0.12, 0.3, 2.0, 0.18, 0.25};
    static const double vi[] = {0.02, 0.03, 0.02, 0.04, 0.03, 0.02, 0.03, 0.02};
    static received all;
    mtp_effects *effects = effects_of(8, yi, vi);
    mtp_gosh_options options;
    mtp_gosh_result *r;

    (void)state;
    mtp_gosh_options_init(&options, sizeof options);
    r = run(effects, &options, &all);
    check_summary(r, &all);
    assert_int_equal(r->outlier, 5);
    assert_true(r->with[5].I2 > 50.0 && r->without[5].I2 < 5.0);
    mtp_gosh_free(r);
    mtp_effects_free(effects);
}

static mtp_effects *many_studies(void)
{
    double yi[MANY], vi[MANY];

    for (size_t i = 0; i < MANY; i++) {
        yi[i] = bcg_yi[i % BCG] + 0.01 * (double)i;
        vi[i] = bcg_vi[(i + i / BCG) % BCG];
    }
    return effects_of(MANY, yi, vi);
}

static void samples_are_drawn(void **state)
{
    static received first, second;
    mtp_effects *effects = many_studies();
    mtp_gosh_options options;
    mtp_gosh_result *r;
    double size = 0.0;

    (void)state;
    mtp_gosh_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_DL;
    options.subsets = DRAWS;
    r = run(effects, &options, &first);
    assert_true(r->sample && r->n == DRAWS);
    check_summary(r, &first);
    mtp_gosh_free(r);
    for (size_t i = 0; i < DRAWS; i++) {
        assert_true(first.fit[i].k > 0 && first.included[i][1] >> (MANY - 64) == 0);
        size += (double)first.fit[i].k / DRAWS;
    }
    /* 35 on average with a standard error of sqrt(70 / 4 / 5000) = 0.06 */
    assert_close(size, 35.0, 0.0, 0.3);
    options.seed++;
    r = run(effects, &options, &second);
    mtp_gosh_free(r);
    assert_memory_not_equal(first.included, second.included, sizeof first.included);
    mtp_effects_free(effects);
}

static void threads_change_no_bit(void **state)
{
    static received one, more;
    mtp_effects *some = effects_of(12, bcg_yi, bcg_vi), *many = many_studies();
    mtp_gosh_options options;

    (void)state;
    mtp_gosh_options_init(&options, sizeof options);
    options.subsets = 3000;
    for (int sample = 0; sample < 2; sample++) {
        mtp_gosh_result *want, *got;

        options.threads = 1;
        want = run(sample ? many : some, &options, &one);
        for (options.threads = 2; options.threads <= 4; options.threads += 2) {
            got = run(sample ? many : some, &options, &more);
            assert_int_equal(one.n, more.n);
            for (size_t i = 0; i < one.n; i++) {
                assert_same_fit(&one.fit[i], &more.fit[i]);
            }
            assert_memory_equal(one.included, more.included, sizeof one.included);
            for (size_t i = 0; i < want->k; i++) {
                assert_same(want->with[i].I2, got->with[i].I2);
                assert_same(want->without[i].estimate_sd, got->without[i].estimate_sd);
            }
            mtp_gosh_free(got);
        }
        mtp_gosh_free(want);
    }
    mtp_effects_free(some);
    mtp_effects_free(many);
}

static void the_receiver_can_stop(void **state)
{
    static received all;
    mtp_effects *effects = effects_of(5, bcg_yi, bcg_vi);
    mtp_gosh_options options;
    mtp_gosh_result *r = NULL;

    (void)state;
    mtp_gosh_options_init(&options, sizeof options);
    all = (received){.limit = 1, .words = 1};
    options.sink = receive;
    options.context = &all;
    assert_int_equal(mtp_gosh(effects, &options, &r, NULL), MTP_E_IO);
    assert_null(r);
    mtp_effects_free(effects);
}

static void one_study_has_one_subset(void **state)
{
    mtp_effects *effects = effects_of(1, bcg_yi, bcg_vi);
    mtp_gosh_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_gosh(effects, NULL, &r, NULL), MTP_OK);
    assert_int_equal(r->n, 1);
    assert_int_equal(r->all.n, 0);
    assert_true(isnan(r->all.I2) && isnan(r->with[0].estimate));
    mtp_gosh_free(r);
    mtp_effects_free(effects);
}

static void what_cannot_be_is_refused(void **state)
{
    mtp_effects *effects = effects_of(5, bcg_yi, bcg_vi);
    mtp_gosh_options options = {.tau2 = MTP_TAU2_DL};
    mtp_gosh_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_gosh(effects, &options, &r, NULL), MTP_E_ARG);
    mtp_gosh_options_init(&options, sizeof options);
    options.subsets = 0;
    assert_int_equal(mtp_gosh(effects, &options, &r, NULL), MTP_E_ARG);
    mtp_gosh_options_init(&options, sizeof options);
    options.tau2 = MTP_TAU2_GIVEN;
    options.tau2_value = (double)NAN;
    assert_int_equal(mtp_gosh(effects, &options, &r, NULL), MTP_E_ARG);
    assert_null(r);
    mtp_effects_free(effects);
}

static void memory_runs_out(void **state)
{
    mtp_effects *effects = effects_of(4, bcg_yi, bcg_vi);
    mtp_status status = MTP_E_NOMEM;
    size_t n = 1;

    (void)state;
    for (; status != MTP_OK; n++) {
        mtp_gosh_result *r = NULL;

        mtp_arena_fail_after(n);
        status = mtp_gosh(effects, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || status == MTP_E_NOMEM);
        assert_int_equal(r != NULL, status == MTP_OK);
        mtp_gosh_free(r);
    }
    assert_true(n > 5);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fits_are_those_of_pool),
        cmocka_unit_test(summary_finds_the_outlier),
        cmocka_unit_test(samples_are_drawn),
        cmocka_unit_test(threads_change_no_bit),
        cmocka_unit_test(the_receiver_can_stop),
        cmocka_unit_test(one_study_has_one_subset),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(memory_runs_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
