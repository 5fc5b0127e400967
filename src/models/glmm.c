/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm.h"

#include "core/error.h"
#include "models/glmm_internal.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static int by_size_then_events(const void *a, const void *b)
{
    const mtp_glmm_study *s = a, *t = b;

    if (s->m != t->m) {
        return s->m < t->m ? -1 : 1;
    }
    return s->x < t->x ? -1 : s->x > t->x;
}

/* Sort the studies and merge equal ones: the order of the rows is gone from here on. */
static void arrange(mtp_glmm_sample *s)
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

/* Without events, or with nothing else, mu runs off to infinity. */
static bool common_exists(const mtp_glmm_sample *s)
{
    return s->events.hi > 0.0 && (s->kind == MTP_GLMM_POISSON || s->rest.hi > 0.0);
}

/*
 * So does tau where every study has no events or nothing else, and some has more than
 * one patient: with a = E(q), P(x_i = 0) <= a and P(x_i = n_i) <= 1 - a, the product
 * a^k0 (1 - a)^k1 is highest at a = k0 / k, and only tau -> infinity comes near that.
 * (With one patient each, every tau gives the same likelihood.)
 */
static bool maximum_exists(const mtp_glmm_sample *s)
{
    bool single = true;

    for (size_t i = 0; i < s->count; i++) {
        if (mtp_glmm_wald_weight(s->kind, &s->study[i]) > 0.0) {
            return true;
        }
        single = single && s->study[i].m <= 1.0;
    }
    return single;
}

static mtp_glmm_fit nothing(size_t k)
{
    const double nan = (double)NAN;

    return (mtp_glmm_fit){.common_mu = nan,
                          .common_se = nan,
                          .common_loglik = nan,
                          .mu = nan,
                          .se = nan,
                          .tau = nan,
                          .tau2 = nan,
                          .loglik = nan,
                          .se_tau = nan,
                          .saturated_loglik = nan,
                          .Q_wald = nan,
                          .LRT = nan,
                          .uninformative = k};
}

static mtp_glmm_fit fit_sample(mtp_glmm_sample *sample, int nodes)
{
    mtp_glmm_fit fit = nothing(sample->k);

    arrange(sample);
    if (common_exists(sample)) {
        int boundary_sign;

        for (size_t i = 0; i < sample->count; i++) {
            mtp_glmm_study *study = &sample->study[i];

            study->saturated = mtp_glmm_saturated(sample->kind, study);
        }
        boundary_sign = mtp_glmm_closed_forms(sample, &fit);
        fit.exists = maximum_exists(sample);
        if (fit.exists) {
            mtp_glmm_search(sample, nodes, boundary_sign, &fit);
        }
    }
    return fit;
}

mtp_status mtp_glmm_fit_one_group(mtp_glmm_kind kind, size_t k, const double x[],
                                  const double m[], int nodes, mtp_arena *scratch,
                                  mtp_glmm_fit *fit, mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_glmm_sample sample = {.kind = kind, .k = k, .count = k};

    assert(k > 0 && nodes >= 0 && nodes <= MTP_HERMITE_MAX);
    sample.study = MTP_ARENA_ARRAY(scratch, k, mtp_glmm_study);
    if (!sample.study) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        sample.study[i] =
            (mtp_glmm_study){.x = x[i], .m = m[i], .y = m[i] - x[i], .times = 1.0};
    }
    *fit = fit_sample(&sample, nodes);
    mtp_arena_release(scratch, mark);
    return MTP_OK;
}
