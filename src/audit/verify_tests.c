/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verification as the reports of test runs that CI systems read. */
#include "audit/verify.h"
#include "text/display.h"
#include "text/markup.h"

#include <stdlib.h>

static bool fails(const mtp_judged *judged)
{
    return judged->verdict == MTP_VERDICT_MISMATCH ||
           judged->verdict == MTP_VERDICT_NOT_COMPUTED;
}

static void add_attribute(mtp_strbuf *out, const char *name, const char *text)
{
    mtp_strbuf_printf(out, " %s=\"", name);
    mtp_markup_add(out, text);
    mtp_strbuf_add(out, "\"");
}

/* What is said of a claim, as the text of an attribute. */
static void add_message(mtp_strbuf *out, const mtp_judged *judged)
{
    mtp_strbuf said;

    mtp_strbuf_init(&said);
    mtp_verify_difference(judged, &said);
    out->failed = out->failed || said.failed;
    add_attribute(out, "message", said.failed ? "" : said.text);
    mtp_strbuf_free(&said);
}

static void add_case(mtp_strbuf *out, const mtp_judged *judged)
{
    bool fail = fails(judged), skip = judged->verdict == MTP_VERDICT_EXPECTED;

    mtp_strbuf_add(out, "    <testcase");
    add_attribute(out, "classname", judged->claim->analysis->name);
    add_attribute(out, "name", judged->claim->id);
    if (!fail && !skip) {
        mtp_strbuf_add(out, "/>\n");
        return;
    }
    mtp_strbuf_add(out, fail ? ">\n      <failure" : ">\n      <skipped");
    if (fail) {
        add_attribute(out, "type", mtp_verdict_id(judged->verdict));
    }
    add_message(out, judged);
    mtp_strbuf_add(out, "/>\n    </testcase>\n");
}

/* A test of the snapshot: what it is of, and what fails, or NULL. */
typedef struct snapshot_test {
    char *name, *failure;
} snapshot_test;

static void free_test(snapshot_test *test)
{
    free(test->name);
    free(test->failure);
}

static size_t count_tests(const mtp_snapshot_comparison *snapshot)
{
    return !snapshot           ? 0
           : snapshot->missing ? 1
                               : snapshot->n_tables + snapshot->n_analyses;
}

static void describe_table(const mtp_table_change *table, mtp_strbuf *name,
                           mtp_strbuf *failure)
{
    mtp_strbuf_printf(name, "table %s as in the snapshot", table->name);
    if (table->change != MTP_CHANGE_SAME) {
        mtp_snapshot_table_sentence(table, failure);
    }
}

static void describe_analysis(const mtp_analysis_change *analysis, mtp_strbuf *name,
                              mtp_strbuf *failure)
{
    mtp_strbuf_printf(name, "analysis %s as in the snapshot", analysis->name);
    if (analysis->change != MTP_CHANGE_SAME) {
        mtp_snapshot_analysis_sentence(analysis, failure);
    }
}

/* That it is there; else tables, then analyses. Freed with free_test. */
static snapshot_test get_test(const mtp_snapshot_comparison *snapshot, size_t i,
                              mtp_strbuf *out)
{
    mtp_strbuf name, failure;
    snapshot_test test;

    mtp_strbuf_init(&name);
    mtp_strbuf_init(&failure);
    if (snapshot->missing) {
        mtp_strbuf_add(&name, "the snapshot is there");
        mtp_snapshot_sentence(snapshot, &failure);
    } else if (i < snapshot->n_tables) {
        describe_table(&snapshot->tables[i], &name, &failure);
    } else {
        describe_analysis(&snapshot->analyses[i - snapshot->n_tables], &name, &failure);
    }
    out->failed = out->failed || name.failed || failure.failed;
    test.name = mtp_strbuf_take(&name, NULL);
    test.failure = failure.length > 0 ? mtp_strbuf_take(&failure, NULL) : NULL;
    if (!test.failure) {
        mtp_strbuf_free(&failure);
    }
    return test;
}

static size_t count_failed(const mtp_snapshot_comparison *snapshot)
{
    size_t n = snapshot && snapshot->missing;

    for (size_t i = 0; snapshot && i < snapshot->n_tables; i++) {
        n += snapshot->tables[i].change != MTP_CHANGE_SAME;
    }
    for (size_t i = 0; snapshot && i < snapshot->n_analyses; i++) {
        n += snapshot->analyses[i].change != MTP_CHANGE_SAME;
    }
    return n;
}

static void add_snapshot_case(mtp_strbuf *out, const mtp_snapshot_comparison *snapshot,
                              size_t i)
{
    snapshot_test test = get_test(snapshot, i, out);

    mtp_strbuf_add(out, "    <testcase");
    add_attribute(out, "classname", "snapshot");
    add_attribute(out, "name", test.name ? test.name : "");
    if (test.failure) {
        mtp_strbuf_add(out, ">\n      <failure");
        add_attribute(out, "type", "snapshot");
        add_attribute(out, "message", test.failure);
        mtp_strbuf_add(out, "/>\n    </testcase>\n");
    } else {
        mtp_strbuf_add(out, "/>\n");
    }
    free_test(&test);
}

static void add_suite(mtp_strbuf *out, const mtp_verification *v)
{
    size_t tests = count_tests(v->snapshot);
    size_t failures = v->count[MTP_VERDICT_MISMATCH] +
                      v->count[MTP_VERDICT_NOT_COMPUTED] + count_failed(v->snapshot);

    mtp_strbuf_add(out, "  <testsuite");
    add_attribute(out, "name", v->file->title);
    mtp_strbuf_printf(out,
                      " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
                      v->n_claims + tests, failures, v->count[MTP_VERDICT_EXPECTED]);
    for (size_t i = 0; i < v->n_claims; i++) {
        add_case(out, &v->claims[i]);
    }
    for (size_t i = 0; i < tests; i++) {
        add_snapshot_case(out, v->snapshot, i);
    }
    mtp_strbuf_add(out, "  </testsuite>\n");
}

void mtp_verify_write_junit(size_t n, const mtp_verification *const v[],
                            mtp_strbuf *out)
{
    mtp_strbuf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (size_t i = 0; i < n; i++) {
        add_suite(out, v[i]);
    }
    mtp_strbuf_add(out, "</testsuites>\n");
}

/* A name in TAP: a # would begin a directive. */
static void add_plain(mtp_strbuf *out, const char *text)
{
    mtp_strbuf clean;

    mtp_strbuf_init(&clean);
    mtp_display_add(&clean, text);
    out->failed = out->failed || clean.failed;
    for (size_t i = 0; i < clean.length; i++) {
        if (clean.text[i] == '#' || clean.text[i] == '\\') {
            mtp_strbuf_add(out, "\\");
        }
        mtp_strbuf_add_char(out, clean.text[i]);
    }
    mtp_strbuf_free(&clean);
}

static void add_line(mtp_strbuf *out, size_t number, const mtp_judged *judged)
{
    mtp_strbuf said;

    mtp_strbuf_printf(out, "%s %zu - ", fails(judged) ? "not ok" : "ok", number);
    add_plain(out, judged->claim->analysis->name);
    mtp_strbuf_add(out, ": ");
    add_plain(out, judged->claim->id);
    mtp_strbuf_init(&said);
    mtp_verify_difference(judged, &said);
    out->failed = out->failed || said.failed;
    if (judged->verdict == MTP_VERDICT_EXPECTED) {
        mtp_strbuf_add(out, " # SKIP ");
        mtp_display_add(out, said.failed ? "" : said.text);
    } else if (judged->verdict != MTP_VERDICT_PASS) {
        mtp_strbuf_add(out, "\n# ");
        mtp_display_add(out, said.failed ? "" : said.text);
    }
    mtp_strbuf_add(out, "\n");
    mtp_strbuf_free(&said);
}

static void add_snapshot_line(mtp_strbuf *out, size_t number,
                              const mtp_snapshot_comparison *snapshot, size_t i)
{
    snapshot_test test = get_test(snapshot, i, out);

    mtp_strbuf_printf(out, "%s %zu - ", test.failure ? "not ok" : "ok", number);
    add_plain(out, test.name ? test.name : "");
    if (test.failure) {
        mtp_strbuf_add(out, "\n# ");
        mtp_display_add(out, test.failure);
    }
    mtp_strbuf_add(out, "\n");
    free_test(&test);
}

void mtp_verify_write_tap(size_t n, const mtp_verification *const v[], mtp_strbuf *out)
{
    size_t tests = 0, number = 0;

    for (size_t i = 0; i < n; i++) {
        tests += v[i]->n_claims + count_tests(v[i]->snapshot);
    }
    mtp_strbuf_printf(out, "TAP version 13\n1..%zu\n", tests);
    for (size_t i = 0; i < n; i++) {
        if (n > 1) {
            mtp_strbuf_add(out, "# ");
            mtp_display_add(out, v[i]->file->path);
            mtp_strbuf_add(out, "\n");
        }
        for (size_t k = 0; k < v[i]->n_claims; k++) {
            add_line(out, ++number, &v[i]->claims[k]);
        }
        for (size_t k = 0; k < count_tests(v[i]->snapshot); k++) {
            add_snapshot_line(out, ++number, v[i]->snapshot, k);
        }
    }
}
