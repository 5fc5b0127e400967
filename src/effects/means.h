/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_MEANS_H
#define MTP_EFFECTS_MEANS_H

#include "core/dd.h"
#include "effects/family.h"

/**
 * What measures of means and standard deviations share: the figures of a group, what is
 * impossible in them, and the terms of logarithmic measures in double-double, because a
 * logarithm and its correction for small samples may nearly cancel.
 */
typedef struct mtp_group {
    double mean, sd, n;
} mtp_group;

/** A standard deviation: finite, above 0. */
mtp_status mtp_check_sd(const mtp_raw *raw, size_t i, mtp_role role, mtp_error *err);

/** A number of patients that a standard deviation can come from: 2 or more. */
mtp_status mtp_check_sd_size(const mtp_effects_options *options, const mtp_raw *raw,
                             size_t i, mtp_role role, mtp_error *err);

/** The same, and above 2 where J with n - 1 degrees of freedom corrects the effect. */
mtp_status mtp_check_j_size(const mtp_effects_options *options, const mtp_raw *raw,
                            size_t i, mtp_role role, mtp_error *err);

/** A mean that has a logarithm: finite, above 0. */
mtp_status mtp_check_log_mean(const mtp_raw *raw, size_t i, mtp_role role,
                              mtp_error *err);

/** Two finite means whose ratio has a logarithm: both above 0, or both below. */
mtp_status mtp_check_mean_ratio(const mtp_raw *raw, size_t i, mtp_error *err);

/** The standard deviations and sizes of two groups. */
mtp_status mtp_check_two_sds(const mtp_effects_options *options, const mtp_raw *raw,
                             size_t i, mtp_error *err);

/** The same, and two finite means. */
mtp_status mtp_check_two_groups(const mtp_effects_options *options, const mtp_raw *raw,
                                size_t i, mtp_error *err);

/** The figures of study i; NaN where a column does not exist. */
mtp_group mtp_group_alone(const mtp_raw *raw, size_t i); /* mean, sd, n */
mtp_group mtp_group_1(const mtp_raw *raw, size_t i);     /* mean1, sd1, n1 */
mtp_group mtp_group_2(const mtp_raw *raw, size_t i);

/** sqrt(((n1 - 1) s1^2 + (n2 - 1) s2^2) / (n1 + n2 - 2)). */
double mtp_pooled_sd(const mtp_group *g1, const mtp_group *g2);

/** log(a / b), a and b of one sign. */
mtp_dd mtp_log_quotient(double a, double b);

/** 1 / (2 (n - 1)): variance of a logarithmic standard deviation, and its bias. */
mtp_dd mtp_log_sd_variance(double n);

/** (sd / mean)^2 / n: variance of a logarithmic mean, twice its bias. */
mtp_dd mtp_log_mean_variance(const mtp_group *g);

#endif
