/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/table.h"

#include <stdint.h>
#include <stdlib.h>

/* The CSV reader with the delimiter found and given: a table or an error, and no table
 * whose parts contradict each other. */

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char delimiters[] = {'\0', ',', ';', '\t'};

    for (size_t i = 0; i < sizeof delimiters; i++) {
        mtp_table_options options;
        mtp_problems problems = {0};
        mtp_table *table = NULL;
        mtp_error err;
        mtp_status status;

        mtp_table_options_init(&options, sizeof options);
        options.delimiter = delimiters[i];
        status = mtp_table_parse_csv("fuzz", (const char *)data, size, &options, &table,
                                     &problems, &err);
        require((status == MTP_OK) == (table != NULL));
        require((status == MTP_OK) == (problems.count == 0));
        if (table) {
            check_table(table);
        }
        mtp_table_free(table);
    }
    return 0;
}
