/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_BIAS_H
#define METAPOOL_BIAS_H

#include "metapool/regress.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file bias.h
 * Small-study effects: tests of asymmetry of the funnel, and what the studies say of
 * one without sampling error (limit estimate, PET-PEESE).
 *
 * Symbols: yi effects, vi their variances, ni patients (n1, n2 of two groups), X
 * events and M others of both groups together, N = X + M.
 *
 * Every function may be called from several threads at once on different results.
 */

/* X(enum, id, label). What each regresses on what:
 *
 *   egger       yi on the chosen predictor, weights 1 / vi; or the mixed model
 *   begg        rank correlation of (yi - mu) / sqrt(vi - 1 / sum(1 / vj)) with vi, mu
 *               the common effect
 *   peters      log odds ratio on 1 / N, weights X M / N
 *   harbord     Z / V on 1 / sqrt(V), weights V: score Z = O - E of the log odds ratio
 *               and its hypergeometric variance V
 *   macaskill   log odds ratio on N, weights X M / N (the pooled variance: FPV)
 *   deeks       log odds ratio on 1 / sqrt(E), weights E = 4 n1 n2 / (n1 + n2)
 *   thompson    yi on sqrt(vi), additive variance by moments (DL), t with k - 2 df
 *   pustejovsky yi on sqrt(1 / n1 + 1 / n2), weights 1 / vi
 *   schwarzer   rank correlation of (a - E(a)) / sqrt(V(a)) with 1 / V(a), a the events
 *               of group 1 given the margins at the odds ratio of Mantel-Haenszel
 *   rucker      arcsine difference on its standard error, otherwise as thompson
 *
 * Sources: Egger et al. (1997), doi:10.1136/bmj.315.7109.629; Begg & Mazumdar (1994),
 * doi:10.2307/2533446; Peters et al. (2006), doi:10.1001/jama.295.6.676; Harbord, Egger
 * & Sterne (2006), doi:10.1002/sim.2380; Macaskill, Walter & Irwig (2001),
 * doi:10.1002/sim.698; Deeks, Macaskill & Irwig (2005),
 * doi:10.1016/j.jclinepi.2005.01.016; Thompson & Sharp (1999),
 * doi:10.1002/(SICI)1097-0258(19991030)18:20<2693::AID-SIM235>3.0.CO;2-V; Pustejovsky &
 * Rodgers (2019), doi:10.1002/jrsm.1332; Schwarzer, Antes & Schumacher (2007),
 * doi:10.1002/sim.2588; Rucker, Schwarzer & Carpenter (2008), doi:10.1002/sim.2971. */
#define MTP_ASYMMETRY_LIST(X)                                                          \
    X(MTP_ASYMMETRY_EGGER, "egger", "Egger's regression")                              \
    X(MTP_ASYMMETRY_BEGG, "begg", "rank correlation of Begg and Mazumdar")             \
    X(MTP_ASYMMETRY_PETERS, "peters", "Peters' regression")                            \
    X(MTP_ASYMMETRY_HARBORD, "harbord", "Harbord's regression of the score")           \
    X(MTP_ASYMMETRY_MACASKILL, "macaskill", "Macaskill's regression")                  \
    X(MTP_ASYMMETRY_DEEKS, "deeks", "Deeks' regression")                               \
    X(MTP_ASYMMETRY_THOMPSON, "thompson", "regression of Thompson and Sharp")          \
    X(MTP_ASYMMETRY_PUSTEJOVSKY, "pustejovsky",                                        \
      "regression of Pustejovsky and Rodgers")                                         \
    X(MTP_ASYMMETRY_SCHWARZER, "schwarzer",                                            \
      "rank correlation of Schwarzer, Antes and Schumacher")                           \
    X(MTP_ASYMMETRY_RUCKER, "rucker",                                                  \
      "arcsine regression of R\303\274cker, Schwarzer and Carpenter")

/* X(enum, id, label) */
#define MTP_ASYMMETRY_MODEL_LIST(X)                                                    \
    X(MTP_ASYMMETRY_LM, "lm", "weighted regression, multiplicative variance")          \
    X(MTP_ASYMMETRY_MIXED, "mixed", "mixed-effects meta-regression")                   \
    X(MTP_ASYMMETRY_RANK, "rank", "rank correlation")

/* X(enum, id, label): predictors of egger. */
#define MTP_PREDICTOR_LIST(X)                                                          \
    X(MTP_PREDICTOR_SEI, "sei", "standard error")                                      \
    X(MTP_PREDICTOR_VI, "vi", "sampling variance")                                     \
    X(MTP_PREDICTOR_NI, "ni", "sample size")                                           \
    X(MTP_PREDICTOR_NINV, "ninv", "inverse of the sample size")                        \
    X(MTP_PREDICTOR_SQRTNI, "sqrtni", "square root of the sample size")                \
    X(MTP_PREDICTOR_SQRTNINV, "sqrtninv", "square root of the inverse sample size")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_asymmetry_test {
    MTP_ASYMMETRY_LIST(MTP_ENUM_ITEM) MTP_ASYMMETRY_COUNT
} mtp_asymmetry_test;
typedef enum mtp_asymmetry_model {
    MTP_ASYMMETRY_MODEL_LIST(MTP_ENUM_ITEM) MTP_ASYMMETRY_MODEL_COUNT
} mtp_asymmetry_model;
typedef enum mtp_predictor {
    MTP_PREDICTOR_LIST(MTP_ENUM_ITEM) MTP_PREDICTOR_COUNT
} mtp_predictor;
#undef MTP_ENUM_ITEM

/* Ids as typed and labels for people; _from_id: any case, -1 if none. */
MTP_API const char *mtp_asymmetry_id(mtp_asymmetry_test test);
MTP_API const char *mtp_asymmetry_label(mtp_asymmetry_test test);
MTP_API int mtp_asymmetry_from_id(const char *id);
MTP_API const char *mtp_asymmetry_model_id(mtp_asymmetry_model model);
MTP_API const char *mtp_asymmetry_model_label(mtp_asymmetry_model model);
MTP_API int mtp_asymmetry_model_from_id(const char *id);
MTP_API const char *mtp_predictor_id(mtp_predictor predictor);
MTP_API const char *mtp_predictor_label(mtp_predictor predictor);
MTP_API int mtp_predictor_from_id(const char *id);

typedef struct mtp_asymmetry_options {
    size_t size;               /* sizeof(mtp_asymmetry_options); set by _init */
    mtp_asymmetry_test test;   /* default egger */
    mtp_asymmetry_model model; /* egger, PET-PEESE: lm (default), mixed */
    mtp_predictor predictor;   /* egger: default sei */
    mtp_tau2_method tau2;      /* mixed: default REML */
    double tau2_value;         /* with MTP_TAU2_GIVEN: >= 0 */
    mtp_ci_method ci;          /* mixed: wald (default), t, hksj, hksj-adhoc */
    double level;              /* of limits, 0 < level < 1; default 0.95 */
    bool asymptotic;           /* begg: the normal approximation without ties too */
    const double *n;           /* [k] sample sizes, > 0; NULL (default): those of the
                                  effects */
    double alpha; /* PET-PEESE: two-sided level of PET's test; default 0.1 */
} mtp_asymmetry_options;

MTP_API void mtp_asymmetry_options_init(mtp_asymmetry_options *options, size_t size);

typedef struct mtp_asymmetry_result {
    mtp_asymmetry_test test;
    mtp_asymmetry_model model;
    const char *predictor; /* "sei", "1 / n", "standard error of the score"; static */
    size_t k;              /* studies used */
    double estimate, se;   /* slope of the predictor; Kendall's tau without se */
    double statistic, df;  /* t, or z with df NaN; exact: both NaN */
    double p, log_p;       /* two-sided */
    double ci_lower, ci_upper; /* of the slope; NaN for rank tests */
    bool exact;                /* begg: p by counting arrangements */
    mtp_coefficient limit;     /* the effect at predictor 0, on the analysis scale (of
                                  the log odds ratio, the arcsine difference); NaN where
                                  0 is not a study without error, and for rank tests */
    double dispersion;         /* lm: multiplicative variance; else NaN */
    double tau2;               /* mixed: residual; else NaN */
    mtp_notes notes;
    mtp_asymmetry_options options; /* as used; last */
} mtp_asymmetry_result;

/**
 * Whether a test applies to effects: MTP_OK, or MTP_E_UNSUPPORTED with the reason.
 * Ratios that need counts have them in effects->raw.
 */
MTP_API mtp_status mtp_asymmetry_applies(mtp_asymmetry_test test,
                                         const mtp_effects *effects, mtp_error *err);

/** The test for a measure unless another is asked for: harbord for odds ratios,
 *  pustejovsky for the standardized mean difference, egger for all others. */
MTP_API mtp_asymmetry_test mtp_asymmetry_default(mtp_measure measure);

/**
 * Test the funnel for asymmetry.
 *
 * Regressions are those of mtp_regress: lm is the common-effect model at the weights of
 * the test with its covariance times the residual variance and t with k - 2 degrees of
 * freedom, mixed any estimator and interval. Kendall's tau is tau-b; without ties p is
 * exact to 1,000 studies, else by the normal distribution with the variance that ties
 * leave (Kendall (1970), Rank correlation methods, 4th ed.).
 *
 * Studies in which nobody or everybody had the event say nothing to peters, harbord,
 * macaskill and schwarzer and are left out, with a note. Below ten studies a note says
 * what the Cochrane Handbook (version 6.4, section 13.3.5.4) does.
 *
 * @param effects  from mtp_effects_compute
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_asymmetry_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG (options); MTP_E_UNSUPPORTED, as mtp_asymmetry_applies, and
 *         for a predictor without sample sizes; MTP_E_DATA: fewer than three studies, a
 *         predictor that is the same in all studies, counts that are missing (err->line
 *         is the 1-based study); MTP_E_NOMEM
 */
MTP_API mtp_status mtp_asymmetry(const mtp_effects *effects,
                                 const mtp_asymmetry_options *options,
                                 mtp_asymmetry_result **result, mtp_error *err);
MTP_API void mtp_asymmetry_free(mtp_asymmetry_result *result);

/** A regression of PET-PEESE: the effect without sampling error, and the slope. */
typedef struct mtp_pet_peese_fit {
    mtp_coefficient estimate, slope;
    double dispersion, tau2; /* as in mtp_asymmetry_result */
} mtp_pet_peese_fit;

typedef struct mtp_pet_peese_result {
    size_t k;
    mtp_pet_peese_fit pet;    /* yi on sqrt(vi) */
    mtp_pet_peese_fit peese;  /* yi on vi */
    bool peese_chosen;        /* PET finds an effect, see below */
    mtp_coefficient estimate; /* of the chosen regression */
    mtp_notes notes;
    mtp_asymmetry_options options; /* as used; last */
} mtp_pet_peese_result;

/**
 * Precision-effect test and estimate with standard error: intercepts of the regressions
 * of egger on sqrt(vi) and vi. The conditional estimate is PEESE's where PET's estimate
 * differs from 0 (p < alpha, two-sided) in the direction of the common effect, else
 * PET's: the one-sided test at alpha / 2 of an effect whose direction the studies tell.
 *
 * @return as mtp_asymmetry
 * Sources: Stanley & Doucouliagos (2014), Res Synth Methods 5:60-78,
 * doi:10.1002/jrsm.1095; the level 0.1: Stanley (2017), Soc Psychol Personal Sci
 * 8:581-591, doi:10.1177/1948550617693062.
 */
MTP_API mtp_status mtp_pet_peese(const mtp_effects *effects,
                                 const mtp_asymmetry_options *options,
                                 mtp_pet_peese_result **result, mtp_error *err);
MTP_API void mtp_pet_peese_free(mtp_pet_peese_result *result);

#ifdef __cplusplus
}
#endif

#endif
