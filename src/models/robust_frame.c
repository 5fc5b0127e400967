/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/robust_frame.h"

#include "core/error.h"
#include "models/orthonormal.h"
#include "models/robust_order.h"
#include "num/symmetric.h"

#include <math.h>
#include <string.h>

/* A frame in the making. */
typedef struct maker {
    const mtp_robust_model *model;
    mtp_robust_order order;
    mtp_robust_frame *frame;
    mtp_arena *arena;
    mtp_error *err;
} maker;

static double x_at(const mtp_robust_model *model, size_t row, size_t column)
{
    return model->x ? model->x[row * model->p + column] : 1.0;
}

static mtp_status make_room(maker *of)
{
    mtp_robust_frame *f = of->frame;
    size_t k = of->model->k, p = of->model->p;

    f->k = k;
    f->p = p;
    f->m = of->model->clusters;
    f->inverse = !of->model->weight;
    f->start = of->order.start;
    f->phi = MTP_ARENA_ARRAY(of->arena, k, double);
    f->w = MTP_ARENA_ARRAY(of->arena, k, double);
    f->e = MTP_ARENA_ARRAY(of->arena, k, double);
    f->P = mtp_arena_alloc(of->arena, k, p * sizeof *f->P);
    f->r_inverse = mtp_arena_zalloc(of->arena, p, p * sizeof *f->r_inverse);
    f->x = mtp_arena_alloc(of->arena, k, p * sizeof *f->x);
    return f->phi && f->w && f->e && f->P && f->r_inverse && f->x
               ? MTP_OK
               : mtp_fail_nomem(of->err);
}

static void take_rows(maker *of)
{
    const mtp_robust_model *model = of->model;

    for (size_t i = 0; i < model->k; i++) {
        size_t row = of->order.row[i];

        of->frame->phi[i] = model->variance[row];
        of->frame->e[i] = model->residual[row];
        for (size_t c = 0; c < model->p; c++) {
            of->frame->x[i * model->p + c] = mtp_dd_from(x_at(model, row, c));
        }
    }
}

/* u'b of n figures of the model. */
static mtp_dd turned(size_t n, const double u[], const mtp_robust_model *model,
                     const size_t row[], size_t column)
{
    mtp_dd sum = {0.0, 0.0};

    for (size_t i = 0; i < n; i++) {
        double b =
            column < model->p ? x_at(model, row[i], column) : model->residual[row[i]];

        sum = mtp_dd_add(sum, mtp_dd_two_prod(u[i], b));
    }
    return sum;
}

/* The rows of one block, from `at` on, in the coordinates of its eigenvectors. */
static mtp_status turn_block(maker *of, size_t block, size_t at, double *v,
                             double *vector, double *work)
{
    const mtp_robust_model *model = of->model;
    const size_t *row = &of->order.row[at];
    size_t n = model->block(model->context, block, &of->order.row[at], v);
    double *value = &of->frame->phi[at];

    if (!mtp_symmetric_eigen(n, v, value, vector, work)) {
        return mtp_fail_at(of->err, MTP_E_DATA, NULL, row[0] + 1, NULL,
                           "the working covariance is not finite");
    }
    for (size_t i = 0; i < n; i++) {
        const double *u = &vector[i * n];

        if (!(value[i] > 0.0)) {
            return mtp_fail_at(of->err, MTP_E_DATA, NULL, row[0] + 1, NULL,
                               "the working covariance is not positive definite");
        }
        for (size_t c = 0; c < model->p; c++) {
            of->frame->x[(at + i) * model->p + c] = turned(n, u, model, row, c);
        }
        of->frame->e[at + i] = mtp_dd_to(turned(n, u, model, row, model->p));
    }
    return MTP_OK;
}

static mtp_status turn_blocks(maker *of)
{
    size_t largest = of->order.largest_block, at = 0;
    mtp_arena_mark mark = mtp_arena_save(of->arena);
    double *v = mtp_arena_alloc(of->arena, largest * largest, sizeof *v);
    double *vector = mtp_arena_alloc(of->arena, largest * largest, sizeof *vector);
    double *work = mtp_arena_alloc(of->arena, largest, 2 * sizeof *work);
    mtp_status status = v && vector && work ? MTP_OK : mtp_fail_nomem(of->err);

    for (size_t b = 0; status == MTP_OK && b < of->model->n_blocks; b++) {
        size_t block = of->order.block[b];

        status = turn_block(of, block, at, v, vector, work);
        at += of->order.block_size[block];
    }
    mtp_arena_release(of->arena, mark);
    return status;
}

/* Divide by powers of two: variances to the middle of their range, so that none is so
 * large or small that its square is lost; the user's weights to at most 1. */
static void scale(maker *of)
{
    mtp_robust_frame *f = of->frame;
    double least = f->phi[0], most = least, heaviest = 0.0;
    int low, high, weight = 0;

    for (size_t i = 0; i < f->k; i++) {
        least = fmin(least, f->phi[i]);
        most = fmax(most, f->phi[i]);
        heaviest = f->inverse ? 1.0 : fmax(heaviest, of->model->weight[i]);
    }
    (void)frexp(least, &low);
    (void)frexp(most, &high);
    (void)frexp(heaviest, &weight);
    f->unit = (low + high) / 4;
    for (size_t i = 0; i < f->k; i++) {
        f->phi[i] = ldexp(f->phi[i], -2 * f->unit);
        f->e[i] = ldexp(f->e[i], -f->unit);
        f->w[i] = f->inverse ? 1.0 / f->phi[i]
                             : ldexp(of->model->weight[of->order.row[i]], -weight);
    }
}

/* P = X R^-1. */
static void make_columns(maker *of)
{
    mtp_robust_frame *f = of->frame;
    size_t p = f->p;

    for (size_t i = 0; i < f->k; i++) {
        for (size_t c = 0; c < p; c++) {
            mtp_dd sum = {0.0, 0.0};

            for (size_t l = 0; l <= c; l++) {
                sum = mtp_dd_add(sum,
                                 mtp_dd_mul(f->x[i * p + l], f->r_inverse[l * p + c]));
            }
            f->P[i * p + c] = mtp_dd_to(sum);
        }
    }
}

static mtp_status factorize(maker *of)
{
    mtp_robust_frame *f = of->frame;
    size_t k = f->k, p = f->p, rank;
    mtp_arena_mark mark = mtp_arena_save(of->arena);
    mtp_dd *a = mtp_arena_alloc(of->arena, k, p * sizeof *a);
    mtp_dd *r = mtp_arena_zalloc(of->arena, p, p * sizeof *r);
    double *before = MTP_ARENA_ARRAY(of->arena, p, double);

    if (!a || !r || !before) {
        return mtp_fail_nomem(of->err);
    }
    for (size_t i = 0; i < k; i++) {
        mtp_dd root = mtp_dd_sqrt(mtp_dd_from(f->w[i]));

        for (size_t c = 0; c < p; c++) {
            a[i * p + c] = mtp_dd_mul(root, f->x[i * p + c]);
        }
    }
    rank = mtp_orthonormalize(k, p, a, before, r);
    if (rank < p) {
        return mtp_fail(of->err, MTP_E_DATA,
                        "column %zu of the moderators is a combination of those "
                        "before it",
                        rank + 1);
    }
    mtp_invert_upper(p, r, f->r_inverse);
    mtp_arena_release(of->arena, mark);
    make_columns(of);
    return MTP_OK;
}

mtp_status mtp_robust_frame_make(const mtp_robust_model *model, mtp_arena *arena,
                                 mtp_robust_frame *frame, mtp_error *err)
{
    maker of = {.model = model, .frame = frame, .arena = arena, .err = err};
    mtp_status status = mtp_robust_order_make(model, arena, &of.order, err);

    if (status == MTP_OK) {
        status = make_room(&of);
    }
    if (status == MTP_OK && model->block) {
        status = turn_blocks(&of);
    } else if (status == MTP_OK) {
        take_rows(&of);
    }
    if (status == MTP_OK) {
        scale(&of);
        status = factorize(&of);
    }
    return status;
}
