/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/chosen.h"

#include "core/error.h"
#include "models/bootstrap.h"
#include "models/henmi_copas.h"
#include "models/profile_mean.h"

typedef struct chosen {
    const mtp_pool_options *options;
    const mtp_study_set *set;
    mtp_pooled *pooled;
    mtp_noted_set *noted;
} chosen;

static void add_interval(const chosen *to, const mtp_studies *studies, size_t block)
{
    mtp_estimate *e = &to->pooled->random;
    const mtp_pool_options *o = to->options;
    mtp_interval made;

    if (o->ci == MTP_CI_PL) {
        mtp_profile_mean(studies, block, o->level, e->null_value, &made);
    } else {
        mtp_henmi_copas(studies, o->level, e->null_value, &made);
    }
    mtp_estimate_take_interval(&made, to->set, e, &to->noted->normal.clipped);
}

static mtp_status add_prediction(const chosen *to, const mtp_studies *studies,
                                 mtp_error *err)
{
    mtp_arena *scratch = mtp_arena_new();
    mtp_prediction made;
    mtp_status status = MTP_E_NOMEM;

    if (scratch) {
        status = mtp_bootstrap_prediction(studies, to->options, scratch, &made,
                                          &to->noted->bootstrap);
        mtp_arena_free(scratch);
    }
    if (status != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    mtp_estimate_take_prediction(&made, to->set, &to->pooled->random,
                                 &to->noted->normal.clipped);
    return MTP_OK;
}

static mtp_status fit_set(const chosen *to, mtp_study_point point[], mtp_error *err)
{
    const mtp_study_set *set = to->set;
    mtp_study_block block;
    mtp_studies studies;
    mtp_status status = mtp_studies_prepare(set->k, set->yi, set->vi, 1, NULL, point,
                                            &block, &studies, err);

    if (status != MTP_OK || set->k == 1) {
        return status;
    }
    if (to->options->ci == MTP_CI_PL || to->options->ci == MTP_CI_HC) {
        add_interval(to, &studies, 0);
    }
    return to->options->predict == MTP_PI_NNF ? add_prediction(to, &studies, err)
                                              : MTP_OK;
}

/* The profile of every subgroup's mean over the tau2 that they share. */
static mtp_status profile_groups(const mtp_pool_sets *sets,
                                 const mtp_pool_options *options, mtp_arena *arena,
                                 mtp_study_point point[], mtp_pooled pooled[],
                                 mtp_noted_set noted[], mtp_error *err)
{
    size_t groups = sets->n_sets - 1, k = sets->set[0].k;
    mtp_study_block *block = MTP_ARENA_ARRAY(arena, groups, mtp_study_block);
    mtp_studies studies;
    mtp_status status;

    if (!block) {
        return mtp_fail_nomem(err);
    }
    status = mtp_studies_prepare(k, sets->set[1].yi, sets->set[1].vi, groups,
                                 sets->start, point, block, &studies, err);
    for (size_t g = 0; g < groups && k > groups && status == MTP_OK; g++) {
        chosen to = {options, &sets->set[g + 1], &pooled[g + 1], &noted[g + 1]};

        add_interval(&to, &studies, g);
    }
    return status;
}

mtp_status mtp_fit_chosen(const mtp_pool_sets *sets, const mtp_pool_options *options,
                          bool shared, mtp_arena *arena, mtp_study_point point[],
                          mtp_pooled pooled[], mtp_noted_set noted[], mtp_error *err)
{
    bool interval = options->ci == MTP_CI_PL || options->ci == MTP_CI_HC;
    mtp_status status = MTP_OK;

    if (!interval && options->predict != MTP_PI_NNF) {
        return MTP_OK;
    }
    for (size_t s = 0; s < (shared ? 1 : sets->n_sets) && status == MTP_OK; s++) {
        chosen to = {options, &sets->set[s], &pooled[s], &noted[s]};

        status = fit_set(&to, point, err);
    }
    if (status == MTP_OK && shared && interval) {
        status = profile_groups(sets, options, arena, point, pooled, noted, err);
    }
    return status;
}
