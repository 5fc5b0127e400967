/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/query_aggregates.h"

#include "core/dd.h"
#include "core/error.h"
#include "table/cells.h"
#include "table/collector.h"
#include "table/table.h"
#include "table/token.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* The letters are those of functions.h. */
static const mtp_function aggregates[] = {
    {"count", "x", 1, 1, 'n'},        {"sum", "n", 1, 1, 'n'},
    {"total", "n", 1, 1, 'n'},        {"avg", "n", 1, 1, 'n'},
    {"min", "o", 1, 1, 'u'},          {"max", "o", 1, 1, 'u'},
    {"group_concat", "t", 1, 2, 't'},
};

const mtp_function *mtp_aggregate_find(const char *name)
{
    for (size_t i = 0; i < sizeof aggregates / sizeof aggregates[0]; i++) {
        if (mtp_same_name(aggregates[i].name, name)) {
            return &aggregates[i];
        }
    }
    return NULL;
}

bool mtp_aggregate_is_allowed(const char *name)
{
    return mtp_aggregate_find(name) || strcmp(name, MTP_AGGREGATE_ONE) == 0;
}

/* Sums. SQLite clears the memory of an aggregate when a group begins. */

typedef struct running_sum {
    mtp_dd sum;
    double n;
} running_sum;

static void add_to_sum(sqlite3_context *context, int n, sqlite3_value **value)
{
    running_sum *sum;

    (void)n;
    if (sqlite3_value_type(value[0]) == SQLITE_NULL) {
        return;
    }
    sum = sqlite3_aggregate_context(context, sizeof *sum);
    if (!sum) {
        sqlite3_result_error_nomem(context);
        return;
    }
    sum->sum = mtp_dd_add(sum->sum, mtp_dd_from(sqlite3_value_double(value[0])));
    sum->n++;
}

static void give_finite(sqlite3_context *context, double value, const char *name)
{
    char message[64];

    if (isfinite(value)) {
        sqlite3_result_double(context, value);
        return;
    }
    (void)snprintf(message, sizeof message, "%s is beyond the largest number (1.8e308)",
                   name);
    sqlite3_result_error(context, message, -1);
}

/* NULL, SQLite's default, where there is nothing to add. */
static void end_sum(sqlite3_context *context)
{
    const running_sum *sum = sqlite3_aggregate_context(context, 0);

    if (sum) {
        give_finite(context, mtp_dd_to(sum->sum), "a sum");
    }
}

static void end_total(sqlite3_context *context)
{
    const running_sum *sum = sqlite3_aggregate_context(context, 0);

    give_finite(context, sum ? mtp_dd_to(sum->sum) : 0.0, "a total");
}

static void end_avg(sqlite3_context *context)
{
    const running_sum *sum = sqlite3_aggregate_context(context, 0);

    if (sum) {
        mtp_dd mean = mtp_dd_div(sum->sum, mtp_dd_from(sum->n));

        give_finite(context, mtp_dd_to(mean), "the sum of an average");
    }
}

/* The one value of a column in a group. */

typedef struct only_value {
    sqlite3_value *value; /* of the first row; NULL: no row yet */
    sqlite3_int64 row;
} only_value;

static const char *to_bytes(sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);

    return text ? text : "";
}

static bool same_value(sqlite3_value *a, sqlite3_value *b)
{
    int type = sqlite3_value_type(a);

    if (type != sqlite3_value_type(b)) {
        return false;
    }
    switch (type) {
    case SQLITE_NULL:
        return true;
    case SQLITE_TEXT:
        return strcmp(to_bytes(a), to_bytes(b)) == 0;
    default:
        return !(sqlite3_value_double(a) < sqlite3_value_double(b)) &&
               !(sqlite3_value_double(a) > sqlite3_value_double(b));
    }
}

enum { VALUE_TEXT = MTP_EXCERPT + 2 };

static const char *describe_value(const mtp_query_context *query, sqlite3_value *value,
                                  char text[VALUE_TEXT])
{
    char excerpt[MTP_EXCERPT];

    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
        return "missing";
    case SQLITE_TEXT: {
        const char *bytes = to_bytes(value);

        (void)snprintf(text, VALUE_TEXT, "\"%s\"",
                       mtp_excerpt(bytes, strlen(bytes), excerpt));
        return text;
    }
    default:
        mtp_cell_write(sqlite3_value_double(value), query->table->decimal, text);
        return text;
    }
}

/* "in the group study = "A", year = 2020" into a buffer. */
static void describe_group(const mtp_query_context *query, int n, sqlite3_value **key,
                           char *text, size_t size)
{
    size_t at = 0;

    if (n == 0) {
        (void)snprintf(text, size, "and without GROUP BY all rows are one group");
        return;
    }
    for (int i = 0; i < n && at < size; i++) {
        char value[VALUE_TEXT];

        at += (size_t)snprintf(text + at, size - at, "%s%s = %s",
                               i ? ", " : "in the group ", query->key[i],
                               describe_value(query, key[i], value));
    }
}

static void place_of(const mtp_query_context *query, sqlite3_int64 row, char text[32])
{
    size_t line = mtp_table_line(query->table, (size_t)row - 1);

    (void)snprintf(text, 32, "%s %zu", line ? "on line" : "in row",
                   line ? line : (size_t)row);
}

static void fail_one(sqlite3_context *context, const only_value *first, int n,
                     sqlite3_value **value)
{
    mtp_query_context *query = sqlite3_user_data(context);
    const mtp_column *column = query->column[sqlite3_value_int64(value[2])];
    char here[VALUE_TEXT], there[VALUE_TEXT], place[32], group[256];

    place_of(query, first->row, place);
    describe_group(query, n - 3, value + 3, group, sizeof group);
    (void)mtp_fail_at(query->err, MTP_E_DATA, NULL, 0, column->name,
                      "it is %s here and %s %s, %s; a result needs one value a group: "
                      "add the column to GROUP BY, or say which value (max, min, ...)",
                      describe_value(query, value[0], here),
                      describe_value(query, first->value, there), place, group);
    mtp_table_place(query->table, (size_t)sqlite3_value_int64(value[1]) - 1,
                    query->err);
    query->failed = true;
    sqlite3_result_error(context, "two values in one group", -1);
}

static void step_one(sqlite3_context *context, int n, sqlite3_value **value)
{
    only_value *one = sqlite3_aggregate_context(context, sizeof *one);

    assert(n >= 3);
    if (!one) {
        sqlite3_result_error_nomem(context);
    } else if (!one->value) {
        one->value = sqlite3_value_dup(value[0]);
        one->row = sqlite3_value_int64(value[1]);
        if (!one->value) {
            sqlite3_result_error_nomem(context);
        }
    } else if (!same_value(one->value, value[0])) {
        fail_one(context, one, n, value);
    }
}

static void end_one(sqlite3_context *context)
{
    only_value *one = sqlite3_aggregate_context(context, 0);

    if (one && one->value) {
        sqlite3_result_value(context, one->value);
        sqlite3_value_free(one->value);
        one->value = NULL;
    }
}

int mtp_aggregates_register(sqlite3 *db, mtp_query_context *context)
{
    static const struct {
        const char *name;
        int arguments;
        void (*step)(sqlite3_context *, int, sqlite3_value **);
        void (*end)(sqlite3_context *);
    } own[] = {
        {"sum", 1, add_to_sum, end_sum},
        {"total", 1, add_to_sum, end_total},
        {"avg", 1, add_to_sum, end_avg},
        {MTP_AGGREGATE_ONE, -1, step_one, end_one},
    };
    int code = SQLITE_OK;

    for (size_t i = 0; code == SQLITE_OK && i < sizeof own / sizeof own[0]; i++) {
        code = sqlite3_create_function(db, own[i].name, own[i].arguments,
                                       SQLITE_UTF8 | SQLITE_DETERMINISTIC, context,
                                       NULL, own[i].step, own[i].end);
    }
    return code;
}
