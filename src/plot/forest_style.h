/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_STYLE_H
#define MTP_PLOT_FOREST_STYLE_H

#include "metapool/forest.h"
#include "metapool/forest_look.h"

#include "plot/scene.h"

/**
 * What the layouts of a forest plot differ in: columns, words and marks.
 */

enum { MTP_STYLE_COLUMNS = 5 };

typedef struct mtp_forest_style {
    bool both;          /* models; else one */
    bool studies;       /* have lines */
    bool title;         /* is drawn; it always stands in <title> */
    bool pooled_line;   /* dashed, at the estimate */
    bool plot_header;   /* the heading of the estimates stands over the plot, too */
    bool axis_level;    /* "Odds ratio (95% CI)" under the axis */
    bool favours_above; /* in bold over the plot; else under its axis */
    bool data_over;     /* one heading over the columns of the raw data */
    /* Columns beside the labels and to the right; MTP_SHOWN_STUDY ends the list. */
    mtp_shown left[MTP_STYLE_COLUMNS], right[MTP_STYLE_COLUMNS];
    const char *study;                        /* heading of the labels */
    const char *subtotal, *total;             /* rows of the one model */
    bool total_level;                         /* "Total (95% CI)" */
    const char *open, *to, *to_minus, *close; /* limits, one of which is negative */
    const char *interval_open; /* heading of the estimates: before the level */
    const char *weight;        /* heading */
    const char *percent;       /* after weights */
    mtp_mark common, random;
    /* Words of the tests of one model; NULL: none. */
    const char *heterogeneity, *overall, *between; /* how the lines begin */
    const char *tau2, *chisq, *equals, *below;
    const char *before_p, *after_p;
} mtp_forest_style;

const mtp_forest_style *mtp_forest_style_get(mtp_forest_layout layout);

/** The layout that is asked for. */
mtp_forest_layout mtp_forest_layout_of(const mtp_bundle *bundle);

/** The one model of layouts that have one: the common effect of equal effects,
 * Mantel-Haenszel and Peto, else random effects. */
bool mtp_forest_tells_common(const mtp_bundle *bundle);

#endif
