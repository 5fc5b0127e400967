/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_CURVE_FIGURE_H
#define MTP_PLOT_CURVE_FIGURE_H

#include "metapool/analysis.h"

#include "core/arena.h"
#include "core/strbuf.h"
#include "plot/scene.h"

/** The analyses that have an answer, by rank: their number in *n; NULL when memory is
 * exhausted (curve_data.c). */
const mtp_specification **mtp_curve_order(mtp_arena *arena, const mtp_comparison *made,
                                          size_t *n);

/** What an analysis is chosen by: "inverse", "REML", "hksj" (curve_data.c). */
const char *mtp_curve_choice(const mtp_specification *row, mtp_choice choice);

/** The analyses by rank, one a line (curve_data.c). */
void mtp_curve_csv(const mtp_bundle *bundle, mtp_strbuf *out);

/** docs/schema/metapool.specification-curve.1.json (curve_data.c). */
void mtp_curve_json(const mtp_bundle *bundle, mtp_strbuf *out);

/** The picture for a page of that width in points, NULL when memory is exhausted
 * (curve_scene.c). */
mtp_scene *mtp_curve_scene(const mtp_bundle *bundle, double width);

#endif
