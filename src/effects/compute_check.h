/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_COMPUTE_CHECK_H
#define MTP_EFFECTS_COMPUTE_CHECK_H

#include "metapool/effects.h"

/**
 * Options that exist and go with the measure, and columns that it can be computed from;
 * what stands in them is another matter (check.h). @return MTP_OK or MTP_E_ARG
 */
mtp_status mtp_check_effects_options(const mtp_effects_options *options,
                                     const mtp_raw *raw, mtp_error *err);

#endif
