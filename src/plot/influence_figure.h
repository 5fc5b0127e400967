/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_INFLUENCE_FIGURE_H
#define MTP_PLOT_INFLUENCE_FIGURE_H

#include "metapool/sensitivity_analysis.h"

#include "core/strbuf.h"
#include "plot/scene.h"

/** An influence plot, of a bundle that has influence diagnostics of a pooling or of a
 * regression. */

/** X(field of mtp_study_influence, title, whether it begins at 0) */
#define MTP_INFLUENCE_PANEL_LIST(X)                                                    \
    X(rstudent, "Deleted residual", false)                                             \
    X(dffits, "DFFITS", false)                                                         \
    X(cooks_d, "Cook's distance", true)                                                \
    X(cov_r, "Covariance ratio", false)                                                \
    X(tau2_del, "\xCF\x84\xC2\xB2 without the study", false)                           \
    X(Q_del, "Q without the study", false)                                             \
    X(hat, "Leverage (hat)", true)                                                     \
    X(weight, "Weight (%)", true)

/** A study a line (influence_data.c). */
void mtp_influence_csv(const mtp_bundle *bundle, mtp_strbuf *out);
/** docs/schema/metapool.influence.1.json (influence_data.c) */
void mtp_influence_json(const mtp_bundle *bundle, mtp_strbuf *out);
/** For a page of that width in points; NULL when memory is exhausted
 * (influence_scene.c). */
mtp_scene *mtp_influence_scene(const mtp_bundle *bundle, double width);

#endif
