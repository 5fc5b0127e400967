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

void mtp_names_list(const mtp_table *table, char *list, size_t size)
{
    const size_t reserve = sizeof ", and 32767 more";
    size_t at = 0, i = 0;

    list[0] = '\0';
    for (; i < table->columns; i++) {
        char name[MTP_EXCERPT];
        size_t length;

        (void)mtp_excerpt(table->column[i].name, strlen(table->column[i].name), name);
        length = strlen(name) + 2;
        if (at + length + reserve > size) {
            break;
        }
        at += (size_t)snprintf(list + at, size - at, "%s%s", i ? ", " : "", name);
    }
    if (i < table->columns) {
        (void)snprintf(list + at, size - at, ", and %zu more", table->columns - i);
    }
}
