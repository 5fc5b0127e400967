/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a worked solution: a row for each study, sums below. */
#include "explain/table.h"

#include "core/number.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { PLACES_MAX = 40, PASSES = 400 };

static double largest(const double x[], size_t k)
{
    double most = 0.0;

    for (size_t i = 0; i < k; i++) {
        most = isfinite(x[i]) && fabs(x[i]) > most ? fabs(x[i]) : most;
    }
    return most;
}

/* Decimals with which the largest has the digits asked for. */
static int first_decimals(const mtp_table_work *t, size_t c)
{
    double most = largest(t->value[c], t->k);
    double places = most > 0.0 ? t->s->digits - 1 - floor(log10(most)) : 0.0;

    return places < 0.0 ? 0 : places > PLACES_MAX ? PLACES_MAX : (int)places;
}

/* The column's values; false where one is not what the analysis has. */
static bool evaluate(mtp_table_work *t, size_t c)
{
    const mtp_solution_column *column = &t->column[c];
    double rounding = 0.0;
    bool good = true;

    for (size_t i = 0; i < t->k; i++) {
        mtp_figure f = {0.0, 0.0};

        if (t->formula[c]) {
            f = mtp_expr_value(t->formula[c], &t->s->scope, i, MTP_EXACT);
            if (column->values && good) {
                good = mtp_solution_agrees(
                    t->s, column->name ? column->name : column->formula, f,
                    column->values[i]);
            }
        } else {
            f.value = column->values[i];
            f.error = column->error ? column->error[i] : 1.2e-16 * fabs(f.value);
        }
        if (column->values) {
            f.value = column->values[i];
        }
        t->value[c][i] = f.value;
        t->error[c][i] = f.error;
        t->total[c] += f.value;
        rounding += f.error + DBL_EPSILON * fabs(t->total[c]);
    }
    /* What cancels but for rounding is 0, as it is to formulas that take the sum. */
    if (fabs(t->total[c]) < 1e-10 * largest(t->value[c], t->k) ||
        (t->formula[c] && fabs(t->total[c]) <= rounding)) {
        t->total[c] = 0.0;
    }
    return good;
}

static bool prepare(mtp_table_work *t)
{
    bool good = true;

    for (size_t c = 0; c < t->n; c++) {
        const mtp_solution_column *column = &t->column[c];

        t->value[c] = MTP_ARENA_ARRAY(t->s->arena, t->k + 1, double);
        t->error[c] = MTP_ARENA_ARRAY(t->s->arena, t->k + 1, double);
        t->formula[c] =
            column->formula ? mtp_expr_parse(t->s->arena, column->formula) : NULL;
        if (!t->value[c] || !t->error[c] || (column->formula && !t->formula[c]) ||
            (!column->formula && !column->values)) {
            t->s->failed = true;
            return false;
        }
        good = evaluate(t, c) && good;
        if (column->name) {
            mtp_scope_set_column(&t->s->scope, column->name, t->value[c], t->error[c]);
        }
        t->decimals[c] = first_decimals(t, c);
    }
    return good && !t->s->scope.failed;
}

/* The quantity of a symbol as the table knows it, with its digits set. */
static void show_symbols(mtp_table_work *t)
{
    for (size_t c = 0; c < t->n; c++) {
        t->shown[c] =
            t->column[c].name ? mtp_scope_find(&t->s->scope, t->column[c].name) : NULL;
        if (t->shown[c]) {
            t->shown[c]->digits = t->decimals[c];
        }
    }
}

static void start_scalars(mtp_table_work *t, const mtp_expr *e)
{
    if (e->kind == MTP_EXPR_SYMBOL) {
        mtp_quantity *q = mtp_scope_find(&t->s->scope, e->text);

        if (q && !q->column) {
            q->digits = t->s->digits;
        }
    }
    for (size_t i = 0; i < e->n; i++) {
        start_scalars(t, e->part[i]);
    }
}

static void sharpen_quantity(mtp_table_work *t, mtp_quantity *q)
{
    int most = q->column ? PLACES_MAX : 17;

    if (q->turn == t->turn || q->digits >= most) {
        return;
    }
    q->turn = t->turn;
    q->digits++;
    for (size_t c = 0; c < t->n; c++) {
        if (t->shown[c] == q) {
            t->decimals[c] = q->digits;
        }
    }
}

/* One digit more for every number that enters a formula, each once a turn. */
static void sharpen(mtp_table_work *t, const mtp_expr *e)
{
    mtp_quantity *q =
        e->kind == MTP_EXPR_SYMBOL ? mtp_scope_find(&t->s->scope, e->text) : NULL;

    if (q) {
        sharpen_quantity(t, q);
    }
    for (size_t i = 0; i < e->n; i++) {
        sharpen(t, e->part[i]);
    }
}

/* A number with so many decimals agrees with one that is computed to half a unit. */
static bool same_decimals(double computed, double value, int decimals)
{
    char text[MTP_TABLE_CELL];
    double shown = value;

    if (!isfinite(value)) {
        return isfinite(computed) == isfinite(value);
    }
    mtp_figure_fixed(value, decimals, text, sizeof text);
    (void)mtp_number_parse(text, strlen(text), &shown);
    return mtp_solution_within(computed, value, shown,
                               0.5 * pow(10.0, -decimals) + 1e-15 * fabs(value));
}

static bool formula_holds(const mtp_table_work *t, size_t c)
{
    for (size_t i = 0; t->formula[c] && i < t->k; i++) {
        mtp_figure f = mtp_expr_value(t->formula[c], &t->s->scope, i, MTP_AS_SHOWN);

        if (!same_decimals(f.value, t->value[c][i], t->decimals[c])) {
            return false;
        }
    }
    return true;
}

/* Whether the cells of some rows give their sum. */
static bool sum_holds(const mtp_table_work *t, size_t c, size_t begin, size_t end,
                      double total)
{
    double sum = 0.0;

    for (size_t i = begin; i < end; i++) {
        char text[MTP_TABLE_CELL];
        double shown = t->value[c][i];

        mtp_figure_fixed(t->value[c][i], t->decimals[c], text, sizeof text);
        (void)mtp_number_parse(text, strlen(text), &shown);
        sum += shown;
    }
    return mtp_solution_same_digits(sum, total, t->s->digits) ||
           (total == 0.0 &&
            fabs(sum) <= (double)(end - begin) * pow(10.0, -t->decimals[c]));
}

double mtp_table_subtotal(const mtp_table_work *t, size_t c, size_t group)
{
    size_t begin = t->s->scope.start[group], end = t->s->scope.start[group + 1];
    double sum = 0.0, rounding = 0.0;

    for (size_t i = begin; i < end; i++) {
        sum += t->value[c][i];
        rounding += t->error[c][i] + DBL_EPSILON * fabs(sum);
    }
    return fabs(sum) <= rounding ||
                   fabs(sum) < 1e-10 * largest(t->value[c] + begin, end - begin)
               ? 0.0
               : sum;
}

static bool total_holds(const mtp_table_work *t, size_t c)
{
    const size_t *start = t->s->scope.start;
    bool holds = !t->column[c].total || sum_holds(t, c, 0, t->k, t->total[c]);

    for (size_t g = 0; holds && t->column[c].subtotal && g < t->s->scope.groups; g++) {
        holds = start[g + 1] - start[g] < 2 ||
                sum_holds(t, c, start[g], start[g + 1], mtp_table_subtotal(t, c, g));
    }
    return holds;
}

/* Digits are added where the shown numbers do not give the shown results, from the last
 * column to the first, until they do. */
static void choose_digits(mtp_table_work *t)
{
    bool changed = true;

    for (size_t c = 0; c < t->n; c++) {
        if (t->formula[c]) {
            start_scalars(t, t->formula[c]);
        }
    }
    show_symbols(t);
    for (int pass = 0; changed && pass < PASSES; pass++) {
        changed = false;
        for (size_t c = t->n; c > 0; c--) {
            if (!total_holds(t, c - 1) && t->decimals[c - 1] < PLACES_MAX) {
                t->decimals[c - 1]++;
                changed = true;
            }
            if (t->shown[c - 1]) {
                t->shown[c - 1]->digits = t->decimals[c - 1];
            }
            if (t->formula[c - 1] && !formula_holds(t, c - 1)) {
                t->turn++;
                sharpen(t, t->formula[c - 1]);
                changed = true;
            }
        }
    }
}

void mtp_solution_table(mtp_solution *s, size_t n, const mtp_solution_column column[])
{
    mtp_table_work t = {.s = s, .n = n, .k = s->scope.k, .column = column};

    if (!prepare(&t) || s->muted) {
        return;
    }
    choose_digits(&t);
    mtp_table_write(&t);
}

const char **mtp_solution_numbers(mtp_solution *s, size_t n)
{
    const char **label = MTP_ARENA_ARRAY(s->arena, n, const char *);

    for (size_t j = 0; label && j < n; j++) {
        label[j] = mtp_arena_printf(s->arena, "%zu", j + 1);
        s->failed = s->failed || !label[j];
    }
    s->failed = s->failed || !label;
    return label;
}
