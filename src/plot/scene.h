/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_SCENE_H
#define MTP_PLOT_SCENE_H

#include "metapool/analysis.h"
#include "metapool/theme.h"

#include "core/arena.h"
#include "plot/text_layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * A picture as a flat list of lines, boxes, polygons and text, in points, y downwards,
 * drawn in order. It knows nothing of statistics nor of a file format.
 */

/* What a shape stands for, and how it looks in the default theme (paint.h: in others).
 * The pooled estimates differ in lightness, not in hue, so that print without colour
 * keeps them apart. X(enum, class, fill, stroke, stroke width, dashes, text size) */
/* clang-format off */
#define MTP_MARK_LIST(X)                                                               \
    X(MTP_MARK_RULE, "rule", NULL, "#000000", 0.75, NULL, 0.0)                         \
    X(MTP_MARK_THIN_RULE, "thin-rule", NULL, "#b0b0b0", 0.5, NULL, 0.0)                \
    X(MTP_MARK_TITLE, "title", "#000000", NULL, 0.0, NULL, 11.0)                       \
    X(MTP_MARK_HEADER, "header", "#000000", NULL, 0.0, NULL, 9.0)                      \
    X(MTP_MARK_HEADING, "heading", "#000000", NULL, 0.0, NULL, 9.0)                    \
    X(MTP_MARK_LABEL, "label", "#000000", NULL, 0.0, NULL, 9.0)                        \
    X(MTP_MARK_EVENTS, "events", "#000000", NULL, 0.0, NULL, 9.0)                      \
    X(MTP_MARK_TOTAL, "total", "#000000", NULL, 0.0, NULL, 9.0)                        \
    X(MTP_MARK_ESTIMATE, "estimate", "#000000", NULL, 0.0, NULL, 9.0)                  \
    X(MTP_MARK_LIMITS, "limits", "#000000", NULL, 0.0, NULL, 9.0)                      \
    X(MTP_MARK_WEIGHT, "weight", "#000000", NULL, 0.0, NULL, 9.0)                      \
    X(MTP_MARK_CELL, "cell", "#000000", NULL, 0.0, NULL, 9.0)                          \
    X(MTP_MARK_NOTE, "note", "#333333", NULL, 0.0, NULL, 7.5)                          \
    X(MTP_MARK_FOOTER, "footer", "#333333", NULL, 0.0, NULL, 7.5)                      \
    X(MTP_MARK_AXIS, "axis", NULL, "#000000", 0.75, NULL, 0.0)                         \
    X(MTP_MARK_TICK, "tick", NULL, "#000000", 0.75, NULL, 0.0)                         \
    X(MTP_MARK_TICK_LABEL, "tick-label", "#000000", NULL, 0.0, NULL, 8.0)              \
    X(MTP_MARK_AXIS_TITLE, "axis-title", "#000000", NULL, 0.0, NULL, 9.0)              \
    X(MTP_MARK_NULL, "null-line", NULL, "#000000", 0.5, NULL, 0.0)                     \
    X(MTP_MARK_CID, "cid", "#e3eaf1", NULL, 0.0, NULL, 0.0)                            \
    X(MTP_MARK_POOLED, "pooled-line", NULL, "#555555", 0.6, "3 2", 0.0)                \
    X(MTP_MARK_SQUARE, "square", "#8ea6be", NULL, 0.0, NULL, 0.0)                      \
    X(MTP_MARK_SQUARE_BLUE, "square", "#5b8fd6", NULL, 0.0, NULL, 0.0)                 \
    X(MTP_MARK_SQUARE_GREEN, "square", "#5fae5f", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_SQUARE_RED, "square", "#e0675c", NULL, 0.0, NULL, 0.0)                  \
    X(MTP_MARK_SQUARE_NAVY, "square", "#1b3a57", NULL, 0.0, NULL, 0.0)                 \
    X(MTP_MARK_SQUARE_GREY, "square", "#7f7f7f", NULL, 0.0, NULL, 0.0)                 \
    X(MTP_MARK_ROB_LOW, "rob-low", "#5fb878", "#333333", 0.5, NULL, 0.0)               \
    X(MTP_MARK_ROB_SOME, "rob-some", "#f5d547", "#333333", 0.5, NULL, 0.0)             \
    X(MTP_MARK_ROB_HIGH, "rob-high", "#e2725b", "#333333", 0.5, NULL, 0.0)             \
    X(MTP_MARK_ROB_UNCLEAR, "rob-unclear", "#c9d6df", "#333333", 0.5, NULL, 0.0)       \
    X(MTP_MARK_ROB_SIGN, "rob-sign", NULL, "#000000", 1.2, NULL, 0.0)                  \
    X(MTP_MARK_INTERVAL, "interval", NULL, "#000000", 0.8, NULL, 0.0)                  \
    X(MTP_MARK_POINT, "point", NULL, "#000000", 0.8, NULL, 0.0)                        \
    X(MTP_MARK_ARROW, "arrow", "#000000", NULL, 0.0, NULL, 0.0)                        \
    X(MTP_MARK_DIAMOND_COMMON, "diamond-common", "#ffffff", "#1b3a57", 0.9, NULL, 0.0) \
    X(MTP_MARK_DIAMOND_RANDOM, "diamond-random", "#1b3a57", "#1b3a57", 0.9, NULL, 0.0) \
    X(MTP_MARK_DIAMOND_BLACK, "diamond", "#000000", "#000000", 0.9, NULL, 0.0)         \
    X(MTP_MARK_DIAMOND_LIGHT, "diamond", "#a9cbe3", "#1b3a57", 0.9, NULL, 0.0)         \
    X(MTP_MARK_PREDICTION, "prediction", "#c9c9c9", "#444444", 0.6, NULL, 0.0)             \
    X(MTP_MARK_CURVE_INTERVAL, "curve-interval", NULL, "#6f9bc8", 0.8, NULL, 0.0)      \
    X(MTP_MARK_CURVE_FLIPPED, "curve-flipped", NULL, "#000000", 0.6, "1.5 1", 0.0)     \
    X(MTP_MARK_CURVE_POINT, "curve-point", "#1b3a57", NULL, 0.0, NULL, 0.0)            \
    X(MTP_MARK_CURVE_OTHER, "curve-other", "#ffffff", "#000000", 0.6, NULL, 0.0)       \
    X(MTP_MARK_CURVE_REFERENCE, "curve-reference", "#000000", NULL, 0.0, NULL, 0.0)    \
    X(MTP_MARK_CURVE_CHOICE, "curve-choice", "#1b3a57", NULL, 0.0, NULL, 0.0)          \
    X(MTP_MARK_SHARE_1, "share-1", "#332288", NULL, 0.0, NULL, 0.0)                    \
    X(MTP_MARK_SHARE_2, "share-2", "#88ccee", NULL, 0.0, NULL, 0.0)                    \
    X(MTP_MARK_SHARE_3, "share-3", "#117733", NULL, 0.0, NULL, 0.0)                    \
    X(MTP_MARK_SHARE_4, "share-4", "#f2e9be", NULL, 0.0, NULL, 0.0)                    \
    X(MTP_MARK_SHARE_5, "share-5", "#d97b8a", NULL, 0.0, NULL, 0.0)                    \
    X(MTP_MARK_HATCH_LIGHT, "hatch-light", NULL, "#ffffff", 0.8, NULL, 0.0)            \
    X(MTP_MARK_HATCH_DARK, "hatch-dark", NULL, "#202020", 0.5, NULL, 0.0)              \
    X(MTP_MARK_SHARE_RIM, "share-rim", NULL, "#ffffff", 1.0, NULL, 0.0)                \
    X(MTP_MARK_SHARE_DARK, "share-text", "#000000", NULL, 0.0, NULL, 7.0)              \
    X(MTP_MARK_SHARE_LIGHT, "share-text", "#ffffff", NULL, 0.0, NULL, 7.0)             \
    X(MTP_MARK_FRAME, "frame", NULL, "#000000", 0.75, NULL, 0.0)                       \
    X(MTP_MARK_KEY, "key", "#000000", NULL, 0.0, NULL, 8.0)                            \
    X(MTP_MARK_KEY_RIM, "key-rim", NULL, "#666666", 0.4, NULL, 0.0)                   \
    X(MTP_MARK_BEYOND, "contour-beyond", "#ececec", NULL, 0.0, NULL, 0.0)              \
    X(MTP_MARK_CONTOUR_1, "contour-1", "#ffffff", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_CONTOUR_2, "contour-2", "#aeaeae", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_CONTOUR_3, "contour-3", "#d0d0d0", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_LIMIT, "limit", NULL, "#000000", 0.7, "4 3", 0.0)                       \
    X(MTP_MARK_CENTER, "center-line", NULL, "#1b3a57", 1.0, NULL, 0.0)                 \
    X(MTP_MARK_BAND, "band", "#e9eef3", NULL, 0.0, NULL, 0.0)                          \
    X(MTP_MARK_COMMON, "common-line", NULL, "#1b3a57", 0.9, "6 3", 0.0)                \
    X(MTP_MARK_EGGER, "egger-line", NULL, "#a33b12", 1.2, "7 2 1.5 2", 0.0)            \
    X(MTP_MARK_STUDY, "study", "#6f9bc8", "#10283d", 0.6, NULL, 0.0)                   \
    X(MTP_MARK_DENSITY_1, "density-1", "#dde6ef", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_DENSITY_2, "density-2", "#b4c8dc", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_DENSITY_3, "density-3", "#86a5c4", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_DENSITY_4, "density-4", "#557da6", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_DENSITY_5, "density-5", "#1f4268", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_INFLUENTIAL, "influential", "#10283d", "#10283d", 0.6, NULL, 0.0)       \
    X(MTP_MARK_TRACE, "trace", NULL, "#8fa3b5", 0.5, NULL, 0.0)                        \
    X(MTP_MARK_NAME, "name", "#000000", NULL, 0.0, NULL, 7.0)                          \
    X(MTP_MARK_FILLED, "filled", "#ffffff", "#10283d", 0.9, NULL, 0.0)                 \
    X(MTP_MARK_BAND_PREDICTION, "band-prediction", "#ececec", NULL, 0.0, NULL, 0.0)    \
    X(MTP_MARK_BAND_LIMIT, "band-limit", NULL, "#777777", 0.5, "2 2", 0.0)             \
    X(MTP_MARK_BAND_MEAN, "band-mean", "#c4c4c4", NULL, 0.0, NULL, 0.0)                \
    X(MTP_MARK_DRAPE_STUDY, "drape-study", NULL, "#8f8f8f", 0.5, NULL, 0.0)            \
    X(MTP_MARK_DRAPE_MANY, "drape-study", NULL, "#bdbdbd", 0.25, NULL, 0.0)            \
    X(MTP_MARK_DRAPE_COMMON, "drape-common", NULL, "#000000", 1.0, "4 2", 0.0)         \
    X(MTP_MARK_DRAPE_RANDOM, "drape-random", NULL, "#1b3a57", 1.8, NULL, 0.0)          \
    X(MTP_MARK_DRAPE_PREDICTION, "drape-prediction", "#dcdcdc", NULL, 0.0, NULL, 0.0)  \
    X(MTP_MARK_DRAPE_RANGE, "drape-range", NULL, "#444444", 0.8, "1.5 1.5", 0.0)       \
    X(MTP_MARK_REGRESSION, "regression", NULL, "#1b3a57", 1.4, NULL, 0.0)              \
    X(MTP_MARK_GROUP_1, "group-1", "#6f9bc8", "#10283d", 0.6, NULL, 0.0)               \
    X(MTP_MARK_GROUP_2, "group-2", "#f2e9be", "#10283d", 0.6, NULL, 0.0)               \
    X(MTP_MARK_GROUP_3, "group-3", "#332288", "#10283d", 0.6, NULL, 0.0)               \
    X(MTP_MARK_GROUP_4, "group-4", "#d97b8a", "#10283d", 0.6, NULL, 0.0)               \
    X(MTP_MARK_GROUP_5, "group-5", "#ffffff", "#10283d", 0.6, NULL, 0.0)               \
    X(MTP_MARK_GROUP_6, "group-6", "#117733", "#10283d", 0.6, NULL, 0.0)
/* clang-format on */

typedef enum mtp_mark {
#define MTP_MARK_ENUM(name, class, fill, stroke, width, dashes, size) name,
    MTP_MARK_LIST(MTP_MARK_ENUM)
#undef MTP_MARK_ENUM
        MTP_MARK_COUNT
} mtp_mark;

typedef struct mtp_mark_style {
    const char *class;  /* the shape's class in SVG */
    const char *fill;   /* "#rrggbb"; NULL: none */
    const char *stroke; /* "#rrggbb"; NULL: none */
    double stroke_width;
    const char *dashes; /* lengths of dash and gap; NULL: solid */
    double text_size;
} mtp_mark_style;

/** Never NULL for a valid enumerator. */
const mtp_mark_style *mtp_mark_get(mtp_mark mark);

typedef enum mtp_shape_kind {
    MTP_SHAPE_LINE,    /* from point 0 to point 1 */
    MTP_SHAPE_RECT,    /* point 0: upper left corner, point 1: lower right */
    MTP_SHAPE_POLYGON, /* 3 to MTP_SHAPE_POINTS corners */
    MTP_SHAPE_TEXT,    /* point 0: where the anchor meets the baseline */
    MTP_SHAPE_CIRCLE,  /* points 0 and 1: corners of the square around it */
    MTP_SHAPE_PATH,    /* through any number of points */
    MTP_SHAPE_REGION,  /* the same, closed */
} mtp_shape_kind;

typedef enum mtp_anchor {
    MTP_ANCHOR_START,
    MTP_ANCHOR_MIDDLE,
    MTP_ANCHOR_END
} mtp_anchor;

enum { MTP_SHAPE_POINTS = 6 };
#define MTP_NO_ROW SIZE_MAX

typedef struct mtp_point {
    double x, y;
} mtp_point;

typedef struct mtp_shape {
    mtp_shape_kind kind;
    mtp_mark mark;
    size_t row; /* the row of the data that it shows; MTP_NO_ROW: none */
    size_t n_points;
    mtp_point point[MTP_SHAPE_POINTS];
    const mtp_point *path; /* [n_points] of a path or region, in place of point */
    const char *text;      /* UTF-8; NULL where it is no text */
    bool bold;
    mtp_anchor anchor;
} mtp_shape;

typedef struct mtp_scene {
    mtp_arena *arena; /* owns the shapes and their text */
    bool failed;      /* memory ran out: what was added since is missing */
    double width, height;
    mtp_theme theme;                 /* its colours; default unless set */
    double scale;                    /* by which it is printed larger; 1 unless set */
    const char *title, *description; /* for readers who do not see it */
    const char *kind;                /* "forest"; NULL: none */
    size_t n_rows; /* of the data; 0: the rows have no kinds, and are not grouped */
    const char *const *row_kind; /* [n_rows] "study", "overall-random", ... */
    const char **row_title;      /* [n_rows] in full what is cut in its row, or NULL */
    size_t count, capacity;
    mtp_shape *shape;
} mtp_scene;

mtp_scene *mtp_scene_new(void); /* NULL when memory is exhausted */
void mtp_scene_free(mtp_scene *scene);

/** A figure of a page of that width in points; NULL when memory is exhausted. */
mtp_scene *mtp_scene_draw(const mtp_bundle *bundle, double width,
                          void (*draw)(const mtp_bundle *bundle, double width,
                                       mtp_scene *scene));

/** The scene; NULL, with the scene freed, if memory ran out. NULL stays NULL. */
mtp_scene *mtp_scene_done(mtp_scene *scene);

void mtp_scene_line(mtp_scene *scene, mtp_mark mark, size_t row, mtp_point from,
                    mtp_point to);
void mtp_scene_rect(mtp_scene *scene, mtp_mark mark, size_t row, mtp_point upper_left,
                    mtp_point lower_right);
/** n <= MTP_SHAPE_POINTS */
void mtp_scene_polygon(mtp_scene *scene, mtp_mark mark, size_t row, size_t n,
                       const mtp_point point[]);

/** A circle about a point. */
void mtp_scene_circle(mtp_scene *scene, mtp_mark mark, size_t row, mtp_point center,
                      double radius);
/** A line through points, of which the scene keeps a copy; nothing below two. */
void mtp_scene_path(mtp_scene *scene, mtp_mark mark, size_t row, size_t n,
                    const mtp_point point[]);
/** The area within points, of which the scene keeps a copy; nothing below three. */
void mtp_scene_region(mtp_scene *scene, mtp_mark mark, size_t row, size_t n,
                      const mtp_point point[]);

/** How text is set: which mark, in bold or not, and which part of it lies at a point.
 */
typedef struct mtp_text_format {
    mtp_mark mark;
    bool bold;
    mtp_anchor anchor;
} mtp_text_format;

/** `text` must live as long as the scene: static, or in its arena. "" adds nothing. */
void mtp_scene_text(mtp_scene *scene, mtp_text_format format, size_t row, mtp_point at,
                    const char *text);

/** Text in the scene's arena; "" when memory is exhausted. */
const char *mtp_scene_printf(mtp_scene *scene, const char *format, ...)
    MTP_PRINTF(2, 3);

typedef struct mtp_box {
    double left, top, right, bottom;
} mtp_box;

/** The box that a shape fills, strokes left aside; text by its measured width. */
mtp_box mtp_shape_box(const mtp_shape *shape);

/** Whether a shape comes into a box: lines and paths by what they run through, all
 * others by the box that they fill. */
bool mtp_shape_touches(const mtp_shape *shape, mtp_box box);

#endif
