/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_MODELS_STRATIFIED_TESTS_H
#define MTP_MODELS_STRATIFIED_TESTS_H

#include "models/strata.h"

/**
 * The tests of mtp_stratified.
 *
 * Breslow & Day: in a table with events and others, the count a of events in group 1
 * that its margins and the odds ratio psi of Mantel and Haenszel make is the root of
 *   (psi - 1) a^2 - B a + psi n1 X = 0,   B = psi (n1 + X) + n2 - X,
 * taken in the form without cancellation; its variance is 1 / (1/a + 1/b + 1/c + 1/d).
 *
 * Sources: Cochran (1954), Biometrics 10:417-451, doi:10.2307/3001616; Mantel &
 * Haenszel (1959), J Natl Cancer Inst 22:719-748; two rates: Rothman, Greenland & Lash
 * (2008), Modern Epidemiology, 3rd ed., ch. 15; Breslow & Day (1980), Statistical
 * Methods in Cancer Research, vol. 1, section 4.4; Tarone (1985), Biometrika 72:91-95,
 * doi:10.1093/biomet/72.1.91.
 */
void mtp_stratified_tests(const mtp_study_set *set, mtp_stratified *tests);

#endif
