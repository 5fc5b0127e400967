/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FRAME_H
#define MTP_PLOT_FRAME_H

#include "plot/axis.h"
#include "plot/scene.h"

#define MTP_FRAME_SHAPE  0.78
#define MTP_FRAME_MARGIN 12.0 /* of the page, in points */

/** Ticks in place of those that an axis has; labels are left out where they would meet.
 */
typedef struct mtp_frame_ticks {
    size_t n;
    const double *at; /* [n] in order */
    const char *const *label;
} mtp_frame_ticks;

/**
 * What figures of points over two axes share: title, plot area with its axes, keys to
 * the marks, paragraphs below. It is laid out for the width that it is printed in, with
 * text of the same size in any: one column of a journal has room for all of it.
 */
typedef struct mtp_frame {
    mtp_scene *scene;
    mtp_axis x, y; /* chosen by the caller; the frame places them */
    bool y_down;   /* the smallest figure is at the top */
    bool open;     /* axes alone, without a frame around the plot area */
    double shape;  /* height of the plot area by its width; 0: MTP_FRAME_SHAPE */
    const char *x_title, *y_title;
    const mtp_frame_ticks *x_ticks, *y_ticks; /* NULL: those of the axis */
    const mtp_frame_ticks *right_ticks;       /* of y, on the right; NULL: none */
    double inset; /* of the ends of the axes from the edges of the plot area */
    double width; /* of the page */
    mtp_box plot; /* the plot area */
} mtp_frame;

/** The page width in points for a printed width in mm; NaN: the figure's own. */
double mtp_frame_width(double millimetres);

/** Title and place of the plot area, from the widths of the labels of its axes. */
void mtp_frame_open(mtp_frame *frame, const char *title);

/** Make the plot area narrower, before anything is drawn in it. */
void mtp_frame_set_width(mtp_frame *frame, double width);

/** Where two figures lie; those beyond an axis are put at its end. */
mtp_point mtp_frame_place(const mtp_frame *frame, double x, double y);

/** Ticks and labels on the left of the plot area. */
void mtp_frame_draw_y_ticks(const mtp_frame *frame);

/** Axes, ticks, labels, titles; returns where the keys begin. */
double mtp_frame_draw_axes(const mtp_frame *frame);

/** A paragraph over the width of the page from y down; returns where it ends. */
double mtp_frame_paragraph(const mtp_frame *frame, mtp_text_format format,
                           const char *text, double y, double pitch);

/** Paragraphs in small print; "" is none. Closes the page. */
void mtp_frame_close(mtp_frame *frame, size_t n, const char *const paragraph[],
                     double y);

/* Marks and names (frame_marks.c) */

/** Of the circles of so many studies: many have smaller ones. */
double mtp_frame_radius(size_t n);

/** The mark of the studies of a group; groups differ in lightness and in shape. */
mtp_mark mtp_frame_group(size_t group);

/** A circle, or the shape of a group's mark with the same area. */
void mtp_frame_marker(const mtp_frame *frame, mtp_mark mark, size_t row, mtp_point at,
                      double radius);

/**
 * Name a circle beside it, on the side where the name lies within the plot area and
 * covers no circle, line or other name; without such a side it stays without a name,
 * and so does one that is too long. Call it when all circles are drawn.
 */
void mtp_frame_label(const mtp_frame *frame, size_t row, mtp_point at, double radius,
                     const char *name);

typedef enum mtp_key_kind {
    MTP_KEY_CIRCLE,
    MTP_KEY_LINE,
    MTP_KEY_BOX,
    MTP_KEY_FILL, /* a box in the style of hatch.h of its place in the list */
    MTP_KEY_MARKER,
} mtp_key_kind;

/** What a mark means. */
typedef struct mtp_frame_key {
    mtp_key_kind kind;
    mtp_mark mark;
    const char *text;
} mtp_frame_key;

/** As much of a text as there is room for, with an ellipsis where that is not all. */
const char *mtp_figure_cut(mtp_scene *scene, mtp_text_format format, const char *text,
                           double room);

/** Keys side by side, in as many lines as they need; returns where they end. */
double mtp_frame_draw_keys(const mtp_frame *frame, size_t n, const mtp_frame_key key[],
                           double y);

#endif
