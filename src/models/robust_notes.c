/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/robust_notes.h"

#include "core/number.h"

/* Below these, simulations find tests that reject too often: Tipton (2015),
 * doi:10.1037/met0000011, for degrees of freedom; Hedges, Tipton & Johnson (2010),
 * doi:10.1002/jrsm.5, for clusters without a small-sample correction. */
static const double FEW_DF = 4.0;
enum { FEW_CLUSTERS = 10 };

void mtp_robust_note_clusters(mtp_note_list *notes, const char *who,
                              mtp_robust_type type, size_t clusters, size_t singular)
{
    if (clusters < FEW_CLUSTERS) {
        mtp_note_add(notes, MTP_NOTE_FEW_CLUSTERS, 0,
                     type == MTP_ROBUST_CR2
                         ? "%sthe robust variance rests on %zu clusters; fewer than 10 "
                           "say little about it"
                         : "%sthe robust variance rests on %zu clusters; with fewer "
                           "than 10 its tests reject too often: take cr2",
                     who, clusters);
    }
    if (singular > 0) {
        mtp_note_add(notes, MTP_NOTE_CLUSTER_ALONE, 0,
                     "%s%zu cluster%s alone what tells a coefficient from the others, "
                     "and nothing about its variance: the robust variance leaves that "
                     "part out",
                     who, singular, singular == 1 ? " is" : "s are each");
    }
}

void mtp_robust_note_df(mtp_note_list *notes, const char *who, const char *what,
                        double df)
{
    char text[MTP_NUMBER_TEXT];

    if (df < FEW_DF) {
        mtp_number_significant(df, 4, text, sizeof text);
        mtp_note_add(notes, MTP_NOTE_FEW_DF, 0,
                     "%sthe robust variance of %s has degrees of freedom %s; below 4 "
                     "its p-value and interval are not to be relied on",
                     who, what, text);
    }
}
