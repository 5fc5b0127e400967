/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/data_module.h"
#include "table/query_parser.h"

#include <string.h>

static const char *trim(char *name)
{
    size_t length = strlen(name);

    while (length > 0 && strchr(" \t", name[length - 1])) {
        name[--length] = '\0';
    }
    return name + strspn(name, " \t");
}

void mtp_query_refuse_missing_as(mtp_parser *parser)
{
    const mtp_token *token = &parser->token;

    if ((token->type == MTP_TOKEN_NAME && !mtp_token_is_word(&parser->token, "FROM")) ||
        token->type == MTP_TOKEN_QUOTED) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "a comma, AS or FROM is missing before %.*s", (int)token->length,
                   token->at);
    }
}

/* [AS name]; NULL after a failure */
static const char *parse_result_name(mtp_parser *parser, const mtp_query_result *result)
{
    char *name;

    if (!mtp_query_skip_word(parser, "AS")) {
        mtp_query_refuse_missing_as(parser);
        if (!result->operand.column) {
            mtp_refuse(parser, MTP_E_ARG, NULL,
                       "the result %s has no name; write AS and a name behind it",
                       result->written);
            return NULL;
        }
        return result->operand.column->name;
    }
    if (parser->token.type == MTP_TOKEN_TEXT) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "the name %.*s stands in double quotes",
                   (int)parser->token.length, parser->token.at);
    } else if (parser->token.type != MTP_TOKEN_NAME &&
               parser->token.type != MTP_TOKEN_QUOTED) {
        mtp_refuse_token(parser);
    }
    name = parser->status == MTP_OK ? mtp_parser_name(parser) : NULL;
    mtp_parser_skip(parser);
    return name ? trim(name) : NULL;
}

static void check_name(mtp_parser *parser, const char *name)
{
    const mtp_query_parser *q = parser->query;

    if (*name == '\0') {
        mtp_refuse(parser, MTP_E_ARG, NULL, "result %zu has an empty name",
                   q->results + 1);
    }
    for (size_t i = 0; i < q->results; i++) {
        if (strcmp(q->result[i].name, name) == 0) {
            mtp_refuse(parser, MTP_E_ARG, NULL,
                       "two results have the name '%s'; name one by AS", name);
        }
    }
}

static void add_result(mtp_parser *parser, mtp_query_result result)
{
    mtp_query_parser *q = parser->query;
    mtp_query_result *list;

    if (parser->status != MTP_OK || !result.name) {
        return;
    }
    check_name(parser, result.name);
    if (q->results == MTP_DATA_COLUMNS) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "a query gives at most %d columns",
                   MTP_DATA_COLUMNS);
    }
    list = mtp_query_grow(parser, q->result, q->results, &q->result_capacity,
                          sizeof *list);
    if (list && parser->status == MTP_OK) {
        q->result = list;
        list[q->results++] = result;
    }
}

static mtp_query_result parse_result(mtp_parser *parser, mtp_clause clause)
{
    const mtp_query_parser *q = parser->query;
    const char *from = parser->token.at;
    mtp_query_result result = {0};

    result.operand = mtp_query_expression(parser, clause, &result.row);
    result.sql = result.row;
    result.uses_data = q->uses_data;
    result.uses_aggregate = q->uses_aggregate;
    result.uses_collation = q->uses_collation;
    result.written = mtp_query_written(parser, from);
    result.name = parse_result_name(parser, &result);
    return result;
}

/* Column `index` of the star, as if it were written. */
static mtp_query_result star_result(mtp_parser *parser, mtp_clause clause, size_t index)
{
    const mtp_column *column = mtp_table_column(parser->table, index);
    mtp_query_result result = {
        .name = column->name,
        .written = column->name,
        .operand = {.kind = mtp_kind_of_column(column), .column = column},
        .uses_data = true};

    mtp_query_column(parser, clause, column, &result.row);
    result.sql = result.row;
    return result;
}

/* The first time results are added, the second time they get their SQL over groups. */
static void take_result(mtp_parser *parser, mtp_query_result result, size_t *index)
{
    if (parser->query->clause.sees_groups) {
        parser->query->result[*index].sql = result.sql;
    } else {
        add_result(parser, result);
    }
    ++*index;
}

void mtp_query_parse_results(mtp_parser *parser, mtp_clause clause)
{
    size_t n = mtp_table_columns(parser->table), index = 0;

    do {
        if (mtp_token_is(&parser->token, "*")) {
            for (size_t i = 0; i < n && parser->status == MTP_OK; i++) {
                take_result(parser, star_result(parser, clause, i), &index);
            }
            mtp_parser_skip(parser);
        } else {
            take_result(parser, parse_result(parser, clause), &index);
        }
    } while (mtp_query_skip_comma(parser));
}

bool mtp_query_has_aggregate(const mtp_query_parser *q)
{
    for (size_t i = 0; i < q->results; i++) {
        if (q->result[i].uses_aggregate) {
            return true;
        }
    }
    return false;
}
