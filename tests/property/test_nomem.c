/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/arena.h"
#include "run_table.h"

/* Each allocation fails once, and all after it: every maker of a result says E_NOMEM
 * and leaves its output alone, until the one that has memory enough gives what it
 * always gives. A sanitizer sees what is left behind. */

static const char studies[] = "study,setting,deaths,patients,note\n"
                              "A,trial,3,120,\n"
                              "B,trial,0,45,\n"
                              "C,registry,11,310,x\n"
                              "D,registry,7,NA,\n"
                              "E,registry,2,61,\n"
                              "F,,4,90,\n"
                              "G,trial,5,75,\n"
                              "H,trial,1,30,skip\n";

#define COUNTS                                                                         \
    "measure", "PLO", "events", "deaths", "n", "patients * 1", "study", "study",       \
        "where", "note IS NULL OR note <> 'skip'", "threads", "1"

static const char *const glmm[] = {COUNTS, "by", "setting", "nodes", "7", NULL};
static const char *const beta_binomial[] = {COUNTS,   "by",           "setting",
                                            "method", "betabinomial", NULL};
static const char *const inverse[] = {COUNTS, "by",         "setting", "tau2",
                                      "REML", "tau2-scope", "common",  NULL};
static const char *const strata[] = {
    "measure",    "OR",
    "events1",    "deaths",
    "n1",         "150",
    "events2",    "5",
    "n2",         "160",
    "study",      "study",
    "where",      "deaths IS NOT NULL",
    "method",     "mh",
    "mh-add",     "0.5",
    "by",         "setting IS NULL OR setting = 'trial'",
    "tau2",       "DL",
    "tau2-scope", "common",
    "profile",    "meta",
    NULL};
static const char *const effects[] = {COUNTS, NULL};
static const char *const regress[] = {COUNTS,
                                      "mods",
                                      "setting + poly(patients, 2) + (patients > 0)",
                                      "ref",
                                      "setting=trial",
                                      "contrast",
                                      "2 * setting: registry",
                                      "contrast",
                                      "setting: registry - trial",
                                      "test",
                                      "setting, poly(patients, 2)",
                                      "at",
                                      "patients=50:70:20, setting=*",
                                      "permute",
                                      "20",
                                      "diagnostics",
                                      "true",
                                      NULL};
static const char *const bubble[] = {COUNTS,   "mods", "setting + deaths", "across",
                                     "deaths", "by",   "setting",          NULL};
static const char *const clusters[] = {COUNTS,    "mods",    "factor((deaths % 2))",
                                       "cluster", "setting", NULL};
#define RATIOS                                                                         \
    "measure", "OR", "events1", "deaths", "n1", "150", "events2", "5", "n2", "160",    \
        "where", "deaths IS NOT NULL"
static const char *const bias[] = {RATIOS,          "test",      "all",  "pet-peese",
                                   "true",          "trim-fill", "R0",   "failsafe",
                                   "orwin,general", "excess",    "true", "lfk",
                                   "true",          "p-curve",   "true", NULL};
static const char *const selection[] = {
    RATIOS,         "tau2",      "EE",     "selection-weights",
    "moderate-one", "selection", "negexp", "p-uniform",
    "true",         NULL};
static const char *const copas[] = {RATIOS, "copas", "true", NULL};
static const char *const sensitivity[] = {COUNTS,  "tau2",       "REML",    "all",
                                          "true",  "cumulative", "setting", "by",
                                          "study", NULL};
static const char *const coefficients[] = {COUNTS, "mods", "setting",
                                           "all",  "true", NULL};
static const char *const composition[] = {"category", "setting", "count", "deaths",
                                          "by",       "study",   NULL};

static const struct analysis {
    mtp_command command;
    const char *const *options;
} analyses[] = {{MTP_COMMAND_POOL, glmm},
                {MTP_COMMAND_POOL, beta_binomial},
                {MTP_COMMAND_POOL, inverse},
                {MTP_COMMAND_POOL, strata},
                {MTP_COMMAND_EFFECTS, effects},
                {MTP_COMMAND_REGRESS, regress},
                {MTP_COMMAND_REGRESS, clusters},
                {MTP_COMMAND_BUBBLE, bubble},
                {MTP_COMMAND_SENSITIVITY, sensitivity},
                {MTP_COMMAND_SENSITIVITY, coefficients},
                {MTP_COMMAND_BIAS, bias},
                {MTP_COMMAND_BIAS, selection},
                {MTP_COMMAND_BIAS, copas},
                {MTP_COMMAND_COMPOSITION, composition},
                {MTP_COMMAND_FOREST, inverse}};
enum { ANALYSES = sizeof analyses / sizeof analyses[0], FOREST = ANALYSES - 1 };

static const mtp_format formats[] = {MTP_FORMAT_TEXT, MTP_FORMAT_MARKDOWN,
                                     MTP_FORMAT_CSV, MTP_FORMAT_JSON};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static mtp_table *table;

static int read_studies(void **state)
{
    (void)state;
    return (int)mtp_table_parse_csv("studies.csv", studies, strlen(studies), NULL,
                                    &table, NULL, NULL);
}

static int free_studies(void **state)
{
    (void)state;
    mtp_table_free(table);
    return 0;
}

static mtp_bundle *run(const struct analysis *a)
{
    mtp_request *request = make_request(a->command, a->options);
    mtp_bundle *bundle = NULL;
    mtp_error err = {0};

    if (mtp_run(request, table, &bundle, NULL, &err) != MTP_OK) {
        fail_msg("%s", err.message);
    }
    mtp_request_free(request);
    return bundle;
}

/* What a function made must be there exactly when it says so. */
static bool made(mtp_status status, const mtp_error *err, const void *out)
{
    if (status == MTP_OK) {
        assert_non_null(out);
        return true;
    }
    assert_int_equal(status, MTP_E_NOMEM);
    assert_int_equal(err->status, MTP_E_NOMEM);
    assert_string_equal(err->message, "memory is exhausted");
    assert_null(out);
    return false;
}

static void a_request_needs_memory(void **state)
{
    mtp_request *request = NULL;
    mtp_error err = {0};
    mtp_status status;
    size_t n = 0;

    (void)state;
    do {
        mtp_arena_fail_after(++n);
        status = mtp_request_new(MTP_COMMAND_POOL, &request, &err);
        mtp_arena_fail_after(0);
    } while (!made(status, &err, request));
    assert_true(n > 1);
    mtp_request_free(request);
}

static void an_analysis_needs_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ANALYSES; i++) {
        mtp_request *request = make_request(analyses[i].command, analyses[i].options);
        mtp_bundle *bundle = NULL, *want = run(&analyses[i]);
        char *got_text = NULL, *want_text = NULL;
        bool done = false;

        for (size_t n = 1; !done; n++) {
            mtp_problems problems = {0};
            mtp_error err = {0};
            mtp_status status;

            mtp_arena_fail_after(n);
            status = mtp_run(request, table, &bundle, &problems, &err);
            mtp_arena_fail_after(0);
            done = made(status, &err, bundle);
            assert_int_equal(problems.count, 0);
            assert_true(!done || n > 20);
        }
        assert_int_equal(
            mtp_report(want, MTP_FORMAT_JSON, NULL, &want_text, NULL, NULL), MTP_OK);
        assert_int_equal(
            mtp_report(bundle, MTP_FORMAT_JSON, NULL, &got_text, NULL, NULL), MTP_OK);
        assert_string_equal(got_text, want_text);
        mtp_text_free(got_text);
        mtp_text_free(want_text);
        mtp_bundle_free(bundle);
        mtp_bundle_free(want);
        mtp_request_free(request);
    }
}

/* Jansson's allocations, failed in the same way. */
static size_t jansson_left;

static void *jansson_malloc(size_t size)
{
    if (jansson_left == 0) {
        return NULL;
    }
    jansson_left--;
    return malloc(size);
}

static void fail_jansson_after(size_t n)
{
    jansson_left = n - 1;
    json_set_alloc_funcs(jansson_malloc, free);
}

static void let_jansson_be(size_t n)
{
    (void)n;
    json_set_alloc_funcs(malloc, free);
}

/* Fail reports one allocation later each time; n is what the last one needed. */
static size_t report_without(const mtp_bundle *bundle, mtp_format format,
                             void (*arm)(size_t), void (*disarm)(size_t))
{
    char *text = NULL, *want = NULL;
    size_t n = 0, length = 7;
    bool done = false;

    assert_int_equal(mtp_report(bundle, format, NULL, &want, NULL, NULL), MTP_OK);
    while (!done) {
        mtp_error err = {0};
        mtp_status status;

        arm(++n);
        status = mtp_report(bundle, format, NULL, &text, &length, &err);
        disarm(0);
        done = made(status, &err, text);
        assert_int_equal(length, done ? strlen(want) : 7);
    }
    assert_string_equal(text, want);
    mtp_text_free(text);
    mtp_text_free(want);
    return n;
}

static void a_report_needs_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < ANALYSES; i++) {
        mtp_bundle *bundle = run(&analyses[i]);

        for (size_t f = 0; f < FORMATS; f++) {
            assert_true(report_without(bundle, formats[f], mtp_arena_fail_after,
                                       mtp_arena_fail_after) > 3);
        }
        assert_true(report_without(bundle, MTP_FORMAT_JSON, fail_jansson_after,
                                   let_jansson_be) > 100);
        mtp_bundle_free(bundle);
    }
}

static void the_rows_of_a_forest_need_memory(void **state)
{
    mtp_bundle *bundle = run(&analyses[FOREST]);
    mtp_forest *forest = NULL;
    mtp_error err = {0};
    mtp_status status;
    size_t n = 0;

    (void)state;
    do {
        mtp_arena_fail_after(++n);
        status = mtp_forest_new(bundle, &forest, &err);
        mtp_arena_fail_after(0);
    } while (!made(status, &err, forest));
    assert_true(n > 2);
    mtp_forest_free(forest);
    mtp_bundle_free(bundle);
}

static void a_forest_needs_memory(void **state)
{
    static mtp_status (*const writers[])(const mtp_forest *, char **, mtp_error *) = {
        mtp_forest_csv, mtp_forest_json, mtp_forest_svg};
    mtp_bundle *bundle = run(&analyses[FOREST]);
    mtp_forest *forest = NULL;

    (void)state;
    assert_int_equal(mtp_forest_new(bundle, &forest, NULL), MTP_OK);
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        char *text = NULL, *want = NULL;
        mtp_error err = {0};
        mtp_status status;
        size_t n = 0;

        assert_int_equal(writers[i](forest, &want, NULL), MTP_OK);
        do {
            mtp_arena_fail_after(++n);
            status = writers[i](forest, &text, &err);
            mtp_arena_fail_after(0);
        } while (!made(status, &err, text));
        assert_true(n > 2);
        assert_string_equal(text, want);
        mtp_text_free(text);
        mtp_text_free(want);
    }
    mtp_forest_free(forest);
    mtp_bundle_free(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_needs_memory),
        cmocka_unit_test(an_analysis_needs_memory),
        cmocka_unit_test(a_report_needs_memory),
        cmocka_unit_test(the_rows_of_a_forest_need_memory),
        cmocka_unit_test(a_forest_needs_memory),
    };

    return cmocka_run_group_tests_name("property.nomem", tests, read_studies,
                                       free_studies);
}
