/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_BUBBLE_H
#define METAPOOL_BUBBLE_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file bubble.h
 * What a bubble plot shows beside the regression of its bundle, whose predictions are
 * the line: the part of a bundle that `plot bubble` draws.
 */

enum {
    MTP_BUBBLE_PLACES = 61, /* at which the line of a number is predicted */
    MTP_BUBBLE_GROUPS = 6,  /* of --by that a figure keeps apart */
};

typedef struct mtp_bubble {
    const char *across; /* the moderator that runs across, as in the formula */
    size_t variable;    /* its number among the design's */
    bool factor;
    size_t n_levels; /* of a factor, else 0 */
    const char *const *level;
    const size_t *level_of; /* [n_studies] of a factor, else NULL */
    const double *x;      /* [n_studies] its value; of a factor the level's number, from
                             0 */
    const double *line_x; /* [regression->n_predictions] the same of the predictions */
    const char *held;     /* where the other moderators stand; "": there are none */
    const char *area;     /* what the bubbles' area shows: "weight" in the regression,
                             "n", "time", or "even" */
    const double *size;   /* [n_studies] that; finite, 1 where even */
    size_t n_groups;      /* of --by, else 0 */
    const char *const *group;
    const size_t *group_of; /* [n_studies]; NULL without groups */
    bool names;             /* studies are named where there is room */
} mtp_bubble;

#ifdef __cplusplus
}
#endif

#endif
