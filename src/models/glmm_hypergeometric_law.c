/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_hypergeometric_internal.h"
#include "num/dist.h"

#include <math.h>

/*
 * Fisher's non-central hypergeometric distribution of u with the odds ratio
 * psi = exp(eta) <= 1 (else the groups change places). The expected table E with the
 * same margins and the odds ratio psi, E11 E22 = psi E12 E21, does two things:
 *   - E11 is within one of the mode, where the sums start;
 *   - log P(u) = sum over the four cells of log pois(u_cell; E_cell) + const, so that
 *     u far from the mode is compared with it without large logarithms.
 * Ratios of neighbours:
 *   P(u + 1) / P(u) = psi (n1 - u) (s - u) / ((u + 1) (n2 - s + u + 1)).
 * Source: Liao & Rosen (2001), Am Stat 55:366-369, doi:10.1198/000313001753272547
 * (mode, recurrence); Harkness (1965), Ann Math Stat 36:938-945,
 * doi:10.1214/aoms/1177700066 (cumulants are derivatives of log sum).
 */
typedef struct law {
    double n1, n2, s, psi;
    double lowest, highest, start;
    double cell[4]; /* E11, E12, E21, E22 */
} law;

/* E11 is the root of (1 - psi) E^2 + b E - psi n1 s, E22 that of the same with events
 * and non-events exchanged; one of b, b2 is positive and its root does not cancel. */
static void expected_table(law *t, double eta)
{
    double a = -expm1(eta), n1 = t->n1, n2 = t->n2, s = t->s, rest = n1 + n2 - s;
    double b = (n2 - s) + t->psi * (n1 + s), b2 = (s - n2) + t->psi * (n2 + rest);
    double c = 2.0 * t->psi * n1 * s, c2 = 2.0 * t->psi * n2 * rest;
    double e11, e22;

    if (b >= b2) {
        e11 = c / (b + sqrt(b * b + 2.0 * a * c));
        e22 = b2 > 0.0 ? c2 / (b2 + sqrt(b2 * b2 + 2.0 * a * c2)) : n2 - s + e11;
    } else {
        e22 = c2 / (b2 + sqrt(b2 * b2 + 2.0 * a * c2));
        e11 = b > 0.0 ? c / (b + sqrt(b * b + 2.0 * a * c)) : s - n2 + e22;
    }
    t->cell[0] = e11;
    t->cell[1] = n1 - e11;
    t->cell[2] = s - e11;
    t->cell[3] = e22;
}

static law law_at(const mtp_hyper_study *study, double eta)
{
    law t = {.n1 = study->n1, .n2 = study->n2, .s = study->s, .psi = exp(eta)};

    t.lowest = study->lowest;
    t.highest = study->highest;
    expected_table(&t, eta);
    t.start = fmax(t.lowest, fmin(t.highest, rint(t.cell[0])));
    return t;
}

static double ratio_up(const law *t, double u)
{
    return t->psi * ((t->n1 - u) * (t->s - u)) / ((u + 1.0) * (t->n2 - t->s + u + 1.0));
}

/* Sums of terms over terms at the start, and of them times the distance from there. */
typedef struct sums {
    double one, first, second, third, fourth;
} sums;

static const double negligible = 1e-20;

static inline void add_term(sums *a, double term, double j)
{
    double first = term * j, second = first * j, third = second * j;

    a->one += term;
    a->first += first;
    a->second += second;
    a->third += third;
    a->fourth += third * j;
}

static sums sum_up(const law *t)
{
    sums a = {0};
    double term = 1.0;

    for (double u = t->start; u < t->highest && term >= negligible * a.one; u += 1.0) {
        term *= ratio_up(t, u);
        add_term(&a, term, u + 1.0 - t->start);
    }
    return a;
}

static sums sum_down(const law *t)
{
    sums a = {0};
    double term = 1.0;

    for (double u = t->start; u > t->lowest && term >= negligible * a.one; u -= 1.0) {
        term /= ratio_up(t, u - 1.0);
        add_term(&a, term, t->start - u + 1.0);
    }
    return a;
}

/* sum over the cells of log pois(u; E) */
static double log_cells(const law *t, double u)
{
    return mtp_log_poisson(u, t->cell[0]) + mtp_log_poisson(t->n1 - u, t->cell[1]) +
           mtp_log_poisson(t->s - u, t->cell[2]) +
           mtp_log_poisson(t->n2 - t->s + u, t->cell[3]);
}

/* log P(x) / P(start): as a product while that takes few steps. */
static double log_from_start(const law *t, double x)
{
    const double steps = 512.0, smallest = 1e-250;
    double product = 1.0;

    if (fabs(x - t->start) <= steps) {
        for (double u = t->start; u < x; u += 1.0) {
            product *= ratio_up(t, u);
        }
        for (double u = t->start; u > x; u -= 1.0) {
            product /= ratio_up(t, u - 1.0);
        }
        if (product > smallest) {
            return log(product);
        }
    }
    return log_cells(t, x) - log_cells(t, t->start);
}

static void point_of(const law *t, double x, mtp_hyper_point *at)
{
    sums up = sum_up(t), down = sum_down(t);
    double others = up.one + down.one, total = 1.0 + others;
    double m1 = (up.first - down.first) / total, m2 = (up.second + down.second) / total;
    double m3 = (up.third - down.third) / total, m4 = (up.fourth + down.fourth) / total;
    double square = m1 * m1;

    at->log_p = log_from_start(t, x) - log1p(others);
    at->score = (x - t->start) - m1;
    at->w = m2 - square;
    at->k3 = m3 - 3.0 * m1 * m2 + 2.0 * m1 * square;
    at->k4 =
        m4 - 4.0 * m1 * m3 - 3.0 * m2 * m2 + 12.0 * square * m2 - 6.0 * square * square;
}

void mtp_hyper_at(const mtp_hyper_study *study, double eta, mtp_hyper_point *at)
{
    const double end = 690.0;
    mtp_hyper_study other;
    law t;

    if (eta <= 0.0) {
        t = law_at(study, fmax(eta, -end));
        point_of(&t, study->x, at);
        return;
    }
    other = (mtp_hyper_study){.n1 = study->n2,
                              .n2 = study->n1,
                              .s = study->s,
                              .lowest = study->s - study->highest,
                              .highest = study->s - study->lowest};
    t = law_at(&other, fmax(-eta, -end));
    point_of(&t, study->s - study->x, at);
    at->score = -at->score;
    at->k3 = -at->k3;
}
