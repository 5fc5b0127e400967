/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/largest.h"

#include <math.h>

enum { POINTS_PER_DECADE = 16, POINTS_LEAST = 32, GOLDEN_STEPS = 48 };

typedef struct range {
    mtp_function *f;
    const void *of;
    double from, to, shift;
} range;

static double t_at(const range *r, double x)
{
    double t = exp(x) - r->shift;

    return t < r->from ? r->from : t > r->to ? r->to : t;
}

static double value(const range *r, double x)
{
    return r->f(r->of, t_at(r, x));
}

/* The largest value between a and b, around one maximum. */
static double golden(const range *r, double a, double b)
{
    static const double part = 0.38196601125010515180; /* (3 - sqrt 5) / 2 */
    double x = a + part * (b - a), y = b - part * (b - a);
    double fx = value(r, x), fy = value(r, y);

    for (int i = 0; i < GOLDEN_STEPS; i++) {
        if (fx > fy) {
            b = y;
            y = x;
            fy = fx;
            x = a + part * (b - a);
            fx = value(r, x);
        } else {
            a = x;
            x = y;
            fx = fy;
            y = b - part * (b - a);
            fy = value(r, y);
        }
    }
    return fmax(fx, fy);
}

double mtp_largest(mtp_function *f, const void *of, double from, double to,
                   double shift)
{
    range r = {f, of, from, to, shift};
    double first = log(from + shift), last = log(to + shift);
    double decades = (last - first) / 2.302585092994045684;
    int steps = POINTS_LEAST + (int)ceil(POINTS_PER_DECADE * decades);
    double h = (last - first) / steps, best = f(of, from);
    double before = best, here = best, ahead;

    for (int i = 0; i < steps && h > 0.0; i++) {
        ahead = i + 1 == steps ? f(of, to) : value(&r, first + (i + 1) * h);
        if (here >= before && here >= ahead) {
            double x = first + i * h;

            best = fmax(best, golden(&r, fmax(x - h, first), x + h));
        }
        best = fmax(best, ahead);
        before = here;
        here = ahead;
    }
    if (here > before) {
        best = fmax(best, golden(&r, last - h, last));
    }
    return best;
}
