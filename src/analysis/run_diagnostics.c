/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The influence of each study on the pooling or the regression, for figures of it. */
#include "analysis/run.h"
#include "core/error.h"
#include "models/stratified.h"

mtp_status mtp_run_diagnostics(mtp_run_context *run)
{
    const mtp_settings *s = &run->settings;
    const mtp_pool_options *pool = &s->pool;
    mtp_sensitivity_analysis *made =
        MTP_ARENA_NEW(run->owner->arena, mtp_sensitivity_analysis);
    mtp_influence_options options;
    mtp_moderators mods;
    mtp_status status = MTP_OK;

    if (!made) {
        return mtp_fail_nomem(run->err);
    }
    mtp_influence_options_init(&options, sizeof options);
    options.whole = run->owner->bundle.command == MTP_COMMAND_RADIAL;
    options.threads = s->regression ? s->regress.threads : pool->threads;
    if (s->regression) {
        options.tau2 = s->regress.tau2;
        options.tau2_value = s->regress.tau2_value;
        status = mtp_run_moderators(run, &mods);
    } else if (!mtp_method_is_likelihood(pool->method)) {
        options.tau2 = pool->tau2;
        options.tau2_value = pool->tau2_value;
    }
    if (!s->regression && pool->method != MTP_METHOD_INVERSE) {
        mtp_note_add(&run->notes, MTP_NOTE_METHOD_SELECTED, 0,
                     "the figure is of the inverse-variance pooling of the study "
                     "effects, tau2 by %s, and not of the %s",
                     mtp_tau2_id(options.tau2), mtp_method_label(pool->method));
    }
    if (status == MTP_OK) {
        status = mtp_influence(run->owner->effects, s->regression ? &mods : NULL,
                               &options, &run->owner->influence, run->err);
    }
    if (status != MTP_OK) {
        mtp_run_place_error(run);
        return status;
    }
    made->made = 1U << MTP_SENSITIVITY_RADIAL;
    if (!options.whole) {
        made->made |= 1U << MTP_SENSITIVITY_INFLUENCE | 1U << MTP_SENSITIVITY_BAUJAT;
    }
    made->influence = run->owner->influence;
    made->tau2 = options.tau2;
    run->owner->bundle.sensitivity = made;
    return MTP_OK;
}
