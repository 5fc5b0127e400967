/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_internal.h"

#include <math.h>

/*
 * The conditional mode eta0 solves f(eta) = eta - mu - v S(eta) = 0. f increases
 * (f' = 1 + v w), so there is one root. Once it is known, its derivatives follow by
 * implicit differentiation; dw / d eta = w r and d2w / d eta2 = w (r^2 - 2 p q) with
 * r = q - p. For the Poisson model p = 0 and q = 1 make the same formulas hold.
 */

/* x - E(x) is formed from the rarer of event and non-event. */
mtp_glmm_predictor mtp_glmm_predictor_at(mtp_glmm_kind kind,
                                         const mtp_glmm_study *study, double eta)
{
    mtp_glmm_predictor at;
    double e, rare;

    if (kind == MTP_GLMM_POISSON) {
        double rate = exp(eta), mean = study->m * rate;

        return (mtp_glmm_predictor){0.0, 1.0, mean, study->x - mean, mean, rate};
    }
    e = exp(-fabs(eta));
    rare = e / (1.0 + e);
    at.p = eta > 0.0 ? 1.0 / (1.0 + e) : rare;
    at.q = eta > 0.0 ? rare : 1.0 / (1.0 + e);
    at.rate = at.p;
    at.w = study->m * at.p * at.q;
    at.mean = study->m * rare;
    at.score = eta > 0.0 ? at.mean - study->y : study->x - at.mean;
    return at;
}

/*
 * Halley's method inside the bracket that the signs of f give; where it leaves the
 * bracket, bisection. It is cubic: after a step of 1e-6 the next would be below the
 * last bit.
 */
static double mode_search(mtp_glmm_kind kind, const mtp_glmm_study *study, double mu,
                          double v)
{
    enum { STEPS_MAX = 500 };
    const double last_step = 1e-6;
    double lower = -(double)INFINITY, upper = (double)INFINITY, eta = study->eta;

    for (int i = 0; i < STEPS_MAX; i++) {
        mtp_glmm_predictor at = mtp_glmm_predictor_at(kind, study, eta);
        double f = eta - mu - v * at.score;
        double slope = 1.0 + v * at.w;
        double bend = 0.5 * f * v * at.w * (at.q - at.p) / (slope * slope);
        double step = -f / slope;
        double next;

        if (f > 0.0) {
            upper = eta;
        } else {
            lower = eta;
        }
        next = eta + (fabs(bend) <= 0.5 ? step / (1.0 - bend) : step);
        if (f == 0.0 || fabs(next - eta) <= last_step) {
            return next;
        }
        if (!(next > lower && next < upper)) {
            next = 0.5 * (fmax(lower, -1e300) + fmin(upper, 1e300));
        }
        eta = next;
    }
    return eta;
}

/* d eta0: eta_ab = R (v_ab S - w (v_a eta_b + v_b eta_a) - v w' eta_a eta_b), with
 * R = 1 / (1 + v w), v_t = 2 tau, v_tt = 2. */
static mtp_jet mode_jet(double tau, const mtp_glmm_frame *f, double w1)
{
    double v = tau * tau;
    double R = f->s * f->s;
    mtp_jet d;

    d.m = R;
    d.t = 2.0 * f->z * R;
    d.mm = -R * v * w1 * d.m * d.m;
    d.mt = -R * (2.0 * tau * f->w * d.m + v * w1 * d.m * d.t);
    d.tt = R * (2.0 * f->score - 4.0 * tau * f->w * d.t - v * w1 * d.t * d.t);
    return d;
}

/* z0 = tau S(eta0). */
static mtp_jet z_jet(double tau, const mtp_glmm_frame *f, double w1)
{
    const mtp_jet *e = &f->eta_jet;
    mtp_jet d;

    d.m = -tau * f->w * e->m;
    d.t = f->score - tau * f->w * e->t;
    d.mm = -tau * (w1 * e->m * e->m + f->w * e->mm);
    d.mt = -f->w * e->m - tau * (w1 * e->m * e->t + f->w * e->mt);
    d.tt = -2.0 * f->w * e->t - tau * (w1 * e->t * e->t + f->w * e->tt);
    return d;
}

/* log s = -log(u) / 2, u = 1 + v w(eta0). */
static mtp_jet log_s_jet(double tau, const mtp_glmm_frame *f, double w1, double w2)
{
    const mtp_jet *e = &f->eta_jet;
    double v = tau * tau;
    double h = 0.5 * f->s * f->s;
    mtp_jet u, d;

    u.m = v * w1 * e->m;
    u.t = 2.0 * tau * f->w + v * w1 * e->t;
    u.mm = v * (w2 * e->m * e->m + w1 * e->mm);
    u.mt = 2.0 * tau * w1 * e->m + v * (w2 * e->m * e->t + w1 * e->mt);
    u.tt = 2.0 * f->w + 4.0 * tau * w1 * e->t + v * (w2 * e->t * e->t + w1 * e->tt);
    d.m = -h * u.m;
    d.t = -h * u.t;
    d.mm = -h * u.mm + 2.0 * d.m * d.m;
    d.mt = -h * u.mt + 2.0 * d.m * d.t;
    d.tt = -h * u.tt + 2.0 * d.t * d.t;
    return d;
}

/* s = exp(log s), and sigma = tau s. */
static void scale_jets(double tau, mtp_glmm_frame *f)
{
    const mtp_jet *g = &f->log_s_jet;
    double s = f->s;
    mtp_jet d = {s * g->m, s * g->t, s * (g->mm + g->m * g->m),
                 s * (g->mt + g->m * g->t), s * (g->tt + g->t * g->t)};

    f->s_jet = d;
    f->sigma_jet = (mtp_jet){tau * d.m, s + tau * d.t, tau * d.mm, d.m + tau * d.mt,
                             2.0 * d.t + tau * d.tt};
}

void mtp_glmm_frame_jets(double tau, double w1, double w2, mtp_glmm_frame *frame)
{
    frame->eta_jet = mode_jet(tau, frame, w1);
    frame->z_jet = z_jet(tau, frame, w1);
    frame->log_s_jet = log_s_jet(tau, frame, w1, w2);
    scale_jets(tau, frame);
}

void mtp_glmm_frame_at(mtp_glmm_kind kind, mtp_glmm_study *study, double mu, double tau,
                       mtp_glmm_frame *frame)
{
    double v = tau * tau;
    mtp_glmm_predictor at;
    double r;

    study->eta = mode_search(kind, study, mu, v);
    at = mtp_glmm_predictor_at(kind, study, study->eta);
    frame->p = at.p;
    frame->q = at.q;
    frame->w = at.w;
    frame->mean = at.mean;
    frame->s = 1.0 / sqrt(1.0 + v * at.w);
    /* z0 and S from whichever side of eta0 = mu + v S does not cancel */
    if (v * at.w > 1.0) {
        frame->z = (study->eta - mu) / tau;
        frame->score = frame->z / tau;
    } else {
        frame->score = at.score;
        frame->z = tau * at.score;
    }
    frame->rate = at.rate;
    r = at.q - at.p;
    mtp_glmm_frame_jets(tau, at.w * r, at.w * (r * r - 2.0 * at.p * at.q), frame);
}
