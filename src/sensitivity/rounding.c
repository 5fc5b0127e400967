/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/rounding.h"

#include "core/error.h"
#include "core/names.h"
#include "core/notes.h"
#include "core/owned.h"
#include "models/pool_check.h"
#include "sensitivity/rounding_job.h"

#include <math.h>
#include <string.h>

MTP_NAMES(rounding_way, mtp_rounding_way, MTP_ROUNDING_WAY_LIST, MTP_ROUNDING_WAY_COUNT)
MTP_NAMES(rounded, mtp_rounded, MTP_ROUNDED_LIST, MTP_ROUNDED_COUNT)

enum { MAX_DRAWS = 1000000, MAX_STARTS = 100000 };

/* The result is the owner's first member. */
typedef struct rounding_owner {
    mtp_rounding_result result;
    mtp_arena *arena;
} rounding_owner;

bool mtp_role_is_count(mtp_role role)
{
    switch (role) {
    case MTP_ROLE_EVENTS:
    case MTP_ROLE_EVENTS1:
    case MTP_ROLE_EVENTS2:
    case MTP_ROLE_N:
    case MTP_ROLE_N1:
    case MTP_ROLE_N2:
    case MTP_ROLE_CELL_A:
    case MTP_ROLE_CELL_B:
    case MTP_ROLE_CELL_C:
    case MTP_ROLE_CELL_D:
    case MTP_ROLE_PREDICTORS:
    case MTP_ROLE_ITEMS:
        return true;
    default:
        return false;
    }
}

void mtp_rounding_options_init(mtp_rounding_options *options, size_t size)
{
    const mtp_rounding_options defaults = {.size = size,
                                           .way = MTP_ROUNDING_BOUNDS,
                                           .draws = 10000,
                                           .starts = 64,
                                           .seed = 20240618,
                                           .threads = 1};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

static mtp_status complete(const mtp_rounding_options *given,
                           mtp_rounding_options *used, mtp_error *err)
{
    mtp_rounding_options_init(used, sizeof *used);
    if (given && given->size == 0) {
        return mtp_fail(err, MTP_E_ARG,
                        "rounding options without a size: call "
                        "mtp_rounding_options_init first");
    }
    if (given) {
        memcpy(used, given, given->size < sizeof *used ? given->size : sizeof *used);
        used->size = sizeof *used;
    }
    return (unsigned)used->way < MTP_ROUNDING_WAY_COUNT && used->draws >= 1 &&
                   used->draws <= MAX_DRAWS && used->starts >= 1 &&
                   used->starts <= MAX_STARTS
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "rounding: 1 to %d draws, 1 to %d starts, bounds or draws",
                          MAX_DRAWS, MAX_STARTS);
}

/* Which columns move; roles with the same half units share one. */
static mtp_status find_columns(mtp_round_job *job, const double *const half[],
                               mtp_error *err)
{
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        size_t c = 0;

        job->column_of[r] = -1;
        if (!half[r] || !job->raw->column[r] || mtp_role_is_count((mtp_role)r)) {
            continue;
        }
        for (size_t i = 0; i < job->k; i++) {
            if (half[r][i] < 0.0 || isinf(half[r][i])) {
                return mtp_fail(err, MTP_E_ARG,
                                "rounding: half a unit of %s is negative or infinite",
                                mtp_role_id((mtp_role)r));
            }
        }
        while (c < job->n_columns && job->half[c] != half[r]) {
            c++;
        }
        job->half[c] = half[r];
        job->n_columns += c == job->n_columns;
        job->column_of[r] = (int)c;
    }
    return MTP_OK;
}

/* A figure that is given, and not exact. */
static bool moves(const mtp_round_job *job, size_t c, size_t i)
{
    for (unsigned r = 0; r < MTP_ROLE_COUNT; r++) {
        if (job->column_of[r] == (int)c && !isnan(job->raw->column[r][i])) {
            return job->half[c][i] > 0.0;
        }
    }
    return false;
}

static void list_inputs(mtp_round_job *job)
{
    for (size_t i = 0; i < job->k; i++) {
        for (size_t c = 0; c < job->n_columns; c++) {
            if (moves(job, c, i)) {
                job->input[job->n_inputs++] = (mtp_round_input){i, c};
            }
        }
    }
}

/* The figures as printed; then, of the inputs, those that no figure hangs on are
 * dropped: a standard error beside a variance. */
typedef struct sieve {
    unsigned char *idle; /* [n_inputs] */
    mtp_error *err;
} sieve;

static mtp_status base_task(mtp_round_room *room, void *context, size_t task)
{
    const sieve *s = (const sieve *)context;
    const mtp_round_job *job = room->job;
    mtp_status status = mtp_round_fit(room, room->x, s->err);

    (void)task;
    if (status == MTP_OK) {
        memcpy(job->base, room->figure, job->n_figures * sizeof *job->base);
    }
    return status;
}

static mtp_status sieve_task(mtp_round_room *room, void *context, size_t task)
{
    const sieve *s = (const sieve *)context;
    const mtp_round_job *job = room->job;
    size_t from, to;
    mtp_status status = MTP_OK;

    mtp_round_share(job->n_inputs, task, &from, &to);
    for (size_t v = from; v < to && status == MTP_OK; v++) {
        s->idle[v] = 1;
        for (int end = -1; end <= 1 && status == MTP_OK; end += 2) {
            room->x[v] = end;
            status = mtp_round_fit(room, room->x, NULL);
            for (size_t f = 0; f < job->n_figures; f++) {
                bool same = room->figure[f] == job->base[f] ||
                            (isnan(room->figure[f]) && isnan(job->base[f]));

                s->idle[v] = s->idle[v] && same;
            }
        }
        room->x[v] = 0.0;
    }
    return status;
}

static mtp_status drop_idle(mtp_round_job *job, mtp_arena *arena,
                            mtp_round_found *found, mtp_error *err)
{
    sieve s = {mtp_arena_zalloc(arena, job->n_inputs, 1), err};
    size_t n = 0;
    mtp_status status =
        s.idle ? mtp_round_stage(job, 1, base_task, &s, found) : mtp_fail_nomem(err);

    if (status == MTP_OK) {
        status = mtp_round_stage(job, MTP_ROUND_TASKS, sieve_task, &s, found);
    }
    for (size_t v = 0; status == MTP_OK && v < job->n_inputs; v++) {
        if (!s.idle[v]) {
            job->input[n++] = job->input[v];
        }
    }
    job->n_inputs = status == MTP_OK ? n : job->n_inputs;
    return status;
}

static mtp_rounding_range range(const mtp_round_job *job, const mtp_round_found *found,
                                size_t f)
{
    return (mtp_rounding_range){job->base[f], found->lower[f], found->upper[f],
                                found->median[f]};
}

static mtp_rounding_set make_set(const mtp_round_job *job, const mtp_round_found *found,
                                 size_t set)
{
    static const mtp_rounded back[MTP_ROUND_BACKS] = {
        MTP_ROUNDED_COMMON,   MTP_ROUNDED_COMMON_LOWER, MTP_ROUNDED_COMMON_UPPER,
        MTP_ROUNDED_RANDOM,   MTP_ROUNDED_RANDOM_LOWER, MTP_ROUNDED_RANDOM_UPPER,
        MTP_ROUNDED_PI_LOWER, MTP_ROUNDED_PI_UPPER};
    const mtp_rounding_range none = {(double)NAN, (double)NAN, (double)NAN,
                                     (double)NAN};
    size_t first = set * MTP_ROUND_FIGURES;
    mtp_rounding_set made = {.name = NULL};

    for (size_t f = 0; f < MTP_ROUNDED_COUNT; f++) {
        made.figure[f] = range(job, found, first + f);
        made.back[f] = none;
    }
    for (size_t f = 0; f < MTP_ROUND_BACKS; f++) {
        made.back[back[f]] = range(job, found, first + MTP_ROUND_BACK + f);
    }
    return made;
}

static void add_notes(rounding_owner *owner, size_t k)
{
    mtp_rounding_result *r = &owner->result;
    mtp_note_list notes;
    size_t first = 0;

    mtp_note_list_init(&notes, owner->arena);
    while (first < k && !r->clipped[first]) {
        first++;
    }
    for (size_t i = first; i < k; i++) {
        r->n_clipped += r->clipped[i];
    }
    if (r->n_clipped > 0) {
        mtp_note_add(&notes, MTP_NOTE_ROUNDING_CLIPPED, first + 1,
                     "rounding: within half a unit of what was printed, the inputs of "
                     "%zu stud%s can be impossible (limits that meet, a standard error "
                     "of 0); they were moved as far as a study is possible",
                     r->n_clipped, r->n_clipped == 1 ? "y" : "ies");
    }
    if (r->failed > 0) {
        mtp_note_add(&notes, MTP_NOTE_NOT_DEFINED, 0,
                     "rounding: %zu of %zu fits have no random-effects estimate and "
                     "are left out",
                     r->failed, r->fits);
    }
    r->notes = mtp_note_list_done(&notes);
    if (notes.failed) {
        r->notes.count = 0;
    }
}

static mtp_status fill(rounding_owner *owner, const mtp_round_job *job,
                       const mtp_round_found *found, mtp_error *err)
{
    mtp_rounding_result *r = &owner->result;
    mtp_rounding_set *set =
        MTP_ARENA_ARRAY(owner->arena, job->n_sets, mtp_rounding_set);

    if (!set) {
        return mtp_fail_nomem(err);
    }
    for (size_t s = 0; s < job->n_sets; s++) {
        set[s] = make_set(job, found, s);
        if (s > 0) {
            set[s].name =
                mtp_arena_strdup(owner->arena, job->grouping->level_name[s - 1]);
            if (!set[s].name) {
                return mtp_fail_nomem(err);
            }
        }
    }
    r->n_sets = job->n_sets;
    r->set = set;
    r->n_inputs = job->n_inputs;
    r->fits = found->fits;
    r->failed = found->failed;
    r->clipped = found->clipped;
    r->options = job->options;
    add_notes(owner, job->k);
    return MTP_OK;
}

static mtp_status run(mtp_round_job *job, const double *const half[],
                      rounding_owner *owner, mtp_arena *scratch, mtp_error *err)
{
    mtp_round_found found;
    mtp_status status = find_columns(job, half, err);

    if (status != MTP_OK) {
        return status;
    }
    job->n_figures = job->n_sets * MTP_ROUND_FIGURES;
    job->input = MTP_ARENA_ARRAY(scratch, job->k * job->n_columns, mtp_round_input);
    job->base = MTP_ARENA_ARRAY(scratch, job->n_figures, double);
    if (!job->input || !job->base || !mtp_round_found_make(job, owner->arena, &found)) {
        return mtp_fail_nomem(err);
    }
    list_inputs(job);
    status = drop_idle(job, scratch, &found, err);
    if (status == MTP_OK && job->options.way == MTP_ROUNDING_DRAWS) {
        status = mtp_round_draw(job, scratch, &found);
    } else if (status == MTP_OK) {
        status = mtp_round_search(job, scratch, &found);
    }
    if (status != MTP_OK) {
        return status == MTP_E_NOMEM ? mtp_fail_nomem(err) : status;
    }
    return fill(owner, job, &found, err);
}

/* The options of pooling over the defaults; one thread, for the fits are shared out. */
static mtp_status take_pool(const mtp_pool_options *given, mtp_pool_options *used,
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

mtp_status mtp_rounding(const mtp_raw *raw, const double *const half[MTP_ROLE_COUNT],
                        const mtp_effects_options *how, const mtp_grouping *grouping,
                        const mtp_pool_options *pool,
                        const mtp_rounding_options *options,
                        mtp_rounding_result **result, mtp_error *err)
{
    mtp_round_job job = {.raw = raw, .how = how, .grouping = grouping, .k = raw->k};
    mtp_arena *arena = mtp_arena_new(), *scratch = mtp_arena_new();
    rounding_owner *owner = arena ? MTP_ARENA_NEW(arena, rounding_owner) : NULL;
    mtp_error ignored;
    mtp_status status;

    err = err ? err : &ignored;
    status =
        owner && scratch ? complete(options, &job.options, err) : mtp_fail_nomem(err);
    job.n_sets = 1 + (grouping ? grouping->n_levels : 0);
    if (status == MTP_OK) {
        status = take_pool(pool, &job.pool, err);
    }
    if (status == MTP_OK) {
        owner->arena = arena;
        status = run(&job, half, owner, scratch, err);
    }
    mtp_arena_free(scratch);
    if (status != MTP_OK) {
        mtp_arena_free(arena);
        return status;
    }
    *result = &owner->result;
    return MTP_OK;
}

void mtp_rounding_free(mtp_rounding_result *result)
{
    rounding_owner *owner = (rounding_owner *)result;

    if (owner) {
        mtp_arena_free(owner->arena);
    }
}
