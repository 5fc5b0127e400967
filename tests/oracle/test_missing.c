/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/excess_significance.h"
#include "metapool/failsafe.h"
#include "metapool/trim_fill.h"

#include "bias/failsafe_general.h"
#include "num/dist.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

#include <jansson.h>

/* Trim and fill, fail-safe numbers and tests of excess significance against metafor
 * (missing_metafor.json). */

enum { DIRECT = 10, ITERATED = 8 };

typedef struct missing_case {
    const json_t *json, *expected;
    const char *id, *kind;
    mtp_effects *effects;
    mtp_tau2_method tau2;
    scoreboard *board;
} missing_case;

static const char *text_of(const missing_case *c, const char *key)
{
    const char *text = json_string_value(json_object_get(c->json, key));

    return text ? text : "";
}

static bool is_set(const missing_case *c, const char *key)
{
    return json_is_true(json_object_get(c->json, key));
}

static double wanted(const missing_case *c, const char *key)
{
    const json_t *value = json_object_get(c->expected, key);

    return value ? oracle_number(value) : (double)NAN;
}

static int digits_of(const missing_case *c)
{
    const json_t *digits = json_object_get(c->json, "digits");

    if (digits) {
        assert_true(strlen(text_of(c, "reason")) > 0);
        return (int)json_integer_value(digits);
    }
    return c->tau2 == MTP_TAU2_EE || c->tau2 == MTP_TAU2_DL ? DIRECT : ITERATED;
}

static void check_value(const missing_case *c, const char *figure, double got,
                        double want)
{
    bool small = strcmp(figure, "pval") == 0 && want > 0.0 && want < 1e-15;

    if (!isnan(want)) {
        got = small ? log(got) : got;
        want = small ? log(want) : want;
        scoreboard_add(c->board, c->kind, figure, c->id, got, want,
                       fabs(got - want) <= 1e-12 ? 0.0 : digits_of(c));
    }
}

static void check(const missing_case *c, const char *figure, const char *key,
                  double got)
{
    check_value(c, figure, got, wanted(c, key));
}

static void fail_with(const missing_case *c, const mtp_error *err)
{
    fail_msg("%s: %s", c->id, err->message);
}

/* Trim and fill. */

static void check_pooled(const missing_case *c, const mtp_pooled *pooled)
{
    const mtp_estimate *e = &pooled->random;
    const mtp_heterogeneity *h = &pooled->heterogeneity;
    bool common = c->tau2 == MTP_TAU2_EE;

    check(c, "k", "k", (double)pooled->k);
    check(c, "beta", "beta", e->estimate);
    check(c, "se", "se", e->ci.se);
    check(c, "stat", "stat", e->ci.statistic);
    check(c, "pval", "pval", e->ci.p);
    check(c, "ci_lb", "ci_lb", e->ci.lower);
    check(c, "ci_ub", "ci_ub", e->ci.upper);
    check(c, "tau2", "tau2", h->tau2);
    check(c, "se_tau2", "se_tau2", h->tau2_se);
    check(c, "I2", "I2", common ? h->I2_Q : h->I2);
    check(c, "QE", "QE", h->Q);
    check(c, "pval", "QEp", h->p);
}

static void run_trim_fill(const missing_case *c)
{
    mtp_trim_fill_options options;
    mtp_trim_fill_result *r = NULL;
    mtp_pool_options pool;
    mtp_error err = {0};

    mtp_pool_options_init(&pool, sizeof pool);
    pool.tau2 = c->tau2;
    pool.ci = MTP_CI_WALD;
    pool.null_value = mtp_back_transform(MTP_GEN, 0.0, 0.0, NULL);
    mtp_trim_fill_options_init(&options, sizeof options);
    options.estimator =
        (mtp_trim_fill_estimator)mtp_trim_fill_from_id(text_of(c, "estimator"));
    options.side = (mtp_side)mtp_side_from_id(text_of(c, "side"));
    if (mtp_trim_fill(c->effects, &pool, &options, &r, &err) != MTP_OK) {
        fail_with(c, &err);
    }
    check(c, "k0", "k0", (double)r->k0);
    check(c, "se_k0", "se_k0", r->k0_se);
    check(c, "pval", "p_k0", r->k0_p);
    assert_int_equal(isnan(r->k0_se), isnan(wanted(c, "se_k0")));
    assert_int_equal(isnan(r->k0_p), isnan(wanted(c, "p_k0")));
    check_pooled(c, &r->pooled->overall);
    mtp_trim_fill_free(r);
}

/* Fail-safe numbers. */

static mtp_failsafe_options failsafe_options(const missing_case *c)
{
    mtp_failsafe_options options;

    mtp_failsafe_options_init(&options, sizeof options);
    options.type = (mtp_failsafe_type)mtp_failsafe_from_id(text_of(c, "type"));
    options.exact = is_set(c, "exact");
    options.tau2 = c->tau2;
    return options;
}

/* The figures with a number of studies. */
static void check_with(const missing_case *c, const mtp_failsafe_options *options,
                       double n)
{
    mtp_drawer drawer = {.k = c->effects->k,
                         .yi = c->effects->yi,
                         .vi = c->effects->vi,
                         .options = options,
                         .arena = mtp_arena_new()};
    mtp_plain_mean mean;

    assert_int_equal(mtp_drawer_open(&drawer, NULL), MTP_OK);
    assert_int_equal(mtp_drawer_with(&drawer, n, &mean, NULL), MTP_OK);
    check(c, "beta", "est_fsn", mean.estimate);
    check(c, "tau2", "tau2_fsn", mean.tau2);
    check(c, "pval", "pval_fsn", mtp_normal_two_sided(mean.estimate / mean.se).p);
    mtp_arena_free(drawer.arena);
}

/* A number that is one too many: p reaches alpha with one less, which is ours. */
static void check_one_too_many(const missing_case *c,
                               const mtp_failsafe_options *options,
                               const mtp_failsafe_result *r)
{
    assert_true(r->n + 1.0 == wanted(c, "fsnum"));
    assert_true(r->with_n.p >= options->alpha && r->with_n.p < wanted(c, "pval_fsn"));
}

static void run_failsafe(const missing_case *c)
{
    mtp_failsafe_options options = failsafe_options(c);
    mtp_failsafe_result r;
    mtp_error err = {0};

    if (mtp_failsafe(c->effects->k, c->effects->yi, c->effects->vi, &options, &r,
                     &err) != MTP_OK) {
        fail_with(c, &err);
    }
    if (json_object_get(c->json, "one_too_many")) {
        check_one_too_many(c, &options, &r);
    } else {
        check(c, "fsnum", "fsnum", r.n);
    }
    check(c, "beta", "meanes", r.estimate);
    check(c, "beta", "est", r.estimate);
    check(c, "tau2", "tau2", r.tau2);
    check(c, "pval", "pval", r.p);
    if (options.type == MTP_FAILSAFE_ORWIN) {
        check(c, "beta", "target", r.target);
    }
    if (options.type == MTP_FAILSAFE_GENERAL) {
        check_with(c, &options, wanted(c, "fsnum"));
    }
}

/* Excess significance. */

static void run_excess(const missing_case *c)
{
    const json_t *power = json_object_get(c->expected, "power");
    mtp_excess_options options;
    mtp_excess_result *r = NULL;
    mtp_error err = {0};

    mtp_excess_options_init(&options, sizeof options);
    options.tau2 = c->tau2;
    options.test =
        strcmp(text_of(c, "test"), "chi2") == 0 ? MTP_EXCESS_CHI2 : MTP_EXCESS_EXACT;
    if (mtp_excess_significance(c->effects->k, c->effects->yi, c->effects->vi, &options,
                                &r, &err) != MTP_OK) {
        fail_with(c, &err);
    }
    assert_true((double)r->observed == wanted(c, "O"));
    check(c, "power", "E", r->expected);
    check(c, "power", "OEratio", r->ratio);
    check(c, "pval", "pval", r->p);
    check(c, "beta", "theta", r->theta);
    check(c, "stat", "X2", r->statistic);
    assert_true(!power || json_array_size(power) == r->k);
    for (size_t i = 0; power && i < r->k; i++) {
        check_value(c, "power", r->power[i], oracle_number(json_array_get(power, i)));
    }
    mtp_excess_free(r);
}

static mtp_effects *effects_of(const json_t *data, const char *id)
{
    size_t length = strcspn(id, "/");
    const json_t *set;
    mtp_effects *effects;
    mtp_raw raw;
    char name[64];

    (void)snprintf(name, sizeof name, "%.*s", (int)length, id);
    set = json_object_get(data, name);
    assert_non_null(set);
    raw = oracle_raw(set);
    effects = oracle_effects("GEN", true, &raw);
    oracle_raw_free(&raw);
    return effects;
}

static void run_case(const json_t *data, const json_t *json, scoreboard *board)
{
    missing_case c = {.json = json,
                      .expected = json_object_get(json, "expected"),
                      .id = json_string_value(json_object_get(json, "id")),
                      .kind = json_string_value(json_object_get(json, "kind")),
                      .tau2 = MTP_TAU2_EE,
                      .board = board};

    if (json_object_get(json, "tau2")) {
        c.tau2 = (mtp_tau2_method)mtp_tau2_from_id(text_of(&c, "tau2"));
    }
    c.effects = effects_of(data, c.id);
    if (strcmp(c.kind, "trimfill") == 0) {
        run_trim_fill(&c);
    } else if (strcmp(c.kind, "fsn") == 0) {
        run_failsafe(&c);
    } else if (strcmp(c.kind, "tes") == 0) {
        run_excess(&c);
    } else {
        fail_msg("%s: there is no kind %s", c.id, c.kind);
    }
    mtp_effects_free(c.effects);
}

static void test_missing(void **state)
{
    json_t *root = oracle_load("missing_metafor.json"), *json;
    scoreboard *board = scoreboard_new("missing studies");
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, json)
    {
        run_case(json_object_get(root, "data"), json, board);
    }
    scoreboard_print(board);
    assert_int_equal(i, 109);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_missing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
