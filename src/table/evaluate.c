/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "table/expression.h"
#include "table/result.h"
#include "table/session.h"
#include "table/table.h"

/* An expression that runs: where its results go, and what fails in it. */
typedef struct runner {
    const mtp_table *table;
    const char *name; /* the expression */
    mtp_result result;
    mtp_error *err;
} runner;

static mtp_status fail_at_row(const runner *r, size_t row, const char *message)
{
    (void)mtp_fail_at(r->err, MTP_E_DATA, NULL, 0, r->name, "%s", message);
    mtp_table_place(r->table, row, r->err);
    return MTP_E_DATA;
}

static mtp_status fail_step(runner *r, size_t row, sqlite3 *db, int code)
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

static mtp_status keep_row(runner *r, size_t row, sqlite3_stmt *statement)
{
    mtp_error problem;
    mtp_status status =
        mtp_result_add(&r->result, statement, 0, "the expression", &problem);

    return status == MTP_E_DATA    ? fail_at_row(r, row, problem.message)
           : status == MTP_E_NOMEM ? mtp_fail_nomem(r->err)
                                   : MTP_OK;
}

static mtp_status step_rows(runner *r, mtp_session *session, sqlite3_stmt *statement)
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

static mtp_status run(runner *r, const mtp_compiled *compiled)
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

static mtp_status make_column(runner *r, mtp_column *column)
{
    size_t infinite;
    mtp_status status = mtp_result_column(&r->result, column, &infinite, r->err);

    column->name = r->name;
    return status == MTP_OK && infinite < r->table->rows
               ? fail_at_row(r, infinite, "the expression gives infinity")
               : status;
}

static mtp_status compute(const mtp_table *table, const char *expression,
                          mtp_values *values, mtp_error *err)
{
    mtp_text_pool pool = {.arena = values->arena};
    runner r = {.table = table,
                .name = mtp_arena_strdup(values->arena, expression),
                .result = {.pool = &pool, .decimal = table->decimal},
                .err = err};
    mtp_compiled compiled;
    mtp_status status;

    if (!r.name || !mtp_result_reserve(&r.result, table->rows)) {
        return mtp_fail_nomem(err);
    }
    status = mtp_expression_compile(table, expression, values->arena, &compiled, err);
    if (status == MTP_OK) {
        status = run(&r, &compiled);
    }
    mtp_compiled_free(&compiled);
    return status == MTP_OK ? make_column(&r, &values->column) : status;
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
