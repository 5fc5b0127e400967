/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/ledger.h"

#include "core/error.h"
#include "effects/columns.h"
#include "effects/derive.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

mtp_status mtp_exclude_row(mtp_binder *b, size_t row, const char *code,
                           const char *what, const char *why)
{
    bool grouped = b->by && b->by->text[row];
    mtp_excluded made = {.row = row + 1,
                         .line = mtp_table_line(b->table, row),
                         .study = b->study[row],
                         .code = code,
                         .reason = mtp_arena_printf(b->arena, "%s %s", what, why),
                         .group = grouped ? mtp_level_name(b->arena, b->by, row) : NULL,
                         .events = (double)NAN,
                         .n = (double)NAN,
                         .time = (double)NAN};

    if (!made.reason || (grouped && !made.group)) {
        return mtp_fail_nomem(b->err);
    }
    b->fate[row] = MTP_ROW_EXCLUDED;
    b->excluded[b->n_excluded++] = made;
    return MTP_OK;
}

/* What figures print of the study that was left out last. */
static mtp_status keep_raw(mtp_binder *b, const mtp_settings *s, const mtp_raw *raw,
                           size_t row)
{
    mtp_excluded *made = &b->excluded[b->n_excluded - 1];
    double *value = MTP_ARENA_ARRAY(b->arena, MTP_ROLE_COUNT, double);
    mtp_effects total = {.measure = s->measure, .k = 1};
    mtp_raw one;

    if (!value) {
        return mtp_fail_nomem(b->err);
    }
    mtp_derive_study(&s->effects, raw, row, value, &one);
    if (!mtp_total_columns(&one, b->arena, &total)) {
        return mtp_fail_nomem(b->err);
    }
    made->value = value;
    made->events = total.events ? total.events[0] : (double)NAN;
    made->n = total.n ? total.n[0] : (double)NAN;
    made->time = total.time ? total.time[0] : (double)NAN;
    return MTP_OK;
}

/* What row i lacks that would have made a value of a role: the expression of the role's
 * own column, or of one from which it is derived. */
static const char *missing_expression(const mtp_settings *s, const mtp_binding *out,
                                      mtp_role lacking, size_t i)
{
    const mtp_measure_info *measure = s->measure;

    for (unsigned role = 0; role < MTP_ROLE_COUNT && !s->column[lacking]; role++) {
        if (s->column[role] && isnan(out->column[role][i]) &&
            mtp_measure_reads(measure->measure, (mtp_role)role)) {
            return s->column[role];
        }
    }
    return s->column[lacking] ? s->column[lacking] : measure->code;
}

/* Exclude the rows whose values do not make an effect. */
mtp_status mtp_exclude_incomplete(mtp_binder *b, const mtp_settings *s,
                                  const mtp_binding *out)
{
    mtp_raw raw = {.size = sizeof raw, .k = b->rows};
    mtp_status status = MTP_OK;

    memcpy(raw.column, out->column, sizeof raw.column);
    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        mtp_role lacking;

        if (b->fate[i] == MTP_ROW_USED &&
            !mtp_effects_can_use(s->measure->measure, &raw, i, &lacking)) {
            status = mtp_exclude_row(
                b, i, "missing", missing_expression(s, out, lacking, i), "is missing");
        }
    }
    return status;
}

/* Exclude the rows that say nothing about the effect. */
mtp_status mtp_exclude_uninformative(mtp_binder *b, const mtp_settings *s,
                                     const mtp_binding *out)
{
    mtp_raw raw = {.size = sizeof raw, .k = b->rows};
    mtp_status status = MTP_OK;

    memcpy(raw.column, out->column, sizeof raw.column);
    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        const char *why;

        if (b->fate[i] == MTP_ROW_USED &&
            mtp_effects_is_uninformative(&s->effects, &raw, i, &why)) {
            const char *what = mtp_arena_printf(
                b->arena, "%s, which says nothing about %s;", why, s->measure->code);

            status = what ? mtp_exclude_row(b, i, "no_information", what,
                                            "--keep00 keeps the study")
                          : mtp_fail_nomem(b->err);
            status = status == MTP_OK ? keep_raw(b, s, &raw, i) : status;
        }
    }
    return status;
}

/* Exclude the rows without a value in a column. */
mtp_status mtp_exclude_without(mtp_binder *b, const double *column,
                               const char *expression)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        if (b->fate[i] == MTP_ROW_USED && isnan(column[i])) {
            status = mtp_exclude_row(b, i, "missing", expression, "is missing");
        }
    }
    return status;
}

mtp_status mtp_exclude_unlabelled(mtp_binder *b, const mtp_labels *names,
                                  const char *code, const char *expression)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        if (!names->text[i] && b->fate[i] == MTP_ROW_USED) {
            status = mtp_exclude_row(b, i, code, expression, "is missing");
        }
    }
    return status;
}

static int compare_excluded(const void *left, const void *right)
{
    const mtp_excluded *a = left, *b = right;

    return a->row < b->row ? -1 : a->row > b->row;
}

/* The file as it was given; of an absolute path only the name: reports hold no places
 * of one machine. */
static const char *source_name(const mtp_table *table)
{
    const char *source = mtp_table_source(table);

    return source[0] == '/' ? strrchr(source, '/') + 1 : source;
}

/* Say what became of the rows, and of the first that was left out. */
static mtp_status no_rows_left(const mtp_binder *b)
{
    char filtered[64] = "", excluded[96] = "";
    const char *reason = "";

    if (b->n_filtered > 0) {
        (void)snprintf(filtered, sizeof filtered, ", --where filtered %zu",
                       b->n_filtered);
    }
    if (b->n_excluded > 0) {
        const mtp_excluded *first = &b->excluded[0];

        (void)snprintf(excluded, sizeof excluded,
                       ", %zu are left out, the first %s %zu: ", b->n_excluded,
                       first->line ? "on line" : "in row",
                       first->line ? first->line : first->row);
        reason = b->excluded[0].reason;
    }
    return mtp_fail_at(b->err, MTP_E_DATA, mtp_table_source(b->table), 0, NULL,
                       "no rows are left: of %zu%s%s%s", b->rows, filtered, excluded,
                       reason);
}

/* Which rows are left; the ledger. */
mtp_status mtp_count_rows(mtp_binder *b, mtp_binding *out)
{
    size_t *row = MTP_ARENA_ARRAY(b->arena, b->rows, size_t);
    size_t k = 0;

    if (!row) {
        return mtp_fail_nomem(b->err);
    }
    for (size_t i = 0; i < b->rows; i++) {
        if (b->fate[i] == MTP_ROW_USED) {
            row[k++] = i;
        }
    }
    qsort(b->excluded, b->n_excluded, sizeof *b->excluded, compare_excluded);
    if (k == 0) {
        return no_rows_left(b);
    }
    out->k = k;
    out->row = row;
    out->ledger = (mtp_ledger){mtp_arena_strdup(b->arena, source_name(b->table)),
                               mtp_arena_strdup(b->arena, mtp_table_sha256(b->table)),
                               b->rows,
                               k,
                               b->n_filtered,
                               b->n_excluded,
                               b->excluded};
    return out->ledger.source && out->ledger.sha256 ? MTP_OK : mtp_fail_nomem(b->err);
}
