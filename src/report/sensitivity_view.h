/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_SENSITIVITY_VIEW_H
#define MTP_REPORT_SENSITIVITY_VIEW_H

#include "metapool/sensitivity_analysis.h"

/** The estimate that a fit is told by: the random-effects mean, or the common effect.
 */
const mtp_subset_estimate *mtp_view_told(const mtp_bundle *bundle,
                                         const mtp_subset_fit *fit);

/** Where the interval of a fit lies. */
typedef enum mtp_view_side {
    MTP_SIDE_UNKNOWN, /* no hypothesis, or no interval */
    MTP_SIDE_BELOW,   /* of the hypothesis */
    MTP_SIDE_AROUND,
    MTP_SIDE_ABOVE,
} mtp_view_side;

mtp_view_side mtp_view_side_of(const mtp_bundle *bundle, const mtp_subset_fit *fit);

/** Whether a fit concludes otherwise than that of all studies; false where either side
 *  is unknown. */
bool mtp_view_changes(const mtp_bundle *bundle, const mtp_subset_fits *fits, size_t i);

/** What leave-one-out leaves out: the name of group or study i. */
const char *mtp_view_left_out(const mtp_bundle *bundle, size_t i);

/** The study without which the subsets of GOSH agree the best; bundle->n_studies where
 *  there is none. */
size_t mtp_view_outlier(const mtp_bundle *bundle);

/** The studies that enter a cumulative fit at this step: the first from `from`;
 *  bundle->n_studies when there is none. */
size_t mtp_view_entering(const mtp_bundle *bundle, size_t step, size_t from);

#endif
