/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ORACLE_METAFOR_CASE_H
#define MTP_ORACLE_METAFOR_CASE_H

#include "read.h"
#include "score.h"

/* A case of a metafor file, and what its measure, method and options ask of the
 * library.
 */

typedef struct oracle_case {
    const json_t *json, *data;
    const char *id, *kind;
    scoreboard *board;
    mtp_raw raw;
    const mtp_measure_info *measure;
} oracle_case;

/** A case with the columns that it names; fails by name for an unknown measure. */
oracle_case case_read(const json_t *json, const json_t *data, scoreboard *board);

/** What stands under a key of the case, or the fallback. */
const char *case_text(const oracle_case *c, const char *key, const char *fallback);
double case_number(const json_t *object, const char *key, double fallback);

/** The rows of the data that are used; [n_rows] from 0 (malloc'd). */
size_t *case_rows(const oracle_case *c, size_t *n_rows);

/** Score a figure under the case's kind. Fewer digits where the case says why, none
 * where the difference is below the reference's floor; NaN: no reference. */
void case_check(const oracle_case *c, const char *figure, double got, double want,
                int digits);
/** The same; p-values below 1e-15 by their logarithms. */
void case_check_p(const oracle_case *c, const char *figure, double got, double want,
                  int digits);

mtp_effects *case_effects(const oracle_case *c);
mtp_pool_result *case_pool(const oracle_case *c, const mtp_effects *effects);

#endif
