/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "num/dist.h"
#include "tau2/estimate.h"

#include <math.h>

/* tau2 +- z se, from 0. */
static void wald(const mtp_tau2_fit *fit, const mtp_studies *studies, double level,
                 mtp_tau2_set *set)
{
    mtp_dd se = mtp_from_unit_of_v(studies, mtp_dd_from(fit->result.se)), half;

    set->status = isnan(fit->result.se) ? MTP_SET_UNDEFINED : MTP_SET_OK;
    half = mtp_dd_mul_d(se, mtp_normal_upper_quantile(mtp_tail_of_level(level)));
    set->limit[0] = mtp_dd_sub(fit->tau2, half);
    set->limit[1] = mtp_dd_add(fit->tau2, half);
    if (set->limit[0].hi < 0.0) {
        set->limit[0] = mtp_dd_from(0.0);
    }
}

void mtp_tau2_set_by(mtp_tau2_ci_method method, mtp_tau2_method estimator,
                     const mtp_tau2_fit *fit, const mtp_studies *studies, double level,
                     mtp_tau2_set *set)
{
    static const mtp_weighting root = {MTP_WEIGHT_ROOT, {0.0, 0.0}};
    static const mtp_weighting inverse = {MTP_WEIGHT_INVERSE, {0.0, 0.0}};
    mtp_dd *limit = set->limit;

    *set = (mtp_tau2_set){.method = method};
    switch (method) {
    case MTP_TAU2_CI_J:
        set->status =
            mtp_generalized_interval(studies, &root, level, &limit[0], &limit[1]);
        break;
    case MTP_TAU2_CI_BJ:
        set->status =
            mtp_generalized_interval(studies, &inverse, level, &limit[0], &limit[1]);
        break;
    case MTP_TAU2_CI_PL:
        mtp_likelihood_set(studies, estimator != MTP_TAU2_ML, level, set);
        break;
    case MTP_TAU2_CI_WALD:
        wald(fit, studies, level, set);
        break;
    default:
        set->status = mtp_q_profile(studies, level, &limit[0], &limit[1]);
        break;
    }
    for (int i = 0; i < 2; i++) {
        limit[i] = set->status == MTP_SET_OK ? mtp_to_unit_of_y(studies, limit[i], 2)
                                             : mtp_dd_from((double)NAN);
        for (size_t s = 0; s < set->n_segments; s++) {
            set->segment[s][i] = mtp_to_unit_of_y(studies, set->segment[s][i], 2);
        }
    }
}

static mtp_status check_level(double level, mtp_error *err)
{
    return level > 0.0 && level < 1.0
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "the confidence level is not between 0 and 1");
}

mtp_status mtp_tau2_confidence(mtp_tau2_ci_method ci, mtp_tau2_method method, size_t k,
                               const double yi[], const double vi[], double level,
                               mtp_tau2_bounds *bounds, mtp_error *err)
{
    mtp_status status = check_level(level, err);
    mtp_one_block one;
    mtp_tau2_fit fit = {.result = {.se = (double)NAN}};
    mtp_tau2_set set;

    if ((unsigned)ci >= MTP_TAU2_CI_COUNT || (unsigned)method >= MTP_TAU2_GIVEN) {
        return mtp_fail(err, MTP_E_ARG, "there is no such %s of tau2",
                        (unsigned)ci >= MTP_TAU2_CI_COUNT ? "interval" : "estimator");
    }
    if (status == MTP_OK) {
        status = mtp_one_block_new(k, yi, vi, NULL, &one, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (ci == MTP_TAU2_CI_WALD) {
        mtp_tau2_fit_studies(method, &one.studies, &fit);
    }
    mtp_tau2_set_by(ci, method, &fit, &one.studies, level, &set);
    mtp_arena_free(one.arena);
    *bounds = (mtp_tau2_bounds){.status = set.status,
                                .lower = mtp_dd_to(set.limit[0]),
                                .upper = mtp_dd_to(set.limit[1]),
                                .n_segments = set.n_segments};
    for (size_t s = 0; s < set.n_segments; s++) {
        bounds->segments[s][0] = mtp_dd_to(set.segment[s][0]);
        bounds->segments[s][1] = mtp_dd_to(set.segment[s][1]);
    }
    return MTP_OK;
}

mtp_status mtp_tau2_qprofile(size_t k, const double yi[], const double vi[],
                             double level, double *lower, double *upper,
                             mtp_set_status *set, mtp_error *err)
{
    mtp_tau2_bounds bounds;
    mtp_status status = mtp_tau2_confidence(MTP_TAU2_CI_QP, MTP_TAU2_PM, k, yi, vi,
                                            level, &bounds, err);

    if (status == MTP_OK) {
        *lower = bounds.lower;
        *upper = bounds.upper;
        *set = bounds.status;
    }
    return status;
}

mtp_status mtp_tau2_generalized_ci(size_t k, const double yi[], const double vi[],
                                   const double weights[], double level,
                                   mtp_tau2_bounds *bounds, mtp_error *err)
{
    static const mtp_weighting given = {MTP_WEIGHT_GIVEN, {0.0, 0.0}};
    mtp_status status = check_level(level, err);
    mtp_one_block one;
    mtp_dd limit[2];

    if (status == MTP_OK) {
        status = mtp_one_block_new(k, yi, vi, weights, &one, err);
    }
    if (status == MTP_OK) {
        *bounds =
            (mtp_tau2_bounds){.status = mtp_generalized_interval(
                                  &one.studies, &given, level, &limit[0], &limit[1])};
        bounds->lower = mtp_dd_to(mtp_to_unit_of_y(&one.studies, limit[0], 2));
        bounds->upper = mtp_dd_to(mtp_to_unit_of_y(&one.studies, limit[1], 2));
        mtp_arena_free(one.arena);
    }
    return status;
}
