/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The value of a tree, with a running bound of its rounding error: each operation adds
 * an ulp and passes on what its operands bring, to first order. */
#include "core/number.h"
#include "explain/expr.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double ULP = DBL_EPSILON;
static const double LONG = 1e22;               /* from here on with an exponent */
static const double WHOLE = 2.0 / DBL_EPSILON; /* from here on all are whole */

static mtp_quantity *add_quantity(mtp_scope *scope, const char *name)
{
    if (scope->n == scope->capacity) {
        size_t capacity = 2 * scope->capacity + 64;
        mtp_quantity *item = MTP_ARENA_ARRAY(scope->arena, capacity, mtp_quantity);

        if (!item) {
            scope->failed = true;
            return NULL;
        }
        if (scope->n > 0) {
            memcpy(item, scope->item, scope->n * sizeof *item);
        }
        scope->item = item;
        scope->capacity = capacity;
    }
    scope->item[scope->n] = (mtp_quantity){.name = name};
    return &scope->item[scope->n++];
}

void mtp_scope_set(mtp_scope *scope, const char *name, mtp_figure figure)
{
    mtp_quantity *q = add_quantity(scope, name);

    if (q) {
        q->figure = figure;
    }
}

void mtp_scope_set_column(mtp_scope *scope, const char *name, const double column[],
                          const double error[])
{
    mtp_quantity *q = add_quantity(scope, name);

    if (q) {
        q->column = column;
        q->error = error;
    }
}

mtp_quantity *mtp_scope_find(const mtp_scope *scope, const char *name)
{
    for (size_t i = scope->n; i > 0; i--) {
        if (strcmp(scope->item[i - 1].name, name) == 0) {
            return &scope->item[i - 1];
        }
    }
    return NULL;
}

void mtp_figure_text(double value, int digits, char *text, size_t size)
{
    char full[MTP_NUMBER_TEXT];
    size_t count = 0;

    value += 0.0; /* no minus before 0 */
    if (!isfinite(value)) {
        mtp_number_format(value, full);
        mtp_number_significant(value, digits, text, size);
        return;
    }
    if (value == rint(value) && fabs(value) < 1e15) {
        mtp_number_fixed(value, 0, text, size);
        return;
    }
    mtp_number_format(value, full);
    for (const char *at = full + strspn(full, "-0."); *at && *at != 'e'; at++) {
        count += *at != '.';
    }
    if (count <= (size_t)digits) {
        digits = 17;
    }
    if (digits == 17) {
        memcpy(text, full, strlen(full) + 1);
    } else {
        mtp_number_significant(value, digits, text, size);
    }
}

void mtp_figure_fixed(double value, int decimals, char *text, size_t size)
{
    char full[MTP_NUMBER_TEXT];
    const char *point;

    value += 0.0; /* no minus before 0 */
    if (isfinite(value) && fabs(value) >= WHOLE) {
        if (fabs(value) < LONG) {
            mtp_number_fixed(value, 0, text, size);
        } else {
            mtp_number_format(value, text);
        }
        return;
    }
    mtp_number_format(value, full);
    point = strchr(full, '.');
    if (!isfinite(value) ||
        (!strchr(full, 'e') && (point ? strlen(point + 1) : 0) <= (size_t)decimals)) {
        memcpy(text, full, strlen(full) + 1);
    } else {
        mtp_number_fixed(value, decimals, text, size);
    }
}

static double read_back(const char *text, double value)
{
    double shown = value;

    return mtp_number_parse(text, strlen(text), &shown) == MTP_NUMBER_OK ? shown
                                                                         : value;
}

static double rounded(double value, int digits)
{
    char text[MTP_NUMBER_TEXT];

    if (digits == MTP_EXACT || !isfinite(value)) {
        return value;
    }
    mtp_figure_text(value, digits, text, sizeof text);
    return read_back(text, value);
}

static double rounded_fixed(double value, int decimals)
{
    char text[400];

    mtp_figure_fixed(value, decimals, text, sizeof text);
    return read_back(text, value);
}

static mtp_figure symbol_value(const char *name, const mtp_scope *scope, size_t i,
                               int digits)
{
    const mtp_quantity *q = mtp_scope_find(scope, name);
    mtp_figure f = {(double)NAN, 0.0};

    if (!q) {
        return f;
    }
    if (q->column) {
        f.value = q->column[i];
        f.error = q->error ? q->error[i] : ULP * fabs(f.value);
        f.value = digits == MTP_AS_SHOWN ? rounded_fixed(f.value, q->digits)
                                         : rounded(f.value, digits);
        return f;
    }
    f = q->figure;
    f.value = rounded(f.value, digits == MTP_AS_SHOWN ? q->digits : digits);
    return f;
}

/* What an error of each argument does, by moving it there. */
static mtp_figure call_value(const mtp_expr *e, const mtp_scope *scope, size_t i,
                             int digits)
{
    double x[MTP_EXPR_PARTS] = {0.0}, error[MTP_EXPR_PARTS] = {0.0};
    mtp_figure f;

    for (size_t j = 0; j < e->n; j++) {
        mtp_figure part = mtp_expr_value(e->part[j], scope, i, digits);

        x[j] = part.value;
        error[j] = part.error;
    }
    f.value = mtp_expr_call(e->function, x);
    f.error = 8.0 * ULP * fabs(f.value);
    for (size_t j = 0; j < e->n; j++) {
        double kept = x[j], up, down;

        x[j] = kept + error[j];
        up = fabs(mtp_expr_call(e->function, x) - f.value);
        x[j] = kept - error[j];
        down = fabs(mtp_expr_call(e->function, x) - f.value);
        x[j] = kept;
        f.error += up >= down || isnan(down) ? up : down;
    }
    return f;
}

/* A table that is made of the sum takes it in full, whatever is shown of its terms. */
static mtp_figure sum_value(const mtp_expr *e, const mtp_scope *scope, size_t begin,
                            size_t end, int digits)
{
    mtp_figure sum = {0.0, 0.0};

    for (size_t i = begin; i < end; i++) {
        mtp_figure term = mtp_expr_value(e->part[0], scope, i, MTP_EXACT);

        sum.value += term.value;
        sum.error += term.error + ULP * fabs(sum.value);
    }
    /* what cancels but for rounding is 0 */
    sum.value = fabs(sum.value) <= sum.error ? 0.0 : sum.value;
    sum.value = digits == MTP_AS_SHOWN ? sum.value : rounded(sum.value, digits);
    return sum;
}

static mtp_figure power_value(mtp_figure a, mtp_figure b)
{
    mtp_figure f = {pow(a.value, b.value), 0.0};

    f.error = 4.0 * ULP * fabs(f.value);
    f.error +=
        fabs(pow(fabs(a.value) + a.error, b.value) - pow(fabs(a.value), b.value));
    if (b.error > 0.0 && a.value > 0.0) {
        f.error += fabs(f.value * log(a.value)) * b.error;
    }
    return f;
}

static mtp_figure binary_value(mtp_expr_kind kind, mtp_figure a, mtp_figure b)
{
    mtp_figure f = {0.0, 0.0};

    switch (kind) {
    case MTP_EXPR_ADD:
        f = (mtp_figure){a.value + b.value, a.error + b.error};
        break;
    case MTP_EXPR_SUBTRACT:
        f = (mtp_figure){a.value - b.value, a.error + b.error};
        break;
    case MTP_EXPR_MULTIPLY:
        f.value = a.value * b.value;
        f.error = fabs(a.value) * b.error + fabs(b.value) * a.error;
        break;
    case MTP_EXPR_DIVIDE:
        f.value = a.value / b.value;
        f.error = (a.error + fabs(f.value) * b.error) / fabs(b.value);
        break;
    default:
        return power_value(a, b);
    }
    f.error += ULP * fabs(f.value);
    return f;
}

mtp_figure mtp_expr_value(const mtp_expr *e, const mtp_scope *scope, size_t i,
                          int digits)
{
    mtp_figure f;

    switch (e->kind) {
    case MTP_EXPR_NUMBER:
        return (mtp_figure){e->number, 0.0};
    case MTP_EXPR_SYMBOL:
        return symbol_value(e->text, scope, i, digits);
    case MTP_EXPR_SUM:
        return sum_value(e, scope, 0, scope->k, digits);
    case MTP_EXPR_MEMBERS:
        return sum_value(e, scope, scope->start[i], scope->start[i + 1], digits);
    case MTP_EXPR_CALL:
        return call_value(e, scope, i, digits);
    case MTP_EXPR_NEGATE:
        f = mtp_expr_value(e->part[0], scope, i, digits);
        return (mtp_figure){-f.value, f.error};
    default:
        return binary_value(e->kind, mtp_expr_value(e->part[0], scope, i, digits),
                            mtp_expr_value(e->part[1], scope, i, digits));
    }
}
