/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects, after pooling: what their analyses need of a run. */
#include "analysis/run.h"

#include <math.h>

mtp_bias_run mtp_run_for_bias(mtp_run_context *run)
{
    mtp_bundle_owner *owner = run->owner;

    return (mtp_bias_run){.effects = owner->effects,
                          .pool = owner->pool,
                          .pooling = &run->settings.pool,
                          .asked = &run->settings.bias,
                          .row = run->binding.row,
                          .owned = &owner->bias,
                          .arena = owner->arena,
                          .notes = &run->notes,
                          .err = run->err};
}

/* Where no side is named, it is that of the hypothesis on which the mean lies. */
static void choose_side(mtp_run_context *run)
{
    const mtp_estimate *mean = &run->owner->pool->overall.random;
    double null = isnan(mean->null_value) ? 0.0 : mean->null_value;

    if (!run->settings.bias.side_given && mean->estimate < null) {
        run->settings.bias.side = MTP_SELECTION_LESS;
    }
}

mtp_status mtp_run_bias(mtp_run_context *run)
{
    mtp_bias_run bias = mtp_run_for_bias(run);

    choose_side(run);
    run->owner->bundle.bias = &run->owner->bias.analysis;
    return mtp_bias_analyse(&bias);
}
