/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The matrix by which cr2 adjusts the residuals of a cluster. */
#include "explain/robust.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST = MTP_ROBUST_WORKED_MAX, SWEEPS = 60 };

/* A rotation that makes B_pq 0; Z keeps the product of all. */
static void rotate(size_t n, double B[], double Z[], size_t p, size_t q)
{
    double theta = (B[q * n + q] - B[p * n + p]) / (2.0 * B[p * n + q]);
    double t = copysign(1.0, theta) / (fabs(theta) + sqrt(theta * theta + 1.0));
    double c = 1.0 / sqrt(t * t + 1.0), s = t * c, turn = t * B[p * n + q];

    B[p * n + p] -= turn;
    B[q * n + q] += turn;
    B[p * n + q] = B[q * n + p] = 0.0;
    for (size_t i = 0; i < n; i++) {
        double zp = Z[i * n + p], zq = Z[i * n + q];

        Z[i * n + p] = c * zp - s * zq;
        Z[i * n + q] = s * zp + c * zq;
        if (i != p && i != q) {
            double bp = B[i * n + p], bq = B[i * n + q];

            B[i * n + p] = B[p * n + i] = c * bp - s * bq;
            B[i * n + q] = B[q * n + i] = s * bp + c * bq;
        }
    }
}

void mtp_robust_take_variances(const mtp_explain_robust *r, size_t g,
                               mtp_robust_matrices *of)
{
    for (size_t i = 0; i < of->n * of->n; i++) {
        size_t a = r->start[g] + i / of->n, b = r->start[g] + i % of->n;

        of->V[i] = r->nested ? mtp_robust_covariance(r, a, b)
                   : a == b  ? r->phi[a]
                             : 0.0;
    }
}

/* V = L L'. */
static void factor(const mtp_robust_matrices *of, double L[])
{
    size_t n = of->n;

    for (size_t j = 0; j < n; j++) {
        for (size_t i = j; i < n; i++) {
            double rest = of->V[i * n + j];

            for (size_t m = 0; m < j; m++) {
                rest -= L[i * n + m] * L[j * n + m];
            }
            L[i * n + j] = i == j ? sqrt(rest) : rest / L[j * n + j];
        }
    }
}

/* Z <- L Z. */
static void multiply(size_t n, const double L[], double Z[])
{
    for (size_t i = n; i-- > 0;) {
        for (size_t v = 0; v < n; v++) {
            double sum = 0.0;

            for (size_t m = 0; m <= i; m++) {
                sum += L[i * n + m] * Z[m * n + v];
            }
            Z[i * n + v] = sum;
        }
    }
}

/* With V = L L' and B = L'C L, A = L B^{-1/2} L' (robust.h). Jacobi's rotations keep
 * the digits of small eigenvalues of a positive definite matrix whose rows are of
 * different size: Demmel & Veselic (1992), SIAM J Matrix Anal Appl 13:1204-1245,
 * doi:10.1137/0613074. */
void mtp_robust_find_root(mtp_robust_matrices *of)
{
    size_t n = of->n;
    double B[MOST * MOST], L[MOST * MOST] = {0.0}, Z[MOST * MOST] = {0.0};
    bool turned = true;

    factor(of, L);
    for (size_t i = 0; i < n * n; i++) {
        Z[i] = i / n == i % n ? 1.0 : 0.0;
        B[i] = 0.0;
        for (size_t a = i / n; a < n; a++) {
            for (size_t b = i % n; b < n; b++) {
                B[i] += L[a * n + i / n] * of->C[a * n + b] * L[b * n + i % n];
            }
        }
    }
    for (int sweep = 0; turned && sweep < SWEEPS; sweep++) {
        turned = false;
        for (size_t p = 0; p < n; p++) {
            for (size_t q = p + 1; q < n; q++) {
                double limit = DBL_EPSILON * sqrt(B[p * n + p] * B[q * n + q]);

                if (fabs(B[p * n + q]) > limit) {
                    rotate(n, B, Z, p, q);
                    turned = true;
                }
            }
        }
    }
    multiply(n, L, Z);
    for (size_t i = 0; i < n * n; i++) {
        of->A[i] = 0.0;
        for (size_t v = 0; v < n; v++) {
            of->A[i] += Z[i / n * n + v] / sqrt(B[v * n + v]) * Z[i % n * n + v];
        }
    }
}

mtp_figure mtp_robust_root_of(const mtp_robust_matrices *of, size_t i, size_t j)
{
    size_t n = of->n;
    double most = 1.0, a = of->A[i * n + j];

    for (size_t l = 0; l < n; l++) {
        most = fmax(most, of->A[l * n + l]);
    }
    return (mtp_figure){
        a, fmax(DBL_EPSILON, of->rounding) *
               (most * most * fabs(a) + sqrt(of->A[i * n + i] * of->A[j * n + j]))};
}

static void swap_rows(size_t n, double E[], double x[], size_t a, size_t b)
{
    double kept = x[a];

    x[a] = x[b];
    x[b] = kept;
    for (size_t j = 0; j < n; j++) {
        kept = E[a * n + j];
        E[a * n + j] = E[b * n + j];
        E[b * n + j] = kept;
    }
}

/* x <- E^-1 x by elimination with the largest pivots, so that E x is right to rounding,
 * however nearly singular E is. */
static void solve(const mtp_robust_matrices *of, double x[])
{
    size_t n = of->n;
    double E[MOST * MOST];

    memcpy(E, of->E, sizeof E);
    for (size_t j = 0; j < n; j++) {
        size_t best = j;

        for (size_t i = j + 1; i < n; i++) {
            best = fabs(E[i * n + j]) > fabs(E[best * n + j]) ? i : best;
        }
        swap_rows(n, E, x, j, best);
        for (size_t i = j + 1; i < n; i++) {
            double factor = E[i * n + j] / E[j * n + j];

            for (size_t m = j; m < n; m++) {
                E[i * n + m] -= factor * E[j * n + m];
            }
            x[i] -= factor * x[j];
        }
    }
    for (size_t j = n; j-- > 0;) {
        for (size_t m = j + 1; m < n; m++) {
            x[j] -= E[j * n + m] * x[m];
        }
        x[j] /= E[j * n + j];
    }
}

static double largest(size_t n, const double x[])
{
    double most = 0.0;

    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(x[i]));
    }
    return most;
}

double mtp_robust_solve(const mtp_robust_matrices *of, double x[])
{
    size_t n = of->n;
    double inverse = 0.0;

    for (size_t j = 0; j < n; j++) {
        double column[MOST] = {0.0};

        column[j] = 1.0;
        solve(of, column);
        inverse = fmax(inverse, largest(n, column));
    }
    solve(of, x);
    return (double)(n * n) * DBL_EPSILON * largest(n * n, of->A) *
           largest(n * n, of->C) * inverse * largest(n, x);
}
