/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tau2/studies.h"

#include "core/error.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

/*
 * How far apart figures may lie, as powers of two, so that weights, their cubes and
 * (w r)^2 at every tau2 that is searched are normal doubles: variances within 2^+-240
 * of the unit's square, effects within 2^240 of it, and differences of effects below
 * 2^500 so that tau2 is a double. About 72 orders of magnitude either way.
 */
enum { SCALED_LIMIT = 240, DIFFERENCE_LIMIT = 500 };

static mtp_status check_study(size_t i, double y, double v, mtp_error *err)
{
    if (!isfinite(y)) {
        return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "yi",
                           "the effect is not finite");
    }
    if (!isfinite(v) || v <= 0.0) {
        return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "vi",
                           "the sampling variance is not positive and finite");
    }
    return MTP_OK;
}

/* 1 / `part` of the mean binary exponent, rounded down: whole numbers, so that neither
 * the order of the studies nor a change of unit by 2^e matters. */
static int typical_exponent(size_t k, const double x[], int part)
{
    long long sum = 0, divisor = part * (long long)k;

    for (size_t i = 0; i < k; i++) {
        int e;

        (void)frexp(x[i], &e);
        sum += e;
    }
    return (int)(sum >= 0 ? sum / divisor : -((-sum + divisor - 1) / divisor));
}

/* The study of the smallest variance; of equals the one with the smallest effect, so
 * that the order of the studies does not choose. */
static size_t heaviest(size_t begin, size_t end, const double yi[], const double vi[])
{
    size_t best = begin;

    for (size_t i = begin + 1; i < end; i++) {
        if (vi[i] < vi[best] || (vi[i] <= vi[best] && yi[i] < yi[best])) {
            best = i;
        }
    }
    return best;
}

static mtp_status make_point(size_t i, double y, double v, double centre, double scale,
                             mtp_study_point *point, mtp_error *err)
{
    mtp_dd d = mtp_dd_two_sum(y, -centre);

    point->v = v * scale * scale;
    if (!(point->v >= ldexp(1.0, -SCALED_LIMIT) &&
          point->v <= ldexp(1.0, SCALED_LIMIT))) {
        return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "vi",
                           "the sampling variance is more than 70 orders of magnitude "
                           "away from the others; the study would carry all the weight "
                           "or none");
    }
    if (!(fabs(d.hi) <= ldexp(1.0, DIFFERENCE_LIMIT)) ||
        !(fabs(d.hi * scale) <= ldexp(1.0, SCALED_LIMIT))) {
        return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "yi",
                           "the effect is more than 70 orders of magnitude of standard "
                           "errors away from the others");
    }
    point->d = (mtp_dd){d.hi * scale, d.lo * scale};
    point->index = i;
    return MTP_OK;
}

/* By variance, then by effect; of studies that are equal in both no digit tells. */
static inline bool comes_before(const mtp_study_point *a, const mtp_study_point *b)
{
    return a->v < b->v || (a->v <= b->v && (a->d.hi < b->d.hi ||
                                            (a->d.hi <= b->d.hi && a->d.lo < b->d.lo)));
}

static int by_weight(const void *left, const void *right)
{
    return comes_before(right, left) - comes_before(left, right);
}

static void insert_each(mtp_study_point point[], size_t n)
{
    for (size_t i = 1; i < n; i++) {
        mtp_study_point moved = point[i];
        size_t to = i;

        for (; to > 0 && comes_before(&moved, &point[to - 1]); to--) {
            point[to] = point[to - 1];
        }
        point[to] = moved;
    }
}

/* Quicksort, three times as fast here as qsort(), which takes over where the middle
 * element keeps dividing badly. */
static void sort_points(mtp_study_point point[], size_t n)
{
    enum { FEW = 16, DIVISIONS = 64 };

    for (int division = 0; n > FEW; division++) {
        mtp_study_point pivot = point[n / 2];
        size_t i = 0, j = n - 1;

        if (division == DIVISIONS) {
            qsort(point, n, sizeof *point, by_weight);
            return;
        }
        for (;; i++, j--) {
            while (comes_before(&point[i], &pivot)) {
                i++;
            }
            while (comes_before(&pivot, &point[j])) {
                j--;
            }
            if (i >= j) {
                break;
            }
            mtp_study_point kept = point[i];
            point[i] = point[j];
            point[j] = kept;
        }
        j++; /* the first of the upper part */
        if (j <= n - j) {
            sort_points(point, j);
            point += j;
            n -= j;
        } else {
            sort_points(point + j, n - j);
            n = j;
        }
    }
    insert_each(point, n);
}

/* The points of one block, the heaviest first. */
static mtp_status fill_block(const double yi[], const double vi[], int unit,
                             mtp_study_point point[], mtp_study_block *block,
                             mtp_error *err)
{
    double scale = ldexp(1.0, -unit);

    block->centre = yi[heaviest(block->begin, block->end, yi, vi)];
    for (size_t i = block->begin; i < block->end; i++) {
        mtp_status status =
            make_point(i, yi[i], vi[i], block->centre, scale, &point[i], err);

        if (status != MTP_OK) {
            return status;
        }
    }
    sort_points(point + block->begin, block->end - block->begin);
    return MTP_OK;
}

static void note_extent(mtp_studies *studies, const mtp_study_block *block)
{
    double low = 0.0, high = 0.0;

    for (size_t i = block->begin; i < block->end; i++) {
        const mtp_study_point *p = &studies->point[i];

        low = fmin(low, p->d.hi);
        high = fmax(high, p->d.hi);
        studies->v_min = fmin(studies->v_min, p->v);
        studies->v_max = fmax(studies->v_max, p->v);
    }
    studies->range = fmax(studies->range, high - low);
}

mtp_status mtp_studies_prepare(size_t k, const double yi[], const double vi[],
                               size_t n_blocks, const size_t start[],
                               mtp_study_point point[], mtp_study_block block[],
                               mtp_studies *studies, mtp_error *err)
{
    mtp_studies made = {.k = k,
                        .n_blocks = n_blocks,
                        .means = n_blocks,
                        .block = block,
                        .point = point};
    mtp_status status = MTP_OK;

    for (size_t i = 0; i < k && status == MTP_OK; i++) {
        status = check_study(i, yi[i], vi[i], err);
    }
    if (status != MTP_OK) {
        return status;
    }
    made.unit = typical_exponent(k, vi, 2);
    made.v_min = (double)INFINITY;
    for (size_t b = 0; b < n_blocks && status == MTP_OK; b++) {
        block[b].begin = start ? start[b] : 0;
        block[b].end = start ? start[b + 1] : k;
        status = fill_block(yi, vi, made.unit, point, &block[b], err);
        if (status == MTP_OK) {
            note_extent(&made, &block[b]);
        }
    }
    if (status == MTP_OK) {
        *studies = made;
    }
    return status;
}

mtp_status mtp_studies_set_weights(mtp_studies *studies, const double weight[],
                                   mtp_error *err)
{
    int unit = 0;

    for (size_t i = 0; i < studies->k && weight; i++) {
        if (!(weight[i] > 0.0 && isfinite(weight[i]))) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "weights",
                               "the weight is not positive and finite, as the "
                               "generalized Q needs it");
        }
    }
    if (weight) {
        unit = typical_exponent(studies->k, weight, 1);
    }
    for (size_t i = 0; i < studies->k && weight; i++) {
        if (abs(ilogb(weight[i]) - unit) > SCALED_LIMIT) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "weights",
                               "the weight is more than 70 orders of magnitude away "
                               "from the others");
        }
    }
    studies->weight = weight;
    studies->weight_unit = unit;
    return MTP_OK;
}
