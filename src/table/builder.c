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
    mtp_chunk chunk;
};

bool mtp_builder_init(mtp_builder *builder)
{
    *builder = (mtp_builder){.arena = mtp_arena_new(), .scratch = mtp_arena_new()};
    builder->pool.arena = builder->arena;
    return builder->arena && builder->scratch;
}

void mtp_builder_free(mtp_builder *builder)
{
    for (mtp_page *page = builder->first; page; page = page->next) {
        mtp_chunk_free(&page->chunk);
    }
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
    text = mtp_number_trim(text, &length); /* blanks of every kind */
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

/* The column that had each name first: twin[i] == i where it is this one. */
static size_t *find_twins(mtp_builder *builder)
{
    size_t n = builder->columns;
    named *sorted = MTP_ARENA_ARRAY(builder->scratch, n, named);
    size_t *twin = MTP_ARENA_ARRAY(builder->scratch, n, size_t);

    if (!sorted || !twin) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        sorted[i] = (named){builder->name[i], i};
    }
    qsort(sorted, n, sizeof *sorted, by_name_and_index);
    for (size_t i = 0; i < n; i++) {
        bool again = i > 0 && strcmp(sorted[i - 1].name, sorted[i].name) == 0;

        twin[sorted[i].index] = again ? twin[sorted[i - 1].index] : sorted[i].index;
    }
    return twin;
}

static bool has_name(const mtp_builder *builder, const char *name)
{
    size_t i = 0;

    while (i < builder->columns && strcmp(builder->name[i], name) != 0) {
        i++;
    }
    return i < builder->columns;
}

/* A name that no column has, for one that has none of its own. */
static const char *new_name(mtp_builder *builder, size_t column)
{
    const char *old = builder->name[column], *name;
    size_t n = column + 1;

    do {
        name = old[0] ? mtp_arena_printf(builder->arena, "%s (%zu)", old, n)
                      : mtp_arena_printf(builder->arena, "column %zu", n);
        n++;
    } while (name && has_name(builder, name));
    return name;
}

static bool mend_names(mtp_builder *builder, const size_t twin[])
{
    size_t n = builder->columns;

    builder->mended = MTP_ARENA_ARRAY(builder->arena, n, mtp_mended);
    for (size_t i = 0; builder->mended && i < n; i++) {
        if (builder->name[i][0] == '\0' || twin[i] != i) {
            const char *written = builder->name[i];

            builder->name[i] = new_name(builder, i);
            if (!builder->name[i]) {
                return false;
            }
            builder->mended[builder->n_mended++] =
                (mtp_mended){i, written, builder->name[i]};
        }
    }
    return builder->mended != NULL;
}

bool mtp_builder_check_names(mtp_builder *builder, mtp_collector *collector,
                             size_t line)
{
    const size_t *twin = find_twins(builder);

    if (!twin || builder->forgiving) {
        return twin && mend_names(builder, twin);
    }
    for (size_t i = 0; i < builder->columns; i++) {
        const char *name = builder->name[i];

        if (name[0] == '\0') {
            mtp_collect(collector, MTP_E_DATA, line, NULL,
                        "column %zu has no name in the header; name it, or delete the "
                        "column",
                        i + 1);
        } else if (twin[i] != i) {
            mtp_collect(
                collector, MTP_E_DATA, line, name,
                "the header has this name twice, in columns %zu and %zu; rename "
                "one",
                twin[i] + 1, i + 1);
        }
    }
    return true;
}

bool mtp_builder_begin_columns(mtp_builder *builder)
{
    return mtp_columns_begin(&builder->grown, builder->arena, builder->columns);
}

static mtp_page *add_page(mtp_builder *builder)
{
    size_t cells = builder->last ? CELLS_IN_PAGE : CELLS_IN_FIRST_PAGE;
    size_t rows = cells / builder->columns;
    mtp_page *page = MTP_ARENA_NEW(builder->scratch, mtp_page);

    rows = rows < LEAST_ROWS_IN_PAGE ? LEAST_ROWS_IN_PAGE : rows;
    if (!page || !mtp_chunk_begin(&page->chunk, builder->columns, rows)) {
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
    if (!page || page->chunk.rows == page->chunk.capacity) {
        page = add_page(builder);
    }
    if (!page || !copy) {
        return false;
    }
    mtp_chunk_set(&page->chunk, column, copy);
    return true;
}

void mtp_builder_end_row(mtp_builder *builder, size_t line)
{
    mtp_chunk_end_row(&builder->last->chunk, line);
}

/* The rows of the pages become columns; a page goes when it has been read. */
static bool read_pages(mtp_builder *builder, mtp_cell_rules rules)
{
    for (mtp_page *page = builder->first; page; page = page->next) {
        if (!mtp_chunk_read(&page->chunk, rules, builder->grown.is_text) ||
            !mtp_columns_add(&builder->grown, &page->chunk)) {
            return false;
        }
        mtp_chunk_free(&page->chunk);
    }
    return true;
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

static mtp_status make_columns(const mtp_builder *builder, mtp_table *table,
                               mtp_collector *collector)
{
    mtp_column *column = MTP_ARENA_ARRAY(builder->arena, table->columns, mtp_column);

    if (!column) {
        return MTP_E_NOMEM;
    }
    for (size_t i = 0; i < table->columns; i++) {
        const mtp_growing *grown = &builder->grown.column[i];

        column[i] = (mtp_column){
            .name = builder->name[i],
            .type = builder->grown.is_text[i] ? MTP_TEXT : MTP_NUMBER,
            .rows = table->rows,
            .number = grown->number,
            .text = grown->text,
            .missing = grown->missing,
        };
        if (grown->number && grown->overflows && builder->forgiving) {
            column[i].type = MTP_TEXT;
            column[i].number = NULL;
        } else if (grown->number && grown->overflows) {
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

    if (!made || (!builder->grown.column && !mtp_builder_begin_columns(builder)) ||
        !read_pages(builder, rules)) {
        return MTP_E_NOMEM;
    }
    mtp_columns_end(&builder->grown);
    made->rows = builder->grown.rows;
    made->columns = builder->columns;
    made->decimal = rules.decimal;
    made->line = builder->grown.line;
    made->n_mended = builder->n_mended;
    made->mended = builder->mended;
    made->missing_words = rules.words ? *rules.words : 0;
    made->source = mtp_arena_strdup(builder->arena, collector->source);
    made->sha256 = mtp_arena_strdup(builder->arena, sha256);
    if (!made->source || !made->sha256 ||
        make_columns(builder, made, collector) != MTP_OK) {
        return MTP_E_NOMEM;
    }
    if (collector->status == MTP_OK) {
        made->arena = builder->arena;
        builder->arena = NULL;
        *table = made;
    }
    return collector->status;
}
