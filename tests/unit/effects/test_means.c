/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of means: figures by hand, what must hold for any data, impossible data.
 * Digits are the matter of oracle.escalc (escalc_means.json). */
#include "metapool/effects.h"

#include "support/test.h"

#define LENGTH(array) (sizeof(array) / sizeof *(array))

/* One study of two groups, or of one group twice. */
typedef struct study {
    double mean1, sd1, n1, mean2, sd2, n2, r;
} study;

typedef struct effect {
    double yi, vi;
} effect;

static mtp_status try_study(mtp_measure measure, mtp_vtype vtype, bool correct,
                            const study *s, effect *e, mtp_error *err)
{
    bool change = mtp_measure_get(measure)->input == MTP_INPUT_CHANGE;
    bool alone = mtp_measure_get(measure)->input == MTP_INPUT_MEAN;
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_status status;

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    options.vtype = vtype;
    options.correct = correct;
    raw.column[alone ? MTP_ROLE_MEAN : MTP_ROLE_MEAN1] = &s->mean1;
    raw.column[alone ? MTP_ROLE_SD : MTP_ROLE_SD1] = &s->sd1;
    raw.column[alone || change ? MTP_ROLE_N : MTP_ROLE_N1] = &s->n1;
    if (!alone) {
        raw.column[MTP_ROLE_MEAN2] = &s->mean2;
        raw.column[MTP_ROLE_SD2] = &s->sd2;
    }
    if (change) {
        raw.column[MTP_ROLE_R] = &s->r;
    } else if (!alone) {
        raw.column[MTP_ROLE_N2] = &s->n2;
    }
    status = mtp_effects_compute(&options, &raw, &effects, err);
    if (status == MTP_OK) {
        *e = (effect){effects->yi[0], effects->vi[0]};
    }
    mtp_effects_free(effects);
    return status;
}

static effect of(mtp_measure measure, const study *s)
{
    effect e = {0.0, 0.0};
    mtp_error err = {0};

    if (try_study(measure, MTP_VTYPE_LS, true, s, &e, &err) != MTP_OK) {
        fail_msg("%s: %s", mtp_measure_get(measure)->code, err.message);
    }
    return e;
}

static void test_by_hand(void **state)
{
    static const study s = {10, 2, 4, 8, 3, 9, 0};
    /* s of the changes: 9 + 16 - 2 0.5 3 4 = 13 */
    static const study twice = {7, 3, 13, 5, 4, 0, 0.5};
    static const double pi = 3.14159265358979323846;
    /* pooled s = 1, d = 2, m = 2, J(2) = 1 / sqrt(pi) */
    static const study tiny = {3, 1, 2, 1, 1, 2, 0};
    effect e;

    (void)state;
    e = of(MTP_MD, &s);
    assert_close(e.yi, 2.0, 0.0, 0.0);
    assert_close(e.vi, 4.0 / 4.0 + 9.0 / 9.0, TOL0, 0.0);
    e = of(MTP_SMD, &tiny);
    assert_close(e.yi, 2.0 / sqrt(pi), TOL0, 0.0);
    assert_close(e.vi, 1.0 + 4.0 / pi / 8.0, TOL0, 0.0);
    e = of(MTP_VR, &s);
    assert_close(e.yi, log(2.0 / 3.0) + 1.0 / 6.0 - 1.0 / 16.0, TOL1, 0.0);
    assert_close(e.vi, 1.0 / 6.0 + 1.0 / 16.0, TOL0, 0.0);
    e = of(MTP_MC, &twice);
    assert_close(e.yi, 2.0, 0.0, 0.0);
    assert_close(e.vi, 1.0, TOL0, 0.0);
    e = of(MTP_VRC, &twice);
    assert_close(e.yi, log(0.75), TOL0, 0.0);
    assert_close(e.vi, 0.75 / 12.0, TOL0, 0.0);
    e = of(MTP_MN, &s);
    assert_close(e.vi, 1.0, 0.0, 0.0);
    e = of(MTP_SDLN, &s);
    assert_close(e.yi, log(2.0) + 1.0 / 6.0, TOL0, 0.0);
}

/*
 * A biserial correlation beyond 1 keeps its value and has the variance of 1: of groups
 * alike, p q / f^2 = pi / 2 and that is (pi / 2 - 2.5 + 1) / (N - 1). metafor 3.8-1
 * gives the same.
 */
static void test_biserial_beyond_1(void **state)
{
    static const study s = {3, 1, 20, 0, 1, 20, 0}, larger = {4, 1, 20, 0, 1, 20, 0};
    static const double pi = 3.14159265358979323846;
    effect e = of(MTP_RBIS, &s);

    (void)state;
    /* d = 3, h = 38 / 10 */
    assert_close(e.yi, 3.0 / sqrt(12.8) * sqrt(pi / 2.0), TOL0, 0.0);
    assert_close(e.vi, (pi / 2.0 - 1.5) / 39.0, TOL1, 0.0);
    assert_close(of(MTP_RBIS, &larger).vi, e.vi, 0.0, 0.0);
}

/* Without the correction the formulas are those of the textbook. */
static void test_uncorrected(void **state)
{
    static const study s = {3, 1, 2, 1, 1, 2, 0};
    effect e;

    (void)state;
    assert_int_equal(try_study(MTP_SMD, MTP_VTYPE_LS, false, &s, &e, NULL), MTP_OK);
    assert_close(e.yi, 2.0, TOL0, 0.0);
    assert_close(e.vi, 1.5, TOL0, 0.0);
    assert_int_equal(try_study(MTP_ROM, MTP_VTYPE_LS, false, &s, &e, NULL), MTP_OK);
    assert_close(e.yi, log(3.0), TOL0, 0.0);
    /* Glass' Delta with n2 = 2 has no correction, but a value */
    assert_int_equal(try_study(MTP_SMD1, MTP_VTYPE_LS, false, &s, &e, NULL), MTP_OK);
    assert_close(e.yi, 2.0, TOL0, 0.0);
}

/* Numbers of a fixed sequence (Park & Miller 1988) between low and high. */
static double next(uint64_t *seed, double low, double high)
{
    *seed = *seed * 48271 % 2147483647;
    return low + (high - low) * ((double)*seed / 2147483647.0);
}

static study any_study(uint64_t *seed)
{
    return (study){next(seed, 26, 34),   next(seed, 5, 9), floor(next(seed, 4, 300)),
                   next(seed, 26, 34),   next(seed, 5, 9), floor(next(seed, 4, 300)),
                   next(seed, -0.9, 0.9)};
}

static study scaled(study s, double by)
{
    s.mean1 *= by;
    s.mean2 *= by;
    s.sd1 *= by;
    s.sd2 *= by;
    return s;
}

static study swapped(study s, bool change)
{
    return (study){s.mean2, s.sd2, change ? s.n1 : s.n2, s.mean1, s.sd1, s.n1, s.r};
}

static const mtp_measure pure[] = {
    MTP_SMD,    MTP_SMDH, MTP_SMD1, MTP_SMD1H, MTP_ROM,  MTP_CVR,  MTP_VR,    MTP_RPB,
    MTP_ZPB,    MTP_RBIS, MTP_D2OR, MTP_D2ORN, MTP_SMCC, MTP_SMCR, MTP_SMCRH, MTP_SMCRP,
    MTP_SMCRPH, MTP_ROMC, MTP_CVRC, MTP_VRC,   MTP_MNLN, MTP_SMN,  MTP_CVLN,  MTP_SDLN};

/* In other units: pure numbers stay, logarithms of a mean or SD shift, means scale. */
static void test_units(void **state)
{
    uint64_t seed = 20240618;

    (void)state;
    for (int round = 0; round < 200; round++) {
        study s = any_study(&seed), t = scaled(s, 1024.0);

        for (size_t m = 0; m < LENGTH(pure); m++) {
            effect a = of(pure[m], &s), b = of(pure[m], &t);
            bool shifts = pure[m] == MTP_MNLN || pure[m] == MTP_SDLN;

            assert_close(b.yi, a.yi + (shifts ? log(1024.0) : 0.0), shifts ? TOL1 : 0.0,
                         0.0);
            assert_close(b.vi, a.vi, 0.0, 0.0);
        }
        assert_close(of(MTP_MD, &t).yi, 1024.0 * of(MTP_MD, &s).yi, 0.0, 0.0);
        assert_close(of(MTP_MD, &t).vi, 1048576.0 * of(MTP_MD, &s).vi, 0.0, 0.0);
        assert_close(of(MTP_MC, &t).yi, 1024.0 * of(MTP_MC, &s).yi, 0.0, 0.0);
        assert_close(of(MTP_MC, &t).vi, 1048576.0 * of(MTP_MC, &s).vi, TOL0, 0.0);
    }
}

/* Group 2 as group 1: the sign turns, the variance stays. */
static void test_swapped(void **state)
{
    static const mtp_measure odd[] = {
        MTP_MD,   MTP_SMD,   MTP_SMDH,   MTP_ROM,   MTP_CVR,   MTP_VR,
        MTP_RPB,  MTP_ZPB,   MTP_RBIS,   MTP_D2ORL, MTP_D2ORN, MTP_MC,
        MTP_SMCC, MTP_SMCRP, MTP_SMCRPH, MTP_ROMC,  MTP_CVRC,  MTP_VRC};
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 200; round++) {
        study s = any_study(&seed);

        for (size_t m = 0; m < LENGTH(odd); m++) {
            bool change = mtp_measure_get(odd[m])->input == MTP_INPUT_CHANGE;
            study t = swapped(s, change);
            effect a = of(odd[m], &s), b = of(odd[m], &t);

            assert_close(b.yi, -a.yi, TOL1, 0.0);
            assert_close(b.vi, a.vi, TOL2, 0.0);
        }
    }
}

/* A shift of the origin leaves differences alone. */
static void test_shift(void **state)
{
    static const study s = {10, 2, 40, 8, 3, 25, 0.5},
                       t = {1034, 2, 40, 1032, 3, 25, 0.5};
    static const mtp_measure free[] = {MTP_MD, MTP_SMD,  MTP_SMDH, MTP_SMD1, MTP_RPB,
                                       MTP_MC, MTP_SMCC, MTP_SMCR, MTP_SMCRP};

    (void)state;
    for (size_t m = 0; m < LENGTH(free); m++) {
        assert_close(of(free[m], &t).yi, of(free[m], &s).yi, 0.0, 0.0);
        assert_close(of(free[m], &t).vi, of(free[m], &s).vi, 0.0, 0.0);
    }
}

static void test_transforms(void **state)
{
    static const mtp_measure ratios[] = {MTP_MNLN, MTP_CVLN, MTP_SDLN,  MTP_ROM,
                                         MTP_CVR,  MTP_VR,   MTP_ROMC,  MTP_CVRC,
                                         MTP_VRC,  MTP_D2OR, MTP_D2ORN, MTP_D2ORL};
    static const mtp_measure same[] = {MTP_MN,   MTP_SMN,  MTP_MD,    MTP_SMD,
                                       MTP_SMDH, MTP_MC,   MTP_SMD1H, MTP_SMCC,
                                       MTP_SMCR, MTP_SMCRP};
    bool clipped = false;

    (void)state;
    for (size_t m = 0; m < LENGTH(ratios); m++) {
        assert_close(mtp_back_transform(ratios[m], 0.5, 0, NULL), exp(0.5), 0.0, 0.0);
        assert_close(mtp_forward_transform(ratios[m], 2.0, 0), log(2.0), 0.0, 0.0);
        assert_true(isnan(mtp_forward_transform(ratios[m], -1.0, 0)));
    }
    for (size_t m = 0; m < LENGTH(same); m++) {
        assert_close(mtp_back_transform(same[m], -1.5, 0, &clipped), -1.5, 0.0, 0.0);
        assert_close(mtp_forward_transform(same[m], -1.5, 0), -1.5, 0.0, 0.0);
    }
    assert_false(clipped);
    assert_close(mtp_back_transform(MTP_ZPB, 0.5, 0, NULL), tanh(0.5), 0.0, 0.0);
    assert_close(mtp_forward_transform(MTP_ZBIS, 0.5, 0), atanh(0.5), TOL0, 0.0);
    assert_close(mtp_back_transform(MTP_RPB, 1.25, 0, &clipped), 1.0, 0.0, 0.0);
    assert_true(clipped);
}

/* The changes' own standard deviation, where a study has it, else from both and r. */
static void test_sd_of_changes(void **state)
{
    static const double mean1[3] = {7, 7, 7}, mean2[3] = {5, 5, 5};
    static const double sd1[3] = {3, (double)NAN, 3}, sd2[3] = {4, (double)NAN, 4},
                        r[3] = {0.5, (double)NAN, 0};
    static const double sd_change[3] = {(double)NAN, 6, (double)NAN},
                        n[3] = {13, 9, 25};
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    mtp_effects_options options;
    mtp_effects *effects = NULL;

    (void)state;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_MC;
    raw.column[MTP_ROLE_MEAN1] = mean1;
    raw.column[MTP_ROLE_MEAN2] = mean2;
    raw.column[MTP_ROLE_SD1] = sd1;
    raw.column[MTP_ROLE_SD2] = sd2;
    raw.column[MTP_ROLE_R] = r;
    raw.column[MTP_ROLE_SD_CHANGE] = sd_change;
    raw.column[MTP_ROLE_N] = n;
    assert_int_equal(mtp_effects_compute(&options, &raw, &effects, NULL), MTP_OK);
    assert_close(effects->vi[0], 1.0, TOL0, 0.0); /* 13 / 13 */
    assert_close(effects->vi[1], 4.0, TOL0, 0.0); /* 36 / 9 */
    assert_close(effects->vi[2], 1.0, TOL0, 0.0); /* 25 / 25 */
    mtp_effects_free(effects);
}

/* A study that prints its effect alone takes no part in averages over raw data. */
static void test_mixed(void **state)
{
    static const double mean1[3] = {10, 12, (double)NAN}, mean2[3] = {8, 11, 9};
    static const double sd[3] = {2, 2, 2}, n[3] = {40, 40, 1000000};
    static const double yi[3] = {(double)NAN, (double)NAN, 0.25};
    static const double vi[3] = {(double)NAN, (double)NAN, 0.0625};
    mtp_raw raw = {.size = sizeof raw, .k = 3};
    mtp_effects_options options;
    mtp_effects *all = NULL, *two = NULL;

    (void)state;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_SMD;
    options.vtype = MTP_VTYPE_AV;
    raw.column[MTP_ROLE_MEAN1] = mean1;
    raw.column[MTP_ROLE_MEAN2] = mean2;
    raw.column[MTP_ROLE_SD1] = raw.column[MTP_ROLE_SD2] = sd;
    raw.column[MTP_ROLE_N1] = raw.column[MTP_ROLE_N2] = n;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    assert_int_equal(mtp_effects_compute(&options, &raw, &all, NULL), MTP_OK);
    raw.k = 2;
    assert_int_equal(mtp_effects_compute(&options, &raw, &two, NULL), MTP_OK);
    assert_close(all->yi[2], 0.25, 0.0, 0.0);
    assert_close(all->vi[2], 0.0625, 0.0, 0.0);
    for (size_t i = 0; i < 2; i++) {
        assert_close(all->yi[i], two->yi[i], 0.0, 0.0);
        assert_close(all->vi[i], two->vi[i], 0.0, 0.0);
    }
    mtp_effects_free(all);
    mtp_effects_free(two);
}

/* clang-format off */
static const struct {
    mtp_measure measure;
    mtp_vtype vtype;
    study s;
    const char *column, *words;
} problems[] = {
    {MTP_MD, MTP_VTYPE_LS, {1, 0, 5, 2, 1, 5, 0}, "sd1", "0 is not above 0; values without spread"},
    {MTP_MD, MTP_VTYPE_LS, {1, 1, 5, 2, -2, 5, 0}, "sd2", "-2 is not above 0"},
    {MTP_MD, MTP_VTYPE_LS, {1, 1, 1, 2, 1, 5, 0}, "n1", "1 is below 2; a standard deviation"},
    {MTP_MD, MTP_VTYPE_LS, {(double)INFINITY, 1, 5, 2, 1, 5, 0}, "mean1", "not a finite"},
    {MTP_MD, MTP_VTYPE_LS, {1, 1, 5, -(double)INFINITY, 1, 5, 0}, "mean2", "not a finite"},
    {MTP_SMD, MTP_VTYPE_LS, {1, 1, 5, 2, (double)INFINITY, 5, 0}, "sd2", "not a finite"},
    {MTP_SMD, MTP_VTYPE_LS, {1, 1, 5, 2, 1, 2.5, 0}, "n2", "not a whole number"},
    {MTP_SMD1, MTP_VTYPE_LS, {1, 1, 5, 2, 1, 2, 0}, "n2", "2 is not above 2; the bias"},
    {MTP_SMD1H, MTP_VTYPE_LS, {1, 1, 5, 2, 1, 2, 0}, "n2", "2 is not above 2; the bias"},
    {MTP_SMN, MTP_VTYPE_LS, {1, 1, 2, 0, 0, 0, 0}, "n", "2 is not above 2; the bias"},
    {MTP_ROM, MTP_VTYPE_LS, {12, 1, 5, -3, 1, 5, 0}, "mean1", "the means 12 and -3 are not both"},
    {MTP_ROM, MTP_VTYPE_LS, {0, 1, 5, 3, 1, 5, 0}, "mean1", "the means 0 and 3 are not both"},
    {MTP_CVR, MTP_VTYPE_LS, {-1, 1, 5, 3, 1, 5, 0}, "mean1", "their ratio has no logarithm"},
    {MTP_MNLN, MTP_VTYPE_LS, {-1, 1, 5, 0, 0, 0, 0}, "mean", "-1 is not above 0; such a mean has no"},
    {MTP_CVLN, MTP_VTYPE_LS, {0, 1, 5, 0, 0, 0, 0}, "mean", "0 is not above 0; such a mean has no"},
    {MTP_ZBIS, MTP_VTYPE_LS, {90, 1, 50, 0, 1, 50, 0}, "mean1", "the biserial correlation of the study is 1.2530"},
    {MTP_SMCR, MTP_VTYPE_LS, {1, 1, 5, 2, 1, 0, 1.5}, "r", "1.5 is not a correlation, which lies between"},
    {MTP_MC, MTP_VTYPE_LS, {1, 1, 5, 2, 1, 0, 1}, "r", "1 is a perfect correlation; that of two"},
    {MTP_VRC, MTP_VTYPE_LS, {1, 1, 5, 2, 1, 0, -1}, "r", "-1 is a perfect correlation"},
    {MTP_SMCRP, MTP_VTYPE_LS, {1, 1, 1, 2, 1, 0, 0.5}, "n", "1 is below 2"},
    {MTP_ROMC, MTP_VTYPE_LS, {1, 1, 9, -2, 1, 0, 0.5}, "mean1", "the means 1 and -2"},
    {MTP_SMCC, MTP_VTYPE_LS, {1, 1, 2, 2, 1, 0, 0.5}, "n", "2 is not above 2"},
    {MTP_SMCR, MTP_VTYPE_UB, {1, 1, 3, 2, 1, 0, 0.5}, "n", "3 is below 4; vtype UB"},
};
/* clang-format on */

static void test_problems(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(problems); i++) {
        mtp_error err = {0};
        effect e;

        assert_int_equal(try_study(problems[i].measure, problems[i].vtype, true,
                                   &problems[i].s, &e, &err),
                         MTP_E_DATA);
        assert_int_equal(err.line, 1);
        assert_string_equal(err.column, problems[i].column);
        if (!strstr(err.message, problems[i].words)) {
            fail_msg("'%s' does not say '%s'", err.message, problems[i].words);
        }
    }
}

static void test_options(void **state)
{
    static const study s = {10, 2, 40, 8, 3, 25, 0.5};
    mtp_error err = {0};
    effect e;

    (void)state;
    assert_int_equal(try_study(MTP_MD, MTP_VTYPE_LS, false, &s, &e, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "MD has no bias correction"));
    assert_int_equal(try_study(MTP_SMD, MTP_VTYPE_UB, false, &s, &e, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "UB"));
    assert_int_equal(try_study(MTP_SMDH, MTP_VTYPE_UB, true, &s, &e, &err), MTP_E_ARG);
    assert_int_equal(try_study(MTP_MD, MTP_VTYPE_AV, true, &s, &e, &err), MTP_E_ARG);
    assert_non_null(strstr(err.message, "it has LS, HO"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_uncorrected),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_swapped),
        cmocka_unit_test(test_shift),
        cmocka_unit_test(test_transforms),
        cmocka_unit_test(test_sd_of_changes),
        cmocka_unit_test(test_mixed),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_biserial_beyond_1),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
