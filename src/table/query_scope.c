/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/nearest.h"
#include "table/collector.h"
#include "table/names.h"
#include "table/query_aggregates.h"
#include "table/query_parser.h"
#include "table/session.h"

#include <stdio.h>
#include <string.h>

void *mtp_query_grow(mtp_parser *parser, void *array, size_t count, size_t *capacity,
                     size_t size)
{
    size_t larger = *capacity ? 2 * *capacity : 8;
    void *grown;

    if (count < *capacity) {
        return array;
    }
    grown = mtp_arena_alloc(parser->arena, larger, size);
    if (!grown) {
        mtp_refuse_nomem(parser);
        return NULL;
    }
    if (count > 0) {
        memcpy(grown, array, count * size);
    }
    *capacity = larger;
    return grown;
}

/* Results that are named many times, or group keys beside many columns, would swell. */
static bool is_too_long(mtp_parser *parser)
{
    if (parser->out->sql.length <= MTP_SESSION_TEXT) {
        return false;
    }
    mtp_refuse(parser, MTP_E_ARG, NULL,
               "the query is longer than 1 MiB when the results that it names are "
               "written out");
    return true;
}

/* Columns. */

void mtp_query_saw_column(mtp_parser *parser, size_t start, const mtp_column *column)
{
    mtp_query_parser *q = parser->query;
    mtp_query_bare *bare = q->bare;

    q->uses_data = true;
    if (q->in_aggregate || !q->clause.sees_groups) {
        return;
    }
    bare = mtp_query_grow(parser, bare, q->bares, &q->bare_capacity, sizeof *bare);
    if (bare) {
        q->bare = bare;
        bare[q->bares++] =
            (mtp_query_bare){{start, mtp_parser_here(parser) - start}, column};
    }
}

void mtp_query_saw_operand(mtp_parser *parser, size_t start)
{
    mtp_query_parser *q = parser->query;
    const mtp_strbuf *sql = &parser->out->sql;
    size_t length = sql->length - start;

    if (q->in_aggregate || q->bares == 0 || sql->failed) {
        return;
    }
    for (size_t i = 0; i < q->keys; i++) {
        if (strlen(q->key[i].sql) == length &&
            memcmp(q->key[i].sql, sql->text + start, length) == 0) {
            while (q->bares > 0 && q->bare[q->bares - 1].sql.start >= start) {
                q->bares--;
            }
            return;
        }
    }
}

void mtp_query_moved(mtp_parser *parser, size_t start, size_t by)
{
    mtp_query_parser *q = parser->query;

    for (size_t i = q->bares; i > 0 && q->bare[i - 1].sql.start >= start; i--) {
        q->bare[i - 1].sql.start += by;
    }
}

static size_t index_of(const mtp_parser *parser, const mtp_column *column)
{
    size_t i = 0;

    while (parser->out->column[i] != column) {
        i++;
    }
    return i;
}

/* Make the columns that are left in a finished expression values of the group. */
static void wrap_bare_columns(mtp_parser *parser, size_t start)
{
    mtp_query_parser *q = parser->query;
    mtp_strbuf *sql = &parser->out->sql;
    const char *at, *from;

    if (q->bares == 0 || parser->status != MTP_OK || sql->failed) {
        return;
    }
    from = at = mtp_arena_strdup(parser->arena, sql->text + start);
    if (!from) {
        mtp_refuse_nomem(parser);
        return;
    }
    sql->length = start;
    for (size_t i = 0; i < q->bares && !is_too_long(parser); i++) {
        const mtp_query_bare *bare = &q->bare[i];
        const char *column = from + (bare->sql.start - start);

        mtp_strbuf_add_bytes(sql, at, (size_t)(column - at));
        mtp_strbuf_printf(sql, " " MTP_AGGREGATE_ONE "(%.*s, " MTP_DATA_ROW ", %zu",
                          (int)bare->sql.length, column,
                          index_of(parser, bare->column));
        for (size_t k = 0; k < q->keys && k < MTP_KEYS_NAMED; k++) {
            mtp_strbuf_printf(sql, ",%s", q->key[k].sql);
        }
        mtp_parser_emit(parser, ")");
        at = column + bare->sql.length;
    }
    mtp_parser_emit(parser, at);
}

static void begin_expression(mtp_query_parser *q, mtp_clause clause)
{
    q->clause = clause;
    q->in_aggregate = q->uses_data = q->uses_aggregate = q->uses_collation = false;
    q->bares = 0;
}

mtp_operand mtp_query_expression(mtp_parser *parser, mtp_clause clause,
                                 mtp_stretch *piece)
{
    size_t start = mtp_parser_here(parser);
    mtp_operand operand;

    begin_expression(parser->query, clause);
    operand = mtp_parse(parser, MTP_LEVEL_OR);
    wrap_bare_columns(parser, start);
    *piece = (mtp_stretch){start, mtp_parser_here(parser) - start};
    return operand;
}

void mtp_query_column(mtp_parser *parser, mtp_clause clause, const mtp_column *column,
                      mtp_stretch *piece)
{
    size_t start = mtp_parser_here(parser);

    begin_expression(parser->query, clause);
    mtp_parser_emit_column(parser, column);
    mtp_query_saw_operand(parser, start);
    wrap_bare_columns(parser, start);
    *piece = (mtp_stretch){start, mtp_parser_here(parser) - start};
}

/* Results by name. */

static const mtp_query_result *find_result(const mtp_query_parser *q, const char *name,
                                           const mtp_query_result **twin)
{
    const mtp_query_result *first = NULL;

    *twin = NULL;
    for (size_t i = 0; i < q->results && !*twin; i++) {
        if (mtp_same_name(q->result[i].name, name)) {
            *(first ? twin : &first) = &q->result[i];
        }
    }
    return first;
}

bool mtp_query_take_result(mtp_parser *parser, const char *name,
                           const mtp_column *column, mtp_operand *operand)
{
    mtp_query_parser *q = parser->query;
    const mtp_query_result *twin, *result = find_result(q, name, &twin);
    mtp_stretch piece;
    char *copy;

    if (!result || !q->clause.names_results || q->in_aggregate ||
        (column && column == result->operand.column && !twin)) {
        return false;
    }
    if (twin || column) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "the name '%s' in %s is ambiguous: %s; give the result another name",
                   name, q->clause.name,
                   column ? "it is a column of the file and the name of another result"
                          : "two results differ in case only");
        return false;
    }
    if (result->uses_aggregate && !q->clause.calls_aggregates) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "'%s' in %s is made by an aggregate, which needs the groups first",
                   name, q->clause.name);
        return false;
    }
    piece = q->clause.sees_groups ? result->sql : result->row;
    copy = parser->out->sql.failed
               ? NULL
               : mtp_arena_strndup(parser->arena, parser->out->sql.text + piece.start,
                                   piece.length);
    if (!copy) {
        mtp_refuse_nomem(parser);
        return false;
    }
    mtp_parser_emit(parser, " (");
    mtp_parser_emit(parser, copy);
    mtp_parser_emit(parser, " )");
    q->uses_data = q->uses_data || result->uses_data;
    q->uses_aggregate = q->uses_aggregate || result->uses_aggregate;
    q->uses_collation = q->uses_collation || result->uses_collation;
    operand->kind = result->operand.kind;
    operand->column = result->operand.column;
    return !is_too_long(parser);
}

bool mtp_query_refuse_name(mtp_parser *parser, const char *name)
{
    mtp_query_parser *q = parser->query;
    const mtp_query_result *twin, *result = find_result(q, name, &twin);
    const char **names;
    size_t nearest;

    if (result) {
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "'%s' is a result of the query, and %s sees the columns of the file "
                   "alone; %s",
                   name, q->in_aggregate ? "an aggregate" : q->clause.name,
                   q->clause.name[0] == 'W' ? "conditions on results stand in HAVING"
                                            : "write out what it is made of");
        return true;
    }
    names = MTP_ARENA_ARRAY(parser->arena, q->results, const char *);
    if (!names || !q->clause.names_results || q->in_aggregate ||
        mtp_names_nearest(parser->table, name, parser->arena)) {
        return false;
    }
    for (size_t i = 0; i < q->results; i++) {
        names[i] = q->result[i].name;
    }
    nearest = mtp_nearest_name(name, q->results, names);
    if (nearest < q->results) {
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "there is no column or result '%s'; did you mean '%s'?", name,
                   names[nearest]);
    }
    return nearest < q->results;
}

/* Aggregates. */

/* Whether the call whose name is the current token has at most one argument: min and
 * max of more are functions of a row. */
static bool has_one_argument(const mtp_parser *parser)
{
    const char *at = parser->at;
    size_t depth = 0;

    for (;;) {
        mtp_token token = mtp_token_next(&at);

        if (token.type == MTP_TOKEN_END || token.type == MTP_TOKEN_BAD) {
            return true;
        }
        if (mtp_token_is(&token, ",") && depth == 1) {
            return false;
        }
        depth += mtp_token_is(&token, "(");
        if (mtp_token_is(&token, ")") && --depth == 0) {
            return true;
        }
    }
}

const mtp_function *mtp_query_aggregate(const mtp_parser *parser, const char *name)
{
    const mtp_function *aggregate = mtp_aggregate_find(name);

    return aggregate && (!mtp_function_find(name) || has_one_argument(parser))
               ? aggregate
               : NULL;
}

static void refuse_misplaced(mtp_parser *parser, const char *name)
{
    mtp_query_parser *q = parser->query;

    if (q->in_aggregate) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "the aggregate %s stands within another; one query groups once",
                   name);
    } else if (!q->clause.calls_aggregates) {
        mtp_refuse(
            parser, MTP_E_ARG, NULL,
            "the aggregate %s cannot stand in %s, which sees one row at a time%s", name,
            q->clause.name,
            q->clause.name[0] == 'W' ? "; conditions on groups stand in HAVING" : "");
    }
}

/* FILTER (WHERE condition) */
static void parse_filter(mtp_parser *parser)
{
    mtp_operand condition;

    if (!mtp_parser_take_word(parser, "FILTER")) {
        return;
    }
    mtp_parser_expect(parser, "(");
    mtp_parser_expect_word(parser, "WHERE");
    condition = mtp_parse(parser, MTP_LEVEL_OR);
    mtp_need_condition(parser, &condition);
    mtp_parser_expect(parser, ")");
}

static void check_arguments(mtp_parser *parser, const mtp_function *aggregate, size_t n,
                            bool distinct, const mtp_operand *common)
{
    if (distinct && n > 1) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "%s with DISTINCT takes one argument: leave the separator out",
                   aggregate->name);
    } else if (common->kind == MTP_KIND_MIXED) {
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "%s of a mixture of numbers and text: make it one of them by CAST",
                   aggregate->name);
    }
}

mtp_operand mtp_query_call(mtp_parser *parser, const mtp_function *aggregate)
{
    mtp_query_parser *q = parser->query;
    mtp_operand operand = {.start = mtp_parser_here(parser)}, common = {0};

    refuse_misplaced(parser, aggregate->name);
    mtp_parser_take(parser);
    mtp_parser_expect(parser, "(");
    q->in_aggregate = true;
    if (aggregate->arguments[0] == 'x' && mtp_token_is(&parser->token, "*")) {
        mtp_parser_take(parser);
        mtp_parser_expect(parser, ")");
    } else {
        bool distinct = mtp_parser_take_word(parser, "DISTINCT");
        size_t n = mtp_parse_arguments(parser, aggregate, &common);

        check_arguments(parser, aggregate, n, distinct, &common);
    }
    parse_filter(parser);
    q->in_aggregate = false;
    q->uses_aggregate = true;
    operand.kind = mtp_function_result(aggregate, common.kind);
    return operand;
}
