/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_FIGURE_H
#define MTP_PLOT_FOREST_FIGURE_H

#include "metapool/forest.h"

#include "plot/axis.h"
#include "plot/scene.h"

/**
 * A forest plot on its way from numbers to a scene: lines with their text, then columns
 * and places, then marks. Lengths in points.
 */

typedef enum mtp_line_kind {
    MTP_LINE_HEADING, /* name of a group */
    MTP_LINE_ROW,     /* a row of the data */
    MTP_LINE_NOTE,    /* heterogeneity, tests */
} mtp_line_kind;

/* A line of the figure; texts that it does not have are "". */
typedef struct mtp_forest_line {
    mtp_line_kind kind;
    size_t row; /* of the data; MTP_NO_ROW for headings and notes */
    bool bold;
    double indent, space_before;
    const char *label;
    const char *events, *total; /* the raw data, by forest_cells.c */
    const char *estimate, *limits, *weight;
    mtp_text_lines wrapped; /* the label, broken to its column's width */
    double pitch;           /* between the lines of the label */
    double middle;          /* of the line, without the space before it */
} mtp_forest_line;

/* Where the columns lie; one that is missing has no width. */
typedef struct mtp_forest_columns {
    double label_left, label_width;
    double events_right, total_right; /* the left block ends at total_right */
    double estimate_right, limits_right, weight_right;
    double width; /* of the page */
} mtp_forest_columns;

typedef struct mtp_forest_figure {
    const mtp_forest *forest;
    mtp_scene *scene;
    mtp_axis axis;
    int decimals;                           /* of estimates and limits */
    bool has_events, has_total, has_weight; /* columns that have any figure */
    size_t n_lines;
    mtp_forest_line *line;
    mtp_forest_columns column;
    double body_top, body_bottom; /* of the lines */
} mtp_forest_figure;

enum { MTP_FOREST_MARGIN = 14 };

/** The axis and the decimals (forest_axis.c). @return false when memory is exhausted */
bool mtp_forest_choose_axis(mtp_forest_figure *figure);

/** Draw the axis at y; returns the baseline of its title (forest_axis.c). */
double mtp_forest_draw_axis(const mtp_forest_figure *figure, double y);

/** Text of every line (forest_lines.c). @return false when memory is exhausted */
bool mtp_forest_make_lines(mtp_forest_figure *figure);

/** Columns from the widths of their text (forest_layout.c). */
void mtp_forest_place_columns(mtp_forest_figure *figure);

/** Labels broken to their column, lines one under the other from `top` on; false when
 * memory is exhausted (forest_layout.c). */
bool mtp_forest_place_lines(mtp_forest_figure *figure, double top);

/** The raw data of a row as two texts, "" where there are none (forest_cells.c). */
void mtp_forest_cells(mtp_scene *scene, const mtp_bundle *bundle,
                      const mtp_forest_row *row, const char *cell[2]);
/** Their headers. */
void mtp_forest_cell_headers(const mtp_bundle *bundle, const char *header[2]);

/** Texts of the header: "Study", "Events", ... (forest_lines.c) */
typedef struct mtp_forest_header {
    const char *label, *events, *total, *estimate, *weight;
} mtp_forest_header;
mtp_forest_header mtp_forest_header_text(const mtp_forest_figure *figure);

/** Does an interval run beyond the axis on that side? */
bool mtp_forest_beyond_left(const mtp_axis *axis, double lower);
bool mtp_forest_beyond_right(const mtp_axis *axis, double upper);

/** What the area of a study's square stands for: its weight, or n where the model has
 * no weights; the largest of them (forest_marks.c). */
double mtp_forest_study_size(const mtp_forest_row *row);
double mtp_forest_largest_size(const mtp_forest *forest);

/** Squares, intervals, diamonds, bars (forest_marks.c). */
void mtp_forest_draw_marks(const mtp_forest_figure *figure);

/** The whole picture, NULL when memory is exhausted (forest_scene.c). */
mtp_scene *mtp_forest_scene(const mtp_forest *forest);

#endif
