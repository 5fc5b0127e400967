/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_TABLE_H
#define METAPOOL_TABLE_H

#include "metapool/export.h"
#include "metapool/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file table.h
 * Study tables: a rectangle of typed columns with missing values, read from CSV or from
 * an SQLite database.
 */

typedef struct mtp_table mtp_table;

typedef enum mtp_type { MTP_NUMBER, MTP_TEXT } mtp_type;

/**
 * A column. A column is a number column when every value that is not missing is a
 * number; else it is text, and `number` is NULL. `text` holds the cells as written.
 * Missing: empty or blank, NA, NaN, N/A and "." in any case, and the words of the
 * options (a number goes by its value: "-99" is "-99.00", too). U+2212 is a minus sign;
 * blanks around a number do not matter.
 */
typedef struct mtp_column {
    const char *name;
    mtp_type type;
    size_t rows;
    const double *number;         /* [rows], NaN where missing; NULL for text columns */
    const char *const *text;      /* [rows], NULL where missing */
    const unsigned char *missing; /* [rows], 1 where missing */
} mtp_column;

typedef struct mtp_table_options {
    size_t size;    /* sizeof(mtp_table_options); set by _init */
    char delimiter; /* 0: found by the header (comma, semicolon or tab) */
    const char *const
        *missing;      /* further words that mean missing, NULL-terminated; or NULL */
    char decimal;      /* mark of numbers: 0 or '.'; or ',', and then the delimiter is a
                          semicolon or a tab, and a number has no point */
    const char *table; /* of an SQLite database, or a view; NULL: the only one */
    unsigned threads;  /* for text files; 0 or 1: one. It changes no table or message */
    bool forgiving; /* text files: read what can be read. A name that stands twice, or
                       is empty, gets its number ("n (4)", "column 3"); a column with a
                       number beyond the largest is text; a row that is longer or
                       shorter than the header is left out, and is a problem with the
                       status MTP_OK */
} mtp_table_options;

MTP_API void mtp_table_options_init(mtp_table_options *options, size_t size);

/**
 * Read a file: an SQLite database where its first bytes say so, else CSV, for which see
 * mtp_table_read_csv.
 *
 * Of a database one table or view is read, with all its columns; the file is opened for
 * reading only, and must not be written to meanwhile. NULL is missing. Numbers stay
 * what they are; texts are read like the cells of a CSV file, so that "12" is a number.
 * Rows come in the order of the rowid or primary key, those of a view as it gives them.
 * Views may call the functions of SQLite that depend on the row alone, not on chance or
 * the clock. A table has no lines (mtp_table_line). Limits: a field 16 MiB, a row
 * 64 MiB, a view 200 times the size of the file (64 MiB are always allowed).
 *
 * @param path      file name; "-" is standard input, which cannot be a database
 * @return as mtp_table_read_csv; MTP_E_ARG for options of the other format, and where
 *         `table` is needed, because there are several; MTP_E_DATA for changes that
 *         another program has not finished, an unknown table, a blob, infinity
 */
MTP_API mtp_status mtp_table_read(const char *path, const mtp_table_options *options,
                                  mtp_table **table, mtp_problems *problems,
                                  mtp_error *err);

/**
 * Read a CSV file (UTF-8, with or without BOM, one header line), as it is or packed as
 * gzip. Line ends are LF, CRLF or CR; lines that are empty or blank are skipped. Names
 * lose the blanks around them; cells keep theirs. Limits: a field 16 MiB, a row 64 MiB,
 * 32,767 columns; a gzip file, 200 times its size (64 MiB are always allowed).
 *
 * @param path      file name; "-" is standard input
 * @param table     out, freed with mtp_table_free; untouched on failure
 * @param problems  every problem found (first MTP_PROBLEMS_KEPT in full); may be NULL.
 *                  Those with the status MTP_OK were no obstacle
 * @param err       the first problem that was one
 * @return MTP_OK; MTP_E_DATA (missing file, directory, no rows, duplicate header, ...);
 *         MTP_E_SYNTAX (malformed bytes); MTP_E_IO; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_table_read_csv(const char *path,
                                      const mtp_table_options *options,
                                      mtp_table **table, mtp_problems *problems,
                                      mtp_error *err);

/** The same from memory; `source` is the name used in messages. */
MTP_API mtp_status mtp_table_parse_csv(const char *source, const char *bytes,
                                       size_t length, const mtp_table_options *options,
                                       mtp_table **table, mtp_problems *problems,
                                       mtp_error *err);
MTP_API void mtp_table_free(mtp_table *table);

MTP_API size_t mtp_table_rows(const mtp_table *table);
MTP_API size_t mtp_table_columns(const mtp_table *table);
MTP_API const mtp_column *mtp_table_column(const mtp_table *table, size_t index);
/** Column by exact name, or NULL. */
MTP_API const mtp_column *mtp_table_find(const mtp_table *table, const char *name);
/** 1-based line of the file on which data row `row` (0-based) begins; 0 in a table that
 * has no lines, and messages then name the row. */
MTP_API size_t mtp_table_line(const mtp_table *table, size_t row);
MTP_API const char *mtp_table_source(const mtp_table *table);
/** SHA-256 of the bytes of the file as they stand, 64 hexadecimal digits. */
MTP_API const char *mtp_table_sha256(const mtp_table *table);

/** A computed column, with an owner of its own. */
typedef struct mtp_values mtp_values;
MTP_API const mtp_column *mtp_values_column(const mtp_values *values);
MTP_API void mtp_values_free(mtp_values *values);

/**
 * Evaluate a column option: an expression that equals a header exactly is that column;
 * otherwise it is one SQLite expression over the row's typed columns.
 *
 * Number columns are REAL and no division is one of integers (1 / 2 is 0.5); missing is
 * NULL. Functions see one row: arithmetic, rounding, logarithms (ln, log10), powers,
 * trigonometry and text; no aggregates, queries, dates or random numbers. Where text is
 * needed (||, upper, LIKE, CAST AS TEXT), a number is written in its shortest form. A
 * CAST of text to a number fails on text that is none. A result is missing where it is
 * NULL, which is also what SQL gives for x / 0; a result that is text is read like a
 * cell. Conditions give 1 and 0.
 *
 * @param values  out, freed with mtp_values_free; the table must outlive it
 * @return MTP_OK; MTP_E_ARG for a syntax error or a refused function or statement;
 *         MTP_E_DATA for a name that no column has (the message suggests the nearest),
 *         text compared with a number and the like, an infinite result; MTP_E_NOMEM
 */
MTP_API mtp_status mtp_table_evaluate(const mtp_table *table, const char *expression,
                                      mtp_values **values, mtp_error *err);

/**
 * Make a table by a query, for tables whose rows are not yet studies.
 *
 *   SELECT [DISTINCT] result, ... FROM data [WHERE condition] [GROUP BY x, ...]
 *   [HAVING condition] [ORDER BY x [ASC | DESC] [NULLS FIRST | LAST], ...]
 *   [LIMIT n [OFFSET n]]
 *
 * A result is `*` or an expression as in mtp_table_evaluate, with AS and a name unless
 * it is a column alone. Aggregates: count(*), count, sum, total, avg, min, max,
 * group_concat(x [, separator]), of [DISTINCT] x, with FILTER (WHERE ...). They pass
 * over what is missing; of nothing count and total give 0, the others NULL. Sums are
 * right to the last digit or nearly so, whatever the order of the rows. Rows whose key
 * is missing are a group of their own. A column beside aggregates that is not in GROUP
 * BY must have one value in each group. Groups and rows come in the order in which they
 * first stand in the table; ORDER BY keeps that order among equals, and compares text
 * by bytes.
 *
 * Columns are typed as by mtp_table_evaluate; numbers have their shortest form as text.
 * The source and its SHA-256 are those of the table; its rows have no lines.
 *
 * @param table   may be freed before the result
 * @param result  out, freed with mtp_table_free; untouched on failure
 * @return as mtp_table_evaluate; MTP_E_DATA also for a column that has two values in
 *         one group (the message names both), and where no row is left
 */
MTP_API mtp_status mtp_table_query(const mtp_table *table, const char *sql,
                                   mtp_table **result, mtp_error *err);

/**
 * Check that a column of the table, or one computed from it, is a number column.
 *
 * @param problems  every cell that is not a number, with file, line, column and what
 *                  would fix it; may be NULL
 * @param err       the first of them
 * @return MTP_OK; MTP_E_DATA
 */
MTP_API mtp_status mtp_table_require_numbers(const mtp_table *table,
                                             const mtp_column *column,
                                             mtp_problems *problems, mtp_error *err);

#ifdef __cplusplus
}
#endif

#endif
