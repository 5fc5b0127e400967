/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_internal.h"
#include "num/logdd.h"

#include <math.h>
#include <string.h>

/*
 * A study's marginal likelihood is an integral over z ~ N(0, 1). About the conditional
 * mode z0, with d = tau (z - z0), the integrand is
 *
 *   P(x | eta0) phi(z0) exp(-K(d) - (z - z0)^2 / 2),
 *   K(d) = m log(q + p e^d) - m p d  (binomial),  E (e^d - 1 - d)  (Poisson, mean E),
 *
 * because S(eta0) (z - z0) tau = z0 (z - z0) at the mode: K, the cumulant generating
 * function of x at the mode without its linear term, is >= 0, so nothing large cancels
 * however many patients there are. Quadrature nodes z0 + s t, with z0 and s functions
 * of (mu, tau), are differentiated exactly: with g = log of the integrand at a node,
 *
 *   F_a  = (log s)_a + E(g_a),   F_ab = (log s)_ab + E(g_ab) + Cov(g_a, g_b)
 *
 * over the nodes' normalised weights. Writing tau_a = (0, 1), mu_a = (1, 0) and
 * dS = S(eta) - S(eta0), the condition z0 = tau S(eta0) turns the derivatives into
 *
 *   g_a  = S0 (mu_a + tau_a z) - s t z_a + dS eta_a
 *   g_ab = S0 (tau_a z_b + tau_b z_a) - s t z_ab + dS eta_ab - w eta_a eta_b - z_a z_b.
 *
 * Sources: Pinheiro & Bates (1995), doi:10.1080/10618600.1995.10474663 (nodes that
 * follow mode and scale); Trefethen & Weideman (2014), SIAM Rev 56:385-458,
 * doi:10.1137/130932132 (the trapezoidal rule converges geometrically).
 */

static const double sqrt_2 = 1.41421356237309504880;

/* Sums over nodes of e, e g_a, e (g_ab + g_a g_b); g_a without S0 (1, z0). */
typedef struct sums {
    double total;
    mtp_jet g;
} sums;

void mtp_glmm_rule_init(mtp_glmm_rule *rule, int nodes)
{
    double x[MTP_HERMITE_MAX], weight[MTP_HERMITE_MAX], log_weight[MTP_HERMITE_MAX];

    rule->nodes = nodes;
    rule->slopes_only = false;
    rule->step = 1.0;
    rule->negligible = 1e-20;
    rule->pairs = nodes / 2;
    rule->centre = nodes > 0 ? 0.0 : 1.0;
    if (nodes > 0) {
        mtp_gauss_hermite(nodes, x, weight, log_weight);
    }
    for (int i = 0; i < rule->pairs; i++) {
        int at = nodes - rule->pairs + i; /* the positive half */

        rule->t[i] = sqrt_2 * x[at];
        rule->factor[i] = exp(log_weight[at]);
    }
    if (nodes % 2 == 1) {
        rule->centre = exp(log_weight[nodes / 2]);
    }
}

/* One node's part of everything but the first derivatives, which it leaves in g_m and
 * g_t. */
static inline void add_second(const mtp_glmm_frame *f, double t, double e, double dS,
                              double w, double *g_m, double *g_t, sums *a)
{
    double st = f->s * t;
    double z_m = f->z_jet.m + f->s_jet.m * t;
    double z_t = f->z_jet.t + f->s_jet.t * t;
    double eta_m = f->eta_jet.m + f->sigma_jet.m * t;
    double eta_t = f->eta_jet.t + f->sigma_jet.t * t;
    double mm = dS * (f->eta_jet.mm + f->sigma_jet.mm * t) -
                st * (f->z_jet.mm + f->s_jet.mm * t) - w * eta_m * eta_m - z_m * z_m;
    double mt = f->score * z_m + dS * (f->eta_jet.mt + f->sigma_jet.mt * t) -
                st * (f->z_jet.mt + f->s_jet.mt * t) - w * eta_m * eta_t - z_m * z_t;
    double tt = 2.0 * f->score * z_t + dS * (f->eta_jet.tt + f->sigma_jet.tt * t) -
                st * (f->z_jet.tt + f->s_jet.tt * t) - w * eta_t * eta_t - z_t * z_t;
    double m = dS * eta_m - st * z_m;
    double d = dS * eta_t + st * (f->score - z_t);

    a->total += e;
    a->g.mm += e * (mm + m * m);
    a->g.mt += e * (mt + m * d);
    a->g.tt += e * (tt + d * d);
    *g_m = m;
    *g_t = d;
}

static inline void add_node(const mtp_glmm_frame *f, double t, double e, double dS,
                            double w, sums *a)
{
    double g_m, g_t;

    /* An integrand of 0 adds nothing, but dS may have overflowed there. */
    if (e > 0.0) {
        add_second(f, t, e, dS, w, &g_m, &g_t, a);
        a->g.m += e * g_m;
        a->g.t += e * g_t;
    }
}

/* What the two nodes of a pair share: d = tau s t, e1 = e^d - 1, e2 = 1 - e^-d. */
typedef struct pair {
    double t, d, e1, e2;
    double factor; /* quadrature weight */
    double square; /* (s t)^2 / 2 */
} pair;

/*
 * Near the mode K = even(d) + odd(d), both without cancellation (T = tanh(d / 2)):
 *   even = m log(1 + 4 p q sinh^2(d / 2)) / 2
 *   odd  = 4 w r T^3 sum_{j >= 1} c_j T^(2j - 2) / (2j + 1),  c_j = sum_{i < j} r^2i
 * and dS = -(w r G / 2 + w sinh d) / D with G = 4 sinh^2(d / 2), D = 1 + p q G. Small
 * tau leaves a gradient that is all in the odd parts: they are summed on their own.
 */
static inline double add_close_pair(mtp_glmm_kind kind, double m,
                                    const mtp_glmm_frame *f, const pair *n, sums *a)
{
    double r = f->q - f->p, c = f->p * f->q, t = n->t;
    double G = n->e1 * n->e2, sinh_d = 0.5 * (n->e1 + n->e2);
    double D = 1.0 + c * G;
    double even = kind == MTP_GLMM_POISSON ? 0.5 * f->mean * G : 0.5 * m * log1p(c * G);
    double T = n->e1 / (n->e1 + 2.0), T2 = T * T;
    double odd = 0.0, power = 1.0, c_j = 1.0;
    double e_minus, e_plus, difference, S_even, S_odd, w_even, w_odd, g_m, g_t;

    for (int j = 1; power > 1e-18; j++) {
        odd += c_j * power / (2 * j + 1);
        power *= T2;
        c_j = 1.0 + r * r * c_j;
    }
    odd *= 4.0 * f->w * r * T * T2;
    e_plus = n->factor * exp(-(even + odd + n->square));
    difference = -e_plus * expm1(2.0 * odd); /* e_plus - e_minus */
    e_minus = e_plus - difference;
    S_even = -0.5 * f->w * r * G / D;
    S_odd = -f->w * sinh_d / D;
    w_even = f->w * (1.0 + G * (0.5 - c)) / (D * D);
    w_odd = f->w * r * sinh_d / (D * D);
    add_second(f, t, e_plus, S_even + S_odd, w_even + w_odd, &g_m, &g_t, a);
    add_second(f, -t, e_minus, S_even - S_odd, w_even - w_odd, &g_m, &g_t, a);
    a->g.m += (e_plus + e_minus) * (S_even * f->eta_jet.m + S_odd * f->sigma_jet.m * t -
                                    f->s * f->s_jet.m * t * t);
    a->g.m += difference * (S_even * f->sigma_jet.m * t + S_odd * f->eta_jet.m -
                            f->s * f->z_jet.m * t);
    a->g.t += (e_plus + e_minus) * (S_even * f->eta_jet.t + S_odd * f->sigma_jet.t * t -
                                    f->s * f->s_jet.t * t * t);
    a->g.t += difference * (S_even * f->sigma_jet.t * t + S_odd * f->eta_jet.t +
                            f->s * (f->score - f->z_jet.t) * t);
    return e_plus + e_minus;
}

/* Far from the mode the two nodes stand alone. K is formed from the rarer of event and
 * non-event, towards which `up` looks. */
static inline double add_far_pair(mtp_glmm_kind kind, double m, const mtp_glmm_frame *f,
                                  const pair *n, sums *a)
{
    bool flip = f->p > f->q;
    double rare = flip ? f->q : f->p;
    double plus = 1.0 + f->p * n->e1, minus = 1.0 + f->q * n->e1;
    double up, down, e_plus, e_minus;

    if (kind == MTP_GLMM_POISSON) {
        up = f->mean * (n->e1 - n->d);
        down = f->mean * (n->d - n->e2);
    } else {
        up = m * (log1p(rare * n->e1) - rare * n->d);
        down = m * (log1p(-rare * n->e2) + rare * n->d);
    }
    e_plus = n->factor * exp(-((flip ? down : up) + n->square));
    e_minus = n->factor * exp(-((flip ? up : down) + n->square));
    add_node(f, n->t, e_plus, -f->w * (n->e1 / plus),
             f->w * ((1.0 + n->e1) / plus) / plus, a);
    add_node(f, -n->t, e_minus, f->w * (n->e1 / minus),
             f->w * ((1.0 + n->e1) / minus) / minus, a);
    return e_plus + e_minus;
}

/* Returns what the pair adds to the sum of the integrand. */
static double add_pair(mtp_glmm_kind kind, double m, const mtp_glmm_frame *f,
                       double tau, double t, double factor, sums *a)
{
    const double close = 0.35;  /* below: the series of K's odd part; about 12 terms */
    const double d_max = 700.0; /* e^d stays finite; the integrand is 0 long before */
    double st = f->s * t;
    pair n = {.t = t, .d = tau * st, .factor = factor, .square = 0.5 * st * st};

    n.d = n.d < d_max ? n.d : d_max;
    n.e1 = expm1(n.d);
    n.e2 = n.e1 / (1.0 + n.e1);
    return n.d < close ? add_close_pair(kind, m, f, &n, a)
                       : add_far_pair(kind, m, f, &n, a);
}

/*
 * The trapezoidal rule. Its error falls like exp(-2 pi^2 / h^2) for a normal integrand
 * of scale 1 and like exp(-pi^2 / (sigma h)) for the likelihood's tails on the scale of
 * eta, so the step keeps to both. The integrand is log-concave: beyond the pair that
 * adds nothing any more there is nothing. Returns the step.
 */
static double add_trapezoid(mtp_glmm_kind kind, double m, const mtp_glmm_frame *f,
                            double tau, const mtp_glmm_rule *rule, sums *a)
{
    enum { PAIRS_MAX = 1 << 20 };
    double cap = 0.5 / (tau * f->s);
    double h = rule->step * (cap < 0.6 ? cap : 0.6);

    for (int j = 1; j < PAIRS_MAX; j++) {
        double added = add_pair(kind, m, f, tau, j * h, 1.0, a);

        if (!(added >= rule->negligible * a->total)) {
            break; /* also when it is NaN */
        }
    }
    return h;
}

static double add_hermite(mtp_glmm_kind kind, double m, const mtp_glmm_frame *f,
                          double tau, const mtp_glmm_rule *rule, sums *a)
{
    for (int j = 0; j < rule->pairs; j++) {
        (void)add_pair(kind, m, f, tau, rule->t[j], rule->factor[j], a);
    }
    return sqrt_2;
}

static void study_likelihood(mtp_glmm_kind kind, mtp_glmm_study *study,
                             const mtp_glmm_rule *rule, double mu, double tau,
                             double *loglik, mtp_jet *d)
{
    mtp_glmm_frame f;
    sums a = {0};
    double unit, m, t;

    mtp_glmm_frame_at(kind, study, mu, tau, &f);
    add_node(&f, 0.0, rule->centre, 0.0, f.w, &a);
    unit = rule->nodes > 0 ? add_hermite(kind, study->m, &f, tau, rule, &a)
                           : add_trapezoid(kind, study->m, &f, tau, rule, &a);
    m = a.g.m / a.total;
    t = a.g.t / a.total;
    if (!rule->slopes_only) {
        *loglik =
            study->saturated - mtp_glmm_deviance(kind, study, f.rate, f.q, f.score) -
            0.5 * f.z * f.z - mtp_dd_half_log_2pi().hi + log(unit * f.s * a.total);
    }
    d->m = f.score + (f.log_s_jet.m + m);
    d->t = f.score * f.z + (f.log_s_jet.t + t);
    d->mm = f.log_s_jet.mm + (a.g.mm / a.total - m * m);
    d->mt = f.log_s_jet.mt + (a.g.mt / a.total - m * t);
    d->tt = f.log_s_jet.tt + (a.g.tt / a.total - t * t);
}

/* Add a study's part to the gradient's sums and the Hessian's lower triangle. */
static void add_study(const mtp_glmm_sample *sample, const mtp_glmm_study *study,
                      const mtp_jet *d, double *hessian)
{
    size_t p = sample->p;
    double *last = hessian + p * (p + 1);

    for (size_t i = 0; i < p; i++) {
        double part = study->times * study->row[i];
        double *row = hessian + i * (p + 1);

        sample->sum[i] = mtp_dd_add(sample->sum[i], mtp_dd_two_prod(part, d->m));
        for (size_t j = 0; j <= i; j++) {
            row[j] += part * study->row[j] * d->mm;
        }
        last[i] += part * d->mt;
    }
    sample->sum[p] = mtp_dd_add(sample->sum[p], mtp_dd_two_prod(study->times, d->t));
    last[p] += study->times * d->tt;
}

static double mean_of(const mtp_glmm_study *study, size_t p, const double *beta)
{
    double mu = study->offset;

    for (size_t i = 0; i < p; i++) {
        mu += study->row[i] * beta[i];
    }
    return mu;
}

void mtp_glmm_evaluate(void *of, const mtp_glmm_rule *rule, mtp_glmm_value *value)
{
    mtp_glmm_sample *sample = of;
    size_t n = sample->p + 1;
    mtp_dd loglik = {0.0, 0.0};

    memset(sample->sum, 0, n * sizeof *sample->sum);
    memset(value->hessian, 0, n * n * sizeof *value->hessian);
    for (size_t i = 0; i < sample->count; i++) {
        mtp_glmm_study *study = &sample->study[i];
        double l = 0.0;
        mtp_jet d;

        study_likelihood(sample->kind, study, rule,
                         mean_of(study, sample->p, value->beta), value->tau, &l, &d);
        loglik = mtp_dd_add(loglik, mtp_dd_two_prod(study->times, l));
        add_study(sample, study, &d, value->hessian);
    }
    value->loglik = mtp_dd_to(loglik);
    for (size_t i = 0; i < n; i++) {
        value->gradient[i] = mtp_dd_to(sample->sum[i]);
        for (size_t j = 0; j < i; j++) {
            value->hessian[j * n + i] = value->hessian[i * n + j];
        }
    }
}
