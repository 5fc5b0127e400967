/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The likelihood over tau2, after pooling: its curve, its modes and the interval that
 * it gives. */
#include "metapool/tau2_curve.h"

#include "analysis/run.h"
#include "analysis/split.h"
#include "core/error.h"
#include "models/glmm.h"
#include "models/stratified.h"
#include "num/dist.h"
#include "num/root.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Points of the curve; steps of the search for an end between two maxima. */
enum { STEPS = 200, LOOKS = 16 };
#define BEYOND_SENSE 1e6 /* tau2 of a mixed model, on a logarithmic scale */

typedef struct curve_job {
    mtp_run_context *run;
    mtp_tau2_curve *curve;
    mtp_arena *scratch;
    mtp_status *status; /* of an evaluation within a search for a root */
} curve_job;

/* The likelihood */

static mtp_status evaluate_mixed(const curve_job *j, size_t n, const double tau2[],
                                 double loglik[], double estimate[])
{
    const mtp_effects *e = j->run->owner->effects;
    bool rates = e->measure->input == MTP_INPUT_EVENTS_TIME;

    return mtp_glmm_profile_one_group(rates ? MTP_GLMM_POISSON : MTP_GLMM_BINOMIAL,
                                      e->k, e->events, rates ? e->time : e->n,
                                      j->run->settings.pool.nodes, n, tau2, loglik,
                                      estimate, j->scratch, j->run->err);
}

static mtp_tau2_method likelihood_of(const mtp_tau2_curve *curve)
{
    return curve->restricted ? MTP_TAU2_REML : MTP_TAU2_ML;
}

static mtp_status evaluate(const curve_job *j, size_t n, const double tau2[],
                           double loglik[], double estimate[])
{
    const mtp_effects *e = j->run->owner->effects;

    return j->curve->mixed
               ? evaluate_mixed(j, n, tau2, loglik, estimate)
               : mtp_tau2_profile(likelihood_of(j->curve), e->k, e->yi, e->vi, n, tau2,
                                  loglik, estimate, j->run->err);
}

/* The maxima */

static void find_highest(mtp_tau2_curve *curve)
{
    for (size_t i = 1; i < curve->n_modes; i++) {
        if (curve->mode[i].loglik > curve->mode[curve->highest].loglik) {
            curve->highest = i;
        }
    }
}

static mtp_status take_mixed(const curve_job *j)
{
    const mtp_pooled *overall = &j->run->owner->pool->overall;
    mtp_tau2_curve *curve = j->curve;

    if (!overall->exists || overall->fit.n_modes == 0) {
        return mtp_fail(j->run->err, MTP_E_DEGENERATE,
                        "the likelihood has no finite maximum, and no profile");
    }
    curve->method = MTP_TAU2_ML;
    curve->tau2 = overall->heterogeneity.tau2;
    curve->n_modes = overall->fit.n_modes;
    memcpy(curve->mode, overall->fit.modes, sizeof curve->mode);
    return MTP_OK;
}

/* tau2 by the method of the pooling, and the modes of its likelihood, or of REML's. */
static mtp_status take_normal(const curve_job *j)
{
    const mtp_pool_options *pool = &j->run->settings.pool;
    const mtp_effects *e = j->run->owner->effects;
    mtp_tau2_curve *curve = j->curve;
    mtp_tau2_result own, best;
    mtp_status status;

    curve->method = mtp_method_is_likelihood(pool->method) ? MTP_TAU2_REML : pool->tau2;
    curve->restricted = curve->method != MTP_TAU2_ML;
    status =
        mtp_tau2_estimate(likelihood_of(curve), e->k, e->yi, e->vi, &best, j->run->err);
    if (status == MTP_OK && curve->method != MTP_TAU2_GIVEN) {
        status =
            mtp_tau2_estimate(curve->method, e->k, e->yi, e->vi, &own, j->run->err);
    }
    if (status == MTP_OK) {
        curve->tau2 = curve->method == MTP_TAU2_GIVEN ? pool->tau2_value : own.tau2;
        curve->n_modes = best.n_modes;
        memcpy(curve->mode, best.modes, sizeof curve->mode);
    }
    return status;
}

/* The interval of a mixed model */

static double outside_by(const void *context, double tau2)
{
    const curve_job *j = context;
    double loglik = (double)NAN, estimate;

    if (*j->status == MTP_OK) {
        *j->status = evaluate(j, 1, &tau2, &loglik, &estimate);
    }
    return j->curve->mode[j->curve->highest].loglik - loglik - j->curve->drop;
}

/* Where the walk up the half line is, and how far outside the interval. */
typedef struct walk {
    double tau2, value;
} walk;

static void walk_to(const curve_job *j, walk *at, double tau2)
{
    mtp_tau2_bounds *set = &j->curve->interval;
    double value = outside_by(j, tau2);

    if ((at->value <= 0.0) != (value <= 0.0)) {
        double end = mtp_root(outside_by, j, at->tau2, at->value, tau2, value);

        if (value > 0.0) {
            set->segments[set->n_segments - 1][1] = end;
        } else if (set->n_segments < MTP_MODES_MAX) {
            set->segments[set->n_segments++][0] = end;
        }
    }
    *at = (walk){tau2, value};
}

/* All tau2 within the drop: between two maxima the profile is looked at often enough
 * not to miss that it dips below. */
static mtp_status mixed_interval(const curve_job *j)
{
    const mtp_tau2_curve *curve = j->curve;
    mtp_tau2_bounds *set = &j->curve->interval;
    walk at = {0.0, outside_by(j, 0.0)};

    if (at.value <= 0.0) {
        set->segments[set->n_segments++][0] = 0.0;
    }
    for (size_t i = 0; i < curve->n_modes; i++) {
        double from = at.tau2, to = curve->mode[i].tau2;

        for (int s = 1; s <= LOOKS && to > from; s++) {
            walk_to(j, &at, s < LOOKS ? from + (to - from) * s / LOOKS : to);
        }
    }
    for (double t = fmax(at.tau2, 1e-3); at.value <= 0.0 && t < BEYOND_SENSE;) {
        t *= 2.0;
        walk_to(j, &at, t);
    }
    if (at.value <= 0.0) {
        set->segments[set->n_segments - 1][1] = (double)INFINITY;
    }
    set->status = MTP_SET_OK;
    set->lower = set->segments[0][0];
    set->upper = set->segments[set->n_segments - 1][1];
    return *j->status;
}

static mtp_status find_interval(const curve_job *j)
{
    const mtp_effects *e = j->run->owner->effects;
    mtp_tau2_curve *curve = j->curve;

    curve->level = j->run->settings.level;
    curve->drop =
        0.5 * mtp_chisq_upper_quantile(2.0 * mtp_tail_of_level(curve->level), 1.0);
    return curve->mixed ? mixed_interval(j)
                        : mtp_tau2_confidence(MTP_TAU2_CI_PL, likelihood_of(curve),
                                              e->k, e->yi, e->vi, curve->level,
                                              &curve->interval, j->run->err);
}

/* The range and its points */

/* From 0 to beyond the interval, the estimate and every maximum. */
static void default_range(mtp_tau2_curve *curve)
{
    double high = fmax(1.5 * curve->mode[curve->n_modes - 1].tau2, 1.2 * curve->tau2);

    if (isfinite(curve->interval.upper)) {
        high = fmax(high, 1.15 * curve->interval.upper);
    }
    curve->low = 0.0;
    curve->high = high > 0.0 ? high : 1.0;
}

static mtp_status read_range(const curve_job *j, const char *list)
{
    double *low = &j->curve->low, *high = &j->curve->high;
    const char *const *part;
    size_t n;

    if (!list) {
        default_range(j->curve);
        return MTP_OK;
    }
    part = mtp_split(j->scratch, list, ',', &n);
    if (!part) {
        return mtp_fail_nomem(j->run->err);
    }
    if (n != 2 || mtp_number_parse(part[0], strlen(part[0]), low) != MTP_NUMBER_OK ||
        mtp_number_parse(part[1], strlen(part[1]), high) != MTP_NUMBER_OK ||
        !(*low >= 0.0 && *high - *low > 1e-6 * *high && *high < 1e100)) {
        return mtp_fail(j->run->err, MTP_E_ARG,
                        "--tau2-range %s: give the lower and the upper end of tau2, "
                        "from 0 on: 0,0.5",
                        list);
    }
    return MTP_OK;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Closer together near the lower end, where the curve bends; with every maximum and
 * every end of the interval. */
static size_t list_places(const mtp_tau2_curve *curve, double tau2[])
{
    size_t n = 0, kept = 0;

    for (int i = 0; i <= STEPS; i++) {
        double share = (double)i / STEPS;

        tau2[n++] = curve->low + (curve->high - curve->low) * share * share;
    }
    for (size_t i = 0; i < curve->n_modes; i++) {
        tau2[n++] = curve->mode[i].tau2;
    }
    for (size_t i = 0; i < curve->interval.n_segments; i++) {
        tau2[n++] = curve->interval.segments[i][0];
        tau2[n++] = curve->interval.segments[i][1];
    }
    qsort(tau2, n, sizeof *tau2, by_size);
    for (size_t i = 0; i < n; i++) {
        if (tau2[i] >= curve->low && tau2[i] <= curve->high &&
            (kept == 0 || tau2[i] > tau2[kept - 1])) {
            tau2[kept++] = tau2[i];
        }
    }
    return kept;
}

static mtp_status list_points(const curve_job *j)
{
    mtp_tau2_curve *curve = j->curve;
    size_t most = STEPS + 1 + curve->n_modes + 2 * curve->interval.n_segments;
    double *tau2 = MTP_ARENA_ARRAY(j->scratch, 3 * most, double);
    mtp_mode *point = MTP_ARENA_ARRAY(j->run->owner->arena, most, mtp_mode);
    mtp_status status;

    if (!tau2 || !point) {
        return mtp_fail_nomem(j->run->err);
    }
    curve->n = list_places(curve, tau2);
    status = evaluate(j, curve->n, tau2, tau2 + most, tau2 + 2 * most);
    for (size_t i = 0; i < curve->n && status == MTP_OK; i++) {
        point[i] = (mtp_mode){tau2[i], tau2[most + i], tau2[2 * most + i]};
    }
    curve->point = point;
    return status;
}

static mtp_status draw_curve(const curve_job *j, const mtp_request *request)
{
    mtp_status status = j->curve->mixed ? take_mixed(j) : take_normal(j);

    if (status == MTP_OK) {
        find_highest(j->curve);
        status = find_interval(j);
    }
    if (status == MTP_OK) {
        status = read_range(j, request->given[MTP_OPT_TAU2_RANGE]);
    }
    return status == MTP_OK ? list_points(j) : status;
}

/* The likelihood is that of the pooling where it has one of tau2 alone. */
static void note_method(mtp_run_context *run, const mtp_tau2_curve *curve)
{
    const mtp_pool_options *pool = &run->settings.pool;

    if (pool->method != MTP_METHOD_INVERSE && !curve->mixed) {
        mtp_note_add(&run->notes, MTP_NOTE_METHOD_SELECTED, 0,
                     "the figure is of the inverse-variance pooling of the study "
                     "effects, tau2 by %s, and not of the %s",
                     mtp_tau2_id(curve->method), mtp_method_label(pool->method));
    }
}

mtp_status mtp_run_tau2_curve(mtp_run_context *run, const mtp_request *request)
{
    mtp_tau2_curve *curve = MTP_ARENA_NEW(run->owner->arena, mtp_tau2_curve);
    mtp_status found = MTP_OK, status;
    curve_job j = {run, curve, mtp_arena_new(), &found};

    if (!curve || !j.scratch) {
        mtp_arena_free(j.scratch);
        return mtp_fail_nomem(run->err);
    }
    curve->mixed = run->settings.pool.method == MTP_METHOD_GLMM &&
                   run->settings.measure->groups == 1;
    if (run->owner->effects->k < 2) {
        status = mtp_fail(run->err, MTP_E_DEGENERATE,
                          "one study tells nothing about the variance between studies: "
                          "its likelihood has no profile");
    } else {
        status = draw_curve(&j, request);
    }
    mtp_arena_free(j.scratch);
    note_method(run, curve);
    run->owner->bundle.tau2_curve = curve;
    return status;
}
