/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verification as the reports of test runs that CI systems read. */
#include "audit/verify.h"
#include "text/display.h"
#include "text/markup.h"

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

void mtp_verify_write_junit(const mtp_verification *v, mtp_strbuf *out)
{
    size_t failures =
        v->count[MTP_VERDICT_MISMATCH] + v->count[MTP_VERDICT_NOT_COMPUTED];

    mtp_strbuf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
                        "  <testsuite");
    add_attribute(out, "name", v->file->title);
    mtp_strbuf_printf(out,
                      " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
                      v->n_claims, failures, v->count[MTP_VERDICT_EXPECTED]);
    for (size_t i = 0; i < v->n_claims; i++) {
        add_case(out, &v->claims[i]);
    }
    mtp_strbuf_add(out, "  </testsuite>\n</testsuites>\n");
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

void mtp_verify_write_tap(const mtp_verification *v, mtp_strbuf *out)
{
    mtp_strbuf_printf(out, "TAP version 13\n1..%zu\n", v->n_claims);
    for (size_t i = 0; i < v->n_claims; i++) {
        add_line(out, i + 1, &v->claims[i]);
    }
}
