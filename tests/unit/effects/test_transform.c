/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Back and forward transforms, Freeman-Tukey sizes, Wilson and Poisson intervals. */
#include "metapool/effects.h"

#include "support/test.h"

#define INF ((double)INFINITY)

/*
 * mpmath, 50 digits: closed forms, for PFT the double arcsine inverted by bisection
 * rather than Miller's formula. R 4.2.2, metafor 3.8-1, agrees to its digits:
 * transf.ipft(c(0.2, 0.25, 1, 1.4), c(20, 82.125, 20.7, 20)) = 0.0200719114317787,
 * 0.0560055956603424, 0.7178449738168741, 0.9896433493253700, and
 * transf.iirft(c(0.2, 0.5, 1), c(20, 3.3, 10)) = 0.01890625, 0.121441689623508,
 * 0.950625.
 */
/* clang-format off */
static const struct { mtp_measure measure; double y, ft_n, natural; } exact[] = {
    {MTP_GEN, -7.25, 0, -7.25},
    {MTP_PR, 0.125, 0, 0.125},
    {MTP_PLN, -1.0, 0, 0.36787944117144232160},
    {MTP_PLO, -3.25, 0, 0.037326887344129460198},
    {MTP_PLO, 0.5, 0, 0.62245933120185456464},
    {MTP_PLO, 40.0, 0, 0.99999999999999999575},
    {MTP_PLO, -700.0, 0, 9.8596765437597708567e-305},
    {MTP_PRZ, -1.75, 0, 0.040059156863817090419},
    {MTP_PRZ, 0.125, 0, 0.54973822483011289298},
    {MTP_PRZ, -20.0, 0, 2.7536241186062336951e-89},
    {MTP_PAS, 0.3, 0, 0.087332192545160845111},
    {MTP_PAS, 1.5, 0, 0.99499624830022272864},
    {MTP_PFT, 0.2, 20.0, 0.020071911431778730886},
    {MTP_PFT, 0.5, 3.5, 0.16499374503180978705},
    {MTP_PFT, 0.25, 82.125, 0.056005595660342377518},
    {MTP_PFT, 0.78539816339, 50.0, 0.49999999999240419985},
    {MTP_PFT, 0.7853981633974483, 50.0, 0.49999999999999996878},
    {MTP_PFT, 1.0, 20.7, 0.71784497381687402833},
    {MTP_PFT, 1.4, 20.0, 0.98964334932537006612},
    {MTP_PFT, 0.03, 1e6, 0.00089923100153060540423},
    {MTP_IR, 2.5, 0, 2.5},
    {MTP_IRLN, -20.0, 0, 2.0611536224385578280e-9},
    {MTP_IRS, 0.3, 0, 0.09},
    {MTP_IRFT, 0.2, 20.0, 0.018906250000000004007},
    {MTP_IRFT, 0.5, 3.3, 0.12144168962350779964},
    {MTP_IRFT, 1.0, 10.0, 0.950625},
};
/* clang-format on */

static void test_back_transform(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        bool clipped = false;
        double got =
            mtp_back_transform(exact[i].measure, exact[i].y, exact[i].ft_n, &clipped);

        assert_close(got, exact[i].natural, TOL1, 0.0);
        assert_false(clipped);
    }
}

/* Near its end the double arcsine is steep: digits of y limit those of p. */
static void test_double_transforms_near_their_ends(void **state)
{
    (void)state;
    /* mpmath, by bisection; the condition numbers are about 80 and 2300 */
    assert_close(mtp_back_transform(MTP_PFT, 0.1127, 20.0, NULL),
                 0.00002999671320535589959, TOL3, 0.0);
    assert_close(mtp_back_transform(MTP_PFT, 1.457, 20.0, NULL), 0.99994135403155719068,
                 TOL0, 0.0);
    assert_close(mtp_back_transform(MTP_IRFT, 0.1119, 20.0, NULL),
                 3.7294892589690530997e-8, TOL4, 0.0);
}

static void test_forward_inverts_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        mtp_measure measure = exact[i].measure;
        double y = exact[i].y;

        if (exact[i].natural > 0.999) {
            continue; /* 1 - p has no digits left */
        }
        assert_close(mtp_forward_transform(measure, exact[i].natural, exact[i].ft_n), y,
                     TOL2, 0.0);
    }
    /* mpmath: logits of the doubles 0.51 and 1e-9; 0.51 is 0.510000000000000009 */
    assert_close(mtp_forward_transform(MTP_PLO, 0.51, 0), 0.040005334613699196975, TOL0,
                 0.0);
    assert_close(mtp_forward_transform(MTP_PLO, 1e-9, 0), -20.723265835946411093, TOL0,
                 0.0);
}

/* A study's own double arcsine, from the definition at x = p n. */
static void test_forward_double_arcsine_of_counts(void **state)
{
    (void)state;
    /* x = 7, n = 269: mpmath */
    assert_close(mtp_forward_transform(MTP_PFT, 7.0 / 269.0, 269.0),
                 0.1673567276702823622, TOL1, 0.0);
    assert_close(mtp_forward_transform(MTP_PFT, 1.0, 1.0), 1.1780972450961724644, TOL0,
                 0.0);
    assert_close(mtp_forward_transform(MTP_IRFT, 19.0 / 398.0, 398.0),
                 0.2213298905804277725, TOL0, 0.0);
}

static void test_ends_and_infinities(void **state)
{
    static const mtp_measure share[] = {MTP_PR,  MTP_PLN, MTP_PLO,
                                        MTP_PRZ, MTP_PAS, MTP_PFT};
    static const mtp_measure rate[] = {MTP_IR, MTP_IRLN, MTP_IRS, MTP_IRFT};

    (void)state;
    for (size_t i = 0; i < sizeof share / sizeof share[0]; i++) {
        assert_true(mtp_back_transform(share[i], -INF, 30, NULL) == 0.0);
        assert_true(mtp_back_transform(share[i], INF, 30, NULL) == 1.0);
        assert_true(isnan(mtp_back_transform(share[i], (double)NAN, 30, NULL)));
        assert_true(isnan(mtp_forward_transform(share[i], -0.01, 30)));
        assert_true(isnan(mtp_forward_transform(share[i], 1.01, 30)));
        assert_true(mtp_back_transform(share[i],
                                       mtp_forward_transform(share[i], 0.0, 30), 30,
                                       NULL) == 0.0);
        assert_true(mtp_back_transform(share[i],
                                       mtp_forward_transform(share[i], 1.0, 30), 30,
                                       NULL) == 1.0);
    }
    for (size_t i = 0; i < sizeof rate / sizeof rate[0]; i++) {
        assert_true(mtp_back_transform(rate[i], -INF, 30, NULL) == 0.0);
        assert_true(isinf(mtp_back_transform(rate[i], INF, 30, NULL)));
        assert_true(isnan(mtp_forward_transform(rate[i], -0.01, 30)));
    }
}

static void test_values_out_of_range_are_clipped(void **state)
{
    static const struct {
        mtp_measure measure;
        double y, natural;
    } outside[] = {
        {MTP_PR, -0.01, 0}, {MTP_PR, 1.01, 1},  {MTP_PLN, 0.1, 1}, {MTP_PAS, -0.1, 0},
        {MTP_PAS, 1.58, 1}, {MTP_PFT, 0.1, 0},  {MTP_PFT, 1.5, 1}, {MTP_IR, -1, 0},
        {MTP_IRS, -0.1, 0}, {MTP_IRFT, 0.1, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        bool clipped = false;

        assert_true(mtp_back_transform(outside[i].measure, outside[i].y, 20,
                                       &clipped) == outside[i].natural);
        assert_true(clipped);
    }
}

static void test_freeman_tukey_sizes(void **state)
{
    static const double n[4] = {10, 25, 40, 7}, turned[4] = {7, 40, 10, 25};

    (void)state;
    /* mpmath: 4 / sum(1 / n), (prod n)^(1/4) */
    assert_close(mtp_ft_pooled_n(MTP_FT_HARMONIC, 4, n, 0), 12.993039443155452436, TOL0,
                 0.0);
    assert_close(mtp_ft_pooled_n(MTP_FT_GEOMETRIC, 4, n, 0), 16.265765616977857432,
                 TOL1, 0.0);
    assert_true(mtp_ft_pooled_n(MTP_FT_ARITHMETIC, 4, n, 0) == 20.5);
    assert_true(mtp_ft_pooled_n(MTP_FT_INVERSE_VARIANCE, 4, n, 0.125) == 2.0);
    for (mtp_ft_n kind = MTP_FT_HARMONIC; kind <= MTP_FT_ARITHMETIC; kind++) {
        assert_true(mtp_ft_pooled_n(kind, 4, n, 0) ==
                    mtp_ft_pooled_n(kind, 4, turned, 0));
    }
    /* R, metafor 3.8-1: transf.ipft.hm(0.25, targs = list(ni = c(10, 25, 40, 7))) */
    assert_close(mtp_back_transform(MTP_PFT, 0.25,
                                    mtp_ft_pooled_n(MTP_FT_HARMONIC, 4, n, 0), NULL),
                 0.0327169962481128, 1e-13, 0.0);
}

/* mpmath, 50 digits, from the two roots of (p - x / n)^2 = z^2 p (1 - p) / n. */
static void test_wilson(void **state)
{
    static const struct {
        double x, n, level, lower, upper;
    } expected[] = {
        {7, 269, 0.95, 0.012661197652272207128, 0.052730106505865906014},
        {0, 43, 0.95, 0.0, 0.08200980322579115306},
        {12, 12, 0.95, 0.75750599334475917632, 1.0},
        {1, 100000, 0.95, 1.7652477303783129021e-6, 0.000056647096590409646656},
        {99999, 100000, 0.95, 0.99994335290340959035, 0.99999823475226962169},
        {3, 10, 0.9, 0.12687658390319783603, 0.55830020413016500921},
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        double lower, upper;

        mtp_wilson_interval(expected[i].x, expected[i].n, expected[i].level, &lower,
                            &upper);
        assert_close(lower, expected[i].lower, TOL1, 0.0);
        assert_close(upper, expected[i].upper, TOL1, 0.0);
    }
}

/* mpmath, 50 digits: roots of the regularized incomplete gamma functions. */
static void test_poisson(void **state)
{
    static const struct {
        double x, time, lower, upper;
    } expected[] = {
        {0, 10, 0.0, 0.36888794541139354147},
        {5, 12.5, 0.12987891120947367416, 0.93346656634581345539},
        {88, 2.2e11, 3.2081169668680369048e-10, 4.9281118746570128032e-10},
        {4500, 1000, 4.3694713200612564069, 4.6334375637359441987},
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        double lower, upper;

        mtp_poisson_interval(expected[i].x, expected[i].time, 0.95, &lower, &upper);
        assert_close(lower, expected[i].lower, TOL2, 0.0);
        assert_close(upper, expected[i].upper, TOL2, 0.0);
    }
}

/* 1 - 0.999999999 in doubles is off 1e-9 by 8e-8 of it: the level that was written
 * counts. mpmath, 40 digits; Garwood's upper limit of no events is -log(alpha / 2) / t.
 */
static void test_levels_are_decimals(void **state)
{
    double level = 0.999999999, lower, upper;

    (void)state;
    mtp_wilson_interval(7, 269, level, &lower, &upper);
    assert_close(lower, 0.003627620948829709665192, TOL1, 0.0);
    assert_close(upper, 0.1639228922990653757827, TOL1, 0.0);
    mtp_poisson_interval(0, 10, level, &lower, &upper);
    assert_close(upper, 2.141641301750635646558, TOL1, 0.0);
}

/* By definition: values that are not transformed are on the scale that they are told
 * on, and what an exponential brings back is a logarithm. */
static void test_scales_say_what_the_effects_are(void **state)
{
    (void)state;
    for (int m = 0; m < MTP_MEASURE_COUNT; m++) {
        const mtp_measure_info *info = mtp_measure_get((mtp_measure)m);

        if (strcmp(info->inverse, "none") == 0 && m != MTP_GEN) {
            assert_string_equal(info->scale, info->natural);
        } else if (strcmp(info->inverse, "exponential") == 0) {
            assert_memory_equal(info->scale, "log ", 4);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_back_transform),
        cmocka_unit_test(test_double_transforms_near_their_ends),
        cmocka_unit_test(test_forward_inverts_back),
        cmocka_unit_test(test_forward_double_arcsine_of_counts),
        cmocka_unit_test(test_ends_and_infinities),
        cmocka_unit_test(test_values_out_of_range_are_clipped),
        cmocka_unit_test(test_freeman_tukey_sizes),
        cmocka_unit_test(test_wilson),
        cmocka_unit_test(test_poisson),
        cmocka_unit_test(test_levels_are_decimals),
        cmocka_unit_test(test_scales_say_what_the_effects_are),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
