/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_SENSITIVITY_ROUNDING_REGRESS_H
#define MTP_SENSITIVITY_ROUNDING_REGRESS_H

#include "sensitivity/rounding_job.h"

/* Figures of a coefficient; of a test: the statistic and its p; of the model. */
enum { ESTIMATE, SE, LOWER, UPPER, STATISTIC, P, COEFFICIENT_FIGURES };
enum { TEST_FIGURES = 2 };
enum { TAU2, I2, R2, Q, Q_P, MODEL_FIGURES };
/* Of a marginal mean or a prediction, and the same on the natural scale. */
enum {
    MEAN,
    MEAN_SE,
    MEAN_LOWER,
    MEAN_UPPER,
    PI_LOWER,
    PI_UPPER,
    BACK,
    BACK_LOWER,
    BACK_UPPER,
    BACK_PI_LOWER,
    BACK_PI_UPPER,
    PREDICTION_FIGURES
};

/* Which figures there are, kind after kind, from the fit of the data as printed. */
typedef struct mtp_round_regression {
    const mtp_moderators *moderators;
    mtp_regress_options options;
    const mtp_regress_result *base;
    size_t coefficients, contrasts, scale; /* the first figure of each kind */
    size_t omnibus, scale_omnibus, terms, tests, model, margins, predictions;
} mtp_round_regression;

/** What was found, as a result. */
mtp_status mtp_round_fill_regression(mtp_rounding_result *result,
                                     const mtp_round_regression *g,
                                     const mtp_round_job *job,
                                     const mtp_round_found *found, mtp_error *err);

#endif
