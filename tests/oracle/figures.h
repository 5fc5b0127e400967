/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ORACLE_FIGURES_H
#define MTP_ORACLE_FIGURES_H

#include "metapool/pool.h"

#include <stdbool.h>

/* Figures of a pooled set by the names that the oracle files use. */

/** The interval by a method among those of an estimate; NULL if it is not there. */
const mtp_interval *figure_interval(const mtp_estimate *e, mtp_ci_method method);
/** The prediction by a method; NULL if it is not there. */
const mtp_prediction *figure_prediction(const mtp_estimate *e, mtp_pi_method method);

/** "se", "df", "stat", "p" or "pval", "ln_p", "ci_lb", "ci_ub"; false for other names.
 */
bool figure_of_interval(const mtp_interval *interval, const char *name, double *value);
/** "Q" or "QE", "QEp", "tau2", "se_tau2", "I2", "H2", "vt", ...; false for others. */
bool figure_of_heterogeneity(const mtp_heterogeneity *h, const char *name,
                             double *value);
/** "ll", "AIC", "AICc", "BIC". */
bool figure_of_fit(const mtp_fit *fit, const char *name, double *value);

#endif
