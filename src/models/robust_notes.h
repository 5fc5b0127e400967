/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_ROBUST_NOTES_H
#define MTP_MODELS_ROBUST_NOTES_H

#include "metapool/robust.h"

#include "core/notes.h"

/**
 * What a reader of a robust variance has to know: few clusters, coefficients that one
 * cluster alone identifies.
 *
 * @param who  "" or "subgroup 'NAME': "
 */
void mtp_robust_note_clusters(mtp_note_list *notes, const char *who,
                              mtp_robust_type type, size_t clusters, size_t singular);

/** Few degrees of freedom of `what`: "the common effect", "coefficient 'year'". */
void mtp_robust_note_df(mtp_note_list *notes, const char *who, const char *what,
                        double df);

#endif
