/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worked regressions against R's metafor 3.8-1: rma(yi, vi, mods = ~ x, method = ...,
 * test = "knha", control = list(threshold = 1e-14, tol = 1e-14)), with weights = w
 * where said. */
#include "metapool/explain.h"

#include "support/test.h"
#include "without_memory.h"

#include <string.h>

static const char studies[] = "study,yi,vi,x,w\n"
                              "A,0.10,0.005,1,3\nB,0.35,0.012,2,1\n"
                              "C,0.12,0.0025,3,2\nD,0.90,0.01,4,5\n"
                              "E,0.35,0.0075,5,4\nF,1.20,0.015,7,1\n";

static mtp_table *read_table(void)
{
    mtp_table *table = NULL;

    assert_int_equal(mtp_table_parse_csv("six.csv", studies, strlen(studies), NULL,
                                         &table, NULL, NULL),
                     MTP_OK);
    return table;
}

static mtp_request *make_request(size_t n, const char *const more[][2])
{
    static const char *const option[][2] = {
        {"yi", "yi"}, {"vi", "vi"}, {"study", "study"}, {"mods", "x"}};
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_EXPLAIN, &request, NULL), MTP_OK);
    for (size_t i = 0; i < 4 + n; i++) {
        const char *const *pair = i < 4 ? option[i] : more[i - 4];

        assert_int_equal(mtp_request_set(request, pair[0], pair[1], NULL), MTP_OK);
    }
    return request;
}

/* Worked without a disagreement, with these values at the ends of lines. */
static void assert_worked(const mtp_request *request, const mtp_table *table,
                          const char *const value[])
{
    size_t disagreements = 1;
    char *text = NULL;

    assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                 &disagreements, NULL, NULL, NULL),
                     MTP_OK);
    assert_int_equal(disagreements, 0);
    for (; *value; value++) {
        if (!strstr(text, *value)) {
            fail_msg("no %s", *value);
        }
    }
    mtp_text_free(text);
}

static void assert_values(size_t n, const char *const more[][2],
                          const char *const value[])
{
    mtp_table *table = read_table();
    mtp_request *request = make_request(n, more);

    assert_worked(request, table, value);
    mtp_request_free(request);
    mtp_table_free(table);
}

static void every_estimator_and_its_standard_error(void **state)
{
    static const struct {
        const char *method, *value[6]; /* tau2, its SE, b */
    } row[] = {
        {"HE", {"= 0.0839761\n", "= 0.0651711\n", "= -0.102406\n", "= 0.16331\n"}},
        {"HS", {"= 0.0476553\n", "= 0.0264805\n", "= -0.10436\n", "= 0.162586\n"}},
        {"HSk", {"= 0.0745338\n", "= 0.0599468\n", "= -0.102742\n", "= 0.163183\n"}},
        {"SJ", {"= 0.0879614\n", "= 0.0647796\n", "= -0.102285\n", "= 0.163356\n"}},
        {"DL", {"= 0.0800379\n", "= 0.0688229\n", "= -0.102537\n", "= 0.16326\n"}},
        {"REML", {"= 0.0845093\n", "= 0.0654127\n", "= -0.102389\n", "= 0.163316\n"}},
        {"ML", {"= 0.054207\n", "= 0.0360567\n", "= -0.10383\n", "= 0.162779\n"}},
        {"EB", {"= 0.084268\n", "= 0.0655804\n", "= -0.102397\n", "= 0.163313\n"}},
        {"EE", {"= 52.8611\n", "= 40.5473\n"}}, /* QE, R2 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const char *const more[][2] = {{"tau2", row[i].method}};

        assert_values(1, more, row[i].value);
    }
}

static void intervals_likelihood_and_share(void **state)
{
    static const char *const more[][2] = {{"tau2", "REML"}};
    static const char *const value[] = {/* confint, fitstats, R2 */
                                        "tau2_lower = 0.0253043\n",
                                        "tau2_upper = 0.752766\n",
                                        "= 0.159073\n",
                                        "= 0.867621\n",
                                        "= 79.4319\n",
                                        "= 99.1371\n",
                                        "= 4.8619\n",
                                        "= 115.886\n",
                                        "= -0.911695\n",
                                        "= 7.82339\n",
                                        "= 5.98227\n",

                                        "= 54.9612\n",
                                        NULL};

    (void)state;
    assert_values(1, more, value);
}

static void given_weights(void **state)
{
    static const char *const dl[][2] = {{"tau2", "DL"}, {"weights", "w"}};
    static const char *const genq[][2] = {{"tau2", "GENQ"}, {"weights", "w"}};
    static const char *const b[] = {"= -0.0107143\n", "= 0.140714\n", "= 0.286482\n",
                                    "= 0.072855\n", NULL};
    static const char *const tau2[] = {"= 0.122969\n", "= 0.103885\n", NULL};

    (void)state;
    assert_values(2, dl, b);
    assert_values(2, genq, tau2);
}

/* predict(newmods = 4) */
static void predictions_stand_in_a_table(void **state)
{
    static const char *const more[][2] = {{"tau2", "DL"}, {"at", "x=4"}};
    static const char *const value[] = {"0.55050", "0.12675", "0.198580", "0.902425",
                                        "-0.3102", "1.4112",  NULL};

    (void)state;
    assert_values(2, more, value);
}

static mtp_table *read_counts(void)
{
    static const char counts[] = "study,x,n,z\nA,2,40,1\nB,9,44,2\nC,5,61,2\nD,0,25,3\n"
                                 "E,21,70,5\nF,14,39,4\nG,30,52,8\nH,9,12,7\n"
                                 "I,17,42,6\n";
    mtp_table *table = NULL;

    assert_int_equal(mtp_table_parse_csv("nine.csv", counts, strlen(counts), NULL,
                                         &table, NULL, NULL),
                     MTP_OK);
    return table;
}

static mtp_request *request_counts(void)
{
    static const char *const option[][2] = {{"events", "x"},    {"n", "n"},
                                            {"study", "study"}, {"mods", "z"},
                                            {"measure", "PLO"}, {"method", "glmm"}};
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_EXPLAIN, &request, NULL), MTP_OK);
    for (size_t i = 0; i < sizeof option / sizeof *option; i++) {
        assert_int_equal(mtp_request_set(request, option[i][0], option[i][1], NULL),
                         MTP_OK);
    }
    return request;
}

/* By R's integrate, nlminb and numDeriv's hessian; rma.glmm has the same to four
 * digits. */
static void counts_with_moderators(void **state)
{
    static const char *const value[] = {"b_1 = -3.02427\n",
                                        "b_2 = 0.453865\n",
                                        "= 0.104908\n",
                                        "= -24.3379\n",
                                        "= 0.449259\n",
                                        "= 0.0877509\n",
                                        NULL};
    mtp_table *table = read_counts();
    mtp_request *request = request_counts();

    (void)state;
    assert_worked(request, table, value);
    mtp_request_free(request);
    mtp_table_free(table);
}

static void memory_may_run_out_anywhere(void **state)
{
    static const char *const more[][2] = {
        {"tau2", "CA2"}, {"weights", "w"}, {"at", "x=4"}, {"contrast", "2 * x"}};

    (void)state;
    assert_survives_without_memory(make_request(4, more), read_table(), 40);
    assert_survives_without_memory(request_counts(), read_counts(), 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_estimator_and_its_standard_error),
        cmocka_unit_test(intervals_likelihood_and_share),
        cmocka_unit_test(given_weights),
        cmocka_unit_test(predictions_stand_in_a_table),
        cmocka_unit_test(counts_with_moderators),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
