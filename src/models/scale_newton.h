/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_SCALE_NEWTON_H
#define MTP_MODELS_SCALE_NEWTON_H

#include "core/arena.h"
#include "models/scale_likelihood.h"

/** Room for points of a problem and the steps between them. */
typedef struct mtp_scale_room {
    mtp_scale_point at, next;
    double *step, *trial, *factor; /* [q], [q], [q * q] */
    double *change;                /* [k] of log tau2 by the last step */
    size_t evaluations;
} mtp_scale_room;

/** false without memory */
bool mtp_scale_room_make(size_t k, size_t p, size_t q, mtp_arena *arena,
                         mtp_scale_room *room);

/** Whether log tau2 of study i fell in the last step as only those do that fall without
 *  end: not by what the maximum of the others still moves. */
bool mtp_scale_falls(const mtp_scale_problem *problem, const mtp_scale_room *room,
                     size_t i);

/**
 * Climb from gamma by damped Newton steps to a local maximum, or, where log tau2 of
 * studies falls without end, until these count for nothing. gamma and room->at are
 * where the climb ended, with derivatives.
 * @param endless  out: some fall without end
 * @return false: no likelihood at the start
 */
bool mtp_scale_climb(const mtp_scale_problem *problem, double gamma[],
                     mtp_scale_room *room, bool *endless);

#endif
