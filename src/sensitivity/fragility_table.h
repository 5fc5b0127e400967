/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_FRAGILITY_TABLE_H
#define MTP_SENSITIVITY_FRAGILITY_TABLE_H

#include "metapool/sensitivity.h"

#include "core/arena.h"

/** What does not change: the studies as observed, how they become effects, and how
 *  these are pooled. */
typedef struct mtp_fragility_setup {
    const mtp_effects *effects;
    mtp_effects_options how;
    mtp_pool_options pool;
    bool keep00;
    size_t groups; /* 1 or 2 */
} mtp_fragility_setup;

/** Counts and what becomes of them; all [k]. */
typedef struct mtp_fragility_table {
    double *x[2];  /* events by group; NaN: a ready-made effect */
    double *total; /* events of both */
    double *yi, *vi;
    unsigned char *silent; /* says nothing: is not pooled */
} mtp_fragility_table;

/** The table as observed. */
mtp_status mtp_fragility_observe(const mtp_fragility_setup *setup, mtp_arena *arena,
                                 mtp_fragility_table *table, mtp_error *err);

mtp_status mtp_fragility_copy(const mtp_fragility_setup *setup,
                              const mtp_fragility_table *from, mtp_arena *arena,
                              mtp_fragility_table *table);

/** Whether group g of the study can have `by` events more. */
bool mtp_fragility_can_change(const mtp_fragility_setup *setup,
                              const mtp_fragility_table *table, size_t study, size_t g,
                              double by);

/** @return MTP_OK; what mtp_effects_compute says of the changed study */
mtp_status mtp_fragility_change_one(const mtp_fragility_setup *setup,
                                    mtp_fragility_table *table, size_t study, size_t g,
                                    double by);

/** Pool the table: as mtp_subset_pool of the studies that say something. */
mtp_status mtp_fragility_pool(const mtp_fragility_setup *setup,
                              const mtp_fragility_table *table, mtp_arena *arena,
                              mtp_subset_fit *fit);

#endif
