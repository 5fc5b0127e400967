/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With u = (y - m) / s, s^2 = v + t, and f the normal density, d^n f / dm^n = s^-n
 * He_n(u) f, and df / dt = (1/2) d2f / dm2. All derivatives of A = integral w f by m
 * and t are therefore integrals of w He_n(u) f, n = 0 to 4, and those by theta the same
 * with dw / dtheta = w dlog w / dtheta.
 */
#include "bias/selection_likelihood.h"

#include <math.h>
#include <string.h>

static const double LOG_2PI = 1.83787706640934548356065947281;
static const double SQRT_2PI = 2.50662827463100050241576528481;
static const double SQRT_HALF = 0.707106781186547524400844362105;

bool mtp_selection_problem_make(mtp_arena *arena, mtp_selection_problem *problem)
{
    size_t q = problem->rule.q, moments = 5 + 3 * q + q * q;

    problem->log_a = mtp_arena_zalloc(arena, problem->k, sizeof(double));
    problem->moments = mtp_arena_zalloc(arena, moments, sizeof(double));
    return problem->log_a && problem->moments;
}

/* Integrals of He_0 to He_4 times the standard normal density: tails above a. */
static void tails(double a, double tail[5])
{
    double density = isinf(a) ? 0.0 : exp(-0.5 * a * a) / SQRT_2PI;

    tail[0] = 0.5 * erfc(a * SQRT_HALF);
    for (int n = 1; n < 5; n++) {
        tail[n] = 0.0;
    }
    if (density > 0.0) {
        tail[1] = density;
        tail[2] = a * density;
        tail[3] = (a * a - 1.0) * density;
        tail[4] = a * (a * a - 3.0) * density;
    }
}

/* The same between a and b > a, the probability without cancellation of tails. */
static void between(double a, double b, double part[5])
{
    double above[5];

    tails(a, part);
    tails(b, above);
    for (int n = 1; n < 5; n++) {
        part[n] -= above[n];
    }
    part[0] = a > 0.0 || b < 0.0
                  ? 0.5 * fabs(erfc(fabs(a) * SQRT_HALF) - erfc(fabs(b) * SQRT_HALF))
                  : 0.5 * (erf(b * SQRT_HALF) - erf(a * SQRT_HALF));
}

/* Enter a piece: its Hermite integrals times its weight. `to`: M_0 to M_4, then by
 * parameter three, then the matrix of second derivatives. */
static void enter(const mtp_selection_grid *grid, size_t i, const double part[5],
                  double to[])
{
    size_t q = grid->weights.q;
    const double *slope = grid->weights.slope + i * q;
    double w = grid->w[i];

    for (int n = 0; n < 5; n++) {
        to[n] += w * part[n];
    }
    for (size_t a = 0; a < q; a++) {
        double *by = to + 5 + 3 * a, *second = to + 5 + 3 * q + a * q;
        double weight = w * slope[a];

        if (slope[a] == 0.0) {
            continue;
        }
        for (int n = 0; n < 3; n++) {
            by[n] += weight * part[n];
        }
        for (size_t b = 0; b < q; b++) {
            second[b] += weight * slope[b] * part[0];
        }
        second[a] += w * grid->weights.curve[i] * part[0];
    }
}

/* Enter all nodes: with u = scale z - shift, their densities, then one sum after the
 * other, each over short arrays. */
static void add_nodes(const mtp_selection_grid *grid, double scale, double shift,
                      double to[])
{
    size_t n = grid->n_nodes, q = grid->weights.q;
    const double *slope = grid->weights.slope + grid->n_flat * q;
    const double *curve = grid->weights.curve + grid->n_flat;
    double *u = grid->u, *f = grid->density, sum[5] = {0.0};

    for (size_t i = 0; i < n; i++) {
        u[i] = grid->z[i] * scale - shift;
        f[i] = grid->mass[i] * (scale / SQRT_2PI) * exp(-0.5 * u[i] * u[i]);
    }
    for (size_t i = 0; i < n; i++) {
        double u2 = u[i] * u[i];

        sum[0] += f[i];
        sum[1] += f[i] * u[i];
        sum[2] += f[i] * (u2 - 1.0);
        sum[3] += f[i] * u[i] * (u2 - 3.0);
        sum[4] += f[i] * ((u2 - 6.0) * u2 + 3.0);
    }
    for (int j = 0; j < 5; j++) {
        to[j] += sum[j];
    }
    for (size_t a = 0; a < q; a++) {
        double *by = to + 5 + 3 * a, *second = to + 5 + 3 * q + a * q;
        double first[3] = {0.0}, curved = 0.0;

        for (size_t i = 0; i < n; i++) {
            double g = f[i] * slope[i * q + a];

            first[0] += g;
            first[1] += g * u[i];
            first[2] += g * (u[i] * u[i] - 1.0);
            curved += f[i] * curve[i];
        }
        for (int j = 0; j < 3; j++) {
            by[j] += first[j];
        }
        second[a] += curved;
        for (size_t b = 0; b < q; b++) {
            double both = 0.0;

            for (size_t i = 0; i < n; i++) {
                both += f[i] * slope[i * q + a] * slope[i * q + b];
            }
            second[b] += both;
        }
    }
}

/* All integrals of a study with mean m and variance s^2. */
static void integrate(const mtp_selection_grid *grid, double root_v, double m, double s,
                      double to[])
{
    size_t q = grid->weights.q;
    double part[5];

    memset(to, 0, (5 + 3 * q + q * q) * sizeof *to);
    for (size_t i = 0; i < grid->n_flat; i++) {
        if (grid->w[i] > 0.0) {
            between((grid->lower[i] * root_v - m) / s,
                    (grid->upper[i] * root_v - m) / s, part);
            enter(grid, i, part, to);
        }
    }
    add_nodes(grid, root_v / s, m / s, to);
}

/* Derivatives of one study's log-likelihood by its mean and t. */
typedef struct by_mean {
    double m, t, mm, mt, tt;
} by_mean;

static by_mean normal_part(double e, double s2)
{
    double g = e * e / s2;

    return (by_mean){e / s2, 0.5 * (g - 1.0) / s2, -1.0 / s2, -e / (s2 * s2),
                     (0.5 - g) / (s2 * s2)};
}

/* Of log A, from M_n / M_0. */
static by_mean selected_part(const double M[], double s)
{
    double s2 = s * s;
    by_mean d = {.m = M[1] / (s * M[0]), .t = 0.5 * M[2] / (s2 * M[0])};

    d.mm = M[2] / (s2 * M[0]) - d.m * d.m;
    d.mt = 0.5 * M[3] / (s2 * s * M[0]) - d.m * d.t;
    d.tt = 0.25 * M[4] / (s2 * s2 * M[0]) - d.t * d.t;
    return d;
}

/* Add the derivatives by gamma, t of one study. */
static void add_mean(const mtp_selection_problem *of, size_t i, const by_mean *d,
                     mtp_climb_point *point)
{
    size_t p = of->p, n = of->n;
    const double *z = of->Z + i * p;
    double *H = point->hessian;

    for (size_t a = 0; a < p; a++) {
        point->gradient[a] += z[a] * d->m;
        for (size_t b = 0; b < p; b++) {
            H[a * n + b] += z[a] * z[b] * d->mm;
        }
        H[a * n + p] += z[a] * d->mt;
        H[p * n + a] += z[a] * d->mt;
    }
    point->gradient[p] += d->t;
    H[p * n + p] += d->tt;
}

/* Add those by theta, and across: of log w_i less log A. */
static void add_theta(const mtp_selection_problem *of, size_t i, double s,
                      const by_mean *of_a, mtp_climb_point *point)
{
    size_t p = of->p, n = of->n, q = of->rule.q;
    const double *z = of->Z + i * p, *M = of->moments;
    double *H = point->hessian;

    for (size_t a = 0; a < q; a++) {
        const double *by = M + 5 + 3 * a, *second = M + 5 + 3 * q + a * q;
        double slope = by[0] / M[0];
        double cross_m = by[1] / (s * M[0]) - slope * of_a->m;
        double cross_t = 0.5 * by[2] / (s * s * M[0]) - slope * of_a->t;
        size_t row = p + 1 + a;

        point->gradient[row] += of->observed.slope[i * q + a] - slope;
        for (size_t b = 0; b < p; b++) {
            H[row * n + b] -= z[b] * cross_m;
            H[b * n + row] -= z[b] * cross_m;
        }
        H[row * n + p] -= cross_t;
        H[p * n + row] -= cross_t;
        for (size_t b = 0; b < q; b++) {
            H[row * n + p + 1 + b] -= second[b] / M[0] - slope * M[5 + 3 * b] / M[0];
        }
        H[row * n + row] += of->observed.curve[i];
    }
}

static void add_study(mtp_selection_problem *of, const double at[], size_t i,
                      mtp_climb_point *point)
{
    double s2 = of->v[i] + at[of->p], s = sqrt(s2), m = 0.0, e;
    by_mean d, of_a;

    for (size_t a = 0; a < of->p; a++) {
        m += at[a] * of->Z[i * of->p + a];
    }
    e = of->y[i] - m;
    integrate(&of->grid, of->root_v[i], m, s, of->moments);
    of->log_a[i] = log(of->moments[0]) + of->grid.log_scale;
    point->loglik +=
        of->observed.log_w[i] - of->log_a[i] - 0.5 * (LOG_2PI + log(s2) + e * e / s2);
    if (!isfinite(point->loglik)) {
        return;
    }
    of_a = selected_part(of->moments, s);
    d = normal_part(e, s2);
    d = (by_mean){d.m - of_a.m, d.t - of_a.t, d.mm - of_a.mm, d.mt - of_a.mt,
                  d.tt - of_a.tt};
    add_mean(of, i, &d, point);
    add_theta(of, i, s, &of_a, point);
}

void mtp_selection_evaluate(void *problem, const double at[], mtp_climb_point *point)
{
    mtp_selection_problem *of = (mtp_selection_problem *)problem;
    size_t n = of->n;
    const double *theta = at + of->p + 1;

    mtp_selection_weights_at(&of->rule, theta, &of->observed);
    mtp_selection_grid_at(&of->rule, theta, &of->grid);
    point->loglik = 0.0;
    memset(point->gradient, 0, n * sizeof(double));
    memset(point->hessian, 0, n * n * sizeof(double));
    for (size_t i = 0; i < of->k; i++) {
        add_study(of, at, i, point);
        if (!isfinite(point->loglik)) {
            point->loglik = -(double)INFINITY;
            return;
        }
    }
}
