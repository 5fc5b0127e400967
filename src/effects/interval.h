/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_INTERVAL_H
#define MTP_EFFECTS_INTERVAL_H

/** Wilson score interval with the normal quantile z in place of a level. */
void mtp_wilson_limits(double x, double n, double z, double *lower, double *upper);

#endif
