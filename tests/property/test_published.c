/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run_table.h"

/* The published figures of datasets/nrm2024, recomputed from the studies: every pooled
 * proportion with its limits, counts and test between groups, and every test of cause
 * by group. Bounds: estimates 1e-5, limits 2e-5, p-values 1e-4 relative (the published
 * fits stopped at an optimiser's tolerance); counts exactly; chi-squares to the printed
 * digit. */

/* How the published table names a subset and a grouping -> how the command line does.
 */
static const struct {
    const char *published, *expression;
} subsets[] = {
    {"all cohorts", "1"},
    {"product has no +", "product not like '%+%'"},
    {"entity = LBCL", "entity = 'LBCL'"},
    {"entity = MM", "entity = 'MM'"},
    {"entity = LBCL and product has no +",
     "entity = 'LBCL' and product not like '%+%'"},
    {"entity = MM and product has no +", "entity = 'MM' and product not like '%+%'"},
    {"entity = LBCL and product has no + and follow-up known",
     "entity = 'LBCL' and product not like '%+%' and followup_months is not null"},
    {"entity = MM and follow-up known",
     "entity = 'MM' and followup_months is not null"},
    {"entity = LBCL and enrolment_ended known",
     "entity = 'LBCL' and enrolment_ended is not null"},
    {"entity = MM and enrolment_ended known",
     "entity = 'MM' and enrolment_ended is not null"},
};

typedef struct claims {
    mtp_table *table;
    char *studies;
} claims;

static const char *cell(const claims *c, const char *column, size_t row)
{
    const mtp_column *found = mtp_table_find(c->table, column);

    assert_non_null(found);
    return found->text[row] ? found->text[row] : "";
}

static double number(const claims *c, const char *column, size_t row)
{
    const mtp_column *found = mtp_table_find(c->table, column);

    assert_non_null(found);
    assert_int_equal(found->type, MTP_NUMBER);
    return found->number[row];
}

static const char *where_of(const char *subset)
{
    for (size_t i = 0; i < sizeof subsets / sizeof subsets[0]; i++) {
        if (strcmp(subsets[i].published, subset) == 0) {
            return subsets[i].expression;
        }
    }
    fail_msg("no expression for the subset '%s'", subset);
    return NULL;
}

/* "followup_months > 13.0" is 0 or 1; the published levels are no and yes. */
static const char *level_of(const char *published)
{
    return strcmp(published, "yes") == 0  ? "1"
           : strcmp(published, "no") == 0 ? "0"
                                          : published;
}

static json_t *analysis_of(const claims *c, size_t row)
{
    const char *by = cell(c, "grouping", row);
    const char *options[] = {"measure",
                             "PLO",
                             "events",
                             "deaths",
                             "n",
                             "patients",
                             "nodes",
                             "7",
                             "where",
                             where_of(cell(c, "subset", row)),
                             *by ? "by" : NULL,
                             by,
                             NULL};

    return json_of(c->studies, MTP_COMMAND_POOL, options);
}

/* The pooled set of a row of the published table. */
static json_t *set_of(const claims *c, json_t *root, size_t row)
{
    const char *level = cell(c, "level", row);
    json_t *groups = json_object_get(root, "groups"), *group;
    size_t i;

    if (!*cell(c, "grouping", row)) {
        return json_object_get(root, "overall");
    }
    json_array_foreach(groups, i, group)
    {
        const char *name = json_string_value(json_object_get(group, "level"));

        if (strcmp(name, level_of(level)) == 0) {
            return group;
        }
    }
    fail_msg("no group %s", level);
    return NULL;
}

static double at(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void compare_row(const claims *c, json_t *root, size_t row)
{
    const json_t *set = set_of(c, root, row);
    const char *model = cell(c, "model", row);
    const json_t *back = json_object_get(json_object_get(set, model), "back");
    double p = number(c, "p_between_groups_random", row);

    assert_true(at(set, "k") == number(c, "k", row));
    assert_true(at(set, "events") == number(c, "deaths", row));
    assert_true(at(set, "n") == number(c, "patients", row));
    assert_close(at(back, "estimate"), number(c, "estimate", row), 1e-5, 0.0);
    assert_close(at(back, "ci_lower"), number(c, "ci_lower", row), 2e-5, 0.0);
    assert_close(at(back, "ci_upper"), number(c, "ci_upper", row), 2e-5, 0.0);
    if (!isnan(p)) {
        const json_t *between = json_object_get(root, "between_groups");

        assert_close(at(json_object_get(between, "random"), "p"), p, 1e-4, 0.0);
    }
}

static void open_claims(claims *c, const char *file)
{
    char *bytes = dataset_bytes(file);
    mtp_error err = {0};

    c->studies = dataset_bytes("nrm2024/studies.csv");
    c->table = NULL;
    if (mtp_table_parse_csv(file, bytes, strlen(bytes), NULL, &c->table, NULL, &err) !=
        MTP_OK) {
        fail_msg("%s", err.message);
    }
    free(bytes);
}

static void close_claims(claims *c)
{
    mtp_table_free(c->table);
    free(c->studies);
}

static void every_pooled_figure(void **state)
{
    claims c;

    (void)state;
    open_claims(&c, "nrm2024/published_pooled.csv");
    assert_int_equal(mtp_table_rows(c.table), 84);
    for (size_t row = 0; row < mtp_table_rows(c.table); row++) {
        json_t *root = analysis_of(&c, row);

        compare_row(&c, root, row);
        json_decref(root);
    }
    close_claims(&c);
}

/* A published test of cause by group, and which of the counted deaths it is about. */
static const struct {
    const char *where;
    const char *count;
    double statistic;
    int printed; /* decimals */
    double df;
    double p;
    int printed_p;
} tests_of_cause[] = {
    {"grouping = 'entity'", "deaths", 19.376, 3, 18, 0.369, 3},
    {"grouping = 'setting' and cause <> 'infection other than COVID-19'", "deaths",
     18.936, 3, 6, 0.004273, 6},
    {"grouping = 'setting' and cause <> 'infection'", "deaths", 23.357, 3, 6, 0.0006853,
     7},
    {"grouping = 'product'", "deaths", 28.413, 3, 30, 0.5485, 4},
    {"grouping = 'product' and level in ('Axi-cel', 'Liso-cel', 'Tisa-cel')", "deaths",
     14.262, 3, 12, 0.2843, 4},
    {"grouping = 'product' and level in ('Axi-cel', 'Tisa-cel')", "deaths", 6.6545, 4,
     6, 0.354, 4},
    {"grouping = 'product' and level in ('Ide-cel', 'Cilta-cel')", "deaths", 4.4196, 4,
     6, 0.6201, 4},
};

static void same_printed(double got, double want, int decimals)
{
    char a[32], b[32];

    (void)snprintf(a, sizeof a, "%.*f", decimals, got);
    (void)snprintf(b, sizeof b, "%.*f", decimals, want);
    assert_string_equal(a, b);
}

static void every_test_of_cause(void **state)
{
    char *causes = dataset_bytes("nrm2024/causes.csv");

    (void)state;
    for (size_t i = 0; i < sizeof tests_of_cause / sizeof tests_of_cause[0]; i++) {
        const char *const options[] = {
            "where", tests_of_cause[i].where, "category", "cause",
            "count", tests_of_cause[i].count, "by",       "level",
            NULL};
        json_t *root = json_of(causes, MTP_COMMAND_COMPOSITION, options);
        const json_t *test =
            json_object_get(json_object_get(root, "tests"), "chi_square");

        same_printed(at(test, "statistic"), tests_of_cause[i].statistic,
                     tests_of_cause[i].printed);
        assert_true(at(test, "df") == tests_of_cause[i].df);
        same_printed(at(test, "p"), tests_of_cause[i].p, tests_of_cause[i].printed_p);
        json_decref(root);
    }
    free(causes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pooled_figure),
        cmocka_unit_test(every_test_of_cause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
