/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ids and labels of the tests, their models and predictors, and the default options. */
#include "bias/asymmetry.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"

#include <math.h>

/* clang-format off */
MTP_NAMES(asymmetry, mtp_asymmetry_test, MTP_ASYMMETRY_LIST, MTP_ASYMMETRY_COUNT)
MTP_NAMES(asymmetry_model, mtp_asymmetry_model, MTP_ASYMMETRY_MODEL_LIST, MTP_ASYMMETRY_MODEL_COUNT)
MTP_NAMES(predictor, mtp_predictor, MTP_PREDICTOR_LIST, MTP_PREDICTOR_COUNT)
/* clang-format on */

void mtp_asymmetry_options_init(mtp_asymmetry_options *options, size_t size)
{
    mtp_asymmetry_options all = {.size = size,
                                 .test = MTP_ASYMMETRY_EGGER,
                                 .model = MTP_ASYMMETRY_LM,
                                 .predictor = MTP_PREDICTOR_SEI,
                                 .tau2 = MTP_TAU2_REML,
                                 .ci = MTP_CI_WALD,
                                 .level = 0.95,
                                 .alpha = 0.1};

    mtp_options_give(options, size, &all, sizeof all);
}

mtp_status mtp_asymmetry_check(const mtp_asymmetry_options *options,
                               mtp_asymmetry_options *used, mtp_error *err)
{
    mtp_status status;

    mtp_asymmetry_options_init(used, sizeof *used);
    status = mtp_options_complete(used, sizeof *used, options,
                                  offsetof(mtp_asymmetry_options, model),
                                  "mtp_asymmetry_options_init", err);
    if (status != MTP_OK) {
        return status;
    }
    if ((unsigned)used->test >= MTP_ASYMMETRY_COUNT ||
        (unsigned)used->model >= MTP_ASYMMETRY_RANK ||
        (unsigned)used->predictor >= MTP_PREDICTOR_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    if (!(used->level > 0.0 && used->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the confidence level is not between 0 and 1 (95%% is 0.95)");
    }
    if (!(used->alpha > 0.0 && used->alpha < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the level of the test in PET-PEESE is not between 0 and 1");
    }
    return MTP_OK; /* tau2, tau2_value and ci are mtp_regress's to refuse */
}
