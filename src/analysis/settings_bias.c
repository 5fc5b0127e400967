/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small-study effects: which analyses, and how, out of a request. */
#include "analysis/choices.h"
#include "analysis/settings.h"
#include "core/error.h"

#include <math.h>
#include <string.h>

static bool flag(const mtp_request *r, mtp_option_index option)
{
    return strcmp(mtp_request_value(r, option), "true") == 0;
}

/* An option that no analysis of the request reads. */
static mtp_status idle(mtp_option_index option, const char *what, mtp_error *err)
{
    const char *name = mtp_option_get(option)->name;

    return mtp_fail(err, MTP_E_ARG, "--%s: %s, or leave --%s out", name, what, name);
}

/* The analyses beside the tests, as far as they have options. */
static mtp_status resolve_analyses(const mtp_request *r, mtp_settings *s,
                                   mtp_error *err)
{
    mtp_bias_settings *b = &s->bias;
    mtp_choices failsafe;
    mtp_status status = mtp_choices_read(r, MTP_OPT_FAILSAFE, &failsafe, err);

    b->all = flag(r, MTP_OPT_ALL);
    b->pet_peese = b->all || flag(r, MTP_OPT_PET_PEESE);
    b->trim_fill = b->all || mtp_request_has(r, MTP_OPT_TRIM_FILL);
    b->excess = b->all || flag(r, MTP_OPT_EXCESS);
    b->selection = b->all || mtp_request_has(r, MTP_OPT_SELECTION);
    b->lfk = b->all || flag(r, MTP_OPT_LFK);
    b->p_curve = b->all || flag(r, MTP_OPT_P_CURVE);
    b->p_uniform = b->all || flag(r, MTP_OPT_P_UNIFORM);
    b->copas = b->all || flag(r, MTP_OPT_COPAS);
    for (size_t i = 0; i < failsafe.n; i++) {
        b->failsafe[b->n_failsafe++] = (mtp_failsafe_type)failsafe.item[i];
    }
    for (int t = 0; b->all && failsafe.n == 0 && t < MTP_FAILSAFE_COUNT; t++) {
        b->failsafe[b->n_failsafe++] = (mtp_failsafe_type)t;
    }
    for (size_t i = 0; i < b->n_failsafe; i++) {
        mtp_choices_add_line(b->failsafes, mtp_failsafe_id(b->failsafe[i]));
    }
    return status;
}

static bool has_weights(const mtp_bias_settings *b)
{
    return b->n_named > 0 || b->n_weights > 0;
}

static bool has_analysis(const mtp_bias_settings *b)
{
    return b->pet_peese || b->trim_fill || b->n_failsafe > 0 || b->excess ||
           b->selection || has_weights(b) || b->lfk || b->p_curve || b->p_uniform ||
           b->copas;
}

/* Without any request there is the test that is meant for the measure. */
static mtp_status resolve_tests(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    mtp_bias_settings *b = &s->bias;
    mtp_choices list;
    mtp_status status = mtp_choices_read(r, MTP_OPT_BIAS_TEST, &list, err);

    b->every_test = list.n == 0 && b->all;
    b->default_test = list.n == 0 && !has_analysis(b);
    for (size_t i = 0; i < list.n; i++) {
        if (list.item[i] == (int)MTP_ASYMMETRY_COUNT) { /* the choice after the tests */
            b->every_test = true;
        } else {
            b->test[b->n_tests++] = (mtp_asymmetry_test)list.item[i];
        }
    }
    if (b->every_test) {
        mtp_choices_add_line(b->tests, "all");
    } else if (b->default_test) {
        mtp_choices_add_line(
            b->tests, mtp_asymmetry_id(mtp_asymmetry_default(s->measure->measure)));
    }
    for (size_t i = 0; i < b->n_tests && !b->every_test; i++) {
        mtp_choices_add_line(b->tests, mtp_asymmetry_id(b->test[i]));
    }
    return status;
}

bool mtp_bias_has_test(const mtp_settings *s, mtp_asymmetry_test test)
{
    const mtp_bias_settings *b = &s->bias;
    bool found = b->every_test || (b->default_test &&
                                   mtp_asymmetry_default(s->measure->measure) == test);

    for (size_t i = 0; i < b->n_tests; i++) {
        found = found || b->test[i] == test;
    }
    return found;
}

bool mtp_bias_has_failsafe(const mtp_settings *s, mtp_failsafe_type type)
{
    for (size_t i = 0; i < s->bias.n_failsafe; i++) {
        if (s->bias.failsafe[i] == type) {
            return true;
        }
    }
    return false;
}

static bool regression_has(mtp_ci_method ci)
{
    return ci == MTP_CI_WALD || ci == MTP_CI_T || ci == MTP_CI_HKSJ ||
           ci == MTP_CI_HKSJ_ADHOC;
}

static mtp_status resolve_regressions(const mtp_request *r, mtp_settings *s,
                                      mtp_error *err)
{
    mtp_asymmetry_options *o = &s->bias.asymmetry;
    bool egger = mtp_bias_has_test(s, MTP_ASYMMETRY_EGGER);

    mtp_asymmetry_options_init(o, sizeof *o);
    o->model = (mtp_asymmetry_model)mtp_request_choice(r, MTP_OPT_EGGER_MODEL);
    o->predictor = (mtp_predictor)mtp_request_choice(r, MTP_OPT_PREDICTOR);
    o->asymptotic = flag(r, MTP_OPT_ASYMPTOTIC);
    o->level = s->level;
    o->tau2 = s->pool.tau2;
    o->tau2_value = s->pool.tau2_value;
    if (!egger && !s->bias.pet_peese && mtp_request_has(r, MTP_OPT_EGGER_MODEL)) {
        return idle(MTP_OPT_EGGER_MODEL,
                    "it is a form of Egger's test and of PET-PEESE; give --test egger "
                    "or --pet-peese",
                    err);
    }
    if (!egger && mtp_request_has(r, MTP_OPT_PREDICTOR)) {
        return idle(MTP_OPT_PREDICTOR,
                    "Egger's test alone has a choice of predictors; give --test egger",
                    err);
    }
    if (!mtp_bias_has_test(s, MTP_ASYMMETRY_BEGG) && o->asymptotic) {
        return idle(MTP_OPT_ASYMPTOTIC,
                    "the test of begg alone is exact; give --test begg", err);
    }
    if (regression_has(s->pool.ci)) {
        o->ci = s->pool.ci;
    } else if (o->model == MTP_ASYMMETRY_MIXED) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--ci %s: a mixed-effects regression has wald, t, hksj and "
                        "hksj-adhoc; take one of them, or --egger-model lm",
                        mtp_ci_id(s->pool.ci));
    }
    return MTP_OK;
}

static mtp_status resolve_trim_fill(const mtp_request *r, mtp_settings *s,
                                    mtp_error *err)
{
    mtp_trim_fill_options *o = &s->bias.trim;

    mtp_trim_fill_options_init(o, sizeof *o);
    if (mtp_request_has(r, MTP_OPT_TRIM_FILL)) {
        o->estimator =
            (mtp_trim_fill_estimator)mtp_request_choice(r, MTP_OPT_TRIM_FILL);
    }
    o->side = (mtp_side)mtp_request_choice(r, MTP_OPT_SIDE);
    return s->bias.trim_fill || s->bias.copas || !mtp_request_has(r, MTP_OPT_SIDE)
               ? MTP_OK
               : idle(MTP_OPT_SIDE,
                      "it is of trim and fill and of the Copas model; give --trim-fill "
                      "or --copas",
                      err);
}

static mtp_status resolve_failsafe(const mtp_request *r, mtp_settings *s,
                                   mtp_error *err)
{
    mtp_bias_settings *b = &s->bias;
    bool general = mtp_bias_has_failsafe(s, MTP_FAILSAFE_GENERAL);

    mtp_failsafe_options_init(&b->safe, sizeof b->safe);
    b->safe.alpha = b->alpha;
    b->safe.tau2 = s->pool.tau2;
    b->safe.tau2_value = s->pool.tau2_value;
    b->safe.exact = flag(r, MTP_OPT_FAILSAFE_EXACT);
    b->target = mtp_request_number(r, MTP_OPT_TARGET);
    if (b->safe.exact && !general) {
        return idle(
            MTP_OPT_FAILSAFE_EXACT,
            "the other fail-safe numbers have no model; give --failsafe general", err);
    }
    return general || mtp_bias_has_failsafe(s, MTP_FAILSAFE_ORWIN) || isnan(b->target)
               ? MTP_OK
               : idle(MTP_OPT_TARGET,
                      "fail-safe numbers orwin and general have one; give --failsafe "
                      "orwin",
                      err);
}

/* Analyses of p-values need to know what the studies tested. */
static mtp_status check_hypothesis(const mtp_settings *s, mtp_error *err)
{
    const mtp_bias_settings *b = &s->bias;
    const char *what = b->n_failsafe > 0 ? "failsafe"
                       : b->excess       ? "excess"
                       : b->selection    ? "selection"
                       : has_weights(b)  ? "selection-weights"
                       : b->p_curve      ? "p-curve"
                       : b->p_uniform    ? "p-uniform"
                                         : NULL;

    if (b->hypothesis || b->all || !what) {
        return MTP_OK;
    }
    return mtp_fail(err, MTP_E_ARG,
                    "--%s: no %s stands for no effect; give --null, what the studies "
                    "would be tested against",
                    what, s->measure->natural);
}

mtp_status mtp_settings_resolve_bias(const mtp_request *r, mtp_settings *s,
                                     mtp_error *err)
{
    mtp_status status = resolve_analyses(r, s, err);

    s->bias.hypothesis = !isnan(s->pool.null_value);
    s->bias.alpha = (100.0 - mtp_request_number(r, MTP_OPT_LEVEL)) / 100.0;
    if (status == MTP_OK) {
        status = mtp_bias_resolve_selection(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_tests(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_regressions(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_trim_fill(r, s, err);
    }
    if (status == MTP_OK) {
        status = resolve_failsafe(r, s, err);
    }
    return status == MTP_OK ? check_hypothesis(s, err) : status;
}
