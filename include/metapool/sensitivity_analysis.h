/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef METAPOOL_SENSITIVITY_ANALYSIS_H
#define METAPOOL_SENSITIVITY_ANALYSIS_H

#include "metapool/analysis.h"
#include "metapool/blup.h"
#include "metapool/fragility.h"
#include "metapool/sensitivity.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file sensitivity_analysis.h
 * What `sensitivity` finds: the part of a bundle beside the fit of all studies, which
 * is its `pool`, or its `regression` where there are moderators.
 */

/* X(enum, id, label): the analyses, in the order of the report. */
#define MTP_SENSITIVITY_LIST(X)                                                        \
    X(MTP_SENSITIVITY_LEAVE_ONE_OUT, "leave_one_out", "Leave-one-out")                 \
    X(MTP_SENSITIVITY_LEAVE_TWO_OUT, "leave_two_out", "Leave-two-out")                 \
    X(MTP_SENSITIVITY_CUMULATIVE, "cumulative", "Cumulative")                          \
    X(MTP_SENSITIVITY_INFLUENCE, "influence", "Influence")                             \
    X(MTP_SENSITIVITY_BAUJAT, "baujat", "Baujat plot")                                 \
    X(MTP_SENSITIVITY_RADIAL, "radial", "Radial plot")                                 \
    X(MTP_SENSITIVITY_GOSH, "gosh", "All subsets (GOSH)")                              \
    X(MTP_SENSITIVITY_FRAGILITY, "fragility", "Fragility")                             \
    X(MTP_SENSITIVITY_BLUP, "blup", "Predicted effects")

typedef enum mtp_sensitivity {
#define MTP_ENUM_ITEM(name, id, label) name,
    MTP_SENSITIVITY_LIST(MTP_ENUM_ITEM)
#undef MTP_ENUM_ITEM
        MTP_SENSITIVITY_COUNT
} mtp_sensitivity;

MTP_API const char *mtp_sensitivity_id(mtp_sensitivity analysis);
MTP_API const char *mtp_sensitivity_label(mtp_sensitivity analysis);
MTP_API int mtp_sensitivity_from_id(const char *id);

typedef struct mtp_sensitivity_analysis {
    unsigned made; /* bit 1 << analysis of each that was made */
    bool common;   /* a fit is told by its common effect (equal effects,
                      Mantel-Haenszel, Peto), else by its random-effects mean */
    /* Leave-one-out: studies, or groups of them. Of a regression it lies in
     * `influence`. */
    const mtp_subset_fits *leave_one_out; /* NULL: not made, as all of these */
    const char *group;             /* --by or --cluster as given; NULL: studies */
    const char *const *group_name; /* [leave_one_out->n], or NULL */
    const mtp_subset_fits *leave_two_out;
    const mtp_subset_fits *cumulative;
    const char *order;                     /* --cumulative as given */
    const char *const *order_name;         /* [cumulative->n] the value of each step */
    const mtp_influence_result *influence; /* for Baujat and radial coordinates too */
    mtp_tau2_method tau2; /* of the fit that influence, gosh and blup are of */
    const mtp_gosh_result *gosh;
    uint64_t seed; /* of gosh */
    const mtp_fragility_result *fragility;
    const mtp_blup_result *blup;
} mtp_sensitivity_analysis;

/** Takes the next fits of subsets of k studies, which are those that the bundle lists,
 *  in their order; else as mtp_gosh_sink. */
typedef mtp_status (*mtp_gosh_receiver)(void *context, size_t k, size_t n,
                                        const mtp_gosh_fit fit[]);

/** Give the fits of `gosh` to a receiver while mtp_run makes them; NULL: to none. */
MTP_API void mtp_request_set_gosh(mtp_request *request, mtp_gosh_receiver receive,
                                  void *context);

#ifdef __cplusplus
}
#endif

#endif
