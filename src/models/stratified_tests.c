/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/stratified_tests.h"

#include "models/between.h"

/* The correction never turns a difference into its opposite: from half an event down
 * the corrected statistic is 0. */
static mtp_test association(mtp_dd difference, mtp_dd v, bool corrected)
{
    mtp_dd half = {0.5, 0.0};

    if (!(v.hi > 0.0)) {
        return mtp_test_missing();
    }
    if (difference.hi < 0.0) {
        difference = mtp_dd_neg(difference);
    }
    if (corrected) {
        difference = mtp_dd_less(half, difference) ? mtp_dd_sub(difference, half)
                                                   : mtp_dd_from(0.0);
    }
    return mtp_test_chisq(mtp_dd_to(mtp_dd_mul(mtp_dd_div(difference, v), difference)),
                          1.0);
}

static void test_association(const mtp_study_set *set, mtp_stratified *tests)
{
    mtp_dd difference = {0.0, 0.0}, v = difference, binomial = difference;

    for (size_t i = 0; i < set->k; i++) {
        mtp_score score = mtp_score_of(set, i);

        difference = mtp_dd_add(difference, score.difference);
        v = mtp_dd_add(v, score.v);
        binomial = mtp_dd_add(binomial, score.binomial);
    }
    tests->cmh = association(difference, v, true);
    tests->cmh_uncorrected = association(difference, v, false);
    if (!mtp_strata_are_rates(set)) {
        tests->cochran = association(difference, binomial, true);
        tests->cochran_uncorrected = association(difference, binomial, false);
    }
}

/* The table at odds ratio psi with the margins of t. */
typedef struct expected {
    mtp_dd a, b, c, d;
} expected;

static expected expected_at(const mtp_stratum *t, mtp_dd psi)
{
    mtp_dd events = mtp_dd_two_sum(t->x1, t->x2);
    mtp_dd others = mtp_dd_two_sum(t->m1, t->m2);
    mtp_dd one = {1.0, 0.0}, square = mtp_dd_sub(psi, one);
    mtp_dd constant = mtp_dd_mul(mtp_dd_mul(psi, t->n1), events);
    mtp_dd linear = mtp_dd_mul(psi, mtp_dd_add(t->n1, events));
    mtp_dd root;
    expected e;

    linear = mtp_dd_add(linear, mtp_dd_sub(t->n2, events));
    root = mtp_dd_mul_d(mtp_dd_mul(square, constant), 4.0);
    root = mtp_dd_sqrt(mtp_dd_sub(mtp_dd_sqr(linear), root));
    if (linear.hi >= 0.0) {
        e.a = mtp_dd_div(mtp_dd_mul_d(constant, 2.0), mtp_dd_add(linear, root));
    } else { /* psi < 1 */
        e.a = mtp_dd_div(mtp_dd_sub(linear, root), mtp_dd_mul_d(square, 2.0));
    }
    e.b = mtp_dd_sub(t->n1, e.a);
    e.c = mtp_dd_sub(events, e.a);
    e.d = mtp_dd_sub(others, e.b);
    return e;
}

static mtp_dd variance_of(const expected *e)
{
    mtp_dd sum = mtp_dd_add(mtp_dd_inv(e->a), mtp_dd_inv(e->b));

    sum = mtp_dd_add(sum, mtp_dd_add(mtp_dd_inv(e->c), mtp_dd_inv(e->d)));
    return mtp_dd_inv(sum);
}

static void test_odds_ratios(const mtp_study_set *set, mtp_stratified *tests)
{
    mtp_dd zero = {0.0, 0.0}, R, S, spread = zero, sum = zero, v = zero, shift;
    size_t tables = 0;

    mtp_odds_ratio_sums(set, &R, &S);
    if (!(R.hi > 0.0 && S.hi > 0.0)) {
        return;
    }
    for (size_t i = 0; i < set->k; i++) {
        mtp_stratum t = mtp_stratum_of(set, i);

        if (t.x1 + t.x2 > 0.0 && t.m1 + t.m2 > 0.0) {
            expected e = expected_at(&t, mtp_dd_div(R, S));
            mtp_dd r = mtp_dd_sub(mtp_dd_from(t.x1), e.a), var = variance_of(&e);

            spread = mtp_dd_add(spread, mtp_dd_div(mtp_dd_sqr(r), var));
            sum = mtp_dd_add(sum, r);
            v = mtp_dd_add(v, var);
            tables++;
        }
    }
    shift = mtp_dd_div(mtp_dd_sqr(sum), v);
    tests->breslow_day = mtp_test_chisq(mtp_dd_to(spread), (double)tables - 1.0);
    spread = mtp_dd_less(shift, spread) ? mtp_dd_sub(spread, shift) : zero;
    tests->tarone = mtp_test_chisq(mtp_dd_to(spread), (double)tables - 1.0);
}

void mtp_stratified_tests(const mtp_study_set *set, mtp_stratified *tests)
{
    tests->cmh = tests->cmh_uncorrected = mtp_test_missing();
    tests->cochran = tests->cochran_uncorrected = mtp_test_missing();
    tests->breslow_day = tests->tarone = mtp_test_missing();
    test_association(set, tests);
    if (set->measure->measure == MTP_OR) {
        test_odds_ratios(set, tests);
    }
}
