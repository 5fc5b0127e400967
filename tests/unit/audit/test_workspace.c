/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analyses of a file run: what they give is what the same request gives by hand. */
#include "metapool/report.h"

#include "audit/workspace.h"
#include "support/test.h"

#define FOLDER METAPOOL_SOURCE_DIR "/datasets/nrm2024/"

static const char text[] =
    "title: T\n"
    "data:\n"
    "  studies: {file: studies.csv}\n"
    "  causes: {file: causes.csv}\n"
    "  changed: {file: causes.csv, sha256: "
    "0000000000000000000000000000000000000000000000000000000000000000}\n"
    "  gone: {file: gone.csv}\n"
    "analyses:\n"
    "  cohorts:\n"
    "    command: pool\n"
    "    options: {measure: PLO, events: deaths, n: patients, study: study, nodes: 7}\n"
    "  entities: {extends: cohorts, options: {by: entity}}\n"
    "  page: {extends: entities, command: report}\n"
    "  risks: {extends: page, options: {baseline-risk: 0.1}}\n"
    "  picture: {extends: entities, command: plot, kind: forest}\n"
    "  some: {extends: cohorts, options: {query: \"SELECT * FROM data WHERE "
    "entity='MM'\"}}\n"
    "  shares: {command: composition, data: causes, options: {category: cause, "
    "count: deaths, where: \"grouping='all'\"}}\n"
    "  changed: {extends: shares, data: changed}\n"
    "  gone: {extends: shares, data: gone}\n"
    "  wrong: {extends: cohorts, options: {n: entity}}\n";

typedef struct opened {
    mtp_analysis_file *file;
    mtp_workspace *workspace;
} opened;

static opened open_text(void)
{
    opened o = {0};

    assert_int_equal(mtp_analysis_file_parse(FOLDER "test.yaml", text, strlen(text),
                                             &o.file, NULL, NULL),
                     MTP_OK);
    assert_int_equal(mtp_workspace_new(o.file, &o.workspace, NULL), MTP_OK);
    return o;
}

static void close_text(opened *o)
{
    mtp_workspace_free(o->workspace);
    mtp_analysis_file_free(o->file);
}

static mtp_bundle *run(const opened *o, const char *name)
{
    mtp_bundle *bundle = NULL;
    mtp_error err = {0};

    if (mtp_workspace_run(o->workspace, mtp_analysis_file_find(o->file, name), &bundle,
                          NULL, &err) != MTP_OK) {
        print_error("%s\n", err.message);
        fail();
    }
    return bundle;
}

static double value(const opened *o, const char *name, const mtp_bundle *bundle,
                    const char *path)
{
    mtp_tree *tree = NULL;
    mtp_found found;

    assert_int_equal(
        mtp_workspace_tree(mtp_analysis_file_find(o->file, name), bundle, &tree, NULL),
        MTP_OK);
    assert_int_equal(mtp_tree_find(tree, path, &found, NULL), MTP_OK);
    assert_int_equal(found.kind, MTP_FOUND_NUMBER);
    mtp_tree_free(tree);
    return found.number;
}

/* The published figures: datasets/nrm2024/published_pooled.csv, row 2 (lme4, 7 nodes,
 * whose optimiser leaves some slack). */
static void an_analysis_gives_the_published_figures(void **state)
{
    opened o = open_text();
    mtp_bundle *bundle = run(&o, "entities");
    double by_report = 0.0;

    (void)state;
    assert_close(value(&o, "entities", bundle, "overall.random.back.estimate"),
                 0.06822097631994897, 1e-5, 0.0);
    assert_close(value(&o, "entities", bundle, "groups[MM].random.back.ci_upper"),
                 0.10971430641982559, 1e-5, 0.0);
    assert_close(value(&o, "entities", bundle, "studies[Abramson 2020].back.estimate"),
                 7.0 / 269.0, 1e-15, 0.0);
    assert_int_equal(mtp_report_value(bundle, "overall.events", &by_report, NULL),
                     MTP_OK);
    assert_close(by_report, 574.0, 0.0, 0.0);
    mtp_bundle_free(bundle);
    close_text(&o);
}

/* By hand, through the calls that the command line makes. */
static char *json_by_hand(void)
{
    static const char *const option[][2] = {{"measure", "PLO"}, {"events", "deaths"},
                                            {"n", "patients"},  {"study", "study"},
                                            {"nodes", "7"},     {"by", "entity"}};
    mtp_request *request = NULL;
    mtp_table *table = NULL;
    mtp_bundle *bundle = NULL;
    char *json = NULL;

    assert_int_equal(mtp_request_new(MTP_COMMAND_POOL, &request, NULL), MTP_OK);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(mtp_request_set(request, option[i][0], option[i][1], NULL),
                         MTP_OK);
    }
    assert_int_equal(mtp_table_read_csv(FOLDER "studies.csv", NULL, &table, NULL, NULL),
                     MTP_OK);
    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    assert_int_equal(mtp_report(bundle, MTP_FORMAT_JSON, NULL, &json, NULL, NULL),
                     MTP_OK);
    mtp_bundle_free(bundle);
    mtp_table_free(table);
    mtp_request_free(request);
    return json;
}

static void results_are_those_of_a_request_by_hand(void **state)
{
    static const char *const name[] = {"entities", "risks"}; /* a report pools */
    char *by_hand = json_by_hand();
    opened o = open_text();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        mtp_bundle *bundle = run(&o, name[i]);
        char *json = NULL;

        assert_int_equal(mtp_report(bundle, MTP_FORMAT_JSON, NULL, &json, NULL, NULL),
                         MTP_OK);
        assert_string_equal(json, by_hand);
        mtp_text_free(json);
        mtp_bundle_free(bundle);
    }
    mtp_text_free(by_hand);
    close_text(&o);
}

static void a_plot_has_the_data_that_it_shows(void **state)
{
    opened o = open_text();
    mtp_bundle *bundle = run(&o, "picture");
    mtp_tree *tree = NULL;
    mtp_found found;

    (void)state;
    assert_int_equal(mtp_workspace_tree(mtp_analysis_file_find(o.file, "picture"),
                                        bundle, &tree, NULL),
                     MTP_OK);
    assert_int_equal(mtp_tree_find(tree, "schema", &found, NULL), MTP_OK);
    assert_string_equal(found.text, "metapool.forest/1");
    mtp_tree_free(tree);
    mtp_bundle_free(bundle);
    close_text(&o);
}

static void a_table_is_read_once(void **state)
{
    opened o = open_text();
    const mtp_table *a = NULL, *b = NULL, *c = NULL, *d = NULL;
    const mtp_file_analysis *some = mtp_analysis_file_find(o.file, "some");

    (void)state;
    assert_int_equal(mtp_workspace_table(o.workspace,
                                         mtp_analysis_file_find(o.file, "entities"), &a,
                                         NULL, NULL),
                     MTP_OK);
    assert_int_equal(mtp_workspace_table(o.workspace,
                                         mtp_analysis_file_find(o.file, "cohorts"), &b,
                                         NULL, NULL),
                     MTP_OK);
    assert_int_equal(mtp_workspace_table(o.workspace, some, &c, NULL, NULL), MTP_OK);
    assert_int_equal(mtp_workspace_table(o.workspace, some, &d, NULL, NULL), MTP_OK);
    assert_ptr_equal(a, b);
    assert_ptr_not_equal(a, c);
    assert_ptr_equal(c, d);
    assert_int_equal(mtp_table_rows(a), 52);
    assert_int_equal(mtp_table_rows(c), 13);
    assert_string_equal(mtp_table_source(a), "studies.csv");
    close_text(&o);
}

static void check_failure(const opened *o, const char *name, const char *said)
{
    mtp_problems problems = {0};
    mtp_bundle *bundle = NULL;
    mtp_error err;
    char shown[2048];

    assert_int_equal(mtp_workspace_run(o->workspace,
                                       mtp_analysis_file_find(o->file, name), &bundle,
                                       &problems, &err),
                     MTP_E_DATA);
    assert_null(bundle);
    (void)mtp_error_format(&err, shown, sizeof shown);
    if (strstr(shown, said) != shown) {
        print_error("%s\nnot %s\n", shown, said);
        fail();
    }
    if (problems.count > 0) {
        assert_string_equal(problems.item[0].source, err.source);
    }
}

static void what_is_wrong_with_a_table_is_told(void **state)
{
    opened o = open_text();

    (void)state;
    check_failure(&o, "changed",
                  FOLDER "test.yaml:5:3: causes.csv has the SHA-256 "
                         "c390f7956458ea26c3c45eddece9e17bfcef681bbe6bc1ed9a27e22c600a9"
                         "ee3, not 0000000");
    check_failure(&o, "gone", FOLDER "gone.csv: there is no such file");
    check_failure(&o, "wrong", FOLDER "studies.csv:2: column 'entity': ");
    close_text(&o);
}

typedef struct lookup {
    const char *path;
    mtp_status status;
    const char *message;
} lookup;

static void a_path_that_leads_nowhere_says_where_it_ends(void **state)
{
    static const lookup cases[] = {
        {"overal.k", MTP_E_DATA, "the result has no 'overal'; did you mean 'overall'?"},
        {"overall.random.bck", MTP_E_DATA,
         "overall.random has no 'bck'; did you mean 'back'?"},
        {"groups[XYZ].k", MTP_E_DATA,
         "groups has no 'XYZ'; there are IL, LBCL, MCL, MM"},
        {"groups[MMM].k", MTP_E_DATA, "groups has no 'MMM'; did you mean 'MM'?"},
        {"groups[4].k", MTP_E_DATA, "groups has 4 elements; the first is 0"},
        {"groups.k", MTP_E_DATA, "groups is a list, which has no keys"},
        {"overall[0].k", MTP_E_DATA, "overall is no list, not a list"},
        {"overall.k.x", MTP_E_DATA, "overall.k is a value, which has no keys"},
        {"overall.", MTP_E_ARG,
         "'overall.' is no path: a key is missing at character 9"},
        {"", MTP_E_ARG, "'' is no path: a key is missing at character 1"},
        {"[0]", MTP_E_ARG, "'[0]' is no path: a key is missing at character 1"},
        {"groups[]", MTP_E_ARG, "'groups[]' is no path: nothing in brackets at "},
        {"groups[\"a]", MTP_E_ARG, "'groups[\"a]' is no path: a text in quotes that"},
        {"groups[0]k", MTP_E_ARG, "'groups[0]k' is no path: neither a point nor a "},
        {"data.source", MTP_E_DATA, "data.source is no number"},
    };
    opened o = open_text();
    mtp_bundle *bundle = run(&o, "entities");
    double found = 1.0;
    size_t wrong = 0;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_error err = {0};
        mtp_status status = mtp_report_value(bundle, cases[i].path, &found, &err);

        if (status != cases[i].status ||
            strstr(err.message, cases[i].message) != err.message) {
            print_error("%s: %s\nnot %s\n", cases[i].path, err.message,
                        cases[i].message);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
    assert_close(found, 1.0, 0.0, 0.0);
    assert_int_equal(mtp_report_value(bundle, "groups[\"MM\"].k", &found, NULL),
                     MTP_OK);
    assert_close(found, 13.0, 0.0, 0.0);
    assert_int_equal(mtp_report_value(bundle, "overall.common.pi_lower", &found, NULL),
                     MTP_OK);
    assert_true(isnan(found));
    mtp_bundle_free(bundle);
    close_text(&o);
}

static void a_report_is_a_page(void **state)
{
    opened o = open_text();
    mtp_bundle *pool = NULL;
    char *page = NULL;
    size_t length = 0;

    (void)state;
    assert_int_equal(mtp_workspace_page(o.workspace,
                                        mtp_analysis_file_find(o.file, "page"), &page,
                                        &length, &pool, NULL, NULL),
                     MTP_OK);
    assert_int_equal(strlen(page), length);
    assert_non_null(strstr(page, "studies.csv"));
    assert_null(strstr(page, FOLDER));
    mtp_text_free(page);
    mtp_bundle_free(pool);
    close_text(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_analysis_gives_the_published_figures),
        cmocka_unit_test(results_are_those_of_a_request_by_hand),
        cmocka_unit_test(a_plot_has_the_data_that_it_shows),
        cmocka_unit_test(a_table_is_read_once),
        cmocka_unit_test(what_is_wrong_with_a_table_is_told),
        cmocka_unit_test(a_path_that_leads_nowhere_says_where_it_ends),
        cmocka_unit_test(a_report_is_a_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
