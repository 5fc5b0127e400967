/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_LOOK_H
#define MTP_ANALYSIS_LOOK_H

#include <stdbool.h>
#include <stddef.h>

/** --sort: by what the studies of a figure are ordered. */
typedef enum mtp_look_key {
    MTP_SORT_NONE,
    MTP_SORT_YI,
    MTP_SORT_WEIGHT,
    MTP_SORT_NAME,
    MTP_SORT_COLUMN,
} mtp_look_key;

typedef struct mtp_look_sort {
    mtp_look_key key;
    bool descending;
    size_t text; /* MTP_SORT_COLUMN: of the bound texts */
} mtp_look_sort;

#endif
