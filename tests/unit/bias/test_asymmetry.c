/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "asymmetry_data.h"

static mtp_effects *means(mtp_measure measure)
{
    mtp_raw raw = {.size = sizeof raw, .k = sizeof means_n1 / sizeof means_n1[0]};

    raw.column[MTP_ROLE_N1] = means_n1;
    raw.column[MTP_ROLE_MEAN1] = means_mean1;
    raw.column[MTP_ROLE_SD1] = means_sd1;
    raw.column[MTP_ROLE_N2] = means_n2;
    raw.column[MTP_ROLE_MEAN2] = means_mean2;
    raw.column[MTP_ROLE_SD2] = means_sd2;
    return effects_of(measure, &raw);
}

static void test_slopes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof slope_cases / sizeof slope_cases[0]; i++) {
        const slope_case *c = &slope_cases[i];
        mtp_effects *e =
            c->data == DATA_MEANS ? means(MTP_SMD) : counts(MTP_OR, c->data);
        mtp_asymmetry_options options = options_of(c->test);
        mtp_asymmetry_result *r = run(e, &options);

        print_message("%s\n", c->name);
        assert_int_equal(r->k, c->k);
        assert_close(r->estimate, c->estimate, TOL4, 0.0);
        assert_close(r->se, c->se, TOL4, 0.0);
        assert_close(r->statistic, c->statistic, TOL4, 0.0);
        assert_true(r->df == (double)c->k - 2.0);
        assert_close(r->p, c->p, TOL4, 0.0);
        assert_close(r->limit.estimate, c->limit, 64.0 * TOL4, 0.0);
        assert_close(r->limit.se, c->limit_se, TOL4, 0.0);
        assert_close(r->dispersion, c->dispersion, TOL4, 0.0);
        assert_close(r->tau2, c->tau2, TOL4, 0.0);
        assert_true((note_of(&r->notes, MTP_NOTE_NO_INFORMATION) != NULL) ==
                    (c->k < e->k));
        assert_true((note_of(&r->notes, MTP_NOTE_FEW_FOR_ASYMMETRY) != NULL) ==
                    (c->k < 10));
        mtp_asymmetry_free(r);
        mtp_effects_free(e);
    }
}

static void test_schwarzer(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof schwarzer_cases / sizeof schwarzer_cases[0]; i++) {
        const rank_case *c = &schwarzer_cases[i];
        mtp_effects *e = counts(MTP_OR, c->data);
        mtp_asymmetry_options options = options_of(MTP_ASYMMETRY_SCHWARZER);
        mtp_asymmetry_result *r = run(e, &options);

        assert_int_equal(r->k, c->k);
        assert_int_equal(r->model, MTP_ASYMMETRY_RANK);
        assert_false(r->exact);
        assert_close(r->estimate, c->tau, TOL1, 0.0);
        assert_close(r->statistic, c->z, TOL1, 0.0);
        assert_close(r->p, c->p, TOL2, 0.0);
        assert_true(isnan(r->limit.estimate));
        mtp_asymmetry_free(r);
        mtp_effects_free(e);
    }
}

/* Thompson's test is Egger's mixed model by DL with t; harbord is Egger's on Peto's
 * log odds ratios where every study says something. */
static void test_forms_agree(void **state)
{
    mtp_effects *odds = counts(MTP_OR, DATA_BCG), *peto = counts(MTP_PETO, DATA_BCG);
    mtp_asymmetry_options egger = options_of(MTP_ASYMMETRY_EGGER);
    mtp_asymmetry_options other = options_of(MTP_ASYMMETRY_HARBORD);
    mtp_asymmetry_result *a = run(peto, &egger), *b = run(odds, &other);

    (void)state;
    assert_close(a->estimate, b->estimate, TOL2, 0.0);
    assert_close(a->p, b->p, TOL3, 0.0);
    mtp_asymmetry_free(a);
    mtp_asymmetry_free(b);
    egger.model = MTP_ASYMMETRY_MIXED;
    egger.tau2 = MTP_TAU2_DL;
    egger.ci = MTP_CI_T;
    other = options_of(MTP_ASYMMETRY_THOMPSON);
    a = run(odds, &egger);
    b = run(odds, &other);
    assert_true(a->estimate == b->estimate && a->p == b->p && a->tau2 == b->tau2);
    assert_true(a->limit.ci_lower == b->limit.ci_lower);
    mtp_asymmetry_free(a);
    mtp_asymmetry_free(b);
    mtp_effects_free(odds);
    mtp_effects_free(peto);
}

/* Arms the other way round: the sign alone changes. */
static void test_signs(void **state)
{
    mtp_raw raw = {.size = sizeof raw, .k = sizeof bcg_n1 / sizeof bcg_n1[0]};
    mtp_effects *one = counts(MTP_OR, DATA_BCG), *other;

    (void)state;
    raw.column[MTP_ROLE_EVENTS1] = bcg_events2;
    raw.column[MTP_ROLE_N1] = bcg_n2;
    raw.column[MTP_ROLE_EVENTS2] = bcg_events1;
    raw.column[MTP_ROLE_N2] = bcg_n1;
    other = effects_of(MTP_OR, &raw);
    for (unsigned test = 0; test < MTP_ASYMMETRY_COUNT; test++) {
        mtp_asymmetry_options options = options_of((mtp_asymmetry_test)test);
        mtp_asymmetry_result *a, *b;

        if (test == MTP_ASYMMETRY_PUSTEJOVSKY) {
            continue;
        }
        a = run(one, &options);
        b = run(other, &options);
        assert_close(b->estimate, -a->estimate, 1e-11, 0.0);
        assert_close(b->p, a->p, 1e-11, 0.0);
        mtp_asymmetry_free(a);
        mtp_asymmetry_free(b);
    }
    mtp_effects_free(one);
    mtp_effects_free(other);
}

static void refused(const mtp_effects *e, const mtp_asymmetry_options *options,
                    mtp_status status, const char *text)
{
    mtp_asymmetry_result *r = NULL;
    mtp_error err = {0};

    assert_int_equal(mtp_asymmetry(e, options, &r, &err), status);
    assert_null(r);
    if (!strstr(err.message, text)) {
        fail_msg("'%s' has no '%s'", err.message, text);
    }
}

static void test_measures(void **state)
{
    static const struct {
        mtp_measure measure;
        const char *tests;
    } rows[] = {
        {MTP_OR,
         "egger begg peters harbord macaskill deeks thompson schwarzer rucker "},
        {MTP_PETO,
         "egger begg peters harbord macaskill deeks thompson schwarzer rucker "},
        {MTP_RR, "egger begg thompson rucker "},
        {MTP_RD, "egger begg thompson rucker "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mtp_effects *e = counts(rows[i].measure, DATA_BCG);
        char applies[128] = "";

        for (unsigned test = 0; test < MTP_ASYMMETRY_COUNT; test++) {
            mtp_error err = {0};
            mtp_status status =
                mtp_asymmetry_applies((mtp_asymmetry_test)test, e, &err);

            assert_true(status == MTP_OK || status == MTP_E_UNSUPPORTED);
            assert_true((err.message[0] != '\0') == (status != MTP_OK));
            if (status == MTP_OK) {
                strcat(applies, mtp_asymmetry_id((mtp_asymmetry_test)test));
                strcat(applies, " ");
            }
        }
        assert_string_equal(applies, rows[i].tests);
        mtp_effects_free(e);
    }
    assert_int_equal(mtp_asymmetry_default(MTP_OR), MTP_ASYMMETRY_HARBORD);
    assert_int_equal(mtp_asymmetry_default(MTP_SMD), MTP_ASYMMETRY_PUSTEJOVSKY);
    assert_int_equal(mtp_asymmetry_default(MTP_PLO), MTP_ASYMMETRY_EGGER);
}

static void test_refusals(void **state)
{
    const double y[] = {0.1, 0.2, 0.4, 0.3}, v[] = {0.1, 0.2, 0.3, 0.5};
    const double same[] = {0.1, 0.1, 0.1, 0.1}, bad[] = {1.0, 2.0, 0.0, 4.0};
    mtp_effects *two = generic(2, y, v), *equal = generic(4, y, same);
    mtp_effects *four = generic(4, y, v);
    mtp_asymmetry_options o = options_of(MTP_ASYMMETRY_EGGER);

    (void)state;
    refused(two, &o, MTP_E_DATA, "2 studies are too few");
    refused(equal, &o, MTP_E_DATA, "the same standard error");
    o.predictor = MTP_PREDICTOR_NI;
    refused(four, &o, MTP_E_UNSUPPORTED, "predictor ni takes sample sizes");
    o.n = bad;
    refused(four, &o, MTP_E_DATA, "study 3 has no sample size");
    o = options_of(MTP_ASYMMETRY_BEGG);
    refused(two, &o, MTP_E_DATA, "2 studies are too few");
    refused(equal, &o, MTP_E_DATA, "no ranks");
    o = options_of(MTP_ASYMMETRY_HARBORD);
    refused(four, &o, MTP_E_UNSUPPORTED, "harbord does not apply to measure GEN");
    o.size = 0;
    refused(four, &o, MTP_E_ARG, "no size");
    o = options_of(MTP_ASYMMETRY_EGGER);
    o.model = MTP_ASYMMETRY_RANK;
    refused(four, &o, MTP_E_ARG, "does not exist");
    o.model = MTP_ASYMMETRY_MIXED;
    o.ci = MTP_CI_KR;
    refused(four, &o, MTP_E_UNSUPPORTED, "not kr");
    o = options_of(MTP_ASYMMETRY_EGGER);
    o.level = 95.0;
    refused(four, &o, MTP_E_ARG, "confidence level");
    mtp_effects_free(two);
    mtp_effects_free(equal);
    mtp_effects_free(four);
}

/* One study of a table comes as a ready-made effect. */
static void test_without_counts(void **state)
{
    const double x1[] = {1.0, 2.0, (double)NAN, 4.0},
                 n1[] = {9.0, 9.0, (double)NAN, 9.0};
    const double x2[] = {3.0, 1.0, (double)NAN, 5.0},
                 n2[] = {8.0, 9.0, (double)NAN, 7.0};
    const double nothing = (double)NAN;
    const double y[] = {nothing, nothing, 0.5, nothing};
    const double v[] = {nothing, nothing, 0.3, nothing};
    mtp_raw raw = {.size = sizeof raw, .k = 4};
    mtp_asymmetry_options o = options_of(MTP_ASYMMETRY_PETERS);
    mtp_effects *e;

    (void)state;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_N1] = n1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[MTP_ROLE_N2] = n2;
    raw.column[MTP_ROLE_YI] = y;
    raw.column[MTP_ROLE_VI] = v;
    e = effects_of(MTP_OR, &raw);
    refused(e, &o, MTP_E_DATA, "study 3 has no");
    mtp_effects_free(e);
}

/* Points on a line: no error, no test, and a note. */
static void test_exact_line(void **state)
{
    const double v[] = {1.0, 4.0, 9.0, 16.0}, y[] = {3.0, 5.0, 7.0, 9.0};
    mtp_effects *e = generic(4, y, v);
    mtp_asymmetry_options o = options_of(MTP_ASYMMETRY_EGGER);
    mtp_asymmetry_result *r = run(e, &o);

    (void)state;
    assert_close(r->estimate, 2.0, TOL1, 0.0);
    assert_close(r->limit.estimate, 1.0, TOL1, 0.0);
    if (r->se == 0.0) {
        assert_true(isnan(r->p));
        assert_non_null(note_of(&r->notes, MTP_NOTE_HKSJ_ZERO_SE));
    } else {
        assert_true(r->se < 1e-12);
    }
    mtp_asymmetry_free(r);
    mtp_effects_free(e);
}

/* Harrer, Cuijpers, Furukawa & Ebert, Doing meta-analysis in R, sections 9.2.1.2 and
 * 9.2.1.5: third-wave psychotherapies (g, se, patients by group), with what R prints
 * for Egger's test and the estimates of PET and PEESE by sqrt(1 / n1 + 1 / n2). PET's
 * is significant, but in the wrong direction, so that it stays. */
static void test_published_example(void **state)
{
    enum { THIRD_WAVE = 18 };
    static const double g[THIRD_WAVE] = {
        0.7091362, 0.3548641, 1.7911700, 0.1824552, 0.4218509, 0.6300000,
        0.7248838, 0.5286638, 0.2840000, 1.2750682, 0.1036082, 0.3883906,
        0.5407398, 0.4261593, 0.5153969, 1.4797260, 0.6125782, 0.6000000};
    static const double se[THIRD_WAVE] = {
        0.2608202, 0.1963624, 0.3455692, 0.1177874, 0.1448128, 0.1960000,
        0.2246641, 0.2104609, 0.1680000, 0.3371997, 0.1947275, 0.2307689,
        0.2443133, 0.2579379, 0.3512737, 0.3152817, 0.2266834, 0.2490000};
    static const double n1[THIRD_WAVE] = {62, 72, 44, 135, 103, 71, 69, 68, 95,
                                          43, 79, 61, 62,  60,  43, 42, 64, 63};
    static const double n2[THIRD_WAVE] = {51, 78, 41, 115, 100, 79, 62, 72, 80,
                                          44, 72, 67, 59,  54,  41, 51, 66, 55};
    double v[THIRD_WAVE], at_zero[THIRD_WAVE];
    mtp_asymmetry_options o = options_of(MTP_ASYMMETRY_EGGER);
    mtp_pet_peese_result *both = NULL;
    mtp_asymmetry_result *egger;
    mtp_effects *e, *modified;

    (void)state;
    for (size_t i = 0; i < THIRD_WAVE; i++) {
        v[i] = se[i] * se[i];
        at_zero[i] = 1.0 / n1[i] + 1.0 / n2[i];
    }
    e = generic(THIRD_WAVE, g, v);
    egger = run(e, &o);
    assert_close(egger->estimate, 4.1111, 0.0, 5e-5);
    assert_close(egger->se, 0.8790, 0.0, 5e-5);
    assert_close(egger->statistic, 4.677, 0.0, 5e-4);
    assert_close(egger->p, 0.000252, 0.0, 5e-7);
    assert_close(egger->limit.estimate, -0.3407, 0.0, 5e-5);
    assert_close(egger->limit.se, 0.1837, 0.0, 5e-5);
    modified = generic(THIRD_WAVE, g, at_zero);
    assert_int_equal(mtp_pet_peese(modified, NULL, &both, NULL), MTP_OK);
    assert_close(both->pet.estimate.estimate, -1.35, 0.0, 5e-3);
    assert_close(both->peese.estimate.estimate, -0.44, 0.0, 5e-3);
    assert_true(both->pet.estimate.p < 0.1);
    assert_false(both->peese_chosen);
    assert_true(both->estimate.estimate == both->pet.estimate.estimate);
    mtp_pet_peese_free(both);
    mtp_asymmetry_free(egger);
    mtp_effects_free(e);
    mtp_effects_free(modified);
}

/* t and z that R's meta::metabias(metabin(..., sm = "OR", method = "Inverse")) prints
 * for eight tables. */
static void test_metabias(void **state)
{
    static const double x1[] = {12, 8, 20, 15, 5, 25, 10, 18};
    static const double m1[] = {100, 90, 150, 120, 60, 200, 80, 140};
    static const double x2[] = {18, 14, 28, 22, 11, 30, 17, 25};
    static const double m2[] = {102, 95, 155, 118, 62, 205, 82, 145};
    static const struct {
        mtp_asymmetry_test test;
        double statistic;
    } printed[] = {{MTP_ASYMMETRY_EGGER, -7.7118},
                   {MTP_ASYMMETRY_BEGG, -2.7218},
                   {MTP_ASYMMETRY_HARBORD, -7.4306},
                   {MTP_ASYMMETRY_PETERS, -10.6751}};
    mtp_raw raw = {.size = sizeof raw, .k = 8};
    mtp_effects *e;

    (void)state;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_N1] = m1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[MTP_ROLE_N2] = m2;
    e = effects_of(MTP_OR, &raw);
    for (size_t i = 0; i < sizeof printed / sizeof printed[0]; i++) {
        mtp_asymmetry_options o = options_of(printed[i].test);
        mtp_asymmetry_result *r;

        o.asymptotic = true;
        r = run(e, &o);
        assert_close(r->statistic, printed[i].statistic, 0.0, 5e-5);
        mtp_asymmetry_free(r);
    }
    mtp_effects_free(e);
}

/* Every allocation in turn fails, and says so. */
static void test_memory(void **state)
{
    mtp_effects *e = counts(MTP_OR, DATA_SPARSE);

    (void)state;
    for (unsigned test = 0; test < MTP_ASYMMETRY_COUNT; test++) {
        mtp_asymmetry_options options = options_of((mtp_asymmetry_test)test);
        mtp_status status = MTP_E_NOMEM;

        for (size_t n = 1; status == MTP_E_NOMEM; n++) {
            mtp_asymmetry_result *r = NULL;

            mtp_arena_fail_after(n);
            status = mtp_asymmetry(e, &options, &r, NULL);
            mtp_arena_fail_after(0);
            assert_true((r != NULL) == (status == MTP_OK));
            mtp_asymmetry_free(r);
        }
        assert_true(status == MTP_OK || test == MTP_ASYMMETRY_PUSTEJOVSKY);
    }
    mtp_effects_free(e);
}

static void test_ids(void **state)
{
    (void)state;
    for (int i = 0; i < MTP_ASYMMETRY_COUNT; i++) {
        assert_int_equal(mtp_asymmetry_from_id(mtp_asymmetry_id((mtp_asymmetry_test)i)),
                         i);
        assert_true(strlen(mtp_asymmetry_label((mtp_asymmetry_test)i)) > 0);
    }
    for (int i = 0; i < MTP_PREDICTOR_COUNT; i++) {
        assert_int_equal(mtp_predictor_from_id(mtp_predictor_id((mtp_predictor)i)), i);
        assert_true(strlen(mtp_predictor_label((mtp_predictor)i)) > 0);
    }
    for (int i = 0; i < MTP_ASYMMETRY_MODEL_COUNT; i++) {
        assert_int_equal(
            mtp_asymmetry_model_from_id(mtp_asymmetry_model_id((mtp_asymmetry_model)i)),
            i);
        assert_true(strlen(mtp_asymmetry_model_label((mtp_asymmetry_model)i)) > 0);
    }
    assert_int_equal(mtp_asymmetry_from_id("EGGER"), MTP_ASYMMETRY_EGGER);
    assert_int_equal(mtp_asymmetry_from_id("eggers"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_slopes),
        cmocka_unit_test(test_schwarzer),
        cmocka_unit_test(test_forms_agree),
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_measures),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_without_counts),
        cmocka_unit_test(test_exact_line),
        cmocka_unit_test(test_published_example),
        cmocka_unit_test(test_metabias),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
