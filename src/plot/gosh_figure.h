/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_GOSH_FIGURE_H
#define MTP_PLOT_GOSH_FIGURE_H

#include "metapool/analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** A plot of all subsets, of a bundle that has a gosh_map. */

/** The subsets, or the cells that hold many of them, one a line (gosh_data.c). */
void mtp_gosh_figure_csv(const mtp_bundle *bundle, mtp_strbuf *out);
/** docs/schema/metapool.gosh.1.json (gosh_data.c) */
void mtp_gosh_figure_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted (gosh_scene.c). */
mtp_scene *mtp_gosh_scene(const mtp_bundle *bundle, double width);

#endif
