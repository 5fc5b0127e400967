/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The studies of a fit cluster by cluster, and what the analysis has for cr2. */
#include "explain/robust.h"

#include "models/robust_order.h"
#include "models/robust_root.h"
#include "num/symmetric.h"

#include <float.h>
#include <math.h>

/* The same before its fields are constant. */
typedef struct sorted {
    size_t *row, *start;
    const char **label, **name;
    bool *chosen, *singular;
    double *y, *v, *phi, *residual, *weight;
    double **x, **T, **T_error;
} sorted;

static double **make_columns(mtp_arena *arena, size_t p, size_t k)
{
    double **made = MTP_ARENA_ARRAY(arena, p, double *);

    for (size_t j = 0; made && j < p; j++) {
        made[j] = MTP_ARENA_ARRAY(arena, k, double);
        if (!made[j]) {
            return NULL;
        }
    }
    return made;
}

static bool make_room(mtp_arena *a, size_t k, size_t p, size_t n_clusters, sorted *to)
{
    *to = (sorted){.row = MTP_ARENA_ARRAY(a, k, size_t),
                   .start = MTP_ARENA_ARRAY(a, n_clusters + 1, size_t),
                   .label = MTP_ARENA_ARRAY(a, k, const char *),
                   .name = MTP_ARENA_ARRAY(a, n_clusters, const char *),
                   .chosen = mtp_arena_zalloc(a, n_clusters, sizeof(bool)),
                   .singular = mtp_arena_zalloc(a, n_clusters, sizeof(bool)),
                   .y = MTP_ARENA_ARRAY(a, k, double),
                   .v = MTP_ARENA_ARRAY(a, k, double),
                   .phi = MTP_ARENA_ARRAY(a, k, double),
                   .residual = MTP_ARENA_ARRAY(a, k, double),
                   .weight = MTP_ARENA_ARRAY(a, k, double),
                   .x = make_columns(a, p, k),
                   .T = make_columns(a, p, k),
                   .T_error = make_columns(a, p, k)};
    return to->row && to->start && to->label && to->name && to->chosen &&
           to->singular && to->y && to->v && to->phi && to->residual && to->weight &&
           to->x && to->T && to->T_error;
}

/* Rows of the set by cluster, and within it by the groups of nested levels; empty
 * clusters are left out; returns how many there are. */
static size_t sort_rows(const mtp_explain_work *work, const mtp_explain_set *set,
                        sorted *to)
{
    const mtp_bundle *b = work->bundle;
    size_t m = 0, n = 0;

    to->start[0] = 0;
    for (size_t c = 0; c < b->n_clusters; c++) {
        for (size_t at = 0; at < set->k; at++) {
            size_t i = set->nested ? set->nested->order[at] : at;

            if (b->cluster[set->index[i]] == c) {
                to->row[n++] = i;
            }
        }
        if (n > to->start[m]) {
            to->name[m++] = mtp_solution_name(work->s, b->cluster_name[c]);
            to->start[m] = n;
        }
    }
    return m;
}

static void take_rows(const mtp_explain_work *work, const mtp_explain_working *of,
                      sorted *to)
{
    const mtp_explain_set *set = of->set;

    for (size_t at = 0; at < set->k; at++) {
        size_t i = to->row[at];

        to->label[at] = work->s->label[i];
        to->y[at] = set->y[i];
        to->v[at] = set->v[i];
        to->phi[at] = set->v[i] + (of->spread ? of->spread[i] : of->tau2);
        to->residual[at] = of->residual[i];
        to->weight[at] = set->weight ? set->weight[i] : 0.0;
        for (size_t j = 0; j < of->p; j++) {
            to->x[j][at] = of->x ? of->x[j][i] : 1.0;
        }
    }
}

/* Those of the studies of --work, all, or the first that takes a matrix. */
static void choose_clusters(const mtp_explain_robust *r, const mtp_explain_set *set,
                            sorted *to)
{
    bool any = false;

    for (size_t g = 0; g < r->m; g++) {
        size_t n = to->start[g + 1] - to->start[g];

        if (mtp_robust_is_simple(r, g) || n > MTP_ROBUST_WORKED_MAX) {
            continue;
        }
        to->chosen[g] = r->work->all || (!r->work->chosen && !any);
        for (size_t at = to->start[g]; at < to->start[g + 1]; at++) {
            size_t study = set->index[to->row[at]];

            to->chosen[g] =
                to->chosen[g] ||
                mtp_explain_is_chosen(r->work, r->work->bundle->studies[study].name);
        }
        any = any || to->chosen[g];
    }
}

/* The covariance of an outermost group's effects, as mtp_robust wants it. */
static size_t block_of(const void *context, size_t block, size_t row[], double v[])
{
    const mtp_explain_robust *r = (const mtp_explain_robust *)context;
    const size_t *group = r->nested->levels[0].effects.group;
    size_t n = 0;

    for (size_t i = 0; i < r->k; i++) {
        if (group[r->row[i]] != block) {
            continue;
        }
        if (row) {
            row[n] = i;
        }
        n++;
    }
    for (size_t i = 0; row && v && i < n * n; i++) {
        v[i] = mtp_robust_covariance(r, row[i / n], row[i % n]);
    }
    return n;
}

/* What the kernel of cr2 takes. */
typedef struct kernel {
    mtp_robust_model model;
    mtp_robust_order order;
    mtp_robust_frame frame;
    mtp_robust_whole whole;
} kernel;

static bool make_kernel(const mtp_explain_robust *r, mtp_arena *arena, kernel *of)
{
    double *x = MTP_ARENA_ARRAY(arena, r->k * r->p, double);
    size_t *cluster = MTP_ARENA_ARRAY(arena, r->k, size_t);

    if (!x || !cluster) {
        return false;
    }
    for (size_t g = 0; g < r->m; g++) {
        for (size_t i = r->start[g]; i < r->start[g + 1]; i++) {
            cluster[i] = g;
            for (size_t j = 0; j < r->p; j++) {
                x[i * r->p + j] = r->x[j][i];
            }
        }
    }
    mtp_robust_model_init(&of->model, sizeof of->model);
    of->model.k = r->k;
    of->model.p = r->p;
    of->model.x = x;
    of->model.residual = r->residual;
    of->model.variance = r->phi;
    of->model.weight = r->weight;
    of->model.clusters = r->m;
    of->model.cluster = cluster;
    if (r->nested) {
        of->model.variance = NULL;
        of->model.n_blocks = r->groups.n;
        of->model.block = block_of;
        of->model.context = r;
    }
    if (mtp_robust_order_make(&of->model, arena, &of->order, NULL) != MTP_OK ||
        mtp_robust_frame_make(&of->model, arena, &of->frame, NULL) != MTP_OK ||
        mtp_robust_whole_make(&of->frame, arena, &of->whole, NULL) != MTP_OK) {
        return false;
    }
    for (size_t b = 0, at = 0; b < of->model.n_blocks; b++) {
        at += block_of(r, of->order.block[b], &of->order.row[at], NULL);
    }
    return true;
}

/* By how much the frame's weights are larger than those of the model. */
static double unit_of(const mtp_explain_robust *r, const kernel *of)
{
    size_t heaviest = 0;

    if (!r->weight) {
        return ldexp(1.0, 2 * of->frame.unit);
    }
    for (size_t i = 0; i < r->k; i++) {
        heaviest = of->frame.w[i] > of->frame.w[heaviest] ? i : heaviest;
    }
    return of->frame.w[heaviest] / r->weight[of->order.row[heaviest]];
}

/* What cancels but for rounding, beside the largest T and the largest W X of its
 * cluster, is 0. */
static void drop_rounding(const mtp_explain_robust *r, size_t cluster, double T[],
                          const double x[])
{
    double most = 0.0;

    for (size_t i = r->start[cluster]; i < r->start[cluster + 1]; i++) {
        double w = r->weight ? r->weight[i] : 1.0 / r->phi[i];

        most = fmax(most, fmax(fabs(T[i]), fabs(w * x[i])));
    }
    for (size_t i = r->start[cluster]; i < r->start[cluster + 1]; i++) {
        T[i] = fabs(T[i]) < 1e-14 * most ? 0.0 : T[i];
    }
}

/* T of blocks of effects, which the frame has by the eigenvectors of their covariance,
 * by effects. */
static bool turn_back(const mtp_explain_robust *r, mtp_arena *arena, const kernel *of,
                      sorted *to)
{
    size_t n = of->order.largest_block;
    double *v = MTP_ARENA_ARRAY(arena, n * n, double), *work, *vector, *T;

    work = MTP_ARENA_ARRAY(arena, 3 * n, double);
    vector = MTP_ARENA_ARRAY(arena, n * n, double);
    T = MTP_ARENA_ARRAY(arena, n, double);
    if (!v || !work || !vector || !T) {
        return false;
    }
    for (size_t b = 0, at = 0; b < r->groups.n; b++) {
        size_t *row = &of->order.row[at];

        n = block_of(r, of->order.block[b], row, v);
        at += n;
        if (!mtp_symmetric_eigen(n, v, work, vector, work + n)) {
            return false;
        }
        for (size_t j = 0; j < r->p; j++) {
            double most = 0.0;

            for (size_t i = 0; i < n; i++) {
                T[i] = to->T[j][row[i]];
                most = fmax(most, fabs(T[i]));
                to->T[j][row[i]] = 0.0;
            }
            for (size_t i = 0; i < n * n; i++) {
                to->T[j][row[i % n]] += vector[i] * T[i / n];
                to->T_error[j][row[i % n]] = 4.0 * (double)n * DBL_EPSILON * most;
            }
        }
    }
    return true;
}

/* T = A W X of every cluster. */
static bool take_adjusted(const mtp_explain_robust *r, mtp_arena *arena, sorted *to)
{
    kernel of;
    double *T = MTP_ARENA_ARRAY(arena, r->k * r->p, double), unit;

    if (!T || !make_kernel(r, arena, &of)) {
        return false;
    }
    unit = unit_of(r, &of);
    for (size_t g = 0; g < r->m; g++) {
        if (mtp_robust_adjust(&of.whole, g, true, arena, T, &to->singular[g], NULL) !=
            MTP_OK) {
            return false;
        }
        for (size_t i = 0; i < r->start[g + 1] - r->start[g]; i++) {
            for (size_t j = 0; j < r->p; j++) {
                to->T[j][of.order.row[r->start[g] + i]] = T[i * r->p + j] / unit;
            }
        }
    }
    if (r->nested && !turn_back(r, arena, &of, to)) {
        return false;
    }
    /* of a mean nothing cancels, however far apart the weights are */
    for (size_t g = 0; !r->mean && g < r->m; g++) {
        for (size_t j = 0; j < r->p; j++) {
            drop_rounding(r, g, to->T[j], r->x[j]);
        }
    }
    return true;
}

bool mtp_robust_work_begin(mtp_explain_work *work, const mtp_explain_working *of,
                           mtp_explain_robust *r)
{
    mtp_solution *s = work->s;
    sorted to;

    if (!make_room(s->arena, of->set->k, of->p, work->bundle->n_clusters, &to)) {
        s->failed = true;
        return false;
    }
    *r = (mtp_explain_robust){.work = work, .s = s, .k = of->set->k, .p = of->p};
    r->type = work->bundle->pool ? of->set->pooled->robust.type
                                 : work->bundle->regression->fit->robust;
    r->m = sort_rows(work, of->set, &to);
    take_rows(work, of, &to);
    r->start = to.start;
    r->row = to.row;
    r->label = to.label;
    r->name = to.name;
    r->chosen = to.chosen;
    r->y = to.y;
    r->v = to.v;
    r->phi = to.phi;
    r->residual = to.residual;
    r->weight = of->set->weight ? to.weight : NULL;
    r->x = (const double *const *)to.x;
    r->with_tau2 = of->with_tau2;
    r->mean = !of->x;
    r->nested = of->set->nested && of->set->nested->depth > 0 ? of->set->nested : NULL;
    if (r->nested && !mtp_robust_find_groups(r)) {
        return false;
    }
    choose_clusters(r, of->set, &to);
    if (r->type == MTP_ROBUST_CR2 && !take_adjusted(r, s->arena, &to)) {
        s->failed = true;
        return false;
    }
    r->T = (const double *const *)to.T;
    r->T_error = r->nested ? (const double *const *)to.T_error : NULL;
    r->singular = to.singular;
    mtp_robust_work_resume(r);
    return true;
}

void mtp_robust_work_resume(mtp_explain_robust *r)
{
    mtp_solution *s = r->s;

    r->kept.n = s->scope.n;
    r->kept.k = s->scope.k;
    r->kept.label = s->label;
    mtp_robust_rows_are_studies(r);
}

void mtp_robust_work_end(mtp_explain_robust *r)
{
    mtp_solution *s = r->s;

    s->scope.n = r->kept.n;
    s->scope.k = r->kept.k;
    s->scope.start = NULL;
    s->scope.groups = 0;
    s->label = r->kept.label;
    s->group = NULL;
    s->row_name = NULL;
}

void mtp_robust_rows_are_studies(mtp_explain_robust *r)
{
    r->s->scope.start = r->start;
    r->s->scope.groups = r->m;
    r->s->group = r->name;
    r->s->scope.k = r->k;
    r->s->label = r->label;
    r->s->row_name = NULL;
}

void mtp_robust_rows_are_clusters(mtp_explain_robust *r)
{
    r->s->scope.k = r->m;
    r->s->label = r->name;
    r->s->row_name = "cluster";
}

const char *mtp_robust_variance_name(const mtp_explain_robust *r)
{
    return r->with_tau2 ? "vs" : "v";
}

const char *mtp_robust_variance_column(const mtp_explain_robust *r)
{
    return r->with_tau2 ? "vs_i" : "v_i";
}
