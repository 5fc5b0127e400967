/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_COLUMNS_H
#define MTP_EFFECTS_COLUMNS_H

#include "metapool/effects.h"

#include "core/arena.h"

/**
 * Events, patients and person-time of each study, all its groups together: the columns
 * of mtp_effects of these names, NULL where the measure has no such data.
 * @return false without memory
 */
bool mtp_total_columns(const mtp_raw *raw, mtp_arena *arena, mtp_effects *effects);

/** Whether the values of a role count events or people: events, patients, cells. */
bool mtp_role_is_tally(mtp_role role);

/** The key of a role in CSV and JSON, "cell_a" for --cell-a, in buffer. */
enum { MTP_ROLE_KEY = 32 };
const char *mtp_role_key(mtp_role role, char buffer[MTP_ROLE_KEY]);

#endif
