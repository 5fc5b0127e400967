/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is found by search is worked: the distribution of the generalized Q, profiles of
 * the likelihood, the tau2 that subgroups share. */
#include "metapool/explain.h"

#include "support/test.h"
#include "without_memory.h"

#include <string.h>

/* Made up; C is alone in its subgroup. */
static const char studies[] = "study,y,v,g,x\nA,0.1,0.1,P,1\nB,0.9,0.1,P,2\n"
                              "C,0.5,0.2,Q,4\nD,1.9,0.05,R,3\nE,0.2,0.05,R,7\n";

typedef const char *const setting[2];

static mtp_request *make_request(size_t n, setting more[])
{
    static setting option[] = {{"study", "study"}, {"yi", "y"}, {"vi", "v"}};
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_EXPLAIN, &request, NULL), MTP_OK);
    for (size_t i = 0; i < 3 + n; i++) {
        setting *at = i < 3 ? &option[i] : &more[i - 3];

        assert_int_equal(mtp_request_set(request, (*at)[0], (*at)[1], NULL), MTP_OK);
    }
    return request;
}

static mtp_table *read_studies(void)
{
    mtp_table *table = NULL;

    assert_int_equal(mtp_table_parse_csv("studies.csv", studies, strlen(studies), NULL,
                                         &table, NULL, NULL),
                     MTP_OK);
    return table;
}

/* The text has these, in their order, and nothing disagrees. */
static void assert_worked(size_t n, setting more[], const char *const value[])
{
    mtp_request *request = make_request(n, more);
    mtp_table *table = read_studies();
    size_t disagreements = 1;
    char *text = NULL;
    const char *at;

    assert_int_equal(mtp_explain(request, table, MTP_FORMAT_TEXT, &text, NULL,
                                 &disagreements, NULL, NULL, NULL),
                     MTP_OK);
    assert_int_equal(disagreements, 0);
    assert_null(strstr(text, "not worked"));
    at = text;
    for (size_t i = 0; value[i]; i++) {
        at = strstr(at, value[i]);
        if (!at) {
            fail_msg("%s is not in the text", value[i]);
            return;
        }
    }
    mtp_text_free(text);
    mtp_request_free(request);
    mtp_table_free(table);
}

/* By bisection of Ruben's series (check_explain_tau2.py). */
static void the_generalized_q(void **state)
{
    static setting median[] = {{"tau2", "GENQM"}, {"tau2-ci", "j"}};
    static setting other[] = {{"tau2-ci", "bj"}};

    (void)state;
    assert_worked(2, median,
                  (const char *const[]){"tau2 = 0.838164\n", " = 0.5\n",
                                        "tau2_lower = 0.138762\n", " = 0.975\n",
                                        "tau2_upper = 5.29145\n", " = 0.025\n", NULL});
    assert_worked(1, other,
                  (const char *const[]){"tau2_lower = 0.177453\n",
                                        "tau2_upper = 6.65281\n", NULL});
}

/* By metafor 3.8-1 (hc), and by R's optimize and uniroot. */
static void intervals_of_the_mean(void **state)
{
    static setting henmi[] = {{"ci", "hc"}};
    static setting profile[] = {{"ci", "pl"}};

    (void)state;
    assert_worked(1, henmi, (const char *const[]){"= -0.3592", "= 2.036", NULL});
    assert_worked(
        1, profile,
        (const char *const[]){"lower = -0.00962118\n", "upper = 1.47126\n", NULL});
}

/* By metafor 3.8-1: rma with mods = ~ g - 1. */
static void tau2_that_is_shared(void **state)
{
    static setting shared[] = {{"by", "g"}, {"tau2-scope", "common"}, {"ci", "kr"}};

    (void)state;
    assert_worked(3, shared,
                  (const char *const[]){"All subgroups", "tau2 = 0.839594\n",
                                        "Both sides agree", "V_f = 2 / T_2",
                                        "alone in its subgroup", NULL});
}

static void memory_may_run_out_anywhere(void **state)
{
    static setting mean[] = {{"tau2", "GENQM"}, {"tau2-ci", "j"}, {"ci", "hc"}};
    static setting profiles[] = {{"tau2", "DL"}, {"tau2-ci", "pl"}, {"ci", "pl"}};
    static setting shared[] = {
        {"by", "g"}, {"tau2-scope", "common"}, {"ci", "kr"}, {"tau2-ci", "bj"}};
    static setting slope[] = {{"mods", "x"}, {"tau2", "GENQM"}, {"tau2-ci", "pl"}};

    (void)state;
    assert_survives_without_memory(make_request(3, mean), read_studies(), 20);
    assert_survives_without_memory(make_request(3, profiles), read_studies(), 20);
    assert_survives_without_memory(make_request(4, shared), read_studies(), 20);
    assert_survives_without_memory(make_request(3, slope), read_studies(), 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_generalized_q),
        cmocka_unit_test(intervals_of_the_mean),
        cmocka_unit_test(tau2_that_is_shared),
        cmocka_unit_test(memory_may_run_out_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
