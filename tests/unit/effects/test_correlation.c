/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Correlations, regressions and reliability by study against 50-digit arithmetic:
 * mpmath 1.2.1 from the formulas of the registry (hyp2f1 for unbiased correlations),
 * for exactly the doubles here, printed to 20 digits.
 */
#include "metapool/effects.h"

#include "effects/correlation.h"
#include "support/test.h"

/* clang-format off */
static const struct {
    double r, n, estimate, variance;
} unbiased[] = {
    {0.5, 4, 0.68644025030917508235, 0.16434739780446825116},
    {0.001, 4, 0.0052801571547718663723, 5.9077831590417161198},
    {-0.9, 4, -0.9480255176104174189, 0.0041128976983261442088},
    {0.5, 5, 0.60459978807807261686, 0.15634132758790508549},
    {0.000001, 5, 1.5707953267956819456e-6, 0.99999685841181380659},
    {-0.04, 12, -0.042567301554795233626, 0.12441388915446158973},
    {0.9999, 6, 0.9999249981249453193, 4.3751718787879796041e-9},
    {0.3, 7, 0.34326953682329575225, 0.21308118345784989114},
    {-0.71, 8, -0.74458303437955039576, 0.032617488240982326621},
    {0.7072, 9, 0.73639882232573393368, 0.029746078120427245288},
    {0.05, 49, 0.050557137704704400122, 0.022104153855479860769},
    {0.05, 50, 0.050544963642634187501, 0.021623787070772227625},
    {0.2, 51, 0.20204920277900362086, 0.019512881381608083846},
    {0.999999, 30, 0.99999903571423747228, 1.2627542741477160298e-13},
    {0.1, 1000, 0.100049710138209804, 0.00098398168970052213721},
    {-0.8, 100000, -0.80000144004046502867, 1.2960062202193705756e-6},
    {0.25, 10.5, 0.26812328763617475761, 0.12592638718714105159},
    {0, 6, 0.0, 0.5},
    {0, 1000, 0.0, 0.0010040160642570281124},
    {0.0000001, 20, 1.0317225140902047109e-7, 0.062499999999998501656},
};

/* Each row: the measure, its raw data in the order of its family, yi and vi. */
static const struct {
    mtp_measure measure;
    mtp_vtype vtype;
    double raw[3], yi, vi;
} exact[] = {
    {MTP_COR, MTP_VTYPE_LS, {0.68, 10}, 0.68, 0.032112639999999992063},
    {MTP_ZCOR, MTP_VTYPE_LS, {0.68, 10}, 0.8291140383017662797, 0.14285714285714285714},
    {MTP_COR, MTP_VTYPE_LS, {-1e-9, 20}, -1e-9, 0.052631578947368420947},
    {MTP_ZCOR, MTP_VTYPE_LS, {-1e-9, 20}, -1.0000000000000000626e-9, 0.058823529411764705882},
    {MTP_COR, MTP_VTYPE_LS, {0.999999, 4}, 0.999999, 1.3333320000770149904e-12},
    {MTP_ZCOR, MTP_VTYPE_LS, {0.999999, 4}, 7.2543286192476693673, 1.0},
    {MTP_PCOR, MTP_VTYPE_LS, {0.3, 4, 218}, 0.3, 0.0038877934272300470053},
    {MTP_ZPCOR, MTP_VTYPE_LS, {0.3, 4, 218}, 0.30951960420311170327, 0.0047169811320754716981},
    {MTP_PCOR, MTP_VTYPE_LS, {-0.55, 1, 10}, -0.55, 0.060813281249999991482},
    {MTP_ZPCOR, MTP_VTYPE_LS, {-0.55, 1, 10}, -0.61838131357446349524, 0.14285714285714285714},
    {MTP_PCOR, MTP_VTYPE_LS, {0.0001, 19, 382}, 0.0001, 0.0027624308839779008287},
    {MTP_ZPCOR, MTP_VTYPE_LS, {0.0001, 19, 382}, 0.00010000000033333334013, 0.0027700831024930747922},
    {MTP_SPCOR, MTP_VTYPE_LS, {0.27, 0.24, 218}, 0.27, 0.0032879705963302752349},
    {MTP_ZSPCOR, MTP_VTYPE_LS, {0.27, 0.24, 218}, 0.27686382265510009114, 0.0038253815853189422419},
    {MTP_SPCOR, MTP_VTYPE_LS, {-0.6, 0.5, 40}, -0.6, 0.0092600000000000004796},
    {MTP_ZSPCOR, MTP_VTYPE_LS, {-0.6, 0.5, 40}, -0.69314718055994527472, 0.022607421874999999288},
    {MTP_SPCOR, MTP_VTYPE_LS, {0.001, 0.9, 50}, 0.001, 0.0020000159999799995559},
    {MTP_ZSPCOR, MTP_VTYPE_LS, {0.001, 0.9, 50}, 0.0010000003333335333543, 0.0020000200000179995719},
    {MTP_R2, MTP_VTYPE_LS, {0.24, 4, 218}, 0.24, 0.0025435596330275229011},
    {MTP_R2, MTP_VTYPE_LS2, {0.24, 4, 218}, 0.24, 0.0023953087563316566655},
    {MTP_ZR2, MTP_VTYPE_LS, {0.24, 4, 218}, 0.53592604956105217056, 0.0045871559633027522936},
    {MTP_R2, MTP_VTYPE_LS, {0.5, 2, 10}, 0.5, 0.05},
    {MTP_R2, MTP_VTYPE_LS2, {0.5, 2, 10}, 0.5, 0.019036519036519036519},
    {MTP_ZR2, MTP_VTYPE_LS, {0.5, 2, 10}, 0.88137358701954302523, 0.1},
    {MTP_R2, MTP_VTYPE_LS, {1e-6, 1, 30}, 1e-6, 1.3333306666679999397e-7},
    {MTP_R2, MTP_VTYPE_LS2, {1e-6, 1, 30}, 1e-6, 1.0570646603981312091e-7},
    {MTP_ZR2, MTP_VTYPE_LS, {1e-6, 1, 30}, 0.0010000003333335333109, 0.033333333333333333333},
    {MTP_ARAW, MTP_VTYPE_LS, {0.93, 20, 103}, 0.93, 0.00010213652944241778345},
    {MTP_AHW, MTP_VTYPE_LS, {0.93, 20, 103}, 0.58787147001914441393, 0.0003912221939538020702},
    {MTP_ABT, MTP_VTYPE_LS, {0.93, 20, 103}, 2.6592600369327787608, 0.020844189682126107348},
    {MTP_ARAW, MTP_VTYPE_LS, {-0.2, 5, 50}, -0.2, 0.075000000000000001388},
    {MTP_AHW, MTP_VTYPE_LS, {-0.2, 5, 50}, -0.062658569182611069325, 0.0064600674872463338265},
    {MTP_ABT, MTP_VTYPE_LS, {-0.2, 5, 50}, -0.18232155679395463546, 0.052083333333333333333},
    {MTP_ARAW, MTP_VTYPE_LS, {1e-10, 2, 30}, 1e-10, 0.14285714282857142857},
    {MTP_AHW, MTP_VTYPE_LS, {1e-10, 2, 30}, 3.3333333334444445659e-11, 0.015563274249495386175},
    {MTP_ABT, MTP_VTYPE_LS, {1e-10, 2, 30}, 1.0000000000500000364e-10, 0.14285714285714285714},
};
/* clang-format on */

static void test_unbiased(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof unbiased / sizeof unbiased[0]; i++) {
        double r = unbiased[i].r, n = unbiased[i].n;

        assert_close(mtp_unbiased_correlation(r, n), unbiased[i].estimate, TOL1, 0.0);
        assert_close(mtp_unbiased_correlation_variance(r, n), unbiased[i].variance,
                     TOL1, 0.0);
        assert_close(mtp_unbiased_correlation(-r, n), -unbiased[i].estimate, TOL1, 0.0);
    }
    /* the limit F(1, 1; 2; 1) does not exist */
    assert_true(isinf(mtp_unbiased_correlation_variance(0.0, 4.0)));
}

static const mtp_role *roles_of(mtp_input_kind input)
{
    static const mtp_role r_n[] = {MTP_ROLE_R, MTP_ROLE_N, MTP_ROLE_N};
    static const mtp_role partial[] = {MTP_ROLE_R, MTP_ROLE_PREDICTORS, MTP_ROLE_N};
    static const mtp_role semipartial[] = {MTP_ROLE_R, MTP_ROLE_R2, MTP_ROLE_N};
    static const mtp_role r2[] = {MTP_ROLE_R2, MTP_ROLE_PREDICTORS, MTP_ROLE_N};
    static const mtp_role alpha[] = {MTP_ROLE_ALPHA, MTP_ROLE_ITEMS, MTP_ROLE_N};

    return input == MTP_INPUT_CORRELATION   ? r_n
           : input == MTP_INPUT_PARTIAL     ? partial
           : input == MTP_INPUT_SEMIPARTIAL ? semipartial
           : input == MTP_INPUT_R2          ? r2
                                            : alpha;
}

static mtp_status compute(mtp_measure measure, mtp_vtype vtype, const double raw[3],
                          mtp_effects **effects, mtp_error *err)
{
    const mtp_role *role = roles_of(mtp_measure_get(measure)->input);
    mtp_raw columns = {.size = sizeof columns, .k = 1};
    mtp_effects_options options;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    options.vtype = vtype;
    for (size_t r = 0; r < 3 && (r == 0 || role[r] != role[r - 1]); r++) {
        columns.column[role[r]] = &raw[r];
    }
    return mtp_effects_compute(&options, &columns, effects, err);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof exact / sizeof exact[0]; i++) {
        mtp_effects *effects = NULL;

        assert_int_equal(
            compute(exact[i].measure, exact[i].vtype, exact[i].raw, &effects, NULL),
            MTP_OK);
        assert_close(effects->yi[0], exact[i].yi, TOL0, 0.0);
        assert_close(effects->vi[0], exact[i].vi, TOL0, 0.0);
        assert_null(effects->origin[0]);
        mtp_effects_free(effects);
    }
}

/* sum n R2 / sum n = 0.2514... of two studies, mpmath */
static void test_average_of_r2(void **state)
{
    static const double r2[] = {0.24, 0.5}, m[] = {4, 2}, n[] = {218, 10};
    static const struct {
        mtp_vtype vtype;
        double vi[2];
    } want[] = {
        {MTP_VTYPE_AV, {0.0025850586855656709635, 0.056354279345331627005}},
        {MTP_VTYPE_AV2, {0.0024343890446934345443, 0.021455786230934341284}},
    };
    mtp_raw raw = {.size = sizeof raw, .k = 2};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    (void)state;
    raw.column[MTP_ROLE_R2] = r2;
    raw.column[MTP_ROLE_PREDICTORS] = m;
    raw.column[MTP_ROLE_N] = n;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_R2;
    for (size_t v = 0; v < 2; v++) {
        options.vtype = want[v].vtype;
        assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
        assert_close(effects->vi[0], want[v].vi[0], TOL1, 0.0);
        assert_close(effects->vi[1], want[v].vi[1], TOL1, 0.0);
        mtp_effects_free(effects);
    }
}

static void test_back_transforms(void **state)
{
    static const struct {
        mtp_measure measure;
        double y, natural;
    } pair[] = {
        /* mpmath */
        {MTP_ZCOR, 0.7, 0.60436777711716349631},
        {MTP_ZPCOR, 0.7, 0.60436777711716349631},
        {MTP_ZSPCOR, 0.7, 0.60436777711716349631},
        {MTP_ZR2, 0.7, 0.36526041001754141263},
        {MTP_AHW, 0.5, 0.875},
        {MTP_AHW, 1e-9, 2.9999999970000001878e-9},
        {MTP_AHW, -0.25, -0.953125},
        {MTP_ABT, 2.5, 0.91791500137610120483},
        {MTP_ABT, 1e-12, 9.9999999999949997989e-13},
        {MTP_COR, -0.25, -0.25},
        {MTP_ARAW, -3.0, -3.0},
    };
    bool clipped = false;

    (void)state;
    for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++) {
        mtp_measure m = pair[i].measure;

        assert_close(mtp_back_transform(m, pair[i].y, 1.0, &clipped), pair[i].natural,
                     TOL1, 0.0);
        assert_close(mtp_forward_transform(m, pair[i].natural, 1.0), pair[i].y, TOL1,
                     0.0);
        assert_false(clipped);
    }
    assert_close(mtp_back_transform(MTP_UCOR, 1.2, 1.0, &clipped), 1.0, 0.0, 0.0);
    assert_true(clipped);
    assert_close(mtp_back_transform(MTP_ZR2, -0.1, 1.0, &clipped), 0.0, 0.0, 0.0);
    assert_close(mtp_back_transform(MTP_AHW, 1.5, 1.0, &clipped), 1.0, 0.0, 0.0);
    assert_close(mtp_back_transform(MTP_ABT, -(double)INFINITY, 1.0, NULL),
                 -(double)INFINITY, 0.0, 0.0);
}

static void test_impossible(void **state)
{
    static const struct {
        mtp_measure measure;
        double raw[3];
        const char *column, *message;
    } bad[] = {
        {MTP_COR, {1.2, 20}, "r", "1.2 is not a correlation"},
        {MTP_ZCOR, {-1.0, 20}, "r", "-1 is a perfect correlation"},
        {MTP_ZCOR,
         {0.5, 3},
         "n",
         "a sample of 3 is too small; measure ZCOR needs at least 4"},
        {MTP_COR, {0.5, 2}, "n", "needs at least 3"},
        {MTP_UCOR, {0.5, 10.5}, "n", "10.5 is not a whole number"},
        {MTP_PCOR, {0.5, 4, 5}, "n", "measure PCOR needs at least 6"},
        {MTP_ZPCOR, {0.5, 4, 6}, "n", "measure ZPCOR needs at least 7"},
        {MTP_PCOR, {0.5, 0, 20}, "predictors", "0 is not above 0"},
        {MTP_PCOR, {0.5, 2.5, 20}, "predictors", "2.5 is not a whole number"},
        {MTP_SPCOR,
         {0.8, 0.5, 20},
         "r2",
         "0.5 is less than the squared semi-partial correlation, 0.64"},
        {MTP_SPCOR, {0.1, 1.5, 20}, "r2", "1.5 is not a coefficient of determination"},
        {MTP_R2, {0.0, 2, 20}, "r2", "0 has the large-sample variance 0"},
        {MTP_ZR2, {1.0, 2, 20}, "r2", "1 is a perfect fit"},
        {MTP_R2, {0.5, 4, 5}, "n", "needs at least 6"},
        {MTP_ARAW, {1.0, 5, 20}, "alpha", "1 is not below 1"},
        {MTP_ABT, {0.8, 1, 20}, "items", "1 is not a number of items"},
        {MTP_AHW, {0.8, 5, 2}, "n", "needs at least 3"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mtp_effects *effects = NULL;
        mtp_error err = {0};

        assert_int_equal(
            compute(bad[i].measure, MTP_VTYPE_LS, bad[i].raw, &effects, &err),
            MTP_E_DATA);
        assert_null(effects);
        assert_string_equal(err.column, bad[i].column);
        if (!strstr(err.message, bad[i].message)) {
            fail_msg("\"%s\" does not say \"%s\"", err.message, bad[i].message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unbiased),      cmocka_unit_test(test_rows),
        cmocka_unit_test(test_average_of_r2), cmocka_unit_test(test_back_transforms),
        cmocka_unit_test(test_impossible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
