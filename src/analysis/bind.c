/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/bind.h"

#include "analysis/levels.h"
#include "core/error.h"
#include "core/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What becomes of a row. */
enum { ROW_USED, ROW_FILTERED, ROW_EXCLUDED };

/* The state of one binding: the table's rows, their fates, and where results go. */
typedef struct binder {
    const mtp_table *table;
    mtp_arena *arena;
    mtp_problems *problems;
    mtp_error *err;
    size_t rows;
    unsigned char *fate;    /* [rows] */
    const char **study;     /* [rows] mtp_labels */
    mtp_excluded *excluded; /* [rows] room */
    size_t n_excluded, n_filtered;
} binder;

static mtp_status exclude(binder *b, size_t row, const char *code, const char *what,
                          const char *why)
{
    char *reason = mtp_arena_printf(b->arena, "%s %s", what, why);

    if (!reason) {
        return mtp_fail_nomem(b->err);
    }
    b->fate[row] = ROW_EXCLUDED;
    b->excluded[b->n_excluded++] = (mtp_excluded){
        row + 1, mtp_table_line(b->table, row), b->study[row], code, reason};
    return MTP_OK;
}

/* Copy a column's cells as texts; numbers in their shortest form where none are kept.
 */
static mtp_status copy_texts(binder *b, const mtp_column *column, const char **text)
{
    for (size_t i = 0; i < b->rows; i++) {
        char number[MTP_NUMBER_TEXT];
        const char *cell = column->text ? column->text[i] : NULL;

        if (column->missing[i]) {
            text[i] = NULL;
            continue;
        }
        if (!cell) {
            mtp_number_format(column->number[i], number);
            cell = number;
        }
        text[i] = mtp_arena_strdup(b->arena, cell);
        if (!text[i]) {
            return mtp_fail_nomem(b->err);
        }
    }
    return MTP_OK;
}

/* Evaluate an expression into texts (and numbers, where it is a number column). */
static mtp_status bind_labels(binder *b, const char *expression, mtp_labels *out)
{
    mtp_values *values = NULL;
    const mtp_column *column;
    mtp_status status = mtp_table_evaluate(b->table, expression, &values, b->err);

    if (status != MTP_OK) {
        return status;
    }
    column = mtp_values_column(values);
    out->text = MTP_ARENA_ARRAY(b->arena, b->rows, const char *);
    out->number = NULL;
    status = out->text ? copy_texts(b, column, out->text) : mtp_fail_nomem(b->err);
    if (status == MTP_OK && column->type == MTP_NUMBER) {
        double *number = MTP_ARENA_ARRAY(b->arena, b->rows, double);

        if (number) {
            memcpy(number, column->number, b->rows * sizeof *number);
            out->number = number;
        } else {
            status = mtp_fail_nomem(b->err);
        }
    }
    mtp_values_free(values);
    return status;
}

static mtp_status bind_study(binder *b, const char *expression)
{
    mtp_labels names = {0};

    if (expression) {
        mtp_status status = bind_labels(b, expression, &names);

        if (status != MTP_OK) {
            return status;
        }
    }
    for (size_t i = 0; i < b->rows; i++) {
        b->study[i] = names.text && names.text[i]
                          ? names.text[i]
                          : mtp_arena_printf(b->arena, "Study %zu", i + 1);
        if (!b->study[i]) {
            return mtp_fail_nomem(b->err);
        }
    }
    return MTP_OK;
}

/* --where: false filters a row, NULL excludes it. */
static mtp_status apply_where(binder *b, const char *expression)
{
    mtp_values *values = NULL;
    const mtp_column *column;
    mtp_status status = mtp_table_evaluate(b->table, expression, &values, b->err);

    if (status != MTP_OK) {
        return status;
    }
    column = mtp_values_column(values);
    if (column->type != MTP_NUMBER) {
        status = mtp_fail(b->err, MTP_E_ARG,
                          "--where %s: gives text, not true or false; compare it with "
                          "something: \"%s = 'value'\"",
                          expression, expression);
    }
    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        if (column->missing[i]) {
            status = exclude(b, i, "where_missing", expression, "is missing");
        } else if (column->number[i] == 0.0) {
            b->fate[i] = ROW_FILTERED;
            b->n_filtered++;
        }
    }
    mtp_values_free(values);
    return status;
}

/* A number column; NaN where a value is missing. */
static mtp_status bind_numbers(binder *b, const char *expression, const double **out)
{
    mtp_values *values = NULL;
    double *number = MTP_ARENA_ARRAY(b->arena, b->rows, double);
    mtp_status status;

    if (!number) {
        return mtp_fail_nomem(b->err);
    }
    status = mtp_table_evaluate(b->table, expression, &values, b->err);
    if (status == MTP_OK) {
        status = mtp_table_require_numbers(b->table, mtp_values_column(values),
                                           b->problems, b->err);
    }
    if (status == MTP_OK) {
        memcpy(number, mtp_values_column(values)->number, b->rows * sizeof *number);
        *out = number;
    }
    mtp_values_free(values);
    return status;
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
static mtp_status exclude_incomplete(binder *b, const mtp_settings *s,
                                     const mtp_binding *out)
{
    mtp_raw raw = {.size = sizeof raw, .k = b->rows};
    mtp_status status = MTP_OK;

    memcpy(raw.column, out->column, sizeof raw.column);
    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        mtp_role lacking;

        if (b->fate[i] == ROW_USED &&
            !mtp_effects_can_use(s->measure->measure, &raw, i, &lacking)) {
            status = exclude(b, i, "missing", missing_expression(s, out, lacking, i),
                             "is missing");
        }
    }
    return status;
}

/* Exclude the rows that say nothing about the effect. */
static mtp_status exclude_uninformative(binder *b, const mtp_settings *s,
                                        const mtp_binding *out)
{
    mtp_raw raw = {.size = sizeof raw, .k = b->rows};
    mtp_status status = MTP_OK;

    memcpy(raw.column, out->column, sizeof raw.column);
    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        const char *why;

        if (b->fate[i] == ROW_USED &&
            mtp_effects_is_uninformative(&s->effects, &raw, i, &why)) {
            const char *what = mtp_arena_printf(
                b->arena, "%s, which says nothing about %s;", why, s->measure->code);

            status =
                what ? exclude(b, i, "no_information", what, "--keep00 keeps the study")
                     : mtp_fail_nomem(b->err);
        }
    }
    return status;
}

/* Exclude the rows without a value in a column. */
static mtp_status exclude_without(binder *b, const double *column,
                                  const char *expression)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        if (b->fate[i] == ROW_USED && isnan(column[i])) {
            status = exclude(b, i, "missing", expression, "is missing");
        }
    }
    return status;
}

static mtp_status exclude_unlabelled(binder *b, const mtp_labels *names,
                                     const char *code, const char *expression)
{
    mtp_status status = MTP_OK;

    for (size_t i = 0; status == MTP_OK && i < b->rows; i++) {
        if (!names->text[i] && b->fate[i] == ROW_USED) {
            status = exclude(b, i, code, expression, "is missing");
        }
    }
    return status;
}

/* The columns of the used rows, one after the other, as [k] arrays. */
static mtp_status gather(binder *b, size_t k, const size_t row[], const double **column)
{
    double *used;

    if (!*column) {
        return MTP_OK;
    }
    used = MTP_ARENA_ARRAY(b->arena, k, double);
    if (!used) {
        return mtp_fail_nomem(b->err);
    }
    for (size_t i = 0; i < k; i++) {
        used[i] = (*column)[row[i]];
    }
    *column = used;
    return MTP_OK;
}

static mtp_status gather_studies(binder *b, size_t k, const size_t row[],
                                 const char *const **study)
{
    const char **used = MTP_ARENA_ARRAY(b->arena, k, const char *);

    if (!used) {
        return mtp_fail_nomem(b->err);
    }
    for (size_t i = 0; i < k; i++) {
        used[i] = b->study[row[i]];
    }
    *study = used;
    return MTP_OK;
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
static mtp_status no_rows_left(const binder *b)
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
static mtp_status count_rows(binder *b, mtp_binding *out)
{
    size_t *row = MTP_ARENA_ARRAY(b->arena, b->rows, size_t);
    size_t k = 0;

    if (!row) {
        return mtp_fail_nomem(b->err);
    }
    for (size_t i = 0; i < b->rows; i++) {
        if (b->fate[i] == ROW_USED) {
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

static mtp_status bind_columns(binder *b, const mtp_settings *s, mtp_binding *out)
{
    mtp_status status = MTP_OK;

    for (unsigned role = 0; status == MTP_OK && role < MTP_ROLE_COUNT; role++) {
        if (s->column[role]) {
            status = bind_numbers(b, s->column[role], &out->column[role]);
        }
    }
    if (status == MTP_OK && s->measure) {
        status = exclude_incomplete(b, s, out);
    }
    if (status == MTP_OK && s->measure && !s->keep00) {
        status = exclude_uninformative(b, s, out);
    }
    if (status == MTP_OK && s->count) {
        status = bind_numbers(b, s->count, &out->count);
        status = status == MTP_OK ? exclude_without(b, out->count, s->count) : status;
    }
    if (status == MTP_OK && s->weights) {
        status = bind_numbers(b, s->weights, &out->weights);
        status =
            status == MTP_OK ? exclude_without(b, out->weights, s->weights) : status;
    }
    return status;
}

static mtp_status gather_all(binder *b, const mtp_labels *by,
                             const mtp_labels *category, mtp_binding *out)
{
    mtp_status status = count_rows(b, out);

    for (unsigned role = 0; status == MTP_OK && role < MTP_ROLE_COUNT; role++) {
        status = gather(b, out->k, out->row, &out->column[role]);
    }
    if (status == MTP_OK) {
        status = gather(b, out->k, out->row, &out->count);
    }
    if (status == MTP_OK) {
        status = gather(b, out->k, out->row, &out->weights);
    }
    if (status == MTP_OK) {
        status = gather_studies(b, out->k, out->row, &out->study);
    }
    if (status == MTP_OK && by->text) {
        status = mtp_make_levels(b->arena, by, out->k, out->row, &out->n_levels,
                                 &out->level, &out->level_name, b->err);
    }
    if (status == MTP_OK && category->text) {
        status =
            mtp_make_levels(b->arena, category, out->k, out->row, &out->n_categories,
                            &out->category, &out->category_name, b->err);
    }
    return status;
}

mtp_status mtp_bind(const mtp_table *table, const mtp_settings *settings,
                    mtp_arena *arena, mtp_binding *binding, mtp_problems *problems,
                    mtp_error *err)
{
    size_t rows = mtp_table_rows(table);
    binder b = {.table = table,
                .arena = arena,
                .problems = problems,
                .err = err,
                .rows = rows,
                .fate = mtp_arena_zalloc(arena, rows, 1),
                .study = MTP_ARENA_ARRAY(arena, rows, const char *),
                .excluded = MTP_ARENA_ARRAY(arena, rows, mtp_excluded)};
    mtp_labels by = {0}, category = {0};
    mtp_binding out = {0};
    mtp_status status;

    if (!b.fate || !b.study || !b.excluded) {
        return mtp_fail_nomem(err);
    }
    status = bind_study(&b, settings->study);
    if (status == MTP_OK && settings->where) {
        status = apply_where(&b, settings->where);
    }
    if (status == MTP_OK && settings->by) {
        status = bind_labels(&b, settings->by, &by);
    }
    if (status == MTP_OK && by.text) {
        status = exclude_unlabelled(&b, &by, "by_missing", settings->by);
    }
    if (status == MTP_OK && settings->category) {
        status = bind_labels(&b, settings->category, &category);
    }
    if (status == MTP_OK && category.text) {
        status =
            exclude_unlabelled(&b, &category, "category_missing", settings->category);
    }
    if (status == MTP_OK) {
        status = bind_columns(&b, settings, &out);
    }
    if (status == MTP_OK) {
        status = gather_all(&b, &by, &category, &out);
    }
    if (status == MTP_OK) {
        *binding = out;
    }
    return status;
}
