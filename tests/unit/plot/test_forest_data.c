/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows, CSV and JSON of a forest plot: the same figures, each where it belongs. */
#include "metapool/report.h"

#include "plot/forest_kind.h"
#include "support/test.h"
#include "unit/plot/forest_sample.h"

#include <jansson.h>

/* Three studies in two groups, with awkward names; figures that a double holds exactly.
 */
typedef struct fixture {
    mtp_study study[3];
    mtp_pooled group[2];
    const char *name[2];
    mtp_pool_result pool;
    mtp_bundle bundle;
} fixture;

static const double none = (double)NAN;

static mtp_study make_study(const char *name, const char *group, double events)
{
    mtp_study s = {
        .name = name, .group = group, .events = events, .n = 40.0, .time = none};

    s.weight_common = 12.5;
    s.weight_random = 25.0;
    s.back.estimate = 0.75;
    s.back.ci_lower = 0.5;
    s.back.ci_upper = 1.0;
    s.observed.estimate = 0.125;
    s.observed.ci_lower = 0.0625;
    s.observed.ci_upper = 0.25;
    s.observed.ci_method = "wilson";
    return s;
}

static mtp_estimate make_estimate(double at, mtp_pi_method pi)
{
    mtp_estimate e = {.null_value = none, .pi = {.method = pi}};

    e.back.estimate = at;
    e.back.ci_lower = at / 2.0;
    e.back.ci_upper = at * 2.0;
    e.back.pi_lower = pi == MTP_PI_NONE ? none : at / 4.0;
    e.back.pi_upper = pi == MTP_PI_NONE ? none : at * 4.0;
    return e;
}

static mtp_pooled make_pooled(double at, size_t k)
{
    mtp_pooled p = {.k = k, .events = 10.0, .n = 80.0, .time = none, .exists = true};

    p.common = make_estimate(at, MTP_PI_NONE);
    p.random = make_estimate(2.0 * at, MTP_PI_HK);
    p.heterogeneity.tau2 = 0.5;
    p.heterogeneity.I2 = 50.0;
    p.heterogeneity.LRT = p.heterogeneity.LRT_df = p.heterogeneity.LRT_p = none;
    p.fit.nodes = -1;
    return p;
}

static void fill(fixture *f)
{
    *f = (fixture){.name = {"A, \"a\"", "B"}};
    f->study[0] = make_study("One \"1\", two", f->name[0], 5.0);
    f->study[1] = make_study("\xC5\xBB\xC3\xB3\\w", f->name[1], 6.0);
    f->study[2] = make_study("Three\nlines", f->name[0], none);
    f->study[2].observed.ci_method = NULL; /* back is shown */
    f->study[2].weight_random = 50.0;
    f->group[0] = make_pooled(0.25, 2);
    f->group[1] = make_pooled(0.125, 1);
    f->group[1].random.back.pi_lower = f->group[1].random.back.pi_upper = none;
    f->pool.overall = make_pooled(0.1875, 3);
    f->pool.overall.random.back.ci_upper = (double)INFINITY;
    f->pool.n_groups = 2;
    f->pool.groups = f->group;
    f->pool.group_name = f->name;
    f->pool.between.random = (mtp_test){3.5, false, 1.0, none, 0.0625, -2.75};
    f->pool.between.common = (mtp_test){none, false, none, none, none, none};
    f->pool.between.within = (mtp_test){4.5, true, 1.0, 7.0, 0.5, -0.75};
    f->bundle = (mtp_bundle){.measure = mtp_measure_get(MTP_PLO),
                             .level = 0.95,
                             .by = "kind",
                             .n_studies = 3,
                             .studies = f->study,
                             .pool = &f->pool};
    f->bundle.ledger.source = "a \"b\".csv";
}

static const mtp_forest *forest_of(fixture *f, mtp_forest **forest)
{
    fill(f);
    assert_int_equal(mtp_forest_new(&f->bundle, forest, NULL), MTP_OK);
    return *forest;
}

static void groups_come_in_order_each_with_its_summaries(void **state)
{
    static const mtp_forest_kind kind[] = {
        MTP_FOREST_STUDY,           MTP_FOREST_STUDY,
        MTP_FOREST_SUBGROUP_COMMON, MTP_FOREST_SUBGROUP_RANDOM,
        MTP_FOREST_PREDICTION,      MTP_FOREST_STUDY,
        MTP_FOREST_SUBGROUP_COMMON, MTP_FOREST_SUBGROUP_RANDOM,
        MTP_FOREST_OVERALL_COMMON,  MTP_FOREST_OVERALL_RANDOM,
        MTP_FOREST_PREDICTION};
    mtp_forest *forest;
    fixture f;

    (void)state;
    forest_of(&f, &forest);
    assert_int_equal(forest->n_rows, sizeof kind / sizeof kind[0]);
    for (size_t i = 0; i < forest->n_rows; i++) {
        assert_int_equal(forest->row[i].kind, kind[i]);
    }
    assert_string_equal(forest->row[1].study, "Three\nlines");
    assert_string_equal(forest->row[4].group, "A, \"a\"");
    assert_string_equal(forest->row[5].group, "B");
    assert_null(forest->row[10].group);
    mtp_forest_free(forest);
}

/* Of the rows 1, 3, 5 and 7 the second lacks a value; sorted, they come last. */
static void what_says_nothing_stands_among_the_studies(void **state)
{
    static const char *const in_order[] = {
        "not-estimable", "study",         "study", "not-estimable",
        "study",         "not-estimable", "study", "overall-common"};
    static const size_t order[] = {3, 2, 1, 0};
    sample *s = sample_new(&(sample_wish){.k = 4, .measure = MTP_PLO, .excluded = 4});
    mtp_forest *forest;

    (void)state;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    for (size_t i = 0; i < sizeof in_order / sizeof in_order[0]; i++) {
        assert_string_equal(mtp_forest_kind_name(forest->row[i].kind), in_order[i]);
    }
    assert_close(forest->row[0].n, 50.0, 0.0, 0.0);
    assert_true(isnan(forest->row[0].estimate));
    mtp_forest_free(forest);
    s->look.order = order;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    assert_int_equal(forest->row[0].kind, MTP_FOREST_STUDY);
    assert_int_equal(forest->row[6].kind, MTP_FOREST_NOT_ESTIMABLE);
    mtp_forest_free(forest);
    s->look.hide_not_estimable = true;
    assert_int_equal(mtp_forest_new(&s->bundle, &forest, NULL), MTP_OK);
    assert_int_equal(forest->row[4].kind, MTP_FOREST_OVERALL_COMMON);
    mtp_forest_free(forest);
    sample_free(s);
}

static void studies_show_what_was_observed_or_else_the_transform(void **state)
{
    mtp_forest *forest;
    fixture f;

    (void)state;
    forest_of(&f, &forest);
    assert_close(forest->row[0].estimate, 0.125, 0.0, 0.0);
    assert_close(forest->row[0].ci_upper, 0.25, 0.0, 0.0);
    assert_close(forest->row[1].estimate, 0.75, 0.0, 0.0);
    assert_close(forest->row[1].ci_lower, 0.5, 0.0, 0.0);
    mtp_forest_free(forest);
}

static void person_time_stands_in_for_n(void **state)
{
    mtp_forest *forest;
    fixture f;

    (void)state;
    fill(&f);
    f.study[0].n = none;
    f.study[0].time = 123.5;
    assert_int_equal(mtp_forest_new(&f.bundle, &forest, NULL), MTP_OK);
    assert_close(forest->row[0].n, 123.5, 0.0, 0.0);
    mtp_forest_free(forest);
}

static const char expected_csv[] =
    "kind,group,study,events,n,estimate,ci_lower,ci_upper,weight_common,weight_random\n"
    "study,\"A, \"\"a\"\"\",\"One \"\"1\"\", two\",5,40,0.125,0.0625,0.25,12.5,25\n"
    "study,\"A, \"\"a\"\"\",\"Three\nlines\",,40,0.75,0.5,1,12.5,50\n"
    "subgroup-common,\"A, \"\"a\"\"\",,10,80,0.25,0.125,0.5,25,\n"
    "subgroup-random,\"A, \"\"a\"\"\",,10,80,0.5,0.25,1,,75\n"
    "prediction,\"A, \"\"a\"\"\",,,,,0.125,2,,\n"
    "study,B,\xC5\xBB\xC3\xB3\\w,6,40,0.125,0.0625,0.25,12.5,25\n"
    "subgroup-common,B,,10,80,0.125,0.0625,0.25,12.5,\n"
    "subgroup-random,B,,10,80,0.25,0.125,0.5,,25\n"
    "overall-common,,,10,80,0.1875,0.09375,0.375,100,\n"
    "overall-random,,,10,80,0.375,0.1875,,,100\n"
    "prediction,,,,,,0.09375,1.5,,\n";

static void csv_is_exactly_this(void **state)
{
    mtp_forest *forest;
    fixture f;
    char *text;

    (void)state;
    assert_int_equal(mtp_forest_csv(forest_of(&f, &forest), &text, NULL), MTP_OK);
    assert_string_equal(text, expected_csv);
    mtp_text_free(text);
    mtp_forest_free(forest);
}

static void assert_number(const json_t *object, const char *key, double want)
{
    const json_t *value = json_object_get(object, key);

    assert_non_null(value);
    if (isfinite(want)) {
        assert_true(json_is_number(value));
        assert_true(json_number_value(value) == want);
    } else {
        assert_true(json_is_null(value));
    }
}

static void assert_text(const json_t *object, const char *key, const char *want)
{
    const json_t *value = json_object_get(object, key);

    assert_non_null(value);
    if (want) {
        assert_string_equal(json_string_value(value), want);
    } else {
        assert_true(json_is_null(value));
    }
}

static json_t *parse(const mtp_forest *forest)
{
    json_error_t error;
    json_t *root;
    char *text;

    assert_int_equal(mtp_forest_json(forest, &text, NULL), MTP_OK);
    root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    if (!root) {
        fail_msg("line %d: %s", error.line, error.text);
    }
    mtp_text_free(text);
    return root;
}

static void json_holds_every_figure_of_every_row(void **state)
{
    const json_t *rows;
    mtp_forest *forest;
    fixture f;
    json_t *root;

    (void)state;
    root = parse(forest_of(&f, &forest));
    rows = json_object_get(root, "rows");
    assert_int_equal(json_array_size(rows), forest->n_rows);
    for (size_t i = 0; i < forest->n_rows; i++) {
        const json_t *row = json_array_get(rows, i);
        const mtp_forest_row *want = &forest->row[i];

        assert_int_equal(json_object_size(row), 11);
        assert_int_equal(json_object_size(json_object_get(row, "raw")),
                         forest->bundle->n_columns);
        assert_text(row, "group", want->group);
        assert_text(row, "study", want->study);
        assert_number(row, "events", want->events);
        assert_number(row, "n", want->n);
        assert_number(row, "estimate", want->estimate);
        assert_number(row, "ci_lower", want->ci_lower);
        assert_number(row, "ci_upper", want->ci_upper);
        assert_number(row, "weight_common", want->weight_common);
        assert_number(row, "weight_random", want->weight_random);
    }
    assert_text(json_array_get(rows, 0), "kind", "study");
    assert_text(json_array_get(rows, 3), "kind", "subgroup-random");
    assert_text(json_array_get(rows, 8), "kind", "overall-common");
    assert_text(json_array_get(rows, 10), "kind", "prediction");
    json_decref(root);
    mtp_forest_free(forest);
}

static void json_says_what_the_figures_are(void **state)
{
    const json_t *heterogeneity, *between;
    mtp_forest *forest;
    fixture f;
    json_t *root;

    (void)state;
    root = parse(forest_of(&f, &forest));
    assert_text(root, "schema", "metapool.forest/1");
    assert_text(root, "source", "a \"b\".csv");
    assert_text(root, "by", "kind");
    assert_number(root, "level", 95.0);
    assert_text(json_object_get(root, "measure"), "code", "PLO");
    assert_number(json_object_get(root, "methods"), "nodes", none);

    heterogeneity = json_object_get(root, "heterogeneity");
    assert_int_equal(json_array_size(heterogeneity), 3);
    assert_text(json_array_get(heterogeneity, 0), "group", "A, \"a\"");
    assert_text(json_array_get(heterogeneity, 2), "group", NULL);
    assert_number(json_array_get(heterogeneity, 2), "k", 3.0);
    assert_number(json_array_get(heterogeneity, 2), "tau2", 0.5);
    assert_number(json_array_get(heterogeneity, 2), "LRT", none);

    between = json_object_get(root, "between_groups");
    assert_number(json_object_get(between, "random"), "statistic", 3.5);
    assert_text(json_object_get(between, "random"), "type", "chi2");
    assert_text(json_object_get(between, "common"), "type", NULL);
    assert_text(json_object_get(between, "within"), "type", "F");
    assert_number(json_object_get(between, "within"), "df2", 7.0);
    json_decref(root);
    mtp_forest_free(forest);
}

static void json_carries_the_notes_and_explains_an_endless_limit(void **state)
{
    const mtp_note note = {MTP_NOTE_HKSJ_NARROWER, MTP_WARNING, 2, "a \"note\""};
    mtp_forest *forest;
    const json_t *notes;
    json_t *root;
    fixture f;

    (void)state;
    forest_of(&f, &forest);
    f.bundle.notes = (mtp_notes){1, &note};
    root = parse(forest);
    notes = json_object_get(root, "notes");
    assert_int_equal(json_array_size(notes), 2);
    assert_text(json_array_get(notes, 0), "code", "hksj_narrower");
    assert_text(json_array_get(notes, 0), "severity", "warning");
    assert_number(json_array_get(notes, 0), "row", 2.0);
    assert_text(json_array_get(notes, 0), "text", "a \"note\"");
    assert_text(json_array_get(notes, 1), "code", "unbounded");
    assert_number(json_array_get(notes, 1), "row", none);
    json_decref(root);

    f.pool.overall.random.back.ci_upper = 1.0;
    mtp_forest_free(forest);
    assert_int_equal(mtp_forest_new(&f.bundle, &forest, NULL), MTP_OK);
    root = parse(forest);
    assert_int_equal(json_array_size(json_object_get(root, "notes")), 1);
    json_decref(root);
    mtp_forest_free(forest);
}

static void text_that_is_not_utf8_is_mended(void **state)
{
    mtp_forest *forest;
    json_t *root;
    fixture f;

    (void)state;
    forest_of(&f, &forest);
    f.bundle.ledger.source = "caf\xE9.csv";
    root = parse(forest);
    assert_text(root, "source", "caf\xEF\xBF\xBD.csv");
    json_decref(root);
    mtp_forest_free(forest);
}

static void a_bundle_without_a_pooled_analysis_is_refused(void **state)
{
    const mtp_bundle bundle = {.command = MTP_COMMAND_EFFECTS};
    mtp_forest *forest = NULL;
    mtp_error err;

    (void)state;
    assert_int_equal(mtp_forest_new(&bundle, &forest, &err), MTP_E_ARG);
    assert_null(forest);
}

/* Every allocation in an arena fails once; nothing leaks, outputs stay as they were. */
static void exhausted_memory_is_reported(void **state)
{
    mtp_forest *forest = NULL;
    char *text = NULL;
    size_t n = 0;
    fixture f;
    mtp_status status;

    (void)state;
    fill(&f);
    do {
        mtp_arena_fail_after(++n);
        status = mtp_forest_new(&f.bundle, &forest, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK ? forest != NULL
                                     : status == MTP_E_NOMEM && !forest);
    } while (status != MTP_OK);
    assert_true(n > 1);
    n = 0;
    do {
        mtp_arena_fail_after(++n);
        status = mtp_forest_svg(forest, &text, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK ? text != NULL : status == MTP_E_NOMEM && !text);
    } while (status != MTP_OK);
    assert_true(n > 100);
    mtp_text_free(text);
    mtp_forest_free(forest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_come_in_order_each_with_its_summaries),
        cmocka_unit_test(what_says_nothing_stands_among_the_studies),
        cmocka_unit_test(studies_show_what_was_observed_or_else_the_transform),
        cmocka_unit_test(person_time_stands_in_for_n),
        cmocka_unit_test(csv_is_exactly_this),
        cmocka_unit_test(json_holds_every_figure_of_every_row),
        cmocka_unit_test(json_says_what_the_figures_are),
        cmocka_unit_test(json_carries_the_notes_and_explains_an_endless_limit),
        cmocka_unit_test(text_that_is_not_utf8_is_mended),
        cmocka_unit_test(a_bundle_without_a_pooled_analysis_is_refused),
        cmocka_unit_test(exhausted_memory_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
