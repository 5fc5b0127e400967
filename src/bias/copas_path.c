/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From no selection on to more and more of it. */
#include "bias/copas_fit.h"
#include "core/error.h"
#include "core/number.h"
#include "num/dist.h"
#include "num/root.h"

#include <math.h>

/* z with Phi(z) = p; q = 1 - p */
static double quantile(double p, double q)
{
    return p < q ? -mtp_normal_upper_quantile(p) : mtp_normal_upper_quantile(q);
}

/* The fit at which the study with the largest standard error is published with this
 * probability. */
static mtp_status fit_at_prob(mtp_copas_job *job, double prob, mtp_copas_fit *fit)
{
    double missing = job->result->options.ratio * (1.0 - prob);
    double u_least = quantile(prob, 1.0 - prob);
    double u_most = quantile(1.0 - missing, missing);

    if (!(prob < 1.0)) {
        return mtp_copas_fit_at(job, (double)INFINITY, 0.0, fit);
    }
    return mtp_copas_fit_at(
        job, u_least, (u_most - u_least) / (1.0 / job->se_min - 1.0 / job->se_max),
        fit);
}

/* By falling probability; equal ones in the order given. */
static void sort(size_t n, mtp_copas_fit fits[])
{
    for (size_t i = 1; i < n; i++) {
        mtp_copas_fit fit = fits[i];
        size_t j = i;

        for (; j > 0 && fits[j - 1].prob < fit.prob; j--) {
            fits[j] = fits[j - 1];
        }
        fits[j] = fit;
    }
}

static mtp_status make_fits(mtp_copas_job *job, mtp_copas_fit fits[])
{
    mtp_copas_result *result = job->result;
    const mtp_copas_options *o = &result->options;
    mtp_status status = mtp_copas_fit_at(job, (double)INFINITY, 0.0, &fits[0]);

    if (status == MTP_OK && result->side == MTP_SIDE_AUTO) {
        result->side = fits[0].slope < 0.0 ? MTP_SIDE_RIGHT : MTP_SIDE_LEFT;
    }
    job->sign = result->side == MTP_SIDE_RIGHT ? -1.0 : 1.0;
    for (size_t i = 0; i < o->n && status == MTP_OK; i++) {
        mtp_copas_fit *fit = &fits[i + 1];

        if (o->prob) {
            status = fit_at_prob(job, o->prob[i], fit);
        } else {
            status = mtp_copas_fit_at(job, o->gamma0[i] + o->gamma1[i] / job->se_max,
                                      o->gamma1[i], fit);
            fit->gamma0 = o->gamma0[i]; /* without rounding */
        }
    }
    if (status == MTP_OK) {
        sort(o->n, fits + 1);
        result->fits = fits;
        result->n_fits = o->n + 1;
    }
    return status;
}

/* The search for the probability at which the residual test just reaches its level. */
typedef struct crossing {
    mtp_copas_job *job;
    double critical; /* of the statistic */
    mtp_status *status;
} crossing;

static double beyond_critical(const void *of, double prob)
{
    const crossing *at = (const crossing *)of;
    mtp_arena *arena = at->job->arena;
    mtp_arena_mark mark = mtp_arena_save(arena);
    mtp_copas_fit fit = {0};

    if (*at->status == MTP_OK) {
        *at->status = fit_at_prob(at->job, prob, &fit);
    }
    mtp_arena_release(arena, mark);
    return *at->status == MTP_OK ? fit.residual.statistic - at->critical : 0.0;
}

/* Between two fits of a path of probabilities. */
static mtp_status cross(mtp_copas_job *job, const mtp_copas_fit *before,
                        const mtp_copas_fit *after, mtp_copas_fit *fit)
{
    double sig_level = job->result->options.sig_level;
    mtp_status status = MTP_OK;
    crossing at = {job, mtp_chisq_upper_quantile(sig_level, 1.0), &status};
    double above = fmax(0.0, before->residual.statistic - at.critical);
    double below = fmin(0.0, after->residual.statistic - at.critical);
    double prob =
        mtp_root(beyond_critical, &at, before->prob, above, after->prob, below);

    return status == MTP_OK ? fit_at_prob(job, prob, fit) : status;
}

static mtp_status adjust(mtp_copas_job *job)
{
    mtp_copas_result *result = job->result;
    const mtp_copas_fit *fits = result->fits;
    mtp_copas_fit *own;
    mtp_status status;
    size_t i = 0;

    while (i < result->n_fits && !(fits[i].residual.p >= result->options.sig_level)) {
        i++;
    }
    if (i == result->n_fits) {
        mtp_note_add(
            &job->notes, MTP_NOTE_NOT_DEFINED, 0,
            "no selection on the path leaves a residual p of %s or more: there "
            "is no adjusted estimate",
            mtp_number_brief(result->options.sig_level, 6).text);
        return MTP_OK;
    }
    if (i == 0 || !result->options.prob) {
        result->adjusted = &fits[i];
        return MTP_OK;
    }
    own = MTP_ARENA_NEW(job->arena, mtp_copas_fit);
    if (!own) {
        return mtp_fail_nomem(job->err);
    }
    status = cross(job, &fits[i - 1], &fits[i], own);
    result->adjusted = own;
    return status;
}

/* What the notes say of the fits. */
typedef struct tally {
    size_t zero, at_zero, at_bound, modes, singular;
} tally;

static tally count(const mtp_copas_result *result)
{
    tally of = {0};

    for (size_t i = 0; i < result->n_fits; i++) {
        const mtp_copas_fit *fit = &result->fits[i];

        of.zero += !(fit->tau2 > 0.0);
        of.at_zero += fit->rho_state == MTP_COPAS_RHO_AT_ZERO;
        of.at_bound += fit->rho_state == MTP_COPAS_RHO_AT_BOUND;
        of.modes += fit->n_modes > 1;
        of.singular += isnan(fit->mu.se) ? 1 : 0;
    }
    return of;
}

static void add_notes(mtp_copas_job *job)
{
    const mtp_copas_result *result = job->result;
    tally of = count(result);
    size_t n = result->n_fits;

    if (of.zero > 0) {
        mtp_note_add(&job->notes, MTP_NOTE_TAU2_ZERO, 0,
                     "tau2 of the Copas model is 0 in %zu of %zu fits", of.zero, n);
    }
    if (of.at_bound > 0) {
        mtp_note_add(
            &job->notes, MTP_NOTE_SELECTION_LIMIT, 0,
            "rho of the Copas model is at its bound %s in %zu of %zu fits; their "
            "standard errors take it as known",
            mtp_number_brief(job->sign * result->options.rho_bound, 6).text,
            of.at_bound, n);
    }
    if (of.at_zero > 0) {
        mtp_note_add(
            &job->notes, MTP_NOTE_SELECTION_LIMIT, 0,
            "rho of the Copas model is 0 in %zu of %zu fits: nothing points to "
            "missing studies on the %s",
            of.at_zero, n, mtp_side_id(result->side));
    }
    if (of.modes > 0) {
        mtp_note_add(
            &job->notes, MTP_NOTE_MULTIPLE_MODES, 0,
            "the likelihood of the Copas model has several maxima in %zu of %zu "
            "fits; the figures are of the highest",
            of.modes, n);
    }
    if (of.singular > 0) {
        mtp_note_add(
            &job->notes, MTP_NOTE_NOT_DEFINED, 0,
            "the observed information of the Copas model is singular in %zu of "
            "%zu fits: they have no standard errors",
            of.singular, n);
    }
    if (job->k < 10) {
        mtp_note_add(&job->notes, MTP_NOTE_FEW_FOR_ASYMMETRY, 0,
                     "%zu studies: below ten, the Copas model rests on next to nothing",
                     job->k);
    }
}

mtp_status mtp_copas_follow(mtp_copas_job *job)
{
    mtp_copas_result *result = job->result;
    size_t n = result->options.n + 1;
    mtp_copas_fit *fits = mtp_arena_zalloc(job->arena, n, sizeof *fits);
    mtp_status status = fits ? make_fits(job, fits) : mtp_fail_nomem(job->err);

    if (status == MTP_OK) {
        status = adjust(job);
    }
    if (status != MTP_OK) {
        return status;
    }
    add_notes(job);
    result->notes = mtp_note_list_done(&job->notes);
    return job->notes.failed ? mtp_fail_nomem(job->err) : MTP_OK;
}
