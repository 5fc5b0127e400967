/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of a funnel plot, after pooling. */
#include "analysis/run.h"
#include "bias_analysis/steps.h"
#include "core/error.h"
#include "core/names.h"
#include "num/dist.h"

#include <math.h>

MTP_NAMES(funnel_axis, mtp_funnel_axis, MTP_FUNNEL_AXIS_LIST, MTP_FUNNEL_AXIS_COUNT)

bool mtp_funnel_by_precision(mtp_funnel_axis axis)
{
    return axis == MTP_FUNNEL_SEI || axis == MTP_FUNNEL_VI ||
           axis == MTP_FUNNEL_SEINV || axis == MTP_FUNNEL_VINV;
}

double mtp_funnel_vertical(mtp_funnel_axis axis, double vi)
{
    switch (axis) {
    case MTP_FUNNEL_SEI:
        return sqrt(vi);
    case MTP_FUNNEL_VI:
        return vi;
    case MTP_FUNNEL_SEINV:
        return 1.0 / sqrt(vi);
    case MTP_FUNNEL_VINV:
        return 1.0 / vi;
    default:
        return (double)NAN;
    }
}

double mtp_funnel_se(mtp_funnel_axis axis, double vertical)
{
    switch (axis) {
    case MTP_FUNNEL_SEI:
        return vertical;
    case MTP_FUNNEL_VI:
        return sqrt(vertical);
    case MTP_FUNNEL_SEINV:
        return 1.0 / vertical;
    case MTP_FUNNEL_VINV:
        return 1.0 / sqrt(vertical);
    default:
        return (double)NAN;
    }
}

static double vertical_of(mtp_funnel_axis axis, double vi, double n)
{
    switch (axis) {
    case MTP_FUNNEL_NI:
        return n;
    case MTP_FUNNEL_NINV:
        return 1.0 / n;
    case MTP_FUNNEL_SQRTNI:
        return sqrt(n);
    case MTP_FUNNEL_SQRTNINV:
        return 1.0 / sqrt(n);
    default:
        return mtp_funnel_vertical(axis, vi);
    }
}

static mtp_status fill_in(const mtp_run_context *run, mtp_bias_run *bias)
{
    const mtp_funnel_settings *asked = &run->settings.funnel;
    mtp_trim_fill_options options;
    mtp_error problem;
    mtp_status status;

    if (!asked->fill) {
        return MTP_OK;
    }
    mtp_trim_fill_options_init(&options, sizeof options);
    options.estimator = asked->estimator;
    status = mtp_trim_fill(bias->effects, bias->pooling, &options,
                           &bias->owned->trim_fill, &problem);
    return mtp_bias_settle(bias, status, &problem, "trim and fill", NULL);
}

/* Egger's regression; without an answer there is a note in place of its line. */
static mtp_status fit_line(const mtp_run_context *run, mtp_bias_run *bias)
{
    mtp_asymmetry_result **made = &bias->owned->test[MTP_ASYMMETRY_EGGER];
    mtp_asymmetry_options options;
    mtp_error problem;
    mtp_status status;

    if (!run->settings.funnel.egger) {
        return MTP_OK;
    }
    mtp_asymmetry_options_init(&options, sizeof options);
    options.level = bias->pooling->level;
    status = mtp_asymmetry(bias->effects, &options, made, &problem);
    if (status == MTP_OK) {
        mtp_bias_add_notes(bias, NULL, &(*made)->notes);
    }
    return mtp_bias_settle(bias, status, &problem, "Egger's regression", NULL);
}

/* A point, unless the study lacks what the axis shows. */
static void add_point(mtp_funnel *funnel, mtp_funnel_point *point,
                      const mtp_study *study, bool filled, double yi, double vi)
{
    double vertical = vertical_of(funnel->axis, vi, study->n);

    if (isfinite(vertical) && isfinite(yi)) {
        point[funnel->n_points++] =
            (mtp_funnel_point){study->name, filled, yi, vi, vertical};
    } else {
        funnel->n_unplaced += !filled;
    }
}

static mtp_status list_points(mtp_run_context *run, mtp_funnel *funnel)
{
    const mtp_bundle *bundle = &run->owner->bundle;
    const mtp_trim_fill_result *fill = funnel->trim_fill;
    size_t k0 = fill ? fill->k0 : 0;
    mtp_funnel_point *point = MTP_ARENA_ARRAY(
        run->owner->arena, bundle->n_studies + k0 + 1, mtp_funnel_point);

    if (!point) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];

        add_point(funnel, point, study, false, study->yi, study->vi);
    }
    for (size_t i = 0; i < k0; i++) {
        add_point(funnel, point, &bundle->studies[fill->fill[i].study], true,
                  fill->fill[i].yi, fill->fill[i].vi);
    }
    funnel->point = point;
    if (funnel->n_points == 0) {
        return mtp_fail(run->err, MTP_E_DATA, "--y-axis %s: no study has a sample size",
                        mtp_funnel_axis_id(funnel->axis));
    }
    return MTP_OK;
}

static void place_lines(const mtp_run_context *run, mtp_funnel *funnel)
{
    const mtp_pooled *overall = &run->owner->pool->overall;
    const mtp_funnel_settings *asked = &run->settings.funnel;

    funnel->common = isnan(overall->random.estimate);
    funnel->center =
        funnel->common ? overall->common.estimate : overall->random.estimate;
    funnel->level = run->settings.level;
    funnel->z = mtp_normal_upper_quantile(mtp_tail_of_level(funnel->level));
    funnel->null_value =
        asked->n_contours > 0 ? overall->random.null_value : (double)NAN;
    funnel->n_contours = asked->n_contours;
    for (size_t i = 0; i < asked->n_contours; i++) {
        funnel->contour_level[i] = asked->contour[i];
        funnel->contour_z[i] =
            mtp_normal_upper_quantile(mtp_tail_of_level(asked->contour[i]));
    }
}

mtp_status mtp_run_funnel(mtp_run_context *run)
{
    mtp_bias_run bias = mtp_run_for_bias(run);
    mtp_funnel *funnel = MTP_ARENA_NEW(run->owner->arena, mtp_funnel);
    mtp_status status;

    if (!funnel) {
        return mtp_fail_nomem(run->err);
    }
    status = fill_in(run, &bias);
    if (status == MTP_OK) {
        status = fit_line(run, &bias);
    }
    funnel->axis = run->settings.funnel.axis;
    funnel->by_precision = mtp_funnel_by_precision(funnel->axis);
    funnel->trim_fill = bias.owned->trim_fill;
    funnel->egger = bias.owned->test[MTP_ASYMMETRY_EGGER];
    place_lines(run, funnel);
    if (status == MTP_OK) {
        status = list_points(run, funnel);
    }
    run->owner->bundle.funnel = funnel;
    return status;
}
