/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options in force, for reports. */
#include "analysis/settings.h"
#include "core/error.h"
#include "core/number.h"
#include "models/stratified.h"

#include <string.h>

/* The same for a regression: true where it decides, with the text in *text. */
static bool in_force_of_regression(const mtp_request *r, const mtp_settings *s,
                                   mtp_option_index index, const char **text)
{
    bool glmm = s->regress.method == MTP_METHOD_GLMM;

    *text = NULL;
    switch (index) {
    case MTP_OPT_METHOD:
        *text = mtp_method_id(s->regress.method);
        return true;
    case MTP_OPT_TAU2:
        *text = s->regress.tau2 == MTP_TAU2_GIVEN ? r->given[MTP_OPT_TAU2]
                                                  : mtp_tau2_id(s->regress.tau2);
        return true;
    case MTP_OPT_CI:
        *text = mtp_ci_id(s->regress.ci);
        return true;
    case MTP_OPT_ROBUST:
        *text = s->cluster ? mtp_robust_id(s->regress.robust) : NULL;
        return true;
    case MTP_OPT_SEED:
        return !mtp_request_has(r, MTP_OPT_PERMUTE);
    case MTP_OPT_NODES:
        return !glmm;
    case MTP_OPT_TAU2_CI:
        return glmm;
    default:
        return false;
    }
}

/* The text of an option in force, where it differs from what was given. */
static const char *in_force(const mtp_request *r, const mtp_settings *s,
                            mtp_option_index index)
{
    bool pool = (r->command & (unsigned)MTP_FOR_MEAN) != 0 && !s->regression;
    const char *text;

    if (mtp_sensitivity_in_force(r, s, index, &text)) {
        return text;
    }
    if (index == MTP_OPT_DF) {
        mtp_ci_method ci = pool ? s->pool.ci : s->regress.ci;

        return s->nested && ci == MTP_CI_T
                   ? mtp_level_df_id(pool ? s->pool.level_df : s->regress.level_df)
                   : NULL;
    }
    if (s->nested && (index == MTP_OPT_TAU2_CI || index == MTP_OPT_TAU2_SCOPE)) {
        return NULL;
    }
    if (s->regression && in_force_of_regression(r, s, index, &text)) {
        return text;
    }
    if (r->command == MTP_COMMAND_BIAS && mtp_bias_in_force(r, s, index, &text)) {
        return text;
    }
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
    if (pool && s->pool.method == MTP_METHOD_BETABINOMIAL &&
        (index == MTP_OPT_TAU2 || index == MTP_OPT_TAU2_CI ||
         index == MTP_OPT_TAU2_SCOPE)) {
        return NULL;
    }
    if (pool && index == MTP_OPT_TAU2 && s->pool.tau2 != MTP_TAU2_GIVEN) {
        return mtp_tau2_id(s->pool.tau2);
    }
    if (pool && index == MTP_OPT_CI) {
        return mtp_ci_id(s->pool.ci);
    }
    if (pool && index == MTP_OPT_ROBUST) {
        return s->cluster ? mtp_robust_id(s->pool.robust) : NULL;
    }
    if (pool && (index == MTP_OPT_DRAWS || index == MTP_OPT_SEED) &&
        s->pool.predict != MTP_PI_NNF) {
        return NULL;
    }
    if (pool && index == MTP_OPT_MODEL) {
        return s->pool.method == MTP_METHOD_GLMM && s->measure->groups == 2
                   ? mtp_model_id(s->pool.model)
                   : NULL;
    }
    if (pool && index == MTP_OPT_NODES && s->pool.method != MTP_METHOD_GLMM &&
        !((unsigned)r->command & MTP_FOR_COMPARE &&
          mtp_method_pools(MTP_METHOD_GLMM, s->measure))) {
        return NULL;
    }
    if (pool && index == MTP_OPT_TAU2_CI && s->pool.method == MTP_METHOD_GLMM) {
        return NULL;
    }
    if (pool && s->pool.method == MTP_METHOD_BETABINOMIAL && index == MTP_OPT_PREDICT) {
        return mtp_pi_id(MTP_PI_NONE);
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
        if (mtp_role_option((mtp_role)role) == (mtp_option_index)index) {
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
        list[n++] = (mtp_effective_option){
            info->name, value, is_number(info->kind, value),
            info->kind == MTP_VALUE_FLAG, info->kind == MTP_VALUE_LIST};
    }
    *options = list;
    *count = n;
    return MTP_OK;
}
