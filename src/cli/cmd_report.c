/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

/* effects, pool and composition: one table in, one report out. */

#define STUDIES "\"$(metapool datasets path nrm2024)/studies.csv\""
#define CAUSES  "\"$(metapool datasets path nrm2024)/causes.csv\""
#define COUNTS  "--events deaths --n patients --study study"

const mtp_cli_command mtp_cmd_effects = {
    .name = "effects",
    .operands = "FILE",
    .summary = "effect size and variance of each study",
    .about = "Computes the effect of each study on the analysis scale of the measure "
             "(yi) and "
             "its sampling variance (vi).",
    .examples = {"metapool effects " STUDIES " --measure PLO " COUNTS,
                 "metapool effects " STUDIES " --measure PFT " COUNTS " --format csv"},
    .options = MTP_COMMAND_EFFECTS,
    .run = mtp_cli_report,
};

const mtp_cli_command mtp_cmd_pool = {
    .name = "pool",
    .operands = "FILE",
    .summary =
        "common- and random-effects estimates, heterogeneity, prediction, subgroups",
    .about = "Pools the studies of a table. Proportions (PLO) and rates (IRLN) are "
             "pooled by a "
             "generalized linear mixed model, every other measure by inverse variance; "
             "--method "
             "says otherwise. Each subgroup of --by is pooled by itself and compared "
             "with the "
             "others. When no finite estimate exists the exit status is 4.",
    .examples = {"metapool pool " STUDIES " --measure PLO " COUNTS
                 " --nodes 7 --by entity",
                 "metapool pool " STUDIES " --measure PLO " COUNTS
                 " --tau2 REML --where \"entity = 'LBCL'\" --format json"},
    .options = MTP_COMMAND_POOL,
    .run = mtp_cli_report,
};

const mtp_cli_command mtp_cmd_composition = {
    .name = "composition",
    .operands = "FILE",
    .summary = "shares of a total by category and group, with tests",
    .about = "Adds up counts by category, and by group with --by, and tests whether "
             "the shares "
             "differ between the groups. Shares are crude sums over cohorts; their "
             "intervals and "
             "tests take the counted events as independent.",
    .examples = {"metapool composition " CAUSES
                 " --where \"grouping = 'all'\" --category cause --count deaths",
                 "metapool composition " CAUSES
                 " --where \"grouping = 'entity'\" --category cause --count deaths "
                 "--by level"},
    .options = MTP_COMMAND_COMPOSITION,
    .run = mtp_cli_report,
};
