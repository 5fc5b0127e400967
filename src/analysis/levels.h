/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_LEVELS_H
#define MTP_ANALYSIS_LEVELS_H

#include "metapool/status.h"

#include "core/arena.h"

/** Texts by table row, NULL where missing, and their numbers where all were numbers. */
typedef struct mtp_labels {
    const char **text;
    const double *number; /* NULL for text */
} mtp_labels;

/**
 * The distinct labels of k rows, in alphabetical or numeric order, and each row's place
 * among them. A level that is a number is named by its shortest text, so that the order
 * of the rows ("1", "1.0") does not show.
 *
 * @param row  [k] rows of the labels, none missing
 */
mtp_status mtp_make_levels(mtp_arena *arena, const mtp_labels *labels, size_t k,
                           const size_t row[], size_t *n_levels, const size_t **level,
                           const char *const **level_name, mtp_error *err);

/** The name of a row's level; NULL when memory is exhausted. */
const char *mtp_level_name(mtp_arena *arena, const mtp_labels *labels, size_t row);

#endif
