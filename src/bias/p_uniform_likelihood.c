/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * With a = 1 above the critical value c and -1 below, d = a (y - c) / s >= 0 and
 * u = a (c - mu) / s, s^2 = v + t, the density of y given its side is
 *   phi(d + u) / (s Q(u)),  Q = 1 - Phi.
 * With h = phi / Q the hazard, g = h - u and V = 1 - h g, the mean and the variance of
 * a standard normal above u, counted from u, dg / du = -V and d log h / du = g:
 *   log f = -d^2 / 2 - d u - log s + log h(u)
 *   by mu  a (d - g) / s
 *   by t   B / (2 s^2),  B = d^2 + 2 d u - g u - 1
 *   twice  -V / s^2,  -a (2 d - g + V u) / (2 s^3),
 *          (2 + 3 g u - 4 d^2 - 8 d u - V u^2) / (4 s^4)
 */
#include "bias/p_uniform_likelihood.h"

#include <math.h>
#include <string.h>

static const double HALF_LOG_2PI = 0.918938533204672741780329736406;
static const double SQRT_HALF = 0.707106781186547524400844362105;

/* A standard normal above u. */
typedef struct above {
    double g, V;
    double log_density; /* at u + d */
} above;

/* Laplace's fraction: g = 1 / (u + 2 / (u + 3 / (u + ...))), which leaves h and V
 * without cancellation. The error after n terms is about exp(-2 u sqrt n). */
static above far_above(double u, double d)
{
    double terms = ceil(440.0 / (u * u)) + 20.0, second = u, first;
    above r;

    for (double n = terms; n >= 3.0; n--) {
        second = u + n / second;
    }
    first = u + 2.0 / second;
    r.g = 1.0 / first;
    r.V = (2.0 / second - r.g) / first;
    r.log_density = log(u + r.g) - d * (0.5 * d + u);
    return r;
}

static above normal_above(double u, double d)
{
    static const double FAR = 5.0;
    double beyond, log_beyond, h;
    above r;

    if (u > FAR) {
        return far_above(u, d);
    }
    beyond = 0.5 * erfc(u * SQRT_HALF);
    log_beyond = u < 0.0 ? log1p(-0.5 * erfc(-u * SQRT_HALF)) : log(beyond);
    h = exp(-0.5 * u * u - HALF_LOG_2PI - log_beyond);
    r.g = h - u;
    r.V = 1.0 - h * r.g;
    r.log_density = -0.5 * (d + u) * (d + u) - HALF_LOG_2PI - log_beyond;
    return r;
}

static void add(const mtp_p_uniform_study *study, const double at[],
                mtp_climb_point *point)
{
    double s2 = study->v + at[1], s = sqrt(s2), a = study->direction;
    double d = study->gap / s, u = a * (study->critical - at[0]) / s;
    above n = normal_above(u, d);
    double mixed = -0.5 * a * (2.0 * d - n.g + n.V * u) / (s2 * s);

    point->loglik += n.log_density - log(s);
    point->gradient[0] += a * (d - n.g) / s;
    point->gradient[1] += 0.5 * (d * d + 2.0 * d * u - n.g * u - 1.0) / s2;
    point->hessian[0] -= n.V / s2;
    point->hessian[1] += mixed;
    point->hessian[2] += mixed;
    point->hessian[3] +=
        0.25 * (2.0 + 3.0 * n.g * u - 4.0 * d * d - 8.0 * d * u - n.V * u * u) /
        (s2 * s2);
}

void mtp_p_uniform_evaluate(void *studies, const double at[], mtp_climb_point *point)
{
    const mtp_p_uniform_studies *of = studies;

    point->loglik = 0.0;
    memset(point->gradient, 0, 2 * sizeof *point->gradient);
    memset(point->hessian, 0, 4 * sizeof *point->hessian);
    for (size_t i = 0; i < of->k; i++) {
        add(&of->study[i], at, point);
    }
}
