/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_COMPARE_H
#define METAPOOL_COMPARE_H

#include "metapool/pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file compare.h
 * The multiverse of pooling: every model, estimator of tau2, interval of the mean and
 * prediction interval that exists for the same studies, beside the analysis that was
 * chosen, and where the conclusion is another one. Specification curves: Simonsohn,
 * Simmons & Nelson (2020), Nat Hum Behav 4:1208-1214, doi:10.1038/s41562-020-0912-z.
 *
 * Every figure is the one that mtp_pool gives with the options of its row, to the last
 * bit, and no number of threads changes one.
 */

/* X(enum, id, label): where an interval lies. */
#define MTP_CONCLUSION_LIST(X)                                                         \
    X(MTP_CONCLUSION_NONE, "none", "no interval, or no null value")                    \
    X(MTP_CONCLUSION_BELOW, "below", "below the null value")                           \
    X(MTP_CONCLUSION_ABOVE, "above", "above the null value")                           \
    X(MTP_CONCLUSION_INCLUDES, "includes", "includes the null value")

/* X(enum, id, label): what a specification is chosen by. */
#define MTP_CHOICE_LIST(X)                                                             \
    X(MTP_CHOICE_MODEL, "model", "model")                                              \
    X(MTP_CHOICE_TAU2, "tau2", "estimator of tau2")                                    \
    X(MTP_CHOICE_CI, "ci", "interval")

#define MTP_ENUM_ITEM(name, id, label) name,
typedef enum mtp_conclusion {
    MTP_CONCLUSION_LIST(MTP_ENUM_ITEM) MTP_CONCLUSION_COUNT
} mtp_conclusion;
typedef enum mtp_choice { MTP_CHOICE_LIST(MTP_ENUM_ITEM) MTP_CHOICE_COUNT } mtp_choice;
#undef MTP_ENUM_ITEM

/** Static text. */
MTP_API const char *mtp_conclusion_id(mtp_conclusion conclusion);
MTP_API const char *mtp_conclusion_label(mtp_conclusion conclusion);
MTP_API int mtp_conclusion_from_id(const char *id);
MTP_API const char *mtp_choice_id(mtp_choice choice);
MTP_API const char *mtp_choice_label(mtp_choice choice);
MTP_API int mtp_choice_from_id(const char *id);

/** A prediction interval of a specification; limits NaN: these studies have none. */
typedef struct mtp_compared_prediction {
    mtp_prediction made;
    double back_lower, back_upper; /* natural scale */
    mtp_conclusion conclusion;
    bool flips; /* another conclusion than the reference's prediction interval has */
} mtp_compared_prediction;

/**
 * One analysis. Of the inverse-variance model with each estimator of tau2, EE being the
 * common-effect model; of Mantel-Haenszel and Peto the common effect (tau2 EE) and
 * random effects with Q around it (tau2 DL); of the likelihoods of counts the random-
 * effects estimate (tau2 ML).
 */
typedef struct mtp_specification {
    const char *name;       /* "glmm um.fs, ML, wald" */
    const char *model_name; /* "glmm um.fs" */
    mtp_method method;
    const char *model; /* a GLMM of two groups: the id of its model; else NULL */
    mtp_tau2_method tau2;
    mtp_ci_method ci;
    mtp_status status;  /* MTP_OK, or why it has no answer: every figure is NaN then */
    const char *reason; /* in words; NULL where it has an answer */
    double estimate, null_value; /* analysis scale */
    mtp_interval interval;
    struct {
        double estimate, ci_lower, ci_upper;
    } back; /* natural scale */
    double tau2_value, I2, Q;
    mtp_conclusion conclusion;
    bool flips;  /* another conclusion than the reference has */
    size_t rank; /* among the answers by estimate, from 1, equal ones in the order of
                    the rows; 0 without an answer */
    size_t n_predictions;
    const mtp_compared_prediction *prediction; /* [n_predictions] */
} mtp_specification;

/** Analyses with an answer, and what they say. */
typedef struct mtp_comparison_count {
    size_t n, excluding, flipped;
} mtp_comparison_count;

/** The analyses that share one value of a choice. */
typedef struct mtp_choice_value {
    const char *id; /* "REML", "hksj", "inverse", "glmm um.fs" */
    mtp_comparison_count count;
} mtp_choice_value;

typedef struct mtp_comparison {
    const mtp_measure_info *measure;
    size_t k;
    double level;
    double null_value; /* natural scale; NaN: none, and nothing can flip */
    size_t n;
    const mtp_specification *row; /* [n] by model, estimator and interval, each in the
                                     order of its list in pool.h */
    size_t reference;             /* the row of the analysis that was chosen */
    mtp_conclusion prediction;    /* of its prediction interval */
    mtp_comparison_count intervals;
    mtp_comparison_count predictions; /* each rule counts once a model and estimator */
    size_t smallest, largest;         /* rows with the extreme estimates; n: none */
    size_t narrowest, widest;         /* and lengths of the interval; n: none */
    struct {
        size_t n;
        const mtp_choice_value *value; /* [n] in the order of the rows */
    } choice[MTP_CHOICE_COUNT];
    const char *sentence; /* all of this, in one */
    mtp_notes notes;      /* those of the chosen analysis, and what concerns all */
} mtp_comparison;

/**
 * Pool the same studies in every way that exists for their measure.
 *
 * @param effects    from mtp_effects_compute
 * @param reference  the analysis that the others are compared with; level, null value
 *                   and every option that is not compared are taken from it. Its
 *                   estimate is the random-effects one, but the common effect of mh
 *                   and peto unless tau2 is DL. tau2 GIVEN, and the prediction nnf,
 *                   which draws, are compared where they are chosen. NULL: the defaults
 * @param result     out, freed with mtp_comparison_free; untouched on failure
 * @return MTP_OK, also where no analysis has an answer; MTP_E_UNSUPPORTED for clusters
 *         and nested levels; else as mtp_pool of the reference
 */
MTP_API mtp_status mtp_compare(const mtp_effects *effects,
                               const mtp_pool_options *reference,
                               mtp_comparison **result, mtp_error *err);
MTP_API void mtp_comparison_free(mtp_comparison *comparison);

#ifdef __cplusplus
}
#endif

#endif
