/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bias/groups.h"

#include "core/error.h"

#include <math.h>

static double value_of(const mtp_raw *raw, mtp_role role, size_t i)
{
    return raw && raw->column[role] ? raw->column[role][i] : (double)NAN;
}

mtp_status mtp_bias_sizes_of(const mtp_effects *effects, size_t i, double *n1,
                             double *n2, mtp_error *err)
{
    *n1 = value_of(effects->raw, MTP_ROLE_N1, i);
    *n2 = value_of(effects->raw, MTP_ROLE_N2, i);
    if (isnan(*n1) || isnan(*n2)) {
        return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "n1",
                           "study %zu has no patients by group, which this test takes",
                           i + 1);
    }
    return MTP_OK;
}

static bool make_room(mtp_bias_counts *c, size_t k, mtp_arena *arena)
{
    c->k = c->left_out = 0;
    c->row = MTP_ARENA_ARRAY(arena, k, size_t);
    c->x1 = MTP_ARENA_ARRAY(arena, k, double);
    c->n1 = MTP_ARENA_ARRAY(arena, k, double);
    c->x2 = MTP_ARENA_ARRAY(arena, k, double);
    c->n2 = MTP_ARENA_ARRAY(arena, k, double);
    return c->row && c->x1 && c->n1 && c->x2 && c->n2;
}

mtp_status mtp_bias_counts_of(const mtp_effects *effects, bool all, mtp_arena *arena,
                              mtp_bias_counts *counts, mtp_error *err)
{
    if (!make_room(counts, effects->k, arena)) {
        return mtp_fail_nomem(err);
    }
    for (size_t i = 0; i < effects->k; i++) {
        double x1 = value_of(effects->raw, MTP_ROLE_EVENTS1, i);
        double x2 = value_of(effects->raw, MTP_ROLE_EVENTS2, i), n1, n2;
        mtp_status status = mtp_bias_sizes_of(effects, i, &n1, &n2, err);
        bool says_something;

        if (status != MTP_OK) {
            return status;
        }
        if (isnan(x1) || isnan(x2)) {
            return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, "events1",
                               "study %zu has no counts, which this test takes", i + 1);
        }
        says_something = x1 + x2 > 0.0 && x1 + x2 < n1 + n2;
        if (all || says_something) {
            counts->row[counts->k] = i;
            counts->x1[counts->k] = x1;
            counts->n1[counts->k] = n1;
            counts->x2[counts->k] = x2;
            counts->n2[counts->k++] = n2;
        } else {
            counts->left_out++;
        }
    }
    return MTP_OK;
}

mtp_status mtp_bias_effects_of(const mtp_bias_counts *counts, mtp_measure measure,
                               bool corrected, mtp_effects **effects, mtp_error *err)
{
    mtp_raw raw = {.size = sizeof raw, .k = counts->k};
    mtp_effects_options options;

    raw.column[MTP_ROLE_EVENTS1] = counts->x1;
    raw.column[MTP_ROLE_N1] = counts->n1;
    raw.column[MTP_ROLE_EVENTS2] = counts->x2;
    raw.column[MTP_ROLE_N2] = counts->n2;
    mtp_effects_options_init(&options, sizeof options);
    options.measure = measure;
    options.allow_fractional = true; /* the counts have been accepted before */
    if (!corrected) {
        options.to = MTP_ADD_NONE;
    }
    return mtp_effects_compute(&options, &raw, effects, err);
}
