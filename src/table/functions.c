/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/functions.h"

#include "core/nearest.h"
#include "core/number.h"
#include "table/cells.h"
#include "table/collector.h"
#include "table/token.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* Mathematics of one number: X(name in SQL, C function). */
/* clang-format off */
#define MATH_OF_ONE(X)                                                                 \
    X(ln, log) X(log10, log10) X(log2, log2) X(exp, exp) X(sqrt, sqrt)                 \
    X(floor, floor) X(ceil, ceil) X(ceiling, ceil) X(trunc, trunc)                     \
    X(sin, sin) X(cos, cos) X(tan, tan) X(asin, asin) X(acos, acos) X(atan, atan)      \
    X(sinh, sinh) X(cosh, cosh) X(tanh, tanh)                                          \
    X(asinh, asinh) X(acosh, acosh) X(atanh, atanh)
#define MATH_OF_TWO(X) X(pow, pow) X(power, pow) X(mod, fmod) X(atan2, atan2)
/* clang-format on */

enum { ANY_NUMBER = 100 }; /* of arguments; SQLite's own limit is 127 */

/* clang-format off */
static const mtp_function functions[] = {
#define OF_ONE(name, c) {#name, "n", 1, 1, 'n'},
    MATH_OF_ONE(OF_ONE)
#undef OF_ONE
#define OF_TWO(name, c) {#name, "n", 2, 2, 'n'},
    MATH_OF_TWO(OF_TWO)
#undef OF_TWO
    {"pi", "x", 0, 0, 'n'},
    {"abs", "n", 1, 1, 'n'},
    {"sign", "n", 1, 1, 'n'},
    {"round", "n", 1, 2, 'n'},
    {"min", "o", 2, ANY_NUMBER, 'u'},
    {"max", "o", 2, ANY_NUMBER, 'u'},
    {"coalesce", "u", 2, ANY_NUMBER, 'u'},
    {"ifnull", "u", 2, 2, 'u'},
    {"nullif", "o", 2, 2, 'u'},
    {"iif", "cu", 3, 3, 'u'},
    {"upper", "t", 1, 1, 't'},
    {"lower", "t", 1, 1, 't'},
    {"trim", "t", 1, 2, 't'},
    {"ltrim", "t", 1, 2, 't'},
    {"rtrim", "t", 1, 2, 't'},
    {"length", "t", 1, 1, 'n'},
    {"substr", "tn", 2, 3, 't'},
    {"substring", "tn", 2, 3, 't'},
    {"instr", "t", 2, 2, 'n'},
    {"replace", "t", 3, 3, 't'},
    {"like", "t", 2, 3, 'n'},
    {"glob", "t", 2, 2, 'n'},
    {"typeof", "x", 1, 1, 't'},
};
/* clang-format on */

enum { N_FUNCTIONS = sizeof functions / sizeof functions[0] };

const mtp_function *mtp_function_find(const char *name)
{
    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        if (mtp_same_name(functions[i].name, name)) {
            return &functions[i];
        }
    }
    return NULL;
}

const char *mtp_function_refusal(const char *name)
{
    static const char aggregate[] = "it looks at many rows, and an expression sees one "
                                    "row at a time; --query can group rows";
    static const char window[] =
        "it looks at other rows, and an expression sees one row at a time";
    static const char random[] = "the same input must always give the same result";
    static const char date[] = "dates are not available in expressions";
    static const struct {
        const char *name, *reason;
    } refused[] = {
        {"log", "say ln (natural) or log10"},
        {"sum", aggregate},
        {"count", aggregate},
        {"avg", aggregate},
        {"total", aggregate},
        {"group_concat", aggregate},
        {"string_agg", "its name is group_concat, and --query has it"},
        {"row_number", window},
        {"rank", window},
        {"dense_rank", window},
        {"percent_rank", window},
        {"cume_dist", window},
        {"ntile", window},
        {"lag", window},
        {"lead", window},
        {"first_value", window},
        {"last_value", window},
        {"nth_value", window},
        {"random", random},
        {"randomblob", random},
        {"date", date},
        {"time", date},
        {"datetime", date},
        {"julianday", date},
        {"strftime", date},
        {"unixepoch", date},
    };

    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        if (mtp_same_name(refused[i].name, name)) {
            return refused[i].reason;
        }
    }
    return NULL;
}

const char *mtp_function_nearest(const char *name)
{
    const char *names[N_FUNCTIONS];
    size_t nearest;

    for (size_t i = 0; i < N_FUNCTIONS; i++) {
        names[i] = functions[i].name;
    }
    nearest = mtp_nearest_name(name, N_FUNCTIONS, names);
    return nearest < N_FUNCTIONS ? names[nearest] : NULL;
}

/* What the SQL functions do. User data is the index of a row of these lists, or a
 * decimal mark. */

typedef double (*of_one)(double x);
typedef double (*of_two)(double x, double y);

static const struct {
    const char *name;
    of_one f;
} math_of_one[] = {
#define ROW(name, c) {#name, c},
    MATH_OF_ONE(ROW)};

static const struct {
    const char *name;
    of_two f;
} math_of_two[] = {MATH_OF_TWO(ROW)
#undef ROW
};

static size_t user_index(sqlite3_context *context)
{
    return (size_t)(uintptr_t)sqlite3_user_data(context);
}

static bool has_null(int n, sqlite3_value **value)
{
    for (int i = 0; i < n; i++) {
        if (sqlite3_value_type(value[i]) == SQLITE_NULL) {
            return true; /* the result is NULL, SQLite's default */
        }
    }
    return false;
}

/* SQLite would turn NaN into NULL: an undefined logarithm would pass as missing. */
static void give(sqlite3_context *context, double value, const char *name, int n,
                 sqlite3_value **argument)
{
    char text[2][MTP_NUMBER_TEXT], message[128];

    if (isfinite(value)) {
        sqlite3_result_double(context, value);
        return;
    }
    for (int i = 0; i < n; i++) {
        mtp_number_format(sqlite3_value_double(argument[i]), text[i]);
    }
    (void)snprintf(message, sizeof message, "%s(%s%s%s) is not a finite number", name,
                   text[0], n == 2 ? ", " : "", n == 2 ? text[1] : "");
    sqlite3_result_error(context, message, -1);
}

static void call_of_one(sqlite3_context *context, int n, sqlite3_value **value)
{
    size_t i = user_index(context);

    if (!has_null(n, value)) {
        give(context, math_of_one[i].f(sqlite3_value_double(value[0])),
             math_of_one[i].name, n, value);
    }
}

static void call_of_two(sqlite3_context *context, int n, sqlite3_value **value)
{
    size_t i = user_index(context);

    if (!has_null(n, value)) {
        double x = sqlite3_value_double(value[0]), y = sqlite3_value_double(value[1]);

        give(context, math_of_two[i].f(x, y), math_of_two[i].name, n, value);
    }
}

static void call_pi(sqlite3_context *context, int n, sqlite3_value **value)
{
    (void)n;
    (void)value;
    sqlite3_result_double(context, 3.14159265358979323846);
}

static void call_to_text(sqlite3_context *context, int n, sqlite3_value **value)
{
    int type = sqlite3_value_type(value[0]);

    (void)n;
    if (type == SQLITE_INTEGER || type == SQLITE_FLOAT) {
        char text[MTP_NUMBER_TEXT];

        mtp_cell_write(sqlite3_value_double(value[0]), (char)user_index(context), text);
        sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
    } else {
        sqlite3_result_value(context, value[0]);
    }
}

static void call_to_number(sqlite3_context *context, int n, sqlite3_value **value)
{
    mtp_cell_rules rules = {.decimal = (char)user_index(context)};
    const char *text;
    double number;

    (void)n;
    if (sqlite3_value_type(value[0]) != SQLITE_TEXT) {
        sqlite3_result_value(context, value[0]);
        return;
    }
    text = (const char *)sqlite3_value_text(value[0]);
    if (!text) {
        sqlite3_result_error_nomem(context);
        return;
    }
    switch (mtp_cell_read(text, rules, &number)) {
    case MTP_CELL_MISSING:
        break;
    case MTP_CELL_NUMBER:
        sqlite3_result_double(context, number);
        break;
    case MTP_CELL_OVERFLOW:
    case MTP_CELL_TEXT: {
        char excerpt[MTP_EXCERPT], message[128];

        (void)snprintf(message, sizeof message, "\"%s\" is not a number",
                       mtp_excerpt(text, strlen(text), excerpt));
        sqlite3_result_error(context, message, -1);
    }
    }
}

typedef void (*sql_function)(sqlite3_context *, int, sqlite3_value **);

static int add(sqlite3 *db, const char *name, int n, size_t index, sql_function f)
{
    return sqlite3_create_function(db, name, n, SQLITE_UTF8 | SQLITE_DETERMINISTIC,
                                   (void *)(uintptr_t)index, f, NULL, NULL);
}

int mtp_functions_register(sqlite3 *db, char decimal)
{
    size_t mark = (unsigned char)decimal;
    int code = add(db, "pi", 0, 0, call_pi);

    for (size_t i = 0;
         code == SQLITE_OK && i < sizeof math_of_one / sizeof math_of_one[0]; i++) {
        code = add(db, math_of_one[i].name, 1, i, call_of_one);
    }
    for (size_t i = 0;
         code == SQLITE_OK && i < sizeof math_of_two / sizeof math_of_two[0]; i++) {
        code = add(db, math_of_two[i].name, 2, i, call_of_two);
    }
    if (code == SQLITE_OK) {
        code = add(db, MTP_FUNCTION_TO_TEXT, 1, mark, call_to_text);
    }
    if (code == SQLITE_OK) {
        code = add(db, MTP_FUNCTION_TO_NUMBER, 1, mark, call_to_number);
    }
    return code;
}
