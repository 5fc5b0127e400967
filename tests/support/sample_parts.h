/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_TEST_SAMPLE_PARTS_H
#define MTP_TEST_SAMPLE_PARTS_H

#include "support/sample_bundle.h"

#include <math.h>

#define SAMPLE_NONE ((double)NAN)
/* 97.5 % point of the normal distribution: R 4.2.2, qnorm(0.975). */
#define SAMPLE_Z 1.959963984540054

/* Options as the report lists them. */
/* clang-format off */
#define SAMPLE_WORD(name_, value_)   {.name = name_, .value = value_}
#define SAMPLE_NUMBER(name_, value_) {.name = name_, .value = value_, .is_number = true}
/* clang-format on */

/* Formulas of the textbook, for figures that follow from others. */
double sample_inverse_logit(double y);
void sample_set_wilson(double x, double n, double *lower, double *upper);
mtp_test sample_chi_square(double statistic, double df, double p, double log_p);
mtp_interval sample_wald(double estimate, double se, double quantile,
                         mtp_ci_method method, double df);
mtp_prediction sample_predict(double estimate, double se, double tau2, double quantile,
                              mtp_pi_method method, double df);
void sample_set_back(mtp_estimate *e, double (*back)(double));

/* Parts of every sample. */

void *sample_zalloc(mtp_arena *arena, size_t n, size_t size);
sample *sample_new(mtp_arena *arena, mtp_command command, const char *source,
                   size_t rows, const mtp_note notes[], size_t n_notes);
/** Studies, of one group where they have events. */
void sample_add_studies(sample *s, mtp_arena *arena, const char *const name[],
                        const double events[], const double n[], size_t k);
void sample_set_effect(mtp_study *s, double yi, double vi, double (*back)(double));
/** Logits, with 1/2 added to the cells of a study that has an empty one. */
void sample_set_logits(sample *s);
mtp_heterogeneity sample_no_heterogeneity(void);
void sample_set_options(sample *s, const mtp_effective_option options[], size_t n);
/** Those of a mixed model of cohorts. */
void sample_set_glmm_options(sample *s);
mtp_pool_options sample_pool_options(mtp_method method, mtp_tau2_method tau2);

#endif
