/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/columns.h"

#include <stdint.h>
#include <string.h>

bool mtp_columns_begin(mtp_columns *to, mtp_arena *arena, size_t columns)
{
    *to = (mtp_columns){
        .arena = arena,
        .columns = columns,
        .column = mtp_arena_zalloc(arena, columns, sizeof *to->column),
        .is_text = mtp_arena_zalloc(arena, columns, sizeof *to->is_text),
    };
    return to->column && to->is_text;
}

/* What could be resized is kept, also when the rest could not. */
static bool resize_column(mtp_columns *to, size_t c, size_t capacity)
{
    mtp_growing *column = &to->column[c];
    const char **text =
        mtp_arena_resize(to->arena, column->text, capacity, sizeof *text);
    unsigned char *missing =
        mtp_arena_resize(to->arena, column->missing, capacity, sizeof *missing);
    double *number = NULL;

    column->text = text ? text : column->text;
    column->missing = missing ? missing : column->missing;
    if (!to->is_text[c]) {
        number = mtp_arena_resize(to->arena, column->number, capacity, sizeof *number);
        column->number = number ? number : column->number;
    }
    return text && missing && (number || to->is_text[c]);
}

static bool resize(mtp_columns *to, size_t capacity)
{
    size_t *line = mtp_arena_resize(to->arena, to->line, capacity, sizeof *line);

    to->line = line ? line : to->line;
    for (size_t c = 0; line && c < to->columns; c++) {
        if (!resize_column(to, c, capacity)) {
            return false;
        }
    }
    return line != NULL;
}

/* A column that is text in the chunk is text altogether. */
static void adopt_kinds(mtp_columns *to, const mtp_chunk *chunk)
{
    for (size_t c = 0; c < to->columns; c++) {
        mtp_growing *column = &to->column[c];

        if (chunk->kind[c] == MTP_CELLS_TEXT && !to->is_text[c]) {
            mtp_arena_drop(to->arena, column->number);
            column->number = NULL;
            to->is_text[c] = true;
        }
        column->overflows = column->overflows || chunk->kind[c] == MTP_CELLS_OVERFLOW;
    }
}

/* For `rows` rows at least; the first chunk may be the only one. An expectation that
 * there is no memory for may have been wrong. */
static bool grow(mtp_columns *to, size_t rows, size_t expected)
{
    size_t wanted = 2 * to->capacity > expected ? 2 * to->capacity : expected;

    if (wanted > rows && resize(to, wanted)) {
        to->capacity = wanted;
    } else if (resize(to, rows)) {
        to->capacity = rows;
    } else {
        return false;
    }
    return true;
}

bool mtp_columns_make_room(mtp_columns *to, const mtp_chunk *chunk, size_t expected)
{
    size_t rows = to->rows + chunk->rows;

    adopt_kinds(to, chunk);
    if (rows > to->capacity && !grow(to, rows, expected)) {
        return false;
    }
    if (chunk->rows > 0) {
        memcpy(to->line + to->rows, chunk->line, chunk->rows * sizeof *to->line);
    }
    to->rows = rows;
    return true;
}

void mtp_columns_copy(mtp_columns *to, size_t c, size_t at, const mtp_chunk *chunk)
{
    mtp_growing *column = &to->column[c];
    size_t from = c * chunk->capacity, n = chunk->rows;

    if (n == 0) {
        return;
    }
    memcpy(column->text + at, chunk->text + from, n * sizeof *column->text);
    memcpy(column->missing + at, chunk->missing + from, n);
    if (!to->is_text[c]) {
        memcpy(column->number + at, chunk->number + from, n * sizeof *column->number);
    }
}

bool mtp_columns_add(mtp_columns *to, const mtp_chunk *chunk)
{
    size_t at = to->rows;

    if (!mtp_columns_make_room(to, chunk, 0)) {
        return false;
    }
    for (size_t c = 0; c < to->columns; c++) {
        mtp_columns_copy(to, c, at, chunk);
    }
    return true;
}

void mtp_columns_end(mtp_columns *to)
{
    if (to->rows < to->capacity) {
        (void)resize(to, to->rows); /* what cannot be made smaller stays larger */
        to->capacity = to->rows;
    }
}
