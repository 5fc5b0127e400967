/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/failsafe.h"

#include "bias/failsafe_general.h"
#include "core/arena.h"
#include "sets.h"
#include "support/test.h"

/* Fail-safe numbers: what tests/oracle does not ask for. Sources: fsn of metafor 3.8-1
 * (R 4.2.2); for the general method its formula written out in R, and rma() iterated to
 * 1e-14 on sets with the added studies, spread evenly. */

static mtp_failsafe_options options_of(mtp_failsafe_type type)
{
    mtp_failsafe_options o;

    mtp_failsafe_options_init(&o, sizeof o);
    o.type = type;
    return o;
}

static mtp_failsafe_result bcg(const mtp_failsafe_options *o)
{
    mtp_failsafe_result r;

    assert_int_equal(mtp_failsafe(BCG, bcg_yi, bcg_vi, o, &r, NULL), MTP_OK);
    return r;
}

static void test_alpha(void **state)
{
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_ROSENTHAL);

    (void)state;
    o.alpha = 0.001;
    assert_true(bcg(&o).n == 161.0);
    o.type = MTP_FAILSAFE_ROSENBERG;
    assert_true(bcg(&o).n == 123.0);
}

static void test_orwin(void **state)
{
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_ORWIN);
    mtp_failsafe_result r;

    (void)state;
    o.target = 0.1; /* of the other sign than the mean */
    r = bcg(&o);
    assert_true(r.n == 43.0 && r.target == -0.1);
    assert_true(isnan(r.p) && isnan(r.alpha) && isnan(r.with_n.p));
    o.weighted = false;
    r = bcg(&o);
    assert_true(r.n == 84.0);
    assert_close(r.estimate, -0.740650381210936, 1e-14, 0.0);
    assert_int_equal(mtp_failsafe(BCG, bcg_yi, NULL, &o, &r, NULL), MTP_OK);
    assert_true(r.n == 84.0);
    o.target = 0.05;
    assert_int_equal(mtp_failsafe(TEACHERS, teachers_yi, NULL, &o, &r, NULL), MTP_OK);
    assert_true(r.n == 44.0);
    o.target = 0.8; /* beyond the mean */
    assert_true(bcg(&o).n == 0.0);
}

/* 0.3 / 0.1 - 1 is 2 studies for each, not 2 and a last bit. */
static void test_whole(void **state)
{
    static const double yi[] = {0.3, 0.3, 0.3};
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_ORWIN);
    mtp_failsafe_result r;

    (void)state;
    o.weighted = false;
    o.target = 0.1;
    assert_int_equal(mtp_failsafe(3, yi, NULL, &o, &r, NULL), MTP_OK);
    assert_true(r.n == 6.0);
}

static void test_general_by_p(void **state)
{
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_GENERAL);
    mtp_failsafe_result r = bcg(&o);

    (void)state;
    assert_true(r.n == 25.0); /* with 24 p is 0.04834 */
    assert_close(r.with_n.tau2, 0.422793477402173, 1e-7, 0.0);
    assert_close(r.with_n.estimate, -0.217191922561412, 1e-7, 0.0);
    assert_close(r.with_n.p, 0.0513341077138113, 1e-6, 0.0);
    o.exact = true;
    r = bcg(&o);
    assert_true(r.n == 26.0); /* with 25 p is 0.04751 */
    assert_close(r.with_n.tau2, 0.400681890490088, 1e-7, 0.0);
    assert_close(r.with_n.p, 0.0503136205168298, 1e-6, 0.0);
    o.tau2 = MTP_TAU2_EE;
    assert_int_equal(mtp_failsafe(SMOKING, smoking_yi, smoking_vi, &o, &r, NULL),
                     MTP_OK);
    assert_true(r.n == 202.0);
    assert_close(r.with_n.p, 0.0500742901609006, 1e-12, 0.0);
    assert_true(r.with_n.tau2 == 0.0);
}

static void test_general_by_target(void **state)
{
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_GENERAL);
    mtp_failsafe_result r;

    (void)state;
    o.target = 0.05;
    assert_int_equal(mtp_failsafe(TEACHERS, teachers_yi, teachers_vi, &o, &r, NULL),
                     MTP_OK);
    assert_true(r.n == 12.0); /* with 11 the mean is 0.05076 */
    assert_close(r.with_n.estimate, 0.0490094009326941, 1e-9, 0.0);
    assert_close(r.with_n.tau2, 0.0199085868361282, 1e-9, 0.0);
    assert_true(isnan(r.alpha) && r.target == 0.05);
}

/* Every estimator takes added studies by their mean and spread alone: 7 studies. */
static void test_exact_fits(void **state)
{
    static const struct {
        mtp_tau2_method tau2;
        double want[3];
    } rows[] = {
        {MTP_TAU2_SJ, {0.45190080807878, -0.439698422051544, 0.162881692225135}},
        {MTP_TAU2_DL, {0.323739140312552, -0.427566797068826, 0.140839613703315}},
        {MTP_TAU2_HE, {0.439093222790113, -0.438728986196797, 0.160829230831087}},
        {MTP_TAU2_PM, {0.429746635037655, -0.437993753888908, 0.159313006069568}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mtp_failsafe_options o = options_of(MTP_FAILSAFE_GENERAL);
        mtp_drawer drawer = {.k = BCG,
                             .yi = bcg_yi,
                             .vi = bcg_vi,
                             .options = &o,
                             .arena = mtp_arena_new()};
        mtp_plain_mean mean;

        o.tau2 = rows[i].tau2;
        o.exact = true;
        assert_int_equal(mtp_drawer_open(&drawer, NULL), MTP_OK);
        assert_int_equal(mtp_drawer_with(&drawer, 7.0, &mean, NULL), MTP_OK);
        assert_close(mean.tau2, rows[i].want[0], 1e-10, 0.0);
        assert_close(mean.estimate, rows[i].want[1], 1e-10, 0.0);
        assert_close(mean.se, rows[i].want[2], 1e-10, 0.0);
        mtp_arena_free(drawer.arena);
    }
}

/* The unit of the effects changes no digit; with the sign the target turns. */
static void test_unit(void **state)
{
    double yi[BCG], vi[BCG];
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_GENERAL);
    mtp_failsafe_result a = bcg(&o), b;

    (void)state;
    for (size_t i = 0; i < BCG; i++) {
        yi[i] = -1024.0 * bcg_yi[i];
        vi[i] = 1024.0 * 1024.0 * bcg_vi[i];
    }
    for (int type = 0; type < MTP_FAILSAFE_COUNT; type++) {
        o.type = (mtp_failsafe_type)type;
        a = bcg(&o);
        assert_int_equal(mtp_failsafe(BCG, yi, vi, &o, &b, NULL), MTP_OK);
        assert_true(a.n == b.n);
        assert_true(isnan(a.p) || a.p == b.p);
        assert_true(isnan(a.estimate) || -1024.0 * a.estimate == b.estimate);
    }
}

static mtp_status fails(size_t k, const mtp_failsafe_options *o)
{
    mtp_failsafe_result r;
    mtp_error err = {0};
    mtp_status status = mtp_failsafe(k, bcg_yi, bcg_vi, o, &r, &err);

    assert_true(status == MTP_OK || strlen(err.message) > 0);
    return status;
}

static void test_refusals(void **state)
{
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_GENERAL);
    mtp_failsafe_options good = o;

    (void)state;
    assert_int_equal(fails(0, &good), MTP_E_DATA);
    o.alpha = 1.0;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.target = 0.0;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.type = (mtp_failsafe_type)9;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.tau2 = MTP_TAU2_GIVEN;
    o.tau2_value = -1.0;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.target = 1e-20; /* more than 2^53 studies */
    assert_int_equal(fails(BCG, &o), MTP_E_UNSUPPORTED);
    o.target = 1e-7;
    o.exact = true; /* more than 10^5 */
    assert_int_equal(fails(BCG, &o), MTP_E_UNSUPPORTED);
    assert_int_equal(mtp_failsafe_from_id("Orwin"), MTP_FAILSAFE_ORWIN);
    assert_non_null(mtp_failsafe_label(MTP_FAILSAFE_ORWIN));
}

static void test_without_memory(void **state)
{
    mtp_failsafe_options o = options_of(MTP_FAILSAFE_GENERAL);
    mtp_failsafe_result r;
    mtp_status status;
    size_t n = 0;

    (void)state;
    do {
        mtp_arena_fail_after(++n);
        status = mtp_failsafe(BCG, bcg_yi, bcg_vi, &o, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || status == MTP_E_NOMEM);
    } while (status != MTP_OK);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_alpha),
                                       cmocka_unit_test(test_orwin),
                                       cmocka_unit_test(test_whole),
                                       cmocka_unit_test(test_general_by_p),
                                       cmocka_unit_test(test_general_by_target),
                                       cmocka_unit_test(test_exact_fits),
                                       cmocka_unit_test(test_unit),
                                       cmocka_unit_test(test_refusals),
                                       cmocka_unit_test(test_without_memory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
