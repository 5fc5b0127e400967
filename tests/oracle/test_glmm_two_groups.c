/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <jansson.h>

/* Mixed models of two groups against metafor, through mtp_pool: each with the nodes
 * that metafor has, and with the converged integral. */

/* What the reference is good for, in digits; its standard errors are by differences,
 * and a limit near 0 loses a digit more. */
enum { TESTS = 8, COMMON = 8, ESTIMATE = 7, SE = 6, LIMIT = 5, LME4 = 3 };

static const char *text_of(const json_t *c, const char *key)
{
    return json_string_value(json_object_get(c, key));
}

static mtp_pool_result *pool(const json_t *c, const json_t *all, int nodes)
{
    mtp_raw raw = oracle_raw(json_object_get(all, text_of(c, "data")));
    mtp_effects *effects = oracle_effects(text_of(c, "measure"), true, &raw);
    mtp_pool_options options;
    mtp_pool_result *result;

    mtp_pool_options_init(&options, sizeof options);
    options.method = MTP_METHOD_GLMM;
    options.model = (mtp_model)mtp_model_from_id(text_of(c, "model"));
    options.tau2 = MTP_TAU2_ML;
    options.ci = MTP_CI_WALD;
    options.nodes = nodes;
    options.null_value = 1.0;
    assert_int_equal(mtp_pool(effects, NULL, &options, &result, NULL), MTP_OK);
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
    assert_string_equal(result->overall.fit.model, text_of(c, "model"));
    assert_true(result->overall.exists && result->overall.fit.converged);
    return result;
}

/* The log-likelihood of the common model stands in no result by itself. */
static double common_loglik(const mtp_pooled *p)
{
    return p->fit.loglik - 0.5 * p->heterogeneity.tau2_statistic;
}

static double figure_of(const mtp_pooled *p, bool common, const char *name)
{
    const mtp_estimate *e = common ? &p->common : &p->random;
    const mtp_heterogeneity *h = &p->heterogeneity;
    const struct {
        const char *name;
        double value;
    } figures[] = {{"beta", e->estimate},
                   {"se", e->ci.se},
                   {"stat", e->ci.statistic},
                   {"pval", e->ci.log_p},
                   {"ci_lb", e->ci.lower},
                   {"ci_ub", e->ci.upper},
                   {"tau2", h->tau2},
                   {"sigma2", p->fit.sigma2},
                   {"ll", common ? common_loglik(p) : p->fit.loglik},
                   {"I2", h->I2},
                   {"H2", h->H2},
                   {"QE_Wld", h->Q},
                   {"QEp_Wld", h->log_p},
                   {"QE_LRT", h->LRT},
                   {"QEp_LRT", h->LRT_log_p},
                   {"QE_df", h->df},
                   {"k", (double)p->k}};

    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            return figures[i].value;
        }
    }
    fail_msg("nothing is mapped to %s", name);
    return (double)NAN;
}

static double demanded(const json_t *c, const char *name, const char *block)
{
    const json_t *tests = json_object_get(c, "test_digits");
    bool common = json_is_true(json_object_get(c, "common"));

    if (strcmp(block, "lme4") == 0) {
        return LME4;
    }
    if (strncmp(name, "QE", 2) == 0) {
        return tests ? json_number_value(tests) : TESTS;
    }
    if (strcmp(name, "beta") == 0 || strcmp(name, "ll") == 0 ||
        strcmp(name, "tau2") == 0 || strcmp(name, "sigma2") == 0) {
        return common ? COMMON : ESTIMATE;
    }
    return strncmp(name, "ci_", 3) == 0 ? LIMIT : SE;
}

static void check_block(const json_t *c, const mtp_pool_result *result,
                        const char *block, scoreboard *board)
{
    bool common = json_is_true(json_object_get(c, "common"));
    const char *name;
    json_t *figure;

    json_object_foreach(json_object_get(c, block), name, figure)
    {
        bool is_p = strcmp(name, "pval") == 0 || strncmp(name, "QEp", 3) == 0;
        double want = oracle_number(figure);

        scoreboard_add(board, common ? "common" : text_of(c, "model"), name,
                       text_of(c, "id"), figure_of(&result->overall, common, name),
                       is_p ? log(want) : want, demanded(c, name, block));
    }
}

static void metafor_agrees(void **state)
{
    json_t *root = oracle_load("glmm_two_groups_metafor.json"), *c;
    scoreboard *board = scoreboard_new("Mixed models of two groups; metafor");
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, c)
    {
        const json_t *all = json_object_get(root, "data");
        mtp_pool_result *result =
            pool(c, all, (int)json_integer_value(json_object_get(c, "nodes")));

        check_block(c, result, "expected", board);
        check_block(c, result, "lme4", board);
        mtp_pool_result_free(result);
        result = pool(c, all, 0);
        check_block(c, result, "exact", board);
        mtp_pool_result_free(result);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 170);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(metafor_agrees)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
