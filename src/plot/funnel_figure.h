/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FUNNEL_FIGURE_H
#define MTP_PLOT_FUNNEL_FIGURE_H

#include "metapool/analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** The points, one a line (funnel_data.c). */
void mtp_funnel_csv(const mtp_bundle *bundle, mtp_strbuf *out);

/** The points, lines and filled studies: docs/schema/metapool.funnel.1.json
 * (funnel_data.c). */
void mtp_funnel_json(const mtp_bundle *bundle, mtp_strbuf *out);

/** The picture for a page of that width in points, NULL when memory is exhausted
 * (funnel_scene.c). */
mtp_scene *mtp_funnel_scene(const mtp_bundle *bundle, double width);

#endif
