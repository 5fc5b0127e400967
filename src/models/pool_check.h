/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_POOL_CHECK_H
#define MTP_MODELS_POOL_CHECK_H

#include "metapool/pool.h"

/**
 * Take the caller's options over the defaults and refuse what cannot be computed.
 * @param used  out: the options as used, of this version's size
 */
mtp_status mtp_pool_check(const mtp_effects *effects, const mtp_grouping *grouping,
                          const mtp_pool_options *options, mtp_pool_options *used,
                          mtp_error *err);

#endif
