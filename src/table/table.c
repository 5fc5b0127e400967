/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/table.h"

#include "core/error.h"

#include <assert.h>
#include <string.h>

void mtp_table_options_init(mtp_table_options *options, size_t size)
{
    memset(options, 0, size);
    options->size = size;
}

mtp_status mtp_table_options_complete(const mtp_table_options *given,
                                      mtp_table_options *options, mtp_error *err)
{
    mtp_table_options_init(options, sizeof *options);
    if (given) {
        size_t size = given->size < sizeof *options ? given->size : sizeof *options;

        memcpy(options, given, size);
    }
    if (options->delimiter && ((unsigned char)options->delimiter > 0x7F ||
                               strchr("\"\r\n", options->delimiter))) {
        return mtp_fail(err, MTP_E_ARG,
                        "the delimiter must be an ASCII character other than a double "
                        "quote or a line end");
    }
    if (!options->decimal) {
        options->decimal = '.';
    }
    if (options->decimal != '.' && options->decimal != ',') {
        return mtp_fail(err, MTP_E_ARG, "the decimal mark must be a point or a comma");
    }
    if (options->decimal == ',' && options->delimiter == ',') {
        return mtp_fail(err, MTP_E_ARG,
                        "a comma cannot be both decimal mark and delimiter; with a "
                        "decimal comma the delimiter is a semicolon or a tab");
    }
    return MTP_OK;
}

void mtp_table_free(mtp_table *table)
{
    if (table) {
        mtp_arena_free(table->arena);
    }
}

size_t mtp_table_rows(const mtp_table *table)
{
    return table->rows;
}

size_t mtp_table_columns(const mtp_table *table)
{
    return table->columns;
}

const mtp_column *mtp_table_column(const mtp_table *table, size_t index)
{
    assert(index < table->columns);
    return &table->column[index];
}

const mtp_column *mtp_table_find(const mtp_table *table, const char *name)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (strcmp(table->column[i].name, name) == 0) {
            return &table->column[i];
        }
    }
    return NULL;
}

size_t mtp_table_line(const mtp_table *table, size_t row)
{
    assert(row < table->rows);
    return table->line ? table->line[row] : 0;
}

void mtp_table_place(const mtp_table *table, size_t row, mtp_error *err)
{
    if (err) {
        err->line = mtp_table_line(table, row);
        err->row = err->line ? 0 : row + 1;
        mtp_copy_text(err->source, sizeof err->source, table->source);
    }
}

const char *mtp_table_source(const mtp_table *table)
{
    return table->source;
}

const char *mtp_table_sha256(const mtp_table *table)
{
    return table->sha256;
}

const mtp_column *mtp_values_column(const mtp_values *values)
{
    return &values->column;
}

void mtp_values_free(mtp_values *values)
{
    if (values) {
        mtp_arena_free(values->arena);
    }
}
