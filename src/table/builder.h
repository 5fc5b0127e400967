/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_BUILDER_H
#define MTP_TABLE_BUILDER_H

#include "metapool/table.h"

#include "core/arena.h"
#include "table/cells.h"
#include "table/collector.h"
#include "table/columns.h"
#include "table/table.h"
#include "table/text_pool.h"

#include <stdbool.h>

/**
 * A table in the making: names first, then rows, whose number is not known before the
 * end. Rows come either in chunks, which go into `grown` as they are, or cell by cell:
 * these are kept as text, in pages, and read when the table is made.
 */
typedef struct mtp_page mtp_page;

typedef struct mtp_builder {
    mtp_arena *arena;   /* the table's, until it is handed over */
    mtp_arena *scratch; /* of this builder */
    mtp_text_pool pool; /* texts, in the table's arena */
    const char **name;
    size_t n_mended; /* names that were replaced, where forgiving */
    mtp_mended *mended;
    bool forgiving; /* mend names and overflows */
    size_t columns, name_capacity;
    mtp_columns grown;
    mtp_page *first, *last;
} mtp_builder;

/** false when memory is exhausted; mtp_builder_free is due in any case. */
bool mtp_builder_init(mtp_builder *builder);
void mtp_builder_free(mtp_builder *builder);

/** The next name of the header, without blanks around it. */
bool mtp_builder_add_name(mtp_builder *builder, const char *text, size_t length);
void mtp_builder_clear_names(mtp_builder *builder);
/** Report empty names and names that stand twice, or mend them. @return false without
 *  memory */
bool mtp_builder_check_names(mtp_builder *builder, mtp_collector *collector,
                             size_t line);

/** The names are complete; chunks may be added to `grown`. @return false without memory
 */
bool mtp_builder_begin_columns(mtp_builder *builder);

/** Cell `column` (< columns) of the row in the making. */
bool mtp_builder_set_cell(mtp_builder *builder, size_t column, const char *text,
                          size_t length);
/** The row in the making is complete: all its cells are set. */
void mtp_builder_end_row(mtp_builder *builder, size_t line);

/**
 * Type the columns and hand the table over.
 * @param table  out; untouched when a cell overflows (reported) or memory is exhausted
 */
mtp_status mtp_builder_finish(mtp_builder *builder, mtp_cell_rules rules,
                              const char *sha256, mtp_collector *collector,
                              mtp_table **table);

#endif
