/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table/names.h"

#include "core/nearest.h"
#include "table/collector.h"
#include "table/table.h"
#include "table/token.h"

#include <stdio.h>
#include <string.h>

void mtp_names_find(const mtp_table *table, const char *name, const mtp_column **first,
                    const mtp_column **second)
{
    *first = *second = NULL;
    for (size_t i = 0; i < table->columns && !*second; i++) {
        if (mtp_same_name(table->column[i].name, name)) {
            *(*first ? second : first) = &table->column[i];
        }
    }
}

const mtp_column *mtp_names_nearest(const mtp_table *table, const char *text,
                                    mtp_arena *scratch)
{
    const char **name = MTP_ARENA_ARRAY(scratch, table->columns, const char *);
    size_t nearest;

    if (!name) {
        return NULL;
    }
    for (size_t i = 0; i < table->columns; i++) {
        name[i] = table->column[i].name;
    }
    nearest = mtp_nearest_name(text, table->columns, name);
    return nearest < table->columns ? &table->column[nearest] : NULL;
}

/* One more name at the end of a list; false, with nothing done, where it leaves no room
 * for the count of those that follow. */
static bool add_name(char *list, size_t size, const char *name)
{
    const size_t reserve = sizeof ", and 4294967295 more";
    size_t at = strlen(list);
    char excerpt[MTP_EXCERPT];

    (void)mtp_excerpt(name, strlen(name), excerpt);
    if (at + strlen(excerpt) + 2 + reserve > size) {
        return false;
    }
    (void)snprintf(list + at, size - at, "%s%s", at ? ", " : "", excerpt);
    return true;
}

static void add_rest(char *list, size_t size, size_t rest)
{
    size_t at = strlen(list);

    if (rest > 0) {
        (void)snprintf(list + at, size - at, ", and %zu more", rest);
    }
}

void mtp_names_list(const mtp_table *table, char *list, size_t size)
{
    size_t i = 0;

    list[0] = '\0';
    while (i < table->columns && add_name(list, size, table->column[i].name)) {
        i++;
    }
    add_rest(list, size, table->columns - i);
}

void mtp_names_join(size_t n, const char *const name[], char *list, size_t size)
{
    size_t i = 0;

    list[0] = '\0';
    while (i < n && add_name(list, size, name[i])) {
        i++;
    }
    add_rest(list, size, n - i);
}
