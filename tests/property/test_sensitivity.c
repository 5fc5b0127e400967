/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_table.h"

/* Every fit of `sensitivity` is the one that `pool` makes of the same rows, and no
 * number of threads changes a byte. */

#define COUNTS                                                                         \
    "measure", "PLO", "events", "deaths", "n", "patients", "study", "study", "null",   \
        "0.05"

static const char *const mixed[] = {COUNTS, "nodes", "7",      "leave-one-out",
                                    "true", "by",    "entity", NULL};
static const char *const inverse[] = {COUNTS,
                                      "tau2",
                                      "DL",
                                      "where",
                                      "entity = 'MM'",
                                      "cumulative",
                                      "followup_months",
                                      "leave-two-out",
                                      "true",
                                      "leave-one-out",
                                      "true",
                                      NULL};
static const char *const everything[] = {COUNTS,    "tau2", "DL",   "all", "true",
                                         "subsets", "500",  "seed", "3",   NULL};

enum { OPTIONS = 40 };

/* The options with one more of them. */
static void with_option(const char *all[OPTIONS], const char *const options[],
                        const char *name, const char *value)
{
    size_t n = 0;

    for (; options[n]; n++) {
        all[n] = options[n];
    }
    all[n++] = name;
    all[n++] = value;
    all[n] = NULL;
}

/* The figures that an entry and a pooled set have both. */
static void check_same(const json_t *entry, const json_t *pooled)
{
    static const char *const key[] = {"estimate", "se",      "statistic", "df",
                                      "p",        "log_p",   "ci_lower",  "ci_upper",
                                      "pi_lower", "pi_upper"};
    static const char *const heterogeneity[] = {"Q", "tau2", "I2", "H2"};
    const json_t *random = json_object_get(pooled, "random"),
                 *h = json_object_get(pooled, "heterogeneity");

    assert_non_null(random);
    assert_true(json_equal(json_object_get(entry, "k"), json_object_get(pooled, "k")));
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        assert_true(json_equal(json_object_get(entry, key[i]),
                               json_object_get(random, key[i])));
    }
    for (size_t i = 0; i < sizeof heterogeneity / sizeof *heterogeneity; i++) {
        assert_true(json_equal(json_object_get(entry, heterogeneity[i]),
                               json_object_get(h, heterogeneity[i])));
    }
}

/* Compare an entry with the pooling of the rows for which a condition holds. */
static void check_rows(const char *bytes, const char *const model[],
                       const char *condition, const json_t *entry)
{
    const char *options[OPTIONS];
    json_t *root;

    with_option(options, model, "where", condition);
    root = json_of(bytes, MTP_COMMAND_POOL, options);
    check_same(entry, json_object_get(root, "overall"));
    json_decref(root);
}

static const char *text_of(const json_t *entry, const char *key)
{
    const char *text = json_string_value(json_object_get(entry, key));

    assert_non_null(text);
    return text;
}

static void a_subgroup_left_out_is_a_row_filter(void **state)
{
    static const char *const model[] = {COUNTS, "nodes", "7", NULL};
    char *bytes = dataset_bytes("nrm2024/studies.csv");
    json_t *root = json_of(bytes, MTP_COMMAND_SENSITIVITY, mixed), *entry;
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "leave_one_out"), i, entry)
    {
        char condition[80];

        snprintf(condition, sizeof condition, "entity <> '%s'",
                 text_of(entry, "study"));
        check_rows(bytes, model, condition, entry);
    }
    assert_int_equal(i, 4);
    json_decref(root);
    free(bytes);
}

static void studies_left_out_are_row_filters(void **state)
{
    static const char *const model[] = {COUNTS, "tau2", "DL", NULL};
    char *bytes = dataset_bytes("nrm2024/studies.csv"), condition[160];
    json_t *root = json_of(bytes, MTP_COMMAND_SENSITIVITY, inverse), *entry;
    size_t i;

    (void)state;
    json_array_foreach(json_object_get(root, "leave_one_out"), i, entry)
    {
        snprintf(condition, sizeof condition, "entity = 'MM' AND study <> '%s'",
                 text_of(entry, "study"));
        check_rows(bytes, model, condition, entry);
    }
    assert_int_equal(i, 13);
    json_array_foreach(json_object_get(root, "leave_two_out"), i, entry)
    {
        const json_t *pair = json_object_get(entry, "studies");

        snprintf(condition, sizeof condition,
                 "entity = 'MM' AND study NOT IN ('%s', '%s')",
                 json_string_value(json_array_get(pair, 0)),
                 json_string_value(json_array_get(pair, 1)));
        check_rows(bytes, model, condition, entry);
    }
    assert_int_equal(i, 13 * 12 / 2);
    json_array_foreach(json_object_get(root, "cumulative"), i, entry)
    {
        snprintf(condition, sizeof condition, "entity = 'MM' AND followup_months <= %s",
                 text_of(entry, "order"));
        check_rows(bytes, model, condition, entry);
    }
    assert_true(i > 5);
    json_decref(root);
    free(bytes);
}

static void threads_change_no_byte(void **state)
{
    const char *const *const analyses[] = {mixed, inverse, everything};
    char *bytes = dataset_bytes("nrm2024/studies.csv");

    (void)state;
    for (size_t a = 0; a < sizeof analyses / sizeof *analyses; a++) {
        const char *options[OPTIONS];
        char *one, *four;

        with_option(options, analyses[a], "threads", "1");
        one = report_of(bytes, MTP_COMMAND_SENSITIVITY, options, MTP_FORMAT_JSON);
        with_option(options, analyses[a], "threads", "4");
        four = report_of(bytes, MTP_COMMAND_SENSITIVITY, options, MTP_FORMAT_JSON);
        assert_string_equal(one, four);
        mtp_text_free(one);
        mtp_text_free(four);
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subgroup_left_out_is_a_row_filter),
        cmocka_unit_test(studies_left_out_are_row_filters),
        cmocka_unit_test(threads_change_no_byte),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
