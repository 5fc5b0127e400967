/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_DESIGN_FACTOR_H
#define MTP_DESIGN_FACTOR_H

#include "metapool/design.h"

#include "core/arena.h"

/**
 * The levels of a variable: texts in the order of their bytes, numbers by value and
 * named by their shortest text, so that the order of rows shows nowhere.
 */
typedef struct mtp_factor {
    size_t n_levels;
    const char *const *level;
    const double *number; /* [n_levels]; NULL for texts */
    const size_t *count;
    const size_t *level_of; /* [k] */
    size_t reference;
} mtp_factor;

/** @return MTP_OK; MTP_E_NOMEM; the factor holds copies in the arena */
mtp_status mtp_factor_make(mtp_arena *arena, size_t k, const mtp_design_values *values,
                           mtp_factor *factor, mtp_error *err);

/** The level with this name, or, of numbers, this value; n_levels if there is none. */
size_t mtp_factor_find(const mtp_factor *factor, const char *text);
size_t mtp_factor_find_number(const mtp_factor *factor, double number);

/** MTP_E_ARG that lists the levels of the variable. */
mtp_status mtp_factor_fail(const mtp_factor *factor, const char *variable,
                           const char *typed, mtp_error *err);

#endif
