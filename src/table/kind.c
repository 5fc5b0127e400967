/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/kind.h"

#include "table/cells.h"
#include "table/collector.h"
#include "table/table.h"

#include <stdio.h>
#include <string.h>

mtp_kind mtp_kind_of_column(const mtp_column *column)
{
    if (column->type == MTP_TEXT) {
        return MTP_KIND_TEXT;
    }
    return memchr(column->missing, 0, column->rows) ? MTP_KIND_NUMBER : MTP_KIND_NULL;
}

mtp_kind mtp_kind_union(mtp_kind a, mtp_kind b)
{
    if (a == MTP_KIND_NULL || a == b) {
        return b;
    }
    return b == MTP_KIND_NULL ? a : MTP_KIND_MIXED;
}

bool mtp_kinds_compare(mtp_kind a, mtp_kind b)
{
    return a == MTP_KIND_NULL || b == MTP_KIND_NULL || (a == b && a != MTP_KIND_MIXED);
}

bool mtp_kind_is_numeric(mtp_kind kind)
{
    return kind == MTP_KIND_NUMBER || kind == MTP_KIND_NULL;
}

/* The first row whose cell makes a column text. */
static size_t first_text(const mtp_column *column, char decimal)
{
    mtp_cell_rules rules = {.decimal = decimal};
    double value;
    size_t i = 0;

    while (i + 1 < column->rows &&
           (column->missing[i] ||
            mtp_cell_read(column->text[i], rules, &value) != MTP_CELL_TEXT)) {
        i++;
    }
    return i;
}

const char *mtp_operand_describe(const mtp_table *table, const mtp_operand *operand,
                                 char text[MTP_OPERAND_TEXT])
{
    static const char *const kinds[] = {"NULL", "a number", "text",
                                        "a mixture of numbers and text"};
    char name[MTP_EXCERPT], cell[MTP_EXCERPT];
    const mtp_column *column = operand->column;

    if (!column) {
        (void)snprintf(text, MTP_OPERAND_TEXT, "%s", kinds[operand->kind]);
        return text;
    }
    (void)mtp_excerpt(column->name, strlen(column->name), name);
    if (column->type == MTP_TEXT) {
        size_t row = first_text(column, table->decimal);
        const char *example = column->text[row];
        size_t line = mtp_table_line(table, row);

        (void)snprintf(text, MTP_OPERAND_TEXT, "column '%s' (text, as \"%s\" %s %zu)",
                       name, mtp_excerpt(example, strlen(example), cell),
                       line ? "on line" : "in row", line ? line : row + 1);
    } else {
        (void)snprintf(text, MTP_OPERAND_TEXT, "column '%s' (numbers)", name);
    }
    return text;
}
