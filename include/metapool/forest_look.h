/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_FOREST_LOOK_H
#define METAPOOL_FOREST_LOOK_H

#include "metapool/analysis.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file forest_look.h
 * What a forest plot is asked to look like: the part of a bundle that its options
 * (--layout and so on) make, and that changes no number.
 */

/* X(enum, id, label) */
#define MTP_FOREST_LAYOUT_LIST(X)                                                      \
    X(MTP_LAYOUT_DEFAULT, "default", "both models, methods in the footer")             \
    X(MTP_LAYOUT_REVMAN5, "revman5", "as in Cochrane's Review Manager 5")              \
    X(MTP_LAYOUT_JAMA, "jama", "as in JAMA")                                           \
    X(MTP_LAYOUT_BMJ, "bmj", "as in The BMJ")                                          \
    X(MTP_LAYOUT_SUBGROUP, "subgroup", "summaries alone")

typedef enum mtp_forest_layout {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_FOREST_LAYOUT_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_LAYOUT_COUNT
} mtp_forest_layout;

/** Never NULL; _from_id ignores case and gives -1 for an unknown id. */
MTP_API const char *mtp_forest_layout_id(mtp_forest_layout layout);
MTP_API const char *mtp_forest_layout_label(mtp_forest_layout layout);
MTP_API int mtp_forest_layout_from_id(const char *id);

/* X(enum, id, label): the pooled estimates that are shown. */
#define MTP_POOLED_SHOWN_LIST(X)                                                       \
    X(MTP_POOLED_LAYOUT, "layout", "those of the layout")                              \
    X(MTP_POOLED_BOTH, "both", "common effect and random effects")                     \
    X(MTP_POOLED_COMMON, "common", "common effect")                                    \
    X(MTP_POOLED_RANDOM, "random", "random effects")

typedef enum mtp_pooled_shown {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_POOLED_SHOWN_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_POOLED_SHOWN_COUNT
} mtp_pooled_shown;

/* X(enum, id, label): the dashed line at the pooled estimate. */
#define MTP_POOLED_LINE_LIST(X)                                                        \
    X(MTP_LINE_LAYOUT, "layout", "as the layout has it")                               \
    X(MTP_LINE_SHOW, "show", "drawn")                                                  \
    X(MTP_LINE_HIDE, "hide", "not drawn")

typedef enum mtp_pooled_line {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_POOLED_LINE_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_POOLED_LINE_COUNT
} mtp_pooled_line;

/* X(enum, id, label): what a column of a forest plot may show by its name. */
#define MTP_SHOWN_LIST(X)                                                              \
    X(MTP_SHOWN_STUDY, "study", "labels of the studies")                               \
    X(MTP_SHOWN_DATA, "data", "raw data in two columns")                               \
    X(MTP_SHOWN_ARMS, "arms", "raw data, a column for each figure of each group")      \
    X(MTP_SHOWN_EVENTS, "events", "events of all groups together")                     \
    X(MTP_SHOWN_N, "n", "patients (person-time of rates) of all groups together")      \
    X(MTP_SHOWN_EFFECT, "effect", "estimate and confidence limits")                    \
    X(MTP_SHOWN_WEIGHT, "weight", "weight that sizes the squares")                     \
    X(MTP_SHOWN_WEIGHT_COMMON, "weight-common", "weight in the common effect")         \
    X(MTP_SHOWN_WEIGHT_RANDOM, "weight-random", "weight in the random-effects mean")

/** What a column shows. */
typedef enum mtp_shown {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_SHOWN_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_SHOWN_COUNT, /* of those that have a name */
    MTP_SHOWN_ROLE,      /* raw data of one role ("events1") */
    MTP_SHOWN_COLUMN,    /* an expression over the table */
    MTP_SHOWN_DATA1,     /* of MTP_SHOWN_DATA */
    MTP_SHOWN_DATA2,
    MTP_SHOWN_ROB, /* a domain of --rob */
    MTP_SHOWN_K,   /* of fits of some of the studies */
    MTP_SHOWN_TAU2,
    MTP_SHOWN_I2,
} mtp_shown;

MTP_API const char *mtp_shown_id(mtp_shown shown);
MTP_API const char *mtp_shown_label(mtp_shown shown);
MTP_API int mtp_shown_from_id(const char *id);

/** A column that was asked for. */
typedef struct mtp_forest_shown {
    mtp_shown shown;
    mtp_role role;           /* MTP_SHOWN_ROLE */
    const char *name;        /* as given; its heading, where it has no other */
    bool is_number;          /* MTP_SHOWN_COLUMN */
    const char *const *text; /* MTP_SHOWN_COLUMN: [n_studies + ledger.n_excluded] of the
                                studies, then of the excluded rows; NULL: missing */
} mtp_forest_shown;

/** The columns of one side. */
typedef struct mtp_forest_side {
    bool given; /* false: those of the layout */
    size_t n;
    const mtp_forest_shown *column; /* [n] */
} mtp_forest_side;

/* X(enum, id, label): risk of bias. */
#define MTP_ROB_LIST(X)                                                                \
    X(MTP_ROB_NONE, "", "not assessed")                                                \
    X(MTP_ROB_LOW, "low", "low risk of bias")                                          \
    X(MTP_ROB_SOME, "some", "some concerns")                                           \
    X(MTP_ROB_HIGH, "high", "high risk of bias")                                       \
    X(MTP_ROB_UNCLEAR, "unclear", "unclear risk of bias")

typedef enum mtp_rob {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_ROB_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_ROB_COUNT
} mtp_rob;

MTP_API const char *mtp_rob_id(mtp_rob level);
MTP_API const char *mtp_rob_label(mtp_rob level);
MTP_API int mtp_rob_from_id(const char *id);

/** A domain in which the risk of bias was assessed. */
typedef struct mtp_forest_rob {
    const char *name;
    const mtp_rob *level; /* [n_studies + ledger.n_excluded], as the texts above */
} mtp_forest_rob;

typedef struct mtp_forest_look {
    mtp_forest_layout layout;
    mtp_forest_side left, right; /* --left, --right */
    size_t n_rob;
    const mtp_forest_rob *rob; /* [n_rob] --rob */
    const char *favours[2];    /* --favours: what the left and the right side favour;
                                  NULL: not given */
    double xlim[2];            /* --xlim: ends of the axis; NaN: not given */
    const char *sort;          /* --sort as given; NULL: as the table has them */
    const size_t *order;       /* [n_studies] the studies as they stand in the figure;
                                  NULL: as in the bundle */
    bool hide_not_estimable; /* --not-estimable hide: no rows of studies that were left
                                out because they say nothing about the effect */
    mtp_pooled_shown pooled; /* --pooled */
    mtp_pooled_line pooled_line; /* --pooled-line */
    double cid[2]; /* --cid: effects between these are too small to matter; NaN: none */
} mtp_forest_look;

#ifdef __cplusplus
}
#endif

#endif
