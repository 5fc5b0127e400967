/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/multilevel_tree.h"

#include "core/error.h"

#include <math.h>
#include <stdlib.h>

/* What decides where an effect stands. */
typedef struct sorting {
    const mtp_study_point *point;
    const double *y;
    const mtp_nested_basis *basis;
    size_t n_levels;
    const mtp_level *levels;
} sorting;

typedef struct sorted_effect {
    const sorting *by;
    size_t index;
} sorted_effect;

static int order_of(double a, double b)
{
    return (a > b) - (a < b);
}

static int by_path(const void *left, const void *right)
{
    const sorted_effect *a = (const sorted_effect *)left;
    const sorted_effect *b = (const sorted_effect *)right;
    const sorting *by = a->by;
    size_t i = a->index, j = b->index, n = by->basis->n;
    int order = 0;

    for (size_t l = 0; l < by->n_levels && order == 0; l++) {
        const size_t *group = by->levels[l].group;

        order = (group[i] > group[j]) - (group[i] < group[j]);
    }
    if (order == 0) {
        order = order_of(by->point[i].v, by->point[j].v);
    }
    if (order == 0) {
        order = order_of(by->y[i], by->y[j]);
    }
    for (size_t t = 0; t < n && order == 0; t++) {
        order = order_of(by->basis->z[i * n + t], by->basis->z[j * n + t]);
    }
    return order != 0 ? order : (i > j) - (i < j);
}

static mtp_status sort_effects(const sorting *by, mtp_nested *made, mtp_error *err)
{
    mtp_arena_mark mark = mtp_arena_save(made->arena);
    sorted_effect *effect = MTP_ARENA_ARRAY(made->arena, made->k, sorted_effect);

    if (!effect) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < made->k; i++) {
        effect[i] = (sorted_effect){by, i};
    }
    qsort(effect, made->k, sizeof *effect, by_path);
    for (size_t i = 0; i < made->k; i++) {
        made->order[i] = effect[i].index;
    }
    mtp_arena_release(made->arena, mark);
    return MTP_OK;
}

/* The outermost level at which effect i leaves the group of the one before it;
 * n_levels where it stays in all. */
static size_t outermost_change(const mtp_nested *made, const mtp_level levels[],
                               size_t i)
{
    size_t here = made->order[i], before = i > 0 ? made->order[i - 1] : 0;

    if (i == 0 || !levels) {
        return 0;
    }
    for (size_t l = 0; l < made->n_levels; l++) {
        if (levels[l].group[here] != levels[l].group[before]) {
            return l;
        }
    }
    return made->n_levels;
}

static bool make_level(mtp_nested *made, size_t l)
{
    mtp_nested_level *level = &made->level[l];
    size_t n = level->n;

    level->begin = MTP_ARENA_ARRAY(made->arena, n + 1, size_t);
    level->a = MTP_ARENA_ARRAY(made->arena, n, double);
    level->w = MTP_ARENA_ARRAY(made->arena, n, double);
    level->share = MTP_ARENA_ARRAY(made->arena, n, double);
    level->da = (double *)mtp_arena_zalloc(made->arena, n, sizeof(double));
    level->dw = MTP_ARENA_ARRAY(made->arena, n, double);
    level->dshare = MTP_ARENA_ARRAY(made->arena, n, double);
    level->mean = MTP_ARENA_ARRAY(made->arena, n * made->q, double);
    level->offset = MTP_ARENA_ARRAY(made->arena, n * made->q, double);
    level->sum = MTP_ARENA_ARRAY(made->arena, n * made->q, double);
    level->more = MTP_ARENA_ARRAY(made->arena, n * made->q_more, double);
    return level->begin && level->a && level->w && level->share && level->da &&
           level->dw && level->dshare && level->mean && level->offset && level->sum &&
           level->more;
}

static mtp_status make_levels(mtp_nested *made, const mtp_level levels[],
                              mtp_error *err)
{
    size_t filled[MTP_LEVELS_MAX] = {0};

    for (size_t i = 0; i < made->k; i++) {
        for (size_t l = outermost_change(made, levels, i); l < made->n_levels; l++) {
            made->level[l].n++;
        }
    }
    for (size_t l = 0; l < made->n_levels; l++) {
        if (!make_level(made, l)) {
            return mtp_fail_nomem(err);
        }
    }
    for (size_t i = 0; i < made->k; i++) {
        for (size_t l = outermost_change(made, levels, i); l < made->n_levels; l++) {
            size_t next = l + 1 < made->n_levels ? filled[l + 1] : i;

            made->level[l].begin[filled[l]++] = next;
        }
    }
    for (size_t l = 0; l < made->n_levels; l++) {
        made->level[l].begin[filled[l]] =
            l + 1 < made->n_levels ? filled[l + 1] : made->k;
    }
    return MTP_OK;
}

static bool make_room(mtp_nested *made)
{
    size_t n = made->basis->n, k = made->k, q = made->q, q_more = made->q_more;

    made->order = MTP_ARENA_ARRAY(made->arena, k, size_t);
    made->v = MTP_ARENA_ARRAY(made->arena, k, double);
    made->precision = MTP_ARENA_ARRAY(made->arena, k, double);
    made->column = MTP_ARENA_ARRAY(made->arena, k * q, double);
    made->within = MTP_ARENA_ARRAY(made->arena, q * (q + 1) / 2, mtp_dd);
    made->gram = MTP_ARENA_ARRAY(made->arena, q * (q + 1) / 2, mtp_dd);
    made->gram_more = MTP_ARENA_ARRAY(made->arena, q_more * (q_more + 1) / 2, mtp_dd);
    made->delta = MTP_ARENA_ARRAY(made->arena, 2 * q_more, double);
    made->factor = MTP_ARENA_ARRAY(made->arena, n * n, double);
    made->gamma = MTP_ARENA_ARRAY(made->arena, n, double);
    made->cross = MTP_ARENA_ARRAY(made->arena, made->n_levels * n * n, double);
    made->solved = MTP_ARENA_ARRAY(made->arena, 2 * n, double);
    made->root_mean = MTP_ARENA_ARRAY(made->arena, q, double);
    return made->order && made->v && made->precision && made->column && made->within &&
           made->gram && made->gram_more && made->delta && made->factor &&
           made->gamma && made->cross && made->solved && made->root_mean;
}

double mtp_nested_gather(const mtp_siblings *siblings, double mean[], double delta[],
                         mtp_dd gram[])
{
    const double *w = siblings->w, *m = siblings->mean;
    size_t n = siblings->n, q = siblings->q;
    mtp_dd sum = {0.0, 0.0};

    for (size_t c = 0; c < n; c++) {
        mtp_gather(&sum, w[c]);
    }
    for (size_t j = 0; j < q; j++) {
        mtp_dd about_first = {0.0, 0.0};

        for (size_t c = 1; c < n; c++) {
            mtp_gather(&about_first, w[c] * (m[c * q + j] - m[j]));
        }
        mean[j] = m[j] + mtp_dd_to(about_first) / mtp_dd_to(sum);
    }
    for (size_t c = 0; c < n && n > 1; c++) {
        for (size_t j = 0; j < q; j++) {
            delta[j] = m[c * q + j] - mean[j];
            for (size_t i = 0; i <= j; i++) {
                mtp_gather(&gram[mtp_pair(i, j)], w[c] * delta[i] * delta[j]);
            }
        }
    }
    return mtp_dd_to(sum);
}

void mtp_nested_set_effects(mtp_nested *made, const double y[])
{
    mtp_nested_level *last = &made->level[made->n_levels - 1];

    for (size_t i = 0; i < made->k; i++) {
        made->column[i * made->q + made->q - 1] = y[made->order[i]];
    }
    for (size_t i = 0; i < made->q * (made->q + 1) / 2; i++) {
        made->within[i] = mtp_dd_from(0.0);
    }
    for (size_t g = 0; g < last->n; g++) {
        size_t from = last->begin[g], to = last->begin[g + 1];
        mtp_siblings effects = {to - from, made->q, made->precision + from,
                                made->column + from * made->q};

        last->a[g] = mtp_nested_gather(&effects, last->mean + g * made->q, made->delta,
                                       made->within);
    }
}

mtp_status mtp_nested_make(const mtp_study_point point[], const double y[], size_t k,
                           const mtp_nested_basis *basis, size_t n_levels,
                           const mtp_level levels[], mtp_arena *arena, mtp_nested *made,
                           mtp_error *err)
{
    sorting by = {point, y, basis, levels ? n_levels : 0, levels};
    size_t n = basis->n;
    mtp_status status;
    mtp_dd log_v = {0.0, 0.0};

    *made = (mtp_nested){.arena = arena,
                         .k = k,
                         .n_levels = n_levels,
                         .q = n + 1,
                         .q_more = n + n_levels * (n + 1),
                         .basis = basis,
                         .point = point};
    if (!make_room(made)) {
        return mtp_fail_nomem(err);
    }
    status = sort_effects(&by, made, err);
    if (status == MTP_OK) {
        status = make_levels(made, levels, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    for (size_t i = 0; i < k; i++) {
        size_t from = made->order[i];

        made->v[i] = point[from].v;
        made->precision[i] = 1.0 / made->v[i];
        mtp_gather(&log_v, log(made->v[i]));
        for (size_t t = 0; t < n; t++) {
            made->column[i * made->q + t] = basis->z[from * n + t];
        }
    }
    made->log_v = mtp_dd_to(log_v);
    mtp_nested_set_effects(made, y);
    return MTP_OK;
}
