/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_LINT_WORK_H
#define MTP_LINT_WORK_H

#include "analysis/options.h"
#include "lint/rules.h"

/** A column of the table as the rules see it. */
typedef struct mtp_lint_column {
    const mtp_column *column;
    const double *number; /* [rows] NaN where the cell is missing or no number */
    size_t numbers, texts;
    bool numeric; /* meant as numbers: all of it, most of it, or by its role */
} mtp_lint_column;

/** What a role was given: its values, and where it is a column, that. */
typedef struct mtp_lint_role {
    const double *value;           /* [rows] NaN where there is none; NULL: not given */
    const char *name;              /* the column or expression */
    const mtp_lint_column *column; /* NULL: an expression */
} mtp_lint_role;

/** A finding where it is kept, to be sorted. */
typedef struct mtp_lint_slot {
    mtp_lint_rule_index rule;
    mtp_lint_finding finding;
} mtp_lint_slot;

typedef struct mtp_lint_work {
    const mtp_request *request;
    const mtp_table *table;
    const mtp_problems *reading; /* or NULL */
    mtp_arena *arena;            /* of the result */
    mtp_arena *scratch;
    bool failed; /* memory is exhausted: check once at the end */
    size_t rows, columns;
    mtp_lint_column *column; /* [columns] */

    /* The roles; without any, `measure` and the rest are NULL. */
    const mtp_measure_info *measure;
    mtp_lint_role role[MTP_ROLE_COUNT];
    const char *const *study;       /* [rows] labels; NULL without --study */
    const char *const *label;       /* [rows] the same, folded; NULL without */
    const unsigned char *used;      /* [rows] 1 where --where holds */
    const double *yi, *vi;          /* [rows] effects, NaN where there is none */
    const unsigned char *corrected; /* [rows] cells were corrected */
    mtp_bundle *pool;               /* what pool makes of it, or NULL */

    size_t n, capacity;
    mtp_lint_slot *slot;
    bool wanted[MTP_LINT_RULE_COUNT];
    bool looked[MTP_LINT_RULE_COUNT]; /* there was something that it is about */
    size_t found[MTP_LINT_RULE_COUNT];
} mtp_lint_work;

enum { MTP_LINT_LISTED = 50, MTP_LINT_EXCERPT = 64 };
#define MTP_LINT_NOWHERE ((size_t)-1)

/** Where a finding is: rows from 0, or MTP_LINT_NOWHERE. */
typedef struct mtp_lint_place {
    size_t row, other;
    const char *column; /* or NULL */
    size_t count;       /* 0: 1 */
} mtp_lint_place;

/** The place of a row and a role. */
mtp_lint_place mtp_lint_at(const mtp_lint_work *work, size_t row, mtp_role role);

/** There is something that the rule is about; false: it is not wanted. */
bool mtp_lint_look(mtp_lint_work *work, mtp_lint_rule_index rule);

/** A finding, with its evidence as one text. */
void mtp_lint_add(mtp_lint_work *work, mtp_lint_rule_index rule, mtp_lint_place place,
                  const char *format, ...) MTP_PRINTF(4, 5);

/** A number for an evidence. */
#define MTP_LINT_BRIEF(x) mtp_number_brief((x), 4).text

/** Memory that goes with the work; NULL sets `failed`. */
void *mtp_lint_scratch(mtp_lint_work *work, size_t count, size_t size);
#define MTP_LINT_ARRAY(work, count, type)                                              \
    ((type *)mtp_lint_scratch((work), (count), sizeof(type)))

/* roles.c */

/** Value of a role in a row; NaN where it is not given, not there, or --where leaves
 *  the row out. */
double mtp_lint_value(const mtp_lint_work *work, mtp_role role, size_t row);
bool mtp_lint_has(const mtp_lint_work *work, mtp_role role);
/** Half a unit of the last place that the value is written to; 0: exact. */
double mtp_lint_half_unit(const mtp_lint_work *work, mtp_role role, size_t row);
/** Columns by cells, before everything else. */
mtp_status mtp_lint_read_columns(mtp_lint_work *work, mtp_error *err);
/** Roles, labels, effects and the pooled analysis. */
mtp_status mtp_lint_bind(mtp_lint_work *work, mtp_error *err);
void mtp_lint_free_pool(mtp_lint_work *work);

/** The roles that are given and whose values differ between rows, in order; [n]. */
size_t mtp_lint_given(const mtp_lint_work *work, size_t n, const mtp_role role[],
                      mtp_role given[]);

/**
 * Rows that agree in roles: sorted so that equal ones are neighbours, of these those
 * with like labels. Values that are missing agree with each other.
 */
typedef struct mtp_lint_tuple {
    const double *value; /* [n] */
    size_t n, row;
    const char *label; /* folded; "" without --study */
} mtp_lint_tuple;
/** @return how many rows have one, in *tuple */
size_t mtp_lint_tuples(mtp_lint_work *work, size_t n, const mtp_role role[],
                       mtp_lint_tuple **tuple);
bool mtp_lint_same(const mtp_lint_tuple *a, const mtp_lint_tuple *b);
/** Digits of what they agree in, each value at most as surprising as it is rare. */
double mtp_lint_surprise(const mtp_lint_work *work, const mtp_role role[],
                         const mtp_lint_tuple *tuple);
/** "events 12, n 80". */
const char *mtp_lint_tuple_text(mtp_lint_work *work, const mtp_role role[],
                                const mtp_lint_tuple *tuple);
/** Rows have the same first author, or the same label; false without --study. */
bool mtp_lint_same_author(const mtp_lint_work *work, size_t a, size_t b);
bool mtp_lint_same_label(const mtp_lint_work *work, size_t a, size_t b);
/** log10 of the number of pairs of rows that have the same first author; 0 of none. */
double mtp_lint_author_pairs(mtp_lint_work *work);

/** The median of n numbers, which are sorted by it; NaN of none. */
double mtp_lint_median(double x[], size_t n);
/** Significant digits of a number without zeros at its ends: 120 has 2, 0.034 has 2. */
int mtp_lint_digits(double x);
/** Decimals that a cell is written with; -1 where it is no plain decimal number. */
int mtp_lint_decimals(const char *cell);

/** Whether a name holds a word (in lower case), in any case. */
bool mtp_lint_contains(const char *name, const char *word);

/** A label as labels are compared (text/fold.h); "" where memory is out. */
const char *mtp_lint_folded(mtp_lint_work *work, const char *text, bool lookalikes);
/** Length of the first author that a folded label begins with; 0: none. */
size_t mtp_lint_author(const char *folded);

/* The families. */
void mtp_lint_tables(mtp_lint_work *work);
void mtp_lint_cells(mtp_lint_work *work);
void mtp_lint_labels(mtp_lint_work *work);
void mtp_lint_rows(mtp_lint_work *work);
void mtp_lint_digit_rules(mtp_lint_work *work);
void mtp_lint_intervals(mtp_lint_work *work);
void mtp_lint_precision(mtp_lint_work *work);
void mtp_lint_means(mtp_lint_work *work);
void mtp_lint_counts(mtp_lint_work *work);
void mtp_lint_effects(mtp_lint_work *work);

#endif
