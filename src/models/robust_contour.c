/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/robust_contour.h"

#include <math.h>

static const double PI = 3.14159265358979323846264338327950288;

/* Arithmetic-geometric means of 1 and b, c the other side: a[n] and
 * c[n] = (a[n - 1] - b[n - 1]) / 2 = c[n - 1]^2 / (4 a[n]), n of them. */
enum { AGM_STEPS = 8 };

typedef struct agm {
    double a[AGM_STEPS + 1], c[AGM_STEPS + 1];
} agm;

static agm make_agm(double b, double c)
{
    agm m = {.a = {1.0}, .c = {c}};

    for (int n = 1; n <= AGM_STEPS; n++) {
        m.a[n] = (m.a[n - 1] + b) / 2.0;
        m.c[n] = m.c[n - 1] * m.c[n - 1] / (4.0 * m.a[n]);
        b = sqrt(m.a[n - 1] * b);
    }
    return m;
}

/* sc(u | 1 - k^2) = -i sn(i u | k^2), by descending Landen transformations of an
 * imaginary amplitude, without a difference of figures close to each other. `m` is the
 * AGM of 1 and sqrt(1 - k^2). Step n adds about c[n] sinh(2^n u) <= sqrt(k)^(2^n): with
 * k <= 1/2 nothing after the seventh. */
static double tangent(const agm *m, double u)
{
    int n = 0;
    double psi;

    while (n < AGM_STEPS && m->c[n] * sinh(ldexp(u, n)) > 1e-17) {
        n++;
    }
    psi = ldexp(m->a[n] * u, n);
    for (int i = n; i > 0; i--) {
        psi = (psi + asinh(m->c[i] / m->a[i] * sinh(psi))) / 2.0;
    }
    return sinh(psi);
}

void mtp_contour_make(double low, double high, mtp_contour *contour)
{
    double k, other, quarter, rate, step;
    agm real, imaginary;
    size_t half;

    low = fmin(low, high / 4.0); /* so that k is well below 1 */
    k = sqrt(low / high);
    other = sqrt((1.0 - k) * (1.0 + k));
    real = make_agm(k, other);
    imaginary = make_agm(other, k);
    quarter = PI / (2.0 * real.a[AGM_STEPS]);
    /* exp(-37) is the rounding of a double. */
    rate = 2.0 * PI * PI / (log(high / low) + 3.0);
    half = (size_t)ceil(37.0 / rate / 2.0) + 1;
    half = half < MTP_CONTOUR_MAX / 2 ? half : MTP_CONTOUR_MAX / 2;
    contour->n = 2 * half;
    step = quarter / (double)contour->n;
    for (size_t i = 0; i < half; i++) {
        double s = tangent(&imaginary, ((double)i + 0.5) * step);
        /* dt / du at u, and at K - u, where t is sqrt(low high) / t(u) */
        double c = 2.0 / PI * step * sqrt((1.0 + s * s) * (1.0 + k * k * s * s));

        contour->node[i] = low * s * s;
        contour->weight[i] = c * sqrt(low);
        contour->node[i + half] = high / (s * s);
        contour->weight[i + half] = c * sqrt(high) / (s * s);
    }
}
