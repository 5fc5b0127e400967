/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_SELECTION_SEARCH_H
#define MTP_BIAS_SELECTION_SEARCH_H

#include "bias/selection_likelihood.h"

/** A search over parameters between bounds; equal bounds hold a parameter fast. */
typedef struct mtp_selection_search {
    mtp_selection_problem *problem;
    const double *lower, *upper; /* [n] */
    mtp_arena *arena;
    mtp_selection_point at, next;
    double *theta;                         /* [n] where the climb stands */
    double *trial, *step, *factor, *scale; /* [n], [n], [n * n], [n] */
    size_t *moving;                        /* [n] */
    bool weights_held;                     /* theta does not move */
    size_t evaluations;
    /* The best of all climbs so far. */
    double *best;                       /* [n] */
    double best_loglik, endless_loglik; /* endless: of climbs that came to no end */
    double found[64];
    size_t n_found; /* distinct maxima */
} mtp_selection_search;

/** false without memory */
bool mtp_selection_search_make(mtp_selection_problem *problem, const double lower[],
                               const double upper[], mtp_arena *arena,
                               mtp_selection_search *search);

/** Climb from a start, first with the weights as they are, then in all parameters; a
 *  local maximum is entered into the list and the best. */
void mtp_selection_climb(mtp_selection_search *search, const double start[]);

/** Parameters that are fast, or at a bound beyond which the likelihood rises, do not
 *  move. */
bool mtp_selection_moves(const mtp_selection_search *search, const double theta[],
                         const double gradient[], size_t j);

#endif
