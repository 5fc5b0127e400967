/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/robust_root.h"

#include "core/error.h"
#include "models/robust_contour.h"
#include "num/cholesky.h"
#include "num/symmetric.h"

#include <math.h>
#include <string.h>

static const double NOTHING = MTP_ROBUST_NOTHING;

/* One cluster. */
typedef struct cluster_rows {
    size_t n, p;
    const double *phi, *w, *P; /* [n], [n], [n * p] */
    const mtp_dd *x;           /* [n * p] X */
    double *Q;                 /* [n * p] */
    double *B;                 /* [n * p] Q, or W^{1/2} X */
    double *rest;              /* [p * p] I - G */
    double *value, *vector;    /* its eigenvalues [p] and eigenvectors [p * p] */
} cluster_rows;

/* Add w P P' of rows begin .. end. */
static void add_gram(const mtp_robust_frame *f, size_t begin, size_t end, mtp_dd gram[])
{
    size_t p = f->p;

    for (size_t i = begin; i < end; i++) {
        const double *row = &f->P[i * p];

        for (size_t a = 0; a < p; a++) {
            mtp_dd wa = mtp_dd_two_prod(f->w[i], row[a]);

            for (size_t b = 0; b <= a; b++) {
                mtp_dd *at = &gram[a * p + b];

                *at = mtp_dd_add(*at, mtp_dd_mul_d(wa, row[b]));
            }
        }
    }
}

/* Add w^2 phi P P' of all rows: N. */
static void add_noise(const mtp_robust_frame *f, mtp_dd noise[])
{
    size_t p = f->p;

    for (size_t i = 0; i < f->k; i++) {
        const double *row = &f->P[i * p];
        mtp_dd c = mtp_dd_mul_d(mtp_dd_two_prod(f->w[i], f->w[i]), f->phi[i]);

        for (size_t ab = 0; ab < p * p; ab++) {
            mtp_dd term = mtp_dd_mul(c, mtp_dd_two_prod(row[ab / p], row[ab % p]));

            noise[ab] = mtp_dd_add(noise[ab], term);
        }
    }
}

mtp_status mtp_robust_whole_make(const mtp_robust_frame *frame, mtp_arena *arena,
                                 mtp_robust_whole *whole, mtp_error *err)
{
    size_t p = frame->p;

    whole->frame = frame;
    whole->gram = mtp_arena_zalloc(arena, p, p * sizeof *whole->gram);
    whole->noise = mtp_arena_zalloc(arena, p, p * sizeof *whole->noise);
    if (!whole->gram || !whole->noise) {
        return mtp_fail_nomem(err);
    }
    add_gram(frame, 0, frame->k, whole->gram);
    if (!frame->inverse) {
        add_noise(frame, whole->noise);
    }
    return MTP_OK;
}

mtp_status mtp_robust_rest(const mtp_robust_whole *whole, size_t cluster,
                           mtp_arena *scratch, double rest[], double value[],
                           double vector[], mtp_error *err)
{
    const mtp_robust_frame *f = whole->frame;
    size_t p = f->p;
    mtp_dd *own = mtp_arena_zalloc(scratch, p, p * sizeof *own);
    double *copy = mtp_arena_alloc(scratch, p, p * sizeof *copy);
    double *work = mtp_arena_alloc(scratch, p, 2 * sizeof *work);

    if (!own || !copy || !work) {
        return mtp_fail_nomem(err);
    }
    add_gram(f, f->start[cluster], f->start[cluster + 1], own);
    for (size_t a = 0; a < p; a++) {
        for (size_t b = 0; b <= a; b++) {
            rest[a * p + b] = rest[b * p + a] =
                mtp_dd_to(mtp_dd_sub(whole->gram[a * p + b], own[a * p + b]));
        }
    }
    memcpy(copy, rest, p * p * sizeof *copy);
    return mtp_symmetric_eigen(p, copy, value, vector, work)
               ? MTP_OK
               : mtp_fail(err, MTP_E_DATA, "the moderators are too far apart");
}

static bool all_alike(const cluster_rows *c)
{
    for (size_t i = 1; i < c->n; i++) {
        if (c->phi[i] < c->phi[0] || c->phi[i] > c->phi[0]) {
            return false;
        }
    }
    return true;
}

/* T = W P (I - G)^{+1/2}. */
static void adjust_alike(const cluster_rows *c, double T[])
{
    size_t p = c->p;

    memset(T, 0, c->n * p * sizeof *T);
    for (size_t i = 0; i < c->n; i++) {
        for (size_t v = 0; v < p; v++) {
            const double *u = &c->vector[v * p];
            double dot = 0.0;

            for (size_t a = 0; a < p && c->value[v] > NOTHING; a++) {
                dot += c->P[i * p + a] * u[a];
            }
            dot *= c->value[v] > NOTHING ? c->w[i] / sqrt(c->value[v]) : 0.0;
            for (size_t a = 0; a < p; a++) {
                T[i * p + a] += dot * u[a];
            }
        }
    }
}

/* Row i of Q u. */
static double along(const cluster_rows *c, size_t i, const double u[])
{
    double dot = 0.0;

    for (size_t a = 0; a < c->p; a++) {
        dot += c->Q[i * c->p + a] * u[a];
    }
    return dot;
}

/* T = W^{1/2} (B + Q h(G) Q'B); h = -1 / g takes the null space of S away. */
static void adjust_alike_x(const cluster_rows *c, double T[])
{
    size_t n = c->n, p = c->p;

    memcpy(T, c->B, n * p * sizeof *T);
    for (size_t v = 0; v < p; v++) {
        const double *u = &c->vector[v * p];
        double rest = c->value[v], root = sqrt(fmax(rest, 0.0));
        double h = rest > NOTHING ? 1.0 / (root * (1.0 + root)) : -1.0 / (1.0 - rest);

        for (size_t a = 0; a < p; a++) {
            double dot = 0.0;

            for (size_t i = 0; i < n; i++) {
                dot += along(c, i, u) * c->B[i * p + a];
            }
            for (size_t i = 0; i < n; i++) {
                T[i * p + a] += h * dot * along(c, i, u);
            }
        }
    }
    for (size_t i = 0; i < n * p; i++) {
        T[i] *= sqrt(c->w[i / p]);
    }
}

/* Remove from each column of B [n * p] what lies along z of length 1. */
static void project(size_t n, size_t p, const double z[], double B[])
{
    for (size_t a = 0; a < p; a++) {
        double dot = 0.0;

        for (size_t i = 0; i < n; i++) {
            dot += z[i] * B[i * p + a];
        }
        for (size_t i = 0; i < n; i++) {
            B[i * p + a] -= dot * z[i];
        }
    }
}

/* An orthonormal basis of the null space of S, row by row; returns its dimension.
 * S Phi^-1 Q u = 0 where (I - G) u = 0. */
static size_t find_null_space(const cluster_rows *c, double basis[])
{
    size_t found = 0;

    for (size_t v = 0; v < c->p; v++) {
        double *z = &basis[found * c->n], length = 0.0;

        if (c->value[v] > NOTHING) {
            continue;
        }
        for (size_t i = 0; i < c->n; i++) {
            z[i] = along(c, i, &c->vector[v * c->p]) / c->phi[i];
        }
        for (size_t b = 0; b < found; b++) {
            project(c->n, 1, &basis[b * c->n], z);
        }
        for (size_t i = 0; i < c->n; i++) {
            length += z[i] * z[i];
        }
        for (size_t i = 0; i < c->n; i++) {
            z[i] /= sqrt(length);
        }
        found++;
    }
    return found;
}

/* Room for one node of the contour. */
typedef struct node_room {
    double *L, *H; /* [p * p] */
} node_room;

/* F += weight (S + t)^-1 B, S = Phi^2 - (Phi Q)(Phi Q)', E = Phi^2 + t:
 *   (S + t)^-1 = E^-1 + E^-1 Phi Q K^-1 Q'Phi E^-1,  K = I - Q'Phi^2 E^-1 Q
 *              = (I - G) + t Q'E^-1 Q, a sum without cancellation. */
static bool add_node(const cluster_rows *c, double t, double weight, const double B[],
                     node_room *room, double F[])
{
    size_t n = c->n, p = c->p;

    memcpy(room->L, c->rest, p * p * sizeof *room->L);
    memset(room->H, 0, p * p * sizeof *room->H);
    for (size_t i = 0; i < n; i++) {
        const double *q = &c->Q[i * p], *b = &B[i * p];
        double e = c->phi[i] * c->phi[i] + t, te = t / e, pe = c->phi[i] / e;

        for (size_t a = 0; a < p; a++) {
            for (size_t d = 0; d < p; d++) {
                room->L[a * p + d] += te * q[a] * q[d];
                room->H[d * p + a] += pe * q[a] * b[d]; /* columns as rows */
            }
        }
    }
    if (!mtp_cholesky(p, room->L)) {
        return false;
    }
    for (size_t d = 0; d < p; d++) {
        mtp_cholesky_solve(p, room->L, &room->H[d * p]);
    }
    for (size_t i = 0; i < n; i++) {
        double e = c->phi[i] * c->phi[i] + t;

        for (size_t d = 0; d < p; d++) {
            double sum = 0.0;

            for (size_t a = 0; a < p; a++) {
                sum += c->Q[i * p + a] * room->H[d * p + a];
            }
            F[i * p + d] += weight / e * (B[i * p + d] + c->phi[i] * sum);
        }
    }
    return true;
}

/* T = Phi^{1/2} S^{+1/2} B by the contour integral over the eigenvalues of S, which lie
 * between the smallest phi^2 times that of I - G and the largest phi^2. */
static mtp_status adjust_unlike(const cluster_rows *c, mtp_arena *scratch, double T[],
                                mtp_error *err)
{
    size_t n = c->n, p = c->p;
    double low = c->phi[0], high = c->phi[0], rest = 1.0;
    double *B = mtp_arena_alloc(scratch, n, p * sizeof *B);
    double *z = mtp_arena_alloc(scratch, n, p * sizeof *z);
    size_t null;
    mtp_contour *contour = MTP_ARENA_NEW(scratch, mtp_contour);
    node_room room = {mtp_arena_alloc(scratch, p, p * sizeof(double)),
                      mtp_arena_alloc(scratch, p, p * sizeof(double))};

    if (!B || !z || !contour || !room.L || !room.H) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, c->phi[i]);
        high = fmax(high, c->phi[i]);
    }
    for (size_t v = 0; v < p; v++) {
        rest = c->value[v] > NOTHING ? fmin(rest, c->value[v]) : rest;
    }
    memcpy(B, c->B, n * p * sizeof *B);
    null = find_null_space(c, z);
    for (size_t b = 0; b < null; b++) {
        project(n, p, &z[b * n], B);
    }
    memset(T, 0, n * p * sizeof *T);
    mtp_contour_make(low * low * rest, high * high, contour);
    for (size_t i = 0; i < contour->n; i++) {
        if (!add_node(c, contour->node[i], contour->weight[i], B, &room, T)) {
            return mtp_fail(err, MTP_E_DATA, "the working variances are too far apart");
        }
    }
    for (size_t b = 0; b < null; b++) {
        project(n, p, &z[b * n], T);
    }
    for (size_t i = 0; i < n * p; i++) {
        T[i] *= sqrt(c->phi[i / p]);
    }
    return MTP_OK;
}

/* Where weights are inverse variances. */
static mtp_status adjust_inverse(const mtp_robust_whole *whole, size_t cluster,
                                 bool of_x, cluster_rows *c, mtp_arena *scratch,
                                 double T[], bool *singular, mtp_error *err)
{
    size_t n = c->n, p = c->p;
    mtp_status status;

    c->Q = mtp_arena_alloc(scratch, n, p * sizeof *c->Q);
    c->B = of_x ? mtp_arena_alloc(scratch, n, p * sizeof *c->B) : c->Q;
    c->rest = mtp_arena_alloc(scratch, p, p * sizeof *c->rest);
    c->vector = mtp_arena_alloc(scratch, p, p * sizeof *c->vector);
    c->value = MTP_ARENA_ARRAY(scratch, p, double);
    if (!c->Q || !c->B || !c->rest || !c->vector || !c->value) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < n * p; i++) {
        c->Q[i] = sqrt(c->w[i / p]) * c->P[i];
    }
    for (size_t i = 0; of_x && i < n * p; i++) {
        c->B[i] = sqrt(c->w[i / p]) * mtp_dd_to(c->x[i]);
    }
    status =
        mtp_robust_rest(whole, cluster, scratch, c->rest, c->value, c->vector, err);
    *singular = false;
    for (size_t v = 0; status == MTP_OK && v < p; v++) {
        *singular = *singular || !(c->value[v] > NOTHING);
    }
    if (status == MTP_OK && all_alike(c)) {
        (of_x ? adjust_alike_x : adjust_alike)(c, T);
    } else if (status == MTP_OK) {
        status = adjust_unlike(c, scratch, T, err);
    }
    return status;
}

mtp_status mtp_robust_adjust(const mtp_robust_whole *whole, size_t cluster, bool of_x,
                             mtp_arena *scratch, double T[], bool *singular,
                             mtp_error *err)
{
    const mtp_robust_frame *f = whole->frame;
    size_t begin = f->start[cluster];
    cluster_rows c = {.n = f->start[cluster + 1] - begin,
                      .p = f->p,
                      .phi = f->phi + begin,
                      .w = f->w + begin,
                      .P = f->P + begin * f->p,
                      .x = f->x + begin * f->p};
    mtp_arena_mark mark = mtp_arena_save(scratch);
    mtp_status status;

    if (f->inverse) {
        status = adjust_inverse(whole, cluster, of_x, &c, scratch, T, singular, err);
    } else if (c.n > MTP_ROBUST_BLOCK_MAX) {
        status = mtp_fail(err, MTP_E_UNSUPPORTED,
                          "cr2 by weights of your own takes clusters of up to %d "
                          "effects, and there is one of %zu; use cr1",
                          (int)MTP_ROBUST_BLOCK_MAX, c.n);
    } else {
        status =
            mtp_robust_adjust_weighted(whole, cluster, of_x, scratch, T, singular, err);
    }
    mtp_arena_release(scratch, mark);
    return status;
}
