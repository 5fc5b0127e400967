/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Of one study, with m its mean, t = tau2, e = y - m, S = s^2 / (1 - c^2 rho^2):
 *   w = t + S,  d = t + G, G = S (1 - rho^2),  R = rho sqrt(S)
 *   v = N / sqrt(w d),  N = u w + R e
 *   log f = -log(2 pi w) / 2 - e^2 / (2 w) - log Phi(u) + log Phi(v).
 * v is that of copas.h with 1 - r^2 = d / w, so that nothing cancels as rho nears 1.
 * Below, 1 and 2 after a name that depends on rho alone are its derivatives; L is the
 * logarithm of 1 / sqrt(w d).
 */
#include "bias/copas_likelihood.h"

#include "num/sides.h"

#include <math.h>
#include <string.h>

static const double LOG_2PI = 1.83787706640934548356065947281;
static const double SQRT_HALF = 0.707106781186547524400844362105;

/* From here down Phi is phi times a fraction: erfc loses digits far out, and ends. */
static const double FAR_OUT = -5.0;

void mtp_copas_normal(double z, double *log_p, double *lambda)
{
    double log_density = -0.5 * (z * z + LOG_2PI);

    if (z < FAR_OUT) {
        double mills = mtp_mills_ratio(-z);

        *log_p = log_density + log(mills);
        *lambda = 1.0 / mills;
    } else {
        double tail = 0.5 * erfc(fabs(z) * SQRT_HALF);

        *log_p = z < 0.0 ? log(tail) : log1p(-tail);
        *lambda = exp(log_density) / (z < 0.0 ? tail : 1.0 - tail);
    }
}

/* A function of (m, t, rho) with its derivatives. */
enum { M, T, RHO, BY };
typedef struct term {
    double f, by[BY];
    double mm, mt, mr, tt, tr, rr;
} term;

/* What depends on rho alone. */
typedef struct by_rho {
    double S, S1, S2, G, G1, G2, R, R1, R2;
} by_rho;

static by_rho variances(double s, double c2, double rho)
{
    double left = 1.0 - c2 * rho * rho, kept = 1.0 - rho * rho, root, root1, root2;
    by_rho at = {.S = s * s / left};

    at.S1 = 2.0 * c2 * rho * at.S / left;
    at.S2 = 2.0 * (c2 * at.S + 2.0 * c2 * rho * at.S1) / left;
    at.G = at.S * kept;
    at.G1 = at.S1 * kept - 2.0 * rho * at.S;
    at.G2 = at.S2 * kept - 4.0 * rho * at.S1 - 2.0 * at.S;
    root = sqrt(at.S);
    root1 = 0.5 * at.S1 / root;
    root2 = 0.5 * (at.S2 - 2.0 * root1 * root1) / root;
    at.R = rho * root;
    at.R1 = root + rho * root1;
    at.R2 = 2.0 * root1 + rho * root2;
    return at;
}

/* -log(2 pi w) / 2 - e^2 / (2 w) */
static term normal_part(const by_rho *at, double t, double e)
{
    double w = at->S + t, z = e / w;
    double by_w = 0.5 * (z * z - 1.0 / w), by_ww = (0.5 / w - z * z) / w;

    return (term){.f = -0.5 * (LOG_2PI + log(w) + e * z),
                  .by = {z, by_w, by_w * at->S1},
                  .mm = -1.0 / w,
                  .mt = -z / w,
                  .mr = -z / w * at->S1,
                  .tt = by_ww,
                  .tr = by_ww * at->S1,
                  .rr = by_ww * at->S1 * at->S1 + by_w * at->S2};
}

static term v_of(const by_rho *at, double u, double t, double e)
{
    double w = at->S + t, d = at->G + t, q = 1.0 / sqrt(w * d);
    double sw = at->S1 / w, gd = at->G1 / d;
    double Lt = -0.5 * (1.0 / w + 1.0 / d), Lr = -0.5 * (sw + gd);
    double Ltt = 0.5 * (1.0 / (w * w) + 1.0 / (d * d)), Ltr = 0.5 * (sw / w + gd / d);
    double Lrr = -0.5 * (at->S2 / w - sw * sw + at->G2 / d - gd * gd);
    double N = u * w + at->R * e, Nr = u * at->S1 + at->R1 * e;
    double Nrr = u * at->S2 + at->R2 * e;

    return (term){.f = q * N,
                  .by = {-q * at->R, q * (u + N * Lt), q * (Nr + N * Lr)},
                  .mt = -q * at->R * Lt,
                  .mr = -q * (at->R1 + at->R * Lr),
                  .tt = q * (2.0 * u * Lt + N * (Ltt + Lt * Lt)),
                  .tr = q * (u * Lr + Nr * Lt + N * (Ltr + Lt * Lr)),
                  .rr = q * (Nrr + 2.0 * Nr * Lr + N * (Lrr + Lr * Lr))};
}

/* to += log Phi(v) */
static void add_log_published(const term *v, term *to)
{
    double log_p, lambda, curve;

    mtp_copas_normal(v->f, &log_p, &lambda);
    curve = -lambda * (lambda + v->f);
    to->f += log_p;
    for (int a = 0; a < BY; a++) {
        to->by[a] += lambda * v->by[a];
    }
    to->mm += curve * v->by[M] * v->by[M];
    to->mt += lambda * v->mt + curve * v->by[M] * v->by[T];
    to->mr += lambda * v->mr + curve * v->by[M] * v->by[RHO];
    to->tt += lambda * v->tt + curve * v->by[T] * v->by[T];
    to->tr += lambda * v->tr + curve * v->by[T] * v->by[RHO];
    to->rr += lambda * v->rr + curve * v->by[RHO] * v->by[RHO];
}

/* Add a study whose mean is MU + SLOPE x. */
static void enter(const term *of, double x, mtp_climb_point *point)
{
    enum { N = MTP_COPAS_N };
    const double gradient[N] = {of->by[M], x * of->by[M], of->by[T], of->by[RHO]};
    const double hessian[N][N] = {{of->mm, x * of->mm, of->mt, of->mr},
                                  {x * of->mm, x * x * of->mm, x * of->mt, x * of->mr},
                                  {of->mt, x * of->mt, of->tt, of->tr},
                                  {of->mr, x * of->mr, of->tr, of->rr}};

    point->loglik += of->f;
    for (int a = 0; a < N; a++) {
        point->gradient[a] += gradient[a];
        for (int b = 0; b < N; b++) {
            point->hessian[a * N + b] += hessian[a][b];
        }
    }
}

void mtp_copas_evaluate(void *problem, const double at[], mtp_climb_point *point)
{
    const mtp_copas_problem *of = (const mtp_copas_problem *)problem;
    enum { N = MTP_COPAS_N };
    double t = at[MTP_COPAS_TAU2], rho = at[MTP_COPAS_RHO];

    point->loglik = 0.0;
    memset(point->gradient, 0, N * sizeof(double));
    memset(point->hessian, 0, N * N * sizeof(double));
    for (size_t i = 0; i < of->k; i++) {
        double e = of->y[i] - at[MTP_COPAS_MU] - at[MTP_COPAS_SLOPE] * of->x[i];
        by_rho parts = variances(of->s[i], of->selects ? of->c2[i] : 0.0, rho);
        term log_f = normal_part(&parts, t, e);

        if (of->selects) {
            term v = v_of(&parts, of->u[i], t, e);

            log_f.f -= of->log_p[i];
            add_log_published(&v, &log_f);
        }
        enter(&log_f, of->x[i], point);
    }
}
