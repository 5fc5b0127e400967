/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_INFLUENCE_PANELS_H
#define MTP_PLOT_INFLUENCE_PANELS_H

#include "plot/frame.h"
#include "plot/influence_figure.h"

#define MTP_INFLUENCE_COUNT(field, title, zero) +1
enum { MTP_INFLUENCE_PANELS = MTP_INFLUENCE_PANEL_LIST(MTP_INFLUENCE_COUNT) };
#undef MTP_INFLUENCE_COUNT

typedef struct mtp_influence_panel {
    const char *title;
    bool from_zero;
    int rule; /* of influence; -1: none */
    bool both_sides;
    size_t offset; /* of the figure in mtp_study_influence */
} mtp_influence_panel;

/** The panels, one a diagnostic, while they are drawn (influence_panels.c). */
typedef struct mtp_influence_panels {
    const mtp_influence_result *made;
    mtp_scene *scene;
    double width; /* of the page */
    mtp_influence_panel kind[MTP_INFLUENCE_PANELS];
    mtp_frame panel[MTP_INFLUENCE_PANELS];
    double reference[MTP_INFLUENCE_PANELS], cut[MTP_INFLUENCE_PANELS]; /* NaN: none */
    bool cut_drawn[MTP_INFLUENCE_PANELS];
} mtp_influence_panels;

/** What they show, of a result on a page of that width; false when memory is exhausted.
 */
bool mtp_influence_choose_panels(mtp_influence_panels *panels,
                                 const mtp_influence_result *made, double width,
                                 mtp_scene *scene);

/** Place the panels below y; returns where they end. */
double mtp_influence_place_panels(mtp_influence_panels *panels, double y);

void mtp_influence_draw_panels(const mtp_influence_panels *panels);

#endif
