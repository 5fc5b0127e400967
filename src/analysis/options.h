/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_OPTIONS_H
#define MTP_ANALYSIS_OPTIONS_H

#include "metapool/analysis.h"
#include "metapool/rounding.h"
#include "metapool/sensitivity_analysis.h"

#include "analysis/options_audit.h"
#include "analysis/options_bias.h"
#include "analysis/options_figures.h"
#include "analysis/options_forest.h"
#include "analysis/options_lint.h"
#include "analysis/options_sensitivity.h"
#include "core/arena.h"

#include <stdbool.h>

/**
 * The option registry: the one list from which the command line, its help and man
 * pages, and the `options` block of JSON are made.
 */

typedef enum mtp_value_kind {
    MTP_VALUE_EXPRESSION, /* a column name or SQL expression */
    MTP_VALUE_CHOICE,     /* one of `choices`, in any case */
    MTP_VALUE_NUMBER,     /* low <= number <= high */
    MTP_VALUE_WHOLE,      /* the same, a whole number */
    MTP_VALUE_CHOICE_OR_NUMBER,
    MTP_VALUE_FLAG, /* takes no value; "true" when given */
    MTP_VALUE_TEXT, /* a file name and the like */
    MTP_VALUE_LIST, /* a text each time it is given, joined by MTP_LIST_MARK */
} mtp_value_kind;

/* Between the values of a repeatable option, which cannot hold it. */
#define MTP_LIST_MARK '\n'

typedef enum mtp_option_section {
    MTP_SECTION_COLUMNS,
    MTP_SECTION_ROWS,
    MTP_SECTION_MODEL,
    MTP_SECTION_ANALYSES, /* which of its analyses a command makes, and how */
    MTP_SECTION_OUTPUT,
    MTP_SECTION_COUNT
} mtp_option_section;

/* Commands that share options. */
#define MTP_FOR_COMPARE (MTP_COMMAND_COMPARE | MTP_COMMAND_COMPARE_FIGURE)
#define MTP_FOR_POOL                                                                   \
    (MTP_COMMAND_POOL | MTP_COMMAND_FOREST | MTP_COMMAND_PAGE | MTP_COMMAND_LINT |     \
     MTP_COMMAND_EXPLAIN)
#define MTP_FOR_FIT                                                                    \
    (MTP_FOR_POOL | MTP_COMMAND_FUNNEL | MTP_COMMAND_RADIAL | MTP_COMMAND_LABBE |      \
     MTP_COMMAND_DIAGNOSTICS | MTP_COMMAND_TAU2_CURVE | MTP_COMMAND_GOSH_FIGURE |      \
     MTP_COMMAND_DRAPERY | MTP_COMMAND_SENSITIVITY | MTP_FOR_COMPARE)
#define MTP_FOR_MEAN    (MTP_FOR_FIT | MTP_COMMAND_BIAS)
#define MTP_FOR_REGRESS (MTP_COMMAND_REGRESS | MTP_COMMAND_BUBBLE)
#define MTP_FOR_MODEL   (MTP_FOR_MEAN | MTP_FOR_REGRESS)
#define MTP_FOR_STUDY   (MTP_FOR_MODEL | MTP_COMMAND_EFFECTS)
#define MTP_FOR_SHARES  (MTP_COMMAND_COMPOSITION | MTP_COMMAND_COMPOSITION_FIGURE)
#define MTP_FOR_ALL     (MTP_FOR_STUDY | MTP_FOR_SHARES)
/* Commands whose studies may hang together; with moderators; with random numbers. */
#define MTP_FOR_LEVELS                                                                 \
    (MTP_FOR_POOL | MTP_COMMAND_DRAPERY | MTP_FOR_REGRESS | MTP_COMMAND_SENSITIVITY)
#define MTP_FOR_MODS                                                                   \
    (MTP_FOR_REGRESS | MTP_COMMAND_SENSITIVITY | MTP_COMMAND_DIAGNOSTICS |             \
     MTP_COMMAND_EXPLAIN)
/* Commands that are asked for more than coefficients. */
#define MTP_FOR_ASKED    (MTP_COMMAND_REGRESS | MTP_COMMAND_EXPLAIN)
#define MTP_FOR_ROUNDING (MTP_COMMAND_POOL | MTP_COMMAND_REGRESS)
/* Commands that draw. */
#define MTP_FOR_FIGURE                                                                 \
    (MTP_COMMAND_FOREST | MTP_COMMAND_COMPOSITION_FIGURE |                             \
     MTP_COMMAND_COMPARE_FIGURE | MTP_COMMAND_RADIAL | MTP_COMMAND_LABBE |             \
     MTP_COMMAND_FUNNEL | MTP_COMMAND_DIAGNOSTICS | MTP_COMMAND_TAU2_CURVE |           \
     MTP_COMMAND_GOSH_FIGURE | MTP_COMMAND_BUBBLE | MTP_COMMAND_DRAPERY)
/* Commands that write something, among them those on analysis files. */
#define MTP_FOR_OUTPUT (MTP_FOR_ALL | MTP_COMMAND_VERIFY)
#define MTP_FOR_RANDOM (MTP_FOR_FIT | MTP_COMMAND_REGRESS | MTP_FOR_SHARES)

/* "a|b|c|" from the registries, so that no list of names is kept twice. */
#define MTP_CHOICE_CODE(name, code)    code "|"
#define MTP_CHOICE_ID(name, id, label) id "|"

/* A column of each role. */
#define MTP_ROLE_OPTION(X, name, id, text)                                             \
    X(name, id, 0, MTP_FOR_STUDY, COLUMNS, EXPRESSION, "", 0, 0, NULL, "EXPR", true,   \
      text)

/* clang-format off */
/* X(enum, name, letter, commands, section, kind, choices, low, high, default, argument,
 *   changes numbers, help) */
#define MTP_OPTION_LIST(X)                                                                 \
    X(STUDY, "study", 0, MTP_FOR_STUDY, COLUMNS, EXPRESSION, "", 0, 0, NULL, "EXPR", true,     \
      "label of each study (default: Study and the row number)")                           \
    MTP_ROLE_LIST_WITH(MTP_ROLE_OPTION, X)                                                  \
    X(INPUT_LEVEL, "input-level", 0, MTP_FOR_STUDY, COLUMNS, NUMBER, "", 1, 99.9999999, "95",  \
      "PERCENT", true, "confidence level of the given limits")                             \
    X(WEIGHTS, "weights", 0, MTP_FOR_LEVELS, COLUMNS, EXPRESSION, "", 0, 0, NULL, "EXPR", true,  \
      "weight of each study in the pooled means, from 0 (default: inverse variances)")     \
    X(CLUSTER, "cluster", 0, MTP_FOR_LEVELS, COLUMNS, EXPRESSION, "", 0, 0, NULL, "EXPR", true,  \
      "cluster of each study: standard errors allow for any dependence within one")          \
    X(NESTED, "nested", 0, MTP_FOR_LEVELS, COLUMNS, TEXT, "", 0, 0, NULL, "A/B", true,           \
      "effects nested in groups, from the outermost (study/effect): a variance for each level") \
    X(CATEGORY, "category", 0, MTP_FOR_SHARES, COLUMNS, EXPRESSION, "", 0, 0, NULL,   \
      "EXPR", true, "category of each row")                                                \
    X(COUNT_COLUMN, "count", 0, MTP_FOR_SHARES, COLUMNS, EXPRESSION, "", 0, 0, NULL, "EXPR", \
      true, "count of each row (default: each row counts one)")                            \
    X(MODS, "mods", 0, MTP_FOR_MODS, COLUMNS, TEXT, "", 0, 0, NULL, "FORMULA", true,     \
      "moderators: columns, poly(x, 2), rcs(x, 3), factor(x) or SQL in parentheses, joined by " \
      "+, :, * and -")                                                                         \
    X(REF, "ref", 0, MTP_FOR_MODS, COLUMNS, LIST, "", 0, 0, NULL, "FACTOR=LEVEL", true, \
      "the level that the others of a factor are compared with (default: the first); "        \
      "repeatable")                                                                            \
    X(NO_INTERCEPT, "no-intercept", 0, MTP_FOR_MODS, COLUMNS, FLAG, "", 0, 0, "false",  \
      "", true, "no intercept: the first factor has a coefficient for each of its levels")     \
    X(QUERY, "query", 0, MTP_FOR_ALL, ROWS, TEXT, "", 0, 0, NULL, "SELECT", true,              \
      "make the table by a SELECT from FILE's, which is called data")                      \
    X(WHERE, "where", 0, MTP_FOR_ALL, ROWS, EXPRESSION, "", 0, 0, NULL, "EXPR", true,          \
      "keep the rows for which this is true")                                              \
    X(BY, "by", 0, MTP_FOR_POOL | MTP_COMMAND_SENSITIVITY | MTP_FOR_SHARES | MTP_COMMAND_BUBBLE, ROWS, EXPRESSION, "", 0, 0, NULL,   \
      "EXPR", true, "subgroups")                                                           \
    X(TABLE, "table", 0, MTP_FOR_ALL, ROWS, TEXT, "", 0, 0, NULL, "NAME", true,                \
      "table or view of FILE, an SQLite database (default: the only one)")                 \
    X(DELIMITER, "delimiter", 0, MTP_FOR_ALL, ROWS, CHOICE, "comma|semicolon|tab|", 0, 0,      \
      NULL, "NAME", true, "field separator of FILE (default: found)")                      \
    /* Not listed in JSON, for the numbers are the same however they are written. */       \
    X(DECIMAL, "decimal", 0, MTP_FOR_ALL, ROWS, CHOICE, ".|,|", 0, 0, ".", "MARK", false,      \
      "decimal mark of FILE, one of")                                                       \
    X(MISSING, "missing", 0, MTP_FOR_ALL, ROWS, TEXT, "", 0, 0, NULL, "TEXT,...", true,        \
      "further texts that mean missing, in any case")                          \
    X(MEASURE, "measure", 'm', MTP_FOR_STUDY, MODEL, CHOICE, MTP_MEASURE_LIST(MTP_CHOICE_CODE), \
      0, 0, NULL, "CODE", true, "effect measure (default GEN where --yi is given)")        \
    X(ADD, "add", 0, MTP_FOR_STUDY, MODEL, CHOICE_OR_NUMBER, "tacc|", 0, 1e6, NULL, "NUMBER",  \
      true, "what the zero-cell rule adds to the cells of a study effect (default 0.5, or 0 "  \
      "where a measure or --method peto needs none; tacc: the treatment-arm correction of "    \
      "two groups)")                                                                           \
    X(TO, "to", 0, MTP_FOR_STUDY, MODEL, CHOICE, "only0|all|if0all|none|", 0, 0, "only0",      \
      "RULE", true, "to which studies --add is added")                                     \
    X(KEEP00, "keep00", 0, MTP_FOR_STUDY, MODEL, FLAG, "", 0, 0, "false", "", true,            \
      "keep studies that say nothing about a ratio: no event in either group, or in both "     \
      "nothing but events")                                                                \
    X(VTYPE, "vtype", 0, MTP_FOR_STUDY, MODEL, CHOICE, MTP_VTYPE_LIST(MTP_CHOICE_ID), 0, 0, "LS", "TYPE", true,  \
      "sampling variance, as far as the measure has it")               \
    X(CORRECT, "correct", 0, MTP_FOR_STUDY, MODEL, CHOICE, "yes|no|", 0, 0, "yes", "YESNO",    \
      true, "correct the small-sample bias of measures that have one")                     \
    X(ALLOW_FRACTIONAL, "allow-fractional", 0, MTP_FOR_STUDY, MODEL, FLAG, "", 0, 0, "false",  \
      "", true, "accept counts that are not whole numbers")                                \
    /* Not listed in JSON: the options that it sets are. */                                \
    X(PROFILE, "profile", 0, MTP_FOR_POOL, MODEL, CHOICE,                                      \
      "metafor|meta|revman5|revman-web|stata|jasp|", 0, 0, NULL, "NAME", false,            \
      "the defaults of another program; the report lists what they change")                \
    X(METHOD, "method", 0, MTP_FOR_FIT | MTP_FOR_REGRESS, MODEL, CHOICE, MTP_METHOD_LIST(MTP_CHOICE_ID), 0, 0,  \
      NULL, "METHOD", true, "how to pool (default glmm for PLO and IRLN, else inverse; "       \
      "regress: inverse)")                                                                     \
    X(MODEL, "model", 0, MTP_FOR_FIT, MODEL, CHOICE, MTP_MODEL_LIST(MTP_CHOICE_ID), 0, 0,     \
      NULL, "MODEL", true, "glmm of two groups: unconditional with fixed or random study "     \
      "effects, conditional with the exact or an approximate likelihood (default um.fs)")  \
    X(MH_ADD, "mh-add", 0, MTP_FOR_FIT, MODEL, NUMBER, "", 0, 1e6, NULL, "NUMBER", true,      \
      "mh, peto: what is added to cells in their sums, of the studies that --to names "     \
      "(default: nothing)")                                                                 \
    X(TAU2, "tau2", 0, MTP_FOR_MODEL, MODEL, CHOICE_OR_NUMBER, MTP_TAU2_LIST(MTP_CHOICE_ID),  \
      0, 1e300, NULL, "METHOD", true,                                                      \
      "between-study variance: an estimator or a number (default REML; glmm: ML)")         \
    X(TAU2_SCOPE, "tau2-scope", 0, MTP_FOR_POOL, MODEL, CHOICE, "separate|common|", 0, 0,      \
      "separate", "SCOPE", true, "a tau2 for each subgroup, or one for all")               \
    X(TAU2_CI, "tau2-ci", 0, MTP_FOR_POOL | MTP_FOR_REGRESS, MODEL, CHOICE,                               \
      MTP_TAU2_CI_LIST(MTP_CHOICE_ID), 0, 0, "qp", "METHOD", true,                             \
      "interval of tau2: Q-profile, Jackson, Biggerstaff-Jackson, profile likelihood, Wald") \
    X(CI, "ci", 0, MTP_FOR_MODEL, MODEL, CHOICE, MTP_CI_LIST(MTP_CHOICE_ID), 0, 0, NULL,        \
      "METHOD", true,                                                                      \
      "interval of the random-effects mean (default hksj; glmm: wald; --cluster: robust)")                    \
    X(ROBUST, "robust", 0, MTP_FOR_LEVELS, MODEL, CHOICE, "cr0|cr1|cr2|", 0, 0, NULL, "TYPE",    \
      true, "with --cluster, the robust variance (default cr2)")                             \
    X(DF, "df", 0, MTP_FOR_LEVELS, MODEL, CHOICE, "residual|contain|", 0, 0, NULL, "RULE", true, \
      "nested: degrees of freedom of t, of the effects (default) or of the groups that hold "  \
      "a moderator constant")                                                                  \
    X(PREDICT, "predict", 0, MTP_FOR_MODEL, MODEL, CHOICE, MTP_PI_LIST(MTP_CHOICE_ID), 0, 0,    \
      "auto", "METHOD", true, "prediction interval")                                       \
    X(NULL_VALUE, "null", 0, MTP_FOR_MEAN, MODEL, NUMBER, "", -1e300, 1e300, NULL, "VALUE",    \
      true, "hypothesis, on the back-transformed scale (default: of two groups, that they do not " \
      "differ; bias: of ready-made effects, that they are 0; else no test)")                \
    X(LEVEL, "level", 'l', MTP_FOR_ALL, MODEL, NUMBER, "", 1, 99.9999999, "95", "PERCENT",     \
      true, "confidence level of all intervals")                                           \
    X(NODES, "nodes", 0, MTP_FOR_FIT | MTP_FOR_REGRESS, MODEL, CHOICE_OR_NUMBER, "exact|", 1, 100, "exact", "N", \
      true, "glmm: exact integral, or that many Gauss-Hermite nodes")                      \
    X(TEST, "test", 0, MTP_FOR_ASKED, MODEL, LIST, "", 0, 0, NULL, "TERM,...", true,      \
      "test these terms (or coefficients) together; repeatable")                               \
    X(CONTRAST, "contrast", 0, MTP_FOR_ASKED, MODEL, LIST, "", 0, 0, NULL, "EXPR", true,  \
      "linear combination of coefficients (2 * year - 0.5 * ablat), or of the levels of a "    \
      "factor (FACTOR: A - B), with its test of 0; repeatable")                                \
    X(AT, "at", 0, MTP_FOR_ASKED, MODEL, LIST, "", 0, 0, NULL, "COLUMN=VALUE,...", true, \
      "predict at these values (year=1970, ablat=13:55:10); the other numbers are at their "   \
      "means, the other factors averaged over their levels; repeatable")                       \
    X(MARGINS, "margins", 0, MTP_FOR_ASKED, MODEL, LIST, "", 0, 0, NULL, "FACTOR", true, \
      "marginal means of this factor (default: of every factor; none: of no one); repeatable") \
    X(PERMUTE, "permute", 0, MTP_FOR_ASKED, MODEL, CHOICE_OR_NUMBER, "exact|", 10, 1e9,  \
      NULL, "N", true, "permutation tests: all permutations, or this many random ones")        \
    X(SCALE, "scale", 0, MTP_FOR_REGRESS | MTP_COMMAND_EXPLAIN, MODEL, TEXT, "", 0, 0, NULL, "FORMULA", true,     \
      "location-scale model: moderators of log tau2")                                          \
    X(DIAGNOSTICS, "diagnostics", 0, MTP_FOR_ASKED, MODEL, FLAG, "", 0, 0, "false", "",   \
      true, "each study: residuals, also of the fit without it, leverage, predicted effect")   \
    X(CORRELATION, "correlation", 0, MTP_FOR_ASKED, MODEL, FLAG, "", 0, 0, "false", "",   \
      true, "Pearson's correlation of the effects with the one column of moderators, every "   \
      "study alike")                                                                           \
    X(PFT_N, "pft-n", 0, MTP_FOR_STUDY, MODEL, CHOICE,                                         \
      "harmonic|geometric|arithmetic|inverse-variance|", 0, 0, "harmonic", "MEAN", true,   \
      "n at which a Freeman-Tukey estimate is transformed back")                           \
    X(DRAWS, "draws", 0, MTP_FOR_FIT | MTP_FOR_SHARES, MODEL, WHOLE, "", 100, 1e9, "100000", "N",            \
      true, "tables of the Monte Carlo test, or draws of --predict nnf")                   \
    X(SEED, "seed", 0, MTP_FOR_RANDOM, MODEL, WHOLE, "", 0, 9007199254740992.0,                \
      "20240618", "N", true, "seed of the random numbers")                                 \
    MTP_FIGURE_OPTION_LIST(X)                                                              \
    MTP_BIAS_OPTION_LIST(X)                                                                \
    MTP_AUDIT_OPTION_LIST(X)                                                               \
    /* Not listed in JSON: its block `rounding` says what they were. */                    \
    X(ROUNDING, "rounding", 0, MTP_FOR_ROUNDING, ANALYSES, CHOICE,                           \
      MTP_ROUNDING_WAY_LIST(MTP_CHOICE_ID), 0, 0, NULL, "WAY", false,                        \
      "what the rounding of the printed inputs can do to the figures: their bounds, " \
      "or percentiles of random draws (10000, or --draws up to 1000000)")                                                      \
    X(DECIMALS_OF, "decimals-of", 0, MTP_FOR_ROUNDING, ANALYSES, LIST, "", 0, 0, NULL,       \
      "COLUMN=N", false, "rounding: the decimals that a column was printed with, or exact "  \
      "(default: those of its longest number); repeatable")                                  \
    X(ROUNDING_DRAWS, "draws", 0, MTP_COMMAND_REGRESS, ANALYSES, WHOLE, "", 100, 1e6, "10000",  \
      "N", false, "rounding: random draws of the inputs")                                  \
    MTP_SENSITIVITY_OPTION_LIST(X)                                                            \
    MTP_LINT_OPTION_LIST(X)                                                                \
    X(BASELINE_RISK, "baseline-risk", 0, MTP_COMMAND_PAGE, ANALYSES, LIST, "", 0, 0, NULL,       \
      "RISK,...", true, "absolute effects per 1000 at these risks of the untreated, as 0.05,0.1 " \
      "(OR, PETO, RR, RD, HR); repeatable")                                                    \
    X(THREADS, "threads", 0, MTP_FOR_ALL | MTP_COMMAND_VERIFY, OUTPUT, WHOLE, "", 1, 256, "1", "N", false,          \
      "threads; changes no digit")                                                         \
    X(FORMAT, "format", 'f', MTP_FOR_ALL, OUTPUT, CHOICE,                                      \
      "text|json|csv|markdown|svg|pdf|png|html|", 0, 0, NULL, "FORMAT", false,                  \
      "text (default), json, csv, markdown, html; plot: svg (default), pdf, png, csv, json; else as " \
      "the name of --output ends")               \
    X(WIDTH, "width", 0, MTP_FOR_FIGURE, OUTPUT, NUMBER, "", 20, 2000, NULL, "MM", false,      \
      "printed width of the figure in millimetres; journals have columns of 84, pages of 174") \
    X(DPI, "dpi", 0, MTP_FOR_FIGURE, OUTPUT, NUMBER, "", 30, 2400, "300", "N", false,          \
      "png: pixels an inch")                                                                   \
    X(THEME, "theme", 0, MTP_FOR_FIGURE, OUTPUT, CHOICE, MTP_THEME_LIST(MTP_CHOICE_ID), 0, 0,  \
      "default", "NAME", false, "colours of the figure")                                       \
    MTP_FOREST_OPTION_LIST(X)                                                               \
    X(OUTPUT, "output", 'o', MTP_FOR_OUTPUT, OUTPUT, TEXT, "", 0, 0, NULL, "FILE", false,         \
      "write to FILE, which is replaced only when all went well")                          \
    X(WORK, "work", 0, MTP_COMMAND_EXPLAIN, OUTPUT, LIST, "", 0, 0, NULL, "NAME", false,          \
      "work this study in full (default: the first of those that are computed alike); "      \
      "repeatable")                                                                          \
    X(ALL_STUDIES, "all-studies", 0, MTP_COMMAND_EXPLAIN, OUTPUT, FLAG, "", 0, 0, "false", "",   \
      false, "work every study in full")                                                     \
    X(WORK_DIGITS, "digits", 0, MTP_COMMAND_EXPLAIN, OUTPUT, WHOLE, "", 2, 12, "6", "N", false,  \
      "significant digits of each value")                                                    \
    X(DIGITS, "digits", 0, MTP_FOR_ALL & ~MTP_COMMAND_EXPLAIN, OUTPUT, WHOLE, "", 0, 15, "4", "N", false,             \
      "decimals of estimates in text and markdown")                                        \
    X(PLOT, "plot", 0, MTP_COMMAND_POOL, OUTPUT, FLAG, "", 0, 0, "false", "", false,           \
      "a forest plot in characters under the report (text, markdown)")                     \
    X(CHARSET, "charset", 0, MTP_COMMAND_POOL, OUTPUT, CHOICE, "auto|unicode|ascii|", 0, 0,  \
      "auto", "CHARSET", false, "characters of --plot (auto: as the locale says)")         \
    X(COLOR, "color", 0, MTP_FOR_OUTPUT, OUTPUT, CHOICE, "auto|always|never|", 0, 0, "auto",      \
      "WHEN", false, "colour in text")                                                     \
    X(QUIET, "quiet", 'q', MTP_FOR_ALL, OUTPUT, FLAG, "", 0, 0, "false", "", false,            \
      "no notes on standard error")                                                        \
    X(VERBOSE, "verbose", 'v', MTP_FOR_ALL, OUTPUT, FLAG, "", 0, 0, "false", "", false,        \
      "all notes on standard error, not warnings alone")                                   \
    X(STRICT, "strict", 0, MTP_FOR_ALL | MTP_COMMAND_RUN, OUTPUT, FLAG, "", 0, 0, "false", "", false,            \
      "a warning makes the exit status 1")
/* clang-format on */

typedef enum mtp_option_index {
#define MTP_OPTION_ENUM(name, ...) MTP_OPT_##name,
    MTP_OPTION_LIST(MTP_OPTION_ENUM)
#undef MTP_OPTION_ENUM
        MTP_OPT_COUNT
} mtp_option_index;

typedef struct mtp_option_info {
    const char *name; /* long name, without dashes */
    char letter;      /* short name, or 0 */
    unsigned commands;
    mtp_option_section section;
    mtp_value_kind kind;
    const char *choices; /* "a|b|c|" */
    double low, high;
    const char *fallback; /* default as text, or NULL */
    const char *argument; /* what help calls the value */
    bool changes_numbers; /* listed in the JSON `options` block */
    const char *help;
} mtp_option_info;

const mtp_option_info *mtp_option_get(mtp_option_index index);

/** Index of a long name among the options of a command, else among those of all others;
 *  MTP_OPT_COUNT if there is none. */
mtp_option_index mtp_option_find(mtp_command command, const char *name);

/** The option most like `typed` among those of the command; NULL if none is near. */
const char *mtp_option_nearest(mtp_command command, const char *typed);

/** What to do instead, where a command lacks an option that like ones have; or NULL. */
const char *mtp_option_instead(mtp_command command, const char *name);
/** The same, else which commands have the option. */
const char *mtp_option_advice(mtp_command command, const char *name);

struct mtp_request {
    mtp_arena *arena;
    mtp_command command;
    const char *given[MTP_OPT_COUNT]; /* canonical text; NULL: not given */
    mtp_gosh_receiver gosh;           /* NULL: none */
    void *gosh_context;
};

/** The given value, else the default, else NULL. */
const char *mtp_request_value(const mtp_request *request, mtp_option_index index);

/** Whether an option was given; its effective value as a number (NaN: none) and as a
 *  position among its choices (-1: none of them). */
bool mtp_request_has(const mtp_request *request, mtp_option_index index);
double mtp_request_number(const mtp_request *request, mtp_option_index index);
int mtp_request_choice(const mtp_request *request, mtp_option_index index);

/** The option that names the column of a role. */
mtp_option_index mtp_role_option(mtp_role role);

/** Position of value in the option's choices, case ignored; -1 if it is none of them.
 */
int mtp_option_choice(mtp_option_index index, const char *value);

/** The text of that choice, as the registry has it, with its length; NULL if there is
 *  none. */
const char *mtp_option_find_choice(const char *choices, const char *value, int *index,
                                   size_t *length);

#endif
