/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The measure registry: the families and their rows. */
#include "core/ascii.h"
#include "effects/derive.h"
#include "effects/family.h"

/* In the order of MTP_MEASURE_LIST. */
static const mtp_family *const families[] = {
    &mtp_family_generic,
    &mtp_family_ready,
    &mtp_family_proportion,
    &mtp_family_rate,
    &mtp_family_two_counts,
    &mtp_family_paired_cells,
    &mtp_family_paired_margins,
    &mtp_family_two_rates,
    &mtp_family_oe,
    &mtp_family_one_mean,
    &mtp_family_one_sd,
    &mtp_family_two_means,
    &mtp_family_two_sds,
    &mtp_family_standardized,
    &mtp_family_standardized_by_sd2,
    &mtp_family_converted,
    &mtp_family_superiority,
    &mtp_family_superiority_normal,
    &mtp_family_change,
    &mtp_family_change_difference,
    &mtp_family_change_by_first,
    &mtp_family_change_spread,
    &mtp_family_correlation,
    &mtp_family_partial,
    &mtp_family_semipartial,
    &mtp_family_determination,
    &mtp_family_reliability,
};

enum { N_FAMILIES = sizeof families / sizeof families[0] };

const mtp_family *mtp_family_of(mtp_measure measure)
{
    size_t f = 0, first = 0;

    while (f + 1 < N_FAMILIES && (size_t)measure >= first + families[f]->n_measures) {
        first += families[f++]->n_measures;
    }
    return families[f];
}

const mtp_measure_info *mtp_measure_get(mtp_measure measure)
{
    const mtp_family *family;

    if ((unsigned)measure >= MTP_MEASURE_COUNT) {
        return NULL;
    }
    family = mtp_family_of(measure);
    return &family->measure[measure - family->measure[0].measure];
}

const mtp_measure_info *mtp_measure_from_code(const char *code)
{
    for (int m = 0; code && m < MTP_MEASURE_COUNT; m++) {
        const mtp_measure_info *info = mtp_measure_get((mtp_measure)m);

        if (mtp_ascii_same(code, info->code)) {
            return info;
        }
    }
    return NULL;
}

bool mtp_family_reads(const mtp_family *family, mtp_role role)
{
    for (size_t r = 0; r < family->n_roles; r++) {
        if (family->role[r] == role) {
            return true;
        }
    }
    return family->ready && (role == MTP_ROLE_YI || role == MTP_ROLE_VI);
}

bool mtp_measure_reads(mtp_measure measure, mtp_role role)
{
    const mtp_family *family = mtp_family_of(measure);
    bool reads[MTP_ROLE_COUNT];

    for (int r = 0; r < MTP_ROLE_COUNT; r++) {
        reads[r] = mtp_family_reads(family, (mtp_role)r);
    }
    mtp_derive_close(measure, reads);
    return reads[role];
}

static bool has_all(mtp_measure measure, const mtp_raw *raw, size_t i, size_t n,
                    const mtp_role role[], mtp_role *lacking)
{
    for (size_t r = 0; r < n; r++) {
        if (!mtp_has_value(measure, raw, i, role[r])) {
            *lacking = role[r];
            return false;
        }
    }
    return true;
}

bool mtp_effects_can_use(mtp_measure measure, const mtp_raw *raw, size_t i,
                         mtp_role *lacking)
{
    static const mtp_role ready[] = {MTP_ROLE_YI, MTP_ROLE_VI};
    const mtp_family *family = mtp_family_of(measure);
    mtp_role other;

    return has_all(measure, raw, i, family->n_roles, family->role, lacking) ||
           (family->ready && has_all(measure, raw, i, 2, ready, &other));
}

static const struct {
    const char *id, *label;
} vtypes[] = {
#define VTYPE_ROW(name, id, label) {id, label},
    MTP_VTYPE_LIST(VTYPE_ROW)
#undef VTYPE_ROW
};

const char *mtp_vtype_id(mtp_vtype vtype)
{
    return vtypes[vtype].id;
}

const char *mtp_vtype_label(mtp_vtype vtype)
{
    return vtypes[vtype].label;
}
