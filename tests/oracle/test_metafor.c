/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"
#include "metafor_case.h"
#include "support/test.h"

#include <jansson.h>

/* Effects, pooling, intervals, predictions and mixed models against metafor: one file a
 * data set. A case whose kind or expected figure is not mapped fails by name. */

/* Relative tolerances, as digits: what the reference itself is good for. */
enum { DIRECT = 10, ITERATED = 8, GLMM = 7, GLMM_SE = 6 };

static bool is_p(const char *figure)
{
    return strcmp(figure, "pval") == 0 || strncmp(figure, "QEp", 3) == 0;
}

static bool look_up(const mtp_pooled *p, const mtp_estimate *e, const char *figure,
                    double *value)
{
    if (strcmp(figure, "beta") == 0) {
        *value = e->estimate;
        return true;
    }
    if (strcmp(figure, "k") == 0) {
        *value = (double)p->k;
        return true;
    }
    return figure_of_interval(&e->ci, figure, value) ||
           figure_of_heterogeneity(&p->heterogeneity, figure, value) ||
           figure_of_fit(&p->fit, figure, value);
}

static int digits_for(const oracle_case *c, const char *figure)
{
    const char *tau2 = case_text(c, "tau2", "REML");
    bool moment = strcmp(tau2, "DL") == 0 || strcmp(tau2, "HE") == 0 ||
                  strcmp(tau2, "HS") == 0 || strcmp(tau2, "SJ") == 0;

    if (strncmp(c->kind, "glmm", 4) == 0) {
        bool direct = strncmp(figure, "QE", 2) == 0;

        return direct ? ITERATED
               : strcmp(figure, "se") == 0 || strcmp(figure, "stat") == 0 ||
                       strncmp(figure, "ci_", 3) == 0 || is_p(figure)
                   ? GLMM_SE
                   : GLMM;
    }
    return moment ? DIRECT : ITERATED;
}

static void check_figures(const oracle_case *c, const mtp_pool_result *r,
                          const json_t *expected)
{
    const mtp_pooled *p = &r->overall;
    bool common = strstr(c->kind, "common") != NULL;
    const mtp_estimate *e = common ? &p->common : &p->random;
    const char *figure;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        double got = (double)NAN, want = oracle_number(value);
        bool test = strcmp(figure, "stat") == 0 || strcmp(figure, "pval") == 0;

        if (isnan(want) || (test && isnan(r->options.null_value)) ||
            (common && strcmp(figure, "ll") == 0)) {
            continue;
        }
        if (!look_up(p, e, figure, &got)) {
            fail_msg("%s: nothing is mapped to %s", c->id, figure);
        }
        (is_p(figure) ? case_check_p : case_check)(c, figure, got, want,
                                                   digits_for(c, figure));
    }
}

static void run_effects(const oracle_case *c)
{
    mtp_effects *effects = case_effects(c);
    const json_t *expected = json_object_get(c->json, "expected");

    for (size_t i = 0; i < effects->k; i++) {
        double yi = oracle_number(json_array_get(json_object_get(expected, "yi"), i));
        double vi = oracle_number(json_array_get(json_object_get(expected, "vi"), i));

        if (!isnan(yi)) {
            case_check(c, "yi", effects->yi[i], yi, DIRECT);
            case_check(c, "vi", effects->vi[i], vi, DIRECT);
        }
    }
    mtp_effects_free(effects);
}

static void check_prediction(const oracle_case *c, const mtp_pool_result *r)
{
    const mtp_prediction *p = figure_prediction(
        &r->overall.random, (mtp_pi_method)mtp_pi_from_id(case_text(c, "predict", "")));
    const json_t *expected = json_object_get(c->json, "expected");

    assert_non_null(p);
    case_check(c, "pi_lb", p->lower, case_number(expected, "pi_lb", (double)NAN),
               digits_for(c, ""));
    case_check(c, "pi_ub", p->upper, case_number(expected, "pi_ub", (double)NAN),
               digits_for(c, ""));
    case_check(c, "pi_se", p->se, case_number(expected, "pi_se", (double)NAN),
               digits_for(c, ""));
    case_check(c, "pi_df", p->df, case_number(expected, "pi_df", (double)NAN), DIRECT);
}

/* Its interval is about the common-effect mean. */
static void check_henmi_copas(const oracle_case *c, const mtp_pool_result *r)
{
    const mtp_interval *i = figure_interval(&r->overall.random, MTP_CI_HC);
    const json_t *expected = json_object_get(c->json, "expected");

    assert_non_null(i);
    case_check(c, "beta", i->estimate, case_number(expected, "beta", (double)NAN),
               DIRECT);
    case_check(c, "se", i->se, case_number(expected, "se", (double)NAN), DIRECT);
    case_check(c, "ci_lb", i->lower, case_number(expected, "ci_lb", (double)NAN),
               ITERATED);
    case_check(c, "ci_ub", i->upper, case_number(expected, "ci_ub", (double)NAN),
               ITERATED);
}

static void check_qprofile(const oracle_case *c, const mtp_pool_result *r)
{
    const mtp_tau2_interval *ci = &r->overall.heterogeneity.ci;
    const json_t *expected = json_object_get(c->json, "expected");

    for (unsigned i = 0; i < 2; i++) {
        const struct {
            const char *name;
            double value;
        } limits[] = {{"tau2", ci->tau2[i]},
                      {"tau", ci->tau[i]},
                      {"I2", ci->I2[i]},
                      {"H2", ci->H2[i]}};

        for (unsigned j = 0; j < 4; j++) {
            const json_t *pair = json_object_get(expected, limits[j].name);

            case_check(c, limits[j].name, limits[j].value,
                       oracle_number(json_array_get(pair, i)), ITERATED);
        }
    }
}

static void check_weights(const oracle_case *c, const mtp_pool_result *r)
{
    bool common = strcmp(case_text(c, "model", ""), "common") == 0;
    const double *weight = common ? r->weight_common : r->weight_random;
    const json_t *expected =
        json_object_get(json_object_get(c->json, "expected"), "weights");

    assert_int_equal(json_array_size(expected), r->k);
    for (size_t i = 0; i < r->k; i++) {
        case_check(c, "weight", weight[i], oracle_number(json_array_get(expected, i)),
                   ITERATED);
    }
}

/* The pooled mean on the natural scale. */
static void check_back(const oracle_case *c, const mtp_pool_result *r)
{
    const mtp_estimate *e = &r->overall.random;
    const json_t *expected = json_object_get(c->json, "expected");

    case_check(c, "back", e->back.estimate,
               case_number(expected, "estimate", (double)NAN), DIRECT);
    case_check(c, "back", e->back.ci_lower,
               case_number(expected, "ci_lower", (double)NAN), DIRECT);
    case_check(c, "back", e->back.ci_upper,
               case_number(expected, "ci_upper", (double)NAN), DIRECT);
}

static void run_wilson(const oracle_case *c)
{
    const json_t *expected = json_object_get(c->json, "expected");

    for (size_t i = 0; i < c->raw.k; i++) {
        double lower, upper;

        mtp_wilson_interval(c->raw.column[MTP_ROLE_EVENTS][i],
                            c->raw.column[MTP_ROLE_N][i], 0.95, &lower, &upper);
        case_check(c, "lower", lower,
                   oracle_number(json_array_get(json_object_get(expected, "lo"), i)),
                   DIRECT);
        case_check(c, "upper", upper,
                   oracle_number(json_array_get(json_object_get(expected, "hi"), i)),
                   DIRECT);
    }
}

/* The same model with the exact integral. */
static void run_exact(oracle_case *c, const mtp_effects *effects)
{
    const json_t *exact = json_object_get(c->json, "exact");
    json_t *without_nodes;
    mtp_pool_result *r;

    if (!exact) {
        return;
    }
    without_nodes = json_copy((json_t *)(uintptr_t)c->json);
    (void)json_object_del(without_nodes, "nodes");
    c->json = without_nodes;
    c->kind = "glmm, exact";
    r = case_pool(c, effects);
    check_figures(c, r, exact);
    mtp_pool_result_free(r);
    json_decref(without_nodes);
}

static void run_pooled(oracle_case *c)
{
    mtp_effects *effects = case_effects(c);
    mtp_pool_result *r = case_pool(c, effects);

    if (strcmp(c->kind, "predict") == 0) {
        check_prediction(c, r);
    } else if (strcmp(c->kind, "qprofile") == 0) {
        check_qprofile(c, r);
    } else if (strcmp(c->kind, "weights") == 0) {
        check_weights(c, r);
    } else if (strcmp(c->kind, "hc") == 0) {
        check_henmi_copas(c, r);
    } else if (strcmp(c->kind, "back") == 0) {
        check_back(c, r);
    } else if (strcmp(c->kind, "pool") == 0 || strcmp(c->kind, "common") == 0 ||
               strncmp(c->kind, "glmm", 4) == 0) {
        check_figures(c, r, json_object_get(c->json, "expected"));
        run_exact(c, effects);
    } else {
        fail_msg("%s: no such kind: %s", c->id, c->kind);
    }
    mtp_pool_result_free(r);
    mtp_effects_free(effects);
}

static void run_case(const json_t *json, const json_t *data, scoreboard *board)
{
    oracle_case c = case_read(json, data, board);

    if (strcmp(c.kind, "effects") == 0) {
        run_effects(&c);
    } else if (strcmp(c.kind, "wilson") == 0) {
        run_wilson(&c);
    } else {
        run_pooled(&c);
    }
    oracle_raw_free(&c.raw);
}

static void run_file(const char *name)
{
    char file[64];
    json_t *root, *c;
    scoreboard *board = scoreboard_new(name);
    size_t index;

    (void)snprintf(file, sizeof file, "metafor_%s.json", name);
    root = oracle_load(file);
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        run_case(c, json_object_get(root, "data"), board);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 0);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

#define FILE_TEST(name)                                                                \
    static void name(void **state)                                                     \
    {                                                                                  \
        (void)state;                                                                   \
        run_file(#name);                                                               \
    }
#define FILES(X)                                                                       \
    X(bcg)                                                                             \
    X(bonett2010)                                                                      \
    X(cohen1981)                                                                       \
    X(dagostino1998)                                                                   \
    X(debruin2009)                                                                     \
    X(hackshaw1998)                                                                    \
    X(konstantopoulos2011)                                                             \
    X(nielweise2008)                                                                   \
    X(normand1999)                                                                     \
    X(nrm)                                                                             \
    X(pritz1997)                                                                       \
    X(raudenbush1985)
FILES(FILE_TEST)

int main(void)
{
#define FILE_ROW(name) cmocka_unit_test(name),
    const struct CMUnitTest tests[] = {FILES(FILE_ROW)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
