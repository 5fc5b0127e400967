/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_DESIGN_H
#define METAPOOL_DESIGN_H

#include "metapool/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file design.h
 * Model formulas, and the design matrices that they make of arrays.
 *
 *   mtp_formula_parse  text -> terms, leaves, and the expressions to evaluate
 *   (the caller)       evaluates each variable for the k rows that have all of them
 *   mtp_design_build   formula and values -> columns with names, terms, levels
 *   mtp_design_row     a row of the same columns at other values
 *
 * Threads: every function may be called from several threads at once on different
 * handles; a handle that nobody frees may be read by all of them.
 */

/* --- formulas ------------------------------------------------------------------- */

typedef enum mtp_leaf_kind {
    MTP_LEAF_VALUE,  /* a column or (SQL): a number as it is, text as a factor */
    MTP_LEAF_FACTOR, /* factor(x): always a factor */
    MTP_LEAF_POLY,   /* poly(x, degree), poly(x, degree, raw) */
    MTP_LEAF_RCS,    /* rcs(x, n), rcs(x, knot, knot, knot, ...) */
} mtp_leaf_kind;

/** What a formula is made of. */
typedef struct mtp_leaf {
    mtp_leaf_kind kind;
    const char *name;    /* as in names of columns: "year", "x > 1", "poly(x, 2)" */
    size_t variable;     /* formula->variable[variable] is what it is made of */
    size_t position;     /* byte of formula->text where it was first met */
    size_t degree;       /* poly: >= 1 */
    bool raw;            /* poly: powers as they are */
    size_t n_knots;      /* rcs: >= 3 */
    const double *knots; /* rcs: [n_knots] increasing; NULL: to be placed by the data */
} mtp_leaf;

/** A product of one or more leaves. */
typedef struct mtp_formula_term {
    const char *name;   /* "product", "product:year", "product:(x > 1)" */
    size_t n_leaves;    /* 1: a main effect */
    const size_t *leaf; /* [n_leaves] increasing */
} mtp_formula_term;

/** A parsed formula. Everything in it goes with it. */
typedef struct mtp_formula {
    const char *text;            /* as given */
    bool intercept;              /* false after "- 1" or "+ 0" */
    size_t n_variables;          /* different expressions that leaves are made of */
    const char *const *variable; /* [n_variables] a column or SQL, for the caller */
    size_t n_leaves;
    const mtp_leaf *leaf;         /* [n_leaves] in the order of the formula */
    size_t n_terms;               /* the intercept is none */
    const mtp_formula_term *term; /* [n_terms] main effects, two-way, ... */
} mtp_formula;

enum {
    MTP_FORMULA_LEAVES = 64,  /* most leaves */
    MTP_FORMULA_TERMS = 256,  /* most terms */
    MTP_FORMULA_BYTES = 8192, /* longest text */
    MTP_POLY_DEGREE = 25,     /* highest degree of poly */
    MTP_RCS_KNOTS = 32,       /* most explicit knots */
};

/**
 * Parse a formula.
 *
 *   formula  [~] [sign] part {sign part}         sign: +, - or + -
 *   part     0 | 1 | product {* product}          a * b = a + b + a:b
 *   product  leaf {: leaf}
 *   leaf     column | "column" | (SQL) | factor(of) | poly(of, DEGREE) |
 *            poly(of, DEGREE, raw) | rcs(of, COUNT) | rcs(of, KNOT, KNOT, KNOT, ...)
 *   of       column | "column" | (SQL)
 *
 * As in R: `:` binds more than `*`, `*` more than `+` and `-`; `- part` takes terms
 * away, `- 1` and `+ 0` the intercept, which `+ 1` brings back, and the last word
 * counts; a:a is a; b:a is a:b if a stands before it; a term counts once; main effects
 * come first, then terms of two leaves, and so on, each in the order of the formula.
 * Unlike R: parentheses hold SQL and never group terms; taking away what is not there
 * is an error; and what stands in no term in the end is no variable.
 *
 * A bare column name is a letter, `_` or a character beyond ASCII, then these, digits,
 * `.` and `$`; every other name stands in double quotes (a quote in it is doubled).
 * poly, rcs and factor are columns where no parenthesis follows. Strings, quoted names
 * and comments inside parentheses may hold parentheses, as in SQL.
 *
 * Names: a column as it is called, in double quotes where it needs them; SQL without
 * its parentheses, which it keeps within poly(), rcs(), factor() and interactions.
 *
 * @param text     UTF-8, NUL-terminated
 * @param formula  out, freed with mtp_formula_free; untouched on failure
 * @return MTP_OK; MTP_E_SYNTAX, with the character (from 1) and the place in words;
 *         MTP_E_NOMEM
 * Source: Wilkinson & Rogers (1973), Appl Stat 22:392-399, doi:10.2307/2346786;
 *         Chambers & Hastie (1992), Statistical models in S, section 2.4.
 */
MTP_API mtp_status mtp_formula_parse(const char *text, mtp_formula **formula,
                                     mtp_error *err);
MTP_API void mtp_formula_free(mtp_formula *formula);

/**
 * The term that a text names: "product", "year:product", "(x > 1)", "x > 1",
 * "poly(x,2)"; leaves in any order.
 * @param term  out: index into formula->term; untouched on failure
 * @return MTP_OK; MTP_E_ARG, which lists the terms; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_formula_find_term(const mtp_formula *formula, const char *text,
                                         size_t *term, mtp_error *err);

/**
 * The variable that a text names: its expression, with or without parentheses and
 * quotes ("year", "x > 1"), or a leaf that is made of it ("poly(year, 2)").
 * @param variable  out: index into formula->variable; untouched on failure
 * @return MTP_OK; MTP_E_ARG, which lists the variables; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_formula_find_variable(const mtp_formula *formula,
                                             const char *text, size_t *variable,
                                             mtp_error *err);

/* --- design matrices ------------------------------------------------------------ */

/** The values of one variable: either numbers or texts, the other is NULL. */
typedef struct mtp_design_values {
    const double *number;    /* [k] finite; true and false are 1 and 0 */
    const char *const *text; /* [k] UTF-8, none NULL */
} mtp_design_values;

/** The reference level of a factor, as typed: --ref FACTOR=LEVEL. */
typedef struct mtp_design_ref {
    const char *factor; /* as mtp_formula_find_variable takes it */
    const char *level;  /* "Axi-cel"; a number may be written in any way: "2.0" */
} mtp_design_ref;

typedef struct mtp_design_options {
    size_t size;    /* sizeof(mtp_design_options); set by _init */
    bool intercept; /* default true; false takes it from any formula */
    bool drop;      /* default false: refuse columns that depend on earlier ones */
    size_t n_refs;
    const mtp_design_ref *refs; /* [n_refs] */
} mtp_design_options;

/**
 * Set every option to its default.
 * @param size  of the caller's struct, sizeof *options; kept in options->size
 */
MTP_API void mtp_design_options_init(mtp_design_options *options, size_t size);

/** A leaf as built: what was fixed by the data, enough to make rows elsewhere. */
typedef struct mtp_design_leaf {
    const mtp_leaf *leaf;
    bool is_factor;
    size_t n_columns; /* by itself, by contrasts (factor: n_levels - 1) */
    /* Factors; else 0 and NULL. Alphabetical (by bytes), numbers by value. */
    size_t n_levels;
    const char *const *level;
    const size_t *count;    /* [n_levels] rows */
    const size_t *level_of; /* [k] level of each row */
    size_t reference;       /* level that the intercept stands for */
    /* rcs; else NULL */
    const double *knots; /* [leaf->n_knots] */
    /* Orthogonal poly; else NULL. With q_0 = 1, q_1 = x - alpha_0 and
     *   q_{j+1} = (x - alpha_j) q_j - norm2_{j+1} / norm2_j q_{j-1},
     * column j is q_j / sqrt(norm2_{j+1}): R's attribute coefs. */
    const double *alpha; /* [degree] */
    const double *norm2; /* [degree + 2] sums of squares, after a 1 */
} mtp_design_leaf;

/** A variable as it was seen. */
typedef struct mtp_design_variable {
    const char *name;      /* formula->variable */
    bool is_text;          /* factors alone are made of it */
    double mean, min, max; /* of numbers; else NaN */
} mtp_design_variable;

typedef enum mtp_alias_kind {
    MTP_ALIAS_ONE_LEVEL, /* a factor that has one level: no column at all */
    MTP_ALIAS_EMPTY,     /* an interaction that no row has: all zeros */
    MTP_ALIAS_ZERO,      /* zero in every row */
    MTP_ALIAS_CONSTANT,  /* the same in every row, beside an intercept */
    MTP_ALIAS_DEPENDENT, /* a combination of earlier columns */
    MTP_ALIAS_TOO_MANY,  /* as many columns as rows stand before it */
} mtp_alias_kind;

/** A column that is left out because earlier ones can do all that it does. */
typedef struct mtp_design_alias {
    mtp_alias_kind kind;
    const char *name;   /* of the column (ONE_LEVEL: of the term) */
    size_t term;        /* index into term_name */
    const char *reason; /* one sentence: "setting: RW is the sum of ... in every row" */
    size_t n_parts;     /* it is sum_j coefficient[j] x[, column[j]] in every row */
    const size_t *column;      /* [n_parts] of the design, increasing */
    const double *coefficient; /* [n_parts] */
} mtp_design_alias;

/** A design matrix: the handle, which holds copies of all it needs. */
typedef struct mtp_design {
    size_t k, p;
    const double *x;                /* [k * p] row by row */
    const char *const *column_name; /* [p] */
    bool intercept;                 /* the first column is all ones */
    size_t n_terms;                 /* the intercept is none */
    const char *const *term_name;   /* [n_terms] */
    const size_t *column_term;      /* [p] term of the column; n_terms: the intercept */
    const mtp_formula *formula;
    const mtp_design_leaf *leaf;         /* [formula->n_leaves] */
    const mtp_design_variable *variable; /* [formula->n_variables] */
    size_t n_aliases;                    /* columns left out (drop) */
    const mtp_design_alias *alias;       /* [n_aliases] in the order of columns */
} mtp_design;

/**
 * Build a design matrix.
 *
 * Columns: the intercept, then term by term; in an interaction the columns of the first
 * leaf vary fastest. Names: "intercept", the column or SQL as typed, "factor: level",
 * "poly(x, 2): 1", "rcs(x, 3): 1" (the linear part), and these joined by ":" for
 * interactions: "product: Ide-cel:year".
 *
 * Factors are coded by contrasts with their reference level (the first, unless options
 * say otherwise: an indicator for each other level) where the rest of the term stands
 * in an earlier term, or is empty; else by an indicator for every level, the reference
 * first. Without an intercept the first factor has an indicator for every level. As
 * model.matrix of R.
 *
 * poly(x, d): orthogonal to the intercept and each other with sum of squares 1,
 * positive leading coefficient: R's poly(). rcs(x, n): knots at quantiles (type 7) in
 * equal steps from 0.10 to 0.90 for n = 3, 0.05 to 0.95 for 4 to 6, 0.025 to 0.975 for
 * 7; columns x and, with cubes of what is positive, for j = 1 .. n - 2
 *   [(x - t_j)^3 - (x - t_{n-1})^3 (t_n - t_j) / (t_n - t_{n-1})
 *                + (x - t_n)^3 (t_{n-1} - t_j) / (t_n - t_{n-1})] / (t_n - t_1)^2.
 * Both are computed in double-double and rounded once.
 *
 * Rank: a column is left out, or refused, where its distance from the span of those
 * before it is no more than rounding of the columns can make (8 ulp of each column
 * times its coefficient), found by orthogonalization in double-double. Designs that are
 * merely far from orthogonal are kept.
 *
 * @param k       rows, >= 1
 * @param values  [formula->n_variables]
 * @param options NULL: defaults
 * @param design  out, freed with mtp_design_free; holds no reference to the arguments;
 *                untouched on failure
 * @return MTP_OK; MTP_E_ARG for a factor or level of --ref that is not there, and for
 *         poly() or rcs() of text; MTP_E_DATA for numbers that are not finite;
 *         MTP_E_DEGENERATE where columns depend on others and drop is off (the first
 *         are named; drop lists them all), where poly() and rcs() have too few
 * different values, and for no columns at all; MTP_E_NOMEM Sources: Kennedy & Gentle
 * (1980), Statistical computing, 342-347 (poly); Harrell (2015), Regression modeling
 * strategies, 2nd ed., section 2.4, doi:10.1007/978-3-319-19425-7 (rcs); Hyndman & Fan
 * (1996), Am Stat 50:361-365, doi:10.1080/00031305.1996.10473566 (quantiles).
 */
MTP_API mtp_status mtp_design_build(const mtp_formula *formula, size_t k,
                                    const mtp_design_values values[],
                                    const mtp_design_options *options,
                                    mtp_design **design, mtp_error *err);
MTP_API void mtp_design_free(mtp_design *design);

typedef enum mtp_at_kind {
    MTP_AT_AVERAGE,      /* a number at its mean; every level of a factor alike */
    MTP_AT_PROPORTIONAL, /* the same, levels by their share of the rows */
    MTP_AT_NUMBER,
    MTP_AT_TEXT, /* a level; where the variable is a number, that number */
} mtp_at_kind;

/** Where a variable stands in a row. */
typedef struct mtp_design_at {
    mtp_at_kind kind;
    double number;    /* AT_NUMBER: finite */
    const char *text; /* AT_TEXT */
} mtp_design_at;

/**
 * The row of the columns at given values: x' of a prediction x'beta. With averages it
 * is the mean of the rows over all combinations of the levels, with numbers at their
 * means: the marginal mean of the level that is given.
 *
 * @param at   [formula->n_variables]
 * @param row  [p] out; untouched on failure
 * @return MTP_OK; MTP_E_ARG for a level that is not there (those that are, are listed)
 *         and text that is no number; MTP_E_DATA for a number that is not finite;
 *         MTP_E_DEGENERATE where the answer would hang on a column that was left out:
 *         the rows do not tell
 */
MTP_API mtp_status mtp_design_row(const mtp_design *design, const mtp_design_at at[],
                                  double row[], mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
