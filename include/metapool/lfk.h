/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_LFK_H
#define METAPOOL_LFK_H

#include "metapool/export.h"
#include "metapool/status.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file lfk.h
 * The Doi plot, a normal quantile plot of the effects folded at its middle, and the LFK
 * index of how unlike its two limbs are.
 *
 * A rule of thumb, not a test: the index has no distribution to refer to, and how often
 * it is beyond 1 or 2 where nothing is missing depends on the number and the sizes of
 * the studies and on their heterogeneity; Schwarzer, Ruecker & Semaca (2024), Res Synth
 * Methods 15:603-615, doi:10.1002/jrsm.1714.
 */

/* X(enum, id, label): |LFK| up to 1, up to 2, above. */
#define MTP_LFK_CLASS_LIST(X)                                                          \
    X(MTP_LFK_NONE, "none", "no asymmetry")                                            \
    X(MTP_LFK_MINOR, "minor", "minor asymmetry")                                       \
    X(MTP_LFK_MAJOR, "major", "major asymmetry")

typedef enum mtp_lfk_class {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_LFK_CLASS_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_LFK_CLASS_COUNT
} mtp_lfk_class;

/* Ids and labels for people; _from_id: any case, -1 if none. */
MTP_API const char *mtp_lfk_class_id(mtp_lfk_class value);
MTP_API const char *mtp_lfk_class_label(mtp_lfk_class value);
MTP_API int mtp_lfk_class_from_id(const char *id);

/** A study in the Doi plot: at x = its effect, y = |z|, 0 at the top. */
typedef struct mtp_doi_point {
    double n;          /* how often the study counts in the ranks: 100 max(v) / vi */
    double mid_rank;   /* of its n ranks, from 0 */
    double percentile; /* (mid_rank - 1/2) / sum n, between 0 and 1 */
    double z;          /* its normal quantile */
} mtp_doi_point;

typedef struct mtp_lfk_result {
    double lfk; /* positive: the limb of the large effects is the heavier or longer */
    mtp_lfk_class asymmetry;
    size_t k;
    size_t tip; /* the study of the smallest |z|, where the limbs meet */
    const mtp_doi_point *point; /* [k] in the order of the effects */
    const size_t *order; /* [k] studies from the smallest effect to the largest: the
                            line through their points draws both limbs */
} mtp_lfk_result;

/**
 * LFK index and Doi plot. With studies in the order of their effects,
 *
 *   nj = 100 max(v) / vj,   Mj = n1 + ... + n(j-1) + nj / 2,
 *   zj = quantile of the standard normal at (Mj - 1/2) / sum n,
 *   LFK = 5 / (2 k) sum_j (zj + (yj - y_tip) (max z - min z) / (max y - min y))
 *
 * Equal effects have the mid rank of all of them together, so that the order of the
 * studies does not matter. The 1/2 leaves a little asymmetry in effects that are
 * perfectly symmetric, and of an even number of these the tip is one of the two in the
 * middle: the index of few studies is coarse.
 *
 * @param k       >= 3
 * @param yi      [k] finite
 * @param vi      [k] finite, > 0
 * @param result  out, freed with mtp_lfk_free; untouched on failure
 * @return MTP_OK; MTP_E_DATA for fewer than three studies, values out of range
 * (err->line is the 1-based study), effects or variances too far apart for a double;
 *         MTP_E_DEGENERATE where all effects are the same; MTP_E_NOMEM
 * Source: Furuya-Kanamori, Barendregt & Doi (2018), Int J Evid Based Healthc
 * 16:195-203, doi:10.1097/XEB.0000000000000141.
 */
MTP_API mtp_status mtp_lfk(size_t k, const double yi[], const double vi[],
                           mtp_lfk_result **result, mtp_error *err);
MTP_API void mtp_lfk_free(mtp_lfk_result *result);

#ifdef __cplusplus
}
#endif

#endif
