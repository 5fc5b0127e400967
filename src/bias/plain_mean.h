/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_PLAIN_MEAN_H
#define MTP_BIAS_PLAIN_MEAN_H

#include "metapool/pool.h"

#include "tau2/studies.h"

/** A pooled mean with what follows from its weights 1 / (v + tau2), in units of yi. */
typedef struct mtp_plain_mean {
    double estimate, se, tau2;
} mtp_plain_mean;

/**
 * The mean of k >= 1 studies by the kernels of pooling, without intervals.
 *
 * @param tau2_value  with MTP_TAU2_GIVEN
 * @param point       [k] scratch
 * @param mean        out; untouched on failure
 * @return MTP_OK; MTP_E_DATA as mtp_studies_prepare
 */
mtp_status mtp_plain_mean_of(size_t k, const double yi[], const double vi[],
                             mtp_tau2_method tau2, double tau2_value,
                             mtp_study_point point[], mtp_plain_mean *mean,
                             mtp_error *err);

#endif
