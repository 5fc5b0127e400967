/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_BAUJAT_FIGURE_H
#define MTP_PLOT_BAUJAT_FIGURE_H

#include "metapool/sensitivity_analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** A Baujat plot, of a bundle that has influence diagnostics of a pooling. */

void mtp_baujat_csv(const mtp_bundle *bundle, mtp_strbuf *out);
void mtp_baujat_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted. */
mtp_scene *mtp_baujat_scene(const mtp_bundle *bundle, double width);

#endif
