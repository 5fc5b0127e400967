/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_COMPOSITION_FIGURE_H
#define MTP_PLOT_COMPOSITION_FIGURE_H

#include "metapool/analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** The shares, one a line, bar by bar (composition_data.c). */
void mtp_composition_figure_csv(const mtp_bundle *bundle, mtp_strbuf *out);

/** The bars and the tests: docs/schema/metapool.composition-figure.1.json
 * (composition_data.c). */
void mtp_composition_figure_json(const mtp_bundle *bundle, mtp_strbuf *out);

/** The picture for a page of that width in points, NULL when memory is exhausted
 * (composition_scene.c). */
mtp_scene *mtp_composition_scene(const mtp_bundle *bundle, double width);

/** Bar i: the total, then the groups; and how many there are. */
const mtp_composition_group *mtp_composition_bar(const mtp_composition *made, size_t i);
size_t mtp_composition_bars(const mtp_composition *made);

#endif
