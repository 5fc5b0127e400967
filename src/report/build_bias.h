/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_BUILD_BIAS_H
#define MTP_REPORT_BUILD_BIAS_H

#include "metapool/bias_analysis.h"

#include "report/builders.h"

/* Parts of the document of small-study effects. */

/** PET-PEESE, trim and fill, fail-safe numbers, excess significance: blocks of their
 *  own; nothing of what was not asked for. */
void mtp_build_bias_means(mtp_document *doc, const mtp_bundle *bundle);

/** Selection models, LFK index, p-curve and p-uniform*: the same. */
void mtp_build_bias_models(mtp_document *doc, const mtp_bundle *bundle);

/** "odds ratio 0.85 [0.51, 1.44] (log odds ratio -0.16, SE 0.24)", in the phrase that
 *  was begun last. */
void mtp_build_bias_estimate(mtp_document *doc, const mtp_bundle *bundle,
                             const mtp_coefficient *c, const mtp_bias_natural *back);

/** A label at the head of a sentence. */
const char *mtp_build_bias_capital(mtp_document *doc, const char *label);

/** ", t(50) = -2.976, p = 0.0045"; z where df is NaN. */
void mtp_build_bias_statistic(mtp_document *doc, double statistic, double df, double p,
                              double log_p);

#endif
