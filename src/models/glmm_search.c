/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/glmm_climb.h"

#include <math.h>
#include <string.h>

/*
 * Maximum likelihood of (beta, tau). The likelihood is log-concave in beta for a fixed
 * tau but can have several maxima along tau: scan the profile over tau on a doubling
 * grid, bracket every place where its slope turns from + to -, and refine each by
 * Newton.
 */

enum {
    DIP_DEPTH = 3,
    HALVINGS_MAX = 20,
    ROOM = 2 + DIP_DEPTH + 3 /* stations: of the scan, of look_between, of a maximum */
};

typedef struct search {
    mtp_glmm_climber c;
    double best; /* the highest log-likelihood so far */
    bool all_settled;
    size_t n;
    mtp_glmm_value mode[MTP_MODES_MAX];
    mtp_glmm_station station[ROOM];
} search;

static bool make_room(search *s, mtp_arena *arena)
{
    size_t p = s->c.problem->p;
    bool ok = mtp_glmm_climb_make(&s->c, arena);

    for (size_t i = 0; i < MTP_MODES_MAX; i++) {
        ok = ok && mtp_glmm_value_make(p, arena, &s->mode[i]);
    }
    for (size_t i = 0; i < ROOM; i++) {
        s->station[i].left = mtp_arena_zalloc(arena, p, sizeof(double));
        s->station[i].along = mtp_arena_zalloc(arena, p, sizeof(double));
        ok = ok && s->station[i].left && s->station[i].along &&
             mtp_glmm_value_make(p, arena, &s->station[i].at);
    }
    return ok;
}

static void keep(search *s, const mtp_glmm_value *value)
{
    s->best = fmax(s->best, value->loglik);
    if (s->n < MTP_MODES_MAX) {
        mtp_glmm_value_copy(s->c.problem->p, value, &s->mode[s->n++]);
    }
}

static void keep_zero(search *s)
{
    mtp_glmm_value *zero = &s->c.p;

    memcpy(zero->beta, s->c.problem->beta, s->c.problem->p * sizeof(double));
    zero->tau = 0.0;
    zero->loglik = s->c.problem->loglik;
    keep(s, zero);
}

/* The slopes of the scan are rough: a maximum may lie a little beyond the stations. */
static const double margin = 1.25;

/* The profile climbs at from and falls at to: Newton, from ever closer where it fails.
 * room: three stations */
static void maximum_between(search *s, const mtp_glmm_station *from,
                            const mtp_glmm_station *to, mtp_glmm_station *room)
{
    mtp_glmm_station *a = room, *b = room + 1, *middle = room + 2;

    mtp_glmm_station_copy(&s->c, from, a);
    mtp_glmm_station_copy(&s->c, to, b);
    for (int i = 0; i < HALVINGS_MAX; i++) {
        double part = a->slope / (a->slope - b->slope);
        double tau = a->at.tau * pow(b->at.tau / a->at.tau, part);

        mtp_glmm_climb_follow(&s->c, part < 0.5 ? a : b, tau, s->c.p.beta);
        s->c.p.tau = tau;
        if (mtp_glmm_climb_refine(&s->c, a->at.tau / margin, b->at.tau * margin)) {
            keep(s, &s->c.p);
            return;
        }
        mtp_glmm_climb_profile_from(&s->c, a, sqrt(a->at.tau * b->at.tau), middle);
        mtp_glmm_station_swap(middle->slope > 0.0 ? a : b, middle);
    }
    s->all_settled = false;
}

/* Slopes of one sign at both ends whose tangents cross zero inside: look closer. */
static bool may_dip(const mtp_glmm_station *a, const mtp_glmm_station *b)
{
    double sign = a->slope > 0.0 ? 1.0 : -1.0;
    double width = log(b->at.tau / a->at.tau);

    return sign * b->slope > 0.0 && sign * (a->slope + width * a->bend) < 0.0 &&
           sign * (b->slope - width * b->bend) < 0.0;
}

/* room: depth and three more stations */
static void look_between(search *s, const mtp_glmm_station *a,
                         const mtp_glmm_station *b, int depth, mtp_glmm_station *room)
{
    if (a->slope > 0.0 && b->slope <= 0.0) {
        maximum_between(s, a, b, room);
    } else if (depth > 0 && may_dip(a, b)) {
        mtp_glmm_station *middle = room;

        mtp_glmm_climb_profile_from(&s->c, a, sqrt(a->at.tau * b->at.tau), middle);
        look_between(s, a, middle, depth - 1, room + 1);
        look_between(s, middle, b, depth - 1, room + 1);
    }
}

/* The profile climbs at tau = 0 and falls at from: its slope along tau2 is nearly a
 * straight line. room: five stations */
static void maximum_near_zero(search *s, const mtp_glmm_station *from,
                              mtp_glmm_station *room)
{
    double at_zero = s->c.problem->slope;
    mtp_glmm_station *b = room, *middle = room + 1;

    mtp_glmm_station_copy(&s->c, from, b);
    for (int i = 0; i < HALVINGS_MAX; i++) {
        double v = b->at.tau * b->at.tau;
        double tau = sqrt(v * at_zero / (at_zero - 0.5 * b->slope / v));

        mtp_glmm_climb_follow(&s->c, b, tau, s->c.p.beta);
        s->c.p.tau = tau;
        if (mtp_glmm_climb_refine(&s->c, 0.0, b->at.tau * margin)) {
            keep(s, &s->c.p);
            return;
        }
        mtp_glmm_climb_profile_from(&s->c, b, 0.5 * b->at.tau, middle);
        if (middle->slope > 0.0) {
            maximum_between(s, middle, b, room + 2);
            return;
        }
        mtp_glmm_station_swap(b, middle);
    }
    s->all_settled = false;
}

/* The grid starts where tau2 is a 25th of the smallest variance that a study has. */
static double first_tau(const search *s)
{
    return 0.2 / sqrt(fmax(1.0, s->c.problem->information));
}

/*
 * Above which tau can no maximum be the highest? Where the bound of the likelihood
 * falls below the best so far, there is nothing to be found: only artefacts of too few
 * nodes.
 */
static double last_tau(const search *s)
{
    const double sqrt_2pi = 2.50662827463100050242, cap = 64.0;
    const mtp_glmm_problem *of = s->c.problem;

    return fmin(cap, exp((of->log_area - s->best) / of->informative) / sqrt_2pi);
}

/* Returns the last station. */
static mtp_glmm_station *scan(search *s)
{
    mtp_glmm_station *a = &s->station[0], *b = &s->station[1];
    int sign = s->c.problem->sign;

    memcpy(a->at.beta, s->c.problem->beta, s->c.problem->p * sizeof(double));
    a->at.tau = first_tau(s);
    mtp_glmm_climb_profile(&s->c, a);
    if (sign < 0 || (sign == 0 && !(a->slope > 0.0))) {
        keep_zero(s);
    } else if (sign > 0 && a->slope <= 0.0) {
        maximum_near_zero(s, a, s->station + 2);
    }
    while (a->at.tau < last_tau(s)) {
        mtp_glmm_station *was = a;

        mtp_glmm_climb_profile_from(&s->c, a, 2.0 * a->at.tau, b);
        look_between(s, a, b, DIP_DEPTH, s->station + 2);
        a = b;
        b = was;
    }
    return a;
}

/* With no study that bounds it, the likelihood may climb for ever; so it does, as far
 * as tau makes sense, where there is no maximum at all. */
static bool still_climbs(search *s, const mtp_glmm_station *last)
{
    bool unbounded = !(s->c.problem->informative > 0.0);
    mtp_glmm_rule exact;

    if (s->n == 0) {
        return unbounded || last->slope > 0.0;
    }
    if (!unbounded || !(last->slope > 0.0)) {
        return false;
    }
    mtp_glmm_rule_init(&exact, 0);
    mtp_glmm_value_copy(s->c.problem->p, &last->at, &s->c.p);
    mtp_glmm_climb_evaluate(&s->c, &exact, &s->c.p);
    return s->c.p.loglik > s->best;
}

/* Are there maxima, and none of them below the common model? */
static bool makes_sense(const search *s)
{
    double best = -(double)INFINITY;

    for (size_t i = 0; i < s->n; i++) {
        best = fmax(best, s->mode[i].loglik);
    }
    return best >= s->c.problem->loglik - 1e-12 * fabs(s->c.problem->loglik);
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
        double loglik = s->mode[i].loglik;

        if (s->n > 1 && s->c.rule.nodes > 0 && s->mode[i].tau > 0.0) {
            mtp_glmm_value_copy(s->c.problem->p, &s->mode[i], &s->c.p);
            mtp_glmm_climb_evaluate(&s->c, &exact, &s->c.p);
            loglik = s->c.p.loglik;
        }
        if (loglik > best) {
            best = loglik;
            at = i;
        }
    }
    return at;
}

/* @param vcov [(p + 1) * (p + 1)] room */
static void report(search *s, double *vcov, mtp_glmm_maxima *maxima)
{
    mtp_glmm_value *best = &s->mode[highest(s)];

    maxima->tau = best->tau;
    maxima->loglik = best->loglik;
    maxima->beta = best->beta;
    if (best->tau > 0.0 && mtp_glmm_covariance(s->c.problem->p, best, vcov)) {
        maxima->vcov = vcov;
    }
    maxima->iterations += s->c.iterations;
    maxima->n_modes = s->n;
    for (size_t i = 0; i < s->n; i++) {
        const mtp_glmm_value *m = &s->mode[i];

        maxima->modes[i] = (mtp_mode){m->tau * m->tau, m->loglik, m->beta[0]};
        maxima->mode_beta[i] = m->beta;
    }
}

static void search_with(search *s, int nodes, double *vcov, mtp_glmm_maxima *maxima)
{
    mtp_glmm_rule_init(&s->c.rule, nodes);
    s->c.scan = s->c.rule;
    s->c.scan.slopes_only = true;
    s->c.scan.step = 2.0; /* good to about six digits */
    s->c.scan.negligible = 1e-8;
    s->best = s->c.problem->loglik;
    s->all_settled = true;
    if (s->c.problem->no_tau) {
        keep_zero(s);
    } else {
        maxima->climbs = still_climbs(s, scan(s));
    }
    if (nodes > 0 && !makes_sense(s)) {
        /* few nodes can hide the maximum that the integral has */
        s->n = 0;
        search_with(s, 0, vcov, maxima);
        maxima->converged = false;
        return;
    }
    maxima->converged = s->all_settled && s->n > 0;
    if (s->n == 0) {
        keep_zero(s);
    }
    report(s, vcov, maxima);
}

mtp_status mtp_glmm_search(const mtp_glmm_problem *problem, int nodes, mtp_arena *arena,
                           mtp_glmm_maxima *maxima, mtp_error *err)
{
    size_t n = problem->p + 1;
    search *s = MTP_ARENA_NEW(arena, search);
    double *vcov = mtp_arena_alloc(arena, n, n * sizeof *vcov);

    *maxima = (mtp_glmm_maxima){0};
    if (!s || !vcov) {
        return mtp_fail_nomem(err);
    }
    s->c.problem = problem;
    if (!make_room(s, arena)) {
        return mtp_fail_nomem(err);
    }
    search_with(s, nodes, vcov, maxima);
    return MTP_OK;
}
