/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is impossible in the raw data of a study, and how it is said. */
#include "effects/check.h"

#include "core/error.h"
#include "core/number.h"

#include <math.h>

const char *mtp_role_id(mtp_role role)
{
    static const char *const id[MTP_ROLE_COUNT] = {
#define ROLE_ID(name, text, description) [name] = (text),
        MTP_ROLE_LIST(ROLE_ID)
#undef ROLE_ID
    };

    return id[role];
}

static mtp_status need(const mtp_effects_options *options, const mtp_raw *raw,
                       mtp_role role, mtp_error *err)
{
    if (raw->column[role]) {
        return MTP_OK;
    }
    return mtp_fail(err, MTP_E_ARG, "measure %s needs the column '%s'",
                    mtp_measure_get(options->measure)->code, mtp_role_id(role));
}

static mtp_status check_columns(const mtp_effects_options *options, const mtp_raw *raw,
                                mtp_error *err)
{
    mtp_input_kind input = mtp_measure_get(options->measure)->input;
    mtp_status status;

    if (input != MTP_INPUT_GENERIC) {
        status = need(options, raw, MTP_ROLE_EVENTS, err);
        return status ? status
                      : need(options, raw,
                             input == MTP_INPUT_EVENTS_N ? MTP_ROLE_N : MTP_ROLE_TIME,
                             err);
    }
    status = need(options, raw, MTP_ROLE_YI, err);
    if (status) {
        return status;
    }
    if (!raw->column[MTP_ROLE_VI] && !raw->column[MTP_ROLE_SEI] &&
        !(raw->column[MTP_ROLE_CI_LOWER] && raw->column[MTP_ROLE_CI_UPPER])) {
        return mtp_fail(err, MTP_E_ARG,
                        "measure GEN needs 'vi', 'sei', or 'ci-lower' with 'ci-upper'");
    }
    return MTP_OK;
}

mtp_status mtp_effects_check_options(const mtp_effects_options *options,
                                     const mtp_raw *raw, mtp_error *err)
{
    const mtp_measure_info *info = mtp_measure_get(options->measure);

    if (!info) {
        return mtp_fail(err, MTP_E_ARG, "unknown measure %d", (int)options->measure);
    }
    if (options->add < 0.0 || isinf(options->add)) {
        return mtp_fail(err, MTP_E_ARG, "'add' must be a finite number, 0 or more");
    }
    if ((unsigned)options->to > MTP_ADD_NONE) {
        return mtp_fail(err, MTP_E_ARG, "unknown rule %d for 'to'", (int)options->to);
    }
    if ((unsigned)options->vtype > MTP_VTYPE_AV) {
        return mtp_fail(err, MTP_E_ARG, "unknown 'vtype' %d", (int)options->vtype);
    }
    if (options->vtype == MTP_VTYPE_UB && options->measure != MTP_PR) {
        return mtp_fail(err, MTP_E_ARG, "vtype UB belongs to measure PR, not to %s",
                        info->code);
    }
    if (options->vtype == MTP_VTYPE_AV && info->input != MTP_INPUT_EVENTS_N) {
        return mtp_fail(err, MTP_E_ARG,
                        "vtype AV belongs to measures of a proportion, not to %s",
                        info->code);
    }
    if (!(options->input_level > 0.0 && options->input_level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the level of the given limits must lie between 0 and 1");
    }
    return check_columns(options, raw, err);
}

/* A value of study i that cannot be: "-3" followed by why. */
static mtp_status impossible(mtp_error *err, size_t i, mtp_role role, double value,
                             const char *why)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_format(value, text);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(role), "%s %s", text,
                       why);
}

static mtp_status check_finite(const mtp_raw *raw, size_t i, mtp_role role,
                               mtp_error *err)
{
    double value = raw->column[role][i];

    if (isnan(value)) {
        return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(role),
                           "the value is missing; leave the study out");
    }
    return isinf(value) ? impossible(err, i, role, value, "is not a finite number")
                        : MTP_OK;
}

static const char *why_not_positive(mtp_role role)
{
    switch (role) {
    case MTP_ROLE_N:
        return "is not above 0; a study has at least one patient";
    case MTP_ROLE_TIME:
        return "is not above 0; without time at risk there is no rate";
    case MTP_ROLE_SEI:
        return "is not above 0; a standard error is positive";
    default:
        return "is not above 0; a sampling variance is positive";
    }
}

static mtp_status check_positive(const mtp_raw *raw, size_t i, mtp_role role,
                                 mtp_error *err)
{
    mtp_status status = check_finite(raw, i, role, err);
    double value = raw->column[role][i];

    if (!status && value <= 0.0) {
        status = impossible(err, i, role, value, why_not_positive(role));
    }
    return status;
}

static mtp_status check_whole(const mtp_effects_options *options, const mtp_raw *raw,
                              size_t i, mtp_role role, mtp_error *err)
{
    double value = raw->column[role][i];

    if (options->allow_fractional || floor(value) == value) {
        return MTP_OK;
    }
    return impossible(err, i, role, value,
                      "is not a whole number; 'allow-fractional' accepts such counts");
}

static mtp_status check_events(const mtp_effects_options *options, const mtp_raw *raw,
                               size_t i, mtp_error *err)
{
    mtp_status status = check_finite(raw, i, MTP_ROLE_EVENTS, err);
    double events = raw->column[MTP_ROLE_EVENTS][i];

    if (!status && events < 0.0) {
        status = impossible(err, i, MTP_ROLE_EVENTS, events,
                            "is negative; a number of events is 0 or more");
    }
    return status ? status : check_whole(options, raw, i, MTP_ROLE_EVENTS, err);
}

static mtp_status check_events_n(const mtp_effects_options *options, const mtp_raw *raw,
                                 size_t i, mtp_error *err)
{
    double events = raw->column[MTP_ROLE_EVENTS][i];
    double n = raw->column[MTP_ROLE_N][i];
    char n_text[MTP_NUMBER_TEXT], x_text[MTP_NUMBER_TEXT];
    mtp_status status = check_events(options, raw, i, err);

    if (!status) {
        status = check_positive(raw, i, MTP_ROLE_N, err);
    }
    if (!status) {
        status = check_whole(options, raw, i, MTP_ROLE_N, err);
    }
    if (!status && events > n) {
        mtp_number_format(events, x_text);
        mtp_number_format(n, n_text);
        status = mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_EVENTS),
                             "%s events are more than the %s patients", x_text, n_text);
    }
    return status;
}

static mtp_status check_events_time(const mtp_effects_options *options,
                                    const mtp_raw *raw, size_t i, mtp_error *err)
{
    mtp_status status = check_events(options, raw, i, err);

    return status ? status : check_positive(raw, i, MTP_ROLE_TIME, err);
}

static mtp_status outside_limits(mtp_error *err, size_t i, double y, double lower,
                                 double upper)
{
    char text[3][MTP_NUMBER_TEXT];

    mtp_number_format(y, text[0]);
    mtp_number_format(lower, text[1]);
    mtp_number_format(upper, text[2]);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_YI),
                       "%s lies outside its own limits, %s and %s", text[0], text[1],
                       text[2]);
}

static mtp_status check_limits(const mtp_raw *raw, size_t i, mtp_error *err)
{
    double y = raw->column[MTP_ROLE_YI][i];
    double lower = raw->column[MTP_ROLE_CI_LOWER][i];
    double upper = raw->column[MTP_ROLE_CI_UPPER][i];
    mtp_status status = check_finite(raw, i, MTP_ROLE_CI_LOWER, err);

    if (!status) {
        status = check_finite(raw, i, MTP_ROLE_CI_UPPER, err);
    }
    if (!status && !(lower < upper)) {
        status = impossible(err, i, MTP_ROLE_CI_LOWER, lower,
                            "is not below the upper limit");
    }
    if (!status && (y < lower || y > upper)) {
        status = outside_limits(err, i, y, lower, upper);
    }
    return status;
}

static mtp_status check_generic(const mtp_raw *raw, size_t i, mtp_error *err)
{
    mtp_status status = check_finite(raw, i, MTP_ROLE_YI, err);

    if (status) {
        return status;
    }
    if (raw->column[MTP_ROLE_VI]) {
        return check_positive(raw, i, MTP_ROLE_VI, err);
    }
    if (raw->column[MTP_ROLE_SEI]) {
        return check_positive(raw, i, MTP_ROLE_SEI, err);
    }
    return check_limits(raw, i, err);
}

mtp_status mtp_effects_check_rows(const mtp_effects_options *options,
                                  const mtp_raw *raw, mtp_error *err)
{
    mtp_input_kind input = mtp_measure_get(options->measure)->input;
    mtp_status status = MTP_OK;

    for (size_t i = 0; !status && i < raw->k; i++) {
        switch (input) {
        case MTP_INPUT_GENERIC:
            status = check_generic(raw, i, err);
            break;
        case MTP_INPUT_EVENTS_N:
            status = check_events_n(options, raw, i, err);
            break;
        case MTP_INPUT_EVENTS_TIME:
            status = check_events_time(options, raw, i, err);
            break;
        }
    }
    return status;
}
