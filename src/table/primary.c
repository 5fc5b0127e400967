/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Primary expressions: literals, calls, CASE and CAST, signs, parentheses. */
#include "table/data_module.h"
#include "table/names.h"
#include "table/query_parser.h"

#include <string.h>

/* One argument by its letter (functions.h); `common` is the kind of the u and o ones.
 */
static void parse_argument(mtp_parser *parser, char letter, mtp_operand *common)
{
    mtp_operand argument = mtp_parse(parser, MTP_LEVEL_OR);

    switch (letter) {
    case 'n':
        mtp_need_number(parser, &argument);
        break;
    case 't':
        mtp_need_text(parser, &argument);
        break;
    case 'c':
        mtp_need_condition(parser, &argument);
        break;
    case 'o':
        mtp_need_comparable(parser, common, &argument);
        if (common->kind == MTP_KIND_NULL) {
            *common = argument;
        }
        break;
    case 'u':
        common->kind = mtp_kind_union(common->kind, argument.kind);
        break;
    default: /* x */
        break;
    }
}

static void refuse_count(mtp_parser *parser, const mtp_function *function, size_t n)
{
    if (n == 1 && function->arguments[0] == 'o') {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "the function %s with one argument is refused: it looks at many "
                   "rows, and an expression sees one row at a time; --query can group "
                   "rows",
                   function->name);
    } else {
        mtp_refuse(parser, MTP_E_ARG, NULL, "the function %s has too %s arguments",
                   function->name, n < function->least ? "few" : "many");
    }
}

size_t mtp_parse_arguments(mtp_parser *parser, const mtp_function *function,
                           mtp_operand *common)
{
    size_t letters = strlen(function->arguments), n = 0;

    while (parser->status == MTP_OK && (n > 0 || !mtp_token_is(&parser->token, ")"))) {
        if (n == function->most) {
            refuse_count(parser, function, n + 1);
            return n;
        }
        parse_argument(parser, function->arguments[n < letters ? n : letters - 1],
                       common);
        n++;
        if (!mtp_token_is(&parser->token, ",")) {
            break;
        }
        mtp_parser_take(parser);
    }
    if (parser->status == MTP_OK && n < function->least) {
        refuse_count(parser, function, n);
    }
    mtp_parser_expect(parser, ")");
    return n;
}

mtp_kind mtp_function_result(const mtp_function *function, mtp_kind common)
{
    return function->result == 'n'   ? MTP_KIND_NUMBER
           : function->result == 't' ? MTP_KIND_TEXT
                                     : common;
}

static void refuse_window(mtp_parser *parser)
{
    if (mtp_token_is_word(&parser->token, "OVER") ||
        mtp_token_is_word(&parser->token, "FILTER")) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   parser->query
                       ? "windows are refused: an expression sees one row or one group"
                       : "windows are refused: an expression sees one row at a time");
    }
}

static mtp_operand parse_call(mtp_parser *parser)
{
    mtp_operand operand = {.start = mtp_parser_here(parser)}, common = {0};
    const char *name = mtp_parser_name(parser);
    const mtp_function *function = name ? mtp_function_find(name) : NULL;
    const mtp_function *aggregate =
        name && parser->query ? mtp_query_aggregate(parser, name) : NULL;

    if (aggregate) {
        operand = mtp_query_call(parser, aggregate);
        refuse_window(parser);
        return operand;
    }
    if (!function) {
        if (name) {
            mtp_refuse_function(parser, name);
        }
        return operand;
    }
    mtp_parser_take(parser);
    mtp_parser_expect(parser, "(");
    (void)mtp_parse_arguments(parser, function, &common);
    refuse_window(parser);
    operand.kind = mtp_function_result(function, common.kind);
    return operand;
}

/* CAST (x AS type), whose text to number conversion is ours: SQLite's reads '12O' as 12
 * and 'x' as 0. */
static mtp_operand parse_cast(mtp_parser *parser)
{
    static const char *const numbers[] = {"REAL",    "DOUBLE",  "FLOAT",
                                          "NUMERIC", "INTEGER", "INT"};
    mtp_operand operand = {.start = mtp_parser_here(parser)}, inner;

    mtp_parser_take(parser);
    mtp_parser_expect(parser, "(");
    inner = mtp_parse(parser, MTP_LEVEL_OR);
    operand.kind = MTP_KIND_NULL;
    if (mtp_token_is_word(&parser->token, "AS")) {
        mtp_token type = mtp_parser_peek(parser);

        if (mtp_token_is_any(&type, sizeof numbers / sizeof numbers[0], numbers)) {
            mtp_parser_wrap(parser, inner.start, MTP_FUNCTION_TO_NUMBER);
            operand.kind = MTP_KIND_NUMBER;
        } else if (mtp_token_is_word(&type, "TEXT")) {
            mtp_need_text(parser, &inner);
            operand.kind = MTP_KIND_TEXT;
        }
    }
    mtp_parser_expect_word(parser, "AS");
    if (parser->status == MTP_OK && operand.kind == MTP_KIND_NULL) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "CAST is to REAL, INTEGER or TEXT only");
    }
    mtp_parser_take(parser); /* the type */
    mtp_parser_expect(parser, ")");
    return operand;
}

/* CASE [base] WHEN x THEN y ... [ELSE z] END */
static mtp_operand parse_case(mtp_parser *parser)
{
    mtp_operand result = {.start = mtp_parser_here(parser)}, base = {0}, part;
    bool has_base;

    mtp_parser_take(parser);
    has_base = !mtp_token_is_word(&parser->token, "WHEN");
    if (has_base) {
        base = mtp_parse(parser, MTP_LEVEL_OR);
    }
    do {
        mtp_parser_expect_word(parser, "WHEN");
        part = mtp_parse(parser, MTP_LEVEL_OR);
        if (has_base) {
            mtp_need_comparable(parser, &base, &part);
        } else {
            mtp_need_condition(parser, &part);
        }
        mtp_parser_expect_word(parser, "THEN");
        part = mtp_parse(parser, MTP_LEVEL_OR);
        result.kind = mtp_kind_union(result.kind, part.kind);
    } while (mtp_token_is_word(&parser->token, "WHEN"));
    if (mtp_parser_take_word(parser, "ELSE")) {
        part = mtp_parse(parser, MTP_LEVEL_OR);
        result.kind = mtp_kind_union(result.kind, part.kind);
    }
    mtp_parser_expect_word(parser, "END");
    return result;
}

/* Whether the token is one of these words (none is longer than CURRENT_TIMESTAMP), and
 * no column is named so. */
static bool is_one_of(const mtp_parser *parser, size_t n, const char *const words[])
{
    const mtp_column *column, *twin;
    char name[sizeof "CURRENT_TIMESTAMP"];

    if (!mtp_token_is_any(&parser->token, n, words)) {
        return false;
    }
    mtp_token_unquote(&parser->token, name);
    mtp_names_find(parser->table, name, &column, &twin);
    return column == NULL;
}

/* Queries, statements and clocks. */
static bool is_refused_word(const mtp_parser *parser)
{
    static const char *const words[] = {
        "SELECT", "WITH",    "VALUES", "EXISTS",  "INSERT",           "UPDATE",
        "DELETE", "CREATE",  "ALTER",  "DROP",    "ATTACH",           "DETACH",
        "PRAGMA", "ANALYZE", "VACUUM", "BEGIN",   "CURRENT_DATE",     "CURRENT_TIME",
        "RAISE",  "EXPLAIN", "COMMIT", "REINDEX", "CURRENT_TIMESTAMP"};

    return is_one_of(parser, sizeof words / sizeof words[0], words);
}

/* Words that stand between or behind operands. */
static bool is_misplaced_word(const mtp_parser *parser)
{
    static const char *const words[] = {"AND",  "OR",   "IN",    "LIKE",   "GLOB",
                                        "IS",   "WHEN", "THEN",  "ELSE",   "END",
                                        "FROM", "AS",   "WHERE", "BETWEEN"};
    static const char *const clauses[] = {"GROUP", "HAVING", "ORDER", "LIMIT", "BY"};

    return is_one_of(parser, sizeof words / sizeof words[0], words) ||
           (parser->query &&
            is_one_of(parser, sizeof clauses / sizeof clauses[0], clauses));
}

static mtp_operand parse_name(mtp_parser *parser)
{
    mtp_operand operand = {.start = mtp_parser_here(parser)};
    mtp_token next = mtp_parser_peek(parser);

    if (is_refused_word(parser)) {
        mtp_refuse(
            parser, MTP_E_ARG, NULL,
            parser->query
                ? "%.*s is refused here: a query is one SELECT over the table data"
                : "%.*s is refused: only an expression over the columns of a row "
                  "can stand here",
            (int)parser->token.length, parser->token.at);
    } else if (is_misplaced_word(parser)) {
        mtp_refuse_token(parser);
    } else if (mtp_token_is_word(&parser->token, "CASE")) {
        return parse_case(parser);
    } else if (mtp_token_is_word(&parser->token, "CAST") && mtp_token_is(&next, "(")) {
        return parse_cast(parser);
    } else if (mtp_token_is_word(&parser->token, "NULL")) {
        mtp_parser_take(parser);
    } else if (mtp_token_is_word(&parser->token, "NOT")) {
        mtp_parser_take(parser);
        operand = mtp_parse(parser, MTP_LEVEL_EQUAL);
        mtp_need_condition(parser, &operand);
        operand = (mtp_operand){.kind = MTP_KIND_NUMBER, .start = operand.start};
    } else if (mtp_token_is(&next, "(")) {
        return parse_call(parser);
    } else {
        return mtp_parse_column(parser);
    }
    return operand;
}

static mtp_operand parse_operator(mtp_parser *parser)
{
    mtp_operand operand = {.start = mtp_parser_here(parser)}, inner;

    if (mtp_token_is(&parser->token, "(")) {
        mtp_parser_take(parser);
        inner = mtp_parse(parser, MTP_LEVEL_OR);
        mtp_parser_expect(parser, ")");
        operand.kind = inner.kind;
        operand.column = inner.column;
    } else if (mtp_token_is(&parser->token, "-") || mtp_token_is(&parser->token, "+") ||
               mtp_token_is(&parser->token, "~")) {
        mtp_parser_take(parser);
        inner = mtp_parse(parser, MTP_LEVEL_COLLATE + 1);
        mtp_need_number(parser, &inner);
        operand.kind = MTP_KIND_NUMBER;
    } else {
        mtp_refuse_token(parser);
    }
    return operand;
}

mtp_operand mtp_parse_primary(mtp_parser *parser)
{
    mtp_operand operand = {.start = mtp_parser_here(parser)};

    switch (parser->token.type) {
    case MTP_TOKEN_NUMBER:
    case MTP_TOKEN_TEXT:
        operand.kind =
            parser->token.type == MTP_TOKEN_NUMBER ? MTP_KIND_NUMBER : MTP_KIND_TEXT;
        mtp_parser_take(parser);
        return operand;
    case MTP_TOKEN_NAME:
        return parse_name(parser);
    case MTP_TOKEN_QUOTED:
        return mtp_parse_column(parser);
    case MTP_TOKEN_OPERATOR:
        return parse_operator(parser);
    case MTP_TOKEN_END:
    case MTP_TOKEN_BAD:
        break;
    }
    mtp_refuse_token(parser);
    return operand;
}
