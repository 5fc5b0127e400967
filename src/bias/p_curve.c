/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/p_curve.h"

#include "bias/coins.h"
#include "bias/p_curve_tails.h"
#include "core/dd.h"
#include "core/error.h"
#include "core/notes.h"
#include "core/owned.h"
#include "num/root.h"

#include <math.h>
#include <string.h>

/* Two-sided levels of significance, and the power of the test of flatness. */
static const double FULL = 0.05, HALF = 0.025, LOW_POWER = 1.0 / 3.0;

/* Far below where the square of a z would overflow. */
static const double Z_MAX = 1e100;

/* The studies that are used, and a value of Stouffer's z to reach. */
typedef struct curve {
    size_t n;
    const mtp_p_curve_study *study;
    double full, half; /* critical values */
    double target;
} curve;

void mtp_p_curve_options_init(mtp_p_curve_options *options, size_t size)
{
    mtp_p_curve_options all = {.size = size, .level = 0.90};

    mtp_options_give(options, size, &all, sizeof all);
}

static mtp_status take_options(const mtp_p_curve_options *options,
                               mtp_p_curve_options *used, mtp_error *err)
{
    mtp_p_curve_options_init(used, sizeof *used);
    if (options) {
        mtp_options_take(used, sizeof *used, options);
        used->size = sizeof *used;
    }
    if ((options && options->size == 0) || !isfinite(used->null_value)) {
        return mtp_fail(err, MTP_E_ARG, "the null value must be finite");
    }
    if (!(used->level > 0.0 && used->level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG, "a level is above 0 and below 1");
    }
    return MTP_OK;
}

static mtp_status check_data(size_t k, const double yi[], const double vi[],
                             mtp_error *err)
{
    if (k == 0) {
        return mtp_fail(err, MTP_E_DATA, "there are no studies");
    }
    for (size_t i = 0; i < k; i++) {
        if (!isfinite(yi[i])) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "yi",
                               "the effect is not finite");
        }
        if (!(vi[i] > 0.0 && isfinite(vi[i]))) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "vi",
                               "the sampling variance is not positive and finite");
        }
    }
    return MTP_OK;
}

/* How far the power at d is above a third. */
static double power_above(const void *of, double d)
{
    return exp(mtp_log_beyond(*(const double *)of, d)) - LOW_POWER;
}

static double low_power_shift(double critical)
{
    return mtp_root(power_above, &critical, 0.0, power_above(&critical, 0.0), critical,
                    power_above(&critical, critical));
}

/* Sum of the probits of what lies below the z of those beyond c, over sqrt(n). */
static mtp_stouffer stouffer(const curve *of, double c, double d, double sign)
{
    mtp_stouffer s = {0, (double)NAN, (double)NAN, (double)NAN};
    mtp_dd sum = {0.0, 0.0}; /* whatever the order of the studies */
    mtp_tail tail;

    for (size_t i = 0; i < of->n; i++) {
        double z = fabs(of->study[i].z);

        if (z > c) {
            sum = mtp_dd_add(sum, mtp_dd_from(mtp_beyond_probit(mtp_beyond(z, c, d))));
            s.k++;
        }
    }
    if (s.k > 0) {
        s.z = sign * mtp_dd_to(sum) / sqrt((double)s.k);
    }
    tail = mtp_normal_upper(-s.z);
    s.p = tail.p;
    s.log_p = tail.log_p;
    return s;
}

/* Stouffer's z of flatness at d, less the target: it falls as d rises. */
static double flatness(const void *context, double d)
{
    const curve *of = context;

    return stouffer(of, of->full, d, 1.0).z - of->target;
}

/* The power at which Stouffer's z of flatness is the target. */
static double power_at(curve *of, double target)
{
    double at_null, far = 1.0;

    of->target = target;
    at_null = flatness(of, 0.0);
    if (at_null <= 0.0) {
        return FULL;
    }
    while (flatness(of, far) > 0.0) {
        far *= 2.0;
    }
    return exp(mtp_log_beyond(
        of->full, mtp_root(flatness, of, 0.0, at_null, far, flatness(of, far))));
}

static void enter(const curve *of, double shift, mtp_p_curve_study *s)
{
    double z = fabs(s->z);
    bool half = z > of->half;
    mtp_tail p = mtp_normal_two_sided(z);

    s->p = p.p;
    s->log_p = p.log_p;
    s->skew_full = exp(mtp_beyond(z, of->full, 0.0).above);
    s->flat_full = exp(mtp_beyond(z, of->full, shift).below);
    s->skew_half = half ? exp(mtp_beyond(z, of->half, 0.0).above) : (double)NAN;
    s->flat_half = half ? exp(mtp_beyond(z, of->half, shift).below) : (double)NAN;
}

/* p of k_half among k_full, each below HALF with this probability. */
static double binomial(const mtp_p_curve_result *r, double share, double log_f[],
                       mtp_tails tails)
{
    mtp_binomial_probabilities(r->k_full, share, 1.0 - share, log_f);
    return mtp_count_test(r->k_full, log_f, r->k_half, tails).p;
}

static void test(curve *of, double shift, double log_f[], mtp_p_curve_result *r)
{
    double share = exp(mtp_log_beyond(of->half, shift)) / LOW_POWER;
    double width = mtp_normal_upper_quantile(mtp_tail_of_level(r->options.level));

    r->skew_full = stouffer(of, of->full, 0.0, -1.0);
    r->skew_half = stouffer(of, of->half, 0.0, -1.0);
    r->flat_full = stouffer(of, of->full, shift, 1.0);
    r->flat_half = stouffer(of, of->half, shift, 1.0);
    r->k_half = r->skew_half.k;
    r->skew_binomial = binomial(r, 0.5, log_f, MTP_TAILS_GREATER);
    r->flat_binomial = binomial(r, share, log_f, MTP_TAILS_LESS);
    r->evidence =
        r->skew_half.p < 0.05 || (r->skew_half.p < 0.1 && r->skew_full.p < 0.1);
    r->inadequate =
        r->flat_full.p < 0.05 || (r->flat_half.p < 0.1 && r->flat_binomial < 0.1);
    r->power = power_at(of, 0.0);
    r->power_lower = power_at(of, width);
    r->power_upper = power_at(of, -width);
}

static mtp_status add_notes(mtp_p_curve_result *r, mtp_error *err)
{
    mtp_note_list notes;

    mtp_note_list_init(&notes, mtp_owned_arena(r));
    if (r->k_half == 0) {
        mtp_note_add(&notes, MTP_NOTE_NOT_DEFINED, 0,
                     "no p-value is below 0.025: there is no half p-curve");
    }
    if (r->k_positive > 0 && r->k_positive < r->k_full) {
        mtp_note_add(
            &notes, MTP_NOTE_MIXED_DIRECTIONS, 0,
            "of %zu significant effects %zu are positive and %zu negative: the "
            "p-curve does not tell them apart",
            r->k_full, r->k_positive, r->k_full - r->k_positive);
    }
    r->notes = mtp_note_list_done(&notes);
    return notes.failed ? mtp_fail_nomem(err) : MTP_OK;
}

static mtp_status compute(const double yi[], const double vi[], mtp_p_curve_result *r,
                          mtp_error *err)
{
    mtp_p_curve_study *study =
        MTP_ARENA_ARRAY(mtp_owned_arena(r), r->k, mtp_p_curve_study);
    double *log_f = MTP_ARENA_ARRAY(mtp_owned_arena(r), r->k + 1, double);
    curve of = {.study = study,
                .full = mtp_normal_upper_quantile(0.5 * FULL),
                .half = mtp_normal_upper_quantile(0.5 * HALF)};
    double shift = low_power_shift(of.full);

    if (!study || !log_f) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < r->k; i++) {
        double z = (yi[i] - r->options.null_value) / sqrt(vi[i]);

        if (!(fabs(z) < Z_MAX)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "yi",
                               "the effect is too large for its variance");
        }
        if (fabs(z) > of.full) {
            study[of.n] = (mtp_p_curve_study){.study = i, .z = z};
            enter(&of, shift, &study[of.n++]);
            r->k_positive += z > 0.0;
        }
    }
    if (of.n == 0) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "a p-curve needs significant studies; none of %zu has p < 0.05",
                        r->k);
    }
    r->study = study;
    r->k_full = of.n;
    test(&of, shift, log_f, r);
    return add_notes(r, err);
}

mtp_status mtp_p_curve(size_t k, const double yi[], const double vi[],
                       const mtp_p_curve_options *options, mtp_p_curve_result **result,
                       mtp_error *err)
{
    mtp_p_curve_options used;
    mtp_status status = take_options(options, &used, err);
    mtp_p_curve_result *r;

    status = status == MTP_OK ? check_data(k, yi, vi, err) : status;
    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_p_curve_result);
    if (!r) {
        return mtp_fail_nomem(err);
    }
    *r = (mtp_p_curve_result){.k = k, .options = used};
    status = compute(yi, vi, r, err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_p_curve_free(mtp_p_curve_result *result)
{
    mtp_owned_free(result);
}
