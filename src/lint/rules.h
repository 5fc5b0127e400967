/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_LINT_RULES_H
#define MTP_LINT_RULES_H

#include "metapool/lint.h"

/**
 * The registry of rules: the one list from which help, docs/lint.md and every finding
 * take a rule's id, name, reason and way out. Ids never change and are never used
 * again. The hundreds are families, a file each.
 */

/* clang-format off */
/* X(ENUM, id, name, severity, needs roles, reason, way out, source) */
#define MTP_LINT_TABLE_RULES(X)                                                            \
    X(DUPLICATE_HEADER, "L001", "duplicate-header", ERROR, false,                          \
      "A name that stands twice in the header does not tell which column is meant, and the other commands refuse the table.", \
      "Rename one of the columns.", "")                                                    \
    X(UNNAMED_COLUMN, "L002", "unnamed-column", ERROR, false,                              \
      "A column without a name cannot be asked for, and the other commands refuse the table.", \
      "Name it, or delete the column.", "")                                                \
    X(ROW_WIDTH, "L003", "row-width", ERROR, false,                                        \
      "A row that is longer or shorter than the header has its values under wrong names; a comma within a number does that.", \
      "Put a field that holds the delimiter in double quotes, write numbers without separators.", "") \
    X(EMPTY_COLUMN, "L004", "empty-column", INFO, false,                                   \
      "A column without a single value says nothing, or its values were lost on the way.", \
      "Delete it, or look where its values went.", "")                                     \
    X(CONSTANT_COLUMN, "L005", "constant-column", INFO, false,                             \
      "A column with the same value in every row tells no study from another.",            \
      "Leave it if it is meant so; fill-down in a spreadsheet makes such columns too.", "") \
    X(ANALYSIS_STOPS, "L006", "analysis-stops", ERROR, true,                               \
      "With these options metapool pool refuses the table.",                               \
      "Repair what the message names.", "")

#define MTP_LINT_CELL_RULES(X)                                                             \
    X(EXCEL_DATE, "L101", "excel-date", ERROR, false,                                      \
      "A spreadsheet made a date of what was typed as a range, a fraction or a name (1-2 became 2-Jan), and what was typed is gone.", \
      "Restore the cells from the source, with their columns formatted as text before anything is typed.", \
      "Ziemann et al. (2016), doi:10.1186/s13059-016-1044-7")                              \
    X(EXCEL_SERIAL, "L102", "excel-serial", WARNING, false,                                \
      "The number counts days since 1900: a date, or what a spreadsheet took for one, shown as a number.", \
      "Restore the cells from the source, or write the year.",                             \
      "Ziemann et al. (2016), doi:10.1186/s13059-016-1044-7")                              \
    X(THOUSANDS_SEPARATOR, "L103", "thousands-separator", ERROR, false,                    \
      "A number with separators is text to a program, or a thousand times too small where the separator is read as a decimal mark.", \
      "Write digits and one decimal point.", "")                                           \
    X(DECIMAL_COMMA, "L104", "decimal-comma", ERROR, false,                                \
      "A decimal comma makes the cell text where other numbers have points, and a point where they have commas.",              \
      "Write one mark throughout; where it is the comma, --decimal says so.", "")                \
    X(PERCENT_SIGN, "L105", "percent-sign", ERROR, false,                                  \
      "A percent sign makes the cell text, and leaves open whether 12 or 0.12 is meant.",  \
      "Write the number alone; in a column of counts, the count.", "")                     \
    X(BOUND, "L106", "bound", ERROR, false,                                                \
      "A bound (< 0.001) is no number, and to take it for one makes every smaller value the same.", \
      "Write the value itself; compute a p-value from its statistic, or leave the cell empty.", "") \
    X(MISSING_WORD, "L107", "missing-word", ERROR, false,                                  \
      "The word stands for a missing value, but makes the column text.",                   \
      "Leave the cell empty, or say --missing WORD.", "")                                  \
    X(NOT_A_NUMBER, "L108", "not-a-number", ERROR, false,                                  \
      "In a column of numbers one cell that is none makes all of it text.",                \
      "Write the number alone; notes and units have columns of their own.", "")            \
    X(SPREADSHEET_ERROR, "L109", "spreadsheet-error", ERROR, false,                        \
      "The cell holds the error of a formula in place of its result.",                     \
      "Repair the formula in the spreadsheet, or leave the cell empty.", "")               \
    X(UNICODE_MINUS, "L110", "unicode-minus", WARNING, false,                              \
      "A dash or typeset minus in front of a number is text to most programs, which lose the value or its sign.", \
      "Write the hyphen of the keyboard.", "")                                             \
    X(MISSING_CODE, "L111", "missing-code", WARNING, false,                                \
      "The number looks like a code for a missing value, and would be computed with.",     \
      "Leave the cells empty, or say --missing with the code.", "")                        \
    X(NUMBER_TOO_LARGE, "L112", "number-too-large", ERROR, false,                          \
      "The number is beyond the largest that can be computed with (1.8e308).",             \
      "Look at its exponent.", "")                                                         \
    X(MIXED_MISSING, "L113", "mixed-missing", INFO, false,                                 \
      "Missing values are written in several ways, which other programs may not all know.", \
      "Leave every such cell empty.", "")

#define MTP_LINT_LABEL_RULES(X)                                                            \
    X(LABEL_VARIANTS, "L201", "label-variants", WARNING, false,                            \
      "Labels that differ in nothing but case, blanks or the form of a letter are different groups to every program.", \
      "Write one of them throughout.", "")                                                 \
    X(LABEL_LOOKALIKE, "L202", "label-lookalike", WARNING, false,                          \
      "Labels that look the same but hold letters of another alphabet are different groups to every program.", \
      "Type the label anew.", "Unicode Technical Standard 39, section 4")                  \
    X(LABEL_TYPO, "L203", "label-typo", WARNING, false,                                    \
      "A rare label is one keystroke away from a frequent one: a group by mistake.",       \
      "Correct it, or --ignore L203 where both are meant.",                                \
      "Damerau (1964), doi:10.1145/363958.363994")

#define MTP_LINT_ROW_RULES(X)                                                              \
    X(DUPLICATE_ROW, "L301", "duplicate-row", WARNING, false,                              \
      "Two rows agree in every cell: one study would count twice.",                        \
      "Delete one of them.", "")                                                           \
    X(SAME_DATA, "L302", "same-data", WARNING, true,                                       \
      "Two studies report the same figures, to more digits than chance explains: one cohort may be there twice.", \
      "Look whether the papers share patients, and keep one.",                             \
      "Tramèr et al. (1997), doi:10.1136/bmj.315.7109.635")                                \
    X(SAME_AUTHOR, "L303", "same-author-n", INFO, true,                                    \
      "Two studies with the same first author and the same number of patients may be two papers on one cohort.", \
      "Compare their places, periods and patients.",                                       \
      "von Elm et al. (2004), doi:10.1001/jama.291.8.974")

#define MTP_LINT_DIGIT_RULES(X)                                                            \
    X(TERMINAL_DIGITS, "L401", "terminal-digits", INFO, false,                             \
      "The last digits of measured numbers are nearly uniform; these are not: they were rounded, read off a scale, or made up.", \
      "Ask how the column was measured; rounding alone prefers 0 and 5.",                  \
      "Mosimann et al. (2002), doi:10.1080/08989620212969")                                \
    X(PERCENT_FRACTION, "L402", "percent-fraction-mix", WARNING, false,                    \
      "One column has shares both as fractions and as percentages.",                       \
      "Write all of them in one way.", "")

#define MTP_LINT_INTERVAL_RULES(X)                                                         \
    X(LIMITS_REVERSED, "L501", "limits-reversed", ERROR, true,                             \
      "The lower limit is not below the upper one.",                                       \
      "Look whether the columns were swapped; a ratio turned round swaps its limits, too.", "") \
    X(ESTIMATE_OUTSIDE, "L502", "estimate-outside", ERROR, true,                           \
      "An estimate lies within its own interval.",                                         \
      "Compare the three figures with the paper; often a digit or a sign is wrong.", "")   \
    X(LIMITS_ASYMMETRIC, "L503", "limits-asymmetric", WARNING, true,                       \
      "On the scale of the analysis the limits are not the same distance from the estimate, by more than rounding.", \
      "Compare with the paper: a slip of a digit, another scale, or an exact or bootstrap interval, from which a standard error does not follow.", \
      "Altman & Bland (2011), doi:10.1136/bmj.d2304")                                      \
    X(RATIO_AS_IS, "L504", "ratio-as-is", ERROR, true,                                     \
      "The effects are ratios, and ratios are pooled as logarithms.",                      \
      "Give them as --measure OR (RR, HR, IRR) --estimate --ci-lower --ci-upper, or take logarithms.", \
      "Cochrane Handbook, chapter 6")                                                   \
    X(INTERVAL_LEVEL, "L505", "interval-level", WARNING, true,                             \
      "The limits are those of another confidence level than --input-level says.",         \
      "Look in the paper, and give --input-level, or the standard error.",                 \
      "Cochrane Handbook, section 6.3.1")                                                  \
    X(SE_LIMITS, "L506", "se-limits", WARNING, true,                                       \
      "Standard error and limits of a study do not belong together, by more than rounding.", \
      "Compare both with the paper; the standard error is the one that is used.",          \
      "Cochrane Handbook, section 6.3.1")                                                  \
    X(P_INCONSISTENT, "L507", "p-inconsistent", WARNING, true,                             \
      "The p-value does not follow from effect and standard error, by more than rounding.", \
      "Compare the three with the paper; a one-sided p-value is half of the two-sided one.", \
      "Nuijten et al. (2016), doi:10.3758/s13428-015-0664-2")                              \
    X(VARIANCE_AS_SE, "L508", "variance-as-se", ERROR, true,                               \
      "By the limits, or by the number of patients, what is given as standard error is the variance, or the reverse.",    \
      "Give the column as what it is: --vi for variances, --sei for standard errors.",     \
      "Kadlec et al. (2023), doi:10.1007/s40279-022-01766-0")

#define MTP_LINT_MEAN_RULES(X)                                                             \
    X(ZERO_SPREAD, "L601", "zero-spread", ERROR, true,                                     \
      "A standard error, standard deviation or variance of 0 (or below) would give a study all the weight there is.", \
      "Look for more decimals in the paper, or leave the cell empty.", "")                 \
    X(SE_AS_SD, "L602", "se-as-sd", WARNING, true,                                         \
      "The standard deviation is probably a standard error: times the root of n it is like the others.", \
      "Look in the paper which of the two it is; --se1 and --se2 take standard errors.",   \
      "Kadlec et al. (2023), doi:10.1007/s40279-022-01766-0")                              \
    X(UNIT_MIX, "L603", "unit-mix", WARNING, true,                                         \
      "Mean and standard deviation are both many times those of the other studies: another unit.", \
      "Bring all studies to one unit, or standardize (--measure SMD).",                    \
      "Cochrane Handbook, chapter 10")                                                  \
    X(SKEWED, "L604", "skewed", INFO, true,                                                \
      "A quantity that cannot be negative, with a standard deviation above its mean, is skewed; its mean is a poor summary.", \
      "Ask for medians, or analyse logarithms (--measure ROM).",                           \
      "Altman & Bland (1996), doi:10.1136/bmj.313.7066.1200")                              \
    X(GRIM, "L605", "grim", WARNING, true,                                                 \
      "No whole numbers of so many patients have this mean (with --integers: the values are whole numbers).", \
      "Compare mean, n and the number of missing answers with the paper.",                 \
      "Brown & Heathers (2017), doi:10.1177/1948550616673876")                             \
    X(QUANTILE_ORDER, "L606", "quantile-order", ERROR, true,                               \
      "Minimum, quartiles, median and maximum are not in this order, or the mean is beyond the extremes.", \
      "Look whether columns were swapped.", "")                                            \
    X(SD_RANGE, "L607", "sd-range", ERROR, true,                                           \
      "A standard deviation is at most half of the range, times the root of n / (n - 1).", \
      "Compare the figures with the paper; a range may be an interquartile range.",        \
      "Popoviciu (1935), Mathematica (Cluj) 9:129-145")

#define MTP_LINT_COUNT_RULES(X)                                                            \
    X(EVENTS_EXCEED, "L701", "events-exceed-n", ERROR, true,                               \
      "There are more events than patients.",                                              \
      "Look whether columns were swapped, or events were counted in place of patients.", "") \
    X(FRACTIONAL_COUNT, "L702", "fractional-count", ERROR, true,                           \
      "A count is a whole number; this may be a percentage, or a mean.",                   \
      "Write the count; --allow-fractional where it is meant so.", "")                     \
    X(PERCENT_COUNT, "L703", "percent-as-count", WARNING, true,                            \
      "The counts look like percentages, which make every study one of 100 patients.",     \
      "Write how many patients, of how many.", "")                                         \
    X(DOUBLE_ZERO, "L704", "double-zero", INFO, true,                                      \
      "The study says nothing about a ratio, and pool leaves it out: nothing happened in either group, or to everybody.", \
      "--keep00 keeps it; a risk difference (RD) has it in any case.",                     \
      "Sweeting et al. (2004), doi:10.1002/sim.1761")                                      \
    X(SAME_N, "L705", "same-n", INFO, true,                                                \
      "All studies have the same number of patients.",                                     \
      "Look whether a spreadsheet filled the column down.", "")                            \
    X(N_VARIES, "L706", "n-varies", INFO, true,                                            \
      "The rows of one study have different numbers of patients.",                         \
      "Right where they are subgroups or outcomes with losses; else a slip.", "")          \
    X(SHARED_CONTROL, "L707", "shared-control", WARNING, true,                             \
      "One control group stands in several rows: its patients count twice, and the rows are not independent.", \
      "Join the treated groups, split the controls, or say --cluster with the study.",     \
      "Cochrane Handbook, section 23.3.4")                                                 \
    X(NEGATIVE_COUNT, "L708", "negative-count", ERROR, true,                               \
      "A count or a time is not below 0, and a group is not empty.",                       \
      "Compare with the paper; a code for missing values may stand there.", "")

#define MTP_LINT_EFFECT_RULES(X)                                                           \
    X(IMPLAUSIBLE, "L801", "implausible-effect", WARNING, true,                            \
      "A standardized difference above 3 is rare among patients; of 100 that were looked up, 60 had standard errors typed as standard deviations.", \
      "Compare every figure of the study with the paper; where units differ little among themselves (plants, machines) such effects are genuine: --ignore L801.", \
      "Kadlec et al. (2023), doi:10.1007/s40279-022-01766-0")                              \
    X(CORRELATION_RANGE, "L802", "correlation-range", ERROR, true,                         \
      "A correlation, its square and Cronbach's alpha are not beyond 1.",                  \
      "Look for a percentage, a regression coefficient or Fisher's z in the column.", "")  \
    X(REVERSED_GROUPS, "L803", "reversed-groups", WARNING, true,                           \
      "The effect is like the others but for its sign: groups, or the direction of the scale, may be the other way round.", \
      "Look which group is which, and whether high values are good or bad.",               \
      "Cochrane Handbook, chapter 10")                                                  \
    X(DOMINANT_STUDY, "L804", "dominant-study", WARNING, true,                             \
      "One study has more than half of the weight: the pooled mean is its result, with little beside it.", \
      "Check its standard error first; metapool sensitivity shows the mean without it.",   \
      "Cochrane Handbook, section 10.14")

#define MTP_LINT_RULE_LIST(X)                                                              \
    MTP_LINT_TABLE_RULES(X)                                                                \
    MTP_LINT_CELL_RULES(X)                                                                 \
    MTP_LINT_LABEL_RULES(X)                                                                \
    MTP_LINT_ROW_RULES(X)                                                                  \
    MTP_LINT_DIGIT_RULES(X)                                                                \
    MTP_LINT_INTERVAL_RULES(X)                                                             \
    MTP_LINT_MEAN_RULES(X)                                                                 \
    MTP_LINT_COUNT_RULES(X)                                                                \
    MTP_LINT_EFFECT_RULES(X)
/* clang-format on */

typedef enum mtp_lint_rule_index {
#define MTP_LINT_ENUM(name, ...) MTP_LINT_##name,
    MTP_LINT_RULE_LIST(MTP_LINT_ENUM)
#undef MTP_LINT_ENUM
        MTP_LINT_RULE_COUNT
} mtp_lint_rule_index;

#endif
