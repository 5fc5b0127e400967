/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves of p-values: at p = 1 - level they are the intervals of the pooling, which
 * makes its own by another way; and p of them is the normal's or t's. */
#include "plot/drapery_figure.h"
#include "support/test.h"

#include <string.h>

static const char data[] = "y,s,c\n0.3,0.2,a\n-0.1,0.25,a\n0.8,0.3,b\n0.1,0.1,b\n"
                           "0.5,0.4,c\n1.1,0.35,d\n0.2,0.15,d\n";

static mtp_bundle *analyse(const char *option, const char *value, const char *level)
{
    mtp_table_options options;
    mtp_table *table = NULL;
    mtp_request *request = NULL;
    mtp_bundle *bundle = NULL;

    mtp_table_options_init(&options, sizeof options);
    assert_int_equal(mtp_table_parse_csv("a.csv", data, sizeof data - 1, &options,
                                         &table, NULL, NULL),
                     MTP_OK);
    assert_int_equal(mtp_request_new(MTP_COMMAND_DRAPERY, &request, NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "yi", "y", NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "sei", "s", NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, "level", level, NULL), MTP_OK);
    assert_int_equal(mtp_request_set(request, option, value, NULL), MTP_OK);
    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    mtp_request_free(request);
    mtp_table_free(table);
    return bundle;
}

static const mtp_drape *find(const mtp_drapery *drapery, mtp_drape_kind kind)
{
    for (size_t i = 0; i < drapery->n; i++) {
        if (drapery->curve[i].kind == kind) {
            return &drapery->curve[i];
        }
    }
    return NULL;
}

/* The interval at the level, and p at its ends. */
static void assert_reads(const mtp_bundle *bundle, const mtp_drapery *drapery,
                         mtp_drape_kind kind, double lower, double upper)
{
    const mtp_drape *curve = find(drapery, kind);
    double reach, p = 1.0 - bundle->level;

    assert_non_null(curve);
    reach = mtp_drape_reach(drapery, curve, drapery->at_level);
    assert_close(curve->estimate - reach, lower, TOL1, 4e-15);
    assert_close(curve->estimate + reach, upper, TOL1, 4e-15);
    assert_close(mtp_drape_p(curve, lower), p, 1e-11, 0.0);
    assert_close(mtp_drape_p(curve, upper), p, 1e-11, 0.0);
}

static void check(const char *option, const char *value, const char *level)
{
    mtp_bundle *bundle = analyse(option, value, level);
    const mtp_pooled *overall = &bundle->pool->overall;
    mtp_arena *arena = mtp_arena_new();
    mtp_drapery drapery;

    assert_true(mtp_drapery_make(bundle, arena, &drapery));
    assert_close(2.0 * drapery.tail[drapery.at_level], 1.0 - bundle->level, 1e-11, 0.0);
    assert_reads(bundle, &drapery, MTP_DRAPE_COMMON, overall->common.ci.lower,
                 overall->common.ci.upper);
    assert_reads(bundle, &drapery, MTP_DRAPE_RANDOM, overall->random.ci.lower,
                 overall->random.ci.upper);
    if (isnan(overall->random.pi.lower)) {
        assert_null(find(&drapery, MTP_DRAPE_PREDICTION));
    } else {
        assert_reads(bundle, &drapery, MTP_DRAPE_PREDICTION, overall->random.pi.lower,
                     overall->random.pi.upper);
    }
    assert_reads(bundle, &drapery, MTP_DRAPE_STUDY, bundle->studies[0].ci_lower,
                 bundle->studies[0].ci_upper);
    mtp_arena_free(arena);
    mtp_bundle_free(bundle);
}

static void the_level_reads_the_interval(void **state)
{
    static const char *const option[][2] = {
        {"ci", "wald"},       {"ci", "t"},         {"ci", "hksj"},
        {"ci", "hksj-adhoc"}, {"ci", "hksj-wide"}, {"ci", "kr"},
        {"cluster", "c"},     {"predict", "wald"}, {"predict", "v"},
        {"predict", "hts"},   {"predict", "hk"},   {"predict", "hk-pr"},
        {"predict", "kr-pr"}, {"predict", "none"}, {"tau2", "EE"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof option / sizeof option[0]; i++) {
        check(option[i][0], option[i][1], "95");
        check(option[i][0], option[i][1], "50");
        check(option[i][0], option[i][1], "99.99");
    }
}

/* The longer one of two is that of the larger p, whichever it is: with a level of 50
 * percent it is not the one of 99.99. */
static void a_wide_interval_takes_the_larger_p(void **state)
{
    mtp_bundle *bundle = analyse("ci", "hksj-wide", "95");
    mtp_arena *arena = mtp_arena_new();
    mtp_drapery drapery;
    const mtp_drape *curve;

    (void)state;
    assert_true(mtp_drapery_make(bundle, arena, &drapery));
    curve = find(&drapery, MTP_DRAPE_RANDOM);
    assert_int_equal(curve->n_parts, 2);
    for (size_t i = 1; i < drapery.n_tails; i++) {
        mtp_drape wald = *curve, hksj = *curve;
        double effect = curve->estimate + mtp_drape_reach(&drapery, curve, i);

        wald.n_parts = hksj.n_parts = 1;
        hksj.part[0] = curve->part[1];
        assert_close(fmax(mtp_drape_p(&wald, effect), mtp_drape_p(&hksj, effect)),
                     2.0 * drapery.tail[i], 1e-12, 0.0);
    }
    mtp_arena_free(arena);
    mtp_bundle_free(bundle);
}

/* p of a study, y = 0.3, se = 0.2: erfc(|y - x| / (se sqrt(2))). Python 3.11,
 * math.erfc. */
static void a_study_has_the_p_of_the_normal(void **state)
{
    static const double effect[] = {0.3, 0.2, 0.0, -0.4};
    static const double want[] = {1.0, 0.6170750774519739, 0.13361440253771625,
                                  0.0004652581580710512};
    mtp_bundle *bundle = analyse("ci", "wald", "95");
    mtp_arena *arena = mtp_arena_new();
    mtp_drapery drapery;

    (void)state;
    assert_true(mtp_drapery_make(bundle, arena, &drapery));
    for (size_t i = 0; i < 4; i++) {
        assert_close(mtp_drape_p(&drapery.curve[0], effect[i]), want[i], 1e-13, 0.0);
    }
    mtp_arena_free(arena);
    mtp_bundle_free(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_level_reads_the_interval),
        cmocka_unit_test(a_wide_interval_takes_the_larger_p),
        cmocka_unit_test(a_study_has_the_p_of_the_normal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
