/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_REGRESS_H
#define METAPOOL_REGRESS_H

#include "metapool/pool.h"
#include "metapool/robust.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file regress.h
 * Meta-regression: y_i = x_i'beta + u_i + e_i, u_i ~ N(0, tau2), e_i ~ N(0, v_i), with
 * p columns of moderators, and its relatives that share coefficients, tests and
 * predictions: robust variance, several levels, location-scale and mixed models.
 *
 * Every function may be called from several threads at once on different results.
 */

/** The moderators: what the design matrix of a formula (design.h) comes down to. */
typedef struct mtp_moderators {
    size_t k, p;
    const double *x;           /* [k * p] row by row, finite */
    const char *const *name;   /* [p] UTF-8; NULL: x1, x2, ... */
    bool intercept;            /* the first column is all ones */
    size_t n_terms;            /* of the formula, the intercept not among them */
    const char *const *term;   /* [n_terms]; NULL with n_terms 0 */
    const size_t *column_term; /* [p] term of each column, n_terms of the intercept */
} mtp_moderators;

/** A linear combination l'beta. */
typedef struct mtp_combination {
    const char *name;
    const double *l; /* [p] */
} mtp_combination;

/** The hypothesis that q combinations are 0 together. */
typedef struct mtp_hypothesis {
    const char *name;
    size_t q;
    const double *l; /* [q * p] row by row */
} mtp_hypothesis;

enum { MTP_PERMUTATIONS = 10000 }; /* where all are asked for and are too many */

typedef struct mtp_regress_options {
    size_t size;           /* sizeof(mtp_regress_options); set by _init */
    mtp_method method;     /* inverse (default), or glmm */
    mtp_tau2_method tau2;  /* default REML */
    double tau2_value;     /* with MTP_TAU2_GIVEN: >= 0 */
    mtp_ci_method ci;      /* wald, t, hksj (default), hksj-adhoc */
    mtp_pi_method predict; /* auto (default: as ci), wald, v, hts, hk, hk-pr, none */
    mtp_tau2_ci_method tau2_ci; /* default qp */
    double level;               /* 0 < level < 1; default 0.95 */
    int nodes;                  /* glmm: 0 exact (default), else 1..100 */
    mtp_ft_n ft_n;              /* back-transform of PFT and IRFT */
    unsigned threads;           /* default 1; never changes a bit of the result */
    bool diagnostics;           /* make `study` of the result; default true */
    bool estimate_without;      /* residuals of a study from the fit without it, in
                                   `study`; default false */
    size_t permutations; /* 0 (default): no permutation test; all arrangements are
                            taken where there are no more than this */
    bool permute_exact;  /* all arrangements, where they are at most 2^20 */
    uint64_t seed;
    size_t n_tests;
    const mtp_hypothesis *tests; /* beside the omnibus test and that of each term */
    size_t n_contrasts;
    const mtp_combination *contrasts;
    size_t n_margins;
    const mtp_combination *margins; /* marginal means */
    size_t n_predictions;
    const mtp_combination *predictions; /* rows of moderators */
    const double *weights;              /* [k] finite, > 0, in any unit; NULL (default):
                                           inverse variances. beta = (X'AX)^-1 X'A y then, and GENQ
                                           and GENQM take them for tau2; no diagnostics */
    mtp_robust_type robust;
    const size_t *cluster; /* [k] < n_clusters; with robust */
    size_t n_clusters;
    size_t n_levels;               /* 0: none, tau2 alone */
    const size_t *const *level_id; /* [n_levels][k], from the outermost; ids unique */
    const char *const *level_name; /* [n_levels] */
    mtp_level_df level_df;         /* of t: residual (default), contain */
    const mtp_moderators *scale;   /* log tau2_i = z_i'alpha; NULL: one tau2 */
    bool tau2_alone; /* neither standard error nor intervals of tau2 by inverse
                        variance, for fits by the thousand; default false */
} mtp_regress_options;

MTP_API void mtp_regress_options_init(mtp_regress_options *options, size_t size);

/** A coefficient or combination with its test of 0. */
typedef struct mtp_coefficient {
    const char *name;
    double estimate, se;
    double statistic, df; /* df NaN: normal; where robust: no test */
    double p, log_p;
    double ci_lower, ci_upper;
} mtp_coefficient;

typedef struct mtp_named_test {
    const char *name;
    mtp_test test;
} mtp_named_test;

/** The mean at given moderators with both intervals; NaN where there is none. */
typedef struct mtp_regress_prediction {
    const char *name;
    double estimate, se, df;
    double ci_lower, ci_upper;
    double pi_se, pi_df, pi_lower, pi_upper;
    struct {
        double estimate, ci_lower, ci_upper, pi_lower, pi_upper;
    } back; /* natural scale; NaN until the caller transforms */
} mtp_regress_prediction;

/** Variance inflation: of a column, or of all columns of a term (generalized: Fox &
 *  Monette (1992), J Am Stat Assoc 87:178-183, doi:10.1080/01621459.1992.10475190). */
typedef struct mtp_vif {
    const char *name;
    size_t columns;
    double vif;
    double sif; /* vif^(1 / (2 columns)) */
} mtp_vif;

/** A study against the fit. */
typedef struct mtp_regress_study {
    double fitted, fitted_se;
    double residual, residual_se, rstandard; /* y - fitted; internally studentized */
    double rstudent, rstudent_residual, rstudent_se; /* from the fit without the study;
                                                        NaN unless asked for */
    double hat;                                      /* leverage */
    double blup, blup_se, blup_lower, blup_upper;    /* x'beta + u: its true effect */
    double weight;                                   /* percent of sum w */
} mtp_regress_study;

/** A test by permutation of the rows of moderators (of the signs of y, where the
 *  intercept is all there is). Follmann & Proschan (1999), Biometrics 55:732-737,
 *  doi:10.1111/j.0006-341X.1999.00732.x; Higgins & Thompson (2004), Stat Med
 *  23:1663-1682, doi:10.1002/sim.1752. */
typedef struct mtp_permutation {
    size_t n;            /* arrangements taken, the observed one among them */
    bool exact;          /* they are all that there are */
    double arrangements; /* all distinct ones */
    uint64_t seed;
    double omnibus_p;
    const double *p; /* [p] of each coefficient, two-sided */
} mtp_permutation;

typedef struct mtp_regress_result {
    size_t k, p;
    bool exists; /* false: no finite estimate (glmm), see the notes */
    bool intercept;
    const mtp_coefficient *coefficient; /* [p] */
    const double *vcov;                 /* [p * p] of the coefficients, as tested */
    mtp_test omnibus; /* all coefficients but the intercept; of the intercept alone
                         where there is nothing else */
    size_t n_terms;
    const mtp_named_test *terms; /* each term of the formula */
    size_t n_tests;
    const mtp_named_test *tests;
    size_t n_contrasts;
    const mtp_coefficient *contrasts;
    size_t n_margins;
    const mtp_regress_prediction *margins;
    size_t n_predictions;
    const mtp_regress_prediction *predictions;
    size_t n_vif; /* columns but the intercept, then terms of more than one column */
    const mtp_vif *vif;
    mtp_heterogeneity heterogeneity; /* residual: Q with k - p degrees of freedom */
    double R2;        /* percent of tau2 that the moderators account for; NaN: none */
    double null_tau2; /* of the same rows without moderators; NaN: none */
    mtp_fit fit;
    double loglik_ml, loglik_reml; /* both, at tau2; NaN where not defined */
    double factor; /* Knapp-Hartung: sum w r^2 / (k - p), as used; else NaN */
    const mtp_regress_study *study;     /* [k], or NULL */
    const mtp_permutation *permutation; /* or NULL */
    mtp_robust_type robust;
    size_t n_clusters;
    size_t n_levels;
    const struct mtp_variance_component *levels; /* multilevel.h; NULL without */
    size_t n_scale;
    const mtp_coefficient *scale; /* alpha; tests are z or t as those of beta */
    mtp_test scale_omnibus;
    const double *tau2; /* [k] of each study, location-scale models; or NULL */
    mtp_notes notes;
    mtp_regress_options options; /* as used; last */
} mtp_regress_result;

/**
 * Fit a meta-regression.
 *
 * beta = (X'WX)^-1 X'W y, W = diag(1 / (vi + tau2)), tau2 by options->tau2 at its
 * global optimum; computed from a QR factorization of the weighted columns in double-
 * double, so that a design of full rank is answered however far its columns are from
 * orthogonal. Tests: z and chi-square (wald), t and F with k - p degrees of freedom
 * (t, hksj, hksj-adhoc); hksj multiplies the covariance by sum w r^2 / (k - p),
 * hksj-adhoc by that or 1. R2 = max(0, (tau2_0 - tau2) / tau2_0), tau2_0 of the same
 * rows without moderators.
 *
 * @param effects  k effects, those of moderators->k rows
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_regress_result_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (options); MTP_E_DATA: no studies, fewer than columns, a
 *         moderator that is not finite, a column that is a combination of others (named
 *         in the message; design.h names all of them); MTP_E_UNSUPPORTED; MTP_E_NOMEM
 * Sources: Berkey et al. (1995), Stat Med 14:395-411, doi:10.1002/sim.4780140406;
 * Knapp & Hartung (2003), Stat Med 22:2693-2710, doi:10.1002/sim.1482; Raudenbush
 * (2009) in The handbook of research synthesis and meta-analysis, 2nd ed. (R2).
 */
MTP_API mtp_status mtp_regress(const mtp_effects *effects,
                               const mtp_moderators *moderators,
                               const mtp_regress_options *options,
                               mtp_regress_result **result, mtp_error *err);
MTP_API void mtp_regress_result_free(mtp_regress_result *result);

#ifdef __cplusplus
}
#endif

#endif
