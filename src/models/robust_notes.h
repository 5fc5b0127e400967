/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_NOTES_H
#define MTP_MODELS_ROBUST_NOTES_H

#include "metapool/robust.h"

#include "core/notes.h"

/**
 * What a reader of a robust variance has to know: few clusters, few degrees of freedom,
 * coefficients that one cluster alone identifies.
 *
 * @param who  "" or "subgroup 'NAME': "
 * @param df   the fewest degrees of freedom of a printed figure; NaN: none
 */
void mtp_robust_note(mtp_note_list *notes, const char *who, mtp_robust_type type,
                     size_t clusters, size_t singular, double df);

#endif
