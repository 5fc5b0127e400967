/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/root.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* b is the best point, c lies on the other side of the root, a was b before. */
typedef struct bracket {
    double a, b, c, fa, fb, fc;
    double step, before; /* the last step and the one before */
} bracket;

static void bisect(bracket *at)
{
    at->step = at->before = 0.5 * (at->c - at->b);
}

/* The interpolated step where it is good enough, else half the bracket. */
static void choose_step(bracket *at, double tolerance)
{
    double half = 0.5 * (at->c - at->b), s = at->fb / at->fa, p, q;

    if (fabs(at->before) < tolerance || fabs(at->fa) <= fabs(at->fb)) {
        bisect(at);
        return;
    }
    if (at->a == at->c) {
        p = 2.0 * half * s;
        q = 1.0 - s;
    } else {
        double r = at->fb / at->fc, t = at->fa / at->fc;

        p = s * (2.0 * half * t * (t - r) - (at->b - at->a) * (r - 1.0));
        q = (t - 1.0) * (r - 1.0) * (s - 1.0);
    }
    q = p > 0.0 ? -q : q;
    p = fabs(p);
    if (2.0 * p < fmin(3.0 * half * q - fabs(tolerance * q), fabs(at->before * q))) {
        at->before = at->step;
        at->step = p / q;
    } else {
        bisect(at);
    }
}

/* Let b be the better end, and c the other. */
static void order_ends(bracket *at)
{
    if ((at->fb > 0.0) == (at->fc > 0.0)) {
        at->c = at->a;
        at->fc = at->fa;
        at->step = at->before = at->b - at->a;
    }
    if (fabs(at->fc) < fabs(at->fb)) {
        at->a = at->b;
        at->b = at->c;
        at->c = at->a;
        at->fa = at->fb;
        at->fb = at->fc;
        at->fc = at->fa;
    }
}

double mtp_root(mtp_function *f, const void *of, double a, double fa, double b,
                double fb)
{
    bracket at = {a, b, b, fa, fb, fb, b - a, b - a};

    if (fa == 0.0) {
        return a;
    }
    for (;;) {
        double tolerance;

        order_ends(&at);
        tolerance = 2.0 * DBL_EPSILON * fabs(at.b);
        if (at.fb == 0.0 || fabs(0.5 * (at.c - at.b)) <= tolerance) {
            return at.b;
        }
        choose_step(&at, tolerance);
        at.a = at.b;
        at.fa = at.fb;
        at.b += fabs(at.step) > tolerance ? at.step : copysign(tolerance, at.c - at.b);
        at.fb = f(of, at.b);
    }
}
