/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tetrachoric correlation: the r of a bivariate normal distribution that, cut at the
 * thresholds of its margins, gives the table. With three free cells and three
 * parameters the likelihood is greatest where the table is met exactly: Hamdan (1970),
 * Biometrika 57:212-215, doi:10.1093/biomet/57.1.212.
 *
 * With h, k the normal quantiles of r1 / N and c1 / N, r = sin(theta) and
 *   g(theta) = exp(-(h^2 - 2 h k sin(theta) + k^2) / (2 cos(theta)^2)),
 *   P(X < h, Y < k) = Phi(h) Phi(k) + (1 / 2 pi) integral_0^asin(r) g:
 * Plackett (1954), Biometrika 41:351-360, doi:10.1093/biomet/41.3-4.351. Columns are
 * exchanged where a d < b c, so that r >= 0. Then
 *   integral from 0 to theta      = 2 pi (a d - b c) / N^2,
 *   integral from theta to pi / 2 = 2 pi min(b, c) / N,
 * and the equation with the smaller right side loses no digits, however near r is to 0
 * or 1.
 */
#include "effects/kernel.h"
#include "effects/two_counts.h"
#include "num/dist.h"

#include <math.h>

static const double TWO_PI = 6.28318530717958647692;
static const double QUARTER_TURN = 1.57079632679489661923;

/* The integrand along a path that starts at r = 0 or at r = 1. */
typedef struct path {
    double h, k, gap; /* gap = k - h */
    bool from_one;    /* x = pi / 2 - theta, else x = theta */
} path;

/* The exponent as -(k - h)^2 / (2 cos^2) - h k / (1 + sin), which does not cancel. */
static double integrand(const path *p, double x)
{
    double sine = p->from_one ? cos(x) : sin(x);
    double ratio = p->gap / (p->from_one ? sin(x) : cos(x));

    return exp((p->gap == 0.0 ? 0.0 : -0.5 * ratio * ratio) -
               p->h * p->k / (1.0 + sine));
}

/* Gauss-Legendre with 16 points. */
static double panel(const path *p, double from, double to)
{
    /* Positive nodes and their weights, from mpmath. */
    static const double rule[][2] = {
        {0.989400934991649932596, 0.0271524594117540948518},
        {0.944575023073232576078, 0.0622535239386478928628},
        {0.86563120238783174388, 0.0951585116824927848099},
        {0.755404408355003033895, 0.124628971255533872052},
        {0.617876244402643748447, 0.149595988816576732082},
        {0.458016777657227386342, 0.169156519395002538189},
        {0.28160355077925891323, 0.182603415044923588867},
        {0.0950125098376374401853, 0.189450610455068496285},
    };
    double middle = 0.5 * (from + to), half = 0.5 * (to - from), sum = 0.0;

    for (size_t i = 0; i < sizeof rule / sizeof rule[0]; i++) {
        sum += rule[i][1] * (integrand(p, middle - half * rule[i][0]) +
                             integrand(p, middle + half * rule[i][0]));
    }
    return half * sum;
}

/* Halves the panel until its halves agree with it to 11 digits, when they themselves
 * are right to all: halving divides the error by 2^32. What is too small to count
 * beside `scale` is left alone. */
static double integral(const path *p, double from, double to, double whole,
                       double scale, int depth)
{
    double middle = 0.5 * (from + to);
    double left = panel(p, from, middle), right = panel(p, middle, to);
    double sum = left + right;

    if (depth == 0 || fabs(sum - whole) <= fmax(1e-11 * sum, 1e-18 * scale)) {
        return sum;
    }
    scale = fmax(scale, sum);
    return integral(p, from, middle, left, scale, depth - 1) +
           integral(p, middle, to, right, scale, depth - 1);
}

static double integral_to(const path *p, double x)
{
    double whole = panel(p, 0.0, x);

    return integral(p, 0.0, x, whole, whole, 20);
}

double mtp_bivariate_normal(double h, double k, double r)
{
    double below_h = mtp_normal_upper(-h).p;
    path p = {h, k, k - h, false};

    if (r < 0.0) {
        return below_h - mtp_bivariate_normal(h, -k, -r);
    }
    return below_h * mtp_normal_upper(-k).p + integral_to(&p, asin(r)) / TWO_PI;
}

/* x in (0, pi / 2) with integral from 0 to x = target: Newton on logarithms, which
 * is steady also where the integrand is flat at 0, kept within a bracket. */
static double solve(const path *p, double target)
{
    double low = 0.0, high = QUARTER_TURN, x = 0.5 * QUARTER_TURN;

    for (int step = 0; step < 200; step++) {
        double sum = integral_to(p, x);
        double next = x * exp(log(target / sum) * sum / (x * integrand(p, x)));

        *(sum < target ? &low : &high) = x;
        if (fabs(next - x) <= 2e-16 * x) {
            return next;
        }
        if (!(next > low && next < high)) {
            next = low > 0.0 ? sqrt(low * high) : 0.125 * high;
        }
        if (next == x || next <= low || next >= high) {
            return x;
        }
        x = next;
    }
    return x;
}

/*
 * Delta method on the multinomial. By the derivatives of the bivariate normal
 * distribution, r changes with the proportions of the cells by
 *   w11 = 1 - B1 - B2, w12 = -B1, w21 = -B2, w22 = 0, over the density at (h, k),
 *   B1 = Phi((k - r h) / s), B2 = Phi((h - r k) / s), s^2 = 1 - r^2,
 * and the variance is (1 / N) sum over pairs of cells of p p' (w - w')^2. It is the
 * inverse of the observed information, for the fit is exact.
 */
static double variance(const mtp_cells *t, const path *p, double tangent, double s,
                       double density)
{
    double n = t->a + t->b + t->c + t->d;
    double u1 = p->gap / s + p->h * tangent, u2 = -p->gap / s + p->k * tangent;
    double b1 = mtp_normal_upper(-u1).p, above1 = mtp_normal_upper(u1).p;
    double b2 = mtp_normal_upper(-u2).p, above2 = mtp_normal_upper(u2).p;
    double sum = t->a * t->b * above2 * above2 + t->a * t->c * above1 * above1 +
                 t->a * t->d * (above1 - b2) * (above1 - b2) +
                 t->b * t->c * (b1 - b2) * (b1 - b2) + t->b * t->d * b1 * b1 +
                 t->c * t->d * b2 * b2;

    return sum / (n * n) / n / (density * density);
}

void mtp_tetrachoric(const mtp_cells *given, bool fisher, double *yi, double *vi)
{
    bool negative = mtp_determinant(given) < 0.0;
    mtp_cells t =
        negative ? (mtp_cells){given->b, given->a, given->d, given->c} : *given;
    double r1 = t.a + t.b, r2 = t.c + t.d, c1 = t.a + t.c, c2 = t.b + t.d, n = r1 + r2;
    double near_zero = mtp_determinant(&t) / n / n, near_one = fmin(t.b, t.c) / n;
    double x, r, s, z, tangent;
    path p;

    *yi = *vi = (double)NAN;
    if (!(fmin(fmin(t.a, t.b), fmin(t.c, t.d)) > 0.0)) {
        return;
    }
    p = (path){mtp_probit(r1, r2), mtp_probit(c1, c2),
               mtp_probit_difference(c1, c2, r1, r2), near_one < near_zero};
    x = near_zero > 0.0 ? solve(&p, TWO_PI * fmin(near_zero, near_one)) : 0.0;
    r = p.from_one ? cos(x) : sin(x);
    s = p.from_one ? sin(x) : cos(x);
    z = p.from_one ? -log(tan(0.5 * x)) : asinh(tan(x));
    tangent = p.from_one ? tan(0.5 * x) : s / (1.0 + r); /* (1 - r) / s */
    *yi = copysign(fisher ? z : r, negative ? -1.0 : 1.0);
    *vi = variance(&t, &p, tangent, s, integrand(&p, x) / (TWO_PI * s));
    if (fisher) {
        *vi /= s * s * (s * s);
    }
}
