/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/chunk.h"

#include "core/arena.h"

#include <stdint.h>
#include <stdlib.h>

/* At least `size` bytes, of which none is kept. */
static bool reserve(void **memory, size_t *have, size_t size)
{
    if (size <= *have) {
        return true;
    }
    free(*memory);
    *memory = mtp_heap_resize(NULL, size);
    *have = *memory ? size : 0;
    return *memory != NULL;
}

bool mtp_chunk_begin(mtp_chunk *chunk, size_t columns, size_t capacity)
{
    const size_t row = sizeof *chunk->line + columns * sizeof *chunk->text;

    chunk->rows = chunk->capacity = 0;
    if (capacity > SIZE_MAX / row ||
        !reserve(&chunk->cells, &chunk->cells_size, capacity * row)) {
        return false;
    }
    chunk->columns = columns;
    chunk->capacity = capacity;
    chunk->line = chunk->cells;
    chunk->text = (const char **)(void *)(chunk->line + capacity);
    return true;
}

void mtp_chunk_free(mtp_chunk *chunk)
{
    free(chunk->cells);
    free(chunk->values);
    *chunk = (mtp_chunk){0};
}

static bool reserve_values(mtp_chunk *chunk)
{
    const size_t cell = sizeof *chunk->number + sizeof *chunk->missing;
    size_t cells = chunk->columns * chunk->capacity;

    if (cells > (SIZE_MAX - chunk->columns * sizeof *chunk->kind) / cell ||
        !reserve(&chunk->values, &chunk->values_size,
                 chunk->columns * sizeof *chunk->kind + cells * cell)) {
        return false;
    }
    chunk->number = chunk->values;
    chunk->kind = (mtp_cells_kind *)(void *)(chunk->number + cells);
    chunk->missing = (unsigned char *)(chunk->kind + chunk->columns);
    return true;
}

bool mtp_chunk_read(mtp_chunk *chunk, mtp_cell_rules rules, const bool is_text[])
{
    if (!reserve_values(chunk)) {
        return false;
    }
    for (size_t c = 0; c < chunk->columns; c++) {
        size_t at = c * chunk->capacity;

        chunk->kind[c] = mtp_cells_read(
            chunk->rows, chunk->text + at, rules,
            is_text && is_text[c] ? NULL : chunk->number + at, chunk->missing + at);
    }
    return true;
}
