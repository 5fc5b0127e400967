/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_TOKEN_H
#define MTP_TABLE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The words of an SQL expression, split as SQLite splits them; comments are blanks.
 */
typedef enum mtp_token_type {
    MTP_TOKEN_END,
    MTP_TOKEN_NAME,     /* bare: a column, function or SQL word */
    MTP_TOKEN_QUOTED,   /* "name", `name` or [name] */
    MTP_TOKEN_NUMBER,   /* decimal, without sign */
    MTP_TOKEN_TEXT,     /* 'text' */
    MTP_TOKEN_OPERATOR, /* of one to three characters, parentheses and comma too */
    MTP_TOKEN_BAD,      /* `problem` says why */
} mtp_token_type;

typedef struct mtp_token {
    mtp_token_type type;
    const char *at; /* as written, with quotes */
    size_t length;
    const char *problem;
} mtp_token;

/** The token at *at, and *at moved behind it. */
mtp_token mtp_token_next(const char **at);

/** True for a bare name that is this word, in any case. */
bool mtp_token_is_word(const mtp_token *token, const char *word);
/** True for a bare name that is one of these words. */
bool mtp_token_is_any(const mtp_token *token, size_t n, const char *const words[]);
/** True for this operator. */
bool mtp_token_is(const mtp_token *token, const char *operator_text);

/**
 * The content of a quoted token without its quotes, or of a bare name.
 * @param to  [token->length + 1]
 */
void mtp_token_unquote(const mtp_token *token, char *to);

/** ASCII case-insensitive equality, as SQLite compares names. */
bool mtp_same_name(const char *a, const char *b);

#endif
