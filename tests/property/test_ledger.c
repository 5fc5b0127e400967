/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/family.h"
#include "run_table.h"

/* Rows that cannot be used are never dropped silently: for every measure, a value that
 * is missing in any of its columns is a line of the ledger, with the reason. */

enum { GOOD = 3, ROLES_MAX = 8, SIZE = 4096 };

static const char *const option_of[MTP_ROLE_COUNT] = {
#define OPTION_OF(name, id, text) [MTP_ROLE_##name] = id,
    MTP_ROLE_LIST(OPTION_OF)
#undef OPTION_OF
};

/* A value that a study may have. */
static const char *const value_of[MTP_ROLE_COUNT] = {
    [MTP_ROLE_EVENTS] = "3",     [MTP_ROLE_N] = "20",
    [MTP_ROLE_TIME] = "50.5",    [MTP_ROLE_EVENTS1] = "3",
    [MTP_ROLE_N1] = "20",        [MTP_ROLE_TIME1] = "50.5",
    [MTP_ROLE_EVENTS2] = "5",    [MTP_ROLE_N2] = "20",
    [MTP_ROLE_TIME2] = "60",     [MTP_ROLE_CELL_A] = "3",
    [MTP_ROLE_CELL_B] = "17",    [MTP_ROLE_CELL_C] = "5",
    [MTP_ROLE_CELL_D] = "17",    [MTP_ROLE_OE] = "-1.5",
    [MTP_ROLE_VAR] = "4.5",      [MTP_ROLE_MEAN] = "10",
    [MTP_ROLE_SD] = "3",         [MTP_ROLE_MEAN1] = "10",
    [MTP_ROLE_SD1] = "3",        [MTP_ROLE_MEAN2] = "12",
    [MTP_ROLE_SD2] = "4",        [MTP_ROLE_AUC] = "0.7",
    [MTP_ROLE_SD_CHANGE] = "3",  [MTP_ROLE_R] = "0.3",
    [MTP_ROLE_PREDICTORS] = "2", [MTP_ROLE_R2] = "0.5",
    [MTP_ROLE_ALPHA] = "0.8",    [MTP_ROLE_ITEMS] = "10",
    [MTP_ROLE_YI] = "0.1",       [MTP_ROLE_VI] = "0.02",
    [MTP_ROLE_SEI] = "0.2",      [MTP_ROLE_CI_LOWER] = "0.05",
    [MTP_ROLE_CI_UPPER] = "0.2", [MTP_ROLE_ESTIMATE] = "0.1",
    [MTP_ROLE_STAT] = "2.5",     [MTP_ROLE_P] = "0.03",
    [MTP_ROLE_SE] = "0.5",       [MTP_ROLE_MEDIAN] = "10",
    [MTP_ROLE_Q1] = "8",         [MTP_ROLE_Q3] = "12.5",
};

/* Columns that make an effect together: a study that lacks one is left out. */
struct columns {
    size_t n;
    mtp_role role[ROLES_MAX];
};

/* What may stand in place of raw data. */
static const struct {
    mtp_measure measure;
    struct columns columns;
} derived[] = {
    {MTP_GEN, {2, {MTP_ROLE_YI, MTP_ROLE_SEI}}},
    {MTP_GEN, {3, {MTP_ROLE_YI, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER}}},
    {MTP_GEN, {2, {MTP_ROLE_YI, MTP_ROLE_STAT}}},
    {MTP_GEN, {2, {MTP_ROLE_YI, MTP_ROLE_P}}},
    {MTP_HR, {3, {MTP_ROLE_ESTIMATE, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER}}},
    {MTP_RR, {3, {MTP_ROLE_ESTIMATE, MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER}}},
    {MTP_COR, {2, {MTP_ROLE_STAT, MTP_ROLE_N}}},
    {MTP_MN, {3, {MTP_ROLE_MEAN, MTP_ROLE_SE, MTP_ROLE_N}}},
    {MTP_MN, {4, {MTP_ROLE_MEDIAN, MTP_ROLE_Q1, MTP_ROLE_Q3, MTP_ROLE_N}}},
};

/* Three good rows, then one that lacks each column in turn; every row has two lines. */
static void write_table(const struct columns *set, char text[SIZE])
{
    size_t at = (size_t)snprintf(text, SIZE, "study,note");

    for (size_t j = 0; j < set->n; j++) {
        at += (size_t)snprintf(text + at, SIZE - at, ",%s", option_of[set->role[j]]);
    }
    for (size_t i = 0; i < GOOD + set->n; i++) {
        at += (size_t)snprintf(text + at, SIZE - at, "\nS%zu,\"two\nlines\"", i + 1);
        for (size_t j = 0; j < set->n; j++) {
            at += (size_t)snprintf(text + at, SIZE - at, ",%s",
                                   i == GOOD + j ? "NA" : value_of[set->role[j]]);
        }
    }
    assert_true(at < SIZE);
}

static mtp_bundle *run(const char *text, mtp_request *request)
{
    mtp_table *table = NULL;
    mtp_bundle *bundle = NULL;
    mtp_error err = {0};

    if (mtp_table_parse_csv("t.csv", text, strlen(text), NULL, &table, NULL, &err) !=
            MTP_OK ||
        mtp_run(request, table, &bundle, NULL, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    mtp_table_free(table);
    mtp_request_free(request);
    return bundle;
}

static void assert_line(const mtp_excluded *got, size_t row, size_t line,
                        const char *study, const char *code, const char *reason)
{
    assert_int_equal(got->row, row);
    assert_int_equal(got->line, line);
    assert_string_equal(got->study, study);
    assert_string_equal(got->code, code);
    assert_string_equal(got->reason, reason);
}

static void check_measure(const mtp_measure_info *measure, const struct columns *set)
{
    mtp_request *request = make_request(
        MTP_COMMAND_EFFECTS,
        (const char *const[]){"measure", measure->code, "study", "study", NULL});
    char text[SIZE];
    mtp_bundle *bundle;

    for (size_t j = 0; j < set->n; j++) {
        const char *option = option_of[set->role[j]];

        assert_int_equal(mtp_request_set(request, option, option, NULL), MTP_OK);
    }
    write_table(set, text);
    bundle = run(text, request);
    assert_int_equal(bundle->ledger.rows, GOOD + set->n);
    assert_int_equal(bundle->ledger.used, GOOD);
    assert_int_equal(bundle->ledger.filtered, 0);
    assert_int_equal(bundle->ledger.n_excluded, set->n);
    assert_int_equal(bundle->n_studies, GOOD);
    for (size_t j = 0; j < set->n; j++) {
        size_t row = GOOD + j + 1;
        char study[32], reason[64];

        (void)snprintf(study, sizeof study, "S%zu", row);
        (void)snprintf(reason, sizeof reason, "%s is missing", option_of[set->role[j]]);
        assert_line(&bundle->ledger.excluded[j], row, 2 * row, study, "missing",
                    reason);
    }
    mtp_bundle_free(bundle);
}

static void every_missing_value_of_every_measure_is_listed(void **state)
{
    (void)state;
    for (unsigned m = 0; m < MTP_MEASURE_COUNT; m++) {
        const mtp_family *family = mtp_family_of((mtp_measure)m);
        struct columns raw = {.n = family->n_roles};

        memcpy(raw.role, family->role, raw.n * sizeof *raw.role);
        check_measure(mtp_measure_get((mtp_measure)m), &raw);
    }
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++) {
        check_measure(mtp_measure_get(derived[i].measure), &derived[i].columns);
    }
}

static void what_selects_and_groups_is_listed_too(void **state)
{
    static const char text[] = "label,group,keep,y,v\n"
                               "A,x,1,0.1,0.02\n"
                               ",y,1,0.2,0.02\n"
                               "C,,1,0.3,0.02\n"
                               "D,y,NA,0.4,0.02\n"
                               "E,y,0,0.5,0.02\n"
                               "F,NA,NA,NA,NA\n"
                               ",x,1,,0.02\n";
    static const char *const options[] = {"study", "label", "by", "group",
                                          "where", "keep",  "yi", "y * 1",
                                          "vi",    "v",     NULL};
    mtp_bundle *bundle = run(text, make_request(MTP_COMMAND_POOL, options));
    const mtp_ledger *ledger = &bundle->ledger;

    (void)state;
    assert_int_equal(ledger->rows, 7);
    assert_int_equal(ledger->used, 2);
    assert_int_equal(ledger->filtered, 1);
    assert_int_equal(ledger->n_excluded, 4);
    assert_line(&ledger->excluded[0], 3, 4, "C", "by_missing", "group is missing");
    assert_line(&ledger->excluded[1], 4, 5, "D", "where_missing", "keep is missing");
    assert_line(&ledger->excluded[2], 6, 7, "F", "where_missing", "keep is missing");
    assert_line(&ledger->excluded[3], 7, 8, "Study 7", "missing", "y * 1 is missing");
    assert_string_equal(bundle->studies[1].name, "Study 2");
    mtp_bundle_free(bundle);
}

static void rows_of_a_composition_are_listed(void **state)
{
    static const char text[] = "cause,group,count\n"
                               "a,x,3\n"
                               ",x,4\n"
                               "b,,5\n"
                               "b,x,\n"
                               "b,y,6\n";
    static const char *const options[] = {"category", "cause", "by", "group",
                                          "count",    "count", NULL};
    mtp_bundle *bundle = run(text, make_request(MTP_COMMAND_COMPOSITION, options));
    const mtp_ledger *ledger = &bundle->ledger;

    (void)state;
    assert_int_equal(ledger->rows, 5);
    assert_int_equal(ledger->used, 2);
    assert_int_equal(ledger->n_excluded, 3);
    assert_line(&ledger->excluded[0], 2, 3, "Study 2", "category_missing",
                "cause is missing");
    assert_line(&ledger->excluded[1], 3, 4, "Study 3", "by_missing",
                "group is missing");
    assert_line(&ledger->excluded[2], 4, 5, "Study 4", "missing", "count is missing");
    mtp_bundle_free(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_missing_value_of_every_measure_is_listed),
        cmocka_unit_test(what_selects_and_groups_is_listed_too),
        cmocka_unit_test(rows_of_a_composition_are_listed),
    };

    return cmocka_run_group_tests_name("property.ledger", tests, NULL, NULL);
}
