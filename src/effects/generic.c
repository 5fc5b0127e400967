/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "effects/generic.h"

#include "core/number.h"
#include "num/dist.h"

#include <math.h>

/* Beyond this part of the half-width, limits are called asymmetric. */
static const double ASYMMETRY = 0.1;

static void note_asymmetry(size_t i, double y, double lower, double upper,
                           mtp_note_list *notes)
{
    double half = 0.5 * (upper - lower);
    double off = 0.5 * lower + 0.5 * upper - y;
    char percent[MTP_NUMBER_TEXT];

    if (fabs(off) <= ASYMMETRY * half) {
        return;
    }
    mtp_number_fixed(100.0 * fabs(off) / half, 0, percent, sizeof percent);
    mtp_note_add(notes, MTP_NOTE_ASYMMETRIC_LIMITS, i + 1,
                 "study %zu: the middle of the limits is off the effect by %s%% of "
                 "their half-width; limits of a ratio are symmetric only as logarithms",
                 i + 1, percent);
}

static void from_limits(const mtp_raw *raw, double level, double vi[],
                        mtp_note_list *notes)
{
    const double *yi = raw->column[MTP_ROLE_YI];
    const double *lower = raw->column[MTP_ROLE_CI_LOWER];
    const double *upper = raw->column[MTP_ROLE_CI_UPPER];
    double z = mtp_normal_upper_quantile(mtp_tail_of_level(level));
    char percent[MTP_NUMBER_TEXT];

    mtp_number_significant(100.0 * level, 6, percent, sizeof percent);
    mtp_note_add(notes, MTP_NOTE_SE_FROM_LIMITS, 0,
                 "standard errors were taken from the given limits as "
                 "(upper - lower) / (2 z), normal limits of level %s%%",
                 percent);
    for (size_t i = 0; i < raw->k; i++) {
        double se = 0.5 * (upper[i] - lower[i]) / z;

        vi[i] = se * se;
        note_asymmetry(i, yi[i], lower[i], upper[i], notes);
    }
}

void mtp_effects_generic(const mtp_raw *raw, double level, double yi[], double vi[],
                         mtp_note_list *notes)
{
    const double *given_vi = raw->column[MTP_ROLE_VI];
    const double *sei = raw->column[MTP_ROLE_SEI];

    for (size_t i = 0; i < raw->k; i++) {
        yi[i] = raw->column[MTP_ROLE_YI][i];
    }
    if (!given_vi && !sei) {
        from_limits(raw, level, vi, notes);
        return;
    }
    for (size_t i = 0; i < raw->k; i++) {
        vi[i] = given_vi ? given_vi[i] : sei[i] * sei[i];
    }
}
