/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_TEST_H
#define MTP_TABLE_TEST_H

#include "metapool/table.h"

#include "support/test.h"

/* A table from text that must be readable. */
static inline mtp_table *read_text(const char *text)
{
    mtp_table *table = NULL;
    mtp_error err = {0};

    if (mtp_table_parse_csv("t.csv", text, strlen(text), NULL, &table, NULL, &err) !=
        MTP_OK) {
        print_error("%zu: %s: %s\n", err.line, err.column, err.message);
        fail();
    }
    return table;
}

/* A column that must exist. */
static inline const mtp_column *column_of(const mtp_table *table, const char *name)
{
    const mtp_column *column = mtp_table_find(table, name);

    assert_non_null(column);
    return column;
}

/* The text of a cell, "-" where it is missing. */
static inline const char *cell_of(const mtp_table *table, const char *name, size_t row)
{
    const mtp_column *column = column_of(table, name);

    assert_true(row < column->rows);
    assert_int_equal(column->missing[row], column->text[row] == NULL);
    return column->text[row] ? column->text[row] : "-";
}

#define assert_contains(text, part)                                                    \
    do {                                                                               \
        if (!strstr((text), (part))) {                                                 \
            print_error("\"%s\" does not contain \"%s\"\n", (text), (part));           \
            fail();                                                                    \
        }                                                                              \
    } while (0)

#endif
