/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is worked where an analysis has lost something: degrees of freedom, a variance,
 * digits. Each line is checked against the analysis by the code itself; here nothing
 * may disagree, and what there is not must be told. */
#include "metapool/explain.h"

#include "support/test.h"

#include <string.h>

static char *work(const char *csv, size_t n, const char *const option[][2])
{
    mtp_table *table = NULL;
    mtp_request *request = NULL;
    size_t disagreements = 1;
    char *text = NULL;

    assert_int_equal(
        mtp_table_parse_csv("t.csv", csv, strlen(csv), NULL, &table, NULL, NULL),
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

static void assert_holds(const char *text, const char *const part[])
{
    for (; *part; part++) {
        if (!strstr(text, *part)) {
            fail_msg("no %s", *part);
        }
    }
}

/* The moderator tells the only two groups apart. */
static void no_degrees_of_freedom(void **state)
{
    static const char csv[] =
        "study,age,yi,vi\nA,adults,0.1,0.04\nB,adults,0.5,0.09\nC,children,0.2,0.05\n"
        "D,children,-0.3,0.03\nE,adults,0.9,0.06\n";
    static const char *const option[][2] = {
        {"yi", "yi"},    {"vi", "vi"},      {"study", "study"}, {"nested", "age/study"},
        {"mods", "age"}, {"df", "contain"}, {"measure", "OR"}};
    static const char *const part[] = {
        "Without degrees of freedom there is neither a test nor an interval",
        "ratio = exp(b_2)", "theta_i = exp(m_i)", NULL};
    char *text = work(csv, 7, option);

    (void)state;
    assert_holds(text, part);
    assert_null(strstr(text, " nan"));
    mtp_text_free(text);
}

/* The one study of c has no residual, whatever its tau2. */
static void a_flat_likelihood_of_the_scale(void **state)
{
    static const char csv[] =
        "study,g,yi,vi\nA,a,0.1,0.01\nB,a,0.9,0.02\nC,a,0.4,0.01\n"
        "D,a,-0.3,0.015\nE,b,0.2,0.04\nF,b,1.3,0.05\nG,b,0.21,0.04\nH,c,0.3,0.02\n";
    static const char *const option[][2] = {
        {"yi", "yi"}, {"vi", "vi"}, {"study", "study"}, {"mods", "g"}, {"scale", "g"}};
    static const char *const part[] = {
        "rounding: here the likelihood does not change with\nalpha_3.", NULL};
    char *text = work(csv, 5, option);

    (void)state;
    assert_holds(text, part);
    mtp_text_free(text);
}

/* Variances fourteen powers of ten apart: the first step keeps few digits. */
static void digits_lost_in_a_first_step(void **state)
{
    static const char csv[] =
        "study,yi,vi\nA,0.3,1e-12\nB,0.1,0.19\nC,-0.2,0.02\nD,0.4,5e-6\nE,0.1,0.07\n"
        "F,-0.5,0.01\nG,0.7,0.015\n";
    static const char *const dl2[][2] = {
        {"yi", "yi"}, {"vi", "vi"}, {"study", "study"}, {"tau2", "DL2"}};
    char *text = work(csv, 4, dl2);

    (void)state;
    mtp_text_free(text);
}

/* Each of two studies is alone what tells a coefficient. */
static void clusters_that_say_nothing(void **state)
{
    static const char csv[] = "study,lab,g,yi,vi\nA,1,a,0.1,0.01\nB,2,a,0.9,0.02\n"
                              "C,3,a,0.4,0.01\nD,4,b,0.3,0.03\nE,5,c,-0.2,0.04\n"
                              "F,6,d,0.7,0.02\nG,6,d,0.5,0.03\nH,7,a,0.6,0.02\n";
    static const char *const option[][2] = {{"yi", "yi"},
                                            {"vi", "vi"},
                                            {"study", "study"},
                                            {"mods", "g"},
                                            {"cluster", "lab"}};
    static const char *const part[] = {"has no inverse: its rank is ", NULL};
    char *text = work(csv, 5, option);

    (void)state;
    assert_holds(text, part);
    assert_null(strstr(text, " nan"));
    assert_null(strstr(text, "-nan"));
    mtp_text_free(text);
}

/* With the variance of a tau2 that the subgroups share, Kenward and Roger's interval is
 * that of the regression on all of them. */
static void a_common_tau2_by_kenward_and_roger(void **state)
{
    static const char csv[] =
        "study,g,yi,vi\nA,a,0.1,0.01\nB,a,0.9,0.02\nC,a,0.4,0.01\n"
        "D,b,0.3,0.03\nE,b,-0.2,0.04\nF,b,0.7,0.02\n";
    static const char *const option[][2] = {
        {"yi", "yi"}, {"vi", "vi"}, {"study", "study"},
        {"by", "g"},  {"ci", "kr"}, {"tau2-scope", "common"}};
    static const char *const part[] = {"V_f = 2 / T_2", "V = V_f", NULL};
    char *text = work(csv, 6, option);

    (void)state;
    assert_holds(text, part);
    mtp_text_free(text);
}

/* Each study is a cluster; the weights are far apart, and none is lost. */
static void clusters_of_weights_far_apart(void **state)
{
    static const char csv[] =
        "study,yi,vi\nA,0.1,1e-16\nB,0.9,2\nC,0.4,0.01\nD,0.3,3\nE,-0.2,1e-20\n";
    static const char *const option[][2] = {
        {"yi", "yi"}, {"vi", "vi"}, {"study", "study"}, {"cluster", "study"}};
    char *text = work(csv, 4, option);

    (void)state;
    mtp_text_free(text);
}

static void zero_has_no_sign(void **state)
{
    static const char csv[] =
        "study,yi,vi,x\nA,-0.3,0.04,0\nB,0.1,0.05,0\nC,-0.2,0.02,1\n"
        "D,0.4,0.03,2\n";
    static const char *const option[][2] = {
        {"yi", "yi"}, {"vi", "vi"}, {"study", "study"}, {"mods", "x"}};
    char *text = work(csv, 4, option);

    (void)state;
    assert_null(strstr(text, "-0 "));
    assert_null(strstr(text, "-0\n"));
    mtp_text_free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_degrees_of_freedom),
        cmocka_unit_test(a_flat_likelihood_of_the_scale),
        cmocka_unit_test(digits_lost_in_a_first_step),
        cmocka_unit_test(clusters_that_say_nothing),
        cmocka_unit_test(a_common_tau2_by_kenward_and_roger),
        cmocka_unit_test(clusters_of_weights_far_apart),
        cmocka_unit_test(zero_has_no_sign),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
