/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/plain_mean.h"

#include "tau2/estimate.h"

mtp_status mtp_plain_mean_of(size_t k, const double yi[], const double vi[],
                             mtp_tau2_method tau2, double tau2_value,
                             mtp_study_point point[], mtp_plain_mean *mean,
                             mtp_error *err)
{
    mtp_study_block block;
    mtp_studies studies;
    mtp_tau2_fit fit;
    mtp_sums sums;
    mtp_dd shift, se;
    mtp_status status =
        mtp_studies_prepare(k, yi, vi, 1, NULL, point, &block, &studies, err);

    if (status != MTP_OK) {
        return status;
    }
    if (tau2 == MTP_TAU2_GIVEN) {
        mtp_tau2_fit_given(tau2_value, &studies, &fit);
    } else {
        mtp_tau2_fit_studies(tau2, &studies, &fit);
    }
    mtp_sums_at(&studies, fit.tau2, &sums);
    shift = mtp_to_unit_of_y(&studies, sums.mean, 1);
    se = mtp_to_unit_of_y(&studies, mtp_dd_sqrt(mtp_dd_inv(sums.w)), 1);
    *mean = (mtp_plain_mean){
        .estimate = mtp_dd_to(mtp_dd_add(mtp_dd_from(block.centre), shift)),
        .se = mtp_dd_to(se),
        .tau2 = mtp_dd_to(mtp_to_unit_of_y(&studies, fit.tau2, 2))};
    return MTP_OK;
}
