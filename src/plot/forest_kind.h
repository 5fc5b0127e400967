/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_KIND_H
#define MTP_PLOT_FOREST_KIND_H

#include "metapool/forest.h"
#include "metapool/forest_look.h"
#include "metapool/sensitivity_analysis.h"

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
        [MTP_FOREST_LEFT_OUT] = "leave-one-out",
        [MTP_FOREST_CUMULATIVE] = "cumulative",
        [MTP_FOREST_NOT_ESTIMABLE] = "not-estimable",
    };

    return name[kind];
}

/** A row about one study, whether it has an estimate or not. */
static inline bool mtp_forest_is_study(const mtp_forest_row *row)
{
    return row->kind == MTP_FOREST_STUDY || row->kind == MTP_FOREST_NOT_ESTIMABLE;
}

/** What a row has in a column of the table, NULL without; its risk of bias in a domain.
 */
static inline const char *mtp_forest_cell(const mtp_forest_row *row,
                                          const mtp_forest_shown *column)
{
    return mtp_forest_is_study(row) ? column->text[row->index] : NULL;
}

static inline mtp_rob mtp_forest_risk(const mtp_forest_row *row,
                                      const mtp_forest_rob *domain)
{
    return mtp_forest_is_study(row) ? domain->level[row->index] : MTP_ROB_NONE;
}

/** The fits of some of the studies that stand in place of the studies; NULL: none. */
static inline const mtp_sensitivity_analysis *mtp_forest_fits(const mtp_bundle *bundle)
{
    const mtp_sensitivity_analysis *made = bundle->sensitivity;

    return bundle->command == MTP_COMMAND_FOREST && made &&
                   (made->leave_one_out || made->cumulative)
               ? made
               : NULL;
}

#endif
