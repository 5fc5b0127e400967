/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a comparison from its fits. */
#include "models/estimate.h"
#include "models/henmi_copas.h"
#include "models/profile_mean.h"
#include "models/stratified.h"
#include "sensitivity/compare_job.h"

#include <math.h>

/* The intervals that lie about a mean of their own, whatever estimator of tau2 was
 * chosen: made once for all fits with the same null value. */
typedef struct own_interval {
    bool made;
    mtp_interval interval;
    double null_value;
} own_interval;

typedef struct row_maker {
    mtp_compare_job *job;
    bool studies_exist; /* more than one */
    mtp_study_block block;
    mtp_studies studies;
    own_interval profile, henmi_copas;
    mtp_conclusion conclusion, prediction; /* of the reference */
} row_maker;

static mtp_conclusion conclude(double null_value, double lower, double upper)
{
    if (isnan(null_value) || isnan(lower) || isnan(upper)) {
        return MTP_CONCLUSION_NONE;
    }
    if (upper < null_value) {
        return MTP_CONCLUSION_BELOW;
    }
    return lower > null_value ? MTP_CONCLUSION_ABOVE : MTP_CONCLUSION_INCLUDES;
}

static bool flips(mtp_conclusion conclusion, mtp_conclusion reference)
{
    return conclusion != MTP_CONCLUSION_NONE && reference != MTP_CONCLUSION_NONE &&
           conclusion != reference;
}

/* The chosen analysis is about the common effect. */
static bool is_common(const mtp_pool_options *options)
{
    return mtp_method_is_stratified(options->method) && options->tau2 != MTP_TAU2_DL;
}

static mtp_status start(mtp_compare_job *job, row_maker *maker)
{
    const mtp_effects *e = job->effects;
    const mtp_pooled *pooled = &job->reference->overall;
    const mtp_estimate *chosen =
        is_common(&job->options) ? &pooled->common : &pooled->random;
    mtp_study_point *point = MTP_ARENA_ARRAY(job->arena, e->k, mtp_study_point);

    *maker = (row_maker){
        .job = job,
        .conclusion = conclude(chosen->null_value, chosen->ci.lower, chosen->ci.upper),
        .prediction = conclude(chosen->null_value, chosen->pi.lower, chosen->pi.upper)};
    if (!point) {
        return MTP_E_NOMEM;
    }
    maker->studies_exist =
        e->k > 1 && mtp_studies_prepare(e->k, e->yi, e->vi, 1, NULL, point,
                                        &maker->block, &maker->studies, NULL) == MTP_OK;
    return MTP_OK;
}

static bool same(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static const mtp_interval *own_interval_by(row_maker *maker, mtp_ci_method method,
                                           double null_value)
{
    bool profile = method == MTP_CI_PL;
    own_interval *own = profile ? &maker->profile : &maker->henmi_copas;
    double level = maker->job->options.level;

    if (!maker->studies_exist) {
        return NULL;
    }
    if (!own->made || !same(own->null_value, null_value)) {
        if (profile) {
            mtp_profile_mean(&maker->studies, 0, level, null_value, &own->interval);
        } else {
            mtp_henmi_copas(&maker->studies, level, null_value, &own->interval);
        }
        own->made = true;
        own->null_value = null_value;
    }
    return &own->interval;
}

static const mtp_interval *listed_interval(const mtp_estimate *e, mtp_ci_method method)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == method) {
            return &e->intervals[i];
        }
    }
    return NULL;
}

static const mtp_prediction *listed_prediction(const mtp_estimate *e,
                                               mtp_pi_method method)
{
    for (size_t i = 0; i < e->n_predictions; i++) {
        if (e->predictions[i].method == method) {
            return &e->predictions[i];
        }
    }
    return NULL;
}

/* With hksj-adhoc, hk and hk-pr take its standard error: where the factor was floored
 * that is Wald's, and so they are v and hts. */
static mtp_prediction prediction_of(const mtp_compare_job *job, const mtp_estimate *e,
                                    mtp_ci_method ci, mtp_pi_method method)
{
    const mtp_interval *adhoc = listed_interval(e, MTP_CI_HKSJ_ADHOC);
    const mtp_interval *hksj = listed_interval(e, MTP_CI_HKSJ);
    bool floored = ci == MTP_CI_HKSJ_ADHOC && adhoc && hksj && adhoc->se > hksj->se;
    mtp_pi_method from = method;
    const mtp_prediction *found;
    mtp_prediction made = {method, (double)NAN, (double)NAN, (double)NAN, (double)NAN};

    if (floored && (method == MTP_PI_HK || method == MTP_PI_HK_PR)) {
        from = method == MTP_PI_HK ? MTP_PI_V : MTP_PI_HTS;
    }
    found = method == MTP_PI_NNF ? &job->reference->overall.random.pi
                                 : listed_prediction(e, from);
    if (found) {
        made = *found;
        made.method = method;
    }
    return made;
}

static double back(const row_maker *maker, const mtp_estimate *e, double y)
{
    return mtp_back_transform(maker->job->effects->measure->measure, y, e->back.ft_n,
                              NULL);
}

/* @param e  NULL: there is no fit */
static bool add_predictions(row_maker *maker, const mtp_compare_fit *fit,
                            const mtp_estimate *e, mtp_specification *row)
{
    mtp_compared_prediction *made =
        MTP_ARENA_ARRAY(maker->job->arena, MTP_PI_COUNT, mtp_compared_prediction);
    const mtp_estimate none = {.null_value = (double)NAN};

    row->prediction = made;
    for (int p = 0; made && p < MTP_PI_COUNT; p++) {
        mtp_compared_prediction *to = &made[row->n_predictions];

        if (fit->predictions & 1u << p) {
            *to = (mtp_compared_prediction){
                .made = prediction_of(maker->job, e ? e : &none, row->ci,
                                      (mtp_pi_method)p)};
            to->back_lower = back(maker, e ? e : &none, to->made.lower);
            to->back_upper = back(maker, e ? e : &none, to->made.upper);
            to->conclusion = conclude(row->null_value, to->made.lower, to->made.upper);
            to->flips = flips(to->conclusion, maker->prediction);
            row->n_predictions++;
        }
    }
    return made != NULL;
}

static void add_figures(row_maker *maker, const mtp_compare_fit *fit,
                        const mtp_estimate *e, const mtp_interval *interval,
                        mtp_specification *row)
{
    const mtp_heterogeneity *h = &fit->pool->overall.heterogeneity;

    row->estimate = e->estimate;
    row->null_value = e->null_value;
    row->interval = *interval;
    row->back.estimate = back(maker, e, e->estimate);
    row->back.ci_lower = back(maker, e, interval->lower);
    row->back.ci_upper = back(maker, e, interval->upper);
    row->tau2_value = h->tau2;
    row->I2 = h->I2;
    row->Q = h->Q;
    row->conclusion = conclude(e->null_value, interval->lower, interval->upper);
    row->flips = flips(row->conclusion, maker->conclusion);
}

static void clear(const mtp_compare_fit *fit, mtp_ci_method ci, mtp_specification *row)
{
    double none = (double)NAN;

    *row = (mtp_specification){.model_name = fit->model_name,
                               .method = fit->options.method,
                               .model = fit->model,
                               .tau2 = fit->options.tau2,
                               .ci = ci,
                               .estimate = none,
                               .null_value = none,
                               .tau2_value = none,
                               .I2 = none,
                               .Q = none};
    row->interval = mtp_interval_missing(ci);
    row->back.estimate = row->back.ci_lower = row->back.ci_upper = none;
}

/* Why there is no answer, or NULL. */
static const char *reason_of(const mtp_compare_fit *fit, const mtp_estimate *e,
                             const mtp_interval *interval, size_t k)
{
    if (fit->status != MTP_OK) {
        return fit->error.message;
    }
    if (isnan(e->estimate)) {
        return "no finite estimate exists";
    }
    if (interval && !isnan(interval->lower) && !isnan(interval->upper)) {
        return NULL;
    }
    return k == 1 ? "one study leaves no degree of freedom for this interval"
                  : "this interval is not defined for these studies";
}

static bool make_row(row_maker *maker, const mtp_compare_fit *fit, mtp_ci_method ci,
                     mtp_specification *row)
{
    const mtp_estimate *e = NULL;
    const mtp_interval *interval = NULL;
    const char *reason;

    clear(fit, ci, row);
    row->name = mtp_arena_printf(maker->job->arena, "%s, %s, %s", fit->model_name,
                                 mtp_tau2_id(row->tau2), mtp_ci_id(ci));
    if (!row->name) {
        return false;
    }
    if (fit->pool) {
        e = fit->common ? &fit->pool->overall.common : &fit->pool->overall.random;
        interval = ci == MTP_CI_PL || ci == MTP_CI_HC
                       ? own_interval_by(maker, ci, e->null_value)
                       : listed_interval(e, ci);
    }
    reason = reason_of(fit, e, interval, maker->job->effects->k);
    if (reason) {
        row->status = fit->status == MTP_OK ? MTP_E_DEGENERATE : fit->status;
        row->reason = mtp_arena_strdup(maker->job->arena, reason);
        return row->reason && add_predictions(maker, fit, NULL, row);
    }
    add_figures(maker, fit, e, interval, row);
    return add_predictions(maker, fit, e, row);
}

/* The row that the chosen analysis is. */
static bool is_reference(const mtp_compare_job *job, const mtp_compare_fit *fit,
                         mtp_ci_method ci)
{
    const mtp_pool_options *chosen = &job->options;
    bool common = is_common(chosen);
    mtp_tau2_method tau2 = common ? MTP_TAU2_EE : chosen->tau2;
    mtp_ci_method made =
        common ? MTP_CI_WALD : job->reference->overall.random.ci.method;

    return fit->options.method == chosen->method && fit->options.tau2 == tau2 &&
           (!fit->model || fit->options.model == chosen->model) && ci == made;
}

static size_t count_rows(const mtp_compare_job *job)
{
    size_t n = 0;

    for (size_t f = 0; f < job->n_fits; f++) {
        for (int c = 0; c < MTP_CI_COUNT; c++) {
            n += job->fit[f].intervals >> c & 1u;
        }
    }
    return n;
}

mtp_status mtp_compare_rows(mtp_compare_job *job, mtp_comparison *result)
{
    mtp_specification *row =
        MTP_ARENA_ARRAY(job->arena, count_rows(job), mtp_specification);
    row_maker maker;

    if (!row || start(job, &maker) != MTP_OK) {
        return MTP_E_NOMEM;
    }
    result->row = row;
    result->prediction = maker.prediction;
    for (size_t f = 0; f < job->n_fits; f++) {
        for (int c = 0; c < MTP_CI_COUNT; c++) {
            if (!(job->fit[f].intervals & 1u << c)) {
                continue;
            }
            if (!make_row(&maker, &job->fit[f], (mtp_ci_method)c, &row[result->n])) {
                return MTP_E_NOMEM;
            }
            if (is_reference(job, &job->fit[f], (mtp_ci_method)c)) {
                result->reference = result->n;
            }
            result->n++;
        }
    }
    return mtp_compare_summarize(job, row, result);
}
