/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cluster-robust variances, worked. The figures are those of A_g, T, s and df by their
 * definitions (metapool/robust.h) with the eigenvectors of each cluster's matrix, in
 * mpmath with 40 digits; tests/golden/check_explain_clusters.py computes every line. */
#include "metapool/explain.h"

#include "core/arena.h"
#include "support/test.h"

#include <string.h>

static const char csv[] = "study,lab,yi,vi,x\n"
                          "A,L,0.3,0.04,1\nB,L,0.5,0.09,2\nC,M,-0.1,0.03,4\n"
                          "D,M,0.2,0.05,3\nE,M,0.4,0.2,2\nF,N,0.7,0.06,1\n";

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

static void run_out_of_memory(const char *mods)
{
    mtp_table *table = read_table();
    mtp_request *request = make_request(mods);
    mtp_status status = MTP_E_NOMEM;
    size_t failed = 0;

    for (size_t n = 1; status == MTP_E_NOMEM; n += 1 + n / 40) {
        char *text = NULL;

        mtp_arena_fail_after(n);
        status = mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL, NULL, NULL,
                             NULL, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !text));
        failed += status == MTP_E_NOMEM;
        mtp_text_free(text);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(failed > 20);
    mtp_request_free(request);
    mtp_table_free(table);
}

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    run_out_of_memory(NULL);
    run_out_of_memory("x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_are_adjusted_by_their_matrices),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
