/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_FUNNEL_H
#define METAPOOL_FUNNEL_H

#include "metapool/bias.h"
#include "metapool/trim_fill.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file funnel.h
 * The numbers of a funnel plot: the part of a bundle that `plot funnel` draws.
 */

/* What stands upwards: X(enum, id, label). The most precise studies are at the top. */
#define MTP_FUNNEL_AXIS_LIST(X)                                                        \
    X(MTP_FUNNEL_SEI, "sei", "Standard error")                                         \
    X(MTP_FUNNEL_VI, "vi", "Sampling variance")                                        \
    X(MTP_FUNNEL_SEINV, "seinv", "1 / standard error")                                 \
    X(MTP_FUNNEL_VINV, "vinv", "1 / sampling variance")                                \
    X(MTP_FUNNEL_NI, "ni", "Sample size")                                              \
    X(MTP_FUNNEL_NINV, "ninv", "1 / sample size")                                      \
    X(MTP_FUNNEL_SQRTNI, "sqrtni", "Square root of the sample size")                   \
    X(MTP_FUNNEL_SQRTNINV, "sqrtninv", "1 / square root of the sample size")

typedef enum mtp_funnel_axis {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_FUNNEL_AXIS_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_FUNNEL_AXIS_COUNT
} mtp_funnel_axis;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_funnel_axis_id(mtp_funnel_axis axis);
MTP_API const char *mtp_funnel_axis_label(mtp_funnel_axis axis);
MTP_API int mtp_funnel_axis_from_id(const char *id);

/** A study of the funnel, observed or filled in. */
typedef struct mtp_funnel_point {
    const char *study; /* of a filled one: the study that it mirrors */
    bool filled;
    double yi, vi;   /* analysis scale */
    double vertical; /* the figure of the axis; finite */
} mtp_funnel_point;

enum { MTP_FUNNEL_CONTOURS = 3 };

typedef struct mtp_funnel {
    mtp_funnel_axis axis;
    bool by_precision; /* the axis is a function of vi alone: limits and contours exist
                        */
    double center;     /* random-effects mean, else the common effect; NaN: neither */
    bool common;       /* center is the common effect */
    double level, z;   /* pseudo limits: center -+ z se */
    double null_value; /* of the contours; NaN: none */
    size_t n_contours; /* null -+ z se, by rising level */
    double contour_level[MTP_FUNNEL_CONTOURS], contour_z[MTP_FUNNEL_CONTOURS];
    const mtp_trim_fill_result *trim_fill; /* NULL: not asked for, or without answer */
    size_t n_points;                       /* observed studies, then filled ones */
    const mtp_funnel_point *point;
    size_t n_unplaced;                 /* studies without the figure of the axis */
    const mtp_asymmetry_result *egger; /* regression on standard errors: its line is
                                          limit.estimate + estimate se; NULL: not asked
                                          for, or without answer */
} mtp_funnel;

/** Whether an axis shows a function of the sampling variance alone. */
MTP_API bool mtp_funnel_by_precision(mtp_funnel_axis axis);
/** The figure of an axis at a sampling variance; NaN for one of sample sizes. */
MTP_API double mtp_funnel_vertical(mtp_funnel_axis axis, double vi);
/** The standard error at a figure of an axis by precision: its inverse. */
MTP_API double mtp_funnel_se(mtp_funnel_axis axis, double vertical);

#ifdef __cplusplus
}
#endif

#endif
