/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sensitivity/fragility_table.h"

#include "core/error.h"
#include "sensitivity/subset.h"

#include <math.h>
#include <string.h>

static const mtp_role one_group[2][2] = {{MTP_ROLE_EVENTS, MTP_ROLE_N}};
static const mtp_role two_groups[2][2] = {{MTP_ROLE_EVENTS1, MTP_ROLE_N1},
                                          {MTP_ROLE_EVENTS2, MTP_ROLE_N2}};

/* Events and patients of group g. */
static const mtp_role *roles_of(const mtp_fragility_setup *setup, size_t g)
{
    return setup->groups == 2 ? two_groups[g] : one_group[g];
}

static const double *observed(const mtp_fragility_setup *setup, size_t g, size_t which)
{
    return setup->effects->raw->column[roles_of(setup, g)[which]];
}

/* The counts of n studies from study `first` on. */
static mtp_raw raw_of(const mtp_fragility_setup *setup,
                      const mtp_fragility_table *table, size_t first, size_t n)
{
    mtp_raw raw = {.size = sizeof raw, .k = n};

    for (size_t g = 0; g < setup->groups; g++) {
        raw.column[roles_of(setup, g)[0]] = table->x[g] + first;
        raw.column[roles_of(setup, g)[1]] = observed(setup, g, 1) + first;
    }
    return raw;
}

/* Whether the effect of a study depends on the others. */
static bool go_together(const mtp_effects_options *how)
{
    return how->to == MTP_ADD_IF0ALL || how->vtype == MTP_VTYPE_AV ||
           how->vtype == MTP_VTYPE_AVHO || how->vtype == MTP_VTYPE_AV2;
}

static bool has_counts(const mtp_fragility_setup *setup,
                       const mtp_fragility_table *table, size_t i)
{
    bool has = true;

    for (size_t g = 0; g < setup->groups; g++) {
        has &= !isnan(table->x[g][i]) && !isnan(observed(setup, g, 1)[i]);
    }
    return has;
}

static void note_silence(const mtp_fragility_setup *setup, mtp_fragility_table *table,
                         size_t i)
{
    mtp_raw raw = raw_of(setup, table, 0, setup->effects->k);

    table->silent[i] = !setup->keep00 && has_counts(setup, table, i) &&
                       mtp_effects_is_uninformative(&setup->how, &raw, i, NULL);
}

static mtp_status compute_one(const mtp_fragility_setup *setup,
                              mtp_fragility_table *table, size_t i)
{
    mtp_raw raw = raw_of(setup, table, i, 1);
    mtp_effects *made = NULL;
    mtp_status status = mtp_effects_compute(&setup->how, &raw, &made, NULL);

    if (status == MTP_OK) {
        table->yi[i] = made->yi[0];
        table->vi[i] = made->vi[0];
        mtp_effects_free(made);
    }
    return status;
}

/* The effects of all studies that have counts and say something. */
static mtp_status compute_together(const mtp_fragility_setup *setup,
                                   mtp_fragility_table *table)
{
    size_t k = setup->effects->k, n = 0;
    mtp_arena *arena = mtp_arena_new();
    size_t *study = arena ? MTP_ARENA_ARRAY(arena, k, size_t) : NULL;
    double *column = arena ? mtp_arena_alloc(arena, k, 4 * sizeof *column) : NULL;
    mtp_raw raw = {.size = sizeof raw};
    mtp_effects *made = NULL;
    mtp_status status = MTP_E_NOMEM;

    for (size_t i = 0; study && column && i < k; i++) {
        if (!table->silent[i] && has_counts(setup, table, i)) {
            for (size_t g = 0; g < setup->groups; g++) {
                column[2 * g * k + n] = table->x[g][i];
                column[(2 * g + 1) * k + n] = observed(setup, g, 1)[i];
            }
            study[n++] = i;
        }
    }
    raw.k = n;
    for (size_t g = 0; column && g < setup->groups; g++) {
        raw.column[roles_of(setup, g)[0]] = column + 2 * g * k;
        raw.column[roles_of(setup, g)[1]] = column + (2 * g + 1) * k;
    }
    if (study && column) {
        status = n > 0 ? mtp_effects_compute(&setup->how, &raw, &made, NULL) : MTP_OK;
    }
    for (size_t j = 0; made && j < n; j++) {
        table->yi[study[j]] = made->yi[j];
        table->vi[study[j]] = made->vi[j];
    }
    mtp_effects_free(made);
    mtp_arena_free(arena);
    return status;
}

static bool make_room(size_t k, size_t groups, mtp_arena *arena,
                      mtp_fragility_table *table)
{
    *table = (mtp_fragility_table){.total = MTP_ARENA_ARRAY(arena, k, double),
                                   .yi = MTP_ARENA_ARRAY(arena, k, double),
                                   .vi = MTP_ARENA_ARRAY(arena, k, double),
                                   .silent = mtp_arena_zalloc(arena, k, 1)};
    for (size_t g = 0; g < groups; g++) {
        table->x[g] = MTP_ARENA_ARRAY(arena, k, double);
    }
    return table->total && table->yi && table->vi && table->silent && table->x[0] &&
           (groups == 1 || table->x[1]);
}

mtp_status mtp_fragility_observe(const mtp_fragility_setup *setup, mtp_arena *arena,
                                 mtp_fragility_table *table, mtp_error *err)
{
    const mtp_effects *e = setup->effects;
    size_t bytes = e->k * sizeof(double), counted = 0;

    if (!make_room(e->k, setup->groups, arena, table)) {
        return mtp_fail_nomem(err);
    }
    for (size_t g = 0; g < setup->groups; g++) {
        if (!observed(setup, g, 0) || !observed(setup, g, 1)) {
            return mtp_fail(err, MTP_E_DATA,
                            "no study has counts: its effects are ready-made");
        }
        memcpy(table->x[g], observed(setup, g, 0), bytes);
    }
    memcpy(table->yi, e->yi, bytes);
    memcpy(table->vi, e->vi, bytes);
    for (size_t i = 0; i < e->k; i++) {
        table->total[i] = table->x[0][i] + (setup->groups == 2 ? table->x[1][i] : 0.0);
        note_silence(setup, table, i);
        counted += has_counts(setup, table, i);
    }
    if (counted == 0) {
        return mtp_fail(err, MTP_E_DATA,
                        "no study has counts: its effects are ready-made");
    }
    if (go_together(&setup->how)) {
        mtp_status status = compute_together(setup, table);

        return status == MTP_OK ? MTP_OK
                                : mtp_fail(err, status,
                                           "the effects cannot be computed from the "
                                           "counts of their studies");
    }
    return MTP_OK;
}

mtp_status mtp_fragility_copy(const mtp_fragility_setup *setup,
                              const mtp_fragility_table *from, mtp_arena *arena,
                              mtp_fragility_table *table)
{
    size_t k = setup->effects->k, bytes = k * sizeof(double);

    if (!make_room(k, setup->groups, arena, table)) {
        return MTP_E_NOMEM;
    }
    for (size_t g = 0; g < setup->groups; g++) {
        memcpy(table->x[g], from->x[g], bytes);
    }
    memcpy(table->total, from->total, bytes);
    memcpy(table->yi, from->yi, bytes);
    memcpy(table->vi, from->vi, bytes);
    memcpy(table->silent, from->silent, k);
    return MTP_OK;
}

bool mtp_fragility_can_change(const mtp_fragility_setup *setup,
                              const mtp_fragility_table *table, size_t study, size_t g,
                              double by)
{
    double x = table->x[g][study] + by;

    return has_counts(setup, table, study) && x >= 0.0 &&
           x <= observed(setup, g, 1)[study];
}

mtp_status mtp_fragility_change_one(const mtp_fragility_setup *setup,
                                    mtp_fragility_table *table, size_t study, size_t g,
                                    double by)
{
    table->x[g][study] += by;
    table->total[study] += by;
    note_silence(setup, table, study);
    if (go_together(&setup->how)) {
        return compute_together(setup, table);
    }
    return table->silent[study] ? MTP_OK : compute_one(setup, table, study);
}

mtp_status mtp_fragility_pool(const mtp_fragility_setup *setup,
                              const mtp_fragility_table *table, mtp_arena *arena,
                              mtp_subset_fit *fit)
{
    const mtp_effects *e = setup->effects;
    mtp_raw raw = raw_of(setup, table, 0, e->k);
    mtp_effects changed = {.measure = e->measure,
                           .k = e->k,
                           .yi = table->yi,
                           .vi = table->vi,
                           .raw = &raw,
                           .events = table->total,
                           .n = e->n};
    size_t *keep = MTP_ARENA_ARRAY(arena, e->k, size_t), n = 0;

    for (size_t i = 0; keep && i < e->k; i++) {
        if (!table->silent[i]) {
            keep[n++] = i;
        }
    }
    return keep ? mtp_subset_pool(&changed, &setup->pool, n, keep, fit) : MTP_E_NOMEM;
}
