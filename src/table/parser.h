/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_PARSER_H
#define MTP_TABLE_PARSER_H

#include "core/arena.h"
#include "table/expression.h"
#include "table/functions.h"
#include "table/kind.h"
#include "table/token.h"

#include <stdbool.h>

struct mtp_query_parser;

/**
 * The state of one compilation, shared by the files that know operators (expression.c),
 * primary expressions (primary*.c), queries (query_*.c) and the error texts (refuse.c).
 * The first failure is kept; from then on the token is the end, so that every loop runs
 * out.
 */
typedef struct mtp_parser {
    const mtp_table *table;
    const char *expression;         /* or a query, as it was written */
    struct mtp_query_parser *query; /* NULL: one expression over a row */
    const char *at;                 /* behind `token` */
    mtp_token token;                /* the next one to use */
    mtp_arena *arena;
    mtp_compiled *out;
    unsigned depth;
    mtp_status status;
    mtp_error *err;
} mtp_parser;

/* Binding strength of operators, weakest first, as SQLite has it. */
enum {
    MTP_LEVEL_OR = 1,
    MTP_LEVEL_AND,
    MTP_LEVEL_NOT,
    MTP_LEVEL_EQUAL, /* also IS, IN, LIKE, GLOB, BETWEEN, ISNULL, NOTNULL */
    MTP_LEVEL_ORDER,
    MTP_LEVEL_ESCAPE,
    MTP_LEVEL_BITS,
    MTP_LEVEL_SUM,
    MTP_LEVEL_PRODUCT,
    MTP_LEVEL_JOIN,
    MTP_LEVEL_COLLATE,
};

/**
 * Check the text and go to its first token.
 * @param what  "an expression"
 */
mtp_status mtp_parser_begin(mtp_parser *parser, const char *what);
/** An expression whose operators bind at least that strongly. */
mtp_operand mtp_parse(mtp_parser *parser, int least);
/** A literal, column, function call, CASE, CAST, NOT, sign or parenthesis. */
mtp_operand mtp_parse_primary(mtp_parser *parser);
/** A name: a column, a result of the query, TRUE or FALSE (primary_column.c). */
mtp_operand mtp_parse_column(mtp_parser *parser);
/** What stands between the parentheses of a call, and the closing one. @return how many
 * arguments */
size_t mtp_parse_arguments(mtp_parser *parser, const mtp_function *function,
                           mtp_operand *common);
/** The kind of a call, `common` being that of its u and o arguments. */
mtp_kind mtp_function_result(const mtp_function *function, mtp_kind common);
/** The SQL name of a column, and a note that it is used. */
void mtp_parser_emit_column(mtp_parser *parser, const mtp_column *column);
/** The current token's text without quotes, in the arena; NULL after a failure. */
char *mtp_parser_name(mtp_parser *parser);

/* Tokens: `take` writes one to the SQL, `skip` does not; both go to the next. */
void mtp_parser_take(mtp_parser *parser);
void mtp_parser_skip(mtp_parser *parser);
void mtp_parser_expect(mtp_parser *parser, const char *operator_text);
void mtp_parser_expect_word(mtp_parser *parser, const char *word);
bool mtp_parser_take_word(mtp_parser *parser, const char *word); /* if it is next */
mtp_token mtp_parser_peek(const mtp_parser *parser);             /* behind `token` */
size_t mtp_parser_here(const mtp_parser *parser);                /* end of the SQL */
void mtp_parser_emit(mtp_parser *parser, const char *text);
/** Make the SQL from `start` on the argument of a function. */
void mtp_parser_wrap(mtp_parser *parser, size_t start, const char *function);

/* Checks of what an operand gives; they fail the parser. */
void mtp_need_number(mtp_parser *parser, const mtp_operand *operand);
void mtp_need_condition(mtp_parser *parser, const mtp_operand *operand);
void mtp_need_comparable(mtp_parser *parser, const mtp_operand *a,
                         const mtp_operand *b);
/** Text is needed: numbers are written as text. The operand must end the SQL. */
void mtp_need_text(mtp_parser *parser, const mtp_operand *operand);

/* Failures, refuse.c. */
void mtp_refuse(mtp_parser *parser, mtp_status status, const mtp_column *column,
                const char *format, ...) MTP_PRINTF(4, 5);
void mtp_refuse_token(mtp_parser *parser); /* syntax: it cannot stand here */
void mtp_refuse_function(mtp_parser *parser, const char *name);
void mtp_refuse_name(mtp_parser *parser, const char *name);
void mtp_refuse_nomem(mtp_parser *parser);

#endif
