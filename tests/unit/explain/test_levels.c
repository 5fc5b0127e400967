/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several variances, worked, where the estimates can be found by hand. */
#include "metapool/explain.h"

#include "support/test.h"

#include <string.h>

static char *explain(const char *csv, const char *const option[][2], size_t n)
{
    mtp_table *table = NULL;
    mtp_request *request = NULL;
    size_t disagreements = 1;
    char *text = NULL;

    assert_int_equal(
        mtp_table_parse_csv("made.csv", csv, strlen(csv), NULL, &table, NULL, NULL),
        MTP_OK);
    assert_int_equal(mtp_request_new(MTP_COMMAND_EXPLAIN, &request, NULL), MTP_OK);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(mtp_request_set(request, option[i][0], option[i][1], NULL),
                         MTP_OK);
    }
    assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                 &disagreements, NULL, NULL, NULL),
                     MTP_OK);
    assert_int_equal(disagreements, 0);
    mtp_request_free(request);
    mtp_table_free(table);
    return text;
}

/* Balanced groups, by analysis of variance: the mean square within is (2 + 2) / 2 = 2,
 * that between 2 (2^2 + 2^2) = 16, so that sigma2_2 = 2 - v = 1 and sigma2_1 =
 * (16 - 2) / 2 = 7; the mean's variance is 16 / 4. */
static void balanced_groups_have_mean_squares(void **state)
{
    static const char csv[] = "g,id,y,v\nA,1,0,1\nA,2,2,1\nB,3,4,1\nB,4,6,1\n";
    static const char *const option[][2] = {
        {"yi", "y"}, {"vi", "v"}, {"nested", "g/id"}, {"ci", "wald"}};
    char *text = explain(csv, option, 4);

    (void)state;
    assert_non_null(strstr(text, "  sigma2_1 = 7"));
    assert_non_null(strstr(text, "  sigma2_2 = 1"));
    assert_non_null(strstr(text, "\ng A\n"));
    assert_null(strstr(text, "\ng B\n\n"));
    assert_non_null(strstr(text, "  w = a / b = 1 / 8 = 0.125\n"));
    assert_non_null(strstr(text, "  mu = sum(w_y_i) / M = 0.75 / 0.25 = 3\n"));
    assert_non_null(strstr(text, "  se = sqrt(1 / M) = sqrt(1 / 0.25) = 2\n"));
    mtp_text_free(text);
}

/* Each group has its mean and its variance: 4 - 1 and 100 - 1, whose logarithms are
 * 1.09861 and 4.59512. */
static void groups_of_their_own_have_sample_variances(void **state)
{
    static const char csv[] = "g,y,v\nA,0,1\nA,2,1\nA,4,1\nB,10,1\nB,20,1\nB,30,1\n";
    static const char *const option[][2] = {
        {"yi", "y"}, {"vi", "v"}, {"mods", "g"}, {"scale", "g"}};
    char *text = explain(csv, option, 4);

    (void)state;
    assert_non_null(strstr(text, "  alpha_1 = 1.09861\n"));
    assert_non_null(strstr(text, "  alpha_2 = 3.49651\n"));
    assert_non_null(strstr(text, "the likelihood is highest at alpha_2."));
    mtp_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(balanced_groups_have_mean_squares),
        cmocka_unit_test(groups_of_their_own_have_sample_variances),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
