/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lint by the library; what each rule finds is in tests/lint-rules. */
#include "metapool/lint.h"

#include "core/arena.h"
#include "lint/dates.h"
#include "lint/work.h"
#include "support/test.h"

#include <string.h>

static const char trials[] = "s,x,n\nAdams 2001,12,80\nBaker 2004,31,145\n"
                             "Clark 2009,70,62\nbaker 2004,1,9\n";

static mtp_table *read_table(const char *text)
{
    mtp_table_options options;
    mtp_table *table = NULL;

    mtp_table_options_init(&options, sizeof options);
    options.forgiving = true;
    assert_int_equal(mtp_table_parse_csv("trials.csv", text, strlen(text), &options,
                                         &table, NULL, NULL),
                     MTP_OK);
    return table;
}

/* Names and values by turns, NULL at the end. */
static mtp_request *make_request(const char *const option[])
{
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_LINT, &request, NULL), MTP_OK);
    for (size_t i = 0; option[i]; i += 2) {
        assert_int_equal(mtp_request_set(request, option[i], option[i + 1], NULL),
                         MTP_OK);
    }
    return request;
}

static const char *const counts[] = {"measure", "PLO",   "events", "x", "n",
                                     "n",       "study", "s",      NULL};

static void rules_have_ids_and_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < mtp_lint_rule_count(); i++) {
        const mtp_lint_rule *rule = mtp_lint_rule_get(i);

        assert_int_equal(strlen(rule->id), 4);
        assert_true(i == 0 || strcmp(mtp_lint_rule_get(i - 1)->id, rule->id) < 0);
        assert_ptr_equal(mtp_lint_rule_find(rule->name), rule);
        assert_int_equal(rule->reason[strlen(rule->reason) - 1], '.');
        assert_int_equal(rule->remedy[strlen(rule->remedy) - 1], '.');
    }
    assert_ptr_equal(mtp_lint_rule_find("l103"),
                     mtp_lint_rule_find("thousands-separator"));
    assert_null(mtp_lint_rule_find("L999"));
}

static void findings_come_with_their_place(void **state)
{
    mtp_table *table = read_table(trials);
    mtp_request *request = make_request(counts);
    mtp_lint_result *result = NULL;
    const mtp_lint_finding *f;

    (void)state;
    assert_int_equal(mtp_lint(request, table, NULL, &result, NULL), MTP_OK);
    mtp_table_free(table);
    mtp_request_free(request);

    assert_int_equal(result->rows, 4);
    assert_string_equal(result->source, "trials.csv");
    assert_string_equal(result->measure->code, "PLO");
    assert_true(result->failed);
    assert_int_equal(result->count[MTP_LINT_ERROR], 2); /* L006, L701 */
    assert_int_equal(result->count[MTP_LINT_WARNING], 1);
    f = &result->finding[1];
    assert_string_equal(f->rule->id, "L701");
    assert_int_equal(f->row, 3);
    assert_int_equal(f->line, 4);
    assert_string_equal(f->column, "x");
    assert_string_equal(f->study, "Clark 2009");
    assert_string_equal(f->evidence, "70 events of 62");
    f = &result->finding[2];
    assert_string_equal(f->rule->name, "label-variants");
    assert_int_equal(f->row, 4);
    assert_int_equal(f->other_line, 3);
    assert_int_equal(result->status[MTP_LINT_DUPLICATE_ROW], MTP_LINT_CLEAN);
    assert_int_equal(result->status[MTP_LINT_GRIM], MTP_LINT_NOT_APPLICABLE);
    mtp_lint_result_free(result);
}

static void the_threshold_decides(void **state)
{
    static const struct {
        const char *ignore, *fail_on;
        bool failed;
    } cases[] = {{"L0,L7", "error", false},        {"L0,L7", "warning", true},
                 {"L0,L701,L201", "info", true}, /* L706 */
                 {"L0,L7,L201", "warning", false}, {"L999x", "never", false},
                 {"L113", "never", false}};
    mtp_table *table = read_table(trials);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_request *request = make_request(counts);
        mtp_lint_result *result = NULL;
        mtp_error err;

        assert_int_equal(mtp_request_set(request, "ignore", cases[i].ignore, NULL),
                         MTP_OK);
        assert_int_equal(mtp_request_set(request, "fail-on", cases[i].fail_on, NULL),
                         MTP_OK);
        if (strcmp(cases[i].ignore, "L999x") == 0) {
            assert_int_equal(mtp_lint(request, table, NULL, &result, &err), MTP_E_ARG);
            assert_null(result);
            assert_non_null(strstr(err.message, "no such rule"));
        } else {
            assert_int_equal(mtp_lint(request, table, NULL, &result, &err), MTP_OK);
            assert_int_equal(result->failed, cases[i].failed);
        }
        mtp_lint_result_free(result);
        mtp_request_free(request);
    }
    mtp_table_free(table);
}

static void every_allocation_may_fail(void **state)
{
    mtp_table *table = read_table(trials);
    mtp_request *request = make_request(counts);
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status != MTP_OK; n++) {
        mtp_lint_result *result = NULL;
        char *text = NULL;

        mtp_arena_fail_after(n);
        status = mtp_lint(request, table, NULL, &result, NULL);
        if (status == MTP_OK) {
            status = mtp_lint_report(result, MTP_FORMAT_CSV, NULL, &text, NULL, NULL);
        }
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !text));
        mtp_text_free(text);
        mtp_lint_result_free(result);
    }
    mtp_request_free(request);
    mtp_table_free(table);
}

static void dates_are_told_from_labels(void **state)
{
    static const char *const dates[] = {"2-Jan",      "02. Mar", "Jan-99",
                                        "2-Jan-2024", "Sep-02",  "3 Dez"},
                             *const none[] = {
                                 "Jan",        "May 5",    "Mar 2007", "5-9",
                                 "Janssen-02", "12-13-14", "2-Janus",  ""};

    (void)state;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        assert_true(mtp_lint_is_month_date(dates[i]));
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(mtp_lint_is_month_date(none[i]));
    }
    assert_true(mtp_lint_is_date("2024-01-02 00:00:00"));
    assert_true(mtp_lint_is_date("1/2/2024"));
    assert_false(mtp_lint_is_date("1/2"));
    assert_false(mtp_lint_is_date("0.25"));
    assert_true(mtp_lint_is_range("5 \xE2\x80\x93 9"));
    assert_false(mtp_lint_is_range("1990-2000"));
}

/* By hand. */
static void digits_and_decimals_are_counted(void **state)
{
    (void)state;
    assert_int_equal(mtp_lint_digits(120.0), 2);
    assert_int_equal(mtp_lint_digits(0.034), 2);
    assert_int_equal(mtp_lint_digits(-1.05), 3);
    assert_int_equal(mtp_lint_digits(0.0), 0);
    assert_int_equal(mtp_lint_decimals(" -1.50 "), 2);
    assert_int_equal(mtp_lint_decimals("12"), 0);
    assert_int_equal(mtp_lint_decimals("1e-3"), -1);
    assert_int_equal(mtp_lint_author("van der berg 2004"), 3);
    assert_int_equal(mtp_lint_author("study 3"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_have_ids_and_words),
        cmocka_unit_test(findings_come_with_their_place),
        cmocka_unit_test(the_threshold_decides),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(dates_are_told_from_labels),
        cmocka_unit_test(digits_and_decimals_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
