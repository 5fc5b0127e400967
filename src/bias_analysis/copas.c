/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Copas model along its path of selections. */
#include "bias_analysis/steps.h"
#include "core/error.h"

static mtp_bias_estimate mean_of(const mtp_bias_run *run, const mtp_copas_fit *fit)
{
    mtp_bias_estimate mean = {.id = "copas", .label = "Copas model", .value = fit->mu};

    mtp_bias_test_mean(run, &mean.value);
    mean.back = mtp_bias_back(run, &mean.value);
    return mean;
}

static mtp_status describe(mtp_bias_run *run, const mtp_copas_result *result)
{
    mtp_arena *arena = run->arena;
    mtp_bias_copas *made = MTP_ARENA_NEW(arena, mtp_bias_copas);
    mtp_bias_estimate *path = MTP_ARENA_ARRAY(arena, result->n_fits, mtp_bias_estimate);

    if (!made || !path) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < result->n_fits; i++) {
        path[i] = mean_of(run, &result->fits[i]);
    }
    made->result = result;
    made->path = path;
    if (result->adjusted) {
        made->adjusted = mean_of(run, result->adjusted);
    }
    run->owned->analysis.copas = made;
    mtp_bias_add_notes(run, NULL, &result->notes);
    return mtp_bias_settle(run, MTP_OK, NULL, NULL, NULL);
}

mtp_status mtp_bias_copas_path(mtp_bias_run *run)
{
    const mtp_effects *effects = run->effects;
    mtp_bias_owned *owned = run->owned;
    mtp_copas_options options;
    mtp_error problem;
    mtp_status status;

    if (!run->asked->copas) {
        return MTP_OK;
    }
    mtp_copas_options_init(&options, sizeof options);
    options.side = run->asked->trim.side;
    options.level = run->pooling->level;
    status = mtp_copas(effects->k, effects->yi, effects->vi, &options, &owned->copas,
                       &problem);
    return status == MTP_OK
               ? describe(run, owned->copas)
               : mtp_bias_settle(run, status, &problem, "the Copas model", NULL);
}
