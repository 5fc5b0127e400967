/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/metapool.h"

#include "core/strbuf.h"
#include "property/run_table.h"
#include "read.h"

/* The JSON of `sensitivity` against metafor, from the table to the report: the cases of
 * sensitivity_*.json, one file a data set. What a figure is good for is judged in
 * test_sensitivity.c; here it has to stand under the right key of the right entry. Of
 * one study metafor says tau2 = 0, I2 = 0, H2 = 1, which are not defined here. */

/* Keys of metafor and of ours; NULL at the end. */
typedef struct mapped_key {
    const char *theirs, *ours;
} mapped_key;

static const mapped_key fit_keys[] = {{"k", "k"},
                                      {"estimate", "estimate"},
                                      {"se", "se"},
                                      {"zval", "statistic"},
                                      {"pval", "p"},
                                      {"ci.lb", "ci_lower"},
                                      {"ci.ub", "ci_upper"},
                                      {"Q", "Q"},
                                      {"Qp", "Q_p"},
                                      {"tau2", "tau2"},
                                      {"I2", "I2"},
                                      {"H2", "H2"},
                                      {NULL, NULL}};
static const mapped_key influence_keys[] = {{"rstudent", "rstudent"},
                                            {"dffits", "dffits"},
                                            {"cook.d", "cooks_d"},
                                            {"cov.r", "cov_r"},
                                            {"tau2.del", "tau2_del"},
                                            {"QE.del", "Q_del"},
                                            {"hat", "hat"},
                                            {"weight", "weight"},
                                            {"dfbs", "dfbetas"},
                                            {"is_infl", "influential"},
                                            {NULL, NULL}};
static const mapped_key point_keys[] = {
    {"x", "x"}, {"y", "y"}, {"z", "z"}, {NULL, NULL}};

/* Each kind of case: the option that asks for it, where it stands, its keys. */
static const struct {
    const char *kind, *option, *value, *part;
    const mapped_key *keys;
} kinds[] = {
    {"leave-one-out", "leave-one-out", "true", "leave_one_out", fit_keys},
    {"cumulative", "cumulative", "place", "cumulative", fit_keys},
    {"influence", "influence", "true", "influence", influence_keys},
    {"baujat", "baujat", "true", "baujat", point_keys},
    {"radial", "radial", "true", "radial", point_keys},
};

enum { KINDS = sizeof kinds / sizeof *kinds, OPTIONS = 16 };

/* The columns of a data set as a table, with the place of each row among them. */
static char *table_of(json_t *data)
{
    size_t k = json_array_size(json_object_iter_value(json_object_iter(data)));
    mtp_strbuf out;
    const char *name;
    json_t *column;

    mtp_strbuf_init(&out);
    mtp_strbuf_add(&out, "place");
    json_object_foreach(data, name, column)
    {
        mtp_strbuf_printf(&out, ",%s", name);
    }
    for (size_t i = 0; i < k; i++) {
        mtp_strbuf_printf(&out, "\n%zu", i + 1);
        json_object_foreach(data, name, column)
        {
            const json_t *cell = json_array_get(column, i);

            mtp_strbuf_add_char(&out, ',');
            if (json_is_number(cell)) {
                mtp_strbuf_add_number(&out, json_number_value(cell));
            } else if (json_is_string(cell)) {
                mtp_strbuf_add(&out, json_string_value(cell));
            }
        }
    }
    mtp_strbuf_add_char(&out, '\n');
    return mtp_strbuf_take(&out, NULL);
}

/* Whether what both say of a figure is the same. */
static void check_figure(const char *id, const char *key, size_t i, const json_t *got,
                         const json_t *want)
{
    double expected = json_is_boolean(want) ? json_is_true(want) : oracle_number(want);
    double value = json_is_boolean(got)  ? json_is_true(got)
                   : json_is_number(got) ? json_number_value(got)
                                         : (double)NAN;

    if (!(value == 0.0 &&
          fabs(expected) < 1e-9) && /* metafor stops short of tau2 = 0 */
        !mtp_test_close(value, expected, 1e-7, 1e-12)) {
        fail_msg("%s: %s of entry %zu is %.17g, not %.17g", id, key, i, value,
                 expected);
    }
}

static void check_entry(const char *id, const mapped_key *keys, const char *theirs,
                        size_t i, const json_t *entry, const json_t *want)
{
    const json_t *got;

    for (; keys->theirs && strcmp(keys->theirs, theirs) != 0; keys++) {
    }
    if (!keys->theirs) {
        fail_msg("%s: nothing is mapped to %s", id, theirs);
        return;
    }
    got = json_object_get(entry, keys->ours);
    assert_non_null(got);
    if (json_is_null(got) && json_integer_value(json_object_get(entry, "k")) == 1) {
        return; /* of one study */
    }
    if (!json_is_array(got)) {
        check_figure(id, keys->ours, i, got, want);
        return;
    }
    assert_int_equal(json_array_size(got), json_array_size(want));
    for (size_t j = 0; j < json_array_size(got); j++) {
        check_figure(id, keys->ours, i, json_array_get(got, j),
                     json_array_get(want, j));
    }
}

/* I2 and H2 of equal effects come from Q in metafor. */
static bool is_compared(const char *tau2, const char *theirs)
{
    return strcmp(tau2, "EE") != 0 ||
           (strcmp(theirs, "I2") != 0 && strcmp(theirs, "H2") != 0);
}

static bool run_case(const json_t *c, const char *bytes)
{
    const json_t *columns = json_object_get(c, "columns");
    const char *id = json_string_value(json_object_get(c, "id")), *theirs;
    const char *kind = json_string_value(json_object_get(c, "kind"));
    const char *tau2 = json_string_value(json_object_get(c, "tau2"));
    const char *mods = json_string_value(json_object_get(c, "mods"));
    const char *options[OPTIONS] = {"yi",
                                    json_string_value(json_object_get(columns, "yi")),
                                    "vi",
                                    json_string_value(json_object_get(columns, "vi")),
                                    "tau2",
                                    tau2,
                                    "ci",
                                    "wald",
                                    mods ? "mods" : "null",
                                    mods ? mods : "0"};
    const json_t *wanted, *part;
    json_t *root;
    size_t at = 0;

    while (at < KINDS && strcmp(kinds[at].kind, kind) != 0) {
        at++;
    }
    if (at == KINDS) {
        return false;
    }
    options[10] = kinds[at].option;
    options[11] = kinds[at].value;
    root = json_of(bytes, MTP_COMMAND_SENSITIVITY, options);
    part = json_object_get(root, kinds[at].part);
    json_object_foreach(json_object_get(c, "expected"), theirs, wanted)
    {
        assert_int_equal(json_array_size(part), json_array_size(wanted));
        for (size_t i = 0; i < json_array_size(part) && is_compared(tau2, theirs);
             i++) {
            check_entry(id, kinds[at].keys, theirs, i, json_array_get(part, i),
                        json_array_get(wanted, i));
        }
    }
    json_decref(root);
    return true;
}

/* Sums over the fits of all subsets, as a receiver of mtp_run has them. */
typedef struct totals {
    size_t n, k;
    double size, Q, estimate;
} totals;

static mtp_status add_up(void *context, size_t k, size_t n, const mtp_gosh_fit fit[])
{
    totals *t = (totals *)context;

    t->k = k;
    t->n += n;
    for (size_t i = 0; i < n; i++) {
        t->size += (double)fit[i].k;
        t->Q += fit[i].Q;
        t->estimate += fit[i].estimate;
    }
    return MTP_OK;
}

/* Their mean of a column over all subsets. */
static double mean_of(const json_t *expected, const char *column)
{
    const json_t *names = json_object_get(expected, "colnames");
    size_t i = 0;

    while (strcmp(json_string_value(json_array_get(names, i)), column) != 0) {
        i++;
    }
    return oracle_number(json_array_get(json_object_get(expected, "mean"), i));
}

/* The fits that a request hands on while it runs, and their number in the JSON. */
static void check_subsets(const json_t *c, const char *bytes)
{
    const json_t *columns = json_object_get(c, "columns");
    const json_t *expected = json_object_get(c, "expected");
    const char *const options[] = {
        "yi",   json_string_value(json_object_get(columns, "yi")),
        "vi",   json_string_value(json_object_get(columns, "vi")),
        "tau2", json_string_value(json_object_get(c, "tau2")),
        "gosh", "true",
        NULL};
    mtp_request *request = make_request(MTP_COMMAND_SENSITIVITY, options);
    mtp_table *table = NULL;
    mtp_bundle *bundle = NULL;
    totals t = {0};
    double n = json_number_value(json_object_get(expected, "n"));

    assert_int_equal(mtp_table_parse_csv("table.csv", bytes, strlen(bytes), NULL,
                                         &table, NULL, NULL),
                     MTP_OK);
    mtp_request_set_gosh(request, add_up, &t);
    assert_int_equal(mtp_run(request, table, &bundle, NULL, NULL), MTP_OK);
    assert_int_equal(t.k, bundle->n_studies);
    assert_close((double)t.n, n, 0.0, 0.0);
    assert_close((double)bundle->sensitivity->gosh->n, n, 0.0, 0.0);
    assert_close(t.size / n, mean_of(expected, "k"), 1e-12, 0.0);
    assert_close(t.Q / n, mean_of(expected, "QE"), 1e-10, 0.0);
    assert_close(t.estimate / n, mean_of(expected, "estimate"), 1e-8, 0.0);
    mtp_bundle_free(bundle);
    mtp_table_free(table);
    mtp_request_free(request);
}

static void run_file(const char *file)
{
    json_t *root = oracle_load(file);
    char *bytes = table_of(json_object_get(root, "data"));
    size_t i, done = 0;
    json_t *c;

    assert_non_null(bytes);
    json_array_foreach(json_object_get(root, "cases"), i, c)
    {
        if (strcmp(json_string_value(json_object_get(c, "kind")), "gosh") == 0) {
            check_subsets(c, bytes);
            done++;
        } else {
            done += run_case(c, bytes);
        }
    }
    printf("%s: %zu cases\n", file, done);
    assert_true(done > 0);
    free(bytes);
    json_decref(root);
}

static void bcg(void **state)
{
    (void)state;
    run_file("sensitivity_bcg.json");
}

static void hackshaw(void **state)
{
    (void)state;
    run_file("sensitivity_hackshaw1998.json");
}

static void raudenbush(void **state)
{
    (void)state;
    run_file("sensitivity_raudenbush1985.json");
}

static void normand(void **state)
{
    (void)state;
    run_file("sensitivity_normand1999.json");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bcg), cmocka_unit_test(hackshaw), cmocka_unit_test(normand),
        cmocka_unit_test(raudenbush)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
