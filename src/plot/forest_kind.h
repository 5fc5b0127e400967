/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_KIND_H
#define MTP_PLOT_FOREST_KIND_H

#include "metapool/forest.h"

/** The kind of a row as the data formats name it: "study", "subgroup-common", ... */
static inline const char *mtp_forest_kind_name(mtp_forest_kind kind)
{
    static const char *const name[] = {
        [MTP_FOREST_STUDY] = "study",
        [MTP_FOREST_SUBGROUP_COMMON] = "subgroup-common",
        [MTP_FOREST_SUBGROUP_RANDOM] = "subgroup-random",
        [MTP_FOREST_OVERALL_COMMON] = "overall-common",
        [MTP_FOREST_OVERALL_RANDOM] = "overall-random",
        [MTP_FOREST_PREDICTION] = "prediction",
    };

    return name[kind];
}

#endif
