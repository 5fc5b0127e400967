/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_ANALYSIS_H
#define METAPOOL_ANALYSIS_H

#include "metapool/compare.h"
#include "metapool/composition.h"
#include "metapool/correlation.h"
#include "metapool/design.h"
#include "metapool/pool.h"
#include "metapool/regress.h"
#include "metapool/table.h"

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file analysis.h
 * From a request and a table to a result bundle: what the command line, analysis files
 * and bindings share. Every report, figure and data file is made from a bundle.
 */

typedef enum mtp_command {
    MTP_COMMAND_EFFECTS = 1,
    MTP_COMMAND_POOL = 2,
    MTP_COMMAND_COMPOSITION = 4,
    MTP_COMMAND_FOREST = 8, /* pool, with the defaults of a figure */
    MTP_COMMAND_REGRESS = 16,
    MTP_COMMAND_BIAS = 32,
    MTP_COMMAND_SENSITIVITY = 64,
    MTP_COMMAND_COMPARE = 128,
    MTP_COMMAND_COMPOSITION_FIGURE = 4096, /* composition, with a figure's options */
    MTP_COMMAND_COMPARE_FIGURE = 8192,     /* compare, the same */
    MTP_COMMAND_FUNNEL = 256,              /* pool, and what a funnel plot shows */
    MTP_COMMAND_DIAGNOSTICS = 512,    /* pool, and influence diagnostics for figures */
    MTP_COMMAND_TAU2_CURVE = 1 << 22, /* pool, and the likelihood over tau2 */
    /* pool, and where the fits of all subsets lie */
    MTP_COMMAND_GOSH_FIGURE = 1 << 23,
    MTP_COMMAND_RADIAL = 1 << 19,  /* pool, and what a radial plot shows */
    MTP_COMMAND_LABBE = 1 << 18,   /* pool of two groups, for an L'Abbe plot */
    MTP_COMMAND_PAGE = 1024,       /* pool and what follows from it (page.h) */
    MTP_COMMAND_EXPLAIN = 1 << 14, /* pool or regress, worked (explain.h) */
    MTP_COMMAND_LINT = 1 << 15,    /* doubts about the table (lint.h) */
    MTP_COMMAND_BUBBLE = 1 << 20,  /* regress, and what a bubble plot shows */
    MTP_COMMAND_DRAPERY = 1 << 21, /* pool, with the options of a drapery plot */
    MTP_COMMAND_RUN =
        1 << 24, /* an analysis file; its own options alone, not a bundle */
    MTP_COMMAND_VERIFY = 1 << 16, /* of an analysis file (verify.h); mtp_run has none */
} mtp_command;

/**
 * A request: one text value an option, by the option's index in the registry; NULL
 * where it was not given. Texts are borrowed until mtp_run returns.
 */
typedef struct mtp_request mtp_request;

/** @return MTP_OK, with a request that is freed with mtp_request_free; MTP_E_NOMEM */
MTP_API mtp_status mtp_request_new(mtp_command command, mtp_request **request,
                                   mtp_error *err);
MTP_API void mtp_request_free(mtp_request *request);

/**
 * Set an option by its long name, without dashes ("tau2", "REML"). A repeatable option
 * ("contrast") has all values that it was set to, each once; of any other the last
 * holds.
 * @return MTP_OK; MTP_E_ARG for an unknown option (nearest named), a bad value, or an
 *         option of another command
 */
MTP_API mtp_status mtp_request_set(mtp_request *request, const char *option,
                                   const char *value, mtp_error *err);

/** The effective value as text ("REML"), default included; NULL where there is none. */
MTP_API const char *mtp_request_get(const mtp_request *request, const char *option);

/**
 * Read a table as the options of a request say (--delimiter, --missing, --decimal,
 * --table, --threads), without its --query; for lint, what can be read
 * (mtp_table_options.forgiving); else as mtp_table_read.
 */
MTP_API mtp_status mtp_request_read_table(const mtp_request *request, const char *path,
                                          mtp_table **table, mtp_problems *problems,
                                          mtp_error *err);

/** A row that was left out. */
typedef struct mtp_excluded {
    size_t row, line;  /* 1-based; line 0: the table has none */
    const char *study; /* label, or NULL */
    const char *code;  /* "missing", "where_missing", "by_missing", "cluster_missing",
                          "category_missing", "moderator_missing", "level_missing",
                          "order_missing", "no_information" */
    const char *reason;
    const char *group;      /* --by level, or NULL */
    double events, n, time; /* "no_information": of all groups together; NaN else */
    const double *value;    /* "no_information": [MTP_ROLE_COUNT] raw data by role, NaN
                               where there are none; NULL else */
} mtp_excluded;

/** Where the numbers came from: every row ends as used, filtered or excluded. */
typedef struct mtp_ledger {
    const char *source; /* the file as given; of an absolute path only the name */
    const char *sha256;
    size_t rows, used, filtered, n_excluded;
    const mtp_excluded *excluded;
} mtp_ledger;

/** A study in the bundle. NaN where a figure does not exist. */
typedef struct mtp_study {
    size_t row, line;       /* 1-based; line 0: the table has none */
    const char *name;       /* --study, or "Study ROW" */
    const char *group;      /* --by level, or NULL */
    double events, n, time; /* of all groups together; pairs count once */
    double yi, vi, sei, ci_lower, ci_upper; /* analysis scale; Wald limits at --level */
    double weight_common, weight_random;    /* percent; NaN for a GLMM */
    struct {
        double estimate, ci_lower, ci_upper;
    } back; /* natural scale, each study with its own n for Freeman-Tukey */
    struct {
        double estimate, ci_lower, ci_upper;
        const char *ci_method; /* "wilson", "poisson-exact", NULL */
    } observed;                /* what the paper would print: x / n, x / t */
    bool corrected;
    const char *origin; /* what stands for raw data: mtp_effects.origin; or NULL */
    const double *raw;  /* [bundle->n_raw]; NaN where the study lacks one */
} mtp_study;

/** One option as the report lists it. */
typedef struct mtp_effective_option {
    const char *name;
    const char *value; /* NULL: not given, no default */
    bool is_number;
    bool is_flag; /* value is "true" or "false" */
    bool is_list; /* values of a repeatable option, one a line */
} mtp_effective_option;

/** A random-effects mean on the natural scale; NaN where there is none. */
typedef struct mtp_profile_mean {
    double estimate, ci_lower, ci_upper;
} mtp_profile_mean;

/** An option in force that differs; NULL: not given, no default. */
typedef struct mtp_profile_difference {
    const char *option, *ours, *theirs;
} mtp_profile_difference;

/** The defaults of another program (--profile), against our own. */
typedef struct mtp_profile {
    const char *name;              /* "revman5" */
    const char *program, *version; /* "RevMan", "5.4" */
    const char *source;
    bool knows_measure;         /* false: its defaults for ready-made effects */
    const char *not_reproduced; /* what no option stands for; or NULL */
    size_t n_differences;
    const mtp_profile_difference *differences;
    mtp_profile_mean ours, theirs; /* theirs is the one of the bundle */
} mtp_profile;

/** A mean that a regression predicts, with what it is the mean of. */
typedef struct mtp_regression_mean {
    const char *factor; /* marginal means: the factor and its level; else NULL */
    const char *level;
    size_t count;         /* studies at that level */
    const char *averaged; /* where the other moderators stand; NULL: all are given */
    bool estimable;       /* false: the rows do not tell, and every figure is NaN */
    mtp_regress_prediction value;
} mtp_regression_mean;

/** A regression with its names and its figures on the natural scale. */
typedef struct mtp_regression {
    const mtp_regress_result *fit;
    const mtp_design *design;
    const mtp_design *scale_design; /* --scale; else NULL */
    size_t n_margins;
    const mtp_regression_mean *margins; /* factor by factor, their levels in order */
    size_t n_predictions;
    const mtp_regression_mean *predictions;
    bool weighted; /* --weights took the place of inverse variances */
    const mtp_correlation
        *correlation; /* --correlation; NULL without, or without answer */
    /* The rows of numbers that were asked for: of fit->tests, fit->contrasts,
     * fit->margins and fit->predictions; and the given weights of the studies. */
    const mtp_hypothesis *test_rows;
    const mtp_combination *contrast_rows, *margin_rows, *prediction_rows;
    const double *weights; /* [n_studies], or NULL */
} mtp_regression;

typedef struct mtp_bundle {
    mtp_command command;
    size_t n_options;
    const mtp_effective_option *options; /* those that can change a number */
    mtp_ledger ledger;
    const mtp_measure_info *measure; /* NULL for composition */
    double level;                    /* 0.95 */
    const char *by;                  /* the --by expression, or NULL */
    size_t n_studies;
    const mtp_study *studies;           /* in the order of the table */
    const mtp_pool_result *pool;        /* pool, forest, bias, sensitivity; else NULL */
    const mtp_composition *composition; /* composition; else NULL */
    mtp_notes notes;                    /* of every stage */
    mtp_vtype vtype; /* how sampling variances were made; LS unless --vtype said else */
    bool uncorrected; /* --correct no: effects without the measure's bias correction */
    /* The raw data of each study: what the measure is computed from, before any zero-
     * cell correction (mtp_measure_columns: n_columns of them), then further columns
     * that were given. */
    size_t n_raw, n_columns;
    const mtp_role *raw_role;              /* [n_raw] */
    const mtp_profile *profile;            /* NULL without --profile */
    const mtp_regression *regression;      /* with moderators; else NULL */
    const char *const *const *level_label; /* --nested: [levels][n_studies] label of the
                                              group of each study; else NULL */
    const struct mtp_funnel *funnel;       /* funnel (funnel.h); else NULL */
    const struct mtp_bias_analysis *bias;  /* bias (bias_analysis.h); else NULL */
    const struct mtp_sensitivity_analysis *sensitivity; /* sensitivity_analysis.h; else
                                                           NULL */
    const struct mtp_forest_look *look;  /* forest (forest_look.h); else NULL */
    const mtp_comparison *comparison;    /* compare; else NULL */
    const struct mtp_gosh_map *gosh_map; /* gosh (gosh_map.h); else NULL */
    const struct mtp_tau2_curve
        *tau2_curve;                 /* profile plot (tau2_curve.h); else NULL */
    bool drapery_quantiles;          /* drapery: --y-axis z */
    const struct mtp_bubble *bubble; /* bubble (bubble.h); else NULL */
    const struct mtp_rounding_analysis *rounding; /* --rounding (rounding.h); or NULL */
    size_t n_clusters;                            /* --cluster; else 0 */
    const size_t *cluster;           /* [n_studies] < n_clusters; else NULL */
    const char *const *cluster_name; /* [n_clusters] */
} mtp_bundle;

/**
 * Run a request on a table.
 *
 * @param table     may be freed when mtp_run has returned: the bundle holds copies
 * @param bundle    out, freed with mtp_bundle_free; untouched on failure
 * @param problems  data problems, with file, line and column, added to what it holds:
 *                  zero it first; may be NULL
 * @return MTP_OK, also when no overall estimate exists (bundle->pool->overall.exists);
 *         MTP_E_ARG, MTP_E_UNSUPPORTED (usage); MTP_E_DATA (input); MTP_E_NOMEM
 */
MTP_API mtp_status mtp_run(const mtp_request *request, const mtp_table *table,
                           mtp_bundle **bundle, mtp_problems *problems, mtp_error *err);
MTP_API void mtp_bundle_free(mtp_bundle *bundle);
/** Whether the analysis has an answer: an overall estimate, a fit, anything found; else
 *  the tool leaves with status 4. */
MTP_API bool mtp_bundle_answered(const mtp_bundle *bundle);

#ifdef __cplusplus
}
#endif

#endif
