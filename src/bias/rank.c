/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests that are rank correlations: of Begg and Mazumdar, and of Schwarzer, Antes
 * and Schumacher. Sources in bias.h. */
#include "bias/asymmetry.h"
#include "bias/groups.h"
#include "bias/kendall.h"
#include "core/dd.h"
#include "core/error.h"
#include "models/glmm_hypergeometric_internal.h"

#include <math.h>

/* Deviates of the studies and what they are correlated with. */
typedef struct pairs {
    size_t k;
    double *deviate, *size;
} pairs;

static mtp_status common_effect(const mtp_effects *effects, mtp_method method,
                                double *mean, mtp_error *err)
{
    mtp_pool_options options;
    mtp_pool_result *pooled = NULL;
    mtp_status status;

    mtp_pool_options_init(&options, sizeof options);
    options.method = method;
    options.tau2 = MTP_TAU2_EE;
    options.ci = MTP_CI_WALD;
    options.predict = MTP_PI_NONE;
    status = mtp_pool(effects, NULL, &options, &pooled, err);
    if (status == MTP_OK) {
        *mean = pooled->overall.common.estimate;
        mtp_pool_result_free(pooled);
    }
    return status;
}

/* Variance of yi - mu: vi - 1 / sum w = vi (sum w - wi) / sum w, without cancellation.
 */
static mtp_status standardize(const mtp_asymmetry_job *job, pairs *to, mtp_error *err)
{
    const mtp_effects *e = job->effects;
    mtp_dd sum = mtp_dd_from(0.0);
    double mean = 0.0;
    mtp_status status = common_effect(e, MTP_METHOD_INVERSE, &mean, err);

    for (size_t i = 0; i < e->k; i++) {
        sum = mtp_dd_add(sum, mtp_dd_inv(mtp_dd_from(e->vi[i])));
    }
    for (size_t i = 0; i < e->k && status == MTP_OK; i++) {
        mtp_dd others = mtp_dd_sub(sum, mtp_dd_inv(mtp_dd_from(e->vi[i])));
        double share = mtp_dd_to(mtp_dd_div(others, sum));

        if (!(share > 0.0)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "vi",
                               "study %zu has all the weight: the others have no "
                               "common effect to stand against",
                               i + 1);
        }
        to->deviate[i] = (e->yi[i] - mean) / sqrt(e->vi[i] * share);
        to->size[i] = e->vi[i];
    }
    return status;
}

static bool is_whole(double x)
{
    return x == floor(x);
}

/* Events of group 1 against what the margins make likely at the log odds ratio eta. */
static mtp_status against_margins(const mtp_bias_counts *c, double eta, pairs *to,
                                  mtp_error *err)
{
    for (size_t i = 0; i < c->k; i++) {
        double s = c->x1[i] + c->x2[i];
        mtp_hyper_study study = {.x = c->x1[i],
                                 .n1 = c->n1[i],
                                 .n2 = c->n2[i],
                                 .s = s,
                                 .lowest = fmax(0.0, s - c->n2[i]),
                                 .highest = fmin(c->n1[i], s),
                                 .times = 1.0};
        mtp_hyper_point at;

        if (!is_whole(study.x) || !is_whole(s) || !is_whole(study.n1) ||
            !is_whole(study.n2)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, c->row[i] + 1, "events1",
                               "study %zu has counts that are not whole numbers, which "
                               "have no distribution given their sum",
                               c->row[i] + 1);
        }
        mtp_hyper_at(&study, eta, &at);
        to->deviate[i] = at.score / sqrt(at.w);
        to->size[i] = 1.0 / at.w;
    }
    return MTP_OK;
}

static mtp_status from_counts(mtp_asymmetry_job *job, pairs *to, mtp_error *err)
{
    mtp_effects *odds_ratios = NULL;
    mtp_bias_counts c;
    double eta = 0.0;
    mtp_status status = mtp_bias_counts_of(job->effects, false, job->arena, &c, err);

    if (status != MTP_OK) {
        return status;
    }
    to->k = c.k;
    if (c.left_out > 0) {
        mtp_note_add(&job->notes, MTP_NOTE_NO_INFORMATION, 0,
                     "schwarzer: %zu %s left out in which nobody or everybody had the "
                     "event",
                     c.left_out, c.left_out == 1 ? "study is" : "studies are");
    }
    if (c.k < 3) {
        return MTP_OK; /* refused as too few */
    }
    status = mtp_bias_effects_of(&c, MTP_OR, true, &odds_ratios, err);
    if (status == MTP_OK) {
        status = common_effect(odds_ratios, MTP_METHOD_MH, &eta, err);
    }
    mtp_effects_free(odds_ratios);
    if (status == MTP_OK && !isfinite(eta)) {
        return mtp_fail(err, MTP_E_DATA,
                        "there is no Mantel-Haenszel odds ratio: one group has no "
                        "events, or nothing else, in all studies");
    }
    return status == MTP_OK ? against_margins(&c, eta, to, err) : status;
}

static void by_normal(const mtp_kendall *kendall, mtp_asymmetry_result *r)
{
    mtp_tail tail;

    r->statistic = kendall->score / sqrt(kendall->variance);
    tail = mtp_normal_two_sided(r->statistic);
    r->p = tail.p;
    r->log_p = tail.log_p;
}

/* Exact where there are no ties, begg's alone: schwarzer's is published with the
 * normal approximation. */
static mtp_status test(mtp_asymmetry_job *job, const mtp_kendall *kendall,
                       mtp_error *err)
{
    mtp_asymmetry_result *r = job->result;
    bool wanted = job->options.test == MTP_ASYMMETRY_BEGG && !job->options.asymptotic;
    mtp_tail tail;
    mtp_status status;

    if (!wanted || kendall->ties || r->k > MTP_KENDALL_EXACT_MAX) {
        if (wanted) {
            mtp_note_add(&job->notes, MTP_NOTE_METHOD_SELECTED, 0,
                         "begg: p by the normal approximation, since %s",
                         kendall->ties ? "there are ties"
                                       : "there are more than 1,000 studies");
        }
        by_normal(kendall, r);
        return MTP_OK;
    }
    status = mtp_kendall_exact(r->k, kendall->discordant, job->arena, &tail, err);
    if (status == MTP_OK) {
        r->exact = true;
        r->p = tail.p;
        r->log_p = tail.log_p;
    }
    return status;
}

mtp_status mtp_asymmetry_rank(mtp_asymmetry_job *job, mtp_error *err)
{
    bool begg = job->options.test == MTP_ASYMMETRY_BEGG;
    size_t k = job->effects->k;
    pairs of = {k, MTP_ARENA_ARRAY(job->arena, k, double),
                MTP_ARENA_ARRAY(job->arena, k, double)};
    mtp_asymmetry_result *r = job->result;
    mtp_kendall kendall;
    mtp_status status;

    if (!of.deviate || !of.size) {
        return mtp_fail_nomem(err);
    }
    status = begg && k > 2 ? standardize(job, &of, err)
             : begg        ? MTP_OK
                           : from_counts(job, &of, err);
    if (status != MTP_OK) {
        return status;
    }
    if (of.k < 3) {
        return mtp_fail(err, MTP_E_DATA,
                        "%zu %s too few to test for asymmetry: a rank correlation "
                        "takes three studies",
                        of.k, of.k == 1 ? "study is" : "studies are");
    }
    kendall = mtp_kendall_of(of.k, of.deviate, of.size);
    if (isnan(kendall.tau)) {
        return mtp_fail(err, MTP_E_DATA,
                        "all studies have the same %s: there are no ranks",
                        begg ? "variance or deviate" : "counts");
    }
    r->k = of.k;
    r->model = MTP_ASYMMETRY_RANK;
    r->predictor = begg ? "vi" : "1 / V(a)";
    r->estimate = kendall.tau;
    return test(job, &kendall, err);
}
