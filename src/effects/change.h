/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_CHANGE_H
#define MTP_EFFECTS_CHANGE_H

#include "effects/family.h"

/** Two standard deviations and the correlation r of the measurements, -1 < r < 1. */
mtp_status mtp_check_change_sds(const mtp_raw *raw, size_t i, mtp_error *err);

/** s1^2 + s2^2 - 2 r s1 s2, without cancellation. */
double mtp_change_variance(double sd1, double sd2, double r);

#endif
