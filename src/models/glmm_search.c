/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_internal.h"

#include <math.h>

/*
 * Maximum likelihood of (mu, tau). The likelihood is log-concave in mu for a fixed tau
 * but can have several maxima along tau: scan the profile over tau on a doubling grid,
 * bracket every place where its slope turns from + to -, and refine each by Newton.
 */

enum { NEWTON_MAX = 100, PROFILE_MAX = 50, DIP_DEPTH = 3, HALVINGS_MAX = 20 };

/* A point of the profile over mu, with its slope and curvature along log tau. */
typedef struct station {
    mtp_glmm_point at;
    double slope, bend;
} station;

typedef struct search {
    mtp_glmm_sample *sample;
    mtp_glmm_rule scan, rule;
    mtp_glmm_fit *fit;
    double best; /* the highest log-likelihood so far */
    bool all_settled;
    size_t n;
    mtp_glmm_point mode[MTP_MODES_MAX];
} search;

static void slope_of(station *s)
{
    const mtp_jet *d = &s->at.d;
    double tau = s->at.tau;
    double ridge = d->mt / d->mm;

    s->slope = tau * (d->t - ridge * d->m);
    s->bend = tau * tau * (d->tt - ridge * d->mt) + s->slope;
    if (!(d->mm < 0.0)) {
        s->slope = s->bend = (double)NAN; /* no profile: too few nodes */
    }
}

/* Newton in mu at a fixed tau, to a tenth of a standard error: what is left of the
 * gradient in mu is taken out of the slope to first order. */
static station profile(const search *s, double mu, double tau)
{
    station here;

    for (int i = 0; i < PROFILE_MAX; i++) {
        double step, se;

        mtp_glmm_evaluate(s->sample, &s->scan, mu, tau, &here.at);
        if (!(here.at.d.mm < 0.0)) {
            break;
        }
        se = 1.0 / sqrt(-here.at.d.mm);
        step = -here.at.d.m / here.at.d.mm;
        if (fabs(step) <= 0.1 * se) {
            break;
        }
        mu += fmax(-4.0, fmin(4.0, step));
    }
    slope_of(&here);
    return here;
}

/* Where the profile through here has its mu when tau becomes tau. */
static double mu_at(const station *here, double tau)
{
    const mtp_jet *d = &here->at.d;

    if (!(d->mm < 0.0)) {
        return here->at.mu;
    }
    return here->at.mu - (d->m + d->mt * (tau - here->at.tau)) / d->mm;
}

/* One step of Newton's method in (mu, log tau). */
typedef struct newton {
    double mu, log_tau;
    double size; /* relative in tau, or in standard deviations if that is more */
} newton;

static bool newton_step(const mtp_glmm_point *p, newton *step)
{
    double tau = p->tau;
    double m = p->d.m, t = tau * p->d.t;
    double mm = p->d.mm, mt = tau * p->d.mt, tt = tau * tau * p->d.tt + t;
    double determinant = mm * tt - mt * mt;

    if (!(mm < 0.0 && determinant > 0.0)) {
        return false;
    }
    step->mu = (mt * t - tt * m) / determinant;
    step->log_tau = (mt * m - mm * t) / determinant;
    step->size =
        fmax(fabs(step->log_tau), sqrt(fabs(m * step->mu + t * step->log_tau)));
    return isfinite(step->size);
}

/* Has a shorter step of the trapezoidal rule changed anything that is reported? */
static bool same(const mtp_glmm_point *a, const mtp_glmm_point *b)
{
    return fabs(a->loglik - b->loglik) <= 2e-15 * fabs(b->loglik) &&
           fabs(a->d.mm - b->d.mm) <= 1e-13 * fabs(b->d.mm) &&
           fabs(a->d.tt - b->d.tt) <= 1e-13 * fabs(b->d.tt);
}

/*
 * Newton's method from *p to the maximum, which becomes *p. Gives up outside (lower,
 * upper) and where the likelihood is not concave. The last steps are taken in tau: log
 * tau alone resolves only eps |log tau|.
 */
static bool climb(search *s, double lower, double upper, mtp_glmm_point *p)
{
    const double settled = 1e-13, near = 1e-6;
    double last = (double)INFINITY;

    for (int i = 0; i < NEWTON_MAX; i++) {
        double mu = p->mu, tau = p->tau;
        newton step;

        mtp_glmm_evaluate(s->sample, &s->rule, mu, tau, p);
        s->fit->iterations++;
        if (!newton_step(p, &step)) {
            return false;
        }
        p->mu = mu + step.mu;
        p->tau = fabs(step.log_tau) < 0.01 ? tau + tau * step.log_tau
                                           : tau * exp(step.log_tau);
        if (!(p->tau > lower && p->tau < upper)) {
            return false;
        }
        /* small steps that no longer shrink are rounding */
        if (step.size <= settled || (step.size < near && step.size > 0.5 * last)) {
            return true;
        }
        last = step.size;
    }
    return false;
}

/* The converged integral: shorten the step of the rule until nothing changes. */
static bool refine(search *s, double lower, double upper, mtp_glmm_point *p)
{
    const double finest = 0.2;
    bool ok;

    s->rule.step = 1.0;
    ok = climb(s, lower, upper, p);
    while (ok && s->rule.nodes == 0 && s->rule.step > finest) {
        mtp_glmm_point coarse = *p;

        s->rule.step *= 0.7;
        ok = climb(s, lower, upper, p);
        if (same(&coarse, p)) {
            break;
        }
    }
    return ok;
}

static void keep(search *s, const mtp_glmm_point *p)
{
    s->best = fmax(s->best, p->loglik);
    if (s->n < MTP_MODES_MAX) {
        s->mode[s->n++] = *p;
    }
}

/* The slopes of the scan are rough: a maximum may lie a little beyond the stations. */
static const double margin = 1.25;

/* The profile climbs at a and falls at b: Newton, from ever closer where it fails. */
static void maximum_between(search *s, station a, station b)
{
    for (int i = 0; i < HALVINGS_MAX; i++) {
        double part = a.slope / (a.slope - b.slope);
        double tau = a.at.tau * pow(b.at.tau / a.at.tau, part);
        mtp_glmm_point p = {.mu = mu_at(part < 0.5 ? &a : &b, tau), .tau = tau};
        station middle;

        if (refine(s, a.at.tau / margin, b.at.tau * margin, &p)) {
            keep(s, &p);
            return;
        }
        tau = sqrt(a.at.tau * b.at.tau);
        middle = profile(s, mu_at(&a, tau), tau);
        *(middle.slope > 0.0 ? &a : &b) = middle;
    }
    s->all_settled = false;
}

/* Slopes of one sign at both ends whose tangents cross zero inside: look closer. */
static bool may_dip(const station *a, const station *b)
{
    double sign = a->slope > 0.0 ? 1.0 : -1.0;
    double width = log(b->at.tau / a->at.tau);

    return sign * b->slope > 0.0 && sign * (a->slope + width * a->bend) < 0.0 &&
           sign * (b->slope - width * b->bend) < 0.0;
}

static void look_between(search *s, const station *a, const station *b, int depth)
{
    if (a->slope > 0.0 && b->slope <= 0.0) {
        maximum_between(s, *a, *b);
    } else if (depth > 0 && may_dip(a, b)) {
        double tau = sqrt(a->at.tau * b->at.tau);
        station middle = profile(s, mu_at(a, tau), tau);

        look_between(s, a, &middle, depth - 1);
        look_between(s, &middle, b, depth - 1);
    }
}

/* The profile climbs at tau = 0 and falls at b: its slope along tau2 is nearly a
 * straight line. */
static void maximum_near_zero(search *s, station b)
{
    double at_zero = mtp_glmm_boundary_slope(s->sample);

    for (int i = 0; i < HALVINGS_MAX; i++) {
        double v = b.at.tau * b.at.tau;
        double tau = sqrt(v * at_zero / (at_zero - 0.5 * b.slope / v));
        mtp_glmm_point p = {.mu = mu_at(&b, tau), .tau = tau};
        station middle;

        if (refine(s, 0.0, b.at.tau * margin, &p)) {
            keep(s, &p);
            return;
        }
        tau = 0.5 * b.at.tau;
        middle = profile(s, mu_at(&b, tau), tau);
        if (middle.slope > 0.0) {
            maximum_between(s, middle, b);
            return;
        }
        b = middle;
    }
    s->all_settled = false;
}

/* The grid starts where tau2 is a 25th of the smallest variance that a study has. */
static double first_tau(const mtp_glmm_sample *sample)
{
    double rate = mtp_dd_to(mtp_dd_div(sample->events, sample->size));
    double rest = mtp_dd_to(mtp_dd_div(sample->rest, sample->size));
    double w = 1.0;

    for (size_t i = 0; i < sample->count; i++) {
        double own = sample->study[i].m * rate;

        w = fmax(w, sample->kind == MTP_GLMM_POISSON ? own : own * rest);
    }
    return 0.2 / sqrt(w);
}

/*
 * Above which tau can no maximum be the highest? The density of eta is at most
 * 1 / (tau sqrt(2 pi)), so a study's likelihood is at most that times the integral of
 * P(x | eta) over eta, which is m / (x y) (Poisson: 1 / x), and at most 1 without
 * events or with nothing else. Beyond the tau where the product falls below the best
 * likelihood so far, there is nothing to be found: only artefacts of too few nodes.
 */
static double last_tau(const search *s)
{
    const double sqrt_2pi = 2.50662827463100050242, cap = 64.0;
    double log_area = 0.0, informative = 0.0;

    for (size_t i = 0; i < s->sample->count; i++) {
        const mtp_glmm_study *study = &s->sample->study[i];
        double w = mtp_glmm_wald_weight(s->sample->kind, study);

        if (w > 0.0) {
            log_area -= study->times * log(w);
            informative += study->times;
        }
    }
    return fmin(cap, exp((log_area - s->best) / informative) / sqrt_2pi);
}

static void scan(search *s, int boundary_sign, const mtp_glmm_point *zero)
{
    double tau = first_tau(s->sample);
    station a = profile(s, s->fit->common_mu, tau), b;

    if (boundary_sign < 0 || (boundary_sign == 0 && !(a.slope > 0.0))) {
        keep(s, zero);
    } else if (boundary_sign > 0 && a.slope <= 0.0) {
        maximum_near_zero(s, a);
    }
    while (tau < last_tau(s)) {
        tau *= 2.0;
        b = profile(s, mu_at(&a, tau), tau);
        look_between(s, &a, &b, DIP_DEPTH);
        a = b;
    }
}

/* A rule of few nodes can have maxima of its own, far from every true one: where there
 * are several, the converged integral says which is the highest. */
static size_t highest(search *s)
{
    mtp_glmm_rule exact;
    double best = -(double)INFINITY;
    size_t at = 0;

    mtp_glmm_rule_init(&exact, 0);
    for (size_t i = 0; i < s->n; i++) {
        mtp_glmm_point p = s->mode[i];

        if (s->n > 1 && s->rule.nodes > 0 && p.tau > 0.0) {
            mtp_glmm_evaluate(s->sample, &exact, p.mu, p.tau, &p);
        }
        if (p.loglik > best) {
            best = p.loglik;
            at = i;
        }
    }
    return at;
}

static void report(const search *s, const mtp_glmm_point *p)
{
    mtp_glmm_fit *fit = s->fit;
    double determinant = p->d.mm * p->d.tt - p->d.mt * p->d.mt;

    fit->mu = p->mu;
    fit->tau = p->tau;
    fit->tau2 = p->tau * p->tau;
    fit->loglik = p->loglik;
    fit->se = p->tau > 0.0 ? sqrt(-p->d.tt / determinant) : fit->common_se;
    fit->se_tau = p->tau > 0.0 ? sqrt(-p->d.mm / determinant) : (double)NAN;
    fit->n_modes = s->n;
    for (size_t i = 0; i < s->n; i++) {
        const mtp_glmm_point *m = &s->mode[i];

        fit->modes[i] = (mtp_mode){m->tau * m->tau, m->loglik, m->mu};
    }
}

void mtp_glmm_search(mtp_glmm_sample *sample, int nodes, int boundary_sign,
                     mtp_glmm_fit *fit)
{
    search s = {
        .sample = sample, .fit = fit, .best = fit->common_loglik, .all_settled = true};
    const mtp_glmm_point zero = {.mu = fit->common_mu, .loglik = fit->common_loglik};

    mtp_glmm_rule_init(&s.rule, nodes);
    s.scan = s.rule;
    s.scan.slopes_only = true;
    s.scan.step = 2.0; /* good to about six digits */
    s.scan.negligible = 1e-8;
    for (size_t i = 0; i < sample->count; i++) {
        sample->study[i].eta = fit->common_mu;
    }
    /* one study, or one patient a study, says nothing about tau */
    if (sample->k > 1 && fit->uninformative < sample->k) {
        scan(&s, boundary_sign, &zero);
    } else {
        keep(&s, &zero);
    }
    if (s.n == 0 && nodes > 0) {
        /* few nodes can hide the maximum that the integral has */
        mtp_glmm_search(sample, 0, boundary_sign, fit);
        fit->converged = false;
        return;
    }
    fit->converged = s.all_settled && s.n > 0;
    if (s.n == 0) {
        keep(&s, &zero);
    }
    report(&s, &s.mode[highest(&s)]);
}
