/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_RADIAL_FIGURE_H
#define MTP_PLOT_RADIAL_FIGURE_H

#include "metapool/sensitivity_analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** A radial plot, of a bundle that has influence diagnostics of a pooling: each study's
 * radial_z against its radial_x (sensitivity.h). */

/** Half the height of the band about the line of the mean: a normal quantile. */
double mtp_radial_band(const mtp_bundle *bundle);

/** How far above the line of the mean a study lies. */
double mtp_radial_residual(const mtp_bundle *bundle, size_t study);

void mtp_radial_csv(const mtp_bundle *bundle, mtp_strbuf *out);
/** docs/schema/metapool.radial.1.json */
void mtp_radial_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted. */
mtp_scene *mtp_radial_scene(const mtp_bundle *bundle, double width);

#endif
