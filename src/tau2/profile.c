/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The profile of the (restricted) likelihood over tau2, and the interval that it gives:
 * all t >= 0 with 2 (max ll - ll(t)) <= the quantile of chi-square with one degree of
 * freedom. Between neighbouring extrema the likelihood is monotone, so that an end of
 * the set lies between two of them exactly where one is inside and the other is not: a
 * profile with several maxima gives a union of segments, of which none is missed.
 * Source: Hardy & Thompson (1996), Stat Med 15:619-629,
 * doi:10.1002/(SICI)1097-0258(19960330)15:6<619::AID-SIM188>3.0.CO;2-A.
 */
#include "core/error.h"
#include "num/dist.h"
#include "num/root.h"
#include "tau2/estimate.h"

#include <math.h>

typedef struct profile {
    const mtp_studies *studies;
    bool restricted;
    mtp_dd highest; /* log-likelihood */
    double allowed; /* quantile of chi-square */
} profile;

/* 2 (max ll - ll) - quantile: <= 0 inside. */
static double outside_by(const void *context, double t)
{
    const profile *of = (const profile *)context;
    mtp_dd at = mtp_dd_from(t), drop;
    mtp_sums s;

    mtp_sums_at(of->studies, at, &s);
    drop = mtp_dd_sub(of->highest,
                      mtp_log_likelihood(of->studies, of->restricted, at, &s));
    return 2.0 * mtp_dd_to(drop) - of->allowed;
}

/* A walk up the half line. */
typedef struct walk {
    double t, value; /* where it is, and outside_by there */
    mtp_tau2_set *set;
} walk;

static void enter(mtp_tau2_set *set, double t)
{
    if (set->n_segments < MTP_MODES_MAX) {
        set->segment[set->n_segments++][0] = mtp_dd_from(t);
    }
}

static void leave(mtp_tau2_set *set, double t)
{
    set->segment[set->n_segments - 1][1] = mtp_dd_from(t);
}

/* On to t, with no extremum between. */
static void walk_to(const profile *of, walk *at, double t, double value)
{
    if ((at->value <= 0.0) != (value <= 0.0)) {
        double end = mtp_root(outside_by, of, at->t, at->value, t, value);

        (value <= 0.0 ? enter : leave)(at->set, end);
    }
    at->t = t;
    at->value = value;
}

void mtp_likelihood_set(const mtp_studies *studies, bool restricted, double level,
                        mtp_tau2_set *set)
{
    mtp_extremum found[MTP_EXTREMA_MAX];
    profile of = {.studies = studies, .restricted = restricted};
    walk at = {.set = set};
    size_t n, evaluations = 0;
    double t;

    if (!(mtp_studies_df(studies) > 0.0)) {
        set->status = MTP_SET_UNDEFINED;
        return;
    }
    n = mtp_likelihood_extrema(studies, restricted, true, found, &evaluations);
    of.highest = found[0].loglik;
    for (size_t i = 1; i < n; i++) {
        of.highest =
            mtp_dd_less(of.highest, found[i].loglik) ? found[i].loglik : of.highest;
    }
    of.allowed = mtp_chisq_upper_quantile(2.0 * mtp_tail_of_level(level), 1.0);
    at.value = outside_by(&of, 0.0);
    if (at.value <= 0.0) {
        enter(set, 0.0);
    }
    for (size_t i = 0; i < n; i++) {
        t = mtp_dd_to(found[i].t);
        walk_to(&of, &at, t, outside_by(&of, t));
    }
    t = fmax(at.t, studies->v_min);
    while (at.value <= 0.0) {
        t *= 2.0;
        walk_to(&of, &at, t, outside_by(&of, t));
    }
    set->status = MTP_SET_OK;
    set->limit[0] = set->segment[0][0];
    set->limit[1] = set->segment[set->n_segments - 1][1];
}

mtp_status mtp_tau2_profile(mtp_tau2_method likelihood, size_t k, const double yi[],
                            const double vi[], size_t n, const double tau2[],
                            double loglik[], double estimate[], mtp_error *err)
{
    bool restricted = likelihood == MTP_TAU2_REML;
    mtp_one_block one;
    mtp_status status;

    if (!restricted && likelihood != MTP_TAU2_ML) {
        return mtp_fail(err, MTP_E_ARG, "there are the likelihoods ML and REML");
    }
    for (size_t i = 0; i < n; i++) {
        if (!(tau2[i] >= 0.0 && isfinite(tau2[i]))) {
            return mtp_fail(err, MTP_E_ARG, "tau2 must be finite numbers from 0");
        }
    }
    status = mtp_one_block_new(k, yi, vi, NULL, &one, err);
    for (size_t i = 0; i < n && status == MTP_OK; i++) {
        mtp_dd t = mtp_from_unit_of_v(&one.studies, mtp_dd_from(tau2[i])), mean;
        mtp_sums s;

        mtp_sums_at(&one.studies, t, &s);
        loglik[i] = k > 1
                        ? mtp_dd_to(mtp_log_likelihood(&one.studies, restricted, t, &s))
                        : (double)NAN;
        mean = mtp_dd_add(mtp_dd_from(one.block.centre),
                          mtp_to_unit_of_y(&one.studies, s.mean, 1));
        if (estimate) {
            estimate[i] = mtp_dd_to(mean);
        }
    }
    if (status == MTP_OK) {
        mtp_arena_free(one.arena);
    }
    return status;
}
