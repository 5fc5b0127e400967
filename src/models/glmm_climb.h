/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_GLMM_CLIMB_H
#define MTP_MODELS_GLMM_CLIMB_H

#include "models/glmm_internal.h"

/** Where Newton's method is on the likelihood, and what it goes by. */
typedef struct mtp_glmm_climber {
    const mtp_glmm_problem *problem;
    mtp_glmm_rule scan, rule;
    size_t iterations;
    mtp_glmm_value p;     /* where it is */
    mtp_glmm_newton step; /* and where it goes */
    double *coarse;       /* [p + 2] what a rule of longer steps gave there */
} mtp_glmm_climber;

/** Room for a problem. @return false when memory is exhausted */
bool mtp_glmm_climb_make(mtp_glmm_climber *c, mtp_arena *arena);

void mtp_glmm_climb_evaluate(const mtp_glmm_climber *c, const mtp_glmm_rule *rule,
                             mtp_glmm_value *value);

/** Where the profile through here has its beta when tau becomes tau. */
void mtp_glmm_climb_follow(const mtp_glmm_climber *c, const mtp_glmm_station *here,
                           double tau, double *beta);

/** The profile at here->at.tau, by Newton in beta from here->at. */
void mtp_glmm_climb_profile(mtp_glmm_climber *c, mtp_glmm_station *here);
void mtp_glmm_climb_profile_from(mtp_glmm_climber *c, const mtp_glmm_station *from,
                                 double tau, mtp_glmm_station *here);

/** From c->p to the maximum, which becomes c->p; false outside (lower, upper) and where
 * the likelihood is not concave. */
bool mtp_glmm_climb_refine(mtp_glmm_climber *c, double lower, double upper);

void mtp_glmm_station_copy(const mtp_glmm_climber *c, const mtp_glmm_station *from,
                           mtp_glmm_station *to);
void mtp_glmm_station_swap(mtp_glmm_station *a, mtp_glmm_station *b);

#endif
