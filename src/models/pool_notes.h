/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_POOL_NOTES_H
#define MTP_MODELS_POOL_NOTES_H

#include "metapool/pool.h"

#include "core/notes.h"
#include "models/bootstrap.h"
#include "models/mixed.h"
#include "models/normal.h"

/** One pooled set as the notes see it: the result and what it does not show. */
typedef struct mtp_noted_set {
    const char *name; /* subgroup, or NULL for the overall set */
    const mtp_pooled *pooled;
    const mtp_measure_info *measure;
    mtp_normal_detail normal; /* inverse variance */
    mtp_mixed_detail mixed;   /* GLMM */
    mtp_bootstrap_error bootstrap;
} mtp_noted_set;

/** Add what has to be said about a set; a subgroup is named in the text. */
void mtp_note_pooled(mtp_note_list *notes, const mtp_noted_set *set,
                     const mtp_pool_options *options);

/** Several local maxima of a likelihood, each with its value. */
void mtp_note_modes(mtp_note_list *notes, const char *who, const mtp_fit *fit);

#endif
