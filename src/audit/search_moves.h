/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_AUDIT_SEARCH_MOVES_H
#define MTP_AUDIT_SEARCH_MOVES_H

#include "metapool/verify.h"

#include "core/arena.h"

#include <stdbool.h>

/* With how many others a choice is tried. */
typedef enum mtp_reach {
    MTP_MOVE_LAST,  /* alone, after pairs of others: the defaults of a program */
    MTP_MOVE_PAIRS, /* alone and with one other */
    MTP_MOVE_CORE,  /* model, estimator, interval, zero cells: with three others */
} mtp_reach;

/* A choice that a search may make otherwise than the analysis does. */
typedef struct mtp_move {
    const char *option, *value;
    mtp_reach reach;
    bool rare; /* no program's default, and seldom chosen */
} mtp_move;

/** Every value of every option of the command that the request does not have, as far
 *  as it can touch the figures of some of the claims.
 *  @param moves  out: in the arena
 *  @return their number; 0 without memory too, when *moves is NULL */
size_t mtp_search_moves(const mtp_file_analysis *analysis, const mtp_request *request,
                        size_t n, mtp_judged *const judged[], mtp_arena *arena,
                        const mtp_move **moves);

#endif
