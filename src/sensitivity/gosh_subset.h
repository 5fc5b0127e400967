/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_GOSH_SUBSET_H
#define MTP_SENSITIVITY_GOSH_SUBSET_H

#include "metapool/sensitivity.h"

#include "core/arena.h"
#include "tau2/studies.h"

/** All studies, the heaviest first: prepared so, those of a subset need no sorting. */
typedef struct mtp_gosh_data {
    size_t k, words; /* 64 studies a word */
    const double *yi, *vi;
    const size_t *index; /* [k] where each stands in the effects */
    mtp_tau2_method tau2;
    double tau2_value;
} mtp_gosh_data;

/** Room for the studies of one subset, for one thread. */
typedef struct mtp_gosh_room {
    double *yi, *vi;
    mtp_study_point *point;
} mtp_gosh_room;

mtp_status mtp_gosh_data_make(const mtp_effects *effects,
                              const mtp_gosh_options *options, mtp_arena *arena,
                              mtp_gosh_data *data);
mtp_status mtp_gosh_room_make(const mtp_gosh_data *data, mtp_arena *arena,
                              mtp_gosh_room *room);

/** The fit of the studies whose bits are set; `included` is kept by reference. */
void mtp_gosh_fit_subset(const mtp_gosh_data *data, const uint64_t included[],
                         const mtp_gosh_room *room, mtp_gosh_fit *fit);

static inline bool mtp_gosh_has(const uint64_t included[], size_t study)
{
    return included[study / 64] >> (study % 64) & 1u;
}

#endif
