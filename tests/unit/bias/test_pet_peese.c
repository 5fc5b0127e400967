/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PET and PEESE. */
#include "asymmetry_data.h"

/* PET and PEESE are the limits of Egger's regressions on sei and vi. */
static void test_pet_peese(void **state)
{
    mtp_effects *e = counts(MTP_OR, DATA_BCG);
    mtp_asymmetry_options o = options_of(MTP_ASYMMETRY_EGGER);
    mtp_asymmetry_result *pet = run(e, &o), *peese;
    mtp_pet_peese_result *both = NULL;

    (void)state;
    o.predictor = MTP_PREDICTOR_VI;
    peese = run(e, &o);
    assert_int_equal(mtp_pet_peese(e, &o, &both, NULL), MTP_OK);
    assert_true(both->pet.estimate.estimate == pet->limit.estimate);
    assert_true(both->pet.slope.p == pet->p);
    assert_true(both->peese.estimate.ci_upper == peese->limit.ci_upper);
    assert_true(both->peese.dispersion == peese->dispersion);
    assert_true(pet->limit.estimate < 0.0); /* as the common effect is */
    assert_true(both->peese_chosen == (pet->limit.p < 0.1));
    assert_true(both->estimate.estimate ==
                (both->peese_chosen ? peese->limit.estimate : pet->limit.estimate));
    o.alpha = both->peese_chosen ? 0.5 * pet->limit.p : 0.5 + 0.5 * pet->limit.p;
    mtp_pet_peese_free(both);
    both = NULL;
    assert_int_equal(mtp_pet_peese(e, &o, &both, NULL), MTP_OK);
    assert_true(both->peese_chosen == (pet->limit.p < o.alpha));
    mtp_pet_peese_free(both);
    mtp_asymmetry_free(pet);
    mtp_asymmetry_free(peese);
    mtp_effects_free(e);
}

/* R 4.2.2: summary(lm(y ~ sqrt(v), weights = 1 / v)) and summary(lm(y ~ v, weights =
 * 1 / v)), options(digits = 15). */
static void test_pet_peese_by_lm(void **state)
{
    const double y[] = {0.8, 0.5, 0.62, 0.31, 0.4, 0.22};
    const double v[] = {0.25, 0.16, 0.09, 0.04, 0.01, 0.0025};
    mtp_effects *e = generic(6, y, v);
    mtp_pet_peese_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_pet_peese(e, NULL, &r, NULL), MTP_OK);
    assert_close(r->pet.estimate.estimate, 0.17803906475512365, 1e-13, 0.0);
    assert_close(r->pet.estimate.se, 0.041956056693260468, 1e-13, 0.0);
    assert_close(r->pet.estimate.p, 0.013226886771027169, 1e-12, 0.0);
    assert_close(r->pet.slope.estimate, 1.20677667660925603, 1e-13, 0.0);
    assert_close(r->peese.estimate.estimate, 0.24524727898948112, 1e-13, 0.0);
    assert_close(r->peese.estimate.se, 0.03612726946935562, 1e-13, 0.0);
    assert_true(r->peese_chosen);
    assert_true(r->estimate.estimate == r->peese.estimate.estimate);
    assert_non_null(note_of(&r->notes, MTP_NOTE_FEW_FOR_ASYMMETRY));
    mtp_pet_peese_free(r);
    mtp_effects_free(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pet_peese),
        cmocka_unit_test(test_pet_peese_by_lm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
