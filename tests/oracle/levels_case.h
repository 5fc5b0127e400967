/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ORACLE_LEVELS_CASE_H
#define MTP_ORACLE_LEVELS_CASE_H

#include "metapool/multilevel.h"

#include <jansson.h>

/** A case of nested effects:
 *  {"id", "method": "REML" | "ML", "df"?, "levels": [COLUMN], "x"?: [COLUMN],
 *   "intercept"?: false, "sigma2"?: [...], "expected"} over {COLUMN: [...]}. */
typedef struct levels_case {
    const char *id, *kind;
    const json_t *json, *expected;
    size_t k, p, n_levels;
    double *yi, *vi, *x, *sigma2;
    mtp_level level[MTP_LEVELS_MAX];
    mtp_multilevel_options options;
    mtp_multilevel_result *result;
} levels_case;

/** Read the case and fit it; ends the test on failure. */
void levels_case_fit(levels_case *c, const json_t *json, const json_t *data);
void levels_case_free(levels_case *c);

#endif
