/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_CLIMB_H
#define MTP_BIAS_CLIMB_H

#include "core/arena.h"

#include <stdbool.h>

/** A log-likelihood with its derivatives at a point. */
typedef struct mtp_climb_point {
    double loglik;              /* -inf where there is none */
    double *gradient, *hessian; /* [n], [n * n] */
} mtp_climb_point;

typedef struct mtp_climb_function {
    size_t n;
    size_t n_first; /* a climb begins with these parameters, the others held */
    void *of;
    void (*evaluate)(void *of, const double at[], mtp_climb_point *point);
} mtp_climb_function;

/** A search for maxima between bounds; equal bounds hold a parameter fast. */
typedef struct mtp_climb {
    mtp_climb_function function;
    const double *lower, *upper; /* [n] */
    mtp_arena *arena;
    mtp_climb_point at, next;
    double *theta;                         /* [n] where the climb stands */
    double *trial, *step, *factor, *scale; /* [n], [n], [n * n], [n] */
    size_t *moving;                        /* [n] */
    bool held;                             /* only the first parameters move */
    bool bounded; /* false unless set: no parameter can run away, so that a climb that
                     comes to no end has met a flat top, and counts if the highest */
    size_t evaluations;
    /* The best of all climbs so far. */
    double *best;                       /* [n] */
    double best_loglik, endless_loglik; /* endless: of climbs that came to no end */
    double found[64];
    size_t n_found; /* distinct maxima */
} mtp_climb;

/** false without memory */
bool mtp_climb_make(const mtp_climb_function *function, const double lower[],
                    const double upper[], mtp_arena *arena, mtp_climb *climb);

/** Forget all climbs, as the function or its bounds have changed. */
void mtp_climb_reset(mtp_climb *climb);

/** Climb from a start, first in the first parameters, then in all; a local maximum is
 *  entered into the list and the best. */
void mtp_climb_from(mtp_climb *climb, const double start[]);

/** Climb from the best once more, for the function has changed a little: what is found
 *  takes the place of the best in the list. */
void mtp_climb_again(mtp_climb *climb);

#endif
