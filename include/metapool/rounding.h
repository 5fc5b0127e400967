/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_ROUNDING_H
#define METAPOOL_ROUNDING_H

#include "metapool/pool.h"
#include "metapool/regress.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file rounding.h
 * What the rounding of printed inputs alone can do to the figures of a pooling or a
 * regression: each input lies within half a unit of its last printed place, and
 * everything is fitted anew.
 *
 * Threads: as pool.h.
 */

/* X(enum, id, label) */
#define MTP_ROUNDING_WAY_LIST(X)                                                       \
    X(MTP_ROUNDING_BOUNDS, "bounds", "smallest and largest value, by search")          \
    X(MTP_ROUNDING_DRAWS, "draws", "percentiles of random inputs")

/* The figures of a pooled set. X(enum, id, label) */
#define MTP_ROUNDED_LIST(X)                                                            \
    X(MTP_ROUNDED_COMMON, "common_estimate", "Common effect")                          \
    X(MTP_ROUNDED_COMMON_LOWER, "common_ci_lower", "  lower limit")                    \
    X(MTP_ROUNDED_COMMON_UPPER, "common_ci_upper", "  upper limit")                    \
    X(MTP_ROUNDED_COMMON_P, "common_p", "  p")                                         \
    X(MTP_ROUNDED_RANDOM, "random_estimate", "Random effects")                         \
    X(MTP_ROUNDED_RANDOM_LOWER, "random_ci_lower", "  lower limit")                    \
    X(MTP_ROUNDED_RANDOM_UPPER, "random_ci_upper", "  upper limit")                    \
    X(MTP_ROUNDED_RANDOM_P, "random_p", "  p")                                         \
    X(MTP_ROUNDED_PI_LOWER, "pi_lower", "Prediction, lower")                           \
    X(MTP_ROUNDED_PI_UPPER, "pi_upper", "Prediction, upper")                           \
    X(MTP_ROUNDED_TAU2, "tau2", "tau^2")                                               \
    X(MTP_ROUNDED_I2, "I2", "I^2, %")                                                  \
    X(MTP_ROUNDED_Q, "Q", "Q")                                                         \
    X(MTP_ROUNDED_Q_P, "Q_p", "p of Q")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_rounding_way {
    MTP_ROUNDING_WAY_LIST(MTP_ENUM_ITEM) MTP_ROUNDING_WAY_COUNT
} mtp_rounding_way;
typedef enum mtp_rounded {
    MTP_ROUNDED_LIST(MTP_ENUM_ITEM) MTP_ROUNDED_COUNT
} mtp_rounded;
#undef MTP_ENUM_ITEM

/* Ids and labels for people; _from_id: any case, -1 if none. */
MTP_API const char *mtp_rounding_way_id(mtp_rounding_way way);
MTP_API const char *mtp_rounding_way_label(mtp_rounding_way way);
MTP_API int mtp_rounding_way_from_id(const char *id);
MTP_API const char *mtp_rounded_id(mtp_rounded figure);
MTP_API const char *mtp_rounded_label(mtp_rounded figure);
MTP_API int mtp_rounded_from_id(const char *id);

/** Whether the values of a role are counts, which were never rounded: events, patients,
 *  cells, predictors, items. */
MTP_API bool mtp_role_is_count(mtp_role role);

typedef struct mtp_rounding_options {
    size_t size;          /* sizeof(mtp_rounding_options); set by _init */
    mtp_rounding_way way; /* default bounds */
    size_t draws;         /* draws: 1 .. 1000000; default 10000 */
    size_t starts;        /* bounds: corners drawn at random that the search looks at
                             first, 1 .. 100000; default 64 */
    uint64_t seed;        /* default 20240618 */
    unsigned threads;     /* default 1; never changes a bit of the result */
} mtp_rounding_options;

MTP_API void mtp_rounding_options_init(mtp_rounding_options *options, size_t size);

/** A figure of the inputs as printed, and of those that they may have been. NaN: there
 *  is none; a figure that the inputs as printed do not have has no bounds. */
typedef struct mtp_rounding_range {
    double value;
    double lower, upper; /* bounds: smallest and largest; draws: 2.5, 97.5 percentile */
    double median;       /* draws; else NaN */
} mtp_rounding_range;

typedef struct mtp_rounding_set {
    const char *name;                             /* subgroup; NULL: overall */
    mtp_rounding_range figure[MTP_ROUNDED_COUNT]; /* analysis scale */
    mtp_rounding_range back[MTP_ROUNDED_COUNT];   /* natural scale: estimates, limits */
} mtp_rounding_set;

/** A test: chi2 or F with its p. */
typedef struct mtp_rounding_test {
    const char *name; /* of a regression's test; else NULL */
    mtp_rounding_range statistic, p;
} mtp_rounding_test;

typedef struct mtp_rounding_coefficient {
    const char *name;
    mtp_rounding_range estimate, se, lower, upper, statistic, p;
} mtp_rounding_coefficient;

/** A marginal mean or a prediction. */
typedef struct mtp_rounding_prediction {
    const char *name;
    mtp_rounding_range estimate, se, lower, upper, pi_lower, pi_upper;
    struct {
        mtp_rounding_range estimate, lower, upper, pi_lower, pi_upper;
    } back; /* natural scale */
} mtp_rounding_prediction;

/** Of more marginal means and predictions together there are no bounds. */
enum { MTP_ROUNDING_PREDICTIONS_MAX = 100 };

/** The figures of a regression, as in mtp_regress_result. */
typedef struct mtp_rounding_regression {
    size_t n_coefficients, n_contrasts, n_scale, n_terms, n_tests;
    const mtp_rounding_coefficient *coefficient, *contrasts, *scale;
    const mtp_rounding_test *terms, *tests;
    mtp_rounding_test omnibus, scale_omnibus;
    mtp_rounding_range tau2, I2, R2, Q, Q_p;
    size_t n_margins, n_predictions; /* 0 where they are too many: a note says so */
    const mtp_rounding_prediction *margins, *predictions;
} mtp_rounding_regression;

typedef struct mtp_rounding_result {
    size_t n_sets; /* overall, then the subgroups; 0 of a regression */
    const mtp_rounding_set *set;
    struct {
        mtp_rounding_test common, random, within; /* NaN without subgroups */
    } between;
    const mtp_rounding_regression *regression; /* NULL of a pooling */
    size_t n_inputs;  /* printed figures that were moved, and have a part in a figure */
    size_t fits;      /* made in all */
    size_t failed;    /* of them, that lack a figure which the inputs as printed have */
    size_t n_clipped; /* studies that could not be moved all the way */
    const unsigned char *clipped; /* [k] 1: one of these */
    mtp_notes notes;
    mtp_rounding_options options; /* as used; last, since it grows with the versions */
} mtp_rounding_result;

/**
 * What rounding can explain. An input x printed with half unit h was anything in
 * [x - h, x + h], each independently of the others.
 *
 * Bounds: the smallest and largest of every figure are searched for, each by itself.
 * All inputs are moved one by one to both ends; the corner that the signs of these
 * steps point to is exact for a figure that is monotone in each input. From there one
 * input after the other is moved to the other end, or to the vertex of the parabola
 * through both ends, where that lies between them and beyond both, as long as that
 * helps; where an input moved that the steps had shown to be monotone, the same from
 * the best of `starts` random corners. Tests of three subgroups and more, and of two
 * coefficients and more, are smallest between the corners: from where that ended, they
 * go down by projected gradients; where subgroups with a tau2 of their own have bounds
 * of their means that overlap, the smallest statistic is 0. So bounds are reached by
 * inputs that can be, and a wider one may exist where a figure is far from monotone. A
 * p-value whose statistic takes both signs reaches 1.
 *
 * Draws: inputs uniform in [x - h, x + h].
 *
 * Counts stay (mtp_role_is_count), and so do moderators. Where the moved inputs of a
 * study are impossible (limits that meet, a standard error of 0), those of that study
 * go back towards the printed ones, by 1/64, 1/32, ... 1/2, 3/4 of the way, or all of
 * it: note rounding_clipped.
 *
 * @param raw       the data as printed, as for mtp_effects_compute
 * @param half      by role: [k] half units, 0 or NaN where a figure is exact; NULL: all
 *                  are. Roles with the same array are one column, and move together
 * @param how       what effects are computed with; NULL: the defaults
 * @param grouping  as of mtp_pool; NULL: no subgroups
 * @param pool      as of mtp_pool; NULL: the defaults
 * @param options   NULL: the defaults
 * @param result    out, freed with mtp_rounding_free; untouched on failure
 * @return MTP_OK, also where no input can move (n_inputs 0: all ranges are points);
 *         MTP_E_ARG: an option, half < 0 or infinite; MTP_E_UNSUPPORTED: the
 *         prediction nnf, which draws numbers of its own; as mtp_effects_compute and
 *         mtp_pool of the data as printed; MTP_E_NOMEM
 * Cost: bounds about 30 fits an input, for a subgroup those of its own studies, and
 * more for inputs that are not monotone; draws one fit each.
 */
MTP_API mtp_status mtp_rounding(const mtp_raw *raw,
                                const double *const half[MTP_ROLE_COUNT],
                                const mtp_effects_options *how,
                                const mtp_grouping *grouping,
                                const mtp_pool_options *pool,
                                const mtp_rounding_options *options,
                                mtp_rounding_result **result, mtp_error *err);

/**
 * The same of a regression: coefficients, contrasts, tests, marginal means, predictions
 * and heterogeneity.
 *
 * @param moderators  as of mtp_regress; exact
 * @param regress     as of mtp_regress; NULL: the defaults. Permutations and the
 *                    figures of each study are not made
 * @return as mtp_rounding, with mtp_regress in place of mtp_pool
 * Cost: bounds 10 to 15 fits an input and coefficient, 20 to 30 an input and
 * prediction.
 */
MTP_API mtp_status mtp_rounding_regress(const mtp_raw *raw,
                                        const double *const half[MTP_ROLE_COUNT],
                                        const mtp_effects_options *how,
                                        const mtp_moderators *moderators,
                                        const mtp_regress_options *regress,
                                        const mtp_rounding_options *options,
                                        mtp_rounding_result **result, mtp_error *err);
MTP_API void mtp_rounding_free(mtp_rounding_result *result);

/** How a column was printed. */
typedef struct mtp_rounding_column {
    mtp_role role;
    const char *expression; /* the column */
    int decimals;           /* of its longest number; negative: printed in tens, ... */
    bool stated;            /* the decimals were stated, not found in the table */
    bool exact;             /* counts, and what was stated to be exact */
} mtp_rounding_column;

/** The part of a bundle (analysis.h). */
typedef struct mtp_rounding_analysis {
    const mtp_rounding_result *result;
    size_t n_columns;
    const mtp_rounding_column *column; /* in the order of the roles */
} mtp_rounding_analysis;

#ifdef __cplusplus
}
#endif

#endif
