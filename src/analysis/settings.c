/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/settings.h"

#include "analysis/labbe.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static mtp_status resolve_measure(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    const char *code = r->given[MTP_OPT_MEASURE];

    if (!code && !mtp_request_has(r, MTP_OPT_YI)) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--measure is needed: PLO for proportions (--events --n), IRLN for "
            "rates (--events --time), OR for two groups (--events1 --n1 --events2 "
            "--n2), MD for means (--mean1 --sd1 --n1 ...), GEN for ready-made effects "
            "(--yi --vi)");
    }
    s->measure = mtp_measure_from_code(code ? code : "GEN");
    return s->measure ? MTP_OK
                      : mtp_fail(err, MTP_E_ARG, "--measure %s: not known", code);
}

/* Limits go in pairs, and an effect needs a variance by one way or another. */
static mtp_status check_ready(const mtp_request *r, const mtp_measure_info *measure,
                              mtp_error *err)
{
    bool lower = mtp_request_has(r, MTP_OPT_CI_LOWER),
         upper = mtp_request_has(r, MTP_OPT_CI_UPPER);

    if (!mtp_request_has(r, MTP_OPT_YI) && !mtp_request_has(r, MTP_OPT_ESTIMATE)) {
        return mtp_fail(
            err, MTP_E_ARG, "measure %s needs %s", measure->code,
            measure->ratio ? "--estimate (the ratio) or --yi (its logarithm)" : "--yi");
    }
    if (lower != upper) {
        return mtp_fail(err, MTP_E_ARG, "--%s is needed beside --%s",
                        lower ? "ci-upper" : "ci-lower",
                        lower ? "ci-lower" : "ci-upper");
    }
    if (!mtp_request_has(r, MTP_OPT_VI) && !mtp_request_has(r, MTP_OPT_SEI) && !lower &&
        !mtp_request_has(r, MTP_OPT_STAT) && !mtp_request_has(r, MTP_OPT_P)) {
        return mtp_fail(err, MTP_E_ARG,
                        "measure %s needs --vi (variances), --sei (standard errors), "
                        "--ci-lower with --ci-upper, --stat (z statistics) or --p "
                        "(two-sided p-values); each study takes the first of them that "
                        "it has",
                        measure->code);
    }
    return MTP_OK;
}

/* Whether an option is given whose column is this role's or can make it. */
static bool can_have(const mtp_request *r, mtp_measure measure, mtp_role role)
{
    mtp_raw raw = {.size = sizeof raw, .k = 1};
    static const double there = 1.0;
    mtp_role lacking;

    for (int i = 0; i < MTP_ROLE_COUNT; i++) {
        raw.column[i] =
            mtp_request_has(r, mtp_role_option((mtp_role)i)) ? &there : NULL;
    }
    return mtp_effects_can_use(measure, &raw, 0, &lacking) || lacking != role;
}

/* Ready-made effects are all that a measure takes, or are given in place of raw data.
 */
static bool is_ready_made(const mtp_request *r, const mtp_measure_info *measure)
{
    return measure->input == MTP_INPUT_GENERIC || measure->input == MTP_INPUT_RATIO ||
           mtp_request_has(r, MTP_OPT_YI) || mtp_request_has(r, MTP_OPT_ESTIMATE);
}

static mtp_status resolve_columns(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    mtp_measure measure = s->measure->measure;
    bool ready = is_ready_made(r, s->measure);

    for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
        mtp_option_index index = mtp_role_option((mtp_role)role);

        if (mtp_request_has(r, index) && !mtp_measure_reads(measure, (mtp_role)role)) {
            return mtp_fail(err, MTP_E_ARG, "--%s is not read by measure %s",
                            mtp_option_get(index)->name, s->measure->code);
        }
        if (!can_have(r, measure, (mtp_role)role) && !ready) {
            return mtp_fail(err, MTP_E_ARG, "measure %s needs --%s", s->measure->code,
                            mtp_option_get(index)->name);
        }
        s->column[role] = r->given[index];
    }
    return ready ? check_ready(r, s->measure, err) : MTP_OK;
}

/* Peto's effect exists with an empty cell too, unless nothing happened, or everything;
 * Peto's Q is that of uncorrected effects. */
static bool needs_no_correction(const mtp_request *r, const mtp_settings *s)
{
    return mtp_request_has(r, MTP_OPT_METHOD) && !s->keep00 &&
           mtp_request_choice(r, MTP_OPT_METHOD) == (int)MTP_METHOD_PETO;
}

/* A number, or the one choice: tacc. */
static void resolve_add(const mtp_request *r, mtp_settings *s)
{
    if (mtp_request_choice(r, MTP_OPT_ADD) == 0) {
        s->effects.tacc = true;
        (void)snprintf(s->add, sizeof s->add, "tacc");
        return;
    }
    if (mtp_request_has(r, MTP_OPT_ADD)) {
        s->effects.add = mtp_request_number(r, MTP_OPT_ADD);
    } else if (needs_no_correction(r, s)) {
        s->effects.add = 0.0;
    }
    mtp_number_format(isnan(s->effects.add) ? s->measure->add : s->effects.add, s->add);
}

static void resolve_effects(const mtp_request *r, mtp_settings *s)
{
    mtp_effects_options_init(&s->effects, sizeof s->effects);
    s->effects.measure = s->measure->measure;
    s->keep00 = strcmp(mtp_request_value(r, MTP_OPT_KEEP00), "true") == 0;
    resolve_add(r, s);
    s->effects.to = (mtp_add_to)mtp_request_choice(r, MTP_OPT_TO);
    s->effects.vtype = (mtp_vtype)mtp_request_choice(r, MTP_OPT_VTYPE);
    s->effects.correct = mtp_request_choice(r, MTP_OPT_CORRECT) == 0; /* yes */
    s->effects.input_level = mtp_request_number(r, MTP_OPT_INPUT_LEVEL) / 100.0;
    s->effects.allow_fractional =
        strcmp(mtp_request_value(r, MTP_OPT_ALLOW_FRACTIONAL), "true") == 0;
}

static mtp_status resolve_composition(const mtp_request *r, mtp_settings *s,
                                      mtp_error *err)
{
    mtp_composition_options_init(&s->composition, sizeof s->composition);
    s->composition.level = s->level;
    s->composition.seed = (uint64_t)mtp_request_number(r, MTP_OPT_SEED);
    s->composition.draws = (size_t)mtp_request_number(r, MTP_OPT_DRAWS);
    s->composition.threads = (unsigned)mtp_request_number(r, MTP_OPT_THREADS);
    s->category = r->given[MTP_OPT_CATEGORY];
    s->count = r->given[MTP_OPT_COUNT_COLUMN];
    return s->category ? MTP_OK
                       : mtp_fail(err, MTP_E_ARG,
                                  "--category is needed: the column that "
                                  "names each row's category");
}

static mtp_status resolve_bias(const mtp_request *r, mtp_settings *s,
                               mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = mtp_settings_resolve_pool(r, s, notes, err);

    return status == MTP_OK ? mtp_settings_resolve_bias(r, s, err) : status;
}

static mtp_status resolve_funnel(const mtp_request *r, mtp_settings *s,
                                 mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = mtp_settings_resolve_pool(r, s, notes, err);

    return status == MTP_OK ? mtp_settings_resolve_funnel(r, s, err) : status;
}

static mtp_status resolve_labbe(const mtp_request *r, mtp_settings *s,
                                mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = mtp_labbe_applies(s->measure, err);

    return status == MTP_OK ? mtp_settings_resolve_pool(r, s, notes, err) : status;
}

/* A curve of p-values is one of a standard error and its distribution. */
static mtp_status resolve_drapery(const mtp_request *r, mtp_settings *s,
                                  mtp_note_list *notes, mtp_error *err)
{
    mtp_status status = mtp_settings_resolve_pool(r, s, notes, err);

    if (status == MTP_OK && (s->pool.ci == MTP_CI_PL || s->pool.ci == MTP_CI_HC)) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--ci %s: is no multiple of a standard error, and a drapery plot "
            "has no curve for it; take wald, t, hksj or kr",
            mtp_ci_id(s->pool.ci));
    }
    if (status == MTP_OK && s->pool.predict == MTP_PI_NNF) {
        return mtp_fail(err, MTP_E_UNSUPPORTED,
                        "--predict nnf: is no multiple of a standard error, and a "
                        "drapery plot has no curve for it; take another, or none");
    }
    return status;
}

static mtp_status resolve_model(const mtp_request *r, mtp_settings *s,
                                mtp_note_list *notes, mtp_error *err)
{
    switch (r->command) {
    case MTP_COMMAND_EFFECTS:
        return MTP_OK;
    case MTP_COMMAND_REGRESS:
    case MTP_COMMAND_BUBBLE:
        return mtp_settings_resolve_regress(r, s, notes, err);
    case MTP_COMMAND_BIAS:
        return resolve_bias(r, s, notes, err);
    case MTP_COMMAND_FUNNEL:
        return resolve_funnel(r, s, notes, err);
    case MTP_COMMAND_DRAPERY:
        return resolve_drapery(r, s, notes, err);
    case MTP_COMMAND_LABBE:
        return resolve_labbe(r, s, notes, err);
    case MTP_COMMAND_FOREST:
        return mtp_settings_resolve_forest(r, s, notes, err);
    case MTP_COMMAND_GOSH_FIGURE:
        return mtp_settings_resolve_gosh(r, s, notes, err);
    case MTP_COMMAND_DIAGNOSTICS:
        return mtp_settings_resolve_diagnostics(r, s, notes, err);
    case MTP_COMMAND_SENSITIVITY:
        return mtp_settings_resolve_sensitivity(r, s, notes, err);
    default:
        return mtp_settings_resolve_pool(r, s, notes, err);
    }
}

mtp_status mtp_settings_resolve(const mtp_request *request, mtp_settings *settings,
                                mtp_note_list *notes, mtp_error *err)
{
    mtp_settings s = {.level = mtp_request_number(request, MTP_OPT_LEVEL) / 100.0,
                      .study = request->given[MTP_OPT_STUDY],
                      .where = request->given[MTP_OPT_WHERE],
                      .by = request->given[MTP_OPT_BY]};
    mtp_status status;

    if ((unsigned)request->command & MTP_FOR_SHARES) {
        status = resolve_composition(request, &s, err);
    } else {
        status = resolve_measure(request, &s, err);
        if (status == MTP_OK) {
            status = resolve_columns(request, &s, err);
        }
        if (status == MTP_OK) {
            resolve_effects(request, &s);
            status = resolve_model(request, &s, notes, err);
        }
    }
    if (status == MTP_OK) {
        *settings = s;
    }
    return status;
}
