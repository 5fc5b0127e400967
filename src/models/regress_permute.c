/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The permutation test: rows of moderators are dealt out to the studies anew (signs of
 * the effects, where the intercept is all there is), tau2 and all statistics made anew,
 * and p is the share of arrangements at which a statistic is at least as far from 0 as
 * observed, the observed arrangement among them. All distinct arrangements where they
 * are few enough, else a seeded draw. Every arrangement goes through the kernels of the
 * fit itself.
 */
#include "core/error.h"
#include "core/parallel.h"
#include "models/normal.h"
#include "models/regress_job.h"
#include "num/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { A_TASK = 16, A_BATCH = 64 * A_TASK };

/* More arrangements than this are drawn from, whatever was asked for: at tens of
 * microseconds each this is a minute. */
static const double EXACT_LIMIT = 0x1p20;

/* Statistics that differ by less are the same arrangement seen another way. */
static const double TIE = 1e-9;

typedef struct permutation {
    mtp_regress_job *job;
    bool signs;
    size_t n, statistics; /* p + 1: of each coefficient, and the omnibus test */
    const size_t *kind;   /* [k] the first row that is the same, by row */
    size_t *arrangement;  /* [A_BATCH][k] row dealt to each study, or 1: sign changed */
    size_t in_batch;
    double *observed; /* [statistics] */
    size_t *count;    /* [A_BATCH / A_TASK][statistics] as far out as observed */
} permutation;

/* What a task works with. */
typedef struct bench {
    mtp_arena *arena;
    mtp_regress_job job; /* a copy, with studies of its own */
    double *x, *yi;
    mtp_dd *beta, *cov;
} bench;

static mtp_status bench_open(const permutation *of, bench *b)
{
    const mtp_moderators *m = of->job->mods;
    size_t deficient;
    mtp_status status = MTP_E_NOMEM;

    b->arena = mtp_arena_new();
    if (!b->arena) {
        return status;
    }
    b->job = *of->job;
    b->job.scratch = b->job.linear.scratch = b->arena;
    b->job.point = MTP_ARENA_ARRAY(b->arena, m->k, mtp_study_point);
    b->x = MTP_ARENA_ARRAY(b->arena, m->k * m->p, double);
    b->yi = MTP_ARENA_ARRAY(b->arena, m->k, double);
    b->beta = MTP_ARENA_ARRAY(b->arena, m->p * (m->p + 1), mtp_dd);
    if (b->job.point && b->x && b->yi && b->beta) {
        const mtp_effects *e = of->job->effects;

        b->cov = b->beta + m->p;
        b->job.studies.columns = NULL;
        status = mtp_studies_prepare(m->k, e->yi, e->vi, 1, NULL, b->job.point,
                                     &b->job.block, &b->job.studies, NULL);
        memcpy(b->yi, e->yi, m->k * sizeof *b->yi);
        memcpy(b->x, m->x, m->k * m->p * sizeof *b->x);
    }
    if (status == MTP_OK) {
        status = mtp_columns_attach(&b->job.studies, b->job.point, m->p, b->yi, b->x,
                                    b->arena, &deficient, NULL);
    }
    b->job.studies.no_errors = true;
    if (status != MTP_OK) {
        mtp_arena_free(b->arena);
    }
    return status;
}

static void arrange(const permutation *of, const size_t arrangement[], bench *b)
{
    const mtp_moderators *m = of->job->mods;

    for (size_t i = 0; i < m->k; i++) {
        if (of->signs) {
            double y = of->job->effects->yi[i];

            b->yi[i] = arrangement[i] ? -y : y;
        } else {
            memcpy(b->x + i * m->p, m->x + arrangement[i] * m->p, m->p * sizeof *b->x);
        }
    }
}

/* |beta / se| of each coefficient and the omnibus statistic, of one arrangement. */
static mtp_status statistics(const permutation *of, const size_t arrangement[],
                             bench *b, double out[])
{
    mtp_pool_options options = mtp_regress_as_pool(&of->job->options);
    size_t p = of->job->mods->p, deficient;
    mtp_dd zero = {0.0, 0.0};
    mtp_sums at_zero;
    mtp_arena_mark mark;
    mtp_test omnibus;
    mtp_status status;

    arrange(of, arrangement, b);
    status = mtp_columns_replace(&b->job.studies, b->job.point, b->yi, b->x, &deficient,
                                 NULL);
    if (status != MTP_OK) {
        return status;
    }
    mtp_columns_sums(&b->job.studies, zero, &at_zero);
    b->job.studies.at_zero = &at_zero;
    mtp_fit_tau2(&b->job.studies, NULL, &options, &b->job.tau2);
    b->job.studies.at_zero = NULL;
    mtp_regress_solve_into(&b->job, b->beta, b->cov, NULL);
    mark = mtp_arena_save(b->arena);
    status = mtp_regress_omnibus(&b->job, &omnibus, NULL);
    mtp_arena_release(b->arena, mark);
    out[p] = omnibus.statistic;
    for (size_t j = 0; j < p; j++) {
        double se = sqrt(mtp_dd_to(b->cov[j * p + j]));

        out[j] = fabs(mtp_dd_to(b->beta[j])) / se;
    }
    return status;
}

static mtp_status compare_some(void *context, size_t task)
{
    const permutation *of = (const permutation *)context;
    size_t k = of->job->mods->k, end = (task + 1) * A_TASK;
    size_t *count = of->count + task * of->statistics;
    bench b;
    mtp_status status = bench_open(of, &b);
    double *value;

    if (status != MTP_OK) {
        return status;
    }
    value = MTP_ARENA_ARRAY(b.arena, of->statistics, double);
    status = value ? MTP_OK : MTP_E_NOMEM;
    for (size_t i = task * A_TASK; i < end && i < of->in_batch && status == MTP_OK;
         i++) {
        status = statistics(of, of->arrangement + i * k, &b, value);
        for (size_t s = 0; s < of->statistics; s++) {
            count[s] += !(value[s] < of->observed[s] - TIE * (1.0 + of->observed[s]));
        }
    }
    mtp_arena_free(b.arena);
    return status;
}

/* Which rows of moderators are the same: the first of them stands for all. */
static size_t *find_kinds(const mtp_moderators *m, mtp_arena *arena)
{
    size_t *kind = MTP_ARENA_ARRAY(arena, m->k, size_t);

    for (size_t i = 0; i < m->k && kind; i++) {
        kind[i] = 0;
        while (memcmp(m->x + kind[i] * m->p, m->x + i * m->p, m->p * sizeof *m->x) !=
               0) {
            kind[i]++;
        }
    }
    return kind;
}

/* k! / product of (rows of a kind)!, or 2^k. */
static double count_arrangements(const permutation *of)
{
    size_t k = of->job->mods->k;
    double count = 1.0;

    if (of->signs) {
        return ldexp(1.0, k < 1000 ? (int)k : 1000);
    }
    for (size_t i = 0; i < k && count < 1e300; i++) {
        double same = 0.0;

        for (size_t j = 0; j <= i; j++) {
            same += of->kind[j] == of->kind[i];
        }
        count *= (double)(i + 1) / same;
    }
    return nearbyint(count);
}

static int by_number(const void *left, const void *right)
{
    const size_t *a = left, *b = right;

    return *a < *b ? -1 : *a > *b;
}

/* The next arrangement in lexicographic order; the first follows the last. Source:
 * Knuth (2011), The art of computer programming 4A, 7.2.1.2, algorithm L. */
static void next_order(size_t k, size_t a[])
{
    size_t j = k - 1, l = k - 1;

    while (j > 0 && a[j - 1] >= a[j]) {
        j--;
    }
    if (j > 0) {
        size_t kept = a[j - 1];

        while (kept >= a[l]) {
            l--;
        }
        a[j - 1] = a[l];
        a[l] = kept;
    }
    for (l = k - 1; j < l; j++, l--) {
        size_t kept = a[j];

        a[j] = a[l];
        a[l] = kept;
    }
}

static void next_signs(size_t k, size_t a[])
{
    size_t i = 0;

    while (i < k && a[i]) {
        a[i++] = 0;
    }
    if (i < k) {
        a[i] = 1;
    }
}

/* Arrangement number `index` by chance; number 0 is the observed one. */
static void draw(const permutation *of, size_t index, size_t a[])
{
    mtp_random random = mtp_random_start(of->job->options.seed, index);
    size_t k = of->job->mods->k;

    for (size_t i = 0; i < k; i++) {
        a[i] = of->signs ? 0 : i;
    }
    for (size_t i = k; i > 0 && index > 0; i--) {
        size_t at = (size_t)mtp_random_below(&random, of->signs ? 2 : i);

        if (of->signs) {
            a[i - 1] = at;
        } else {
            size_t kept = a[i - 1];

            a[i - 1] = a[at];
            a[at] = kept;
        }
    }
}

/* The next batch; `walk` holds the arrangement to go on from. */
static void deal(permutation *of, bool exact, size_t done, size_t walk[])
{
    size_t k = of->job->mods->k;

    of->in_batch = of->n - done < A_BATCH ? of->n - done : A_BATCH;
    for (size_t i = 0; i < of->in_batch; i++) {
        size_t *to = of->arrangement + i * k;

        if (exact) {
            memcpy(to, walk, k * sizeof *to);
            (of->signs ? next_signs : next_order)(k, walk);
        } else {
            draw(of, done + i, to);
        }
    }
}

static mtp_status run(permutation *of, bool exact, size_t total[], mtp_error *err)
{
    size_t k = of->job->mods->k, tasks = A_BATCH / A_TASK;
    size_t *walk = MTP_ARENA_ARRAY(of->job->scratch, k, size_t);
    mtp_status status = MTP_OK;

    of->arrangement = MTP_ARENA_ARRAY(of->job->scratch, A_BATCH * k, size_t);
    of->count = MTP_ARENA_ARRAY(of->job->scratch, tasks * of->statistics, size_t);
    if (!walk || !of->arrangement || !of->count) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < k; i++) {
        walk[i] = of->signs ? 0 : of->kind[i];
    }
    qsort(walk, k, sizeof *walk, by_number);
    for (size_t done = 0; done < of->n && status == MTP_OK; done += of->in_batch) {
        deal(of, exact, done, walk);
        memset(of->count, 0, tasks * of->statistics * sizeof *of->count);
        status = mtp_parallel_for((of->in_batch + A_TASK - 1) / A_TASK,
                                  of->job->options.threads, compare_some, of);
        for (size_t i = 0; i < tasks * of->statistics; i++) {
            total[i % of->statistics] += of->count[i];
        }
    }
    return status == MTP_OK ? status : mtp_fail_nomem(err);
}

/* The statistics of the rows as they are, by the same way as all others. */
static mtp_status observe(permutation *of, mtp_error *err)
{
    size_t k = of->job->mods->k;
    size_t *as_is = MTP_ARENA_ARRAY(of->job->scratch, k, size_t);
    mtp_status status = MTP_E_NOMEM;
    bench b;

    of->observed = MTP_ARENA_ARRAY(of->job->scratch, of->statistics, double);
    if (as_is && of->observed) {
        for (size_t i = 0; i < k; i++) {
            as_is[i] = of->signs ? 0 : i;
        }
        status = bench_open(of, &b);
    }
    if (status == MTP_OK) {
        status = statistics(of, as_is, &b, of->observed);
        mtp_arena_free(b.arena);
    }
    return status == MTP_OK ? status : mtp_fail_nomem(err);
}

/* A statistic that does not exist (of a standard error of 0) has no p. */
static double share_of(const permutation *of, const size_t total[], size_t s)
{
    return isfinite(of->observed[s]) ? (double)total[s] / (double)of->n : (double)NAN;
}

mtp_status mtp_regress_permute(mtp_regress_job *job, mtp_error *err)
{
    const mtp_regress_options *o = &job->options;
    size_t p = job->mods->p;
    permutation of = {.job = job,
                      .signs = job->mods->intercept && p == 1,
                      .statistics = p + 1,
                      .kind = find_kinds(job->mods, job->scratch)};
    mtp_permutation *made = MTP_ARENA_NEW(job->arena, mtp_permutation);
    double *share = MTP_ARENA_ARRAY(job->arena, p, double), count;
    size_t *total = mtp_arena_zalloc(job->scratch, p + 1, sizeof *total);
    mtp_status status;

    if (!of.kind || !made || !share || !total) {
        return mtp_fail_nomem(err);
    }
    count = count_arrangements(&of);
    made->exact =
        (o->permute_exact && count <= EXACT_LIMIT) || count <= (double)o->permutations;
    of.n = made->exact           ? (size_t)count
           : o->permutations > 0 ? o->permutations
                                 : (size_t)MTP_PERMUTATIONS;
    status = observe(&of, err);
    if (status == MTP_OK) {
        status = run(&of, made->exact, total, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    made->n = of.n;
    made->arrangements = count;
    made->seed = o->seed;
    made->omnibus_p = share_of(&of, total, p);
    for (size_t j = 0; j < p; j++) {
        share[j] = share_of(&of, total, j);
    }
    made->p = share;
    job->result->permutation = made;
    return MTP_OK;
}
