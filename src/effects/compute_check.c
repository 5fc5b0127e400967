/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/compute_check.h"

#include "core/error.h"
#include "effects/derive.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A column, or columns from which it can be derived. */
static bool can_have(mtp_measure measure, const mtp_raw *raw, mtp_role role)
{
    for (int r = 0; r < MTP_ROLE_COUNT; r++) {
        if (raw->column[r] &&
            (r == (int)role || mtp_can_derive(measure, role, (mtp_role)r))) {
            return true;
        }
    }
    return false;
}

/* Limits beside a ratio are the ratio's, limits beside an effect the effect's. */
static mtp_status check_scale(const mtp_raw *raw, mtp_error *err)
{
    bool limits = raw->column[MTP_ROLE_CI_LOWER] || raw->column[MTP_ROLE_CI_UPPER];

    if (limits && raw->column[MTP_ROLE_YI] && raw->column[MTP_ROLE_ESTIMATE]) {
        return mtp_fail(err, MTP_E_ARG,
                        "'ci-lower' and 'ci-upper' cannot stand beside both 'estimate' "
                        "and 'yi': they are limits of the ratio where 'estimate' is "
                        "given, of its logarithm where 'yi' is; take logarithms of "
                        "one of them, ln(estimate), or leave one out");
    }
    return MTP_OK;
}

static mtp_status check_columns(const mtp_effects_options *options, const mtp_raw *raw,
                                mtp_error *err)
{
    const mtp_family *family = mtp_family_of(options->measure);
    mtp_status status = check_scale(raw, err);

    if (status) {
        return status;
    }
    if (family->ready && can_have(options->measure, raw, MTP_ROLE_YI) &&
        can_have(options->measure, raw, MTP_ROLE_VI)) {
        return MTP_OK;
    }
    for (size_t r = 0; r < family->n_roles; r++) {
        if (!can_have(options->measure, raw, family->role[r])) {
            return mtp_fail(err, MTP_E_ARG, "measure %s needs the column '%s'",
                            mtp_measure_get(options->measure)->code,
                            mtp_role_id(family->role[r]));
        }
    }
    return MTP_OK;
}

static mtp_status refuse_vtype(const mtp_measure_info *info, mtp_vtype vtype,
                               mtp_error *err)
{
    char has[64] = "LS";

    for (unsigned v = MTP_VTYPE_LS + 1; v < MTP_VTYPE_COUNT; v++) {
        size_t length = strlen(has);

        if (info->vtypes >> v & 1U) {
            (void)snprintf(has + length, sizeof has - length, ", %s",
                           mtp_vtype_id((mtp_vtype)v));
        }
    }
    return mtp_fail(err, MTP_E_ARG, "measure %s has no vtype %s; it has %s", info->code,
                    mtp_vtype_id(vtype), has);
}

mtp_status mtp_check_effects_options(const mtp_effects_options *options,
                                     const mtp_raw *raw, mtp_error *err)
{
    const mtp_measure_info *info = mtp_measure_get(options->measure);

    if (!info) {
        return mtp_fail(err, MTP_E_ARG, "unknown measure %d", (int)options->measure);
    }
    if (options->add < 0.0 || isinf(options->add)) {
        return mtp_fail(err, MTP_E_ARG, "'add' must be a finite number, 0 or more");
    }
    if (options->tacc && !mtp_family_of(options->measure)->arms) {
        return mtp_fail(err, MTP_E_ARG,
                        "measure %s has no treatment-arm correction: 'add' tacc needs "
                        "two separate groups",
                        info->code);
    }
    if ((unsigned)options->to > MTP_ADD_NONE) {
        return mtp_fail(err, MTP_E_ARG, "unknown rule %d for 'to'", (int)options->to);
    }
    if ((unsigned)options->vtype >= MTP_VTYPE_COUNT) {
        return mtp_fail(err, MTP_E_ARG, "unknown 'vtype' %d", (int)options->vtype);
    }
    if (options->vtype != MTP_VTYPE_LS && !(info->vtypes >> options->vtype & 1U)) {
        return refuse_vtype(info, options->vtype, err);
    }
    if (!options->correct && !info->bias_correction) {
        return mtp_fail(err, MTP_E_ARG,
                        "measure %s has no bias correction to leave out", info->code);
    }
    if (!options->correct && options->vtype == MTP_VTYPE_UB) {
        return mtp_fail(err, MTP_E_ARG,
                        "vtype UB is that of the effect with its bias corrected; it "
                        "does not go with 'correct' no");
    }
    if (!(options->input_level > 0.0 && options->input_level < 1.0)) {
        return mtp_fail(err, MTP_E_ARG,
                        "the level of the given limits must lie between 0 and 1");
    }
    return check_columns(options, raw, err);
}
