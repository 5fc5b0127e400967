/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_SETTINGS_H
#define MTP_ANALYSIS_SETTINGS_H

#include "metapool/rounding.h"

#include "analysis/options.h"
#include "bias_analysis/settings.h"
#include "core/notes.h"
#include "core/number.h"

/** What `sensitivity` is asked for. */
typedef struct mtp_sensitivity_settings {
    unsigned wanted;   /* bit 1 << mtp_sensitivity */
    const char *order; /* --cumulative: expression, or NULL */
    bool pairs_named;  /* --leave-two-out, not by --all alone; the same */
    bool fragility_named;
    mtp_tau2_method tau2; /* of the inverse-variance fit behind influence */
    double tau2_value;
    uint64_t subsets;        /* gosh, of more than MTP_GOSH_ALL studies */
    mtp_gosh_axis gosh_axis; /* its figure */
    const char *highlight;   /* the name of a study, or NULL */
} mtp_sensitivity_settings;

/** What --rounding asks for. */
typedef struct mtp_rounding_settings {
    bool wanted;
    mtp_rounding_way way;
    size_t draws;
    uint64_t seed;
    unsigned threads;
    const char *decimals; /* --decimals-of, a line each; or NULL */
} mtp_rounding_settings;

/** What a funnel plot is asked for. */
typedef struct mtp_funnel_settings {
    mtp_funnel_axis axis;
    size_t n_contours;
    double contour[MTP_FUNNEL_CONTOURS]; /* levels, rising */
    bool fill;                           /* by trim and fill */
    mtp_trim_fill_estimator estimator;
    bool egger; /* with the line of Egger's regression */
} mtp_funnel_settings;

/**
 * A request with every default resolved: what the stages are called with.
 */
typedef struct mtp_settings {
    const mtp_measure_info *measure; /* NULL for composition */
    mtp_effects_options effects;
    char add[MTP_NUMBER_TEXT];        /* what is added to cells, as text */
    char null_value[MTP_NUMBER_TEXT]; /* the hypothesis, as text; empty: none */
    bool keep00; /* keep studies that say nothing about the effect */
    mtp_pool_options pool;
    mtp_composition_options composition;
    mtp_regress_options regress; /* what hangs on the table is filled in later */
    mtp_bias_settings bias;
    bool regression; /* the model is `regress`, not `pool` */
    mtp_sensitivity_settings sensitivity;
    mtp_rounding_settings rounding;
    double level;                       /* 0.95 */
    const char *column[MTP_ROLE_COUNT]; /* expression by role; NULL: not used */
    const char *study, *where, *by;     /* expressions, or NULL */
    const char *weights;                /* pooling: expression, or NULL */
    const char *cluster;                /* models: expression, or NULL */
    const char *nested;                 /* models: the levels as given, or NULL */
    size_t n_nested;
    const char *const *nested_level; /* expressions, by mtp_run */
    const char *category, *count;    /* composition */
    size_t n_texts; /* expressions whose texts a figure shows; by mtp_run */
    const char *const *text;
    const mtp_formula *mods, *scale; /* regression; parsed by mtp_run */
    bool no_intercept, correlation;
    mtp_funnel_settings funnel; /* what a funnel plot is asked for */
} mtp_settings;

/**
 * @param notes  gets a note where one option selected another (method_selected)
 * @return MTP_OK; MTP_E_ARG or MTP_E_UNSUPPORTED, with the way out in the message
 */
mtp_status mtp_settings_resolve(const mtp_request *request, mtp_settings *settings,
                                mtp_note_list *notes, mtp_error *err);

/** The part of mtp_settings_resolve that is about pooling. */
mtp_status mtp_settings_resolve_pool(const mtp_request *request, mtp_settings *settings,
                                     mtp_note_list *notes, mtp_error *err);

/** The part that is about regression. */
mtp_status mtp_settings_resolve_regress(const mtp_request *request,
                                        mtp_settings *settings, mtp_note_list *notes,
                                        mtp_error *err);

/** The part that is about a funnel plot, after pooling. */
mtp_status mtp_settings_resolve_funnel(const mtp_request *request,
                                       mtp_settings *settings, mtp_error *err);
/** The part that is about small-study effects, after pooling. */
mtp_status mtp_settings_resolve_bias(const mtp_request *request, mtp_settings *settings,
                                     mtp_error *err);
/** Sensitivity: its analyses, and the model, by one of these two. */
mtp_status mtp_settings_resolve_sensitivity(const mtp_request *request,
                                            mtp_settings *settings,
                                            mtp_note_list *notes, mtp_error *err);
/** Pooling, and the fits of all subsets for a figure. */
mtp_status mtp_settings_resolve_gosh(const mtp_request *request, mtp_settings *settings,
                                     mtp_note_list *notes, mtp_error *err);
/** Influence for figures: of a pooling, or with moderators of a regression. */
mtp_status mtp_settings_resolve_diagnostics(const mtp_request *request,
                                            mtp_settings *settings,
                                            mtp_note_list *notes, mtp_error *err);
/** Pooling, and the fits of some of the studies that a forest plot may show. */
mtp_status mtp_settings_resolve_forest(const mtp_request *request,
                                       mtp_settings *settings, mtp_note_list *notes,
                                       mtp_error *err);
/** Whether the text of an option in force is not the one given, with it in *text. */
bool mtp_sensitivity_in_force(const mtp_request *request, const mtp_settings *settings,
                              mtp_option_index index, const char **text);

/** Of these, selection models and p-uniform*. */
mtp_status mtp_bias_resolve_selection(const mtp_request *request,
                                      mtp_settings *settings, mtp_error *err);

/** Whether a test, a fail-safe number is asked for. */
bool mtp_bias_has_test(const mtp_settings *settings, mtp_asymmetry_test test);
bool mtp_bias_has_failsafe(const mtp_settings *settings, mtp_failsafe_type type);

/** True where it decides what an option in force is, with the text in *text. */
bool mtp_bias_in_force(const mtp_request *request, const mtp_settings *settings,
                       mtp_option_index index, const char **text);

/** What rounding can do, of either. */
mtp_status mtp_settings_resolve_rounding(const mtp_request *request,
                                         mtp_settings *settings, mtp_error *err);

/** Nested levels, after either. */
mtp_status mtp_settings_resolve_nested(const mtp_request *request,
                                       mtp_settings *settings, mtp_error *err);

/** The options that can change a number, as they are in force, in the registry's order.
 */
mtp_status mtp_settings_list(const mtp_request *request, const mtp_settings *settings,
                             mtp_arena *arena, const mtp_effective_option **options,
                             size_t *count, mtp_error *err);

#endif
