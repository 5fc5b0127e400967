/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "figures.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

/* Mantel-Haenszel and Peto against metafor: whole fits, each with a study left out,
 * with a study more at a time, and the weights. A figure that is not mapped fails by
 * name. */

/* Sums of positive terms in both programs; metafor's in double. */
enum { DIGITS = 12 };

static const char *text_of(const json_t *c, const char *key)
{
    return json_string_value(json_object_get(c, key));
}

/* The columns of a case: all rows of its data, or those that it names (from 1). */
static mtp_raw read_columns(const json_t *c, const json_t *data)
{
    const json_t *all = json_object_get(data, text_of(c, "data"));
    const json_t *rows = json_object_get(c, "rows");
    json_t *some, *columns = json_object();
    const char *role;
    json_t *values;
    mtp_raw raw;

    json_object_foreach((json_t *)(uintptr_t)all, role, values)
    {
        some = rows ? json_array() : json_incref(values);
        for (size_t i = 0; rows && i < json_array_size(rows); i++) {
            size_t row = (size_t)json_integer_value(json_array_get(rows, i));

            (void)json_array_append(some, json_array_get(values, row - 1));
        }
        (void)json_object_set_new(columns, role, some);
    }
    raw = oracle_raw(columns);
    json_decref(columns);
    return raw;
}

static mtp_pool_result *fit(const json_t *c, const json_t *data)
{
    mtp_raw raw = read_columns(c, data);
    mtp_effects *effects = oracle_effects(text_of(c, "measure"), true, &raw);
    mtp_pool_options options;
    mtp_pool_result *result = NULL;
    mtp_error err = {0};
    int method = mtp_method_from_id(text_of(c, "method"));

    mtp_pool_options_init(&options, sizeof options);
    assert_true(method > 0);
    options.method = (mtp_method)method;
    options.mh_add = json_number_value(json_object_get(c, "mh_add"));
    options.null_value =
        mtp_back_transform(effects->measure->measure, 0.0, (double)NAN, NULL);
    if (mtp_pool(effects, NULL, &options, &result, &err) != MTP_OK) {
        fail_msg("%s: %s", text_of(c, "id"), err.message);
    }
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
    return result;
}

static bool figure_of_tests(const mtp_stratified *s, const char *name, double *value)
{
    const struct {
        const char *name;
        const mtp_test *test;
    } row[] = {{"MH", &s->cmh},         {"MH_uncorrected", &s->cmh_uncorrected},
               {"CO", &s->cochran},     {"CO_uncorrected", &s->cochran_uncorrected},
               {"BD", &s->breslow_day}, {"TA", &s->tarone}};

    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        size_t length = strlen(row[i].name);

        if (strncmp(name, row[i].name, length) == 0 &&
            (name[length] == '\0' || strcmp(name + length, "p") == 0)) {
            *value = name[length] ? row[i].test->log_p : row[i].test->statistic;
            return true;
        }
    }
    return false;
}

static bool figure_of(const mtp_pooled *p, const char *name, double *value)
{
    if (strcmp(name, "beta") == 0) {
        *value = p->common.estimate;
    } else if (strcmp(name, "k") == 0) {
        *value = (double)p->k;
    } else if (strcmp(name, "H2_Q") == 0) {
        *value = p->heterogeneity.Q / p->heterogeneity.df;
    } else if (strcmp(name, "pval") == 0) {
        *value = p->common.ci.log_p;
    } else if (strcmp(name, "QEp") == 0) {
        *value = p->heterogeneity.log_p;
    } else {
        return figure_of_tests(p->stratified, name, value) ||
               figure_of_interval(&p->common.ci, name, value) ||
               figure_of_heterogeneity(&p->heterogeneity, name, value);
    }
    return true;
}

/* p-values are compared by their logarithms, which hold them to more digits. */
static bool is_p(const char *name)
{
    size_t length = strlen(name);

    return strcmp(name, "pval") == 0 || (length > 2 && name[length - 1] == 'p');
}

static void check_weights(const json_t *c, const mtp_pool_result *r, scoreboard *board)
{
    const json_t *want = json_object_get(json_object_get(c, "expected"), "weights");

    for (size_t i = 0; i < json_array_size(want); i++) {
        scoreboard_add(board, text_of(c, "method"), "weight", text_of(c, "id"),
                       r->weight_common[i], oracle_number(json_array_get(want, i)),
                       DIGITS);
    }
}

static void check_figures(const json_t *c, const mtp_pool_result *r, scoreboard *board)
{
    const char *name, *id = text_of(c, "id");
    json_t *number;

    json_object_foreach(json_object_get(c, "expected"), name, number)
    {
        double got, want = oracle_number(number);

        if (!figure_of(&r->overall, name, &got)) {
            fail_msg("%s: nothing is mapped to %s", id, name);
        }
        if (is_p(name)) {
            want = log(want);
        }
        scoreboard_add(board, text_of(c, "method"), name, id, got, want,
                       fabs(got - want) <= 1e-13 ? 0.0 : DIGITS);
    }
}

static void metafor_agrees(void **state)
{
    json_t *root = oracle_load("stratified_metafor.json");
    const json_t *data = json_object_get(root, "data");
    scoreboard *board = scoreboard_new("Mantel-Haenszel and Peto, metafor");
    size_t i;
    json_t *c;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), i, c)
    {
        mtp_pool_result *r = fit(c, data);

        (json_object_get(json_object_get(c, "expected"), "weights")
             ? check_weights
             : check_figures)(c, r, board);
        mtp_pool_result_free(r);
    }
    scoreboard_print(board);
    assert_true(scoreboard_count(board) > 0);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(metafor_agrees)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
