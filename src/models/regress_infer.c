/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/between.h"
#include "models/regress_job.h"
#include "models/regress_vif.h"
#include "num/dist.h"

#include <math.h>
#include <string.h>

/* Rows of the identity that pick the columns of a term, or all but the intercept, or
 * the intercept where it is alone; returns their number. */
static size_t pick_columns(const mtp_regress_job *job, bool all, size_t term,
                           double rows[])
{
    const mtp_moderators *m = job->mods;
    size_t q = 0;

    for (size_t j = 0; j < m->p; j++) {
        bool intercept = m->intercept && j == 0;

        if (all ? !intercept || m->p == 1 : m->column_term[j] == term) {
            memset(rows + q * m->p, 0, m->p * sizeof *rows);
            rows[q++ * m->p + j] = 1.0;
        }
    }
    return q;
}

mtp_status mtp_regress_omnibus(mtp_regress_job *job, mtp_test *test, mtp_error *err)
{
    size_t p = job->mods->p;
    double *rows = MTP_ARENA_ARRAY(job->scratch, p * p, double);

    return rows ? mtp_linear_test(&job->linear, pick_columns(job, true, 0, rows), rows,
                                  test, err)
                : mtp_fail_nomem(err);
}

static mtp_status test_terms(mtp_regress_job *job, mtp_error *err)
{
    const mtp_moderators *m = job->mods;
    mtp_regress_result *r = job->result;
    size_t n = m->column_term ? m->n_terms : 0;
    double *rows = MTP_ARENA_ARRAY(job->scratch, m->p * m->p, double);
    mtp_named_test *terms = MTP_ARENA_ARRAY(job->arena, n, mtp_named_test);
    mtp_status status;

    if (!rows || !terms) {
        return mtp_fail_nomem(err);
    }
    status = mtp_regress_omnibus(job, &r->omnibus, err);
    for (size_t t = 0; t < n && status == MTP_OK; t++) {
        terms[t].name = mtp_arena_strdup(job->arena, m->term[t]);
        status = terms[t].name
                     ? mtp_linear_test(&job->linear, pick_columns(job, false, t, rows),
                                       rows, &terms[t].test, err)
                     : mtp_fail_nomem(err);
    }
    r->n_terms = n;
    r->terms = terms;
    return status;
}

static mtp_status test_hypotheses(mtp_regress_job *job, mtp_error *err)
{
    const mtp_regress_options *o = &job->options;
    mtp_named_test *tests = MTP_ARENA_ARRAY(job->arena, o->n_tests, mtp_named_test);
    mtp_status status = tests ? MTP_OK : mtp_fail_nomem(err);

    for (size_t t = 0; t < o->n_tests && status == MTP_OK; t++) {
        const mtp_hypothesis *of = &o->tests[t];

        tests[t].name = mtp_arena_strdup(job->arena, of->name);
        status = tests[t].name
                     ? mtp_linear_test(&job->linear, of->q, of->l, &tests[t].test, err)
                     : mtp_fail_nomem(err);
    }
    job->result->n_tests = o->n_tests;
    job->result->tests = tests;
    return status;
}

/* Combinations with their tests; NULL without memory. */
static mtp_coefficient *combine(mtp_regress_job *job, size_t n,
                                const mtp_combination of[])
{
    mtp_coefficient *made = MTP_ARENA_ARRAY(job->arena, n, mtp_coefficient);

    for (size_t i = 0; i < n && made; i++) {
        const char *name = mtp_arena_strdup(job->arena, of[i].name);

        if (!name) {
            return NULL;
        }
        made[i] = mtp_linear_combination(&job->linear, name, of[i].l);
    }
    return made;
}

/* The coefficients themselves, and their covariance rounded. */
static mtp_status list_coefficients(mtp_regress_job *job, mtp_error *err)
{
    size_t p = job->mods->p;
    mtp_coefficient *made = MTP_ARENA_ARRAY(job->arena, p, mtp_coefficient);
    double *vcov = MTP_ARENA_ARRAY(job->arena, p * p, double);
    double *row = mtp_arena_zalloc(job->scratch, p, sizeof *row);

    if (!made || !vcov || !row) {
        return mtp_fail_nomem(err);
    }
    for (size_t j = 0; j < p; j++) {
        row[j] = 1.0;
        made[j] = mtp_linear_combination(&job->linear, job->name[j], row);
        row[j] = 0.0;
    }
    for (size_t i = 0; i < p * p; i++) {
        vcov[i] = mtp_dd_to(job->linear.cov[i]);
    }
    job->result->coefficient = made;
    job->result->vcov = vcov;
    return MTP_OK;
}

/* How a prediction interval is made: whose covariance, and degrees of freedom less
 * than k - p; Higgins, Thompson & Spiegelhalter (2009) and the others of pool.h. */
typedef struct form {
    bool by_model, normal;
    double less;
} form;

static form form_of(const mtp_regress_options *o)
{
    switch (o->predict) {
    case MTP_PI_WALD:
        return (form){true, true, 0.0};
    case MTP_PI_V:
        return (form){true, false, 0.0};
    case MTP_PI_HTS:
        return (form){true, false, 1.0};
    case MTP_PI_HK_PR:
        return (form){false, false, 1.0};
    case MTP_PI_HK:
        return (form){false, false, 0.0};
    default:
        return (form){o->ci == MTP_CI_WALD || o->ci == MTP_CI_T, false, 0.0};
    }
}

static void add_interval(const mtp_regress_job *job, const double l[],
                         mtp_regress_prediction *to)
{
    form how = form_of(&job->options);
    bool robust = job->options.robust != MTP_ROBUST_NONE;
    const mtp_dd *cov = how.by_model && !robust ? job->model_cov : job->linear.cov;
    mtp_dd value = mtp_linear_value(&job->linear, l), se, half;
    double wide;

    to->pi_se = to->pi_df = to->pi_lower = to->pi_upper = (double)NAN;
    if (isnan(job->spread.hi) || job->options.predict == MTP_PI_NONE) {
        return;
    }
    se = mtp_dd_add(mtp_linear_variance(job->mods->p, cov, l), job->spread);
    se = mtp_dd_sqrt(se);
    to->pi_se = mtp_dd_to(se);
    to->pi_df = how.normal ? (double)NAN
                : robust || job->linear.small_sample.df
                    ? to->df
                    : (double)(job->mods->k - job->mods->p) - how.less;
    wide = robust && !how.normal && isnan(to->pi_df)
               ? to->pi_df
               : mtp_critical(job->linear.tail, to->pi_df);
    half = mtp_dd_mul_d(se, wide);
    to->pi_lower = mtp_dd_to(mtp_dd_sub(value, half));
    to->pi_upper = mtp_dd_to(mtp_dd_add(value, half));
}

static void back_transform(const mtp_regress_job *job, mtp_regress_prediction *to)
{
    const mtp_effects *e = job->effects;
    mtp_measure measure = e->measure->measure;
    const double *size = measure == MTP_PFT    ? e->n
                         : measure == MTP_IRFT ? e->time
                                               : NULL;
    double n = size ? mtp_ft_pooled_n(job->options.ft_n, e->k, size, to->se * to->se)
                    : (double)NAN;

    to->back.estimate = mtp_back_transform(measure, to->estimate, n, NULL);
    to->back.ci_lower = mtp_back_transform(measure, to->ci_lower, n, NULL);
    to->back.ci_upper = mtp_back_transform(measure, to->ci_upper, n, NULL);
    to->back.pi_lower = mtp_back_transform(measure, to->pi_lower, n, NULL);
    to->back.pi_upper = mtp_back_transform(measure, to->pi_upper, n, NULL);
}

static mtp_regress_prediction *predict(mtp_regress_job *job, size_t n,
                                       const mtp_combination of[])
{
    mtp_regress_prediction *made =
        MTP_ARENA_ARRAY(job->arena, n, mtp_regress_prediction);
    mtp_coefficient *value = made ? combine(job, n, of) : NULL;

    for (size_t i = 0; i < n && value; i++) {
        made[i] = (mtp_regress_prediction){.name = value[i].name,
                                           .estimate = value[i].estimate,
                                           .se = value[i].se,
                                           .df = value[i].df,
                                           .ci_lower = value[i].ci_lower,
                                           .ci_upper = value[i].ci_upper};
        add_interval(job, of[i].l, &made[i]);
        back_transform(job, &made[i]);
    }
    return value ? made : NULL;
}

mtp_status mtp_regress_infer(mtp_regress_job *job, mtp_error *err)
{
    const mtp_regress_options *o = &job->options;
    mtp_regress_result *r = job->result;
    mtp_status status = list_coefficients(job, err);

    if (status == MTP_OK) {
        status = test_terms(job, err);
    }
    if (status == MTP_OK) {
        status = test_hypotheses(job, err);
    }
    if (status == MTP_OK) {
        status = mtp_regress_inflation(job, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    r->n_contrasts = o->n_contrasts;
    r->contrasts = combine(job, o->n_contrasts, o->contrasts);
    r->n_margins = o->n_margins;
    r->margins = predict(job, o->n_margins, o->margins);
    r->n_predictions = o->n_predictions;
    r->predictions = predict(job, o->n_predictions, o->predictions);
    return r->contrasts && r->margins && r->predictions ? MTP_OK : mtp_fail_nomem(err);
}
