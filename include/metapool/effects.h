/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_EFFECTS_H
#define METAPOOL_EFFECTS_H

#include "metapool/export.h"
#include "metapool/measures.h"
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
