/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests that regress effects on a measure of a study's size. Sources in bias.h. */
#include "bias/asymmetry.h"
#include "bias/groups.h"
#include "bias/line.h"
#include "core/error.h"

#include <math.h>

/* The points of a line while they are made. */
typedef struct points {
    size_t k;
    double *y, *x, *v;
} points;

static mtp_status make_room(const mtp_asymmetry_job *job, points *to, mtp_error *err)
{
    size_t k = job->effects->k;

    to->k = k;
    to->y = MTP_ARENA_ARRAY(job->arena, k, double);
    to->x = MTP_ARENA_ARRAY(job->arena, k, double);
    to->v = MTP_ARENA_ARRAY(job->arena, k, double);
    return to->y && to->x && to->v ? MTP_OK : mtp_fail_nomem(err);
}

static bool of_sizes(mtp_predictor predictor)
{
    return predictor != MTP_PREDICTOR_SEI && predictor != MTP_PREDICTOR_VI;
}

static mtp_status check_sizes(const mtp_asymmetry_job *job, const double n[],
                              mtp_error *err)
{
    if (!n) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "predictor %s takes sample sizes, and the effects have none",
                        mtp_predictor_id(job->options.predictor));
    }
    for (size_t i = 0; i < job->effects->k; i++) {
        if (!(n[i] > 0.0 && isfinite(n[i]))) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "n",
                               "study %zu has no sample size, which predictor %s takes",
                               i + 1, mtp_predictor_id(job->options.predictor));
        }
    }
    return MTP_OK;
}

static double predictor_of(mtp_predictor predictor, double v, double n)
{
    switch (predictor) {
    case MTP_PREDICTOR_VI:
        return v;
    case MTP_PREDICTOR_NI:
        return n;
    case MTP_PREDICTOR_NINV:
        return 1.0 / n;
    case MTP_PREDICTOR_SQRTNI:
        return sqrt(n);
    case MTP_PREDICTOR_SQRTNINV:
        return 1.0 / sqrt(n);
    default:
        return sqrt(v);
    }
}

/* egger and thompson */
static mtp_status by_predictor(mtp_asymmetry_job *job, points *to, mtp_error *err)
{
    const mtp_effects *e = job->effects;
    mtp_predictor predictor = job->options.test == MTP_ASYMMETRY_EGGER
                                  ? job->options.predictor
                                  : MTP_PREDICTOR_SEI;
    const double *n = job->options.n ? job->options.n : e->n;
    mtp_status status = of_sizes(predictor) ? check_sizes(job, n, err) : MTP_OK;

    for (size_t i = 0; i < e->k && status == MTP_OK; i++) {
        to->y[i] = e->yi[i];
        to->v[i] = e->vi[i];
        to->x[i] =
            predictor_of(predictor, e->vi[i], of_sizes(predictor) ? n[i] : (double)NAN);
    }
    return status;
}

static mtp_status informative(mtp_asymmetry_job *job, mtp_bias_counts *counts,
                              mtp_error *err)
{
    mtp_status status =
        mtp_bias_counts_of(job->effects, false, job->arena, counts, err);

    if (status == MTP_OK && counts->left_out > 0) {
        mtp_note_add(&job->notes, MTP_NOTE_NO_INFORMATION, 0,
                     "%s: %zu %s left out in which nobody or everybody had the event",
                     mtp_asymmetry_id(job->options.test), counts->left_out,
                     counts->left_out == 1 ? "study is" : "studies are");
    }
    return status;
}

/* peters and macaskill: the variance of a log odds ratio whose groups share the risk of
 * the study, but for a factor */
static mtp_status by_pooled_risk(mtp_asymmetry_job *job, points *to, mtp_error *err)
{
    mtp_bias_counts c;
    mtp_status status = informative(job, &c, err);

    if (status != MTP_OK) {
        return status;
    }
    to->k = c.k;
    for (size_t i = 0; i < c.k; i++) {
        double events = c.x1[i] + c.x2[i], n = c.n1[i] + c.n2[i];

        to->y[i] = job->effects->yi[c.row[i]];
        to->v[i] = 1.0 / events + 1.0 / (n - events);
        to->x[i] = job->options.test == MTP_ASYMMETRY_PETERS ? 1.0 / n : n;
    }
    return MTP_OK;
}

static void take_effects(const mtp_effects *e, points *to)
{
    to->k = e->k;
    for (size_t i = 0; i < e->k; i++) {
        to->y[i] = e->yi[i];
        to->v[i] = e->vi[i];
        to->x[i] = sqrt(e->vi[i]);
    }
}

/* harbord: Z / V with the variance 1 / V is Peto's log odds ratio. rucker: arcsine
 * differences, which exist without a correction. */
static mtp_status by_other_effects(mtp_asymmetry_job *job, points *to, mtp_error *err)
{
    bool arcsine = job->options.test == MTP_ASYMMETRY_RUCKER;
    mtp_effects *other = NULL;
    mtp_bias_counts c;
    mtp_status status =
        arcsine ? mtp_bias_counts_of(job->effects, true, job->arena, &c, err)
                : informative(job, &c, err);

    if (status == MTP_OK && c.k < 3) {
        to->k = c.k; /* the line refuses */
        return MTP_OK;
    }
    if (status == MTP_OK) {
        status =
            mtp_bias_effects_of(&c, arcsine ? MTP_AS : MTP_PETO, false, &other, err);
    }
    if (status == MTP_OK) {
        take_effects(other, to);
    }
    mtp_effects_free(other);
    return status;
}

/* deeks: the effective sample size, in predictor and weights; pustejovsky: the variance
 * of a standardized mean difference at 0, in the predictor alone. */
static mtp_status by_group_sizes(mtp_asymmetry_job *job, points *to, mtp_error *err)
{
    bool deeks = job->options.test == MTP_ASYMMETRY_DEEKS;

    for (size_t i = 0; i < to->k; i++) {
        double n1, n2, at_zero;
        mtp_status status = mtp_bias_sizes_of(job->effects, i, &n1, &n2, err);

        if (status != MTP_OK) {
            return status;
        }
        at_zero = (deeks ? 0.25 : 1.0) * (1.0 / n1 + 1.0 / n2);
        to->y[i] = job->effects->yi[i];
        to->v[i] = deeks ? at_zero : job->effects->vi[i];
        to->x[i] = sqrt(at_zero);
    }
    return MTP_OK;
}

/* What makes each test; of egger the predictor is the options'. */
typedef struct slope_test {
    const char *predictor, *label;
    bool moments; /* additive variance by moments; else as the options say, or lm */
    bool limit;   /* predictor 0 is a study without sampling error */
    mtp_status (*make)(mtp_asymmetry_job *job, points *to, mtp_error *err);
} slope_test;

static const slope_test tests[MTP_ASYMMETRY_COUNT] = {
    [MTP_ASYMMETRY_EGGER] = {NULL, NULL, false, true, by_predictor},
    [MTP_ASYMMETRY_PETERS] = {"1 / n", "sample size", false, true, by_pooled_risk},
    [MTP_ASYMMETRY_HARBORD] = {"1 / sqrt(V)", "variance of the score", false, true,
                               by_other_effects},
    [MTP_ASYMMETRY_MACASKILL] = {"n", "sample size", false, false, by_pooled_risk},
    [MTP_ASYMMETRY_DEEKS] = {"1 / sqrt(ESS)", "effective sample size", false, true,
                             by_group_sizes},
    [MTP_ASYMMETRY_THOMPSON] = {"sei", "standard error", true, true, by_predictor},
    [MTP_ASYMMETRY_PUSTEJOVSKY] = {"sqrt(1 / n1 + 1 / n2)", "effective sample size",
                                   false, true, by_group_sizes},
    [MTP_ASYMMETRY_RUCKER] = {"sei", "standard error of the arcsine difference", true,
                              true, by_other_effects},
};

/* The test as it is asked for. */
static slope_test test_of(const mtp_asymmetry_options *o)
{
    slope_test test = tests[o->test];

    if (o->test == MTP_ASYMMETRY_EGGER) {
        test.predictor = mtp_predictor_id(o->predictor);
        test.label = of_sizes(o->predictor) ? mtp_predictor_label(MTP_PREDICTOR_NI)
                                            : mtp_predictor_label(o->predictor);
        test.limit =
            o->predictor != MTP_PREDICTOR_NI && o->predictor != MTP_PREDICTOR_SQRTNI;
    }
    return test;
}

/* Thompson & Sharp (1999): method of moments, t with k - 2 degrees of freedom. */
static mtp_line_model model_of(const mtp_asymmetry_options *o, bool moments)
{
    if (moments) {
        return (mtp_line_model){
            .mixed = true, .tau2 = MTP_TAU2_DL, .ci = MTP_CI_T, .level = o->level};
    }
    return o->test == MTP_ASYMMETRY_EGGER ? mtp_line_model_of(o)
                                          : (mtp_line_model){.level = o->level};
}

static void take(const mtp_line *line, const slope_test *test, bool mixed,
                 mtp_asymmetry_result *r)
{
    r->predictor = test->predictor;
    r->model = mixed ? MTP_ASYMMETRY_MIXED : MTP_ASYMMETRY_LM;
    r->estimate = line->slope.estimate;
    r->se = line->slope.se;
    r->statistic = line->slope.statistic;
    r->df = line->slope.df;
    r->p = line->slope.p;
    r->log_p = line->slope.log_p;
    r->ci_lower = line->slope.ci_lower;
    r->ci_upper = line->slope.ci_upper;
    r->dispersion = line->dispersion;
    r->tau2 = line->tau2;
    if (test->limit) {
        r->limit = line->intercept;
    }
}

mtp_status mtp_asymmetry_slope(mtp_asymmetry_job *job, mtp_error *err)
{
    slope_test test = test_of(&job->options);
    mtp_line_model model = model_of(&job->options, test.moments);
    points at;
    mtp_line line;
    mtp_line_data data;
    mtp_status status = make_room(job, &at, err);

    if (status == MTP_OK) {
        status = test.make(job, &at, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    data = (mtp_line_data){.k = at.k, .y = at.y, .x = at.x, .v = at.v};
    status = mtp_line_fit(&data, &model, test.label, &job->notes, &line, err);
    if (status == MTP_OK) {
        job->result->k = at.k;
        take(&line, &test, model.mixed, job->result);
    }
    return status;
}
