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

typedef struct mtp_forest_look {
    mtp_forest_layout layout;
} mtp_forest_look;

#ifdef __cplusplus
}
#endif

#endif
