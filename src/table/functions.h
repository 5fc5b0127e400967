/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_FUNCTIONS_H
#define MTP_TABLE_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

/**
 * The functions an expression may call, and nothing else.
 *
 * `arguments` has one letter an argument; the last is that of any further ones: n a
 * number, t text (a number is written as text), c a condition, x anything; u a value of
 * the function's own kind; o the same, and compared. `result` is n, t, or u: the common
 * kind of the u and o arguments.
 */
typedef struct mtp_function {
    const char *name;
    const char *arguments;
    size_t least, most; /* number of arguments */
    char result;
} mtp_function;

/** The function of this name (case ignored), or NULL. */
const mtp_function *mtp_function_find(const char *name);

/** Why a function that people ask for is refused ("say ln or log10"), or NULL. */
const char *mtp_function_refusal(const char *name);

/** The name that is most like this one, or NULL. */
const char *mtp_function_nearest(const char *name);

/**
 * Register what SQLite may not have (it can be built without mathematics) or does
 * silently wrong: the mathematical functions, which fail where their value is not
 * finite, and the two conversions below, which write and read the decimal mark given.
 * @return an SQLite code
 */
int mtp_functions_register(sqlite3 *db, char decimal);

/* Conversions that an expression's SQL contains and a person does not write. */
#define MTP_FUNCTION_TO_TEXT   "mtp_to_text"   /* a number in its shortest form */
#define MTP_FUNCTION_TO_NUMBER "mtp_to_number" /* fails on text that is no number */

#endif
