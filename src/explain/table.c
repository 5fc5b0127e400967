/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a worked solution: a row for each study, sums below. */
#include "core/number.h"
#include "explain/solution.h"
#include "text/display.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MAX = 80, LABEL_WIDTH = 24, PLACES_MAX = 40, CELL = 400, PASSES = 400 };

typedef struct table {
    mtp_solution *s;
    size_t n, k;
    const mtp_solution_column *column;
    const mtp_expr *formula[COLUMNS_MAX]; /* NULL: given */
    double *value[COLUMNS_MAX], *error[COLUMNS_MAX];
    mtp_quantity *shown[COLUMNS_MAX]; /* of the scope; its digits are decimals */
    int decimals[COLUMNS_MAX];
    size_t turn; /* of choosing digits */
    double total[COLUMNS_MAX];
} table;

static double largest(const double x[], size_t k)
{
    double most = 0.0;

    for (size_t i = 0; i < k; i++) {
        most = isfinite(x[i]) && fabs(x[i]) > most ? fabs(x[i]) : most;
    }
    return most;
}

/* Decimals with which the largest has the digits asked for. */
static int first_decimals(const table *t, size_t c)
{
    double most = largest(t->value[c], t->k);
    double places = most > 0.0 ? t->s->digits - 1 - floor(log10(most)) : 0.0;

    return places < 0.0 ? 0 : places > PLACES_MAX ? PLACES_MAX : (int)places;
}

/* The column's values; false where one is not what the analysis has. */
static bool evaluate(table *t, size_t c)
{
    const mtp_solution_column *column = &t->column[c];
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
            f.error = 1.2e-16 * fabs(f.value);
        }
        if (column->values) {
            f.value = column->values[i];
        }
        t->value[c][i] = f.value;
        t->error[c][i] = f.error;
        t->total[c] += f.value;
    }
    /* What cancels but for rounding is 0. */
    if (fabs(t->total[c]) < 1e-10 * largest(t->value[c], t->k)) {
        t->total[c] = 0.0;
    }
    return good;
}

static bool prepare(table *t)
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
static void show_symbols(table *t)
{
    for (size_t c = 0; c < t->n; c++) {
        t->shown[c] =
            t->column[c].name ? mtp_scope_find(&t->s->scope, t->column[c].name) : NULL;
        if (t->shown[c]) {
            t->shown[c]->digits = t->decimals[c];
        }
    }
}

static void start_scalars(table *t, const mtp_expr *e)
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

static void sharpen_quantity(table *t, mtp_quantity *q)
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
static void sharpen(table *t, const mtp_expr *e)
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
    char text[CELL];
    double shown = value;

    if (!isfinite(value)) {
        return isfinite(computed) == isfinite(value);
    }
    mtp_figure_fixed(value, decimals, text, sizeof text);
    (void)mtp_number_parse(text, strlen(text), &shown);
    return mtp_solution_within(computed, value, shown,
                               0.5 * pow(10.0, -decimals) + 1e-15 * fabs(value));
}

static bool formula_holds(const table *t, size_t c)
{
    for (size_t i = 0; t->formula[c] && i < t->k; i++) {
        mtp_figure f = mtp_expr_value(t->formula[c], &t->s->scope, i, MTP_AS_SHOWN);

        if (!same_decimals(f.value, t->value[c][i], t->decimals[c])) {
            return false;
        }
    }
    return true;
}

static bool total_holds(const table *t, size_t c)
{
    double sum = 0.0;

    for (size_t i = 0; t->column[c].total && i < t->k; i++) {
        char text[CELL];
        double shown = t->value[c][i];

        mtp_figure_fixed(t->value[c][i], t->decimals[c], text, sizeof text);
        (void)mtp_number_parse(text, strlen(text), &shown);
        sum += shown;
    }
    return !t->column[c].total ||
           mtp_solution_same_digits(sum, t->total[c], t->s->digits) ||
           (t->total[c] == 0.0 &&
            fabs(sum) <= (double)t->k * pow(10.0, -t->decimals[c]));
}

/* Digits are added where the shown numbers do not give the shown results, from the last
 * column to the first, until they do. */
static void choose_digits(table *t)
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

/* Scalars of the formulas, each once. */
static void write_scalars(table *t, const mtp_expr *e, const char *seen[], size_t *n)
{
    mtp_quantity *q =
        e->kind == MTP_EXPR_SYMBOL ? mtp_scope_find(&t->s->scope, e->text) : NULL;

    for (size_t i = 0; q && i < *n; i++) {
        q = strcmp(seen[i], e->text) == 0 ? NULL : q;
    }
    if (q && !q->column && *n < COLUMNS_MAX) {
        char text[MTP_NUMBER_TEXT];
        mtp_solution *s = t->s;
        bool html = s->format == MTP_FORMAT_HTML,
             latex = s->format == MTP_FORMAT_MARKDOWN;
        const mtp_expr_look look = {mtp_solution_notation(s), NULL, 0, 0};

        mtp_figure_text(q->figure.value, q->digits, text, sizeof text);
        mtp_strbuf_add(s->out, *n > 0 ? ", " : "");
        mtp_strbuf_add(s->out, html ? "<math>" : latex ? "$" : "");
        mtp_expr_write(s->out, e, &look);
        mtp_strbuf_add(s->out, html ? "<mo>=</mo>" : " = ");
        mtp_expr_write_number(s->out, text, look.notation);
        mtp_strbuf_add(s->out, html ? "</math>" : latex ? "$" : "");
        seen[(*n)++] = e->text;
    }
    for (size_t i = 0; i < e->n; i++) {
        write_scalars(t, e->part[i], seen, n);
    }
}

static bool has_scalars(const table *t, const mtp_expr *e)
{
    mtp_quantity *q =
        e->kind == MTP_EXPR_SYMBOL ? mtp_scope_find(&t->s->scope, e->text) : NULL;
    bool has = q && !q->column;

    for (size_t i = 0; i < e->n; i++) {
        has = has_scalars(t, e->part[i]) || has;
    }
    return has;
}

static void introduce(table *t)
{
    const char *seen[COLUMNS_MAX];
    size_t n = 0;
    bool any = false;

    for (size_t c = 0; c < t->n; c++) {
        any = any || (t->formula[c] && has_scalars(t, t->formula[c]));
    }
    if (!any) {
        return;
    }
    mtp_strbuf_add(t->s->out, t->s->format == MTP_FORMAT_HTML ? "<p>With " : "With ");
    for (size_t c = 0; c < t->n; c++) {
        if (t->formula[c]) {
            write_scalars(t, t->formula[c], seen, &n);
        }
    }
    mtp_strbuf_add(t->s->out, t->s->format == MTP_FORMAT_HTML ? ":</p>\n" : ":\n\n");
}

/* "w_i = 1 / v_i", or the one of both that there is. */
static void write_head(const table *t, size_t c, mtp_strbuf *out)
{
    const mtp_expr_look look = {mtp_solution_notation(t->s), NULL, 0, 0};
    const mtp_solution_column *column = &t->column[c];
    const mtp_expr *name =
        column->name ? mtp_expr_parse(t->s->arena, column->name) : NULL;

    if (name) {
        mtp_expr_write(out, name, &look);
    }
    if (name && t->formula[c] && !column->brief) {
        mtp_strbuf_add(out,
                       look.notation == MTP_NOTATION_MATHML ? "<mo>=</mo>" : " = ");
    }
    if (t->formula[c] && !column->brief) {
        mtp_expr_write(out, t->formula[c], &look);
    }
}

static void cell_text(const table *t, size_t row, size_t c, char text[CELL])
{
    if (row == t->k && t->column[c].total) {
        mtp_figure_text(t->total[c], t->s->digits, text, CELL);
    } else if (row == t->k) {
        text[0] = '\0';
    } else {
        mtp_figure_fixed(t->value[c][row], t->decimals[c], text, CELL);
    }
}

static bool has_total(const table *t)
{
    bool has = false;

    for (size_t c = 0; c < t->n; c++) {
        has = has || t->column[c].total;
    }
    return has;
}

static const char *row_name(const table *t)
{
    return t->s->row_name ? t->s->row_name : "study";
}

static void write_row_text(table *t, size_t row, const size_t width[])
{
    mtp_strbuf *out = t->s->out;
    mtp_strbuf label;

    mtp_strbuf_init(&label);
    mtp_display_cut(&label, row < t->k ? t->s->label[row] : "sum", LABEL_WIDTH);
    if (label.failed) {
        out->failed = true;
        return;
    }
    mtp_strbuf_add(out, label.text ? label.text : "");
    mtp_strbuf_add_repeated(
        out, ' ', width[t->n] - mtp_display_width(label.text ? label.text : ""));
    for (size_t c = 0; c < t->n; c++) {
        char text[CELL];

        cell_text(t, row, c, text);
        mtp_strbuf_add_repeated(out, ' ', 2 + width[c] - strlen(text));
        mtp_strbuf_add(out, text);
    }
    mtp_strbuf_add_char(out, '\n');
    mtp_strbuf_free(&label);
}

static void write_text(table *t, size_t rows)
{
    size_t width[COLUMNS_MAX + 1] = {0}, total = 0;
    const char *name = row_name(t);
    mtp_strbuf *out = t->s->out;

    for (size_t row = 0; row < rows; row++) {
        size_t w = mtp_display_width(row < t->k ? t->s->label[row] : "sum");

        w = w > LABEL_WIDTH ? LABEL_WIDTH : w;
        width[t->n] = w > width[t->n] ? w : width[t->n];
    }
    width[t->n] = width[t->n] < strlen(name) ? strlen(name) : width[t->n];
    mtp_strbuf_add(out, name);
    mtp_strbuf_add_repeated(out, ' ', width[t->n] - strlen(name));
    total = width[t->n];
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf head;

        mtp_strbuf_init(&head);
        write_head(t, c, &head);
        width[c] = head.length;
        for (size_t row = 0; row < rows; row++) {
            char text[CELL];

            cell_text(t, row, c, text);
            width[c] = strlen(text) > width[c] ? strlen(text) : width[c];
        }
        mtp_strbuf_add_repeated(out, ' ', 2 + width[c] - head.length);
        mtp_strbuf_add(out, head.failed || !head.text ? "" : head.text);
        out->failed = out->failed || head.failed;
        total += 2 + width[c];
        mtp_strbuf_free(&head);
    }
    mtp_strbuf_add_char(out, '\n');
    mtp_strbuf_add_repeated(out, '-', total);
    mtp_strbuf_add_char(out, '\n');
    for (size_t row = 0; row < rows && !out->failed; row++) {
        if (row == t->k) {
            mtp_strbuf_add_repeated(out, '-', total);
            mtp_strbuf_add_char(out, '\n');
        }
        write_row_text(t, row, width);
    }
}

static void write_markdown(table *t, size_t rows)
{
    mtp_strbuf *out = t->s->out;

    mtp_strbuf_printf(out, "| %s", row_name(t));
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, " | $");
        write_head(t, c, out);
        mtp_strbuf_add_char(out, '$');
    }
    mtp_strbuf_add(out, " |\n| :-- ");
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, "| --: ");
    }
    mtp_strbuf_add(out, "|\n");
    for (size_t row = 0; row < rows; row++) {
        mtp_strbuf_add(out, "| ");
        mtp_solution_escape(t->s, row < t->k ? t->s->label[row] : "sum");
        for (size_t c = 0; c < t->n; c++) {
            char text[CELL];

            cell_text(t, row, c, text);
            mtp_strbuf_printf(out, " | %s", text);
        }
        mtp_strbuf_add(out, " |\n");
    }
}

static void write_html(table *t, size_t rows)
{
    mtp_strbuf *out = t->s->out;

    mtp_strbuf_printf(out,
                      "<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead>\n<tr>"
                      "<th scope=\"col\">%s</th>",
                      row_name(t));
    for (size_t c = 0; c < t->n; c++) {
        mtp_strbuf_add(out, "<th scope=\"col\" class=\"n\"><math>");
        write_head(t, c, out);
        mtp_strbuf_add(out, "</math></th>");
    }
    mtp_strbuf_add(out, "</tr>\n</thead>\n<tbody>\n");
    for (size_t row = 0; row < rows; row++) {
        mtp_strbuf_add(out, "<tr><th scope=\"row\"><bdi>");
        mtp_solution_escape(t->s, row < t->k ? t->s->label[row] : "sum");
        mtp_strbuf_add(out, "</bdi></th>");
        for (size_t c = 0; c < t->n; c++) {
            char text[CELL];

            cell_text(t, row, c, text);
            mtp_strbuf_printf(out, "<td class=\"n\">%s</td>", text);
        }
        mtp_strbuf_add(out, "</tr>\n");
    }
    mtp_strbuf_add(out, "</tbody>\n</table>\n</div>\n");
}

void mtp_solution_table(mtp_solution *s, size_t n, const mtp_solution_column column[])
{
    table t = {.s = s, .n = n, .k = s->scope.k, .column = column};
    size_t rows;

    if (!prepare(&t)) {
        return;
    }
    choose_digits(&t);
    rows = t.k + has_total(&t);
    s->after_line = false;
    mtp_strbuf_add(s->out, s->any ? "\n" : "");
    s->any = true;
    introduce(&t);
    if (s->format == MTP_FORMAT_TEXT) {
        write_text(&t, rows);
    } else if (s->format == MTP_FORMAT_MARKDOWN) {
        write_markdown(&t, rows);
    } else {
        write_html(&t, rows);
    }
}
