/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_LABBE_FIGURE_H
#define MTP_PLOT_LABBE_FIGURE_H

#include "analysis/labbe.h"
#include "core/strbuf.h"
#include "plot/scene.h"

/** An L'Abbe plot, of a bundle with a pooling for which mtp_labbe_has_points. */

/** What the areas of the circles stand for. */
typedef enum mtp_labbe_area {
    MTP_LABBE_WEIGHT, /* in the random-effects mean */
    MTP_LABBE_SIZE,   /* patients or person-time, where studies have no weights */
} mtp_labbe_area;

mtp_labbe_area mtp_labbe_area_of(const mtp_bundle *bundle);

enum { MTP_LABBE_LINES = 3 };

/** A line of equal effects, on the analysis scale. */
typedef struct mtp_labbe_line {
    const char *id; /* "no_effect", "random", "common" */
    mtp_mark mark;
    double effect;
} mtp_labbe_line;

/** The lines that exist; returns how many. */
size_t mtp_labbe_lines(const mtp_bundle *bundle, mtp_labbe_line line[MTP_LABBE_LINES]);

void mtp_labbe_csv(const mtp_bundle *bundle, mtp_strbuf *out);
/** docs/schema/metapool.labbe.1.json */
void mtp_labbe_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted. */
mtp_scene *mtp_labbe_scene(const mtp_bundle *bundle, double width);

#endif
