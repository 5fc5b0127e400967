/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_pair.h"
#include "num/logdd.h"

#include <math.h>

/*
 * The integral L of P = P1(eta_1) P2(eta_2) over the random effects obeys the heat
 * equation: with D_a, D_t derivatives along the mean of the predictors and along their
 * difference (theta, where c = d),
 *
 *   dL / d sigma2 = D_a^2 L / 2,   dL / d tau2 = D_t^2 L / 2.
 *
 * Every derivative that Newton's method needs is one of the moments
 *
 *   M_ij = D_a^i D_t^j L / L,  i + j <= 4,
 *
 * and these are means over the posterior of the random effects: of D_a^i D_t^j P / P,
 * polynomials in the derivatives of log P1 and log P2. They stay good however small the
 * variances are, 0 included. Integration by parts moves the derivatives along one
 * direction to its normal density, where they are Hermite polynomials, He_i(z1) /
 * sigma^i and He_j(z2) / tau^j: good where a study knows its effect better than the
 * others do, when the polynomials of P cancel. Each study takes what suits it.
 *
 * The trapezoidal rule in t, z = z0 + C t with C C' the posterior's covariance at the
 * mode, and C such that eta_1 depends on the first t alone. Its error falls like
 * exp(-2 pi^2 / h^2) for a normal integrand and like exp(-pi^2 / (k h)) for the
 * likelihood's tails, k = d eta / dt, so the step keeps to both. The integrand is log-
 * concave: from the pair that falls to nothing there is nothing more.
 * Source: Trefethen & Weideman (2014), SIAM Rev 56:385-458, doi:10.1137/130932132.
 */

enum { ORDER = 4, SIDE = ORDER + 1, STEPS_MAX = 1 << 20 };

typedef struct walk {
    mtp_glmm_kind kind;
    const mtp_pair *pair;
    const mtp_pair_frame *frame;
    double negligible;
    bool polynomial[2]; /* Hermite along study, group */
    double scale[2];    /* 1 / sigma, 1 / tau */
    double C[2][2];     /* dz / dt */
    double k[2][2];     /* d eta / dt */
    double left[2];     /* d log integrand / dt at the mode */
    double h[2];        /* steps */
    double total;
    /* sums of e r_n(1) r_m(2), or of e f_i g_j */
    double sum[SIDE][SIDE];
} walk;

/* P^(n) / P from the derivatives of log P. */
static inline void ratios(const mtp_arm_node *n, double r[SIDE])
{
    double s = n->l1, s2 = s * s;

    r[0] = 1.0;
    r[1] = s;
    r[2] = s2 + n->l2;
    r[3] = s * (s2 + 3.0 * n->l2) + n->l3;
    r[4] = s2 * (s2 + 6.0 * n->l2) + 4.0 * s * n->l3 + 3.0 * n->l2 * n->l2 + n->l4;
}

static inline void hermite(double z, double scale, double f[SIDE])
{
    double z2 = z * z, s2 = scale * scale;

    f[0] = 1.0;
    f[1] = z * scale;
    f[2] = (z2 - 1.0) * s2;
    f[3] = z * (z2 - 3.0) * s2 * scale;
    f[4] = (z2 * (z2 - 6.0) + 3.0) * s2 * s2;
}

/* (D1 + D2)^i P / P, or ((D1 - D2) / 2)^i P / P. */
static inline void along(const double r1[SIDE], const double r2[SIDE], double sign,
                         double f[SIDE])
{
    double part = sign > 0.0 ? 1.0 : 0.5, p2 = part * part;

    f[0] = 1.0;
    f[1] = part * (r1[1] + sign * r2[1]);
    f[2] = p2 * (r1[2] + r2[2] + 2.0 * sign * r1[1] * r2[1]);
    f[3] = p2 * part *
           (r1[3] + sign * r2[3] + 3.0 * (sign * r1[2] * r2[1] + r1[1] * r2[2]));
    f[4] = p2 * p2 *
           (r1[4] + r2[4] + 4.0 * sign * (r1[3] * r2[1] + r1[1] * r2[3]) +
            6.0 * r1[2] * r2[2]);
}

static void add_node(walk *w, double e, const double z[2], const double r1[SIDE],
                     const double r2[SIDE])
{
    double f[SIDE], g[SIDE];

    w->total += e;
    if (!w->polynomial[0] && !w->polynomial[1]) {
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; i + j < SIDE; j++) {
                w->sum[i][j] += e * r1[i] * r2[j];
            }
        }
        return;
    }
    if (w->polynomial[0]) {
        hermite(z[0], w->scale[0], f);
    } else {
        along(r1, r2, 1.0, f);
    }
    if (w->polynomial[1]) {
        hermite(z[1], w->scale[1], g);
    } else {
        along(r1, r2, -1.0, g);
    }
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; i + j < SIDE; j++) {
            w->sum[i][j] += e * f[i] * g[j];
        }
    }
}

/* The integrand at t, which it adds; a row has its group 1 in common. */
static double visit(walk *w, const double t[2], const mtp_arm_node *one,
                    const double r1[SIDE])
{
    const mtp_pair_frame *f = w->frame;
    double z[2] = {0.0, 0.0}, r2[SIDE], square = 0.0, tilt = 0.0, d = 0.0, e;
    mtp_arm_node two;

    for (int r = 0; r < f->effects; r++) {
        double off = w->C[r][0] * t[0] + (f->effects > 1 ? w->C[r][1] * t[1] : 0.0);

        z[f->part[r]] = f->z[r] + off;
        square += off * off;
        tilt += w->left[r] * t[r];
        d += w->k[1][r] * t[r];
    }
    mtp_arm_node_at(w->kind, w->pair->arm[1].m, &f->p[1], d, &two);
    e = exp(-(one->K + two.K + 0.5 * square - tilt));
    if (e > 0.0) {
        ratios(&two, r2);
        add_node(w, e, z, r1, r2);
    }
    return e;
}

/* All nodes with this first t; returns their sum. */
static double add_row(walk *w, double t0)
{
    mtp_arm_node one;
    double r1[SIDE], t[2] = {t0, 0.0}, row;

    mtp_arm_node_at(w->kind, w->pair->arm[0].m, &w->frame->p[0], w->k[0][0] * t0, &one);
    ratios(&one, r1);
    row = visit(w, t, &one, r1);
    if (w->frame->effects < 2) {
        return row;
    }
    for (int side = -1; side <= 1; side += 2) {
        double last = 0.0;

        for (int j = 1; j < STEPS_MAX; j++) {
            double e;

            t[1] = side * j * w->h[1];
            e = visit(w, t, &one, r1);
            row += e;
            if (!(e >= w->negligible * w->total || e > last)) {
                break;
            }
            last = e;
        }
    }
    return row;
}

static void add_all(walk *w)
{
    (void)add_row(w, 0.0);
    for (int side = -1; side <= 1 && w->frame->effects > 0; side += 2) {
        double last = 0.0;

        for (int j = 1; j < STEPS_MAX; j++) {
            double row = add_row(w, side * j * w->h[0]);

            if (!(row >= w->negligible * w->total || row > last)) {
                break;
            }
            last = row;
        }
    }
}

/* C with C C' = h^-1, turned so that group 1 depends on the first t alone. */
static void set_axes(walk *w, const mtp_glmm_rule *rule)
{
    const mtp_pair_frame *f = w->frame;
    /* the first step is good to about 9 digits, any shorter one to the last */
    double step = rule->step < 1.0 ? 0.42 : fmin(rule->step, 1.4);

    if (f->effects == 1) {
        w->C[0][0] = 1.0 / sqrt(f->h[0][0]);
    } else if (f->effects == 2) {
        double l11 = sqrt(f->h[0][0]), l21 = f->h[1][0] / l11;
        double l22 = sqrt(f->h[1][1] - l21 * l21);
        const double U[2][2] = {{1.0 / l11, -l21 / (l11 * l22)}, {0.0, 1.0 / l22}};
        double g0 = f->e[0][0] * U[0][0];
        double g1 = f->e[0][0] * U[0][1] + f->e[0][1] * U[1][1];
        double norm = hypot(g0, g1), co = g0 / norm, si = g1 / norm;

        for (int r = 0; r < 2; r++) {
            w->C[r][0] = U[r][0] * co + U[r][1] * si;
            w->C[r][1] = -U[r][0] * si + U[r][1] * co;
        }
    }
    for (int c = 0; c < f->effects; c++) {
        double steepest = 0.0;

        w->left[c] = 0.0;
        for (int j = 0; j < 2; j++) {
            w->k[j][c] = 0.0;
            for (int r = 0; r < f->effects; r++) {
                w->k[j][c] += f->e[j][r] * w->C[r][c];
            }
            steepest = fmax(steepest, fabs(w->k[j][c]));
        }
        for (int r = 0; r < f->effects; r++) {
            w->left[c] += f->left[r] * w->C[r][c];
        }
        w->h[c] = step * fmin(0.85, 0.5 / steepest);
    }
}

/* The coefficient of D1^n D2^(i+j-n) in (D1 + D2)^i ((D1 - D2) / 2)^j. */
static void expand(int i, int j, double coefficient[SIDE])
{
    coefficient[0] = 1.0;
    for (int n = 1; n < SIDE; n++) {
        coefficient[n] = 0.0;
    }
    for (int step = 0; step < i + j; step++) {
        double own = step < i ? 1.0 : 0.5, other = step < i ? 1.0 : -0.5;

        for (int n = step + 1; n > 0; n--) {
            coefficient[n] = other * coefficient[n] + own * coefficient[n - 1];
        }
        coefficient[0] *= other;
    }
}

static void moments_of(const walk *w, double M[SIDE][SIDE])
{
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; i + j < SIDE; j++) {
            double coefficient[SIDE], sum = 0.0;

            if (w->polynomial[0] || w->polynomial[1]) {
                sum = w->sum[i][j];
            } else {
                expand(i, j, coefficient);
                for (int n = 0; n <= i + j; n++) {
                    sum += coefficient[n] * w->sum[n][i + j - n];
                }
            }
            M[i][j] = sum / w->total;
        }
    }
}

/* Derivatives along (a, theta, sigma2, tau2), then along sigma and tau. */
static void derivatives(double M[SIDE][SIDE], const double at[MTP_PAIR_PARTS],
                        mtp_pair_value *value)
{
    enum { A = MTP_PAIR_A, THETA, SIGMA, TAU };
    const double by[MTP_PAIR_PARTS] = {1.0, 1.0, 2.0 * at[SIGMA], 2.0 * at[TAU]};
    double *g = value->gradient;
    double(*H)[MTP_PAIR_PARTS] = value->hessian;

    g[A] = M[1][0];
    g[THETA] = M[0][1];
    g[SIGMA] = value->slope_sigma2 = 0.5 * M[2][0];
    g[TAU] = value->slope_tau2 = 0.5 * M[0][2];
    H[A][A] = M[2][0];
    H[A][THETA] = M[1][1];
    H[A][SIGMA] = 0.5 * M[3][0];
    H[A][TAU] = 0.5 * M[1][2];
    H[THETA][THETA] = M[0][2];
    H[THETA][SIGMA] = 0.5 * M[2][1];
    H[THETA][TAU] = 0.5 * M[0][3];
    H[SIGMA][SIGMA] = 0.25 * M[4][0];
    H[SIGMA][TAU] = 0.25 * M[2][2];
    H[TAU][TAU] = 0.25 * M[0][4];
    for (int i = 0; i < MTP_PAIR_PARTS; i++) {
        for (int j = i; j < MTP_PAIR_PARTS; j++) {
            H[i][j] = H[j][i] = by[i] * by[j] * (H[i][j] - g[i] * g[j]);
        }
    }
    H[SIGMA][SIGMA] += 2.0 * g[SIGMA];
    H[TAU][TAU] += 2.0 * g[TAU];
    g[SIGMA] *= by[SIGMA];
    g[TAU] *= by[TAU];
}

/* c = (1, 0) is d with a + theta / 2 for a. */
static void turn(const double c[2], mtp_pair_value *value)
{
    double shift = 0.5 * (c[0] + c[1]);
    double(*H)[MTP_PAIR_PARTS] = value->hessian;

    value->gradient[MTP_PAIR_THETA] += shift * value->gradient[MTP_PAIR_A];
    for (int i = 0; i < MTP_PAIR_PARTS; i++) {
        H[MTP_PAIR_THETA][i] += shift * H[MTP_PAIR_A][i];
    }
    for (int i = 0; i < MTP_PAIR_PARTS; i++) {
        H[i][MTP_PAIR_THETA] += shift * H[i][MTP_PAIR_A];
    }
}

void mtp_pair_integral(mtp_glmm_kind kind, mtp_pair *pair, const double c[2],
                       const mtp_glmm_rule *rule, const double at[MTP_PAIR_PARTS],
                       mtp_pair_value *value)
{
    mtp_pair_frame f;
    walk w = {.kind = kind,
              .pair = pair,
              .frame = &f,
              .negligible = fmax(rule->negligible, 1e-18)};
    double sigma = at[MTP_PAIR_SIGMA], tau = at[MTP_PAIR_TAU];
    double M[SIDE][SIDE], information;

    mtp_pair_frame_at(kind, pair, c, at, &f);
    information = f.p[0].w + f.p[1].w;
    w.polynomial[0] = sigma * sigma * information > 1.0;
    w.polynomial[1] = 0.25 * tau * tau * information > 1.0;
    w.scale[0] = 1.0 / sigma;
    w.scale[1] = 1.0 / tau;
    set_axes(&w, rule);
    add_all(&w);
    moments_of(&w, M);
    derivatives(M, at, value);
    turn(c, value);
    value->loglik = mtp_pair_peak(kind, pair, &f) + log(w.total);
    for (int r = 0; r < f.effects; r++) {
        value->loglik += log(w.h[r]) - mtp_dd_half_log_2pi().hi;
    }
    if (f.effects == 1) {
        value->loglik += log(w.C[0][0]);
    } else if (f.effects == 2) {
        value->loglik += log(fabs(w.C[0][0] * w.C[1][1] - w.C[0][1] * w.C[1][0]));
    }
}
