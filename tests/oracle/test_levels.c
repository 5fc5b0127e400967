/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/robust.h"

#include "levels_case.h"
#include "num/dist.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

/* Nested random effects against metafor (levels_metafor.json). */

enum { ITERATED = 8, DIRECT = 10 };

static int digits_of(const levels_case *c, int usual)
{
    const json_t *digits = json_object_get(c->json, "digits");

    if (digits) {
        assert_non_null(json_object_get(c->json, "reason"));
    }
    return digits ? (int)json_integer_value(digits) : usual;
}

static void check(scoreboard *board, const levels_case *c, const char *figure,
                  double got, double want)
{
    if (!isnan(want)) {
        scoreboard_add(board, c->kind, figure, c->id, got, want,
                       fabs(got - want) <= 1e-12 ? 0.0 : digits_of(c, ITERATED));
    }
}

static double number(const levels_case *c, const char *key, size_t i)
{
    const json_t *value = json_object_get(c->expected, key);

    assert_non_null(value);
    return oracle_number(json_is_array(value) ? json_array_get(value, i) : value);
}

/* Coefficients with tests and limits, from a covariance and degrees of freedom. */
static void check_coefficients(scoreboard *board, const levels_case *c,
                               const double vcov[], const double df[])
{
    const mtp_multilevel_result *r = c->result;

    for (size_t j = 0; j < c->p; j++) {
        double se = sqrt(vcov[j * c->p + j]), stat = r->beta[j] / se;
        double half = se * mtp_t_upper_quantile(0.025, df[j]);

        check(board, c, "beta", r->beta[j], number(c, "beta", j));
        check(board, c, "se", se, number(c, "se", j));
        check(board, c, "stat", stat, number(c, "stat", j));
        check(board, c, "pval", mtp_t_two_sided(stat, df[j]).p, number(c, "pval", j));
        check(board, c, "ci_lb", r->beta[j] - half, number(c, "ci_lb", j));
        check(board, c, "ci_ub", r->beta[j] + half, number(c, "ci_ub", j));
        check(board, c, "df", df[j], number(c, "df", j));
    }
}

static void check_omnibus(scoreboard *board, const levels_case *c, double se, double df)
{
    const mtp_multilevel_result *r = c->result;
    double z = r->beta[c->p - 1] / se; /* one coefficient is tested in every case */

    assert_true(c->p <= 2);
    check(board, c, "QM", z * z, number(c, "QM", 0));
    check(board, c, "QMp", mtp_t_two_sided(z, df).p, number(c, "QMp", 0));
    check(board, c, "QMdf", 1.0, number(c, "QMdf", 0));
    check(board, c, "QMdf", df, number(c, "QMdf", 1));
}

static void check_likelihood(scoreboard *board, const levels_case *c, const char *key,
                             const mtp_information *got)
{
    const json_t *want = json_object_get(c->expected, key);

    check(board, c, "ll", got->loglik, oracle_number(json_object_get(want, "ll")));
    check(board, c, "AIC", got->AIC, oracle_number(json_object_get(want, "AIC")));
    check(board, c, "AICc", got->AICc, oracle_number(json_object_get(want, "AICc")));
    check(board, c, "BIC", got->BIC, oracle_number(json_object_get(want, "BIC")));
}

static void check_fit(scoreboard *board, const levels_case *c)
{
    const mtp_multilevel_result *r = c->result;
    size_t last = c->p - 1;

    check_coefficients(board, c, r->vcov, r->df);
    check_omnibus(board, c, sqrt(r->vcov[last * c->p + last]), r->df[last]);
    check(board, c, "QE", r->Q, number(c, "QE", 0));
    check(board, c, "QEp", r->Q_p, number(c, "QEp", 0));
    check_likelihood(board, c, "ML", &r->ml);
    check_likelihood(board, c, "REML", &r->reml);
    if (json_object_get(c->expected, "rho")) {
        check(board, c, "tau2", r->tau2, number(c, "tau2", 0));
        check(board, c, "rho", r->levels[0].correlation, number(c, "rho", 0));
    } else if (json_object_get(c->expected, "sigma2")) {
        for (size_t l = 0; l < c->n_levels; l++) {
            check(board, c, "sigma2", r->levels[l].sigma2, number(c, "sigma2", l));
        }
    }
}

static void check_profile(scoreboard *board, const levels_case *c)
{
    for (size_t l = 0; l < c->n_levels; l++) {
        const mtp_variance_component *level = &c->result->levels[l];

        check(board, c, "sigma2", level->sigma2, number(c, "sigma2", l));
        check(board, c, "lb", level->ci[0], number(c, "lb", l));
        check(board, c, "ub", level->ci[1], number(c, "ub", l));
    }
}

static void check_prediction(scoreboard *board, const levels_case *c)
{
    const mtp_multilevel_result *r = c->result;
    double z = mtp_normal_upper_quantile(0.025), se = sqrt(r->vcov[0]);
    double pi_se = sqrt(r->vcov[0] + r->tau2), mu = r->beta[0];

    check(board, c, "pred", mu, number(c, "pred", 0));
    check(board, c, "se", se, number(c, "se", 0));
    check(board, c, "ci_lb", mu - z * se, number(c, "ci_lb", 0));
    check(board, c, "ci_ub", mu + z * se, number(c, "ci_ub", 0));
    check(board, c, "pi_se", pi_se, number(c, "pi_se", 0));
    check(board, c, "pi_lb", mu - z * pi_se, number(c, "pi_lb", 0));
    check(board, c, "pi_ub", mu + z * pi_se, number(c, "pi_ub", 0));
}

/* metafor lists groups in order of their first effects' rows here, as ids rise. */
static void check_predicted_effects(scoreboard *board, const levels_case *c)
{
    double z = mtp_normal_upper_quantile(0.025);

    for (size_t l = 0; l < c->n_levels; l++) {
        const mtp_level_effects *e = &c->result->levels[l].effects;
        const json_t *u = json_array_get(json_object_get(c->expected, "estimate"), l);
        const json_t *se = json_array_get(json_object_get(c->expected, "se"), l);
        const json_t *lower = json_array_get(json_object_get(c->expected, "pi_lb"), l);

        assert_int_equal(json_array_size(u), e->n_groups);
        for (size_t g = 0; g < e->n_groups; g++) {
            check(board, c, "blup", e->estimate[g],
                  oracle_number(json_array_get(u, g)));
            check(board, c, "blup_se", e->se[g], oracle_number(json_array_get(se, g)));
            check(board, c, "blup_lower", e->estimate[g] - z * e->se[g],
                  oracle_number(json_array_get(lower, g)));
        }
    }
}

static void check_each(scoreboard *board, const levels_case *c, const char *figure,
                       const double got[])
{
    assert_int_equal(json_array_size(c->expected), c->k);
    for (size_t i = 0; i < c->k; i++) {
        check(board, c, figure, got[i], oracle_number(json_array_get(c->expected, i)));
    }
}

/* (b - b_-g)' X'WX (b - b_-g) of the fit without a group of level 0, at the variances
 * of all: one coefficient. */
static void check_cooks(scoreboard *board, const levels_case *c)
{
    const mtp_multilevel_result *r = c->result;
    const mtp_level_effects *top = &r->levels[0].effects;
    double sigma2[MTP_LEVELS_MAX];
    double *yi = calloc(2 * c->k, sizeof *yi), *vi = yi + c->k;
    size_t *group = calloc(2 * c->k, sizeof *group);
    mtp_level level[] = {{NULL, group}, {NULL, group + c->k}};
    mtp_multilevel_options options = c->options;

    assert_true(yi && group && c->n_levels == 2 && c->p == 1);
    for (size_t l = 0; l < 2; l++) {
        sigma2[l] = r->levels[l].sigma2;
    }
    options.sigma2 = sigma2;
    for (size_t g = 0; g < top->n_groups; g++) {
        mtp_multilevel_result *without = NULL;
        size_t n = 0;
        double moved;

        for (size_t i = 0; i < c->k; i++) {
            if (top->group[i] != g) {
                yi[n] = c->yi[i];
                vi[n] = c->vi[i];
                group[n] = c->level[0].group[i];
                group[c->k + n++] = c->level[1].group[i];
            }
        }
        assert_int_equal(
            mtp_multilevel(n, yi, vi, 1, NULL, 2, level, &options, &without, NULL), 0);
        moved = r->beta[0] - without->beta[0];
        check(board, c, "cooks", moved * moved / r->vcov[0],
              oracle_number(json_array_get(c->expected, g)));
        mtp_multilevel_free(without);
    }
    free(yi);
    free(group);
}

static void check_robust(scoreboard *board, const levels_case *c)
{
    const mtp_multilevel_result *r = c->result;
    const char *type = json_string_value(json_object_get(c->json, "robust"));
    const char *cluster = json_string_value(json_object_get(c->json, "cluster"));
    const json_t *vb = json_object_get(c->expected, "vb");
    size_t last = c->p - 1, clusters = r->levels[0].effects.n_groups;
    mtp_robust_model model;
    mtp_robust_result *robust = NULL;
    mtp_error err = {0};

    assert_string_equal(cluster, r->levels[0].name);
    mtp_robust_model_init(&model, sizeof model);
    model.k = c->k;
    model.p = c->p;
    model.x = c->x;
    model.residual = r->residual;
    model.clusters = model.n_blocks = clusters;
    model.cluster = r->levels[0].effects.group;
    model.block = mtp_multilevel_block;
    model.context = r;
    if (mtp_robust(&model, (mtp_robust_type)mtp_robust_from_id(type), &robust, &err) !=
        MTP_OK) {
        fail_msg("%s: %s", c->id, err.message);
    }
    check_coefficients(board, c, robust->vcov, robust->df);
    check_omnibus(board, c, sqrt(robust->vcov[last * c->p + last]), robust->df[last]);
    for (size_t i = 0; i < c->p; i++) {
        for (size_t j = 0; j < c->p; j++) {
            check(board, c, "vb", robust->vcov[i * c->p + j],
                  oracle_number(json_array_get(json_array_get(vb, i), j)));
        }
    }
    mtp_robust_free(robust);
}

static void check_case(scoreboard *board, const levels_case *c)
{
    if (strcmp(c->kind, "fit") == 0) {
        check_fit(board, c);
    } else if (strcmp(c->kind, "profile") == 0) {
        check_profile(board, c);
    } else if (strcmp(c->kind, "predict") == 0) {
        check_prediction(board, c);
    } else if (strcmp(c->kind, "ranef") == 0) {
        check_predicted_effects(board, c);
    } else if (strcmp(c->kind, "hat") == 0) {
        check_each(board, c, "hat", c->result->hat);
    } else if (strcmp(c->kind, "weight") == 0) {
        check_each(board, c, "weight", c->result->weight);
    } else if (strcmp(c->kind, "cooks") == 0) {
        check_cooks(board, c);
    } else if (strcmp(c->kind, "robust") == 0) {
        check_robust(board, c);
    } else {
        fail_msg("%s: there is no kind %s", c->id, c->kind);
    }
}

static void test_levels(void **state)
{
    json_t *root = oracle_load("levels_metafor.json"), *json;
    scoreboard *board = scoreboard_new("levels_metafor.json");
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, json)
    {
        levels_case c;

        levels_case_fit(&c, json, json_object_get(root, "data"));
        check_case(board, &c);
        levels_case_free(&c);
    }
    scoreboard_print(board);
    assert_int_equal(i, 23);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_levels)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
