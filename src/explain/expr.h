/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_EXPR_H
#define MTP_EXPLAIN_EXPR_H

#include "core/arena.h"
#include "core/strbuf.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Formulas as trees. A formula is written once, in plain text, and parsed; the same
 * tree is evaluated, shown in symbols, and shown with the numbers in place of its
 * symbols.
 *
 *   sum = product { (+|-) product }      product = unary { (*|/) unary }
 *   unary = - unary | atom [^ unary]     atom = number | name | name(sum, ...) | (sum)
 *
 * sum(...) is over all rows: names within it that end in _i are columns. Rows may stand
 * for groups of studies: sum_g(...) is then over the studies of one of them, whose own
 * columns end in _g.
 */

typedef enum mtp_expr_kind {
    MTP_EXPR_NUMBER,
    MTP_EXPR_SYMBOL,
    MTP_EXPR_ADD,
    MTP_EXPR_SUBTRACT,
    MTP_EXPR_MULTIPLY,
    MTP_EXPR_DIVIDE,
    MTP_EXPR_POWER,
    MTP_EXPR_NEGATE,
    MTP_EXPR_CALL,
    MTP_EXPR_SUM,
    MTP_EXPR_MEMBERS, /* sum_g */
} mtp_expr_kind;

/* X(ENUM, name, arguments, LaTeX before the argument) */
#define MTP_EXPR_FUNCTION_LIST(X)                                                      \
    X(SQRT, "sqrt", 1, "\\sqrt")                                                       \
    X(LN, "ln", 1, "\\ln")                                                             \
    X(EXP, "exp", 1, "\\exp")                                                          \
    X(ABS, "abs", 1, "")                                                               \
    X(SIN, "sin", 1, "\\sin")                                                          \
    X(COS, "cos", 1, "\\cos")                                                          \
    X(ASIN, "asin", 1, "\\arcsin")                                                     \
    X(ATAN, "atan", 1, "\\arctan")                                                     \
    X(ATANH, "atanh", 1, "\\operatorname{artanh}")                                     \
    X(TANH, "tanh", 1, "\\tanh")                                                       \
    X(LNFACT, "lnfact", 1, "\\ln ")                                                    \
    X(SUM_LN, "sumln", 2, "\\operatorname{sumln}")                                     \
    X(SUM_INVERSE, "suminv", 2, "\\operatorname{suminv}")                              \
    X(SUM_SQUARE, "suminv2", 2, "\\operatorname{suminv2}")                             \
    X(MIN, "min", 2, "\\min")                                                          \
    X(MAX, "max", 2, "\\max")                                                          \
    X(DENSITY, "phi", 1, "\\varphi")                                                   \
    X(PHI, "Phi", 1, "\\Phi")                                                          \
    X(HEDGES, "J", 1, "J")                                                             \
    X(PHI2, "Phi2", 3, "\\Phi_2")                                                      \
    X(HYP, "hyp", 4, "F")                                                              \
    X(Z, "z", 1, "z")                                                                  \
    X(T, "t", 2, "t")                                                                  \
    X(CHI2, "chi2", 2, "\\chi^2")                                                      \
    X(UPPER_Z, "upper_z", 1, "P")                                                      \
    X(UPPER_T, "upper_t", 2, "P")                                                      \
    X(UPPER_CHI2, "upper_chi2", 2, "P")                                                \
    X(UPPER_F, "upper_F", 3, "P")

typedef enum mtp_expr_function {
#define MTP_EXPR_ENUM(name, ...) MTP_EXPR_##name,
    MTP_EXPR_FUNCTION_LIST(MTP_EXPR_ENUM)
#undef MTP_EXPR_ENUM
        MTP_EXPR_FUNCTION_COUNT
} mtp_expr_function;

enum { MTP_EXPR_PARTS = 4 };

typedef struct mtp_expr {
    mtp_expr_kind kind;
    const char *text; /* of a number or symbol */
    double number;
    mtp_expr_function function;
    size_t n; /* operands */
    struct mtp_expr *part[MTP_EXPR_PARTS];
} mtp_expr;

/** The tree of a formula, which is one of ours: that it parses is asserted.
 *  @return NULL without memory, and for NULL */
mtp_expr *mtp_expr_parse(mtp_arena *arena, const char *text);

const char *mtp_expr_function_name(mtp_expr_function function);
const char *mtp_expr_function_latex(mtp_expr_function function);
/** Its value, of as many numbers as it takes. */
double mtp_expr_call(mtp_expr_function function, const double x[]);

/** A value with a bound on what rounding can have done to it. */
typedef struct mtp_figure {
    double value, error;
} mtp_figure;

/** A named number, or a column of one number for each study. */
typedef struct mtp_quantity {
    const char *name;
    mtp_figure figure;    /* of a number */
    const double *column; /* [k], or NULL */
    const double *error;  /* [k] of a column, or NULL: rounding of the numbers alone */
    int digits;           /* in tables: significant digits; of a column, decimals */
    size_t turn;          /* in tables: when its digits were last added to */
} mtp_quantity;

/** What names mean; the last that was set holds. */
typedef struct mtp_scope {
    mtp_arena *arena;
    size_t n, capacity, k;
    mtp_quantity *item;
    const size_t *start; /* [groups + 1] rows of each group; NULL: there are none */
    size_t groups;
    bool failed;
} mtp_scope;

void mtp_scope_set(mtp_scope *scope, const char *name, mtp_figure figure);
void mtp_scope_set_column(mtp_scope *scope, const char *name, const double column[],
                          const double error[]);
/** NULL if there is none. */
mtp_quantity *mtp_scope_find(const mtp_scope *scope, const char *name);

/** How numbers enter a formula: as they are; to so many significant digits; as a table
 *  shows them (mtp_quantity.digits). */
enum { MTP_EXACT = 0, MTP_AS_SHOWN = -1 };

/** The value at study i (for columns outside a sum). An unknown name gives NaN. */
mtp_figure mtp_expr_value(const mtp_expr *e, const mtp_scope *scope, size_t i,
                          int digits);

/** A number as it is shown: in full where it has no more digits, else rounded. */
void mtp_figure_text(double value, int digits, char *text, size_t size);
/** The same with decimals, for a column of a table. */
void mtp_figure_fixed(double value, int decimals, char *text, size_t size);

/** The leaves that numbers take the place of: symbols and whole sums. */
bool mtp_expr_is_leaf(const mtp_expr *e);
size_t mtp_expr_leaves(const mtp_expr *e);

/** How a tree is written. */
typedef enum mtp_notation {
    MTP_NOTATION_TEXT,
    MTP_NOTATION_LATEX,
    MTP_NOTATION_MATHML,
} mtp_notation;

/** What is written: symbols (scope NULL), or numbers to so many significant digits. */
typedef struct mtp_expr_look {
    mtp_notation notation;
    const mtp_scope *scope;
    size_t i;
    int digits;
} mtp_expr_look;

void mtp_expr_write(mtp_strbuf *out, const mtp_expr *e, const mtp_expr_look *look);
/** A number by itself. */
void mtp_expr_write_number(mtp_strbuf *out, const char *text, mtp_notation notation);

#endif
