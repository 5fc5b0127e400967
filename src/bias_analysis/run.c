/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects: the steps in turn. */
#include "bias_analysis/steps.h"
#include "core/error.h"

#include <math.h>

void mtp_bias_owned_free(mtp_bias_owned *owned)
{
    for (int t = 0; t < MTP_ASYMMETRY_COUNT; t++) {
        mtp_asymmetry_free(owned->test[t]);
    }
    mtp_pet_peese_free(owned->pet_peese);
    mtp_trim_fill_free(owned->trim_fill);
    mtp_excess_free(owned->excess);
    mtp_selection_free(owned->selection);
    for (int w = 0; w <= MTP_VEVEA_WOODS_COUNT; w++) {
        mtp_selection_free(owned->weighted[w]);
    }
    mtp_lfk_free(owned->lfk);
    mtp_p_curve_free(owned->p_curve);
    mtp_p_uniform_free(owned->p_uniform);
    mtp_copas_free(owned->copas);
}

/* What depends on the hypothesis: null_value and the differences from it. */
static mtp_status shift_effects(mtp_bias_run *run)
{
    mtp_bias_owned *owned = run->owned;
    const mtp_effects *effects = run->effects;
    double null = run->pool->overall.random.null_value;
    double *shifted = MTP_ARENA_ARRAY(run->arena, effects->k, double);

    if (!shifted) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < effects->k; i++) {
        shifted[i] = isnan(null) ? effects->yi[i] : effects->yi[i] - null;
    }
    owned->shifted = shifted;
    owned->analysis.null_value = null;
    return MTP_OK;
}

/* Under --all, what cannot be done is said and left out. */
static void note_hypothesis(mtp_bias_run *run)
{
    if (run->asked->all && !run->asked->hypothesis) {
        mtp_note_add(
            run->notes, MTP_NOTE_METHOD_SELECTED, 0,
            "no %s stands for no effect, so what is made of the studies' "
            "p-values is left out, and so is the choice between PET and PEESE; "
            "--null names one",
            run->effects->measure->natural);
    }
}

mtp_status mtp_bias_analyse(mtp_bias_run *run)
{
    static mtp_status (*const step[])(mtp_bias_run *) = {
        shift_effects,          mtp_bias_tests,         mtp_bias_pet_and_peese,
        mtp_bias_trim_and_fill, mtp_bias_failsafes,     mtp_bias_excess,
        mtp_bias_selections,    mtp_bias_lfk_index,     mtp_bias_p_values,
        mtp_bias_copas_path,    mtp_bias_list_estimates};
    mtp_status status = MTP_OK;

    mtp_bias_add_pool_notes(run, NULL, &run->pool->notes);
    note_hypothesis(run);
    for (size_t i = 0; i < sizeof step / sizeof *step && status == MTP_OK; i++) {
        status = step[i](run);
    }
    return status;
}
