/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The standard deviation of changes from those at both times and their correlation. */
#include "effects/change.h"
#include "effects/derive.h"

#include <math.h>

static mtp_status check(const mtp_rule *rule, const mtp_raw *raw, size_t i,
                        mtp_error *err)
{
    (void)rule;
    return mtp_check_change_sds(raw, i, err);
}

static double sd_of_changes(const mtp_rule *rule, const mtp_effects_options *options,
                            const mtp_raw *raw, size_t i)
{
    (void)options;
    return sqrt(mtp_change_variance(mtp_rule_source(rule, raw, i, 0),
                                    mtp_rule_source(rule, raw, i, 1),
                                    mtp_rule_source(rule, raw, i, 2)));
}

static const mtp_rule rules[] = {
    {.target = MTP_ROLE_SD_CHANGE,
     .n_sources = 3,
     .source = {MTP_ROLE_SD1, MTP_ROLE_SD2, MTP_ROLE_R},
     .check = check,
     .value = sd_of_changes},
};

const mtp_rule_set mtp_rules_of_changes = MTP_RULE_SET(rules);
