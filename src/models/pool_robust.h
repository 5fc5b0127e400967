/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_POOL_ROBUST_H
#define MTP_MODELS_POOL_ROBUST_H

#include "models/pool_job.h"

/** Whether the chosen interval is the robust one. */
static inline bool mtp_pool_is_robust(const mtp_pool_options *options)
{
    return options->ci == MTP_CI_ROBUST;
}

/** Enter the robust interval, and the robust prediction where it is chosen, into both
 *  estimates of every set. A set of one study keeps Wald's; one of one cluster has NaN.
 *  @return as mtp_pool */
mtp_status mtp_pool_fit_robust(mtp_pool_job *job, mtp_error *err);

/** Robust tests that the subgroups' means are equal; missing where there are not more
 *  clusters than subgroups. @return MTP_OK; MTP_E_NOMEM */
mtp_status mtp_pool_robust_between(const mtp_pool_job *job, mtp_test *common,
                                   mtp_test *random);

#endif
