/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/data_module.h"

#include "core/strbuf.h"

typedef struct data_table {
    sqlite3_vtab base;
    const mtp_data *data;
} data_table;

typedef struct data_cursor {
    sqlite3_vtab_cursor base;
    const mtp_data *data;
    size_t row;
} data_cursor;

static int declare(sqlite3 *db, const mtp_data *data)
{
    mtp_strbuf sql;
    int code;

    mtp_strbuf_init(&sql);
    mtp_strbuf_add(&sql, "CREATE TABLE " MTP_DATA_NAME "(");
    for (size_t i = 0; i < data->columns; i++) {
        mtp_strbuf_printf(&sql, MTP_DATA_COLUMN " %s, ", i,
                          data->column[i]->type == MTP_NUMBER ? "REAL" : "TEXT");
    }
    mtp_strbuf_add(&sql, MTP_DATA_ROW " INTEGER)");
    code = sql.failed ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql.text);
    mtp_strbuf_free(&sql);
    return code;
}

static int data_connect(sqlite3 *db, void *context, int argc, const char *const *argv,
                        sqlite3_vtab **made, char **message)
{
    const mtp_data *data = context;
    data_table *table;
    int code = declare(db, data);

    (void)argc;
    (void)argv;
    (void)message;
    if (code != SQLITE_OK) {
        return code;
    }
    table = sqlite3_malloc64(sizeof *table);
    if (!table) {
        return SQLITE_NOMEM;
    }
    *table = (data_table){.data = data};
    *made = &table->base;
    return SQLITE_OK;
}

static int data_disconnect(sqlite3_vtab *base)
{
    sqlite3_free(base);
    return SQLITE_OK;
}

static int data_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    const data_table *table = (const data_table *)base;

    info->estimatedRows = (sqlite3_int64)table->data->rows;
    info->estimatedCost = (double)table->data->rows;
    return SQLITE_OK;
}

static int data_open(sqlite3_vtab *base, sqlite3_vtab_cursor **made)
{
    data_cursor *cursor = sqlite3_malloc64(sizeof *cursor);

    if (!cursor) {
        return SQLITE_NOMEM;
    }
    *cursor = (data_cursor){.data = ((const data_table *)base)->data};
    *made = &cursor->base;
    return SQLITE_OK;
}

static int data_close(sqlite3_vtab_cursor *base)
{
    sqlite3_free(base);
    return SQLITE_OK;
}

static int data_filter(sqlite3_vtab_cursor *base, int index, const char *index_text,
                       int argc, sqlite3_value **argv)
{
    (void)index;
    (void)index_text;
    (void)argc;
    (void)argv;
    ((data_cursor *)base)->row = 0;
    return SQLITE_OK;
}

static int data_next(sqlite3_vtab_cursor *base)
{
    ((data_cursor *)base)->row++;
    return SQLITE_OK;
}

static int data_eof(sqlite3_vtab_cursor *base)
{
    const data_cursor *cursor = (const data_cursor *)base;

    return cursor->row >= cursor->data->rows;
}

static int data_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int index)
{
    const data_cursor *cursor = (const data_cursor *)base;
    const mtp_column *column;

    if (index < 0 || (size_t)index >= cursor->data->columns) {
        sqlite3_result_int64(context, (sqlite3_int64)cursor->row + 1);
        return SQLITE_OK;
    }
    column = cursor->data->column[index];
    if (column->missing[cursor->row]) {
        return SQLITE_OK;
    }
    if (column->type == MTP_NUMBER) {
        sqlite3_result_double(context, column->number[cursor->row]);
    } else {
        sqlite3_result_text(context, column->text[cursor->row], -1, SQLITE_STATIC);
    }
    return SQLITE_OK;
}

static int data_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *rowid)
{
    *rowid = (sqlite3_int64)((const data_cursor *)base)->row + 1;
    return SQLITE_OK;
}

/* Without xCreate the table exists by its module's name alone; without xUpdate it is
 * read-only. */
static const sqlite3_module module = {
    .iVersion = 1,
    .xConnect = data_connect,
    .xBestIndex = data_best_index,
    .xDisconnect = data_disconnect,
    .xOpen = data_open,
    .xClose = data_close,
    .xFilter = data_filter,
    .xNext = data_next,
    .xEof = data_eof,
    .xColumn = data_column,
    .xRowid = data_rowid,
};

int mtp_data_register(sqlite3 *db, mtp_data *data)
{
    return sqlite3_create_module(db, MTP_DATA_NAME, &module, data);
}
