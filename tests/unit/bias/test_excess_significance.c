/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/excess_significance.h"

#include "bias/coins.h"
#include "core/arena.h"
#include "sets.h"
#include "support/test.h"

#include <stdlib.h>

/* Excess significance: what tests/oracle does not ask for. Sources: tes of
 * metafor 3.8-1 (R 4.2.2); mpmath at 40 digits for the power. */

static mtp_excess_options defaults(void)
{
    mtp_excess_options o;

    mtp_excess_options_init(&o, sizeof o);
    return o;
}

static mtp_excess_result *bcg(const mtp_excess_options *o)
{
    mtp_excess_result *r = NULL;

    assert_int_equal(mtp_excess_significance(BCG, bcg_yi, bcg_vi, o, &r, NULL), MTP_OK);
    return r;
}

static void test_tests_and_tails(void **state)
{
    static const struct {
        mtp_excess_test test;
        mtp_tails tails;
        double p;
    } rows[] = {
        {MTP_EXCESS_CHI2, MTP_TAILS_GREATER, 0.144552729083023},
        {MTP_EXCESS_CHI2, MTP_TAILS_LESS, 0.855447270916977},
        {MTP_EXCESS_CHI2, MTP_TAILS_TWO, 0.289105458166047},
        {MTP_EXCESS_BINOMIAL, MTP_TAILS_GREATER, 0.217063085745655},
        {MTP_EXCESS_BINOMIAL, MTP_TAILS_LESS, 0.909796838484484},
        {MTP_EXCESS_BINOMIAL, MTP_TAILS_TWO, 0.405972857249017},
        {MTP_EXCESS_EXACT, MTP_TAILS_GREATER, 0.134408585400307},
        {MTP_EXCESS_EXACT, MTP_TAILS_LESS, 0.9669480615427},
        {MTP_EXCESS_EXACT, MTP_TAILS_TWO, 0.23292549874884},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mtp_excess_options o = defaults();
        mtp_excess_result *r;

        o.test = rows[i].test;
        o.tails = rows[i].tails;
        r = bcg(&o);
        assert_close(r->p, rows[i].p, 2e-13, 0.0);
        assert_close(r->log_p, log(rows[i].p), 1e-11, 0.0);
        assert_int_equal(isnan(r->statistic), rows[i].test != MTP_EXCESS_CHI2);
        mtp_excess_free(r);
    }
}

static void test_one_sided_studies(void **state)
{
    mtp_excess_options o = defaults();
    mtp_excess_result *r;

    (void)state;
    o.studies = MTP_TAILS_LESS;
    r = bcg(&o);
    assert_int_equal(r->observed, 8);
    assert_close(r->expected, 7.0174570954664, 1e-13, 0.0);
    assert_close(r->p, 0.353353921050296, 1e-13, 0.0);
    assert_true(r->significant[0] == (bcg_yi[0] < -1.6448536 * sqrt(bcg_vi[0])));
    mtp_excess_free(r);

    o.studies = MTP_TAILS_GREATER;
    o.null_value = -0.3;
    o.alpha = 0.1;
    o.theta = -0.1;
    o.test = MTP_EXCESS_BINOMIAL;
    r = bcg(&o);
    assert_true(r->theta == -0.1 && r->observed == 1);
    assert_close(r->expected, 5.25393056964621, 1e-13, 0.0);
    assert_close(r->p, 0.998806576927157, 1e-13, 0.0);
    mtp_excess_free(r);
}

/* Power at both ends; the chance to be missed keeps its digits. */
static void test_power(void **state)
{
    static const double yi[] = {1.0}, vi[] = {0.01};
    mtp_excess_options o = defaults();
    mtp_excess_result *r = NULL;

    (void)state;
    o.theta = 0.0;
    assert_int_equal(mtp_excess_significance(1, yi, vi, &o, &r, NULL), MTP_OK);
    assert_close(r->power[0], 0.05, 1e-14, 0.0);
    assert_close(r->ratio, 20.0, 1e-14, 0.0);
    mtp_excess_free(r);

    o.theta = 1.0; /* Phi(z - 10), z the 97.5% point, is the chance to be missed */
    o.tails = MTP_TAILS_LESS;
    o.null_value = 0.0;
    assert_int_equal(
        mtp_excess_significance(1, (const double[]){0.0}, vi, &o, &r, NULL), MTP_OK);
    assert_close(r->p, 4.4906035465525873e-16, 1e-13, 0.0);
    mtp_excess_free(r);
}

/* 300 coins of 1 in 1000: all of them 10^-900; 2 or more by the binomial law. */
static void test_many_coins(void **state)
{
    enum { K = 300 };
    mtp_coin *coin = calloc(K, sizeof *coin);
    double *f = calloc(K + 1, sizeof *f);
    double *g = calloc(K + 1, sizeof *g);

    (void)state;
    assert_true(coin && f && g);
    for (size_t i = 0; i < K; i++) {
        coin[i].yes = (mtp_tail){0.001, log(0.001)};
        coin[i].no = (mtp_tail){0.999, log1p(-0.001)};
    }
    mtp_coins_probabilities(K, coin, K, f);
    assert_close(mtp_count_test(K, f, K, MTP_TAILS_GREATER).log_p, K * log(0.001),
                 1e-13, 0.0);
    mtp_coins_probabilities(K, coin, 2, f);
    assert_close(mtp_count_test(K, f, 2, MTP_TAILS_GREATER).p, 0.036858423652879675,
                 1e-13, 0.0);
    mtp_binomial_probabilities(K, 0.001, 0.999, g);
    assert_close(mtp_count_test(K, g, 2, MTP_TAILS_GREATER).p, 0.036858423652879675,
                 1e-13, 0.0);
    assert_true(mtp_count_test(K, g, 0, MTP_TAILS_GREATER).p == 1.0);
    mtp_binomial_probabilities(K, 0.0, 1.0, g);
    assert_true(mtp_count_test(K, g, 1, MTP_TAILS_GREATER).p == 0.0);
    free(coin);
    free(f);
    free(g);
}

static mtp_status fails(size_t k, const mtp_excess_options *o)
{
    mtp_excess_result *r = NULL;
    mtp_error err = {0};
    mtp_status status = mtp_excess_significance(k, bcg_yi, bcg_vi, o, &r, &err);

    assert_null(r);
    assert_true(strlen(err.message) > 0);
    return status;
}

static void test_refusals(void **state)
{
    mtp_excess_options good = defaults(), o = good;

    (void)state;
    assert_int_equal(fails(0, &good), MTP_E_DATA);
    o.alpha = 0.0;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.theta = (double)INFINITY;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.tails = (mtp_tails)5;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    o = good;
    o.tau2 = MTP_TAU2_GIVEN;
    o.tau2_value = (double)NAN;
    assert_int_equal(fails(BCG, &o), MTP_E_ARG);
    assert_int_equal(mtp_excess_test_from_id("chi2"), MTP_EXCESS_CHI2);
    assert_int_equal(mtp_tails_from_id("greater"), MTP_TAILS_GREATER);
    assert_non_null(mtp_tails_label(MTP_TAILS_LESS));
    assert_non_null(mtp_excess_test_label(MTP_EXCESS_EXACT));
}

static void test_without_memory(void **state)
{
    mtp_excess_result *r = NULL;
    size_t n = 0;

    (void)state;
    while (!r) {
        mtp_status status;

        mtp_arena_fail_after(++n);
        status = mtp_excess_significance(BCG, bcg_yi, bcg_vi, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_int_equal(status, r ? MTP_OK : MTP_E_NOMEM);
    }
    assert_true(n > 2);
    mtp_excess_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tests_and_tails),
                                       cmocka_unit_test(test_one_sided_studies),
                                       cmocka_unit_test(test_power),
                                       cmocka_unit_test(test_many_coins),
                                       cmocka_unit_test(test_refusals),
                                       cmocka_unit_test(test_without_memory)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
