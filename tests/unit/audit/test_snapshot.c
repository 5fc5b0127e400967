/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapshots by the library: taken, read back, compared, and when memory runs out. */
#include "metapool/snapshot.h"

#include "core/arena.h"
#include "support/test.h"

#define FOLDER METAPOOL_SOURCE_DIR "/tests/golden/data/"

static const char text[] =
    "title: T\n"
    "data: {trials: {file: bcg.csv}}\n"
    "analyses:\n"
    "  random: {command: pool, options: {measure: RR, cell-a: tpos, cell-b: tneg, "
    "cell-c: cpos, cell-d: cneg, study: trial, tau2: DL}}\n"
    "  fails: {extends: random, options: {by: nowhere}}\n";

static mtp_analysis_file *parse(void)
{
    mtp_analysis_file *file = NULL;

    assert_int_equal(mtp_analysis_file_parse(FOLDER "test.yaml", text, strlen(text),
                                             &file, NULL, NULL),
                     MTP_OK);
    return file;
}

static mtp_snapshot *take(const mtp_analysis_file *file)
{
    mtp_snapshot *snapshot = NULL;

    assert_int_equal(mtp_snapshot_take(file, &snapshot, NULL, NULL), MTP_OK);
    return snapshot;
}

/* A snapshot whose text has `from` replaced by `to`, once. */
static mtp_snapshot *edit(const mtp_snapshot *snapshot, const char *from,
                          const char *to)
{
    size_t length;
    const char *whole = mtp_snapshot_text(snapshot, &length);
    const char *at = strstr(whole, from);
    char *edited = test_malloc(length + strlen(to) + 1);
    mtp_snapshot *made = NULL;

    assert_non_null(at);
    (void)snprintf(edited, length + strlen(to) + 1, "%.*s%s%s", (int)(at - whole),
                   whole, to, at + strlen(from));
    assert_int_equal(mtp_snapshot_parse("edited", edited, strlen(edited), &made, NULL),
                     MTP_OK);
    test_free(edited);
    return made;
}

static mtp_snapshot_comparison *compare(const mtp_analysis_file *file,
                                        const mtp_snapshot *before,
                                        const mtp_snapshot *after)
{
    mtp_snapshot_comparison *comparison = NULL;

    assert_int_equal(mtp_snapshot_compare(file, before, after, NULL, &comparison, NULL),
                     MTP_OK);
    return comparison;
}

static void test_same(void **state)
{
    mtp_analysis_file *file = parse();
    mtp_snapshot *a = take(file), *b = edit(a, "\"file\"", "\"file\"");
    mtp_snapshot_comparison *comparison = compare(file, b, a);

    (void)state;
    assert_true(mtp_snapshot_holds(comparison));
    assert_false(comparison->written);
    assert_int_equal(comparison->n_tables, 1);
    assert_int_equal(comparison->n_analyses, 2);
    assert_non_null(comparison->analyses[1].error_after);
    assert_string_equal(mtp_snapshot_text(a, NULL), mtp_snapshot_text(b, NULL));
    mtp_snapshot_comparison_free(comparison);
    mtp_snapshot_free(a);
    mtp_snapshot_free(b);
    mtp_analysis_file_free(file);
}

/* A number within 1e-9 is the same, one beyond it is not. */
static void test_tolerance(void **state)
{
    static const struct {
        const char *k;
        bool holds;
    } cases[] = {{"\"k\": 13.000000001", true}, {"\"k\": 13.0000001", false}};
    mtp_analysis_file *file = parse();
    mtp_snapshot *after = take(file);

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        mtp_snapshot *before = edit(after, "\"k\": 13", cases[i].k);
        mtp_snapshot_comparison *comparison = compare(file, before, after);

        assert_int_equal(mtp_snapshot_holds(comparison), cases[i].holds);
        if (!cases[i].holds) {
            const mtp_difference *difference = comparison->analyses[0].differences;

            assert_string_equal(difference->path, "overall.k");
            assert_int_equal(difference->kind, MTP_DIFFERENCE_NUMBER);
            assert_close(difference->number[0], 13.0000001, 0.0, 0.0);
            assert_close(difference->relative, -1e-7 / 13.0000001, 1e-6, 0.0);
        }
        mtp_snapshot_comparison_free(comparison);
        mtp_snapshot_free(before);
    }
    mtp_snapshot_free(after);
    mtp_analysis_file_free(file);
}

/* Other texts, keys and hashes. */
static void test_structure(void **state)
{
    static const struct {
        const char *from, *to, *path;
        mtp_difference_kind kind;
    } cases[] = {
        {"\"ci_method\": \"hksj\"", "\"ci_method\": \"t\"", NULL, MTP_DIFFERENCE_VALUE},
        {"\"study\": \"Aronson 1948\"", "\"study\": \"Aronson\"", "studies[Aronson]",
         MTP_DIFFERENCE_GONE},
        {"\"overall\": {", "\"overall\": {\"more\": 1,", "overall.more",
         MTP_DIFFERENCE_GONE},
        {"\"k\": 13,", "", "overall.k", MTP_DIFFERENCE_NEW},
        {"\"k\": 13", "\"k\": null", "overall.k", MTP_DIFFERENCE_VALUE},
    };
    mtp_analysis_file *file = parse();
    mtp_snapshot *after = take(file);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mtp_snapshot *before = edit(after, cases[i].from, cases[i].to);
        mtp_snapshot_comparison *comparison = compare(file, before, after);
        const mtp_analysis_change *change = &comparison->analyses[0];
        bool found = false;

        assert_false(mtp_snapshot_holds(comparison));
        for (size_t k = 0; k < change->n_differences; k++) {
            found = found || (change->differences[k].kind == cases[i].kind &&
                              (!cases[i].path || strcmp(change->differences[k].path,
                                                        cases[i].path) == 0));
        }
        assert_true(found);
        mtp_snapshot_comparison_free(comparison);
        mtp_snapshot_free(before);
    }
    mtp_snapshot_free(after);
    mtp_analysis_file_free(file);
}

/* Every allocation of taking and comparing fails in its turn. */
static void test_memory(void **state)
{
    mtp_analysis_file *file = parse();
    mtp_snapshot *first = take(file), *after = NULL;
    mtp_snapshot *before =
        edit(first, "\"Aronson 1948\", \"4\"", "\"Aronson 1948\", \"5\"");
    mtp_snapshot *moved = edit(before, "\"sha256\": \"", "\"sha256\": \"0");
    mtp_snapshot_comparison *comparison = NULL;
    mtp_status status = MTP_E_NOMEM;

    (void)state;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_arena_fail_after(n);
        status = mtp_snapshot_take(file, &after, NULL, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !after));
    }
    status = MTP_E_NOMEM;
    for (size_t n = 1; status == MTP_E_NOMEM; n++) {
        mtp_arena_fail_after(n);
        status = mtp_snapshot_compare(file, moved, after, NULL, &comparison, NULL);
        mtp_arena_fail_after(0);
        assert_true(status == MTP_OK || (status == MTP_E_NOMEM && !comparison));
    }
    mtp_snapshot_comparison_free(comparison);
    mtp_snapshot_free(first);
    mtp_snapshot_free(before);
    mtp_snapshot_free(moved);
    mtp_snapshot_free(after);
    mtp_analysis_file_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same),
        cmocka_unit_test(test_tolerance),
        cmocka_unit_test(test_structure),
        cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
