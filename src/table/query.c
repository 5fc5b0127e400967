/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/query.h"

#include "core/error.h"
#include "table/collector.h"
#include "table/query_aggregates.h"
#include "table/result.h"
#include "table/session.h"
#include "table/table.h"

#include <string.h>

/* A query that runs: where its rows go, and what fails in it. */
typedef struct runner {
    const mtp_table *from;
    const char *sql; /* as it was written */
    mtp_query query;
    mtp_text_pool pool; /* in the arena of the table to be made */
    mtp_result *result; /* [query.results] */
    size_t rows;
    mtp_error *err;
} runner;

/* An error of the whole query; `row` is one of the table's, or 0. */
static mtp_status fail_at_row(const runner *r, size_t row, const char *column,
                              const char *message)
{
    char excerpt[MTP_EXCERPT];

    (void)mtp_fail_at(r->err, MTP_E_DATA, r->from->source, 0, column, "in \"%s\": %s",
                      mtp_excerpt(r->sql, strlen(r->sql), excerpt), message);
    if (row > 0) {
        mtp_table_place(r->from, row - 1, r->err);
    }
    return MTP_E_DATA;
}

static mtp_status keep_row(runner *r, sqlite3_stmt *statement)
{
    mtp_error problem;

    for (size_t i = 0; i < r->query.results; i++) {
        mtp_status status = mtp_result_add(&r->result[i], statement, (int)i + 1,
                                           "the result", &problem);

        if (status == MTP_E_NOMEM) {
            return mtp_fail_nomem(r->err);
        }
        if (status != MTP_OK) {
            return fail_at_row(r, (size_t)sqlite3_column_int64(statement, 0),
                               r->query.name[i], problem.message);
        }
    }
    r->rows++;
    return MTP_OK;
}

static mtp_status fail_step(runner *r, const mtp_query_context *context, sqlite3 *db,
                            int code)
{
    if (context->failed) {
        return MTP_E_DATA;
    }
    switch (code) {
    case SQLITE_NOMEM:
        return mtp_fail_nomem(r->err);
    case SQLITE_TOOBIG:
        return fail_at_row(r, 0, NULL, "a text is longer than 1 MiB");
    case SQLITE_INTERRUPT:
        return mtp_fail(r->err, MTP_E_ARG,
                        "the query takes too long: more than 10,000 steps for each row "
                        "of the table; make it shorter");
    default:
        return fail_at_row(r, 0, NULL, sqlite3_errmsg(db));
    }
}

static mtp_status step_rows(runner *r, const mtp_query_context *context, sqlite3 *db,
                            sqlite3_stmt *statement)
{
    mtp_status status = MTP_OK;

    while (status == MTP_OK) {
        int code = sqlite3_step(statement);

        if (code == SQLITE_DONE) {
            return r->rows > 0 ? MTP_OK
                               : fail_at_row(r, 0, NULL, "the query gives no rows");
        }
        status = code == SQLITE_ROW ? keep_row(r, statement)
                                    : fail_step(r, context, db, code);
    }
    return status;
}

static mtp_status run(runner *r)
{
    const mtp_compiled *compiled = &r->query.compiled;
    mtp_data data = {r->from->rows, compiled->columns, compiled->column,
                     r->from->decimal};
    mtp_query_context context = {.table = r->from,
                                 .column = compiled->column,
                                 .key = r->query.key,
                                 .keys = r->query.keys,
                                 .err = r->err};
    sqlite3_stmt *statement = NULL;
    mtp_session session;
    mtp_status status = mtp_session_open(&session, &data, r->err);

    if (status == MTP_OK) {
        status = mtp_session_prepare_query(&session, compiled->sql.text, &context,
                                           &statement, r->err);
    }
    if (status == MTP_OK) {
        status = step_rows(r, &context, session.db, statement);
    }
    (void)sqlite3_finalize(statement);
    mtp_session_close(&session);
    return status;
}

static mtp_status make_columns(runner *r, mtp_table *made)
{
    mtp_column *column = MTP_ARENA_ARRAY(made->arena, r->query.results, mtp_column);

    if (!column) {
        return mtp_fail_nomem(r->err);
    }
    for (size_t i = 0; i < r->query.results; i++) {
        size_t infinite;
        mtp_status status =
            mtp_result_column(&r->result[i], &column[i], &infinite, r->err);

        if (status != MTP_OK) {
            return status;
        }
        column[i].name = mtp_arena_strdup(made->arena, r->query.name[i]);
        if (!column[i].name) {
            return mtp_fail_nomem(r->err);
        }
        if (infinite < r->rows) {
            return fail_at_row(r, 0, column[i].name, "the result gives infinity");
        }
    }
    made->column = column;
    made->columns = r->query.results;
    made->rows = r->rows;
    return MTP_OK;
}

/* What is said of the file holds of it still. */
static bool keep_mended(const mtp_table *from, mtp_table *made)
{
    mtp_mended *mended = MTP_ARENA_ARRAY(made->arena, from->n_mended, mtp_mended);

    for (size_t i = 0; mended && i < from->n_mended; i++) {
        mended[i].column = from->mended[i].column;
        mended[i].written = mtp_arena_strdup(made->arena, from->mended[i].written);
        mended[i].name = mtp_arena_strdup(made->arena, from->mended[i].name);
        if (!mended[i].written || !mended[i].name) {
            return false;
        }
    }
    made->n_mended = from->n_mended;
    made->mended = mended;
    return mended != NULL;
}

static mtp_status make_table(runner *r, mtp_table *made)
{
    made->decimal = r->from->decimal;
    made->missing_words = r->from->missing_words;
    made->source = mtp_arena_strdup(made->arena, r->from->source);
    made->sha256 = mtp_arena_strdup(made->arena, r->from->sha256);
    if (!made->source || !made->sha256 || !keep_mended(r->from, made)) {
        return mtp_fail_nomem(r->err);
    }
    return make_columns(r, made);
}

/* What only the query needs goes into `scratch`. */
static mtp_status query_into(runner *r, mtp_arena *scratch, mtp_table *made)
{
    mtp_status status = mtp_query_compile(r->from, r->sql, scratch, &r->query, r->err);

    if (status != MTP_OK) {
        return status;
    }
    r->pool.arena = made->arena;
    r->result = mtp_arena_zalloc(scratch, r->query.results, sizeof *r->result);
    if (!r->result) {
        return mtp_fail_nomem(r->err);
    }
    for (size_t i = 0; i < r->query.results; i++) {
        r->result[i].pool = &r->pool;
        r->result[i].decimal = r->from->decimal;
    }
    status = run(r);
    return status == MTP_OK ? make_table(r, made) : status;
}

mtp_status mtp_table_query(const mtp_table *table, const char *sql, mtp_table **result,
                           mtp_error *err)
{
    mtp_arena *arena = mtp_arena_new(), *scratch = mtp_arena_new();
    mtp_table *made = arena ? MTP_ARENA_NEW(arena, mtp_table) : NULL;
    runner r = {.from = table, .sql = sql, .err = err};
    mtp_status status = MTP_E_NOMEM;

    if (made && scratch) {
        made->arena = arena;
        status = query_into(&r, scratch, made);
        mtp_compiled_free(&r.query.compiled);
    } else {
        (void)mtp_fail_nomem(err);
    }
    mtp_arena_free(scratch);
    if (status == MTP_OK) {
        *result = made;
    } else {
        mtp_arena_free(arena);
    }
    return status;
}
