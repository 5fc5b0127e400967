/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names in an expression: the columns that they stand for. */
#include "table/data_module.h"
#include "table/names.h"
#include "table/query_parser.h"

/* The columns an expression names, each once, in the order of their first use. Gives
 * the column's place among them. */
static size_t remember_column(mtp_parser *parser, const mtp_column *column)
{
    mtp_compiled *out = parser->out;

    for (size_t i = 0; i < out->columns; i++) {
        if (out->column[i] == column) {
            return i;
        }
    }
    if (out->columns == MTP_DATA_COLUMNS) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "more than %d columns are used; name fewer",
                   MTP_DATA_COLUMNS);
        return 0;
    }
    if (out->columns == out->capacity) {
        size_t capacity = out->capacity ? 2 * out->capacity : 8;
        const mtp_column **grown =
            MTP_ARENA_ARRAY(parser->arena, capacity, const mtp_column *);

        if (!grown) {
            mtp_refuse_nomem(parser);
            return 0;
        }
        for (size_t i = 0; i < out->columns; i++) {
            grown[i] = out->column[i];
        }
        out->column = grown;
        out->capacity = capacity;
    }
    out->column[out->columns] = column;
    return out->columns++;
}

void mtp_parser_emit_column(mtp_parser *parser, const mtp_column *column)
{
    size_t start = mtp_parser_here(parser), index = remember_column(parser, column);

    if (parser->status == MTP_OK) {
        mtp_strbuf_printf(&parser->out->sql, " " MTP_DATA_COLUMN, index);
        if (parser->query) {
            mtp_query_saw_column(parser, start, column);
        }
    }
}

char *mtp_parser_name(mtp_parser *parser)
{
    char *name = mtp_arena_alloc(parser->arena, parser->token.length + 1, 1);

    if (name) {
        mtp_token_unquote(&parser->token, name);
    } else {
        mtp_refuse_nomem(parser);
    }
    return name;
}

/* "n.treated" written bare: SQL reads a table and its column. */
static void refuse_dotted(mtp_parser *parser, const mtp_token *first)
{
    const char *end = parser->at; /* behind the point */
    mtp_token last = mtp_token_next(&end);
    char *whole = mtp_arena_strndup(parser->arena, first->at,
                                    (size_t)(last.at + last.length - first->at));

    if (!whole) {
        mtp_refuse_nomem(parser);
    } else if (mtp_table_find(parser->table, whole)) {
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "a name with a point stands in double quotes: \"%s\"", whole);
    } else {
        mtp_refuse_name(parser, whole);
    }
}

/* As SQL compares names, without case; of two such, a quoted name means the one that is
 * written so. */
static void find_column(const mtp_table *table, const mtp_token *token,
                        const char *name, const mtp_column **column,
                        const mtp_column **twin)
{
    mtp_names_find(table, name, column, twin);
    if (*twin && token->type == MTP_TOKEN_QUOTED && mtp_table_find(table, name)) {
        *column = mtp_table_find(table, name);
        *twin = NULL;
    }
}

mtp_operand mtp_parse_column(mtp_parser *parser)
{
    mtp_operand operand = {.start = mtp_parser_here(parser)};
    mtp_token token = parser->token;
    const mtp_column *column, *twin;
    const char *name = mtp_parser_name(parser);

    if (!name) {
        return operand;
    }
    find_column(parser->table, &token, name, &column, &twin);
    mtp_parser_skip(parser);
    if (mtp_token_is(&parser->token, ".")) {
        refuse_dotted(parser, &token);
    } else if (parser->query && !twin &&
               mtp_query_take_result(parser, name, column, &operand)) {
        return operand;
    } else if (twin) {
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "the name '%s' is ambiguous: there are the columns '%s' and '%s'; "
                   "write the one that is meant in double quotes",
                   name, column->name, twin->name);
    } else if (column) {
        operand.kind = mtp_kind_of_column(column);
        operand.column = column;
        mtp_parser_emit_column(parser, column);
    } else if (mtp_token_is_word(&token, "TRUE") ||
               mtp_token_is_word(&token, "FALSE")) {
        mtp_parser_emit(parser, mtp_token_is_word(&token, "TRUE") ? " 1" : " 0");
        operand.kind = MTP_KIND_NUMBER;
    } else {
        mtp_refuse_name(parser, name);
    }
    return operand;
}
