/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/builder.h"

#include "core/error.h"
#include "table/cells.h"
#include "table/table.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Most tables are small: the first page is, too. */
enum { CELLS_IN_FIRST_PAGE = 1024, CELLS_IN_PAGE = 64 * 1024, LEAST_ROWS_IN_PAGE = 16 };

struct mtp_page {
    mtp_page *next;
    size_t rows, capacity;
    size_t *line;      /* [capacity] */
    const char **cell; /* [columns][capacity] */
};

bool mtp_builder_init(mtp_builder *builder)
{
    *builder = (mtp_builder){.arena = mtp_arena_new(), .scratch = mtp_arena_new()};
    builder->pool.arena = builder->arena;
    return builder->arena && builder->scratch;
}

void mtp_builder_free(mtp_builder *builder)
{
    mtp_arena_free(builder->arena);
    mtp_arena_free(builder->scratch);
    *builder = (mtp_builder){0};
}

static bool grow_names(mtp_builder *builder)
{
    size_t capacity = builder->name_capacity ? 2 * builder->name_capacity : 16;
    const char **name = MTP_ARENA_ARRAY(builder->scratch, capacity, const char *);

    if (!name) {
        return false;
    }
    for (size_t i = 0; i < builder->columns; i++) {
        name[i] = builder->name[i];
    }
    builder->name = name;
    builder->name_capacity = capacity;
    return true;
}

bool mtp_builder_add_name(mtp_builder *builder, const char *text, size_t length)
{
    while (length > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        length--;
    }
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t')) {
        length--;
    }
    if (builder->columns == builder->name_capacity && !grow_names(builder)) {
        return false;
    }
    builder->name[builder->columns] = mtp_text_pool_add(&builder->pool, text, length);
    return builder->name[builder->columns++] != NULL;
}

void mtp_builder_clear_names(mtp_builder *builder)
{
    builder->columns = 0;
}

typedef struct named {
    const char *name;
    size_t index;
} named;

static int by_name_and_index(const void *a, const void *b)
{
    const named *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

bool mtp_builder_check_names(mtp_builder *builder, mtp_collector *collector,
                             size_t line)
{
    size_t n = builder->columns;
    named *sorted = MTP_ARENA_ARRAY(builder->scratch, n, named);
    size_t *twin = MTP_ARENA_ARRAY(builder->scratch, n, size_t);

    if (!sorted || !twin) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = (named){builder->name[i], i};
    }
    qsort(sorted, n, sizeof *sorted, by_name_and_index);
    for (size_t i = 0; i < n; i++) {
        bool again = i > 0 && strcmp(sorted[i - 1].name, sorted[i].name) == 0;

        twin[sorted[i].index] = again ? twin[sorted[i - 1].index] : sorted[i].index;
    }
    for (size_t i = 0; i < n; i++) {
        const char *name = builder->name[i];

        if (name[0] == '\0') {
            mtp_collect(collector, MTP_E_DATA, line, NULL,
                        "column %zu has no name in the header", i + 1);
        } else if (twin[i] != i) {
            mtp_collect(collector, MTP_E_DATA, line, name,
                        "the header has this name twice, in columns %zu and %zu",
                        twin[i] + 1, i + 1);
        }
    }
    return true;
}

static mtp_page *add_page(mtp_builder *builder)
{
    size_t cells = builder->last ? CELLS_IN_PAGE : CELLS_IN_FIRST_PAGE;
    size_t rows = cells / builder->columns;
    mtp_page *page = MTP_ARENA_NEW(builder->scratch, mtp_page);

    rows = rows < LEAST_ROWS_IN_PAGE ? LEAST_ROWS_IN_PAGE : rows;
    if (!page) {
        return NULL;
    }
    page->capacity = rows;
    page->line = MTP_ARENA_ARRAY(builder->scratch, rows, size_t);
    page->cell =
        MTP_ARENA_ARRAY(builder->scratch, rows * builder->columns, const char *);
    if (!page->line || !page->cell) {
        return NULL;
    }
    if (builder->last) {
        builder->last->next = page;
    } else {
        builder->first = page;
    }
    builder->last = page;
    return page;
}

bool mtp_builder_set_cell(mtp_builder *builder, size_t column, const char *text,
                          size_t length)
{
    mtp_page *page = builder->last;
    const char *copy = mtp_text_pool_add(&builder->pool, text, length);

    assert(column < builder->columns);
    if (!page || page->rows == page->capacity) {
        page = add_page(builder);
    }
    if (!page || !copy) {
        return false;
    }
    page->cell[column * page->capacity + page->rows] = copy;
    return true;
}

void mtp_builder_end_row(mtp_builder *builder, size_t line)
{
    mtp_page *page = builder->last;

    page->line[page->rows++] = line;
    builder->rows++;
}

/* Column c of all pages as one array. */
static const char **gather_cells(const mtp_builder *builder, size_t c)
{
    const char **text = MTP_ARENA_ARRAY(builder->arena, builder->rows, const char *);
    size_t at = 0;

    for (const mtp_page *page = builder->first; text && page; page = page->next) {
        memcpy(text + at, page->cell + c * page->capacity, page->rows * sizeof *text);
        at += page->rows;
    }
    return text;
}

static size_t *gather_lines(const mtp_builder *builder)
{
    size_t *line = MTP_ARENA_ARRAY(builder->arena, builder->rows, size_t);
    size_t at = 0;

    for (const mtp_page *page = builder->first; line && page; page = page->next) {
        memcpy(line + at, page->line, page->rows * sizeof *line);
        at += page->rows;
    }
    return line;
}

static void report_overflows(const mtp_column *column, const size_t line[],
                             mtp_collector *collector)
{
    for (size_t i = 0; i < column->rows; i++) {
        if (isinf(column->number[i])) {
            char excerpt[MTP_EXCERPT];

            mtp_collect(collector, MTP_E_DATA, line[i], column->name,
                        "\"%s\" is beyond the largest number (about 1.8e308)",
                        mtp_excerpt(column->text[i], strlen(column->text[i]), excerpt));
        }
    }
}

static mtp_status make_columns(mtp_builder *builder, mtp_cell_rules rules,
                               mtp_table *table, mtp_collector *collector)
{
    mtp_column *column = MTP_ARENA_ARRAY(builder->arena, table->columns, mtp_column);

    if (!column) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < table->columns; i++) {
        const char **text = gather_cells(builder, i);
        size_t overflows;

        if (!text || mtp_column_from_cells(builder->arena, table->rows, text, rules,
                                           &column[i], &overflows) != MTP_OK) {
            return MTP_E_NOMEM;
        }
        column[i].name = builder->name[i];
        if (overflows > 0) {
            report_overflows(&column[i], table->line, collector);
        }
    }
    table->column = column;
    return MTP_OK;
}

mtp_status mtp_builder_finish(mtp_builder *builder, mtp_cell_rules rules,
                              const char *sha256, mtp_collector *collector,
                              mtp_table **table)
{
    mtp_table *made = MTP_ARENA_NEW(builder->arena, mtp_table);

    if (!made) {
        return MTP_E_NOMEM;
    }
    made->rows = builder->rows;
    made->columns = builder->columns;
    made->decimal = rules.decimal;
    made->line = gather_lines(builder);
    made->source = mtp_arena_strdup(builder->arena, collector->source);
    made->sha256 = mtp_arena_strdup(builder->arena, sha256);
    if (!made->line || !made->source || !made->sha256 ||
        make_columns(builder, rules, made, collector) != MTP_OK) {
        return MTP_E_NOMEM;
    }
    if (collector->status == MTP_OK) {
        made->arena = builder->arena;
        builder->arena = NULL;
        *table = made;
    }
    return collector->status;
}
