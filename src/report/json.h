/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_REPORT_JSON_H
#define MTP_REPORT_JSON_H

#include "metapool/analysis.h"
#include "metapool/bias_analysis.h"
#include "metapool/sensitivity.h"

#include "core/strbuf.h"

#include <stdbool.h>

#include <jansson.h>

/**
 * The JSON tree of a bundle: the schemas of docs/schema. Every key is always present,
 * null where there is no value.
 *
 * Running out of memory is remembered in `failed`; a tree made after that is not
 * complete. A value given to a put function or array is owned by it, NULL included.
 */
typedef struct mtp_json {
    bool failed;
    bool unbounded; /* an infinite number became null */
} mtp_json;

/* Values. NaN and infinities are null (jansson refuses them); so is a NULL text. Text
 * that is not UTF-8 is kept as it is; mtp_json_write mends it. */
json_t *mtp_json_number(mtp_json *j, double x);
json_t *mtp_json_text(mtp_json *j, const char *text);
json_t *mtp_json_flag(mtp_json *j, bool flag);
json_t *mtp_json_pair(mtp_json *j, double lower, double upper);
/** A number as it was typed: whole numbers beyond 2^53 keep their digits. */
json_t *mtp_json_typed_number(mtp_json *j, const char *text);
json_t *mtp_json_object(mtp_json *j);
json_t *mtp_json_array(mtp_json *j);

void mtp_json_put(mtp_json *j, json_t *object, const char *key, json_t *value);
void mtp_json_put_number(mtp_json *j, json_t *object, const char *key, double x);
void mtp_json_put_count(mtp_json *j, json_t *object, const char *key, size_t n);
void mtp_json_put_text(mtp_json *j, json_t *object, const char *key, const char *text);
void mtp_json_append(mtp_json *j, json_t *array, json_t *value);

/** The options in force, by name. */
json_t *mtp_json_options(mtp_json *j, size_t n, const mtp_effective_option option[]);
/** TEST; a test that does not exist has null members. */
json_t *mtp_json_test(mtp_json *j, const mtp_test *test);
/** POOLED; `level` goes first if it is not NULL. */
json_t *mtp_json_pooled(mtp_json *j, const char *level, const mtp_pooled *pooled);
/** Its parts. */
void mtp_json_put_estimate(mtp_json *j, json_t *object, const mtp_estimate *estimate);
json_t *mtp_json_heterogeneity(mtp_json *j, const mtp_heterogeneity *h);
json_t *mtp_json_fit(mtp_json *j, const mtp_fit *fit, bool exists);
/** The variances of nested levels with the predictions of their groups. */
json_t *mtp_json_levels(mtp_json *j, const mtp_bundle *bundle, size_t n,
                        const struct mtp_variance_component *levels);
/** The parts of the regress schema, put into the root and into study i. */
void mtp_json_put_regress(mtp_json *j, json_t *root, const mtp_bundle *bundle);
void mtp_json_put_regress_study(mtp_json *j, json_t *study,
                                const mtp_regress_result *fit, size_t i);
/** The parts of the bias schema, put into the root. */
void mtp_json_put_bias(mtp_json *j, json_t *root, const mtp_bundle *bundle);
/** Their parts on adjusted means, and on selection models and p-values. */
void mtp_json_put_bias_means(mtp_json *j, json_t *root, const mtp_bundle *bundle);
void mtp_json_put_bias_models(mtp_json *j, json_t *root, const mtp_bundle *bundle);
/** {"estimate", "ci_lower", "ci_upper"} on the natural scale; an estimate with its
 * test, put into an object. */
json_t *mtp_json_bias_natural(mtp_json *j, const mtp_bias_natural *back);
void mtp_json_put_coefficient(mtp_json *j, json_t *object, const mtp_coefficient *c);
/** EST of a subset of the studies, flat. */
void mtp_json_put_subset(mtp_json *j, json_t *o, const mtp_subset_estimate *estimate);
/** Parts of the sensitivity schema; null where they were not asked for. */
json_t *mtp_json_gosh(mtp_json *j, const mtp_bundle *bundle);
json_t *mtp_json_fragility(mtp_json *j, const mtp_bundle *bundle);
json_t *mtp_json_blup(mtp_json *j, const mtp_bundle *bundle);
/** The parts of the sensitivity schema but the studies, put into the root. */
void mtp_json_put_sensitivity(mtp_json *j, json_t *root, const mtp_bundle *bundle);
/** The parts of the composition schema, put into the root. */
void mtp_json_put_composition(mtp_json *j, json_t *root,
                              const mtp_composition *composition);
/** The parts of the compare schema, put into the root. */
void mtp_json_put_compare(mtp_json *j, json_t *root, const mtp_comparison *comparison);
/** What rounding can do; null without. */
json_t *mtp_json_rounding(mtp_json *j, const mtp_bundle *bundle);
/** The whole document. */
json_t *mtp_json_bundle(mtp_json *j, const mtp_bundle *bundle);

/** Write a tree: two blanks of indentation, short arrays of numbers on one line,
 * numbers as the shortest text that reads back to the same double, text as valid UTF-8.
 */
void mtp_json_write(json_t *root, mtp_strbuf *out);

#endif
