/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Selection models: by maximum likelihood, and at weights that are given. */
#include "bias_analysis/steps.h"
#include "core/error.h"

#include <math.h>

/* Fit, and fill what is shown of it; *made is left alone where there is no answer. */
static mtp_status fit(mtp_bias_run *run, const mtp_selection_options *options,
                      mtp_selection_result **result, mtp_bias_selection *made)
{
    const mtp_effects *effects = run->effects;
    const char *what =
        mtp_arena_printf(run->arena, "the selection model (%s)", made->label);
    mtp_error problem;
    mtp_status status;

    if (!what) {
        return mtp_fail_nomem(run->err);
    }
    status = mtp_selection(effects->k, run->owned->shifted, effects->vi, 1, NULL,
                           options, result, &problem);
    if (status == MTP_OK) {
        made->result = *result;
        made->mean = (*result)->beta[0];
        mtp_bias_unshift(run, &made->mean);
        made->back = mtp_bias_back(run, &made->mean);
        mtp_bias_add_notes(run, options->n_delta > 0 ? made->label : NULL,
                           &(*result)->notes);
    }
    return mtp_bias_settle(run, status, &problem, what, NULL);
}

static mtp_selection_options options_of(const mtp_bias_run *run)
{
    const mtp_bias_settings *b = run->asked;
    mtp_selection_options options = b->select;

    options.side = b->side;
    options.n_steps = b->n_steps;
    options.steps = b->steps;
    return options;
}

static mtp_status fit_model(mtp_bias_run *run)
{
    mtp_bias_owned *owned = run->owned;
    mtp_selection_options options = options_of(run);
    mtp_bias_selection *made = MTP_ARENA_NEW(run->arena, mtp_bias_selection);
    mtp_status status;

    if (!made) {
        return mtp_fail_nomem(run->err);
    }
    made->id =
        mtp_arena_printf(run->arena, "selection_%s", mtp_selection_id(options.type));
    made->label = mtp_arena_printf(run->arena, "selection, %s",
                                   mtp_selection_label(options.type));
    if (!made->id || !made->label) {
        return mtp_fail_nomem(run->err);
    }
    if (options.type != MTP_SELECTION_STEP) {
        options.n_steps = 0;
    }
    status = fit(run, &options, &owned->selection, made);
    owned->analysis.selection = made->result ? made : NULL;
    return status;
}

/* The weights are of one-sided p-values, on the side of the mean if not given. */
static mtp_selection_side one_side(const mtp_bias_run *run)
{
    const mtp_bias_owned *owned = run->owned;
    mtp_selection_side side = run->asked->side;

    if (side != MTP_SELECTION_TWO_SIDED) {
        return side;
    }
    return run->pool->overall.random.estimate < owned->analysis.null_value
               ? MTP_SELECTION_LESS
               : MTP_SELECTION_GREATER;
}

static mtp_status fit_named(mtp_bias_run *run, mtp_vevea_woods which,
                            mtp_selection_result **result, mtp_bias_selection *made)
{
    mtp_selection_options options = run->asked->select;

    mtp_selection_vevea_woods(&options, which, one_side(run));
    made->id = mtp_vevea_woods_id(which);
    made->label = mtp_vevea_woods_label(which);
    return fit(run, &options, result, made);
}

static mtp_status fit_numbers(mtp_bias_run *run, mtp_selection_result **result,
                              mtp_bias_selection *made)
{
    mtp_selection_options options = options_of(run);

    options.type = MTP_SELECTION_STEP;
    options.n_delta = run->asked->n_weights;
    options.delta = run->asked->weights;
    made->id = "given";
    made->label = "selection by the given weights";
    return fit(run, &options, result, made);
}

static mtp_status fit_weighted(mtp_bias_run *run)
{
    const mtp_bias_settings *b = run->asked;
    mtp_bias_owned *owned = run->owned;
    size_t wanted = b->n_named + (b->n_weights > 0), n = 0;
    mtp_bias_selection *list = mtp_arena_zalloc(run->arena, wanted, sizeof *list);
    mtp_status status = list ? MTP_OK : mtp_fail_nomem(run->err);

    for (size_t i = 0; i < wanted && status == MTP_OK; i++) {
        status = i < b->n_named
                     ? fit_named(run, b->named[i], &owned->weighted[i], &list[n])
                     : fit_numbers(run, &owned->weighted[i], &list[n]);
        n += status == MTP_OK && list[n].result;
    }
    owned->analysis.n_weighted = n;
    owned->analysis.weighted = list;
    return status;
}

mtp_status mtp_bias_selections(mtp_bias_run *run)
{
    const mtp_bias_settings *b = run->asked;
    mtp_status status = MTP_OK;

    if (!b->hypothesis) {
        return MTP_OK;
    }
    if (b->selection) {
        status = fit_model(run);
    }
    return status == MTP_OK && (b->n_named > 0 || b->n_weights > 0) ? fit_weighted(run)
                                                                    : status;
}
