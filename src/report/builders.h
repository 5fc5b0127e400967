/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_BUILDERS_H
#define MTP_REPORT_BUILDERS_H

#include "metapool/analysis.h"

#include "report/document.h"

/* From a bundle to a document: one function a command, made of the parts below. */

void mtp_build_effects(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_pool(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_regress(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_bias(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_sensitivity(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_composition(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_compare(mtp_document *doc, const mtp_bundle *bundle);

/** The document of the bundle's command, one of these. */
void mtp_build_report(mtp_document *doc, const mtp_bundle *bundle);

/** The document of CSV: one table, of the command of the bundle. */
void mtp_build_csv(mtp_document *doc, const mtp_bundle *bundle);
/** What rounding can do, in place of the figures themselves. */
void mtp_build_csv_rounding(mtp_document *doc, const mtp_bundle *bundle);

/** The table of CSV of a bundle of `bias`. */
void mtp_build_csv_bias(mtp_document *doc, const mtp_bundle *bundle);
/** The CSV of sensitivity. */
void mtp_build_sensitivity_csv(mtp_document *doc, const mtp_bundle *bundle);
/** Fits without studies and of gathering studies; what single studies do to the fit.
 *  Blocks of sensitivity, those that were asked for. */
void mtp_build_sensitivity_fits(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_sensitivity_studies(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_gosh(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_fragility(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_blup(mtp_document *doc, const mtp_bundle *bundle);
/** The same of `compare`: a row for each analysis. */
void mtp_build_csv_compare(mtp_document *doc, const mtp_comparison *comparison);

/** Marginal means and predictions; the studies with their diagnostics, where asked
 *  for. Blocks of a regression. */
void mtp_build_regress_means(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_regress_studies(mtp_document *doc, const mtp_bundle *bundle);
/** The model in words, in the entries that were begun last; the moderators of a design,
 *  a block of its own. */
void mtp_build_regress_model(mtp_document *doc, const mtp_regression *r);
void mtp_build_regress_moderators(mtp_document *doc, const char *heading,
                                  const mtp_design *d);

/* Parts of several documents. */

/** The title of a pooled analysis; what it found overall, and how the studies differ:
 *  blocks of their own. */
void mtp_build_pool_title(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_estimates(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_spread(mtp_document *doc, const mtp_bundle *bundle);
/** Tests for asymmetry and adjusted means: blocks of small-study effects. */
void mtp_build_bias_findings(mtp_document *doc, const mtp_bundle *bundle);

/** Entries about the table's rows, in the entries that were begun last. */
void mtp_build_data(mtp_document *doc, const mtp_bundle *bundle);
/** What the measure is, in the entries that were begun last. */
void mtp_build_measure(mtp_document *doc, const mtp_bundle *bundle);
/** Events and patients of a pooled set, in the entries that were begun last. */
void mtp_build_totals(mtp_document *doc, const mtp_measure_info *measure,
                      const mtp_pooled *overall);
/** The rows that were left out, if any, and why; a block of its own. */
void mtp_build_excluded(mtp_document *doc, const mtp_bundle *bundle);
/** What effects were made of, where some studies have other columns than others. */
void mtp_build_origins(mtp_document *doc, const mtp_bundle *bundle);
/** The notes, numbered; a block of its own. */
void mtp_build_notes(mtp_document *doc, const mtp_bundle *bundle);
void mtp_build_note_list(mtp_document *doc, const char *heading,
                         const mtp_notes *notes);
/** Entry "LABEL: Q 7.31, df 2, p = 0.0259", left out if there is no test. */
void mtp_build_test(mtp_document *doc, const char *label, const char *statistic,
                    const mtp_test *test);
/** "95% WHAT" at the bundle's level. */
const char *mtp_build_level(mtp_document *doc, const mtp_bundle *bundle,
                            const char *what);
/** Decimals that figures on the natural scale need beyond the others, by the mean. */
void mtp_build_precision(mtp_document *doc, const mtp_bundle *bundle);
/** An estimate on the natural scale, and an interval of one. */
mtp_doc_cell mtp_build_natural(const mtp_document *doc, double value);
mtp_doc_cell mtp_build_natural_interval(const mtp_document *doc, double lower,
                                        double upper);
/** The figures of subgroups and the tests between them; nothing without subgroups. */
void mtp_build_groups(mtp_document *doc, const mtp_bundle *bundle);
/** The studies of a pooled analysis, with their data; blocks of their own. */
void mtp_build_studies(mtp_document *doc, const mtp_bundle *bundle);
/** What several figures of a kind are called: "odds ratios", "values of R^2". */
const char *mtp_build_plural(mtp_document *doc, const char *natural);
/** What the defaults of another program change; nothing without --profile. */
void mtp_build_profile(mtp_document *doc, const mtp_bundle *bundle);
/** What the rounding of the inputs can do; nothing without --rounding. */
void mtp_build_rounding(mtp_document *doc, const mtp_bundle *bundle);
/** "logit scale", "scale as given". */
const char *mtp_build_scale(mtp_document *doc, const mtp_measure_info *measure);
/** How the estimates were made, in the entries that were begun last. */
void mtp_build_model(mtp_document *doc, const mtp_bundle *bundle);
/** How the random-effects mean was made, by inverse variance; the same. */
void mtp_build_mean(mtp_document *doc, const mtp_bundle *bundle);
/** Parts of that, in the entries that were begun last: tau2 with its interval; I2 and
 *  H2; what these are; log-likelihood and criteria. */
void mtp_build_variance(mtp_document *doc, const mtp_bundle *bundle, size_t k,
                        const mtp_heterogeneity *h);
void mtp_build_relative(mtp_document *doc, const mtp_bundle *bundle,
                        const mtp_heterogeneity *h);
void mtp_build_definitions(mtp_document *doc, const mtp_heterogeneity *h, bool glmm);
void mtp_build_fit(mtp_document *doc, const mtp_fit *fit);
/** The variances of nested levels, a block of its own; nothing without. */
void mtp_build_levels(mtp_document *doc, const mtp_bundle *bundle, size_t n,
                      const struct mtp_variance_component *levels);
/** The block on heterogeneity. */
void mtp_build_heterogeneity(mtp_document *doc, const mtp_bundle *bundle);

#endif
