/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_QUERY_PARSER_H
#define MTP_TABLE_QUERY_PARSER_H

#include "table/parser.h"

/* A stretch of the SQL compiled so far. */
typedef struct mtp_stretch {
    size_t start, length;
} mtp_stretch;

typedef struct mtp_query_result {
    const char *name, *written;
    mtp_operand operand;
    mtp_stretch row; /* its SQL over a row */
    mtp_stretch sql; /* over a group; the same in a query without groups */
    bool uses_data, uses_aggregate, uses_collation;
} mtp_query_result;

typedef struct mtp_query_key {
    const char *sql, *written;
} mtp_query_key;

/* A column outside aggregates, in the expression that is being compiled. */
typedef struct mtp_query_bare {
    mtp_stretch sql;
    const mtp_column *column;
} mtp_query_bare;

/** Where in a query an expression stands. */
typedef struct mtp_clause {
    const char *name;
    bool names_results; /* they may be named in it */
    bool calls_aggregates;
    bool sees_groups; /* a column stands for the one value that it has in a group */
} mtp_clause;

/** What a query adds to the state of a compilation. */
typedef struct mtp_query_parser {
    mtp_query_result *result;
    size_t results, result_capacity;
    mtp_query_key *key;
    size_t keys, key_capacity;
    bool grouped; /* the results are over groups, be it one of all rows */
    mtp_stretch where, having, order, limit;

    /* the expression that is being compiled */
    mtp_clause clause;
    bool in_aggregate;
    bool uses_data, uses_aggregate, uses_collation;
    mtp_query_bare *bare;
    size_t bares, bare_capacity;
} mtp_query_parser;

/** Compile one expression of a clause. */
mtp_operand mtp_query_expression(mtp_parser *parser, mtp_clause clause,
                                 mtp_stretch *piece);

/** Compile a column of the star as if it were written. */
void mtp_query_column(mtp_parser *parser, mtp_clause clause, const mtp_column *column,
                      mtp_stretch *piece);

/** `count` elements with room for one more, doubled in the arena; NULL without memory.
 */
void *mtp_query_grow(mtp_parser *parser, void *array, size_t count, size_t *capacity,
                     size_t size);

/* Tokens that do not go into the SQL: skip one if it is next. */
bool mtp_query_skip_word(mtp_parser *parser, const char *word);
bool mtp_query_skip_comma(mtp_parser *parser);
/** An excerpt of the query from `from` to the current token, for messages. */
const char *mtp_query_written(mtp_parser *parser, const char *from);

/**
 * The results, behind SELECT. With a clause that sees groups it is the second time: the
 * results are there, and get their SQL over groups.
 */
void mtp_query_parse_results(mtp_parser *parser, mtp_clause clause);
bool mtp_query_has_aggregate(const mtp_query_parser *query);
/** Refuse a name where SQL would add AS: it may as well be a comma that is forgotten.
 */
void mtp_query_refuse_missing_as(mtp_parser *parser);

/** The keys, behind GROUP BY. */
void mtp_query_parse_group_by(mtp_parser *parser);
/** The results as keys: SELECT DISTINCT a, b is SELECT a, b ... GROUP BY a, b. */
void mtp_query_group_by_results(mtp_parser *parser);

/* Hooks of the expression parser, for parser->query that is not NULL. */

/** A column has been written, from `start` on. */
void mtp_query_saw_column(mtp_parser *parser, size_t start, const mtp_column *column);
/**
 * Write the result that a name means in this clause. The name may be that of `column`
 * (or NULL), too. @return false when the name means no result, or after a failure
 */
bool mtp_query_take_result(mtp_parser *parser, const char *name,
                           const mtp_column *column, mtp_operand *operand);
/** An operand that begins at `start` is complete: GROUP BY may have it as a whole. */
void mtp_query_saw_operand(mtp_parser *parser, size_t start);
/** The SQL from `start` on has moved by that many bytes. */
void mtp_query_moved(mtp_parser *parser, size_t start, size_t by);
/** The aggregate that the current token calls, or NULL. */
const mtp_function *mtp_query_aggregate(const mtp_parser *parser, const char *name);
mtp_operand mtp_query_call(mtp_parser *parser, const mtp_function *aggregate);
/** Say more than that there is no column of this name; false when there is no more. */
bool mtp_query_refuse_name(mtp_parser *parser, const char *name);

#endif
