/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_BUBBLE_SCENE_H
#define MTP_PLOT_BUBBLE_SCENE_H

#include "plot/bubble_figure.h"
#include "plot/frame.h"

/** A bubble plot while it is drawn (bubble_scene.c), and what is said of it. */
typedef struct mtp_bubble_figure {
    const mtp_bundle *bundle;
    const mtp_bubble *bubble;
    mtp_frame frame;
    mtp_frame_ticks levels;
    bool numbered; /* levels have numbers, which the text below explains */
    bool clipped;  /* a band goes beyond the axis */
    bool floored;  /* some bubbles would have been too small to be seen */
} mtp_bubble_figure;

#define MTP_BUBBLE_SIDES 80.0 /* beside the plot area */
enum { MTP_BUBBLE_KEYS = MTP_BUBBLE_GROUPS + 4, MTP_BUBBLE_PARAGRAPHS = 4 };

/** What the regression predicts at place i of the line. */
const mtp_regress_prediction *mtp_bubble_mean(const mtp_bubble_figure *f, size_t i);

/** The keys to the marks; returns their number (bubble_words.c). */
size_t mtp_bubble_list_keys(const mtp_bubble_figure *f,
                            mtp_frame_key key[MTP_BUBBLE_KEYS]);

/** The title of the horizontal axis. */
const char *mtp_bubble_x_title(const mtp_bubble_figure *f);

/** The paragraphs below, and of them the description of the scene, which has its title.
 */
void mtp_bubble_describe(mtp_bubble_figure *f,
                         const char *paragraph[MTP_BUBBLE_PARAGRAPHS]);

#endif
