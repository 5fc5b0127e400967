/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/failsafe_general.h"

#include "core/error.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

enum { EXACT_MAX = 100000 };

static const double whole_max = 9007199254740992.0; /* 2^53 */

mtp_status mtp_drawer_open(mtp_drawer *drawer, mtp_error *err)
{
    mtp_study_point *point = MTP_ARENA_ARRAY(drawer->arena, drawer->k, mtp_study_point);
    double precision = 0.0;
    mtp_status status;

    if (!point) {
        return mtp_fail_nomem(err);
    }
    status = mtp_plain_mean_of(drawer->k, drawer->yi, drawer->vi, drawer->options->tau2,
                               drawer->options->tau2_value, point, &drawer->mean, err);
    if (status == MTP_OK) {
        for (size_t i = 0; i < drawer->k; i++) {
            precision += drawer->vi[0] / drawer->vi[i];
        }
        drawer->v = drawer->vi[0] * ((double)drawer->k / precision);
    }
    return status;
}

static bool estimates_tau2(const mtp_drawer *drawer)
{
    return drawer->options->tau2 != MTP_TAU2_EE &&
           drawer->options->tau2 != MTP_TAU2_GIVEN;
}

/* The k studies at a tau2, and n zeros of the same variance beside them. */
static mtp_status approximate(const mtp_drawer *drawer, double n, mtp_plain_mean *mean,
                              mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(drawer->arena);
    mtp_study_point *point = MTP_ARENA_ARRAY(drawer->arena, drawer->k, mtp_study_point);
    double k = (double)drawer->k, tau2 = drawer->mean.tau2;
    mtp_status status;

    if (!point) {
        return mtp_fail_nomem(err);
    }
    if (estimates_tau2(drawer) && n > 0.0) {
        double m = drawer->mean.estimate;

        tau2 = ((k + n - 2.0) * tau2 + k * (n / (k + n)) * (m * m)) / (k + n - 1.0);
    }
    status = mtp_plain_mean_of(drawer->k, drawer->yi, drawer->vi, MTP_TAU2_GIVEN, tau2,
                               point, mean, err);
    if (status == MTP_OK) {
        /* n w / W: their weight beside that of the k studies. */
        double share = n * (mean->se / (drawer->v + tau2) * mean->se);

        mean->estimate /= 1.0 + share;
        mean->se /= sqrt(1.0 + share);
        mean->tau2 = tau2;
    }
    mtp_arena_release(drawer->arena, mark);
    return status;
}

/* Fit k + n effects. Every estimator of tau2 takes effects of one variance by their
 * mean and sum of squares alone, so that any n numbers with these will do: pairs
 * beside 0. */
static mtp_status exact(const mtp_drawer *drawer, double n, mtp_plain_mean *mean,
                        mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(drawer->arena);
    size_t added = (size_t)n, pairs = added / 2, all = drawer->k + added;
    double *yi = MTP_ARENA_ARRAY(drawer->arena, all, double);
    double *vi = MTP_ARENA_ARRAY(drawer->arena, all, double);
    mtp_study_point *point = MTP_ARENA_ARRAY(drawer->arena, all, mtp_study_point);
    double spread = 0.0;
    mtp_status status;

    if (!yi || !vi || !point) {
        return mtp_fail_nomem(err);
    }
    memcpy(yi, drawer->yi, drawer->k * sizeof *yi);
    memcpy(vi, drawer->vi, drawer->k * sizeof *vi);
    if (pairs > 0) {
        spread =
            sqrt((drawer->mean.tau2 + drawer->v) * ((n - 1.0) / (2.0 * (double)pairs)));
    }
    for (size_t i = 0; i < added; i++) {
        double sign = i >= 2 * pairs ? 0.0 : i % 2 == 0 ? -1.0 : 1.0;

        yi[drawer->k + i] = sign * spread;
        vi[drawer->k + i] = drawer->v;
    }
    status = mtp_plain_mean_of(all, yi, vi, drawer->options->tau2,
                               drawer->options->tau2_value, point, mean, err);
    mtp_arena_release(drawer->arena, mark);
    return status;
}

mtp_status mtp_drawer_with(const mtp_drawer *drawer, double n, mtp_plain_mean *mean,
                           mtp_error *err)
{
    return drawer->options->exact && estimates_tau2(drawer)
               ? exact(drawer, n, mean, err)
               : approximate(drawer, n, mean, err);
}

/* Whether the result is gone at this mean. */
static bool is_gone(const mtp_drawer *drawer, const mtp_plain_mean *mean)
{
    const mtp_failsafe_options *o = drawer->options;

    if (!isnan(o->target)) {
        return fabs(mean->estimate) <= fabs(o->target);
    }
    return fabs(mean->estimate) <= mean->se * mtp_normal_upper_quantile(0.5 * o->alpha);
}

mtp_status mtp_drawer_search(const mtp_drawer *drawer, double *n, mtp_plain_mean *mean,
                             mtp_error *err)
{
    bool counted = drawer->options->exact && estimates_tau2(drawer);
    double most = counted ? (double)EXACT_MAX : whole_max;
    double low = -1.0, high = 0.0; /* it stands with low, is gone with high */
    mtp_plain_mean at;
    mtp_status status = mtp_drawer_with(drawer, high, &at, err);

    while (status == MTP_OK && !is_gone(drawer, &at)) {
        if (high >= most) {
            return mtp_fail(err, MTP_E_UNSUPPORTED,
                            "more than %.0f studies would have to be added%s", most,
                            counted ? "; the approximate number has no such bound"
                                    : "");
        }
        low = high;
        high = fmin(most, fmax(1.0, 2.0 * high));
        status = mtp_drawer_with(drawer, high, &at, err);
    }
    *mean = at;
    while (status == MTP_OK && high - low > 1.0) {
        double middle = floor(low + 0.5 * (high - low));

        status = mtp_drawer_with(drawer, middle, &at, err);
        if (status == MTP_OK && is_gone(drawer, &at)) {
            high = middle;
            *mean = at;
        } else {
            low = middle;
        }
    }
    *n = high;
    return status;
}
