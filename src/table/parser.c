/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of an expression on their way to SQL, and checks of operands. */
#include "table/parser.h"

#include "core/error.h"
#include "table/query_parser.h"
#include "table/scan.h"

#include <string.h>

enum { LONGEST = 64 * 1024 }; /* bytes of an expression */

mtp_status mtp_parser_begin(mtp_parser *parser, const char *what)
{
    size_t length = strlen(parser->expression);

    parser->at = parser->expression;
    if (length > LONGEST) {
        return mtp_fail(parser->err, MTP_E_ARG, "%s is longer than 64 KiB", what);
    }
    if (!mtp_is_utf8(parser->expression, length)) {
        return mtp_fail(parser->err, MTP_E_ARG, "%s is not UTF-8", what);
    }
    mtp_parser_skip(parser);
    if (parser->token.type == MTP_TOKEN_END) {
        return mtp_fail(parser->err, MTP_E_ARG, "%s is empty", what);
    }
    return MTP_OK;
}

/* Tokens. */

void mtp_parser_skip(mtp_parser *parser)
{
    if (parser->status == MTP_OK) {
        parser->token = mtp_token_next(&parser->at);
    }
}

void mtp_parser_take(mtp_parser *parser)
{
    mtp_strbuf_add_char(&parser->out->sql, ' ');
    mtp_strbuf_add_bytes(&parser->out->sql, parser->token.at, parser->token.length);
    mtp_parser_skip(parser);
}

void mtp_parser_expect(mtp_parser *parser, const char *operator_text)
{
    if (mtp_token_is(&parser->token, operator_text)) {
        mtp_parser_take(parser);
    } else {
        mtp_refuse_token(parser);
    }
}

bool mtp_parser_take_word(mtp_parser *parser, const char *word)
{
    bool is_next = mtp_token_is_word(&parser->token, word);

    if (is_next) {
        mtp_parser_take(parser);
    }
    return is_next;
}

void mtp_parser_expect_word(mtp_parser *parser, const char *word)
{
    if (!mtp_parser_take_word(parser, word)) {
        mtp_refuse_token(parser);
    }
}

mtp_token mtp_parser_peek(const mtp_parser *parser)
{
    const char *at = parser->at;

    return mtp_token_next(&at);
}

size_t mtp_parser_here(const mtp_parser *parser)
{
    return parser->out->sql.length;
}

void mtp_parser_emit(mtp_parser *parser, const char *text)
{
    mtp_strbuf_add(&parser->out->sql, text);
}

void mtp_parser_wrap(mtp_parser *parser, size_t start, const char *function)
{
    mtp_strbuf *sql = &parser->out->sql;
    size_t length = strlen(function), end = sql->length;

    mtp_strbuf_add_repeated(sql, ' ', length + 2);
    if (!sql->failed) {
        char *at = sql->text + start;

        memmove(at + length + 2, at, end - start);
        at[0] = ' ';
        memcpy(at + 1, function, length);
        at[length + 1] = '(';
        mtp_strbuf_add_char(sql, ')');
        if (parser->query) {
            mtp_query_moved(parser, start, length + 2);
        }
    }
}

/* Checks. */

static void need(mtp_parser *parser, const mtp_operand *operand, const char *what)
{
    char text[MTP_OPERAND_TEXT];

    if (parser->status == MTP_OK && !mtp_kind_is_numeric(operand->kind)) {
        mtp_refuse(parser, MTP_E_DATA, operand->column, "%s stands where %s is needed",
                   mtp_operand_describe(parser->table, operand, text), what);
    }
}

void mtp_need_number(mtp_parser *parser, const mtp_operand *operand)
{
    need(parser, operand, "a number");
}

void mtp_need_condition(mtp_parser *parser, const mtp_operand *operand)
{
    need(parser, operand, "a condition");
}

/* What would fix a comparison of text with a number. */
static const char *remedy(const mtp_operand *a, const mtp_operand *b)
{
    const mtp_operand *text = a->kind == MTP_KIND_NUMBER ? b : a;
    const mtp_operand *number = text == a ? b : a;

    if (!text->column) {
        return number->column && text->kind == MTP_KIND_TEXT
                   ? "compare it with a number, which has no quotes"
                   : "make both numbers (CAST (x AS REAL)) or both text (CAST (x AS "
                     "TEXT))";
    }
    return "write the other in single quotes, or correct the cell and make the column "
           "numbers";
}

void mtp_need_comparable(mtp_parser *parser, const mtp_operand *a, const mtp_operand *b)
{
    char one[MTP_OPERAND_TEXT], other[MTP_OPERAND_TEXT];

    if (parser->status == MTP_OK && !mtp_kinds_compare(a->kind, b->kind)) {
        mtp_refuse(parser, MTP_E_DATA, a->column ? a->column : b->column,
                   "%s is compared with %s; %s",
                   mtp_operand_describe(parser->table, a, one),
                   mtp_operand_describe(parser->table, b, other), remedy(a, b));
    }
}

void mtp_need_text(mtp_parser *parser, const mtp_operand *operand)
{
    if (operand->kind != MTP_KIND_TEXT) {
        mtp_parser_wrap(parser, operand->start, MTP_FUNCTION_TO_TEXT);
    }
}
