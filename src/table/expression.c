/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operators and predicates of an expression, by their binding strength. */
#include "table/expression.h"

#include "core/error.h"
#include "table/query_parser.h"

#include <string.h>

enum { DEEPEST = 100 }; /* nested parentheses, calls, signs */

typedef enum rule { LOGIC, COMPARE, ARITHMETIC, JOIN } rule;

typedef struct binary {
    const char *text;
    int level;
    rule rule;
} binary;

static const binary *find_binary(const mtp_token *token)
{
    static const binary operators[] = {
        {"OR", MTP_LEVEL_OR, LOGIC},          {"AND", MTP_LEVEL_AND, LOGIC},
        {"=", MTP_LEVEL_EQUAL, COMPARE},      {"==", MTP_LEVEL_EQUAL, COMPARE},
        {"<>", MTP_LEVEL_EQUAL, COMPARE},     {"!=", MTP_LEVEL_EQUAL, COMPARE},
        {"IS", MTP_LEVEL_EQUAL, COMPARE},     {"<", MTP_LEVEL_ORDER, COMPARE},
        {"<=", MTP_LEVEL_ORDER, COMPARE},     {">", MTP_LEVEL_ORDER, COMPARE},
        {">=", MTP_LEVEL_ORDER, COMPARE},     {"&", MTP_LEVEL_BITS, ARITHMETIC},
        {"|", MTP_LEVEL_BITS, ARITHMETIC},    {"<<", MTP_LEVEL_BITS, ARITHMETIC},
        {">>", MTP_LEVEL_BITS, ARITHMETIC},   {"+", MTP_LEVEL_SUM, ARITHMETIC},
        {"-", MTP_LEVEL_SUM, ARITHMETIC},     {"*", MTP_LEVEL_PRODUCT, ARITHMETIC},
        {"/", MTP_LEVEL_PRODUCT, ARITHMETIC}, {"%", MTP_LEVEL_PRODUCT, ARITHMETIC},
        {"||", MTP_LEVEL_JOIN, JOIN},
    };

    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (mtp_token_is(token, operators[i].text) ||
            mtp_token_is_word(token, operators[i].text)) {
            return &operators[i];
        }
    }
    return NULL;
}

static void take_operator(mtp_parser *parser)
{
    bool is = mtp_token_is_word(&parser->token, "IS");

    /* Literals, conditions and lengths are integers, which SQL divides to an integer:
     * 1 / 2 would be 0. This factor stands at the level of the division, on its left.
     */
    if (mtp_token_is(&parser->token, "/")) {
        mtp_parser_emit(parser, " * 1.0");
    }
    mtp_parser_take(parser);
    if (is) {
        (void)mtp_parser_take_word(parser, "NOT");
        if (mtp_parser_take_word(parser, "DISTINCT")) {
            mtp_parser_expect_word(parser, "FROM");
        }
    }
}

static mtp_operand parse_binary(mtp_parser *parser, mtp_operand left,
                                const binary *operation)
{
    mtp_operand right;

    if (operation->rule == JOIN) { /* before anything follows the operand */
        mtp_need_text(parser, &left);
    }
    take_operator(parser);
    right = mtp_parse(parser, operation->level + 1);
    switch (operation->rule) {
    case LOGIC:
        mtp_need_condition(parser, &left);
        mtp_need_condition(parser, &right);
        break;
    case COMPARE:
        mtp_need_comparable(parser, &left, &right);
        break;
    case ARITHMETIC:
        mtp_need_number(parser, &left);
        mtp_need_number(parser, &right);
        break;
    case JOIN:
        mtp_need_text(parser, &right);
        break;
    }
    return (mtp_operand){.kind =
                             operation->rule == JOIN ? MTP_KIND_TEXT : MTP_KIND_NUMBER,
                         .start = left.start};
}

/* x [NOT] IN (a, b, ...): never a query or a table. */
static void parse_in(mtp_parser *parser, const mtp_operand *left)
{
    mtp_token next = mtp_parser_peek(parser);

    if (!mtp_token_is(&next, "(")) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "IN needs a list in parentheses");
    }
    mtp_parser_take(parser);
    mtp_parser_take(parser);
    for (;;) {
        mtp_operand item = mtp_parse(parser, MTP_LEVEL_OR);

        mtp_need_comparable(parser, left, &item);
        if (!mtp_token_is(&parser->token, ",")) {
            break;
        }
        mtp_parser_take(parser);
    }
    mtp_parser_expect(parser, ")");
}

static void parse_between(mtp_parser *parser, const mtp_operand *left)
{
    mtp_operand limit;

    mtp_parser_take(parser);
    limit = mtp_parse(parser, MTP_LEVEL_ORDER);
    mtp_need_comparable(parser, left, &limit);
    mtp_parser_expect_word(parser, "AND");
    limit = mtp_parse(parser, MTP_LEVEL_ORDER);
    mtp_need_comparable(parser, left, &limit);
}

/* From LIKE or GLOB on; the operand before it is text by now. */
static void parse_pattern(mtp_parser *parser)
{
    bool like = mtp_token_is_word(&parser->token, "LIKE");
    mtp_operand pattern;

    mtp_parser_take(parser);
    pattern = mtp_parse(parser, MTP_LEVEL_ORDER);
    mtp_need_text(parser, &pattern);
    if (like && mtp_parser_take_word(parser, "ESCAPE")) {
        mtp_operand escape = mtp_parse(parser, MTP_LEVEL_BITS);

        mtp_need_text(parser, &escape);
    }
}

static bool is_pattern_word(const mtp_token *token)
{
    return mtp_token_is_word(token, "LIKE") || mtp_token_is_word(token, "GLOB");
}

static bool begins_predicate(const mtp_token *token)
{
    static const char *const words[] = {
        "NOT", "IN", "LIKE", "GLOB", "BETWEEN", "ISNULL", "NOTNULL", "REGEXP", "MATCH"};

    return mtp_token_is_any(token, sizeof words / sizeof words[0], words);
}

/* [NOT] IN, LIKE, GLOB, BETWEEN; ISNULL, NOTNULL, NOT NULL */
static mtp_operand parse_predicate(mtp_parser *parser, mtp_operand left)
{
    mtp_token next = mtp_parser_peek(parser);
    bool is_not = mtp_token_is_word(&parser->token, "NOT");

    if (is_pattern_word(is_not ? &next : &parser->token)) {
        mtp_need_text(parser, &left);
    }
    (void)mtp_parser_take_word(parser, "NOT");
    if (mtp_token_is_word(&parser->token, "IN")) {
        parse_in(parser, &left);
    } else if (mtp_token_is_word(&parser->token, "BETWEEN")) {
        parse_between(parser, &left);
    } else if (is_pattern_word(&parser->token)) {
        parse_pattern(parser);
    } else if (mtp_token_is_word(&parser->token, is_not ? "NULL" : "ISNULL") ||
               (!is_not && mtp_token_is_word(&parser->token, "NOTNULL"))) {
        mtp_parser_take(parser);
    } else if (mtp_token_is_word(&parser->token, "REGEXP") ||
               mtp_token_is_word(&parser->token, "MATCH")) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "REGEXP and MATCH are not available; use LIKE or GLOB");
    } else {
        mtp_refuse_token(parser);
    }
    return (mtp_operand){.kind = MTP_KIND_NUMBER, .start = left.start};
}

/* How text is compared; the names are SQLite's. */
static void parse_collate(mtp_parser *parser)
{
    if (parser->query) {
        parser->query->uses_collation = true;
    }
    mtp_parser_take(parser);
    if (!mtp_parser_take_word(parser, "NOCASE") &&
        !mtp_parser_take_word(parser, "RTRIM")) {
        mtp_parser_expect_word(parser, "BINARY");
    }
}

mtp_operand mtp_parse(mtp_parser *parser, int least)
{
    mtp_operand left = {0};

    if (parser->depth == DEEPEST) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "the expression is nested too deeply");
    }
    if (parser->status != MTP_OK) {
        return left;
    }
    parser->depth++;
    left = mtp_parse_primary(parser);
    for (;;) {
        const binary *operation = find_binary(&parser->token);

        if (parser->query) {
            mtp_query_saw_operand(parser, left.start);
        }
        if (operation && operation->level >= least) {
            left = parse_binary(parser, left, operation);
        } else if (least <= MTP_LEVEL_EQUAL && begins_predicate(&parser->token)) {
            left = parse_predicate(parser, left);
        } else if (mtp_token_is_word(&parser->token, "COLLATE")) {
            parse_collate(parser);
        } else {
            break;
        }
    }
    parser->depth--;
    return left;
}

mtp_status mtp_expression_compile(const mtp_table *table, const char *expression,
                                  mtp_arena *arena, mtp_compiled *compiled,
                                  mtp_error *err)
{
    mtp_parser parser = {.table = table,
                         .expression = expression,
                         .arena = arena,
                         .out = compiled,
                         .err = err};
    mtp_status status;

    *compiled = (mtp_compiled){0};
    status = mtp_parser_begin(&parser, "an expression");
    if (status != MTP_OK) {
        return status;
    }
    (void)mtp_parse(&parser, MTP_LEVEL_OR);
    if (parser.status == MTP_OK && parser.token.type != MTP_TOKEN_END) {
        mtp_refuse_token(&parser);
    }
    if (parser.status == MTP_OK && compiled->sql.failed) {
        mtp_refuse_nomem(&parser);
    }
    return parser.status;
}

void mtp_compiled_free(mtp_compiled *compiled)
{
    mtp_strbuf_free(&compiled->sql);
}
