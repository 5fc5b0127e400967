/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rounding of what is pooled. */
#include "sensitivity/rounding_pool.h"

#include "core/error.h"
#include "core/owned.h"

#include <math.h>
#include <string.h>

/* The options of pooling over the defaults; one thread, for the fits are shared out. */
static mtp_status take_options(const mtp_pool_options *given, mtp_pool_options *used,
                               mtp_error *err)
{
    mtp_pool_options_init(used, sizeof *used);
    if (given) {
        memcpy(used, given, given->size < sizeof *used ? given->size : sizeof *used);
        used->size = given->size == 0 ? 0 : sizeof *used;
    }
    used->threads = 1;
    return used->predict == MTP_PI_NNF
               ? mtp_fail(err, MTP_E_UNSUPPORTED,
                          "rounding: the prediction nnf draws random numbers of its "
                          "own in every fit; take another, or none")
               : MTP_OK;
}

/* Whether the fit of a set hangs on its own studies alone. */
static bool are_apart(const mtp_grouping *grouping, const mtp_pool_options *o)
{
    return !grouping || (o->method == MTP_METHOD_INVERSE && !o->weights &&
                         o->tau2_scope == MTP_TAU2_SEPARATE && o->ci != MTP_CI_ROBUST);
}

static mtp_status list_members(mtp_round_pooling *p, size_t k, mtp_arena *arena)
{
    p->size = mtp_arena_zalloc(arena, p->n_sets, sizeof *p->size);
    p->member = mtp_arena_zalloc(arena, p->n_sets, sizeof *p->member);
    for (size_t s = 0; p->size && p->member && s < p->n_sets; s++) {
        size_t *member = MTP_ARENA_ARRAY(arena, k, size_t);

        for (size_t i = 0; member && i < k; i++) {
            if (s == 0 || p->grouping->level[i] + 1 == s) {
                member[p->size[s]++] = i;
            }
        }
        p->member[s] = member;
        if (!member) {
            return MTP_E_NOMEM;
        }
    }
    return p->size && p->member ? MTP_OK : MTP_E_NOMEM;
}

/* Searches come by the same corners of a set; draws do not. */
static mtp_status make_memo(mtp_round_pooling *p, const mtp_round_job *job,
                            const double *const half[MTP_ROLE_COUNT])
{
    size_t n_roles = 0;

    if (!p->apart || job->options.way != MTP_ROUNDING_BOUNDS) {
        return MTP_OK;
    }
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        n_roles += half[r] != NULL;
    }
    p->memo = mtp_memo_new(n_roles * job->k, SET_FIGURES + 1);
    return p->memo ? MTP_OK : MTP_E_NOMEM;
}

/* The figures of a set; p-values have degrees of freedom of their own where the
 * interval estimates these, and the natural scale a size of its own where that moves.
 */
static void plan_set(const mtp_round_pooling *p, const mtp_effects_options *how,
                     size_t s, mtp_round_figure figure[])
{
    size_t first = s * SET_FIGURES;
    bool free_df = p->options.ci == MTP_CI_KR || p->options.ci == MTP_CI_ROBUST;
    bool sized = how && how->measure == MTP_IRFT;

    for (size_t f = 0; f < SET_FIGURES; f++) {
        figure[first + f] = (mtp_round_figure){.part = p->apart ? s : 0,
                                               .sought = f < BACK || sized,
                                               .guide = first + f,
                                               .statistic = first + f,
                                               .at_zero = 1.0};
    }
    figure[first + MTP_ROUNDED_TAU2].guide = first + MTP_ROUNDED_Q;
    figure[first + MTP_ROUNDED_I2].guide = first + MTP_ROUNDED_Q;
    figure[first + MTP_ROUNDED_COMMON_P].statistic = first + COMMON_STATISTIC;
    figure[first + MTP_ROUNDED_RANDOM_P].statistic = first + RANDOM_STATISTIC;
    figure[first + MTP_ROUNDED_Q_P].statistic = first + MTP_ROUNDED_Q;
    figure[first + MTP_ROUNDED_COMMON_P].sought = free_df;
    figure[first + MTP_ROUNDED_RANDOM_P].sought = free_df;
    figure[first + MTP_ROUNDED_Q_P].sought = false;
    figure[first + COMMON_SE].sought = figure[first + RANDOM_SE].sought = false;
}

static void plan_tests(const mtp_round_pooling *p, mtp_round_figure figure[])
{
    size_t first = p->n_sets * SET_FIGURES, part = p->apart ? p->n_sets : 0;
    bool free_df = p->options.ci == MTP_CI_ROBUST;

    for (size_t f = first; f < first + COMMON_ROOT; f += 2) {
        bool between = f != first + WITHIN_TEST && p->n_sets > 3;

        figure[f] = (mtp_round_figure){part, true, f, f, 0.0, between};
        figure[f + 1] = (mtp_round_figure){part, free_df, f + 1, f, 1.0, false};
    }
    for (size_t f = first + COMMON_ROOT; f < first + TEST_FIGURES; f++) {
        size_t test = f == first + COMMON_ROOT ? COMMON_TEST : RANDOM_TEST;

        figure[f] = (mtp_round_figure){part, p->n_sets == 3, f, f, 0.0, false};
        if (p->n_sets == 3) {
            figure[first + test].sought = free_df;
            figure[first + test].statistic = figure[first + test + 1].statistic = f;
        }
    }
}

static mtp_status plan(mtp_round_pooling *p, mtp_round_job *job, mtp_arena *arena)
{
    mtp_round_figure *figure;

    p->apart = are_apart(p->grouping, &p->options);
    job->n_parts = p->apart ? p->n_sets + (p->grouping != NULL) : 1;
    job->n_figures = p->n_sets * SET_FIGURES + (p->grouping ? TEST_FIGURES : 0);
    figure = MTP_ARENA_ARRAY(arena, job->n_figures, mtp_round_figure);
    if (!figure || list_members(p, job->k, arena) != MTP_OK) {
        return MTP_E_NOMEM;
    }
    for (size_t s = 0; s < p->n_sets; s++) {
        plan_set(p, job->how, s, figure);
    }
    if (p->grouping) {
        plan_tests(p, figure);
    }
    job->figure = figure;
    job->fit = mtp_round_fit_pool;
    job->model = p;
    return MTP_OK;
}

/* Whether subgroups can have had one effect, from the bounds of each. */
static bool can_be_equal(const mtp_round_pooling *p, const mtp_round_job *job,
                         const mtp_round_found *found, mtp_rounded estimate)
{
    double highest_low = -(double)INFINITY, lowest_high = (double)INFINITY;

    for (size_t s = 1; s < p->n_sets; s++) {
        size_t f = s * SET_FIGURES + (size_t)estimate;

        if (!isnan(job->base[f])) {
            highest_low = fmax(highest_low, found->lower[f]);
            lowest_high = fmin(lowest_high, found->upper[f]);
        }
    }
    return highest_low <= lowest_high;
}

/* An estimate that hangs on its own studies alone takes every value between its bounds,
 * whatever the others do: where those of all subgroups overlap, the test can be 0. */
static void close_tests(const mtp_round_pooling *p, const mtp_round_job *job,
                        mtp_round_found *found)
{
    static const mtp_rounded estimate[] = {MTP_ROUNDED_COMMON, MTP_ROUNDED_RANDOM};
    size_t test = p->n_sets * SET_FIGURES + COMMON_TEST;

    if (!p->grouping || !p->apart || job->options.way != MTP_ROUNDING_BOUNDS) {
        return;
    }
    for (size_t i = 0; i < 2; i++, test += RANDOM_TEST - COMMON_TEST) {
        if (!isnan(job->base[test]) && can_be_equal(p, job, found, estimate[i])) {
            found->lower[test] = 0.0;
            found->upper[test + 1] = 1.0;
        }
    }
}

static mtp_rounding_set make_set(const mtp_round_job *job, const mtp_round_found *found,
                                 size_t set)
{
    static const mtp_rounded back[BACKS] = {
        MTP_ROUNDED_COMMON,   MTP_ROUNDED_COMMON_LOWER, MTP_ROUNDED_COMMON_UPPER,
        MTP_ROUNDED_RANDOM,   MTP_ROUNDED_RANDOM_LOWER, MTP_ROUNDED_RANDOM_UPPER,
        MTP_ROUNDED_PI_LOWER, MTP_ROUNDED_PI_UPPER};
    size_t first = set * SET_FIGURES;
    mtp_rounding_set made = {.name = NULL};

    for (size_t f = 0; f < MTP_ROUNDED_COUNT; f++) {
        made.figure[f] = mtp_round_range(job, found, first + f);
        made.back[f] = mtp_round_no_range();
    }
    for (size_t f = 0; f < BACKS; f++) {
        made.back[back[f]] = mtp_round_range(job, found, first + BACK + f);
    }
    return made;
}

static mtp_status fill(mtp_rounding_result *r, const mtp_round_pooling *p,
                       const mtp_round_job *job, const mtp_round_found *found,
                       mtp_error *err)
{
    const mtp_rounding_test none = {NULL, mtp_round_no_range(), mtp_round_no_range()};
    size_t tests = p->n_sets * SET_FIGURES;
    mtp_rounding_set *set =
        MTP_ARENA_ARRAY(mtp_owned_arena(r), p->n_sets, mtp_rounding_set);

    if (!set) {
        return mtp_fail_nomem(err);
    }
    for (size_t s = 0; s < p->n_sets; s++) {
        set[s] = make_set(job, found, s);
        if (s > 0) {
            set[s].name =
                mtp_arena_strdup(mtp_owned_arena(r), p->grouping->level_name[s - 1]);
            if (!set[s].name) {
                return mtp_fail_nomem(err);
            }
        }
    }
    r->n_sets = p->n_sets;
    r->set = set;
    r->between.common = r->between.random = r->between.within = none;
    if (p->grouping) {
        r->between.common = mtp_round_test(job, found, tests + COMMON_TEST, NULL);
        r->between.random = mtp_round_test(job, found, tests + RANDOM_TEST, NULL);
        r->between.within = mtp_round_test(job, found, tests + WITHIN_TEST, NULL);
    }
    return MTP_OK;
}

/* What cannot be pooled as printed is told as mtp_pool does. */
static mtp_status check(const mtp_round_pooling *p, const mtp_round_job *job,
                        mtp_error *err)
{
    mtp_effects *effects = NULL;
    mtp_pool_result *pool = NULL;
    mtp_status status = mtp_effects_compute(job->how, job->raw, &effects, err);

    if (status == MTP_OK) {
        status = mtp_pool(effects, p->grouping, &p->options, &pool, err);
    }
    mtp_pool_result_free(pool);
    mtp_effects_free(effects);
    return status;
}

mtp_status mtp_rounding(const mtp_raw *raw, const double *const half[MTP_ROLE_COUNT],
                        const mtp_effects_options *how, const mtp_grouping *grouping,
                        const mtp_pool_options *options,
                        const mtp_rounding_options *rounding,
                        mtp_rounding_result **result, mtp_error *err)
{
    mtp_round_job job = {.raw = raw, .how = how, .k = raw->k};
    mtp_round_pooling p = {.grouping =
                               grouping && grouping->n_levels > 0 ? grouping : NULL};
    mtp_rounding_result *made = MTP_OWNED_NEW(mtp_rounding_result);
    mtp_arena *scratch = mtp_arena_new();
    mtp_round_found found;
    mtp_error ignored;
    mtp_status status;

    err = err ? err : &ignored;
    p.n_sets = 1 + (p.grouping ? p.grouping->n_levels : 0);
    status = made && scratch ? mtp_round_options(rounding, &job.options, err)
                             : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        status = take_options(options, &p.options, err);
    }
    if (status == MTP_OK) {
        status = check(&p, &job, err);
    }
    if (status == MTP_OK &&
        (plan(&p, &job, scratch) != MTP_OK || make_memo(&p, &job, half) != MTP_OK)) {
        status = mtp_fail_nomem(err);
    }
    if (status == MTP_OK) {
        status = mtp_round_run(&job, half, made, scratch, &found, err);
    }
    if (status == MTP_OK) {
        close_tests(&p, &job, &found);
        status = fill(made, &p, &job, &found, err);
    }
    mtp_memo_free(p.memo);
    mtp_arena_free(scratch);
    if (status != MTP_OK) {
        mtp_rounding_free(made);
        return status;
    }
    *result = made;
    return MTP_OK;
}
