/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "table/cells.h"
#include "table/expression.h"
#include "table/session.h"
#include "table/table.h"
#include "table/text_pool.h"

#include <math.h>
#include <string.h>

/* The results of an expression, row by row: a number, a text or nothing. */
typedef struct results {
    const mtp_table *table;
    mtp_arena *arena;
    mtp_text_pool pool;
    const char *name; /* the expression */
    double *number;
    const char **text;
    bool has_text;
    mtp_error *err;
} results;

static mtp_status fail_at_row(const results *r, size_t row, const char *message)
{
    (void)mtp_fail_at(r->err, MTP_E_DATA, NULL, 0, r->name, "%s", message);
    mtp_table_place(r->table, row, r->err);
    return MTP_E_DATA;
}

static mtp_status keep_text(results *r, size_t row, sqlite3_stmt *statement)
{
    const char *text = (const char *)sqlite3_column_text(statement, 0);

    r->has_text = true;
    r->text[row] = text ? mtp_text_pool_add(&r->pool, text, strlen(text)) : NULL;
    return r->text[row] ? MTP_OK : mtp_fail_nomem(r->err);
}

static mtp_status keep_row(results *r, size_t row, sqlite3_stmt *statement)
{
    r->number[row] = (double)NAN;
    r->text[row] = NULL;
    switch (sqlite3_column_type(statement, 0)) {
    case SQLITE_NULL:
        return MTP_OK;
    case SQLITE_TEXT:
        return keep_text(r, row, statement);
    case SQLITE_INTEGER:
    case SQLITE_FLOAT:
        r->number[row] = sqlite3_column_double(statement, 0);
        return isfinite(r->number[row])
                   ? MTP_OK
                   : fail_at_row(r, row, "the expression gives infinity");
    default:
        return fail_at_row(r, row, "the expression gives a blob");
    }
}

static mtp_status fail_step(results *r, size_t row, sqlite3 *db, int code)
{
    switch (code) {
    case SQLITE_NOMEM:
        return mtp_fail_nomem(r->err);
    case SQLITE_TOOBIG:
        return fail_at_row(r, row, "a text is longer than 1 MiB");
    case SQLITE_INTERRUPT:
        return mtp_fail(r->err, MTP_E_ARG, "the expression takes too long");
    default:
        return fail_at_row(r, row, sqlite3_errmsg(db));
    }
}

static mtp_status step_rows(results *r, mtp_session *session, sqlite3_stmt *statement)
{
    for (size_t row = 0; row < r->table->rows; row++) {
        int code = sqlite3_step(statement);
        mtp_status status = code == SQLITE_ROW ? keep_row(r, row, statement)
                                               : fail_step(r, row, session->db, code);

        if (status != MTP_OK) {
            return status;
        }
        mtp_session_row_done(session);
    }
    return MTP_OK;
}

/* Numbers as text, for labels and where other rows give text. */
static mtp_status write_numbers(results *r)
{
    for (size_t row = 0; row < r->table->rows; row++) {
        if (!isnan(r->number[row])) {
            char text[MTP_NUMBER_TEXT];

            mtp_cell_write(r->number[row], r->table->decimal, text);
            r->text[row] = mtp_text_pool_add(&r->pool, text, strlen(text));
            if (!r->text[row]) {
                return mtp_fail_nomem(r->err);
            }
        }
    }
    return MTP_OK;
}

static mtp_status make_number_column(results *r, mtp_column *column)
{
    unsigned char *missing = MTP_ARENA_ARRAY(r->arena, r->table->rows, unsigned char);

    if (!missing) {
        return mtp_fail_nomem(r->err);
    }
    for (size_t row = 0; row < r->table->rows; row++) {
        missing[row] = (unsigned char)(isnan(r->number[row]) != 0);
    }
    *column = (mtp_column){.type = MTP_NUMBER,
                           .rows = r->table->rows,
                           .number = r->number,
                           .text = r->text,
                           .missing = missing};
    return MTP_OK;
}

/* Results that are text are typed as cells are. */
static mtp_status make_typed_column(results *r, mtp_column *column)
{
    mtp_cell_rules rules = {.decimal = r->table->decimal};
    size_t overflows, rows = r->table->rows;

    if (mtp_column_from_cells(r->arena, rows, r->text, rules, column, &overflows) !=
        MTP_OK) {
        return mtp_fail_nomem(r->err);
    }
    for (size_t row = 0; overflows > 0 && row < rows; row++) {
        if (isinf(column->number[row])) {
            return fail_at_row(r, row, "the expression gives infinity");
        }
    }
    return MTP_OK;
}

static mtp_status run(results *r, const mtp_compiled *compiled)
{
    mtp_data data = {r->table->rows, compiled->columns, compiled->column,
                     r->table->decimal};
    sqlite3_stmt *statement = NULL;
    mtp_session session;
    mtp_status status = mtp_session_open(&session, &data, r->err);

    if (status == MTP_OK) {
        status = mtp_session_prepare(&session, compiled->sql.text, &statement, r->err);
    }
    if (status == MTP_OK) {
        status = step_rows(r, &session, statement);
    }
    (void)sqlite3_finalize(statement);
    mtp_session_close(&session);
    return status;
}

static mtp_status compute(const mtp_table *table, const char *expression,
                          mtp_values *values, mtp_error *err)
{
    results r = {.table = table,
                 .arena = values->arena,
                 .pool = {.arena = values->arena},
                 .name = mtp_arena_strdup(values->arena, expression),
                 .number = MTP_ARENA_ARRAY(values->arena, table->rows, double),
                 .text = MTP_ARENA_ARRAY(values->arena, table->rows, const char *),
                 .err = err};
    mtp_compiled compiled;
    mtp_status status;

    if (!r.name || !r.number || !r.text) {
        return mtp_fail_nomem(err);
    }
    status = mtp_expression_compile(table, expression, values->arena, &compiled, err);
    if (status == MTP_OK) {
        status = run(&r, &compiled);
    }
    mtp_compiled_free(&compiled);
    if (status == MTP_OK) {
        status = write_numbers(&r);
    }
    if (status == MTP_OK) {
        status = r.has_text ? make_typed_column(&r, &values->column)
                            : make_number_column(&r, &values->column);
        values->column.name = r.name;
    }
    return status;
}

mtp_status mtp_table_evaluate(const mtp_table *table, const char *expression,
                              mtp_values **values, mtp_error *err)
{
    const mtp_column *column = mtp_table_find(table, expression);
    mtp_arena *arena = mtp_arena_new();
    mtp_values *made = arena ? MTP_ARENA_NEW(arena, mtp_values) : NULL;
    mtp_status status = MTP_OK;

    if (!made) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    made->arena = arena;
    if (column) {
        made->column = *column;
    } else {
        status = compute(table, expression, made, err);
    }
    if (status == MTP_OK) {
        *values = made;
    } else {
        mtp_arena_free(arena);
    }
    return status;
}
