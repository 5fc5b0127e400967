/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/estimate.h"

#include "core/arena.h"
#include "core/error.h"

#include <math.h>

/*
 * Paule-Mandel: Q(tau2) = k - p, or 0 where Q(0) is no larger; the empirical Bayes
 * estimate solves the same equation. se = sqrt(2 k^2 / (k - p)) / sum w.
 * Sources: Paule & Mandel (1982), J Res Natl Bur Stand 87:377-385,
 * doi:10.6028/jres.087.022; Morris (1983), J Am Stat Assoc 78:47-55,
 * doi:10.1080/01621459.1983.10477920.
 */
static void paule_mandel(const mtp_studies *studies, mtp_tau2_fit *fit)
{
    mtp_dd df = mtp_dd_from(mtp_studies_df(studies)), se;
    double k = (double)studies->k;
    mtp_sums s;

    mtp_sums_at(studies, fit->tau2, &s);
    fit->result.iterations = 1;
    if (mtp_difference(s.Q, df).hi > 0.0) {
        fit->tau2 = mtp_q_root(studies, df.hi, &fit->result.iterations);
        mtp_sums_at(studies, fit->tau2, &s);
    }
    se = mtp_dd_sqrt(mtp_dd_div(mtp_dd_from(2.0), df));
    se = mtp_dd_div(mtp_dd_mul_d(se, k), s.w);
    fit->result.se = mtp_dd_to(mtp_to_unit_of_y(studies, se, 2));
}

void mtp_tau2_fit_studies(mtp_tau2_method method, const mtp_studies *studies,
                          mtp_tau2_fit *fit)
{
    mtp_tau2_result *r = &fit->result;
    bool moment = false;

    *fit = (mtp_tau2_fit){.result = {.se = (double)NAN, .loglik = (double)NAN}};
    if (studies->k == studies->n_blocks) {
        return;
    }
    switch (method) {
    case MTP_TAU2_REML:
    case MTP_TAU2_ML:
        mtp_tau2_likelihood(method, studies, fit);
        break;
    case MTP_TAU2_PM:
    case MTP_TAU2_EB:
        paule_mandel(studies, fit);
        break;
    default:
        moment = true;
        mtp_tau2_moment(method, studies, fit);
        break;
    }
    r->tau2 = mtp_dd_to(mtp_to_unit_of_y(studies, fit->tau2, 2));
    r->raw = moment ? r->raw : r->tau2;
}

/* Studies in one block, in an arena that the caller frees. */
static mtp_status prepare_one_block(size_t k, const double yi[], const double vi[],
                                    mtp_arena **arena, mtp_study_block *block,
                                    mtp_studies *studies, mtp_error *err)
{
    mtp_study_point *point;
    mtp_status status;

    if (k == 0) {
        return mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    *arena = mtp_arena_new();
    point = *arena ? MTP_ARENA_ARRAY(*arena, k, mtp_study_point) : NULL;
    status = point ? mtp_studies_prepare(k, yi, vi, 1, NULL, point, block, studies, err)
                   : mtp_fail_nomem(err);
    if (status != MTP_OK) {
        mtp_arena_free(*arena);
    }
    return status;
}

mtp_status mtp_tau2_estimate(mtp_tau2_method method, size_t k, const double yi[],
                             const double vi[], mtp_tau2_result *result, mtp_error *err)
{
    mtp_arena *arena = NULL;
    mtp_study_block block;
    mtp_studies studies;
    mtp_tau2_fit fit;
    mtp_status status;

    if ((unsigned)method >= MTP_TAU2_GIVEN) {
        return mtp_fail(err, MTP_E_ARG, "there is no such estimator of tau2");
    }
    status = prepare_one_block(k, yi, vi, &arena, &block, &studies, err);
    if (status == MTP_OK) {
        mtp_tau2_fit_studies(method, &studies, &fit);
        *result = fit.result;
        mtp_arena_free(arena);
    }
    return status;
}

mtp_status mtp_tau2_qprofile(size_t k, const double yi[], const double vi[],
                             double level, double *lower, double *upper,
                             mtp_set_status *set, mtp_error *err)
{
    mtp_arena *arena = NULL;
    mtp_study_block block;
    mtp_studies studies;
    mtp_dd limit[2];
    mtp_status status;

    if (!(level > 0.0 && level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "the confidence level is not between 0 and 1");
    }
    status = prepare_one_block(k, yi, vi, &arena, &block, &studies, err);
    if (status == MTP_OK) {
        *set = mtp_q_profile(&studies, level, &limit[0], &limit[1]);
        *lower = mtp_dd_to(mtp_to_unit_of_y(&studies, limit[0], 2));
        *upper = mtp_dd_to(mtp_to_unit_of_y(&studies, limit[1], 2));
        mtp_arena_free(arena);
    }
    return status;
}
