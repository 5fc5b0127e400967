/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ORTHONORMAL_H
#define MTP_MODELS_ORTHONORMAL_H

#include "core/dd.h"

#include <stddef.h>

/**
 * Orthonormal columns by modified Gram and Schmidt in double-double: a = Q R, Q in
 * place of a. Thirty digits leave every digit of a double in Q, however near the
 * columns are to combinations of each other.
 *
 * @param a       [k * p] row by row
 * @param before  [p] scratch
 * @param r       [p * p] out, upper triangle
 * @return p, or the first column of which nothing is left, to 27 digits
 */
size_t mtp_orthonormalize(size_t k, size_t p, mtp_dd a[], double before[], mtp_dd r[]);

/** The upper triangle of R^-1. */
void mtp_invert_upper(size_t p, const mtp_dd r[], mtp_dd inverse[]);

#endif
