/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MTP_ANALYSIS_RUN_H
#define MTP_ANALYSIS_RUN_H

#include "metapool/bubble.h"
#include "metapool/funnel.h"
#include "metapool/multilevel.h"
#include "metapool/sensitivity_analysis.h"

#include "analysis/bind.h"
#include "analysis/look.h"
#include "bias_analysis/run.h"

/** A bundle with what it owns; the public part comes first. */
typedef struct mtp_bundle_owner {
    mtp_bundle bundle;
    mtp_arena *arena;
    mtp_effects *effects;
    mtp_pool_result *pool;
    mtp_composition *composition;
    mtp_regress_result *regress;
    mtp_comparison *comparison;
    mtp_formula *mods, *scale; /* of the request, until the design has copied them */
    mtp_design *design, *scale_design;
    mtp_bias_owned bias;
    mtp_subset_fits *leave_one_out, *leave_two_out, *cumulative;
    mtp_influence_result *influence;
    mtp_bubble *bubble;
    struct mtp_forest_look *look;
    mtp_look_sort look_sort;
    size_t look_rob; /* the bound text of the first domain */
    mtp_gosh_result *gosh;
    mtp_fragility_result *fragility;
    mtp_blup_result *blup;
    mtp_rounding_result *rounding;
} mtp_bundle_owner;

/** What the stages of a run share. */
typedef struct mtp_run_context {
    const mtp_table *table;
    mtp_settings settings;
    mtp_binding binding;
    mtp_note_list notes;
    mtp_bundle_owner *owner;
    mtp_problems *problems; /* may be NULL */
    mtp_error *err;
} mtp_run_context;

/** Effects of the bound rows, and what the command makes of them. */
mtp_status mtp_run_studies(mtp_run_context *run, const mtp_request *request);

/** An error that names a study (err->line) gets its file, line and column. */
void mtp_run_place_error(const mtp_run_context *run);

/** Parse the formulas of a regression into the settings. */
mtp_status mtp_run_formulas(mtp_run_context *run, const mtp_request *request);

/** Split the levels of --nested into the settings. */
mtp_status mtp_run_nested(mtp_run_context *run);

/** The regression of the effects on the bound moderators. */
mtp_status mtp_run_regress(mtp_run_context *run, const mtp_request *request);

/** Influence diagnostics of the pooling, for figures. */
mtp_status mtp_run_diagnostics(mtp_run_context *run);

/** Where the fits of all subsets lie, after pooling. */
mtp_status mtp_run_gosh_map(mtp_run_context *run);

/** The likelihood over tau2, after pooling. */
mtp_status mtp_run_tau2_curve(mtp_run_context *run, const mtp_request *request);

/** What a funnel plot shows, after the studies are listed. */
mtp_status mtp_run_funnel(mtp_run_context *run);

/** What a bubble plot shows, after the studies are listed. */
mtp_status mtp_run_bubble(mtp_run_context *run, const mtp_request *request);

/** Small-study effects, after pooling. */
mtp_status mtp_run_bias(mtp_run_context *run);
/** What their analyses are made of, for a figure that shows some of them. */
mtp_bias_run mtp_run_for_bias(mtp_run_context *run);

/** The columns of the regression's design. */
mtp_status mtp_run_moderators(const mtp_run_context *run, mtp_moderators *moderators);

/** What rounding can do, where it is asked for: to the pooling, or with moderators to
 *  the regression by the settings as it was fitted; after it. */
mtp_status mtp_run_rounding(mtp_run_context *run, const mtp_request *request,
                            const mtp_moderators *moderators);

/** The pooling of the effects. */
mtp_status mtp_run_pool(mtp_run_context *run);

/** The model of all studies, and how much it rests on some of them. */
mtp_status mtp_run_sensitivity(mtp_run_context *run, const mtp_request *request);
/** Take an analysis back that was asked for, but not by name. */
void mtp_run_withdraw(mtp_run_context *run, mtp_sensitivity_analysis *made,
                      mtp_sensitivity analysis);
/** Parts of it, put into what it made. */
mtp_status mtp_run_gosh(mtp_run_context *run, const mtp_request *request,
                        mtp_sensitivity_analysis *made);
mtp_status mtp_run_fragility(mtp_run_context *run, mtp_sensitivity_analysis *made);
mtp_status mtp_run_blup(mtp_run_context *run, mtp_sensitivity_analysis *made);

/** The multiverse of pooling the effects. */
mtp_status mtp_run_compare(mtp_run_context *run);

/** How the figure is to look: what it needs of the table, before binding. */
mtp_status mtp_run_look_asked(mtp_run_context *run, const mtp_request *request);
/** The same with the texts of the used rows, after pooling. */
mtp_status mtp_run_look(mtp_run_context *run);
/** The levels of --rob, whose texts are bound from `first` on. */
mtp_status mtp_run_look_rob(mtp_run_context *run, size_t first);
/** The order of the studies that --sort asks for; *order stays as it is without. */
mtp_status mtp_run_look_order(mtp_run_context *run, const size_t **order);

/** The pooling, and the fits of some of the studies that a forest plot asks for. */
mtp_status mtp_run_forest(mtp_run_context *run);

/** Shares of the bound counts. */
mtp_status mtp_run_composition(mtp_run_context *run);

#endif
