/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EXPLAIN_INTERVAL_H
#define MTP_EXPLAIN_INTERVAL_H

#include "explain/work.h"

/** interval_profile.c: the interval pl of a mean, with its test.
 *  @return false: nothing was written */
bool mtp_explain_profile_interval(mtp_explain_work *work, const mtp_explain_set *set,
                                  const mtp_interval *ci);
/** interval_henmi.c: the interval hc, around the common-effect mean, with its test.
 *  @return false: nothing was written */
bool mtp_explain_henmi_copas(mtp_explain_work *work, const mtp_explain_set *set,
                             const mtp_interval *ci);

#endif
