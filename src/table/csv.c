/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv.h"

#include "core/error.h"
#include "core/parallel.h"
#include "table/csv_begin.h"
#include "table/csv_rows.h"
#include "table/table.h"

#include <stdlib.h>
#include <string.h>

/*
 * A file is read in batches of segments (segments.h). While the segments of one batch
 * are split and their numbers read, a task each, one more task reads, hashes and cuts
 * the next batch. Then what the segments gave is put together in their order, up to the
 * first problem that makes reading on senseless; what lies behind it is dropped. So
 * neither the table nor a message depends on the number of threads.
 */

enum { SEGMENTS_PER_THREAD = 4, LARGEST_BATCH = 64 };

/* Of a file: so much of it lets its rows be guessed. */
enum { LEAST_PART = 128 * 1024 };

typedef struct batch {
    size_t n;
    bool is_last;
    mtp_segment segment[LARGEST_BATCH];
} batch;

typedef struct reader {
    mtp_collector collector;
    bool stop; /* a problem after which reading on makes no sense */
    mtp_csv_file file;
    mtp_csv_tuning tuning;
    unsigned threads;
    unsigned words; /* how missing values are written, as in mtp_cell_rules */

    mtp_blocks blocks;
    mtp_segments segments;
    batch batches[2], *current, *next;
    mtp_status failed; /* what ended the reading behind the last batch */
    mtp_error failure;

    size_t bytes_taken;           /* of the segments whose rows are in the table */
    size_t width;                 /* segments in a batch */
    mtp_csv_rows *rows;           /* [width] */
    size_t row_of[LARGEST_BATCH]; /* the first row of a segment in the table */
} reader;

static void stop_nomem(reader *r)
{
    mtp_collect_nomem(&r->collector);
    r->stop = true;
}

static void stop_at_file(reader *r, mtp_status status, const char *message)
{
    mtp_collect(&r->collector, status, 0, NULL, "%s", message);
    r->stop = true;
}

/* Until the header is known, one segment at a time. */
static void read_batch(reader *r, batch *b)
{
    size_t most = r->file.has_header ? r->width : 1;

    b->n = 0;
    b->is_last = false;
    while (b->n < most && !b->is_last) {
        mtp_segment *segment = &b->segment[b->n];

        r->failed =
            mtp_segments_next(&r->segments, r->tuning.segment, segment, &r->failure);
        b->is_last = r->failed != MTP_OK || segment->is_last;
        b->n += r->failed == MTP_OK;
    }
}

static mtp_status run_task(void *context, size_t index)
{
    reader *r = context;

    if (index == r->current->n) {
        read_batch(r, r->next);
    } else {
        mtp_csv_rows_read(&r->rows[index], &r->current->segment[index]);
    }
    return MTP_OK;
}

/* The reading of the next batch is the longest task: it begins first. */
static mtp_status run_parallel_task(void *context, size_t index)
{
    reader *r = context;
    size_t n = r->current->n + !r->current->is_last;

    return run_task(r, (index + n - 1) % n);
}

static void run_tasks(reader *r)
{
    size_t n = r->current->n + !r->current->is_last;

    if (r->threads > 1 && r->file.has_header) {
        if (mtp_parallel_for(n, r->threads, run_parallel_task, r) != MTP_OK) {
            stop_nomem(r);
        }
    } else {
        for (size_t i = 0; i < n; i++) {
            (void)run_task(r, i);
        }
    }
}

static mtp_status copy_column(void *context, size_t c)
{
    reader *r = context;

    for (size_t i = 0; i < r->current->n; i++) {
        mtp_columns_copy(&r->file.builder.grown, c, r->row_of[i], &r->rows[i].chunk);
    }
    return MTP_OK;
}

/* The rows of the file, by those of its first part. */
static size_t expected_rows(const reader *r)
{
    size_t bytes = r->blocks.packed ? 0 : r->blocks.size;

    if (r->bytes_taken < LEAST_PART || bytes <= r->bytes_taken) {
        return 0;
    }
    return (size_t)((double)bytes / (double)r->bytes_taken *
                    (double)r->file.builder.grown.rows * 1.02);
}

static void take_rows(reader *r, size_t i)
{
    mtp_columns *grown = &r->file.builder.grown;

    r->row_of[i] = grown->rows;
    if (!mtp_columns_make_room(grown, &r->rows[i].chunk, expected_rows(r))) {
        stop_nomem(r);
    }
    r->bytes_taken += r->current->segment[i].length;
}

/* Where problems that were no obstacle fill the list, the one that is may stand behind
 * those that are kept. */
static void take_problems(reader *r, const mtp_csv_rows *rows)
{
    mtp_collect_all(&r->collector, &rows->problems);
    if (r->collector.status == MTP_OK && rows->collector.status != MTP_OK) {
        r->collector.status = rows->collector.status;
        if (r->collector.err) {
            *r->collector.err = rows->failure;
        }
    }
}

/* Problems, and then rows as long as a table can come of them. */
static void take_batch(reader *r)
{
    const batch *b = r->current;

    for (size_t i = 0; i < b->n && !r->stop; i++) {
        take_problems(r, &r->rows[i]);
        r->stop = r->rows[i].stop;
        if (r->collector.status != MTP_OK) {
            mtp_segments_drop(&r->segments, &b->segment[i]);
        } else if (r->file.has_header) {
            take_rows(r, i);
        }
    }
    if (r->collector.status == MTP_OK && r->file.has_header &&
        mtp_parallel_for(r->file.builder.columns, r->threads, copy_column, r) !=
            MTP_OK) {
        stop_nomem(r);
    }
}

/* What must be known before the first batches are split. */
static void look_for_header(reader *r, bool first)
{
    mtp_segment *segment = &r->current->segment[0];

    if (first) {
        mtp_csv_check_begin(segment, r->blocks.packed, &r->collector);
    }
    if (r->collector.status == MTP_OK) {
        mtp_csv_find_delimiter(&r->file, segment, &r->collector);
    }
    r->stop = r->collector.status != MTP_OK;
}

static void read_batches(reader *r)
{
    bool first = true;

    read_batch(r, r->current);
    while (r->current->n > 0 && !r->stop) {
        batch *done = r->current;

        if (!r->file.has_header) {
            look_for_header(r, first);
            first = false;
        }
        if (r->stop) {
            return;
        }
        run_tasks(r);
        if (!r->stop) {
            take_batch(r);
        }
        if (done->is_last) {
            return;
        }
        r->current = r->next;
        r->next = done;
    }
}

/* All was read: was it a table? */
static void check_end(reader *r)
{
    const batch *b = r->current;

    if (r->failed != MTP_OK) {
        mtp_collect_error(&r->collector, &r->failure);
    } else if (!r->file.has_header) {
        const mtp_segment *last = &b->segment[b->n - 1];

        stop_at_file(r, MTP_E_DATA,
                     last->line + last->survey.line_ends > 1
                         ? "the file holds nothing but blank lines"
                         : "the file is empty");
    } else if (r->collector.status == MTP_OK && r->file.builder.grown.rows == 0) {
        stop_at_file(r, MTP_E_DATA, "the file has a header but no rows");
    }
}

static bool begin(reader *r)
{
    size_t wanted = r->threads > 1 ? (size_t)r->threads * SEGMENTS_PER_THREAD : 1;

    r->width = wanted < LARGEST_BATCH ? wanted : LARGEST_BATCH;
    r->current = &r->batches[0];
    r->next = &r->batches[1];
    r->rows = calloc(r->width, sizeof *r->rows);
    if (!r->rows || !mtp_builder_init(&r->file.builder) ||
        !mtp_segments_begin(&r->segments, &r->blocks, &r->file.delimiter,
                            r->file.builder.arena, r->tuning.first_segment)) {
        return false;
    }
    r->file.builder.forgiving = r->file.forgiving;
    for (size_t i = 0; i < r->width; i++) {
        if (!mtp_csv_rows_init(&r->rows[i], &r->file)) {
            return false;
        }
    }
    return true;
}

static mtp_status read_all(reader *r, mtp_table **table)
{
    char sha256[MTP_DIGEST_TEXT];

    if (!begin(r)) {
        stop_nomem(r);
        return r->collector.status;
    }
    read_batches(r);
    if (!r->stop) {
        check_end(r);
    }
    if (r->collector.status == MTP_OK) {
        mtp_digest_end(&r->blocks.digest, sha256);
        if (mtp_builder_finish(&r->file.builder, r->file.rules, sha256, &r->collector,
                               table) == MTP_E_NOMEM) {
            stop_nomem(r);
        }
    }
    return r->collector.status;
}

static void end(reader *r)
{
    for (size_t i = 0; r->rows && i < r->width; i++) {
        mtp_csv_rows_free(&r->rows[i]);
    }
    free(r->rows);
    mtp_builder_free(&r->file.builder);
    mtp_blocks_close(&r->blocks);
    free(r);
}

/* A reader that has all but its input; NULL when the options are no good or memory is
 * exhausted. */
static reader *new_reader(const mtp_table_options *options, mtp_csv_tuning tuning,
                          mtp_problems *problems, mtp_error *err, mtp_status *status)
{
    mtp_table_options effective;
    reader *r;

    *status = mtp_table_options_complete(options, &effective, err);
    if (*status != MTP_OK) {
        return NULL;
    }
    r = calloc(1, sizeof *r);
    if (!r) {
        *status = mtp_fail_nomem(err);
        return NULL;
    }
    r->collector = (mtp_collector){.problems = problems, .err = err};
    r->tuning = tuning;
    r->threads = effective.threads;
    r->file.delimiter = effective.delimiter;
    r->file.rules = (mtp_cell_rules){effective.missing, effective.decimal, NULL};
    r->file.only_libcsv = tuning.only_libcsv;
    r->file.forgiving = effective.forgiving;
    if (effective.forgiving) { /* it asks how missing values are written */
        r->file.rules.words = &r->words;
        r->threads = 1;
    }
    return r;
}

static mtp_status read_and_free(reader *r, mtp_table **table)
{
    mtp_status status;

    r->collector.source = r->file.source = r->blocks.source;
    status = read_all(r, table);
    end(r);
    return status;
}

mtp_status mtp_table_read_csv(const char *path, const mtp_table_options *options,
                              mtp_table **table, mtp_problems *problems, mtp_error *err)
{
    mtp_status status;
    reader *r = new_reader(options, MTP_CSV_TUNING, problems, err, &status);
    mtp_error problem;

    if (!r) {
        return status;
    }
    status = mtp_blocks_open(&r->blocks, path, &problem);
    if (status != MTP_OK) {
        mtp_collect_error(&r->collector, &problem);
        end(r);
        return status;
    }
    return read_and_free(r, table);
}

mtp_status mtp_csv_parse(const char *source, const char *bytes, size_t length,
                         const mtp_table_options *options, mtp_csv_tuning tuning,
                         mtp_table **table, mtp_problems *problems, mtp_error *err)
{
    mtp_status status;
    reader *r = new_reader(options, tuning, problems, err, &status);

    if (!r) {
        return status;
    }
    mtp_blocks_from_memory(&r->blocks, source, bytes, length);
    return read_and_free(r, table);
}

mtp_status mtp_table_parse_csv(const char *source, const char *bytes, size_t length,
                               const mtp_table_options *options, mtp_table **table,
                               mtp_problems *problems, mtp_error *err)
{
    return mtp_csv_parse(source, bytes, length, options, MTP_CSV_TUNING, table,
                         problems, err);
}
