/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/scale_search.h"

#include "core/error.h"
#include "models/scale_newton.h"
#include "num/cholesky.h"
#include "num/symmetric.h"

#include <math.h>
#include <string.h>

/* Log-likelihoods closer than this are of one maximum. */
static const double SAME = 1e-7;

/* A maximum on the way: where log tau2 of `gone` studies falls without end, gamma
 * stands in `n_free` coordinates along the rows of `basis`. */
typedef struct candidate {
    double *gamma, *basis; /* [q], [q * q] */
    unsigned char *gone;   /* [k] */
    size_t n_free;
    double loglik;
} candidate;

typedef struct searcher {
    const mtp_scale_problem *problem;
    mtp_arena *arena;
    candidate now, best;
    double *columns;                /* [k * q] Z in the coordinates of `now` */
    double *gram, *value, *vector;  /* [q * q], [q], [q * q] */
    double *work, *target, *moment; /* [2 q], [k], [q] */
    double found[64];               /* log-likelihoods of the maxima */
    size_t n_found, evaluations;
    bool any;
} searcher;

static bool make_candidate(const mtp_scale_problem *of, mtp_arena *arena, candidate *c)
{
    c->gamma = mtp_arena_zalloc(arena, of->q, sizeof *c->gamma);
    c->basis = mtp_arena_zalloc(arena, of->q, of->q * sizeof *c->basis);
    c->gone = mtp_arena_zalloc(arena, of->k, 1);
    return c->gamma && c->basis && c->gone;
}

static bool make_room(searcher *s)
{
    const mtp_scale_problem *of = s->problem;
    size_t k = of->k, q = of->q;

    s->columns = mtp_arena_alloc(s->arena, k, q * sizeof(double));
    s->gram = mtp_arena_alloc(s->arena, q, q * sizeof(double));
    s->vector = mtp_arena_alloc(s->arena, q, q * sizeof(double));
    s->value = MTP_ARENA_ARRAY(s->arena, q, double);
    s->work = MTP_ARENA_ARRAY(s->arena, 2 * q, double);
    s->moment = MTP_ARENA_ARRAY(s->arena, q, double);
    s->target = MTP_ARENA_ARRAY(s->arena, k, double);
    return s->columns && s->gram && s->vector && s->value && s->work && s->moment &&
           s->target && make_candidate(of, s->arena, &s->now) &&
           make_candidate(of, s->arena, &s->best);
}

/* sum z z' over the studies whose `gone` is `which`. */
static void gram_of(const mtp_scale_problem *of, const unsigned char gone[],
                    unsigned char which, double gram[])
{
    size_t q = of->q;

    memset(gram, 0, q * q * sizeof *gram);
    for (size_t i = 0; i < of->k; i++) {
        for (size_t ab = 0; ab < q * q && gone[i] == which; ab++) {
            gram[ab] += of->Z[i * q + ab / q] * of->Z[i * q + ab % q];
        }
    }
}

/* The eigenvectors of the rows that are left, those that they tell apart first; returns
 * how many. `basis` gets all of them. */
static size_t split_directions(searcher *s, const unsigned char gone[], double basis[])
{
    size_t q = s->problem->q, n = 0, last = q;
    double enough = 1e-12 * (double)s->problem->k;

    gram_of(s->problem, gone, 0, s->gram);
    if (!mtp_symmetric_eigen(q, s->gram, s->value, s->vector, s->work)) {
        return 0;
    }
    for (size_t v = 0; v < q; v++) {
        size_t to = s->value[v] > enough ? n++ : --last;

        memcpy(&basis[to * q], &s->vector[v * q], q * sizeof *basis);
    }
    return n;
}

/* Coordinates of gamma along the held directions, and Z along them. */
static void reduce(searcher *s, const double full[])
{
    size_t k = s->problem->k, q = s->problem->q, n = s->now.n_free;

    for (size_t c = 0; c < n; c++) {
        s->now.gamma[c] = 0.0;
        for (size_t a = 0; a < q; a++) {
            s->now.gamma[c] += s->now.basis[c * q + a] * full[a];
        }
    }
    for (size_t i = 0; i < k; i++) {
        for (size_t c = 0; c < n; c++) {
            double sum = 0.0;

            for (size_t a = 0; a < q; a++) {
                sum += s->problem->Z[i * q + a] * s->now.basis[c * q + a];
            }
            s->columns[i * n + c] = sum;
        }
    }
}

/* gamma of the problem from its coordinates. */
static void expand(const searcher *s, const candidate *c, double full[])
{
    size_t q = s->problem->q;

    for (size_t a = 0; a < q; a++) {
        full[a] = 0.0;
        for (size_t d = 0; d < c->n_free; d++) {
            full[a] += c->basis[d * q + a] * c->gamma[d];
        }
    }
}

static mtp_scale_problem reduced_problem(const searcher *s)
{
    mtp_scale_problem of = *s->problem;

    of.q = s->now.n_free;
    of.Z = s->columns;
    of.vanished = s->now.gone;
    return of;
}

/* Climb from full gamma, and on in the limit as long as studies vanish. */
static mtp_status climb_to_the_end(searcher *s, double full[], bool *found)
{
    memset(s->now.gone, 0, s->problem->k);
    for (bool endless = true; endless;) {
        mtp_arena_mark mark = mtp_arena_save(s->arena);
        mtp_scale_problem of;
        mtp_scale_room room;

        s->now.n_free = split_directions(s, s->now.gone, s->now.basis);
        reduce(s, full);
        of = reduced_problem(s);
        if (!mtp_scale_room_make(of.k, of.p, of.q, s->arena, &room)) {
            return MTP_E_NOMEM;
        }
        *found = mtp_scale_climb(&of, s->now.gamma, &room, &endless);
        s->now.loglik = room.at.loglik;
        s->evaluations += room.evaluations;
        for (size_t i = 0; i < of.k && endless; i++) {
            s->now.gone[i] = s->now.gone[i] || mtp_scale_falls(&of, &room, i);
        }
        expand(s, &s->now, full);
        mtp_arena_release(s->arena, mark);
    }
    return MTP_OK;
}

/* Count a maximum, and keep the best. */
static void keep(searcher *s)
{
    candidate swap = s->best;
    bool known = false;

    for (size_t m = 0; m < s->n_found; m++) {
        known = known || fabs(s->found[m] - s->now.loglik) < SAME;
    }
    if (!known && s->n_found < sizeof s->found / sizeof *s->found) {
        s->found[s->n_found++] = s->now.loglik;
    }
    if (!s->any || s->now.loglik > s->best.loglik) {
        s->best = s->now;
        s->now = swap;
        s->any = true;
    }
}

/* gamma that comes nearest to the targets of log tau2, then climb. */
static mtp_status climb_from_targets(searcher *s)
{
    const mtp_scale_problem *of = s->problem;
    bool found = false;
    mtp_status status;

    memset(s->moment, 0, of->q * sizeof *s->moment);
    for (size_t i = 0; i < of->k; i++) {
        for (size_t a = 0; a < of->q; a++) {
            s->moment[a] +=
                of->Z[i * of->q + a] * (s->target[i] - of->offset) / (double)of->k;
        }
    }
    status = climb_to_the_end(s, s->moment, &found);
    if (status == MTP_OK && found) {
        keep(s);
    }
    return status;
}

/* What all starts are made around: squared residuals of equal weights less sampling
 * variances, or a part of these. */
static double typical_tau2(const mtp_scale_problem *of, double r[])
{
    double excess = 0.0, v = 0.0;

    for (size_t i = 0; i < of->k; i++) {
        excess += r[i] * r[i] - of->v[i];
        v += of->v[i];
    }
    return fmax(excess, 0.05 * v) / (double)of->k;
}

/* y less its projection on Q. */
static void plain_residuals(const mtp_scale_problem *of, double r[])
{
    memcpy(r, of->y, of->k * sizeof *r);
    for (size_t c = 0; c < of->p; c++) {
        double dot = 0.0;

        for (size_t i = 0; i < of->k; i++) {
            dot += of->Q[i * of->p + c] * of->y[i];
        }
        for (size_t i = 0; i < of->k; i++) {
            r[i] -= of->Q[i * of->p + c] * dot;
        }
    }
}

/* Starts: one tau2 for all at several levels, each study's own residual, and slopes
 * along each column both ways. */
static mtp_status try_starts(searcher *s, const double r[], double tau2)
{
    static const double level[] = {0.0, 1.5, -2.0, -5.0};
    const mtp_scale_problem *of = s->problem;
    mtp_status status = MTP_OK;

    for (size_t l = 0; l < sizeof level / sizeof *level && status == MTP_OK; l++) {
        for (size_t i = 0; i < of->k; i++) {
            s->target[i] = log(tau2) + level[l];
        }
        status = climb_from_targets(s);
    }
    for (size_t i = 0; i < of->k; i++) {
        s->target[i] = log(fmax(r[i] * r[i] - of->v[i], 0.05 * tau2));
    }
    status = status == MTP_OK ? climb_from_targets(s) : status;
    for (size_t a = 0; a < 2 * of->q && of->q > 1 && status == MTP_OK; a++) {
        for (size_t i = 0; i < of->k; i++) {
            double z = of->Z[i * of->q + a / 2];

            s->target[i] = log(tau2) + (a % 2 ? 1.5 : -1.5) * z;
        }
        status = climb_from_targets(s);
    }
    return status;
}

/* The way out that brings down every vanishing log tau2: the least-squares solution of
 * z'd = -1 over them, along the directions that nothing holds. */
static void find_direction(searcher *s, const candidate *c, mtp_scale_optimum *out)
{
    size_t q = s->problem->q, free = c->n_free, n = q - free;
    double *A = s->gram, *rhs = s->work;

    out->directed = false;
    memset(out->direction, 0, q * sizeof *out->direction);
    if (n == 0) {
        return;
    }
    memset(A, 0, n * n * sizeof *A);
    memset(rhs, 0, n * sizeof *rhs);
    for (size_t i = 0; i < s->problem->k; i++) {
        for (size_t a = 0; a < n && c->gone[i]; a++) {
            s->value[a] = 0.0;
            for (size_t l = 0; l < q; l++) {
                s->value[a] += s->problem->Z[i * q + l] * c->basis[(free + a) * q + l];
            }
        }
        for (size_t a = 0; a < n && c->gone[i]; a++) {
            rhs[a] -= s->value[a];
            for (size_t b = 0; b < n; b++) {
                A[a * n + b] += s->value[a] * s->value[b];
            }
        }
    }
    if (!mtp_cholesky(n, A)) {
        return;
    }
    mtp_cholesky_solve(n, A, rhs);
    for (size_t l = 0; l < q; l++) {
        for (size_t a = 0; a < n; a++) {
            out->direction[l] += rhs[a] * c->basis[(free + a) * q + l];
        }
    }
    out->directed = true;
    for (size_t i = 0; i < s->problem->k; i++) {
        double change = 0.0;

        for (size_t l = 0; l < q; l++) {
            change += s->problem->Z[i * q + l] * out->direction[l];
        }
        out->directed = out->directed && (!c->gone[i] || change < 0.0);
    }
}

/* Covariance of gamma along the held directions. */
static bool invert_information(size_t n, size_t q, const double hessian[],
                               const double basis[], mtp_arena *arena,
                               double covariance[])
{
    double *L = mtp_arena_alloc(arena, n + 1, (n + 1) * sizeof *L);
    double *inverse = mtp_arena_alloc(arena, n + 1, (n + 1) * sizeof *inverse);

    for (size_t i = 0; L && i < n * n; i++) {
        L[i] = -hessian[i];
    }
    if (!L || !inverse || !mtp_cholesky(n, L)) {
        return false;
    }
    mtp_cholesky_inverse(n, L, inverse);
    for (size_t ab = 0; ab < q * q; ab++) {
        covariance[ab] = 0.0;
        for (size_t cd = 0; cd < n * n; cd++) {
            covariance[ab] +=
                basis[cd / n * q + ab / q] * inverse[cd] * basis[cd % n * q + ab % q];
        }
    }
    return true;
}

/* The best candidate as the optimum, evaluated once more. */
static mtp_status finish(searcher *s, mtp_scale_optimum *out)
{
    size_t q = s->problem->q, k = s->problem->k;
    mtp_scale_problem of;
    mtp_scale_room room;

    s->now = s->best;
    out->gamma = mtp_arena_zalloc(s->arena, q, sizeof(double));
    out->direction = mtp_arena_zalloc(s->arena, q, sizeof(double));
    out->covariance = mtp_arena_zalloc(s->arena, q, q * sizeof(double));
    if (!out->gamma || !out->direction || !out->covariance) {
        return MTP_E_NOMEM;
    }
    expand(s, &s->now, out->gamma);
    memcpy(s->moment, out->gamma, q * sizeof *s->moment);
    reduce(s, s->moment);
    of = reduced_problem(s);
    if (!mtp_scale_room_make(k, of.p, of.q, s->arena, &room)) {
        return MTP_E_NOMEM;
    }
    (void)mtp_scale_loglik(&of, s->now.gamma, &room.at);
    mtp_scale_derivatives(&of, &room.at);
    out->point = room.at;
    out->loglik = room.at.loglik;
    out->basis = s->now.basis;
    out->n_free = s->now.n_free;
    out->vanished = s->now.basis + s->now.n_free * q;
    out->gone = s->now.gone;
    for (size_t i = 0; i < k; i++) {
        out->n_gone += s->now.gone[i];
    }
    find_direction(s, &s->now, out);
    out->informative = invert_information(of.q, q, room.at.hessian, out->basis,
                                          s->arena, out->covariance);
    out->iterations = s->evaluations;
    out->n_modes = s->n_found;
    return MTP_OK;
}

mtp_status mtp_scale_maximize(const mtp_scale_problem *problem, mtp_arena *arena,
                              mtp_scale_optimum *optimum, mtp_error *err)
{
    searcher s = {.problem = problem, .arena = arena};
    double *r = MTP_ARENA_ARRAY(arena, problem->k, double);
    mtp_status status;

    *optimum = (mtp_scale_optimum){0};
    if (!r || !make_room(&s)) {
        return mtp_fail_nomem(err);
    }
    plain_residuals(problem, r);
    status = try_starts(&s, r, typical_tau2(problem, r));
    if (status == MTP_OK && !s.any) {
        return mtp_fail(err, MTP_E_DATA, "the figures lie too far apart");
    }
    if (status == MTP_OK) {
        status = finish(&s, optimum);
    }
    return status == MTP_OK ? status : mtp_fail_nomem(err);
}
