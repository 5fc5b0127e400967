/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/result.h"

#include "core/error.h"
#include "table/cells.h"

#include <math.h>
#include <string.h>

bool mtp_result_reserve(mtp_result *r, size_t rows)
{
    mtp_arena *arena = r->pool->arena;
    double *number;
    const char **text;

    if (rows <= r->capacity) {
        return true;
    }
    number = MTP_ARENA_ARRAY(arena, rows, double);
    text = MTP_ARENA_ARRAY(arena, rows, const char *);
    if (!number || !text) {
        return false;
    }
    if (r->rows > 0) {
        memcpy(number, r->number, r->rows * sizeof *number);
        memcpy(text, r->text, r->rows * sizeof *text);
    }
    r->number = number;
    r->text = text;
    r->capacity = rows;
    return true;
}

static bool has_room(mtp_result *r)
{
    return r->rows < r->capacity ||
           mtp_result_reserve(r, r->capacity ? 2 * r->capacity : 64);
}

static const char *keep(mtp_result *r, const char *text)
{
    return text ? mtp_text_pool_add(r->pool, text, strlen(text)) : NULL;
}

mtp_status mtp_result_add(mtp_result *r, sqlite3_stmt *statement, int column,
                          const char *what, mtp_error *err)
{
    int type = sqlite3_column_type(statement, column);
    double number = (double)NAN;
    const char *text = NULL;

    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        number = sqlite3_column_double(statement, column);
        if (!isfinite(number)) {
            return mtp_fail(err, MTP_E_DATA, "%s gives infinity", what);
        }
    } else if (type == SQLITE_TEXT) {
        text = keep(r, (const char *)sqlite3_column_text(statement, column));
        r->has_text = true;
    } else if (type == SQLITE_BLOB) {
        return mtp_fail(err, MTP_E_DATA, "%s gives a blob", what);
    }
    if (!has_room(r) || (type == SQLITE_TEXT && !text)) {
        return mtp_fail_nomem(err);
    }
    r->number[r->rows] = number;
    r->text[r->rows++] = text;
    return MTP_OK;
}

/* Numbers as text, for labels and where other rows give text. */
static bool write_numbers(mtp_result *r)
{
    for (size_t row = 0; row < r->rows; row++) {
        if (!isnan(r->number[row])) {
            char text[MTP_NUMBER_TEXT];

            mtp_cell_write(r->number[row], r->decimal, text);
            r->text[row] = keep(r, text);
            if (!r->text[row]) {
                return false;
            }
        }
    }
    return true;
}

static bool make_number_column(mtp_result *r, mtp_column *column)
{
    unsigned char *missing = MTP_ARENA_ARRAY(r->pool->arena, r->rows, unsigned char);

    for (size_t row = 0; missing && row < r->rows; row++) {
        missing[row] = (unsigned char)(isnan(r->number[row]) != 0);
    }
    *column = (mtp_column){.type = MTP_NUMBER,
                           .rows = r->rows,
                           .number = r->number,
                           .text = r->text,
                           .missing = missing};
    return missing != NULL;
}

mtp_status mtp_result_column(mtp_result *r, mtp_column *column, size_t *infinite_row,
                             mtp_error *err)
{
    mtp_cell_rules rules = {.decimal = r->decimal};
    size_t overflows;

    *infinite_row = r->rows;
    if (!write_numbers(r)) {
        return mtp_fail_nomem(err);
    }
    if (!r->has_text) {
        return make_number_column(r, column) ? MTP_OK : mtp_fail_nomem(err);
    }
    if (mtp_column_from_cells(r->pool->arena, r->rows, r->text, rules, column,
                              &overflows) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    for (size_t row = r->rows; overflows > 0 && row-- > 0;) {
        if (isinf(column->number[row])) {
            *infinite_row = row;
        }
    }
    return MTP_OK;
}
