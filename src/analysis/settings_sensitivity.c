/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sensitivity: which analyses, and of which model. */
#include "metapool/sensitivity_analysis.h"

#include "analysis/settings.h"
#include "core/error.h"
#include "core/names.h"
#include "models/stratified.h"

#include <math.h>

#define BIT(analysis) (1u << MTP_SENSITIVITY_##analysis)

enum {
    EVERY = (1 << MTP_SENSITIVITY_COUNT) - 1,
    /* Of a model with one tau2 and inverse-variance weights, whatever the method is. */
    OF_INVERSE = BIT(INFLUENCE) | BIT(BAUJAT) | BIT(RADIAL) | BIT(GOSH) | BIT(BLUP),
    OF_REGRESSION = BIT(LEAVE_ONE_OUT) | BIT(INFLUENCE) | BIT(BAUJAT) | BIT(BLUP),
    USUAL = BIT(LEAVE_ONE_OUT) | BIT(INFLUENCE),
};

MTP_NAMES(sensitivity, mtp_sensitivity, MTP_SENSITIVITY_LIST, MTP_SENSITIVITY_COUNT)

static const struct {
    mtp_option_index option;
    mtp_sensitivity analysis;
} asking[] = {
    {MTP_OPT_LEAVE_ONE_OUT, MTP_SENSITIVITY_LEAVE_ONE_OUT},
    {MTP_OPT_LEAVE_TWO_OUT, MTP_SENSITIVITY_LEAVE_TWO_OUT},
    {MTP_OPT_CUMULATIVE, MTP_SENSITIVITY_CUMULATIVE},
    {MTP_OPT_INFLUENCE, MTP_SENSITIVITY_INFLUENCE},
    {MTP_OPT_BAUJAT, MTP_SENSITIVITY_BAUJAT},
    {MTP_OPT_RADIAL, MTP_SENSITIVITY_RADIAL},
    {MTP_OPT_GOSH, MTP_SENSITIVITY_GOSH},
    {MTP_OPT_GOSH_OUTPUT, MTP_SENSITIVITY_GOSH},
    {MTP_OPT_FRAGILITY, MTP_SENSITIVITY_FRAGILITY},
    {MTP_OPT_BLUP, MTP_SENSITIVITY_BLUP},
};

enum { ASKING = sizeof asking / sizeof *asking };

static bool is_asked(const mtp_request *r, mtp_option_index index)
{
    return mtp_request_has(r, index) &&
           (mtp_option_get(index)->kind != MTP_VALUE_FLAG || r->given[index][0] == 't');
}

static const char *option_of(mtp_sensitivity analysis)
{
    for (size_t i = 0; i < ASKING; i++) {
        if (asking[i].analysis == analysis) {
            return mtp_option_get(asking[i].option)->name;
        }
    }
    return "";
}

/* The data are patients with and without an event. */
static bool has_patients(const mtp_measure_info *measure)
{
    return measure->input == MTP_INPUT_EVENTS_N ||
           measure->input == MTP_INPUT_TWO_EVENTS_N;
}

/* What the model and the data have. */
static unsigned applicable(const mtp_settings *s)
{
    unsigned applies = s->regression             ? OF_REGRESSION
                       : s->weights || s->nested ? EVERY & ~(unsigned)OF_INVERSE
                                                 : EVERY;

    return has_patients(s->measure) && !isnan(s->pool.null_value)
               ? applies
               : applies & ~BIT(FRAGILITY);
}

/* Why an analysis does not apply that was asked for by name. */
static mtp_status refuse(const mtp_settings *s, mtp_sensitivity analysis,
                         mtp_error *err)
{
    if (s->regression) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--%s: not defined for a regression, which has "
                        "--leave-one-out, --influence, --baujat and --blup; leave "
                        "--mods out",
                        option_of(analysis));
    }
    if (analysis == MTP_SENSITIVITY_FRAGILITY) {
        return s->measure->groups == 1 && has_patients(s->measure)
                   ? mtp_fail(err, MTP_E_ARG,
                              "--fragility: of one group it needs the hypothesis; "
                              "give --null")
                   : mtp_fail(err, MTP_E_UNSUPPORTED,
                              "--fragility: is about patients with and without an "
                              "event, which measure %s does not have",
                              s->measure->code);
    }
    return mtp_fail(err, MTP_E_UNSUPPORTED,
                    "--%s: is defined for one variance between studies and "
                    "inverse-variance weights; leave --%s out",
                    option_of(analysis), s->weights ? "weights" : "nested");
}

/* The analyses that were asked for by name; all of them apply. */
static mtp_status find_named(const mtp_request *r, const mtp_settings *s,
                             unsigned applies, unsigned *named, mtp_error *err)
{
    *named = 0;
    for (size_t i = 0; i < ASKING; i++) {
        if (is_asked(r, asking[i].option)) {
            *named |= 1u << asking[i].analysis;
            if (!(applies & (1u << asking[i].analysis))) {
                return refuse(s, asking[i].analysis, err);
            }
        }
    }
    return MTP_OK;
}

/* What was asked for, by name or not, and applies. */
static mtp_status choose(const mtp_request *r, mtp_settings *s, mtp_note_list *notes,
                         mtp_error *err)
{
    unsigned named, wanted, applies = applicable(s);
    mtp_status status = find_named(r, s, applies, &named, err);

    if (status != MTP_OK) {
        return status;
    }
    wanted = named;
    if (is_asked(r, MTP_OPT_ALL_ANALYSES)) {
        wanted |= EVERY & ~BIT(CUMULATIVE);
    } else if (!named) {
        wanted = USUAL;
    }
    if (wanted & ~applies & BIT(INFLUENCE)) {
        mtp_note_add(
            notes, MTP_NOTE_NOT_DEFINED, 0,
            "influence, its plots, subsets and predicted effects are defined for one "
            "variance between studies and inverse-variance weights, and left out with "
            "--%s",
            s->weights ? "weights" : "nested");
    }
    if (mtp_request_has(r, MTP_OPT_BY) && !(wanted & BIT(LEAVE_ONE_OUT))) {
        return mtp_fail(err, MTP_E_ARG,
                        "--by: its subgroups are what --leave-one-out leaves out; give "
                        "that too, or leave --by out");
    }
    s->sensitivity.wanted = wanted & applies;
    s->sensitivity.pairs_named = (named & BIT(LEAVE_TWO_OUT)) != 0;
    s->sensitivity.fragility_named = (named & BIT(FRAGILITY)) != 0;
    s->sensitivity.order = r->given[MTP_OPT_CUMULATIVE];
    return MTP_OK;
}

static mtp_status resolve_sample(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    bool gosh = (s->sensitivity.wanted & BIT(GOSH)) != 0;

    s->sensitivity.subsets = (uint64_t)mtp_request_number(r, MTP_OPT_SUBSETS);
    if (!gosh && mtp_request_has(r, MTP_OPT_SUBSETS)) {
        return mtp_fail(err, MTP_E_ARG, "--subsets: are drawn for --gosh alone");
    }
    if (!gosh && mtp_request_has(r, MTP_OPT_SEED) && s->pool.predict != MTP_PI_NNF) {
        return mtp_fail(err, MTP_E_ARG,
                        "--seed: random numbers are drawn for --gosh and --predict nnf "
                        "alone");
    }
    return MTP_OK;
}

/* The inverse-variance fit that influence is of, where the estimates have another. */
static void resolve_inverse(const mtp_request *r, mtp_settings *s, mtp_note_list *notes)
{
    mtp_sensitivity_settings *own = &s->sensitivity;

    own->tau2 = s->regression ? s->regress.tau2 : s->pool.tau2;
    own->tau2_value = s->regression ? s->regress.tau2_value : s->pool.tau2_value;
    if (s->regression || !(own->wanted & OF_INVERSE)) {
        return;
    }
    if (mtp_method_is_likelihood(s->pool.method) && !mtp_request_has(r, MTP_OPT_TAU2)) {
        own->tau2 = MTP_TAU2_REML;
    }
    if (s->pool.method != MTP_METHOD_INVERSE) {
        mtp_note_add(notes, MTP_NOTE_METHOD_SELECTED, 0,
                     "influence, its plots, subsets and predicted effects are those of "
                     "inverse-variance pooling of the study effects, tau2 by %s; all "
                     "other estimates are pooled by the %s%s",
                     mtp_tau2_id(own->tau2), mtp_method_label(s->pool.method),
                     mtp_method_is_stratified(s->pool.method) ? " method" : "");
    } else if (s->cluster) {
        mtp_note_add(
            notes, MTP_NOTE_METHOD_SELECTED, 0,
            "influence, subsets and predicted effects have the covariances of the "
            "model, which know no clusters");
    }
}

/* Options of pooling that a regression does not take here. */
static mtp_status check_regression(const mtp_request *r, mtp_error *err)
{
    static const mtp_option_index none[] = {
        MTP_OPT_BY,     MTP_OPT_WEIGHTS,    MTP_OPT_CLUSTER,
        MTP_OPT_ROBUST, MTP_OPT_NESTED,     MTP_OPT_MH_ADD,
        MTP_OPT_MODEL,  MTP_OPT_NULL_VALUE, MTP_OPT_DRAWS};

    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        if (mtp_request_has(r, none[i])) {
            return mtp_fail(err, MTP_E_UNSUPPORTED,
                            "--%s: not with --mods; the sensitivity of a regression is "
                            "that of its coefficients, by inverse variance, to single "
                            "studies",
                            mtp_option_get(none[i])->name);
        }
    }
    return MTP_OK;
}

static mtp_status resolve_regression(const mtp_request *r, mtp_settings *s,
                                     mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = check_regression(r, err);

    if (status == MTP_OK) {
        status = mtp_settings_resolve_regress(r, s, notes, err);
    }
    if (status == MTP_OK && s->regress.method != MTP_METHOD_INVERSE) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--method %s: with --mods take inverse, of which influence is "
                        "defined",
                        mtp_method_id(s->regress.method));
    }
    return status;
}

static mtp_status resolve_pooling(const mtp_request *r, mtp_settings *s,
                                  mtp_note_list *notes, mtp_error *err)
{
    if (mtp_request_has(r, MTP_OPT_REF) || is_asked(r, MTP_OPT_NO_INTERCEPT)) {
        return mtp_fail(err, MTP_E_ARG,
                        "--%s: is about moderators; give --mods, or leave it out",
                        mtp_request_has(r, MTP_OPT_REF) ? "ref" : "no-intercept");
    }
    return mtp_settings_resolve_pool(r, s, notes, err);
}

mtp_status mtp_settings_resolve_gosh(const mtp_request *r, mtp_settings *s,
                                     mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = mtp_settings_resolve_pool(r, s, notes, err);

    if (status != MTP_OK) {
        return status;
    }
    s->sensitivity.wanted = BIT(GOSH);
    s->sensitivity.gosh_axis = (mtp_gosh_axis)mtp_request_choice(r, MTP_OPT_GOSH_AXIS);
    s->sensitivity.highlight = r->given[MTP_OPT_HIGHLIGHT];
    resolve_inverse(r, s, notes);
    return resolve_sample(r, s, err);
}

mtp_status mtp_settings_resolve_diagnostics(const mtp_request *r, mtp_settings *s,
                                            mtp_note_list *notes, mtp_error *err)
{
    return mtp_request_has(r, MTP_OPT_MODS) ? resolve_regression(r, s, notes, err)
                                            : resolve_pooling(r, s, notes, err);
}

mtp_status mtp_settings_resolve_sensitivity(const mtp_request *r, mtp_settings *s,
                                            mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = mtp_settings_resolve_diagnostics(r, s, notes, err);

    if (status == MTP_OK) {
        status = choose(r, s, notes, err);
    }
    if (status != MTP_OK) {
        return status;
    }
    resolve_inverse(r, s, notes);
    return resolve_sample(r, s, err);
}

mtp_status mtp_settings_resolve_forest(const mtp_request *r, mtp_settings *s,
                                       mtp_note_list *notes, mtp_error *err)
{
    bool leave = is_asked(r, MTP_OPT_LEAVE_ONE_OUT),
         cumulative = is_asked(r, MTP_OPT_CUMULATIVE);
    mtp_status status = mtp_settings_resolve_pool(r, s, notes, err);

    if (status == MTP_OK && leave && cumulative) {
        return mtp_fail(err, MTP_E_ARG,
                        "--leave-one-out and --cumulative: a forest plot shows one of "
                        "them");
    }
    if (status == MTP_OK && (leave || cumulative) && s->by) {
        return mtp_fail(err, MTP_E_ARG,
                        "--%s: its forest plot has no subgroups; leave --by out",
                        leave ? "leave-one-out" : "cumulative");
    }
    s->sensitivity.wanted =
        (leave ? BIT(LEAVE_ONE_OUT) : 0u) | (cumulative ? BIT(CUMULATIVE) : 0u);
    s->sensitivity.order = r->given[MTP_OPT_CUMULATIVE];
    return status;
}

bool mtp_sensitivity_in_force(const mtp_request *r, const mtp_settings *s,
                              mtp_option_index index, const char **text)
{
    unsigned wanted = s->sensitivity.wanted;

    if (wanted & BIT(GOSH) && index == MTP_OPT_SEED) {
        *text = mtp_request_value(r, index);
        return true;
    }
    if (!(wanted & BIT(GOSH)) && index == MTP_OPT_SUBSETS) {
        *text = NULL;
        return true;
    }
    for (size_t i = 0; i < ASKING; i++) {
        if (asking[i].option == index &&
            mtp_option_get(index)->kind == MTP_VALUE_FLAG) {
            *text = wanted & (1u << asking[i].analysis) ? "true" : "false";
            return true;
        }
    }
    return false;
}
