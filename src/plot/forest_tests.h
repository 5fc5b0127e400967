/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_PLOT_FOREST_TESTS_H
#define MTP_PLOT_FOREST_TESTS_H

#include "plot/forest_style.h"

/** What a layout of one model says beside its diamonds; "" where there is nothing to
 * say. */

/** "Heterogeneity: Tau2 = 0.05; Chi2 = 12.34, df = 5 (P = 0.03); I2 = 59%" */
const char *mtp_forest_heterogeneity_of(mtp_scene *scene, mtp_forest_layout layout,
                                        const mtp_pooled *pooled, bool common);

/** "Test for overall effect: Z = 2.35 (P = 0.02)", where there is a hypothesis. */
const char *mtp_forest_overall_test(mtp_scene *scene, mtp_forest_layout layout,
                                    const mtp_estimate *estimate);

/** "Test for subgroup differences: Chi2 = 1.20, df = 2 (P = 0.55)" */
const char *mtp_forest_between_of(mtp_scene *scene, mtp_forest_layout layout,
                                  const mtp_pool_result *pool, bool common);

#endif
