/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_GENERIC_H
#define MTP_EFFECTS_GENERIC_H

#include "metapool/effects.h"

#include "core/notes.h"

/**
 * Ready-made effects: yi as given, vi from the first of vi, sei and limits.
 * @param level  confidence level of the limits
 */
void mtp_effects_generic(const mtp_raw *raw, double level, double yi[], double vi[],
                         mtp_note_list *notes);

#endif
