/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_BUBBLE_FIGURE_H
#define MTP_PLOT_BUBBLE_FIGURE_H

#include "metapool/analysis.h"
#include "metapool/bubble.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** A bubble plot, of a bundle that has a regression and what is shown beside it. */

/** What a study is shown at: what it observed where it is a proportion or rate of one
 * group, else its effect transformed back. */
double mtp_bubble_shown(const mtp_study *study);

/** Studies, then the line, one a line (bubble_data.c). */
void mtp_bubble_csv(const mtp_bundle *bundle, mtp_strbuf *out);

/** docs/schema/metapool.bubble.1.json (bubble_data.c). */
void mtp_bubble_json(const mtp_bundle *bundle, mtp_strbuf *out);

/** For a page of that width in points; NULL when memory is exhausted (bubble_scene.c).
 */
mtp_scene *mtp_bubble_scene(const mtp_bundle *bundle, double width);

/** The studies of a bubble plot. */
typedef struct mtp_bubble_mark {
    size_t study;
    mtp_point at;
    double radius;
} mtp_bubble_mark;

/**
 * Move the marks of each column of a factor aside where they would cover each other, by
 * no more than `room` to either side (bubble_columns.c).
 */
void mtp_bubble_spread(size_t n, mtp_bubble_mark mark[], double room);

#endif
