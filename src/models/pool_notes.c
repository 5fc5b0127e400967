/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a reader must know of a pooled set: whether an estimate exists, tau2, the
 * studies that say nothing. */
#include "core/number.h"
#include "core/strbuf.h"
#include "models/note_writer.h"

#include <math.h>

/* A variance ratio beyond this is worth a warning; metafor's threshold is the same. */
static const double EXTREME_RATIO = 1e7;

static bool is_knapp_hartung(mtp_ci_method ci)
{
    return ci == MTP_CI_HKSJ || ci == MTP_CI_HKSJ_ADHOC;
}

const mtp_interval *mtp_find_interval(const mtp_estimate *e, mtp_ci_method method)
{
    for (size_t i = 0; i < e->n_intervals; i++) {
        if (e->intervals[i].method == method) {
            return &e->intervals[i];
        }
    }
    return NULL;
}

/* Degrees of freedom of t intervals: those of this set, or of all that share tau2. */
static double t_df(const mtp_note_writer *to)
{
    const mtp_interval *t = mtp_find_interval(&to->pooled->random, MTP_CI_T);

    return t ? t->df : 0.0;
}

static bool is_beta_binomial(const mtp_note_writer *to)
{
    return to->options->method == MTP_METHOD_BETABINOMIAL;
}

static void note_few_studies(const mtp_note_writer *to)
{
    if (to->pooled->k == 1 && is_beta_binomial(to)) {
        mtp_note_add(to->notes, MTP_NOTE_SINGLE_STUDY, 0,
                     "%sone study: rho cannot be estimated, and the estimate is the "
                     "study's own",
                     to->who);
    } else if (to->pooled->k == 1) {
        mtp_note_add(to->notes, MTP_NOTE_SINGLE_STUDY, 0,
                     isnan(to->pooled->heterogeneity.tau2)
                         ? "%sone study: tau2 cannot be estimated, the estimate is the "
                           "study's own with its Wald interval, and there is no "
                           "prediction interval"
                         : "%sone study: it says nothing about tau2, which is given or "
                           "shared",
                     to->who);
    } else if (to->pooled->k == 2 && t_df(to) == 1.0) {
        mtp_note_add(to->notes, MTP_NOTE_TWO_STUDIES, 0,
                     "%stwo studies say very little about %s; an interval with one "
                     "degree of freedom has the critical value 12.7 at the 95%% level",
                     to->who, is_beta_binomial(to) ? "rho" : "tau2");
    }
}

static void note_tau2(const mtp_note_writer *to)
{
    const mtp_heterogeneity *h = &to->pooled->heterogeneity;
    const mtp_normal_detail *detail = &to->set->normal;

    if (detail->truncated) {
        mtp_note_add(to->notes, MTP_NOTE_TAU2_TRUNCATED, 0,
                     "%sthe %s estimate of tau2 is %s and was set to 0", to->who,
                     mtp_tau2_label(to->pooled->fit.tau2_method),
                     mtp_number_brief(detail->raw, 4).text);
    }
    if (h->tau2 == 0.0 && to->pooled->fit.tau2_method < MTP_TAU2_EE) {
        bool stratified = to->pooled->stratified != NULL;

        mtp_note_add(to->notes, MTP_NOTE_TAU2_ZERO, 0, "%stau2 is 0: %s%s", to->who,
                     stratified ? "random effects are weighted by inverse variances "
                                  "alone"
                                : "random and common effect have the same estimate",
                     is_knapp_hartung(to->pooled->random.ci.method)
                         ? "; the Hartung-Knapp interval still differs from Wald's"
                         : "");
    }
    if (h->ci.status == MTP_SET_OK &&
        (h->tau2 < h->ci.tau2[0] || h->tau2 > h->ci.tau2[1])) {
        mtp_note_add(to->notes, MTP_NOTE_INTERVAL_EXCLUDES, 0,
                     "%sthe %s interval does not hold the estimate of tau2: they "
                     "rest on different equations",
                     to->who, mtp_tau2_ci_label(to->options->tau2_ci));
    }
    if (h->ci.status == MTP_SET_EMPTY) {
        mtp_note_add(to->notes, MTP_NOTE_INTERVAL_EMPTY, 0,
                     "%sthe %s interval of tau2 is empty: the effects are more "
                     "alike than their variances make likely at any tau2",
                     to->who, mtp_tau2_ci_label(to->options->tau2_ci));
    }
    if (to->options->tau2_ci == MTP_TAU2_CI_WALD && to->pooled->k > 1 &&
        isnan(h->tau2_se) && !to->set->name) {
        mtp_note_add(to->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "there is no Wald interval of tau2: a value that is not estimated "
                     "has no standard error");
    }
}

/* The ends of rho: 0 is the binomial, at 1 a study is one draw. */
static void note_rho(const mtp_note_writer *to)
{
    double rho = to->pooled->fit.rho;

    if (isnan(rho) && is_beta_binomial(to) && to->pooled->exists && to->pooled->k > 1) {
        mtp_note_add(to->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "%srho cannot be estimated: no study has two patients", to->who);
    } else if (rho == 0.0) {
        mtp_note_add(to->notes, MTP_NOTE_TAU2_ZERO, 0,
                     "%srho is 0: random and common effect have the same estimate",
                     to->who);
    } else if (rho == 1.0) {
        mtp_note_add(to->notes, MTP_NOTE_RHO_ONE, 0,
                     "%srho is 1: each study has no events or nothing but events, and "
                     "counts as a single observation",
                     to->who);
    }
}

void mtp_note_modes(mtp_note_list *notes, const char *who, const mtp_fit *fit)
{
    mtp_strbuf list;

    if (fit->n_modes < 2) {
        return;
    }
    mtp_strbuf_init(&list);
    for (size_t i = 0; i < fit->n_modes; i++) {
        mtp_strbuf_printf(&list, "%s%s (log-likelihood %s)", i ? ", " : "",
                          mtp_number_brief(fit->modes[i].tau2, 4).text,
                          mtp_number_brief(fit->modes[i].loglik, 4).text);
    }
    if (list.failed) {
        notes->failed = true;
    } else {
        mtp_note_add(notes, MTP_NOTE_MULTIPLE_MODES, 0,
                     "%sthe likelihood has %zu local maxima, at %s = %s; the highest "
                     "is reported",
                     who, fit->n_modes,
                     fit->method == MTP_METHOD_BETABINOMIAL ? "rho" : "tau2",
                     list.text);
    }
    mtp_strbuf_free(&list);
}

/* What this way of pooling does not give; said once, for the overall set. */
static void note_left_out(const mtp_note_writer *to)
{
    if (to->set->name || !to->pooled->exists) {
        return;
    }
    if (to->options->method == MTP_METHOD_GLMM) {
        mtp_note_add(
            to->notes, MTP_NOTE_NOT_DEFINED, 0,
            "a mixed model has no study weights and no Q-profile interval of tau2");
    } else if (is_beta_binomial(to)) {
        mtp_note_add(
            to->notes, MTP_NOTE_NOT_DEFINED, 0,
            "a beta-binomial model has no tau2 (rho takes its place), no study "
            "weights and no prediction interval");
    }
}

static void note_existence(const mtp_note_writer *to)
{
    bool rates = to->set->measure->input == MTP_INPUT_EVENTS_TIME;

    if (to->pooled->exists) {
        return;
    }
    if (to->set->measure->groups == 2) {
        mtp_note_add(to->notes, MTP_NOTE_NO_FINITE_ESTIMATE, 0,
                     isnan(to->pooled->common.estimate)
                         ? "%sno finite estimate exists: all studies point to a ratio "
                           "of 0, or all to an infinite one"
                         : "%sno finite random-effects estimate exists: each study's "
                           "own ratio is 0 or infinite, and the likelihood rises with "
                           "tau without end; the common effect exists",
                     to->who);
    } else if (isnan(to->pooled->common.estimate)) {
        mtp_note_add(to->notes, MTP_NOTE_NO_FINITE_ESTIMATE, 0,
                     "%sno finite estimate exists: the studies have no events%s",
                     to->who, rates ? "" : ", or nothing but events");
    } else {
        mtp_note_add(to->notes, MTP_NOTE_NO_FINITE_ESTIMATE, 0,
                     "%sno finite random-effects estimate exists: each study has no "
                     "events or nothing but events, and the likelihood rises with tau "
                     "without end; the common effect exists",
                     to->who);
    }
}

/* The mean of Mantel-Haenszel or Peto: that there is none, or that it has no error. */
static void note_center(const mtp_note_writer *to)
{
    const char *method = mtp_method_label(to->options->method);

    if (to->set->normal.no_center) {
        mtp_note_add(to->notes, MTP_NOTE_NO_FINITE_ESTIMATE, 0,
                     "%sno finite %s estimate exists, for its sums have no events, or "
                     "nothing but events, in a group; Q is taken around the inverse-"
                     "variance mean; --mh-add 0.5 adds to the empty cells",
                     to->who, method);
    } else if (to->pooled->common.ci.se == 0.0) {
        mtp_note_add(to->notes, MTP_NOTE_NOT_DEFINED, 0,
                     "%sthe %s standard error is 0, for no study has both events and "
                     "others: its test is not defined, and its interval is a point",
                     to->who, method);
    }
}

static void note_two_groups(const mtp_note_writer *to)
{
    size_t nothing = to->set->mixed.uninformative;
    size_t more = to->set->mixed.uninformative_Q - nothing;
    bool rates = to->set->measure->input == MTP_INPUT_TWO_EVENTS_TIME;

    if (nothing > 0) {
        mtp_note_add(to->notes, MTP_NOTE_NO_INFORMATION, 0,
                     "%sstudies without events%s say nothing about the ratio and carry "
                     "nothing into the model: %zu of %zu",
                     to->who, rates ? "" : ", or with nothing but events,", nothing,
                     to->pooled->k);
    }
    if (more > 0) {
        mtp_note_add(to->notes, MTP_NOTE_NO_INFORMATION_IN_Q, 0,
                     "%sstudies without a finite ratio of their own carry nothing into "
                     "the Wald Q: %zu of %zu",
                     to->who, more, to->pooled->k);
    }
}

static void note_information(const mtp_note_writer *to)
{
    size_t nothing = to->set->mixed.uninformative_Q;

    if (to->set->measure->groups == 2) {
        note_two_groups(to);
    } else if (nothing > 0) {
        mtp_note_add(
            to->notes, MTP_NOTE_NO_INFORMATION_IN_Q, 0,
            "%sstudies without events%s carry nothing into the Wald Q: %zu of %zu",
            to->who,
            to->set->measure->input == MTP_INPUT_EVENTS_TIME
                ? ""
                : ", or with nothing but events,",
            nothing, to->pooled->k);
    }
}

void mtp_note_pooled(mtp_note_list *notes, const mtp_noted_set *set,
                     const mtp_pool_options *options)
{
    mtp_note_writer to = {notes, "", set, set->pooled, options};

    if (set->name) {
        to.who = mtp_arena_printf(notes->arena, "subgroup '%s': ", set->name);
        if (!to.who) {
            notes->failed = true;
            return;
        }
    }
    note_existence(&to);
    if (set->pooled->exists) {
        note_few_studies(&to);
    }
    note_information(&to);
    if (!set->pooled->exists) {
        mtp_note_back_transform(&to);
        return;
    }
    if (set->normal.variance_ratio > EXTREME_RATIO) {
        mtp_note_add(notes, MTP_NOTE_EXTREME_VARIANCES, 0,
                     "%sthe largest sampling variance is %s times the smallest: a few "
                     "studies carry nearly all the weight",
                     to.who, mtp_number_brief(set->normal.variance_ratio, 4).text);
    }
    note_center(&to);
    note_tau2(&to);
    note_rho(&to);
    mtp_note_modes(to.notes, to.who, &to.pooled->fit);
    mtp_note_intervals(&to);
    mtp_note_back_transform(&to);
    note_left_out(&to);
}
