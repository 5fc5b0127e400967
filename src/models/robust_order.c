/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/robust_order.h"

#include "core/error.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static mtp_status check_shape(const mtp_robust_model *model, mtp_error *err)
{
    bool blocks = model->block != NULL;

    if (model->k == 0 || model->p == 0 || (!model->x && model->p != 1) ||
        !model->residual || !model->cluster || blocks == (model->variance != NULL) ||
        (blocks && model->weight)) {
        return mtp_fail(
            err, MTP_E_ARG,
            "a robust variance needs effects, columns, residuals, clusters, "
            "and either working variances or blocks of them");
    }
    if (model->clusters <= model->p) {
        return mtp_fail(err, MTP_E_DEGENERATE,
                        "a robust variance of %zu coefficient%s needs more than %zu "
                        "cluster%s; there %s %zu",
                        model->p, model->p > 1 ? "s" : "", model->p,
                        model->p > 1 ? "s" : "", model->clusters == 1 ? "is" : "are",
                        model->clusters);
    }
    return MTP_OK;
}

static mtp_status bad_row(mtp_error *err, size_t row, const char *column,
                          const char *what)
{
    return mtp_fail_at(err, MTP_E_DATA, NULL, row + 1, column, "%s", what);
}

static mtp_status check_rows(const mtp_robust_model *model, mtp_error *err)
{
    double heaviest = model->weight ? 0.0 : 1.0;

    for (size_t i = 0; i < model->k; i++) {
        if (!isfinite(model->residual[i])) {
            return bad_row(err, i, NULL, "the residual is not finite");
        }
        if (model->variance &&
            !(model->variance[i] > 0.0 && isfinite(model->variance[i]))) {
            return bad_row(err, i, "vi", "the working variance is not positive");
        }
        if (model->weight && !(model->weight[i] >= 0.0 && isfinite(model->weight[i]))) {
            return bad_row(err, i, "weights", "the weight is negative or not finite");
        }
        heaviest = model->weight ? fmax(heaviest, model->weight[i]) : heaviest;
        for (size_t c = 0; model->x && c < model->p; c++) {
            if (!isfinite(model->x[i * model->p + c])) {
                return bad_row(err, i, NULL, "a moderator is not finite");
            }
        }
    }
    return heaviest > 0.0 ? MTP_OK : mtp_fail(err, MTP_E_DATA, "all weights are 0");
}

/* Where each cluster starts. */
static mtp_status count_clusters(const mtp_robust_model *model, mtp_arena *arena,
                                 size_t **start, mtp_error *err)
{
    size_t m = model->clusters;
    size_t *count = mtp_arena_zalloc(arena, m + 1, sizeof *count);

    if (!count) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < model->k; i++) {
        if (model->cluster[i] >= m) {
            return mtp_fail(err, MTP_E_ARG, "effect %zu has no cluster", i + 1);
        }
        count[model->cluster[i] + 1]++;
    }
    for (size_t j = 0; j < m; j++) {
        if (count[j + 1] == 0) {
            return mtp_fail(err, MTP_E_ARG, "cluster %zu has no effects", j + 1);
        }
        count[j + 1] += count[j];
    }
    *start = count;
    return MTP_OK;
}

/* A row with what it is sorted by. */
typedef struct sorted_row {
    const mtp_robust_model *model;
    size_t row;
} sorted_row;

static int compare(double a, double b)
{
    return a < b ? -1 : a > b;
}

static int compare_rows(const void *left, const void *right)
{
    const sorted_row *a = left, *b = right;
    const mtp_robust_model *model = a->model;
    int sign = compare(model->variance[a->row], model->variance[b->row]);

    if (sign == 0) {
        sign = compare(model->residual[a->row], model->residual[b->row]);
    }
    for (size_t c = 0; sign == 0 && model->x && c < model->p; c++) {
        sign =
            compare(model->x[a->row * model->p + c], model->x[b->row * model->p + c]);
    }
    if (sign == 0 && model->weight) {
        sign = compare(model->weight[a->row], model->weight[b->row]);
    }
    return sign;
}

static mtp_status sort_rows(const mtp_robust_model *model, mtp_arena *arena,
                            mtp_robust_order *order, mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(arena);
    sorted_row *sorted = MTP_ARENA_ARRAY(arena, model->k, sorted_row);
    size_t *next = MTP_ARENA_ARRAY(arena, model->clusters, size_t);

    if (!sorted || !next) {
        return mtp_fail_nomem(err);
    }
    memcpy(next, order->start, model->clusters * sizeof *next);
    for (size_t i = 0; i < model->k; i++) {
        sorted[next[model->cluster[i]]++] = (sorted_row){model, i};
    }
    for (size_t j = 0; j < model->clusters; j++) {
        qsort(sorted + order->start[j], order->start[j + 1] - order->start[j],
              sizeof *sorted, compare_rows);
    }
    for (size_t i = 0; i < model->k; i++) {
        order->row[i] = sorted[i].row;
    }
    mtp_arena_release(arena, mark);
    return MTP_OK;
}

/* The rows of a block: of one cluster, and of no other block. */
static mtp_status check_block(const mtp_robust_model *model, size_t block, size_t n,
                              const size_t row[], unsigned char seen[], mtp_error *err)
{
    for (size_t i = 0; i < n; i++) {
        if (row[i] >= model->k || seen[row[i]]) {
            return mtp_fail(err, MTP_E_ARG,
                            "block %zu of the working covariance holds an effect that "
                            "another block holds, or none",
                            block + 1);
        }
        seen[row[i]] = 1;
        if (model->cluster[row[i]] != model->cluster[row[0]]) {
            return mtp_fail(err, MTP_E_ARG,
                            "effects %zu and %zu are in two clusters, but the working "
                            "model correlates them; take clusters that hold the "
                            "outermost level",
                            row[0] + 1, row[i] + 1);
        }
    }
    return MTP_OK;
}

static mtp_status size_of(const mtp_robust_model *model, size_t block, size_t *size,
                          mtp_error *err)
{
    *size = model->block(model->context, block, NULL, NULL);
    if (*size > MTP_ROBUST_BLOCK_MAX) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the working model correlates %zu effects; a robust variance "
                        "takes up to %d",
                        *size, (int)MTP_ROBUST_BLOCK_MAX);
    }
    return MTP_OK;
}

/* Blocks cluster by cluster, in their order; every effect is in one of them. */
static mtp_status sort_blocks(const mtp_robust_model *model, mtp_arena *arena,
                              mtp_robust_order *order, mtp_error *err)
{
    size_t n = model->n_blocks, total = 0;
    size_t *sorted = MTP_ARENA_ARRAY(arena, n, size_t);
    size_t *size = MTP_ARENA_ARRAY(arena, n, size_t);
    size_t *cluster = MTP_ARENA_ARRAY(arena, n, size_t);
    size_t *next = mtp_arena_zalloc(arena, model->clusters + 1, sizeof *next);
    size_t *row = MTP_ARENA_ARRAY(arena, MTP_ROBUST_BLOCK_MAX, size_t);
    unsigned char *seen = mtp_arena_zalloc(arena, model->k, 1);
    mtp_status status = MTP_OK;

    if (!sorted || !size || !cluster || !next || !row || !seen) {
        return mtp_fail_nomem(err);
    }
    for (size_t b = 0; status == MTP_OK && b < n; b++) {
        status = size_of(model, b, &size[b], err);
        if (status == MTP_OK) {
            model->block(model->context, b, row, NULL);
            status = check_block(model, b, size[b], row, seen, err);
            cluster[b] = size[b] ? model->cluster[row[0]] : 0;
            next[cluster[b] + 1]++;
            total += size[b];
            order->largest_block =
                size[b] > order->largest_block ? size[b] : order->largest_block;
        }
    }
    if (status == MTP_OK && total != model->k) {
        status =
            mtp_fail(err, MTP_E_ARG, "blocks hold %zu of %zu effects", total, model->k);
    }
    for (size_t j = 0; status == MTP_OK && j < model->clusters; j++) {
        next[j + 1] += next[j];
    }
    for (size_t b = 0; status == MTP_OK && b < n; b++) {
        sorted[next[cluster[b]]++] = b;
    }
    order->block = sorted;
    order->block_size = size;
    return status;
}

mtp_status mtp_robust_order_make(const mtp_robust_model *model, mtp_arena *arena,
                                 mtp_robust_order *order, mtp_error *err)
{
    mtp_status status = check_shape(model, err);
    size_t *start = NULL;

    if (status == MTP_OK) {
        status = check_rows(model, err);
    }
    if (status == MTP_OK) {
        status = count_clusters(model, arena, &start, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    *order = (mtp_robust_order){.row = MTP_ARENA_ARRAY(arena, model->k, size_t),
                                .start = start};
    if (!order->row) {
        return mtp_fail_nomem(err);
    }
    return model->block ? sort_blocks(model, arena, order, err)
                        : sort_rows(model, arena, order, err);
}
