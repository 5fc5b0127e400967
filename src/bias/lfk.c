/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/lfk.h"

#include "core/dd.h"
#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "num/dist.h"

#include <math.h>
#include <stdlib.h>

MTP_NAMES(lfk_class, mtp_lfk_class, MTP_LFK_CLASS_LIST, MTP_LFK_CLASS_COUNT)

/* A study and its place among the others. */
typedef struct ranked {
    double yi, vi;
    size_t study;
} ranked;

/* By effect; of equal ones by variance, so that no sum depends on the order of the
 * studies. */
static int by_effect(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    if (a->yi != b->yi) {
        return a->yi < b->yi ? -1 : 1;
    }
    if (a->vi != b->vi) {
        return a->vi < b->vi ? -1 : 1;
    }
    return (a->study > b->study) - (a->study < b->study);
}

static mtp_status check(size_t k, const double yi[], const double vi[], mtp_error *err)
{
    for (size_t i = 0; i < k; i++) {
        if (!isfinite(yi[i]) || !(vi[i] > 0.0 && isfinite(vi[i]))) {
            return mtp_fail_at(
                err, MTP_E_DATA, NULL, i + 1, isfinite(yi[i]) ? "vi" : "yi",
                "study %zu needs a finite effect and a variance above 0", i + 1);
        }
    }
    if (k < 3) {
        return mtp_fail(err, MTP_E_DATA,
                        "%zu %s too few to look for asymmetry: a Doi plot takes three "
                        "studies",
                        k, k == 1 ? "study is" : "studies are");
    }
    return MTP_OK;
}

static ranked *rank(size_t k, const double yi[], const double vi[], mtp_arena *arena)
{
    ranked *made = MTP_ARENA_ARRAY(arena, k, ranked);

    for (size_t i = 0; made && i < k; i++) {
        made[i] = (ranked){yi[i], vi[i], i};
    }
    if (made) {
        qsort(made, k, sizeof *made, by_effect);
    }
    return made;
}

/* Ranks of each study in all, how many there are in total. */
static double count(size_t k, const ranked s[], mtp_doi_point point[])
{
    mtp_dd total = mtp_dd_from(0.0);
    double largest = 0.0;

    for (size_t j = 0; j < k; j++) {
        largest = fmax(largest, s[j].vi);
    }
    for (size_t j = 0; j < k; j++) {
        point[s[j].study].n = 100.0 * (largest / s[j].vi);
        total = mtp_dd_add(total, mtp_dd_from(point[s[j].study].n));
    }
    return mtp_dd_to(total);
}

/* The quantile from the smaller tail, so that neither loses digits. */
static void place(double below, double above, double total, mtp_doi_point *point)
{
    point->mid_rank = below;
    point->percentile = (below - 0.5) / total;
    point->z = below < above ? -mtp_normal_upper_quantile(point->percentile)
                             : mtp_normal_upper_quantile((above + 0.5) / total);
}

static void place_all(size_t k, const ranked s[], double total, mtp_doi_point point[])
{
    mtp_dd below = mtp_dd_from(0.0);

    for (size_t j = 0, next; j < k; j = next) {
        mtp_dd own = mtp_dd_from(0.0), middle;

        for (next = j; next < k && s[next].yi == s[j].yi; next++) {
            own = mtp_dd_add(own, mtp_dd_from(point[s[next].study].n));
        }
        middle = mtp_dd_add(below, mtp_dd_mul_d(own, 0.5));
        for (size_t i = j; i < next; i++) {
            place(mtp_dd_to(middle), mtp_dd_to(mtp_dd_sub(mtp_dd_from(total), middle)),
                  total, &point[s[i].study]);
        }
        below = mtp_dd_add(below, own);
    }
}

static double index_of(size_t k, const ranked s[], const mtp_doi_point point[],
                       size_t tip)
{
    double first = point[s[0].study].z, last = point[s[k - 1].study].z;
    double range = s[k - 1].yi - s[0].yi, sum = 0.0;

    for (size_t j = 0; j < k; j++) {
        sum += point[s[j].study].z + (s[j].yi - s[tip].yi) / range * (last - first);
    }
    return 5.0 / (2.0 * (double)k) * sum;
}

static mtp_lfk_class class_of(double lfk)
{
    return fabs(lfk) <= 1.0   ? MTP_LFK_NONE
           : fabs(lfk) <= 2.0 ? MTP_LFK_MINOR
                              : MTP_LFK_MAJOR;
}

static mtp_status compute(size_t k, const double yi[], const double vi[],
                          mtp_lfk_result *r, mtp_error *err)
{
    mtp_doi_point *point = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, mtp_doi_point);
    size_t *order = MTP_ARENA_ARRAY(mtp_owned_arena(r), k, size_t), tip = 0;
    ranked *s = rank(k, yi, vi, mtp_owned_arena(r));
    double total;

    if (!point || !order || !s) {
        return mtp_fail_nomem(err);
    }
    if (s[0].yi == s[k - 1].yi) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "all effects are the same: a Doi plot has no limbs");
    }
    total = count(k, s, point);
    if (!isfinite(total) || !isfinite(s[k - 1].yi - s[0].yi)) {
        return mtp_fail(err, MTP_E_DATA,
                        "the effects or their variances are too far apart");
    }
    place_all(k, s, total, point);
    for (size_t j = 0; j < k; j++) {
        order[j] = s[j].study;
        tip = fabs(point[order[j]].z) < fabs(point[order[tip]].z) ? j : tip;
    }
    r->lfk = index_of(k, s, point, tip);
    r->asymmetry = class_of(r->lfk);
    r->k = k;
    r->tip = order[tip];
    r->point = point;
    r->order = order;
    return MTP_OK;
}

mtp_status mtp_lfk(size_t k, const double yi[], const double vi[],
                   mtp_lfk_result **result, mtp_error *err)
{
    mtp_status status = check(k, yi, vi, err);
    mtp_lfk_result *r;

    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_lfk_result);
    status = r ? compute(k, yi, vi, r, err) : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_lfk_free(mtp_lfk_result *result)
{
    mtp_owned_free(result);
}
