/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_DESIGN_SCAN_H
#define MTP_DESIGN_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/** The words of a formula. */
typedef enum mtp_word_type {
    MTP_WORD_END,
    MTP_WORD_NAME,   /* a bare name */
    MTP_WORD_QUOTED, /* "name", with its quotes */
    MTP_WORD_SQL,    /* (SQL), with its parentheses */
    MTP_WORD_NUMBER, /* without sign */
    MTP_WORD_MARK,   /* one character, `mark` */
    MTP_WORD_BAD,    /* `problem` says why */
} mtp_word_type;

typedef struct mtp_word {
    mtp_word_type type;
    const char *at; /* as written */
    size_t length;
    char mark; /* + - : * , ) = ^ / | ~ . and what else is of ASCII; U+2212 is '-' */
    const char *problem;
} mtp_word;

/** The word at or behind `at`, blanks skipped. */
mtp_word mtp_word_at(const char *at);

/** Is there an opening parenthesis next? */
bool mtp_word_is_call(const mtp_word *name);

/** Is this, from end to end, one word of the type? */
bool mtp_is_word(const char *text, size_t length, mtp_word_type type);

#endif
