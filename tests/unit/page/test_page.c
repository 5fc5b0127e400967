/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page by the library; what it says is read back by tests/golden/check_page.py. */
#include "metapool/page.h"
#include "metapool/report.h"

#include "core/arena.h"
#include "page/page.h"
#include "support/test.h"

#include <string.h>

static const char trials[] = "trial,e1,n1,e2,n2\n"
                             "A,4,123,11,139\nB,6,306,29,303\nC,3,231,11,220\n"
                             "D,62,13598,248,12867\nE,33,5069,47,5808\n";

static mtp_table *read_table(const char *text)
{
    mtp_table *table = NULL;

    assert_int_equal(
        mtp_table_parse_csv("trials.csv", text, strlen(text), NULL, &table, NULL, NULL),
        MTP_OK);
    return table;
}

static mtp_request *make_request(const char *measure, const char *risks)
{
    const char *const option[][2] = {{"measure", measure}, {"events1", "e1"},
                                     {"n1", "n1"},         {"events2", "e2"},
                                     {"n2", "n2"},         {"study", "trial"}};
    mtp_request *request = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_PAGE, &request, NULL), MTP_OK);
    for (size_t i = 0; i < sizeof option / sizeof *option; i++) {
        assert_int_equal(mtp_request_set(request, option[i][0], option[i][1], NULL),
                         MTP_OK);
    }
    if (risks) {
        assert_int_equal(mtp_request_set(request, "baseline-risk", risks, NULL),
                         MTP_OK);
    }
    return request;
}

static void the_page_comes_with_its_analysis(void **state)
{
    mtp_table *table = read_table(trials);
    mtp_request *request = make_request("OR", "0.05, 0.1");
    mtp_bundle *pool = NULL;
    char *text = NULL;
    size_t length = 0;

    (void)state;
    assert_int_equal(mtp_page(request, table, &text, &length, &pool, NULL, NULL),
                     MTP_OK);
    assert_int_equal(strlen(text), length);
    assert_int_equal(pool->command, MTP_COMMAND_POOL);
    assert_int_equal(pool->n_studies, 5);
    assert_non_null(strstr(text, "<h2 id=\"absolute-title\">Absolute effects</h2>"));
    mtp_bundle_free(pool);
    mtp_text_free(text);
    assert_int_equal(mtp_page(request, table, &text, NULL, NULL, NULL, NULL), MTP_OK);
    mtp_text_free(text);
    mtp_request_free(request);
    mtp_table_free(table);
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *measure, *risks;
        mtp_status status;
        const char *message;
    } bad[] = {
        {"OR", "0", MTP_E_ARG, "--baseline-risk 0: give risks between 0 and 1"},
        {"OR", "0.1,1", MTP_E_ARG, "--baseline-risk 1: give risks between 0 and 1"},
        {"OR", "0.1,", MTP_E_ARG, "--baseline-risk : give risks between 0 and 1"},
        {"OR", "5%", MTP_E_ARG, "--baseline-risk 5%: give risks between 0 and 1"},
        {"PHI", "0.1", MTP_E_UNSUPPORTED, "not of PHI"},
        {"PLO", NULL, MTP_E_ARG, "measure PLO needs --events"},
    };
    mtp_table *table = read_table(trials);

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        mtp_request *request = make_request(bad[i].measure, bad[i].risks);
        char *text = NULL;
        mtp_bundle *pool = NULL;
        mtp_error err;

        assert_int_equal(mtp_page(request, table, &text, NULL, &pool, NULL, &err),
                         bad[i].status);
        assert_non_null(strstr(err.message, bad[i].message));
        assert_true(!text && !pool);
        mtp_request_free(request);
    }
    mtp_table_free(table);
}

/* By mpmath 1.3 with 50 digits from OR p / (1 - p + OR p), RR p, p + RD and
 * 1 - (1 - p)^HR. */
static void absolute_effects_keep_their_digits(void **state)
{
    static const struct {
        mtp_measure measure;
        double baseline, effect, risk, difference;
    } want[] = {
        {MTP_OR, 0.2, 0.5, 0.11111111111111111, -0.088888888888888889},
        {MTP_PETO, 0.05, 3.0, 0.13636363636363636, 0.086363636363636364},
        {MTP_OR, 1e-9, 1.000001, 1.000000999999999e-9, 9.99999998999998e-16},
        {MTP_RR, 0.1, 0.75, 0.075, -0.025},
        {MTP_RD, 0.1, -0.04, 0.06, -0.04},
        {MTP_HR, 0.2, 0.5, 0.10557280900008412, -0.094427190999915879},
        {MTP_HR, 1e-9, 2.0, 1.999999999e-9, 9.99999999e-10},
    };

    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        mtp_page_risk got =
            mtp_page_risk_with(want[i].measure, want[i].baseline, want[i].effect);

        assert_close(got.risk, want[i].risk, 1e-14, 0.0);
        /* an effect near 1 has lost digits before it comes here */
        assert_close(got.difference, want[i].difference, 1e-9, 0.0);
    }
    assert_true(isnan(mtp_page_risk_with(MTP_RR, 0.6, 2.0).risk));
    assert_true(isnan(mtp_page_risk_with(MTP_RD, 0.1, -0.2).difference));
    assert_true(isnan(mtp_page_risk_with(MTP_MD, 0.1, 0.5).risk));
}

static void running_out_of_memory_is_an_error(void **state)
{
    mtp_table *table = read_table(trials);
    mtp_request *request = make_request("OR", "0.1");
    mtp_status status = MTP_E_NOMEM;
    size_t failures = 0;

    (void)state;
    for (size_t n = 1; status == MTP_E_NOMEM; n += 1 + n / 16) {
        char *text = NULL;
        mtp_bundle *pool = NULL;

        mtp_arena_fail_after(n);
        status = mtp_page(request, table, &text, NULL, &pool, NULL, NULL);
        mtp_arena_fail_after(0);
        failures += status == MTP_E_NOMEM;
        assert_true((status == MTP_OK) == (text && pool));
        mtp_bundle_free(pool);
        mtp_text_free(text);
    }
    assert_int_equal(status, MTP_OK);
    assert_true(failures > 50);
    mtp_request_free(request);
    mtp_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_comes_with_its_analysis),
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(absolute_effects_keep_their_digits),
        cmocka_unit_test(running_out_of_memory_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
