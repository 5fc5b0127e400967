/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Probabilities of superiority against mpmath 1.2 at 40 digits, from the formulas of
 * the registry written in their textbook form (Hanley and McNeil's Q1 and Q2). */
#include "metapool/effects.h"

#include "support/test.h"

static void compute(mtp_measure measure, mtp_vtype vtype, const mtp_role role[],
                    const double value[], size_t n, double *yi, double *vi)
{
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    mtp_effects_options options;
    mtp_effects *effects = NULL;
    mtp_error err = {0};

    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    options.vtype = vtype;
    for (size_t r = 0; r < n; r++) {
        raw.column[role[r]] = &value[r];
    }
    if (mtp_effects_compute(&options, &raw, &effects, &err) != MTP_OK) {
        fail_msg("%s", err.message);
        return;
    }
    *yi = effects->yi[0];
    *vi = effects->vi[0];
    mtp_effects_free(effects);
}

/* The first is Hanley & McNeil's own example: the area 0.893 has the standard error
 * 0.032 (1982, p. 33). */
static void test_printed(void **state)
{
    static const mtp_role role[] = {MTP_ROLE_AUC, MTP_ROLE_N1, MTP_ROLE_N2};
    static const struct {
        double value[3], newcombe, hanley_mcneil;
    } cases[] = {
        {{0.893, 51, 58}, 0.0010145967426694785534, 0.0010570029490343717044},
        {{0.5, 10, 30}, 0.011388888888888888889, 0.011388888888888888889},
        {{1e-6, 12, 9}, 5.3240753472057289439e-8, 6.0185173610975691875e-8},
        {{0.999999, 40, 7}, 4.3750016518964534653e-8, 1.4285833928706338082e-8},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double yi = 0.0, vi = 0.0;

        compute(MTP_AUC, MTP_VTYPE_LS, role, cases[i].value, 3, &yi, &vi);
        assert_true(yi == cases[i].value[0]);
        assert_close(vi, cases[i].newcombe, 1e-15, 0.0);
        compute(MTP_CLES, MTP_VTYPE_LS2, role, cases[i].value, 3, &yi, &vi);
        assert_close(vi, cases[i].hanley_mcneil, 1e-15, 0.0);
    }
    assert_close(sqrt(cases[0].hanley_mcneil), 0.032, 0.0, 1e-3);
}

static void test_normal(void **state)
{
    static const mtp_role role[] = {MTP_ROLE_MEAN1, MTP_ROLE_SD1, MTP_ROLE_N1,
                                    MTP_ROLE_MEAN2, MTP_ROLE_SD2, MTP_ROLE_N2};
    static const struct {
        double value[6], a, v, a_ho, v_ho;
    } cases[] = {
        {{10, 3, 20, 12, 4, 25},
         0.34457825838967583326,
         0.0061723360100835254008,
         0.34692224756664309836,
         0.0063794997223452337771},
        {{5.5, 1.25, 12, 5.5, 2, 9},
         0.5,
         0.016442036879967963839,
         0.5,
         0.015473397245045379866},
        {{1, 1, 50, -2, 1, 40},
         0.98305257323765536353,
         0.000085578421358991053574,
         0.98305257323765536353,
         0.000084987031149250342306},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double yi = 0.0, vi = 0.0;

        compute(MTP_CLESN, MTP_VTYPE_LS, role, cases[i].value, 6, &yi, &vi);
        assert_close(yi, cases[i].a, 1e-15, 0.0);
        assert_close(vi, cases[i].v, 3e-15, 0.0);
        compute(MTP_AUCN, MTP_VTYPE_HO, role, cases[i].value, 6, &yi, &vi);
        assert_close(yi, cases[i].a_ho, 1e-15, 0.0);
        assert_close(vi, cases[i].v_ho, 3e-15, 0.0);
    }
}

static void test_impossible(void **state)
{
    static const double bad[] = {-0.1, 0.0, 1.0, 1.5, 70.0};
    static const double n = 20;
    mtp_effects_options options;

    (void)state;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = MTP_AUC;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        mtp_raw raw = {.size = sizeof raw, .k = 1};
        mtp_effects *effects = NULL;
        mtp_error err = {0};

        raw.column[MTP_ROLE_AUC] = &bad[i];
        raw.column[MTP_ROLE_N1] = raw.column[MTP_ROLE_N2] = &n;
        assert_int_equal(mtp_effects_compute(&options, &raw, &effects, &err),
                         MTP_E_DATA);
        assert_string_equal(err.column, "auc");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_printed),
        cmocka_unit_test(test_normal),
        cmocka_unit_test(test_impossible),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
