/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/glmm_internal.h"

#include <math.h>
#include <stdlib.h>

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

static int by_size_then_events(const void *a, const void *b)
{
    const mtp_glmm_study *s = a, *t = b;

    if (s->m != t->m) {
        return s->m < t->m ? -1 : 1;
    }
    return s->x < t->x ? -1 : s->x > t->x;
}

void mtp_glmm_sample_arrange(mtp_glmm_sample *s)
{
    mtp_glmm_study *study = s->study;
    size_t last = 0;

    qsort(study, s->count, sizeof *study, by_size_then_events);
    for (size_t i = 1; i < s->count; i++) {
        if (by_size_then_events(&study[last], &study[i]) == 0) {
            study[last].times += 1.0;
        } else {
            study[++last] = study[i];
        }
    }
    s->count = last + 1;
    for (size_t i = 0; i < s->count; i++) {
        s->events = mtp_dd_add(s->events, mtp_dd_two_prod(study[i].times, study[i].x));
        s->size = mtp_dd_add(s->size, mtp_dd_two_prod(study[i].times, study[i].m));
        s->rest = mtp_dd_add(s->rest, mtp_dd_two_prod(study[i].times, study[i].y));
    }
}
