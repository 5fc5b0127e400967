/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_DRAPERY_FIGURE_H
#define MTP_PLOT_DRAPERY_FIGURE_H

#include "metapool/analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/**
 * A drapery plot, of a bundle with a pooling: the p-value of every value that the
 * effect might have, for each study, the pooled means and the prediction. Rucker &
 * Schwarzer (2021), Res Synth Methods 12:6-17, doi:10.1002/jrsm.1435.
 */

typedef enum mtp_drape_kind {
    MTP_DRAPE_STUDY,
    MTP_DRAPE_COMMON,
    MTP_DRAPE_RANDOM,
    MTP_DRAPE_PREDICTION,
} mtp_drape_kind;

enum { MTP_DRAPE_PARTS = 2 };

/**
 * A p-value function: p(x) is the two-sided p of estimate - x, in standard errors, by
 * the normal distribution or t; of two parts, the larger one. Its width at p is the
 * interval of the level 1 - p.
 */
typedef struct mtp_drape {
    mtp_drape_kind kind;
    size_t study; /* its number, else MTP_NO_ROW */
    double estimate;
    size_t n_parts;
    struct {
        double se, df; /* df NaN: normal */
    } part[MTP_DRAPE_PARTS];
    double ft_n; /* the n or t of the back-transform, as mtp_back_transform takes it */
} mtp_drape;

typedef struct mtp_drapery {
    size_t n;
    const mtp_drape
        *curve; /* studies, common, random, prediction, as far as they exist */
    size_t n_tails;
    const double *tail; /* [n_tails] p / 2 from 1/2 falling, the level's among them */
    const double *quantile; /* [n_tails] of the normal distribution */
    size_t at_level;        /* which one that is */
} mtp_drapery;

/** @return false when memory is exhausted (drapery_curves.c) */
bool mtp_drapery_make(const mtp_bundle *bundle, mtp_arena *arena, mtp_drapery *made);

/** "study", "common", "random", "prediction" */
const char *mtp_drape_id(mtp_drape_kind kind);

/** How far from the estimate the curve has p = 2 tail[i]. */
double mtp_drape_reach(const mtp_drapery *drapery, const mtp_drape *curve, size_t i);

/** p at a value of the effect, on the analysis scale. */
double mtp_drape_p(const mtp_drape *curve, double effect);

/** On the natural scale. */
double mtp_drape_back(const mtp_bundle *bundle, const mtp_drape *curve, double effect);

/** Curve by curve (drapery_data.c). */
void mtp_drapery_csv(const mtp_bundle *bundle, mtp_strbuf *out);
/** docs/schema/metapool.drapery.1.json (drapery_data.c). */
void mtp_drapery_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted (drapery_scene.c).
 */
mtp_scene *mtp_drapery_scene(const mtp_bundle *bundle, double width);

#endif
