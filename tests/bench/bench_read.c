/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "metapool/table.h"

#include "table/csv.h"
#include "table/csv_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/*
 * Reading a table.
 *   metapool_bench_read FILE THREADS   rows, CPU and wall time, peak memory
 *   metapool_bench_read FILE stages    CPU time of each stage, on one thread
 * Prints one line a figure: its name, a tab, seconds, rows or bytes.
 */

static double seconds(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void require(bool done, const char *what)
{
    if (!done) {
        fprintf(stderr, "metapool_bench_read: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

static void read_table(const char *path, unsigned threads)
{
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID), wall = seconds(CLOCK_MONOTONIC);
    mtp_table_options options;
    mtp_table *table = NULL;
    mtp_error err = {0};
    struct rusage usage;

    mtp_table_options_init(&options, sizeof options);
    options.threads = threads;
    require(mtp_table_read_csv(path, &options, &table, NULL, &err) == MTP_OK,
            err.message);
    printf("cpu\t%.6f\n", seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu);
    printf("wall\t%.6f\n", seconds(CLOCK_MONOTONIC) - wall);
    printf("rows\t%zu\n", mtp_table_rows(table));
    require(getrusage(RUSAGE_SELF, &usage) == 0, "getrusage failed");
    printf("peak\t%ld\n", 1024 * usage.ru_maxrss); /* Linux counts kilobytes */
    mtp_table_free(table);
}

enum { READ, HASH, SPLIT, TYPE, GATHER, STAGES };

static const char *const stage_names[STAGES] = {
    "read and cut", "hash (SHA-256)", "split into fields", "type, parse numbers",
    "gather columns"};

/* Adds the time since the last lap to a stage. */
static void lap(double *last, double *stage)
{
    double now = seconds(CLOCK_PROCESS_CPUTIME_ID);

    *stage += now - *last;
    *last = now;
}

/* The bytes of a segment are in the cache when they are hashed again: as in reading. */
static double time_hash(const mtp_segment *segment)
{
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    char text[MTP_DIGEST_TEXT];
    mtp_digest digest;

    mtp_digest_init(&digest);
    mtp_digest_add(&digest, segment->bytes, segment->length);
    mtp_digest_end(&digest, text);
    return seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
}

static void read_segment(mtp_csv_rows *rows, const mtp_segment *segment, double *last,
                         double stage[STAGES])
{
    mtp_builder *builder = &rows->file->builder;
    bool done;

    mtp_csv_rows_split(rows, segment);
    require(rows->problems.count == 0, rows->problems.item[0].message);
    lap(last, &stage[SPLIT]);
    done = mtp_chunk_read(&rows->chunk, rows->file->rules, builder->grown.is_text);
    lap(last, &stage[TYPE]);
    done = done && mtp_columns_add(&builder->grown, &rows->chunk);
    lap(last, &stage[GATHER]);
    require(done, "memory is exhausted");
}

/* What the reader does on one thread (csv.c), with a clock between its parts. */
static void time_stages(const char *path)
{
    const mtp_csv_tuning tuning = MTP_CSV_TUNING;
    mtp_csv_file file = {.source = path, .delimiter = ',', .rules = {NULL, '.'}};
    mtp_csv_rows rows = {0};
    mtp_blocks blocks;
    mtp_segments segments;
    mtp_segment segment = {0};
    mtp_error err;
    double stage[STAGES] = {0}, last = seconds(CLOCK_PROCESS_CPUTIME_ID);

    require(mtp_blocks_open(&blocks, path, &err) == MTP_OK &&
                mtp_builder_init(&file.builder) && mtp_csv_rows_init(&rows, &file) &&
                mtp_segments_begin(&segments, &blocks, &file.delimiter,
                                   file.builder.arena, tuning.first_segment),
            "the file cannot be opened");
    while (!segment.is_last) {
        double hash;

        require(mtp_segments_next(&segments, tuning.segment, &segment, &err) == MTP_OK,
                err.message);
        lap(&last, &stage[READ]);
        hash = time_hash(&segment);
        stage[HASH] += hash;
        stage[READ] -= hash; /* once is within it */
        last = seconds(CLOCK_PROCESS_CPUTIME_ID);
        read_segment(&rows, &segment, &last, stage);
    }
    for (size_t i = 0; i < STAGES; i++) {
        printf("%s\t%.6f\n", stage_names[i], stage[i]);
    }
    mtp_csv_rows_free(&rows);
    mtp_builder_free(&file.builder);
    mtp_blocks_close(&blocks);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: metapool_bench_read FILE THREADS|stages\n", stderr);
        return 2;
    }
    if (strcmp(argv[2], "stages") == 0) {
        time_stages(argv[1]);
    } else {
        read_table(argv[1], (unsigned)strtoul(argv[2], NULL, 10));
    }
    return 0;
}
