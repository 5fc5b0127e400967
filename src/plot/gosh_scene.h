/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_GOSH_SCENE_H
#define MTP_PLOT_GOSH_SCENE_H

#include "metapool/gosh_map.h"
#include "metapool/sensitivity_analysis.h"

#include "plot/frame.h"
#include "plot/gosh_figure.h"

enum {
    MTP_GOSH_SHADES = 5,
    MTP_GOSH_KEYS = MTP_GOSH_SHADES + 4,
    MTP_GOSH_PARAGRAPHS = 4
};

/** A plot of all subsets while it is drawn (gosh_scene.c), and what is said of it. */
typedef struct mtp_gosh_figure {
    const mtp_bundle *bundle;
    const mtp_gosh_map *map;
    mtp_frame frame;
    bool log;                        /* the estimates are logarithms */
    uint64_t least[MTP_GOSH_SHADES]; /* subsets from which a cell has each shade; 0:
                                        none has */
    const char *study;               /* the highlighted one, cut */
} mtp_gosh_figure;

/** The mark of a cell by its shade. */
mtp_mark mtp_gosh_shade(size_t shade);

/** An estimate as the horizontal axis shows it. */
double mtp_gosh_shown(const mtp_gosh_figure *f, double estimate);

/** The keys to the marks; returns their number (gosh_words.c). */
size_t mtp_gosh_list_keys(const mtp_gosh_figure *f, mtp_frame_key key[MTP_GOSH_KEYS]);

/** What the horizontal axis shows. */
const char *mtp_gosh_x_title(const mtp_gosh_figure *f);

/** The name of the highlighted study; title and description of the scene, and the
 *  paragraphs below. */
void mtp_gosh_describe(mtp_gosh_figure *f, const char *paragraph[MTP_GOSH_PARAGRAPHS]);

#endif
