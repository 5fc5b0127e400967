/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/query_parser.h"

#include <string.h>

static const mtp_clause group_by = {"GROUP BY", false, false, false};
static const mtp_clause group_by_name = {"GROUP BY", true, false, false};

/* Without the parentheses around the whole, so that GROUP BY (a + b) is a + b. */
static const char *strip_parentheses(const char *sql, size_t *length)
{
    for (;;) {
        const char *at = sql, *inner;
        mtp_token token = mtp_token_next(&at);
        size_t depth = 1;

        if (!mtp_token_is(&token, "(")) {
            return sql;
        }
        inner = at;
        while (depth > 0) {
            token = mtp_token_next(&at);
            depth += mtp_token_is(&token, "(");
            depth -= mtp_token_is(&token, ")");
        }
        if (at != sql + *length) {
            return sql;
        }
        sql = inner;
        *length = (size_t)(token.at - inner);
        while (sql[*length - 1] == ' ') {
            --*length;
        }
    }
}

static void add_key(mtp_parser *parser, mtp_stretch piece, const char *written)
{
    mtp_query_parser *q = parser->query;
    mtp_query_key *list =
        mtp_query_grow(parser, q->key, q->keys, &q->key_capacity, sizeof *list);
    const char *sql;

    if (!list || parser->status != MTP_OK || parser->out->sql.failed) {
        return;
    }
    sql = strip_parentheses(parser->out->sql.text + piece.start, &piece.length);
    sql = mtp_arena_strndup(parser->arena, sql, piece.length);
    if (!sql) {
        mtp_refuse_nomem(parser);
        return;
    }
    q->key = list;
    list[q->keys++] = (mtp_query_key){sql, written};
}

static void refuse_collation(mtp_parser *parser, const char *what)
{
    mtp_refuse(parser, MTP_E_ARG, NULL,
               "COLLATE is refused in %s, for which of the spellings would the group "
               "have? Write lower(x) or rtrim(x)",
               what);
}

/* A result may be named by itself; within an expression a name is a column's, as in
 * SQL, so that lower(study) AS study and GROUP BY lower(study) go together. */
static bool is_name_alone(const mtp_parser *parser)
{
    static const char *const behind[] = {"HAVING", "ORDER", "LIMIT"};
    mtp_token next = mtp_parser_peek(parser);

    return next.type == MTP_TOKEN_END || mtp_token_is(&next, ",") ||
           mtp_token_is_any(&next, sizeof behind / sizeof behind[0], behind);
}

void mtp_query_parse_group_by(mtp_parser *parser)
{
    do {
        const char *from = parser->token.at, *written;
        mtp_stretch sql;

        (void)mtp_query_expression(
            parser, is_name_alone(parser) ? group_by_name : group_by, &sql);
        written = mtp_query_written(parser, from);
        if (!parser->query->uses_data) {
            mtp_refuse(parser, MTP_E_ARG, NULL,
                       "GROUP BY %s groups by no column; positions are refused, name "
                       "the column",
                       written);
        }
        if (parser->query->uses_collation) {
            refuse_collation(parser, group_by.name);
        }
        add_key(parser, sql, written);
    } while (mtp_query_skip_comma(parser));
}

void mtp_query_group_by_results(mtp_parser *parser)
{
    mtp_query_parser *q = parser->query;

    if (mtp_token_is_word(&parser->token, "GROUP") ||
        mtp_token_is_word(&parser->token, "HAVING") || mtp_query_has_aggregate(q)) {
        mtp_refuse(parser, MTP_E_ARG, NULL,
                   "DISTINCT beside groups is refused; leave it out, or add what it is "
                   "to tell apart to GROUP BY");
    }
    for (size_t i = 0; i < q->results && parser->status == MTP_OK; i++) {
        if (q->result[i].uses_collation) {
            refuse_collation(parser, "DISTINCT");
        }
        if (q->result[i].uses_data) {
            add_key(parser, q->result[i].row, q->result[i].written);
        }
    }
    if (q->keys == 0) {
        mtp_refuse(parser, MTP_E_ARG, NULL, "DISTINCT needs a column");
    }
}
