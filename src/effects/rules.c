/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How values that papers print make those that formulas need. */
#include "core/error.h"
#include "core/number.h"
#include "effects/check.h"
#include "effects/derive.h"
#include "num/dist.h"

#include <math.h>

/* Beyond this part of the half-width, limits are called asymmetric. */
static const double ASYMMETRY = 0.1;

static mtp_status outside_limits(const mtp_raw *raw, size_t i, mtp_error *err)
{
    char text[3][MTP_NUMBER_TEXT];

    mtp_number_format(raw->column[MTP_ROLE_YI][i], text[0]);
    mtp_number_format(raw->column[MTP_ROLE_CI_LOWER][i], text[1]);
    mtp_number_format(raw->column[MTP_ROLE_CI_UPPER][i], text[2]);
    return mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_YI),
                       "%s lies outside its own limits, %s and %s", text[0], text[1],
                       text[2]);
}

static mtp_status check_limits(const mtp_raw *raw, size_t i, mtp_error *err)
{
    double lower = raw->column[MTP_ROLE_CI_LOWER][i];
    double upper = raw->column[MTP_ROLE_CI_UPPER][i];
    mtp_status status = mtp_check_finite(raw, i, MTP_ROLE_CI_LOWER, err);

    if (!status) {
        status = mtp_check_finite(raw, i, MTP_ROLE_CI_UPPER, err);
    }
    if (!status && !(lower < upper)) {
        status = mtp_impossible(raw, i, MTP_ROLE_CI_LOWER,
                                "is not below the upper limit", err);
    }
    if (!status && raw->column[MTP_ROLE_YI] &&
        (raw->column[MTP_ROLE_YI][i] < lower || raw->column[MTP_ROLE_YI][i] > upper)) {
        status = outside_limits(raw, i, err);
    }
    return status;
}

/* sei = (upper - lower) / (2 z), normal limits of the given level. */
static double sei_of_limits(const mtp_effects_options *options, const mtp_raw *raw,
                            size_t i)
{
    double z = mtp_normal_upper_quantile(mtp_tail_of_level(options->input_level));

    return 0.5 *
           (raw->column[MTP_ROLE_CI_UPPER][i] - raw->column[MTP_ROLE_CI_LOWER][i]) / z;
}

static void doubt_limits(const mtp_raw *raw, size_t i, mtp_note_list *notes)
{
    double lower = raw->column[MTP_ROLE_CI_LOWER][i];
    double upper = raw->column[MTP_ROLE_CI_UPPER][i];
    double half = 0.5 * (upper - lower), off;
    char percent[MTP_NUMBER_TEXT];

    if (!raw->column[MTP_ROLE_YI]) {
        return;
    }
    off = 0.5 * lower + 0.5 * upper - raw->column[MTP_ROLE_YI][i];
    if (fabs(off) <= ASYMMETRY * half) {
        return;
    }
    mtp_number_fixed(100.0 * fabs(off) / half, 0, percent, sizeof percent);
    mtp_note_add(notes, MTP_NOTE_ASYMMETRIC_LIMITS, i + 1,
                 "study %zu: the middle of the limits is off the effect by %s%% of "
                 "their half-width; limits of a ratio are symmetric only as logarithms",
                 i + 1, percent);
}

static mtp_status check_sei(const mtp_raw *raw, size_t i, mtp_error *err)
{
    double sei = raw->column[MTP_ROLE_SEI][i];
    mtp_status status = mtp_check_positive(
        raw, i, MTP_ROLE_SEI, "is not above 0; a standard error is positive", err);

    if (!status && !(sei * sei > 0.0 && isfinite(sei * sei))) {
        status =
            mtp_fail_at(err, MTP_E_DATA, NULL, i + 1, mtp_role_id(MTP_ROLE_SEI),
                        "the squared standard error is beyond the range of a double");
    }
    return status;
}

static double vi_of_sei(const mtp_effects_options *options, const mtp_raw *raw,
                        size_t i)
{
    double sei = raw->column[MTP_ROLE_SEI][i];

    (void)options;
    return sei * sei;
}

const mtp_rule *mtp_rules(size_t *n)
{
    static const mtp_rule rules[] = {
        {.target = MTP_ROLE_SEI,
         .n_sources = 2,
         .source = {MTP_ROLE_CI_LOWER, MTP_ROLE_CI_UPPER},
         .check = check_limits,
         .value = sei_of_limits,
         .doubt = doubt_limits,
         .text = "standard errors were taken from the given limits as "
                 "(upper - lower) / (2 z)",
         .note = MTP_NOTE_SE_FROM_LIMITS,
         .level = true},
        {.target = MTP_ROLE_VI,
         .n_sources = 1,
         .source = {MTP_ROLE_SEI},
         .check = check_sei,
         .value = vi_of_sei},
    };

    *n = sizeof rules / sizeof rules[0];
    return rules;
}
