/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/fragility.h"

#include "core/arena.h"
#include "support/test.h"

#include <stdlib.h>

/* Expected changes: the greedy search of Atal et al. written in R around rma(),
 * rma.mh() and rma.peto() of metafor 3.8-1, but for BCG, whose 28 changes in two trials
 * (8 events more in group 1 and 9 fewer in group 2 of the one, 11 more in group 1 of
 * the other) are also printed in the help of Stata's metafrag 2.0. */

enum { LONGEST = 600 };

typedef struct table {
    size_t k;
    const double *x1, *n1, *x2, *n2; /* x2 NULL: one group */
} table;

static const double bcg_x1[] = {4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27};
static const double bcg_n1[] = {123,   306,  231,  13598, 5069, 1541, 2545,
                                88391, 7499, 1716, 50634, 2498, 16913};
static const double bcg_x2[] = {11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29};
static const double bcg_n2[] = {139,   303,  220,  12867, 5808, 1451, 629,
                                88391, 7277, 1665, 27338, 2341, 17854};
/* The example of the authors' web page. */
static const double web_x1[] = {11, 8, 9, 2}, web_n1[] = {40, 16, 13, 16};
static const double web_x2[] = {6, 5, 8, 0}, web_n2[] = {40, 16, 15, 15};
static const double few_x1[] = {4, 6, 3, 8, 5}, few_n1[] = {123, 306, 231, 2545, 2498};
static const double few_x2[] = {11, 29, 11, 10, 3},
                    few_n2[] = {139, 303, 220, 629, 2341};
static const double zero_x1[] = {1, 2, 0, 0}, zero_x2[] = {7, 9, 0, 4};
static const double zero_n[] = {50, 60, 40, 30};
static const double part_x[] = {3, 5, 9, 12}, part_n[] = {20, 30, 25, 40};

static const table bcg = {13, bcg_x1, bcg_n1, bcg_x2, bcg_n2};
static const table web = {4, web_x1, web_n1, web_x2, web_n2};
static const table few = {5, few_x1, few_n1, few_x2, few_n2};
static const table zero = {4, zero_x1, zero_n, zero_x2, zero_n};
static const table part = {4, part_x, part_n, NULL, NULL};

static mtp_effects_options how_of(mtp_measure measure)
{
    mtp_effects_options how;

    mtp_effects_options_init(&how, sizeof how);
    how.measure = measure;
    return how;
}

static mtp_pool_options pool_of(mtp_method method, mtp_tau2_method tau2,
                                mtp_ci_method ci)
{
    mtp_pool_options pool;

    mtp_pool_options_init(&pool, sizeof pool);
    pool.method = method;
    pool.tau2 = tau2;
    pool.ci = ci;
    return pool;
}

static mtp_effects *effects_of(const table *t, const mtp_effects_options *how)
{
    mtp_raw raw = {.size = sizeof raw, .k = t->k};
    mtp_effects *made = NULL;

    raw.column[t->x2 ? MTP_ROLE_EVENTS1 : MTP_ROLE_EVENTS] = t->x1;
    raw.column[t->x2 ? MTP_ROLE_N1 : MTP_ROLE_N] = t->n1;
    if (t->x2) {
        raw.column[MTP_ROLE_EVENTS2] = t->x2;
        raw.column[MTP_ROLE_N2] = t->n2;
    }
    assert_int_equal(mtp_effects_compute(how, &raw, &made, NULL), MTP_OK);
    return made;
}

static mtp_fragility_result *fragility_of(const table *t,
                                          const mtp_effects_options *how,
                                          const mtp_pool_options *pool,
                                          const mtp_fragility_options *options)
{
    mtp_effects *effects = effects_of(t, how);
    mtp_fragility_result *r = NULL;
    mtp_error err;

    if (mtp_fragility(effects, how, pool, options, &r, &err) != MTP_OK) {
        print_error("%s\n", err.message);
        fail();
    }
    mtp_effects_free(effects);
    return r;
}

/* The changes as text, runs together: "12.1+x11 1.2-x9". */
static const char *text_of(const mtp_fragility_result *r, char text[LONGEST])
{
    int at = 0;

    text[0] = '\0';
    for (size_t i = 0, next; i < r->n_changes; i = next) {
        const mtp_fragility_change *c = &r->change[i];

        for (next = i + 1; next < r->n_changes && r->change[next].study == c->study &&
                           r->change[next].group == c->group;
             next++) {
        }
        at += snprintf(text + at, LONGEST - (size_t)at, "%s%zu.%d%cx%zu",
                       i > 0 ? " " : "", c->study + 1, c->group, c->by > 0 ? '+' : '-',
                       next - i);
    }
    return text;
}

static void test_published(void **state)
{
    static const struct {
        const table *of;
        mtp_measure measure;
        mtp_method method;
        mtp_tau2_method tau2;
        mtp_ci_method ci;
        double null_value; /* NaN: no difference */
        bool common, significant;
        const char *changes;
        double lower, upper; /* afterwards, to the precision of metafor's fits */
    } cases[] = {
        {&bcg, MTP_RR, MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD, (double)NAN,
         false, true, "12.1+x11 1.1+x8 1.2-x9", -1.021378585287, 0.002027903844},
        {&web, MTP_OR, MTP_METHOD_INVERSE, MTP_TAU2_EE, MTP_CI_WALD, (double)NAN, false,
         true, "3.1-x1", -0.018975594067, 1.458307615933},
        {&web, MTP_OR, MTP_METHOD_INVERSE, MTP_TAU2_DL, MTP_CI_HKSJ, (double)NAN, false,
         true, "3.1-x2", -0.109030616571, 1.389074001480},
        {&web, MTP_OR, MTP_METHOD_MH, MTP_TAU2_DL, MTP_CI_WALD, (double)NAN, true, true,
         "4.2+x2", -0.062853288899, 1.369260313822},
        {&web, MTP_RR, MTP_METHOD_INVERSE, MTP_TAU2_EE, MTP_CI_WALD, (double)NAN, true,
         false, "3.1+x1", 0.050727331321, 0.876390153144},
        {&web, MTP_RR, MTP_METHOD_INVERSE, MTP_TAU2_DL, MTP_CI_HKSJ, (double)NAN, false,
         true, "3.2+x1", -0.140587611929, 0.816981570365},
        {&web, MTP_RR, MTP_METHOD_MH, MTP_TAU2_DL, MTP_CI_WALD, (double)NAN, true, true,
         "4.2+x2", -0.041366705886, 0.841775328619},
        {&web, MTP_RD, MTP_METHOD_INVERSE, MTP_TAU2_EE, MTP_CI_WALD, (double)NAN, false,
         true, "4.2+x1", -0.002900618014, 0.232135681687},
        {&web, MTP_RD, MTP_METHOD_INVERSE, MTP_TAU2_DL, MTP_CI_HKSJ, (double)NAN, false,
         true, "4.1-x2", -0.076906544710, 0.188465794739},
        {&web, MTP_RD, MTP_METHOD_MH, MTP_TAU2_DL, MTP_CI_WALD, (double)NAN, true, true,
         "4.2+x2", -0.009084577601, 0.245238776528},
        {&web, MTP_AS, MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD, (double)NAN,
         false, true, "4.2+x2", -0.017188675678, 0.282729315414},
        {&web, MTP_PETO, MTP_METHOD_PETO, MTP_TAU2_DL, MTP_CI_WALD, (double)NAN, true,
         true, "4.2+x2", -0.062725953131, 1.322927882150},
        {&few, MTP_OR, MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_HKSJ, (double)NAN,
         false, true, "5.1+x1", -2.214386669022, 0.015475659023},
        {&few, MTP_OR, MTP_METHOD_MH, MTP_TAU2_DL, MTP_CI_WALD, (double)NAN, true, true,
         "1.1+x15 4.2-x9", -0.850705603792, 0.001631593229},
        {&zero, MTP_OR, MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD, (double)NAN,
         false, true, "3.1+x1 2.1+x3 3.1+x1", -2.081724500565, 0.242431312878},
        {&zero, MTP_OR, MTP_METHOD_MH, MTP_TAU2_DL, MTP_CI_WALD, (double)NAN, true,
         true, "3.1+x7", -1.487707318530, 0.055909443443},
        {&part, MTP_PLO, MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD, 0.5, false,
         true, "3.1+x6", -1.853913182544, 0.072406583695},
        {&part, MTP_PR, MTP_METHOD_INVERSE, MTP_TAU2_DL, MTP_CI_WALD, 0.3, false, false,
         "3.1-x2", 0.144923813526, 0.295708524725},
        {&part, MTP_PLO, MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD, 0.3, false,
         false, "3.1-x2 4.1-x2 3.1-x1", -1.763782746773, -0.859157220212},
    };
    char text[LONGEST];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_effects_options how = how_of(cases[i].measure);
        mtp_pool_options pool = pool_of(cases[i].method, cases[i].tau2, cases[i].ci);
        mtp_fragility_options options;
        mtp_fragility_result *r;

        mtp_fragility_options_init(&options, sizeof options);
        options.common = cases[i].common;
        pool.null_value = cases[i].null_value;
        r = fragility_of(cases[i].of, &how, &pool, &options);
        if (strcmp(text_of(r, text), cases[i].changes) != 0) {
            print_error("case %zu: %s, not %s\n", i, text, cases[i].changes);
            fail();
        }
        assert_int_equal(r->end, MTP_FRAGILITY_FOUND);
        assert_int_equal(r->significant, cases[i].significant);
        assert_close(r->after.ci_lower, cases[i].lower, 0.0, 1e-7);
        assert_close(r->after.ci_upper, cases[i].upper, 0.0, 1e-7);
        assert_true(r->index == (double)r->n_changes);
        mtp_fragility_free(r);
    }
}

/* Figures around the search, by hand and from rma() of metafor 3.8-1. */
static void test_figures(void **state)
{
    mtp_effects_options how = how_of(MTP_RR);
    mtp_pool_options pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD);
    mtp_fragility_result *r = fragility_of(&bcg, &how, &pool, NULL);

    (void)state;
    assert_true(r->n == 357347.0 && r->events == 2575.0);
    assert_close(r->quotient, 28.0 / 357347.0, TOL0, 0.0);
    assert_close(r->event_quotient, 28.0 / 2575.0, TOL0, 0.0);
    assert_close(r->before.ci_lower, -1.066897638811, 0.0, 1e-7);
    assert_close(r->before.ci_upper, -0.362167045506, 0.0, 1e-7);
    assert_true(r->before.null_value == 0.0 && r->before.p < 0.05);
    assert_true(r->after.p > 0.05);
    assert_true(r->upwards);
    assert_int_equal(r->k, 13);
    for (size_t i = 0; i < r->k; i++) {
        assert_true(r->events1[i] == bcg_x1[i] + (i == 11 ? 11.0 : i == 0 ? 8.0 : 0.0));
        assert_true(r->events2[i] == bcg_x2[i] - (i == 0 ? 9.0 : 0.0));
    }
    assert_true(r->change[10].events == 16.0); /* 5 and 11 */
    assert_true(r->change[27].events == 2.0);  /* 11 less 9 */
    mtp_fragility_free(r);
}

/* Every estimate on the way is that of mtp_effects_compute and mtp_pool of the changed
 * counts, to the last bit. */
static void check_way(const table *of, const mtp_effects_options *how,
                      const mtp_pool_options *pool, bool common)
{
    double x1[16], x2[16];
    table t = {of->k, x1, of->n1, x2, of->n2};
    mtp_fragility_options options;
    mtp_fragility_result *r;

    mtp_fragility_options_init(&options, sizeof options);
    options.common = common;
    options.keep00 = true;
    r = fragility_of(of, how, pool, &options);
    memcpy(x1, of->x1, of->k * sizeof *x1);
    memcpy(x2, of->x2, of->k * sizeof *x2);
    assert_true(r->n_changes > 0);
    for (size_t c = 0; c < r->n_changes; c++) {
        const mtp_fragility_change *change = &r->change[c];
        const mtp_estimate *e;
        mtp_pool_result *pooled = NULL;
        mtp_effects *effects;

        (change->group == 1 ? x1 : x2)[change->study] += change->by;
        effects = effects_of(&t, how);
        assert_int_equal(mtp_pool(effects, NULL, pool, &pooled, NULL), MTP_OK);
        e = common ? &pooled->overall.common : &pooled->overall.random;
        assert_true(change->estimate.estimate == e->estimate);
        assert_true(change->estimate.ci_lower == e->ci.lower);
        assert_true(change->estimate.ci_upper == e->ci.upper);
        mtp_pool_result_free(pooled);
        mtp_effects_free(effects);
    }
    for (size_t i = 0; i < of->k; i++) {
        assert_true(r->events1[i] == x1[i] && r->events2[i] == x2[i]);
    }
    mtp_fragility_free(r);
}

static void test_pooled_anew(void **state)
{
    mtp_effects_options how = how_of(MTP_OR);
    mtp_pool_options pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_PM, MTP_CI_HKSJ);

    (void)state;
    check_way(&few, &how, &pool, false);
    check_way(&zero, &how, &pool, true);
    pool = pool_of(MTP_METHOD_MH, MTP_TAU2_DL, MTP_CI_WALD);
    check_way(&zero, &how, &pool, true);
    pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_ML, MTP_CI_PL);
    check_way(&web, &how, &pool, false);
    /* effects that depend on all studies */
    pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD);
    how.to = MTP_ADD_IF0ALL;
    check_way(&web, &how, &pool, false);
    check_way(&zero, &how, &pool, false);
    how = how_of(MTP_RD);
    how.vtype = MTP_VTYPE_AV;
    check_way(&few, &how, &pool, false);
}

/* The smallest number of changes, of any group in any direction: all tables at a
 * distance of 1, of 2, ... until one has turned. */
typedef struct exhaustive {
    mtp_effects_options how;
    mtp_pool_options pool;
    bool significant;
    table t;
    double *x[2];
} exhaustive;

static bool is_significant(const exhaustive *e)
{
    mtp_effects *effects = effects_of(&e->t, &e->how);
    mtp_pool_result *pooled = NULL;
    bool significant;

    assert_int_equal(mtp_pool(effects, NULL, &e->pool, &pooled, NULL), MTP_OK);
    significant =
        pooled->overall.random.ci.lower > 0.0 || pooled->overall.random.ci.upper < 0.0;
    mtp_pool_result_free(pooled);
    mtp_effects_free(effects);
    return significant;
}

static bool turns(exhaustive *e, size_t from, int left)
{
    if (left == 0) {
        return is_significant(e) != e->significant;
    }
    for (size_t cell = from; cell < 2 * e->t.k; cell++) {
        double *x = &e->x[cell % 2][cell / 2], was = *x;
        double n = (cell % 2 ? e->t.n2 : e->t.n1)[cell / 2];

        for (int by = -left; by <= left; by++) {
            bool turned;

            *x = was + by;
            if (by == 0 || *x < 0.0 || *x > n) {
                *x = was;
                continue;
            }
            turned = turns(e, cell + 1, left - abs(by));
            *x = was;
            if (turned) {
                return true;
            }
        }
    }
    return false;
}

static void test_against_all(void **state)
{
    static const double n1[] = {30, 40, 25}, n2[] = {30, 38, 25};
    double x1[3], x2[3];
    unsigned greedy = 0, equal = 0;

    (void)state;
    for (unsigned set = 0; set < 12; set++) {
        exhaustive e = {.how = how_of(set % 2 ? MTP_RD : MTP_OR),
                        .pool =
                            pool_of(MTP_METHOD_INVERSE,
                                    set % 3 ? MTP_TAU2_DL : MTP_TAU2_EE, MTP_CI_WALD),
                        .t = {3, x1, n1, x2, n2},
                        .x = {x1, x2}};
        mtp_fragility_options options;
        mtp_fragility_result *r;
        int fewest = 1;

        mtp_fragility_options_init(&options, sizeof options);
        options.keep00 = true;
        for (size_t i = 0; i < 3; i++) {
            x1[i] = 3.0 + (double)((set * 5 + i * 7) % 4);
            x2[i] = x1[i] + (double)((set * 3 + i * 2) % 8);
        }
        r = fragility_of(&e.t, &e.how, &e.pool, &options);
        e.significant = is_significant(&e);
        assert_int_equal(r->significant, e.significant);
        while (fewest < (int)r->n_changes && fewest < 4 && !turns(&e, 0, fewest)) {
            fewest++;
        }
        assert_int_equal(r->end, MTP_FRAGILITY_FOUND);
        if (r->n_changes <= 4) { /* the others are not searched to the end */
            greedy++;
            equal += (int)r->n_changes == fewest;
        }
        mtp_fragility_free(r);
    }
    assert_true(greedy >= 8 && equal >= greedy - 1);
}

/* More changes than allowed; and none left to make. */
static void test_ends(void **state)
{
    static const double x[] = {0, 0, 0}, n[] = {1, 1, 1};
    static const table tiny = {3, x, n, x, n};
    mtp_effects_options how = how_of(MTP_RR);
    mtp_pool_options pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD);
    mtp_fragility_options options;
    mtp_fragility_result *r;

    (void)state;
    mtp_fragility_options_init(&options, sizeof options);
    options.max_changes = 27;
    r = fragility_of(&bcg, &how, &pool, &options);
    assert_int_equal(r->end, MTP_FRAGILITY_CAP);
    assert_true(isnan(r->index) && isnan(r->quotient) && r->n_changes == 27);
    assert_true(r->after.ci_upper < 0.0);
    mtp_fragility_free(r);
    options.max_changes = 28;
    r = fragility_of(&bcg, &how, &pool, &options);
    assert_int_equal(r->end, MTP_FRAGILITY_FOUND);
    mtp_fragility_free(r);
    options.max_changes = 0;
    r = fragility_of(&bcg, &how, &pool, &options);
    assert_int_equal(r->end, MTP_FRAGILITY_CAP);
    assert_true(r->after.estimate == r->before.estimate && r->n_changes == 0);
    mtp_fragility_free(r);
    options.max_changes = 500;
    options.keep00 = true;
    r = fragility_of(&tiny, &how, &pool, &options);
    assert_int_equal(r->end, MTP_FRAGILITY_EXHAUSTED);
    assert_true(isnan(r->index) && !r->significant);
    mtp_fragility_free(r);
}

/* Exchanged groups and rows change nothing but names; nor do threads. */
static void test_symmetry(void **state)
{
    table exchanged = {few.k, few.x2, few.n2, few.x1, few.n1};
    mtp_effects_options how = how_of(MTP_OR);
    mtp_pool_options pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_REML, MTP_CI_WALD);
    mtp_fragility_result *r = fragility_of(&few, &how, &pool, NULL), *other;

    (void)state;
    other = fragility_of(&exchanged, &how, &pool, NULL);
    assert_int_equal(r->n_changes, other->n_changes);
    for (size_t i = 0; i < r->n_changes; i++) {
        assert_int_equal(r->change[i].study, other->change[i].study);
        assert_int_equal(r->change[i].group + other->change[i].group, 3);
        assert_int_equal(r->change[i].by, other->change[i].by);
    }
    assert_true(r->upwards != other->upwards);
    mtp_fragility_free(other);
    pool.threads = 3;
    other = fragility_of(&few, &how, &pool, NULL);
    assert_int_equal(r->n_changes, other->n_changes);
    for (size_t i = 0; i < r->n_changes; i++) {
        assert_int_equal(r->change[i].study, other->change[i].study);
        assert_true(r->change[i].estimate.ci_lower ==
                    other->change[i].estimate.ci_lower);
    }
    mtp_fragility_free(other);
    mtp_fragility_free(r);
}

/* A study with a ready-made effect is pooled and keeps it; weights and clusters stay
 * with their studies. */
static void test_ready_made(void **state)
{
    static const double x1[] = {11, 8, 9, 2, (double)NAN};
    static const double n1[] = {40, 16, 13, 16, (double)NAN};
    static const double x2[] = {6, 5, 8, 0, (double)NAN};
    static const double n2[] = {40, 16, 15, 15, (double)NAN};
    static const double yi[] = {(double)NAN, (double)NAN, (double)NAN, (double)NAN,
                                0.6};
    static const double vi[] = {(double)NAN, (double)NAN, (double)NAN, (double)NAN,
                                0.09};
    mtp_raw raw = {.size = sizeof raw, .k = 5};
    mtp_effects_options how = how_of(MTP_OR);
    mtp_pool_options pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_DL, MTP_CI_WALD);
    mtp_effects *effects = NULL;
    mtp_fragility_result *r = NULL;

    (void)state;
    raw.column[MTP_ROLE_EVENTS1] = x1;
    raw.column[MTP_ROLE_N1] = n1;
    raw.column[MTP_ROLE_EVENTS2] = x2;
    raw.column[MTP_ROLE_N2] = n2;
    raw.column[MTP_ROLE_YI] = yi;
    raw.column[MTP_ROLE_VI] = vi;
    assert_int_equal(mtp_effects_compute(&how, &raw, &effects, NULL), MTP_OK);
    assert_int_equal(mtp_fragility(effects, &how, &pool, NULL, &r, NULL), MTP_OK);
    assert_int_equal(r->end, MTP_FRAGILITY_FOUND);
    assert_true(r->n == 171.0 && r->events == 49.0);
    assert_true(isnan(r->events1[4]) && isnan(r->events2[4]));
    for (size_t i = 0; i < r->n_changes; i++) {
        assert_true(r->change[i].study < 4);
    }
    mtp_fragility_free(r);
    mtp_effects_free(effects);
}

static void test_refusals(void **state)
{
    mtp_effects_options how = how_of(MTP_PLO), wrong = how_of(MTP_OR), gen;
    mtp_effects *effects = effects_of(&part, &how), *ready = NULL;
    mtp_raw raw = {.size = sizeof raw, .k = 4};
    mtp_fragility_options unset = {0};
    mtp_fragility_result *r = NULL;

    (void)state;
    assert_int_equal(mtp_fragility(effects, &how, NULL, NULL, &r, NULL), MTP_E_ARG);
    assert_int_equal(mtp_fragility(effects, &wrong, NULL, NULL, &r, NULL), MTP_E_ARG);
    assert_int_equal(mtp_fragility(effects, &how, NULL, &unset, &r, NULL), MTP_E_ARG);
    mtp_effects_free(effects);
    raw.column[MTP_ROLE_YI] = part_x;
    raw.column[MTP_ROLE_VI] = part_n;
    gen = how_of(MTP_GEN);
    assert_int_equal(mtp_effects_compute(&gen, &raw, &ready, NULL), MTP_OK);
    assert_int_equal(mtp_fragility(ready, &gen, NULL, NULL, &r, NULL),
                     MTP_E_UNSUPPORTED);
    mtp_effects_free(ready);
    assert_int_equal(mtp_effects_compute(&wrong, &raw, &ready, NULL), MTP_OK);
    assert_int_equal(mtp_fragility(ready, &wrong, NULL, NULL, &r, NULL), MTP_E_DATA);
    mtp_effects_free(ready);
    assert_null(r);
    mtp_fragility_free(NULL);
    assert_string_equal(mtp_fragility_id(MTP_FRAGILITY_CAP), "cap");
    assert_int_equal(mtp_fragility_from_id("Exhausted"), MTP_FRAGILITY_EXHAUSTED);
}

static void test_no_memory(void **state)
{
    mtp_effects_options how = how_of(MTP_OR);
    mtp_pool_options pool = pool_of(MTP_METHOD_INVERSE, MTP_TAU2_DL, MTP_CI_WALD);
    mtp_effects *effects = effects_of(&web, &how);
    mtp_status status = MTP_E_NOMEM;
    size_t n = 0;

    (void)state;
    how.to = MTP_ADD_IF0ALL;
    while (status == MTP_E_NOMEM) {
        mtp_fragility_result *r = NULL;

        mtp_arena_fail_after(++n);
        status = mtp_fragility(effects, &how, &pool, NULL, &r, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || !r);
        mtp_fragility_free(r);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(n > 20);
    mtp_effects_free(effects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),   cmocka_unit_test(test_figures),
        cmocka_unit_test(test_pooled_anew), cmocka_unit_test(test_against_all),
        cmocka_unit_test(test_ends),        cmocka_unit_test(test_symmetry),
        cmocka_unit_test(test_ready_made),  cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
