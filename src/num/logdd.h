/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_NUM_LOGDD_H
#define MTP_NUM_LOGDD_H

#include "core/dd.h"

/**
 * Logarithms in double-double. A tail probability is exp(L) times a factor near 1 with
 * L as low as -745: a double L would lose three digits of it.
 */

/** log(a), a > 0 and finite; absolute error about 1e-31 (1 + |log a|). */
mtp_dd mtp_dd_log(mtp_dd a);
/** log(a / b) where a / b itself may overflow or underflow. */
mtp_dd mtp_dd_log_ratio(mtp_dd a, mtp_dd b);

mtp_dd mtp_dd_log_2(void);       /* log 2 */
mtp_dd mtp_dd_half_log_pi(void); /* log(pi) / 2 */
mtp_dd mtp_dd_half_log_2pi(void);

#endif
