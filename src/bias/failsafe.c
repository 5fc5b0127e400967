/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/failsafe.h"

#include "bias/failsafe_general.h"
#include "core/dd.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

MTP_NAMES(failsafe, mtp_failsafe_type, MTP_FAILSAFE_LIST, MTP_FAILSAFE_COUNT)

/* A number of studies that is whole but for rounding is whole. */
static const double rounding = 1e-13;

void mtp_failsafe_options_init(mtp_failsafe_options *options, size_t size)
{
    mtp_failsafe_options all = {.size = size,
                                .type = MTP_FAILSAFE_ROSENTHAL,
                                .alpha = 0.05,
                                .target = (double)NAN,
                                .weighted = true,
                                .tau2 = MTP_TAU2_REML};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status take_options(const mtp_failsafe_options *options,
                               mtp_failsafe_options *used, mtp_error *err)
{
    mtp_failsafe_options_init(used, sizeof *used);
    mtp_options_take(used, sizeof *used, options);
    if ((options && options->size == 0) || (unsigned)used->type >= MTP_FAILSAFE_COUNT ||
        (unsigned)used->tau2 >= MTP_TAU2_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    if (!(used->alpha > 0.0 && used->alpha < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "alpha is not between 0 and 1");
    }
    if (used->target == 0.0 || isinf(used->target)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the target must be a finite number other than 0: studies "
                        "without effect never take a mean to 0");
    }
    if (used->tau2 == MTP_TAU2_GIVEN &&
        !(used->tau2_value >= 0.0 && isfinite(used->tau2_value))) {
        return mtp_fail(err, MTP_E_ARG, "tau2 must be a finite number from 0");
    }
    return MTP_OK;
}

static double whole(double n)
{
    return fmax(0.0, ceil(n - rounding * fabs(n)));
}

static void rosenthal(size_t k, const double yi[], const double vi[],
                      mtp_failsafe_result *r)
{
    double sum, z = mtp_normal_upper_quantile(r->alpha);
    mtp_dd exact = {0.0, 0.0};
    mtp_tail tail;

    for (size_t i = 0; i < k; i++) {
        exact = mtp_dd_add(exact, mtp_dd_from(yi[i] / sqrt(vi[i])));
    }
    sum = mtp_dd_to(exact);
    tail = mtp_normal_upper(fabs(sum) / sqrt((double)k));
    r->p = tail.p;
    r->log_p = tail.log_p;
    r->n = tail.p < r->alpha ? whole((sum / z) * (sum / z) - (double)k) : 0.0;
}

static void orwin(size_t k, mtp_failsafe_result *r)
{
    double mean = fabs(r->estimate);

    r->alpha = (double)NAN;
    r->target = isnan(r->target) ? 0.5 * r->estimate : copysign(r->target, r->estimate);
    r->n = mean > fabs(r->target)
               ? whole((double)k * ((mean - fabs(r->target)) / fabs(r->target)))
               : 0.0;
}

static void rosenberg(size_t k, const mtp_plain_mean *mean, mtp_failsafe_result *r)
{
    double z = mean->estimate / mean->se;
    double c = mtp_normal_upper_quantile(0.5 * r->alpha);
    mtp_tail tail = mtp_normal_two_sided(z);

    r->p = tail.p;
    r->log_p = tail.log_p;
    r->n = tail.p < r->alpha ? whole((double)k * ((z / c) * (z / c) - 1.0)) : 0.0;
}

static mtp_status general(mtp_drawer *drawer, mtp_failsafe_result *r, mtp_error *err)
{
    mtp_plain_mean with_n;
    mtp_status status = mtp_drawer_open(drawer, err);
    mtp_tail tail;

    if (status == MTP_OK) {
        status = mtp_drawer_search(drawer, &r->n, &with_n, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    r->estimate = drawer->mean.estimate;
    r->tau2 = drawer->mean.tau2;
    r->target = copysign(drawer->options->target, r->estimate);
    r->alpha = isnan(r->target) ? r->alpha : (double)NAN;
    tail = mtp_normal_two_sided(drawer->mean.estimate / drawer->mean.se);
    r->p = tail.p;
    r->log_p = tail.log_p;
    tail = mtp_normal_two_sided(with_n.estimate / with_n.se);
    r->with_n.estimate = with_n.estimate;
    r->with_n.tau2 = with_n.tau2;
    r->with_n.p = tail.p;
    r->with_n.log_p = tail.log_p;
    return MTP_OK;
}

/* The plain mean, as the mean of studies of one variance; and vi in its place. */
static mtp_status plain_average(size_t k, const double yi[], mtp_arena *arena,
                                mtp_study_point point[], mtp_plain_mean *mean,
                                mtp_error *err)
{
    double *ones = MTP_ARENA_ARRAY(arena, k, double);

    if (!ones) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        ones[i] = 1.0;
    }
    return mtp_plain_mean_of(k, yi, ones, MTP_TAU2_EE, 0.0, point, mean, err);
}

static mtp_status compute(size_t k, const double yi[], const double vi[],
                          const mtp_failsafe_options *o, mtp_arena *arena,
                          mtp_failsafe_result *r, mtp_error *err)
{
    mtp_drawer drawer = {.k = k, .yi = yi, .vi = vi, .options = o, .arena = arena};
    mtp_study_point *point = MTP_ARENA_ARRAY(arena, k, mtp_study_point);
    mtp_plain_mean mean;
    mtp_status status;

    if (!point) {
        return mtp_fail_nomem(err);
    }
    if (o->type == MTP_FAILSAFE_GENERAL) {
        return general(&drawer, r, err);
    }
    if (o->type == MTP_FAILSAFE_ORWIN && !o->weighted) {
        status = plain_average(k, yi, arena, point, &mean, err);
    } else { /* checks the studies for all types */
        status = mtp_plain_mean_of(k, yi, vi, MTP_TAU2_EE, 0.0, point, &mean, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    if (o->type == MTP_FAILSAFE_ROSENTHAL) {
        rosenthal(k, yi, vi, r);
    } else if (o->type == MTP_FAILSAFE_ORWIN) {
        r->estimate = mean.estimate;
        r->target = o->target;
        orwin(k, r);
    } else {
        r->estimate = mean.estimate;
        rosenberg(k, &mean, r);
    }
    return MTP_OK;
}

mtp_status mtp_failsafe(size_t k, const double yi[], const double vi[],
                        const mtp_failsafe_options *options,
                        mtp_failsafe_result *result, mtp_error *err)
{
    double none = (double)NAN;
    mtp_failsafe_options used;
    mtp_status status = take_options(options, &used, err);
    mtp_failsafe_result r = {.type = used.type,
                             .alpha = used.alpha,
                             .estimate = none,
                             .tau2 = none,
                             .p = none,
                             .log_p = none,
                             .target = none,
                             .with_n = {none, none, none, none}};
    mtp_arena *arena;

    if (status == MTP_OK && k == 0) {
        status = mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    if (status != MTP_OK) {
        return status;
    }
    arena = mtp_arena_new();
    status = arena ? compute(k, yi, vi, &used, arena, &r, err) : mtp_fail_nomem(err);
    mtp_arena_free(arena);
    if (status == MTP_OK) {
        *result = r;
    }
    return status;
}
