/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fits of all subsets, and where they go as they are made. */
#include "analysis/run.h"
#include "core/error.h"

/* What hands the fits on, with the number of studies that they are of. */
typedef struct relay {
    mtp_gosh_receiver receive;
    void *context;
    size_t k;
} relay;

void mtp_request_set_gosh(mtp_request *request, mtp_gosh_receiver receive,
                          void *context)
{
    request->gosh = receive;
    request->gosh_context = context;
}

static mtp_status hand_on(void *context, size_t n, const mtp_gosh_fit fit[])
{
    const relay *to = (const relay *)context;

    return to->receive(to->context, to->k, n, fit);
}

mtp_status mtp_run_gosh(mtp_run_context *run, const mtp_request *request,
                        mtp_sensitivity_analysis *made)
{
    const mtp_settings *s = &run->settings;
    relay to = {request->gosh, request->gosh_context, run->binding.k};
    mtp_gosh_options options;
    mtp_status status;

    mtp_gosh_options_init(&options, sizeof options);
    options.tau2 = s->sensitivity.tau2;
    options.tau2_value = s->sensitivity.tau2_value;
    options.subsets = s->sensitivity.subsets;
    options.seed = s->pool.seed;
    options.threads = s->pool.threads;
    options.sink = to.receive ? hand_on : NULL;
    options.context = &to;
    status = mtp_gosh(run->owner->effects, &options, &run->owner->gosh, run->err);
    if (status != MTP_OK) {
        mtp_run_place_error(run);
        return status;
    }
    made->gosh = run->owner->gosh;
    made->seed = options.seed;
    return MTP_OK;
}
