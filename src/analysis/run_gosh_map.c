/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the fits of all subsets lie, for a figure: counted in a grid of cells as they
 * come, so that their number does not matter. */
#include "metapool/gosh_map.h"

#include "analysis/run.h"
#include "core/error.h"
#include "core/names.h"

#include <math.h>
#include <string.h>

MTP_NAMES(gosh_axis, mtp_gosh_axis, MTP_GOSH_AXIS_LIST, MTP_GOSH_AXIS_COUNT)

/* Cells along an axis, by the number of subsets; each number a power of two. */
enum { MANY_CELLS = 64, SOME_CELLS = 32, FEW_CELLS = 16 };
enum { MANY_SUBSETS = 4096, SOME_SUBSETS = 256 };

/* Cells are so much smaller than the data at first, and double until all fit in. */
#define FINEST 40

/* One axis of the grid: cells first to last are in use, fewer than `most`. */
typedef struct gosh_side {
    int64_t first, last;
    double width;
} gosh_side;

/* Cell (i, j) is at slot i mod most, j mod most: no two in use share one. */
typedef struct gosh_grid {
    size_t most;
    gosh_side side[2]; /* across, upwards */
    bool used;
    uint64_t *count, *with, *room; /* [most * most] each */
} gosh_grid;

typedef struct map_job {
    mtp_gosh_map *map;
    mtp_gosh_point *point; /* [MTP_GOSH_POINTS + 1] */
    gosh_grid grid;
    size_t study; /* that is highlighted */
} map_job;

static size_t slot(const gosh_grid *grid, int64_t x, int64_t y)
{
    uint64_t mask = grid->most - 1;

    return (size_t)(((uint64_t)y & mask) * grid->most + ((uint64_t)x & mask));
}

/* i / 2, rounded down. */
static int64_t half(int64_t i)
{
    return (i - (i % 2 != 0 && i < 0 ? 1 : 0)) / 2;
}

/* The same counts in cells of twice the width along a side. */
static void merge_counts(gosh_grid *grid, int along, uint64_t **count)
{
    const gosh_side *x = &grid->side[0], *y = &grid->side[1];
    uint64_t *was = *count;

    memset(grid->room, 0, grid->most * grid->most * sizeof *grid->room);
    for (int64_t j = y->first; j <= y->last; j++) {
        for (int64_t i = x->first; i <= x->last; i++) {
            grid->room[slot(grid, along == 0 ? half(i) : i,
                            along == 1 ? half(j) : j)] += was[slot(grid, i, j)];
        }
    }
    *count = grid->room;
    grid->room = was;
}

static void widen(gosh_grid *grid, int along)
{
    gosh_side *side = &grid->side[along];

    if (grid->used) {
        merge_counts(grid, along, &grid->count);
        merge_counts(grid, along, &grid->with);
    }
    side->first = half(side->first);
    side->last = half(side->last);
    side->width *= 2.0;
}

/* Make the grid hold a value; which cells it ends with depends on the values alone, not
 * on their order. */
static int64_t reach(gosh_grid *grid, int along, double value)
{
    gosh_side *side = &grid->side[along];
    int64_t at;

    for (;; widen(grid, along)) {
        if (!(fabs(value / side->width) < 1e15)) {
            continue;
        }
        at = (int64_t)floor(value / side->width);
        if (!grid->used ||
            (uint64_t)((at > side->last ? at : side->last) -
                       (at < side->first ? at : side->first)) < grid->most) {
            return at;
        }
    }
}

static void count_in(gosh_grid *grid, double x, double y, bool with)
{
    int64_t at[2];

    at[0] = reach(grid, 0, x);
    at[1] = reach(grid, 1, y);
    for (int along = 0; along < 2; along++) {
        gosh_side *side = &grid->side[along];

        side->first = !grid->used || at[along] < side->first ? at[along] : side->first;
        side->last = !grid->used || at[along] > side->last ? at[along] : side->last;
    }
    grid->used = true;
    grid->count[slot(grid, at[0], at[1])]++;
    grid->with[slot(grid, at[0], at[1])] += with ? 1 : 0;
}

static double figure_of(mtp_gosh_axis axis, const mtp_gosh_fit *fit)
{
    return axis == MTP_GOSH_I2 ? fit->I2 : axis == MTP_GOSH_TAU2 ? fit->tau2 : fit->Q;
}

static mtp_status receive(void *context, size_t n, const mtp_gosh_fit fit[])
{
    map_job *j = (map_job *)context;
    mtp_gosh_map *map = j->map;

    for (size_t i = 0; i < n; i++) {
        double value = figure_of(map->axis, &fit[i]);
        bool with = map->highlight &&
                    (fit[i].included[j->study / 64] >> (j->study % 64) & 1u) != 0;

        if (fit[i].k < 2 || !isfinite(fit[i].estimate) || !isfinite(value)) {
            continue;
        }
        if (map->n < MTP_GOSH_POINTS) {
            j->point[map->n] = (mtp_gosh_point){fit[i].estimate, value, with};
        }
        map->n++;
        map->n_with += with ? 1 : 0;
        count_in(&j->grid, fit[i].estimate, value, with);
    }
    return MTP_OK;
}

/* A width far below what the data can tell apart. */
static double finest(double scale)
{
    int exponent;

    (void)frexp(scale > 0.0 && scale < 1e300 ? scale : 1.0, &exponent);
    return ldexp(1.0, exponent - FINEST);
}

static double largest_effect(const mtp_effects *effects)
{
    double largest = 0.0;

    for (size_t i = 0; i < effects->k; i++) {
        largest = fmax(largest, fabs(effects->yi[i]));
    }
    return largest;
}

static bool make_grid(const mtp_run_context *run, map_job *j)
{
    mtp_arena *arena = run->owner->arena;
    size_t k = run->owner->effects->k;
    uint64_t n =
        k > MTP_GOSH_ALL ? run->settings.sensitivity.subsets : (UINT64_C(1) << k) - 1;
    double scale = largest_effect(run->owner->effects);
    gosh_grid *grid = &j->grid;
    size_t cells;

    grid->most = n >= MANY_SUBSETS   ? MANY_CELLS
                 : n >= SOME_SUBSETS ? SOME_CELLS
                                     : FEW_CELLS;
    cells = grid->most * grid->most;
    grid->side[0].width = finest(scale);
    grid->side[1].width = finest(j->map->axis == MTP_GOSH_TAU2 ? scale * scale : 100.0);
    grid->count = mtp_arena_zalloc(arena, cells, sizeof *grid->count);
    grid->with = mtp_arena_zalloc(arena, cells, sizeof *grid->with);
    grid->room = mtp_arena_zalloc(arena, cells, sizeof *grid->room);
    j->point = MTP_ARENA_ARRAY(arena, MTP_GOSH_POINTS, mtp_gosh_point);
    return grid->count && grid->with && grid->room && j->point;
}

/* The cells in use, in order. */
static mtp_status take_cells(const mtp_run_context *run, map_job *j)
{
    const gosh_side *x = &j->grid.side[0], *y = &j->grid.side[1];
    mtp_gosh_map *map = j->map;
    uint64_t *count, *with;

    map->x = (mtp_gosh_cells){x->first, x->width, (size_t)(x->last - x->first) + 1};
    map->y = (mtp_gosh_cells){y->first, y->width, (size_t)(y->last - y->first) + 1};
    count = MTP_ARENA_ARRAY(run->owner->arena, map->x.n * map->y.n, uint64_t);
    with = MTP_ARENA_ARRAY(run->owner->arena, map->x.n * map->y.n, uint64_t);
    if (!count || !with) {
        return mtp_fail_nomem(run->err);
    }
    for (size_t r = 0; r < map->y.n; r++) {
        for (size_t c = 0; c < map->x.n; c++) {
            size_t at = slot(&j->grid, x->first + (int64_t)c, y->first + (int64_t)r);

            count[r * map->x.n + c] = j->grid.count[at];
            with[r * map->x.n + c] = j->grid.with[at];
        }
    }
    map->count = count;
    map->with = with;
    map->point = j->point;
    map->n_points = map->n <= MTP_GOSH_POINTS ? (size_t)map->n : 0;
    return MTP_OK;
}

/* The fit of all studies. */
static mtp_status take_all(const mtp_run_context *run, mtp_gosh_map *map)
{
    const mtp_sensitivity_settings *s = &run->settings.sensitivity;
    const mtp_heterogeneity *h;
    mtp_pool_options options;
    mtp_pool_result *all = NULL;
    mtp_status status;

    mtp_pool_options_init(&options, sizeof options);
    options.tau2 = s->tau2;
    options.tau2_value = s->tau2_value;
    status = mtp_pool(run->owner->effects, NULL, &options, &all, run->err);
    if (status == MTP_OK) {
        h = &all->overall.heterogeneity;
        map->estimate = all->overall.random.estimate;
        map->value = map->axis == MTP_GOSH_TAU2 ? h->tau2
                     : map->axis == MTP_GOSH_Q  ? h->Q
                     : s->tau2 == MTP_TAU2_EE   ? h->I2_Q
                                                : h->I2;
        mtp_pool_result_free(all);
    }
    return status;
}

static mtp_status find_study(const mtp_run_context *run, map_job *j)
{
    const char *name = run->settings.sensitivity.highlight;
    size_t n = 0;

    if (!name) {
        return MTP_OK;
    }
    for (size_t i = 0; i < run->binding.k; i++) {
        if (strcmp(run->binding.study[i], name) == 0) {
            j->study = i;
            n++;
        }
    }
    if (n != 1) {
        return mtp_fail(run->err, MTP_E_ARG,
                        n == 0 ? "--highlight %s: no study has this name"
                               : "--highlight %s: several studies have this name; give "
                                 "them different ones by --study",
                        name);
    }
    j->map->highlight = run->binding.study[j->study];
    return MTP_OK;
}

static mtp_status fit_subsets(mtp_run_context *run, map_job *j)
{
    const mtp_settings *s = &run->settings;
    mtp_gosh_options options;
    mtp_status status;

    mtp_gosh_options_init(&options, sizeof options);
    options.tau2 = s->sensitivity.tau2;
    options.tau2_value = s->sensitivity.tau2_value;
    options.subsets = s->sensitivity.subsets;
    options.seed = s->pool.seed;
    options.threads = s->pool.threads;
    options.sink = receive;
    options.context = j;
    status = mtp_gosh(run->owner->effects, &options, &run->owner->gosh, run->err);
    if (status != MTP_OK) {
        mtp_run_place_error(run);
        return status;
    }
    j->map->gosh = run->owner->gosh;
    j->map->seed = options.seed;
    return j->map->n > 0 ? MTP_OK
                         : mtp_fail(run->err, MTP_E_DEGENERATE,
                                    "no subset of two studies or more has an estimate "
                                    "and %s",
                                    mtp_gosh_axis_id(j->map->axis));
}

mtp_status mtp_run_gosh_map(mtp_run_context *run)
{
    mtp_sensitivity_analysis *made =
        MTP_ARENA_NEW(run->owner->arena, mtp_sensitivity_analysis);
    map_job j = {.map = MTP_ARENA_NEW(run->owner->arena, mtp_gosh_map)};
    mtp_status status;

    if (!made || !j.map) {
        return mtp_fail_nomem(run->err);
    }
    j.map->axis = run->settings.sensitivity.gosh_axis;
    if (run->owner->effects->k < 2) {
        return mtp_fail(run->err, MTP_E_DEGENERATE,
                        "one study has no subsets of two studies or more");
    }
    status = find_study(run, &j);
    if (status == MTP_OK && !make_grid(run, &j)) {
        status = mtp_fail_nomem(run->err);
    }
    if (status == MTP_OK) {
        status = fit_subsets(run, &j);
    }
    if (status == MTP_OK) {
        status = take_all(run, j.map);
    }
    if (status == MTP_OK) {
        status = take_cells(run, &j);
    }
    made->gosh = run->owner->gosh;
    made->tau2 = run->settings.sensitivity.tau2;
    made->seed = j.map->seed;
    run->owner->bundle.sensitivity = made;
    run->owner->bundle.gosh_map = j.map;
    return status;
}
