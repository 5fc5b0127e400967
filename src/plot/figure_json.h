/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FIGURE_JSON_H
#define MTP_PLOT_FIGURE_JSON_H

#include "metapool/analysis.h"
#include "metapool/sensitivity_analysis.h"

#include "core/strbuf.h"

#include <stdbool.h>

/**
 * What the JSON of all figures has. `prefix` is what stands before a value: a key with
 * its punctuation.
 */

void mtp_figure_json_string(mtp_strbuf *out, const char *prefix, const char *text);

/** What does not exist or is infinite is null. */
void mtp_figure_json_number(mtp_strbuf *out, const char *prefix, double value);

/** The object's start: schema, version, source, and measure if it has one. */
void mtp_figure_json_head(mtp_strbuf *out, const char *schema,
                          const mtp_bundle *bundle);

/** The random-effects fit behind influence diagnostics: tau2 and the mean. */
void mtp_figure_json_fit(mtp_strbuf *out, const mtp_sensitivity_analysis *made);

/** A share as a percentage, free of the noise of 100 times a binary fraction. */
void mtp_figure_json_percent(mtp_strbuf *out, const char *prefix, double share);

/** The notes of the analysis; `unbounded`: and that an infinite figure stands as null.
 */
void mtp_figure_json_notes(mtp_strbuf *out, const mtp_bundle *bundle, bool unbounded);

#endif
