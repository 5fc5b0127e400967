/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_CORE_NOTES_H
#define MTP_CORE_NOTES_H

#include "metapool/status.h"

#include "core/arena.h"

#include <stdbool.h>

/**
 * A growing list of notes in an arena. Running out of memory is remembered in `failed`
 * and reported once by whoever owns the list.
 */
typedef struct mtp_note_list {
    mtp_arena *arena;
    mtp_note *item;
    size_t count, capacity;
    bool failed;
} mtp_note_list;

void mtp_note_list_init(mtp_note_list *list, mtp_arena *arena);

/** Add a note; severity comes from the code. list may be NULL. row 0: none. */
void mtp_note_add(mtp_note_list *list, mtp_note_code code, size_t row,
                  const char *format, ...) MTP_PRINTF(4, 5);

/** Copy all notes of another result into the list. */
void mtp_note_add_all(mtp_note_list *list, const mtp_notes *notes);

/** The list as part of a result in the same arena. */
mtp_notes mtp_note_list_done(const mtp_note_list *list);

#endif
