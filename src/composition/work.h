/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_COMPOSITION_WORK_H
#define MTP_COMPOSITION_WORK_H

#include "metapool/composition.h"

#include "core/arena.h"
#include "core/notes.h"

/** The arguments, and what the stages share. */
typedef struct mtp_composition_work {
    mtp_composition *result;
    size_t rows, columns; /* rows: groups, 1 for a total alone */
    const double *counts;
    const char *const *category;
    const char *const *level;
    double z_wilson, z_goodman;
    mtp_arena *arena;
    mtp_note_list notes;
} mtp_composition_work;

/** The tests of groups against categories, into work->result (tests.c). */
mtp_status mtp_composition_tests(mtp_composition_work *work, mtp_error *err);

#endif
