/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_SAMPLE_BUNDLE_H
#define MTP_TEST_SAMPLE_BUNDLE_H

#include "metapool/analysis.h"

#include "core/arena.h"

/**
 * Bundles made by hand, for tests of what is made from bundles (reports, figures).
 * Nothing here is computed by the library but the measures' names; the figures are from
 * the sources named in their files. Everything lives in the caller's arena and may
 * be changed through `pool`, `groups`, `studies`, `composition` and `notes`.
 */
typedef struct sample {
    mtp_bundle bundle;
    mtp_pool_result pool;
    mtp_pooled *groups;
    mtp_study *studies;
    mtp_composition composition;
    mtp_note *notes;
} sample;

/** Nonrelapse mortality of 52 cohorts by entity: binomial-normal model, 7 nodes. */
sample *sample_glmm(mtp_arena *arena);
/** 13 BCG trials as ready-made log risk ratios: REML, Hartung-Knapp-Sidik-Jonkman. */
sample *sample_inverse(mtp_arena *arena);
/** Six cohorts without an event: no finite estimate exists. */
sample *sample_nothing(mtp_arena *arena);
/** Four cohorts in which nobody or everybody has an event: a common effect alone. */
sample *sample_common(mtp_arena *arena);
/** The logits of the 52 cohorts. */
sample *sample_effects(mtp_arena *arena);
/** Seven causes of death in clinical trials and in the real world. */
sample *sample_composition(mtp_arena *arena);

#endif
