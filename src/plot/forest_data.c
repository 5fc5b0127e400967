/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers of a forest plot, from a bundle: no text, no picture. */
#include "metapool/forest.h"
#include "metapool/forest_look.h"

#include "core/arena.h"
#include "core/error.h"
#include "plot/forest_kind.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { STEP_NAMES = 3 }; /* studies named at a step */

static const double missing = (double)NAN;

/* A forest with the arena it lives in. */
typedef struct owner {
    mtp_forest forest; /* first: a forest is its owner */
    mtp_arena *arena;
} owner;

typedef struct row_list {
    const mtp_bundle *bundle;
    mtp_forest_row *row;
    size_t count;
    double *sum;                          /* where the next summary row's raw data go */
    const mtp_sensitivity_analysis *fits; /* in place of the studies; NULL: none */
    mtp_arena *arena;
    bool failed; /* memory is exhausted */
} row_list;

static bool is_in_group(const mtp_study *study, const char *group)
{
    return !group || (study->group && strcmp(study->group, group) == 0);
}

static void add_study(row_list *list, const mtp_study *study, const char *group)
{
    bool observed = study->observed.ci_method && !isnan(study->observed.estimate);

    list->row[list->count++] = (mtp_forest_row){
        .kind = MTP_FOREST_STUDY,
        .group = group,
        .study = study->name,
        .events = study->events,
        .n = isnan(study->n) ? study->time : study->n,
        .estimate = observed ? study->observed.estimate : study->back.estimate,
        .ci_lower = observed ? study->observed.ci_lower : study->back.ci_lower,
        .ci_upper = observed ? study->observed.ci_upper : study->back.ci_upper,
        .weight_common = study->weight_common,
        .weight_random = study->weight_random,
        .k = missing,
        .tau2 = missing,
        .I2 = missing,
        .index = (size_t)(study - list->bundle->studies),
        .raw = study->raw,
    };
}

/* Whether a row that was left out has a line in the figure. */
static bool is_shown(const row_list *list, const mtp_excluded *excluded)
{
    const mtp_forest_look *look = list->bundle->look;

    return excluded->value && !list->fits && !(look && look->hide_not_estimable);
}

static const double *raw_of(row_list *list, const mtp_excluded *excluded)
{
    const mtp_bundle *bundle = list->bundle;
    double *raw = MTP_ARENA_ARRAY(list->arena, bundle->n_columns + 1, double);

    for (size_t r = 0; raw && r < bundle->n_columns; r++) {
        raw[r] = excluded->value[bundle->raw_role[r]];
    }
    list->failed = list->failed || !raw;
    return raw;
}

static void add_not_estimable(row_list *list, const mtp_excluded *excluded,
                              const char *group)
{
    list->row[list->count++] = (mtp_forest_row){
        .kind = MTP_FOREST_NOT_ESTIMABLE,
        .group = group,
        .study = excluded->study ? excluded->study : "",
        .events = excluded->events,
        .n = isnan(excluded->n) ? excluded->time : excluded->n,
        .estimate = missing,
        .ci_lower = missing,
        .ci_upper = missing,
        .weight_common = missing,
        .weight_random = missing,
        .k = missing,
        .tau2 = missing,
        .I2 = missing,
        .index = list->bundle->n_studies +
                 (size_t)(excluded - list->bundle->ledger.excluded),
        .raw = raw_of(list, excluded),
    };
}

/* The studies of a group that were left out, from the next of the ledger on to before
 * row `to` of the table. */
static void add_excluded(row_list *list, const char *group, size_t *next, size_t to)
{
    const mtp_ledger *ledger = &list->bundle->ledger;

    for (; *next < ledger->n_excluded && ledger->excluded[*next].row < to; ++*next) {
        const mtp_excluded *row = &ledger->excluded[*next];
        bool same = !group || (row->group && strcmp(row->group, group) == 0);

        if (same && is_shown(list, row)) {
            add_not_estimable(list, row, group);
        }
    }
}

/* Percent of the total weight that the studies of a group carry; NaN without weights.
 * All studies carry 100 by definition, whatever the rounding of their sum. */
static double weight_sum(const mtp_bundle *bundle, const char *group, bool random)
{
    double sum = 0.0;

    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[i];

        if (is_in_group(study, group)) {
            sum += random ? study->weight_random : study->weight_common;
        }
    }
    return !group && !isnan(sum) ? 100.0 : sum;
}

/* What the raw data of a group add up to; NaN for those that do not. */
static const double *raw_sum(row_list *list, const char *group)
{
    const mtp_bundle *bundle = list->bundle;
    double *sum = list->sum;

    for (size_t r = 0; r < bundle->n_columns; r++) {
        sum[r] = mtp_role_adds_up(bundle->raw_role[r]) ? 0.0 : missing;
        for (size_t i = 0; i < bundle->n_studies; i++) {
            if (is_in_group(&bundle->studies[i], group)) {
                sum[r] += bundle->studies[i].raw[r];
            }
        }
    }
    list->sum += bundle->n_columns;
    return sum;
}

static void add_summary(row_list *list, const mtp_pooled *pooled, const char *group,
                        const double *raw, bool random)
{
    static const mtp_forest_kind kind[2][2] = {
        {MTP_FOREST_SUBGROUP_COMMON, MTP_FOREST_SUBGROUP_RANDOM},
        {MTP_FOREST_OVERALL_COMMON, MTP_FOREST_OVERALL_RANDOM}};
    const mtp_estimate *estimate = random ? &pooled->random : &pooled->common;
    double weight = weight_sum(list->bundle, group, random);

    list->row[list->count++] = (mtp_forest_row){
        .kind = kind[!group][random],
        .group = group,
        .events = pooled->events,
        .n = isnan(pooled->n) ? pooled->time : pooled->n,
        .estimate = estimate->back.estimate,
        .ci_lower = estimate->back.ci_lower,
        .ci_upper = estimate->back.ci_upper,
        .weight_common = random ? missing : weight,
        .weight_random = random ? weight : missing,
        .k = list->fits ? (double)pooled->k : missing,
        .tau2 = list->fits ? pooled->heterogeneity.tau2 : missing,
        .I2 = list->fits ? pooled->heterogeneity.I2 : missing,
        .raw = raw,
    };
}

/* Where a prediction interval exists; it has limits and no estimate of its own. */
static void add_prediction(row_list *list, const mtp_pooled *pooled, const char *group)
{
    const mtp_estimate *random = &pooled->random;

    if (random->pi.method == MTP_PI_NONE ||
        (isnan(random->back.pi_lower) && isnan(random->back.pi_upper))) {
        return;
    }
    list->row[list->count++] = (mtp_forest_row){
        .kind = MTP_FOREST_PREDICTION,
        .group = group,
        .events = missing,
        .n = missing,
        .estimate = missing,
        .ci_lower = random->back.pi_lower,
        .ci_upper = random->back.pi_upper,
        .weight_common = missing,
        .weight_random = missing,
        .k = missing,
        .tau2 = missing,
        .I2 = missing,
    };
}

static void add_summaries(row_list *list, const mtp_pooled *pooled, const char *group)
{
    const double *raw = raw_sum(list, group);

    add_summary(list, pooled, group, raw, false);
    add_summary(list, pooled, group, raw, true);
    add_prediction(list, pooled, group);
}

/* "1968: Coetzee & Berjak; Hart": the value of a step, and the studies that join. */
static const char *step_name(const row_list *list, size_t step)
{
    const mtp_bundle *bundle = list->bundle;
    const size_t *of = list->fits->cumulative->step;
    const char *name = list->fits->order_name[step];
    size_t n = 0;

    for (size_t i = 0; name && i < bundle->n_studies; i++) {
        if (of[i] == step && n++ < STEP_NAMES) {
            name = mtp_arena_printf(list->arena, "%s%s%s", name, n == 1 ? ": " : "; ",
                                    bundle->studies[i].name);
        }
    }
    return n > STEP_NAMES && name
               ? mtp_arena_printf(list->arena, "%s; %zu more", name, n - STEP_NAMES)
               : name;
}

static bool add_fit(row_list *list, const mtp_subset_fit *fit, const char *name)
{
    const mtp_subset_estimate *told = list->fits->common ? &fit->common : &fit->random;

    list->row[list->count++] = (mtp_forest_row){
        .kind = list->fits->cumulative ? MTP_FOREST_CUMULATIVE : MTP_FOREST_LEFT_OUT,
        .study = name,
        .events = missing,
        .n = missing,
        .estimate = told->back.estimate,
        .ci_lower = told->back.ci_lower,
        .ci_upper = told->back.ci_upper,
        .weight_common = missing,
        .weight_random = missing,
        .k = (double)fit->k,
        .tau2 = fit->tau2,
        .I2 = fit->I2,
    };
    return name != NULL;
}

/* Fits in place of the studies; false when memory is exhausted. */
static bool add_fits(row_list *list)
{
    const mtp_sensitivity_analysis *made = list->fits;
    const mtp_bundle *bundle = list->bundle;
    const mtp_subset_fits *fits =
        made->cumulative ? made->cumulative : made->leave_one_out;
    bool studies = !made->cumulative && !made->group_name;
    const size_t *order = studies && bundle->look ? bundle->look->order : NULL;
    bool done = true;

    for (size_t i = 0; done && i < fits->n; i++) {
        size_t at = order ? order[i] : i;

        done = add_fit(list, &fits->fit[at],
                       made->cumulative   ? step_name(list, at)
                       : made->group_name ? made->group_name[at]
                                          : bundle->studies[at].name);
    }
    add_summaries(list, &bundle->pool->overall, NULL);
    return done;
}

/* The studies of a group as they stand in the table, those that were left out among
 * them; these come last where the others are sorted. */
static void add_studies(row_list *list, const char *group)
{
    const mtp_bundle *bundle = list->bundle;
    const size_t *order = bundle->look ? bundle->look->order : NULL;
    size_t next = 0;

    for (size_t i = 0; i < bundle->n_studies; i++) {
        const mtp_study *study = &bundle->studies[order ? order[i] : i];

        if (is_in_group(study, group)) {
            if (!order) {
                add_excluded(list, group, &next, study->row);
            }
            add_study(list, study, group);
        }
    }
    add_excluded(list, group, &next, SIZE_MAX);
}

static bool is_pooled(const mtp_pool_result *pool, const char *group)
{
    size_t g = 0;

    while (g < pool->n_groups && strcmp(pool->group_name[g], group) != 0) {
        g++;
    }
    return g < pool->n_groups;
}

/* Whether a study of this group was added after row `first` of the figure. */
static bool is_added(const row_list *list, size_t first, const char *group)
{
    while (first < list->count && strcmp(list->row[first].group, group) != 0) {
        first++;
    }
    return first < list->count;
}

/* Groups all of whose studies were left out. */
static void add_empty_groups(row_list *list)
{
    const mtp_ledger *ledger = &list->bundle->ledger;
    size_t first = list->count;

    for (size_t i = 0; i < ledger->n_excluded; i++) {
        const mtp_excluded *row = &ledger->excluded[i];
        size_t next = i;

        if (row->group && is_shown(list, row) &&
            !is_pooled(list->bundle->pool, row->group) &&
            !is_added(list, first, row->group)) {
            add_excluded(list, row->group, &next, SIZE_MAX);
        }
    }
}

static void add_all(row_list *list)
{
    const mtp_pool_result *pool = list->bundle->pool;

    for (size_t g = 0; g < pool->n_groups || g == 0; g++) {
        const char *group = pool->n_groups > 0 ? pool->group_name[g] : NULL;

        add_studies(list, group);
        if (group) {
            add_summaries(list, &pool->groups[g], group);
        }
    }
    if (pool->n_groups > 0) {
        add_empty_groups(list);
    }
    add_summaries(list, &pool->overall, NULL);
}

mtp_status mtp_forest_new(const mtp_bundle *bundle, mtp_forest **forest, mtp_error *err)
{
    row_list list = {.bundle = bundle};
    mtp_arena *arena;
    owner *made;
    size_t sets;

    assert(bundle && forest);
    if (!bundle->pool) {
        return mtp_fail(err, MTP_E_ARG, "a forest plot needs a pooled analysis");
    }
    arena = mtp_arena_new();
    made = arena ? MTP_ARENA_NEW(arena, owner) : NULL;
    sets = bundle->pool->n_groups + 1;
    if (made) {
        list.row = MTP_ARENA_ARRAY(
            arena, bundle->n_studies + bundle->ledger.n_excluded + 3 * sets,
            mtp_forest_row);
        list.sum = MTP_ARENA_ARRAY(arena, sets * bundle->n_columns + 1, double);
    }
    if (!list.row || !list.sum) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    list.arena = arena;
    list.fits = mtp_forest_fits(bundle);
    if (list.fits) {
        list.failed = !add_fits(&list);
    } else {
        add_all(&list);
    }
    if (list.failed) {
        mtp_arena_free(arena);
        return mtp_fail_nomem(err);
    }
    made->forest = (mtp_forest){list.count, list.row, bundle};
    made->arena = arena;
    *forest = &made->forest;
    return MTP_OK;
}

void mtp_forest_free(mtp_forest *forest)
{
    if (forest) {
        mtp_arena_free(((owner *)forest)->arena);
    }
}
