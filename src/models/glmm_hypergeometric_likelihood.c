/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_hypergeometric_internal.h"
#include "num/logdd.h"

#include <math.h>

/*
 * A study's marginal likelihood F(theta, v) = integral of L(theta + tau z) phi(z) dz,
 * with L(eta) = P(x | eta), by a rule with nodes z = z0 + s t about the conditional
 * mode. Derivatives of the converged integral are posterior means, of either of two:
 *   L's own (v w <= 1): F_theta / F = E(a1), and since F_v = F_theta,theta / 2,
 *     F_v / F = E(a2) / 2, F_theta,v / F = E(a3) / 2, F_vv / F = E(a4) / 4, where
 *     a_r = L^(r) / L: S, S^2 - w, S^3 - 3 S w - k3, S^4 - 6 S^2 w + 3 w^2 - 4 S k3 -
 * k4; those of the normal density of eta (v w > 1): E(z) / tau, E(z^2 - 1) / tau, ...
 * Each is without cancellation where it is used. With few nodes the rule itself is
 * differentiated, as in glmm_likelihood.c: there are the formulas.
 */
typedef enum way { BY_LIKELIHOOD, BY_PRIOR, BY_RULE } way;

typedef struct posterior {
    const mtp_hyper_study *study;
    double theta, tau;
    way way;
    mtp_hyper_point mode;
    mtp_glmm_frame frame;
} posterior;

/* Sums over nodes of the integrand e (1 at the mode), and of e times first and second
 * derivatives. */
typedef struct sums {
    double total;
    mtp_jet g;
} sums;

/*
 * The root of eta - theta - v S(eta), which increases: Halley's method in the bracket
 * of its signs. The trapezoidal rule needs it roughly (its centre may be anywhere); a
 * rule of few nodes needs the last bit.
 */
static void find_mode(mtp_hyper_study *study, double theta, double v, double tolerance,
                      mtp_hyper_point *at)
{
    enum { STEPS_MAX = 200 };
    double lower = -(double)INFINITY, upper = (double)INFINITY, eta = study->eta;

    for (int i = 0; i < STEPS_MAX; i++) {
        double f, slope, bend, step, next;

        mtp_hyper_at(study, eta, at);
        f = eta - theta - v * at->score;
        slope = 1.0 + v * at->w;
        bend = 0.5 * f * v * at->k3 / (slope * slope);
        step = -f / slope;
        *(f > 0.0 ? &upper : &lower) = eta;
        if (f == 0.0 || fabs(step) <= tolerance * sqrt(v / slope)) {
            break;
        }
        next = eta + (fabs(bend) <= 0.5 ? step / (1.0 - bend) : step);
        if (next == eta) {
            break;
        }
        if (!(next > lower && next < upper)) {
            next = 0.5 * (fmax(lower, -1e300) + fmin(upper, 1e300));
        }
        if (next == eta) {
            break;
        }
        eta = next;
    }
    study->eta = eta;
}

static void add_by_likelihood(const posterior *p, const mtp_hyper_point *at, double e,
                              sums *a)
{
    double S = at->score, w = at->w, square = S * S, tau = p->tau;
    double a2 = square - w, a3 = S * (square - 3.0 * w) - at->k3;
    double a4 = square * (square - 6.0 * w) + 3.0 * w * w - 4.0 * S * at->k3 - at->k4;

    a->g.m += e * S;
    a->g.t += e * tau * a2;
    a->g.mm += e * a2;
    a->g.mt += e * tau * a3;
    a->g.tt += e * (a2 + tau * tau * a4);
}

static void add_by_prior(const posterior *p, double z, double e, sums *a)
{
    double square = z * z, tau = p->tau, inverse = 1.0 / (tau * tau);

    a->g.m += e * z / tau;
    a->g.t += e * (square - 1.0) / tau;
    a->g.mm += e * (square - 1.0) * inverse;
    a->g.mt += e * z * (square - 3.0) * inverse;
    a->g.tt += e * (square * (square - 5.0) + 2.0) * inverse;
}

/* Without S0 (1, z0) in the first derivatives: it comes at the end. */
static void add_by_rule(const posterior *p, const mtp_hyper_point *at, double t,
                        double e, sums *a)
{
    const mtp_glmm_frame *f = &p->frame;
    double st = f->s * t, dS = at->score - f->score, w = at->w;
    double z_m = f->z_jet.m + f->s_jet.m * t, z_t = f->z_jet.t + f->s_jet.t * t;
    double eta_m = f->eta_jet.m + f->sigma_jet.m * t;
    double eta_t = f->eta_jet.t + f->sigma_jet.t * t;
    double mm = dS * (f->eta_jet.mm + f->sigma_jet.mm * t) -
                st * (f->z_jet.mm + f->s_jet.mm * t) - w * eta_m * eta_m - z_m * z_m;
    double mt = f->score * z_m + dS * (f->eta_jet.mt + f->sigma_jet.mt * t) -
                st * (f->z_jet.mt + f->s_jet.mt * t) - w * eta_m * eta_t - z_m * z_t;
    double tt = 2.0 * f->score * z_t + dS * (f->eta_jet.tt + f->sigma_jet.tt * t) -
                st * (f->z_jet.tt + f->s_jet.tt * t) - w * eta_t * eta_t - z_t * z_t;
    double m = dS * eta_m - st * z_m, d = dS * eta_t + st * (f->score - z_t);

    a->g.m += e * m;
    a->g.t += e * d;
    a->g.mm += e * (mm + m * m);
    a->g.mt += e * (mt + m * d);
    a->g.tt += e * (tt + d * d);
}

/* Returns what the node adds to the sum of the integrand. */
static double add_node(const posterior *p, double t, double factor, sums *a)
{
    double st = p->frame.s * t, z = p->frame.z + st, e;
    mtp_hyper_point at = p->mode;

    if (t != 0.0) {
        mtp_hyper_at(p->study, p->theta + p->tau * z, &at);
    }
    e = factor * exp(at.log_p - p->mode.log_p - st * (p->frame.z + 0.5 * st));
    if (!(e > 0.0)) {
        return 0.0;
    }
    a->total += e;
    switch (p->way) {
    case BY_LIKELIHOOD:
        add_by_likelihood(p, &at, e, a);
        break;
    case BY_PRIOR:
        add_by_prior(p, z, e, a);
        break;
    case BY_RULE:
        add_by_rule(p, &at, t, e, a);
        break;
    }
    return e;
}

/*
 * The step and where to stop are those of glmm_likelihood.c: the sum over u is a
 * polynomial in exp(eta) with negative roots only, so L is analytic to a distance of
 * pi, as the binomial is. Returns the step.
 */
static double add_trapezoid(const posterior *p, const mtp_glmm_rule *rule, sums *a)
{
    enum { PAIRS_MAX = 1 << 16 };
    double cap = 0.5 / (p->tau * p->frame.s);
    double h = rule->step * (cap < 0.6 ? cap : 0.6);

    add_node(p, 0.0, 1.0, a);
    for (int j = 1; j < PAIRS_MAX; j++) {
        double added = add_node(p, j * h, 1.0, a) + add_node(p, -j * h, 1.0, a);

        if (!(added >= rule->negligible * a->total)) {
            break;
        }
    }
    return h;
}

static double add_hermite(const posterior *p, const mtp_glmm_rule *rule, sums *a)
{
    const double sqrt_2 = 1.41421356237309504880;

    if (rule->centre > 0.0) {
        add_node(p, 0.0, rule->centre, a);
    }
    for (int j = 0; j < rule->pairs; j++) {
        add_node(p, rule->t[j], rule->factor[j], a);
        add_node(p, -rule->t[j], rule->factor[j], a);
    }
    return sqrt_2;
}

static posterior posterior_at(mtp_hyper_study *study, const mtp_glmm_rule *rule,
                              double theta, double tau)
{
    posterior p = {.study = study, .theta = theta, .tau = tau};
    mtp_glmm_frame *f = &p.frame;
    double v = tau * tau;

    find_mode(study, theta, v, rule->nodes > 0 ? 1e-15 : 1e-2, &p.mode);
    f->w = p.mode.w;
    f->s = 1.0 / sqrt(1.0 + v * f->w);
    f->z = (study->eta - theta) / tau;
    f->score = p.mode.score;
    p.way = v * f->w > 1.0 ? BY_PRIOR : BY_LIKELIHOOD;
    if (rule->nodes > 0) {
        p.way = BY_RULE;
        /* z0 = tau S(eta0), from whichever side does not cancel */
        if (v * f->w > 1.0) {
            f->score = f->z / tau;
            p.mode.score = f->score;
        } else {
            f->z = tau * f->score;
        }
        mtp_glmm_frame_jets(tau, p.mode.k3, p.mode.k4, f);
    }
    return p;
}

static void study_likelihood(mtp_hyper_study *study, const mtp_glmm_rule *rule,
                             double theta, double tau, double *loglik, mtp_jet *d)
{
    posterior p = posterior_at(study, rule, theta, tau);
    const mtp_glmm_frame *f = &p.frame;
    sums a = {0};
    double unit =
        rule->nodes > 0 ? add_hermite(&p, rule, &a) : add_trapezoid(&p, rule, &a);
    double m = a.g.m / a.total, t = a.g.t / a.total;

    *loglik = p.mode.log_p - 0.5 * f->z * f->z - mtp_dd_half_log_2pi().hi +
              log(unit * f->s * a.total);
    *d = (mtp_jet){m, t, a.g.mm / a.total - m * m, a.g.mt / a.total - m * t,
                   a.g.tt / a.total - t * t};
    if (p.way == BY_RULE) {
        d->m += f->score + f->log_s_jet.m;
        d->t += f->score * f->z + f->log_s_jet.t;
        d->mm += f->log_s_jet.mm;
        d->mt += f->log_s_jet.mt;
        d->tt += f->log_s_jet.tt;
    }
}

void mtp_hyper_evaluate(void *of, const mtp_glmm_rule *rule, mtp_glmm_value *value)
{
    mtp_hyper_sample *sample = of;
    mtp_dd loglik = {0.0, 0.0}, m = loglik, t = loglik;
    mtp_jet second = {0};

    for (size_t i = 0; i < sample->count; i++) {
        mtp_hyper_study *study = &sample->study[i];
        double l;
        mtp_jet d;

        study_likelihood(study, rule, value->beta[0], value->tau, &l, &d);
        loglik = mtp_dd_add(loglik, mtp_dd_two_prod(study->times, l));
        m = mtp_dd_add(m, mtp_dd_two_prod(study->times, d.m));
        t = mtp_dd_add(t, mtp_dd_two_prod(study->times, d.t));
        second.mm += study->times * d.mm;
        second.mt += study->times * d.mt;
        second.tt += study->times * d.tt;
    }
    value->loglik = mtp_dd_to(loglik);
    value->gradient[0] = mtp_dd_to(m);
    value->gradient[1] = mtp_dd_to(t);
    value->hessian[0] = second.mm;
    value->hessian[1] = value->hessian[2] = second.mt;
    value->hessian[3] = second.tt;
}
