/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_EFFECTS_CHECK_H
#define MTP_EFFECTS_CHECK_H

#include "metapool/effects.h"

/**
 * What is impossible in the raw data of a study, and how it is said. Every check names
 * the study (err->line, 1-based) and the role (err->column).
 */

/** "-3 WHY": a value of study i that cannot be. @return MTP_E_DATA */
mtp_status mtp_impossible(const mtp_raw *raw, size_t i, mtp_role role, const char *why,
                          mtp_error *err);

mtp_status mtp_check_finite(const mtp_raw *raw, size_t i, mtp_role role,
                            mtp_error *err);
/** Finite and above 0; `why`: "is not above 0; ...". */
mtp_status mtp_check_positive(const mtp_raw *raw, size_t i, mtp_role role,
                              const char *why, mtp_error *err);
/** A count: finite, 0 or more, whole unless fractions are allowed. */
mtp_status mtp_check_count(const mtp_effects_options *options, const mtp_raw *raw,
                           size_t i, mtp_role role, mtp_error *err);
/** A number of patients: a count above 0. */
mtp_status mtp_check_size(const mtp_effects_options *options, const mtp_raw *raw,
                          size_t i, mtp_role role, mtp_error *err);
/** Events of n: both counts, n above 0, events <= n. */
mtp_status mtp_check_events_of(const mtp_effects_options *options, const mtp_raw *raw,
                               size_t i, mtp_role events, mtp_role n, mtp_error *err);
/** The cells of a 2 x 2 table, as far as they are given: counts. */
mtp_status mtp_check_cells(const mtp_effects_options *options, const mtp_raw *raw,
                           size_t i, mtp_error *err);

#endif
