/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "levels_case.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

/* Nested random effects against 32-digit arithmetic on dense matrices
 * (truth_levels.json). */

enum { TRUTH = 12 };

typedef struct compared {
    scoreboard *board;
    const levels_case *c;
} compared;

static void check(const compared *to, const char *figure, double got,
                  const json_t *want)
{
    double value = oracle_number(want);

    assert_non_null(want);
    if (json_is_null(want)) {
        assert_true(isnan(got));
    } else {
        scoreboard_add(to->board, "levels", figure, to->c->id, got, value,
                       fabs(got - value) <= 1e-15 ? 0.0 : TRUTH);
    }
}

static const json_t *wanted(const compared *to, const char *key, size_t i)
{
    const json_t *value = json_object_get(to->c->expected, key);

    assert_non_null(value);
    return json_is_array(value) ? json_array_get(value, i) : value;
}

static void check_levels(const compared *to)
{
    const mtp_multilevel_result *r = to->c->result;

    for (size_t l = 0; l < r->n_levels; l++) {
        const mtp_variance_component *level = &r->levels[l];
        const json_t *ranef = wanted(to, "ranef", l), *ci = wanted(to, "ci", l);

        check(to, "tau2", level->sigma2, wanted(to, "sigma2", l));
        check(to, "se_tau2", level->se, wanted(to, "se", l));
        check(to, "lb", level->ci[0], json_array_get(ci, 0));
        check(to, "ub", level->ci[1], json_array_get(ci, 1));
        for (size_t i = 0; i < r->k; i++) {
            size_t g = level->effects.group[i];

            check(to, "blup", level->effects.estimate[g],
                  json_array_get(json_object_get(ranef, "estimate"), i));
            check(to, "blup_se", level->effects.se[g],
                  json_array_get(json_object_get(ranef, "se"), i));
        }
    }
}

static void check_case(const compared *to)
{
    const mtp_multilevel_result *r = to->c->result;

    check_levels(to);
    for (size_t j = 0; j < r->p; j++) {
        check(to, "beta", r->beta[j], wanted(to, "beta", j));
        for (size_t i = 0; i < r->p; i++) {
            check(to, "vb", r->vcov[i * r->p + j], wanted(to, "vcov", i * r->p + j));
        }
    }
    check(to, "ll_ML", r->ml.loglik, wanted(to, "ml", 0));
    check(to, "ll_REML", r->reml.loglik, wanted(to, "reml", 0));
    check(to, "Q", r->Q, wanted(to, "Q", 0));
    check(to, "vt", r->vt, wanted(to, "vt", 0));
    for (size_t i = 0; i < r->k; i++) {
        check(to, "residual", r->residual[i], wanted(to, "residual", i));
        check(to, "hat", r->hat[i], wanted(to, "hat", i));
        check(to, "weight", r->weight[i], wanted(to, "weight", i));
    }
}

static void test_truth(void **state)
{
    json_t *root = oracle_load("truth_levels.json"), *json;
    scoreboard *board =
        scoreboard_new("Regression in nested groups: 32-digit arithmetic");
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, json)
    {
        const char *data = json_string_value(json_object_get(json, "data"));
        levels_case c;

        levels_case_fit(&c, json, json_object_get(json_object_get(root, "data"), data));
        check_case(&(compared){board, &c});
        levels_case_free(&c);
    }
    scoreboard_print(board);
    assert_true(i > 0);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_truth)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
