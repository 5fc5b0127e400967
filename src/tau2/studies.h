/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TAU2_STUDIES_H
#define MTP_TAU2_STUDIES_H

#include "metapool/status.h"

#include "core/dd.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Studies made ready for pooling: every kernel of tau2/ and models/ works on these.
 *
 * The studies stand in blocks, each with a mean of its own (one block: the pooled mean;
 * G blocks: subgroups that share tau2, with k - G degrees of freedom), or in one block
 * whose mean is a combination of columns (columns.h). Three steps make
 * the sums of a block safe in any arithmetic:
 *
 *  - Unit. Effects are divided by 2^unit, variances by 4^unit, with 2^unit near the
 *    typical standard error. The division is exact, so that no digit depends on the
 *    unit of yi, and squares and cubes of weights stay far from overflow.
 *  - Centre. Effects are taken from the effect of the block's heaviest study. With
 *    weights that fall as v rises, that study's share of Q is at least w (mu - c)^2, so
 *    sum w d^2 <= (1 + k) Q: one pass loses log10(1 + k) digits of 31, never more.
 *  - Heaviest first. 1 - w / sum w is then a sum of the others for the first study and
 *    at least 1/2 for all others: nothing cancels when one study carries the weight.
 *    The others follow in order of their variances and effects, so that the order in
 *    which they came changes no digit of anything that is made from them.
 */
typedef struct mtp_study_point {
    mtp_dd d;     /* (yi - centre) / 2^unit, without error */
    double v;     /* vi / 4^unit */
    size_t index; /* where the study stands in yi */
} mtp_study_point;

typedef struct mtp_study_block {
    size_t begin, end; /* range of points; end > begin */
    double centre;     /* yi of the first point, in its own unit */
} mtp_study_block;

typedef struct mtp_columns mtp_columns;

typedef struct mtp_studies {
    size_t k, n_blocks;
    size_t means;                 /* n_blocks, or the number of columns */
    const mtp_study_block *block; /* [n_blocks] */
    const mtp_study_point *point; /* [k] */
    int unit;
    double v_min, v_max;
    double range;         /* largest distance between two effects of one block */
    const double *weight; /* [k] as yi, of the generalized Q; NULL: 1 / v */
    int weight_unit;      /* weights are divided by 2^weight_unit */
    const struct mtp_sums
        *at_zero;         /* mtp_sums_at(0), so that it is made once; or NULL */
    bool no_errors;       /* neither standard errors nor intervals of tau2 are wanted */
    mtp_columns *columns; /* combinations of columns instead of means (columns.h) */
} mtp_studies;

/**
 * Fill `point` and `block` (the caller's, as long as `studies` is used) and `studies`.
 *
 * @param start  [n_blocks + 1] blocks as ranges of yi and vi; NULL with one block
 * @param k      number of studies, >= 1
 * @return MTP_OK; MTP_E_DATA where yi is not finite, vi not positive and finite, or the
 *         figures lie so far apart that no double holds their weights (err->line is
 *         the 1-based study, err->column yi or vi)
 */
mtp_status mtp_studies_prepare(size_t k, const double yi[], const double vi[],
                               size_t n_blocks, const size_t start[],
                               mtp_study_point point[], mtp_study_block block[],
                               mtp_studies *studies, mtp_error *err);

/**
 * Give the generalized Q weights; they need not sum to anything.
 *
 * @param weight  [k] in the order of yi, kept by reference; NULL: 1 / v
 * @return MTP_OK; MTP_E_DATA where a weight is not positive and finite, or they lie too
 *         far apart (err->line is the 1-based study)
 */
mtp_status mtp_studies_set_weights(mtp_studies *studies, const double weight[],
                                   mtp_error *err);

/** Degrees of freedom of Q: studies less means. */
static inline double mtp_studies_df(const mtp_studies *studies)
{
    return (double)(studies->k - studies->means);
}

/** From the studies' unit to the units of yi (power 1) or vi (power 2), exactly. */
static inline mtp_dd mtp_to_unit_of_y(const mtp_studies *studies, mtp_dd x, int power)
{
    return mtp_dd_ldexp(x, power * studies->unit);
}

/** A variance in the units of vi, in the studies' unit. */
static inline mtp_dd mtp_from_unit_of_v(const mtp_studies *studies, mtp_dd x)
{
    return mtp_dd_ldexp(x, -2 * studies->unit);
}

#endif
