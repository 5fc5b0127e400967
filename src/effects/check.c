/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/check.h"

#include "core/error.h"
#include "core/number.h"

#include <math.h>

const char *mtp_role_id(mtp_role role)
{
    static const char *const id[MTP_ROLE_COUNT] = {
#define ROLE_ID(name, text, description) [MTP_ROLE_##name] = (text),
        MTP_ROLE_LIST(ROLE_ID)
#undef ROLE_ID
    };

    return id[role];
}

mtp_status mtp_impossible(const mtp_raw *raw, size_t i, mtp_role role, const char *why,
                          mtp_error *err)
{
    char text[MTP_NUMBER_TEXT];

    mtp_number_format(raw->column[role][i], text);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(role), "%s %s", text,
                       why);
}

mtp_status mtp_check_finite(const mtp_raw *raw, size_t i, mtp_role role, mtp_error *err)
{
    return isinf(raw->column[role][i])
               ? mtp_impossible(raw, i, role, "is not a finite number", err)
               : MTP_OK;
}

mtp_status mtp_check_positive(const mtp_raw *raw, size_t i, mtp_role role,
                              const char *why, mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, role, err);

    if (!status && raw->column[role][i] <= 0.0) {
        status = mtp_impossible(raw, i, role, why, err);
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
    return mtp_impossible(
        raw, i, role, "is not a whole number; --allow-fractional accepts such counts",
        err);
}

mtp_status mtp_check_count(const mtp_effects_options *options, const mtp_raw *raw,
                           size_t i, mtp_role role, mtp_error *err)
{
    mtp_status status = mtp_check_finite(raw, i, role, err);

    if (!status && raw->column[role][i] < 0.0) {
        status = mtp_impossible(raw, i, role,
                                "is negative; a number of events is 0 or more", err);
    }
    return status ? status : check_whole(options, raw, i, role, err);
}

mtp_status mtp_check_size(const mtp_effects_options *options, const mtp_raw *raw,
                          size_t i, mtp_role role, mtp_error *err)
{
    mtp_status status = mtp_check_positive(
        raw, i, role, "is not above 0; a study has at least one patient", err);

    return status ? status : check_whole(options, raw, i, role, err);
}

mtp_status mtp_check_events_of(const mtp_effects_options *options, const mtp_raw *raw,
                               size_t i, mtp_role events, mtp_role n, mtp_error *err)
{
    char n_text[MTP_NUMBER_TEXT], x_text[MTP_NUMBER_TEXT];
    mtp_status status = mtp_check_count(options, raw, i, events, err);

    if (!status) {
        status = mtp_check_size(options, raw, i, n, err);
    }
    if (!status && raw->column[events][i] > raw->column[n][i]) {
        mtp_number_format(raw->column[events][i], x_text);
        mtp_number_format(raw->column[n][i], n_text);
        status = mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(events),
                             "%s events are more than the %s patients", x_text, n_text);
    }
    return status;
}

mtp_status mtp_check_cells(const mtp_effects_options *options, const mtp_raw *raw,
                           size_t i, mtp_error *err)
{
    static const mtp_role cell[] = {MTP_ROLE_CELL_A, MTP_ROLE_CELL_B, MTP_ROLE_CELL_C,
                                    MTP_ROLE_CELL_D};
    mtp_status status = MTP_OK;

    for (size_t c = 0; !status && c < sizeof cell / sizeof cell[0]; c++) {
        if (raw->column[cell[c]] && !isnan(raw->column[cell[c]][i])) {
            status = mtp_check_count(options, raw, i, cell[c], err);
        }
    }
    return status;
}
