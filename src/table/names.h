/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TABLE_NAMES_H
#define MTP_TABLE_NAMES_H

#include "metapool/table.h"

#include "core/arena.h"

/**
 * Columns by name as SQL compares names: without case. `first` and `second` are NULL
 * where there are no (such) columns; two make the name ambiguous.
 */
void mtp_names_find(const mtp_table *table, const char *name, const mtp_column **first,
                    const mtp_column **second);

/** The column whose name is most like a text, or NULL. `scratch` may run out. */
const mtp_column *mtp_names_nearest(const mtp_table *table, const char *text,
                                    mtp_arena *scratch);

/** "study, deaths, patients" into a buffer; what does not fit is counted. */
void mtp_names_list(const mtp_table *table, char *list, size_t size);

/** The same of names in an array. */
void mtp_names_join(size_t n, const char *const name[], char *list, size_t size);

#endif
