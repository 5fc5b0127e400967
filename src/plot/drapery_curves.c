/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The p-value functions of studies and pooled means. */
#include "num/dist.h"
#include "plot/drapery_figure.h"

#include <math.h>

#define LEAST_Z  3.3 /* normal quantile that the curves reach at least */
#define BEYOND_Z 1.1 /* and by how much they go beyond that of the level */
/* With few studies t has wide tails; with many the studies have many curves. */
enum { FEW = 20, MANY = 100 };

const char *mtp_drape_id(mtp_drape_kind kind)
{
    static const char *const id[] = {"study", "common", "random", "prediction"};

    return id[kind];
}

double mtp_drape_reach(const mtp_drapery *drapery, const mtp_drape *curve, size_t i)
{
    double reach = 0.0;

    for (size_t part = 0; part < curve->n_parts; part++) {
        double df = curve->part[part].df;
        double quantile = isnan(df) ? drapery->quantile[i]
                                    : mtp_t_upper_quantile(drapery->tail[i], df);

        reach = fmax(reach, quantile * curve->part[part].se);
    }
    return reach;
}

double mtp_drape_p(const mtp_drape *curve, double effect)
{
    double p = 0.0;

    for (size_t i = 0; i < curve->n_parts; i++) {
        double statistic = (curve->estimate - effect) / curve->part[i].se;

        p = fmax(p, mtp_t_two_sided(statistic, curve->part[i].df).p);
    }
    return p;
}

double mtp_drape_back(const mtp_bundle *bundle, const mtp_drape *curve, double effect)
{
    return mtp_back_transform(bundle->measure->measure, effect, curve->ft_n, NULL);
}

static void add(mtp_drape list[], size_t *n, mtp_drape curve)
{
    if (isfinite(curve.estimate) && isfinite(curve.part[0].se)) {
        list[(*n)++] = curve;
    }
}

static mtp_drape of_study(const mtp_bundle *bundle, size_t i)
{
    const mtp_study *study = &bundle->studies[i];

    return (mtp_drape){.kind = MTP_DRAPE_STUDY,
                       .study = i,
                       .estimate = study->yi,
                       .n_parts = 1,
                       .part = {{study->sei, (double)NAN}},
                       .ft_n = isnan(study->n) ? study->time : study->n};
}

static const mtp_interval *find(const mtp_estimate *e, mtp_ci_method method)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == method) {
            return &e->intervals[i];
        }
    }
    return NULL;
}

/* A pooled mean by its chosen interval. The longer one of two is that of the larger p.
 */
static mtp_drape of_mean(const mtp_estimate *e, mtp_drape_kind kind)
{
    const mtp_interval *hksj = find(e, MTP_CI_HKSJ), *wald = find(e, MTP_CI_WALD);
    mtp_drape made = {.kind = kind,
                      .study = MTP_NO_ROW,
                      .estimate = e->ci.estimate,
                      .n_parts = 1,
                      .part = {{e->ci.se, e->ci.df}},
                      .ft_n = e->back.ft_n};

    if (e->ci.method == MTP_CI_HKSJ_WIDE && hksj && wald) {
        made.n_parts = 2;
        made.part[0].se = wald->se;
        made.part[0].df = wald->df;
        made.part[1].se = hksj->se;
        made.part[1].df = hksj->df;
    }
    return made;
}

static mtp_drape of_prediction(const mtp_estimate *e)
{
    return (mtp_drape){.kind = MTP_DRAPE_PREDICTION,
                       .study = MTP_NO_ROW,
                       .estimate = isnan(e->pi.lower) ? (double)NAN : e->estimate,
                       .n_parts = 1,
                       .part = {{e->pi.se, e->pi.df}},
                       .ft_n = e->back.ft_n};
}

/* Tails at even steps of the normal quantile, with that of the level in its place. */
static bool list_tails(const mtp_bundle *bundle, mtp_arena *arena, mtp_drapery *made)
{
    size_t k = bundle->n_studies;
    int steps = k < FEW ? 64 : k < MANY ? 32 : 20;
    double *tail = MTP_ARENA_ARRAY(arena, (size_t)steps + 2, double);
    double *quantile = MTP_ARENA_ARRAY(arena, (size_t)steps + 2, double);
    double level = mtp_tail_of_level(bundle->level);
    double z_level = mtp_normal_upper_quantile(level);
    double z_most = fmax(LEAST_Z, BEYOND_Z * z_level);
    size_t n = 0;

    for (int i = 0; tail && quantile && i <= steps; i++) {
        double z = z_most * i / steps;

        if (n > 0 && quantile[n - 1] < z_level && z > z_level) {
            made->at_level = n;
            tail[n] = level;
            quantile[n++] = z_level;
        }
        tail[n] = mtp_normal_upper(z).p;
        quantile[n++] = z;
    }
    made->n_tails = n;
    made->tail = tail;
    made->quantile = quantile;
    return tail && quantile;
}

bool mtp_drapery_make(const mtp_bundle *bundle, mtp_arena *arena, mtp_drapery *made)
{
    const mtp_pooled *overall = &bundle->pool->overall;
    mtp_drape *list = MTP_ARENA_ARRAY(arena, bundle->n_studies + 3, mtp_drape);

    *made = (mtp_drapery){.curve = list};
    if (!list || !list_tails(bundle, arena, made)) {
        return false;
    }
    for (size_t i = 0; i < bundle->n_studies; i++) {
        add(list, &made->n, of_study(bundle, i));
    }
    add(list, &made->n, of_mean(&overall->common, MTP_DRAPE_COMMON));
    add(list, &made->n, of_mean(&overall->random, MTP_DRAPE_RANDOM));
    add(list, &made->n, of_prediction(&overall->random));
    return true;
}
