/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/regress.h"

#include "figures.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

#include <jansson.h>

/* Meta-regression against 50-digit arithmetic (truth_regress.json), and designs that
 * have no answer. */

enum { COLUMNS_MAX = 8 };

/* An intercept and the columns of a case. */
typedef struct columns {
    mtp_moderators moderators;
    double *x;
    const char *name[COLUMNS_MAX];
} columns;

static void columns_read(columns *c, size_t k, const json_t *mods)
{
    const char *name;
    const json_t *values;
    size_t j = 1;

    c->moderators = (mtp_moderators){
        .k = k, .p = json_object_size(mods) + 1, .name = c->name, .intercept = true};
    assert_true(c->moderators.p <= COLUMNS_MAX);
    c->x = calloc(k * c->moderators.p, sizeof *c->x);
    assert_non_null(c->x);
    c->moderators.x = c->x;
    c->name[0] = "intercept";
    for (size_t i = 0; i < k; i++) {
        c->x[i * c->moderators.p] = 1.0;
    }
    json_object_foreach((json_t *)(uintptr_t)mods, name, values)
    {
        assert_int_equal(json_array_size(values), k);
        for (size_t i = 0; i < k; i++) {
            c->x[i * c->moderators.p + j] = oracle_number(json_array_get(values, i));
        }
        c->name[j++] = name;
    }
}

static mtp_regress_result *fit(const mtp_effects *effects, const columns *c,
                               const char *method, mtp_ci_method ci)
{
    mtp_regress_options options;
    mtp_regress_result *result = NULL;
    mtp_error err = {0};
    bool common = strcmp(method, "FE") == 0 || strcmp(method, "Q") == 0;

    mtp_regress_options_init(&options, sizeof options);
    options.tau2 = common ? MTP_TAU2_EE : (mtp_tau2_method)mtp_tau2_from_id(method);
    options.ci = ci;
    if (mtp_regress(effects, &c->moderators, &options, &result, &err) != MTP_OK) {
        fail_msg("regression by %s: %s", method, err.message);
    }
    return result;
}

static bool figure_of_coefficient(const mtp_coefficient *c, const char *name,
                                  double *value)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {{"beta", c->estimate},  {"se", c->se},
                   {"stat", c->statistic}, {"p", c->p},
                   {"ci_lb", c->ci_lower}, {"ci_ub", c->ci_upper}};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (strcmp(figures[i].name, name) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return false;
}

/* A key without its method: "beta.1", "se.0", "QM", "s2w", "I2", "loglik", ... */
static bool look_up(const mtp_regress_result *r, const char *key, double *value)
{
    char name[16];
    unsigned column;

    if (sscanf(key, "%15[a-z_].%u", name, &column) == 2) {
        assert_true(column < r->p);
        return figure_of_coefficient(&r->coefficient[column], name, value);
    }
    if (strcmp(key, "QM") == 0) {
        *value = r->omnibus.statistic;
    } else if (strcmp(key, "QM_df") == 0) {
        *value = r->omnibus.df;
    } else if (strcmp(key, "QM_p") == 0) {
        *value = r->omnibus.p;
    } else if (strcmp(key, "s2w") == 0) {
        *value = r->factor;
    } else if (strcmp(key, "df") == 0 &&
               strcmp(mtp_ci_id(r->options.ci), "hksj") == 0) {
        *value = r->coefficient[0].df;
    } else {
        return figure_of_heterogeneity(&r->heterogeneity, key, value) ||
               figure_of_fit(&r->fit, key, value);
    }
    return true;
}

/* Digits demanded. A p-value cannot have more than its statistic leaves: a relative
 * error e of z is one of z^2 e in p, of chi-square Q one of Q / 2 e. */
static double demanded(const mtp_regress_result *r, const char *key, bool torture)
{
    double floor = torture ? 9.0 : 12.0, scale = 1.0;
    unsigned column;

    if (sscanf(key, "p.%u", &column) == 1) {
        scale = r->coefficient[column].statistic * r->coefficient[column].statistic;
    } else if (strcmp(key, "QM_p") == 0) {
        scale = r->omnibus.statistic / 2.0;
    } else if (strcmp(key, "p") == 0) {
        scale = r->heterogeneity.Q / 2.0;
    }
    return floor - log10(fmax(1.0, scale));
}

/* The quantity of a key without the number of its column. */
static void quantity_of(const char *key, char *quantity, size_t size)
{
    size_t length = strcspn(key, "0123456789");

    if (length < strlen(key) && length > 0 && key[length - 1] == '.') {
        (void)snprintf(quantity, size, "%.*s", (int)length - 1, key);
    } else {
        (void)snprintf(quantity, size, "%s", key);
    }
}

/* Every expected figure of one method with one interval: those that begin with
 * `prefix`, and with knha after it or not. */
static size_t score_method(scoreboard *board, const char *group, const json_t *c,
                           const mtp_effects *effects, const columns *x,
                           const json_t *expected, const char *method, bool knha)
{
    const char *id = json_string_value(json_object_get(c, "id"));
    bool torture =
        strcmp(json_string_value(json_object_get(c, "class")), "torture") == 0;
    mtp_regress_result *r = fit(effects, x, method, knha ? MTP_CI_HKSJ : MTP_CI_WALD);
    size_t length = strlen(method), count = 0;
    const char *key;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, key, value)
    {
        bool own = strncmp(key, method, length) == 0 && key[length] == '.';
        const char *rest = own ? key + length + 1 : "";
        bool is_knha = strncmp(rest, "knha.", 5) == 0;
        char quantity[48];
        double got;

        if (!own || is_knha != knha) {
            continue;
        }
        quantity_of(strcmp(method, "Q") == 0 ? key : rest, quantity, sizeof quantity);
        rest += is_knha ? 5 : 0;
        if (!look_up(r, rest, &got)) {
            fail_msg("%s: nothing is mapped to %s", id, key);
        }
        scoreboard_add(board, group, quantity, id, got, oracle_number(value),
                       demanded(r, rest, torture));
        count++;
    }
    mtp_regress_result_free(r);
    return count;
}

static void score_expected(scoreboard *board, const char *group, const json_t *c,
                           const mtp_effects *effects, const json_t *expected)
{
    static const char *const methods[] = {"FE", "Q",  "DL", "ML", "REML",
                                          "HE", "HS", "SJ", "PM", "DL2"};
    columns x;
    size_t count = 0;

    columns_read(&x, effects->k, json_object_get(c, "mods"));
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        count +=
            score_method(board, group, c, effects, &x, expected, methods[m], false);
        count += score_method(board, group, c, effects, &x, expected, methods[m], true);
    }
    assert_int_equal(count, json_object_size(expected));
    free(x.x);
}

static void from_doubles(scoreboard *board, const json_t *c)
{
    mtp_raw raw = {.size = sizeof raw};
    mtp_effects *effects;

    raw.column[MTP_ROLE_YI] = oracle_numbers(json_object_get(c, "yi"), &raw.k);
    raw.column[MTP_ROLE_VI] = oracle_numbers(json_object_get(c, "vi"), &raw.k);
    effects = oracle_effects("GEN", true, &raw);
    score_expected(board, json_string_value(json_object_get(c, "class")), c, effects,
                   json_object_get(c, "expected"));
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
}

static void from_counts(scoreboard *board, const json_t *c)
{
    const json_t *counts = json_object_get(c, "raw");
    char group[48];
    mtp_raw raw;
    mtp_effects *effects;

    if (!counts) {
        return;
    }
    (void)snprintf(group, sizeof group, "%s, from counts",
                   json_string_value(json_object_get(c, "class")));
    raw = oracle_raw(counts);
    effects =
        oracle_effects(json_string_value(json_object_get(c, "measure")), true, &raw);
    score_expected(board, group, c, effects,
                   json_object_get(c, "expected_from_counts"));
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
}

static void every_figure_agrees(void **state)
{
    json_t *root = oracle_load("truth_regress.json");
    scoreboard *board = scoreboard_new("Regression: digits that agree with the truth");
    size_t index;
    json_t *c;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        from_doubles(board, c);
        from_counts(board, c);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 700);
    assert_int_equal(scoreboard_failures(board), 0);
    assert_true(scoreboard_median(board, "real") >= 15.0);
    assert_true(scoreboard_median(board, "real, from counts") >= 15.0);
    scoreboard_free(board);
    json_decref(root);
}

/* Rows of designs of five studies that no arithmetic can answer, and the column that
 * the message must name. */
static const struct {
    const char *why;
    size_t k, p;
    double x[5 * 5];
    const char *column;
} refused[] = {
    {"a column twice", 5, 3, {1, 1, 1, 1, 2, 2, 1, 3, 3, 1, 4, 4, 1, 6, 6}, "x3"},
    {"a line of another",
     5,
     3,
     {1, 1e9, 2e9 - 3, 1, 2e9, 4e9 - 3, 1, 3e9, 6e9 - 3, 1, 4e9, 8e9 - 3, 1, 6e9,
      12e9 - 3},
     "x3"},
    {"constant beside the intercept", 5, 2, {1, 7, 1, 7, 1, 7, 1, 7, 1, 7}, "x2"},
    {"zero in every row", 5, 2, {1, 0, 1, 0, 1, 0, 1, 0, 1, 0}, "x2"},
    {"every level beside the intercept",
     5,
     3,
     {1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 1, 0, 1},
     "x3"},
    {"more columns than studies", 3, 4, {1, 1, 0, 2, 1, 0, 1, 3, 1, 2, 2, 9}, NULL},
};

static void dependent_columns_are_refused_by_name(void **state)
{
    double yi[5] = {0.3, -0.2, 0.8, 0.1, 0.5}, vi[5] = {0.1, 0.2, 0.1, 0.3, 0.2};

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        static const char *const names[] = {"x1", "x2", "x3", "x4", "x5"};
        mtp_effects effects = {
            .measure = mtp_measure_get(MTP_GEN), .k = refused[i].k, .yi = yi, .vi = vi};
        mtp_moderators moderators = {.k = refused[i].k,
                                     .p = refused[i].p,
                                     .x = refused[i].x,
                                     .name = names,
                                     .intercept = true};
        mtp_regress_result *result = NULL;
        mtp_error err = {0};

        if (mtp_regress(&effects, &moderators, NULL, &result, &err) != MTP_E_DATA) {
            fail_msg("%s: not refused", refused[i].why);
        }
        assert_null(result);
        if (refused[i].column && !strstr(err.message, refused[i].column)) {
            fail_msg("%s: %s", refused[i].why, err.message);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_agrees),
        cmocka_unit_test(dependent_columns_are_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
