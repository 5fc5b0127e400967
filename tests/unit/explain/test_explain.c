/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked solutions by the library; tests/golden/check_explain.py computes every line.
 */
#include "metapool/explain.h"

#include "support/test.h"
#include "without_memory.h"

#include <string.h>

static const char trials[] = "trial,e1,n1,e2,n2,g,year\n"
                             "A,4,123,11,139,x,1\nB,6,306,29,303,x,2\n"
                             "C,0,231,11,220,y,3\nD,62,13598,248,12867,y,4\n"
                             "`E*_,33,5069,47,5808,y,5\n";

static mtp_table *read_table(void)
{
    mtp_table *table = NULL;

    assert_int_equal(mtp_table_parse_csv("trials.csv", trials, strlen(trials), NULL,
                                         &table, NULL, NULL),
                     MTP_OK);
    return table;
}

static mtp_request *make_request(const char *const more[][2], size_t n)
{
    static const char *const option[][2] = {{"measure", "OR"}, {"events1", "e1"},
                                            {"n1", "n1"},      {"events2", "e2"},
                                            {"n2", "n2"},      {"study", "trial"}};
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_EXPLAIN, &request, NULL), MTP_OK);
    for (size_t i = 0; i < sizeof option / sizeof *option; i++) {
        assert_int_equal(mtp_request_set(request, option[i][0], option[i][1], NULL),
                         MTP_OK);
    }
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(mtp_request_set(request, more[i][0], more[i][1], NULL),
                         MTP_OK);
    }
    return request;
}

static char *explain(const char *const more[][2], size_t n, mtp_format format)
{
    mtp_table *table = read_table();
    mtp_request *request = make_request(more, n);
    size_t length = 0, disagreements = 1;
    char *text = NULL;
    mtp_bundle *bundle = NULL;

    assert_int_equal(mtp_explain(request, table, format, &text, &length, &disagreements,
                                 &bundle, NULL, NULL),
                     MTP_OK);
    assert_int_equal(strlen(text), length);
    assert_int_equal(disagreements, 0);
    assert_int_equal(bundle->n_studies, 5);
    mtp_bundle_free(bundle);
    mtp_request_free(request);
    mtp_table_free(table);
    return text;
}

/* ln((0.5 * 209.5) / (231.5 * 11.5)) = -3.23535 */
static void an_empty_cell_is_corrected_in_sight(void **state)
{
    static const char *const more[][2] = {{"work", "C"}};
    char *text = explain(more, 1, MTP_FORMAT_TEXT);

    (void)state;
    assert_non_null(strstr(text, "  a = x1 + h = 0 + 0.5 = 0.5\n"));
    assert_non_null(strstr(text, "  b = n1 - x1 + h = 231 - 0 + 0.5 = 231.5\n"));
    assert_non_null(strstr(text, "ln(0.5 * 209.5 / (231.5 * 11.5)) = -3.23535\n"));
    assert_null(strstr(text, "\nA\n"));
    mtp_text_free(text);
}

static void markdown_has_latex_and_names_stay_names(void **state)
{
    char *text = explain(NULL, 0, MTP_FORMAT_MARKDOWN);

    (void)state;
    assert_non_null(strstr(text, "# Worked solution\n"));
    assert_non_null(strstr(text, "$$\\hat\\mu_{c} = \\frac{\\sum_{i} w_{i} y_{i}}"));
    assert_non_null(strstr(text, "| 'E\\*\\_ |"));
    mtp_text_free(text);
}

static void html_is_a_page_with_mathml(void **state)
{
    char *text = explain(NULL, 0, MTP_FORMAT_HTML);

    (void)state;
    assert_int_equal(strncmp(text, "<!DOCTYPE html>", 15), 0);
    assert_non_null(strstr(text, "<math displaystyle=\"true\">"));
    assert_non_null(strstr(text, "default-src 'none'"));
    assert_null(strstr(text, "http"
                             "s:"));
    mtp_text_free(text);
}

static void subgroups_are_worked_and_compared(void **state)
{
    static const char *const more[][2] = {{"by", "g"}};
    char *text = explain(more, 1, MTP_FORMAT_TEXT);

    (void)state;
    assert_non_null(strstr(text, "Subgroup x\n"));
    assert_non_null(strstr(text, "X2 = sum(w_i * (mu_i - m)^2)"));
    mtp_text_free(text);
}

/* Equal counts: residuals are 0, and so are Knapp and Hartung's standard errors. */
static void without_spread_there_is_no_test(void **state)
{
    static const char *const more[][2] = {{"events1", "10"}, {"n1", "100"},
                                          {"events2", "20"}, {"n2", "100"},
                                          {"mods", "g"},     {"tau2", "DL"}};
    char *text = explain(more, 6, MTP_FORMAT_TEXT);

    (void)state;
    assert_non_null(strstr(text, "Of a standard error of 0 there is no test.\n"));
    assert_null(strstr(text, "nan"));
    assert_null(strstr(text, "inf"));
    mtp_text_free(text);
}

/* The common effect lies 38 standard errors from the hypothesis: p is 6e-316, which has
 * eight digits in a double. */
static void the_smallest_p_has_fewer_digits(void **state)
{
    static const char *const more[][2] = {{"events1", "1000"}, {"n1", "10000"},
                                          {"events2", "1001"}, {"n2", "10003"},
                                          {"tau2", "DL"},      {"null", "2.228"}};
    char *text = explain(more, 6, MTP_FORMAT_TEXT);

    (void)state;
    assert_non_null(strstr(text, "e-31"));
    mtp_text_free(text);
}

/* (1.5 / 1e9)^2 of a sum of squares is the spread of such years: it is rounded away. */
static void a_spread_that_is_rounded_away_is_told(void **state)
{
    static const char *const more[][2] = {{"mods", "(year + 1000000000)"}};
    static const char *const fine[][2] = {{"mods", "(year + 2000)"}};
    char *text = explain(more, 1, MTP_FORMAT_TEXT);

    (void)state;
    assert_non_null(strstr(text, "lose all digits"));
    assert_null(strstr(text, "A_2_2"));
    mtp_text_free(text);
    text = explain(fine, 1, MTP_FORMAT_TEXT);
    assert_non_null(strstr(text, "A_2_2"));
    mtp_text_free(text);
}

static void what_cannot_be_explained_is_refused(void **state)
{
    static const struct {
        const char *option, *value, *message;
    } cases[] = {
        {"work", "nobody", "no study of this name"},
        {"ref", "g=x", "--ref needs --mods"},
    };
    mtp_table *table = read_table();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *const more[][2] = {{cases[i].option, cases[i].value}};
        mtp_request *request = make_request(more, 1);
        char *text = NULL;
        mtp_error err;

        assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL, NULL,
                                     NULL, NULL, &err),
                         MTP_E_ARG);
        assert_non_null(strstr(err.message, cases[i].message));
        assert_null(text);
        mtp_request_free(request);
    }
    mtp_table_free(table);
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const more[][2] = {{"by", "g"}};

    (void)state;
    assert_survives_without_memory(make_request(more, 1), read_table(), 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_cell_is_corrected_in_sight),
        cmocka_unit_test(markdown_has_latex_and_names_stay_names),
        cmocka_unit_test(html_is_a_page_with_mathml),
        cmocka_unit_test(subgroups_are_worked_and_compared),
        cmocka_unit_test(without_spread_there_is_no_test),
        cmocka_unit_test(the_smallest_p_has_fewer_digits),
        cmocka_unit_test(a_spread_that_is_rounded_away_is_told),
        cmocka_unit_test(what_cannot_be_explained_is_refused),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
