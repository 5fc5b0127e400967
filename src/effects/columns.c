/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The raw data of a measure as columns, and what adds up over groups and studies. */
#include "effects/columns.h"

#include "effects/family.h"

const mtp_role *mtp_measure_columns(mtp_measure measure, size_t *n)
{
    const mtp_family *family = mtp_family_of(measure);

    *n = family->role[0] == MTP_ROLE_YI ? 0 : family->n_roles;
    return family->role;
}

bool mtp_role_is_tally(mtp_role role)
{
    switch (role) {
    case MTP_ROLE_EVENTS:
    case MTP_ROLE_EVENTS1:
    case MTP_ROLE_EVENTS2:
    case MTP_ROLE_N:
    case MTP_ROLE_N1:
    case MTP_ROLE_N2:
    case MTP_ROLE_CELL_A:
    case MTP_ROLE_CELL_B:
    case MTP_ROLE_CELL_C:
    case MTP_ROLE_CELL_D:
        return true;
    default:
        return false;
    }
}

bool mtp_role_adds_up(mtp_role role)
{
    return mtp_role_is_tally(role) || role == MTP_ROLE_TIME || role == MTP_ROLE_TIME1 ||
           role == MTP_ROLE_TIME2 || role == MTP_ROLE_OE || role == MTP_ROLE_VAR;
}

/* The sum of columns, study by study; NULL without memory. */
static const double *add_columns(const mtp_raw *raw, size_t n, const mtp_role role[],
                                 mtp_arena *arena)
{
    double *sum = MTP_ARENA_ARRAY(arena, raw->k, double);

    for (size_t i = 0; sum && i < raw->k; i++) {
        sum[i] = 0.0;
        for (size_t r = 0; r < n; r++) {
            sum[i] += raw->column[role[r]][i];
        }
    }
    return sum;
}

/* The column of one group, or those of two groups added; *column stays NULL where the
 * measure has neither. */
static bool total(const mtp_raw *raw, const mtp_family *family, const mtp_role role[3],
                  mtp_arena *arena, const double **column)
{
    if (mtp_family_reads(family, role[0])) {
        *column = raw->column[role[0]];
    } else if (mtp_family_reads(family, role[1]) && raw->column[role[1]] &&
               raw->column[role[2]]) {
        *column = add_columns(raw, 2, role + 1, arena);
        return *column != NULL;
    }
    return true;
}

bool mtp_total_columns(const mtp_raw *raw, mtp_arena *arena, mtp_effects *effects)
{
    static const mtp_role events[] = {MTP_ROLE_EVENTS, MTP_ROLE_EVENTS1,
                                      MTP_ROLE_EVENTS2};
    static const mtp_role n[] = {MTP_ROLE_N, MTP_ROLE_N1, MTP_ROLE_N2};
    static const mtp_role time[] = {MTP_ROLE_TIME, MTP_ROLE_TIME1, MTP_ROLE_TIME2};
    static const mtp_role cells[] = {MTP_ROLE_CELL_A, MTP_ROLE_CELL_B, MTP_ROLE_CELL_C,
                                     MTP_ROLE_CELL_D};
    const mtp_family *family = mtp_family_of(effects->measure->measure);

    switch (effects->measure->input) {
    case MTP_INPUT_PAIRED_CELLS: /* the same pairs in both groups: counted once */
        effects->n =
            raw->column[MTP_ROLE_CELL_A] ? add_columns(raw, 4, cells, arena) : NULL;
        return effects->n || !raw->column[MTP_ROLE_CELL_A];
    case MTP_INPUT_PAIRED_MARGINS:
        effects->n = raw->column[MTP_ROLE_N1];
        return true;
    default:
        return total(raw, family, events, arena, &effects->events) &&
               total(raw, family, n, arena, &effects->n) &&
               total(raw, family, time, arena, &effects->time);
    }
}

const char *mtp_role_key(mtp_role role, char buffer[MTP_ROLE_KEY])
{
    const char *id = mtp_role_id(role);
    size_t i = 0;

    for (; id[i] && i + 1 < MTP_ROLE_KEY; i++) {
        buffer[i] = id[i];
        if (id[i] == '-') {
            buffer[i] = '_';
        }
    }
    buffer[i] = '\0';
    return buffer;
}
