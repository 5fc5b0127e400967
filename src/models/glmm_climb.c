/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's method on the likelihood of (beta, tau), and on its profile over tau. */
#include "models/glmm_climb.h"

#include <math.h>
#include <string.h>

enum { NEWTON_MAX = 100, PROFILE_MAX = 50 };

bool mtp_glmm_climb_make(mtp_glmm_climber *c, mtp_arena *arena)
{
    size_t p = c->problem->p;
    bool ok = mtp_glmm_value_make(p, arena, &c->p);

    c->step.by = mtp_arena_zalloc(arena, p + 1, sizeof(double));
    c->step.matrix = mtp_arena_zalloc(arena, p + 1, (p + 1) * sizeof(double));
    c->coarse = mtp_arena_zalloc(arena, p + 2, sizeof(double));
    return ok && c->step.by && c->step.matrix && c->coarse;
}

void mtp_glmm_station_copy(const mtp_glmm_climber *c, const mtp_glmm_station *from,
                           mtp_glmm_station *to)
{
    size_t p = c->problem->p;

    mtp_glmm_value_copy(p, &from->at, &to->at);
    memcpy(to->left, from->left, p * sizeof(double));
    memcpy(to->along, from->along, p * sizeof(double));
    to->slope = from->slope;
    to->bend = from->bend;
}

void mtp_glmm_station_swap(mtp_glmm_station *a, mtp_glmm_station *b)
{
    mtp_glmm_station was = *a;

    *a = *b;
    *b = was;
}

void mtp_glmm_climb_evaluate(const mtp_glmm_climber *c, const mtp_glmm_rule *rule,
                             mtp_glmm_value *value)
{
    c->problem->evaluate(c->problem->of, rule, value);
}

void mtp_glmm_climb_follow(const mtp_glmm_climber *c, const mtp_glmm_station *here,
                           double tau, double *beta)
{
    for (size_t i = 0; i < c->problem->p; i++) {
        beta[i] =
            here->at.beta[i] + (here->left[i] + here->along[i] * (tau - here->at.tau));
    }
}

/* Newton in beta at a fixed tau, to a tenth of a standard error: what is left of the
 * gradient in beta is taken out of the slope to first order. Starts from here->at. */
void mtp_glmm_climb_profile(mtp_glmm_climber *c, mtp_glmm_station *here)
{
    const double longest = 4.0, close = 0.1;

    for (int i = 0; i < PROFILE_MAX; i++) {
        double left, part = 1.0;

        mtp_glmm_climb_evaluate(c, &c->scan, &here->at);
        left = mtp_glmm_station_set(c->problem->p, here, c->step.matrix);
        if (!(left > close)) {
            break; /* also when it is NaN */
        }
        for (size_t j = 0; j < c->problem->p; j++) {
            part = fmin(part, longest / fabs(here->left[j]));
        }
        for (size_t j = 0; j < c->problem->p; j++) {
            here->at.beta[j] += part * here->left[j];
        }
    }
}

void mtp_glmm_climb_profile_from(mtp_glmm_climber *c, const mtp_glmm_station *from,
                                 double tau, mtp_glmm_station *here)
{
    mtp_glmm_climb_follow(c, from, tau, here->at.beta);
    here->at.tau = tau;
    mtp_glmm_climb_profile(c, here);
}

static void keep_coarse(mtp_glmm_climber *c)
{
    size_t n = c->problem->p + 1;

    c->coarse[n] = c->p.loglik;
    for (size_t i = 0; i < n; i++) {
        c->coarse[i] = c->p.hessian[i * n + i];
    }
}

/* Has a shorter step of the trapezoidal rule changed anything that is reported? */
static bool same_as_coarse(const mtp_glmm_climber *c)
{
    size_t n = c->problem->p + 1;
    bool same = fabs(c->coarse[n] - c->p.loglik) <= 2e-15 * fabs(c->p.loglik);

    for (size_t i = 0; i < n; i++) {
        double now = c->p.hessian[i * n + i];

        same = same && fabs(c->coarse[i] - now) <= 1e-13 * fabs(now);
    }
    return same;
}

/*
 * Newton's method from c->p to the maximum, which becomes c->p. Gives up outside
 * (lower, upper) and where the likelihood is not concave. The last steps are taken in
 * tau: log tau alone resolves only eps |log tau|.
 */
static bool climb(mtp_glmm_climber *c, double lower, double upper)
{
    const double settled = 1e-13, near = 1e-6;
    size_t p = c->problem->p;
    double last = (double)INFINITY;

    for (int i = 0; i < NEWTON_MAX; i++) {
        const double *by = c->step.by;

        mtp_glmm_climb_evaluate(c, &c->rule, &c->p);
        c->iterations++;
        if (!mtp_glmm_newton_step(p, &c->p, &c->step)) {
            return false;
        }
        for (size_t j = 0; j < p; j++) {
            c->p.beta[j] += by[j];
        }
        c->p.tau =
            fabs(by[p]) < 0.01 ? c->p.tau + c->p.tau * by[p] : c->p.tau * exp(by[p]);
        if (!(c->p.tau > lower && c->p.tau < upper)) {
            return false;
        }
        /* small steps that no longer shrink are rounding */
        if (c->step.size <= settled ||
            (c->step.size < near && c->step.size > 0.5 * last)) {
            return true;
        }
        last = c->step.size;
    }
    return false;
}

/* The converged integral: shorten the step of the rule until nothing changes. */
bool mtp_glmm_climb_refine(mtp_glmm_climber *c, double lower, double upper)
{
    const double finest = 0.2;
    bool ok;

    c->rule.step = 1.0;
    ok = climb(c, lower, upper);
    while (ok && c->rule.nodes == 0 && c->rule.step > finest) {
        keep_coarse(c);
        c->rule.step *= 0.7;
        ok = climb(c, lower, upper);
        if (same_as_coarse(c)) {
            break;
        }
    }
    return ok;
}
