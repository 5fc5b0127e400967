/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "num/symmetric.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* QR steps that one eigenvalue may take; two or three are usual. */
enum { MAX_STEPS = 60 };

/* Reflect column k below its subdiagonal to (alpha, 0, ...): the reflector v takes its
 * place, scaled to v'v = 2. Returns alpha. */
static double make_reflector(size_t n, double a[], size_t k, double v[])
{
    double largest = 0.0, sum = 0.0, norm, alpha, scale;

    for (size_t i = k + 1; i < n; i++) {
        v[i] = a[i * n + k];
        largest = fmax(largest, fabs(v[i]));
    }
    if (!(largest > 0.0)) {
        memset(v + k + 1, 0, (n - k - 1) * sizeof *v);
        return 0.0;
    }
    for (size_t i = k + 1; i < n; i++) {
        v[i] /= largest;
        sum += v[i] * v[i];
    }
    norm = sqrt(sum);
    alpha = v[k + 1] > 0.0 ? -norm : norm;
    scale = 1.0 / sqrt(norm * (norm + fabs(v[k + 1])));
    v[k + 1] -= alpha;
    for (size_t i = k + 1; i < n; i++) {
        v[i] *= scale;
    }
    return alpha * largest;
}

/* A <- (I - v v') A (I - v v') = A - v w' - w v' on rows and columns from `from`. */
static void reflect(size_t n, double a[], size_t from, const double v[], double w[])
{
    double half = 0.0;

    for (size_t i = from; i < n; i++) {
        double sum = 0.0;

        for (size_t j = from; j <= i; j++) {
            sum += a[i * n + j] * v[j];
        }
        for (size_t j = i + 1; j < n; j++) {
            sum += a[j * n + i] * v[j];
        }
        w[i] = sum;
        half += 0.5 * sum * v[i];
    }
    for (size_t i = from; i < n; i++) {
        w[i] -= half * v[i];
    }
    for (size_t i = from; i < n; i++) {
        for (size_t j = from; j <= i; j++) {
            a[i * n + j] -= v[i] * w[j] + w[i] * v[j];
        }
    }
}

/* Rows of `vector` <- product of the reflectors, which stand in the columns of a. */
static void collect(size_t n, const double a[], double vector[])
{
    memset(vector, 0, n * n * sizeof *vector);
    for (size_t i = 0; i < n; i++) {
        vector[i * n + i] = 1.0;
    }
    for (size_t k = n - 2; k-- > 0;) {
        for (size_t row = k + 1; row < n; row++) {
            double *z = &vector[row * n], dot = 0.0;

            for (size_t i = k + 1; i < n; i++) {
                dot += z[i] * a[i * n + k];
            }
            for (size_t i = k + 1; i < n; i++) {
                z[i] -= dot * a[i * n + k];
            }
        }
    }
}

/* Three diagonals d, e with A = Z'T Z, Z the rows of vector. */
static void reduce(size_t n, double a[], double d[], double e[], double vector[],
                   double v[])
{
    for (size_t k = 0; k + 2 < n; k++) {
        e[k] = make_reflector(n, a, k, v);
        reflect(n, a, k + 1, v, d);
        for (size_t i = k + 1; i < n; i++) {
            a[i * n + k] = v[i];
        }
    }
    if (n > 1) {
        e[n - 2] = a[(n - 1) * n + n - 2];
        collect(n, a, vector);
    } else {
        vector[0] = 1.0;
    }
    for (size_t i = 0; i < n; i++) {
        d[i] = a[i * n + i];
    }
}

static void rotate_rows(size_t n, double c, double s, double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        double t = x[i];

        x[i] = c * t + s * y[i];
        y[i] = c * y[i] - s * t;
    }
}

/* One QR step on the unreduced rows lo .. hi. */
static void step(size_t n, double d[], double e[], size_t lo, size_t hi,
                 double vector[])
{
    double last = e[hi - 1], delta = (d[hi - 1] - d[hi]) / 2.0;
    double away = delta + copysign(hypot(delta, last), delta);
    double x = d[lo] - (d[hi] - last / away * last), z = e[lo];

    for (size_t k = lo; k < hi; k++) {
        double r = hypot(x, z), c = r > 0.0 ? x / r : 1.0, s = r > 0.0 ? z / r : 0.0;
        double dk = d[k], ek = e[k], next = d[k + 1];
        double cross = 2.0 * c * s * ek;

        if (k > lo) {
            e[k - 1] = r;
        }
        d[k] = c * c * dk + cross + s * s * next;
        d[k + 1] = s * s * dk - cross + c * c * next;
        e[k] = c * s * (next - dk) + (c * c - s * s) * ek;
        if (k + 1 < hi) {
            x = e[k];
            z = s * e[k + 1];
            e[k + 1] *= c;
        }
        rotate_rows(n, c, s, &vector[k * n], &vector[(k + 1) * n]);
    }
}

static bool is_small(const double d[], const double e[], size_t i)
{
    return fabs(e[i]) <= DBL_EPSILON * (fabs(d[i]) + fabs(d[i + 1]));
}

bool mtp_symmetric_eigen(size_t n, double a[], double value[], double vector[],
                         double work[])
{
    double *e = work;
    size_t hi = n - 1, steps = 0;

    for (size_t i = 0; i < n * n; i++) {
        if (i % n <= i / n && !isfinite(a[i])) {
            return false;
        }
    }
    reduce(n, a, value, e, vector, work + n);
    while (hi > 0) {
        size_t lo = hi;

        while (lo > 0 && !is_small(value, e, lo - 1)) {
            lo--;
        }
        if (lo == hi) {
            hi--;
            steps = 0;
        } else if (steps++ < MAX_STEPS) {
            step(n, value, e, lo, hi, vector);
        } else {
            return false;
        }
    }
    return true;
}
