/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ORACLE_READ_H
#define MTP_ORACLE_READ_H

#include "metapool/pool.h"

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

/** The oracle file by name, from tests/oracle; ends the program if it cannot be read.
 */
json_t *oracle_load(const char *name);

/** An array of numbers as [n] doubles (malloc'd); NULL if value is NULL. */
double *oracle_numbers(const json_t *value, size_t *n);

/** A number, or a decimal or "Inf", "-Inf", "NA" in a string; null is NaN. */
double oracle_number(const json_t *value);

/** The raw columns of a case, by role name: {"events": [...], "n": [...]}. */
mtp_raw oracle_raw(const json_t *columns);
void oracle_raw_free(mtp_raw *raw);

/** Effects from the columns by a measure, corrected for small samples or not; ends the
 * program on failure. */
mtp_effects *oracle_effects(const char *measure, bool correct, const mtp_raw *raw);

/** Weights by the rule of a metafor call, "1" or "1/sqrt(vi)": [k] doubles (malloc'd);
 * NULL without a rule. */
double *oracle_weights(const char *rule, size_t k, const double vi[]);

#endif
