/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/trim_fill.h"

#include "core/arena.h"
#include "sets.h"
#include "support/test.h"

/* Trim and fill: what tests/oracle does not ask for. Sources: metafor 3.8-1 (R 4.2.2)
 * for the sides and slopes; the same program's rma(), iterated to 1e-14, for filled
 * sets put together by hand. */

static mtp_effects effects_of(size_t k, const double yi[], const double vi[])
{
    return (mtp_effects){
        .measure = mtp_measure_get(MTP_GEN), .k = k, .yi = yi, .vi = vi};
}

static mtp_trim_fill_result *run(const mtp_effects *effects, mtp_tau2_method tau2,
                                 mtp_trim_fill_estimator estimator, mtp_side side)
{
    mtp_trim_fill_options options;
    mtp_trim_fill_result *r = NULL;
    mtp_pool_options pool;

    mtp_pool_options_init(&pool, sizeof pool);
    pool.tau2 = tau2;
    pool.ci = MTP_CI_WALD;
    mtp_trim_fill_options_init(&options, sizeof options);
    options.estimator = estimator;
    options.side = side;
    assert_int_equal(mtp_trim_fill(effects, &pool, &options, &r, NULL), MTP_OK);
    return r;
}

static void test_side_by_egger(void **state)
{
    mtp_effects bcg = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_effects smoking = effects_of(SMOKING, smoking_yi, smoking_vi);
    mtp_trim_fill_result *r = run(&bcg, MTP_TAU2_DL, MTP_TRIM_FILL_L0, MTP_SIDE_AUTO);

    (void)state;
    assert_int_equal(r->side, MTP_SIDE_RIGHT);
    assert_int_equal(r->k0, 1);
    assert_close(r->slope, -0.777952227424566, 1e-12, 0.0);
    mtp_trim_fill_free(r);
    r = run(&smoking, MTP_TAU2_DL, MTP_TRIM_FILL_L0, MTP_SIDE_AUTO);
    assert_int_equal(r->side, MTP_SIDE_LEFT);
    assert_int_equal(r->k0, 7);
    assert_close(r->slope, 0.866441365051791, 1e-12, 0.0);
    mtp_trim_fill_free(r);
}

static void test_filled_set(void **state)
{
    mtp_effects teachers = effects_of(TEACHERS, teachers_yi, teachers_vi);
    mtp_trim_fill_result *r =
        run(&teachers, MTP_TAU2_REML, MTP_TRIM_FILL_R0, MTP_SIDE_LEFT);
    const mtp_pooled *all = &r->pooled->overall;

    (void)state;
    assert_int_equal(r->k0, 2);
    assert_true(isnan(r->slope));
    assert_close(r->center, 0.0332148912375465, 1e-12, 0.0);
    assert_close(r->fill[0].yi, -1.11357021752491, 1e-12, 0.0); /* mirrors 1.18 */
    assert_close(r->fill[1].yi, -0.733570217524907, 1e-12, 0.0);
    assert_true(teachers_yi[r->fill[0].study] == 1.18);
    assert_true(r->fill[0].vi == teachers_vi[r->fill[0].study]);
    assert_int_equal(all->k, TEACHERS + 2);
    assert_close(all->heterogeneity.tau2, 0.0695312345497392, 1e-12, 0.0);
    assert_close(all->random.estimate, 0.0460476996889774, 1e-12, 0.0);
    assert_close(all->random.ci.se, 0.0727717645427726, 1e-12, 0.0);
    mtp_trim_fill_free(r);
}

/* The mirrored funnel has its missing studies on the other side. */
static void test_mirror(void **state)
{
    double yi[SMOKING];
    mtp_effects ours = effects_of(SMOKING, smoking_yi, smoking_vi);
    mtp_effects mirrored = effects_of(SMOKING, yi, smoking_vi);

    (void)state;
    for (size_t i = 0; i < SMOKING; i++) {
        yi[i] = -smoking_yi[i];
    }
    for (int e = 0; e < MTP_TRIM_FILL_COUNT; e++) {
        mtp_trim_fill_estimator estimator = (mtp_trim_fill_estimator)e;
        mtp_trim_fill_result *a = run(&ours, MTP_TAU2_DL, estimator, MTP_SIDE_AUTO);
        mtp_trim_fill_result *b = run(&mirrored, MTP_TAU2_DL, estimator, MTP_SIDE_AUTO);

        assert_true(a->k0 > 0 && a->k0 == b->k0 && a->side != b->side);
        assert_true(a->center == -b->center && a->slope == -b->slope);
        assert_true(a->fill[0].yi == -b->fill[0].yi);
        assert_true(a->pooled->overall.random.estimate ==
                    -b->pooled->overall.random.estimate);
        mtp_trim_fill_free(a);
        mtp_trim_fill_free(b);
    }
}

/* The order of the studies, six of them with equal effects, changes no digit. */
static void test_order(void **state)
{
    double yi[SMOKING], vi[SMOKING];
    mtp_effects ours = effects_of(SMOKING, smoking_yi, smoking_vi);
    mtp_effects turned = effects_of(SMOKING, yi, vi);
    mtp_trim_fill_result *a, *b;

    (void)state;
    for (size_t i = 0; i < SMOKING; i++) {
        yi[i] = smoking_yi[SMOKING - 1 - i];
        vi[i] = smoking_vi[SMOKING - 1 - i];
    }
    a = run(&ours, MTP_TAU2_EE, MTP_TRIM_FILL_Q0, MTP_SIDE_LEFT);
    b = run(&turned, MTP_TAU2_EE, MTP_TRIM_FILL_Q0, MTP_SIDE_LEFT);
    assert_true(a->k0 == b->k0 && a->k0_se == b->k0_se);
    for (size_t i = 0; i < a->k0; i++) {
        assert_int_equal(a->fill[i].study, SMOKING - 1 - b->fill[i].study);
    }
    assert_true(a->pooled->overall.random.estimate ==
                b->pooled->overall.random.estimate);
    mtp_trim_fill_free(a);
    mtp_trim_fill_free(b);
}

/* Symmetric effects of one variance: every rank is shared by both sides. */
static void test_symmetric(void **state)
{
    static const double yi[] = {-2.0, -1.0, 0.0, 1.0, 2.0};
    static const double vi[] = {1.0, 1.0, 1.0, 1.0, 1.0};
    mtp_effects effects = effects_of(5, yi, vi);

    (void)state;
    for (int e = 0; e < MTP_TRIM_FILL_COUNT; e++) {
        mtp_trim_fill_result *r = run(&effects, MTP_TAU2_EE, (mtp_trim_fill_estimator)e,
                                      e == 0 ? MTP_SIDE_LEFT : MTP_SIDE_RIGHT);

        assert_int_equal(r->k0, 0);
        assert_int_equal(r->iterations, 1);
        mtp_trim_fill_free(r);
    }
}

/* A Freeman-Tukey mean is transformed back at the sizes of all studies. */
static void test_freeman_tukey(void **state)
{
    static const double events[] = {1.0, 2.0, 4.0, 9.0, 15.0};
    static const double n[] = {200.0, 150.0, 90.0, 60.0, 30.0};
    mtp_raw raw = {.size = sizeof raw, .k = 5};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_trim_fill_result *r;

    (void)state;
    raw.column[MTP_ROLE_EVENTS] = events;
    raw.column[MTP_ROLE_N] = n;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_PFT;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    r = run(effects, MTP_TAU2_EE, MTP_TRIM_FILL_R0, MTP_SIDE_LEFT);
    assert_true(r->k0 > 0);
    assert_true(r->pooled->overall.random.back.estimate > 0.0);
    mtp_trim_fill_free(r);
    mtp_effects_free(effects);
}

static mtp_status fails(const mtp_effects *effects, mtp_method method,
                        mtp_trim_fill_estimator estimator, mtp_side side)
{
    mtp_trim_fill_options options;
    mtp_trim_fill_result *r = NULL;
    mtp_pool_options pool;
    mtp_error err = {0};
    mtp_status status;

    mtp_pool_options_init(&pool, sizeof pool);
    pool.method = method;
    pool.tau2 = MTP_TAU2_EE;
    pool.ci = MTP_CI_WALD;
    mtp_trim_fill_options_init(&options, sizeof options);
    options.estimator = estimator;
    options.side = side;
    status = mtp_trim_fill(effects, &pool, &options, &r, &err);
    assert_null(r);
    assert_true(strlen(err.message) > 0);
    return status;
}

static void test_refusals(void **state)
{
    static const double yi[] = {-2.5, 1.1, 1.3}, vi[] = {0.01, 0.01, 4.0};
    static const double same[] = {1.0, 1.0, 1.0};
    mtp_effects one = effects_of(1, yi, vi), two = effects_of(2, yi, vi);
    mtp_effects three = effects_of(3, yi, vi), equal = effects_of(3, yi, same);
    const mtp_method inverse = MTP_METHOD_INVERSE;

    (void)state;
    assert_int_equal(fails(&one, inverse, MTP_TRIM_FILL_L0, MTP_SIDE_LEFT),
                     MTP_E_DEGENERATE);
    assert_int_equal(fails(&two, inverse, MTP_TRIM_FILL_L0, MTP_SIDE_AUTO), MTP_E_DATA);
    assert_int_equal(fails(&equal, inverse, MTP_TRIM_FILL_L0, MTP_SIDE_AUTO),
                     MTP_E_DATA);
    assert_int_equal(fails(&three, inverse, MTP_TRIM_FILL_Q0, MTP_SIDE_LEFT),
                     MTP_E_DEGENERATE); /* 2 k^2 + 1/4 < 4 T after the first trimming */
    assert_int_equal(fails(&three, MTP_METHOD_MH, MTP_TRIM_FILL_L0, MTP_SIDE_LEFT),
                     MTP_E_UNSUPPORTED);
    assert_int_equal(fails(&three, inverse, (mtp_trim_fill_estimator)7, MTP_SIDE_LEFT),
                     MTP_E_ARG);
}

static void test_names(void **state)
{
    (void)state;
    assert_int_equal(mtp_trim_fill_from_id("r0"), MTP_TRIM_FILL_R0);
    assert_int_equal(mtp_trim_fill_from_id("S0"), -1);
    assert_int_equal(mtp_side_from_id(mtp_side_id(MTP_SIDE_RIGHT)), MTP_SIDE_RIGHT);
    assert_non_null(mtp_side_label(MTP_SIDE_AUTO));
    assert_non_null(mtp_trim_fill_label(MTP_TRIM_FILL_L0));
}

static void test_without_memory(void **state)
{
    mtp_effects bcg = effects_of(BCG, bcg_yi, bcg_vi);
    mtp_trim_fill_result *r = NULL;
    size_t n = 0;

    (void)state;
    while (!r) {
        mtp_status status;

        mtp_arena_fail_after(++n);
        status = mtp_trim_fill(&bcg, NULL, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_int_equal(status, r ? MTP_OK : MTP_E_NOMEM);
    }
    assert_true(n > 10);
    mtp_trim_fill_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_side_by_egger), cmocka_unit_test(test_filled_set),
        cmocka_unit_test(test_mirror),        cmocka_unit_test(test_order),
        cmocka_unit_test(test_symmetric),     cmocka_unit_test(test_freeman_tukey),
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_names),
        cmocka_unit_test(test_without_memory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
