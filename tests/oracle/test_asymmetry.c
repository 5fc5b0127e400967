/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/bias.h"
#include "metapool/table.h"

#include "core/number.h"
#include "read.h"
#include "score.h"
#include "support/test.h"

#include <stdlib.h>

#include <jansson.h>

/* Tests for asymmetry of the funnel against metafor, and the eight that were published
 * with datasets/nrm2024. A figure that is not mapped fails by name. */

/* What the reference is good for, in digits. */
enum { DIRECT = 10, ITERATED = 8 };

#define DATASET METAPOOL_SOURCE_DIR "/datasets/nrm2024/"

static const char *text_of(const json_t *c, const char *key, const char *fallback)
{
    const char *text = json_string_value(json_object_get(c, key));

    return text ? text : fallback;
}

static mtp_asymmetry_options options_of(const json_t *c)
{
    mtp_asymmetry_options o;

    mtp_asymmetry_options_init(&o, sizeof o);
    o.test = (mtp_asymmetry_test)mtp_asymmetry_from_id(text_of(c, "test", ""));
    o.model =
        (mtp_asymmetry_model)mtp_asymmetry_model_from_id(text_of(c, "model", "lm"));
    o.predictor = (mtp_predictor)mtp_predictor_from_id(text_of(c, "predictor", "sei"));
    o.tau2 = (mtp_tau2_method)mtp_tau2_from_id(text_of(c, "tau2", "REML"));
    o.asymptotic = json_is_true(json_object_get(c, "asymptotic"));
    return o;
}

/* metafor reports the intercept also where it is no limit: with ni and sqrtni it is the
 * effect of a study without patients, which the library does not give. */
static bool figure_of(const mtp_asymmetry_result *r, const char *figure, double *value)
{
    const struct {
        const char *name;
        double value;
    } figures[] = {{"beta", r->estimate},
                   {"se", r->se},
                   {"stat", r->statistic},
                   {"df", r->df},
                   {"pval", r->p},
                   {"intercept", r->limit.estimate},
                   {"se_intercept", r->limit.se},
                   {"limit", r->limit.estimate},
                   {"limit_lb", r->limit.ci_lower},
                   {"limit_ub", r->limit.ci_upper},
                   {"tau2", r->tau2},
                   {"dispersion", r->dispersion}};

    for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
        if (strcmp(figures[i].name, figure) == 0) {
            *value = figures[i].value;
            return true;
        }
    }
    return false;
}

static bool is_intercept(const char *figure)
{
    return strstr(figure, "intercept") != NULL;
}

static void compare(const json_t *c, const mtp_asymmetry_result *r, scoreboard *board)
{
    const char *id = text_of(c, "id", "?"), *figure;
    bool iterated = r->model == MTP_ASYMMETRY_MIXED && r->options.tau2 == MTP_TAU2_REML;
    bool no_limit = r->options.predictor == MTP_PREDICTOR_NI ||
                    r->options.predictor == MTP_PREDICTOR_SQRTNI;
    const json_t *expected = json_object_get(c, "expected"), *value;

    json_object_foreach((json_t *)(uintptr_t)expected, figure, value)
    {
        double got = (double)NAN, want = oracle_number(value);

        if (!figure_of(r, figure, &got)) {
            fail_msg("%s: nothing is mapped to %s", id, figure);
        }
        if (is_intercept(figure) && no_limit) {
            assert_true(isnan(got));
            continue;
        }
        scoreboard_add(board, text_of(c, "test", "?"), figure, id, got, want,
                       fabs(got - want) <= 1e-12 ? 0.0
                       : iterated                ? ITERATED
                                                 : DIRECT);
    }
}

static void run_case(const json_t *c, const json_t *data, scoreboard *board)
{
    mtp_raw raw = oracle_raw(json_object_get(data, text_of(c, "data", "?")));
    mtp_effects *effects = oracle_effects(text_of(c, "measure", "?"), true, &raw);
    mtp_asymmetry_options options = options_of(c);
    mtp_asymmetry_result *r = NULL;
    mtp_error err = {0};

    if (mtp_asymmetry(effects, &options, &r, &err) != MTP_OK) {
        fail_msg("%s: %s", text_of(c, "id", "?"), err.message);
    }
    compare(c, r, board);
    mtp_asymmetry_free(r);
    mtp_effects_free(effects);
    oracle_raw_free(&raw);
}

static void every_case_of_metafor(void **state)
{
    json_t *root = oracle_load("asymmetry_metafor.json"), *c;
    scoreboard *board = scoreboard_new("tests for asymmetry");
    size_t index;

    (void)state;
    json_array_foreach(json_object_get(root, "cases"), index, c)
    {
        run_case(c, json_object_get(root, "data"), board);
    }
    scoreboard_print(board);
    assert_int_equal(index, 80);
    assert_int_equal(scoreboard_failures(board), 0);
    scoreboard_free(board);
    json_decref(root);
}

/* The rows of the published tests and which studies they are about. */
static const struct {
    const char *data, *where;
} published[] = {{"all", "patients > 0"},   {"LBCL", "entity = 'LBCL'"},
                 {"MCL", "entity = 'MCL'"}, {"MM", "entity = 'MM'"},
                 {"IL", "entity = 'IL'"},   {"RW", "setting = 'RW'"},
                 {"CT", "setting = 'CT'"},  {"patients > 80", "patients > 80"}};
enum { N_PUBLISHED = sizeof published / sizeof published[0], ROWS_MAX = 64 };

static mtp_table *table_of(const char *path)
{
    mtp_table *table = NULL;
    mtp_error err = {0};

    if (mtp_table_read(path, NULL, &table, NULL, &err) != MTP_OK) {
        fail_msg("%s: %s", path, err.message);
    }
    return table;
}

static mtp_asymmetry_result *egger_where(const mtp_table *studies, const char *where)
{
    const mtp_column *deaths = mtp_table_find(studies, "deaths");
    const mtp_column *patients = mtp_table_find(studies, "patients"), *kept;
    double events[ROWS_MAX], n[ROWS_MAX];
    mtp_raw raw = {.size = sizeof raw};
    mtp_asymmetry_result *r = NULL;
    mtp_effects *effects;
    mtp_values *values = NULL;

    assert_int_equal(mtp_table_evaluate(studies, where, &values, NULL), MTP_OK);
    kept = mtp_values_column(values);
    assert_true(mtp_table_rows(studies) <= ROWS_MAX);
    for (size_t i = 0; i < mtp_table_rows(studies); i++) {
        if (!kept->missing[i] && kept->number[i] != 0.0) {
            events[raw.k] = deaths->number[i];
            n[raw.k++] = patients->number[i];
        }
    }
    mtp_values_free(values);
    raw.column[MTP_ROLE_EVENTS] = events;
    raw.column[MTP_ROLE_N] = n;
    effects = oracle_effects("PLO", true, &raw);
    assert_int_equal(mtp_asymmetry(effects, NULL, &r, NULL), MTP_OK);
    mtp_effects_free(effects);
    return r;
}

static const char *cell(const mtp_table *table, const char *column, size_t row)
{
    const mtp_column *found = mtp_table_find(table, column);

    assert_non_null(found);
    return found->text[row];
}

/* With as many decimals as are printed. */
static void check_printed(const char *data, const char *printed, double value)
{
    size_t length = strspn(printed, "-.0123456789"), whole = strcspn(printed, ".");
    char text[32];

    mtp_number_fixed(value, whole < length ? (int)(length - whole - 1) : 0, text,
                     sizeof text);
    if (strlen(text) != length || strncmp(text, printed, length) != 0) {
        fail_msg("Egger's test, %s: %s (%.12g), not %s", data, text, value, printed);
    }
}

/* "bias -1.2086 (SE 0.4061); multiplicative residual variance 2.4851", or shorter. */
static void check_extra(const char *data, const char *extra,
                        const mtp_asymmetry_result *r)
{
    const char *se = strstr(extra, "(SE "), *dispersion = strrchr(extra, ' ');

    assert_true(strncmp(extra, "bias ", 5) == 0 && se && dispersion);
    check_printed(data, extra + 5, r->estimate);
    check_printed(data, se + 4, r->se);
    check_printed(data, dispersion + 1, r->dispersion);
}

static void every_published_test_as_printed(void **state)
{
    mtp_table *tests = table_of(DATASET "published_tests.csv");
    mtp_table *studies = table_of(DATASET "studies.csv");
    size_t found = 0;

    (void)state;
    for (size_t row = 0; row < mtp_table_rows(tests); row++) {
        const char *data = cell(tests, "data", row);
        size_t i = 0;
        mtp_asymmetry_result *r;

        if (strcmp(cell(tests, "test", row), "Egger regression") != 0) {
            continue;
        }
        while (i < N_PUBLISHED && strcmp(published[i].data, data) != 0) {
            i++;
        }
        assert_true(i < N_PUBLISHED);
        r = egger_where(studies, published[i].where);
        check_printed(data, cell(tests, "statistic", row), r->statistic);
        check_printed(data, cell(tests, "df", row), r->df);
        check_printed(data, cell(tests, "p", row), r->p);
        check_extra(data, cell(tests, "extra", row), r);
        mtp_asymmetry_free(r);
        found++;
    }
    assert_int_equal(found, N_PUBLISHED);
    mtp_table_free(tests);
    mtp_table_free(studies);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_of_metafor),
        cmocka_unit_test(every_published_test_as_printed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
