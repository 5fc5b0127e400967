/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/excess_significance.h"

#include "bias/coins.h"
#include "bias/plain_mean.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"

#include <math.h>
#include <string.h>

MTP_NAMES(excess_test, mtp_excess_test, MTP_EXCESS_TEST_LIST, MTP_EXCESS_TEST_COUNT)
MTP_NAMES(tails, mtp_tails, MTP_TAILS_LIST, MTP_TAILS_COUNT)

void mtp_excess_options_init(mtp_excess_options *options, size_t size)
{
    mtp_excess_options all = {.size = size,
                              .studies = MTP_TAILS_TWO,
                              .alpha = 0.05,
                              .theta = (double)NAN,
                              .tau2 = MTP_TAU2_EE,
                              .test = MTP_EXCESS_EXACT,
                              .tails = MTP_TAILS_GREATER};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status take_options(const mtp_excess_options *options,
                               mtp_excess_options *used, mtp_error *err)
{
    mtp_excess_options_init(used, sizeof *used);
    if (options) {
        mtp_options_take(used, sizeof *used, options);
        used->size = sizeof *used;
    }
    if ((options && options->size == 0) || (unsigned)used->studies >= MTP_TAILS_COUNT ||
        (unsigned)used->tails >= MTP_TAILS_COUNT ||
        (unsigned)used->test >= MTP_EXCESS_TEST_COUNT ||
        (unsigned)used->tau2 >= MTP_TAU2_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "an option has a value that does not exist");
    }
    if (!(used->alpha > 0.0 && used->alpha < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "alpha is not between 0 and 1");
    }
    if (!isfinite(used->null_value) || isinf(used->theta)) {
        return mtp_fail(err, MTP_E_ARG, "the null value and theta must be finite");
    }
    if (used->tau2 == MTP_TAU2_GIVEN &&
        !(used->tau2_value >= 0.0 && isfinite(used->tau2_value))) {
        return mtp_fail(err, MTP_E_ARG, "tau2 must be a finite number from 0");
    }
    return MTP_OK;
}

static mtp_tail normal_lower(double z)
{
    return mtp_normal_upper(-z);
}

static mtp_tail tail_of(double p)
{
    return (mtp_tail){p, log(p)};
}

/* Z beyond low or high, low < high; each probability without cancellation. */
static mtp_coin outside(double low, double high)
{
    double below = normal_lower(low).p, above = mtp_normal_upper(high).p;
    double inside = 1.0 - (below + above);

    if (low > 0.0) {
        inside = mtp_normal_upper(low).p - above;
    } else if (high < 0.0) {
        inside = normal_lower(high).p - below;
    }
    return (mtp_coin){tail_of(below + above), tail_of(inside)};
}

/* Whether a study of this variance is significant, yi ~ N(theta, vi + tau2). */
static mtp_coin significance(const mtp_excess_result *r, double vi)
{
    const mtp_excess_options *o = &r->options;
    double spread = sqrt(vi + r->tau2), away = r->theta - o->null_value;
    double alpha = o->studies == MTP_TAILS_TWO ? 0.5 * o->alpha : o->alpha;
    double c = sqrt(vi) * mtp_normal_upper_quantile(alpha);
    double low = (-c - away) / spread, high = (c - away) / spread;

    switch (o->studies) {
    case MTP_TAILS_GREATER:
        return (mtp_coin){mtp_normal_upper(high), normal_lower(high)};
    case MTP_TAILS_LESS:
        return (mtp_coin){normal_lower(low), mtp_normal_upper(low)};
    default:
        return outside(low, high);
    }
}

static bool is_significant(const mtp_excess_options *o, double yi, double vi)
{
    double z = (yi - o->null_value) / sqrt(vi);

    switch (o->studies) {
    case MTP_TAILS_GREATER:
        return z >= mtp_normal_upper_quantile(o->alpha);
    case MTP_TAILS_LESS:
        return z <= -mtp_normal_upper_quantile(o->alpha);
    default:
        return fabs(z) >= mtp_normal_upper_quantile(0.5 * o->alpha);
    }
}

/* chi2 and its p; `missed` is k - E. */
static mtp_tail chi_square(mtp_excess_result *r, double missed)
{
    double difference = (double)r->observed - r->expected, root;

    r->statistic = 0.0;
    if (difference != 0.0) {
        r->statistic =
            difference * difference / r->expected + difference * difference / missed;
    }
    root = copysign(sqrt(r->statistic), difference);
    switch (r->options.tails) {
    case MTP_TAILS_GREATER:
        return mtp_normal_upper(root);
    case MTP_TAILS_LESS:
        return normal_lower(root);
    default:
        return mtp_normal_two_sided(root);
    }
}

static mtp_tail test(mtp_excess_result *r, const mtp_coin coin[], double missed,
                     double log_f[])
{
    double k = (double)r->k;

    switch (r->options.test) {
    case MTP_EXCESS_CHI2:
        return chi_square(r, missed);
    case MTP_EXCESS_BINOMIAL:
        mtp_binomial_probabilities(r->k, r->expected / k, missed / k, log_f);
        break;
    default:
        mtp_coins_probabilities(r->k, coin, r->observed, log_f);
        break;
    }
    return mtp_count_test(r->k, log_f, r->observed, r->options.tails);
}

static mtp_status compute(const double yi[], const double vi[], mtp_excess_result *r,
                          mtp_error *err)
{
    size_t k = r->k;
    mtp_study_point *point = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, mtp_study_point);
    mtp_coin *coin = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, mtp_coin);
    double *power = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, double);
    double *log_f = MTP_ARENA_ARRAY(mtp_owned_arena(r), k + 1, double);
    bool *significant = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, bool);
    double missed = 0.0;
    mtp_plain_mean mean;
    mtp_tail tail;
    mtp_status status;

    if (!point || !coin || !power || !log_f || !significant) {
        return mtp_fail_nomem(err);
    }
    status = mtp_plain_mean_of(k, yi, vi, r->options.tau2, r->options.tau2_value, point,
                               &mean, err);
    if (status != MTP_OK) {
        return status;
    }
    r->theta = isnan(r->options.theta) ? mean.estimate : r->options.theta;
    r->tau2 = mean.tau2;
    for (size_t j = 0; j < k; j++) { /* by weight, whatever the order of the studies */
        size_t i = point[j].index;

        coin[j] = significance(r, vi[i]);
        power[i] = coin[j].yes.p;
        significant[i] = is_significant(&r->options, yi[i], vi[i]);
        r->expected += power[i];
        missed += coin[j].no.p;
        r->observed += significant[i];
    }
    r->power = power;
    r->significant = significant;
    r->ratio = (double)r->observed / r->expected;
    tail = test(r, coin, missed, log_f);
    r->p = tail.p;
    r->log_p = tail.log_p;
    return MTP_OK;
}

mtp_status mtp_excess_significance(size_t k, const double yi[], const double vi[],
                                   const mtp_excess_options *options,
                                   mtp_excess_result **result, mtp_error *err)
{
    mtp_excess_options used;
    mtp_status status = take_options(options, &used, err);
    mtp_excess_result *r;

    if (status == MTP_OK && k == 0) {
        status = mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_excess_result);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    *r = (mtp_excess_result){.k = k, .statistic = (double)NAN, .options = used};
    status = compute(yi, vi, r, err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_excess_free(mtp_excess_result *result)
{
    mtp_owned_free(result);
}
