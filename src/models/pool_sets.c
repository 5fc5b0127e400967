/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/pool_sets.h"

#include "core/error.h"
#include "models/stratified.h"

#include <string.h>

static mtp_study_set all_studies(const mtp_effects *effects,
                                 const mtp_pool_options *options)
{
    return (mtp_study_set){.measure = effects->measure,
                           .k = effects->k,
                           .yi = effects->yi,
                           .vi = effects->vi,
                           .weights = options->weights,
                           .cluster = options->cluster,
                           .events = effects->events,
                           .n = effects->n,
                           .time = effects->time};
}

/* Where each subgroup starts when the studies are sorted by subgroup. */
static mtp_status find_starts(const mtp_grouping *by, size_t k, size_t start[],
                              mtp_error *err)
{
    memset(start, 0, (by->n_levels + 1) * sizeof *start);
    for (size_t i = 0; i < k; i++) {
        start[by->level[i] + 1]++;
    }
    for (size_t g = 0; g < by->n_levels; g++) {
        if (start[g + 1] == 0) {
            return mtp_fail(err, MTP_E_ARG, "subgroup '%s' has no studies",
                            by->level_name[g]);
        }
        start[g + 1] += start[g];
    }
    return MTP_OK;
}

/* A column sorted by subgroup, in place of the one in the order of the studies; false
 * without memory. `next` is scratch for n_levels. */
static bool sort_column(const mtp_grouping *by, size_t k, const size_t start[],
                        size_t next[], mtp_arena *arena, const double **column)
{
    double *sorted;

    if (!*column) {
        return true;
    }
    sorted = MTP_ARENA_ARRAY(arena, k, double);
    if (!sorted) {
        return false;
    }
    memcpy(next, start, by->n_levels * sizeof *next);
    for (size_t i = 0; i < k; i++) {
        sorted[next[by->level[i]]++] = (*column)[i];
    }
    *column = sorted;
    return true;
}

/* The same for the clusters. */
static bool sort_clusters(const mtp_grouping *by, size_t k, const size_t start[],
                          size_t next[], mtp_arena *arena, const size_t **cluster)
{
    size_t *sorted;

    if (!*cluster) {
        return true;
    }
    sorted = MTP_ARENA_ARRAY(arena, k, size_t);
    if (!sorted) {
        return false;
    }
    memcpy(next, start, by->n_levels * sizeof *next);
    for (size_t i = 0; i < k; i++) {
        sorted[next[by->level[i]]++] = (*cluster)[i];
    }
    *cluster = sorted;
    return true;
}

static const double *part(const double *column, size_t begin)
{
    return column ? column + begin : NULL;
}

static bool make_groups(const mtp_grouping *by, const size_t start[], mtp_arena *arena,
                        mtp_study_set set[])
{
    mtp_study_set s = set[0];
    size_t *next = MTP_ARENA_ARRAY(arena, by->n_levels, size_t);
    const double **column[] = {&s.yi,   &s.vi,      &s.weights, &s.events,  &s.n,
                               &s.time, &s.cell[0], &s.cell[1], &s.cell[2], &s.cell[3]};

    for (size_t c = 0; c < sizeof column / sizeof *column; c++) {
        if (!next || !sort_column(by, s.k, start, next, arena, column[c])) {
            return false;
        }
    }
    if (!sort_clusters(by, s.k, start, next, arena, &s.cluster)) {
        return false;
    }
    for (size_t g = 0; g < by->n_levels; g++) {
        size_t at = start[g];

        set[g + 1] = (mtp_study_set){.measure = s.measure,
                                     .k = start[g + 1] - at,
                                     .yi = s.yi + at,
                                     .vi = s.vi + at,
                                     .weights = part(s.weights, at),
                                     .cluster = s.cluster ? s.cluster + at : NULL,
                                     .events = part(s.events, at),
                                     .n = part(s.n, at),
                                     .time = part(s.time, at)};
        for (size_t c = 0; c < MTP_STRATUM_CELLS; c++) {
            set[g + 1].cell[c] = part(s.cell[c], at);
        }
    }
    return true;
}

mtp_status mtp_pool_sets_make(const mtp_effects *effects, const mtp_grouping *grouping,
                              const mtp_pool_options *options, mtp_arena *arena,
                              mtp_pool_sets *sets, mtp_error *err)
{
    size_t groups = grouping ? grouping->n_levels : 0;
    mtp_study_set *set = MTP_ARENA_ARRAY(arena, groups + 1, mtp_study_set);
    size_t *start = MTP_ARENA_ARRAY(arena, groups + 1, size_t);
    mtp_status status = set && start ? MTP_OK : mtp_fail_nomem(err);

    if (status == MTP_OK) {
        set[0] = all_studies(effects, options);
        *sets = (mtp_pool_sets){groups + 1, set, start};
    }
    if (status == MTP_OK && mtp_method_takes_cells(options->method, effects->measure)) {
        status = mtp_stratified_cells(effects, options, arena, set[0].cell, err);
    }
    if (status == MTP_OK && grouping) {
        status = find_starts(grouping, effects->k, start, err);
    }
    if (status == MTP_OK && grouping && !make_groups(grouping, start, arena, set)) {
        status = mtp_fail_nomem(err);
    }
    return status;
}
