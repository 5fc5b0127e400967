/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The CSV reader with the delimiter found and given: a table or an error, and no table
 * whose parts contradict each other; and the same from small segments, by libcsv alone.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition) {
        abort();
    }
}

static void check_column(const mtp_table *table, const mtp_column *column)
{
    require(column->rows == mtp_table_rows(table));
    require((column->type == MTP_NUMBER) == (column->number != NULL));
    for (size_t i = 0; i < column->rows; i++) {
        require(column->missing[i] == (column->text[i] == NULL));
    }
}

static void check_table(const mtp_table *table)
{
    mtp_error err;

    require(mtp_table_rows(table) > 0);
    for (size_t i = 1; i < mtp_table_rows(table); i++) {
        require(mtp_table_line(table, i) > mtp_table_line(table, i - 1));
    }
    for (size_t i = 0; i < mtp_table_columns(table); i++) {
        const mtp_column *column = mtp_table_column(table, i);

        check_column(table, column);
        require((mtp_table_require_numbers(table, column, NULL, &err) == MTP_OK) ==
                (column->type == MTP_NUMBER));
    }
}

/* What a reading gives. */
typedef struct outcome {
    mtp_status status;
    mtp_table *table;
    mtp_problems problems;
    mtp_error err;
} outcome;

static void read_data(const uint8_t *data, size_t size, char delimiter,
                      mtp_csv_tuning tuning, outcome *out)
{
    mtp_table_options options;

    *out = (outcome){0};
    mtp_table_options_init(&options, sizeof options);
    options.delimiter = delimiter;
    out->status = mtp_csv_parse("fuzz", (const char *)data, size, &options, tuning,
                                &out->table, &out->problems, &out->err);
    require((out->status == MTP_OK) == (out->table != NULL));
    require((out->status == MTP_OK) == (out->problems.count == 0));
}

static void check_cell(const mtp_column *a, const mtp_column *b, size_t row)
{
    require(a->missing[row] == b->missing[row]);
    if (a->text[row]) {
        require(strcmp(a->text[row], b->text[row]) == 0);
    }
    if (a->number && !a->missing[row]) {
        require(memcmp(&a->number[row], &b->number[row], sizeof a->number[row]) == 0);
    }
}

static void check_same(const outcome *a, const outcome *b)
{
    require(a->status == b->status && a->problems.count == b->problems.count);
    require(a->err.line == b->err.line);
    require(strcmp(a->err.message, b->err.message) == 0);
    for (size_t c = 0; a->table && c < mtp_table_columns(a->table); c++) {
        const mtp_column *x = mtp_table_column(a->table, c);
        const mtp_column *y = mtp_table_column(b->table, c);

        require(x->type == y->type && x->rows == y->rows);
        for (size_t row = 0; row < x->rows; row++) {
            require(mtp_table_line(a->table, row) == mtp_table_line(b->table, row));
            check_cell(x, y, row);
        }
    }
}

/* What a damaged one gives before the damage depends on the segments. */
static int is_gzip(const uint8_t *data, size_t size)
{
    return size >= 2 && data[0] == 0x1F && data[1] == 0x8B;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {'\0', ',', ';', '\t'};
    static const mtp_csv_tuning small = {1, 24, false}, libcsv = {1, 24, true};

    for (size_t i = 0; i < sizeof delimiters; i++) {
        outcome found, again;

        read_data(data, size, delimiters[i], MTP_CSV_TUNING, &found);
        if (found.table) {
            check_table(found.table);
        }
        if (!is_gzip(data, size)) {
            read_data(data, size, delimiters[i], i % 2 ? small : libcsv, &again);
            check_same(&found, &again);
            mtp_table_free(again.table);
        }
        mtp_table_free(found.table);
    }
    return 0;
}
