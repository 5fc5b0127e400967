/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_DESIGN_FORMULA_H
#define MTP_DESIGN_FORMULA_H

#include "metapool/design.h"

#include "core/arena.h"
#include "design/scan.h"

#include <stdint.h>

/** A formula as it is read: the lists grow in place. */
typedef struct mtp_formula_reader {
    mtp_arena *arena;
    mtp_error *err;
    const char *text;
    mtp_word word; /* the one ahead */
    size_t n_variables, n_leaves;
    const char *variable[MTP_FORMULA_LEAVES];
    mtp_leaf leaf[MTP_FORMULA_LEAVES];
} mtp_formula_reader;

/** A leaf of a set is the bit of its index. */
typedef uint64_t mtp_leaf_set;

/** Terms in the order in which they came. */
typedef struct mtp_term_list {
    size_t n;
    mtp_leaf_set set[MTP_FORMULA_TERMS];
} mtp_term_list;

/** mtp_formula_parse into an arena. */
mtp_status mtp_formula_read(mtp_arena *arena, const char *text, mtp_formula *formula,
                            mtp_error *err);

/** Begin to read a text. */
mtp_status mtp_reader_start(mtp_formula_reader *reader, mtp_arena *arena,
                            const char *text, mtp_error *err);
/** The next word ahead. */
void mtp_reader_next(mtp_formula_reader *reader);
bool mtp_reader_at(const mtp_formula_reader *reader, char mark);
/** MTP_E_SYNTAX with the place of `at` in the text. */
mtp_status mtp_reader_fail(const mtp_formula_reader *reader, const char *at,
                           const char *format, ...) MTP_PRINTF(3, 4);

/** What a leaf is made of. */
typedef struct mtp_leaf_source {
    const char *variable; /* as the caller evaluates it */
    const char *name;     /* as a leaf by itself is called */
    const char *inner;    /* as it is called inside poly() and the like */
} mtp_leaf_source;

/** Read a column or SQL. */
mtp_status mtp_read_source(mtp_formula_reader *reader, mtp_leaf_source *source);
/** Read poly(...), rcs(...) or factor(...). */
mtp_status mtp_read_call(mtp_formula_reader *reader, mtp_leaf *leaf,
                         mtp_leaf_source *source);
/** Read the leaf ahead, which is added to the leaves if it is new: its index. */
mtp_status mtp_read_leaf(mtp_formula_reader *reader, size_t *leaf);
/** Read leaves joined by ':'. */
mtp_status mtp_read_product(mtp_formula_reader *reader, mtp_leaf_set *set);

/** Terms in order with names, what no term has left out: the end of reading. */
mtp_status mtp_formula_finish(mtp_formula_reader *reader, mtp_term_list *terms,
                              bool intercept, mtp_formula *formula);

/** Do two expressions stand for the same variable: but for needless quotes, equal? */
bool mtp_same_variable(const char *a, const char *b);
/** Are two names equal but for quotes, needless or not? */
bool mtp_same_characters(const char *a, const char *b);
/** Are two leaves, of these variables, the same but for needless quotes? */
bool mtp_same_leaf(const mtp_leaf *a, const char *variable_a, const mtp_leaf *b,
                   const char *variable_b);

/** The leaf's name within an interaction: SQL keeps its parentheses there. NULL when
 *  memory is exhausted. */
const char *mtp_leaf_joined_name(mtp_arena *arena, const mtp_leaf *leaf);

/** MTP_E_ARG: `typed` is no `what`; the nearest name and all that there are. */
mtp_status mtp_fail_names(mtp_error *err, const char *typed, const char *what, size_t n,
                          const char *const name[]);

#endif
