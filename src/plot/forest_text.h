/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_TEXT_H
#define MTP_PLOT_FOREST_TEXT_H

#include "metapool/forest.h"

#include "plot/axis.h"
#include "plot/scene.h"

/**
 * The words and numbers of a forest plot. Texts live in the scene's arena; when memory
 * is exhausted they are "" and the scene has failed.
 */

enum { MTP_FIGURE_SIGNIFICANT = -1 }; /* in place of decimals: four digits */

/** Decimals at which figures up to `largest` show three digits, and one more than the
 * axis, whose ticks are `step` apart. */
int mtp_figure_decimals(double largest, double step);

/** A figure as the plot prints it, with a true minus sign. */
const char *mtp_figure_number(mtp_scene *scene, double value, int decimals);
/** The same of an estimate or limit, which does not print as 0 unless it may be. */
const char *mtp_figure_estimate(mtp_scene *scene, double value, int decimals);

/** Events, patients, person-time: whole numbers as such, others with one decimal. */
const char *mtp_figure_count(mtp_scene *scene, double value);

/** A figure that a study reports, such as a mean: four digits at most. */
const char *mtp_figure_given(mtp_scene *scene, double value);

/** The label of a tick: as many decimals as its axis needs. */
const char *mtp_figure_tick(mtp_scene *scene, const mtp_axis *axis, size_t i);

/** "[0.058, 0.080]"; an open end is an infinity sign, a missing one a dash. */
const char *mtp_figure_limits(mtp_scene *scene, double lower, double upper,
                              int decimals);

/** A variance: four decimals, or four significant digits where those would lose it. */
const char *mtp_figure_variance(mtp_scene *scene, double value);

/** The confidence level in percent, "95". */
const char *mtp_figure_level(mtp_scene *scene, double level);

/** "p = 0.026"; four decimals below 0.001, and a bound where those end. */
const char *mtp_figure_p(mtp_scene *scene, double p);

/** The hypothesis on the natural scale; NaN: none. */
double mtp_forest_null(const mtp_bundle *bundle);

/** What the figures are, with a capital: "Proportion". */
const char *mtp_forest_natural(mtp_scene *scene, const mtp_bundle *bundle);

/** "Forest plot: proportion, 52 studies by entity". */
const char *mtp_forest_title(mtp_scene *scene, const mtp_forest *forest);

/** What a reader who cannot see the figure needs: sizes, estimates, heterogeneity. */
const char *mtp_forest_description(mtp_scene *scene, const mtp_forest *forest,
                                   int decimals);

/** "Heterogeneity: tau2 = ... [..., ...], I2 = ...%; Q = ..., df = ..., p = ...", LRT
 * for a GLMM; with the limits of tau2 or without. */
const char *mtp_forest_heterogeneity(mtp_scene *scene, const mtp_pooled *pooled,
                                     bool limits);

/** "1 study", "52 studies". */
const char *mtp_figure_studies(mtp_scene *scene, size_t k);

/** Test of the mean of all studies, of one model; "" without a hypothesis. */
const char *mtp_forest_overall(mtp_scene *scene, const mtp_pooled *overall,
                               bool common);

/** Test between groups, of one model; "" where it was not made. */
const char *mtp_forest_between(mtp_scene *scene, const mtp_pool_result *pool,
                               bool common);

/** " Treated and control: events / n."; "" where headers say all (forest_cells.c). */
const char *mtp_forest_cell_meaning(const mtp_bundle *bundle);

/** "Data: FILE (1 of 14 rows left out). metapool 0.1.0." (forest_footer.c) */
const char *mtp_figure_source(mtp_scene *scene, const mtp_bundle *bundle);

#endif
