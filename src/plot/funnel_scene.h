/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FUNNEL_SCENE_H
#define MTP_PLOT_FUNNEL_SCENE_H

#include "metapool/funnel.h"

#include "plot/frame.h"
#include "plot/funnel_figure.h"

/** A funnel plot while it is drawn (funnel_scene.c), and what is said of it. */
typedef struct mtp_funnel_figure {
    const mtp_bundle *bundle;
    const mtp_funnel *funnel;
    mtp_frame frame;
    bool log; /* the effects are logarithms, shown as what they are logarithms of */
} mtp_funnel_figure;

enum { MTP_FUNNEL_KEYS = 10, MTP_FUNNEL_PARAGRAPHS = 2 };

/** The keys to the marks; returns their number (funnel_words.c). */
size_t mtp_funnel_list_keys(const mtp_funnel_figure *f,
                            mtp_frame_key key[MTP_FUNNEL_KEYS]);

/** What the horizontal axis shows. */
const char *mtp_funnel_x_title(const mtp_funnel_figure *f);

/** Title and description of the scene, and the paragraphs below. */
void mtp_funnel_describe(const mtp_funnel_figure *f,
                         const char *paragraph[MTP_FUNNEL_PARAGRAPHS]);

#endif
