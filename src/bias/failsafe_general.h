/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_FAILSAFE_GENERAL_H
#define MTP_BIAS_FAILSAFE_GENERAL_H

#include "metapool/failsafe.h"

#include "bias/plain_mean.h"
#include "core/arena.h"

/** k studies, and what those that are added to them have. */
typedef struct mtp_drawer {
    size_t k;
    const double *yi, *vi;
    const mtp_failsafe_options *options;
    mtp_plain_mean mean; /* of the k studies */
    double v;            /* sampling variance of an added study */
    mtp_arena *arena;
} mtp_drawer;

/** Pool the k studies. */
mtp_status mtp_drawer_open(mtp_drawer *drawer, mtp_error *err);

/** The mean of the k studies with n more, n whole. */
mtp_status mtp_drawer_with(const mtp_drawer *drawer, double n, mtp_plain_mean *mean,
                           mtp_error *err);

/** The smallest n that takes the result away, and the mean with them. */
mtp_status mtp_drawer_search(const mtp_drawer *drawer, double *n, mtp_plain_mean *mean,
                             mtp_error *err);

#endif
