/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_GOSH_MAP_H
#define METAPOOL_GOSH_MAP_H

#include "metapool/sensitivity.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file gosh_map.h
 * Where the fits of all subsets lie: the part of a bundle that `plot gosh` draws.
 */

/* What stands upwards: X(enum, id, label). */
#define MTP_GOSH_AXIS_LIST(X)                                                          \
    X(MTP_GOSH_I2, "I2", "I\302\262 (%)")                                              \
    X(MTP_GOSH_TAU2, "tau2", "Between-study variance \317\204\302\262")                \
    X(MTP_GOSH_Q, "Q", "Cochran's Q")

typedef enum mtp_gosh_axis {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_GOSH_AXIS_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_GOSH_AXIS_COUNT
} mtp_gosh_axis;

/** Never NULL. */
MTP_API const char *mtp_gosh_axis_id(mtp_gosh_axis axis);
MTP_API const char *mtp_gosh_axis_label(mtp_gosh_axis axis);
MTP_API int mtp_gosh_axis_from_id(const char *id);

/** Cells side by side: cell i reaches from (first + i) width to (first + i + 1) width;
 * width is a power of two. */
typedef struct mtp_gosh_cells {
    int64_t first;
    double width;
    size_t n;
} mtp_gosh_cells;

/** A subset by itself, where there are few. */
typedef struct mtp_gosh_point {
    double estimate, value;
    bool with; /* it holds the highlighted study */
} mtp_gosh_point;

enum { MTP_GOSH_POINTS = 1023 }; /* subsets up to which each is a point */

typedef struct mtp_gosh_map {
    mtp_gosh_axis axis;
    uint64_t seed;
    const mtp_gosh_result *gosh;
    const char *highlight;  /* a study's name; NULL: none */
    uint64_t n, n_with;     /* subsets of two studies or more that have both figures; of
                               them, those with the highlighted study */
    double estimate, value; /* of all studies; NaN: none */
    mtp_gosh_cells x, y;    /* of estimates (analysis scale), of the axis' figure */
    const uint64_t *count;  /* [y.n * x.n] subsets in a cell, row by row from below */
    const uint64_t *with;   /* [y.n * x.n] of them, with the highlighted study */
    size_t n_points;        /* n, where it is at most MTP_GOSH_POINTS; else 0 */
    const mtp_gosh_point *point;
} mtp_gosh_map;

#ifdef __cplusplus
}
#endif

#endif
