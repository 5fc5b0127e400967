/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_FRAGILITY_H
#define METAPOOL_FRAGILITY_H

#include "metapool/sensitivity.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file fragility.h
 * The fragility index of a meta-analysis: how few patients with another outcome would
 * take its statistical significance away, or bring it.
 */

/* X(enum, id, label): how the search ended. */
#define MTP_FRAGILITY_LIST(X)                                                          \
    X(MTP_FRAGILITY_FOUND, "found", "the changes turn the significance")               \
    X(MTP_FRAGILITY_CAP, "cap", "more changes are needed than were allowed")           \
    X(MTP_FRAGILITY_EXHAUSTED, "exhausted", "no change is left that could be made")

typedef enum mtp_fragility_end {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_FRAGILITY_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_FRAGILITY_COUNT
} mtp_fragility_end;

/* Ids and labels for people; _from_id: any case, -1 if none. */
MTP_API const char *mtp_fragility_id(mtp_fragility_end end);
MTP_API const char *mtp_fragility_label(mtp_fragility_end end);
MTP_API int mtp_fragility_from_id(const char *id);

typedef struct mtp_fragility_options {
    size_t size; /* sizeof(mtp_fragility_options); set by _init */
    bool common; /* judge the common-effect estimate, that of Mantel-Haenszel and
                    Peto among them; default false: the random-effects one */
    bool keep00; /* pool studies that say nothing (mtp_effects_is_uninformative) as
                    well; default false: not while they say nothing */
    size_t max_changes; /* default 500 */
} mtp_fragility_options;

MTP_API void mtp_fragility_options_init(mtp_fragility_options *options, size_t size);

/** One patient of one group of one study has the event after all, or has it not. */
typedef struct mtp_fragility_change {
    size_t study;                 /* from 0 */
    int group;                    /* 1 or 2; 1 where there is one group */
    int by;                       /* 1: an event more, -1: one fewer */
    double events;                /* of the group, after the change */
    mtp_subset_estimate estimate; /* pooled after this change and those before it */
} mtp_fragility_change;

typedef struct mtp_fragility_result {
    mtp_fragility_end end;
    bool significant; /* as observed: the interval does not hold the null value */
    bool upwards;     /* the changes raise the effect */
    double index;     /* number of changes; NaN where the search ended without */
    double n, events; /* patients and events of the studies with counts, as observed */
    double quotient;  /* index / n */
    double event_quotient;             /* index / events; NaN where there is none */
    mtp_subset_estimate before, after; /* the first and the last */
    size_t n_changes;
    const mtp_fragility_change *change; /* [n_changes] in their order */
    size_t k;
    const double *events1, *events2; /* [k] events after all changes; NaN: a ready-made
                                        effect; events2 NULL: one group */
} mtp_fragility_result;

/**
 * Fragility index of pooled counts. Significant is an estimate whose confidence
 * interval, by the method and at the level of `pool`, does not hold the null value
 * (two groups: no difference, unless given).
 *
 * In every step each change of one event that moves the effect the wanted way is tried,
 * in each study: an event more in group 1 or one fewer in group 2 (or the reverse), the
 * numbers of patients fixed. The one kept moves the limit that matters the furthest;
 * of equal ones the first study's, group 1 before group 2. Significance is lost when
 * that limit reaches the null value. It is gained when the interval is above or below
 * it: both ways are gone, and the shorter one is reported (of equal ones that on the
 * side of the estimate). Everything is pooled anew after each change.
 *
 * This is the published algorithm. It is greedy: the index is an upper bound of the
 * smallest number of changes there is, and usually equal to it.
 *
 * @param effects  of a measure of one or two groups with events and patients; studies
 *                 with a ready-made effect are pooled and not changed
 * @param how      what the effects were computed with, so that changed ones are alike
 * @param pool     as of mtp_pool, any method; NULL: the defaults. One group needs a
 *                 null_value
 * @param options  NULL: the defaults
 * @param result   out, freed with mtp_fragility_free; untouched on failure
 * @return MTP_OK; MTP_E_ARG: an option, another measure in `how`, no null value; as
 *         mtp_pool of the studies as observed; MTP_E_DATA: no study has counts, or the
 *         observed studies have no estimate; MTP_E_UNSUPPORTED: a measure of other
 * data; MTP_E_NOMEM Cost: 2 k fits a step (one group: k), on pool->threads threads,
 * which change no bit. Source: Atal, Porcher, Boutron & Ravaud (2019), J Clin Epidemiol
 * 111:32-40, doi:10.1016/j.jclinepi.2019.03.012.
 */
MTP_API mtp_status mtp_fragility(const mtp_effects *effects,
                                 const mtp_effects_options *how,
                                 const mtp_pool_options *pool,
                                 const mtp_fragility_options *options,
                                 mtp_fragility_result **result, mtp_error *err);
MTP_API void mtp_fragility_free(mtp_fragility_result *result);

#ifdef __cplusplus
}
#endif

#endif
