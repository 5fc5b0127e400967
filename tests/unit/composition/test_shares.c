/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares, their intervals, residuals, notes, errors and memory. */
#include "metapool/composition.h"

#include "core/arena.h"
#include "support/test.h"

static const char *const cause[] = {
    "infection",  "malignancy", "cardiovascular", "neurotoxicity", "CRS",
    "hemorrhage", "HLH"};
static const char *const setting[] = {"CT", "RW"};
static const double deaths[14] = {75, 15, 21, 4, 3, 6, 3, 217, 30, 21, 26, 24, 13, 6};

static bool has_note(const mtp_composition *c, mtp_note_code code)
{
    for (size_t i = 0; i < c->notes.count; i++) {
        if (c->notes.item[i].code == code) {
            return true;
        }
    }
    return false;
}

/* mpmath, 40 digits: closed forms of both intervals. */
static void test_total_alone(void **state)
{
    static const double all[10] = {292, 45, 42, 30, 27, 19, 9, 30, 23, 57};
    static const char *const name[10] = {"a", "b", "c", "d", "e",
                                         "f", "g", "h", "i", "j"};
    static const struct {
        size_t j;
        double lower, upper;
    } goodman[] = {
        {0, 0.45041788282434279234, 0.56676780777930136932},
        {1, 0.052310509315051976913, 0.11590206546857059862},
        {6, 0.0063631686236060199614, 0.038112433813778591602},
    };
    mtp_composition *c = NULL;

    (void)state;
    assert_int_equal(mtp_composition_compute(NULL, 0, 10, all, name, NULL, &c, NULL),
                     MTP_OK);
    assert_true(c->total.total == 574.0);
    assert_null(c->total.level);
    assert_int_equal(c->n_groups, 0);
    assert_string_equal(c->category[9], "j");
    assert_close(c->total.share[0].share, 292.0 / 574.0, TOL0, 0.0);
    for (size_t i = 0; i < sizeof goodman / sizeof goodman[0]; i++) {
        const mtp_share *s = &c->total.share[goodman[i].j];

        assert_close(s->goodman[0], goodman[i].lower, TOL1, 0.0);
        assert_close(s->goodman[1], goodman[i].upper, TOL1, 0.0);
        assert_true(isnan(s->residual));
    }
    /* R 4.2.2: prop.test(45, 574, correct = FALSE)$conf.int */
    assert_close(c->total.share[1].wilson[0], 0.059105277481455165, TOL2, 0.0);
    assert_close(c->total.share[1].wilson[1], 0.103294732743171844, TOL2, 0.0);
    assert_true(isnan(c->chi_square.p) && isnan(c->g.p) && isnan(c->cramers_v));
    assert_int_equal(c->exact.method, MTP_EXACT_NONE);
    assert_true(has_note(c, MTP_NOTE_CRUDE_SHARES));
    mtp_composition_free(c);
}

static void test_one_category_has_one_interval(void **state)
{
    static const double one[1] = {292};
    static const char *const name[1] = {"all"};
    mtp_composition *c = NULL;

    (void)state;
    assert_int_equal(mtp_composition_compute(NULL, 0, 1, one, name, NULL, &c, NULL),
                     MTP_OK);
    assert_true(c->total.share[0].goodman[0] == c->total.share[0].wilson[0]);
    assert_true(c->total.share[0].goodman[1] == 1.0);
    mtp_composition_free(c);
}

/* R 4.2.2: chisq.test(rbind(CT, RW))$stdres, the first row. */
static void test_residuals(void **state)
{
    static const double stdres[7] = {-1.0611642972283055, 0.94405709918623582,
                                     3.4490532392926800,  -1.7830406591898398,
                                     -1.952587963380968,  0.42010638575990811,
                                     0.40514881538533892};
    mtp_composition *c = NULL;

    (void)state;
    assert_int_equal(
        mtp_composition_compute(NULL, 2, 7, deaths, cause, setting, &c, NULL), MTP_OK);
    for (size_t j = 0; j < 7; j++) {
        assert_close(c->group[0].share[j].residual, stdres[j], TOL4, 0.0);
        assert_close(c->group[1].share[j].residual, -stdres[j], TOL4, 0.0);
    }
    assert_string_equal(c->group[1].level, "RW");
    assert_true(c->group[0].total == 127.0 && c->total.total == 464.0);
    assert_true(c->total.share[0].count == 292.0);
    /* mpmath: Goodman's interval of 75 in 127, seven categories */
    assert_close(c->group[0].share[0].goodman[0], 0.47139238928078010186, TOL1, 0.0);
    assert_close(c->group[0].share[0].goodman[1], 0.69994675894614098621, TOL1, 0.0);
    mtp_composition_free(c);
}

static void test_empty_margins(void **state)
{
    static const double with[9] = {8, 0, 2, 0, 0, 0, 1, 0, 5};
    static const double without[4] = {8, 2, 1, 5};
    static const char *const level[3] = {"a", "empty", "c"};
    mtp_composition *c = NULL, *d = NULL;

    (void)state;
    assert_int_equal(mtp_composition_compute(NULL, 3, 3, with, cause, level, &c, NULL),
                     MTP_OK);
    assert_int_equal(
        mtp_composition_compute(NULL, 2, 2, without, cause, level, &d, NULL), MTP_OK);
    assert_true(c->chi_square.df == 1.0);
    assert_true(c->chi_square.statistic == d->chi_square.statistic);
    assert_true(c->exact.p == d->exact.p);
    assert_true(isnan(c->group[1].share[0].share));
    assert_true(isnan(c->group[1].share[0].wilson[1]));
    assert_true(isnan(c->group[1].share[0].residual));
    assert_true(isnan(c->group[0].share[1].residual));
    assert_true(c->group[0].share[1].share == 0.0);
    assert_true(has_note(c, MTP_NOTE_EMPTY_MARGIN));
    assert_false(has_note(d, MTP_NOTE_EMPTY_MARGIN));
    mtp_composition_free(c);
    mtp_composition_free(d);
}

static void test_one_group_has_no_test(void **state)
{
    mtp_composition *c = NULL;

    (void)state;
    assert_int_equal(
        mtp_composition_compute(NULL, 1, 7, deaths, cause, setting, &c, NULL), MTP_OK);
    assert_true(isnan(c->chi_square.statistic) && isnan(c->expected_min));
    assert_true(isnan(c->group[0].share[0].residual));
    assert_true(has_note(c, MTP_NOTE_NOT_DEFINED));
    mtp_composition_free(c);
}

static void test_impossible_counts(void **state)
{
    static const struct {
        double count[2];
        mtp_status status;
        const char *words;
    } bad[] = {
        {{1, -1}, MTP_E_DATA, "-1 of 'malignancy' in 'CT'"},
        {{1.5, 1}, MTP_E_DATA, "1.5 of 'infection' in 'CT' is not a whole number"},
        {{1, (double)NAN}, MTP_E_DATA, "not a finite number"},
        {{(double)INFINITY, 1}, MTP_E_DATA, "not a finite number"},
        {{0, 0}, MTP_E_DEGENERATE, "all counts are zero"},
    };
    mtp_composition_options options;
    mtp_composition *c = NULL;
    mtp_error err = {0};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(
            mtp_composition_compute(NULL, 1, 2, bad[i].count, cause, setting, &c, &err),
            bad[i].status);
        assert_null(c);
        if (!strstr(err.message, bad[i].words)) {
            print_error("'%s' does not say '%s'\n", err.message, bad[i].words);
            fail();
        }
    }
    mtp_composition_options_init(&options, sizeof options);
    options.level = 95;
    assert_int_equal(
        mtp_composition_compute(&options, 2, 7, deaths, cause, setting, &c, &err),
        MTP_E_ARG);
    options = (mtp_composition_options){.size = 0}; /* no _init */
    assert_int_equal(
        mtp_composition_compute(&options, 2, 7, deaths, cause, setting, &c, &err),
        MTP_E_ARG);
    assert_non_null(strstr(err.message, "mtp_composition_options_init"));
}

static void test_every_allocation_can_fail(void **state)
{
    mtp_composition_options options;
    mtp_composition *c = NULL;
    size_t n = 1;

    (void)state;
    mtp_composition_options_init(&options, sizeof options);
    options.draws = 10;
    for (;; n++) {
        mtp_status status;

        mtp_arena_fail_after(n);
        status =
            mtp_composition_compute(&options, 2, 7, deaths, cause, setting, &c, NULL);
        mtp_arena_fail_after(0);
        if (!status) {
            break;
        }
        assert_int_equal(status, MTP_E_NOMEM);
        assert_null(c);
    }
    assert_true(n > 20);
    assert_int_equal(c->exact.method, MTP_EXACT_MONTE_CARLO);
    mtp_composition_free(c);
    mtp_composition_free(NULL);
}

/* mpmath, 40 digits, at alpha = 1e-9, which 1 - 0.999999999 in doubles is not. */
static void test_level_is_a_decimal(void **state)
{
    static const double counts[2] = {7, 262};
    mtp_composition_options options;
    mtp_composition *c = NULL;

    (void)state;
    mtp_composition_options_init(&options, sizeof options);
    options.level = 0.999999999;
    assert_int_equal(
        mtp_composition_compute(&options, 0, 2, counts, cause, NULL, &c, NULL), MTP_OK);
    assert_close(c->total.share[0].wilson[0], 0.003627620948829709665192, TOL1, 0.0);
    assert_close(c->total.share[0].goodman[1], 0.1676786937375188143083, TOL1, 0.0);
    mtp_composition_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_total_alone),
        cmocka_unit_test(test_level_is_a_decimal),
        cmocka_unit_test(test_one_category_has_one_interval),
        cmocka_unit_test(test_residuals),
        cmocka_unit_test(test_empty_margins),
        cmocka_unit_test(test_one_group_has_no_test),
        cmocka_unit_test(test_impossible_counts),
        cmocka_unit_test(test_every_allocation_can_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
