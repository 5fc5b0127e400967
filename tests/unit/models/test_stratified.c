/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mantel-Haenszel and Peto against 60-digit arithmetic, and the rules about cells. */
#include "unit/models/stratified.h"
#include "unit/models/stratified_reference.h"

static mtp_effects *effects_of_table(mtp_measure measure, const stratified_table *t)
{
    return two_groups(measure, t->k, t->events1, t->size1, t->events2, t->size2);
}

static void check_test(const mtp_test *test, double want)
{
    assert_close(test->statistic, want, 1e-13, 0.0);
    assert_true(isnan(test->p) == isnan(want));
}

static void mantel_haenszel_has_13_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stratified_cases / sizeof *stratified_cases; i++) {
        const stratified_case *c = &stratified_cases[i];
        mtp_effects *effects = effects_of_table(c->measure, c->table);
        mtp_pool_result *r = pool_by(effects, MTP_METHOD_MH);
        const mtp_stratified *s = r->overall.stratified;

        assert_close(r->overall.common.estimate, c->mu, 1e-13, 0.0);
        assert_close(r->overall.common.ci.se, c->se, 1e-13, 0.0);
        check_test(&s->cmh, c->cmh);
        check_test(&s->cmh_uncorrected, c->cmh_uncorrected);
        check_test(&s->breslow_day, c->breslow_day);
        check_test(&s->tarone, c->tarone);
        assert_close(s->cmh_uncorrected.log_p, c->cmh_log_p, 1e-13, 0.0);
        assert_close(s->breslow_day.log_p, c->breslow_day_log_p, 1e-13, 0.0);
        mtp_pool_result_free(r);
        mtp_effects_free(effects);
    }
}

static void peto_has_13_digits(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stratified_cases / sizeof *stratified_cases; i++) {
        const stratified_case *c = &stratified_cases[i];

        if (c->measure == MTP_OR) {
            mtp_effects *effects = effects_of_table(MTP_PETO, c->table);
            mtp_pool_result *r = pool_by(effects, MTP_METHOD_PETO);

            assert_close(r->overall.common.estimate, c->peto, 1e-13, 0.0);
            assert_close(r->overall.common.ci.se, c->peto_se, 1e-13, 0.0);
            mtp_pool_result_free(r);
            mtp_effects_free(effects);
        }
    }
}

/* The groups change places: ratios and differences change sign, tests stay. */
static void swapping_the_groups_changes_the_sign(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stratified_cases / sizeof *stratified_cases; i++) {
        const stratified_case *c = &stratified_cases[i];
        const stratified_table *t = c->table;
        mtp_effects *effects = effects_of_table(c->measure, t);
        mtp_effects *swapped =
            two_groups(c->measure, t->k, t->events2, t->size2, t->events1, t->size1);
        mtp_pool_result *a = pool_by(effects, MTP_METHOD_MH);
        mtp_pool_result *b = pool_by(swapped, MTP_METHOD_MH);

        assert_close(b->overall.common.estimate, -a->overall.common.estimate, TOL0,
                     0.0);
        assert_close(b->overall.common.ci.se, a->overall.common.ci.se, TOL0, 0.0);
        assert_close(b->overall.stratified->cmh.statistic,
                     a->overall.stratified->cmh.statistic, TOL0, 0.0);
        assert_close(b->overall.stratified->tarone.statistic,
                     a->overall.stratified->tarone.statistic, 1e-13, 0.0);
        mtp_pool_result_free(a);
        mtp_pool_result_free(b);
        mtp_effects_free(effects);
        mtp_effects_free(swapped);
    }
}

/* Events 0, 3, 5 against 4, 5, 9 of 20 each. As they are (metafor 5.1, the first table
 * with 0 against 0 makes no difference), and with 0.5 in the cells of the tables with
 * an empty one (meta 8.4): log odds ratio -1.0986 and -1.0488. The former is -log 3:
 * R = (0 + 3 * 15 + 5 * 11) / 40, S = (80 + 85 + 135) / 40. The latter by hand:
 * R = 0.5 * 16.5 / 42 + 100 / 40, S = 20.5 * 4.5 / 42 + 220 / 40. */
static void cells_are_corrected_on_request_alone(void **state)
{
    static const double x1[] = {0, 0, 3, 5}, x2[] = {0, 4, 5, 9},
                        n[] = {20, 20, 20, 20};
    mtp_effects *effects = two_groups(MTP_OR, 3, x1 + 1, n, x2 + 1, n);
    mtp_effects *all = two_groups(MTP_OR, 4, x1, n, x2, n);
    mtp_pool_options o = options_of(MTP_METHOD_MH);
    mtp_pool_result *r = pool(effects, NULL, &o);

    (void)state;
    assert_close(r->overall.common.estimate, -log(3.0), TOL0, 0.0);
    assert_close(r->overall.common.ci.se, 0.49486249493055023, 1e-13,
                 0.0); /* metafor */
    mtp_pool_result_free(r);
    r = pool(all, NULL, &o);
    assert_close(r->overall.common.estimate, -log(3.0), TOL0, 0.0);
    assert_close(r->overall.common.ci.se, 0.49486249493055023, 1e-13, 0.0);
    assert_close(r->weight_common[0], 0.0, 0.0, 0.0);
    mtp_pool_result_free(r);

    o.mh_add = 0.5;
    r = pool(effects, NULL, &o);
    assert_close(r->overall.common.estimate, -1.0488, 0.0, 5e-5); /* meta */
    assert_close(r->overall.common.estimate,
                 log((0.5 * 16.5 / 42 + 100.0 / 40) / (20.5 * 4.5 / 42 + 220.0 / 40)),
                 TOL1, 0.0);
    mtp_pool_result_free(r);
    /* metafor 3.8, add = c(1/2, 1/2), to = c("only0", "only0"), drop00 = FALSE */
    r = pool(all, NULL, &o);
    assert_close(r->overall.common.estimate, -0.99340170928764626, 1e-13, 0.0);
    assert_close(r->overall.common.ci.se, 0.4652616328751159, 1e-13, 0.0);
    assert_close(r->overall.stratified->cmh.statistic, 3.783344043932932, 1e-13, 0.0);
    assert_close(r->overall.stratified->tarone.statistic, 1.4737259474954048, 1e-12,
                 0.0);
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
    mtp_effects_free(all);
}

/* Which studies mh_to names: R and S by hand. */
static void the_rule_names_the_studies(void **state)
{
    static const double x1[] = {0, 2}, x2[] = {1, 3}, n[] = {9, 9};
    static const struct {
        mtp_add_to to;
        double R, S;
    } rule[] = {
        {MTP_ADD_NONE, 12.0 / 18, 9.0 / 18 + 21.0 / 18},
        {MTP_ADD_ONLY0, 0.5 * 8.5 / 20 + 12.0 / 18, 9.5 * 1.5 / 20 + 21.0 / 18},
        {MTP_ADD_ALL, 0.5 * 8.5 / 20 + 2.5 * 6.5 / 20, 9.5 * 1.5 / 20 + 7.5 * 3.5 / 20},
        {MTP_ADD_IF0ALL, 0.5 * 8.5 / 20 + 2.5 * 6.5 / 20,
         9.5 * 1.5 / 20 + 7.5 * 3.5 / 20}};
    mtp_effects *effects = two_groups(MTP_OR, 2, x1, n, x2, n);

    (void)state;
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++) {
        mtp_pool_options o = options_of(MTP_METHOD_MH);
        mtp_pool_result *r;

        o.mh_add = 0.5;
        o.mh_to = rule[i].to;
        r = pool(effects, NULL, &o);
        assert_close(r->overall.common.estimate, log(rule[i].R / rule[i].S), TOL1, 0.0);
        mtp_pool_result_free(r);
    }
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mantel_haenszel_has_13_digits),
        cmocka_unit_test(peto_has_13_digits),
        cmocka_unit_test(swapping_the_groups_changes_the_sign),
        cmocka_unit_test(cells_are_corrected_on_request_alone),
        cmocka_unit_test(the_rule_names_the_studies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
