/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_PROFILE_FIGURE_H
#define MTP_PLOT_PROFILE_FIGURE_H

#include "metapool/analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** A likelihood profile, of a bundle that has a tau2_curve. */

/** The points of the curve, the modes, the ends of the interval (profile_data.c). */
void mtp_profile_csv(const mtp_bundle *bundle, mtp_strbuf *out);
/** docs/schema/metapool.profile.1.json (profile_data.c) */
void mtp_profile_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted. */
mtp_scene *mtp_profile_scene(const mtp_bundle *bundle, double width);

#endif
