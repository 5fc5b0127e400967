/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_two_group.h"

#include <math.h>

mtp_two_group_fit mtp_two_group_fit_start(size_t k)
{
    const double nan = (double)NAN;

    return (mtp_two_group_fit){.common = nan,
                               .common_se = nan,
                               .common_loglik = nan,
                               .common_alpha = nan,
                               .common_sigma2 = nan,
                               .theta = nan,
                               .se = nan,
                               .tau = nan,
                               .tau2 = nan,
                               .loglik = nan,
                               .se_tau2 = nan,
                               .alpha = nan,
                               .sigma2 = nan,
                               .saturated_loglik = nan,
                               .saturated_alpha = nan,
                               .saturated_sigma2 = nan,
                               .Q_wald = nan,
                               .LRT = nan,
                               .df = (double)k - 1.0};
}
