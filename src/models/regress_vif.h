/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_REGRESS_VIF_H
#define MTP_MODELS_REGRESS_VIF_H

#include "models/regress_job.h"

/**
 * Variance inflation of each column but the intercept, and of each term of several
 * columns: |C_S| |C_R| / |C|, C the covariance of the coefficients without the
 * intercept's, S the columns in question and R the rest; for one column the diagonal of
 * the inverse of their correlations. Source: Fox & Monette (1992), J Am Stat Assoc
 * 87:178-183, doi:10.1080/01621459.1992.10475190.
 */
mtp_status mtp_regress_inflation(mtp_regress_job *job, mtp_error *err);

#endif
