/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_ORDER_H
#define MTP_MODELS_ROBUST_ORDER_H

#include "metapool/robust.h"

#include "core/arena.h"

/** The rows of a model cluster by cluster; the model's shape and figures are checked on
 *  the way. */
typedef struct mtp_robust_order {
    size_t *row;         /* [k]; within a cluster by variance and figures, so that their
                            order in the table changes no digit, or by block */
    const size_t *start; /* [m + 1] */
    const size_t *block; /* [n_blocks] in the order of their rows */
    const size_t *block_size; /* [n_blocks] by block */
    size_t largest_block;
} mtp_robust_order;

mtp_status mtp_robust_order_make(const mtp_robust_model *model, mtp_arena *arena,
                                 mtp_robust_order *order, mtp_error *err);

#endif
