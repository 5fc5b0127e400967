/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_SEARCH_MOVES_H
#define MTP_AUDIT_SEARCH_MOVES_H

#include "metapool/analysis_file.h"

#include "core/arena.h"

#include <stdbool.h>

/* A choice that a search may make otherwise than the analysis does. */
typedef struct mtp_move {
    const char *option, *value;
    bool core;  /* of model, estimator, interval, zero cells: tried with others too */
    bool alone; /* not tried with others */
} mtp_move;

/** Every value of every option of the command that the request does not have.
 *  @param moves  out: in the arena
 *  @return their number; 0 without memory too, when *moves is NULL */
size_t mtp_search_moves(const mtp_file_analysis *analysis, const mtp_request *request,
                        mtp_arena *arena, const mtp_move **moves);

#endif
