/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/verify.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Any bytes as an older snapshot of a file: what is one compares with the file of
 * today, attribution included, and the comparison can be written; the rest is refused.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static const char source[] =
    "title: T\n"
    "data: {trials: {file: bcg.csv}}\n"
    "analyses:\n"
    "  random: {command: pool, options: {measure: RR, cell-a: tpos, cell-b: tneg, "
    "cell-c: cpos, cell-d: cneg, study: trial, tau2: DL}}\n"
    "  some: {extends: random, command: effects, options: {tau2: null, "
    "query: SELECT * FROM data WHERE tpos < 50}}\n"
    "  fails: {extends: random, options: {by: nowhere}}\n";

typedef struct today {
    mtp_analysis_file *file;
    mtp_snapshot *snapshot;
    mtp_verification *verification;
} today;

/* Made once, and never freed. */
static const today *get_today(void)
{
    static today made;

    if (!made.file) {
        require(mtp_analysis_file_parse(
                    METAPOOL_SOURCE_DIR "/tests/golden/data/fuzz.yaml", source,
                    strlen(source), &made.file, NULL, NULL) == MTP_OK);
        require(mtp_snapshot_take(made.file, &made.snapshot, NULL, NULL) == MTP_OK);
        require(mtp_verify(made.file, NULL, &made.verification, NULL, NULL) == MTP_OK);
    }
    return &made;
}

static void check_reports(const mtp_verification *v)
{
    for (int format = 0; format < MTP_VERIFY_FORMAT_COUNT; format++) {
        char *text = NULL;
        size_t length = 0;

        require(mtp_verify_report(v, (mtp_verify_format)format, NULL, &text, &length,
                                  NULL) == MTP_OK);
        require(strlen(text) == length);
        mtp_text_free(text);
    }
}

static void compare(const today *t, const mtp_snapshot *before)
{
    mtp_snapshot_comparison *comparison = NULL;
    mtp_snapshot_options options;

    mtp_snapshot_options_init(&options, sizeof options);
    options.rows = 2; /* each is a run */
    require(mtp_snapshot_compare(t->file, before, t->snapshot, &options, &comparison,
                                 NULL) == MTP_OK);
    mtp_verification_set_snapshot(t->verification, comparison);
    require(mtp_verification_holds(t->verification) == mtp_snapshot_holds(comparison));
    check_reports(t->verification);
    mtp_verification_set_snapshot(t->verification, NULL);
    mtp_snapshot_comparison_free(comparison);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mtp_snapshot *before = NULL;
    mtp_error err = {0};
    mtp_status status = mtp_snapshot_parse("fuzz.snapshot.json", (const char *)data,
                                           size, &before, &err);

    require((status == MTP_OK) == (before != NULL));
    if (before) {
        compare(get_today(), before);
    } else {
        require(err.message[0] && strcmp(err.source, "fuzz.snapshot.json") == 0);
    }
    mtp_snapshot_free(before);
    return 0;
}
