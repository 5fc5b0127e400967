/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "metapool/fragility.h"

#include "core/error.h"
#include "core/names.h"
#include "core/owned.h"
#include "core/parallel.h"
#include "models/pool_check.h"
#include "sensitivity/fragility_table.h"

#include <math.h>
#include <string.h>

MTP_NAMES(fragility, mtp_fragility_end, MTP_FRAGILITY_LIST, MTP_FRAGILITY_COUNT)

/* A change and what it gives; d NaN: it cannot be made, or has no estimate. */
typedef struct candidate {
    mtp_subset_estimate estimate;
    double d;
} candidate;

/* A walk one way, until the distance d that the limit has to go is used up. */
typedef struct walk {
    const mtp_fragility_setup *setup;
    bool common, upwards, gain;
    size_t cap;
    mtp_fragility_table table;
    candidate *tried; /* [groups k] of one step, study by study */
    mtp_fragility_end end;
    size_t n;
    mtp_fragility_change *change;
} walk;

void mtp_fragility_options_init(mtp_fragility_options *options, size_t size)
{
    const mtp_fragility_options defaults = {.size = size, .max_changes = 500};

    mtp_options_give(options, size, &defaults, sizeof defaults);
}

static bool is_above(const mtp_subset_estimate *e)
{
    return e->ci_lower > e->null_value;
}

static bool is_below(const mtp_subset_estimate *e)
{
    return e->ci_upper < e->null_value;
}

/* On the way up significance is lost when the upper limit reaches the null value, and
 * gained when the lower one passes it. */
static double distance(const walk *w, const mtp_subset_estimate *e)
{
    double limit = w->upwards == w->gain ? e->ci_lower : e->ci_upper;

    return w->upwards ? e->null_value - limit : limit - e->null_value;
}

static bool has_arrived(const walk *w, double d)
{
    return w->gain ? d < 0.0 : d <= 0.0;
}

/* Events to add to group g of a study. */
static double step_of(const walk *w, size_t g)
{
    return w->upwards == (g == 0) ? 1.0 : -1.0;
}

static mtp_status try_one(void *context, size_t index)
{
    const walk *w = (const walk *)context;
    size_t study = index / w->setup->groups, g = index % w->setup->groups;
    candidate *c = &w->tried[index];
    mtp_arena *arena;
    mtp_fragility_table table;
    mtp_subset_fit fit;
    mtp_status status;

    c->d = (double)NAN;
    if (!mtp_fragility_can_change(w->setup, &w->table, study, g, step_of(w, g))) {
        return MTP_OK;
    }
    arena = mtp_arena_new();
    status =
        arena ? mtp_fragility_copy(w->setup, &w->table, arena, &table) : MTP_E_NOMEM;
    if (status == MTP_OK) {
        status = mtp_fragility_change_one(w->setup, &table, study, g, step_of(w, g));
    }
    if (status == MTP_OK) {
        status = mtp_fragility_pool(w->setup, &table, arena, &fit);
    }
    if (status == MTP_OK) {
        c->estimate = w->common ? fit.common : fit.random;
        c->d = distance(w, &c->estimate);
    }
    mtp_arena_free(arena);
    return status == MTP_E_NOMEM ? status : MTP_OK;
}

/* Of all changes the one that goes furthest; their number where there is none. */
static size_t best_of(const walk *w, size_t n)
{
    size_t best = n;

    for (size_t c = 0; c < n; c++) {
        if (!isnan(w->tried[c].d) && (best == n || w->tried[c].d < w->tried[best].d)) {
            best = c;
        }
    }
    return best;
}

/* Make the change for good and write it down. */
static mtp_status keep(walk *w, size_t best, mtp_arena *arena)
{
    size_t study = best / w->setup->groups, g = best % w->setup->groups;
    mtp_fragility_change *grown;

    if ((w->n & (w->n - 1)) == 0) { /* full at each power of two */
        grown =
            mtp_arena_resize(arena, w->change, w->n > 0 ? 2 * w->n : 1, sizeof *grown);
        if (!grown) {
            return MTP_E_NOMEM;
        }
        w->change = grown;
    }
    w->change[w->n++] =
        (mtp_fragility_change){.study = study,
                               .group = (int)g + 1,
                               .by = (int)step_of(w, g),
                               .events = w->table.x[g][study] + step_of(w, g),
                               .estimate = w->tried[best].estimate};
    return mtp_fragility_change_one(w->setup, &w->table, study, g, step_of(w, g));
}

static mtp_status go(walk *w, const mtp_fragility_table *from, double d,
                     mtp_arena *arena)
{
    size_t n = w->setup->groups * w->setup->effects->k, best;
    mtp_status status = mtp_fragility_copy(w->setup, from, arena, &w->table);

    w->tried = MTP_ARENA_ARRAY(arena, n, candidate);
    if (status != MTP_OK || !w->tried) {
        return MTP_E_NOMEM;
    }
    w->end = MTP_FRAGILITY_FOUND;
    while (!has_arrived(w, d)) {
        if (w->n == w->cap) {
            w->end = MTP_FRAGILITY_CAP;
            return MTP_OK;
        }
        status = mtp_parallel_for(n, w->setup->pool.threads, try_one, w);
        if (status != MTP_OK) {
            return status;
        }
        best = best_of(w, n);
        if (best == n) {
            w->end = MTP_FRAGILITY_EXHAUSTED;
            return MTP_OK;
        }
        status = keep(w, best, arena);
        if (status != MTP_OK) {
            return status;
        }
        d = w->tried[best].d;
    }
    return MTP_OK;
}

/* One way where significance is lost; where it is gained the shorter of both, the one
 * on the side of the estimate first. */
static mtp_status search(walk *shortest, const mtp_fragility_table *from,
                         const mtp_subset_estimate *e, mtp_arena *arena)
{
    walk other;
    mtp_status status;

    shortest->gain = !is_above(e) && !is_below(e);
    shortest->upwards = shortest->gain ? e->estimate >= e->null_value : is_below(e);
    other = *shortest;
    status = go(shortest, from, distance(shortest, e), arena);
    if (status != MTP_OK || !shortest->gain) {
        return status;
    }
    other.upwards = !shortest->upwards;
    if (shortest->end == MTP_FRAGILITY_FOUND) {
        other.cap = shortest->n - 1;
    }
    status = go(&other, from, distance(&other, e), arena);
    if (status == MTP_OK && other.end == MTP_FRAGILITY_FOUND) {
        *shortest = other;
    }
    return status;
}

static mtp_status take_options(const mtp_effects *effects,
                               const mtp_effects_options *how,
                               const mtp_fragility_options *options,
                               mtp_fragility_options *used, mtp_error *err)
{
    mtp_input_kind input = effects->measure->input;

    mtp_fragility_options_init(used, sizeof *used);
    mtp_options_take(used, sizeof *used, options);
    if ((options && options->size == 0) || !how || how->size == 0) {
        return mtp_fail(err, MTP_E_ARG, "the options have no size; _init sets it");
    }
    if (how->measure != effects->measure->measure) {
        return mtp_fail(err, MTP_E_ARG,
                        "the effects are not of the measure in their options");
    }
    if (input != MTP_INPUT_EVENTS_N && input != MTP_INPUT_TWO_EVENTS_N) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "the fragility index counts patients with an event: %s is not "
                        "computed from events and patients of one or two groups",
                        effects->measure->code);
    }
    return MTP_OK;
}

/* Pooling is without predictions, which nobody looks at, and against a null value. */
static mtp_status set_up(mtp_fragility_setup *setup, const mtp_effects_options *how,
                         const mtp_pool_options *pool, mtp_error *err)
{
    const mtp_measure_info *m = setup->effects->measure;
    mtp_status status = mtp_pool_check(setup->effects, NULL, pool, &setup->pool, err);

    if (status != MTP_OK) {
        return status;
    }
    mtp_effects_options_init(&setup->how, sizeof setup->how);
    memcpy(&setup->how, how,
           how->size < sizeof setup->how ? how->size : sizeof setup->how);
    setup->how.size = sizeof setup->how;
    setup->groups = m->input == MTP_INPUT_TWO_EVENTS_N ? 2 : 1;
    setup->pool.predict = MTP_PI_NONE;
    if (isnan(setup->pool.null_value) && setup->groups == 2) {
        setup->pool.null_value =
            mtp_back_transform(m->measure, m->no_difference, 1.0, NULL);
    }
    if (isnan(setup->pool.null_value)) {
        return mtp_fail(err, MTP_E_ARG,
                        "one group has no difference to be significant: a null value "
                        "is needed");
    }
    return MTP_OK;
}

static void report(const mtp_fragility_setup *setup, const walk *w,
                   const mtp_subset_estimate *before, mtp_fragility_result *r)
{
    const mtp_effects *e = setup->effects;
    double found = w->end == MTP_FRAGILITY_FOUND ? (double)w->n : (double)NAN;

    *r = (mtp_fragility_result){.end = w->end,
                                .significant = !w->gain,
                                .upwards = w->upwards,
                                .index = found,
                                .before = *before,
                                .after =
                                    w->n > 0 ? w->change[w->n - 1].estimate : *before,
                                .n_changes = w->n,
                                .change = w->change,
                                .k = e->k,
                                .events1 = w->table.x[0],
                                .events2 = w->table.x[1]};
    for (size_t i = 0; i < e->k; i++) {
        if (!isnan(e->n[i]) && !isnan(e->events[i])) {
            r->n += e->n[i];
            r->events += e->events[i];
        }
    }
    r->quotient = found / r->n;
    r->event_quotient = r->events > 0.0 ? found / r->events : (double)NAN;
}

static mtp_status compute(const mtp_fragility_setup *setup,
                          const mtp_fragility_options *options, mtp_fragility_result *r,
                          mtp_error *err)
{
    walk w = {.setup = setup, .common = options->common, .cap = options->max_changes};
    mtp_subset_estimate before;
    mtp_fragility_table table;
    mtp_subset_fit fit;
    mtp_status status = mtp_fragility_observe(setup, mtp_owned_arena(r), &table, err);

    if (status != MTP_OK) {
        return status;
    }
    if (mtp_fragility_pool(setup, &table, mtp_owned_arena(r), &fit) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    before = w.common ? fit.common : fit.random;
    if (!isfinite(before.ci_lower) || !isfinite(before.ci_upper)) {
        return mtp_fail(err, MTP_E_DATA,
                        "the studies have no pooled estimate with an interval that "
                        "could be significant");
    }
    if (search(&w, &table, &before, mtp_owned_arena(r)) != MTP_OK) {
        return mtp_fail_nomem(err);
    }
    report(setup, &w, &before, r);
    return MTP_OK;
}

mtp_status mtp_fragility(const mtp_effects *effects, const mtp_effects_options *how,
                         const mtp_pool_options *pool,
                         const mtp_fragility_options *options,
                         mtp_fragility_result **result, mtp_error *err)
{
    mtp_fragility_setup setup = {.effects = effects};
    mtp_fragility_options used;
    mtp_status status = take_options(effects, how, options, &used, err);
    mtp_fragility_result *r;

    if (status == MTP_OK) {
        setup.keep00 = used.keep00;
        status = set_up(&setup, how, pool, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    r = MTP_OWNED_NEW(mtp_fragility_result);
    status = r ? compute(&setup, &used, r, err) : mtp_fail_nomem(err);
    if (status == MTP_OK) {
        *result = r;
    } else {
        mtp_owned_free(r);
    }
    return status;
}

void mtp_fragility_free(mtp_fragility_result *result)
{
    mtp_owned_free(result);
}
