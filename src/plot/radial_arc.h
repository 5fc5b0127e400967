/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_RADIAL_ARC_H
#define MTP_PLOT_RADIAL_ARC_H

#include "metapool/analysis.h"

#include "plot/frame.h"

/**
 * The scale of a radial plot: an arc about the origin, just outside all studies, on
 * which the line from the origin through a study meets the study's effect.
 */
typedef struct mtp_radial_arc {
    const mtp_bundle *bundle;
    bool natural;       /* ticks are on the natural scale, not on that of analysis */
    double ft_n;        /* of the back-transform */
    double least, most; /* effects at its ends, analysis scale */
    mtp_axis ticks;     /* between them; only its ticks are used */
    mtp_point origin;
    double radius;
} mtp_radial_arc;

/**
 * Choose the ends and the ticks, once the axes of the frame are chosen, x from 0.
 * @param effect  [n] that the arc is to show, as far as it reaches; finite
 * @param reach   of the studies: the largest share of the axes, 1 for one at the right
 *                end with z = 0
 */
void mtp_radial_arc_choose(mtp_radial_arc *arc, const mtp_frame *frame, size_t n,
                           const double effect[], double reach);

/** The share of the axes that a point with these figures reaches. */
double mtp_radial_reach(const mtp_frame *frame, double x, double z);

/** Open the frame so that the arc has its place beside it. */
void mtp_radial_arc_open(mtp_radial_arc *arc, mtp_frame *frame, double reach);

/** Where the line z = intercept + slope x meets the arc, or the plot area's upper or
 * lower end before it. */
mtp_point mtp_radial_arc_meet(const mtp_radial_arc *arc, const mtp_frame *frame,
                              double intercept, double slope);

/** The arc with its ticks and labels. */
void mtp_radial_arc_draw(const mtp_radial_arc *arc, const mtp_frame *frame);

#endif
