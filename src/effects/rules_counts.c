/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cells of a 2 x 2 table make events and patients of two groups. */
#include "effects/derive.h"

static bool takes_cells(const mtp_rule *rule, const mtp_measure_info *measure)
{
    (void)rule;
    return measure->input == MTP_INPUT_TWO_EVENTS_N;
}

/* What is impossible in the cells is said when the study is checked. */
static double sum(const mtp_rule *rule, const mtp_effects_options *options,
                  const mtp_raw *raw, size_t i)
{
    double total = 0.0;

    (void)options;
    for (size_t s = 0; s < rule->n_sources; s++) {
        total += mtp_rule_source(rule, raw, i, s);
    }
    return total;
}

static const mtp_rule rules[] = {
    {.target = MTP_ROLE_EVENTS1,
     .n_sources = 1,
     .source = {MTP_ROLE_CELL_A},
     .applies = takes_cells,
     .value = sum},
    {.target = MTP_ROLE_N1,
     .n_sources = 2,
     .source = {MTP_ROLE_CELL_A, MTP_ROLE_CELL_B},
     .applies = takes_cells,
     .value = sum},
    {.target = MTP_ROLE_EVENTS2,
     .n_sources = 1,
     .source = {MTP_ROLE_CELL_C},
     .applies = takes_cells,
     .value = sum},
    {.target = MTP_ROLE_N2,
     .n_sources = 2,
     .source = {MTP_ROLE_CELL_C, MTP_ROLE_CELL_D},
     .applies = takes_cells,
     .value = sum},
};

const mtp_rule_set mtp_rules_of_counts = MTP_RULE_SET(rules);
