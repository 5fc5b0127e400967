/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/robust_moments.h"

#include "core/error.h"
#include "models/robust_root.h"
#include "num/cholesky.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double *make_kernel(const mtp_robust_whole *whole, mtp_arena *arena,
                                 size_t p, size_t r)
{
    double *K = mtp_arena_zalloc(arena, r * r, sizeof *K);

    for (size_t a = 0; K && a < p; a++) {
        if (r == p) {
            K[a * r + a] = -1.0;
            continue;
        }
        K[a * r + p + a] = K[(p + a) * r + a] = -1.0;
        for (size_t b = 0; b < p; b++) {
            K[a * r + b] = mtp_dd_to(whole->noise[a * p + b]);
        }
    }
    return K;
}

/* Room of one cluster, cleared. */
typedef struct cluster_room {
    double *t, *a, *z;
} cluster_room;

/* Sums over the rows of a cluster. Where A C A = Phi, T'C T is P'W Phi W P, in which
 * nothing cancels. */
static void sum_rows(const mtp_robust_frame *f, size_t cluster, const double T[],
                     bool singular, cluster_room *to)
{
    size_t p = f->p, begin = f->start[cluster], n = f->start[cluster + 1] - begin;

    for (size_t i = 0; i < n; i++) {
        const double *P = &f->P[(begin + i) * p], *row = &T[i * p];
        double phi = f->phi[begin + i], second = f->w[begin + i] * phi;

        for (size_t c = 0; c < p; c++) {
            to->t[c] += row[c] * f->e[begin + i];
            for (size_t d = 0; d < p; d++) {
                to->a[d * p + c] += singular ? row[d] * phi * row[c]
                                             : second * f->w[begin + i] * P[d] * P[c];
                to->z[d * p + c] += P[d] * row[c];
                if (!f->inverse) {
                    to->z[(p + d) * p + c] += second * P[d] * row[c];
                }
            }
        }
    }
}

/* T'Phi T + Z'K Z. */
static void add_low_rank(size_t p, size_t r, const double K[], const double z[],
                         double a[])
{
    for (size_t c = 0; c < p; c++) {
        for (size_t d = 0; d < p; d++) {
            for (size_t i = 0; i < r; i++) {
                for (size_t j = 0; j < r; j++) {
                    a[c * p + d] += z[i * p + c] * K[i * r + j] * z[j * p + d];
                }
            }
        }
    }
}

static mtp_status describe(const mtp_robust_whole *whole, mtp_arena *arena, size_t r,
                           const double K[], mtp_robust_cluster cluster[],
                           size_t *singular, mtp_error *err)
{
    const mtp_robust_frame *f = whole->frame;
    size_t p = f->p, size = p + p * p + r * p;
    double *room = mtp_arena_zalloc(arena, f->m, size * sizeof *room);
    mtp_status status = room ? MTP_OK : mtp_fail_nomem(err);

    for (size_t j = 0; status == MTP_OK && j < f->m; j++) {
        mtp_arena_mark mark = mtp_arena_save(arena);
        size_t n = f->start[j + 1] - f->start[j];
        double *T = mtp_arena_alloc(arena, n, p * sizeof *T);
        double *at = room + j * size;
        cluster_room to = {at, at + p, at + p + p * p};
        bool alone = false;

        status = T ? mtp_robust_adjust(whole, j, false, arena, T, &alone, err)
                   : mtp_fail_nomem(err);
        if (status == MTP_OK) {
            sum_rows(f, j, T, alone, &to);
            if (alone) {
                add_low_rank(p, r, K, to.z, to.a);
            }
            *singular += alone;
            cluster[j] = (mtp_robust_cluster){to.t, to.a, to.z};
        }
        mtp_arena_release(arena, mark);
    }
    return status;
}

mtp_status mtp_robust_moments_make(const mtp_robust_frame *frame, mtp_arena *arena,
                                   mtp_robust_moments *moments, mtp_error *err)
{
    size_t p = frame->p, r = frame->inverse ? p : 2 * p;
    mtp_robust_cluster *cluster = MTP_ARENA_ARRAY(arena, frame->m, mtp_robust_cluster);
    mtp_robust_whole whole;
    mtp_status status = mtp_robust_whole_make(frame, arena, &whole, err);

    if (status != MTP_OK) {
        return status;
    }
    *moments = (mtp_robust_moments){
        .p = p, .r = r, .m = frame->m, .K = make_kernel(&whole, arena, p, r)};
    moments->cluster = cluster;
    if (!moments->K || !cluster) {
        return mtp_fail_nomem(err);
    }
    return describe(&whole, arena, r, moments->K, cluster, &moments->singular, err);
}

/* x'A y. */
static double form(size_t n, const double A[], const double x[], const double y[])
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        double row = 0.0;

        for (size_t j = 0; j < n; j++) {
            row += A[i * n + j] * y[j];
        }
        sum += x[i] * row;
    }
    return sum;
}

/* The same of figures that will be taken from each other. */
static mtp_dd precise_form(size_t n, const double A[], const double x[],
                           const double y[])
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < n; i++) {
        mtp_dd row = {0.0, 0.0};

        for (size_t j = 0; j < n; j++) {
            row = mtp_dd_add(row, mtp_dd_two_prod(A[i * n + j], y[j]));
        }
        sum = mtp_dd_add(sum, mtp_dd_mul_d(row, x[i]));
    }
    return sum;
}

/* z_j c for one cluster, r figures. */
static void low_rank(const mtp_robust_moments *of, size_t cluster, const double c[],
                     double z[])
{
    for (size_t i = 0; i < of->r; i++) {
        z[i] = 0.0;
        for (size_t a = 0; a < of->p; a++) {
            z[i] += of->cluster[cluster].z[i * of->p + a] * c[a];
        }
    }
}

/* Trace of (K S)(K S'), S [r * r]: sum over i, j of (z_i'K z_j)(y_i'K y_j) where S is
 * the sum of z y'; with `transposed`, of (z_i'K y_j)(z_j'K y_i), the trace of (K S)^2.
 */
static mtp_dd trace_of_product(size_t r, const double K[], const mtp_dd S[],
                               bool transposed, mtp_dd KS[], mtp_dd KT[])
{
    mtp_dd trace = {0.0, 0.0};

    for (size_t i = 0; i < r; i++) {
        for (size_t j = 0; j < r; j++) {
            mtp_dd ks = {0.0, 0.0}, kt = ks;

            for (size_t l = 0; l < r; l++) {
                mtp_dd other = transposed ? S[l * r + j] : S[j * r + l];

                ks = mtp_dd_add(ks, mtp_dd_mul_d(S[l * r + j], K[i * r + l]));
                kt = mtp_dd_add(kt, mtp_dd_mul_d(other, K[i * r + l]));
            }
            KS[i * r + j] = ks;
            KT[i * r + j] = kt;
        }
    }
    for (size_t i = 0; i < r; i++) {
        for (size_t j = 0; j < r; j++) {
            trace = mtp_dd_add(trace, mtp_dd_mul(KS[i * r + j], KT[j * r + i]));
        }
    }
    return trace;
}

/* Room for sums over clusters of two combinations. */
typedef struct pair_room {
    double *zs, *zt;
    mtp_dd *S, *KS, *KT;
} pair_room;

static bool make_pair_room(const mtp_robust_moments *of, mtp_arena *scratch,
                           pair_room *room)
{
    size_t r = of->r;
    double *z = MTP_ARENA_ARRAY(scratch, 2 * r, double);
    mtp_dd *at = mtp_arena_alloc(scratch, r, 3 * r * sizeof *at);

    if (!z || !at) {
        return false;
    }
    *room = (pair_room){z, z + r, at, at + r * r, at + 2 * r * r};
    return true;
}

/* Minus what the low-rank parts of one cluster with itself have in the traces. */
static mtp_dd own_low_rank(const mtp_robust_moments *of, const pair_room *room)
{
    mtp_dd cc = precise_form(of->r, of->K, room->zs, room->zs);
    mtp_dd cd = precise_form(of->r, of->K, room->zs, room->zt);
    mtp_dd dd = precise_form(of->r, of->K, room->zt, room->zt);

    return mtp_dd_neg(mtp_dd_add(mtp_dd_mul(cc, dd), mtp_dd_sqr(cd)));
}

/**
 * Var(sum_j (c't_j)(d't_j)) = sum_jl [Cov(c't_j, c't_l) Cov(d't_j, d't_l)
 *                                     + Cov(c't_j, d't_l) Cov(d't_j, c't_l)]:
 * all pairs from the low-rank part by traces, then each j = l set right, which cancels
 * where one cluster knows most. `expected` gets sum_j Cov(c't_j, d't_j). O(m r^2).
 */
static double pair_variance(const mtp_robust_moments *of, const double c[],
                            const double d[], pair_room *room, double *expected)
{
    size_t r = of->r;
    mtp_dd low = {0.0, 0.0};
    double own = 0.0;

    memset(room->S, 0, r * r * sizeof *room->S);
    *expected = 0.0;
    for (size_t j = 0; j < of->m; j++) {
        const double *a = of->cluster[j].a;
        double cd = form(of->p, a, c, d);

        *expected += cd;
        own += form(of->p, a, c, c) * form(of->p, a, d, d) + cd * cd;
        low_rank(of, j, c, room->zs);
        low_rank(of, j, d, room->zt);
        low = mtp_dd_add(low, own_low_rank(of, room));
        for (size_t i = 0; i < r * r; i++) {
            room->S[i] = mtp_dd_add(room->S[i],
                                    mtp_dd_two_prod(room->zs[i / r], room->zt[i % r]));
        }
    }
    low =
        mtp_dd_add(low, trace_of_product(r, of->K, room->S, false, room->KS, room->KT));
    low =
        mtp_dd_add(low, trace_of_product(r, of->K, room->S, true, room->KS, room->KT));
    return own + mtp_dd_to(low);
}

/* Whether what is expected of sum_j (c't_j)^2 is but what rounding leaves of it. It is
 * the variance of c'b under the working model, less what clusters hold that are each
 * alone in telling a combination: all of it, where they alone tell c'b. */
static bool is_rounding(const mtp_robust_moments *of, const double c[], double expected)
{
    double whole = 0.0;

    for (size_t a = 0; a < of->p; a++) {
        if (of->r == of->p) {
            whole += c[a] * c[a];
            continue;
        }
        for (size_t b = 0; b < of->p; b++) {
            whole += fabs(c[a] * of->K[a * of->r + b] * c[b]);
        }
    }
    return of->singular > 0 && !(expected > 64.0 * DBL_EPSILON * whole);
}

mtp_status mtp_robust_satterthwaite(const mtp_robust_moments *moments, const double c[],
                                    mtp_arena *scratch, double *df)
{
    pair_room room;
    double expected, variance;

    if (!make_pair_room(moments, scratch, &room)) {
        return MTP_E_NOMEM;
    }
    variance = pair_variance(moments, c, c, &room, &expected);
    *df = expected > 0.0 && variance > 0.0 && !is_rounding(moments, c, expected)
              ? 2.0 * expected * expected / variance
              : (double)NAN;
    return MTP_OK;
}

/* Rows of c <- L^-1 c, L L' the expected variance of c't. */
static bool standardize(const mtp_robust_moments *of, size_t q, double c[], double L[],
                        pair_room *room)
{
    for (size_t s = 0; s < q; s++) {
        for (size_t t = 0; t <= s; t++) {
            (void)pair_variance(of, &c[s * of->p], &c[t * of->p], room, &L[s * q + t]);
        }
    }
    if (!mtp_cholesky(q, L)) {
        return false;
    }
    for (size_t s = 0; s < q; s++) {
        for (size_t a = 0; a < of->p; a++) {
            double sum = c[s * of->p + a];

            for (size_t t = 0; t < s; t++) {
                sum -= L[s * q + t] * c[t * of->p + a];
            }
            c[s * of->p + a] = sum / L[s * q + s];
        }
    }
    return true;
}

mtp_status mtp_robust_eta(const mtp_robust_moments *moments, size_t q, const double c[],
                          mtp_arena *scratch, double *eta)
{
    size_t p = moments->p;
    double *own = mtp_arena_alloc(scratch, q, p * sizeof *own);
    double *L = mtp_arena_alloc(scratch, q, q * sizeof *L);
    double total = 0.0, ignored;
    pair_room room;

    if (!own || !L || !make_pair_room(moments, scratch, &room)) {
        return MTP_E_NOMEM;
    }
    memcpy(own, c, q * p * sizeof *own);
    if (!standardize(moments, q, own, L, &room)) {
        return MTP_E_DEGENERATE;
    }
    for (size_t s = 0; s < q; s++) {
        for (size_t t = 0; t < q; t++) {
            total += pair_variance(moments, &own[s * p], &own[t * p], &room, &ignored);
        }
    }
    *eta = (double)q * (double)(q + 1) / total;
    return MTP_OK;
}
