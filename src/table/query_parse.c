/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/number.h"
#include "table/collector.h"
#include "table/data_module.h"
#include "table/query.h"
#include "table/query_parser.h"

#include <math.h>
#include <string.h>

/* The clauses. SELECT is compiled twice in a query with groups: GROUP BY comes behind
 * it and decides which of its columns have a value of their own. */
static const mtp_clause select_rows = {"SELECT", false, true, false};
static const mtp_clause select_groups = {"SELECT", false, true, true};
static const mtp_clause where = {"WHERE", false, false, false};
static const mtp_clause having = {"HAVING", true, true, true};
static const mtp_clause order_rows = {"ORDER BY", true, false, false};
static const mtp_clause order_groups = {"ORDER BY", true, true, true};

bool mtp_query_skip_word(mtp_parser *parser, const char *word)
{
    bool is_next = mtp_token_is_word(&parser->token, word);

    if (is_next) {
        mtp_parser_skip(parser);
    }
    return is_next;
}

bool mtp_query_skip_comma(mtp_parser *parser)
{
    bool is_next = mtp_token_is(&parser->token, ",");

    if (is_next) {
        mtp_parser_skip(parser);
    }
    return is_next;
}

/* GROUP BY, ORDER BY */
static bool skip_by(mtp_parser *parser, const char *word)
{
    if (!mtp_query_skip_word(parser, word)) {
        return false;
    }
    if (!mtp_query_skip_word(parser, "BY")) {
        mtp_refuse_token(parser);
    }
    return true;
}

const char *mtp_query_written(mtp_parser *parser, const char *from)
{
    size_t length = (size_t)(parser->token.at - from);
    char excerpt[MTP_EXCERPT];
    const char *text;

    if (parser->status != MTP_OK) {
        return "";
    }
    while (length > 0 && strchr(" \t\r\n\f", from[length - 1])) {
        length--;
    }
    text = mtp_arena_strdup(parser->arena, mtp_excerpt(from, length, excerpt));
    if (!text) {
        mtp_refuse_nomem(parser);
    }
    return text ? text : "";
}

/* FROM */

static void parse_from(mtp_parser *parser)
{
    const mtp_token *token = &parser->token;

    mtp_query_refuse_missing_as(parser); /* behind a star */
    if (!mtp_query_skip_word(parser, "FROM")) {
        mtp_refuse_token(parser);
    }
    if (mtp_token_is(token, "(")) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "a query within the query is refused: it reads FROM data, the table "
                   "of the file");
    } else if (parser->status == MTP_OK) {
        bool named = token->type == MTP_TOKEN_NAME || token->type == MTP_TOKEN_QUOTED;
        const char *name = named ? mtp_parser_name(parser) : NULL;

        if (!named) {
            mtp_refuse_token(parser);
        } else if (name && !mtp_same_name(name, MTP_DATA_NAME)) {
            mtp_refuse(parser, MTP_E_ARG, NULL,
                       "there is no table '%s': the file's is called data", name);
        }
    }
    mtp_parser_skip(parser);
}

/* HAVING, ORDER BY, LIMIT */

static void parse_condition(mtp_parser *parser, mtp_clause clause, mtp_stretch *sql)
{
    mtp_operand condition = mtp_query_expression(parser, clause, sql);

    mtp_need_condition(parser, &condition);
}

static void parse_having(mtp_parser *parser)
{
    mtp_query_parser *q = parser->query;

    parse_condition(parser, having, &q->having);
    if (q->keys == 0 && !q->uses_aggregate && !mtp_query_has_aggregate(q)) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "HAVING is for groups; say WHERE, or add GROUP BY");
    }
}

static void parse_order_by(mtp_parser *parser)
{
    mtp_query_parser *q = parser->query;
    mtp_clause clause = q->grouped ? order_groups : order_rows;
    mtp_stretch term;

    q->order.start = mtp_parser_here(parser);
    for (;;) {
        const char *from = parser->token.at;

        (void)mtp_query_expression(parser, clause, &term);
        if (!q->uses_data && !q->uses_aggregate) {
            mtp_refuse(
                parser, MTP_E_ARG, NULL,
                "ORDER BY %s orders by no column; positions are refused, name the "
                "column",
                mtp_query_written(parser, from));
        }
        if (!mtp_parser_take_word(parser, "ASC")) {
            (void)mtp_parser_take_word(parser, "DESC");
        }
        if (mtp_parser_take_word(parser, "NULLS") &&
            !mtp_parser_take_word(parser, "FIRST")) {
            mtp_parser_expect_word(parser, "LAST");
        }
        if (!mtp_token_is(&parser->token, ",")) {
            break;
        }
        mtp_parser_take(parser);
    }
    q->order.length = mtp_parser_here(parser) - q->order.start;
}

static void take_whole_number(mtp_parser *parser)
{
    const double most = 1e15;
    double value = (double)NAN;

    if (parser->token.type == MTP_TOKEN_NUMBER) {
        (void)mtp_number_parse(parser->token.at, parser->token.length, &value);
    }
    if (!(value <= most && floor(value) >= value)) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "LIMIT and OFFSET take a whole number: LIMIT 10 OFFSET 20");
    }
    mtp_strbuf_printf(&parser->out->sql, " %.0f", value);
    mtp_parser_skip(parser);
}

static void parse_limit(mtp_parser *parser)
{
    mtp_query_parser *q = parser->query;

    q->limit.start = mtp_parser_here(parser);
    take_whole_number(parser);
    if (mtp_token_is(&parser->token, ",")) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "LIMIT with a comma is refused; write LIMIT 10 OFFSET 20");
    }
    if (mtp_parser_take_word(parser, "OFFSET")) {
        take_whole_number(parser);
    }
    q->limit.length = mtp_parser_here(parser) - q->limit.start;
}

/* What cannot follow. */
static void refuse_rest(mtp_parser *parser)
{
    static const char *const joins[] = {"JOIN",  "INNER", "LEFT",    "RIGHT", "FULL",
                                        "OUTER", "CROSS", "NATURAL", "USING", "ON"};
    static const char *const sets[] = {"UNION", "INTERSECT", "EXCEPT"};
    static const char *const clauses[] = {"WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"};
    const mtp_token *token = &parser->token;

    if (mtp_token_is(token, ",") ||
        mtp_token_is_any(token, sizeof joins / sizeof joins[0], joins)) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "a join is refused: there is one table, data");
    } else if (mtp_token_is_any(token, sizeof sets / sizeof sets[0], sets)) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "%.*s is refused: a query is one SELECT",
                   (int)token->length, token->at);
    } else if (mtp_token_is_any(token, sizeof clauses / sizeof clauses[0], clauses)) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "%.*s stands too late; the order is WHERE, GROUP BY, HAVING, ORDER "
                   "BY, LIMIT",
                   (int)token->length, token->at);
    } else if (token->type != MTP_TOKEN_END) {
        mtp_refuse_token(parser);
    }
}

/* Compile the results again, over the groups that are known now. */
static void parse_results_again(mtp_parser *parser, const char *from)
{
    const mtp_token token = parser->token;
    const char *at = parser->at;

    if (parser->status == MTP_OK) {
        parser->at = from;
        mtp_parser_skip(parser);
        mtp_query_parse_results(parser, select_groups);
    }
    if (parser->status == MTP_OK) {
        parser->token = token;
        parser->at = at;
    }
}

static void parse_statement(mtp_parser *parser)
{
    mtp_query_parser *q = parser->query;
    const char *results;
    bool distinct;

    if (!mtp_query_skip_word(parser, "SELECT")) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "a query is one SELECT, as: SELECT study, count(*) AS n FROM data "
                   "GROUP BY study");
    }
    distinct = mtp_query_skip_word(parser, "DISTINCT");
    results = parser->token.at;
    mtp_query_parse_results(parser, select_rows);
    parse_from(parser);
    if (mtp_query_skip_word(parser, "WHERE")) {
        parse_condition(parser, where, &q->where);
    }
    if (distinct) {
        mtp_query_group_by_results(parser);
    } else if (skip_by(parser, "GROUP")) {
        mtp_query_parse_group_by(parser);
    }
    q->grouped = q->keys > 0 || mtp_query_has_aggregate(q) ||
                 mtp_token_is_word(&parser->token, "HAVING");
    if (q->grouped) {
        parse_results_again(parser, results);
    }
    if (mtp_query_skip_word(parser, "HAVING")) {
        parse_having(parser);
    }
    if (skip_by(parser, "ORDER")) {
        parse_order_by(parser);
    }
    if (mtp_query_skip_word(parser, "LIMIT")) {
        parse_limit(parser);
    }
    refuse_rest(parser);
}

/* The whole statement of its pieces. */

static void add_piece(mtp_strbuf *to, const char *before, const mtp_strbuf *from,
                      mtp_stretch piece)
{
    if (piece.length > 0) {
        mtp_strbuf_add(to, before);
        mtp_strbuf_add_bytes(to, from->text + piece.start, piece.length);
    }
}

static void write_statement(const mtp_query_parser *q, const mtp_strbuf *from,
                            mtp_strbuf *to)
{
    mtp_strbuf_add(to, q->grouped ? "SELECT min(" MTP_DATA_ROW ")"
                                  : "SELECT " MTP_DATA_ROW);
    for (size_t i = 0; i < q->results; i++) {
        add_piece(to, ",", from, q->result[i].sql);
    }
    mtp_strbuf_add(to, " FROM " MTP_DATA_NAME);
    add_piece(to, " WHERE", from, q->where);
    for (size_t i = 0; i < q->keys; i++) {
        mtp_strbuf_printf(to, "%s%s", i ? "," : " GROUP BY", q->key[i].sql);
    }
    add_piece(to, " HAVING", from, q->having);
    add_piece(to, " ORDER BY", from, q->order);
    /* Rows come as they stand; what is sorted or grouped ends in their order by this,
     * the first column. */
    if (q->order.length > 0 || q->keys > 0) {
        mtp_strbuf_add(to, q->order.length > 0 ? ", 1" : " ORDER BY 1");
    }
    add_piece(to, " LIMIT", from, q->limit);
}

static mtp_status finish(const mtp_query_parser *q, mtp_parser *parser,
                         mtp_query *query)
{
    mtp_strbuf whole;

    mtp_strbuf_init(&whole);
    query->results = q->results;
    query->keys = q->keys;
    query->name = MTP_ARENA_ARRAY(parser->arena, q->results, const char *);
    query->key = MTP_ARENA_ARRAY(parser->arena, q->keys, const char *);
    if (!parser->out->sql.failed) {
        write_statement(q, &parser->out->sql, &whole);
    }
    if (!query->name || !query->key || parser->out->sql.failed || whole.failed) {
        mtp_strbuf_free(&whole);
        mtp_refuse_nomem(parser);
        return parser->status;
    }
    for (size_t i = 0; i < q->results; i++) {
        query->name[i] = q->result[i].name;
    }
    for (size_t i = 0; i < q->keys; i++) {
        query->key[i] = q->key[i].written;
    }
    mtp_strbuf_free(&parser->out->sql);
    parser->out->sql = whole;
    return MTP_OK;
}

mtp_status mtp_query_compile(const mtp_table *table, const char *sql, mtp_arena *arena,
                             mtp_query *query, mtp_error *err)
{
    mtp_query_parser q = {0};
    mtp_parser parser = {.table = table,
                         .expression = sql,
                         .query = &q,
                         .arena = arena,
                         .out = &query->compiled,
                         .err = err};
    mtp_status status;

    *query = (mtp_query){0};
    status = mtp_parser_begin(&parser, "a query");
    if (status != MTP_OK) {
        return status;
    }
    parse_statement(&parser);
    return parser.status == MTP_OK ? finish(&q, &parser, query) : parser.status;
}
