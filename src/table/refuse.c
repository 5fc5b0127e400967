/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "table/collector.h"
#include "table/names.h"
#include "table/query_parser.h"
#include "table/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_failed(mtp_parser *parser, mtp_status status)
{
    parser->status = status;
    parser->token = (mtp_token){.type = MTP_TOKEN_END, .at = ""};
    parser->at = "";
}

void mtp_refuse(mtp_parser *parser, mtp_status status, const mtp_column *column,
                const char *format, ...)
{
    char message[2 * MTP_ERROR_MESSAGE], expression[MTP_EXCERPT];
    va_list args;

    if (parser->status != MTP_OK) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    (void)mtp_excerpt(parser->expression, strlen(parser->expression), expression);
    (void)mtp_fail_at(parser->err, status,
                      status == MTP_E_DATA ? mtp_table_source(parser->table) : NULL, 0,
                      column ? column->name : NULL, "in \"%s\": %s", expression,
                      message);
    set_failed(parser, status);
}

void mtp_refuse_nomem(mtp_parser *parser)
{
    if (parser->status == MTP_OK) {
        set_failed(parser, mtp_fail_nomem(parser->err));
    }
}

/* One column whose name looks like many. */
static bool is_unsplit(const mtp_table *table)
{
    return table->columns == 1 && strpbrk(table->column[0].name, ",;\t|") != NULL;
}

static void refuse_unknown(mtp_parser *parser, const char *name,
                           const mtp_column *nearest)
{
    char list[MTP_ERROR_MESSAGE / 2], wanted[MTP_EXCERPT], meant[MTP_EXCERPT] = "";

    mtp_names_list(parser->table, list, sizeof list);
    (void)mtp_excerpt(name, strlen(name), wanted);
    if (is_unsplit(parser->table)) {
        mtp_refuse(
            parser, MTP_E_DATA, NULL,
            "there is no column '%s': all of the header is one column, %s; its "
            "delimiter may be another one (--delimiter), or each line as a whole "
            "stands in double quotes",
            wanted, list);
    } else if (nearest) {
        (void)mtp_excerpt(nearest->name, strlen(nearest->name), meant);
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "there is no column '%s'; did you mean '%s'? The columns are: %s",
                   wanted, meant, list);
    } else {
        mtp_refuse(parser, MTP_E_DATA, NULL,
                   "there is no column '%s' (text stands in single quotes). The "
                   "columns are: %s",
                   wanted, list);
    }
}

static bool is_bare_name(const char *name)
{
    const char *at = name;
    mtp_token token = mtp_token_next(&at);

    return token.type == MTP_TOKEN_NAME && *at == '\0';
}

/* A header with blanks or signs, misspelt, reads as anything but one name. */
static const mtp_column *nearest_to_whole(const mtp_parser *parser)
{
    const mtp_column *nearest =
        mtp_names_nearest(parser->table, parser->expression, parser->arena);

    return nearest && !is_bare_name(nearest->name) ? nearest : NULL;
}

void mtp_refuse_name(mtp_parser *parser, const char *name)
{
    const mtp_column *nearest = mtp_names_nearest(parser->table, name, parser->arena);

    if (parser->query && mtp_query_refuse_name(parser, name)) {
        return;
    }
    refuse_unknown(parser, name, nearest ? nearest : nearest_to_whole(parser));
}

static bool refuse_as_header(mtp_parser *parser)
{
    const mtp_column *nearest = nearest_to_whole(parser);

    if (nearest) {
        refuse_unknown(parser, parser->expression, nearest);
    }
    return nearest != NULL;
}

void mtp_refuse_token(mtp_parser *parser)
{
    const mtp_token *token = &parser->token;
    char excerpt[MTP_EXCERPT];

    if (parser->status != MTP_OK || refuse_as_header(parser)) {
        return;
    }
    (void)mtp_excerpt(token->at, token->length, excerpt);
    if (token->type == MTP_TOKEN_END) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "the %s ends too early",
                   parser->query ? "query" : "expression");
    } else if (token->type == MTP_TOKEN_BAD) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "%s, at %s", token->problem, excerpt);
    } else {
        mtp_refuse(parser, MTP_E_ARG, NULL, "syntax error at %s", excerpt);
    }
}

void mtp_refuse_function(mtp_parser *parser, const char *name)
{
    const char *reason = mtp_function_refusal(name);
    const char *nearest = mtp_function_nearest(name);
    char excerpt[MTP_EXCERPT];

    (void)mtp_excerpt(name, strlen(name), excerpt);
    if (!reason && refuse_as_header(parser)) {
        return;
    }
    if (reason) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "the function %s is refused: %s", excerpt,
                   reason);
    } else if (nearest) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "the function %s is not available; did you mean %s?", excerpt,
                   nearest);
    } else {
        mtp_refuse(parser, MTP_E_ARG, NULL, "the function %s is not available",
                   excerpt);
    }
}
