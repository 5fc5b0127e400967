/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cluster-robust variances, worked. The figures are those of A_g, T, s and df by their
 * definitions (metapool/robust.h) with the eigenvectors of each cluster's matrix, in
 * mpmath with 40 digits; tests/golden/check_explain_clusters.py computes every line. */
#include "metapool/explain.h"

#include "support/test.h"
#include "without_memory.h"

#include <string.h>

static const char csv[] = "study,lab,yi,vi,x\n"
                          "A,L,0.3,0.04,1\nB,L,0.5,0.09,2\nC,M,-0.1,0.03,4\n"
                          "D,M,0.2,0.05,3\nE,M,0.4,0.2,2\nF,N,0.7,0.06,1\n";

static const char longer[] =
    "study,lab,yi,vi,x,z,w\n"
    "A,L,0.3,0.04,1,0,2\nB,L,0.5,0.09,2,0,1\nC,M,-0.1,0.03,4,1,3\n"
    "D,M,0.2,0.05,3,0,1\nE,M,0.4,0.2,2,1,2\nF,N,0.7,0.06,1,1,1\n"
    "G,O,0.1,0.08,3,0,2\nH,P,0.35,0.05,5,0,3\nI,P,0.25,0.03,2,1,1\n";

/* Cluster L knows x nearly alone. */
static const char powers_of_ten[] =
    "study,lab,yi,vi,x\nA,L,0.3454,0.1905,1\nB,M,-0.0242,0.2138,1e-7\n"
    "C,N,0.4234,0.1885,1e-7\nD,O,0.0536,0.12,1e-4\nE,M,-0.0366,0.1019,1e-9\n"
    "F,O,-0.2305,0.0802,1e-9\nG,O,0.8048,0.0886,2e-7\n";

static mtp_table *read_text(const char *text)
{
    mtp_table *table = NULL;

    assert_int_equal(
        mtp_table_parse_csv("labs.csv", text, strlen(text), NULL, &table, NULL, NULL),
        MTP_OK);
    return table;
}

static mtp_table *read_table(void)
{
    return read_text(csv);
}

/* Every study worked in full. */
static mtp_request *make_request(const char *mods)
{
    static const char *const option[][2] = {
        {"yi", "yi"},       {"vi", "vi"},   {"study", "study"},
        {"cluster", "lab"}, {"tau2", "EE"}, {"all-studies", "true"}};
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

static void clusters_are_adjusted_by_their_matrices(void **state)
{
    static const char *const figures[] = {
        /* A and T of L, A of M, s and df */
        "        = 1.1531\n",    "        = 0.0911435\n", "        = 1.06276\n",
        "      = 29.8402\n",     "  A_1_1 = 1.26829\n",   "  A_2_1 = 0.193427\n",
        "  A_3_2 = 0.0531727\n", " = 0.169934\n",         " = 1.6054\n"};
    mtp_table *table = read_table();
    mtp_request *request = make_request(NULL);
    size_t disagreements = 1;
    char *text = NULL;

    (void)state;
    assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                 &disagreements, NULL, NULL, NULL),
                     MTP_OK);
    assert_int_equal(disagreements, 0);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        assert_non_null(strstr(text, figures[i]));
    }
    mtp_text_free(text);
    mtp_request_free(request);
    mtp_table_free(table);
}

/* T of B, E and C in 50 digits: not what is left of that of x less its mean. */
static void moderators_may_be_powers_of_ten_apart(void **state)
{
    static const char *const figures[] = {"4.94125e-07", "4.70163e-08",
                                          "0.000000559901"};
    mtp_table *table = read_text(powers_of_ten);
    mtp_request *request = make_request("x");
    size_t disagreements = 1;
    char *text = NULL;

    (void)state;
    assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                 &disagreements, NULL, NULL, NULL),
                     MTP_OK);
    assert_int_equal(disagreements, 0);
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        assert_non_null(strstr(text, figures[i]));
    }
    mtp_text_free(text);
    mtp_request_free(request);
    mtp_table_free(table);
}

/* eta of the test of x and z, df of x and of 2 x - z, by the covariances of all pairs
 * of clusters under the working model, T by eigenvectors, in mpmath with 50 digits. */
static void degrees_of_freedom_are_worked(void **state)
{
    static const char *const figures[2][4] = {
        {"df_2 = eta - df_1 + 1 = 2.19944 - 2 + 1 = 1.19944\n", " = 0.466226\n",
         "  nu_2 = sum(p_2_g)^2 / D = 0.00478102^2 / 9.28217e-06 = 2.46259\n",
         " = 1.91579\n"},
        {"df_2 = eta - df_1 + 1 = 2.27082 - 2 + 1 = 1.27082\n", " = 0.283715\n",
         "  nu_2 = sum(p_2_g)^2 / D = 0.0053446^2 / 1.41177e-05 = 2.02333\n",
         " = 2.09981\n"}};
    mtp_table *table = read_text(longer);

    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        mtp_request *request = make_request("x + z");
        size_t disagreements = 1;
        char *text = NULL;

        assert_int_equal(mtp_request_set(request, "tau2", "0.02", NULL), MTP_OK);
        assert_int_equal(mtp_request_set(request, "contrast", "2 * x - z", NULL),
                         MTP_OK);
        if (weighted) {
            assert_int_equal(mtp_request_set(request, "weights", "w", NULL), MTP_OK);
        }
        assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                     &disagreements, NULL, NULL, NULL),
                         MTP_OK);
        assert_int_equal(disagreements, 0);
        for (size_t i = 0; i < 4; i++) {
            assert_non_null(strstr(text, figures[weighted][i]));
        }
        mtp_text_free(text);
        mtp_request_free(request);
    }
    mtp_table_free(table);
}

/* F and its degrees of freedom between three subgroups, in the same way. */
static void subgroups_are_tested(void **state)
{
    static const char *const figures[2][2] = {
        {"df_2 = eta - df_1 + 1 = 2.24962 - 2 + 1 = 1.24962\n", "    = 0.917208\n"},
        {"df_2 = eta - df_1 + 1 = 2.05132 - 2 + 1 = 1.05132\n", "    = 0.834724\n"}};
    mtp_table *table = read_text(longer);

    (void)state;
    for (int weighted = 0; weighted < 2; weighted++) {
        mtp_request *request = make_request(NULL);
        size_t disagreements = 1;
        char *text = NULL;

        assert_int_equal(mtp_request_set(request, "tau2", "0.02", NULL), MTP_OK);
        assert_int_equal(mtp_request_set(request, "by",
                                         "iif(x > 2, 'c', iif(x = 2, 'b', 'a'))", NULL),
                         MTP_OK);
        if (weighted) {
            assert_int_equal(mtp_request_set(request, "weights", "w", NULL), MTP_OK);
        }
        assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                     &disagreements, NULL, NULL, NULL),
                         MTP_OK);
        assert_int_equal(disagreements, 0);
        for (size_t i = 0; i < 2; i++) {
            assert_non_null(strstr(text, figures[weighted][i]));
        }
        mtp_text_free(text);
        mtp_request_free(request);
    }
    mtp_table_free(table);
}

static void run_out_of_memory(const char *mods, const char *by)
{
    mtp_table *table = read_text(longer);
    mtp_request *request = make_request(mods);

    if (by) {
        assert_int_equal(mtp_request_set(request, "by", by, NULL), MTP_OK);
    }
    assert_survives_without_memory(request, table, 40);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    run_out_of_memory(NULL, NULL);
    run_out_of_memory("x", NULL);
    run_out_of_memory("x + z", NULL);
    run_out_of_memory(NULL, "z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_are_adjusted_by_their_matrices),
        cmocka_unit_test(moderators_may_be_powers_of_ten_apart),
        cmocka_unit_test(degrees_of_freedom_are_worked),
        cmocka_unit_test(subgroups_are_tested),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
