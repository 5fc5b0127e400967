/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What small-study effects leave of the mean: PET-PEESE, trim and fill, fail-safe
 * numbers, excess significance. */
#include "bias_analysis/steps.h"
#include "core/error.h"

#include <math.h>

mtp_status mtp_bias_pet_and_peese(mtp_bias_run *run)
{
    mtp_bias_owned *owned = run->owned;
    mtp_effects effects = *run->effects;
    mtp_bias_pet_peese *made;
    mtp_error problem;
    mtp_status status;

    if (!run->asked->pet_peese) {
        return MTP_OK;
    }
    effects.yi = owned->shifted;
    status =
        mtp_pet_peese(&effects, &run->asked->asymmetry, &owned->pet_peese, &problem);
    if (status != MTP_OK) {
        return mtp_bias_settle(run, status, &problem, "PET-PEESE", NULL);
    }
    made = MTP_ARENA_NEW(run->arena, mtp_bias_pet_peese);
    if (!made) {
        return mtp_fail_nomem(run->err);
    }
    made->fit = *owned->pet_peese;
    made->conditional = run->asked->hypothesis;
    mtp_bias_unshift(run, &made->fit.pet.estimate);
    mtp_bias_unshift(run, &made->fit.peese.estimate);
    mtp_bias_unshift(run, &made->fit.estimate);
    made->pet = mtp_bias_back(run, &made->fit.pet.estimate);
    made->peese = mtp_bias_back(run, &made->fit.peese.estimate);
    owned->analysis.pet_peese = made;
    mtp_bias_add_notes(run, NULL, &made->fit.notes);
    return mtp_bias_settle(run, MTP_OK, NULL, NULL, NULL);
}

mtp_status mtp_bias_trim_and_fill(mtp_bias_run *run)
{
    mtp_bias_owned *owned = run->owned;
    mtp_error problem;
    mtp_status status;

    if (!run->asked->trim_fill) {
        return MTP_OK;
    }
    status = mtp_trim_fill(run->effects, run->pooling, &run->asked->trim,
                           &owned->trim_fill, &problem);
    if (status == MTP_OK) {
        owned->analysis.trim_fill = owned->trim_fill;
        mtp_bias_add_pool_notes(run, "trim and fill", &owned->trim_fill->pooled->notes);
    }
    return mtp_bias_settle(run, status, &problem, "trim and fill", NULL);
}

/* The target as the distance from the hypothesis that counts. */
static double target_of(const mtp_bias_run *run)
{
    const mtp_pooled *overall = &run->pool->overall;
    double target = run->asked->target;

    return mtp_forward_transform(run->effects->measure->measure, target,
                                 overall->random.back.ft_n) -
           run->owned->analysis.null_value;
}

static mtp_status check_target(const mtp_bias_run *run, double target)
{
    const mtp_measure_info *measure = run->effects->measure;

    if (isnan(run->asked->target) || (isfinite(target) && target != 0.0)) {
        return MTP_OK;
    }
    return target == 0.0 ? mtp_fail(run->err, MTP_E_ARG,
                                    "--target: it is no effect at all (--null), which "
                                    "no number of studies brings about")
                         : mtp_fail(run->err, MTP_E_ARG,
                                    "--target: has no place on the %s scale of %s",
                                    measure->scale, measure->code);
}

static mtp_status failsafe(mtp_bias_run *run, double target, mtp_bias_failsafe *f)
{
    const mtp_effects *effects = run->effects;
    mtp_failsafe_options options = run->asked->safe;
    double null = run->owned->analysis.null_value;
    mtp_error problem;
    mtp_status status;

    options.type = f->type;
    options.target = target;
    status = mtp_failsafe(effects->k, run->owned->shifted, effects->vi, &options,
                          &f->result, &problem);
    if (status == MTP_OK) {
        f->exists = true;
        f->result.estimate += null;
        f->result.target += null;
        f->result.with_n.estimate += null;
    }
    return mtp_bias_settle(run, status, &problem, mtp_failsafe_label(f->type), NULL);
}

mtp_status mtp_bias_failsafes(mtp_bias_run *run)
{
    const mtp_bias_settings *b = run->asked;
    mtp_bias_analysis *a = &run->owned->analysis;
    double target = target_of(run);
    mtp_bias_failsafe *list;
    mtp_status status;

    if (!b->hypothesis || b->n_failsafe == 0) {
        return MTP_OK;
    }
    status = check_target(run, target);
    if (status != MTP_OK) {
        return status;
    }
    list = mtp_arena_zalloc(run->arena, b->n_failsafe, sizeof *list);
    if (!list) {
        return mtp_fail_nomem(run->err);
    }
    a->failsafe = list;
    a->n_failsafe = b->n_failsafe;
    for (size_t i = 0; i < b->n_failsafe && status == MTP_OK; i++) {
        list[i].type = b->failsafe[i];
        status = failsafe(run, target, &list[i]);
    }
    return status;
}

mtp_status mtp_bias_excess(mtp_bias_run *run)
{
    const mtp_effects *effects = run->effects;
    mtp_bias_owned *owned = run->owned;
    mtp_excess_options options;
    mtp_error problem;
    mtp_status status;

    if (!run->asked->excess || !run->asked->hypothesis) {
        return MTP_OK;
    }
    mtp_excess_options_init(&options, sizeof options);
    options.null_value = owned->analysis.null_value;
    options.alpha = run->asked->alpha;
    options.tau2 = run->pooling->tau2;
    options.tau2_value = run->pooling->tau2_value;
    status = mtp_excess_significance(effects->k, effects->yi, effects->vi, &options,
                                     &owned->excess, &problem);
    if (status == MTP_OK) {
        owned->analysis.excess = owned->excess;
    }
    return mtp_bias_settle(run, status, &problem, "the test of excess significance",
                           NULL);
}
