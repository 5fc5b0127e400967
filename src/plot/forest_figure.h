/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_FIGURE_H
#define MTP_PLOT_FOREST_FIGURE_H

#include "metapool/forest.h"

#include "core/strbuf.h"
#include "plot/axis.h"
#include "plot/forest_style.h"
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
    const char *label, *estimate, *limits;
    size_t upper;      /* where the upper limit begins in `limits`; 0: there is none */
    const char **cell; /* [columns] of the others; "": none */
    mtp_text_lines *wrapped; /* [columns] label and cells, broken to their width */
    double pitch;            /* between the lines of the label */
    double middle, height;   /* of the line, without the space before it */
} mtp_forest_line;

/* A column of text. One in which no line has any is not drawn. */
typedef struct mtp_forest_column {
    mtp_shown shown;
    mtp_role role;                 /* MTP_SHOWN_ROLE */
    const mtp_forest_shown *asked; /* MTP_SHOWN_COLUMN */
    size_t domain;                 /* MTP_SHOWN_ROB */
    mtp_mark mark;
    bool centred;              /* a heading over lights */
    bool at_right;             /* text ends at the right edge */
    const char *over, *header; /* neighbours with the same text over them share it */
    mtp_text_lines header_lines;
    bool used;
    bool dropped; /* has text, and no room */
    double left, width;
} mtp_forest_column;

/* What the widths of a page are made of. */
typedef struct mtp_forest_space {
    double margin; /* of the page */
    double gap;    /* between columns */
    double gutter; /* beside the axis: arrows and half a square */
    double plot;   /* width of the axis */
    double label_most, cell_most;
    double left_least; /* of the left block, for notes */
    double page;       /* the axis takes what is left of it; NaN: none is set */
    bool tight;        /* headings break, notes run over the page */
} mtp_forest_space;

enum { MTP_FOREST_COLUMNS = 40 };
#define MTP_FOREST_LIGHT 15.0 /* width of a column of lights */

typedef struct mtp_forest_figure {
    const mtp_forest *forest;
    const mtp_forest_style *style;
    bool both;        /* models are shown; else one */
    bool common;      /* the one model that is shown, or that sizes the squares */
    bool pooled_line; /* dashed, at the estimate */
    mtp_scene *scene;
    mtp_axis axis;
    int decimals; /* of estimates and limits */
    bool has_weight;
    size_t n_left, n_columns; /* the labels are column 0 */
    mtp_forest_column column[MTP_FOREST_COLUMNS];
    size_t n_lines;
    mtp_forest_line *line;
    mtp_text_lines favours[2]; /* under the axis, or over it; count 0: none */
    double room;               /* wanted width as printed; infinite: its own */
    mtp_forest_space space;
    double block_right;           /* of the columns on the left */
    double estimate_right, width; /* of the page */
    double body_top, body_bottom; /* of the lines */
} mtp_forest_figure;

/** The axis and the decimals (forest_axis.c). @return false when memory is exhausted */
bool mtp_forest_choose_axis(mtp_forest_figure *figure);

/** Where the texts of --favours meet: the null, or the end of the axis that it lies
 * beyond; and whether they stand over the plot, where both have room (forest_axis.c).
 */
double mtp_forest_divide(const mtp_forest_figure *figure);
bool mtp_forest_favours_above(const mtp_forest_figure *figure);

/** Draw the axis at y; returns the baseline of its title (forest_axis.c). */
double mtp_forest_draw_axis(const mtp_forest_figure *figure, double y);

/** Text of every line (forest_lines.c). @return false when memory is exhausted */
bool mtp_forest_make_lines(mtp_forest_figure *figure);

/** Columns from the widths of their text (forest_layout.c). @return false when memory
 * is exhausted */
bool mtp_forest_place_columns(mtp_forest_figure *figure);

/** Columns and axis as `space` has them; false when memory is exhausted. */
bool mtp_forest_place_in(mtp_forest_figure *figure, const mtp_forest_space *space);

/** Columns for a page that is narrower than theirs: tighter, in smaller text, fewer
 * (forest_narrow.c). */
bool mtp_forest_squeeze(mtp_forest_figure *figure);

/** "Not shown for want of room: Weight."; "" where all is shown (forest_narrow.c). */
const char *mtp_forest_dropped_words(const mtp_forest_figure *figure);

/** The widest text of a column's lines, the label's indent included. */
double mtp_forest_measure_lines(const mtp_forest_figure *figure, size_t column);

/** Half the widest label of the axis (forest_axis.c). */
double mtp_forest_half_label(const mtp_forest_figure *figure);

/** Where the texts of --favours meet: mtp_forest_divide, or so far from it that both
 * have room (forest_layout.c). */
double mtp_forest_favours_at(const mtp_forest_figure *figure);

/** The last of the used columns that share the text over column `first`. */
size_t mtp_forest_last_under(const mtp_forest_figure *figure, size_t first);

/** Where the dashed line stands (forest_scene.c). */
double mtp_forest_reference(const mtp_forest_figure *figure);

/** Labels broken to their column, lines one under the other from `top` on; false when
 * memory is exhausted (forest_wrap.c). */
bool mtp_forest_place_lines(mtp_forest_figure *figure, double top);

/** A figure before anything is chosen: its style and its model (forest_style.c). */
mtp_forest_figure mtp_forest_begin(const mtp_forest *forest);

/** Which rows of the data have a line. */
bool mtp_forest_shows(const mtp_forest_figure *figure, const mtp_forest_row *row);
/** Whether there is a line of this kind. */
bool mtp_forest_has(const mtp_forest_figure *figure, mtp_forest_kind kind);

/** The raw data of a row as two texts, "" where there are none (forest_cells.c). */
void mtp_forest_cells(mtp_scene *scene, const mtp_bundle *bundle,
                      const mtp_forest_row *row, const char *cell[2]);
/** Their headers. */
void mtp_forest_cell_headers(const mtp_bundle *bundle, const char *header[2]);
/** A value of the raw data by its role; NaN where there is none. */
double mtp_forest_value(const mtp_bundle *bundle, const mtp_forest_row *row,
                        mtp_role role);

/** The columns with their headers (forest_columns.c). */
void mtp_forest_choose_columns(mtp_forest_figure *figure);

/** Whether letters stand for the domains of --rob, whose names are long. */
bool mtp_forest_has_letters(const mtp_bundle *bundle);

/** The cells of a line, in line->cell (forest_columns.c). */
void mtp_forest_fill_cells(mtp_forest_figure *figure, const mtp_forest_row *row,
                           bool total, mtp_forest_line *line);

/** The column of estimates; NULL: none. */
const mtp_forest_column *mtp_forest_effect_column(const mtp_forest_figure *figure);

/** Does an interval run beyond the axis on that side? */
bool mtp_forest_beyond_left(const mtp_axis *axis, double lower);
bool mtp_forest_beyond_right(const mtp_axis *axis, double upper);

/** What the area of a study's square stands for: its weight, or n where the model has
 * no weights; the largest of them (forest_marks.c). */
double mtp_forest_study_size(const mtp_forest_figure *figure,
                             const mtp_forest_row *row);
double mtp_forest_largest_size(const mtp_forest_figure *figure);

/** Squares, intervals, diamonds, bars (forest_marks.c). */
void mtp_forest_draw_marks(const mtp_forest_figure *figure);

enum { MTP_FOREST_FOOTERS = 7 };

/**
 * The footer: domains of bias, measure, model, intervals, marks, what is not shown,
 * source (forest_footer.c).
 * @param arrows  some interval runs beyond the axis
 * @param footer  out, paragraphs; "" is none
 */
void mtp_forest_footer(const mtp_forest_figure *figure, bool arrows,
                       const char *footer[MTP_FOREST_FOOTERS]);

/** The lights of --rob, and from y down what they mean; returns where that ends
 * (forest_rob.c). */
void mtp_forest_draw_lights(const mtp_forest_figure *figure);
double mtp_forest_draw_lights_key(const mtp_forest_figure *figure, double y);

/** The whole picture, NULL when memory is exhausted (forest_scene.c). */
mtp_scene *mtp_forest_scene(const mtp_forest *forest);

/** The same laid out for a printed width in points, where that is less than its own; in
 * a text of at least 6 points as long as labels, axis and estimates have room. */
mtp_scene *mtp_forest_scene_within(const mtp_forest *forest, double width);

/** The baseline of text whose digits are centred on y (forest_scene.c). */
mtp_point mtp_forest_centred(mtp_mark mark, double x, double y);

/** Lines of text at x, the first centred on y; a rule over the page; text of a column
 * at its edge or in its middle, centred on y. */
void mtp_forest_draw_text(mtp_scene *scene, mtp_text_format format, size_t row,
                          const mtp_text_lines *lines, mtp_point at, double pitch);
void mtp_forest_draw_rule(mtp_forest_figure *figure, mtp_mark mark, double y);
void mtp_forest_draw_cell(mtp_forest_figure *figure, const mtp_forest_column *column,
                          mtp_text_format format, size_t row,
                          const mtp_text_lines *lines, double y, double pitch);

/** The headings from `top` down; returns where they end (forest_header.c). */
double mtp_forest_draw_header(mtp_forest_figure *figure, double top);

/** Everything to the lines, which are placed; false when memory is exhausted. Then the
 * lines, the axis and, if wanted, the footer; returns where they end (forest_scene.c).
 */
bool mtp_forest_open_page(mtp_forest_figure *figure);
double mtp_forest_close_page(mtp_forest_figure *figure, bool footer);

/** The room that the axis with its title and the footer take. */
void mtp_forest_measure_ends(mtp_forest_figure *figure, double *axis, double *footer);

/**
 * Page `page` of the figure on pages of that height as printed: header and axis stand
 * on each, the footer on the last (forest_pages.c).
 * @param width    as in mtp_forest_scene_within; infinite: its own
 * @param n_pages  out: how many there are
 */
mtp_scene *mtp_forest_page(const mtp_forest *forest, double width, double height,
                           size_t page, size_t *n_pages);

/**
 * All pages as SVG, one after the other, each as wide as printed (forest_pages.c).
 * @return MTP_OK; MTP_E_NOMEM
 */
mtp_status mtp_forest_svg_pages(const mtp_bundle *bundle, double width, double height,
                                mtp_strbuf *out, mtp_error *err);

#endif
