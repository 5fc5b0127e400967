/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_SUBSET_H
#define MTP_SENSITIVITY_SUBSET_H

#include "metapool/sensitivity.h"

#include "core/arena.h"

/**
 * Pool some of the studies: mtp_pool of the effects and options of these alone.
 *
 * @param options  of all studies; on one thread
 * @param keep     [k] the studies, from 0; k = 0 gives a fit with status MTP_E_DATA
 * @return MTP_OK, also where mtp_pool has no fit of these studies (fit->status says
 *         so); MTP_E_NOMEM
 */
mtp_status mtp_subset_pool(const mtp_effects *effects, const mtp_pool_options *options,
                           size_t k, const size_t keep[], mtp_subset_fit *fit);

/** The figures of a pooled set. */
mtp_subset_fit mtp_subset_figures(const mtp_pooled *pooled);

#endif
