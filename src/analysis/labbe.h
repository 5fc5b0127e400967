/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_LABBE_H
#define MTP_ANALYSIS_LABBE_H

#include "metapool/analysis.h"

/**
 * L'Abbe plots: the outcome of the treated group of each study against that of its
 * control group.
 *
 * Each measure that has one is the difference of a measure of one group: the log odds
 * ratio is that of two logits. So an effect makes one treated outcome of each control
 * outcome: a line, straight for differences and ratios of what is plotted, else curved.
 */
typedef struct mtp_labbe_kind {
    mtp_measure measure;
    mtp_measure one_group;  /* whose difference the measure is */
    const char *id, *label; /* what is plotted: "risk", "Risk" */
    bool straight;
} mtp_labbe_kind;

/** NULL: the measure has no such plot. */
const mtp_labbe_kind *mtp_labbe_find(mtp_measure measure);

/** MTP_OK, or MTP_E_UNSUPPORTED with the measures that have such a plot. */
mtp_status mtp_labbe_applies(const mtp_measure_info *measure, mtp_error *err);

/** The outcome that an effect (analysis scale) makes of a control outcome, within the
 *  range of the outcome. With the sign of the effect changed it is the inverse. */
double mtp_labbe_treated(const mtp_labbe_kind *kind, double control, double effect);

typedef struct mtp_labbe_point {
    double control, treated;
    double size; /* patients, or person-time, of both groups */
} mtp_labbe_point;

/** The outcomes of study i as they were observed, without any correction of empty
 *  cells; false where it lacks them. */
bool mtp_labbe_place(const mtp_bundle *bundle, size_t i, mtp_labbe_point *point);

/** Whether the measure has such a plot, and a study its place in it. */
bool mtp_labbe_has_points(const mtp_bundle *bundle);

#endif
