/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids and labels of the methods, and the default options. */
#include "metapool/pool.h"

#include "core/names.h"
#include "core/owned.h"

#include <math.h>

/* clang-format off */
MTP_NAMES(method, mtp_method, MTP_METHOD_LIST, MTP_METHOD_COUNT)
MTP_NAMES(model, mtp_model, MTP_MODEL_LIST, MTP_MODEL_COUNT)
MTP_NAMES(tau2, mtp_tau2_method, MTP_TAU2_LIST, MTP_TAU2_COUNT)
MTP_NAMES(tau2_ci, mtp_tau2_ci_method, MTP_TAU2_CI_LIST, MTP_TAU2_CI_COUNT)
MTP_NAMES(ci, mtp_ci_method, MTP_CI_LIST, MTP_CI_COUNT)
MTP_NAMES(pi, mtp_pi_method, MTP_PI_LIST, MTP_PI_COUNT)
MTP_NAMES(level_df, mtp_level_df, MTP_LEVEL_DF_LIST, MTP_LEVEL_DF_COUNT)
/* clang-format on */

void mtp_pool_options_init(mtp_pool_options *options, size_t size)
{
    mtp_pool_options defaults = {.size = size,
                                 .method = MTP_METHOD_INVERSE,
                                 .tau2 = MTP_TAU2_REML,
                                 .tau2_scope = MTP_TAU2_SEPARATE,
                                 .ci = MTP_CI_HKSJ,
                                 .predict = MTP_PI_AUTO,
                                 .level = 0.95,
                                 .null_value = (double)NAN,
                                 .ft_n = MTP_FT_HARMONIC,
                                 .mh_to = MTP_ADD_ONLY0,
                                 .draws = 100000,
                                 .seed = 20240618,
                                 .robust = MTP_ROBUST_CR2,
                                 .level_df = MTP_LEVEL_DF_RESIDUAL,
                                 .threads = 1};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}
