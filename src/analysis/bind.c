/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/bind.h"

#include "analysis/ledger.h"
#include "analysis/levels.h"
#include "core/error.h"
#include "core/number.h"

#include <string.h>

/* Copy a column's cells as texts; numbers in their shortest form where none are kept.
 */
static mtp_status copy_texts(mtp_binder *b, const mtp_column *column, const char **text)
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

mtp_status mtp_bind_labels(mtp_binder *b, const char *expression, mtp_labels *out)
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

static mtp_status bind_study(mtp_binder *b, const char *expression)
{
    mtp_labels names = {0};

    if (expression) {
        mtp_status status = mtp_bind_labels(b, expression, &names);

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
static mtp_status apply_where(mtp_binder *b, const char *expression)
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
            status = mtp_exclude_row(b, i, "where_missing", expression, "is missing");
        } else if (column->number[i] == 0.0) {
            b->fate[i] = MTP_ROW_FILTERED;
            b->n_filtered++;
        }
    }
    mtp_values_free(values);
    return status;
}

/* A number column; NaN where a value is missing. */
static mtp_status bind_numbers(mtp_binder *b, const char *expression,
                               const double **out)
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

/* The columns of the used rows, one after the other, as [k] arrays. */
static mtp_status gather(mtp_binder *b, size_t k, const size_t row[],
                         const double **column)
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

static mtp_status gather_studies(mtp_binder *b, size_t k, const size_t row[],
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

static mtp_status bind_columns(mtp_binder *b, const mtp_settings *s, mtp_binding *out)
{
    mtp_status status = MTP_OK;

    for (unsigned role = 0; status == MTP_OK && role < MTP_ROLE_COUNT; role++) {
        if (s->column[role]) {
            status = bind_numbers(b, s->column[role], &out->column[role]);
        }
    }
    if (status == MTP_OK && s->measure) {
        status = mtp_exclude_incomplete(b, s, out);
    }
    if (status == MTP_OK && s->measure && !s->keep00) {
        status = mtp_exclude_uninformative(b, s, out);
    }
    if (status == MTP_OK && s->count) {
        status = bind_numbers(b, s->count, &out->count);
        status =
            status == MTP_OK ? mtp_exclude_without(b, out->count, s->count) : status;
    }
    if (status == MTP_OK && s->weights) {
        status = bind_numbers(b, s->weights, &out->weights);
        status = status == MTP_OK ? mtp_exclude_without(b, out->weights, s->weights)
                                  : status;
    }
    return status;
}

/* What is evaluated before it is known which rows are used. */
typedef struct evaluated {
    mtp_labels by, cluster, category, order;
    mtp_labels *mods, *scale; /* of each variable of the formula */
    mtp_labels nested[MTP_LEVELS_MAX];
} evaluated;

static mtp_status bind_formula(mtp_binder *b, const mtp_formula *formula,
                               mtp_labels **labels)
{
    if (!formula) {
        return MTP_OK;
    }
    *labels = MTP_ARENA_ARRAY(b->arena, formula->n_variables, mtp_labels);
    return *labels ? mtp_bind_moderators(b, formula, *labels) : mtp_fail_nomem(b->err);
}

static mtp_status gather_formulas(mtp_binder *b, const mtp_settings *s,
                                  const evaluated *e, mtp_binding *out)
{
    mtp_status status = MTP_OK;

    if (s->mods) {
        status =
            mtp_gather_moderators(b, s->mods, e->mods, out->k, out->row, &out->mods);
    }
    if (status == MTP_OK && s->scale) {
        status =
            mtp_gather_moderators(b, s->scale, e->scale, out->k, out->row, &out->scale);
    }
    return status;
}

static mtp_status gather_all(mtp_binder *b, const evaluated *e, mtp_binding *out)
{
    mtp_status status = mtp_count_rows(b, out);

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
    if (status == MTP_OK && e->by.text) {
        status = mtp_make_levels(b->arena, &e->by, out->k, out->row, &out->n_levels,
                                 &out->level, &out->level_name, b->err);
    }
    if (status == MTP_OK && e->cluster.text) {
        status =
            mtp_make_levels(b->arena, &e->cluster, out->k, out->row, &out->n_clusters,
                            &out->cluster, &out->cluster_name, b->err);
    }
    if (status == MTP_OK && e->order.text) {
        status = mtp_make_levels(b->arena, &e->order, out->k, out->row, &out->n_steps,
                                 &out->step, &out->step_name, b->err);
    }
    if (status == MTP_OK && e->category.text) {
        status = mtp_make_levels(b->arena, &e->category, out->k, out->row,
                                 &out->n_categories, &out->category,
                                 &out->category_name, b->err);
    }
    return status;
}

/* The texts of the used rows, then those of the excluded ones. */
static const char **gather_texts(mtp_binder *b, const mtp_labels *all,
                                 const mtp_binding *out)
{
    const mtp_ledger *ledger = &out->ledger;
    const char **text =
        MTP_ARENA_ARRAY(b->arena, out->k + ledger->n_excluded, const char *);

    for (size_t i = 0; text && i < out->k; i++) {
        text[i] = all->text[out->row[i]];
    }
    for (size_t i = 0; text && i < ledger->n_excluded; i++) {
        text[out->k + i] = all->text[ledger->excluded[i].row - 1];
    }
    return text;
}

/* What figures print of rows; a missing value is no reason to leave one out. */
static mtp_status bind_texts(mtp_binder *b, const mtp_settings *s, mtp_binding *out)
{
    mtp_labels *used = MTP_ARENA_ARRAY(b->arena, s->n_texts + 1, mtp_labels);

    for (size_t t = 0; used && t < s->n_texts; t++) {
        mtp_labels all = {0};
        mtp_status status = mtp_bind_labels(b, s->text[t], &all);

        if (status != MTP_OK) {
            return status;
        }
        used[t].text = gather_texts(b, &all, out);
        used[t].number = all.number;
        if (!used[t].text || gather(b, out->k, out->row, &used[t].number) != MTP_OK) {
            return mtp_fail_nomem(b->err);
        }
    }
    out->text = used;
    return used ? MTP_OK : mtp_fail_nomem(b->err);
}

mtp_status mtp_bind(const mtp_table *table, const mtp_settings *settings,
                    mtp_arena *arena, mtp_binding *binding, mtp_problems *problems,
                    mtp_error *err)
{
    size_t rows = mtp_table_rows(table);
    mtp_binder b = {.table = table,
                    .arena = arena,
                    .problems = problems,
                    .err = err,
                    .rows = rows,
                    .fate = mtp_arena_zalloc(arena, rows, 1),
                    .study = MTP_ARENA_ARRAY(arena, rows, const char *),
                    .excluded = MTP_ARENA_ARRAY(arena, rows, mtp_excluded)};
    evaluated e = {0};
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
        status = mtp_bind_labels(&b, settings->by, &e.by);
    }
    if (status == MTP_OK && e.by.text) {
        b.by = &e.by;
        status = mtp_exclude_unlabelled(&b, &e.by, "by_missing", settings->by);
    }
    if (status == MTP_OK && settings->cluster) {
        status = mtp_bind_labels(&b, settings->cluster, &e.cluster);
    }
    if (status == MTP_OK && e.cluster.text) {
        status = mtp_exclude_unlabelled(&b, &e.cluster, "cluster_missing",
                                        settings->cluster);
    }
    if (status == MTP_OK && settings->sensitivity.order) {
        status = mtp_bind_labels(&b, settings->sensitivity.order, &e.order);
    }
    if (status == MTP_OK && e.order.text) {
        status = mtp_exclude_unlabelled(&b, &e.order, "order_missing",
                                        settings->sensitivity.order);
    }
    if (status == MTP_OK) {
        status = mtp_bind_nested(&b, settings, e.nested);
    }
    if (status == MTP_OK && settings->category) {
        status = mtp_bind_labels(&b, settings->category, &e.category);
    }
    if (status == MTP_OK && e.category.text) {
        status = mtp_exclude_unlabelled(&b, &e.category, "category_missing",
                                        settings->category);
    }
    if (status == MTP_OK) {
        status = bind_columns(&b, settings, &out);
    }
    if (status == MTP_OK) {
        status = bind_formula(&b, settings->mods, &e.mods);
    }
    if (status == MTP_OK) {
        status = bind_formula(&b, settings->scale, &e.scale);
    }
    if (status == MTP_OK) {
        status = gather_all(&b, &e, &out);
    }
    if (status == MTP_OK) {
        status = gather_formulas(&b, settings, &e, &out);
    }
    if (status == MTP_OK && settings->n_nested > 0) {
        status = mtp_gather_nested(&b, settings, e.nested, &out);
    }
    if (status == MTP_OK) {
        status = bind_texts(&b, settings, &out);
    }
    if (status == MTP_OK) {
        *binding = out;
    }
    return status;
}
