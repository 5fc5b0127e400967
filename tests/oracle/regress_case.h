/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ORACLE_REGRESS_CASE_H
#define MTP_ORACLE_REGRESS_CASE_H

#include "metapool/design.h"
#include "metapool/regress.h"

#include "metafor_case.h"

/* A case of a regress file: the fit that its formula, method and options ask for. */

typedef struct regress_case {
    oracle_case base;
    mtp_effects *effects;
    mtp_formula *formula;
    mtp_design *design;
    mtp_moderators moderators;
    mtp_regress_options options; /* may be changed before the fit */
    mtp_regress_result *result;  /* of regress_case_fit */
    double *weights;
    size_t *cluster;
} regress_case;

/** A case of `formula`, NULL: its own. Fails by name where it cannot be read. */
regress_case regress_case_read(const json_t *json, const json_t *data,
                               const char *formula, scoreboard *board);
void regress_case_fit(regress_case *c);
void regress_case_free(regress_case *c);

#endif
