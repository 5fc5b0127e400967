/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L6: means, standard deviations, quantiles. */
#include "core/number.h"
#include "lint/work.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The roles of an arm. */
typedef struct arm {
    mtp_role mean, sd, n, se, median, q1, q3, min, max;
} arm;

static const arm arms[] = {
    {MTP_ROLE_MEAN, MTP_ROLE_SD, MTP_ROLE_N, MTP_ROLE_SE, MTP_ROLE_MEDIAN, MTP_ROLE_Q1,
     MTP_ROLE_Q3, MTP_ROLE_MIN, MTP_ROLE_MAX},
    {MTP_ROLE_MEAN1, MTP_ROLE_SD1, MTP_ROLE_N1, MTP_ROLE_SE1, MTP_ROLE_MEDIAN1,
     MTP_ROLE_Q1_1, MTP_ROLE_Q3_1, MTP_ROLE_MIN1, MTP_ROLE_MAX1},
    {MTP_ROLE_MEAN2, MTP_ROLE_SD2, MTP_ROLE_N2, MTP_ROLE_SE2, MTP_ROLE_MEDIAN2,
     MTP_ROLE_Q1_2, MTP_ROLE_Q3_2, MTP_ROLE_MIN2, MTP_ROLE_MAX2}};
enum { ARMS = sizeof arms / sizeof *arms };

static double value(const mtp_lint_work *w, mtp_role role, size_t row)
{
    return mtp_lint_value(w, role, row);
}

/* The patients of an arm; of the same people twice, of the study. */
static double patients(const mtp_lint_work *w, const arm *a, size_t row)
{
    double n = value(w, a->n, row);

    return isnan(n) ? value(w, MTP_ROLE_N, row) : n;
}

static void zero_spread(mtp_lint_work *w)
{
    static const mtp_role roles[] = {
        MTP_ROLE_SD,  MTP_ROLE_SD1, MTP_ROLE_SD2, MTP_ROLE_SE,  MTP_ROLE_SE1,
        MTP_ROLE_SE2, MTP_ROLE_SEI, MTP_ROLE_VI,  MTP_ROLE_VAR, MTP_ROLE_SD_CHANGE};

    for (size_t r = 0; r < sizeof roles / sizeof *roles; r++) {
        for (size_t i = 0; mtp_lint_has(w, roles[r]) && i < w->rows; i++) {
            (void)mtp_lint_look(w, MTP_LINT_ZERO_SPREAD);
            if (value(w, roles[r], i) <= 0.0) {
                mtp_lint_add(w, MTP_LINT_ZERO_SPREAD, mtp_lint_at(w, i, roles[r]),
                             "it is %s", MTP_LINT_BRIEF(value(w, roles[r], i)));
            }
        }
    }
}

/* A study as far as its spread goes: means of logarithms over its arms. */
typedef struct spread {
    size_t row;
    double sd, mean, n; /* logarithms; mean is NaN where one is 0 */
} spread;

static bool spread_of(const mtp_lint_work *w, size_t row, spread *to)
{
    size_t count = 0;

    *to = (spread){.row = row};
    for (size_t k = 0; k < ARMS; k++) {
        double sd = value(w, arms[k].sd, row), n = patients(w, &arms[k], row);

        if (sd > 0.0 && n > 1.0) {
            to->sd += log(sd);
            to->n += log(n);
            to->mean += log(fabs(value(w, arms[k].mean, row)));
            count++;
        }
    }
    to->sd /= (double)count;
    to->n /= (double)count;
    to->mean /= (double)count;
    return count > 0;
}

/* Where the others are, and how far apart. */
typedef struct crowd {
    double median, scale;
} crowd;

/* Median and scale (1.4826 median absolute deviations, and not less than a sixth) of
 * the logarithms of the studies but one. */
static crowd crowd_of(const spread all[], size_t k, size_t left_out, double x[],
                      double (*of)(const spread *))
{
    crowd c;
    size_t n = 0;

    for (size_t i = 0; i < k; i++) {
        if (i != left_out && isfinite(of(&all[i]))) {
            x[n++] = of(&all[i]);
        }
    }
    c.median = mtp_lint_median(x, n);
    for (size_t i = 0; i < n; i++) {
        x[i] = fabs(x[i] - c.median);
    }
    c.scale = fmax(1.4826 * mtp_lint_median(x, n), 1.0 / 6.0);
    return c;
}

static double sd_of(const spread *s)
{
    return s->sd;
}

static double mean_of(const spread *s)
{
    return s->mean;
}

static bool is_standardized(mtp_measure measure)
{
    static const mtp_measure list[] = {MTP_SMD, MTP_SMDH, MTP_SMD1, MTP_SMD1H, MTP_SMN};
    bool found = false;

    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        found = found || list[i] == measure;
    }
    return found;
}

/*
 * The SD of one study is far below the others', and times the root of n among them. Or
 * a standardized difference is above 3, and divided by the root of n below 1.
 */
static bool is_standard_error(const mtp_lint_work *w, const spread *s, crowd others,
                              crowd means, size_t n)
{
    double off = s->sd - others.median, back = off + 0.5 * s->n;
    double mean_off = s->mean - means.median;
    double yi = fabs(w->yi[s->row]);
    bool far = n >= 3 && off < -log(2.5) && off < -3.0 * others.scale &&
               fabs(back) < 0.5 * fabs(off) && fabs(back) < 2.5 * others.scale &&
               !(fabs(mean_off - off) < 0.5 * fabs(off)); /* another scale */

    return far || (is_standardized(w->measure->measure) && yi > 3.0 &&
                   yi * exp(-0.5 * s->n) < 1.0);
}

/* SD and mean of one study are the same many times those of the others, up or down. */
static bool is_other_unit(const spread *s, crowd sds, crowd means, size_t n)
{
    double off = s->sd - sds.median, mean_off = s->mean - means.median;

    return n >= 3 && fabs(off) > log(8.0) && fabs(off) > 4.0 * sds.scale &&
           fabs(mean_off) > log(8.0) && fabs(mean_off - off) < 0.35 * fabs(off);
}

static void doubt_spread(mtp_lint_work *w, const spread *s, crowd sds, crowd means,
                         size_t n)
{
    mtp_lint_place place = {s->row, MTP_LINT_NOWHERE, NULL, 1};
    bool raw = w->measure->measure == MTP_MD || w->measure->measure == MTP_MN;

    if (is_standard_error(w, s, sds, means, n)) {
        mtp_lint_add(w, MTP_LINT_SE_AS_SD, place,
                     "the standard deviation is %s, of the other studies %s; times the "
                     "root of n "
                     "= %s it would be %s, and the effect is %s",
                     MTP_LINT_BRIEF(exp(s->sd)), MTP_LINT_BRIEF(exp(sds.median)),
                     MTP_LINT_BRIEF(exp(s->n)), MTP_LINT_BRIEF(exp(s->sd + 0.5 * s->n)),
                     MTP_LINT_BRIEF(w->yi[s->row]));
    } else if (raw && is_other_unit(s, sds, means, n)) {
        mtp_lint_add(w, MTP_LINT_UNIT_MIX, place,
                     "the standard deviation is %s and the mean %s, %s times those of "
                     "the other studies",
                     MTP_LINT_BRIEF(exp(s->sd)), MTP_LINT_BRIEF(exp(s->mean)),
                     mtp_number_brief(exp(s->sd - sds.median), 2).text);
    }
}

/* Each study beside the others; among many, beside all, which is the same to a hair. */
static void look_at_spread(mtp_lint_work *w, const spread all[], size_t k, double x[])
{
    enum { MANY = 100 };
    crowd sds = crowd_of(all, k, k, x, sd_of), means = crowd_of(all, k, k, x, mean_of);

    for (size_t i = 0; i < k; i++) {
        if (k <= MANY) {
            sds = crowd_of(all, k, i, x, sd_of);
            means = crowd_of(all, k, i, x, mean_of);
        }
        doubt_spread(w, &all[i], sds, means, k - 1);
    }
}

static void spreads(mtp_lint_work *w)
{
    enum { LEAST = 2 };
    spread *all;
    double *x;
    size_t k = 0;

    if (!mtp_lint_has(w, MTP_ROLE_SD) && !mtp_lint_has(w, MTP_ROLE_SD1) &&
        !mtp_lint_has(w, MTP_ROLE_SD2)) {
        return;
    }
    all = MTP_LINT_ARRAY(w, w->rows, spread);
    x = MTP_LINT_ARRAY(w, w->rows, double);
    for (size_t i = 0; !w->failed && i < w->rows; i++) {
        k += spread_of(w, i, &all[k]);
    }
    if (k >= LEAST) {
        (void)mtp_lint_look(w, MTP_LINT_SE_AS_SD);
        if (w->measure->measure == MTP_MD || w->measure->measure == MTP_MN) {
            (void)mtp_lint_look(w, MTP_LINT_UNIT_MIX);
        }
        look_at_spread(w, all, k, x);
    }
}

/* A quantity whose means are all above 0 can mostly not be negative. */
static void skewed(mtp_lint_work *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->rows; i++) {
        for (size_t k = 0; k < ARMS; k++) {
            double mean = value(w, arms[k].mean, i);

            if (mean <= 0.0) {
                return;
            }
            n += !isnan(mean) && !isnan(value(w, arms[k].sd, i));
        }
    }
    for (size_t i = 0; n > 0 && i < w->rows; i++) {
        for (size_t k = 0; k < ARMS; k++) {
            double mean = value(w, arms[k].mean, i), sd = value(w, arms[k].sd, i);

            (void)mtp_lint_look(w, MTP_LINT_SKEWED);
            if (sd > mean) {
                mtp_lint_add(w, MTP_LINT_SKEWED, mtp_lint_at(w, i, arms[k].sd),
                             "mean %s, standard deviation %s", MTP_LINT_BRIEF(mean),
                             MTP_LINT_BRIEF(sd));
            }
        }
    }
}

/*
 * GRIM: n whole numbers have a whole sum; is there one whose mean prints as this? Of
 * the mean of several items, n times their number. No question where n is above what
 * the decimals tell apart.
 */
static void grim(mtp_lint_work *w)
{
    if (strcmp(mtp_request_value(w->request, MTP_OPT_INTEGERS), "true") != 0) {
        return;
    }
    for (size_t i = 0; i < w->rows; i++) {
        double items = value(w, MTP_ROLE_ITEMS, i);

        for (size_t k = 0; k < ARMS; k++) {
            double mean = value(w, arms[k].mean, i);
            double n = patients(w, &arms[k], i) * (items >= 1.0 ? items : 1.0);
            double half = isnan(mean) ? 0.0 : mtp_lint_half_unit(w, arms[k].mean, i);

            if (!(half > 0.0) || !(n >= 1.0) || 2.0 * half * n >= 1.0 ||
                !mtp_lint_look(w, MTP_LINT_GRIM)) {
                continue;
            }
            if (ceil((mean - half) * n - 1e-9) > floor((mean + half) * n + 1e-9)) {
                mtp_lint_add(w, MTP_LINT_GRIM, mtp_lint_at(w, i, arms[k].mean),
                             "the mean of %s values is %s; the nearest possible are "
                             "%s and %s",
                             MTP_LINT_BRIEF(n), mtp_number_brief(mean, 8).text,
                             mtp_number_brief(floor(mean * n) / n, 6).text,
                             mtp_number_brief(ceil(mean * n) / n, 6).text);
            }
        }
    }
}

static void quantile_order(mtp_lint_work *w, size_t row, const arm *a)
{
    const mtp_role order[] = {a->min, a->q1, a->median, a->q3, a->max};
    double mean = value(w, a->mean, row), min = value(w, a->min, row),
           max = value(w, a->max, row), last = (double)NAN;
    mtp_role before = a->min;

    for (size_t i = 0; i < 5; i++) {
        double here = value(w, order[i], row);

        if (isnan(here)) {
            continue;
        }
        (void)mtp_lint_look(w, MTP_LINT_QUANTILE_ORDER);
        if (here < last) {
            mtp_lint_add(w, MTP_LINT_QUANTILE_ORDER, mtp_lint_at(w, row, order[i]),
                         "%s %s is below %s %s", mtp_role_id(order[i]),
                         MTP_LINT_BRIEF(here), mtp_role_id(before),
                         MTP_LINT_BRIEF(last));
        }
        last = here;
        before = order[i];
    }
    if (mean < min || mean > max) {
        mtp_lint_add(w, MTP_LINT_QUANTILE_ORDER, mtp_lint_at(w, row, a->mean),
                     "the mean %s lies outside the range %s to %s",
                     MTP_LINT_BRIEF(mean), MTP_LINT_BRIEF(min), MTP_LINT_BRIEF(max));
    }
}

/* Popoviciu: the variance of values between min and max is at most (max - min)^2 / 4,
 * with the divisor n. */
static void sd_range(mtp_lint_work *w, size_t row, const arm *a)
{
    double sd = value(w, a->sd, row), n = patients(w, a, row);
    double range = value(w, a->max, row) - value(w, a->min, row);
    double most = 0.5 * range * sqrt(n > 1.0 ? n / (n - 1.0) : 2.0);

    if (isnan(sd) || isnan(range) || !mtp_lint_look(w, MTP_LINT_SD_RANGE)) {
        return;
    }
    if (sd - mtp_lint_half_unit(w, a->sd, row) >
        most + 0.5 * mtp_lint_half_unit(w, a->max, row) +
            0.5 * mtp_lint_half_unit(w, a->min, row)) {
        mtp_lint_add(w, MTP_LINT_SD_RANGE, mtp_lint_at(w, row, a->sd),
                     "the standard deviation is %s, and at most %s with a range of %s",
                     MTP_LINT_BRIEF(sd), MTP_LINT_BRIEF(most), MTP_LINT_BRIEF(range));
    }
}

void mtp_lint_means(mtp_lint_work *work)
{
    if (!work->measure) {
        return;
    }
    zero_spread(work);
    spreads(work);
    skewed(work);
    grim(work);
    for (size_t i = 0; i < work->rows; i++) {
        for (size_t k = 0; k < ARMS; k++) {
            quantile_order(work, i, &arms[k]);
            sd_range(work, i, &arms[k]);
        }
    }
}
