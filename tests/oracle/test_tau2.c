/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/tau2.h"

#include "figures.h"
#include "read.h"
#include "score.h"
#include "support/c_number.h"
#include "support/test.h"

#include <jansson.h>

/* Every estimator of tau2 and every interval, on ready-made effects: against metafor,
 * and against mpmath where metafor's own figures are good for less than ours. */

enum { TRUTH = 13, DIRECT = 10, ITERATED = 8 };

/* How far metafor's generalized-Q limits are from the root: the default tolerance of
 * R's uniroot(), .Machine$double.eps^0.25. */
static const double UNIROOT = 1.3e-4;

typedef struct tau2_case {
    const json_t *json;
    const char *id;
    size_t k;
    double *yi, *vi;
    scoreboard *board;
} tau2_case;

static const char *text_of(const tau2_case *c, const char *key)
{
    return json_string_value(json_object_get(c->json, key));
}

/* Fewer digits only where the case gives a reason. */
static int digits_of(const tau2_case *c, int usual)
{
    const json_t *digits = json_object_get(c->json, "digits");

    if (digits) {
        assert_non_null(text_of(c, "reason"));
    }
    return digits ? (int)json_integer_value(digits) : usual;
}

static void check(const tau2_case *c, const char *group, const char *figure, double got,
                  double want, int digits)
{
    if (!isnan(want)) {
        scoreboard_add(c->board, group, figure, c->id, got, want,
                       fabs(got - want) <= 1e-12 ? 0.0 : digits_of(c, digits));
    }
}

static void run_weighted(const tau2_case *c, mtp_tau2_method method)
{
    const json_t *expected = json_object_get(c->json, "expected");
    double *weights = oracle_weights(text_of(c, "weights"), c->k, c->vi);
    mtp_tau2_result r;
    mtp_error err;

    if (mtp_tau2_estimate_weighted(method, c->k, c->yi, c->vi, weights, &r, &err) !=
        MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    check(c, mtp_tau2_id(method), "tau2", r.tau2,
          oracle_number(json_object_get(expected, "tau2")), ITERATED);
    check(c, mtp_tau2_id(method), "se_tau2", r.se,
          oracle_number(json_object_get(expected, "se_tau2")), ITERATED);
    free(weights);
}

static mtp_pool_result *pool(const tau2_case *c)
{
    const char *tau2 = text_of(c, "tau2"), *ci = text_of(c, "interval");
    mtp_effects effects = {
        .measure = mtp_measure_get(MTP_GEN), .k = c->k, .yi = c->yi, .vi = c->vi};
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    mtp_error err = {0};

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = (mtp_tau2_method)mtp_tau2_from_id(tau2);
    if (mtp_tau2_from_id(tau2) < 0) {
        options.tau2 = MTP_TAU2_GIVEN;
        options.tau2_value = c_strtod(tau2, NULL);
    }
    if (ci) {
        assert_true(mtp_tau2_ci_from_id(ci) >= 0);
        options.tau2_ci = (mtp_tau2_ci_method)mtp_tau2_ci_from_id(ci);
    }
    if (mtp_pool(&effects, NULL, &options, &result, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    return result;
}

static void check_interval(const tau2_case *c, const mtp_heterogeneity *h)
{
    const char *ci = text_of(c, "interval");
    const json_t *expected = json_object_get(c->json, "expected");
    const json_t *reference = json_object_get(c->json, "reference");
    int usual = text_of(c, "source") ? TRUTH : ITERATED;
    const struct {
        const char *name;
        const double *value;
    } figures[] = {
        {"tau2", h->ci.tau2}, {"tau", h->ci.tau}, {"I2", h->ci.I2}, {"H2", h->ci.H2}};

    assert_string_equal(h->ci.method, ci);
    for (unsigned f = 0; f < 4; f++) {
        const json_t *pair = json_object_get(expected, figures[f].name);

        for (unsigned i = 0; i < 2 && pair; i++) {
            check(c, ci, figures[f].name, figures[f].value[i],
                  oracle_number(json_array_get(pair, i)), usual);
        }
    }
    for (unsigned i = 0; i < 2 && reference; i++) {
        assert_close(h->ci.tau2[i], oracle_number(json_array_get(reference, i)), 0.0,
                     UNIROOT);
    }
}

static void check_figures(const tau2_case *c, const mtp_pooled *p)
{
    const char *tau2 = text_of(c, "tau2"), *figure;
    bool moment = strstr("DL HE HS HSk SJ EE DL2 CA2 0.1", tau2) != NULL;
    json_t *value;

    json_object_foreach(json_object_get(c->json, "expected"), figure, value)
    {
        double got;

        if (!figure_of_heterogeneity(&p->heterogeneity, figure, &got) &&
            !figure_of_fit(&p->fit, figure, &got)) {
            fail_msg("%s: nothing is mapped to %s", c->id, figure);
        }
        check(c, tau2, figure, got, oracle_number(value), moment ? DIRECT : ITERATED);
    }
}

static void run_case(const json_t *json, const json_t *sets, scoreboard *board)
{
    tau2_case c = {.json = json, .board = board};
    const json_t *set;
    size_t n;

    c.id = text_of(&c, "id");
    set = json_object_get(sets, text_of(&c, "set"));
    assert_non_null(set);
    c.yi = oracle_numbers(json_object_get(set, "yi"), &c.k);
    c.vi = oracle_numbers(json_object_get(set, "vi"), &n);
    assert_int_equal(c.k, n);
    if (text_of(&c, "weights")) {
        run_weighted(&c, (mtp_tau2_method)mtp_tau2_from_id(text_of(&c, "tau2")));
    } else {
        mtp_pool_result *r = pool(&c);

        if (text_of(&c, "interval")) {
            check_interval(&c, &r->overall.heterogeneity);
        } else {
            check_figures(&c, &r->overall);
        }
        mtp_pool_result_free(r);
    }
    free(c.yi);
    free(c.vi);
}

static void run_file(const char *name)
{
    json_t *root = oracle_load(name), *c;
    scoreboard *board = scoreboard_new(name);
    size_t index;

    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        run_case(c, json_object_get(root, "sets"), board);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 0);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

static void metafor(void **state)
{
    (void)state;
    run_file("tau2_metafor.json");
}

/* metafor's profile() of the BCG vaccine trials. */
static void likelihood_profile(void **state)
{
    json_t *root = oracle_load("tau2_metafor.json");
    const json_t *want = json_object_get(root, "profile");
    const json_t *set = json_object_get(
        json_object_get(root, "sets"), json_string_value(json_object_get(want, "set")));
    size_t k, n;
    double *yi = oracle_numbers(json_object_get(set, "yi"), &k);
    double *vi = oracle_numbers(json_object_get(set, "vi"), &k);
    double *tau2 = oracle_numbers(json_object_get(want, "tau2"), &n);
    double *ll = oracle_numbers(json_object_get(want, "ll"), &n);
    double *got = test_malloc(n * sizeof *got);

    (void)state;
    assert_int_equal(n, 16);
    assert_int_equal(
        mtp_tau2_profile(MTP_TAU2_REML, k, yi, vi, n, tau2, got, NULL, NULL), MTP_OK);
    for (size_t i = 0; i < n; i++) {
        assert_close(got[i], ll[i], 1e-13, 0.0);
    }
    test_free(got);
    free(yi);
    free(vi);
    free(tau2);
    free(ll);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(metafor),
        cmocka_unit_test(likelihood_profile),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
