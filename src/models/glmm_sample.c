/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/glmm_internal.h"

#include <math.h>

mtp_status mtp_glmm_sample_make(mtp_glmm_kind kind, size_t k, size_t p,
                                mtp_arena *arena, mtp_glmm_sample *sample,
                                mtp_error *err)
{
    *sample = (mtp_glmm_sample){.kind = kind, .k = k, .count = k, .p = p};
    sample->study = MTP_ARENA_ARRAY(arena, k, mtp_glmm_study);
    sample->sum = MTP_ARENA_ARRAY(arena, p + 1, mtp_dd);
    return sample->study && sample->sum ? MTP_OK : mtp_fail_nomem(err);
}

mtp_glmm_study mtp_glmm_study_of(mtp_glmm_kind kind, double x, double m)
{
    mtp_glmm_study study = {.x = x, .m = m, .y = m - x, .times = 1.0};

    study.saturated = mtp_glmm_saturated(kind, &study);
    return study;
}

void mtp_glmm_bound(const mtp_glmm_sample *sample, mtp_glmm_problem *problem)
{
    problem->log_area = problem->informative = 0.0;
    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        double w = mtp_glmm_wald_weight(sample->kind, study);

        if (w > 0.0) {
            problem->log_area -= study->times * log(w);
            problem->informative += study->times;
        }
    }
}
