/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader must know of the intervals of a pooled set. */
#include "core/number.h"
#include "core/strbuf.h"
#include "models/note_writer.h"
#include "models/robust_notes.h"
#include "models/stratified.h"

#include <math.h>

/* A profile that falls into parts. */
static void note_union(const mtp_note_writer *to, const mtp_interval *ci)
{
    mtp_strbuf list;

    mtp_strbuf_init(&list);
    for (size_t i = 0; i < ci->n_segments; i++) {
        mtp_strbuf_printf(&list, "%s[%s, %s]", i ? " and " : "",
                          mtp_number_brief(ci->segments[i][0], 4).text,
                          mtp_number_brief(ci->segments[i][1], 4).text);
    }
    if (list.failed) {
        to->notes->failed = true;
    } else {
        mtp_note_add(
            to->notes, MTP_NOTE_INTERVAL_UNION, 0,
            "%sthe profile likelihood agrees with the means %s, not with those "
            "between; the interval goes from the first to the last",
            to->who, list.text);
    }
    mtp_strbuf_free(&list);
}

/* What the intervals tell that are not about the estimate, or hardly about anything. */
static void note_chosen(const mtp_note_writer *to)
{
    const mtp_estimate *e = &to->pooled->random;
    const mtp_interval *ci = &e->ci;
    bool kr = e->pi.method == MTP_PI_KR || e->pi.method == MTP_PI_KR_PR;
    const mtp_interval *kenward_roger = mtp_find_interval(e, MTP_CI_KR);

    if (ci->method == MTP_CI_HC) {
        mtp_note_add(
            to->notes, MTP_NOTE_INTERVAL_CENTRE, 0,
            "%sthe Henmi-Copas interval is about the common-effect mean %s at "
            "inverse variances, with its own DerSimonian-Laird tau2, not about "
            "the random-effects estimate %s",
            to->who, mtp_number_brief(ci->estimate, 4).text,
            mtp_number_brief(e->estimate, 4).text);
    } else if (ci->method == MTP_CI_PL && ci->estimate != e->estimate) {
        mtp_note_add(to->notes, MTP_NOTE_INTERVAL_CENTRE, 0,
                     "%sthe profile-likelihood interval is about the ML estimate %s, "
                     "not about the estimate %s with tau2 by %s",
                     to->who, mtp_number_brief(ci->estimate, 4).text,
                     mtp_number_brief(e->estimate, 4).text,
                     mtp_tau2_id(to->pooled->fit.tau2_method));
    }
    if (ci->n_segments > 1) {
        note_union(to, ci);
    }
    if (kenward_roger && kenward_roger->df < 1.0 && (kr || ci->method == MTP_CI_KR)) {
        mtp_note_add(to->notes, MTP_NOTE_FEW_DF, 0,
                     "%sKenward and Roger's method leaves %s degrees of freedom: its "
                     "interval says next to nothing",
                     to->who, mtp_number_brief(kenward_roger->df, 4).text);
    }
    if (e->pi.method == MTP_PI_NNF && !isnan(e->pi.lower)) {
        mtp_note_add(to->notes, MTP_NOTE_BOOTSTRAP, 0,
                     "%sthe prediction limits are quantiles of %zu random draws, with "
                     "standard errors %s and %s",
                     to->who, to->options->draws,
                     mtp_number_brief(to->set->bootstrap.lower, 4).text,
                     mtp_number_brief(to->set->bootstrap.upper, 4).text);
    }
}

static void note_lengths(const mtp_note_writer *to)
{
    const mtp_estimate *e = &to->pooled->random;
    const mtp_interval *wald = mtp_find_interval(e, MTP_CI_WALD);
    double width = e->ci.upper - e->ci.lower;

    if (!mtp_method_is_likelihood(to->options->method) &&
        to->set->normal.factor == 0.0) {
        mtp_note_add(to->notes, MTP_NOTE_HKSJ_ZERO_SE, 0,
                     "%sno effect differs from its mean: the Hartung-Knapp standard "
                     "error is 0 and its test is not defined",
                     to->who);
    } else if (e->ci.method == MTP_CI_HKSJ && wald &&
               width < wald->upper - wald->lower) {
        mtp_note_add(to->notes, MTP_NOTE_HKSJ_NARROWER, 0,
                     "%sthe Hartung-Knapp interval is narrower than the Wald interval "
                     "(factor %s); consider hksj-adhoc",
                     to->who, mtp_number_brief(to->set->normal.factor, 4).text);
    }
    note_chosen(to);
    if (e->pi.upper - e->pi.lower < width) {
        mtp_note_add(to->notes, MTP_NOTE_PI_INSIDE_CI, 0,
                     "%sthe prediction interval (%s) lies inside the confidence "
                     "interval (%s): they rest on different standard errors or degrees "
                     "of freedom",
                     to->who, mtp_pi_id(e->pi.method), mtp_ci_id(e->ci.method));
    }
}

/* Of the robust variance; a set of one study has Wald's. */
static void note_robust(const mtp_note_writer *to)
{
    size_t clusters = to->pooled->robust.clusters;

    if (to->options->ci != MTP_CI_ROBUST || to->pooled->k == 1) {
        return;
    }
    if (clusters < 2) {
        mtp_note_add(to->notes, MTP_NOTE_FEW_CLUSTERS, 0,
                     "%sall studies are in one cluster, which says nothing about the "
                     "variance: there is no robust interval",
                     to->who);
    } else {
        mtp_robust_note_clusters(to->notes, to->who, to->options->robust, clusters, 0);
    }
    if (clusters > 1 && to->options->robust == MTP_ROBUST_CR2) {
        mtp_robust_note_df(to->notes, to->who, "the random-effects mean",
                           to->pooled->random.ci.df);
        mtp_robust_note_df(to->notes, to->who, "the common effect",
                           to->pooled->common.ci.df);
    }
}

static void note_undefined(const mtp_note_writer *to)
{
    const mtp_estimate *e = &to->pooled->random;
    mtp_strbuf list;
    size_t missing = 0;

    mtp_strbuf_init(&list);
    for (size_t i = 0; i < e->n_predictions; i++) {
        if (isnan(e->predictions[i].lower)) {
            mtp_strbuf_printf(&list, "%s%s", missing++ ? ", " : "",
                              mtp_pi_id(e->predictions[i].method));
        }
    }
    if (missing > 0 && !isnan(to->pooled->heterogeneity.tau2)) {
        mtp_note_add(to->notes, MTP_NOTE_PI_UNDEFINED, 0,
                     "%sno degree of freedom is left for the prediction interval by %s",
                     to->who, list.text ? list.text : "");
    }
    to->notes->failed = to->notes->failed || list.failed;
    mtp_strbuf_free(&list);
    if (!isnan(to->pooled->fit.AIC) && isnan(to->pooled->fit.AICc)) {
        mtp_note_add(to->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "%stoo few studies for the corrected Akaike criterion (AICc)",
                     to->who);
    }
}

void mtp_note_intervals(const mtp_note_writer *to)
{
    note_lengths(to);
    note_robust(to);
    note_undefined(to);
}

static bool has_infinite_back(const mtp_estimate *e)
{
    return isinf(e->back.ci_lower) || isinf(e->back.ci_upper) ||
           isinf(e->back.pi_lower) || isinf(e->back.pi_upper);
}

void mtp_note_back_transform(const mtp_note_writer *to)
{
    const mtp_estimate *e = &to->pooled->random;

    if (!isnan(e->back.ft_n)) {
        mtp_note_add(to->notes, MTP_NOTE_FREEMAN_TUKEY, 0,
                     "%sFreeman-Tukey estimates are transformed back at %s = %s; "
                     "another choice gives other figures",
                     to->who,
                     to->set->measure->input == MTP_INPUT_EVENTS_TIME ? "time" : "n",
                     mtp_number_brief(e->back.ft_n, 4).text);
    }
    if (to->set->normal.clipped || to->set->mixed.clipped) {
        mtp_note_add(to->notes, MTP_NOTE_BACK_CLIPPED, 0,
                     "%san estimate or a limit lies outside the range of a %s and was "
                     "moved to its end",
                     to->who, to->set->measure->natural);
    }
    if (has_infinite_back(e) || has_infinite_back(&to->pooled->common)) {
        mtp_note_add(to->notes, MTP_NOTE_UNBOUNDED, 0,
                     "%sa limit is too large to be written on the natural scale",
                     to->who);
    }
}
