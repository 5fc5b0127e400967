/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the subgroups of a pooling are called, and how they differ. */
#include "models/between.h"
#include "models/pool_job.h"
#include "models/pool_robust.h"

#include <math.h>

/* The subgroups' estimates and Wald standard errors, side by side. */
typedef struct group_figures {
    double *random, *random_se, *common, *common_se;
} group_figures;

static bool collect_figures(const mtp_pool_job *job, size_t n, group_figures *to)
{
    double *room = mtp_arena_alloc(job->arena, n, 4 * sizeof *room);

    if (!room) {
        return false;
    }
    *to = (group_figures){room, room + n, room + 2 * n, room + 3 * n};
    for (size_t g = 0; g < n; g++) {
        const mtp_pooled *pooled = &job->pooled[g + 1];

        to->random[g] = pooled->random.estimate;
        to->random_se[g] = pooled->random.intervals[0].se; /* Wald */
        to->common[g] = pooled->common.estimate;
        to->common_se[g] = pooled->common.ci.se;
    }
    return true;
}

/* Q within the subgroups, over those that have one. */
static mtp_test test_within(const mtp_pool_job *job)
{
    mtp_dd Q = {0.0, 0.0};
    double df = 0.0;

    for (size_t s = 1; s < job->sets.n_sets; s++) {
        if (!isnan(job->pooled[s].heterogeneity.Q)) {
            Q = mtp_dd_add(Q, mtp_dd_from(job->pooled[s].heterogeneity.Q));
            df += job->pooled[s].heterogeneity.df;
        }
    }
    return mtp_test_chisq(mtp_dd_to(Q), df);
}

mtp_status mtp_pool_test_groups(const mtp_pool_job *job, mtp_pool_result *result)
{
    bool adhoc = job->options.ci == MTP_CI_HKSJ_ADHOC;
    size_t n = job->sets.n_sets - 1;
    group_figures of;

    result->between.within = test_within(job);
    if (mtp_pool_is_robust(&job->options)) {
        return mtp_pool_robust_between(job, &result->between.common,
                                       &result->between.random);
    }
    if (!collect_figures(job, n, &of)) {
        return MTP_E_NOMEM;
    }
    result->between.common = mtp_test_equal(n, of.common, of.common_se);
    if (job->shared_mixed) {
        return mtp_shared_mixed_test(job->shared_mixed, job->arena,
                                     &result->between.random);
    }
    if (job->shared && (adhoc || job->options.ci == MTP_CI_HKSJ ||
                        job->options.ci == MTP_CI_HKSJ_WIDE)) {
        double factor = mtp_dd_to(job->shared->factor);

        factor = adhoc ? fmax(factor, 1.0) : factor;
        result->between.random =
            mtp_test_equal_f(n, of.random, of.random_se, factor, job->shared->df);
    } else {
        result->between.random = mtp_test_equal(n, of.random, of.random_se);
    }
    return MTP_OK;
}

/* Names of the subgroups in the result's arena. */
mtp_status mtp_pool_name_groups(mtp_pool_job *job, mtp_pool_result *result)
{
    size_t n = job->sets.n_sets - 1;
    const char **name = MTP_ARENA_ARRAY(job->arena, n, const char *);

    if (!name) {
        return MTP_E_NOMEM;
    }
    for (size_t g = 0; g < n; g++) {
        name[g] = mtp_arena_strdup(job->arena, job->grouping->level_name[g]);
        if (!name[g]) {
            return MTP_E_NOMEM;
        }
        job->noted[g + 1].name = name[g];
    }
    result->group_name = name;
    result->n_groups = n;
    result->groups = job->pooled + 1;
    return MTP_OK;
}
