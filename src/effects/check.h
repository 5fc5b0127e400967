/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_CHECK_H
#define MTP_EFFECTS_CHECK_H

#include "metapool/effects.h"

/** The option name of a role ("ci-lower"). */
const char *mtp_role_id(mtp_role role);

/** Options within their ranges, and the columns that the measure needs present. */
mtp_status mtp_effects_check_options(const mtp_effects_options *options,
                                     const mtp_raw *raw, mtp_error *err);

/** Every value of every study possible; the first that is not is reported. */
mtp_status mtp_effects_check_rows(const mtp_effects_options *options,
                                  const mtp_raw *raw, mtp_error *err);

#endif
