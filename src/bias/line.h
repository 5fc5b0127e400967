/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_BIAS_LINE_H
#define MTP_BIAS_LINE_H

#include "metapool/bias.h"

#include "core/notes.h"

/** A straight line through k points. */
typedef struct mtp_line_data {
    size_t k;
    const double *y, *x;
    const double *v; /* variances; of lm in any unit, its weights are 1 / v */
} mtp_line_data;

/** How it is fitted. */
typedef struct mtp_line_model {
    bool mixed;
    mtp_tau2_method tau2; /* mixed */
    double tau2_value;
    mtp_ci_method ci; /* mixed */
    double level;
} mtp_line_model;

/** Coefficients are copies without a name. */
typedef struct mtp_line {
    mtp_coefficient intercept, slope;
    double dispersion, tau2;
} mtp_line;

/**
 * Fit by mtp_regress: lm is the common-effect model with the Knapp-Hartung factor,
 * whose covariance is that of least squares with weights 1 / v.
 *
 * @param predictor  what x is, for messages
 * @param notes      gets those of the fit that concern a line; their arena gives memory
 * @return as mtp_regress; MTP_E_DATA for fewer than three points and for x all the same
 */
mtp_status mtp_line_fit(const mtp_line_data *data, const mtp_line_model *model,
                        const char *predictor, mtp_note_list *notes, mtp_line *line,
                        mtp_error *err);

/** How the options say that a line is fitted. */
mtp_line_model mtp_line_model_of(const mtp_asymmetry_options *options);

#endif
