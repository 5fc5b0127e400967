/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_EFFECTS_H
#define METAPOOL_EFFECTS_H

#include "metapool/export.h"
#include "metapool/status.h"

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file effects.h
 * Measures: from what a study reports (counts, person-time, ready-made effects) to the
 * effect yi on the analysis scale and its sampling variance vi, and back again.
 *
 * Symbols: x events, n patients, t person-time, p = x / n, lambda = x / t.
 *
 * Threads: every function may be called from several threads at once on different
 * handles. A handle that nobody frees may be read by all of them.
 */

/* What a column of a study table can be. Y(X, NAME, option name, description): the
 * enumerator is MTP_ROLE_NAME, the option of the command line --option-name. Everything
 * that takes a column by role is made from this list; X is handed through. */
#define MTP_ROLE_LIST_WITH(Y, X)                                                       \
    Y(X, EVENTS, "events", "number of events")                                         \
    Y(X, EVENTS1, "events1", "number of events in group 1 (treated)")                  \
    Y(X, EVENTS2, "events2", "number of events in group 2 (control)")                  \
    Y(X, N, "n", "number of patients")                                                 \
    Y(X, MEAN, "mean", "mean")                                                         \
    Y(X, SD, "sd", "standard deviation of the values, not the standard error")         \
    Y(X, MEAN1, "mean1", "mean of group 1 (treated), or at time 1")                    \
    Y(X, SD1, "sd1", "standard deviation of group 1, or at time 1")                    \
    Y(X, N1, "n1", "number of patients in group 1 (treated)")                          \
    Y(X, MEAN2, "mean2", "mean of group 2 (control), or at time 2")                    \
    Y(X, SD2, "sd2", "standard deviation of group 2, or at time 2")                    \
    Y(X, N2, "n2", "number of patients in group 2 (control)")                          \
    Y(X, AUC, "auc",                                                                   \
      "probability that a value of group 1 is above one of group 2 (area under the "   \
      "curve)")                                                                        \
    Y(X, SD_CHANGE, "sd-change", "standard deviation of the changes within patients")  \
    Y(X, TIME, "time", "person-time at risk")                                          \
    Y(X, TIME1, "time1", "person-time at risk in group 1 (treated)")                   \
    Y(X, TIME2, "time2", "person-time at risk in group 2 (control)")                   \
    Y(X, CELL_A, "cell-a", "events in group 1; of pairs, with both events")            \
    Y(X, CELL_B, "cell-b", "no event in group 1; of pairs, event 1 alone")             \
    Y(X, CELL_C, "cell-c", "events in group 2; of pairs, event 2 alone")               \
    Y(X, CELL_D, "cell-d", "no event in group 2; of pairs, with neither event")        \
    Y(X, OE, "oe", "observed minus expected events in group 1 (log rank)")             \
    Y(X, VAR, "var", "variance of observed minus expected events")                     \
    Y(X, YI, "yi", "ready-made effect, with --vi, --sei or both limits")               \
    Y(X, VI, "vi", "sampling variance of the effect")                                  \
    Y(X, SEI, "sei", "standard error of the effect")                                   \
    Y(X, CI_LOWER, "ci-lower", "lower confidence limit of the effect")                 \
    Y(X, CI_UPPER, "ci-upper", "upper confidence limit of the effect")                 \
    Y(X, R, "r", "correlation")                                                        \
    Y(X, STAT, "stat",                                                                 \
      "test statistic: z of an effect, t of a correlation, coefficient or two means")  \
    Y(X, P, "p", "two-sided p-value of a ready-made effect (a z test)")                \
    Y(X, PREDICTORS, "predictors", "number of predictors of a regression")             \
    Y(X, R2, "r2", "coefficient of determination of a regression")                     \
    Y(X, ALPHA, "alpha", "Cronbach's alpha")                                           \
    Y(X, ITEMS, "items", "number of items of an instrument")                           \
    Y(X, ESTIMATE, "estimate",                                                         \
      "ready-made ratio, with its limits, or --sei or --vi of its logarithm")          \
    Y(X, SE, "se", "standard error of the mean")                                       \
    Y(X, MEDIAN, "median", "median")                                                   \
    Y(X, Q1, "q1", "lower quartile")                                                   \
    Y(X, Q3, "q3", "upper quartile")                                                   \
    Y(X, MIN, "min", "smallest value")                                                 \
    Y(X, MAX, "max", "largest value")                                                  \
    Y(X, SE1, "se1", "standard error of the mean, group 1")                            \
    Y(X, MEDIAN1, "median1", "median, group 1")                                        \
    Y(X, Q1_1, "q1-1", "lower quartile, group 1")                                      \
    Y(X, Q3_1, "q3-1", "upper quartile, group 1")                                      \
    Y(X, MIN1, "min1", "smallest value, group 1")                                      \
    Y(X, MAX1, "max1", "largest value, group 1")                                       \
    Y(X, SE2, "se2", "standard error of the mean, group 2")                            \
    Y(X, MEDIAN2, "median2", "median, group 2")                                        \
    Y(X, Q1_2, "q1-2", "lower quartile, group 2")                                      \
    Y(X, Q3_2, "q3-2", "upper quartile, group 2")                                      \
    Y(X, MIN2, "min2", "smallest value, group 2")                                      \
    Y(X, MAX2, "max2", "largest value, group 2")

/* The same as X(NAME, option name, description). */
#define MTP_ROLE_PLAIN(X, name, id, text) X(name, id, text)
#define MTP_ROLE_LIST(X)                  MTP_ROLE_LIST_WITH(MTP_ROLE_PLAIN, X)

typedef enum mtp_role {
#define MTP_ROLE_ENUM(name, id, text) MTP_ROLE_##name,
    MTP_ROLE_LIST(MTP_ROLE_ENUM)
#undef MTP_ROLE_ENUM
        MTP_ROLE_COUNT
} mtp_role;

/* X(enum, code): the measures, in metafor's codes, family by family. */
#define MTP_MEASURES_GENERIC(X) X(MTP_GEN, "GEN")
#define MTP_MEASURES_READY(X)   X(MTP_HR, "HR")
#define MTP_MEASURES_PROPORTION(X)                                                     \
    X(MTP_PR, "PR")                                                                    \
    X(MTP_PLN, "PLN")                                                                  \
    X(MTP_PLO, "PLO")                                                                  \
    X(MTP_PRZ, "PRZ")                                                                  \
    X(MTP_PAS, "PAS")                                                                  \
    X(MTP_PFT, "PFT")
#define MTP_MEASURES_RATE(X)                                                           \
    X(MTP_IR, "IR")                                                                    \
    X(MTP_IRLN, "IRLN")                                                                \
    X(MTP_IRS, "IRS")                                                                  \
    X(MTP_IRFT, "IRFT")
#define MTP_MEASURES_CORRELATION(X)                                                    \
    X(MTP_COR, "COR")                                                                  \
    X(MTP_UCOR, "UCOR")                                                                \
    X(MTP_ZCOR, "ZCOR")
#define MTP_MEASURES_PARTIAL(X)                                                        \
    X(MTP_PCOR, "PCOR")                                                                \
    X(MTP_ZPCOR, "ZPCOR")
#define MTP_MEASURES_SEMIPARTIAL(X)                                                    \
    X(MTP_SPCOR, "SPCOR")                                                              \
    X(MTP_ZSPCOR, "ZSPCOR")
#define MTP_MEASURES_DETERMINATION(X)                                                  \
    X(MTP_R2, "R2")                                                                    \
    X(MTP_ZR2, "ZR2")
#define MTP_MEASURES_RELIABILITY(X)                                                    \
    X(MTP_ARAW, "ARAW")                                                                \
    X(MTP_AHW, "AHW")                                                                  \
    X(MTP_ABT, "ABT")
#define MTP_MEASURES_ONE_MEAN(X)                                                       \
    X(MTP_MN, "MN")                                                                    \
    X(MTP_MNLN, "MNLN")                                                                \
    X(MTP_SMN, "SMN")                                                                  \
    X(MTP_CVLN, "CVLN")
#define MTP_MEASURES_ONE_SD(X) X(MTP_SDLN, "SDLN")
#define MTP_MEASURES_TWO_MEANS(X)                                                      \
    X(MTP_MD, "MD")                                                                    \
    X(MTP_ROM, "ROM")                                                                  \
    X(MTP_CVR, "CVR")
#define MTP_MEASURES_TWO_SDS(X) X(MTP_VR, "VR")
#define MTP_MEASURES_STANDARDIZED(X)                                                   \
    X(MTP_SMD, "SMD")                                                                  \
    X(MTP_SMDH, "SMDH")                                                                \
    X(MTP_SMD1H, "SMD1H")
#define MTP_MEASURES_STANDARDIZED_BY_SD2(X) X(MTP_SMD1, "SMD1")
#define MTP_MEASURES_CONVERTED(X)                                                      \
    X(MTP_RPB, "RPB")                                                                  \
    X(MTP_ZPB, "ZPB")                                                                  \
    X(MTP_RBIS, "RBIS")                                                                \
    X(MTP_ZBIS, "ZBIS")                                                                \
    X(MTP_D2OR, "D2OR")                                                                \
    X(MTP_D2ORN, "D2ORN")                                                              \
    X(MTP_D2ORL, "D2ORL")
#define MTP_MEASURES_SUPERIORITY(X)                                                    \
    X(MTP_CLES, "CLES")                                                                \
    X(MTP_AUC, "AUC")
#define MTP_MEASURES_SUPERIORITY_NORMAL(X)                                             \
    X(MTP_CLESN, "CLESN")                                                              \
    X(MTP_AUCN, "AUCN")
#define MTP_MEASURES_CHANGE(X)                                                         \
    X(MTP_SMCRH, "SMCRH")                                                              \
    X(MTP_SMCRP, "SMCRP")                                                              \
    X(MTP_SMCRPH, "SMCRPH")                                                            \
    X(MTP_ROMC, "ROMC")                                                                \
    X(MTP_CVRC, "CVRC")
#define MTP_MEASURES_CHANGE_DIFFERENCE(X)                                              \
    X(MTP_MC, "MC")                                                                    \
    X(MTP_SMCC, "SMCC")
#define MTP_MEASURES_CHANGE_BY_FIRST(X) X(MTP_SMCR, "SMCR")
#define MTP_MEASURES_CHANGE_SPREAD(X)   X(MTP_VRC, "VRC")
#define MTP_MEASURES_TWO_COUNTS(X)                                                     \
    X(MTP_OR, "OR")                                                                    \
    X(MTP_RR, "RR")                                                                    \
    X(MTP_RD, "RD")                                                                    \
    X(MTP_AS, "AS")                                                                    \
    X(MTP_PETO, "PETO")                                                                \
    X(MTP_PHI, "PHI")                                                                  \
    X(MTP_ZPHI, "ZPHI")                                                                \
    X(MTP_YUQ, "YUQ")                                                                  \
    X(MTP_YUY, "YUY")                                                                  \
    X(MTP_RTET, "RTET")                                                                \
    X(MTP_ZTET, "ZTET")                                                                \
    X(MTP_PBIT, "PBIT")                                                                \
    X(MTP_OR2D, "OR2D")                                                                \
    X(MTP_OR2DN, "OR2DN")                                                              \
    X(MTP_OR2DL, "OR2DL")
#define MTP_MEASURES_PAIRED_CELLS(X)                                                   \
    X(MTP_MPRD, "MPRD")                                                                \
    X(MTP_MPRR, "MPRR")                                                                \
    X(MTP_MPOR, "MPOR")                                                                \
    X(MTP_MPORC, "MPORC")                                                              \
    X(MTP_MPPETO, "MPPETO")
#define MTP_MEASURES_PAIRED_MARGINS(X) X(MTP_MPORM, "MPORM")
#define MTP_MEASURES_TWO_RATES(X)                                                      \
    X(MTP_IRR, "IRR")                                                                  \
    X(MTP_IRD, "IRD")                                                                  \
    X(MTP_IRSD, "IRSD")
#define MTP_MEASURES_OE(X) X(MTP_OE, "OE")

#define MTP_MEASURE_LIST(X)                                                            \
    MTP_MEASURES_GENERIC(X)                                                            \
    MTP_MEASURES_READY(X)                                                              \
    MTP_MEASURES_PROPORTION(X)                                                         \
    MTP_MEASURES_RATE(X)                                                               \
    MTP_MEASURES_TWO_COUNTS(X)                                                         \
    MTP_MEASURES_PAIRED_CELLS(X)                                                       \
    MTP_MEASURES_PAIRED_MARGINS(X)                                                     \
    MTP_MEASURES_TWO_RATES(X)                                                          \
    MTP_MEASURES_OE(X)                                                                 \
    MTP_MEASURES_ONE_MEAN(X)                                                           \
    MTP_MEASURES_ONE_SD(X)                                                             \
    MTP_MEASURES_TWO_MEANS(X)                                                          \
    MTP_MEASURES_TWO_SDS(X)                                                            \
    MTP_MEASURES_STANDARDIZED(X)                                                       \
    MTP_MEASURES_STANDARDIZED_BY_SD2(X)                                                \
    MTP_MEASURES_CONVERTED(X)                                                          \
    MTP_MEASURES_SUPERIORITY(X)                                                        \
    MTP_MEASURES_SUPERIORITY_NORMAL(X)                                                 \
    MTP_MEASURES_CHANGE(X)                                                             \
    MTP_MEASURES_CHANGE_DIFFERENCE(X)                                                  \
    MTP_MEASURES_CHANGE_BY_FIRST(X)                                                    \
    MTP_MEASURES_CHANGE_SPREAD(X)                                                      \
    MTP_MEASURES_CORRELATION(X)                                                        \
    MTP_MEASURES_PARTIAL(X)                                                            \
    MTP_MEASURES_SEMIPARTIAL(X)                                                        \
    MTP_MEASURES_DETERMINATION(X)                                                      \
    MTP_MEASURES_RELIABILITY(X)

typedef enum mtp_measure {
#define MTP_MEASURE_ENUM(name, code) name,
    MTP_MEASURE_LIST(MTP_MEASURE_ENUM)
#undef MTP_MEASURE_ENUM
        MTP_MEASURE_COUNT
} mtp_measure;

/** What kind of raw data a measure is made of. */
typedef enum mtp_input_kind {
    MTP_INPUT_GENERIC,         /* yi with vi, sei or limits */
    MTP_INPUT_RATIO,           /* a ratio with limits, or its logarithm as yi */
    MTP_INPUT_EVENTS_N,        /* one group: events, n */
    MTP_INPUT_EVENTS_TIME,     /* one group: events, time */
    MTP_INPUT_TWO_EVENTS_N,    /* two groups: events and n of each, or cells a to d */
    MTP_INPUT_TWO_EVENTS_TIME, /* two groups: events and time of each */
    MTP_INPUT_PAIRED_CELLS,    /* matched pairs: cells a to d */
    MTP_INPUT_PAIRED_MARGINS,  /* matched pairs: events and n of each margin, their r */
    MTP_INPUT_OE,              /* observed minus expected events, their variance */
    MTP_INPUT_MEAN,            /* one group: mean, sd, n */
    MTP_INPUT_MEANS,           /* two groups: mean, sd and n of each */
    MTP_INPUT_SUPERIORITY,     /* two groups: probability of superiority, n of each */
    MTP_INPUT_CHANGE,          /* one group measured twice: means, sds, their r, n */
    MTP_INPUT_CORRELATION,     /* r, n */
    MTP_INPUT_PARTIAL,         /* r, predictors, n */
    MTP_INPUT_SEMIPARTIAL,     /* r, r2, n */
    MTP_INPUT_R2,              /* r2, predictors, n */
    MTP_INPUT_ALPHA,           /* alpha, items, n */
} mtp_input_kind;

/** A row of the measure registry. All text is static, UTF-8. */
typedef struct mtp_measure_info {
    mtp_measure measure;
    const char *code;    /* "PLO" */
    const char *name;    /* "logit-transformed proportion" */
    const char *scale;   /* analysis scale: "logit", "log rate", "as given" */
    const char *natural; /* what the back-transformed figure is: "proportion" */
    const char *inverse; /* name of the back-transform: "inverse logit" */
    mtp_input_kind input;
    int groups; /* arms, or times, that a study compares: 0 for ready-made effects, 1, 2
                 */
    bool glmm;  /* a generalized linear mixed model exists for it */
    double lower; /* range of the natural scale: [lower, upper]; infinite: none */
    double upper;
    const char *yi;     /* formula of yi in plain ASCII */
    const char *vi;     /* formula of vi in plain ASCII */
    const char *source; /* authors (year), DOI */
    double add;         /* default correction of empty cells: 0.5, or 0 where yi and vi
                           exist without one (PAS, AS, PHI and others) */
    unsigned vtypes;    /* bit 1 << v: it has the sampling variance v besides LS */
    bool bias_correction; /* yi is corrected for small samples, unless told not to */
    bool ratio;           /* the logarithm of a ratio, which may come ready-made */
    double no_difference; /* two groups that do not differ, on the analysis scale */
} mtp_measure_info;

/** Registry row of a measure; never NULL for a valid enumerator. */
MTP_API const mtp_measure_info *mtp_measure_get(mtp_measure measure);

/** Registry row by metafor's code, in any case; NULL if there is none. */
MTP_API const mtp_measure_info *mtp_measure_from_code(const char *code);

/** The option name of a role ("ci-lower"). */
MTP_API const char *mtp_role_id(mtp_role role);

/** Whether the values of a role add up over studies: counts, sizes, times, O - E. */
MTP_API bool mtp_role_adds_up(mtp_role role);

/**
 * The raw data that a measure is computed from, in the order in which people print
 * them.
 * @param n  out: how many roles; 0 where effects come ready-made
 */
MTP_API const mtp_role *mtp_measure_columns(mtp_measure measure, size_t *n);

/** Whether a measure reads a role: from it yi and vi are computed or can be derived. */
MTP_API bool mtp_measure_reads(mtp_measure measure, mtp_role role);

/**
 * Zero-cell rule: to which studies `add` is added. The cells are x and n - x (n grows
 * by 2 add) of each group, the four of pairs, or x alone for rates.
 */
typedef enum mtp_add_to {
    MTP_ADD_ONLY0,  /* to studies with an empty cell */
    MTP_ADD_ALL,    /* to all studies */
    MTP_ADD_IF0ALL, /* to all studies when any of them has an empty cell */
    MTP_ADD_NONE,
} mtp_add_to;

/* Sampling variances, as metafor names them. X(NAME, id, label); a measure has LS and
 * those of mtp_measure_info.vtypes. */
#define MTP_VTYPE_LIST(X)                                                              \
    X(LS, "LS", "large-sample: each study its own figures")                            \
    X(UB, "UB", "unbiased")                                                            \
    X(AV, "AV", "from the average over all studies")                                   \
    X(LS2, "LS2", "large-sample, second form")                                         \
    X(HO, "HO", "large-sample, the same variance in both groups")                      \
    X(AVHO, "AVHO",                                                                    \
      "the same variance in both groups, from the average over all studies")           \
    X(AV2, "AV2", "second form, from the average over all studies")                    \
    X(ST, "ST", "groups drawn by design (stratified)")                                 \
    X(CS, "CS", "the whole table drawn as one sample (cross-sectional)")

typedef enum mtp_vtype {
#define MTP_VTYPE_ENUM(name, id, label) MTP_VTYPE_##name,
    MTP_VTYPE_LIST(MTP_VTYPE_ENUM)
#undef MTP_VTYPE_ENUM
        MTP_VTYPE_COUNT
} mtp_vtype;

/** Id ("UB") and label of a sampling variance. */
MTP_API const char *mtp_vtype_id(mtp_vtype vtype);
MTP_API const char *mtp_vtype_label(mtp_vtype vtype);

typedef struct mtp_effects_options {
    size_t size; /* sizeof(mtp_effects_options); set by _init */
    mtp_measure measure;
    double add;    /* >= 0; default NaN: the measure's own, mtp_measure_info.add */
    mtp_add_to to; /* default MTP_ADD_ONLY0, as in metafor */
    mtp_vtype vtype;
    double
        input_level; /* confidence level of given limits, 0 < level < 1; default 0.95 */
    bool allow_fractional; /* accept counts that are not whole numbers */
    bool correct; /* correct the bias of small samples, where the measure's is known;
                     default true */
    bool tacc;    /* in place of `add`: the treatment-arm correction, which adds to the
                     cells of each arm its share of the patients (or person-time) of both;
                     Sweeting et al. (2004), Stat Med 23:1351, doi:10.1002/sim.1761 */
} mtp_effects_options;

/**
 * Set every option to its default.
 * @param size  of the caller's struct, sizeof *options; kept in options->size, so that
 *              a library with more options stays inside it. Options that no _init has
 *              seen (size 0) are refused with MTP_E_ARG.
 */
MTP_API void mtp_effects_options_init(mtp_effects_options *options, size_t size);

/**
 * Raw data of k studies by role: column[role] is NULL or [k] numbers, NaN where a study
 * lacks one: what is lacking is derived from its other columns where a rule exists.
 * The arrays belong to the caller and must outlive what is made from them.
 */
typedef struct mtp_raw {
    size_t size; /* sizeof(mtp_raw) */
    size_t k;
    const double *column[MTP_ROLE_COUNT];
} mtp_raw;

/** Effects of k studies. Owned by the handle; read through const pointers. */
typedef struct mtp_effects {
    const mtp_measure_info *measure;
    size_t k;
    const double *yi;               /* [k] effect on the analysis scale */
    const double *vi;               /* [k] sampling variance, > 0 */
    const unsigned char *corrected; /* [k] 1 where `add` was added to the cells */
    const mtp_raw
        *raw; /* the raw data, uncorrected, completed where something was derived */
    mtp_notes notes; /* row = 1-based study index */
    const char *const
        *origin; /* [k] what stands for raw data in study i, such as "sei
                    from ci-lower, ci-upper; vi from sei"; NULL: its own */
    const double *events, *n, *time; /* [k] each, all groups of a study together (pairs
                                        once); NULL: the measure has no such data */
} mtp_effects;

/**
 * Effects and sampling variances of k studies.
 *
 * What a study lacks is derived from what it has, and effects->origin says how. Raw
 * data come first; of ready-made effects each study takes the first of vi, sei, limits,
 * stat and p that it has: vi = sei^2, sei = (upper - lower) / (2 z) at input_level, yi
 * / z, |yi| / z(1 - p / 2). Ratios (estimate and its limits) enter as logarithms. Means
 * and standard deviations come from quantiles (Luo et al. 2018, Wan et al. 2014, Shi et
 * al. 2020) or sd = se sqrt(n), correlations and standardized differences from t.
 *
 * @param options  NULL for the defaults (GEN)
 * @param raw      the columns that the measure needs; see the registry
 * @param effects  out, freed with mtp_effects_free; untouched on failure
 * @param err      on MTP_E_DATA err->line is the 1-based study, err->column the role
 * @return MTP_OK; MTP_E_ARG if a needed column is missing, an option is out of range or
 *         a size was not set; MTP_E_DATA for no studies, and for the first study with
 *         an impossible value (events > n, n <= 0, vi <= 0, fractional counts,
 *         infinite, NaN), or whose effect does not exist without a correction;
 *         MTP_E_NOMEM
 *
 * Notes: zero_cells_corrected, se_from_limits, asymmetric_limits, se_from_test,
 * effect_from_statistic, sd_from_se, mean_estimated, sd_estimated, skewed, not_defined.
 *
 * Source: the definitions of Viechtbauer (2010), J Stat Softw 36(3),
 * doi:10.18637/jss.v036.i03; each measure's own in the registry.
 */
MTP_API mtp_status mtp_effects_compute(const mtp_effects_options *options,
                                       const mtp_raw *raw, mtp_effects **effects,
                                       mtp_error *err);
MTP_API void mtp_effects_free(mtp_effects *effects);

/**
 * Whether study i of raw data that may lack values (NaN) has what a measure needs.
 * @param lacking  out where it has not: the first role that no value stands for
 */
MTP_API bool mtp_effects_can_use(mtp_measure measure, const mtp_raw *raw, size_t i,
                                 mtp_role *lacking);

/**
 * Whether study i says nothing about the effect of options->measure, though its values
 * are possible: no event in either group, for a ratio of risks. Its effect would be
 * what a zero-cell correction makes of it. It is for the caller to leave it out:
 * mtp_effects_compute computes what it is given. All measures of two groups of counts,
 * of pairs and of two rates have such studies, but RD, AS, MPRD, IRD and IRSD.
 * @param options  NULL for the defaults
 * @param raw      raw data that may lack values (NaN)
 * @param why      out where true, static text ("no event in either group"); may be NULL
 */
MTP_API bool mtp_effects_is_uninformative(const mtp_effects_options *options,
                                          const mtp_raw *raw, size_t i,
                                          const char **why);

/** The n (or t) at which a Freeman-Tukey estimate is transformed back. */
typedef enum mtp_ft_n {
    MTP_FT_HARMONIC, /* default */
    MTP_FT_GEOMETRIC,
    MTP_FT_ARITHMETIC,
    MTP_FT_INVERSE_VARIANCE, /* 1 / (4 v), v the variance of the pooled estimate */
} mtp_ft_n;

/**
 * From the analysis scale to the natural scale. Results are kept within the natural
 * range of the registry: a limit of a raw proportion below 0 gives 0, clipped.
 * PFT: Miller (1978), Am Stat 32:138, doi:10.1080/00031305.1978.10479283.
 *
 * @param y    value on the analysis scale; NaN gives NaN, infinities their limits
 * @param ft_n n (PFT) or t (IRFT) of the back-transform; ignored by other measures
 * @param clipped  set to true when y lay outside the transform's range and was moved to
 *                 its end; otherwise left alone; may be NULL
 */
MTP_API double mtp_back_transform(mtp_measure measure, double y, double ft_n,
                                  bool *clipped);

/**
 * The n of the Freeman-Tukey back-transform of pooled sample sizes (or person-times):
 *   harmonic          k / sum(1 / n)
 *   geometric         exp(sum(log n) / k)
 *   arithmetic        sum n / k
 *   inverse variance  1 / (4 v), v the variance of the pooled estimate
 * Sources: the harmonic mean Miller (1978), Am Stat 32:138,
 * doi:10.1080/00031305.1978.10479283; 1 / (4 v) follows from the variance 1 / (4 n + 2)
 * of the half angle (in PFT's definition here), without its 2: Barendregt et al.
 * (2013), J Epidemiol Community Health 67:974-978, doi:10.1136/jech-2013-203104.
 *
 * @param k                >= 1
 * @param n                [k] sizes or times, > 0; not read for inverse variance
 * @param pooled_variance  of the pooled estimate on the analysis scale, > 0; read for
 *                         inverse variance alone
 */
MTP_API double mtp_ft_pooled_n(mtp_ft_n kind, size_t k, const double n[],
                               double pooled_variance);

/**
 * From the natural to the analysis scale (the inverse of mtp_back_transform). NaN
 * outside the natural range; infinite where the transform is (logit of 0).
 */
MTP_API double mtp_forward_transform(mtp_measure measure, double natural, double ft_n);

/**
 * Wilson score interval of a proportion.
 *   centre = (x + z^2/2) / (n + z^2), half = z / (n + z^2) sqrt(x (n - x) / n + z^2 /
 * 4) Source: Wilson (1927), J Am Stat Assoc 22:209-212,
 * doi:10.1080/01621459.1927.10502953.
 * @param x      events, 0 <= x <= n
 * @param n      patients, > 0
 * @param level  confidence level, 0 < level < 1
 */
MTP_API void mtp_wilson_interval(double x, double n, double level, double *lower,
                                 double *upper);

/**
 * Exact Poisson interval of a rate, a = 1 - level, chi2(p; df) the quantile:
 *   [chi2(a / 2; 2 x) / (2 t), chi2(1 - a / 2; 2 x + 2) / (2 t)], from 0 when x = 0.
 * Source: Garwood (1936), Biometrika 28:437-442, doi:10.1093/biomet/28.3-4.437.
 * @param x      events, >= 0
 * @param time   person-time t, > 0; the limits are per unit of it
 * @param level  confidence level, 0 < level < 1
 */
MTP_API void mtp_poisson_interval(double x, double time, double level, double *lower,
                                  double *upper);

#ifdef __cplusplus
}
#endif

#endif
