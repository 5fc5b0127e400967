/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fragility of the result, and the predicted effects of the studies. */
#include "analysis/run.h"
#include "core/error.h"

mtp_status mtp_run_fragility(mtp_run_context *run, mtp_sensitivity_analysis *made)
{
    const mtp_settings *s = &run->settings;
    mtp_fragility_options options;
    mtp_error why;
    mtp_status status;

    mtp_fragility_options_init(&options, sizeof options);
    options.common = made->common;
    options.keep00 = s->keep00;
    status = mtp_fragility(run->owner->effects, &s->effects, &s->pool, &options,
                           &run->owner->fragility, &why);
    if (status != MTP_OK && status != MTP_E_NOMEM && !s->sensitivity.fragility_named) {
        mtp_run_withdraw(run, made, MTP_SENSITIVITY_FRAGILITY);
        mtp_note_add(&run->notes, MTP_NOTE_NOT_DEFINED, 0, "fragility: %s",
                     why.message);
        return MTP_OK;
    }
    if (status != MTP_OK && why.line == 0) {
        return mtp_fail(run->err, status, "--fragility: %s", why.message);
    }
    if (status != MTP_OK) {
        *run->err = why;
        mtp_run_place_error(run);
    }
    made->fragility = run->owner->fragility;
    return status;
}

static bool has_limits(mtp_ci_method ci)
{
    return ci == MTP_CI_WALD || ci == MTP_CI_T || ci == MTP_CI_HKSJ ||
           ci == MTP_CI_HKSJ_ADHOC;
}

/* The inverse-variance pooling that the predictions are of. */
static mtp_pool_options plain_pooling(mtp_run_context *run)
{
    const mtp_settings *s = &run->settings;
    mtp_pool_options options = s->pool;

    options.method = MTP_METHOD_INVERSE;
    options.tau2 = s->sensitivity.tau2;
    options.tau2_value = s->sensitivity.tau2_value;
    options.cluster = NULL;
    options.n_clusters = 0;
    options.predict = MTP_PI_AUTO;
    if (s->pool.method != MTP_METHOD_INVERSE) {
        options.ci = MTP_CI_HKSJ;
    } else if (!has_limits(s->pool.ci)) {
        options.ci = MTP_CI_WALD;
        mtp_note_add(&run->notes, MTP_NOTE_METHOD_SELECTED, 0,
                     "predicted effects have normal limits by the model's covariance; "
                     "they are not defined for --ci %s",
                     mtp_ci_id(s->pool.ci));
    }
    return options;
}

mtp_status mtp_run_blup(mtp_run_context *run, mtp_sensitivity_analysis *made)
{
    const mtp_effects *effects = run->owner->effects;
    mtp_blup_result **blup = &run->owner->blup;
    mtp_status status;

    if (run->settings.regression) {
        mtp_moderators mods;

        status = mtp_run_moderators(run, &mods);
        if (status == MTP_OK) {
            status = mtp_blup_regress(effects, &mods, &run->settings.regress, blup,
                                      run->err);
        }
    } else {
        mtp_pool_options options = plain_pooling(run);

        status = mtp_blup_pool(effects, &options, blup, run->err);
    }
    if (status != MTP_OK) {
        mtp_run_place_error(run);
        return status;
    }
    made->blup = *blup;
    return MTP_OK;
}
