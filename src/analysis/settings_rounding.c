/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounding, of a pooling or a regression. */
#include "analysis/settings.h"
#include "core/error.h"

enum { MAX_DRAWS = 1000000 };

static mtp_status check_alone(const mtp_request *r, mtp_option_index draws,
                              mtp_error *err)
{
    if (r->given[MTP_OPT_DECIMALS_OF]) {
        return mtp_fail(err, MTP_E_ARG,
                        "--decimals-of: is about --rounding; give that too, or leave "
                        "--decimals-of out");
    }
    if (draws == MTP_OPT_ROUNDING_DRAWS && mtp_request_has(r, draws)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--draws: random inputs are drawn for --rounding draws alone");
    }
    return MTP_OK;
}

/* The draws of a pooling share an option with others, whose default is not ours. */
mtp_status mtp_settings_resolve_rounding(const mtp_request *r, mtp_settings *s,
                                         mtp_error *err)
{
    mtp_rounding_settings *rounding = &s->rounding;
    mtp_option_index index = s->regression ? MTP_OPT_ROUNDING_DRAWS : MTP_OPT_DRAWS;
    bool draws = mtp_request_has(r, index);
    mtp_rounding_options defaults;

    mtp_rounding_options_init(&defaults, sizeof defaults);
    rounding->decimals = r->given[MTP_OPT_DECIMALS_OF];
    rounding->wanted = mtp_request_has(r, MTP_OPT_ROUNDING);
    if (!rounding->wanted) {
        return check_alone(r, index, err);
    }
    rounding->way = (mtp_rounding_way)mtp_request_choice(r, MTP_OPT_ROUNDING);
    rounding->draws =
        draws ? (size_t)mtp_request_number(r, index) : (size_t)defaults.draws;
    rounding->seed = (uint64_t)mtp_request_number(r, MTP_OPT_SEED);
    rounding->threads = (unsigned)mtp_request_number(r, MTP_OPT_THREADS);
    if (!s->regression && mtp_request_choice(r, MTP_OPT_PREDICT) == (int)MTP_PI_NNF) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--rounding: --predict nnf draws random numbers of its own in "
                        "every fit; take another prediction interval, or none");
    }
    if (draws && rounding->way != MTP_ROUNDING_DRAWS) {
        return mtp_fail(err, MTP_E_ARG,
                        "--draws: --rounding bounds searches; take --rounding draws");
    }
    return rounding->draws > MAX_DRAWS
               ? mtp_fail(err, MTP_E_ARG, "--draws: --rounding draws at most %d times",
                          MAX_DRAWS)
               : MTP_OK;
}
