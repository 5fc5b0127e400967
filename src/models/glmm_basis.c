/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/glmm_basis.h"

#include "core/dd_vector.h"
#include "core/error.h"

#include <float.h>
#include <math.h>
#include <string.h>

mtp_status mtp_glmm_basis_make(size_t n, size_t p, mtp_arena *arena,
                               mtp_glmm_basis *basis, mtp_error *err)
{
    basis->n = n;
    basis->p = p;
    basis->weight = MTP_ARENA_ARRAY(arena, n, double);
    basis->z = mtp_arena_alloc(arena, n, p * sizeof *basis->z);
    basis->r = mtp_arena_zalloc(arena, p, p * sizeof *basis->r);
    basis->norm = mtp_arena_zalloc(arena, p, sizeof *basis->norm);
    return basis->weight && basis->z && basis->r && basis->norm ? MTP_OK
                                                                : mtp_fail_nomem(err);
}

static mtp_dd dot(const mtp_glmm_basis *b, const mtp_dd *u, const mtp_dd *v)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < b->n; i++) {
        sum = mtp_dd_add(sum, mtp_dd_mul(mtp_dd_mul_d(u[i], b->weight[i]), v[i]));
    }
    return sum;
}

/* Take column j's part out of v; its coefficient. */
static mtp_dd take_out(const mtp_glmm_basis *b, size_t j, mtp_dd *v)
{
    const mtp_dd *z = b->z + j * b->n;
    mtp_dd part = {0.0, 0.0};

    if (b->norm[j].hi > 0.0) {
        part = mtp_dd_div(dot(b, z, v), b->norm[j]);
        mtp_dd_take_away(b->n, v, part, z);
    }
    return part;
}

static double largest(size_t n, const mtp_dd *v)
{
    double most = 0.0;

    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fabs(v[i].hi));
    }
    return most;
}

/* Scale column j by a power of two; r_jj undoes it. */
static void scale(mtp_glmm_basis *b, size_t j)
{
    mtp_dd *z = b->z + j * b->n;
    int e;

    (void)frexp(largest(b->n, z), &e);
    for (size_t i = 0; i < b->n; i++) {
        z[i] = mtp_dd_ldexp(z[i], 1 - e);
    }
    b->r[j * b->p + j] = mtp_dd_from(ldexp(1.0, e - 1));
}

size_t mtp_glmm_basis_orthogonalise(mtp_glmm_basis *b)
{
    const double rounding = 8.0 * DBL_EPSILON; /* of a sum of columns */
    size_t first = b->p;

    for (size_t j = 0; j < b->p; j++) {
        mtp_dd *z = b->z + j * b->n;
        double before = mtp_dd_to(dot(b, z, z));

        for (size_t i = 0; i < j; i++) {
            b->r[i * b->p + j] = take_out(b, i, z);
        }
        if (mtp_dd_to(dot(b, z, z)) > rounding * rounding * before) {
            scale(b, j);
            b->norm[j] = dot(b, z, z);
        } else {
            memset(z, 0, b->n * sizeof *z);
            first = j < first ? j : first;
        }
    }
    return first;
}

mtp_dd mtp_glmm_basis_project(const mtp_glmm_basis *b, mtp_dd *v, mtp_dd *part)
{
    for (size_t j = 0; j < b->p; j++) {
        mtp_dd own = take_out(b, j, v);

        if (part) {
            part[j] = own;
        }
    }
    return dot(b, v, v);
}

void mtp_glmm_basis_solve(const mtp_glmm_basis *b, const mtp_dd *of_z, mtp_dd *of_x)
{
    memmove(of_x, of_z, b->p * sizeof *of_x);
    mtp_dd_solve_upper(b->p, b->p, b->r, 1, of_x);
}

/* V_x = A V_z A' with A the inverse of R: solve R (A V) = V, then R (A V A')' = (A V)'.
 */
void mtp_glmm_basis_covariance(const mtp_glmm_basis *b, const double *of_z,
                               mtp_dd *room, double *of_x)
{
    size_t p = b->p;

    /* row j of room is column j of A V */
    for (size_t j = 0; j < p; j++) {
        mtp_dd *column = room + j * p;

        for (size_t i = 0; i < p; i++) {
            column[i] = mtp_dd_from(of_z[i * p + j]);
        }
        mtp_glmm_basis_solve(b, column, column);
    }
    for (size_t i = 0; i < p; i++) {
        /* row i of A V is spread over the rows of room */
        mtp_dd_solve_upper(p, p, b->r, p, room + i);
    }
    for (size_t i = 0; i < p; i++) {
        for (size_t j = 0; j <= i; j++) {
            of_x[i * p + j] = of_x[j * p + i] = mtp_dd_to(room[j * p + i]);
        }
    }
}
