/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_NOTE_WRITER_H
#define MTP_MODELS_NOTE_WRITER_H

#include "models/pool_notes.h"

/** Writes the notes of a pooled set (pool_notes.c). */
typedef struct mtp_note_writer {
    mtp_note_list *notes;
    const char *who; /* "" or "subgroup 'NAME': " */
    const mtp_noted_set *set;
    const mtp_pooled *pooled;
    const mtp_pool_options *options;
} mtp_note_writer;

/** The interval by a method, NULL without it. */
const mtp_interval *mtp_find_interval(const mtp_estimate *e, mtp_ci_method method);

/** Notes on confidence and prediction intervals (interval_notes.c). */
void mtp_note_intervals(const mtp_note_writer *to);

/** Notes on figures of the natural scale (interval_notes.c). */
void mtp_note_back_transform(const mtp_note_writer *to);

#endif
