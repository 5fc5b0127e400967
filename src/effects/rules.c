/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How values that papers print make those that formulas need: all rules, in order. */
#include "effects/derive.h"

const mtp_rule *mtp_rule_get(size_t index)
{
    static const mtp_rule_set *const sets[] = {
        &mtp_rules_of_counts,  &mtp_rules_of_correlations, &mtp_rules_of_means,
        &mtp_rules_of_changes, &mtp_rules_of_ready,
    };

    for (size_t s = 0; s < sizeof sets / sizeof sets[0]; s++) {
        if (index < sets[s]->n) {
            return &sets[s]->rule[index];
        }
        index -= sets[s]->n;
    }
    return NULL;
}
