/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <jansson.h>

/* Binomial-normal mixed models against 50-digit arithmetic (truth_glmm.json). */

static mtp_pool_result *fit(const mtp_effects *effects, int nodes)
{
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    mtp_error err = {0};

    mtp_pool_options_init(&options, sizeof options);
    options.method = MTP_METHOD_GLMM;
    options.tau2 = MTP_TAU2_ML;
    options.ci = MTP_CI_WALD;
    options.nodes = nodes;
    options.null_value = 0.5; /* logit 0 */
    if (mtp_pool(effects, NULL, &options, &result, &err) != MTP_OK) {
        fail_msg("pool: %s", err.message);
    }
    return result;
}

static bool of_estimate(const mtp_estimate *e, const char *key, double *value)
{
    if (strcmp(key, "mu") == 0) {
        *value = e->estimate;
    } else if (strcmp(key, "se") == 0) {
        *value = e->ci.se;
    } else if (strcmp(key, "z") == 0) {
        *value = e->ci.statistic;
    } else if (strcmp(key, "pval") == 0) {
        *value = e->ci.p;
    } else if (strcmp(key, "p") == 0) {
        *value = e->back.estimate;
    } else if (strcmp(key, "ci_p.0") == 0) {
        *value = e->back.ci_lower;
    } else if (strcmp(key, "ci_p.1") == 0) {
        *value = e->back.ci_upper;
    } else {
        return false;
    }
    return true;
}

/* The figure that a key of one of the three fits names; false: not mapped. */
static bool look_up(const mtp_pooled *p, const char *model, const char *key,
                    double *value)
{
    bool common = strcmp(model, "common") == 0;

    if (of_estimate(common ? &p->common : &p->random, key, value)) {
        return true;
    }
    if (common) {
        return false;
    }
    if (strcmp(key, "tau") == 0) {
        *value = p->heterogeneity.tau;
        return true;
    }
    return figure_of_fit(&p->fit, key, value) ||
           figure_of_heterogeneity(&p->heterogeneity, key, value);
}

/* The demands: 12 digits, a standard error 11 where tau > 4, p-values by conditioning.
 */
static double demanded(const mtp_pooled *p, const char *key)
{
    double z = p->random.ci.statistic;

    if (strcmp(key, "pval") == 0) {
        return fmin(12.0, 13.0 - log10(fmax(1.0, z * z)));
    }
    if (strcmp(key, "QE_LRT_p") == 0) {
        return fmin(12.0, 13.0 - log10(fmax(1.0, p->heterogeneity.LRT / 2.0)));
    }
    return p->heterogeneity.tau > 4.0 && strcmp(key, "se") == 0 ? 11.0 : 12.0;
}

static void score_model(scoreboard *board, const json_t *c, const mtp_pooled *p,
                        const char *model)
{
    const char *id = json_string_value(json_object_get(c, "id"));
    json_t *expected = json_object_get(c, "expected");
    size_t length = strlen(model);
    const char *key;
    const json_t *value;

    json_object_foreach(expected, key, value)
    {
        double got = (double)NAN, want = oracle_number(value);
        const char *rest = key;

        if (strncmp(key, "QE", 2) == 0) {
            if (strcmp(model, "exact") != 0) {
                continue;
            }
        } else if (strncmp(key, model, length) == 0 && key[length] == '.') {
            rest = key + length + 1;
        } else {
            continue;
        }
        if (strcmp(rest, "se_tau") == 0 ||
            (strcmp(model, "common") == 0 && strcmp(rest, "logLik") == 0)) {
            continue; /* not printed by the tool; tests/unit/models has them */
        }
        if (!look_up(p, model, rest, &got)) {
            fail_msg("%s: nothing is mapped to %s", id, key);
        }
        if (p->k == 1 && strncmp(rest, "tau", 3) == 0) {
            assert_true(isnan(got) &&
                        want == 0.0); /* one study: no tau2, said in a note */
            continue;
        }
        scoreboard_add(board, model, rest, id, got, want, demanded(p, rest));
    }
}

static void score_case(scoreboard *board, const json_t *c)
{
    mtp_raw raw = oracle_raw(json_object_get(c, "raw"));
    mtp_effects *effects = oracle_effects("PLO", true, &raw);
    mtp_pool_result *exact = fit(effects, 0), *seven = fit(effects, 7);

    if (json_object_size(json_object_get(c, "expected")) == 0) {
        /* no finite estimate exists, and that is said */
        assert_false(exact->overall.exists);
        assert_false(seven->overall.exists);
    } else {
        score_model(board, c, &exact->overall, "exact");
        score_model(board, c, &exact->overall, "common");
        score_model(board, c, &seven->overall, "aghq7");
    }
    mtp_pool_result_free(exact);
    mtp_pool_result_free(seven);
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
}

static void every_figure_agrees(void **state)
{
    json_t *root = oracle_load("truth_glmm.json"), *c;
    scoreboard *board = scoreboard_new("GLMM: digits that agree with the truth");
    size_t index;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        score_case(board, c);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 350);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_figure_agrees)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
