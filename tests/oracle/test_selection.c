/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/selection.h"

#include "num/dist.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

/* Selection models against metafor (selection_metafor.json), which stops where its
 * optimizer does. A case with "higher" is one in which the likelihood here is higher by
 * more than rounding; both values stand there, and the figures have the digits that
 * metafor's have. */

enum { LOGLIK = 7, BETA = 5, DELTA = 4 };

typedef struct selection_case {
    const char *id;
    const json_t *json, *expected;
    mtp_selection_result *result;
} selection_case;

static void fit(selection_case *c, const json_t *json, const json_t *data)
{
    const json_t *set =
        json_object_get(data, json_string_value(json_object_get(json, "data")));
    size_t k = 0;
    double *yi = oracle_numbers(json_object_get(set, "yi"), &k);
    double *vi = oracle_numbers(json_object_get(set, "vi"), &k);
    mtp_selection_options o;
    mtp_error err = {0};
    double *steps, *delta;

    mtp_selection_options_init(&o, sizeof o);
    o.type = (mtp_selection_type)mtp_selection_from_id(
        json_string_value(json_object_get(json, "type")));
    o.side = (mtp_selection_side)mtp_selection_side_from_id(
        json_string_value(json_object_get(json, "side")));
    o.tau2 = json_object_get(json, "tau2") ? MTP_TAU2_EE : MTP_TAU2_ML;
    o.steps = steps = oracle_numbers(json_object_get(json, "steps"), &o.n_steps);
    o.delta = delta = oracle_numbers(json_object_get(json, "delta"), &o.n_delta);
    *c = (selection_case){.id = json_string_value(json_object_get(json, "id")),
                          .json = json,
                          .expected = json_object_get(json, "expected")};
    if (mtp_selection(k, yi, vi, 1, NULL, &o, &c->result, &err) != MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    free(yi);
    free(vi);
    free(steps);
    free(delta);
}

/* Whether the maximum is at 0 where metafor stopped near it. */
static bool is_at_limit(const selection_case *c, const char *figure)
{
    const json_t *limits = json_object_get(c->json, "limit"), *limit;
    size_t i;

    json_array_foreach(limits, i, limit)
    {
        if (strcmp(json_string_value(limit), figure) == 0) {
            return true;
        }
    }
    return false;
}

static void check(scoreboard *board, const selection_case *c, const char *figure,
                  double got, size_t i, int digits)
{
    const json_t *value = json_object_get(c->expected, figure);
    const json_t *own = json_object_get(json_object_get(c->json, "digits"), figure);
    double want;

    assert_non_null(value);
    want = oracle_number(json_is_array(value) ? json_array_get(value, i) : value);
    if (own) {
        assert_non_null(json_object_get(c->json, "reason"));
        digits = (int)json_integer_value(own);
    }
    if (is_at_limit(c, figure) && fabs(want) < 1e-4) {
        assert_true(got >= 0.0 && got <= 0.0);
    } else if (digits > 0 && !isnan(want)) {
        scoreboard_add(board, "selection", figure, c->id, got, want,
                       fabs(got - want) <= 1e-12 ? 0.0 : digits);
    }
}

static void check_tests(scoreboard *board, const selection_case *c)
{
    const mtp_selection_result *r = c->result;

    if (r->options.n_delta > 0) {
        assert_true(isnan(r->test.statistic));
    } else {
        check(board, c, "LRT", r->test.statistic, 0, DELTA);
        check(board, c, "LRTdf", r->test.df, 0, LOGLIK);
        check(board, c, "LRTp", r->test.p, 0, DELTA);
    }
    if (r->options.tau2 != MTP_TAU2_EE) {
        check(board, c, "LRT_tau2", r->tau2_test.statistic, 0, DELTA);
    }
}

static void check_case(scoreboard *board, const selection_case *c)
{
    const mtp_selection_result *r = c->result;
    const json_t *counts = json_object_get(c->expected, "ptable_k");

    if (json_object_get(c->json, "higher")) {
        assert_true(r->loglik > oracle_number(json_object_get(c->expected, "ll")));
    }
    check(board, c, "ll", r->loglik, 0, LOGLIK);
    check(board, c, "beta", r->beta[0].estimate, 0, BETA);
    check(board, c, "se", r->beta[0].se, 0, DELTA);
    check(board, c, "pval", r->beta[0].p, 0, DELTA);
    check(board, c, "ci_lb", r->beta[0].ci_lower, 0, DELTA);
    check(board, c, "ci_ub", r->beta[0].ci_upper, 0, DELTA);
    check(board, c, "tau2", r->tau2, 0, DELTA);
    check(board, c, "se_tau2", r->tau2_se, 0, DELTA);
    check_tests(board, c);
    assert_int_equal(json_array_size(json_object_get(c->expected, "delta")),
                     r->n_delta);
    for (size_t j = 0; j < r->n_delta; j++) {
        check(board, c, "delta", r->delta[j], j, DELTA);
        check(board, c, "se_delta", r->delta_se[j], j, DELTA);
        if (r->count) {
            assert_int_equal(r->count[j],
                             json_integer_value(json_array_get(counts, j)));
        }
    }
    if (!(r->gradient_norm < 1e-8)) {
        fail_msg("%s: the gradient at the maximum is %g long", c->id, r->gradient_norm);
    }
}

static void test_selection(void **state)
{
    json_t *root = oracle_load("selection_metafor.json"), *json;
    scoreboard *board = scoreboard_new("selection models");
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, json)
    {
        selection_case c;

        fit(&c, json, json_object_get(root, "data"));
        check_case(board, &c);
        mtp_selection_free(c.result);
    }
    scoreboard_print(board);
    assert_int_equal(i, 30);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_selection)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
