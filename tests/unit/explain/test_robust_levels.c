/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cluster-robust variances of effects in nested levels, worked. The figures are those
 * of the REML variance, A_g, T, the standard errors and df by their definitions
 * (metapool/robust.h) with dense matrices, in mpmath with 40 digits;
 * tests/golden/check_explain_robust_levels.py computes every line. */
#include "metapool/explain.h"

#include "support/test.h"
#include "without_memory.h"

#include <string.h>

static const char csv[] = "study,lab,yi,vi,x\n"
                          "A,L,0.3,0.04,1\nB,L,0.5,0.09,2\nC,M,-0.1,0.03,4\n"
                          "D,M,0.2,0.05,3\nE,M,0.4,0.2,2\nF,N,0.7,0.06,1\n"
                          "G,O,-0.4,0.02,3\nH,O,-0.2,0.05,5\n";

static mtp_table *read_table(void)
{
    mtp_table *table = NULL;

    assert_int_equal(
        mtp_table_parse_csv("labs.csv", csv, strlen(csv), NULL, &table, NULL, NULL),
        MTP_OK);
    return table;
}

/* Every study worked in full. */
static mtp_request *make_request(const char *mods)
{
    static const char *const option[][2] = {
        {"yi", "yi"},      {"vi", "vi"},       {"study", "study"},
        {"nested", "lab"}, {"cluster", "lab"}, {"all-studies", "true"}};
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_EXPLAIN, &request, NULL), MTP_OK);
    for (size_t i = 0; i < sizeof option / sizeof *option; i++) {
        assert_int_equal(mtp_request_set(request, option[i][0], option[i][1], NULL),
                         MTP_OK);
    }
    if (mods) {
        assert_int_equal(mtp_request_set(request, "mods", mods, NULL), MTP_OK);
    }
    return request;
}

static void check_figures(const char *mods, size_t n, const char *const figure[])
{
    mtp_table *table = read_table();
    mtp_request *request = make_request(mods);
    size_t disagreements = 1;
    char *text = NULL;

    assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                 &disagreements, NULL, NULL, NULL),
                     MTP_OK);
    assert_int_equal(disagreements, 0);
    for (size_t i = 0; i < n; i++) {
        if (!strstr(text, figure[i])) {
            fail_msg("no \"%s\"", figure[i]);
        }
    }
    mtp_text_free(text);
    mtp_request_free(request);
    mtp_table_free(table);
}

static void a_mean_of_nested_levels_is_worked(void **state)
{
    static const char *const figure[] = {"  sigma2_1 = 0.160212\n",
                                         "  A_1_1 = 1.08708\n",
                                         "  A_2_1 = 0.0738548\n",
                                         "  A_2_2 = 1.06768\n",
                                         "  A_3_2 = 0.044036\n",
                                         "  A_1_1 = 1.09247\n",
                                         "  T_1 = 4.12613\n",
                                         "  T_2 = 2.02043\n",
                                         "  T_3 = 0.728896\n",
                                         " = 0.214869\n",
                                         "(0.975, df_t) = t(0.975, 2.972698)"};

    (void)state;
    check_figures(NULL, sizeof figure / sizeof *figure, figure);
}

static void a_regression_in_nested_levels_is_worked(void **state)
{
    static const char *const figure[] = {"  sigma2_1 = 0.0845921\n",
                                         "  A_1_1 = 1.19192\n",
                                         "  A_3_1 = -0.00667007\n",
                                         "  A_2_2 = 1.47109\n",
                                         "  T_1_1 = 7.14395\n",
                                         "  T_2_1 = 45.3201\n",
                                         "  T_2_2 = 57.1671\n",
                                         " = 0.331053\n",
                                         " = 0.0729427\n",
                                         "(0.975, nu_1) = t(0.975, 2.69512",
                                         "(0.975, nu_2) = t(0.975, 1.85809"};

    (void)state;
    check_figures("x", sizeof figure / sizeof *figure, figure);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    assert_survives_without_memory(make_request(NULL), read_table(), 20);
    assert_survives_without_memory(make_request("x"), read_table(), 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mean_of_nested_levels_is_worked),
        cmocka_unit_test(a_regression_in_nested_levels_is_worked),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
