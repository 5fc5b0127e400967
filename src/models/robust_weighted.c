/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The adjustment of CR2 where weights are not inverse variances, from the formulas of
 * robust_root.h. With the columns U = Phi^{1/2} (P, Phi W P) and M = P'WP
 *   S = Phi^2 + U K U',   K^-1 = (0 -M; -M -N),
 * so that with E = Phi^2 + t
 *   (S + t)^-1 = E^-1 - E^-1 U (K^-1 + U'E^-1 U)^-1 U'E^-1:
 * the contour integral takes systems of 2 p equations. The terms cancel where the
 * cluster holds most of what is known; double-double keeps the digits of a double.
 * Where S is singular, its null space Phi^{-1/2} W P u, (I - G) u = 0, is made another
 * eigenspace: columns Z of U with sigma in K. */
#include "core/error.h"
#include "models/robust_contour.h"
#include "models/robust_root.h"

#include <math.h>
#include <string.h>

/* One cluster; r = 2 p + null columns. */
typedef struct weighted {
    size_t n, p, r, null;
    const double *phi, *w, *P; /* [n], [n], [n * p] */
    const mtp_dd *x;           /* [n * p] X where T is of it, or NULL */
    mtp_dd *B;                 /* [n * p] Phi^{1/2} W P or Phi^{1/2} W X */
    mtp_dd *U;                 /* [n * r], the last columns Z of length 1 */
    mtp_dd *K;                 /* [r * r] K^-1 */
    mtp_dd *J;                 /* [r * r] K^-1 + U'E^-1 U */
    mtp_dd *X;                 /* [r * p] solved */
    mtp_dd *T;                 /* [n * p] */
} weighted;

static bool make_room(mtp_arena *scratch, size_t n, size_t r, weighted *c)
{
    c->r = r;
    c->B = mtp_arena_alloc(scratch, n, c->p * sizeof *c->B);
    c->U = mtp_arena_zalloc(scratch, n, r * sizeof *c->U);
    c->K = mtp_arena_zalloc(scratch, r, r * sizeof *c->K);
    c->J = mtp_arena_alloc(scratch, r, r * sizeof *c->J);
    c->X
    = mtp_arena_alloc(scratch, r, r * sizeof *c->X);
    c->T = mtp_arena_zalloc(scratch, n, c->p * sizeof *c->T);
    return c->B && c->U && c->K && c->J && c->X
    &&c->T;
}

/* A column of U made orthogonal to those before it of Z, and of length 1. */
static void normalize(weighted *c, size_t column)
{
    mtp_dd length = {0.0, 0.0};

    for (size_t b = 2 * c->p; b < column; b++) {
        mtp_dd dot = {0.0, 0.0};

        for (size_t i = 0; i < c->n; i++) {
            dot = mtp_dd_add(dot,
                             mtp_dd_mul(c->U[i * c->r + b], c->U[i * c->r + column]));
        }
        for (size_t i = 0; i < c->n; i++) {
            c->U[i * c->r + column] = mtp_dd_sub(c->U[i * c->r + column],
                                                 mtp_dd_mul(dot, c->U[i * c->r + b]));
        }
    }
    for (size_t i = 0; i < c->n; i++) {
        length = mtp_dd_add(length, mtp_dd_sqr(c->U[i * c->r + column]));
    }
    length = mtp_dd_sqrt(length);
    for (size_t i = 0; i < c->n; i++) {
        c->U[i * c->r + column] = mtp_dd_div(c->U[i * c->r + column], length);
    }
}

/* Z from the eigenvectors of I - G whose eigenvalues count as 0. */
static void add_null_space(weighted *c, const double value[], const double vector[])
{
    size_t column = 2 * c->p;

    for (size_t v = 0; v < c->p; v++) {
        if (value[v] > MTP_ROBUST_NOTHING) {
            continue;
        }
        for (size_t i = 0; i < c->n; i++) {
            mtp_dd sum = {0.0, 0.0};

            for (size_t a = 0; a < c->p; a++) {
                sum = mtp_dd_add(
                    sum, mtp_dd_two_prod(c->P[i * c->p + a], vector[v * c->p + a]));
            }
            c->U[i * c->r + column] = mtp_dd_div(mtp_dd_mul_d(sum, c->w[i]),
                                                 mtp_dd_sqrt(mtp_dd_from(c->phi[i])));
        }
        normalize(c, column++);
    }
}

/* The diagonal of S added up. */
static double trace_of(const weighted *c, const mtp_robust_whole *whole)
{
    double trace = 0.0;

    for (size_t i = 0; i < c->n; i++) {
        const double *row = &c->P[i * c->p];
        double dot = 0.0, form = 0.0;

        for (size_t a = 0; a < c->p; a++) {
            dot += row[a] * row[a];
            for (size_t b = 0; b < c->p; b++) {
                form += row[a] * mtp_dd_to(whole->noise[a * c->p + b]) * row[b];
            }
        }
        trace += c->phi[i] * (c->phi[i] + 2.0 * dot * c->w[i] * c->phi[i] + form);
    }
    return trace;
}

static void make_system(weighted *c, const mtp_robust_whole *whole, double sigma)
{
    size_t p = c->p, r = c->r;

    for (size_t i = 0; i < c->n; i++) {
        mtp_dd root = mtp_dd_sqrt(mtp_dd_from(c->phi[i]));

        for (size_t a = 0; a < p; a++) {
            mtp_dd b = mtp_dd_mul(root, mtp_dd_two_prod(c->w[i], c->P[i * p + a]));

            c->U[i * r + a] = mtp_dd_mul_d(root, c->P[i * p + a]);
            c->U[i * r + p + a] = mtp_dd_mul_d(b, c->phi[i]);
            c->B[i * p + a] =
                c->x ? mtp_dd_mul(root, mtp_dd_mul_d(c->x[i * p + a], c->w[i])) : b;
        }
    }
    for (size_t a = 0; a < p; a++) {
        for (size_t b = 0; b < p; b++) {
            mtp_dd gram =
                mtp_dd_neg(whole->gram[(a > b ? a : b) * p + (a > b ? b : a)]);

            c->K[a * r + p + b] = c->K[(p + b) * r + a] = gram;
            c->K[(p + a) * r + p + b] = mtp_dd_neg(whole->noise[a * p + b]);
        }
    }
    for (size_t z = 2 * p; z < r; z++) {
        c->K[z * r + z] = mtp_dd_inv(mtp_dd_from(sigma));
    }
}

/* A X = B for B [r * m] in X, by elimination with the largest pivot of rows that were
 * brought to one size; A is used up. */
static bool solve(size_t r, mtp_dd A[], size_t m, mtp_dd X[])
{
    for (size_t j = 0; j < r; j++) {
        size_t best = j;

        for (size_t i = j + 1; i < r; i++) {
            best = fabs(A[i * r + j].hi) > fabs(A[best * r + j].hi) ? i : best;
        }
        if (!(fabs(A[best * r + j].hi) > 0.0) || !isfinite(A[best * r + j].hi)) {
            return false;
        }
        for (size_t l = 0; l < r && best != j; l++) {
            mtp_dd kept = A[j * r + l];

            A[j * r + l] = A[best * r + l];
            A[best * r + l] = kept;
        }
        for (size_t l = 0; l < m && best != j; l++) {
            mtp_dd kept = X
            [j * m + l];

            X
            [j * m + l] = X
            [best * m + l];
            X
            [best * m + l] = kept;
        }
        for (size_t i = j + 1; i < r; i++) {
            mtp_dd f = mtp_dd_div(A[i * r + j], A[j * r + j]);

            for (size_t l = j + 1; l < r; l++) {
                A[i * r + l] = mtp_dd_sub(A[i * r + l], mtp_dd_mul(f, A[j * r + l]));
            }
            for (size_t l = 0; l < m; l++) {
                X
                [i * m + l] = mtp_dd_sub(X[i * m + l], mtp_dd_mul(f, X[j * m + l]));
            }
        }
    }
    for (size_t j = r; j-- > 0;) {
        for (size_t l = 0; l < m; l++) {
            mtp_dd sum = X
            [j * m + l];

            for (size_t i = j + 1; i < r; i++) {
                sum = mtp_dd_sub(sum, mtp_dd_mul(A[j * r + i], X[i * m + l]));
            }
            X
            [j * m + l] = mtp_dd_div(sum, A[j * r + j]);
        }
    }
    return true;
}

/* J at t; its right sides are U'E^-1 B, or the identity. */
static void make_equations(weighted *c, double t, bool invert)
{
    size_t p = c->p, r = c->r, m = invert ? r : p;

    memcpy(c->J, c->K, r * r * sizeof *c->J);
    memset(c->X, 0, r * m * sizeof *c->X);
    for (size_t i = 0; i < c->n; i++) {
        mtp_dd e = mtp_dd_add(mtp_dd_two_prod(c->phi[i], c->phi[i]), mtp_dd_from(t));

        for (size_t a = 0; a < r; a++) {
            mtp_dd ue = mtp_dd_div(c->U[i * r + a], e);

            for (size_t b = 0; b < r; b++) {
                c->J[a * r + b] =
                    mtp_dd_add(c->J[a * r + b], mtp_dd_mul(ue, c->U[i * r + b]));
            }
            for (size_t b = 0; b < p && !invert; b++) {
                c->X
                [a * p + b] =
                    mtp_dd_add(c->X[a * p + b], mtp_dd_mul(ue, c->B[i * p + b]));
            }
        }
    }
    for (size_t a = 0; a < r && invert; a++) {
        c->X
        [a * r + a] = mtp_dd_from(1.0);
    }
}

/* Rows of one size, so that pivots can be compared. */
static void equilibrate(size_t r, mtp_dd A[], size_t m, mtp_dd X[])
{
    for (size_t i = 0; i < r; i++) {
        double most = 0.0;
        int power;

        for (size_t j = 0; j < r; j++) {
            most = fmax(most, fabs(A[i * r + j].hi));
        }
        (void)frexp(most, &power);
        for (size_t j = 0; j < r; j++) {
            A[i * r + j] = mtp_dd_ldexp(A[i * r + j], -power);
        }
        for (size_t j = 0; j < m; j++) {
            X
            [i * m + j] = mtp_dd_ldexp(X[i * m + j], -power);
        }
    }
}

/* The trace of S^-1, of which the smallest eigenvalue of S is not smaller than one. */
static bool trace_of_inverse(weighted *c, double *trace)
{
    mtp_dd sum = {0.0, 0.0};
    size_t r = c->r;

    make_equations(c, 0.0, true);
    equilibrate(r, c->J, r, c->X);
    if (!solve(r, c->J, r, c->X)) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        mtp_dd e = mtp_dd_two_prod(c->phi[i], c->phi[i]);
        mtp_dd form = {0.0, 0.0};

        for (size_t a = 0; a < r; a++) {
            for (size_t b = 0; b < r; b++) {
                mtp_dd uu = mtp_dd_mul(c->U[i * r + a], c->U[i * r + b]);

                form = mtp_dd_add(form, mtp_dd_mul(uu, c->X[a * r + b]));
            }
        }
        form = mtp_dd_sub(mtp_dd_from(1.0), mtp_dd_div(form, e));
        sum = mtp_dd_add(sum, mtp_dd_div(form, e));
    }
    *trace = mtp_dd_to(sum);
    return *trace > 0.0 && isfinite(*trace);
}

/* T += weight (S + t)^-1 B. */
static bool add_node(weighted *c, double t, double weight)
{
    size_t p = c->p, r = c->r;

    make_equations(c, t, false);
    equilibrate(r, c->J, p, c->X);
    if (!solve(r, c->J, p, c->X)) {
        return false;
    }
    for (size_t i = 0; i < c->n; i++) {
        mtp_dd e = mtp_dd_add(mtp_dd_two_prod(c->phi[i], c->phi[i]), mtp_dd_from(t));

        for (size_t a = 0; a < p; a++) {
            mtp_dd sum = c->B[i * p + a], *to = &c->T[i * p + a];

            for (size_t l = 0; l < r; l++) {
                sum = mtp_dd_sub(sum, mtp_dd_mul(c->U[i * r + l], c->X[l * p + a]));
            }
            *to = mtp_dd_add(*to, mtp_dd_mul_d(mtp_dd_div(sum, e), weight));
        }
    }
    return true;
}

/* Without what lies along Z, and times Phi^{1/2}. */
static void finish(weighted *c, double T[])
{
    size_t p = c->p, r = c->r;

    for (size_t z = 2 * p; z < r; z++) {
        for (size_t a = 0; a < p; a++) {
            mtp_dd dot = {0.0, 0.0};

            for (size_t i = 0; i < c->n; i++) {
                dot = mtp_dd_add(dot, mtp_dd_mul(c->U[i * r + z], c->T[i * p + a]));
            }
            for (size_t i = 0; i < c->n; i++) {
                c->T[i * p + a] =
                    mtp_dd_sub(c->T[i * p + a], mtp_dd_mul(dot, c->U[i * r + z]));
            }
        }
    }
    for (size_t i = 0; i < c->n * p; i++) {
        T[i] = mtp_dd_to(c->T[i]) * sqrt(c->phi[i / p]);
    }
}

static mtp_status integrate(weighted *c, double high, mtp_arena *scratch, double T[],
                            mtp_error *err)
{
    mtp_contour *contour = MTP_ARENA_NEW(scratch, mtp_contour);
    double trace = 0.0;
    bool good;

    if (!contour) {
        return mtp_fail_nomem(err);
    }
    good = trace_of_inverse(c, &trace);
    if (good) {
        mtp_contour_make(1.0 / trace, high, contour);
    }
    for (size_t i = 0; good && i < contour->n; i++) {
        good = add_node(c, contour->node[i], contour->weight[i]);
    }
    if (!good) {
        return mtp_fail(err, MTP_E_DATA, "the working variances are too far apart");
    }
    finish(c, T);
    return MTP_OK;
}

mtp_status mtp_robust_adjust_weighted(const mtp_robust_whole *whole, size_t cluster,
                                      bool of_x, mtp_arena *scratch, double T[],
                                      bool *singular, mtp_error *err)
{
    const mtp_robust_frame *f = whole->frame;
    size_t begin = f->start[cluster], p = f->p;
    weighted c = {.n = f->start[cluster + 1] - begin,
                  .p = p,
                  .phi = f->phi + begin,
                  .w = f->w + begin,
                  .P = f->P + begin * p,
                  .x = of_x ? f->x + begin * p : NULL};
    double *rest = mtp_arena_alloc(scratch, p, (2 * p + 1) * sizeof *rest), high;
    double *vector = rest ? rest + p * p : NULL, *value = rest ? vector + p * p : NULL;
    mtp_status status =
        rest ? mtp_robust_rest(whole, cluster, scratch, rest, value, vector, err)
             : mtp_fail_nomem(err);

    if (status != MTP_OK) {
        return status;
    }
    for (size_t v = 0; v < p; v++) {
        c.null += !(value[v] > MTP_ROBUST_NOTHING);
    }
    *singular = c.null > 0;
    if (!make_room(scratch, c.n, 2 * p + c.null, &c)) {
        return mtp_fail_nomem(err);
    }
    high = trace_of(&c, whole);
    add_null_space(&c, value, vector);
    make_system(&c, whole, high);
    return integrate(&c, 2.0 * high, scratch, T, err);
}
