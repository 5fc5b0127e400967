/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

/* effects, pool, regress, bias, sensitivity, compare and composition: one table in, one
 * report out. */

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
                 " --tau2 REML --where \"entity = 'LBCL'\" --format json",
                 "metapool pool \"$(metapool datasets path cryotherapy)/trials.csv\" "
                 "--measure RR --estimate risk_ratio --ci-lower ci_lower --ci-upper "
                 "ci_upper --rounding bounds"},
    .options = MTP_COMMAND_POOL,
    .run = mtp_cli_report,
};

const mtp_cli_command mtp_cmd_regress = {
    .name = "regress",
    .operands = "FILE",
    .summary = "meta-regression: moderators, contrasts, marginal means, predictions",
    .about =
        "Regresses the effects of the studies of a table on moderators, with a "
        "between-study variance of what they leave over. A formula joins columns by + "
        "(and interactions by :, a * b is a + b + a:b); text columns are factors, "
        "compared with their first level or the one that --ref names; SQL stands in "
        "parentheses. Effects go in by inverse variance, proportions and rates too; "
        "--method glmm takes their counts instead. Rows that lack a moderator are left "
        "out, and so are columns that others determine; notes name them.",
    .examples = {"metapool regress " STUDIES " --measure PLO " COUNTS
                 " --where \"entity = 'MM'\" --mods product --ref product=Cilta-cel",
                 "metapool regress " STUDIES " --measure PLO " COUNTS
                 " --where \"entity = 'LBCL' AND product NOT LIKE '%+%'\" --mods "
                 "\"product + (followup_months > 13) + setting\" --tau2 ML --contrast "
                 "\"product: Liso-cel - Tisa-cel\" --at \"product=*, setting=RW\""},
    .options = MTP_COMMAND_REGRESS,
    .run = mtp_cli_report,
};

const mtp_cli_command mtp_cmd_bias = {
    .name = "bias",
    .operands = "FILE",
    .summary = "small-study effects: tests of the funnel, what they leave of the mean",
    .about =
        "Asks whether small studies say something else than large ones, which bias in "
        "what is published would make them do, and chance and differences between "
        "studies too. Without further options it makes the test for asymmetry of the "
        "funnel that is meant for the measure, and names the others that apply. "
        "Adjusted means stand beside the mean as pooled, which goes by inverse "
        "variance. A step without an answer is left empty, a note says why, and the "
        "rest stands; where nothing has an answer the exit status is 4.",
    .examples =
        {"metapool bias " STUDIES " --measure PLO " COUNTS,
         "metapool bias " STUDIES " --measure PLO " COUNTS
         " --where \"entity = 'LBCL'\" --test egger,begg --trim-fill L0 --format json"},
    .options = MTP_COMMAND_BIAS,
    .run = mtp_cli_report,
};

const mtp_cli_command mtp_cmd_sensitivity = {
    .name = "sensitivity",
    .operands = "FILE",
    .summary =
        "how much the result rests on single studies: leave-one-out, cumulative, "
        "influence, Baujat, GOSH, fragility",
    .about =
        "Pools the studies as pool does, and again without some of them: without each "
        "one, or each subgroup or cluster, without each two, as they gather over time, "
        "or in all subsets (GOSH). Influence diagnostics tell what each study does to "
        "the estimate, and which rules it breaks; Baujat and radial coordinates place "
        "it. The fragility index counts the patients whose outcome decides on the "
        "significance. With --mods it is a regression whose coefficients are looked "
        "at. Without a word on what to do it is --leave-one-out and --influence.",
    .examples = {"metapool sensitivity " STUDIES " --measure PLO " COUNTS
                 " --where \"entity = 'MM'\" --tau2 REML",
                 "metapool sensitivity " STUDIES " --measure PLO " COUNTS
                 " --nodes 7 --leave-one-out --by entity"},
    .options = MTP_COMMAND_SENSITIVITY,
    .run = mtp_cli_report,
};

const mtp_cli_command mtp_cmd_compare = {
    .name = "compare",
    .operands = "FILE",
    .summary = "every model, estimator and interval side by side, and where the "
               "conclusion flips",
    .about =
        "Pools the same studies in every way that exists for their measure: each model "
        "(inverse variance, Mantel-Haenszel, Peto, mixed and beta-binomial), estimator "
        "of tau2, interval of the mean and prediction interval. --method, --tau2, --ci "
        "and --predict choose the analysis that the others are compared with, as pool "
        "would make it; the report says in one sentence in how many analyses the "
        "conclusion about the null value is another one, and which choice explains it. "
        "Text has a table by interval, by model and by prediction; JSON and CSV have "
        "every analysis, with its rank by estimate for a specification curve. When no "
        "analysis has an answer the exit status is 4.",
    .examples = {"metapool compare " STUDIES " --measure PLO " COUNTS
                 " --where \"entity = 'MM'\" --null 0.05",
                 "metapool compare " STUDIES " --measure PLO " COUNTS
                 " --where \"entity = 'LBCL'\" --tau2 REML --format csv"},
    .options = MTP_COMMAND_COMPARE,
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
