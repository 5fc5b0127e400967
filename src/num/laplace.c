/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/laplace.h"

#include <math.h>

enum { MAX_SADDLE_STEPS = 200, MAX_HALVINGS = 8, QUIET_NODES = 3, MAX_NODES = 4000 };

static const double PI = 3.14159265358979323846;
/* How far the contour bends for a step along the imaginary axis. */
static const double BEND = 0.5;
/* Node terms below this share of the sum end it. */
static const double NEGLIGIBLE = 1e-18;
/* The trapezoidal rule converges geometrically: where two sums agree to this, the
 * second is right to about the square. */
static const double AGREEMENT = 1e-8;

mtp_complex mtp_complex_times(mtp_complex a, mtp_complex b)
{
    return (mtp_complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

mtp_complex mtp_complex_div(mtp_complex a, mtp_complex b)
{
    double scale = 1.0 / fmax(fabs(b.re), fabs(b.im)), size;

    b = (mtp_complex){b.re * scale, b.im * scale};
    size = scale / (b.re * b.re + b.im * b.im);
    return (mtp_complex){(a.re * b.re + a.im * b.im) * size,
                         (a.im * b.re - a.re * b.im) * size};
}

/* The square root with a real part >= 0. */
static mtp_complex root_of(mtp_complex a)
{
    double size = hypot(a.re, a.im), big = sqrt(0.5 * (size + fabs(a.re)));
    double small = big > 0.0 ? fabs(a.im) / (2.0 * big) : 0.0;

    return a.re >= 0.0 ? (mtp_complex){big, copysign(small, a.im)}
                       : (mtp_complex){small, copysign(big, a.im)};
}

void mtp_root_product_times(mtp_root_product *to, mtp_complex factor)
{
    mtp_complex p = mtp_complex_times(to->product, factor);
    double size = fabs(p.re) + fabs(p.im);

    /* Turning clockwise by less than pi from below the real axis to above it. */
    if (to->product.im < 0.0 && p.im >= 0.0) {
        to->crossed = !to->crossed;
    }
    if (size > 0x1p+200 || size < 0x1p-200) {
        int e = ilogb(size);
        double scale = ldexp(1.0, -e);

        p = (mtp_complex){p.re * scale, p.im * scale};
        to->exponent += e;
    }
    to->product = p;
}

mtp_complex mtp_root_product_end(const mtp_root_product *of, double *log_size)
{
    static const double HALF_LOG_2 = 0.34657359027997265471;
    mtp_complex one = {of->crossed ? -1.0 : 1.0, 0.0};

    *log_size = -HALF_LOG_2 * (double)of->exponent;
    return mtp_complex_div(one, root_of(of->product));
}

/* Where the contour crosses the real axis, its width there, and the logarithm of the
 * size that the integrand is divided by. */
typedef struct contour {
    double cross, width, log_unit;
} contour;

/* The root of K'(s) - 1 - 1/s on the side of the tail, to a tenth of the width: it need
 * not be exact. It rises from -inf to inf (upper), from -1 to inf (lower). */
static contour find_saddle(const mtp_transform *x, bool upper)
{
    double side = upper ? 1.0 : -1.0;
    double near = 0.0, far = (double)INFINITY, s = 1.0; /* distances from 0 */
    contour at = {0.0, 0.0, 0.0};

    for (int step = 0; step < MAX_SADDLE_STEPS; step++) {
        double slope[2], f, rise, newton;
        bool inside = x->slopes(x->of, side * s, slope);

        if (inside) {
            f = slope[0] - 1.0 - side / s;
            rise = slope[1] + 1.0 / (s * s);
            at = (contour){side * s, 1.0 / sqrt(rise), 0.0};
            newton = s - side * f / rise;
            if (fabs(newton - s) <= 0.1 * at.width) {
                break;
            }
        }
        if (!inside || side * f > 0.0) {
            far = s;
        } else {
            near = s;
        }
        if (inside && newton > near && newton < far && newton < 8.0 * s) {
            s = newton;
        } else {
            s = isinf(far) ? 8.0 * s : near == 0.0 ? 0.125 * s : sqrt(near) * sqrt(far);
        }
    }
    return at;
}

/* Im(exp(K(s) - s) / s ds/du) at s(u) = cross + width (i sinh u + BEND (cosh u - 1)),
 * over exp(log_unit). The first call, at u = 0, chooses that. */
static double integrand(const mtp_transform *x, contour *at, double u)
{
    double up = sinh(u), right = 2.0 * sinh(0.5 * u) * sinh(0.5 * u), log_size;
    /* On the axis itself a nudge says from which side. */
    mtp_complex s = {at->cross + at->width * BEND * right, at->width * fmax(up, 1e-17)};
    mtp_complex ds = {at->width * BEND * up, at->width * (right + 1.0)};
    mtp_complex value =
        mtp_complex_times(x->value(x->of, s, &log_size), mtp_complex_div(ds, s));

    log_size -= s.re;
    if (u == 0.0) {
        at->log_unit = log_size;
    }
    return exp(log_size - at->log_unit) * (value.im * cos(s.im) - value.re * sin(s.im));
}

/* Nodes 0, h, 2 h, ... until the terms have died away; returns how many after 0. */
static int first_sum(const mtp_transform *x, contour *at, double h, double *sum)
{
    int nodes = 0;

    *sum = 0.5 * integrand(x, at, 0.0);
    for (int quiet = 0; quiet < QUIET_NODES && nodes < MAX_NODES;) {
        double term = integrand(x, at, h * ++nodes);

        *sum += term;
        quiet = fabs(term) <= NEGLIGIBLE * fabs(*sum) ? quiet + 1 : 0;
    }
    return nodes;
}

static mtp_tail tail_beyond_mean(const mtp_transform *x, bool upper)
{
    contour at = find_saddle(x, upper);
    double h = 0.5, sum, whole, before;
    int nodes = first_sum(x, &at, h, &sum);

    whole = h * sum;
    for (int level = 0; level < MAX_HALVINGS; level++) {
        for (int i = 0; i < nodes; i++) {
            sum += integrand(x, &at, h * (i + 0.5));
        }
        h *= 0.5;
        nodes *= 2;
        before = whole;
        whole = h * sum;
        if (fabs(whole - before) <= AGREEMENT * fabs(whole)) {
            break;
        }
    }
    whole = fabs(whole) / PI; /* below 0 the contour runs the other way */
    return (mtp_tail){exp(at.log_unit) * whole, at.log_unit + log(whole)};
}

/* The integrand is smooth only for the tail that does not hold the mean; the other is
 * what is left. */
mtp_tail mtp_laplace_tail(const mtp_transform *x, bool upper)
{
    double slope[2];
    mtp_tail tail;

    (void)x->slopes(x->of, 0.0, slope);
    tail = tail_beyond_mean(x, slope[0] < 1.0);
    return upper == (slope[0] < 1.0) ? tail : (mtp_tail){1.0 - tail.p, log1p(-tail.p)};
}

/* Coefficients of chi-squares, and the value at which the tail starts. */
typedef struct chisq_sum {
    double x;
    size_t n;
    const double *lambda;
} chisq_sum;

static bool sum_slopes(const void *of, double s, double slope[2])
{
    const chisq_sum *sum = (const chisq_sum *)of;

    slope[0] = slope[1] = 0.0;
    for (size_t i = 0; i < sum->n; i++) {
        double d = sum->lambda[i] / sum->x, f = 1.0 - 2.0 * s * d;

        if (!(f > 0.0)) {
            return false;
        }
        slope[0] += d / f;
        slope[1] += 2.0 * (d / f) * (d / f);
    }
    return true;
}

static mtp_complex sum_value(const void *of, mtp_complex s, double *log_size)
{
    const chisq_sum *sum = (const chisq_sum *)of;
    mtp_root_product product = mtp_root_product_start;

    for (size_t i = 0; i < sum->n; i++) {
        double d = 2.0 * (sum->lambda[i] / sum->x);

        mtp_root_product_times(&product, (mtp_complex){1.0 - s.re * d, -s.im * d});
    }
    return mtp_root_product_end(&product, log_size);
}

mtp_tail mtp_chisq_sum_upper(double x, size_t n, const double lambda[])
{
    chisq_sum sum = {x, n, lambda};

    return mtp_laplace_tail(&(mtp_transform){&sum, sum_slopes, sum_value}, true);
}

mtp_tail mtp_chisq_sum_lower(double x, size_t n, const double lambda[])
{
    chisq_sum sum = {x, n, lambda};

    return mtp_laplace_tail(&(mtp_transform){&sum, sum_slopes, sum_value}, false);
}
