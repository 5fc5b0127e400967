/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pearson's chi-square, G, Cramer's V and the conditional test. */
#include "metapool/composition.h"

#include "support/test.h"

enum { MAX = 16 };

static const char *const names[MAX] = {"a", "b", "c", "d", "e", "f", "g", "h",
                                       "i", "j", "k", "l", "m", "n", "o", "p"};

static const double setting[14] = {75, 15, 21, 4, 3, 6, 3, 217, 30, 21, 26, 24, 13, 6};
static const double tea[4] = {3, 1, 1, 3};

static mtp_composition *computed(const mtp_composition_options *options, size_t rows,
                                 size_t columns, const double counts[])
{
    mtp_composition *c = NULL;

    assert_int_equal(
        mtp_composition_compute(options, rows, columns, counts, names, names, &c, NULL),
        MTP_OK);
    return c;
}

static mtp_composition_options defaults(void)
{
    mtp_composition_options options;

    mtp_composition_options_init(&options, sizeof options);
    return options;
}

/*
 * R 4.2.2: chisq.test(t, correct = FALSE), 2 * sum(t * log(t / expected)),
 * min(expected), pchisq(..., lower.tail = FALSE, log.p = TRUE).
 */
static void test_statistics(void **state)
{
    mtp_composition_options options = defaults();
    mtp_composition *c;

    (void)state;
    options.draws = 0;
    c = computed(&options, 2, 7, setting);
    assert_close(c->chi_square.statistic, 18.936059022372810, TOL2, 0.0);
    assert_true(c->chi_square.df == 6.0 && isnan(c->chi_square.df2));
    assert_false(c->chi_square.is_f);
    assert_close(c->chi_square.p, 0.0042729933025918952, TOL3, 0.0);
    assert_close(c->chi_square.log_p, -5.4554406896999268, TOL3, 0.0);
    assert_close(c->g.statistic, 18.863718554680183, TOL3, 0.0);
    assert_close(c->g.p, 0.004400090304363443, TOL3, 0.0);
    assert_close(c->expected_min, 2.4633620689655173, TOL0, 0.0);
    /* sqrt(18.936059022372810 / 464) */
    assert_close(c->cramers_v, 0.20201601924346466, TOL2, 0.0);
    assert_int_equal(c->exact.method, MTP_EXACT_NONE);
    mtp_composition_free(c);

    c = computed(NULL, 2, 2, tea);
    assert_close(c->chi_square.p, 0.15729920705028447, TOL3, 0.0);
    mtp_composition_free(c);
}

/* Equal shares: both statistics are exactly 0, without a rounded rest. */
static void test_equal_shares(void **state)
{
    static const double same[6] = {7, 21, 49, 70, 210, 490};
    mtp_composition *c = computed(NULL, 2, 3, same);

    (void)state;
    assert_true(c->chi_square.statistic == 0.0 && c->g.statistic == 0.0);
    assert_true(c->chi_square.p == 1.0 && c->cramers_v == 0.0);
    assert_int_equal(c->exact.method, MTP_EXACT_NONE); /* 6.99 expected at least */
    mtp_composition_free(c);
}

/*
 * All tables summed up in rational arithmetic (Python, fractions); R 4.2.2,
 * fisher.test, gives the same 13 digits.
 */
static void test_exact(void **state)
{
    static const struct {
        size_t rows, columns;
        double count[14], p;
    } expected[] = {
        {2, 2, {3, 1, 1, 3}, 17.0 / 35.0},
        {3, 3, {2, 1, 0, 0, 4, 5, 3, 0, 1}, 16.0 / 1001.0},
        {3, 3, {8, 2, 1, 5, 0, 3, 3, 4, 6}, 4034581.0 / 66786710.0},
        {4, 2, {4, 1, 0, 2, 2, 2, 0, 1}, 41.0 / 231.0},
        {2, 2, {1200, 3, 900, 0}, 195401.0 / 736751.0},
        {2,
         7,
         {19, 4, 5, 1, 0, 2, 1, 19, 3, 5, 1, 4, 1, 1},
         191306674055701.0 / 300604560429173.0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        mtp_composition *c =
            computed(NULL, expected[i].rows, expected[i].columns, expected[i].count);

        assert_int_equal(c->exact.method, MTP_EXACT_FULL);
        assert_close(c->exact.p, expected[i].p, TOL2, 0.0);
        assert_true(isnan(c->exact.p_se) && c->exact.draws == 0);
        mtp_composition_free(c);
    }
}

/*
 * Two of four tables are equally improbable: p = 2 C(10^9, 3) / C(2 10^9, 3), mpmath.
 * Sums of log factorials near 4e10 would tear the tie apart.
 */
static void test_ties_among_large_counts(void **state)
{
    static const double large[4] = {999999997, 3, 1e9, 0};
    mtp_composition *c = computed(NULL, 2, 2, large);

    (void)state;
    assert_int_equal(c->exact.method, MTP_EXACT_FULL);
    assert_close(c->exact.p, 0.24999999962499999981, 1e-12, 0.0);
    mtp_composition_free(c);
}

/* Five tables have the margins of the tea test, 139 those of the 3 x 3 table. */
static void test_exact_limit(void **state)
{
    static const double three[9] = {2, 1, 0, 0, 4, 5, 3, 0, 1};
    static const struct {
        size_t n;
        const double *count;
        size_t limit;
        mtp_exact_method method;
    } cases[] = {
        {2, tea, 5, MTP_EXACT_FULL},          {2, tea, 4, MTP_EXACT_MONTE_CARLO},
        {3, three, 139, MTP_EXACT_FULL},      {3, three, 138, MTP_EXACT_MONTE_CARLO},
        {3, three, 0, MTP_EXACT_MONTE_CARLO},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        mtp_composition_options options = defaults();
        mtp_composition *c;

        options.exact_limit = cases[i].limit;
        options.draws = 10;
        c = computed(&options, cases[i].n, cases[i].n, cases[i].count);
        assert_int_equal(c->exact.method, cases[i].method);
        mtp_composition_free(c);
    }
}

/* Monte Carlo within five standard errors of what is known exactly. */
static void test_monte_carlo(void **state)
{
    static const struct {
        size_t rows, columns;
        double count[21], p;
    } expected[] = {
        /* rational arithmetic, as above */
        {3, 3, {2, 1, 0, 0, 4, 5, 3, 0, 1}, 16.0 / 1001.0},
        {4, 2, {4, 1, 0, 2, 2, 2, 0, 1}, 41.0 / 231.0},
        /* R 4.2.2: fisher.test(t, workspace = 2e8)$p.value */
        {2,
         7,
         {75, 15, 21, 4, 3, 6, 3, 217, 30, 21, 26, 24, 13, 6},
         0.0043088257594201766},
        {3,
         7,
         {154, 22, 18, 18, 10, 9, 5, 8, 0, 3, 2, 0, 1, 0, 20, 5, 0, 1, 2, 1, 2},
         0.19321937166040232},
    };

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        mtp_composition_options options = defaults();
        double p = expected[i].p;
        mtp_composition *c;

        options.exact_limit = 100;
        options.draws = 40000;
        if (expected[i].rows == 4) {
            options.exact_limit = 27; /* 28 tables */
        }
        c = computed(&options, expected[i].rows, expected[i].columns,
                     expected[i].count);
        assert_int_equal(c->exact.method, MTP_EXACT_MONTE_CARLO);
        assert_int_equal(c->exact.draws, 40000);
        assert_true(fabs(c->exact.p - p) < 5.0 * sqrt(p * (1.0 - p) / 40000.0));
        assert_close(c->exact.p_se, sqrt(p * (1.0 - p) / 40000.0), 0.2, 0.0);
        mtp_composition_free(c);
    }
}

static const char *note_of(const mtp_composition *c, mtp_note_code code,
                           const char *part)
{
    for (size_t i = 0; i < c->notes.count; i++) {
        if (c->notes.item[i].code == code && strstr(c->notes.item[i].text, part)) {
            return c->notes.item[i].text;
        }
    }
    return NULL;
}

/*
 * Large counts leave time for fewer draws, and huge ones for none. p: the third
 * category is hypergeometric, the rest normal at this size; mpmath, the sum over its 8
 * values of probability times normal tail, right to 1e-5.
 */
static void test_work_is_bounded(void **state)
{
    static const double large[6] = {2500025000, 2499975000, 3,
                                    2499975000, 2500025000, 4};
    static const double huge[6] = {2e15, 1e15, 3, 1e15, 2e15, 4};
    const double p = 0.62665418;
    mtp_composition *c = computed(NULL, 2, 3, large);

    (void)state;
    assert_int_equal(c->exact.method, MTP_EXACT_MONTE_CARLO);
    assert_in_range(c->exact.draws, 1000, 2000);
    assert_true(fabs(c->exact.p - p) <
                5.0 * sqrt(p * (1.0 - p) / (double)c->exact.draws));
    assert_non_null(note_of(c, MTP_NOTE_EXPECTED_SMALL, "of the 100000 random tables"));
    mtp_composition_free(c);

    c = computed(NULL, 2, 3, huge);
    assert_int_equal(c->exact.method, MTP_EXACT_NONE);
    assert_true(isnan(c->exact.p) && isnan(c->exact.p_se) && c->exact.draws == 0);
    assert_non_null(note_of(c, MTP_NOTE_NOT_DEFINED, "too large to draw"));
    mtp_composition_free(c);
}

static double monte_carlo(uint64_t seed, size_t draws, unsigned threads)
{
    mtp_composition_options options = defaults();
    mtp_composition *c;
    double p;

    options.seed = seed;
    options.draws = draws;
    options.threads = threads;
    c = computed(&options, 2, 7, setting);
    p = c->exact.p;
    mtp_composition_free(c);
    return p;
}

static void test_threads_change_nothing(void **state)
{
    double p = monte_carlo(7, 9999, 1);

    (void)state;
    assert_true(monte_carlo(7, 9999, 2) == p);
    assert_true(monte_carlo(7, 9999, 5) == p);
    assert_true(monte_carlo(8, 9999, 1) != p);
    /* the observed table counts: never 0, even when no draw hits */
    assert_true(monte_carlo(7, 1, 1) >= 0.5);
}

/* Swapping groups, or categories, is no other table: not a bit moves, draws included.
 */
static void test_order_changes_nothing(void **state)
{
    static const double a[9] = {8, 2, 1, 5, 0, 3, 3, 4, 6};
    static const double b[9] = {4, 6, 3, 2, 1, 8, 0, 3, 5};

    (void)state;
    for (size_t limit = 0; limit <= 5000; limit += 5000) {
        mtp_composition_options options = defaults();
        mtp_composition *c, *d;

        options.exact_limit = limit;
        options.draws = 5000;
        c = computed(&options, 3, 3, a);
        d = computed(&options, 3, 3, b);
        assert_int_equal(c->exact.method,
                         limit ? MTP_EXACT_FULL : MTP_EXACT_MONTE_CARLO);
        assert_true(d->chi_square.statistic == c->chi_square.statistic);
        assert_true(d->g.statistic == c->g.statistic);
        assert_true(d->exact.p == c->exact.p);
        mtp_composition_free(c);
        mtp_composition_free(d);
    }
}

static void test_small_expected_is_noted(void **state)
{
    mtp_composition *c = computed(NULL, 2, 2, tea);

    (void)state;
    assert_int_equal(c->notes.count, 2);
    assert_int_equal(c->notes.item[1].code, MTP_NOTE_EXPECTED_SMALL);
    assert_non_null(
        strstr(c->notes.item[1].text, "below 5: 4 of 4 (the smallest is 2)"));
    mtp_composition_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statistics),
        cmocka_unit_test(test_equal_shares),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_ties_among_large_counts),
        cmocka_unit_test(test_exact_limit),
        cmocka_unit_test(test_monte_carlo),
        cmocka_unit_test(test_work_is_bounded),
        cmocka_unit_test(test_threads_change_nothing),
        cmocka_unit_test(test_order_changes_nothing),
        cmocka_unit_test(test_small_expected_is_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
