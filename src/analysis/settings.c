/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/settings.h"

#include "core/error.h"
#include "core/number.h"
#include "models/stratified.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Which option holds the column of a role. */
static const mtp_option_index role_option[MTP_ROLE_COUNT] = {
#define ROLE_OPTION(name, id, text) [MTP_ROLE_##name] = MTP_OPT_##name,
    MTP_ROLE_LIST(ROLE_OPTION)
#undef ROLE_OPTION
};

static bool given(const mtp_request *r, mtp_option_index index)
{
    return r->given[index] != NULL;
}

static double number_of(const mtp_request *r, mtp_option_index index)
{
    const char *text = mtp_request_value(r, index);
    double value = (double)NAN;

    if (text) {
        (void)mtp_number_parse(text, strlen(text), &value);
    }
    return value;
}

static int choice_of(const mtp_request *r, mtp_option_index index)
{
    return mtp_option_choice(index, mtp_request_value(r, index));
}

static mtp_status resolve_measure(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    const char *code = r->given[MTP_OPT_MEASURE];

    if (!code && !given(r, MTP_OPT_YI)) {
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
    bool lower = given(r, MTP_OPT_CI_LOWER), upper = given(r, MTP_OPT_CI_UPPER);

    if (!given(r, MTP_OPT_YI) && !given(r, MTP_OPT_ESTIMATE)) {
        return mtp_fail(
            err, MTP_E_ARG, "measure %s needs %s", measure->code,
            measure->ratio ? "--estimate (the ratio) or --yi (its logarithm)" : "--yi");
    }
    if (lower != upper) {
        return mtp_fail(err, MTP_E_ARG, "--%s is needed beside --%s",
                        lower ? "ci-upper" : "ci-lower",
                        lower ? "ci-lower" : "ci-upper");
    }
    if (!given(r, MTP_OPT_VI) && !given(r, MTP_OPT_SEI) && !lower &&
        !given(r, MTP_OPT_STAT) && !given(r, MTP_OPT_P)) {
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
        raw.column[i] = given(r, role_option[i]) ? &there : NULL;
    }
    return mtp_effects_can_use(measure, &raw, 0, &lacking) || lacking != role;
}

/* Ready-made effects are all that a measure takes, or are given in place of raw data.
 */
static bool is_ready_made(const mtp_request *r, const mtp_measure_info *measure)
{
    return measure->input == MTP_INPUT_GENERIC || measure->input == MTP_INPUT_RATIO ||
           given(r, MTP_OPT_YI) || given(r, MTP_OPT_ESTIMATE);
}

static mtp_status resolve_columns(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    mtp_measure measure = s->measure->measure;
    bool ready = is_ready_made(r, s->measure);

    for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
        mtp_option_index index = role_option[role];

        if (given(r, index) && !mtp_measure_reads(measure, (mtp_role)role)) {
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

/* A number, or the one choice: tacc. */
static void resolve_add(const mtp_request *r, mtp_settings *s)
{
    if (choice_of(r, MTP_OPT_ADD) == 0) {
        s->effects.tacc = true;
        (void)snprintf(s->add, sizeof s->add, "tacc");
        return;
    }
    if (given(r, MTP_OPT_ADD)) {
        s->effects.add = number_of(r, MTP_OPT_ADD);
    }
    mtp_number_format(isnan(s->effects.add) ? s->measure->add : s->effects.add, s->add);
}

static void resolve_effects(const mtp_request *r, mtp_settings *s)
{
    mtp_effects_options_init(&s->effects, sizeof s->effects);
    s->effects.measure = s->measure->measure;
    resolve_add(r, s);
    s->keep00 = strcmp(mtp_request_value(r, MTP_OPT_KEEP00), "true") == 0;
    s->effects.to = (mtp_add_to)choice_of(r, MTP_OPT_TO);
    s->effects.vtype = (mtp_vtype)choice_of(r, MTP_OPT_VTYPE);
    s->effects.correct = choice_of(r, MTP_OPT_CORRECT) == 0; /* yes */
    s->effects.input_level = number_of(r, MTP_OPT_INPUT_LEVEL) / 100.0;
    s->effects.allow_fractional =
        strcmp(mtp_request_value(r, MTP_OPT_ALLOW_FRACTIONAL), "true") == 0;
}

/* The predictions that a GLMM has too. */
static bool is_plain(int prediction)
{
    return prediction <= (int)MTP_PI_HTS || prediction == (int)MTP_PI_NONE;
}

/* An inverse-variance choice given without --method selects that method. */
static const char *selects_inverse(const mtp_request *r)
{
    int ci = choice_of(r, MTP_OPT_CI), pi = choice_of(r, MTP_OPT_PREDICT);

    if (given(r, MTP_OPT_TAU2)) {
        return "tau2";
    }
    if (given(r, MTP_OPT_CI) && ci > (int)MTP_CI_T) {
        return "ci";
    }
    if (given(r, MTP_OPT_WEIGHTS)) {
        return "weights";
    }
    if (given(r, MTP_OPT_TAU2_SCOPE) &&
        choice_of(r, MTP_OPT_TAU2_SCOPE) == MTP_TAU2_COMMON) {
        return NULL; /* a GLMM cannot do it, and says so */
    }
    return is_plain(pi) ? NULL : "predict";
}

static mtp_status check_method(const mtp_settings *s, mtp_error *err)
{
    const char *way = "it exists for PLO and IRLN";

    if (mtp_method_pools(s->pool.method, s->measure)) {
        return MTP_OK;
    }
    if (s->pool.method == MTP_METHOD_MH) {
        way = s->measure->measure == MTP_PETO
                  ? "--method peto pools it"
                  : "it exists for OR, RR, RD, IRR and IRD; --method inverse pools any";
    } else if (s->pool.method == MTP_METHOD_PETO) {
        way = s->measure->measure == MTP_OR
                  ? "take --measure PETO, which is Peto's odds ratio, or --method mh"
                  : "it exists for PETO; --method inverse pools any measure";
    }
    return mtp_fail(
        err, MTP_E_UNSUPPORTED, "--method %s: there is no such %s for measure %s; %s",
        mtp_method_id(s->pool.method),
        s->pool.method == MTP_METHOD_GLMM ? "model" : "mean", s->measure->code, way);
}

/* The cells of the sums, as those of the study effects by --add and --to. */
static mtp_status resolve_mh_add(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    if (!given(r, MTP_OPT_MH_ADD)) {
        return MTP_OK;
    }
    s->pool.mh_add = number_of(r, MTP_OPT_MH_ADD);
    s->pool.mh_to = s->effects.to;
    if (s->pool.mh_add > 0.0 && s->pool.mh_to == MTP_ADD_NONE) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--mh-add: with --to none it is added to no study; leave one of "
            "them out");
    }
    return mtp_method_is_stratified(s->pool.method)
               ? MTP_OK
               : mtp_fail(err, MTP_E_ARG,
                          "--mh-add: only Mantel-Haenszel and Peto sums take it; take "
                          "--method mh or peto, or --add for the study effects");
}

static mtp_status resolve_method(const mtp_request *r, mtp_settings *s,
                                 mtp_note_list *notes, mtp_error *err)
{
    const char *cause = selects_inverse(r);
    mtp_status status;

    if (given(r, MTP_OPT_METHOD)) {
        s->pool.method = (mtp_method)choice_of(r, MTP_OPT_METHOD);
    } else if (!s->measure->glmm) {
        s->pool.method = MTP_METHOD_INVERSE;
    } else if (cause) {
        s->pool.method = MTP_METHOD_INVERSE;
        mtp_note_add(
            notes, MTP_NOTE_METHOD_SELECTED, 0,
            "--%s selects inverse-variance pooling; without it, %s is pooled by a "
            "generalized linear mixed model",
            cause, s->measure->code);
    } else {
        s->pool.method = MTP_METHOD_GLMM;
    }
    status = check_method(s, err);
    return status == MTP_OK ? resolve_mh_add(r, s, err) : status;
}

static mtp_status resolve_tau2(const mtp_request *r, mtp_settings *s, mtp_error *err)
{
    const char *text = r->given[MTP_OPT_TAU2];
    int which = text ? choice_of(r, MTP_OPT_TAU2) : -1;
    bool glmm = s->pool.method == MTP_METHOD_GLMM;

    if (which == MTP_TAU2_GIVEN) {
        return mtp_fail(err, MTP_E_ARG, "--tau2 given: give the number itself");
    }
    if (glmm && text && which != MTP_TAU2_ML) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--tau2 %s: a GLMM estimates tau2 by ML; leave --tau2 out, or take "
            "--method inverse",
            text);
    }
    if (text && which < 0) {
        s->pool.tau2 = MTP_TAU2_GIVEN;
        s->pool.tau2_value = number_of(r, MTP_OPT_TAU2);
    } else {
        s->pool.tau2 = text   ? (mtp_tau2_method)which
                       : glmm ? MTP_TAU2_ML
                              : MTP_TAU2_REML;
    }
    s->pool.tau2_ci = (mtp_tau2_ci_method)choice_of(r, MTP_OPT_TAU2_CI);
    if (glmm && given(r, MTP_OPT_TAU2_CI)) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--tau2-ci %s: a GLMM has no interval of tau2; leave --tau2-ci out, or "
            "take --method inverse",
            mtp_tau2_ci_id(s->pool.tau2_ci));
    }
    s->pool.tau2_scope = (mtp_tau2_scope)choice_of(r, MTP_OPT_TAU2_SCOPE);
    if (glmm && s->pool.tau2_scope == MTP_TAU2_COMMON) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--tau2-scope common: not available for a GLMM; take --tau2-scope "
            "separate, or --method inverse");
    }
    return MTP_OK;
}

static mtp_status resolve_intervals(const mtp_request *r, mtp_settings *s,
                                    mtp_error *err)
{
    bool glmm = s->pool.method == MTP_METHOD_GLMM;

    if (given(r, MTP_OPT_CI)) {
        s->pool.ci = (mtp_ci_method)choice_of(r, MTP_OPT_CI);
    } else {
        s->pool.ci = glmm ? MTP_CI_WALD : MTP_CI_HKSJ;
    }
    s->pool.predict = (mtp_pi_method)choice_of(r, MTP_OPT_PREDICT);
    if (glmm && s->pool.ci != MTP_CI_WALD && s->pool.ci != MTP_CI_T) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--ci %s: a GLMM has wald and t; take one of them, or --method inverse",
            mtp_ci_id(s->pool.ci));
    }
    if (glmm && !is_plain((int)s->pool.predict)) {
        return mtp_fail(
            err, MTP_E_UNSUPPORTED,
            "--predict %s: a GLMM has wald, v and hts; take one of them, or "
            "--method inverse",
            mtp_pi_id(s->pool.predict));
    }
    if (s->pool.predict != MTP_PI_NNF &&
        (given(r, MTP_OPT_DRAWS) || given(r, MTP_OPT_SEED))) {
        return mtp_fail(err, MTP_E_ARG,
                        "--%s: random numbers are drawn for --predict nnf alone",
                        given(r, MTP_OPT_DRAWS) ? "draws" : "seed");
    }
    if (!glmm && given(r, MTP_OPT_NODES)) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--nodes: only a GLMM is integrated; take --method glmm (measures PLO "
            "and IRLN), or leave --nodes out");
    }
    if (glmm && choice_of(r, MTP_OPT_NODES) < 0) {
        s->pool.nodes = (int)number_of(r, MTP_OPT_NODES);
    }
    return MTP_OK;
}

/* Without a hypothesis two groups are compared with no difference; one group has none.
 */
static void resolve_null(const mtp_request *r, mtp_settings *s)
{
    s->pool.null_value = number_of(r, MTP_OPT_NULL_VALUE);
    if (isnan(s->pool.null_value) && s->measure->groups == 2) {
        s->pool.null_value = mtp_back_transform(s->measure->measure,
                                                s->measure->no_difference, 1.0, NULL);
    }
    if (!isnan(s->pool.null_value)) {
        mtp_number_format(s->pool.null_value, s->null_value);
    }
}

/* The hypothesis is on the natural scale, and must have a place on the analysis scale.
 */
static mtp_status check_null(const mtp_request *r, const mtp_settings *s,
                             mtp_error *err)
{
    double null = s->pool.null_value;
    const char *text = r->given[MTP_OPT_NULL_VALUE];

    if (null < s->measure->lower || null > s->measure->upper) {
        return mtp_fail(
            err, MTP_E_ARG,
            "--null %s: not a %s; the hypothesis is on the back-transformed "
            "scale",
            text, s->measure->natural);
    }
    if (isinf(mtp_forward_transform(s->measure->measure, null, 1.0))) {
        return mtp_fail(err, MTP_E_ARG, "--null %s: has no place on the %s scale of %s",
                        text, s->measure->scale, s->measure->code);
    }
    return MTP_OK;
}

static mtp_status resolve_pool(const mtp_request *r, mtp_settings *s,
                               mtp_note_list *notes, mtp_error *err)
{
    mtp_status status;

    mtp_pool_options_init(&s->pool, sizeof s->pool);
    s->pool.level = s->level;
    resolve_null(r, s);
    s->pool.ft_n = (mtp_ft_n)choice_of(r, MTP_OPT_PFT_N);
    s->pool.threads = (unsigned)number_of(r, MTP_OPT_THREADS);
    s->pool.draws = (size_t)number_of(r, MTP_OPT_DRAWS);
    s->pool.seed = (uint64_t)number_of(r, MTP_OPT_SEED);
    s->weights = r->given[MTP_OPT_WEIGHTS];
    status = check_null(r, s, err);
    if (status != MTP_OK) {
        return status;
    }
    status = resolve_method(r, s, notes, err);
    if (status == MTP_OK) {
        status = resolve_tau2(r, s, err);
    }
    return status == MTP_OK ? resolve_intervals(r, s, err) : status;
}

static mtp_status resolve_composition(const mtp_request *r, mtp_settings *s,
                                      mtp_error *err)
{
    mtp_composition_options_init(&s->composition, sizeof s->composition);
    s->composition.level = s->level;
    s->composition.seed = (uint64_t)number_of(r, MTP_OPT_SEED);
    s->composition.draws = (size_t)number_of(r, MTP_OPT_DRAWS);
    s->composition.threads = (unsigned)number_of(r, MTP_OPT_THREADS);
    s->category = r->given[MTP_OPT_CATEGORY];
    s->count = r->given[MTP_OPT_COUNT_COLUMN];
    return s->category ? MTP_OK
                       : mtp_fail(err, MTP_E_ARG,
                                  "--category is needed: the column that "
                                  "names each row's category");
}

mtp_status mtp_settings_resolve(const mtp_request *request, mtp_settings *settings,
                                mtp_note_list *notes, mtp_error *err)
{
    mtp_settings s = {.level = number_of(request, MTP_OPT_LEVEL) / 100.0,
                      .study = request->given[MTP_OPT_STUDY],
                      .where = request->given[MTP_OPT_WHERE],
                      .by = request->given[MTP_OPT_BY]};
    mtp_status status;

    if (request->command == MTP_COMMAND_COMPOSITION) {
        status = resolve_composition(request, &s, err);
    } else {
        status = resolve_measure(request, &s, err);
        if (status == MTP_OK) {
            status = resolve_columns(request, &s, err);
        }
        if (status == MTP_OK) {
            resolve_effects(request, &s);
            status = request->command == MTP_COMMAND_EFFECTS
                         ? MTP_OK
                         : resolve_pool(request, &s, notes, err);
        }
    }
    if (status == MTP_OK) {
        *settings = s;
    }
    return status;
}

/* The text of an option in force, where it differs from what was given. */
static const char *in_force(const mtp_request *r, const mtp_settings *s,
                            mtp_option_index index)
{
    bool pool = (r->command & (unsigned)MTP_FOR_POOL) != 0;

    if (index == MTP_OPT_MEASURE) {
        return s->measure ? s->measure->code : NULL;
    }
    if (index == MTP_OPT_ADD) {
        return s->add;
    }
    if (index == MTP_OPT_NULL_VALUE) {
        return s->null_value[0] ? s->null_value : NULL;
    }
    if (index == MTP_OPT_KEEP00 && !(s->measure && s->measure->groups == 2)) {
        return NULL;
    }
    if (index == MTP_OPT_CORRECT && !(s->measure && s->measure->bias_correction)) {
        return NULL;
    }
    if (pool && index == MTP_OPT_METHOD) {
        return mtp_method_id(s->pool.method);
    }
    if (pool && index == MTP_OPT_TAU2 && s->pool.tau2 != MTP_TAU2_GIVEN) {
        return mtp_tau2_id(s->pool.tau2);
    }
    if (pool && index == MTP_OPT_CI) {
        return mtp_ci_id(s->pool.ci);
    }
    if (pool && (index == MTP_OPT_DRAWS || index == MTP_OPT_SEED) &&
        s->pool.predict != MTP_PI_NNF) {
        return NULL;
    }
    if (pool && index == MTP_OPT_NODES && s->pool.method != MTP_METHOD_GLMM) {
        return NULL;
    }
    if (pool && index == MTP_OPT_TAU2_CI && s->pool.method == MTP_METHOD_GLMM) {
        return NULL;
    }
    return mtp_request_value(r, index);
}

static bool is_number(mtp_value_kind kind, const char *value)
{
    double number;

    return value &&
           (kind == MTP_VALUE_NUMBER || kind == MTP_VALUE_WHOLE ||
            kind == MTP_VALUE_CHOICE_OR_NUMBER) &&
           mtp_number_parse(value, strlen(value), &number) == MTP_NUMBER_OK;
}

/* A column that the measure does not read cannot be given. */
static bool is_foreign_column(const mtp_settings *settings, unsigned index)
{
    for (unsigned role = 0; role < MTP_ROLE_COUNT; role++) {
        if (role_option[role] == (mtp_option_index)index) {
            return !mtp_measure_reads(settings->measure->measure, (mtp_role)role);
        }
    }
    return false;
}

mtp_status mtp_settings_list(const mtp_request *request, const mtp_settings *settings,
                             mtp_arena *arena, const mtp_effective_option **options,
                             size_t *count, mtp_error *err)
{
    mtp_effective_option *list =
        MTP_ARENA_ARRAY(arena, MTP_OPT_COUNT, mtp_effective_option);
    size_t n = 0;

    if (!list) {
        return mtp_fail_nomem(err);
    }
    for (unsigned i = 0; i < MTP_OPT_COUNT; i++) {
        const mtp_option_info *info = mtp_option_get((mtp_option_index)i);
        const char *value;

        if (!info->changes_numbers || !(info->commands & (unsigned)request->command) ||
            is_foreign_column(settings, i)) {
            continue;
        }
        value = in_force(request, settings, (mtp_option_index)i);
        if (value) {
            value = mtp_arena_strdup(arena, value);
            if (!value) {
                return mtp_fail_nomem(err);
            }
        }
        list[n++] =
            (mtp_effective_option){info->name, value, is_number(info->kind, value),
                                   info->kind == MTP_VALUE_FLAG};
    }
    *options = list;
    *count = n;
    return MTP_OK;
}
