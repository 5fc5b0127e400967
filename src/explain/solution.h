/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_SOLUTION_H
#define MTP_EXPLAIN_SOLUTION_H

#include "metapool/report.h"

#include "explain/expr.h"

/**
 * A worked solution on its way to the reader: headings, sentences, lines "name =
 * formula = numbers = value" and tables with sums. Every line is evaluated by the tree
 * that it shows, and compared with the figure of the analysis. Numbers are shown with
 * as many digits as it takes for who computes the line from what is shown to get what
 * is shown.
 */
typedef struct mtp_solution {
    mtp_format format; /* text, Markdown or HTML */
    int digits;        /* significant, of a result */
    size_t width;      /* of text */
    mtp_arena *arena;
    mtp_strbuf *out;
    mtp_scope scope;
    const char *const *label; /* [scope.k] of the rows of tables */
    const char *row_name;     /* what the rows are; NULL: studies */
    const char *const *group; /* [scope.groups] labels, of tables with subtotals */
    size_t disagreements;     /* lines that were left out */
    bool failed;              /* memory */
    bool any;                 /* something was written */
    bool after_line;          /* the last that was written was a line */
    bool muted; /* lines and tables are computed and compared, and not written */
} mtp_solution;

/** What follows is apart from what was before by a blank line; lines of text (`line`)
 *  stand together. */
void mtp_solution_begin(mtp_solution *s, bool line);
/** Levels 1 (the title) to 4. */
void mtp_solution_heading(mtp_solution *s, int level, const char *format, ...)
    MTP_PRINTF(3, 4);
/** A paragraph; what stands between ` and ` is a formula. */
void mtp_solution_text(mtp_solution *s, const char *format, ...) MTP_PRINTF(2, 3);
/** A name from the data, fit to stand in these. */
const char *mtp_solution_name(mtp_solution *s, const char *name);

/**
 * A line.
 * @param figure  the analysis's own, which the name means from now on; NaN: it has
 * none, and the name means what the formula gives
 * @return what the name means
 */
double mtp_solution_line(mtp_solution *s, const char *name, const char *formula,
                         double figure);
/** The same, formula made by printf. */
double mtp_solution_linef(mtp_solution *s, const char *name, double figure,
                          const char *format, ...) MTP_PRINTF(4, 5);
/** A number that is given: name = value. */
void mtp_solution_given(mtp_solution *s, const char *name, double value);
/** The same without a word about it. */
void mtp_solution_know(mtp_solution *s, const char *name, double value);

/** A column of a table; the rows are those of the scope. */
typedef struct mtp_solution_column {
    const char *name;    /* by which formulas know it, ending in _i; NULL: none */
    const char *formula; /* NULL: its values are given */
    const double
        *values;   /* [k] given, or what the analysis has for the formula, or NULL
                    */
    bool total;    /* its sum stands below */
    bool subtotal; /* its sum over each group of the scope stands below its rows */
    bool brief;    /* the head has the name alone: the formula was shown before */
    const double *error; /* [k] what rounding can have done to given values, or NULL */
} mtp_solution_column;

void mtp_solution_table(mtp_solution *s, size_t n, const mtp_solution_column column[]);

/** Labels of n rows: 1, 2, ... NULL or unfinished without memory (s->failed). */
const char **mtp_solution_numbers(mtp_solution *s, size_t n);

/** Text with the format's escapes. */
void mtp_solution_escape(const mtp_solution *s, const char *text);
/** Inline mathematics. */
void mtp_solution_math(const mtp_solution *s, const char *formula);

mtp_notation mtp_solution_notation(const mtp_solution *s);

/** Whether a figure of the analysis is what a tree gives, and what to write if not. */
bool mtp_solution_agrees(mtp_solution *s, const char *name, mtp_figure made,
                         double figure);
/** Whether a computed number rounds to what is shown of `value`: it lies within half a
 *  unit, and clear of the middle between two numbers, if `value` itself does. */
bool mtp_solution_within(double computed, double value, double shown, double half);
/** Whether a number computed from shown ones gives the digits of `value`. */
bool mtp_solution_same_digits(double computed, double value, int digits);

#endif
