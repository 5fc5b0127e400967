/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_POOL_H
#define METAPOOL_POOL_H

#include "metapool/effects.h"
#include "metapool/export.h"
#include "metapool/robust.h"
#include "metapool/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file pool.h
 * Pooling: common-effect and random-effects estimates, heterogeneity, prediction,
 * subgroups.
 *
 * Symbols: k studies, yi effects, vi sampling variances, tau2 between-study variance,
 * wi = 1 / (vi + tau2), mu pooled effect, Q = sum (yi - mu)^2 / vi at tau2 = 0.
 *
 * Threads: every function may be called from several threads at once on different
 * handles; a handle that nobody frees may be read by all of them.
 */

/* X(enum, id, label) */
#define MTP_METHOD_LIST(X)                                                             \
    X(MTP_METHOD_INVERSE, "inverse", "inverse variance")                               \
    X(MTP_METHOD_MH, "mh", "Mantel-Haenszel")                                          \
    X(MTP_METHOD_PETO, "peto", "Peto")                                                 \
    X(MTP_METHOD_GLMM, "glmm", "generalized linear mixed model")                       \
    X(MTP_METHOD_BETABINOMIAL, "betabinomial", "beta-binomial model")

/* Mixed models of counts in two groups. */
#define MTP_MODEL_LIST(X)                                                              \
    X(MTP_MODEL_UM_FS, "um.fs", "unconditional, fixed study effects")                  \
    X(MTP_MODEL_UM_RS, "um.rs", "unconditional, random study effects")                 \
    X(MTP_MODEL_CM_EL, "cm.el", "conditional, exact likelihood")                       \
    X(MTP_MODEL_CM_AL, "cm.al", "conditional, approximate likelihood")

#define MTP_TAU2_LIST(X)                                                               \
    X(MTP_TAU2_REML, "REML", "restricted maximum likelihood")                          \
    X(MTP_TAU2_ML, "ML", "maximum likelihood")                                         \
    X(MTP_TAU2_DL, "DL", "DerSimonian-Laird")                                          \
    X(MTP_TAU2_PM, "PM", "Paule-Mandel")                                               \
    X(MTP_TAU2_PMM, "PMM", "median-unbiased Paule-Mandel")                             \
    X(MTP_TAU2_EB, "EB", "empirical Bayes")                                            \
    X(MTP_TAU2_HE, "HE", "Hedges")                                                     \
    X(MTP_TAU2_HS, "HS", "Hunter-Schmidt")                                             \
    X(MTP_TAU2_HSK, "HSk", "Hunter-Schmidt, small-sample")                             \
    X(MTP_TAU2_SJ, "SJ", "Sidik-Jonkman")                                              \
    X(MTP_TAU2_SJIT, "SJIT", "Sidik-Jonkman, iterated")                                \
    X(MTP_TAU2_DLIT, "DLIT", "DerSimonian-Laird, iterated")                            \
    X(MTP_TAU2_GENQ, "GENQ", "generalized Q")                                          \
    X(MTP_TAU2_GENQM, "GENQM", "median-unbiased generalized Q")                        \
    X(MTP_TAU2_DL2, "DL2", "DerSimonian-Laird, two-step")                              \
    X(MTP_TAU2_CA2, "CA2", "Cochran (Hedges), two-step")                               \
    X(MTP_TAU2_EE, "EE", "equal effects")                                              \
    X(MTP_TAU2_GIVEN, "given", "given value")

#define MTP_TAU2_CI_LIST(X)                                                            \
    X(MTP_TAU2_CI_QP, "qp", "Q-profile")                                               \
    X(MTP_TAU2_CI_J, "j", "Jackson")                                                   \
    X(MTP_TAU2_CI_BJ, "bj", "Biggerstaff-Jackson")                                     \
    X(MTP_TAU2_CI_PL, "pl", "profile likelihood")                                      \
    X(MTP_TAU2_CI_WALD, "wald", "Wald")

#define MTP_CI_LIST(X)                                                                 \
    X(MTP_CI_WALD, "wald", "Wald, normal quantile")                                    \
    X(MTP_CI_T, "t", "Wald standard error, t quantile")                                \
    X(MTP_CI_HKSJ, "hksj", "Hartung-Knapp-Sidik-Jonkman")                              \
    X(MTP_CI_HKSJ_ADHOC, "hksj-adhoc",                                                 \
      "Hartung-Knapp-Sidik-Jonkman, factor floored at 1")                              \
    X(MTP_CI_HKSJ_WIDE, "hksj-wide",                                                   \
      "the longer of Hartung-Knapp-Sidik-Jonkman and Wald")                            \
    X(MTP_CI_KR, "kr", "Kenward-Roger")                                                \
    X(MTP_CI_PL, "pl", "profile likelihood")                                           \
    X(MTP_CI_HC, "hc", "Henmi-Copas, around the common-effect mean")                   \
    X(MTP_CI_ROBUST, "robust", "cluster-robust")

#define MTP_PI_LIST(X)                                                                 \
    X(MTP_PI_AUTO, "auto", "as the confidence interval")                               \
    X(MTP_PI_WALD, "wald", "normal quantile")                                          \
    X(MTP_PI_V, "v", "t with k - 1 degrees of freedom")                                \
    X(MTP_PI_HTS, "hts",                                                               \
      "Higgins-Thompson-Spiegelhalter, t with k - 2 degrees of freedom")               \
    X(MTP_PI_HK, "hk",                                                                 \
      "Hartung-Knapp standard error, t with k - 1 degrees of freedom")                 \
    X(MTP_PI_HK_PR, "hk-pr",                                                           \
      "Hartung-Knapp, Partlett-Riley, t with k - 2 degrees of freedom")                \
    X(MTP_PI_KR, "kr", "Kenward-Roger")                                                \
    X(MTP_PI_KR_PR, "kr-pr",                                                           \
      "Kenward-Roger, Partlett-Riley, t with a degree of freedom less")                \
    X(MTP_PI_NNF, "nnf", "bootstrap of Nagashima, Noma and Furukawa")                  \
    X(MTP_PI_ROBUST, "robust",                                                         \
      "cluster-robust standard error, t with its degrees of freedom")                  \
    X(MTP_PI_NONE, "none", "none")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_method { MTP_METHOD_LIST(MTP_ENUM_ITEM) MTP_METHOD_COUNT } mtp_method;
typedef enum mtp_model { MTP_MODEL_LIST(MTP_ENUM_ITEM) MTP_MODEL_COUNT } mtp_model;
typedef enum mtp_tau2_method {
    MTP_TAU2_LIST(MTP_ENUM_ITEM) MTP_TAU2_COUNT
} mtp_tau2_method;
typedef enum mtp_tau2_ci_method {
    MTP_TAU2_CI_LIST(MTP_ENUM_ITEM) MTP_TAU2_CI_COUNT
} mtp_tau2_ci_method;
typedef enum mtp_ci_method { MTP_CI_LIST(MTP_ENUM_ITEM) MTP_CI_COUNT } mtp_ci_method;
typedef enum mtp_pi_method { MTP_PI_LIST(MTP_ENUM_ITEM) MTP_PI_COUNT } mtp_pi_method;
#undef MTP_ENUM_ITEM

/** The groups of the effects at one of several nested levels (multilevel.h). */
typedef struct mtp_level {
    const char *name;    /* for notes and messages; NULL: "level 1", ... */
    const size_t *group; /* [k] any numbers. A group is named by its path: the same
                            number in two groups of the level above is two groups */
} mtp_level;

/* X(enum, id, label) */
#define MTP_LEVEL_DF_LIST(X)                                                           \
    X(MTP_LEVEL_DF_NORMAL, "normal", "normal quantile")                                \
    X(MTP_LEVEL_DF_RESIDUAL, "residual", "t, effects less coefficients")               \
    X(MTP_LEVEL_DF_CONTAIN, "contain", "t, groups that hold the moderator constant")

#define MTP_ENUM_ITEM(name, id, label) name,
/**
 * Degrees of freedom of a coefficient in nested levels. Contain: of all levels in whose
 * every group the column is constant, the smallest number of groups less the number of
 * columns; those of the residuals where there is none.
 * Source: Pinheiro & Bates (2000), Mixed-effects models in S and S-PLUS, section 2.4.2.
 */
typedef enum mtp_level_df {
    MTP_LEVEL_DF_LIST(MTP_ENUM_ITEM) MTP_LEVEL_DF_COUNT
} mtp_level_df;
#undef MTP_ENUM_ITEM

typedef enum mtp_tau2_scope { MTP_TAU2_SEPARATE, MTP_TAU2_COMMON } mtp_tau2_scope;

/* Ids as typed on the command line and labels for people; _from_id: any case, -1 if
 * none. */
MTP_API const char *mtp_method_id(mtp_method method);
MTP_API const char *mtp_method_label(mtp_method method);
MTP_API int mtp_method_from_id(const char *id);
MTP_API const char *mtp_model_id(mtp_model model);
MTP_API const char *mtp_model_label(mtp_model model);
MTP_API int mtp_model_from_id(const char *id);
MTP_API const char *mtp_tau2_id(mtp_tau2_method method);
MTP_API const char *mtp_tau2_label(mtp_tau2_method method);
MTP_API int mtp_tau2_from_id(const char *id);
MTP_API const char *mtp_tau2_ci_id(mtp_tau2_ci_method method);
MTP_API const char *mtp_tau2_ci_label(mtp_tau2_ci_method method);
MTP_API int mtp_tau2_ci_from_id(const char *id);
MTP_API const char *mtp_ci_id(mtp_ci_method method);
MTP_API const char *mtp_ci_label(mtp_ci_method method);
MTP_API int mtp_ci_from_id(const char *id);
MTP_API const char *mtp_level_df_id(mtp_level_df df);
MTP_API const char *mtp_level_df_label(mtp_level_df df);
MTP_API int mtp_level_df_from_id(const char *id);
MTP_API const char *mtp_pi_id(mtp_pi_method method);
MTP_API const char *mtp_pi_label(mtp_pi_method method);
MTP_API int mtp_pi_from_id(const char *id);

/** A test: chi2 with df, or F with df and df2 (df2 NaN for chi2). Missing: all NaN. */
typedef struct mtp_test {
    double statistic;
    bool is_f;
    double df, df2;
    double p, log_p; /* upper tail, and its natural logarithm */
} mtp_test;

enum { MTP_MODES_MAX = 16 };

/** A confidence interval and test of the mean by one method. */
typedef struct mtp_interval {
    mtp_ci_method method;
    double se, df;              /* df NaN: normal, or its own distribution (hc) */
    double statistic, p, log_p; /* test of estimate = null_value; NaN without a null */
    double lower, upper;
    double estimate;   /* what it is about: pl the ML estimate, hc the common effect */
    size_t n_segments; /* pl: the set is a union of these; else 0 */
    double segments[MTP_MODES_MAX][2];
} mtp_interval;

/**
 * A prediction interval by one method; NaN where it is not defined. hk and hk-pr take
 * the floored factor where the chosen interval is hksj-adhoc. In a subgroup with a
 * common tau2, degrees of freedom are those of the regression on the subgroups.
 */
typedef struct mtp_prediction {
    mtp_pi_method method;
    double se, df; /* se = sqrt(tau2 + se_mu^2), nnf NaN; df NaN: normal */
    double lower, upper;
} mtp_prediction;

/**
 * A pooled estimate on the analysis scale. `ci` and `pi` are the chosen methods, which
 * also stand in the lists; NaN throughout where no estimate exists. pl, hc and nnf,
 * which cost more, and robust are in the lists only where they are chosen, kr and kr-pr
 * only after REML at inverse-variance weights.
 */
typedef struct mtp_estimate {
    double estimate;
    double null_value; /* analysis scale; NaN: none */
    mtp_interval ci;
    mtp_prediction pi; /* method MTP_PI_NONE for the common-effect estimate */
    size_t n_intervals;
    mtp_interval intervals[MTP_CI_COUNT];
    size_t n_predictions;
    mtp_prediction predictions[MTP_PI_COUNT];
    struct {
        double estimate, ci_lower, ci_upper, pi_lower, pi_upper;
        double ft_n; /* the n or t used by PFT and IRFT; else NaN */
    } back;          /* natural scale */
} mtp_estimate;

typedef enum mtp_set_status {
    MTP_SET_OK,
    MTP_SET_EMPTY,     /* no tau2 >= 0 belongs to the set */
    MTP_SET_UNDEFINED, /* not defined here (one study, common effect, ...) */
} mtp_set_status;

/** An interval of the between-study variance and what follows from it. */
typedef struct mtp_tau2_interval {
    const char *method; /* id of a mtp_tau2_ci_method */
    mtp_set_status status;
    double tau2[2], tau[2], I2[2], H2[2];
    size_t n_segments;                 /* pl: the set is a union of these; else 0 */
    double segments[MTP_MODES_MAX][2]; /* of tau2 */
} mtp_tau2_interval;

typedef struct mtp_heterogeneity {
    double Q, df, p, log_p;
    const char *Q_center; /* "common": inverse-variance mean; "mh", "peto": that mean;
                             "wald": GLMM Wald test */
    double tau2, tau2_se, tau;
    double I2, H2;        /* from tau2 and vt: 100 tau2 / (tau2 + vt), 1 + tau2 / vt */
    double I2_Q;          /* 100 max(0, (Q - df) / Q) */
    double vt;            /* typical sampling variance, (k - 1) / tr P at tau2 = 0 */
    mtp_tau2_interval ci; /* the chosen one */
    double LRT, LRT_df, LRT_p, LRT_log_p; /* GLMM, beta-binomial: saturated against
                                             common; else NaN */
    double tau2_statistic,
        tau2_p;         /* GLMM: 2 (ll - ll0), half-and-half mixture; else NaN */
    size_t n_intervals; /* qp, wald and the chosen one; in the order of the list */
    mtp_tau2_interval intervals[MTP_TAU2_CI_COUNT];
} mtp_heterogeneity;

/**
 * Tests of stratified tables, from the cells that enter the Mantel-Haenszel or Peto
 * sums; missing (NaN) where they are not defined. Association, one degree of freedom:
 * over tables with events and non-events O - E of group 1 with its hypergeometric
 * variance; over two rates with its binomial variance. Equal odds ratios about that of
 * Mantel and Haenszel (OR alone): degrees of freedom one less than such tables.
 */
typedef struct mtp_stratified {
    mtp_test cmh;             /* (|sum(O - E)| - 1/2)^2 / sum V, 0 from 1/2 down */
    mtp_test cmh_uncorrected; /* sum(O - E)^2 / sum V */
    mtp_test cochran, cochran_uncorrected; /* the same with variances V (N - 1) / N */
    mtp_test breslow_day; /* sum (a - E)^2 / V at the odds ratio of Mantel-Haenszel */
    mtp_test tarone;      /* the same less sum(a - E)^2 / sum V */
} mtp_stratified;

typedef struct mtp_mode {
    double tau2, loglik, estimate; /* tau2 is rho in a beta-binomial model */
} mtp_mode;

typedef struct mtp_fit {
    mtp_method method;
    mtp_tau2_method tau2_method;
    const char *model; /* "binomial-normal", "poisson-normal", "normal-normal",
                          "beta-binomial"; a GLMM of two groups: the id of its model */
    int nodes;         /* Gauss-Hermite nodes; 0: exact integral; -1: not a GLMM */
    bool converged;
    size_t iterations;
    size_t n_modes; /* local maxima of the (restricted) likelihood; 0 for moment
                       estimators */
    mtp_mode modes[MTP_MODES_MAX];
    bool boundary;           /* tau2 = 0; beta-binomial: rho = 0 */
    double loglik;           /* at tau2; NaN for one study */
    const char *loglik_kind; /* "ML", "REML", "marginal", NULL */
    double AIC, AICc, BIC;
    double alpha, sigma2; /* um.rs: mean and variance of the study effects; else NaN */
    /* beta-binomial: the correlation of two patients of one study, and the test of
     * rho = 0, 2 (ll - ll0) with a half-and-half mixture; else NaN */
    double rho, rho_se;
    double rho_statistic, rho_p;
} mtp_fit;

/** Everything that pooling one set of studies gives. */
typedef struct mtp_pooled {
    size_t k;
    double events, n, time; /* sums of the raw data; NaN where there are none */
    bool exists; /* false: no finite random-effects estimate exists, see the notes; the
                    common one, Q and LRT are NaN too unless every study of a GLMM has
                    no events or nothing but events, both kinds being there */
    mtp_estimate common, random;
    mtp_heterogeneity heterogeneity;
    mtp_fit fit;
    const mtp_stratified *stratified; /* Mantel-Haenszel and Peto; else NULL */
    size_t n_levels;                  /* nested levels; tau2 is the sum of theirs */
    const struct mtp_variance_component *levels; /* [n_levels] multilevel.h; or NULL */
    struct {
        mtp_robust_type type; /* of both estimates; none unless ci is robust */
        size_t clusters;
    } robust;
} mtp_pooled;

typedef struct mtp_pool_options {
    size_t size;               /* sizeof(mtp_pool_options); set by _init */
    mtp_method method;         /* default inverse */
    mtp_tau2_method tau2;      /* default REML; a GLMM always uses ML */
    double tau2_value;         /* with MTP_TAU2_GIVEN: >= 0 */
    mtp_tau2_scope tau2_scope; /* default separate */
    mtp_ci_method ci;          /* default hksj; wald for a GLMM */
    mtp_pi_method predict;     /* default auto */
    double level;              /* 0 < level < 1; default 0.95 */
    double null_value;         /* on the natural scale; default NaN: no test */
    int nodes;        /* GLMM quadrature: 0 exact (default), else 1..100 nodes */
    mtp_ft_n ft_n;    /* back-transform of PFT and IRFT */
    unsigned threads; /* default 1; never changes a bit of the result */
    mtp_tau2_ci_method tau2_ci; /* the chosen interval of tau2; default qp */
    double mh_add;    /* >= 0; added to the cells in Mantel-Haenszel and Peto sums of
                         the studies that mh_to names; default 0 */
    mtp_add_to mh_to; /* default MTP_ADD_ONLY0 */
    const double *weights;  /* [k] finite, >= 0, not all 0, in any unit; NULL (default):
                               inverse variances. Both means are sum a y / sum a then,
                               and GENQ and GENQM take them (> 0) for tau2 */
    size_t draws;           /* nnf: default 100000 */
    uint64_t seed;          /* nnf */
    mtp_model model;        /* GLMM of two groups: default um.fs; of one: not used */
    mtp_robust_type robust; /* with ci robust; default cr2 */
    const size_t *cluster;  /* [k] < n_clusters; with ci robust, else NULL */
    size_t n_clusters;
    size_t n_levels;         /* random effects of nested levels: REML or ML, wald, t or
                                robust intervals, no subgroups; default 0 */
    const mtp_level *levels; /* [n_levels] from the outermost */
    mtp_level_df level_df;   /* of t: residual (default), contain */
} mtp_pool_options;

/**
 * Set every option to its default.
 * @param size  of the caller's struct, sizeof *options; kept in options->size, so that
 *              a library with more options stays inside it. Options that no _init has
 *              seen (size 0) are refused with MTP_E_ARG.
 */
MTP_API void mtp_pool_options_init(mtp_pool_options *options, size_t size);

/** Subgroups: level[i] < n_levels is the subgroup of study i. */
typedef struct mtp_grouping {
    size_t n_levels;
    const size_t *level;           /* [k] */
    const char *const *level_name; /* [n_levels] UTF-8 */
} mtp_grouping;

typedef struct mtp_pool_result {
    const mtp_measure_info *measure;
    size_t k;
    mtp_pooled overall;
    size_t n_groups; /* 0 without a grouping */
    const mtp_pooled *groups;
    const char *const *group_name;
    struct {
        mtp_test common, random, within; /* NaN without groups */
    } between;
    const double *weight_common; /* [k] percent; NULL for a GLMM */
    const double
        *weight_random; /* [k] percent, of the overall estimate; NULL for a GLMM */
    mtp_notes notes;
    mtp_pool_options options; /* as used; last, since it grows with the versions */
} mtp_pool_result;

/**
 * Pool the effects of k >= 1 studies, overall and by subgroup.
 *
 * Common effect: mu = sum(yi / vi) / sum(1 / vi), var = 1 / sum(1 / vi).
 * Random effects: wi = 1 / (vi + tau2), mu = sum(wi yi) / sum wi; tau2 by options->tau2
 * at its global optimum; intervals and predictions by every method side by side.
 * Mantel-Haenszel (OR RR RD IRR IRD) and Peto (PETO): the common effect is the one of
 * that method from the raw counts, as they are unless mh_add says otherwise; Q is taken
 * around it, in the DerSimonian-Laird estimate of tau2 too; random effects are inverse-
 * variance pooling. Formulas in src/models/mantel_haenszel.c and peto.c.
 * Robust: with ci robust both estimates keep their values and have standard errors,
 * degrees of freedom and tests by mtp_robust, each with the working variances of its
 * own model (vi, and vi + tau2); the test between subgroups is mtp_robust_wald of all
 * their means, which a cluster may span. A subgroup of one cluster has none (NaN).
 * GLMM: by maximum likelihood. Counts of one group: binomial-normal (PLO) or Poisson-
 * normal (IRLN). Counts of two: options->model, of OR any, of IRR any but cm.al, which
 * is cm.el there.
 * Beta-binomial: one-group counts (PLO) by maximum likelihood of the mean probability,
 * on the logit scale, and rho; tau2 and what follows from it are NaN, and there are no
 * predictions. Common effect: rho = 0. Formulas in src/models/beta_binomial.h.
 *
 * @param effects   from mtp_effects_compute
 * @param grouping  NULL: no subgroups
 * @param options   NULL: the defaults
 * @param result    out, freed with mtp_pool_result_free; untouched on failure
 * @return MTP_OK, also when no finite estimate exists (result->overall.exists is
 *         false); MTP_E_ARG for an option out of range, options without a size, a null
 *         value off the scale, a study without a subgroup or a subgroup without
 *         studies; MTP_E_DATA for no studies, and for effects and variances that are
 *         not finite, not positive or too far apart for a double (err->line is the
 *         1-based study), and for a ready-made effect among the counts of Mantel-
 *         Haenszel or Peto; MTP_E_UNSUPPORTED (a method that the measure does not have;
 *         a GLMM of two groups with a common tau2, one with another tau2 than ML, or an
 *         interval or prediction that it does not have; kr without REML, pl without an
 *         estimated tau2, hc and nnf with a common tau2; any of these, or another
 *         method than inverse, with weights; ci robust without clusters, clusters
 *         without it, and both with another method than inverse); MTP_E_NOMEM
 * Sources: DerSimonian & Laird (1986), doi:10.1016/0197-2456(86)90046-2; Viechtbauer
 * (2005), doi:10.3102/10769986030003261; Stijnen, Hamza & Ozdemir (2010),
 * doi:10.1002/sim.4040; Jackson et al. (2018), doi:10.1002/sim.7588; each estimator of
 * tau2 in tau2.h.
 */
MTP_API mtp_status mtp_pool(const mtp_effects *effects, const mtp_grouping *grouping,
                            const mtp_pool_options *options, mtp_pool_result **result,
                            mtp_error *err);
MTP_API void mtp_pool_result_free(mtp_pool_result *result);

#ifdef __cplusplus
}
#endif

#endif
