/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "models/glmm_basis.h"
#include "models/glmm_design_internal.h"

#include <math.h>
#include <string.h>

/*
 * Is there a finite maximum over beta? Along a direction d the likelihood of a study
 * with x = 0 falls unless row'd <= 0, with x = m unless row'd >= 0, and of any other
 * unless row'd = 0 (Poisson: x > 0). If some d != 0 satisfies all of these, the
 * likelihood climbs along it for ever, whatever tau; else its maximum is finite. With
 * rows a = -row, row, or both, the question is whether A d >= 0 has a solution besides
 * A d = 0; it has one exactly where A'y = 0 has no y > 0, and the shortest A'y with
 * y >= 1 is such a d. That is a least-squares problem with signs, in which only as many
 * y differ from 1 as there are columns.
 * Sources: Albert & Anderson (1984), Biometrika 71:1-10, doi:10.1093/biomet/71.1.1;
 * Lawson & Hanson (1995), Solving least squares problems, ch. 23,
 * doi:10.1137/1.9781611971217.
 */

typedef struct cone {
    size_t p, n;
    double *row;          /* [n * p] of length 1 */
    double *rest;         /* [p] A'y */
    double *start;        /* [p] A'1 */
    size_t passive;       /* y > 1: how many, which, and by how much */
    size_t *index;        /* [p] */
    double *excess;       /* [p] */
    mtp_glmm_basis basis; /* [p] columns of p */
    mtp_dd *target, *part;
} cone;

static double dot(size_t n, const double *a, const double *b)
{
    double sum = 0.0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

static void add_row(cone *c, const double *row, double sign)
{
    double length = sqrt(dot(c->p, row, row));
    double *to = c->row + c->n * c->p;

    if (length > 0.0) {
        for (size_t i = 0; i < c->p; i++) {
            to[i] = sign * row[i] / length;
            c->start[i] += to[i];
        }
        c->n++;
    }
}

static mtp_status make_cone(const mtp_glmm_sample *sample, mtp_arena *scratch, cone *c,
                            mtp_error *err)
{
    size_t p = sample->p;

    *c = (cone){.p = p};
    c->row = mtp_arena_alloc(scratch, sample->count, 2 * p * sizeof *c->row);
    c->rest = mtp_arena_zalloc(scratch, p, sizeof(double));
    c->start = mtp_arena_zalloc(scratch, p, sizeof(double));
    c->excess = mtp_arena_zalloc(scratch, p, sizeof(double));
    c->index = mtp_arena_zalloc(scratch, p, sizeof(size_t));
    c->target = mtp_arena_zalloc(scratch, p, sizeof(mtp_dd));
    c->part = mtp_arena_zalloc(scratch, p, sizeof(mtp_dd));
    if (!c->row || !c->rest || !c->start || !c->excess || !c->index || !c->target ||
        !c->part) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < sample->count; i++) {
        const mtp_glmm_study *study = &sample->study[i];
        bool all = sample->kind == MTP_GLMM_BINOMIAL && study->y == 0.0;

        if (!all) {
            add_row(c, study->row, -1.0);
        }
        if (study->x > 0.0) {
            add_row(c, study->row, 1.0);
        }
    }
    return mtp_glmm_basis_make(p, p, scratch, &c->basis, err);
}

static void set_rest(cone *c)
{
    memcpy(c->rest, c->start, c->p * sizeof *c->rest);
    for (size_t j = 0; j < c->passive; j++) {
        const double *row = c->row + c->index[j] * c->p;

        for (size_t i = 0; i < c->p; i++) {
            c->rest[i] += c->excess[j] * row[i];
        }
    }
}

/* The excesses, of any sign, that make the rest shortest: c->part. */
static void solve_passive(cone *c)
{
    mtp_glmm_basis *b = &c->basis;

    b->p = c->passive;
    for (size_t i = 0; i < c->p; i++) {
        b->weight[i] = 1.0;
        c->target[i] = mtp_dd_from(-c->start[i]);
        for (size_t j = 0; j < c->passive; j++) {
            b->z[j * c->p + i] = mtp_dd_from(c->row[c->index[j] * c->p + i]);
        }
    }
    memset(b->norm, 0, c->passive * sizeof *b->norm);
    if (mtp_glmm_basis_orthogonalise(b) < c->passive) {
        memset(c->part, 0, c->passive * sizeof *c->part); /* the newest says nothing */
        return;
    }
    (void)mtp_glmm_basis_project(b, c->target, c->part);
    mtp_glmm_basis_solve(b, c->part, c->part);
}

/* Go to the solution as far as no excess becomes negative, and drop the row that is in
 * the way. Returns whether none was. */
static bool go_to_solution(cone *c)
{
    double way = 1.0;
    size_t stop = c->passive, left = 0;

    for (size_t j = 0; j < c->passive; j++) {
        double now = c->excess[j], to = c->part[j].hi;

        if (to <= 0.0 && (stop == c->passive || now < way * (now - to))) {
            way = now > 0.0 ? now / (now - to) : 0.0;
            stop = j;
        }
    }
    for (size_t j = 0; j < c->passive; j++) {
        double now = c->excess[j], to = c->part[j].hi;

        if (j != stop) {
            c->index[left] = c->index[j];
            c->excess[left++] = fmax(0.0, now + way * (to - now));
        }
    }
    stop = c->passive - left;
    c->passive = left;
    return stop == 0;
}

/* The row that the rest goes against the most; its cosine. */
static double against(const cone *c, size_t *which)
{
    double lowest = 0.0;

    for (size_t i = 0; i < c->n; i++) {
        double along = dot(c->p, c->row + i * c->p, c->rest);

        if (along < lowest) {
            lowest = along;
            *which = i;
        }
    }
    return lowest / sqrt(dot(c->p, c->rest, c->rest));
}

mtp_status mtp_glmm_separated(const mtp_glmm_sample *sample, mtp_arena *scratch,
                              double *direction, bool *separated, mtp_error *err)
{
    const double none = 1e-10, feasible = -1e-9;
    cone c;
    mtp_status status = make_cone(sample, scratch, &c, err);

    *separated = false;
    for (size_t i = 0; status == MTP_OK && i < 20 * (c.p + 1); i++) {
        size_t worst = 0;

        set_rest(&c);
        if (sqrt(dot(c.p, c.rest, c.rest)) <= none * fmax(1.0, (double)c.n)) {
            break;
        }
        if (against(&c, &worst) >= feasible) {
            memcpy(direction, c.rest, c.p * sizeof *direction);
            *separated = true;
            break;
        }
        if (c.passive == c.p) {
            break; /* a basis of positive combinations, up to rounding */
        }
        c.index[c.passive] = worst;
        c.excess[c.passive++] = 0.0;
        do {
            solve_passive(&c);
        } while (!go_to_solution(&c) && c.passive > 0);
    }
    return status;
}
